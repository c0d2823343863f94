"""Passwords a thief may try for ever: five generated words, or at least 14 characters.

A generated word is two syllables of 64; ten syllables are 60 bits. No syllable begins with a
vowel, so no two sequences spell the same. The syllables were chosen so that no two of them
make an insult. A person may type spaces for hyphens, or a capital: `canonical_password` evens
that out before anything is derived, for generated passwords only.
"""

import re
import secrets
import unicodedata

MIN_LENGTH = 14
MIN_DIFFERENT = 5
RANDOM_BYTES = 10

SYLLABLES = re.findall(
    "[a-z]+",
    "ba be bi bo da de di do fa fe ge gi gu ha he hi "
    "ja jo la le li hau ma me mi du no ra re ri ro ru "
    "se si so su ta te wa we wi wo wu za ze zo zu bau "
    "lau mau rau tau wau neu leu bei dei lei mei rei sei wei zei nei",
)

_WORD = "(?:" + "|".join(sorted(SYLLABLES, key=len, reverse=True)) + "){2}"
_FIVE_WORDS = re.compile(rf"{_WORD}(?:[ -]+{_WORD}){{4}}", re.ASCII).fullmatch


def generate_password(random: bytes | None = None) -> str:
    """Five pronounceable words joined by hyphens, from ten random bytes."""
    random = secrets.token_bytes(RANDOM_BYTES) if random is None else random
    if len(random) != RANDOM_BYTES:
        raise ValueError("ten random bytes make a password")
    syllables = [SYLLABLES[byte & 63] for byte in random]
    return "-".join(a + b for a, b in zip(syllables[::2], syllables[1::2], strict=True))


def canonical_password(password: str) -> str:
    """How a password is spelled before it is derived.

    Five generated words are lower-case with single hyphens, whatever the keyboard made of them;
    anything else is only composed (NFC), so that an ü is the same on every phone.
    """
    words = password.strip(" ").lower()
    if words.isascii() and _FIVE_WORDS(words):
        return re.sub("[ -]+", "-", words)
    return unicodedata.normalize("NFC", password)


def password_problem(password: str) -> str | None:
    """Why a new password is too weak, as a German sentence; None when it is good."""
    canonical = canonical_password(password)
    if len(canonical) < MIN_LENGTH:
        return "Mindestens 14 Zeichen – oder die fünf vorgeschlagenen Wörter."
    if len(set(canonical)) < MIN_DIFFERENT:
        return "Zu gleichförmig: Bitte mehr verschiedene Zeichen verwenden."
    return None
