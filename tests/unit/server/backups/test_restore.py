"""Putting a backup back, and the phones that know more than it: both databases, end to end."""

import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server import erasure, erasure_list, in_use, settings
from server.accounts import Device, Team
from server.app import create_app
from server.backup_file import BackupProblem
from server.backups import back_up
from server.config import Config, ConfigError
from server.db import close_connection, open_database, rows_of, write_transaction
from server.demo.phone import Phone
from server.demo.wires import InProcess, WireProblem
from server.features.cases import ClientCase
from server.in_use import InUse
from server.invitations import invite
from server.membership import make_team
from server.restoring import Restored, restore
from tests.databases import Databases, PostgreSQL, only_postgresql, only_sqlite
from tests.simulation.model import spelled
from tests.unit.server.office import Clock

DAY = 24 * 60 * 60 * 1000
PASSWORD = "fünf Wörter für die Sicherung"
ROOT = Path(__file__).resolve().parents[4]


class Office:
    """A server, and two people with a phone each who come over the front door."""

    def __init__(self, config: Config) -> None:
        self.config, self.clock = config, Clock()
        self.app = create_app(config, clock=self.clock)
        self.team = make_team("U25", self.clock()).id
        self.anna, self.ben = self._phone("anna"), self._phone("ben")
        self.anna.found_team()
        self.anna.admit(self.ben)
        self.meet()

    def _phone(self, name: str) -> Phone:
        valid_ms = settings.invitation_ms(self.team)
        made = invite(self.team, name, name.title(), "ab_pap", now=self.clock(), valid_ms=valid_ms)
        phone = Phone(InProcess(self.app), name, self.clock)
        phone.accept(made.token, PASSWORD)
        return phone

    def meet(self) -> None:
        """Everybody synchronises, twice."""
        for phone in (self.anna, self.ben) * 2:
            phone.sync()

    def back_up(self) -> Path:
        with self.app.app_context():
            return back_up(self.config, self.config.backup_dir, self.clock())

    def erase(self, case: str) -> None:
        with write_transaction():
            gone = erasure.erase(self.team, [case], "2026-11-26T10:00:00Z")
            erasure_list.append(self.config.backup_dir, gone)

    def restore(self, path: Path, over_data: bool = True) -> Restored:
        """The server ends, is restored and begins again; nobody is signed in any more."""
        close_connection()
        self.clock.advance(60_000)
        done = restore(self.config, path, over_data=over_data, now_ms=self.clock())
        self.app = create_app(self.config, clock=self.clock)
        for phone in (self.anna, self.ben):
            assert isinstance(phone.wire, InProcess)
            phone.wire = InProcess(self.app, phone.wire.cookie)
        return done

    def come_back(self) -> None:
        """What a person does when the phone asks for it."""
        for phone in (self.anna, self.ben):
            with pytest.raises(WireProblem, match="sign_in_needed"):
                phone.sync()
            phone.sign_in_with(PASSWORD)
        self.meet()


def rows(phone: Phone) -> dict[Any, Any]:
    return {place: spelled(row) for place, row in phone.store.rows.items()}


@pytest.fixture
def office(config: Config) -> Iterator[Office]:
    yield Office(config)
    close_connection()


