"""The safety number two people compare before either trusts the other: 50 digits, ten groups."""

from hashlib import blake2b

from server.sealing.encoding import from_base64url
from server.sealing.trust import Person

ROUNDS = 5_000


def safety_number(a: Person, b: Person) -> list[str]:
    """Ten groups of five digits, the same whoever asks. KeyProblem(malformed) for broken keys."""
    halves = sorted([_half(a), _half(b)])
    return [group for half in halves for group in half]


def _half(person: Person) -> list[str]:
    """One person's five groups: the hash is repeated so that a look-alike is dear to find."""
    keys = from_base64url(person.box_public, 32) + from_base64url(person.sign_public, 32)
    digest = blake2b(bytes.fromhex(person.user) + keys).digest()
    for _ in range(ROUNDS):
        digest = blake2b(digest + keys).digest()
    numbers = (int.from_bytes(digest[i : i + 5], "big") % 100_000 for i in range(0, 25, 5))
    return [f"{number:05}" for number in numbers]
