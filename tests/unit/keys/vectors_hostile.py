"""Vectors of a hostile server: for each trick the name under which it is refused.

The names are written here by hand, never computed: they are what the vectors are for.
"""

from collections.abc import Iterator
from typing import Any

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box_seal_open,
)

from server.sealing import (
    LEFT,
    MEMLIMIT,
    CaseKey,
    Person,
    SealingKey,
    TeamKey,
    from_base64url,
    make_epoch,
    make_statement,
    seal_value,
    to_base64url,
    wrap_seed,
)
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
    OTHER_CASE,
    OTHER_CASE_KEY,
    OTHER_TEAM,
    PAUL,
    PLACE,
    PLANTED,
    SECOND,
    STATEMENTS,
    TEAM,
    Somebody,
    a_key,
    an_id,
    day,
    for_case,
    for_user,
    handed,
    material,
    on_paper,
    rescue_box,
    rescue_file,
    sealed_box,
)
from tests.unit.keys.vectors_leaving import (
    Vector,
    leaving_vectors,
    public_keys,
    refused,
    sheet_vectors,
    team,
)


def hostile_vectors() -> Iterator[Vector]:
    """Every vector that ends with a refusal."""
    yield from _passwords()
    yield from _moved_values()
    yield from _broken_values()
    yield from _false_statements()
    yield from _swapped_keys()
    yield from _false_epochs()
    yield from _epochs_against_pins()
    yield from leaving_vectors()
    yield from sheet_vectors()
    yield from _swapped_boxes()
    yield from _false_authors()
    yield from _planted_keys()
    yield from _broken_rescue_files()


def _broken_rescue_files() -> Iterator[Vector]:
    whole = rescue_file('{"format":1}', ANNA, BERTA)
    head, box = whole.strip().split("\n")
    changed = "A" if box[60] != "A" else "B"
    broken = {
        "closed for somebody else": (rescue_file("{}", ANNA, PAUL), "unreadable"),
        "cut": (f"{head}\n{box[:-4]}\n", "unreadable"),
        "changed": (f"{head}\n{box[:60]}{changed}{box[61:]}\n", "unreadable"),
        "without its head": (f"{box}\n", "malformed"),
        "another head": (f"zuzweit-rescue 2\n{box}\n", "malformed"),
        "no base64url": (f"{head}\n{box[:-1]}=\n", "malformed"),
        "nothing": ("", "malformed"),
        "no room for a signature": (rescue_box(b"x" * 63, BERTA), "malformed"),
        "no text": (rescue_box(b"x" * 64 + b"\xff", BERTA), "malformed"),
    }
    for name, (file, code) in broken.items():
        args = {"file": file, "reader": "berta", "author": "anna"}
        yield {"name": f"a rescue file, {name}", "call": "open_rescue", "args": args, "fails": code}


def _passwords() -> Iterator[Vector]:
    good = {
        "password": "hanu-leigo-batau-rizo-weila",
        "salt": to_base64url(material("salt", 16)),
        "opslimit": 3,
        "memlimit": MEMLIMIT,
    }
    for name, kind, change in (
        ("two passes", "kdf_too_weak", {"opslimit": 2}),
        ("one byte below 64 MiB", "kdf_too_weak", {"memlimit": MEMLIMIT - 1}),
        ("eight kibibytes", "kdf_too_weak", {"memlimit": 8192}),
        ("no passes at all", "kdf_too_weak", {"opslimit": 0}),
        ("weak, and with a broken salt", "kdf_too_weak", {"opslimit": 1, "salt": "x"}),
        ("four gibibytes", "kdf_too_strong", {"memlimit": 4 * 1024**3}),
        ("a thousand passes", "kdf_too_strong", {"opslimit": 1000}),
        ("a salt of eight bytes", "malformed", {"salt": to_base64url(bytes(8))}),
    ):
        yield refused(kind, name, "derive_master", good | change)
    wrapped = wrap_seed(material("master"), ANNA.seed, ANNA.user, material("seed nonce", 24))
    args = {"master": to_base64url(material("master")), "user": ANNA.user, "wrapped": wrapped}
    for name, kind, change in (
        ("another password", "wrong_password", {"master": to_base64url(material("other"))}),
        ("another person's seed", "wrong_password", {"user": BERTA.user}),
        ("a seed cut short", "malformed", {"wrapped": wrapped[:-4]}),
    ):
        yield refused(kind, name, "open_seed", args | change)


