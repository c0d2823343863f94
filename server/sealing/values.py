"""Keys and the values sealed with them.

A sealed value is `base64url(1 ‖ key_id ‖ nonce ‖ ciphertext)`, bound by its associated data to
team, table, row, column, stamp and author: moved anywhere else it does not open.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box_seed_keypair,
)
from nacl.exceptions import CryptoError

from server.sealing.derivations import KEY_BYTES, NONCE_BYTES, Seed, kdf
from server.sealing.encoding import check_shape, from_base64url, pad_json, to_base64url, unpad_json
from server.sealing.problems import KeyProblem, Refusal
from sync.operation import sealed_key_id

_HEAD = 25  # version byte and key id


@dataclass(frozen=True)
class SealingKey:
    """A symmetric key and its id: the owner's 16 bytes and 8 random ones, 48 hex digits."""

    id: str
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_shape(self.id, "key_id")
        if len(self.key) != KEY_BYTES:
            raise KeyProblem(Refusal.MALFORMED)

    @classmethod
    def new(cls, owner: str) -> Self:
        """A fresh key for a team or a case."""
        return cls(new_key_id(owner), secrets.token_bytes(KEY_BYTES))

    @property
    def owner(self) -> str:
        """The id of the case, team or user whose key this is."""
        return self.id[:32]


class CaseKey(SealingKey):
    """Seals everything about one person."""


class TeamKey(SealingKey):
    """One epoch of a team: opens case keys."""

    @property
    def letter_box(self) -> tuple[bytes, bytes]:
        """X25519 (public, secret): a pAp drops sealed orders into the public half."""
        return crypto_box_seed_keypair(kdf(self.key, 1, b"zzletter"))


class Place(NamedTuple):
    """Where a value lives: what its seal is bound to. `stamp` is the claimed one."""

    team: str
    table: str
    row: str
    column: str
    stamp: str
    author: str


def new_key_id(owner: str) -> str:
    """An id for a new key of a team or a case."""
    return check_shape(owner, "id") + secrets.token_hex(8)


def own_key(seed: Seed, user: str) -> SealingKey:
    """A person's own key. Its id ends in her signing key's first bytes: a new seed shows."""
    return SealingKey(user + seed.sign_public[:8].hex(), seed.own_key)


def seal_value(value: Any, place: Place, key: SealingKey, nonce: bytes | None = None) -> str:
    """Seal a JSON value in its place. ValueError when it is too large for any batch."""
    nonce = nonce or secrets.token_bytes(NONCE_BYTES)
    text = crypto_aead_xchacha20poly1305_ietf_encrypt(
        pad_json(value), _associated(place, key.id), nonce, key.key
    )
    return to_base64url(b"\x01" + bytes.fromhex(key.id) + nonce + text)


def open_value(sealed: str, place: Place, keys: SealingKey | Mapping[str, SealingKey]) -> Any:
    """Open a sealed value in its place, with a key or the right one of a ring {key id: key}.

    Raises KeyProblem `malformed`, `key_unknown` (the row waits) or `unreadable` (moved, forged).
    """
    try:
        key_id = sealed_key_id(sealed)
    except ValueError:
        raise KeyProblem(Refusal.MALFORMED) from None
    ring = {keys.id: keys} if isinstance(keys, SealingKey) else keys
    if key_id not in ring:
        raise KeyProblem(Refusal.KEY_UNKNOWN)
    data = from_base64url(sealed)
    nonce, text = data[_HEAD : _HEAD + NONCE_BYTES], data[_HEAD + NONCE_BYTES :]
    try:
        padded = crypto_aead_xchacha20poly1305_ietf_decrypt(
            text, _associated(place, key_id), nonce, ring[key_id].key
        )
        return unpad_json(padded)
    except (CryptoError, ValueError):
        raise KeyProblem(Refusal.UNREADABLE) from None


def _associated(place: Place, key_id: str) -> bytes:
    team, table, row, column, stamp, author = place
    return f"zz1|{team}|{table}|{row}|{column}|{key_id}|{stamp}|{author}".encode()