def test_two_phones_of_which_one_was_ahead(office: Office) -> None:
    anna, ben = office.anna, office.ben
    first = anna.create_case({"kind": "handover", "name": "Erste", "situation": "am Anfang"})
    gone = anna.create_case({"kind": "handover", "name": "Geht"})
    office.meet()
    path = office.back_up()
    office.clock.advance(DAY // 2)
    second = anna.create_case({"kind": "handover", "name": "Zweite"})
    anna.write("client_case", first, {"situation": "von Anna"})
    ben.write("client_case", first, {"situation": "von Ben"})
    office.meet()
    visit = ben.create("visit", {"case": second, "observation": "Licht an"})
    lost = ben.create("visit", {"case": gone, "observation": "gesehen"})
    office.meet()
    office.erase(gone)
    office.meet()
    before, told = rows(anna), {**anna.store.sent}
    assert ("visit", visit) in before
    assert before == rows(ben)
    assert before["client_case", first]["versions"]["situation"]
    # Ben is ahead: he has written what the server never saw.
    ben.write("visit", visit, {"next_step": "anrufen"})

    done = office.restore(path)
    assert done.erased == 2
    assert done.aside
    office.come_back()
    after = rows(ben)
    assert rows(anna) == after
    columns = after["visit", visit].pop("columns")
    assert columns.pop("next_step")
    after["visit", visit].pop("stamps", None)
    assert columns == before["visit", visit].pop("columns")
    assert after == before
    assert after["client_case", second]["columns"]["pseudonym"] == "U25-003"
    assert {key: one.effective for key, one in anna.store.sent.items()} == {
        key: one.effective for key, one in told.items()
    }
    assert not any(place[1] in {gone, lost} for phone in (anna, ben) for place in phone.store.rows)
    assert rows_of("SELECT count(*) FROM client_case") == [(2,)]
    for store in (anna.store, ben.store):
        assert not store.tray
        assert not store.outbox
    assert anna.read("visit", visit)["next_step"] == "anrufen"


def test_an_admission_and_a_team_key_come_back(config: Config, databases: Databases) -> None:
    office = Office(config)
    path = office.back_up()
    cara = office._phone("cara")
    with write_transaction():
        # As if she had been invited before the backup, and admitted after it.
        kept = rows_of('SELECT * FROM "user" WHERE name = ?', ("cara",))[0]
    office.anna.admit(cara)
    cara.sync()
    case = cara.create_case({"kind": "handover", "name": "Von Cara"})
    cara.sync()
    office.meet()
    office.restore(path)
    marks = ", ".join([("%s" if isinstance(databases, PostgreSQL) else "?")] * len(kept))
    from server.db import database

    admitted = [f.column_name for f in _columns()].index("admitted_at")
    row = [None if i == admitted else value for i, value in enumerate(kept)]
    database.execute_sql(f'INSERT INTO "user" VALUES ({marks})', row)
    cara.wire = InProcess(office.app)
    cara.sign_in_with(PASSWORD)
    # Anna has not come yet: Cara's own phone remembers who admitted her.
    cara.sync()
    assert not cara.store.outbox
    office.come_back()
    assert office.ben.read("client_case", case)["name"] == "Von Cara"
    assert not cara.store.tray
    close_connection()


def _columns() -> list[Any]:
    from server.accounts import User

    return User._meta.sorted_fields


def test_a_locked_phones_session_does_not_live_again(office: Office) -> None:
    path = office.back_up()
    Device.update(revoked_at=1).where(Device.id == office.ben.store.device).execute()
    office.restore(path)
    with pytest.raises(WireProblem, match="sign_in_needed"):
        office.ben.sync()


def test_data_are_not_written_over_unasked(office: Office) -> None:
    case = office.anna.create_case({"kind": "handover", "name": "Bleibt"})
    path = office.back_up()
    office.meet()
    with pytest.raises(BackupProblem, match="--replace"):
        office.restore(path, over_data=False)
    assert [one.id for one in ClientCase.select()] == [case]


def test_the_old_data_stay_aside(office: Office, databases: Databases) -> None:
    path = office.back_up()
    case = office.anna.create_case({"kind": "handover", "name": "Danach"})
    office.meet()
    aside = office.restore(path).aside or ""
    assert ClientCase.select().count() == 0
    close_connection()
    if isinstance(databases, PostgreSQL):
        schema = aside.split()[1]
        open_database(office.config.database_url)
        found = rows_of(f"SELECT id FROM {schema}.client_case")
    else:
        with closing(sqlite3.connect(aside)) as old:
            found = old.execute("SELECT id FROM client_case").fetchall()
    assert found == [(case,)]


def test_into_an_empty_place(office: Office, tmp_path: Path, databases: Databases) -> None:
    office.anna.create_case({"kind": "handover", "name": "Zieht um"})
    office.meet()
    path = office.back_up()
    close_connection()
    elsewhere = replace(
        office.config,
        data_dir=tmp_path / "new",
        database_url=databases.bare(tmp_path),
        backup_dir=tmp_path / "new" / "backups",
    )
    done = restore(elsewhere, path, over_data=False, now_ms=office.clock())
    assert done.aside is None
    open_database(elsewhere.database_url)
    assert [team.name for team in Team.select()] == ["U25"]
    assert ClientCase.select().count() == 1


def test_what_was_erased_is_erased_though_only_one_of_them_knows(
    office: Office, tmp_path: Path
) -> None:
    cases = [office.anna.create_case({"kind": "handover", "name": str(n)}) for n in range(3)]
    office.meet()
    path = office.back_up()
    away = tmp_path / "copies"
    away.mkdir()
    copied = away / path.name
    copied.write_bytes(path.read_bytes())
    office.erase(cases[0])
    (office.config.backup_dir / erasure_list.NAME).rename(away / erasure_list.NAME)
    # The database alone knows of the second.
    erasure.erase(office.team, [cases[1]], "2026-11-26T10:00:00Z")
    assert office.restore(copied).erased == 2
    assert [one.id for one in ClientCase.select()] == [cases[2]]
    listed = {one.id for one in erasure_list.read(office.config.backup_dir)}
    assert listed == set(cases[:2])


def test_a_line_cut_off_by_a_crash_swallows_nothing(tmp_path: Path) -> None:
    one, two = erasure.Erasure("a", "1", "x"), erasure.Erasure("a", "2", "x")
    erasure_list.append(tmp_path, [one])
    with (tmp_path / erasure_list.NAME).open("a") as file:
        file.write('{"team": "a", "id": "9')
    erasure_list.append(tmp_path, [two])
    assert erasure_list.read(tmp_path) == [one, two]


def test_while_somebody_works_here_nothing_is_replaced(office: Office) -> None:
    path = office.back_up()
    program = (
        "import sys; from pathlib import Path; from server import in_use;"
        "in_use.hold(Path(sys.argv[1])); print('there', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(office.config.data_dir)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe) as server:
        assert server.stdout
        assert server.stdin
        assert server.stdout.readline() == "there\n"
        with pytest.raises(InUse, match="läuft noch ein Server"):
            office.restore(path)
        server.stdin.close()
    office.restore(path)
    with in_use.alone(office.config.data_dir), pytest.raises(ConfigError, match="zurückgespielt"):
        in_use.hold(office.config.data_dir)


@only_postgresql
def test_a_server_on_another_machine_is_noticed(office: Office) -> None:
    path = office.back_up()
    assert rows_of("SELECT 1") == [(1,)], "this connection is a server's"
    with pytest.raises(InUse, match="noch ein Server verbunden"):
        restore(office.config, path, over_data=True, now_ms=office.clock())


class TestWhatIsRefused:
    """Nothing has changed afterwards."""

    @pytest.fixture
    def path(self, office: Office) -> Path:
        office.anna.create_case({"kind": "handover", "name": "Bleibt"})
        office.meet()
        return office.back_up()

    def refuses(self, office: Office, path: Path, match: str) -> None:
        before = rows_of("SELECT log_id FROM log"), rows_of("SELECT * FROM client_case")
        folder = {one.name for one in office.config.data_dir.iterdir()}
        with pytest.raises(BackupProblem, match=match):
            office.restore(path)
        assert (rows_of("SELECT log_id FROM log"), rows_of("SELECT * FROM client_case")) == before
        assert {one.name for one in office.config.data_dir.iterdir()} - folder <= {in_use.NAME}

    def test_no_file(self, office: Office, path: Path) -> None:
        self.refuses(office, path.with_name("nichts.zip"), "gibt es nicht")

    def test_a_damaged_file(self, office: Office, path: Path) -> None:
        whole = path.read_bytes()
        # One bit alone may say nothing: a compressed file has more than one spelling.
        place = len(whole) // 2
        turned = bytes(byte ^ 0xFF for byte in whole[place : place + 64])
        path.write_bytes(whole[:place] + turned + whole[place + 64 :])
        self.refuses(office, path, "keine unbeschädigte Sicherung")

    def test_another_kind_of_database(self, office: Office, path: Path) -> None:
        other = self.altered(path, {"kind": "oracle"})
        self.refuses(office, other, "von einer Datenbank der Art oracle")

    @only_sqlite
    def test_one_of_a_newer_program(self, office: Office, path: Path, tmp_path: Path) -> None:
        database = tmp_path / "newer"
        with zipfile.ZipFile(path) as packed:
            database.write_bytes(packed.read("database"))
        with closing(sqlite3.connect(database)) as opened:
            opened.execute("INSERT INTO schema_migration (name, applied) VALUES ('0999_later', 1)")
            opened.commit()
        self.refuses(office, self.altered(path, {}, database), r"neueren Fassung .*0999_later")

    @only_postgresql
    def test_one_of_a_newer_program_on_postgresql(self, office: Office) -> None:
        with write_transaction():
            from server.db import run_many

            run_many(
                "INSERT INTO schema_migration (name, applied) VALUES (?, now())", [("0999_later",)]
            )
        path = office.back_up()
        with write_transaction():
            run_many("DELETE FROM schema_migration WHERE name = ?", [("0999_later",)])
        self.refuses(office, path, r"neueren Fassung .*0999_later")

    @only_sqlite
    def test_a_whole_file_with_a_broken_database(self, office: Office, path: Path) -> None:
        database = path.with_name("broken")
        with zipfile.ZipFile(path) as packed:
            content = packed.read("database")
        database.write_bytes(content[:8192] + b"\x07" * 4096 + content[12288:])
        self.refuses(office, self.altered(path, {}, database), "beschädigt")

    def altered(self, path: Path, about: dict[str, Any], database: Path | None = None) -> Path:
        """The same backup with other words about it, or with another content."""
        import hashlib

        other = path.with_name("other.zip")
        with zipfile.ZipFile(path) as packed, zipfile.ZipFile(other, "w") as made:
            content = database.read_bytes() if database else packed.read("database")
            said = json.loads(packed.read("backup.json"))
            said |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()} | about
            made.writestr("backup.json", json.dumps(said))
            made.writestr("database", content)
        return other


@only_sqlite
def test_over_a_database_that_is_broken_itself(office: Office) -> None:
    office.anna.create_case({"kind": "handover", "name": "Gerettet"})
    office.meet()
    path = office.back_up()
    close_connection()
    file = Path(office.config.database_url.removeprefix("sqlite:///"))
    for part in file.parent.glob(f"{file.name}*"):
        part.write_bytes(b"kaputt" * 1000)
    aside = Path(office.restore(path).aside or "")
    assert aside.read_bytes().startswith(b"kaputt")
    office.come_back()
    assert [row["name"] for row in map(read_case(office), office.ben.store.rows)] == ["Gerettet"]


def read_case(office: Office):
    return lambda place: office.ben.read(*place)
