"""A rescue file: what one phone has not got rid of, signed by its person, closed for one server.

PROTOCOL.md, "Rescue files", says what stands in it. Nobody but the installation it was made for
opens the file, and nobody but the person whose seed it is can have written it.
"""

from hashlib import blake2b

from nacl.bindings import crypto_box_seal, crypto_box_seal_open, crypto_box_seed_keypair
from nacl.exceptions import CryptoError

from server.sealing.derivations import Seed
from server.sealing.encoding import from_base64url, to_base64url
from server.sealing.problems import KeyProblem, Refusal
from server.sealing.trust import sign, signature_holds

HEAD = "zuzweit-rescue 1\n"
_SIGNATURE_BYTES = 64

Pair = tuple[bytes, bytes]
"""An X25519 public key and its secret one, 32 bytes each."""


def rescue_pair(secret_key: str) -> Pair:
    """The pair that rescue files of an installation are closed for, from its secret key."""
    seed = blake2b(secret_key.encode(), digest_size=32, person=b"zz1 rescue").digest()
    return crypto_box_seed_keypair(seed)


def close_rescue(content: str, seed: Seed, public: str) -> str:
    """The text of a file: signed with the person's seed, closed for the server's public key."""
    signature = from_base64url(sign_rescue(content, seed), _SIGNATURE_BYTES)
    box = crypto_box_seal(signature + content.encode(), from_base64url(public, 32))
    return f"{HEAD}{to_base64url(box)}\n"


def sign_rescue(content: str, seed: Seed) -> str:
    """The person's signature over what the file says."""
    return sign(_signed(content), seed)


def open_rescue(text: str, pair: Pair) -> tuple[str, str]:
    """(signature, content) of a file; nobody has checked who signed it.

    Raises KeyProblem: `malformed` for anything that is no rescue file, `unreadable` for one that
    was cut, changed or closed for another installation.
    """
    if not text.startswith(HEAD):
        raise KeyProblem(Refusal.MALFORMED)
    try:
        inner = crypto_box_seal_open(from_base64url(text.removeprefix(HEAD).strip()), *pair)
    except CryptoError:
        raise KeyProblem(Refusal.UNREADABLE) from None
    if len(inner) < _SIGNATURE_BYTES:
        raise KeyProblem(Refusal.MALFORMED)
    try:
        content = inner[_SIGNATURE_BYTES:].decode()
    except UnicodeDecodeError:
        raise KeyProblem(Refusal.MALFORMED) from None
    return to_base64url(inner[:_SIGNATURE_BYTES]), content


def rescue_signed_by(signature: str, content: str, sign_public: str) -> bool:
    """Whether the file was made with this person's seed."""
    return signature_holds(signature, _signed(content), sign_public)


def _signed(content: str) -> str:
    return f"zz1|rescue|{content}"