def _moved_values() -> Iterator[Vector]:
    sealed = seal_value("Küche", PLACE, CASE_KEY, material("moved", 24))
    moves = {
        "team": OTHER_TEAM,
        "table": "client_case",
        "row": an_id("another visit"),
        "column": "wish",
        "stamp": "0" * 32,
        "author": BERTA.user,
    }
    for name, value in moves.items():
        place = PLACE._asdict() | {name: value}
        args = {"sealed": sealed, "place": place, "keys": [on_paper(CASE_KEY)]}
        yield refused("unreadable", f"a value under another {name}", "open_value", args)


def _broken_values() -> Iterator[Vector]:
    sealed = seal_value("Küche", PLACE, CASE_KEY, material("moved", 24))
    data = from_base64url(sealed)
    relabelled = b"\x01" + bytes.fromhex(OTHER_CASE_KEY.id) + data[25:]
    flipped = data[:-1] + bytes([data[-1] ^ 1])
    for name, kind, text in (
        ("a key that has not come yet", "key_unknown", sealed_with(SECOND, "later")),
        ("a value relabelled with another case's key", "unreadable", to_base64url(relabelled)),
        ("one bit changed", "unreadable", to_base64url(flipped)),
        ("padding of zeros only", "unreadable", raw(b"\x00" * 64)),
        ("padding longer than needed", "unreadable", raw(b'"x"\x80'.ljust(256, b"\x00"))),
        ("text that is no JSON", "unreadable", raw(b"x\x80".ljust(64, b"\x00"))),
        ("text that is no UTF-8", "unreadable", raw(b'"\xff"\x80'.ljust(64, b"\x00"))),
        ("a value cut short", "malformed", sealed[:-4]),
        ("another version", "malformed", to_base64url(b"\x02" + data[1:])),
        ("another alphabet", "malformed", sealed[:-1] + "="),
        ("clear text", "malformed", "Küche"),
    ):
        keys = [on_paper(CASE_KEY), on_paper(OTHER_CASE_KEY)]
        args = {"sealed": text, "place": PLACE._asdict(), "keys": keys}
        yield refused(kind, name, "open_value", args)


def sealed_with(key: SealingKey, value: str) -> str:
    return seal_value(value, PLACE, key, material(f"sealed {value}", 24))


def raw(padded: bytes) -> str:
    """Seal bytes as they are, as a broken or malicious phone with the key could."""
    nonce = material(f"raw {padded!r}", 24)
    team, table, row, column, stamp, author = PLACE
    place = f"zz1|{team}|{table}|{row}|{column}|{CASE_KEY.id}|{stamp}|{author}".encode()
    box = crypto_aead_xchacha20poly1305_ietf_encrypt(padded, place, nonce, CASE_KEY.key)
    return to_base64url(b"\x01" + bytes.fromhex(CASE_KEY.id) + nonce + box)


