"""Shared rows as they lie in the database, as they are merged and as they travel.

One row travels between three forms: a tuple of the database, a `RowState` to merge writes into,
and the JSON of PROTOCOL.md ("A row"). All three are made in bulk, without a model instance per
row: a first sync reads ten thousand of them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec

from server.db import marks, rows_of, run_many
from server.synced import SyncedTable, YesNo
from sync.registers import Overwritten, RowState, Stamps, Value, Version

_encode = msgspec.json.encode
_decode_stamps = msgspec.json.Decoder(dict[str, Stamps]).decode
_decode_versions = msgspec.json.Decoder(dict[str, list[Version]]).decode
_decode_named = msgspec.json.Decoder(dict[str, list[str]]).decode
_decode_names = msgspec.json.Decoder(list[str]).decode

_HEAD = ("seq", "id", "created_by", "stamp_claimed", "stamp_effective", "stamp_author")
_REST = ("own_stamps", "versions", "named", "empties")
_FIRST_VALUE = len(_HEAD) + len(_REST)


class StoredRow(NamedTuple):
    """A row with all that is kept about it besides its team."""

    seq: int
    id: str
    created_by: str
    state: RowState


class Rows:
    """The rows of one declared table, in any team. `rows_in` gives the one instance per table."""

    def __init__(self, declared: SyncedTable):
        self.declared = declared
        self.names = tuple(declared.columns)
        self._yes_no = frozenset(
            name for name, column in declared.columns.items() if isinstance(column, YesNo)
        )
        columns = (*_HEAD, *_REST, *self.names)
        listed = ", ".join(map(_quoted, columns))
        table = _quoted(declared.name)
        changing = [_quoted(name) for name in columns if name not in {"id", "created_by"}]
        changes = ", ".join(f"{name} = excluded.{name}" for name in changing)
        # Every name in these statements comes from a declaration, none from a request.
        self._select = f"SELECT {listed} FROM {table} WHERE team = ?"  # noqa: S608 (see above)
        self._ids = f"SELECT id FROM {table} WHERE team = ?"  # noqa: S608 (see above)
        values = f"(team, {listed}) VALUES (?{', ?' * len(columns)})"
        self._insert = f"INSERT INTO {table} {values}"
        self._upsert = f"{self._insert} ON CONFLICT (team, id) DO UPDATE SET {changes}"

    def load(self, team: str, ids: Collection[str]) -> dict[str, StoredRow]:
        """Those of the rows `ids` that this team has, by id."""
        return {row[1]: self._stored(row) for row in self.some(team, ids)}

    def some(self, team: str, ids: Collection[str]) -> list[tuple[Any, ...]]:
        """The database tuples of those of the rows `ids` that this team has."""
        if not ids:
            return []
        return rows_of(f"{self._select} AND id IN ({marks(ids)})", (team, *ids))

    def known(self, team: str, ids: Collection[str]) -> set[str]:
        """Those of `ids` that are rows of this team."""
        if not ids:
            return set()
        return {row[0] for row in rows_of(f"{self._ids} AND id IN ({marks(ids)})", (team, *ids))}

    def says(self, team: str, column: str, value: Value) -> bool:
        """Whether a row of this team has `value` in a declared column."""
        # Asked about what a restored log gets back, and seldom: no index is worth it.
        return bool(rows_of(f'{self._ids} AND "{column}" = ? LIMIT 1', (team, value)))

    def save(self, team: str, rows: Iterable[StoredRow], new: bool) -> None:
        """Writes rows; `new` promises that none of them exists yet."""
        run_many(self._insert if new else self._upsert, (self._tuple_of(team, row) for row in rows))

    def page(
        self, team: str, after: tuple[int, str], upto: int, limit: int
    ) -> list[tuple[Any, ...]]:
        """At most `limit` database tuples with `after` < (seq, id) and seq <= `upto`, in order."""
        return rows_of(
            f"{self._select} AND (seq, id) > (?, ?) AND seq <= ? ORDER BY seq, id LIMIT ?",
            (team, *after, upto, limit),
        )

    def page_of_cases(
        self, team: str, cases: Sequence[str], after: tuple[int, str], limit: int
    ) -> list[tuple[Any, ...]]:
        """Like `page`, of these cases alone."""
        case = _quoted(self.declared.table.parent or "id")
        return rows_of(
            f"{self._select} AND {case} IN ({marks(cases)}) AND (seq, id) > (?, ?) "
            "ORDER BY seq, id LIMIT ?",
            (team, *cases, *after, limit),
        )

    def wire(self, row: Sequence[Any], only: Collection[str] | None = None) -> dict[str, Any]:
        """A database tuple as it travels: every column that was ever written, of those in `only`.

        The stamps and versions of columns that do not travel stay here as well.
        """
        claimed, effective, author, own, versions, _, empties = row[3:_FIRST_VALUE]
        message: dict[str, Any] = {
            "table": self.declared.name,
            "id": row[1],
            "created_by": row[2],
            "stamp": (claimed, effective, author),
            "columns": self._columns_of(row, empties),
        }
        if own is not None:
            message["stamps"] = msgspec.Raw(own.encode())
        if versions is not None:
            message["versions"] = msgspec.Raw(versions.encode())
        return message if only is None else _without_others(message, only)

    def _columns_of(self, row: Sequence[Any], empties: str | None) -> dict[str, Value]:
        values = zip(self.names, row[_FIRST_VALUE:], strict=True)
        columns = {name: value for name, value in values if value is not None}
        for name in self._yes_no & columns.keys():
            columns[name] = bool(columns[name])
        if empties is not None:
            columns |= dict.fromkeys(_decode_names(empties))
        return columns

    def _stored(self, row: Sequence[Any]) -> StoredRow:
        claimed, effective, author, own, versions, named, empties = row[3:_FIRST_VALUE]
        state = RowState(
            stamp=(claimed, effective, author),
            columns=self._columns_of(row, empties),
            stamps={} if own is None else _decode_stamps(own),
            named={} if named is None else _decode_named(named),
            versions={} if versions is None else _decode_versions(versions),
        )
        return StoredRow(row[0], row[1], row[2], state)

    def _tuple_of(self, team: str, row: StoredRow) -> tuple[Any, ...]:
        state = row.state
        columns = state.columns
        if self._yes_no:
            truths = {name: columns[name] for name in self._yes_no & columns.keys()}
            columns = columns | {name: None if v is None else int(v) for name, v in truths.items()}
        empties = None
        if None in columns.values():
            empties = [name for name, value in columns.items() if value is None]
        return (
            team,
            row.seq,
            row.id,
            row.created_by,
            *state.stamp,
            _json_or_null(state.stamps),
            _json_or_null(state.versions),
            _json_or_null(state.named),
            _json_or_null(empties),
            *map(columns.get, self.names),
        )


@cache
def rows_in(declared: SyncedTable) -> Rows:
    """The rows of a declared table."""
    return Rows(declared)


def stamps_in(state: RowState) -> Iterator[Stamps]:
    """(claimed, effective, author) of every write that still shows in the row."""
    yield state.stamp
    yield from state.stamps.values()
    for versions in state.versions.values():
        yield from ((claimed, effective, author) for _, claimed, effective, author in versions)


def writes_in(state: RowState) -> Iterator[Overwritten]:
    """Every write to one column that still shows in the row, a register or a version."""
    for column, value in state.columns.items():
        yield Overwritten(column, value, *state.stamps.get(column, state.stamp))
    for column, versions in state.versions.items():
        for version in versions:
            yield Overwritten(column, *version)


def json_text(value: Any) -> str:
    """A value as compact JSON."""
    return _encode(value).decode()


def _without_others(message: dict[str, Any], only: Collection[str]) -> dict[str, Any]:
    """A row's message with the columns in `only` alone."""
    parts = {"columns": message["columns"]}
    if "stamps" in message:
        parts["stamps"] = _decode_stamps(message["stamps"])
    if "versions" in message:
        parts["versions"] = _decode_versions(message["versions"])
    cut = {
        part: {name: value for name, value in values.items() if name in only}
        for part, values in parts.items()
    }
    head = {name: part for name, part in message.items() if name not in parts}
    return head | {part: values for part, values in cut.items() if values or part == "columns"}


def _json_or_null(value: Any) -> str | None:
    return json_text(value) if value else None


def _quoted(name: str) -> str:
    return f'"{name}"'
