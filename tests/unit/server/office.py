"""An invented office for server tests: people with names and rights, and their phones.

A `Phone` here numbers, stamps and "seals" like a real one, but seals with random bytes: the
server cannot tell, and must not.
"""

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from server.access import Caller
from server.accounts import Device, Epoch, Team, User
from server.db import database, rows_of, write_transaction
from server.ids import new_id
from server.reading import history
from server.sync_endpoint import read_request, sync
from sync.clock import next_stamp

START_MS = 1_790_000_000_000


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    ms: int = START_MS

    def __call__(self) -> int:
        return self.ms

    def advance(self, ms: int) -> None:
        """Let time pass."""
        self.ms += ms


@dataclass
class Phone:
    """One person's phone, as far as the server can tell."""

    caller: Caller
    clock: Callable[[], int]
    epoch: str
    n: int = 0
    node: str = field(default_factory=lambda: secrets.token_hex(8))
    last: str | None = None
    cursor: str | None = None
    log_id: str | None = None

    @property
    def user(self) -> str:
        """Whose phone it is."""
        return self.caller.user

    def stamp(self, ms: int | None = None) -> str:
        """The next claimed stamp by this phone's clock, or by one that shows `ms`."""
        if ms is not None:
            return next_stamp(None, ms, self.node)
        self.last = next_stamp(self.last, self.clock(), self.node)
        return self.last

    def operation(
        self,
        table: str,
        row: str,
        values: dict[str, Any],
        *,
        base: dict[str, list[str]] | None = None,
        ms: int | None = None,
        **changes: Any,
    ) -> dict[str, Any]:
        """The next operation; `changes` replace its parts afterwards."""
        self.n += 1
        made = {"n": self.n, "table": table, "row": row, "stamp": self.stamp(ms), "set": values}
        return {**made, **({} if base is None else {"base": base}), **changes}

    def envelope(self, key_id: str, /, **changes: Any) -> dict[str, Any]:
        """The next envelope: a case key for the team's epoch."""
        self.n += 1
        reader = changes.get("reader", self.epoch)
        return {
            "n": self.n,
            "key_id": key_id,
            "purpose": "case",
            "owner": key_id[:32],
            "reader": self.epoch,
            "author": self.user,
            "at": "2026-09-21T10:00:00Z",
            "box": secrets.token_urlsafe(1072 if len(reader) == 32 else 1064),
            **changes,
        }

    def new_case(self, **values: Any) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
        """(row, key id, envelope, operation) of a new case."""
        row = new_id(self.clock())
        key_id = new_key_id(row)
        sealed_name = {"name": seal(key_id)} if "name" not in values else {}
        envelope = self.envelope(key_id)
        return (
            row,
            key_id,
            envelope,
            self.operation("client_case", row, {"kind": "handover", **sealed_name, **values}),
        )

    def stored_case(self, **values: Any) -> tuple[str, str]:
        """(row, key id) of a case this phone made, sent and had accepted."""
        row, key_id, envelope, operation = self.new_case(**values)
        verdicts = self.send(operation, envelopes=[envelope])["verdicts"]
        assert {verdict["verdict"] for verdict in verdicts} == {"accepted"}, verdicts
        return row, key_id

    def visit(self, case: str, key_id: str, **values: Any) -> tuple[str, dict[str, Any]]:
        """(row, operation) of a new contact."""
        row = new_id(self.clock())
        set_ = {"case": case, "outcome": seal(key_id), "observation": seal(key_id), **values}
        return row, self.operation("visit", row, set_)

    def handover(
        self, case: str, key_id: str, deputy: str, **values: Any
    ) -> tuple[str, dict[str, Any]]:
        """(row, operation) that hands a case to somebody, for the days around START_MS."""
        row = new_id(self.clock())
        days = {"starts": "2026-09-21", "until": "2026-09-30"}
        set_ = {"case": case, "deputy": deputy, **days, "note": seal(key_id), **values}
        return row, self.operation("handed_case", row, set_)

    def body(self, *operations: dict[str, Any], **parts: Any) -> bytes:
        """A request's JSON."""
        message = {
            "protocol": 1,
            "schema": 1,
            "device": self.caller.device,
            "log_id": self.log_id,
            "cursor": self.cursor,
            "now": self.clock(),
            "limit": 500,
            "acknowledged": 0,
            "scope": None,
            "state": None,
            "envelopes": [],
            "operations": list(operations),
        }
        return json.dumps({**message, **parts}, ensure_ascii=False).encode()

    def send(self, *operations: dict[str, Any], **parts: Any) -> dict[str, Any]:
        """One round trip without HTTP; the cursor does not move."""
        answer = sync(self.caller, read_request(self.body(*operations, **parts)), self.clock())
        return json.loads(msgspec.json.encode(answer))

    def verdict(self, *operations: dict[str, Any], **parts: Any) -> dict[str, Any]:
        """The last verdict of one round trip."""
        return self.send(*operations, **parts)["verdicts"][-1]

    def history(self, table: str, row: str) -> list[dict[str, Any]]:
        """What was overwritten in a row, newest first."""
        return json.loads(msgspec.json.encode(history(self.caller, table, row)))

    def pull(self, limit: int = 500) -> dict[str, Any]:
        """All pages from this phone's cursor on: `{rows: {id: row}, envelopes: [...], pages}`."""
        rows: dict[str, Any] = {}
        envelopes: list[dict[str, Any]] = []
        pages = 0
        while True:
            answer = self.send(limit=limit)
            assert len(answer["rows"]) + len(answer["envelopes"]) <= limit
            rows |= {row["id"]: row for row in answer["rows"]}
            envelopes += answer["envelopes"]
            self.cursor, self.log_id = answer["cursor"], answer["log_id"]
            pages += 1
            if not answer["more"]:
                return {"rows": rows, "envelopes": envelopes, "pages": pages}


