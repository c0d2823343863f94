"""Every endpoint and every table, tried by everybody.

A new endpoint or table without an entry here fails: who adds one says who may use it. Whoever
must see nothing gets the same answer about a thing that exists and about one that does not, and
no word of the team's rows.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest

from server.db import close_connection
from server.ids import new_id
from server.instants import instant
from server.membership import make_team
from server.sealing import TeamKey, close_team_key, make_epoch, make_statement
from server.synced import SyncedTable, tables
from sync.clock import next_stamp
from tests.unit.server import office_endpoints
from tests.unit.server.accounts.office import START, Answer, Browser, Colleague, Office
from tests.unit.server.office import dump, new_key_id, seal
from tests.unit.server.well_formed import ACCEPT, DEVICE, PASSWORD, SHEET

ROLES = ("ab_pap", "deputy", "pap", "team_leader", "admin")
OUTSIDE = (
    "newcomer",
    "deputy",
    "pap",
    "team_leader",
    "admin",
    "foreign_admin",
    "stranger",
    "nobody",
)
EVERYBODY = ("ab_pap", *OUTSIDE)

SEE_CREATE_CHANGE = {"see", "create", "change"}
TABLE_RIGHTS: dict[str, dict[str, set[str]]] = {
    "client_case": {"ab_pap": SEE_CREATE_CHANGE},
    "visit": {"ab_pap": SEE_CREATE_CHANGE},
    "handed_case": {"ab_pap": SEE_CREATE_CHANGE},
}
"""What each admitted role may do in her own team; a role that is missing sees nothing."""


@dataclass
class World:
    """A team with a row in every table, everybody who could come to it, and their answers."""

    office: Office
    people: dict[str, Colleague] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    key_id: str = ""
    epoch: str = ""
    sent: Counter[str] = field(default_factory=Counter)

    def browser(self, who: str) -> Browser:
        return self.people[who].browser if who in self.people else self.office.browser()

    def number(self, who: str) -> int:
        self.sent[who] += 1
        return self.sent[who]

    def operation(self, who: str, table: str, row: str, values: dict[str, Any]) -> dict[str, Any]:
        n = self.number(who)
        stamp = next_stamp(None, START + n, "0" * 16)
        return {"n": n, "table": table, "row": row, "stamp": stamp, "set": values}

    def sync(self, who: str, *operations: dict[str, Any], **parts: Any) -> Answer:
        device = self.people[who].device if who in self.people else "0" * 32
        body = {"protocol": 1, "schema": 1, "device": device, "now": START, "limit": 500}
        return self.browser(who).post("/api/sync", {**body, "operations": operations, **parts})

    def values(self, declared: SyncedTable, row: str) -> dict[str, Any]:
        """A value for every column a phone may write, good for creating `row`."""
        case = row if declared.table.parent is None else self.rows["client_case"]
        owners = {"case": case, "team": self.office.team, "own": self.people["ab_pap"].user}
        key_id = self.key_id if declared.table.key == "case" else ""
        if not key_id.startswith(owners[declared.table.key]):
            key_id = new_key_id(owners[declared.table.key])
        made = {
            "code": lambda column: column.codes[0],
            "day": lambda _: "2026-05-28",
            "instant": lambda _: "2026-05-28T10:00:00Z",
            "int": lambda _: 1,
            "bool": lambda _: True,
            "id": lambda column: self.rows[column.link] if column.link else owners["own"],
            "sealed": lambda _: seal(key_id),
            "text": lambda _: seal(key_id),
        }
        return {
            name: made[column.kind](column)
            for name, column in declared.table.columns.items()
            if column.kind != "label" and name != "deleted_at"
        }


@pytest.fixture
def world(open_office: Callable[..., Office]) -> Iterator[World]:
    office = open_office()
    world = World(office)
    founder = office.colleague("gruenderin")
    key = TeamKey.new(office.team)
    world.epoch = key.id
    assert founder.browser.post("/api/epochs", founder.epoch(key)).status == 200
    world.people["ab_pap"] = founder
    for role in ROLES[1:]:
        world.people[role] = office.colleague(role, role)
        assert founder.vouch_for(world.people[role]).status == 200
    world.people["newcomer"] = office.colleague("neue")
    elsewhere = office.colleague("fremde", team=make_team("Anderswo", START).id)
    assert elsewhere.found_team().status == 200
    world.people["stranger"] = elsewhere
    world.people["foreign_admin"] = office.colleague("amt", "admin", team=elsewhere.team)
    _store_a_row_of_each_table(world)
    yield world
    close_connection()


def _store_a_row_of_each_table(world: World) -> None:
    for name, declared in tables().items():
        row = new_id(START)
        envelopes = []
        if name == "client_case":
            world.key_id = new_key_id(row)
            envelopes = [_envelope(world, "ab_pap", world.key_id, world.epoch)]
        world.rows[name] = row
        values = world.values(declared, row)
        verdicts = world.sync(
            "ab_pap", world.operation("ab_pap", name, row, values), envelopes=envelopes
        ).json["verdicts"]
        assert {verdict["verdict"] for verdict in verdicts} == {"accepted"}, verdicts


def _envelope(world: World, who: str, key_id: str, reader: str) -> dict[str, Any]:
    author = world.people[who].user
    parts = {"purpose": "case", "owner": key_id[:32], "reader": reader, "author": author}
    return {
        "n": world.number(who),
        "key_id": key_id,
        **parts,
        "at": instant(START),
        "box": "A" * 1419,
    }


# --- endpoints -----------------------------------------------------------------------------


class Said(NamedTuple):
    """What an answer comes to."""

    status: int
    code: str | None = None


NOT_FOUND = Said(404, "not_found")
OK, UNKNOWN = Said(200), Said(404, "row_unknown")
SIGN_IN, GONE = Said(401, "sign_in_needed"), Said(410, "invitation_invalid")
NOT_ALLOWED, NOT_ADMITTED = Said(403, "not_allowed"), Said(403, "not_admitted")
NOT_YET_IN = {"newcomer": NOT_ADMITTED, "foreign_admin": NOT_ADMITTED, "nobody": SIGN_IN}

Try = Callable[[World, str], Answer]


def get(path: str) -> Try:
    return lambda world, who: world.browser(who).get(path)


def post(path: str, body: Any) -> Try:
    return lambda world, who: world.browser(who).post(path, body)


def foreign_device(world: World, who: str) -> Answer:
    device = world.people["deputy" if who != "deputy" else "pap"].device
    return world.browser(who).post("/api/devices", {"id": device, "label": "Telefon"})


def statement(world: World, who: str) -> Answer:
    """Vouching for a newcomer, as if one could."""
    me = world.people.get(who, world.people["ab_pap"])
    subject = world.people["newcomer" if who != "newcomer" else "deputy"]
    word = make_statement(me.person, me.seed, subject.person, subject.role, instant(START + 1))
    keys = [
        close_team_key(
            TeamKey.new(world.office.team), me.person, me.seed, subject.person, instant(START)
        )
    ]
    envelopes = [] if who == "ab_pap" else [{**key} for key in keys]
    return world.browser(who).post("/api/statements", {"statement": word, "envelopes": envelopes})


def epoch(world: World, who: str) -> Answer:
    """A next team key for the team."""
    me = world.people.get(who, world.people["ab_pap"])
    key, at = TeamKey.new(world.office.team), instant(START)
    pull = world.sync("ab_pap").json["state"]["epochs"][0]
    body = {
        "epoch": {**make_epoch(me.person, me.seed, key, pull, at), "team": world.office.team},
        "envelopes": [{**close_team_key(key, me.person, me.seed, me.person, at)}],
    }
    return world.browser(who).post("/api/epochs", body)


def history(world: World, who: str) -> Answer:
    return world.browser(who).get(f"/api/history/client_case/{world.rows['client_case']}")


def everybody(said: Said, **but: Said) -> dict[str, Said]:
    return {who: but.get(who, said) for who in EVERYBODY}


def wrong_login(world: World, who: str) -> Answer:
    """Guessing somebody's password; each at another door, for they close for a while."""
    name = EVERYBODY[EVERYBODY.index(who) - 1]
    body = {"name": name, "login_key": "A" * 43, "device": DEVICE}
    return world.browser(who).post("/api/login", body)