def _false_statements() -> Iterator[Vector]:
    """One false statement beside the true ones: it is refused, and nothing else changes."""
    abroad = make_statement(
        Person(ANNA.user, OTHER_TEAM, *ANNA.person[2:]), ANNA.seed, NORA.person, "ab_pap", day(6)
    )
    admitted = STATEMENTS[3]
    for name, kind, statement in (
        ("a stranger admits herself", None, MALLORY.says(MALLORY, "ab_pap", day(6))),
        ("a stranger admits another", "statement_untrusted", MALLORY.says(NORA, "ab_pap", day(6))),
        ("a pAp admits an aB-pAp", "statement_untrusted", PAUL.says(MALLORY, "ab_pap", day(6))),
        ("a deputy makes herself aB-pAp", None, DORA.says(DORA, "ab_pap", day(6))),
        ("a deputy promotes a pAp", "statement_untrusted", DORA.says(PAUL, "ab_pap", day(6))),
        ("a deputy signs an aB-pAp off", "statement_untrusted", DORA.says(BERTA, "left", day(6))),
        (
            "the server signs her off",
            "statement_untrusted",
            MALLORY.says(BERTA, LEFT, day(6)),
        ),
        ("a role changed into leaving", "statement_forged", admitted | {"role": LEFT}),
        ("a role raised after signing", "statement_forged", admitted | {"role": "ab_pap"}),
        ("a key exchanged after signing", "statement_forged", with_keys(admitted, MALLORY)),
        ("a signature by another", "statement_forged", signed_as(MALLORY, ANNA, NORA)),
        ("of another team", "statement_untrusted", abroad),
        ("a role nobody knows", "malformed", admitted | {"role": "chief"}),
        ("a line in the role", "malformed", admitted | {"role": "pap|x"}),
        ("a public key of 31 bytes", "malformed", admitted | {"box_public": "A" * 42}),
        ("no signature", "malformed", admitted | {"signature": ""}),
        ("a time in words", "malformed", admitted | {"at": "yesterday"}),
        ("no statement at all", "malformed", None),
    ):
        args = {"me": "anna", "more": [statement]}
        gives = {"users": team(), "refused": [kind] if kind else []}
        yield {"name": name, "call": "believe_statements", "args": args, "gives": gives}


def with_keys(statement: Any, one: Somebody) -> dict[str, Any]:
    keys = {"box_public": one.person.box_public, "sign_public": one.person.sign_public}
    return statement | keys


def signed_as(signer: Somebody, author: Somebody, subject: Somebody) -> Any:
    """A statement that names an author who did not sign it."""
    person = signer.person._replace(user=author.user)
    return make_statement(person, signer.seed, subject.person, "ab_pap", day(6))


def _swapped_keys() -> Iterator[Vector]:
    true, new = {"user": BERTA.user, "role": "ab_pap"} | public_keys(BERTA), public_keys(NEW_BERTA)
    renewed = [ANNA.says(NEW_BERTA, "ab_pap", day(10))]
    for name, kind, served, more in (
        ("another X25519 key", "key_swapped", only("box_public", true), []),
        ("another Ed25519 key", "key_swapped", only("sign_public", true), []),
        ("both keys are the server's", "key_swapped", true | public_keys(MALLORY), []),
        (
            "a new seed nobody has compared",
            "key_swapped",
            true | new,
            STATEMENTS,
        ),
        ("the old keys after a new comparison", "key_swapped", true, renewed),
        ("no keys at all", "key_swapped", true | {"box_public": "", "sign_public": ""}, []),
        ("another role", "role_swapped", true | {"role": "admin"}, []),
        ("one's own keys", "key_swapped", true | {"user": ANNA.user}, []),
    ):
        args = {"me": "anna", "more": more, "served": served}
        yield refused(kind, name, "check_served", args)


def only(name: str, served: dict[str, str]) -> dict[str, str]:
    return served | {name: public_keys(MALLORY)[name]}


def _false_epochs() -> Iterator[Vector]:
    after = [ANNA.says(BERTA, "pap", day(8))]
    foreign = a_key(TeamKey, OTHER_TEAM, "foreign epoch")
    abroad = make_epoch(ANNA.person._replace(team=OTHER_TEAM), ANNA.seed, foreign, EPOCH_1, day(9))
    borrowed = make_epoch(ANNA.person, ANNA.seed, foreign, EPOCH_1, day(9))
    for name, kind, epoch, more in (
        ("minted by the server", "epoch_untrusted", mint(MALLORY), []),
        ("minted by a pAp", "epoch_untrusted", mint(PAUL), []),
        ("minted by a deputy", "epoch_untrusted", mint(DORA), []),
        ("minted after she left", "epoch_untrusted", EPOCH_2, after),
        ("with the server's letter box", "epoch_untrusted", with_box(EPOCH_2), []),
        ("without its predecessor", "epoch_untrusted", mint(ANNA, None), []),
        ("a number left out", "epoch_untrusted", numbered(3), []),
        ("with an unsigned predecessor", "epoch_untrusted", mint(ANNA, EPOCH_2), []),
        ("of another team", "epoch_untrusted", abroad, []),
        ("with another team's key id", "epoch_untrusted", borrowed, []),
        ("a number in words", "malformed", EPOCH_2 | {"epoch": "2"}, []),
        ("a key id cut short", "malformed", EPOCH_2 | {"key_id": TEAM}, []),
        ("no epoch at all", "malformed", None, []),
    ):
        args = {"me": "anna", "more": more, "epochs": [EPOCH_1, epoch], "pinned": []}
        gives = {"epochs": [FIRST.id], "refused": [kind]}
        yield {"name": name, "call": "trusted_epochs", "args": args, "gives": gives}


