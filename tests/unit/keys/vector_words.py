"""Vectors of generated passwords and of the rule for chosen ones."""

from typing import Any

from server.sealing import generate_password
from tests.unit.keys.vector_world import material

TOO_SHORT = "Mindestens 14 Zeichen – oder die fünf vorgeschlagenen Wörter."
TOO_EVEN = "Zu gleichförmig: Bitte mehr verschiedene Zeichen verwenden."

RULE = {
    "": TOO_SHORT,
    "passwort": TOO_SHORT,
    "dreizehn Zei.": TOO_SHORT,
    "vierzehn Zeich": None,
    "🙂🙃🙁☹️12345678": TOO_SHORT,
    "aaaaaaaaaaaaaaaa": TOO_EVEN,
    "abcdabcdabcdabcd": TOO_EVEN,
    "abcdeabcdeabcde": None,
    "babe-bibo-dade-dido-fafe": None,
    "öööääüo\u0308o\u0308a\u0308": TOO_SHORT,
}

SPELLED = {
    "babe-bibo-dade-dido-fafe": "babe-bibo-dade-dido-fafe",
    "babe bibo dade dido fafe": "babe-bibo-dade-dido-fafe",
    " Babe  bibo-dade - dido fafe ": "babe-bibo-dade-dido-fafe",
    "Babe bibo dade dido": "Babe bibo dade dido",
    "Babe bibo dade dido xxxx": "Babe bibo dade dido xxxx",
    " Mein Passwort ": " Mein Passwort ",
    "Mu\u0308ller und So\u0308hne": "Müller und Söhne",
}


def words() -> dict[str, Any]:
    """All 64 syllables, some whole passwords, the rule, and how spelling is evened out."""
    randoms = [bytes(range(first, first + 10)) for first in range(0, 70, 10)]
    randoms += [material(f"words {i}", 10) for i in range(5)]
    vectors = [vector("generate_password", r.hex(), generate_password(r)) for r in randoms]
    vectors += [vector("password_problem", *line) for line in RULE.items()]
    vectors += [vector("canonical_password", *line) for line in SPELLED.items()]
    about = "Generated passwords, the rule for chosen ones, their one spelling; by make_vectors.py."
    return {"about": about, "vectors": vectors}


def vector(call: str, arg: str, gives: str | None) -> dict[str, Any]:
    return {"call": call, "arg": arg, "gives": gives}
