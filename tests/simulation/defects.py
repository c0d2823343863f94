"""Defects put into the engine or the phone on purpose: the simulator must find each of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from typing import Any
from unittest import mock

from server import (
    acceptance,
    batch,
    envelopes,
    erasure,
    grants,
    held,
    log,
    reading,
    remembered,
    returning,
    sharing,
    sync_endpoint,
)
from server.accounts import Team
from server.db import database, rows_of
from server.demo.phone import Phone
from server.demo.store import Send, Store
from server.rows import rows_in
from server.synced import tables
from sync.clock import effective_stamp
from sync.registers import RowState, Write, apply_write
from tests.simulation.weather import PhoneKilled
from tests.simulation.world import DAY, Carried

Defect = Callable[[], AbstractContextManager[Any]]
Batch = acceptance.Judge


def _forget_verdicts() -> AbstractContextManager[Any]:
    """Every request is new to the server."""
    stack = ExitStack()
    insert = batch._INSERT_VERDICT.replace("INSERT", "INSERT OR REPLACE", 1)
    stack.enter_context(mock.patch.object(batch, "_INSERT_VERDICT", insert))
    stack.enter_context(mock.patch.object(Batch, "known_verdicts", return_value={}))
    stack.enter_context(mock.patch.object(Batch, "already", return_value=None))
    return stack


def _trust_numbers() -> AbstractContextManager[Any]:
    """A known number gets its verdict whatever its bytes: a clone's entries are lost."""

    def known(self: Any, sends: Sequence[acceptance.Send]) -> dict[int, acceptance.Verdict]:
        stored = self._stored_verdicts(list({send.n for send in sends}))
        return {n: acceptance.Verdict(n, *rest) for n, _, *rest in stored}

    return mock.patch.object(Batch, "known_verdicts", known)


def _take_twins_words_for_sent() -> AbstractContextManager[Any]:
    """Whatever carries a known stamp counts as sent, also when a clone wrote something else."""

    def already(_: Any, row: Any, op: Mapping[str, Any]) -> str | None:
        stamps = batch.stamps_in(row.state)
        return next((s[1] for s in stamps if s[0] == op["stamp"]), None)

    return mock.patch.object(Batch, "already", already)


def _merge(change: Callable[[RowState], RowState], keep_lost: bool = True) -> Defect:
    def merge(state: Any, write: Write, text_columns: Any) -> Any:
        merged, lost = apply_write(state, write, text_columns)
        return change(merged), lost if keep_lost else []

    return lambda: mock.patch.object(batch, "apply_write", merge)


def _last_to_arrive_wins() -> AbstractContextManager[Any]:
    """A register takes what arrives, whatever its rank."""

    def merge(state: RowState | None, write: Write, text_columns: Any) -> Any:
        merged, lost = apply_write(state, write, text_columns)
        ours = (write.claimed, write.effective, write.author)
        stamps = merged.stamps | dict.fromkeys(write.set, ours)
        return merged._replace(columns=merged.columns | dict(write.set), stamps=stamps), lost

    return mock.patch.object(batch, "apply_write", merge)


def _stamp(effective: Callable[[str, int, str | None], str]) -> Defect:
    return lambda: mock.patch.object(acceptance, "effective_stamp", effective)


def _skip_a_row() -> AbstractContextManager[Any]:
    """The cursor moves past the first thing that did not fit on the page."""
    cut = reading.cut

    def skip(found: dict[str, list[Any]], order: list[str], limit: int) -> Any:
        cursor, more = cut(dict(found), order, limit + 1)
        cut(found, order, limit)
        return cursor, more

    return mock.patch.object(reading, "cut", skip)


def _lose_commits() -> AbstractContextManager[Any]:
    """Every ninth answer names verdicts whose transaction never reached the disk."""
    number = count(1)

    @contextmanager
    def forgetful() -> Iterator[None]:
        with database.atomic("IMMEDIATE") as transaction:
            yield
            if next(number) % 9 == 0:
                transaction.rollback()

    return mock.patch.object(acceptance, "write_transaction", forgetful)


def _refuse_the_early() -> AbstractContextManager[Any]:
    """What hangs on a row that is still open is refused instead of kept waiting."""
    return mock.patch.object(batch.Progress, "open_below", return_value=False)


def _show_everybody() -> AbstractContextManager[Any]:
    """Rows for every role, admitted or not."""
    return mock.patch.object(reading, "visible_tables", return_value=tables())


