"""New random names: ids of things, sign-ins and invitations."""

import re
import secrets
from typing import TypeGuard

ID_PATTERN = r"^[0-9a-f]{32}\Z"
_match_id = re.compile(ID_PATTERN).match


def is_id(value: object) -> TypeGuard[str]:
    """Whether `value` is an id: what is none is never asked of the database."""
    return type(value) is str and _match_id(value) is not None


def new_id(now_ms: int) -> str:
    """A UUIDv7 (RFC 9562) as 32 hex digits for `now_ms`, milliseconds since 1970."""
    random_bits = secrets.randbits(74)
    return (
        f"{now_ms & 0xFFFFFFFFFFFF:012x}"
        f"7{random_bits >> 62:03x}"
        f"{0x8000000000000000 | (random_bits & 0x3FFFFFFFFFFFFFFF):016x}"
    )


def new_secret_name() -> str:
    """256 random bits as base64url: who knows it has it."""
    return secrets.token_urlsafe(32)
