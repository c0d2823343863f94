"""Vectors of what must work: derivations, values, statements, epochs, envelopes, numbers."""

from collections.abc import Iterator
from typing import Any

from server.sealing import (
    LEFT,
    MEMLIMIT,
    OPSLIMIT,
    RECOVERY,
    derive_master,
    login_key,
    own_key,
    recovery_words,
    safety_number,
    seal_value,
    sign_rescue,
    to_base64url,
    wrap_seed,
)
from server.sealing.derivations import kdf
from tests.unit.keys.vector_world import (
    ANNA,
    BERTA,
    CASE_KEY,
    DORA,
    EPOCH_1,
    FIRST,
    NEW_BERTA,
    NORA,
    OTHER_CASE_KEY,
    PAUL,
    PLACE,
    SECOND,
    SHEET,
    SHEET_SECRET,
    STATEMENTS,
    TEAM,
    Somebody,
    day,
    for_case,
    for_user,
    handed,
    material,
    on_paper,
    rescue_file,
)

Vector = dict[str, Any]

VALUES: dict[str, Any] = {
    "a word": "Küche",
    "words with every kind of character": 'Zitat „so“ \\ "x"\n\t\u001f 🙂 \u2028',
    "null": None,
    "a yes": True,
    "a number": -12,
    "a list of codes": ["housing", "debts"],
    "an object keeps the order of its names": {"level": 2, "author": "b", "note": "a"},
    "61 characters are 63 bytes and fill one block": "x" * 61,
    "62 characters are 64 bytes and open the next": "x" * 62,
    "255 bytes of JSON fill two": "x" * 253,
    "256 bytes of JSON open the third": "x" * 254,
}


def good_vectors() -> Iterator[Vector]:
    """Every vector that ends well."""
    yield from _derivations()
    yield from _values()
    yield from _statements()
    yield from _epochs()
    yield from _recovery()
    yield from _envelopes()
    yield from _rescue_files()
    for a, b in ((ANNA, BERTA), (BERTA, ANNA), (PAUL, NORA)):
        number = safety_number(a.person, b.person)
        yield vector(f"{a.name} and {b.name}", "safety_number", {"a": a.name, "b": b.name}, number)


def vector(name: str, call: str, args: dict[str, Any], gives: Any) -> Vector:
    return {"name": name, "call": call, "args": args, "gives": gives}


def _rescue_files() -> Iterator[Vector]:
    content = '{"format":1,"sends":[{"kind":"operation","send":"{\\"n\\":1,\\"ä\\":\\"„🙂“\\"}"}]}'
    for author, text in ((ANNA, content), (PAUL, "")):
        signature = sign_rescue(text, author.seed)
        args = {"author": author.name, "content": text}
        yield vector(f"{author.name} signs {len(text)} letters", "sign_rescue", args, signature)
        file = rescue_file(text, author, BERTA)
        gives = {"signature": signature, "content": text, "signed": True}
        args = {"file": file, "reader": "berta", "author": author.name}
        yield vector(f"{author.name} closes {len(text)} letters", "open_rescue", args, gives)
    forged = {"signature": sign_rescue(content, PAUL.seed), "content": content, "signed": False}
    args = {"file": rescue_file(content, PAUL, BERTA), "reader": "berta", "author": "anna"}
    yield vector("paul's signature is not anna's", "open_rescue", args, forged)


def _derivations() -> Iterator[Vector]:
    for number, context in ((1, "zzlogin_"), (2, "zzwrap__"), (3, "zzown___"), (300, "zzletter")):
        key = material("kdf")
        args = {"key": to_base64url(key), "subkey": number, "context": context}
        out = to_base64url(kdf(key, number, context.encode()))
        yield vector(f"subkey {number} {context}", "kdf", args, out)
    salt = material("salt", 16)
    for name, password in {
        "five generated words": "hanu-leigo-batau-rizo-weila",
        "five generated words as a phone may type them": "Mauhi bade  ruza leilo-weila ",
        "a long password": "Ein Fahrrad, zwei Körbe",
        "the same with a decomposed umlaut": "Ein Fahrrad, zwei Ko\u0308rbe",
    }.items():
        master = derive_master(password, salt, OPSLIMIT, MEMLIMIT)
        args = {
            "password": password,
            "salt": to_base64url(salt),
            "opslimit": OPSLIMIT,
            "memlimit": MEMLIMIT,
        }
        gives = {"master": to_base64url(master), "login_key": login_key_text(master)}
        yield vector(name, "derive_master", args, gives)
    yield from _seeds()


