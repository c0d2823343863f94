"""The privacy page forgets nothing, and the threat model nobody."""

import pytest

import server.app  # Declares every table.
from server import privacy, threats
from server.privacy_files import privacy_page
from server.schema_check import declared_models
from server.synced import tables
from sync.codes import ROLES

assert server.app


def test_every_table_and_column_of_the_database_is_told() -> None:
    told = privacy.shared_tables() | privacy.own_tables()
    assert told.keys() == {model._meta.table_name for model in declared_models()}
    every_row = privacy.of_every_row().columns.keys()
    for model in declared_models():
        columns = {field.column_name for field in model._meta.sorted_fields}
        table = model._meta.table_name
        known = told[table].columns.keys() | (every_row if table in tables() else set())
        assert columns == known, table
        assert all(one.meaning for one in told[table].columns.values()), table


def test_what_is_clear_says_why() -> None:
    for name, declared in tables().items():
        for column, told in privacy.shared_tables()[name].columns.items():
            assert told.sealed == (column in declared.sealed_columns)
            assert told.sealed or told.why, f"{name}.{column}"
            assert told.shared == (column in declared.shared)


def test_a_table_without_a_purpose_stops_the_generation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(privacy.PURPOSES, "device")
    with pytest.raises(KeyError):
        privacy_page()


def test_no_purpose_outlives_its_table() -> None:
    assert privacy.PURPOSES.keys() == privacy.own_tables().keys()
    assert privacy.TITLES.keys() == privacy.shared_tables().keys()


def test_every_role_is_in_the_threat_model_once() -> None:
    named = [role for threat in threats.threats() for role in threat.roles]
    assert sorted(named) == sorted(ROLES)


def test_whoever_sees_a_table_is_not_told_to_be_blind() -> None:
    [blind] = [one for one in threats.threats() if "admin" in one.roles]
    for declared in tables().values():
        assert not declared.readers & blind.roles


def test_the_counts_are_those_of_the_declarations() -> None:
    columns = [column for declared in tables().values() for column in declared.columns.values()]
    sealed = sum(column.sealed for column in columns)
    thief = threats.threats()[0]
    assert f"{len(columns) - sealed} Angaben in {len(tables())} gemeinsamen" in thief.can[0]
    assert f"{sealed} Angaben" in thief.cannot[0]
    assert all(threat.can and threat.cannot for threat in threats.threats())


def test_the_page_tells_all_of_it() -> None:
    page = privacy_page()
    for register in (privacy.shared_tables() | privacy.own_tables()).values():
        assert f"### {register.title}\n" in page
        for name, told in register.columns.items():
            assert f"| `{name}` | {told.meaning} |" in page
    for threat in threats.threats():
        assert f"### {threat.who}\n" in page
        assert all(f"- {one}\n" in page for one in (*threat.can, *threat.cannot))
