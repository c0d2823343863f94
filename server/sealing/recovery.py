"""The recovery sheet: sixteen random bytes as twelve words, and the pairs they stand for.

The words are two syllables of `passwords.SYLLABLES` each, 24 in all: 128 bits of the secret and
16 of a checksum, so that a slip of the pen is found before anything is tried.
"""

import re
from hashlib import blake2b

from server.sealing.derivations import KEY_BYTES, Seed
from server.sealing.passwords import SYLLABLES
from server.sealing.problems import KeyProblem, Refusal

SECRET_BYTES = 16
CHECK_BYTES = 2
WORDS = 12
_VALUES = {syllable: value for value, syllable in enumerate(SYLLABLES)}
_SYLLABLE = "|".join(sorted(SYLLABLES, key=len, reverse=True))
_WORD = re.compile(f"({_SYLLABLE})({_SYLLABLE})", re.ASCII).fullmatch


def recovery_words(secret: bytes) -> str:
    """The secret as twelve words joined by hyphens."""
    bits = int.from_bytes(secret + _check(secret), "big")
    last = 2 * WORDS - 1
    syllables = [SYLLABLES[bits >> 6 * (last - i) & 63] for i in range(2 * WORDS)]
    return "-".join(a + b for a, b in zip(syllables[::2], syllables[1::2], strict=True))


def recovery_secret(words: str) -> bytes:
    """The secret again, whatever stands between the words. KeyProblem(malformed) for a slip."""
    spelled = [word for word in re.split(r"[\s,;.-]+", words.lower()) if word]
    if len(spelled) != WORDS:
        raise KeyProblem(Refusal.MALFORMED)
    bits = 0
    for word in spelled:
        found = _WORD(word)
        if not found:
            raise KeyProblem(Refusal.MALFORMED)
        for syllable in found.groups():
            bits = bits << 6 | _VALUES[syllable]
    data = bits.to_bytes(SECRET_BYTES + CHECK_BYTES, "big")
    secret = data[:SECRET_BYTES]
    if data[SECRET_BYTES:] != _check(secret):
        raise KeyProblem(Refusal.MALFORMED)
    return secret


def recovery_seed(secret: bytes, team: str) -> Seed:
    """What a team's sheet stands for: a seed like a person's, with both pairs."""
    return Seed(blake2b(f"zz1|recovery|{team}|".encode() + secret).digest()[:KEY_BYTES])


def _check(secret: bytes) -> bytes:
    return blake2b(b"zz1|recovery words|" + secret).digest()[:CHECK_BYTES]
