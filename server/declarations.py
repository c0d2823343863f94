"""What is written from the declarations: `sync/tables.ts`, `sync/codes.ts`, and the privacy page.

Phones learn tables, code lists and messages from these files only. They are kept in the
repository, so that a change of a declaration shows in a review; `generate(check=True)` says which
are stale, and the continuous integration stops at the first.

The text is laid out the way Biome formats it, because nothing formats it afterwards.
"""

from collections.abc import Iterable, Mapping
from json import dumps
from pathlib import Path

from server.privacy_files import privacy_file, privacy_page
from server.synced import SCHEMA, SyncedColumn, SyncedTable, tables
from sync import codes

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 100

_HEAD = "// Written by `zuzweit generate` from {source}. Do not edit.\n"


def generate(check: bool = False, root: Path = ROOT) -> list[str]:
    """Writes what is stale below `root`, or only says so (`check`); returns the stale paths.

    The features must have been imported. Raises OSError where a file cannot be written.
    """
    stale = []
    for path, text in generated().items():
        file = root / path
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        stale.append(path)
        if not check:
            file.write_text(text, encoding="utf-8")
    return stale


def generated() -> dict[str, str]:
    """The generated files' contents by path."""
    return {
        "sync/codes.ts": codes_file(),
        "sync/tables.ts": tables_file(),
        "sync/privacy.ts": privacy_file(),
        "server/PRIVACY.md": privacy_page(),
    }


def codes_file() -> str:
    """The catalogue in TypeScript: one constant and one type per code list, and all messages."""
    parts = [
        _HEAD.format(source="sync/codes.py"),
        "/** Codes with their German labels, in the order people see them. */\n"
        "export type CodeList = Readonly<Record<string, string>>;\n",
    ]
    for name, labels in codes.CODES.items():
        entries = [f"{key}: {_text(label)}" for key, label in labels.items()]
        parts.append(f"export const {_constant(name)}: CodeList = {_object(entries)};\n")
        parts.append(f"export type {_type_of(name)} ={_union(labels)};\n")
    lists = [f"{name}: {_constant(name)}" for name in codes.CODES]
    parts.append(
        "/** Every list by the name a column's declaration uses. */\n"
        f"export const CODES: Readonly<Record<string, CodeList>> = {_object(lists)};\n"
    )
    parts.append(_errors())
    return "\n".join(parts)


def _errors() -> str:
    entries = [
        _entry(code, [_text(kind) if isinstance(kind, str) else str(kind), _text(message)])
        for code, (kind, message) in codes.ERRORS.items()
    ]
    return (
        "/** An HTTP status, a verdict, or `phone` for what arises on the phone alone. */\n"
        'export type ErrorKind = number | "refused" | "retry" | "held" | "phone";\n\n'
        "/** What can go wrong: its kind, and the message people read. */\n"
        "export const ERRORS: Readonly<Record<string, readonly [ErrorKind, string]>> = "
        f"{_object(entries)};\n"
    )


def tables_file() -> str:
    """The tables in TypeScript: declarations and the types of opened values."""
    declared = tables()
    return "\n".join(
        [
            _HEAD.format(source="the declarations in server/features"),
            _imports(declared.values()),
            "/** The number of these declarations, sent as `schema`. */\n"
            f"export const SCHEMA = {SCHEMA};\n",
            f"export type TableName ={_union(declared)};\n",
            "export const TABLES: Readonly<Record<TableName, Table>> = "
            f"{_object([_table(table) for table in declared.values()])};\n",
            *[_values_type(table) for table in declared.values()],
            "/** The opened values of each table's rows. */\n"
            "export interface TableValues {\n"
            + "".join(f"  {name}: {_values_name(name)};\n" for name in declared)
            + "}\n",
        ]
    )


def _imports(declared: Iterable[SyncedTable]) -> str:
    lists = {
        _type_of(column.codes)
        for table in declared
        for column in table.columns.values()
        if column.codes
    }
    names = ", ".join(sorted(lists))
    line = f'import type {{ {names} }} from "./codes";'
    if len(line) > WIDTH:
        line = "import type {\n" + "".join(f"  {name},\n" for name in sorted(lists))
        line += '} from "./codes";'
    return f'{line}\nimport type {{ Table }} from "./operation";\n'


def _table(declared: SyncedTable) -> str:
    table = declared.table
    columns = [_column(name, column) for name, column in declared.columns.items()]
    parts = [
        f"name: {_text(table.name)}",
        f"key: {_text(table.key)}",
        f"parent: {_text(table.parent) if table.parent else 'null'}",
        f"columns: {_object(columns)}",
    ]
    return f"{table.name}: {_object(parts)}"


def _column(name: str, column: SyncedColumn) -> str:
    declared = column.declared()
    parts = [f"kind: {_text(declared.kind)}"]
    parts += ["create: true"] if declared.create else []
    parts += ["required: true"] if declared.required else []
    if declared.codes is not None:
        parts.append(f"codes: [{', '.join(map(_text, declared.codes))}]")
    if declared.link is not None:
        parts.append(f"link: {_text(declared.link)}")
    line = f"{name}: {{ {', '.join(parts)} }}"
    # Biome keeps an object on its line when it was written so and fits.
    return line if len(line) + len("      ,") <= WIDTH else f"{name}: {_object(parts)}"


def _values_type(declared: SyncedTable) -> str:
    lines = [
        f"/** {declared.model.__doc__} */",
        f"export interface {_values_name(declared.name)} {{",
    ]
    for name, column in declared.columns.items():
        null = "" if column.required else " | null"
        lines += [f"  /** {column.meaning} */", f"  {name}: {_value_type(column)}{null};"]
    return "\n".join([*lines, "}\n"])


def _value_type(column: SyncedColumn) -> str:
    if column.codes is None:
        return column.typescript
    one = _type_of(column.codes)
    return f"readonly {one}[]" if column.typescript == "list" else one


def _object(entries: Iterable[str]) -> str:
    """An object literal, one entry a line."""
    lines = "".join(f"{entry},\n" for entry in entries)
    return "{\n" + "".join(f"  {line}\n" for line in lines.splitlines()) + "}"


def _entry(key: str, values: list[str]) -> str:
    """`key: [values]`, broken where Biome breaks it."""
    line = f"{key}: [{', '.join(values)}]"
    if len(line) + len("  ,") <= WIDTH:
        return line
    return f"{key}: [\n" + "".join(f"  {value},\n" for value in values) + "]"


def _union(values: Mapping[str, object]) -> str:
    line = " " + " | ".join(map(_text, values))
    if len(line) <= WIDTH - 40:
        return line
    return "".join(f"\n  | {_text(value)}" for value in values)


def _text(value: str) -> str:
    return dumps(value, ensure_ascii=False)


def _constant(name: str) -> str:
    """The Python constant of a code list, which TypeScript calls the same."""
    return next(
        constant
        for constant, labels in vars(codes).items()
        if constant.isupper() and labels is codes.CODES[name]
    )


def _type_of(name: str) -> str:
    """`place_kind` → `PlaceKind`, `topics` → `Topic`."""
    return _pascal(name.removesuffix("s"))


def _values_name(table: str) -> str:
    return f"{_pascal(table)}Values"


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
