"""Declarations: complete, honest about what is clear, and the same in both languages."""

import ast
from pathlib import Path

import pytest

from server import declarations
from server.features import cases, handovers, visits
from server.grants import STANDING_IN
from server.synced import Code, Link, Numbered, Sealed, SyncedModel, Words, synced_table, tables
from sync.codes import ERRORS

ROLES = {"create": {"ab_pap"}, "change": {"ab_pap"}, "see": {"ab_pap"}}
ROOT = Path(__file__).resolve().parents[4]


def test_the_generated_files_are_fresh() -> None:
    assert declarations.generate(check=True) == [], "run: make generate"


def test_a_stale_file_is_named_and_only_written_when_asked(tmp_path: Path) -> None:
    for folder in ("server", "sync"):
        (tmp_path / folder).mkdir()
    for name, text in declarations.generated().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert declarations.generate(check=True, root=tmp_path) == []
    stale = tmp_path / "sync/tables.ts"
    stale.write_text("// yesterday", encoding="utf-8")
    assert declarations.generate(check=True, root=tmp_path) == ["sync/tables.ts"]
    assert stale.read_text(encoding="utf-8") == "// yesterday"
    assert declarations.generate(root=tmp_path) == ["sync/tables.ts"]
    assert declarations.generate(check=True, root=tmp_path) == []


@pytest.mark.parametrize("name", sorted(tables()))
def test_every_column_says_what_it_holds_and_why_it_is_clear(name: str) -> None:
    for column, declared in tables()[name].columns.items():
        assert len(declared.meaning) > 8, column
        assert "\n" not in declared.meaning, column
        assert declared.sealed or (declared.why and declared.why.endswith(".")), column


def test_what_identifies_a_person_is_sealed() -> None:
    clear = {
        f"{name}.{column}"
        for name, table in tables().items()
        for column, declared in table.columns.items()
        if not declared.sealed
    }
    assert clear == {
        "client_case.activation_limit",
        "client_case.closed",
        "client_case.counsellor",
        "client_case.deleted_at",
        "client_case.first_contact",
        "client_case.handed_over",
        "client_case.kind",
        "client_case.pseudonym",
        "client_case.transferring_counsellor",
        "handed_case.case",
        "handed_case.deleted_at",
        "handed_case.deputy",
        "handed_case.starts",
        "handed_case.until",
        "visit.case",
        "visit.companion",
        "visit.contact_made",
        "visit.counsellor",
        "visit.deleted_at",
        "visit.planned_end",
        "visit.planned_start",
        "visit.return_announced",
        "visit.verbis_open",
    }


def test_only_ab_pap_see_all_of_the_team() -> None:
    for table in tables().values():
        assert table.readers == {"ab_pap"}
        assert table.creators - STANDING_IN == table.changers - STANDING_IN == {"ab_pap"}
    models = [cases.ClientCase, handovers.HandedCase, visits.Visit]
    assert [t.model for t in tables().values()] == models


def test_a_handed_case_carries_no_notes_about_the_person() -> None:
    shared = {f"{name}.{column}" for name, table in tables().items() for column in table.shared}
    private = {"situation", "wishes", "target_detail", "observation", "assessment", "wish"}
    private |= {"date_of_birth", "client_number", "target_group", "topics", "core_tasks"}
    assert not {one for one in shared if one.partition(".")[2] in private}
    for name, table in tables().items():
        assert table.table.parent is None or table.table.parent in table.shared, name


def test_every_code_a_verdict_can_carry_has_a_message() -> None:
    used = codes_given("acceptance") | codes_given("batch") | codes_given("envelopes")
    assert {"row_unknown", "row_refused", "key_open", "bad_envelope"} <= used
    for code in used:
        assert ERRORS[code][0] in {"refused", "retry", "held"}, code
        assert ERRORS[code][1].endswith("."), code


def codes_given(module: str) -> set[str]:
    """The codes that a module's verdicts and problems name."""
    tree = ast.parse((ROOT / f"server/{module}.py").read_text(encoding="utf-8"))
    places = {"Problem": 0, "Verdict": 2}
    codes = {"row_refused", "row_unknown"}  # chosen in a variable
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = places.get(node.func.id, len(node.args))
            codes |= {
                str(a.value) for a in node.args[place : place + 1] if isinstance(a, ast.Constant)
            }
    return codes


# A declaration that contradicts itself stops the start


def test_a_clear_column_without_a_reason_stops_the_start() -> None:
    with pytest.raises(ValueError, match="why it is clear"):
        Link("Eine Person")


def test_a_code_list_nobody_knows_stops_the_start() -> None:
    with pytest.raises(ValueError, match="catalogue"):
        Code("Eine Auswahl", codes="colours", why="Weil.")


def declare(**roles):
    """A table made of one create column and one sealed one, under odd rules."""

    @synced_table(**{"key": "case", "parent": None, **ROLES, **roles})
    class Odd(SyncedModel):
        """Eine Tabelle."""

        kind = Code("Art", codes="case_kind", create=True, required=True, why="Weil.")
        name = Sealed("Name")

        class Meta:
            table_name = "odd"

    return Odd


@pytest.mark.parametrize(
    ("roles", "complaint"),
    [
        ({"see": {"everybody"}}, "nobody has the role everybody"),
        ({"key": "none"}, "no sealed column"),
        ({"parent": "name"}, "parent"),
        ({"share": {"shoe_size"}}, "unknown columns shoe_size"),
    ],
)
def test_odd_rules_stop_the_start(roles, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        declare(**roles)
    assert "odd" not in tables()


def test_a_table_no_operation_could_create_a_row_of_stops_the_start() -> None:
    with pytest.raises(ValueError, match="create"):

        @synced_table(key="case", parent=None, **ROLES)
        class Rowless(SyncedModel):
            """Eine Tabelle."""

            name = Words("Name")

    assert "rowless" not in tables()


def test_a_column_cannot_take_the_name_of_the_rows_own() -> None:
    with pytest.raises(ValueError, match="seq"):

        @synced_table(key="case", parent=None, **ROLES)
        class Shadowing(SyncedModel):
            """Eine Tabelle."""

            seq = Numbered("{}", "Zähler", why="Weil.")
            kind = Code("Art", codes="case_kind", create=True, required=True, why="Weil.")

    assert "shadowing" not in tables()
