"""The vectors of sync/vectors/seal.json and words.json, in Python."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from server import sealing
from server.sealing import (
    CaseKey,
    KeyProblem,
    Person,
    Place,
    Reader,
    Refusal,
    SealingKey,
    Seed,
    TeamKey,
    from_base64url,
    to_base64url,
)
from server.sealing.derivations import kdf
from tests.unit.keys import make_vectors

COMMITTED = {
    name: (make_vectors.FOLDER / name).read_text(encoding="utf-8")
    for name in ("seal.json", "words.json")
}
SEAL = json.loads(COMMITTED["seal.json"])
WORDS = json.loads(COMMITTED["words.json"])
BROWSER = json.loads((make_vectors.FOLDER / "seal_browser.json").read_text(encoding="utf-8"))
WORLD = SEAL["world"]


def seed_of(name: str) -> Seed:
    return Seed(from_base64url(WORLD["people"][name]["seed"]))


def person(name: str) -> Person:
    return Person.of(seed_of(name), WORLD["people"][name]["user"], WORLD["team"])


def a_key(paper: dict[str, str], kind: type[SealingKey] = SealingKey) -> SealingKey:
    return kind(paper["id"], from_base64url(paper["key"]))


def team_key(paper: dict[str, str]) -> TeamKey:
    return TeamKey(paper["id"], from_base64url(paper["key"]))


def ring(papers: Iterable[dict[str, str]]) -> dict[str, SealingKey]:
    team_ids = {epoch["key_id"] for epoch in WORLD["epochs"]}
    keys = (a_key(p, TeamKey if p["id"] in team_ids else CaseKey) for p in papers)
    return {key.id: key for key in keys}


def members(me: str, more: Iterable[Any] = ()) -> Any:
    return sealing.trusted_members(person(me), [*WORLD["statements"], *more])


def derive_master(password: str, salt: str, opslimit: int, memlimit: int) -> Any:
    try:
        bytes_of_salt = from_base64url(salt)
    except KeyProblem:
        bytes_of_salt = b""
    master = sealing.derive_master(password, bytes_of_salt, opslimit, memlimit)
    return {"master": to_base64url(master), "login_key": to_base64url(sealing.login_key(master))}


def wrap_seed(master: str, seed: str, user: str, nonce: str) -> str:
    secret = Seed(from_base64url(seed))
    return sealing.wrap_seed(from_base64url(master), secret, user, from_base64url(nonce))


def open_seed(master: str, user: str, wrapped: str) -> str:
    return to_base64url(sealing.unwrap_seed(from_base64url(master), wrapped, user).secret)


def identity(who: str) -> Any:
    own = sealing.own_key(seed_of(who), person(who).user)
    _, _, box_public, sign_public = person(who)
    paper = {"id": own.id, "key": to_base64url(own.key)}
    return {"box_public": box_public, "sign_public": sign_public, "own": paper}


def recovery_words(secret: str) -> str:
    return sealing.recovery_words(from_base64url(secret))


def recovery_secret(words: str) -> str:
    return to_base64url(sealing.recovery_secret(words))


def recovery_identity(secret: str, team: str) -> Any:
    seed = sealing.recovery_seed(from_base64url(secret), team)
    return {
        "box_public": to_base64url(seed.box_public),
        "sign_public": to_base64url(seed.sign_public),
    }


def seal_value(value: Any, place: dict[str, str], key: dict[str, str], nonce: str) -> str:
    return sealing.seal_value(value, Place(**place), a_key(key), from_base64url(nonce))


def make_statement(author: str, subject: str, role: str, at: str) -> Any:
    return sealing.make_statement(person(author), seed_of(author), person(subject), role, at)


def trusted_members(me: str, more: Iterable[Any] = ()) -> Any:
    known, refused = members(me, more)
    names = ("role", "box_public", "sign_public", "at", "ended")
    shown = {user: {name: getattr(one, name) for name in names} for user, one in known.items()}
    return {"members": shown, "refused": [one.code for one in refused]}


def believe_statements(me: str, more: Iterable[Any]) -> Any:
    known, refused = members(me, more)
    assert known == members(me)[0]
    return {"users": sorted(known), "refused": [one.code for one in refused]}


def check_served(me: str, served: dict[str, str], more: Iterable[Any] = ()) -> None:
    code = sealing.check_served(members(me, more)[0], **served)
    if code:
        raise KeyProblem(code)


def make_epoch(author: str, key: dict[str, str], previous: Any, at: str) -> Any:
    return sealing.make_epoch(person(author), seed_of(author), team_key(key), previous, at)


def trusted_epochs(me: str, pinned: list[str], epochs: Any = None, more: Iterable[Any] = ()) -> Any:
    served = WORLD["epochs"] if epochs is None else epochs
    chain, refused = sealing.trusted_epochs(WORLD["team"], members(me, more)[0], served, pinned)
    return {"epochs": [e["key_id"] for e in chain], "refused": [one.code for one in refused]}


def close_case_key(author: str, key: Any, epoch: Any, at: str, nonce: str) -> Any:
    case_key = CaseKey(key["id"], from_base64url(key["key"]))
    who, seed = person(author), seed_of(author)
    return sealing.close_case_key(case_key, who, seed, team_key(epoch), at, from_base64url(nonce))


def open_envelope(me: str, envelope: Any, keys: Any, more: Iterable[Any] = ()) -> Any:
    known, _ = members(me, more)
    epochs, _ = sealing.trusted_epochs(WORLD["team"], known, WORLD["epochs"])
    reader = Reader.of(person(me), seed_of(me), known, epochs)
    key = sealing.open_envelope(envelope, reader, ring(keys))
    return {"id": key.id, "key": to_base64url(key.key)}


def open_rescue(file: str, reader: str, author: str) -> Any:
    seed = seed_of(reader)
    signature, content = sealing.open_rescue(file, (seed.box_public, seed.box_secret))
    signed = sealing.rescue_signed_by(signature, content, person(author).sign_public)
    return {"signature": signature, "content": content, "signed": signed}


CALLS: dict[str, Callable[..., Any]] = {
    "kdf": lambda key, subkey, context: to_base64url(
        kdf(from_base64url(key), subkey, context.encode())
    ),
    "derive_master": derive_master,
    "wrap_seed": wrap_seed,
    "open_seed": open_seed,
    "identity": identity,
    "recovery_words": recovery_words,
    "recovery_secret": recovery_secret,
    "recovery_identity": recovery_identity,
    "letter_box": lambda key: to_base64url(team_key(key).letter_box[0]),
    "seal_value": seal_value,
    "open_value": lambda sealed, place, keys: sealing.open_value(
        sealed, Place(**place), ring(keys)
    ),
    "make_statement": make_statement,
    "trusted_members": trusted_members,
    "believe_statements": believe_statements,
    "check_served": check_served,
    "make_epoch": make_epoch,
    "trusted_epochs": trusted_epochs,
    "close_case_key": close_case_key,
    "open_envelope": open_envelope,
    "sign_rescue": lambda author, content: sealing.sign_rescue(content, seed_of(author)),
    "open_rescue": open_rescue,
    "safety_number": lambda a, b: sealing.safety_number(person(a), person(b)),
    "generate_password": lambda arg: sealing.generate_password(bytes.fromhex(arg)),
    "password_problem": sealing.password_problem,
    "canonical_password": sealing.canonical_password,
}


@pytest.mark.parametrize(
    "vector", SEAL["vectors"], ids=[f"{v['call']}: {v['name']}" for v in SEAL["vectors"]]
)
def test_seal_vector(vector: dict[str, Any]) -> None:
    call = CALLS[vector["call"]]
    if "fails" in vector:
        with pytest.raises(KeyProblem) as caught:
            call(**vector["args"])
        assert (caught.value.code, str(caught.value)) == (vector["fails"], vector["fails"])
    else:
        assert call(**vector["args"]) == vector["gives"]


@pytest.mark.parametrize("vector", BROWSER["vectors"], ids=[v["name"] for v in BROWSER["vectors"]])
def test_what_the_browser_sealed(vector: dict[str, Any]) -> None:
    assert CALLS[vector["call"]](**vector["args"]) == vector["gives"]


@pytest.mark.parametrize("vector", WORDS["vectors"], ids=str)
def test_words_vector(vector: dict[str, Any]) -> None:
    assert CALLS[vector["call"]](vector["arg"]) == vector["gives"]


def test_every_call_has_a_vector() -> None:
    assert {v["call"] for v in (*SEAL["vectors"], *WORDS["vectors"])} == set(CALLS)


def test_every_refusal_has_a_vector() -> None:
    """A name nobody can provoke is no protection, and a new one needs its vector."""
    named = {v["fails"] for v in SEAL["vectors"] if "fails" in v}
    gives = [v["gives"] for v in SEAL["vectors"] if "gives" in v]
    named |= {code for g in gives if isinstance(g, dict) for code in g.get("refused", [])}
    assert named == set(Refusal)


def test_the_committed_vectors_are_what_their_maker_makes() -> None:
    assert make_vectors.files() == COMMITTED