WRONG_SIGN_IN = Said(401, "wrong_sign_in")
ENDPOINTS: dict[tuple[str, str], tuple[Try, dict[str, Said]]] = {
    ("GET", "/api/session"): (get("/api/session"), everybody(OK)),
    ("POST", "/api/login/parameters"): (
        post("/api/login/parameters", {"name": "gruenderin"}),
        everybody(OK),
    ),
    ("POST", "/api/login"): (wrong_login, everybody(WRONG_SIGN_IN)),
    ("POST", "/api/logout"): (post("/api/logout", {}), everybody(OK)),
    ("POST", "/api/password"): (
        post("/api/password", PASSWORD),
        everybody(WRONG_SIGN_IN, nobody=SIGN_IN),
    ),
    ("POST", "/api/devices"): (
        foreign_device,
        everybody(Said(409, "device_taken"), nobody=SIGN_IN),
    ),
    ("POST", "/api/invitation/open"): (
        post("/api/invitation/open", {"token": "A" * 43}),
        everybody(GONE),
    ),
    ("POST", "/api/invitation/accept"): (
        post("/api/invitation/accept", ACCEPT),
        everybody(GONE),
    ),
    ("POST", "/api/statements"): (
        statement,
        everybody(
            NOT_ALLOWED,
            ab_pap=OK,
            stranger=Said(404, "not_found"),
            foreign_admin=Said(404, "not_found"),
            nobody=SIGN_IN,
        ),
    ),
    ("POST", "/api/epochs"): (
        epoch,
        everybody(NOT_ALLOWED, ab_pap=OK, newcomer=NOT_ADMITTED, nobody=SIGN_IN),
    ),
    ("POST", "/api/recovery"): (
        post("/api/recovery", SHEET),
        everybody(
            NOT_ALLOWED,
            newcomer=NOT_ADMITTED,
            foreign_admin=NOT_ADMITTED,
            nobody=SIGN_IN,
        ),
    ),
    ("POST", "/api/recovery/use"): (
        post("/api/recovery/use", SHEET),
        everybody(
            NOT_ALLOWED, ab_pap=NOT_FOUND, newcomer=NOT_FOUND, stranger=NOT_FOUND, nobody=SIGN_IN
        ),
    ),
    ("POST", "/api/remembered"): (
        post("/api/remembered", {"statements": [], "epochs": [], "envelopes": []}),
        everybody(OK, nobody=SIGN_IN),
    ),
    ("POST", "/api/sync"): (lambda world, who: world.sync(who), everybody(OK, nobody=SIGN_IN)),
    ("GET", "/api/history/<table>/<row>"): (
        history,
        everybody(UNKNOWN, ab_pap=OK, nobody=SIGN_IN),
    ),
    ("POST", "/api/cases"): (
        lambda world, who: world.browser(who).post(
            "/api/cases", {"cases": [world.rows["client_case"]]}
        ),
        everybody(NOT_ALLOWED, ab_pap=OK, stranger=OK, **NOT_YET_IN),
    ),
    ("POST", "/api/held"): (
        post("/api/held", {"row": "1" * 32, "decision": "released"}),
        everybody(NOT_ALLOWED, ab_pap=NOT_FOUND, stranger=NOT_FOUND, **NOT_YET_IN),
    ),
    ("POST", "/api/surrender"): (post("/api/surrender", {}), everybody(SIGN_IN)),
    ("GET", "/health"): (get("/health"), everybody(OK)),
    ("GET", "/healthz"): (get("/healthz"), everybody(OK)),
    ("GET", "/verwaltung/office.css"): (get("/verwaltung/office.css"), everybody(OK)),
}


