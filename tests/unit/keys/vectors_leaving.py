"""Vectors of what whoever has left may try, and of recovery sheets nobody who may has signed."""

from collections.abc import Iterator
from typing import Any

from server.sealing import LEFT, RECOVERY, recovery_words
from tests.unit.keys.vector_world import (
    ANNA,
    BERTA,
    CASE_KEY,
    DORA,
    EPOCH_1,
    EPOCH_2,
    FIRST,
    MALLORY,
    NEW_BERTA,
    NORA,
    PAUL,
    PLANTED,
    SECOND,
    SHEET,
    SHEET_SECRET,
    STATEMENTS,
    Somebody,
    day,
    for_case,
    for_user,
    on_paper,
)

Vector = dict[str, Any]


def refused(kind: str, name: str, call: str, args: dict[str, Any]) -> Vector:
    return {"name": name, "call": call, "args": args, "fails": kind}


def team() -> list[str]:
    return sorted(one.user for one in (ANNA, BERTA, DORA, PAUL))


def public_keys(one: Somebody) -> dict[str, str]:
    return {"box_public": one.person.box_public, "sign_public": one.person.sign_public}


def sheet_vectors() -> Iterator[Vector]:
    """Words with a slip, and a sheet nobody who may has signed."""
    words = recovery_words(SHEET_SECRET).split("-")
    for name, spelled in (
        ("two words exchanged", [words[1], words[0], *words[2:]]),
        ("a word left out", words[1:]),
        ("a word too many", [*words, words[0]]),
        ("a syllable misread", [words[0][:2] + "xo", *words[1:]]),
        ("another word", ["hanu", *words[1:]]),
        ("nothing", []),
    ):
        yield refused("malformed", name, "recovery_secret", {"words": " ".join(spelled)})
    true = ANNA.says(SHEET, RECOVERY, day(5))
    for name, kind, statement in (
        ("the server's sheet", "statement_untrusted", MALLORY.says(SHEET, RECOVERY, day(6))),
        ("a pAp's sheet", "statement_untrusted", PAUL.says(SHEET, RECOVERY, day(6))),
        ("by a sheet nobody signed", "statement_untrusted", SHEET.says(NORA, "ab_pap", day(6))),
        ("a sheet's key exchanged", "statement_forged", true | public_keys(MALLORY)),
        ("a deputy made a sheet of", "statement_forged", STATEMENTS[3] | {"role": RECOVERY}),
    ):  # fmt: skip
        args = {"me": "anna", "more": [statement]}
        gives = {"users": team(), "refused": [kind]}
        yield {"name": name, "call": "believe_statements", "args": args, "gives": gives}


def leaving_vectors() -> Iterator[Vector]:
    """Berta was signed off on the eighth and Anna minted the second epoch on the ninth."""
    after = [ANNA.says(BERTA, LEFT, day(8))]
    second = ANNA.mints(SECOND, EPOCH_1, day(9))
    third = BERTA.mints(PLANTED, second, day(10))
    back_dated = BERTA.mints(PLANTED, second, day(7))
    for name, epochs in (
        ("minted by somebody who has left", [EPOCH_1, EPOCH_2]),
        ("minted on top by her", [EPOCH_1, second, third]),
        ("dated back by her", [EPOCH_1, second, back_dated]),
    ):
        args = {"me": "anna", "more": after, "epochs": epochs, "pinned": []}
        chain = [epoch["key_id"] for epoch in epochs[:-1]]
        gives = {"epochs": chain, "refused": ["epoch_untrusted"]}
        yield {"name": name, "call": "trusted_epochs", "args": args, "gives": gives}
    early = ANNA.mints(SECOND, EPOCH_1, "2026-02-28T08:00:00Z")
    args = {"me": "anna", "epochs": [EPOCH_1, early], "pinned": []}
    gives = {"epochs": [FIRST.id], "refused": ["epoch_untrusted"]}
    name = "dated before its predecessor"
    yield {"name": name, "call": "trusted_epochs", "args": args, "gives": gives}
    served = {"user": BERTA.user, "role": "ab_pap"} | public_keys(BERTA)
    for name, kind, shown in (
        ("served as if she were still here", "role_swapped", served),
        (
            "served with keys nobody has compared",
            "key_swapped",
            served | public_keys(NEW_BERTA),
        ),
    ):
        args = {"me": "anna", "more": after, "served": shown}
        yield refused(kind, name, "check_served", args)
    known = {"me": "anna", "more": after, "keys": [on_paper(FIRST)]}
    args = known | {"envelope": for_user(FIRST, BERTA, ANNA, day(10))}
    name = "a team key closed by her afterwards"
    yield refused("envelope_author_untrusted", name, "open_envelope", args)
    # Her clock was wrong: under a key that began while she was here, it is what it always was.
    args = known | {"envelope": for_case(CASE_KEY, BERTA, at=day(20))}
    name = "a case closed by her under the old key, dated ahead"
    yield {"name": name, "call": "open_envelope", "args": args, "gives": on_paper(CASE_KEY)}