def login_key_text(master: bytes) -> str:
    return to_base64url(login_key(master))


def _seeds() -> Iterator[Vector]:
    for one in (ANNA, BERTA):
        gives = {
            "box_public": one.person.box_public,
            "sign_public": one.person.sign_public,
            "own": on_paper(own_key(one.seed, one.user)),
        }
        yield vector(f"{one.name}'s seed", "identity", {"who": one.name}, gives)
    master, nonce = material("master"), material("seed nonce", 24)
    wrapped = wrap_seed(master, ANNA.seed, ANNA.user, nonce)
    args = {"master": to_base64url(master), "user": ANNA.user}
    seed = to_base64url(ANNA.seed.secret)
    yield vector(
        "a seed under a password",
        "wrap_seed",
        args | {"seed": seed, "nonce": to_base64url(nonce)},
        wrapped,
    )
    yield vector("and out again", "open_seed", args | {"wrapped": wrapped}, seed)
    letter_box = to_base64url(FIRST.letter_box[0])
    yield vector("a team key's letter box", "letter_box", {"key": on_paper(FIRST)}, letter_box)


def _values() -> Iterator[Vector]:
    for name, value in VALUES.items():
        nonce = material(f"value {name}", 24)
        sealed = seal_value(value, PLACE, CASE_KEY, nonce)
        place, key = PLACE._asdict(), on_paper(CASE_KEY)
        args = {"value": value, "place": place, "key": key, "nonce": to_base64url(nonce)}
        yield vector(name, "seal_value", args, sealed)
        args = {"sealed": sealed, "place": place, "keys": [on_paper(OTHER_CASE_KEY), key]}
        yield vector(name, "open_value", args, value)


def _statements() -> Iterator[Vector]:
    args = {"author": "anna", "subject": "berta", "role": "ab_pap", "at": day(2)}
    yield vector("Anna admits Berta", "make_statement", args, STATEMENTS[1])
    for me in (ANNA, BERTA, DORA, PAUL):
        args = {"me": me.name}
        gives = {"members": the_team(me), "refused": []}
        yield vector(f"{me.name} knows everyone", "trusted_members", args, gives)
    alone = {NORA.user: pinned(NORA, "", "")}
    refused = ["statement_untrusted"] * 6
    args = {"me": "nora"}
    gives = {"members": alone, "refused": refused}
    yield vector("a newcomer trusts nobody yet", "trusted_members", args, gives)
    yield from _changes(the_team(ANNA))


def _changes(everyone: dict[str, Any]) -> Iterator[Vector]:
    """A person's standing changes: what was signed under the old one stays good."""
    again = [ANNA.says(NEW_BERTA, "ab_pap", day(10))]
    berta = pinned(NEW_BERTA, "ab_pap", day(10))
    args = {"me": "anna", "more": again}
    gives = {"members": everyone | {BERTA.user: berta}, "refused": []}
    yield vector("Berta has a new seed; Dora stays admitted", "trusted_members", args, gives)
    left = [ANNA.says(BERTA, "team_leader", day(10))]
    berta = pinned(BERTA, "team_leader", day(10)) | {"ended": day(10)}
    args = {"me": "anna", "more": left}
    gives = {"members": everyone | {BERTA.user: berta}, "refused": []}
    yield vector("Berta is aB-pAp no longer; Dora stays admitted", "trusted_members", args, gives)
    gone = [ANNA.says(BERTA, LEFT, day(10))]
    berta = pinned(BERTA, LEFT, day(10)) | {"ended": day(10)}
    gives = {"members": everyone | {BERTA.user: berta}, "refused": []}
    args = {"me": "anna", "more": gone}
    yield vector("Berta has left; Dora stays admitted", "trusted_members", args, gives)
    back = [*gone, ANNA.says(NEW_BERTA, "ab_pap", day(12))]
    gives = {
        "members": everyone | {BERTA.user: pinned(NEW_BERTA, "ab_pap", day(12))},
        "refused": [],
    }
    args = {"me": "anna", "more": back}
    yield vector("Berta comes back with a new seed", "trusted_members", args, gives)