def _mix_teams() -> AbstractContextManager[Any]:
    """Everybody is shown the first team's envelopes."""
    page = envelopes.page

    def mixed(caller: Any, after: tuple[int, str], limit: int) -> Any:
        first = rows_of("SELECT id FROM team ORDER BY id LIMIT 1")[0][0]
        mine = page(caller, after, limit)
        if caller.team == first or after[0] > 0:
            return mine
        # Under a number of her own team's: one beyond it would mean a log that went back in time.
        theirs = page(replace(caller, team=first), after, limit)
        return sorted([*((1, *row[1:]) for row in theirs), *mine])[:limit]

    return mock.patch.object(envelopes, "page", mixed)


def _lose_envelopes() -> AbstractContextManager[Any]:
    """A key is judged and never written."""
    return mock.patch.object(envelopes.Keyring, "save")


def _number_twice() -> AbstractContextManager[Any]:
    """The same pseudonym for every case."""
    save = Batch.save

    def forget(self: Any) -> None:
        save(self)
        Team.update(pseudonym_next=1).execute()

    return mock.patch.object(Batch, "save", forget)


def _clear_before_the_verdict() -> AbstractContextManager[Any]:
    """The phone forgets what it has sent, whether or not an answer comes."""
    exchange = Phone.exchange

    def hasty(self: Phone, batch: Sequence[Send], limit: int) -> bool:
        gone = {send.key for send in batch}
        keep = tuple(send for send in self.store.outbox if send.key not in gone)
        try:
            return exchange(self, batch, limit)
        finally:
            self.store = replace(self.store, outbox=keep)

    return mock.patch.object(Phone, "exchange", hasty)


def _take_retry_for_refused() -> AbstractContextManager[Any]:
    """The phone lays aside what it should keep for later."""
    absorbed = Store.absorbed

    def impatient(self: Store, answer: Mapping[str, Any], author: str, clock_ms: int) -> Store:
        verdicts = [
            verdict | {"verdict": "refused"} if verdict["verdict"] == "retry" else verdict
            for verdict in answer["verdicts"]
        ]
        return absorbed(self, {**answer, "verdicts": verdicts}, author, clock_ms)

    return mock.patch.object(Store, "absorbed", impatient)


def _keep_the_cursor_first() -> AbstractContextManager[Any]:
    """The phone stores the cursor in one transaction and the rows in another."""
    absorb = Carried.absorb

    def torn(self: Carried, answer: Any) -> None:
        self.store = replace(self.store, cursor=answer["cursor"])
        if self.world.chance.random() < 0.1:
            raise PhoneKilled
        absorb(self, answer)

    return mock.patch.object(Carried, "absorb", torn)


def _forget_the_outbox_as_a_new_device() -> AbstractContextManager[Any]:
    """A cloned phone drops what the old number had not sent."""
    renumbered = Store.renumbered

    def drop(self: Store, device: str) -> Store:
        return replace(renumbered(self, device), outbox=(), next_n=1)

    return mock.patch.object(Store, "renumbered", drop)


def _keep_a_wrong_clock() -> AbstractContextManager[Any]:
    """A clamped phone counts on from its own future."""

    def deaf(self: Store, *_: Any) -> Store:
        return self

    return mock.patch.object(Store, "_with_clock", deaf)


def _forget_keys() -> AbstractContextManager[Any]:
    """The phone keeps envelopes in its memory only."""
    restarted = Phone.restarted

    def bare(self: Phone, wire: Any) -> Phone:
        self.store = replace(self.store, envelopes={})
        return restarted(self, wire)

    return mock.patch.object(Phone, "restarted", bare)


def _forget_what_was_accepted() -> AbstractContextManager[Any]:
    """The phone keeps nothing for a server that went back in time."""

    def bare(self: Store, log_id: str, _author: str) -> Store:
        return replace(self, log_id=log_id, cursor=None, spent=True)

    return mock.patch.object(Store, "_restored", bare)


def _rank_anew() -> AbstractContextManager[Any]:
    """What is brought back gets the rank of a new write."""
    return mock.patch.object(returning.Returned, "effective", return_value=None)


def _name_anew() -> AbstractContextManager[Any]:
    """What is brought back gets a new pseudonym."""
    return mock.patch.object(returning.Returned, "number", return_value=None)


def _refuse_what_may_come_back() -> AbstractContextManager[Any]:
    """A change is refused because the phone with its row has not come back yet."""
    stack = ExitStack()
    judge = Batch.judge

    def hasty(self: Any, send: Any) -> Any:
        self.returned.waits = False
        return judge(self, send)

    stack.enter_context(mock.patch.object(Batch, "judge", hasty))
    return stack


def _judge_before_it_is_noticed() -> AbstractContextManager[Any]:
    """A phone that knows more is answered like any other."""
    return mock.patch.object(log.Position, "is_behind", return_value=False)


def _forget_the_team() -> AbstractContextManager[Any]:
    """Nobody is admitted again by what phones remember."""
    return mock.patch.object(remembered, "take_back")


