"""Bytes as text and back: base64url without padding, hex ids, padded JSON.

Everything here is strict: one value has exactly one spelling, so that what was signed or used
as associated data cannot be written in another way.
"""

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from server.sealing.problems import KeyProblem, Refusal
from sync.operation import padded_length

_BASE64URL = re.compile(r"[A-Za-z0-9_-]*").fullmatch
_PATTERNS = {
    "id": re.compile(r"[0-9a-f]{32}").fullmatch,
    "key_id": re.compile(r"[0-9a-f]{48}").fullmatch,
    "instant": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII).fullmatch,
}


def to_base64url(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: object, length: int | None = None) -> bytes:
    """The bytes of a base64url text without padding, `length` of them if given.

    Raises KeyProblem(malformed) for anything else, left-over bits included.
    """
    if not isinstance(text, str) or not _BASE64URL(text):
        raise KeyProblem(Refusal.MALFORMED)
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise KeyProblem(Refusal.MALFORMED) from None
    if to_base64url(data) != text or length not in (None, len(data)):
        raise KeyProblem(Refusal.MALFORMED)
    return data


def check_object(value: object) -> None:
    """Raise KeyProblem(malformed) unless JSON gave an object."""
    if not isinstance(value, Mapping):
        raise KeyProblem(Refusal.MALFORMED)


def check_shape(value: object, shape: str) -> str:
    """`value` when it is an `id`, a `key_id` or an `instant`; else KeyProblem(malformed)."""
    if not isinstance(value, str) or not _PATTERNS[shape](value):
        raise KeyProblem(Refusal.MALFORMED)
    return value


def pad_json(value: Any) -> bytes:
    """A JSON value as UTF-8, padded by ISO 7816-4 to 64, 256, 1,024 … bytes.

    Object keys keep their order. ValueError when it is too large or not JSON (NaN, half a
    surrogate pair). Write whole numbers as int: 1.0 is spelled differently in the browser.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    data = text.encode()
    return (data + b"\x80").ljust(padded_length(len(data)), b"\x00")


def unpad_json(padded: bytes) -> Any:
    """The JSON value of padded bytes. ValueError when padding, UTF-8 or JSON is broken."""
    data = padded.rstrip(b"\x00")
    if not data.endswith(b"\x80") or padded_length(len(data) - 1) != len(padded):
        raise ValueError("padding")
    return json.loads(data[:-1].decode())


def base64url_length(size: int) -> int:
    """How many characters `size` bytes are as base64url without padding."""
    return (size * 8 + 5) // 6
