"""The invented team of the shared vectors: fixed people, keys, statements, epochs, envelopes.

Everything is derived from names by BLAKE2b, so the same world comes out of every run.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeVar

from nacl.bindings import crypto_box, crypto_box_seal_open, crypto_box_seed_keypair

from server.sealing import (
    CaseKey,
    Envelope,
    Epoch,
    Person,
    Place,
    SealingKey,
    Seed,
    Statement,
    TeamKey,
    close_case_key,
    close_team_key,
    from_base64url,
    hand_case_key,
    make_epoch,
    make_statement,
    recovery_seed,
    sign_rescue,
    to_base64url,
)


def material(name: str, length: int = 32) -> bytes:
    """Bytes that look random and are the same every time."""
    return blake2b(name.encode(), digest_size=length).digest()


def an_id(name: str) -> str:
    """An id of the right shape."""
    return material(f"id {name}", 16).hex()


TEAM = an_id("team")
OTHER_TEAM = an_id("other team")
CASE = an_id("case")
OTHER_CASE = an_id("other case")


def day(number: int) -> str:
    """Eight o'clock on a day of the story."""
    return f"2026-03-{number:02}T08:00:00Z"


@dataclass(frozen=True)
class Somebody:
    """A person of the story with her secret."""

    name: str
    user: str
    seed: Seed

    @property
    def person(self) -> Person:
        return Person.of(self.seed, self.user, TEAM)

    def says(self, subject: "Somebody", role: str, at: str) -> Statement:
        return make_statement(self.person, self.seed, subject.person, role, at)

    def mints(self, key: TeamKey, previous: Epoch | None, at: str) -> Epoch:
        return make_epoch(self.person, self.seed, key, previous, at)


def somebody(name: str, seed: str = "") -> Somebody:
    """A person; with another `seed`, the same person after she forgot her password."""
    return Somebody(seed or name, an_id(name), Seed(material(f"seed {seed or name}")))


ANNA = somebody("anna")  # the first aB-pAp
BERTA = somebody("berta")  # the second
DORA = somebody("dora")  # a deputy
PAUL = somebody("paul")  # a pAp
NORA = somebody("nora")  # invited, known to nobody yet
MALLORY = somebody("mallory")  # whoever runs the server
NEW_BERTA = somebody("berta", "new berta")  # after a forgotten password
SHEET_SECRET = material("sheet", 16)
SHEET = Somebody("sheet", an_id("sheet"), recovery_seed(SHEET_SECRET, TEAM))  # on paper
PEOPLE = (ANNA, BERTA, DORA, PAUL, NORA, MALLORY, NEW_BERTA, SHEET)


K = TypeVar("K", bound=SealingKey)


def a_key(kind: type[K], owner: str, name: str) -> K:
    return kind(owner + material(f"key id {name}", 8).hex(), material(f"key {name}"))


FIRST = a_key(TeamKey, TEAM, "first epoch")
SECOND = a_key(TeamKey, TEAM, "second epoch")
PLANTED = a_key(TeamKey, TEAM, "planted epoch")
CASE_KEY = a_key(CaseKey, CASE, "case")
OTHER_CASE_KEY = a_key(CaseKey, OTHER_CASE, "other case")

STATEMENTS = [
    ANNA.says(ANNA, "ab_pap", day(1)),
    ANNA.says(BERTA, "ab_pap", day(2)),
    BERTA.says(ANNA, "ab_pap", day(2)),
    BERTA.says(DORA, "deputy", day(3)),
    DORA.says(BERTA, "ab_pap", day(3)),
    ANNA.says(PAUL, "pap", day(4)),
    PAUL.says(ANNA, "ab_pap", day(4)),
]
EPOCH_1 = ANNA.mints(FIRST, None, day(1))
EPOCH_2 = BERTA.mints(SECOND, EPOCH_1, day(9))
EPOCHS = [EPOCH_1, EPOCH_2]

PLACE = Place(
    TEAM,
    "visit",
    an_id("visit"),
    "observation",
    f"{1_772_352_000_000:012x}0000" + "5a" * 8,
    ANNA.user,
)


def for_case(
    key: CaseKey, author: Somebody, epoch: TeamKey = FIRST, at: str = day(5), name: str = ""
) -> Envelope:
    """A case key closed under an epoch, with a nonce made of the name."""
    nonce = material(f"nonce {name or key.id}", 24)
    return close_case_key(key, author.person, author.seed, epoch, at, nonce)


def for_user(key: TeamKey, author: Somebody, reader: Somebody, at: str = day(5)) -> Envelope:
    """A team key closed for a user, with an ephemeral pair made of names."""
    envelope = close_team_key(key, author.person, author.seed, reader.person, at)
    return _with_named_box(envelope, author, reader)


def handed(key: CaseKey, author: Somebody, reader: Somebody, at: str = day(6)) -> Envelope:
    """A case key closed for somebody the case was handed to, likewise."""
    envelope = hand_case_key(key, author.person, author.seed, reader.person, at)
    return _with_named_box(envelope, author, reader)


def _with_named_box(envelope: Envelope, author: Somebody, reader: Somebody) -> Envelope:
    box = from_base64url(envelope["box"])
    padded = crypto_box_seal_open(box, reader.seed.box_public, reader.seed.box_secret)
    envelope["box"] = sealed_box(padded, reader, name=author.name + envelope["key_id"])
    return envelope


def sealed_box(padded: bytes, reader: Somebody, name: str) -> str:
    """libsodium's crypto_box_seal with a fixed ephemeral pair: anybody can make one."""
    public, secret = crypto_box_seed_keypair(material(f"ephemeral {name}{reader.name}"))
    nonce = blake2b(public + reader.seed.box_public, digest_size=24).digest()
    return to_base64url(public + crypto_box(padded, nonce, reader.seed.box_public, secret))


def rescue_file(content: str, author: Somebody, reader: Somebody) -> str:
    """A rescue file that `reader`'s pair opens, as the server's pair does."""
    signature = from_base64url(sign_rescue(content, author.seed))
    return rescue_box(signature + content.encode(), reader)


def rescue_box(inner: bytes, reader: Somebody) -> str:
    """The same around any bytes."""
    return f"zuzweit-rescue 1\n{sealed_box(inner, reader, 'rescue')}\n"


def world() -> dict[str, Any]:
    """The part of the vectors' file that the vectors refer to by name."""
    return {
        "team": TEAM,
        "people": {
            one.name: {
                "user": one.user,
                "seed": to_base64url(one.seed.secret),
                "box_public": one.person.box_public,
                "sign_public": one.person.sign_public,
            }
            for one in PEOPLE
        },
        "team_keys": [on_paper(FIRST), on_paper(SECOND)],
        "statements": STATEMENTS,
        "epochs": EPOCHS,
    }


def on_paper(key: SealingKey) -> dict[str, str]:
    """A key as the vectors write it."""
    return {"id": key.id, "key": to_base64url(key.key)}
