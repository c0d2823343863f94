"""Writes sync/vectors/seal.json and words.json: `python -m tests.unit.keys.make_vectors`.

Deterministic: a test proves that the committed files are what this makes.
"""

import json
from pathlib import Path
from typing import Any

from tests.unit.keys.vector_words import words
from tests.unit.keys.vector_world import world
from tests.unit.keys.vectors_good import good_vectors
from tests.unit.keys.vectors_hostile import hostile_vectors

FOLDER = Path(__file__).resolve().parents[3] / "sync" / "vectors"

ABOUT = (
    "Derivations, seals, envelopes, statements and epochs of PROTOCOL.md, and what a hostile "
    "server may try: `fails` or `refused` is the name under which it is refused. People are named "
    "as in `world`; its statements and epochs are meant where a vector brings none. Binary values "
    "are base64url. Made by tests/unit/keys/make_vectors.py."
)


def files() -> dict[str, str]:
    """The text of each vector file by name."""
    seal = {"about": ABOUT, "world": world(), "vectors": [*good_vectors(), *hostile_vectors()]}
    return {"seal.json": _text(seal), "words.json": _text(words())}


def _text(content: dict[str, Any]) -> str:
    """One vector a line: a change shows as the line it is."""
    vectors = ",\n".join(json.dumps(v, ensure_ascii=False) for v in content["vectors"])
    rest = {name: value for name, value in content.items() if name != "vectors"}
    head = json.dumps(rest, ensure_ascii=False, indent=1)[:-2]
    return f'{head},\n "vectors": [\n{vectors}\n]}}\n'


def main() -> None:
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
