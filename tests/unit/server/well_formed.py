"""Bodies of the right form, and of nobody: what is left to refuse is who sends them."""

from typing import Any

DEVICE = {"id": "1" * 32, "label": "Telefon"}
ACCEPT: dict[str, Any] = {
    "token": "A" * 43,
    "salt": "A" * 22,
    "opslimit": 3,
    "memlimit": 67_108_864,
    "login_key": "A" * 43,
    "wrapped_seed": "A" * 96,
    "box_public": "A" * 43,
    "sign_public": "A" * 43,
    "device": DEVICE,
}
PASSWORD = {
    **{name: ACCEPT[name] for name in ("salt", "opslimit", "memlimit", "login_key")},
    "wrapped_seed": "A" * 96,
    "old_login_key": "A" * 43,
}

WORD = {
    **dict.fromkeys(("team", "subject", "author"), "1" * 32),
    "role": "recovery",
    "box_public": "A" * 43,
    "sign_public": "A" * 43,
    "at": "2026-05-28T08:00:00Z",
    "signature": "A" * 86,
}
SHEET = {"about_sheet": WORD, "by_sheet": WORD, "envelopes": []}
