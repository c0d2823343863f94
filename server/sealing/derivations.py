"""From a password to keys: Argon2id, the keys derived from it, and what a seed stands for.

The derivations of PROTOCOL.md. `kdf` is libsodium's crypto_kdf_derive_from_key, which is
BLAKE2b with the subkey's number as salt and the context as personalisation.
"""

import secrets
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

import nacl.pwhash.argon2id
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box_seed_keypair,
    crypto_sign_seed_keypair,
)
from nacl.exceptions import CryptoError

from server.sealing.encoding import from_base64url, to_base64url
from server.sealing.passwords import canonical_password
from server.sealing.problems import KeyProblem, Refusal

KEY_BYTES = 32
NONCE_BYTES = 24
SALT_BYTES = 16
OPSLIMIT = 3
MEMLIMIT = 64 * 1024 * 1024
MAX_OPSLIMIT = 10
MAX_MEMLIMIT = 512 * 1024 * 1024


@dataclass(frozen=True)
class Seed:
    """A user's 32 secret bytes: her X25519 pair, her Ed25519 pair and her own key."""

    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "Seed":
        return cls(secrets.token_bytes(KEY_BYTES))

    @cached_property
    def _box(self) -> tuple[bytes, bytes]:
        return crypto_box_seed_keypair(kdf(self.secret, 1, b"zzbox___"))

    @cached_property
    def _sign(self) -> tuple[bytes, bytes]:
        return crypto_sign_seed_keypair(kdf(self.secret, 2, b"zzsign__"))

    @property
    def box_public(self) -> bytes:
        """X25519: others close envelopes for it."""
        return self._box[0]

    @property
    def box_secret(self) -> bytes:
        return self._box[1]

    @property
    def sign_public(self) -> bytes:
        """Ed25519: others pin it."""
        return self._sign[0]

    @property
    def sign_secret(self) -> bytes:
        """64 bytes, libsodium's form."""
        return self._sign[1]

    @property
    def own_key(self) -> bytes:
        """Seals the drafts on this person's phones."""
        return kdf(self.secret, 3, b"zzown___")


@dataclass(frozen=True)
class Account:
    """A new account: the person's seed, and what the server gets to keep (all as on the wire)."""

    seed: Seed = field(repr=False)
    wire: dict[str, str | int] = field(repr=False)


def kdf(key: bytes, subkey: int, context: bytes) -> bytes:
    """libsodium's crypto_kdf_derive_from_key: 32 bytes."""
    return blake2b(
        b"", digest_size=KEY_BYTES, key=key, salt=subkey.to_bytes(16, "little"), person=context
    ).digest()


def derive_master(password: str, salt: bytes, opslimit: int, memlimit: int) -> bytes:
    """Argon2id13 of the password. `memlimit` in bytes; takes some 0.3 s.

    Raises KeyProblem `kdf_too_weak` or `kdf_too_strong` before anything is derived,
    `malformed` for a salt that is not 16 bytes.
    """
    if opslimit < OPSLIMIT or memlimit < MEMLIMIT:
        raise KeyProblem(Refusal.KDF_TOO_WEAK)
    if opslimit > MAX_OPSLIMIT or memlimit > MAX_MEMLIMIT:
        raise KeyProblem(Refusal.KDF_TOO_STRONG)
    if len(salt) != SALT_BYTES:
        raise KeyProblem(Refusal.MALFORMED)
    text = unicodedata.normalize("NFC", canonical_password(password)).encode()
    return nacl.pwhash.argon2id.kdf(KEY_BYTES, text, salt, opslimit=opslimit, memlimit=memlimit)


def login_key(master: bytes) -> bytes:
    """What the server gets instead of a password."""
    return kdf(master, 1, b"zzlogin_")


def wrap_seed(master: bytes, seed: Seed, user: str, nonce: bytes | None = None) -> str:
    """The seed as the server keeps it: closed with the password's wrap key, bound to the user."""
    nonce = nonce or secrets.token_bytes(NONCE_BYTES)
    key = kdf(master, 2, b"zzwrap__")
    box = crypto_aead_xchacha20poly1305_ietf_encrypt(seed.secret, _seed_place(user), nonce, key)
    return to_base64url(nonce + box)


def unwrap_seed(master: bytes, wrapped: str, user: str) -> Seed:
    """The seed again. Raises KeyProblem `wrong_password`, or `malformed`."""
    data = from_base64url(wrapped, NONCE_BYTES + KEY_BYTES + 16)
    key = kdf(master, 2, b"zzwrap__")
    nonce, box = data[:NONCE_BYTES], data[NONCE_BYTES:]
    try:
        secret = crypto_aead_xchacha20poly1305_ietf_decrypt(box, _seed_place(user), nonce, key)
    except CryptoError:
        raise KeyProblem(Refusal.WRONG_PASSWORD) from None
    return Seed(secret)


def make_account(user: str, password: str) -> Account:
    """A new seed under a password: what a phone sends to accept an invitation, without token."""
    salt = secrets.token_bytes(SALT_BYTES)
    seed = Seed.new()
    master = derive_master(password, salt, OPSLIMIT, MEMLIMIT)
    wire: dict[str, str | int] = {
        "salt": to_base64url(salt),
        "opslimit": OPSLIMIT,
        "memlimit": MEMLIMIT,
        "login_key": to_base64url(login_key(master)),
        "wrapped_seed": wrap_seed(master, seed, user),
        "box_public": to_base64url(seed.box_public),
        "sign_public": to_base64url(seed.sign_public),
    }
    return Account(seed, wire)


def _seed_place(user: str) -> bytes:
    return f"zz1|seed|{user}".encode()
