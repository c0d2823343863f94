"""Every setting, error code, table column and lint exception is documented, or the build fails."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from peewee import Model

import server.app  # Declares every synced table.
import server.records  # Declares what only migrations and plain SQL name.
from server.config import PREFIX, Config
from server.db import close_connection, open_database, rows_of
from server.settings import SETTINGS
from sync.codes import CODES, ERRORS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
OURS = ("server", "sync", "tests", "pwa/src")
GENERATED = {"sync/codes.ts", "sync/tables.ts"}


def sources(*endings: str) -> Iterator[tuple[str, str]]:
    """Path and text of every file of ours with one of these endings."""
    for folder in OURS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in endings and path.is_file():
                yield str(path.relative_to(ROOT)), path.read_text()


def settings_table() -> list[str]:
    """The rows of README's table: name, default, meaning."""
    rows = []
    for setting in fields(Config):
        name = f"`{PREFIX}{setting.name.upper()}`"
        if setting.metadata["plain"]:
            name += f" oder `{setting.name.upper()}`"
        default = f"`{setting.default}`" if setting.default != "" else "–"
        rows.append(f"| {name} | {default} | {setting.metadata['meaning']} |")
    return rows


def test_settings_stand_in_the_readme():
    section = README.split("## Einstellungen", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == settings_table()


def test_what_the_office_decides_stands_in_the_readme():
    section = README.split("## Was die Verwaltung einstellt", 1)[1].split("\n## ", 1)[0]
    rows = section.strip().split("|---|---|---|---|---|\n")[1].splitlines()
    assert rows == [
        f"| {one.title} | `{one.name}` | {one.least} – {one.shown(one.most)} "
        f"| {one.shown(one.default)} | {one.meaning} |"
        for one in SETTINGS.values()
    ]


@pytest.mark.parametrize("code", ERRORS)
def test_error_codes_have_a_kind_and_a_german_sentence(code: str):
    kind, message = ERRORS[code]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
    assert kind in {"refused", "retry", "held", "phone"} or 400 <= int(kind) < 600
    assert re.fullmatch(r"[A-ZÄÖÜ].*[.?!]", message), message
    assert not re.search(r"\b(du|dein|deine|dir)\b", message), "formal Sie"
    assert len(message) < 160


def test_no_error_code_is_dead():
    text = "\n".join(
        text
        for path, text in sources(".py", ".ts", ".tsx")
        if path not in GENERATED | {"sync/codes.py"} and not path.startswith("tests/")
    )
    dead = [code for code in ERRORS if not re.search(rf"[\"'`]{code}[\"'`]", text)]
    assert dead == []


def test_every_error_code_in_use_is_in_the_catalogue():
    used = {
        code
        for _path, text in sources(".py")
        for code in re.findall(r"\b(?:ApiError|Problem)\(\s*\"([a-z_]+)\"", text)
    }
    assert used <= ERRORS.keys()


def test_code_lists_have_labels():
    for name, labels in CODES.items():
        assert labels, name
        assert all(label.strip() == label != "" for label in labels.values()), name
        assert len(set(labels.values())) == len(labels), name


def models() -> dict[str, type[Model]]:
    """Every table's model by its name in the database."""
    assert server.app
    assert server.records

    def below(parent: type[Model]) -> Iterator[type[Model]]:
        for child in parent.__subclasses__():
            yield child
            yield from below(child)

    return {
        model._meta.table_name: model
        for model in below(Model)
        if model.__module__.startswith("server.") and not model.__subclasses__()
    }


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[dict[str, set[str]]]:
    """The columns of every table the migrations make."""
    open_database(f"sqlite:///{tmp_path}/documented.sqlite3")
    names = [
        name
        for (name,) in rows_of("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name != "schema_migration" and not name.startswith("sqlite_")
    ]
    yield {name: {row[1] for row in rows_of(f'PRAGMA table_info("{name}")')} for name in names}
    close_connection()


def test_every_column_says_in_german_what_it_holds(tables: dict[str, set[str]]):
    declared = models()
    assert tables.keys() == declared.keys()
    for table, columns in tables.items():
        found = {field.column_name: field for field in declared[table]._meta.sorted_fields}
        assert found.keys() == columns, table
        for name, field in found.items():
            meaning = getattr(field, "meaning", None) or field.help_text
            assert meaning, f"{table}.{name}"
            assert meaning[0].isupper(), f"{table}.{name}: {meaning}"


EXCEPTION = re.compile(
    r"(?:#\s*(?:noqa|type:\s*ignore|pyright:\s*ignore)|biome-ignore|@ts-(?:ignore|expect-error))"
    r"(?P<rest>[^\n]*)"
)


def reason_of(rest: str) -> str:
    """What stands behind an exception apart from the rules it names."""
    return re.sub(r"^[\s:]*(?:\[[\w, -]*\]|[A-Z]+\d+(?:, ?[A-Z]+\d+)*|[\w/]+:)?[\s#:]*", "", rest)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("# noqa: S608", ""),
        ("# noqa: S608  Names come from our own tables.", "Names come from our own tables."),
        ("# type: ignore[attr-defined] # It is there.", "It is there."),
        ("// biome-ignore lint/style/useConst: it is set below", "it is set below"),
        ("// @ts-expect-error the library has no types", "the library has no types"),
    ],
)
def test_a_reason_is_found(line: str, reason: str):
    found = EXCEPTION.search(line)
    assert found
    assert reason_of(found["rest"]) == reason


def test_every_lint_exception_says_why():
    silent = [
        f"{path}: {found[0]}"
        for path, text in sources(".py", ".ts", ".tsx")
        if path != "tests/unit/test_documented.py"
        for found in EXCEPTION.finditer(text)
        if len(reason_of(found["rest"])) < 8
    ]
    assert silent == []