def mint(one: Somebody, previous: Any = EPOCH_1) -> Any:
    return one.mints(PLANTED, previous, day(9))


def with_box(epoch: Any) -> Any:
    return epoch | {"public": to_base64url(PLANTED.letter_box[0])}


def numbered(number: int) -> Any:
    """An epoch an aB-pAp signed with a number that is not the next one."""
    before = EPOCH_1.copy()
    before["epoch"] = number - 1
    return ANNA.mints(PLANTED, before, day(9))


def _epochs_against_pins() -> Iterator[Vector]:
    fork = ANNA.mints(PLANTED, EPOCH_1, day(9))
    for name, kind, epochs in (
        ("another second epoch, truly signed", "epoch_forked", [EPOCH_1, fork]),
        ("the second epoch is gone", "epoch_rolled_back", [EPOCH_1]),
    ):
        pins = [FIRST.id, SECOND.id]
        args = {"me": "anna", "epochs": epochs, "pinned": pins}
        gives = {"epochs": [FIRST.id], "refused": [kind]}
        yield {"name": name, "call": "trusted_epochs", "args": args, "gives": gives}
    args = {"me": "anna", "epochs": [], "pinned": [FIRST.id]}
    gives = {"epochs": [], "refused": ["epoch_rolled_back"]}
    yield {"name": "no epoch is left", "call": "trusted_epochs", "args": args, "gives": gives}


def _swapped_boxes() -> Iterator[Vector]:
    one, other = for_case(CASE_KEY, ANNA), for_case(OTHER_CASE_KEY, ANNA)
    mine, second = for_user(FIRST, ANNA, BERTA), for_user(SECOND, BERTA, BERTA, day(9))
    to_dora = for_user(FIRST, ANNA, DORA)
    theirs = handed(CASE_KEY, ANNA, DORA)
    passed_off = mine | {"box": handed(CASE_KEY, ANNA, BERTA)["box"]}
    for name, envelope in (
        ("two cases' boxes exchanged", one | {"box": other["box"]}),
        ("two epochs' boxes exchanged", mine | {"box": second["box"]}),
        ("another reader's box", mine | {"box": to_dora["box"]}),
        ("another reader's envelope", to_dora),
        ("another reader's envelope readdressed", to_dora | {"reader": BERTA.user}),
        ("a case handed to somebody else", handed(CASE_KEY, ANNA, DORA)),
        ("one handed to somebody else readdressed", theirs | {"reader": BERTA.user}),
        ("a handed case's box under an epoch", one | {"box": theirs["box"]}),
        ("a case's box for a person", one | {"reader": BERTA.user}),
        ("a handed key passed off as a team key", passed_off),
        ("another author outside", mine | {"author": BERTA.user}),
        ("another time outside", one | {"at": day(6)}),
        ("sealed under another epoch", for_case(CASE_KEY, ANNA, SECOND) | {"reader": FIRST.id}),
        ("a box of noise", one | {"box": to_base64url(material("noise", 64))}),
        ("an empty box", mine | {"box": ""}),
        ("a case's empty box", one | {"box": ""}),
    ):
        yield envelope_refused("box_swapped", name, envelope)
    yield envelope_refused("malformed", "a purpose nobody knows", one | {"purpose": "photo"})
    yield envelope_refused("malformed", "an owner in words", one | {"owner": "Küche"})
    yield envelope_refused("malformed", "no base64url", one | {"box": "=" * 40})
    yield envelope_refused("malformed", "no envelope at all", None)
    yield envelope_refused("malformed", "a list for a box", one | {"box": ["x"]})
    yield envelope_refused("key_unknown", "a case before its team key", one, [])


