"""The pushing half of a sync: every envelope and operation gets its verdict.

One request is one write transaction. All rows it touches are loaded at once, merged in memory
by `sync.registers`, and written at once. A bad operation never fails the request; only the same
number with other bytes does, because then two phones believe to be the same device.
"""

from collections.abc import Sequence
from typing import Any

from server.access import Caller
from server.batch import Batch, Touched, parent_of
from server.db import rows_of, write_transaction
from server.envelopes import read_envelope
from server.grants import STANDING_IN, mandate_of
from server.held import HeldOperation, held_before, table_of, waiting_row
from server.ids import is_id
from server.returning import Returned
from server.rows import StoredRow, json_text
from server.sends import Send, Verdict
from server.synced import SCHEMA, SyncedTable
from sync.clock import effective_stamp
from sync.codes import ERRORS
from sync.operation import Problem, check_operation, key_mark, sealed_key_id
from sync.registers import Write

UNKNOWN_HERE = frozenset({"unknown_table", "unknown_column", "unknown_code"})
"""What a newer phone may rightly send to an older server: not wrong, only too early."""


def push(
    caller: Caller,
    sends: Sequence[Send],
    schema: int,
    now_ms: int,
    returned: Returned | None = None,
    locked_out: bool = False,
) -> list[Verdict]:
    """Judges and stores what a device sent; one verdict per number, in the order of `sends`.

    `returned` is what an earlier log gave to some of them. Of a device that is locked out all
    operations are held.

    Raises `device_cloned`, and changes nothing, when a number was used for other bytes before.
    """
    if not sends:
        return []
    with write_transaction():
        mandate = mandate_of(caller, now_ms)
        batch = Judge(caller, schema, now_ms, returned or Returned(), mandate, locked_out)
        known = batch.known_verdicts(sends)
        fresh = [send for send in sends if send.n not in known]
        batch.load(fresh)
        for send in fresh:
            if send.n not in known:
                known[send.n] = batch.judge(send)
        batch.save()
    return [known[n] for n in dict.fromkeys(send.n for send in sends)]


def release(caller: Caller, held: Sequence[HeldOperation], now_ms: int) -> None:
    """Merges late work under its original author and rank, inside the caller's transaction."""
    batch = Judge(caller, SCHEMA, now_ms, Returned())
    batch.load(Send(0, b"", one.parts, is_envelope=False) for one in held)
    for one in held:
        batch.merge_late(one)
    batch.save()