@dataclass
class Office:
    """Two teams. In the first: two admitted aB-pAp with a phone each, one who is not admitted
    yet, and one person of each other role; in the second an admitted aB-pAp."""

    clock: Clock
    team: str
    other_team: str
    anna: Phone
    berta: Phone
    newcomer: Phone
    deputy: Phone
    pap: Phone
    team_leader: Phone
    admin: Phone
    stranger: Phone

    @property
    def without_rights(self) -> dict[str, Phone]:
        """The people of the first team who must see nothing."""
        return {
            "newcomer": self.newcomer,
            "deputy": self.deputy,
            "pap": self.pap,
            "team_leader": self.team_leader,
            "admin": self.admin,
        }


def found(clock: Clock) -> Office:
    """Writes the office into the open database."""
    with write_transaction():
        team, epoch = _team(clock)
        other_team, other_epoch = _team(clock)

        def phone(name: str, role: str, *, admitted: bool = True) -> Phone:
            return _phone(clock, team, epoch, name, role, admitted)

        anna = phone("anna", "ab_pap")
        _epoch(team, epoch, anna.user)
        stranger = _phone(clock, other_team, other_epoch, "stranger", "ab_pap", True)
        _epoch(other_team, other_epoch, stranger.user)
        return Office(
            clock=clock,
            team=team,
            other_team=other_team,
            anna=anna,
            berta=phone("berta", "ab_pap"),
            newcomer=phone("newcomer", "ab_pap", admitted=False),
            deputy=phone("deputy", "deputy"),
            pap=phone("pap", "pap"),
            team_leader=phone("leader", "team_leader"),
            admin=phone("admin", "admin"),
            stranger=stranger,
        )


def another_phone(phone: Phone) -> Phone:
    """A second, empty phone of the same person."""
    device = new_id(phone.clock())
    now = phone.clock()
    Device.create(id=device, user=phone.user, label="Zweitgerät", created_at=now, last_contact=now)
    caller = Caller(phone.user, device, phone.caller.team, phone.caller.role, phone.caller.admitted)
    return Phone(caller, phone.clock, phone.epoch)


def _team(clock: Clock) -> tuple[str, str]:
    team = new_id(clock())
    Team.create(id=team, name="Team", state_mark=secrets.token_hex(16), created_at=clock())
    return team, new_key_id(team)


def _phone(clock: Clock, team: str, epoch: str, name: str, role: str, admitted: bool) -> Phone:
    user, device, now = new_id(clock()), new_id(clock()), clock()
    User.create(
        id=user,
        team=team,
        name=name,
        display_name=name.capitalize(),
        role=role,
        created_at=now,
        registered_at=now,
        admitted_at=now if admitted else None,
        box_public=secrets.token_urlsafe(32),
        sign_public=secrets.token_urlsafe(32),
    )
    Device.create(id=device, user=user, label="Diensthandy", created_at=now, last_contact=now)
    return Phone(Caller(user, device, team, role, admitted), clock, epoch)


def _epoch(team: str, key_id: str, author: str) -> None:
    Epoch.create(
        team=team,
        epoch=1,
        key_id=key_id,
        public=secrets.token_urlsafe(32),
        previous="",
        author=author,
        at="2026-09-21T10:00:00Z",
        signature=secrets.token_urlsafe(64),
    )


def new_key_id(owner: str) -> str:
    """A key id of an owner's."""
    return owner + secrets.token_hex(8)


def seal(key_id: str, length: int = 64) -> str:
    """A well-formed sealed value that nobody can open."""
    data = b"\x01" + bytes.fromhex(key_id) + secrets.token_bytes(24 + length + 16)
    return urlsafe_b64encode(data).decode()


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the database, table by table."""
    tables = sorted(database.get_tables())
    return {table: sorted(rows_of(f'SELECT * FROM "{table}"'), key=repr) for table in tables}