def envelope_refused(kind: str, name: str, envelope: Any, keys: Any = None) -> Vector:
    held = [on_paper(FIRST), on_paper(SECOND)] if keys is None else keys
    args = {"me": "berta", "envelope": envelope, "keys": held}
    return refused(kind, name, "open_envelope", args)


def _false_authors() -> Iterator[Vector]:
    for name, envelope in (
        ("the server closes a team key", for_user(FIRST, MALLORY, BERTA)),
        ("a deputy closes a team key", for_user(FIRST, DORA, BERTA)),
        ("a newcomer nobody admitted closes a case", for_case(CASE_KEY, NORA)),
        ("a pAp closes a case", for_case(CASE_KEY, PAUL)),
        ("a deputy hands a case on", handed(CASE_KEY, DORA, BERTA)),
    ):
        yield envelope_refused("envelope_author_untrusted", name, envelope)
    after = [BERTA.says(ANNA, "pap", day(4))]
    args = {
        "me": "berta",
        "more": after,
        "envelope": for_case(CASE_KEY, ANNA, SECOND, day(9)),
        "keys": [on_paper(SECOND)],
    }
    name = "closed after she stopped being aB-pAp"
    yield refused("envelope_author_untrusted", name, "open_envelope", args)
    for name, envelope in (
        ("the server names Anna as author", disguised(for_user(FIRST, MALLORY, BERTA))),
        ("the key exchanged after signing", rekeyed()),
    ):
        yield envelope_refused("envelope_forged", name, envelope)


def disguised(envelope: Any) -> Any:
    """The server's own box, naming Anna inside and outside."""
    box = from_base64url(envelope["box"])
    padded = crypto_box_seal_open(box, BERTA.seed.box_public, BERTA.seed.box_secret)
    padded = padded.replace(MALLORY.user.encode(), ANNA.user.encode())
    return envelope | {"author": ANNA.user, "box": sealed_box(padded, BERTA, "disguised")}


def rekeyed() -> Any:
    """Somebody with the team key puts another case key into Anna's box."""
    envelope = for_case(CASE_KEY, ANNA)
    box, place = from_base64url(envelope["box"]), f"zz1|envelope|{CASE_KEY.id}|{FIRST.id}".encode()
    padded = crypto_aead_xchacha20poly1305_ietf_decrypt(box[24:], place, box[:24], FIRST.key)
    old, new = to_base64url(CASE_KEY.key).encode(), to_base64url(PLANTED.key).encode()
    nonce = material("rekeyed", 24)
    again = crypto_aead_xchacha20poly1305_ietf_encrypt(
        padded.replace(old, new), place, nonce, FIRST.key
    )
    return envelope | {"box": to_base64url(nonce + again)}


def _planted_keys() -> Iterator[Vector]:
    one = for_case(CASE_KEY, ANNA)
    twin = for_case(CaseKey(CASE_KEY.id, material("another key")), ANNA, name="twin")
    false_first = TeamKey(FIRST.id, material("another team key"))
    foreign = for_user(a_key(TeamKey, OTHER_TEAM, "foreign epoch"), ANNA, BERTA)
    held = [on_paper(FIRST), on_paper(CASE_KEY)]
    unannounced = for_user(false_first, ANNA, BERTA)
    planted, below = for_user(PLANTED, ANNA, BERTA), for_case(CASE_KEY, ANNA, PLANTED)
    for name, kind, envelope, keys in (
        ("a key for another case's file", "key_planted", one | {"owner": OTHER_CASE}, None),
        ("a second key under the same id", "key_planted", twin, held),
        ("a team key its epoch did not announce", "key_planted", unannounced, []),
        ("another team's key", "key_planted", foreign, None),
        ("a team key of no trusted epoch", "epoch_untrusted", planted, None),
        ("a case under no trusted epoch", "epoch_untrusted", below, None),
    ):
        yield envelope_refused(kind, name, envelope, keys)