class Judge(Batch):
    """Judges the sends of a batch, one after the other."""

    def judge(self, send: Send) -> Verdict:
        """The verdict on one send; what is accepted is merged in memory, `save` writes it."""
        if send.is_envelope:
            verdict = self._judge_envelope(send)
        else:
            verdict = self._judge_operation(send.n, send.parts)
        if verdict.verdict != "retry":
            self.progress.finish(send.n)
            refused = verdict.verdict == "refused" and not send.is_envelope
            row = self._refused_creation(send.parts, str(verdict.code)) if refused else None
            kept = (verdict.verdict, verdict.code, verdict.field, verdict.effective, row)
            self.verdicts.append((self.caller.device, send.n, send.digest, *kept))
        return verdict

    def _judge_envelope(self, send: Send) -> Verdict:
        parts = {name: part for name, part in send.parts.items() if name != "n"}
        envelope = read_envelope(parts)
        if isinstance(envelope, Problem):
            return _against(send.n, envelope)
        taken = self.keyring.take(envelope, self.seq + 1)
        if isinstance(taken, Problem):
            if self.returned.may_mend(self.caller, taken):
                return Verdict(send.n, "retry", "restoring", taken.field)
            return _against(send.n, taken)
        self.seq += taken
        return Verdict(send.n, "accepted")

    def _judge_operation(self, n: int, op: dict[str, Any]) -> Verdict:
        touched = self.touched_by(op)
        if touched is None:
            return self._not_understood(n, Problem("unknown_table", "table"))
        declared = touched.declared
        creating = _means_creation(declared, op)
        if not self._may_write(declared, creating):
            return self._against_role(n, declared)
        if place := self._erased_place(declared, op):
            return _against(n, Problem("erased", place))
        row = touched.rows.get(op["row"]) if type(op.get("row")) is str else None
        if row is not None and not self._may_see(declared, row):
            row = None
        if row is not None and self.mandate is not None and row.created_by != self.caller.user:
            return _against(n, Problem("role_may_not", "row"))
        if row is not None and (effective := self.already(row, op)):
            return _accepted(n, op["stamp"], effective)
        problem = check_operation(declared.table, op, row is None, self._owner(declared, row))
        malformed = problem is not None and problem.code == "operation_malformed"
        if row is None and not creating and not malformed:
            return self._hold_more(n, declared, op) or self._missing(n, op["row"], "row")
        if problem is not None:
            return self._not_understood(n, problem)
        if nobody := self._names_nobody(n, declared, op["set"]):
            return nobody
        return self._parent_missing(n, declared, row, op) or self._accept(n, touched, row, op)

    def _names_nobody(
        self, n: int, declared: SyncedTable, values: dict[str, Any]
    ) -> Verdict | None:
        """Against a person who is not of the team: nobody could be reminded."""
        named = [values[name] for name in declared.person_columns if values.get(name) is not None]
        if not named:
            return None
        if self.people is None:
            people = rows_of('SELECT id FROM "user" WHERE team = ?', (self.caller.team,))
            self.people = {user for (user,) in people}
        if self.people.issuperset(named):
            return None
        unknown = set(named) - self.people
        wrong = min(name for name in declared.person_columns if values.get(name) in unknown)
        return _against(n, Problem("person_unknown", wrong))

    def _may_see(self, declared: SyncedTable, row: StoredRow) -> bool:
        """Whether a stored row is, or was, among what was handed to the caller."""
        return self.mandate is None or self._case_handed(self._case_of(declared, row, {}))

    def _case_handed(self, case: str | None) -> bool:
        mandate = self.mandate
        return mandate is None or mandate.covers(case) or mandate.covered(case)

    def _case_of(
        self, declared: SyncedTable, row: StoredRow | None, values: dict[str, Any]
    ) -> str | None:
        """The case a row hangs below, as it is stored or as its creation says it."""
        parent = declared.table.parent
        if parent is None:
            return row.id if row else None
        case = row.state.columns.get(parent) if row else values.get(parent)
        return case if isinstance(case, str) else None

    def _hold_more(self, n: int, declared: SyncedTable, op: dict[str, Any]) -> Verdict | None:
        """What follows on a row that is held waits with it, when a sync would accept it."""
        if self.mandate is None and not self.locked_out:
            return None
        caller, row = self.caller, op["row"]
        case = self._held_case(row, declared.name)
        if case is None and (before := held_before(caller.team, caller.user, row, _content(op))):
            case = before[0]
        if case is None:
            return None
        problem = check_operation(declared.table, op, False, case)
        if problem is not None:
            return self._not_understood(n, problem)
        values = op["set"]
        return self._names_nobody(n, declared, values) or (
            self._keyless(n, declared, values) or self._hold(n, case, op)
        )

    def _held_case(self, row: str, table: str) -> str | None:
        """The case of a row of a table that waits for a decision; None when it does not."""
        here = {(one[5], table_of(one[6])): one[4] for one in self.held}
        stored = waiting_row(self.caller.team, self.caller.user, row)
        return here.get((row, table)) or stored.get(table)

    def _is_late(self, case: str, op: dict[str, Any]) -> bool:
        """Whether a write waits for a decision, or has got one: also when it comes again and the
        case is handed to its author for longer. Nothing is merged twice."""
        if self.mandate is None:
            return False
        kept = held_before(self.caller.team, self.caller.user, op["row"], _content(op))
        return kept is not None or not self.mandate.covers(case)

    def _hold(self, n: int, case: str, op: dict[str, Any]) -> Verdict:
        """Keeps late work aside, once; its rank is given at first receipt, as for everything."""
        caller, sent = self.caller, _content(op)
        before = held_before(caller.team, caller.user, op["row"], sent)
        effective = before[1] if before else self._rank(n, op["stamp"])
        if before is None:
            place = (caller.team, caller.device, n, caller.user, case, op["row"])
            self.held.append((*place, sent, effective, self.now_ms))
        return Verdict(n, "held", "late_work", effective=_unless(effective, op["stamp"]))

    def _rank(self, n: int, claimed: str) -> str:
        """The effective stamp of a write that is new here: an earlier log's, or one of now."""
        effective = self.returned.effective(n, claimed, self.now_ms) or effective_stamp(
            claimed, self.now_ms, self.last_effective
        )
        self.last_effective = max(effective, self.last_effective or effective)
        return effective

    def merge_late(self, held: HeldOperation) -> None:
        """Merges what was held, as if it had come in time."""
        op = held.parts
        touched = self.touched[op["table"]]
        row = touched.rows.get(op["row"])
        self.seq += 1
        values = op["set"] if row else op["set"] | self.numbers_for(touched, 0)
        write = Write(values, op.get("base", {}), op["stamp"], held.effective, held.author)
        self.merge(touched, row, op["row"], write)

    def _may_write(self, declared: SyncedTable, creating: bool) -> bool:
        roles = declared.creators if creating else declared.changers
        sees = declared.readers if self.mandate is None else STANDING_IN
        return self.caller.admitted and self.caller.role in roles & sees

    def _against_role(self, n: int, declared: SyncedTable) -> Verdict:
        """Whoever was admitted after a backup is admitted again when phones bring that back."""
        admitted, role = self.caller.admitted, self.caller.role
        if self.returned.waits and not admitted and role in declared.readers:
            return Verdict(n, "retry", "restoring", "table")
        return _against(n, Problem("role_may_not", "table"))

    def _erased_place(self, declared: SyncedTable, op: dict[str, Any]) -> str | None:
        """The part of an operation that names something erased for good."""
        if not self.erased:
            return None
        if op.get("row") in self.erased:
            return "row"
        values = op.get("set")
        link, parent = parent_of(declared, values) if type(values) is dict else (None, None)
        return declared.table.parent if link is not None and parent in self.erased else None

    def _owner(self, declared: SyncedTable, row: StoredRow | None) -> str | None:
        """Whose keys may seal the row, when the operation itself cannot say it."""
        table = declared.table
        if table.key == "team":
            return self.caller.team
        if table.key == "own":
            return self.caller.user if row is None else row.created_by
        if row is None or table.parent is None:
            return None
        owner = row.state.columns.get(table.parent)
        return owner if isinstance(owner, str) else None

    def _parent_missing(
        self, n: int, declared: SyncedTable, row: StoredRow | None, op: dict[str, Any]
    ) -> Verdict | None:
        link, parent = parent_of(declared, op["set"])
        if row is not None or link is None:
            return None
        above = self.touched[link]
        there = parent in above.rows or parent in above.parents
        if there and (self._case_handed(parent) or self._handover_may_return()):
            return None
        if self.locked_out and self._held_case(str(parent), link):
            return None
        return self._missing(n, str(parent), str(declared.table.parent))

    def _handover_may_return(self) -> bool:
        """A restored log may have forgotten who a case was handed to; a locked phone cannot wait
        until somebody brings that back: what it gives up is kept aside all the same."""
        return self.locked_out and self.returned.waits

    def _missing(self, n: int, row: str, place: str) -> Verdict:
        """The verdict on what hangs on a row this team does not have.

        Its creation may be what this device has sent before and was told to keep: then not now.
        """
        if self.progress.open_below(n):
            return Verdict(n, "retry", "row_open", place)
        against = self._refusal_of(row)
        if against is None and self.returned.waits:
            return Verdict(n, "retry", "restoring", place)
        if against != "erased":
            against = "row_refused" if against else "row_unknown"
        return _against(n, Problem(against, place))

    def _refusal_of(self, row: str) -> str | None:
        """Why this device's own creation of a row was refused; None when it was not."""
        if row in self.refused_here:
            return self.refused_here[row]
        if self.refused_before is None:
            refused = "SELECT row, code FROM verdict WHERE device = ? AND row IS NOT NULL"
            self.refused_before = dict(rows_of(refused, (self.caller.device,)))
        return self.refused_before.get(row)

    def _refused_creation(self, op: dict[str, Any], code: str) -> str | None:
        """The row that a refused operation would have made, kept with its verdict."""
        touched = self.touched_by(op)
        row = op.get("row")
        if touched is None or not is_id(row) or not _means_creation(touched.declared, op):
            return None
        stored = touched.rows.get(row)
        if stored is not None and self._may_see(touched.declared, stored):
            return None
        self.refused_here[row] = code
        return row

    def _not_understood(self, n: int, problem: Problem) -> Verdict:
        if self.schema > SCHEMA and problem.code in UNKNOWN_HERE:
            return Verdict(n, "retry", "schema_newer", problem.field)
        return _against(n, problem)

    def _accept(
        self, n: int, touched: Touched, row: StoredRow | None, op: dict[str, Any]
    ) -> Verdict:
        values: dict[str, Any] = op["set"]
        if row is None and op["row"] in touched.rows:
            # Somebody made up the id of a row she may not see.
            return self._missing(n, op["row"], "row")
        if keyless := self._keyless(n, touched.declared, values):
            return keyless
        case = self._case_of(touched.declared, row, values)
        if self.locked_out:
            return self._hold(n, case or op["row"], op)
        if case is not None and self._is_late(case, op):
            return self._hold(n, case, op)
        claimed: str = op["stamp"]
        effective = self._rank(n, claimed)
        self.seq += 1
        if row is None:
            values = values | self.numbers_for(touched, n)
        write = Write(values, op.get("base", {}), claimed, effective, self.caller.user)
        self.merge(touched, row, op["row"], write)
        return _accepted(n, claimed, effective)

    def _keyless(self, n: int, declared: SyncedTable, values: dict[str, Any]) -> Verdict | None:
        """Not now, for a value that is sealed with a key nobody has sent an envelope of."""
        for name, value in values.items():
            if value is None or name not in declared.sealed_columns:
                continue
            mark = key_mark(value)
            if mark in self.stored_keys:
                continue
            if not self.keyring.has_key(sealed_key_id(value)):
                return Verdict(n, "retry", "key_open", name)
            self.stored_keys.add(mark)
        return None


def _content(op: dict[str, Any]) -> str:
    """An operation without its number: what one phone says under several of them is the same."""
    return json_text({name: part for name, part in op.items() if name != "n"})


def _accepted(n: int, claimed: str, effective: str) -> Verdict:
    return Verdict(n, "accepted", effective=_unless(effective, claimed))


def _unless(effective: str, claimed: str) -> str | None:
    """The effective stamp where it says something."""
    return None if effective == claimed else effective


def _against(n: int, problem: Problem) -> Verdict:
    return Verdict(n, str(ERRORS[problem.code][0]), problem.code, problem.field)


def _means_creation(declared: SyncedTable, op: dict[str, Any]) -> bool:
    values = op.get("set")
    return type(values) is dict and not declared.create_columns.isdisjoint(values)