def _erase_the_case_alone() -> AbstractContextManager[Any]:
    """What hangs below an erased case stays."""
    return mock.patch.object(erasure, "_below", return_value=set())


def _tell_nobody_of_erasures() -> AbstractContextManager[Any]:
    """Phones never hear of it."""
    return mock.patch.object(erasure, "page", return_value=[])


def _keep_what_was_erased() -> AbstractContextManager[Any]:
    """The phone removes the rows only."""

    def rows_only(self: Store, erased: Any) -> Store:
        gone = set(erased)
        return replace(self, rows={p: row for p, row in self.rows.items() if p[1] not in gone})

    return mock.patch.object(Store, "without", rows_only)


def _see_after_the_end() -> AbstractContextManager[Any]:
    """What was handed to somebody once is hers for good."""
    mandate_of = grants.mandate_of

    def endless(caller: Any, now_ms: int) -> Any:
        found = mandate_of(caller, now_ms)
        if found is None:
            return None
        ended = dict.fromkeys(found.ended, now_ms // DAY * DAY + DAY)
        return grants.Mandate(found.in_force | ended, frozenset())

    return mock.patch.object(sync_endpoint, "mandate_of", endless)


def _share_notes() -> AbstractContextManager[Any]:
    """Whoever stands in reads what others observed."""

    def more(declared: Any, caller: Any, row: Any) -> dict[str, Any]:
        mine = row[2] == caller.user
        only = None if mine else declared.shared | {"deleted_at", "observation", "assessment"}
        return rows_in(declared).wire(row, only)

    return mock.patch.object(sharing, "shared_row", more)


def _keep_what_ended() -> AbstractContextManager[Any]:
    """A phone without a network keeps a case whose time is over."""
    return mock.patch.object(Store, "without_ended", lambda self, _: self)


def _merge_the_late() -> AbstractContextManager[Any]:
    """What comes too late is merged as if it had come in time."""
    return mock.patch.object(Batch, "_is_late", return_value=False)


def _hold_twice() -> AbstractContextManager[Any]:
    """The same late work is kept under every number it comes with."""
    return mock.patch.object(acceptance, "held_before", return_value=None)


def _release(**parts: Callable[[Any, Any], str]) -> Defect:
    """What is released gets an author or a rank that is not its own."""
    take = held._take

    def other(who: Any, body: Any) -> Any:
        return [
            replace(one, **{k: of(who, one) for k, of in parts.items()}) for one in take(who, body)
        ]

    return lambda: mock.patch.object(held, "_take", other)


DEFECTS: dict[str, Defect] = {
    "no idempotency": _forget_verdicts,
    "another's bytes under a known number": _trust_numbers,
    "a clone's words taken for sent": _take_twins_words_for_sent,
    "versions dropped": _merge(lambda state: state._replace(versions={})),
    "what was named is forgotten": _merge(lambda state: state._replace(named={})),
    "no history": _merge(lambda state: state, keep_lost=False),
    "the last to arrive wins": _last_to_arrive_wins,
    "stamps not clamped": _stamp(lambda claimed, _now, last: max(claimed, last or "")),
    "stamps not increasing": _stamp(
        lambda claimed, now, _last: effective_stamp(claimed, now, None)
    ),
    "a row skipped by the cursor": _skip_a_row,
    "answers before the commit": _lose_commits,
    "the early refused": _refuse_the_early,
    "rows for everybody": _show_everybody,
    "another team's keys": _mix_teams,
    "keys not stored": _lose_envelopes,
    "one pseudonym for all": _number_twice,
    "outbox cleared before the verdict": _clear_before_the_verdict,
    "retry taken for refused": _take_retry_for_refused,
    "cursor kept before its rows": _keep_the_cursor_first,
    "outbox dropped by a new device": _forget_the_outbox_as_a_new_device,
    "a clamped clock goes on": _keep_a_wrong_clock,
    "keys not kept": _forget_keys,
    "nothing brought back": _forget_what_was_accepted,
    "brought back with another rank": _rank_anew,
    "brought back under another name": _name_anew,
    "what may come back refused": _refuse_what_may_come_back,
    "a restore not noticed": _judge_before_it_is_noticed,
    "admissions not brought back": _forget_the_team,
    "only the case erased": _erase_the_case_alone,
    "erasures not told": _tell_nobody_of_erasures,
    "erased and kept on phones": _keep_what_was_erased,
    "shown after the end": _see_after_the_end,
    "a shared column too many": _share_notes,
    "kept after the end": _keep_what_ended,
    "late work merged": _merge_the_late,
    "late work held twice": _hold_twice,
    "released as the releaser's": _release(author=lambda who, _: who.user),
    "released with another rank": _release(effective=lambda _, one: "f" * 16 + one.effective[16:]),
}