def _recovery() -> Iterator[Vector]:
    """Everybody has forgotten her password: a sheet of paper vouches for whoever holds it."""
    words = recovery_words(SHEET_SECRET)
    secret = to_base64url(SHEET_SECRET)
    yield vector("a sheet's words", "recovery_words", {"secret": secret}, words)
    for name, spelled in (
        ("as they stand", words),
        ("in capitals, in lines", "\n".join(words.upper().split("-"))),
        ("numbered by commas", " " + words.replace("-", ", ") + " "),
    ):
        yield vector(f"read back {name}", "recovery_secret", {"words": spelled}, secret)
    gives = {"box_public": SHEET.person.box_public, "sign_public": SHEET.person.sign_public}
    args = {"secret": secret, "team": TEAM}
    yield vector("what a sheet stands for", "recovery_identity", args, gives)
    made = [ANNA.says(SHEET, RECOVERY, day(5)), SHEET.says(ANNA, "ab_pap", day(5))]
    back = [NORA.says(SHEET, RECOVERY, day(20)), SHEET.says(NORA, "ab_pap", day(20))]
    everyone = the_team(ANNA) | {ANNA.user: pinned(ANNA, "ab_pap", day(5))}
    nora = {NORA.user: pinned(NORA, "ab_pap", day(20))}
    sheet = pinned(SHEET, RECOVERY, day(20))
    args = {"me": "nora", "more": [*made, *back]}
    gives = {"members": everyone | nora | {SHEET.user: sheet}, "refused": []}
    yield vector("Nora believes everybody by the sheet", "trusted_members", args, gives)
    args = {"me": "paul", "more": [*made, *back]}
    gives = {"members": everyone | nora | {SHEET.user: sheet}, "refused": []}
    yield vector("Paul believes Nora by the sheet", "trusted_members", args, gives)
    args = {"me": "sheet", "envelope": for_user(FIRST, ANNA, SHEET), "keys": [], "more": made}
    yield vector("the sheet opens the team key", "open_envelope", args, on_paper(FIRST))


def the_team(me: Somebody) -> dict[str, Any]:
    """Everybody as one of them knows her: what a deputy or a pAp says counts on her phone alone."""
    known = (
        (ANNA, "ab_pap", day(4) if me is PAUL else day(2)),
        (BERTA, "ab_pap", day(3) if me is DORA else day(2)),
        (DORA, "deputy", day(3)),
        (PAUL, "pap", day(4)),
    )
    return {one.user: pinned(one, role, at) for one, role, at in known}


def pinned(one: Somebody, role: str, at: str) -> dict[str, Any]:
    """A member as the vectors write her."""
    return {
        "role": role,
        "box_public": one.person.box_public,
        "sign_public": one.person.sign_public,
        "at": at,
        "ended": None,
    }


def _epochs() -> Iterator[Vector]:
    args = {"author": "anna", "key": on_paper(FIRST), "previous": None, "at": day(1)}
    yield vector("the first epoch", "make_epoch", args, EPOCH_1)
    for me in (ANNA, PAUL):
        gives = {"epochs": [FIRST.id, SECOND.id], "refused": []}
        args = {"me": me.name, "pinned": [FIRST.id]}
        yield vector(f"{me.name} follows the chain", "trusted_epochs", args, gives)
    gone = [ANNA.says(BERTA, LEFT, day(8))]
    args = {
        "me": "dora",
        "more": [*gone, DORA.says(ANNA, "ab_pap", day(2))],
        "epochs": [EPOCH_1, ANNA.mints(SECOND, EPOCH_1, day(9))],
        "pinned": [FIRST.id],
    }
    gives = {"epochs": [FIRST.id, SECOND.id], "refused": []}
    yield vector("a second epoch because Berta has left", "trusted_epochs", args, gives)


def _envelopes() -> Iterator[Vector]:
    nonce = material(f"nonce {CASE_KEY.id}", 24)
    args = {
        "key": on_paper(CASE_KEY),
        "author": "anna",
        "epoch": on_paper(FIRST),
        "at": day(5),
        "nonce": to_base64url(nonce),
    }
    yield vector("a case key is closed", "close_case_key", args, for_case(CASE_KEY, ANNA))
    args = {"me": "berta", "envelope": for_user(FIRST, ANNA, BERTA), "keys": []}
    yield vector("Berta gets the team key", "open_envelope", args, on_paper(FIRST))
    args = {"me": "berta", "envelope": for_case(CASE_KEY, ANNA), "keys": [on_paper(FIRST)]}
    yield vector("Berta opens a case", "open_envelope", args, on_paper(CASE_KEY))
    alone = {"me": "dora", "envelope": handed(CASE_KEY, ANNA, DORA), "keys": []}
    yield vector("Dora opens a case handed to her", "open_envelope", alone, on_paper(CASE_KEY))
    again = args | {"keys": [on_paper(FIRST), on_paper(CASE_KEY)]}
    yield vector("the same envelope twice", "open_envelope", again, on_paper(CASE_KEY))
