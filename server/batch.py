"""One request's sends in memory, between one read and one write of the database.

All rows they touch are loaded at once, merged by `sync.registers`, and written at once with the
verdicts and the history. What is accepted is decided in `server/acceptance.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from server.access import Caller
from server.db import locked_rows_of, rows_of, run_many, with_lists
from server.envelopes import Keyring
from server.erasure import erased_among
from server.errors import ApiError
from server.grants import Mandate
from server.held import keep
from server.ids import is_id
from server.returning import Returned
from server.rows import StoredRow, json_text, rows_in, stamps_in, writes_in
from server.sends import Progress, Send, Verdict
from server.synced import SyncedTable, tables
from sync.clock import is_stamp
from sync.registers import Overwritten, Write, apply_write


@dataclass
class Touched:
    """The rows of one table that a batch asks for: as stored, then as merged."""

    declared: SyncedTable
    rows: dict[str, StoredRow] = field(default_factory=dict)
    parents: set[str] = field(default_factory=set)
    created: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)


class Batch:
    """The rows, verdicts and counts of one request, inside one write transaction."""

    def __init__(
        self,
        caller: Caller,
        schema: int,
        now_ms: int,
        returned: Returned,
        mandate: Mandate | None = None,
        locked_out: bool = False,
    ):
        self.caller, self.schema, self.now_ms = caller, schema, now_ms
        self.returned, self.mandate, self.locked_out = returned, mandate, locked_out
        team = "SELECT seq, pseudonym_next FROM team WHERE id = ?"
        self.seq, self.pseudonym_next = locked_rows_of(team, (caller.team,))[0]
        self.last_effective, highest_n = self._device()
        self.progress = Progress(caller.device, highest_n)
        self.keyring = Keyring(caller)
        self.touched = {name: Touched(declared) for name, declared in tables().items()}
        self.verdicts: list[tuple[Any, ...]] = []
        self.history: list[tuple[Any, ...]] = []
        self.held: list[tuple[Any, ...]] = []
        self.stored_keys: set[str] = set()
        self.people: set[str] | None = None
        self.overwritten: dict[tuple[str, str], list[Overwritten]] = {}
        self.erased: set[str] = set()
        self.refused_here: dict[str, str] = {}
        self.refused_before: dict[str, str] | None = None

    def _device(self) -> tuple[str | None, int]:
        """Where the device stands. While it waited for its turn it may have been locked out:
        raises `sign_in_needed` then, unless it gives up what it has."""
        found = rows_of(
            "SELECT d.last_effective, d.highest_n, d.revoked_at, u.disabled_at FROM device d "
            'JOIN "user" u ON u.id = d."user" WHERE d.id = ?',
            (self.caller.device,),
        )
        out = not found or any(since is not None for since in found[0][2:])
        if out and not self.locked_out:
            raise ApiError("sign_in_needed")
        return found[0][0], found[0][1]

    def known_verdicts(self, sends: Sequence[Send]) -> dict[int, Verdict]:
        """The verdicts already given to these numbers; raises `device_cloned`."""
        digests: dict[int, bytes] = {}
        for send in sends:
            if digests.setdefault(send.n, send.digest) != send.digest:
                raise ApiError("device_cloned")
        known: dict[int, Verdict] = {}
        for n, digest, *verdict in self._stored_verdicts(list(digests)):
            if digests[n] != bytes(digest):
                raise ApiError("device_cloned")
            known[n] = Verdict(n, *verdict)
        return known

    def _stored_verdicts(self, numbers: list[int]) -> list[tuple[Any, ...]]:
        return rows_of(
            with_lists(
                "SELECT n, sha256, verdict, code, field, effective FROM verdict "
                "WHERE device = ? AND n IN (*)",
                numbers,
            ),
            (self.caller.device, *numbers),
        )

    def load(self, sends: Iterable[Send]) -> None:
        """Reads every row the operations name, and knows which of their parents exist."""
        wanted: dict[str, set[str]] = {name: set() for name in self.touched}
        parents: dict[str, set[str]] = {name: set() for name in self.touched}
        for send in sends:
            touched = None if send.is_envelope else self.touched_by(send.parts)
            row, values = send.parts.get("row"), send.parts.get("set")
            if touched is None or not is_id(row) or type(values) is not dict:
                continue
            wanted[touched.declared.name].add(row)
            link, parent = parent_of(touched.declared, values)
            if link is not None and is_id(parent):
                parents[link].add(parent)
        for name, touched in self.touched.items():
            rows = rows_in(touched.declared)
            touched.rows = rows.load(self.caller.team, wanted[name])
            touched.parents = rows.known(self.caller.team, parents[name] - wanted[name])
        named = set[str]().union(*wanted.values(), *parents.values())
        self.erased = erased_among(self.caller.team, named)
        self.keyring.look_up(self._cases(set[str]().union(*parents.values())))
        self._load_overwritten([send.parts.get("stamp") for send in sends])

    def _cases(self, parents: set[str]) -> set[str]:
        """The cases whose keys may seal what came: `parents`, and those of what is there."""
        cases: set[Any] = set(parents)
        for touched in self.touched.values():
            parent = touched.declared.table.parent
            if parent is None:
                cases.update(touched.rows)
            else:
                cases.update(row.state.columns.get(parent) for row in touched.rows.values())
        return set(filter(is_id, cases))

    def _load_overwritten(self, stamps: Iterable[Any]) -> None:
        rows = [row for touched in self.touched.values() for row in touched.rows]
        claimed = set(filter(is_stamp, stamps))
        if not rows or not claimed:
            return
        found = rows_of(
            with_lists(
                'SELECT row, "column", value, claimed, effective, author FROM history '
                "WHERE team = ? AND row IN (*) AND claimed IN (*) AND author = ?",
                rows,
                claimed,
            ),
            (self.caller.team, *rows, *claimed, self.caller.user),
        )
        for row, column, value, *stamp in found:
            write = Overwritten(column, msgspec.json.decode(value), *stamp)
            self.overwritten.setdefault((row, write.claimed), []).append(write)

    def touched_by(self, op: dict[str, Any]) -> Touched | None:
        name = op.get("table")
        return self.touched.get(name) if type(name) is str else None

    def already(self, row: StoredRow, op: dict[str, Any]) -> str | None:
        """The effective stamp of this very write, when the row has seen it under another number.

        A cloned phone numbers its outbox anew, and may send what its twin has sent before. The
        values must be the same as well: nobody's words are taken for sent by mistake.
        """
        claimed, values = op.get("stamp"), op.get("set")
        if type(claimed) is not str or type(values) is not dict or not values:
            return None
        seen = self.overwritten.get((row.id, claimed), [])
        if any(stamps[0] == claimed for stamps in stamps_in(row.state)):
            me = self.caller.user
            shown = [w for w in writes_in(row.state) if w.claimed == claimed and w.author == me]
            seen = seen + shown
        same = [w for w in seen if w.column in values and values[w.column] == w.value]
        for effective in {w.effective for w in same}:
            if {w.column for w in same if w.effective == effective} == values.keys():
                return effective
        return None

    def numbers_for(self, touched: Touched, n: int) -> dict[str, str]:
        """What the server writes into a new row: names with the team's next number.

        A row that a phone brings back keeps the name it had.
        """
        given = {}
        for name, column in touched.declared.numbered_columns.items():
            taken = partial(self._is_taken, touched, name)
            earlier = self.returned.number(n, name, column.pattern, self.pseudonym_next, taken)
            number = earlier or self.pseudonym_next
            given[name] = column.pattern.format(number)
            self.pseudonym_next = max(self.pseudonym_next, number + 1)
        return given

    def _is_taken(self, touched: Touched, column: str, name: str) -> bool:
        made = (touched.rows[row].state.columns.get(column) for row in touched.created)
        return name in made or rows_in(touched.declared).says(self.caller.team, column, name)

    def merge(self, touched: Touched, row: StoredRow | None, row_id: str, write: Write) -> None:
        table, seq = touched.declared.table, self.seq
        state, lost = apply_write(row.state if row else None, write, table.text_columns)
        created_by = row.created_by if row else write.author
        touched.rows[row_id] = StoredRow(seq, row_id, created_by, state)
        (touched.changed if row else touched.created).add(row_id)
        for old in lost:
            stamps = (old.claimed, old.effective, old.author)
            place = (self.caller.team, row_id, seq, old.column, table.name)
            self.history.append((*place, json_text(old.value), *stamps))
            if old.author == self.caller.user:
                self.overwritten.setdefault((row_id, old.claimed), []).append(old)

    def save(self) -> None:
        """Writes what was accepted, with all verdicts and the new counts."""
        self.keyring.save()
        keep(self.held, self.caller.team)
        for touched in self.touched.values():
            self._save_rows(touched)
        run_many(_INSERT_HISTORY, self.history)
        run_many(_INSERT_VERDICT, self.verdicts)
        device = (self.last_effective, self.progress.watermark, self.caller.device)
        run_many("UPDATE device SET last_effective = ?, highest_n = ? WHERE id = ?", [device])
        team = (self.seq, self.pseudonym_next, self.caller.team)
        run_many("UPDATE team SET seq = ?, pseudonym_next = ? WHERE id = ?", [team])

    def _save_rows(self, touched: Touched) -> None:
        rows = rows_in(touched.declared)
        for ids, new in ((touched.created, True), (touched.changed - touched.created, False)):
            if ids:
                rows.save(self.caller.team, (touched.rows[row] for row in ids), new)


def parent_of(declared: SyncedTable, values: dict[str, Any]) -> tuple[str | None, Any]:
    """(table, id) of the row this one hangs below, as a creation says it; (None, None) if none."""
    parent = declared.table.parent
    if parent is None:
        return None, None
    return declared.columns[parent].link, values.get(parent)


_INSERT_VERDICT = (
    "INSERT INTO verdict (device, n, sha256, verdict, code, field, effective, row) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_HISTORY = (
    'INSERT INTO history (team, row, seq, "column", "table", value, claimed, effective, author) '
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