# The office: admins alone, and each sees and touches her own team only.
ENDPOINTS |= {
    endpoint: (
        attempt,
        everybody(Said(404), admin=Said(own), foreign_admin=Said(foreign)),
    )
    for endpoint, (attempt, own, foreign) in office_endpoints.ENDPOINTS.items()
}


NAMES_CASES = {("admin", ("GET", "/verwaltung/herausgaben"))}
"""Where somebody who receives no rows may read pseudonyms of the team's cases all the same."""


def test_every_endpoint_has_an_entry(world: World) -> None:
    served = {
        (method, rule.rule)
        for rule in world.office.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == ENDPOINTS.keys()


@pytest.mark.parametrize("endpoint", sorted(ENDPOINTS), ids=" ".join)
def test_an_endpoint_answers_everybody_as_it_should(
    world: World, endpoint: tuple[str, str]
) -> None:
    attempt, expected = ENDPOINTS[endpoint]
    secrets, pseudonyms = _words_of_the_rows(world), {"U25-001"}
    assert pseudonyms < secrets
    strangers = {"stranger", "foreign_admin"}
    members = {p.user for who, p in world.people.items() if who not in strangers} | {"gruenderin"}
    for who in (*OUTSIDE, "ab_pap"):
        answer = attempt(world, who)
        assert Said(answer.status, answer.code) == expected[who], who
        text = answer.text
        named = pseudonyms if (who, endpoint) in NAMES_CASES else set()
        assert who == "ab_pap" or not [word for word in secrets - named if word in text], who
        # Whoever is not of the team does not even learn who is.
        outside = who in {*strangers, "nobody"}
        assert not outside or not [word for word in members if word in text], who


def _words_of_the_rows(world: World) -> set[str]:
    """Everything that only those who may see rows may receive."""
    answer = world.sync("ab_pap").json
    assert {row["table"] for row in answer["rows"]} == tables().keys()
    words = {row["id"] for row in answer["rows"]} | {e["box"] for e in answer["envelopes"]}
    words |= {e["key_id"] for e in answer["envelopes"] if e["purpose"] != "team"}
    for row in answer["rows"]:
        declared = tables()[row["table"]]
        labels = declared.sealed_columns | declared.numbered_columns.keys()
        words |= {row["columns"][name] for name in labels}
    return words


# --- tables --------------------------------------------------------------------------------


def may(who: str, table: str) -> set[str]:
    """What somebody may do to rows of the team; a stranger writes in her own only."""
    return TABLE_RIGHTS[table].get(who, set())


def test_every_table_has_an_entry() -> None:
    assert tables().keys() == TABLE_RIGHTS.keys()


@pytest.mark.parametrize("table", sorted(TABLE_RIGHTS))
def test_who_receives_rows(world: World, table: str) -> None:
    for who in (*OUTSIDE[:-1], "ab_pap"):
        answer = world.sync(who).json
        received = [row["id"] for row in answer["rows"] if row["table"] == table]
        assert received == ([world.rows[table]] if "see" in may(who, table) else []), who
        everything = world.browser(who).get(f"/api/history/{table}/{world.rows[table]}")
        assert everything.status == (200 if "see" in may(who, table) else 404), who


@pytest.mark.parametrize("table", sorted(TABLE_RIGHTS))
def test_history_says_the_same_of_a_row_that_does_not_exist(world: World, table: str) -> None:
    for who in OUTSIDE[:-1]:
        if "see" in may(who, table):
            continue
        asked = [world.rows[table], new_id(START)]
        answers = [world.browser(who).get(f"/api/history/{table}/{row}") for row in asked]
        assert answers[0].json == answers[1].json, who
        assert (answers[0].status, answers[1].status) == (404, 404)


@pytest.mark.parametrize("table", sorted(TABLE_RIGHTS))
@pytest.mark.parametrize("who", OUTSIDE[:-1])
def test_who_may_not_write_changes_nothing_and_learns_nothing(
    world: World, who: str, table: str
) -> None:
    declared = tables()[table]
    before = _everything_but_answers()
    heard: list[set[tuple[Any, ...]]] = []
    for row in (world.rows[table], new_id(START)):
        change = {"deleted_at": "2026-05-28T10:00:00Z"}
        tried = []
        if "change" not in may(who, table):
            tried.append(change)
        if "create" not in may(who, table) and who != "stranger":
            tried.append(world.values(declared, row))
        operations = [world.operation(who, table, row, values) for values in tried]
        verdicts = world.sync(who, *operations).json["verdicts"]
        heard.append({(v["verdict"], v["code"], v["field"]) for v in verdicts})
        assert len(verdicts) == len(operations)
    assert heard[0] == heard[1]
    assert {verdict for verdict, _, _ in heard[0]} <= {"refused"}
    assert _everything_but_answers() == before


@pytest.mark.parametrize("table", sorted(TABLE_RIGHTS))
def test_a_stranger_who_writes_under_a_foreign_id_touches_her_own_team_only(
    world: World, table: str
) -> None:
    declared = tables()[table]
    row = world.rows[table]
    before = world.sync("ab_pap").json["rows"]
    me = world.people["stranger"].user
    envelope = _envelope(world, "stranger", world.key_id, _epoch_of(world, "stranger"))
    creation = world.operation("stranger", table, row, world.values(declared, row))
    answer = world.sync("stranger", creation, envelopes=[envelope]).json
    assert {found["created_by"] for found in answer["rows"]} <= {me}
    assert {found["author"] for found in answer["envelopes"]} == {me}
    assert world.sync("ab_pap").json["rows"] == before


def _epoch_of(world: World, who: str) -> str:
    return world.sync(who).json["state"]["epochs"][0]["key_id"]


def test_an_envelope_for_a_foreign_case_is_answered_like_one_for_no_case(world: World) -> None:
    reader = _epoch_of(world, "stranger")
    keys = (new_key_id(world.rows["client_case"]), new_key_id(new_id(START)))
    envelopes = [_envelope(world, "stranger", key, reader) for key in keys]
    verdicts = world.sync("stranger", envelopes=envelopes).json["verdicts"]
    assert {**verdicts[0], "n": 0} == {**verdicts[1], "n": 0}


def _everything_but_answers() -> dict[str, Any]:
    return {name: rows for name, rows in dump().items() if name not in {"verdict", "device"}}
