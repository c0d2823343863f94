"""Two teams and their people, made once per process through the front door, then copied per run.

Everybody's phones are signed in; some of them have not synchronised yet, so that a run can bring
a fresh one in at any time.
"""

import random
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask

from server import log, settings
from server.app import create_app
from server.config import Config
from server.db import close_connection, database, rows_of, write_transaction
from server.demo.phone import Phone
from server.demo.store import Store, new_store
from server.demo.wires import Answer, InProcess
from server.ids import new_id
from server.invitations import invite
from server.membership import make_team
from server.sealing import Seed
from tests.databases import Contents, PostgreSQL, contents, restore

START = 1_767_600_000_000
"""Monday, 5 January 2026, 08:00 UTC, in milliseconds."""

PEOPLE = {
    "anna": ("ours", "ab_pap", 3),
    "ben": ("ours", "ab_pap", 3),
    "nora": ("ours", "ab_pap", 1),  # Registered, but nobody has admitted her yet.
    "paul": ("ours", "pap", 3),  # Stands in for the others.
    "zoe": ("theirs", "ab_pap", 1),
}
"""By name: her team, her role, and on how many phones she is signed in."""


@dataclass
class Clock:
    """The time that is right: the server's. Milliseconds since 1970."""

    now: int = START

    def __call__(self) -> int:
        return self.now


@dataclass(frozen=True)
class Member:
    """A person, with what her password gives on every phone of hers."""

    name: str
    user: str
    team: str
    role: str
    login_key: str
    seed: Seed


@dataclass(frozen=True)
class SignedIn:
    """A phone as it lies in the office's template: whose it is, its store, its cookie."""

    member: Member
    profile: dict[str, str]
    store: Store
    cookie: str


class Office:
    """The template. `phones[name]` are the person's phones, the used one first."""

    def __init__(self, kind: str = "sqlite") -> None:
        memory = Path("/dev/shm")
        self.folder = Path(
            tempfile.mkdtemp(prefix="zuzweit-", dir=memory if memory.is_dir() else None)
        )
        self.clock = Clock()
        # Its owner is another account: a server never runs as root.
        self.folder.chmod(0o711)
        self._keeper = _PostgreSQLKeeper(self.folder) if kind == "postgresql" else _FileKeeper()
        self.config = Config(data_dir=self.folder / "data", database_url=self._keeper.url)
        self.members: dict[str, Member] = {}
        self.phones: dict[str, list[SignedIn]] = {}
        with seeded_secrets("office"):
            self.app: Flask = create_app(self.config, clock=self.clock)
            self._open_for_business()
        self.database = database.obj
        self._made = self.snapshot()

    def open_again(self) -> None:
        """The database as it was made, at the time it was made."""
        close_connection()
        # Another test may have opened its own meanwhile.
        database.initialize(self.database)
        self._keeper.put_back(self._made)
        self.clock.now = START

    def snapshot(self) -> Any:
        """Everything in the database as it is now, as a backup has it."""
        kept = self._keeper.keep()
        close_connection()
        return kept

    def go_back(self, snapshot: Any) -> None:
        """The database as it was, as a restore leaves it."""
        given_out = log.next_numbers()
        close_connection()
        self._keeper.put_back(snapshot)
        with write_transaction():
            log.begin_anew(self.clock.now, given_out)
            log.end_all_sessions()

    def close(self) -> None:
        """Remove everything from the disk."""
        close_connection()
        self._keeper.stop()
        shutil.rmtree(self.folder, ignore_errors=True)  # Another end of it may have come first.

    def _open_for_business(self) -> None:
        teams = {name: make_team(name, START).id for name in ("ours", "theirs")}
        first = {name: self._member(teams[team], name) for name, (team, _, _) in PEOPLE.items()}
        first["anna"].found_team()
        first["zoe"].found_team()
        first["anna"].admit(first["ben"])
        first["anna"].admit(first["paul"])
        for name, phone in first.items():
            member = self.members[name]
            self.phones[name] = [_as_it_lies(member, phone)]
            more = (self._another_phone(member) for _ in range(PEOPLE[name][2] - 1))
            self.phones[name].extend(_as_it_lies(member, phone) for phone in more)

    def _member(self, team: str, name: str) -> Phone:
        role = PEOPLE[name][1]
        valid_ms = settings.invitation_ms(team)
        token = invite(team, name, name.title(), role, now=START, valid_ms=valid_ms).token
        wire = _Overheard(self.app)
        phone = Phone(wire, name, self.clock, store=self._store())
        phone.accept(token, f"ein langes Passwort von {name}")
        self.members[name] = Member(name, phone.user, team, role, wire.login_key, phone.seed)
        return phone

    def _another_phone(self, member: Member) -> Phone:
        phone = Phone(InProcess(self.app), member.name, self.clock, store=self._store())
        phone.sign_in(member.login_key, member.seed)
        return phone

    def _store(self) -> Store:
        return new_store(new_id(START))


class _FileKeeper:
    """The open SQLite file, as it was."""

    url = ""  # As a start without any setting makes it.

    def keep(self) -> bytes:
        self._path = Path(database.obj.database)
        rows_of("PRAGMA wal_checkpoint(truncate)")
        return self._path.read_bytes()

    def put_back(self, content: bytes) -> None:
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._path.write_bytes(content)

    def stop(self) -> None:
        """Nothing runs."""


class _PostgreSQLKeeper:
    """A PostgreSQL of its own, and its rows, as they were."""

    def __init__(self, folder: Path) -> None:
        self._server = PostgreSQL(folder / "postgresql")
        self.url = self._server.fresh()

    def keep(self) -> Contents:
        return contents(self.url)

    def put_back(self, rows: Contents) -> None:
        restore(self.url, rows)

    def stop(self) -> None:
        self._server.stop()


class _Overheard(InProcess):
    """Keeps the login key of a registration: deriving it again would take long."""

    login_key = ""

    def ask(self, method: str, path: str, data: bytes) -> Answer:
        _, found, after = data.partition(b'"login_key": "')
        if found:
            self.login_key = after.partition(b'"')[0].decode()
        return super().ask(method, path, data)


def _as_it_lies(member: Member, phone: Phone) -> SignedIn:
    assert isinstance(phone.wire, InProcess)
    return SignedIn(member, phone.profile, phone.store, phone.wire.cookie)


@contextmanager
def seeded_secrets(seed: str) -> Iterator[None]:
    """Ids, keys and nonces drawn from a seed: a run must be repeatable, not secret."""
    chance = random.Random(seed)
    drawn = {
        "token_bytes": lambda count=32: chance.randbytes(count),
        "token_hex": lambda count=32: chance.randbytes(count).hex(),
        "token_urlsafe": lambda count=32: chance.randbytes(count).hex(),
        "randbits": chance.getrandbits,
    }
    with mock.patch.multiple(secrets, **drawn):
        yield
