"""The database: opened by many at once, migrated once, and as the models say."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from peewee import IntegrityError, Model, PeeweeException
from playhouse.schema_diff import diff_models

from server.accounts import Team
from server.db import (
    DatabaseAddressError,
    close_connection,
    database,
    locked,
    migrate,
    open_database,
    read_snapshot,
    rows_of,
    run_many,
    write_transaction,
)
from server.schema_check import declared_models
from tests.databases import Databases, only_postgresql, only_sqlite
from tests.unit.server.office import Office, Phone, dump, seal

STARTER = """
import sys
from server.db import close_connection, database, open_database, rows_of
sys.stdin.readline()
open_database(sys.argv[1])
print(len(rows_of("SELECT log_id FROM log")), len(rows_of("SELECT * FROM schema_migration")))
close_connection()
"""


def all_models() -> list[type[Model]]:
    """Every model of the server."""
    return declared_models()


def test_four_processes_that_start_at_once_migrate_once(
    tmp_path: Path, databases: Databases
) -> None:
    url = databases.bare(tmp_path)
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", STARTER, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    outputs = [starter.communicate("go\n", timeout=60) for starter in starters]
    assert [starter.returncode for starter in starters] == [0] * 4, outputs
    assert {out for out, _ in outputs} == {outputs[0][0]}
    assert outputs[0][0].startswith("1 ")


def test_the_migrated_tables_are_the_models_tables(fresh_database: str) -> None:
    assert fresh_database
    models = all_models()
    kept = {model._meta.table_name for model in models}
    assert kept == set(database.get_tables()) - {"schema_migration"}
    assert not diff_models(database.obj, models)
    for model in models:
        stored = {column.name: column for column in database.get_columns(model._meta.table_name)}
        for field in model._meta.sorted_fields:
            column = stored.pop(field.column_name)
            assert column.null == field.null, f"{model.__name__}.{field.name}"
            declared = field.ddl_datatype(database.get_sql_context()).sql
            assert column.data_type.upper() == declared
        assert stored == {}, f"{model.__name__} does not know all its columns"
        indexes = {tuple(i.columns): i.unique for i in database.get_indexes(model._meta.table_name)}
        for columns, unique in model._meta.indexes:
            assert indexes[tuple(columns)] == unique


@only_sqlite
def test_types_are_enforced_by_the_database(fresh_database: str) -> None:
    assert fresh_database
    loose = [
        name
        for name, sql in rows_of("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        if "STRICT" not in sql
    ]
    assert loose == ["schema_migration"]


@only_sqlite
def test_what_is_committed_is_on_the_disk(fresh_database: str) -> None:
    assert fresh_database
    assert rows_of("PRAGMA journal_mode") == [("wal",)]
    assert rows_of("PRAGMA synchronous") == [(2,)]
    assert rows_of("PRAGMA foreign_keys") == [(1,)]


@only_postgresql
def test_a_snapshot_cannot_write(fresh_database: str) -> None:
    assert fresh_database
    with pytest.raises(PeeweeException, match="read-only"), read_snapshot():
        run_many("UPDATE log SET log_id = ?", [("other",)])


@only_postgresql
def test_a_connection_that_was_cut_is_opened_again(app: Flask, fresh_database: str) -> None:
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    with psycopg.connect(fresh_database, autocommit=True) as other:
        others = "pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        cut = other.execute(f"SELECT pg_terminate_backend(pid) FROM {others}")
        assert cut.rowcount == 1
    answer = client.get("/api/session")
    if answer.status_code == 503:
        assert answer.json is not None
        assert answer.json["code"] == "busy"
        answer = client.get("/api/session")
    assert answer.status_code == 200


@only_postgresql
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda url: url.replace("/test_", "/none_"), "gibt es nicht"),
        (lambda _: "postgresql://nobody:geheim@127.0.0.1:1/zuzweit", "antwortet nicht"),
        (lambda url: url.replace("//postgres:@", "//nobody:geheim@"), "Name oder Passwort"),
        (lambda _: "postgresql://a:geheim@/x?nonsense=1", "nicht lesbar"),
    ],
)
def test_a_postgresql_that_does_not_let_us_in_is_said(
    fresh_database: str, change: Callable[[str], str], said: str
) -> None:
    with pytest.raises(DatabaseAddressError, match=said) as raised:
        open_database(change(fresh_database))
    assert "geheim" not in str(raised.value)


def test_a_second_start_finds_nothing_to_do(fresh_database: str) -> None:
    before = dump()
    assert migrate() == []
    open_database(fresh_database)
    assert dump() == before


@pytest.mark.parametrize("url", ["", "zuzweit.db", "sqlite://", "sqlite:///", "mysql://x/y"])
def test_an_address_nobody_can_open_is_said(url: str) -> None:
    with pytest.raises(DatabaseAddressError, match="sqlite:///"):
        open_database(url)


def test_a_write_that_fails_leaves_nothing(office: Office) -> None:
    before = dump()
    with pytest.raises(IntegrityError):
        rename_and_fail(office.team)
    assert dump() == before


def rename_and_fail(team: str) -> None:
    """Two writes, of which the second is not possible."""
    with write_transaction():
        run_many("UPDATE team SET name = ? WHERE id = ?", [("other", team)])
        run_many("INSERT INTO log (log_id) VALUES (?)", rows_of("SELECT log_id FROM log"))


def test_no_write_transaction_inside_a_read_snapshot(office: Office) -> None:
    assert office
    with (
        pytest.raises(RuntimeError, match="read snapshot"),
        read_snapshot(),
        write_transaction(),
    ):
        pass
    with write_transaction(), read_snapshot(), write_transaction():
        run_many("UPDATE team SET name = ? WHERE id = ?", [("new", office.team)])
    assert rows_of("SELECT name FROM team WHERE id = ?", (office.team,)) == [("new",)]


def test_a_snapshot_is_one_moment(office: Office, clock: object) -> None:
    assert clock
    with read_snapshot():
        before = rows_of("SELECT seq FROM team WHERE id = ?", (office.team,))
        elsewhere(office.berta.stored_case)
        assert rows_of("SELECT seq FROM team WHERE id = ?", (office.team,)) == before
    assert rows_of("SELECT seq FROM team WHERE id = ?", (office.team,)) != before


def test_two_who_push_at_once_are_numbered_one_after_the_other(office: Office) -> None:
    case, key_id = office.anna.stored_case()

    def busy(phone: Phone) -> None:
        for _ in range(15):
            operation = phone.operation("client_case", case, {"phone": seal(key_id)})
            assert phone.verdict(operation)["verdict"] == "accepted"

    threads = [in_thread(lambda phone=phone: busy(phone)) for phone in (office.anna, office.berta)]
    for thread, problems in threads:
        thread.join(60)
        assert problems == []
    assert rows_of("SELECT seq FROM team WHERE id = ?", (office.team,)) == [(2 + 30,)]
    numbers = [item["seq"] for item in office.anna.history("client_case", case)]
    assert len(set(numbers)) == len(numbers) == 29
    assert office.anna.pull()["rows"] == office.berta.pull()["rows"]


def elsewhere(work) -> None:
    """Does something in another thread, over a connection of its own, and waits for it."""
    thread, problems = in_thread(work)
    thread.join(60)
    assert problems == []


def in_thread(work) -> tuple[threading.Thread, list[BaseException]]:
    problems: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as problem:  # noqa: BLE001 (handed to the test)
            problems.append(problem)
        finally:
            close_connection()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, problems


def test_locked_rows_are_the_rows(office: Office) -> None:
    with write_transaction():
        team = locked(Team.select().where(Team.id == office.team)).get()
    assert team.id == office.team
