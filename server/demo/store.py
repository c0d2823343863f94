"""What a Python phone keeps: server registers and outbox apart, as one value that never changes.

Where the browser's phone commits a transaction, this one assigns a new `Store`. So a kill at any
moment is the last assignment, and a cloned phone is the same value held twice.
"""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from server.synced import SCHEMA, tables
from sync.clock import CLAMP_MS, make_stamp
from sync.operation import Table
from sync.registers import RowState, Write, apply_write

Row = dict[str, Any]
"""A row as on the wire; `named` joins it once an own accepted write has named versions."""

Pending = tuple[str, str, str, Mapping[str, Any]]
"""(kind, table, row, body) of something to queue; kind is "envelope" or "operation"."""


@dataclass(frozen=True)
class Send:
    """Something queued. `rest` is its JSON after the number and never changes again; `key` is the
    phone's own handle, which stays when a new device number gives new `n`s. `earlier` is what an
    earlier log gave it: it was accepted, and is brought back to a log that went back in time."""

    key: int
    n: int
    kind: str
    table: str
    row: str
    rest: str
    earlier: Mapping[str, Any] | None = None

    @property
    def place(self) -> tuple[str, str]:
        """The row it is about: (table, id)."""
        return self.table, self.row

    @property
    def text(self) -> str:
        """The very bytes every attempt sends."""
        return f'{{"n":{self.n},{self.rest}'

    @cached_property
    def body(self) -> dict[str, Any]:
        """What it says, without the number."""
        return json.loads("{" + self.rest)


@dataclass(frozen=True)
class Answered:
    """A send with the final verdict on it, as it came."""

    send: Send
    verdict: Mapping[str, Any]

    @property
    def accepted(self) -> bool:
        return self.verdict["verdict"] == "accepted"

    @property
    def claimed(self) -> str:
        """An operation's claimed stamp; empty for an envelope."""
        return self.send.body.get("stamp", "")

    @property
    def effective(self) -> str:
        """The stamp the server ranked it by; the claimed one unless it gave another."""
        return self.verdict.get("effective") or self.claimed


@dataclass(frozen=True)
class Store:
    """One person's store on one phone. Every send is in `outbox`, `sent`, `held` or `tray`, by its
    key."""

    device: str
    node: str
    last_stamp: str | None = None
    skew_ms: int = 0
    next_n: int = 1
    next_key: int = 1
    acknowledged: int = 0
    log_id: str | None = None
    cursor: str | None = None
    scope: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[tuple[str, str], Row] = field(default_factory=dict)
    envelopes: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    outbox: tuple[Send, ...] = ()
    sent: Mapping[int, Answered] = field(default_factory=dict)
    held: Mapping[int, Answered] = field(default_factory=dict)
    tray: Mapping[int, Answered] = field(default_factory=dict)
    spent: bool = False
    """The device's numbers have a gap, or its log has changed: it takes another one first."""
    remembered: Mapping[str, Any] | None = None
    """What a log that went back in time has to be told of the team."""
    vouched: tuple[Mapping[str, Any], ...] = ()
    """What this phone has said of others, with the team keys it has closed for them:
    `{statement, envelopes}`. Nobody else may have heard it."""

    def queued(self, pending: Iterable[Pending], last_stamp: str) -> "Store":
        """With these in the outbox, and the clock that stamped them."""
        sends: list[Send] = []
        envelopes = dict(self.envelopes)
        for i, (kind, table, row, body) in enumerate(pending):
            rest = json.dumps(body, ensure_ascii=False, separators=(",", ":"))[1:]
            sends.append(Send(self.next_key + i, self.next_n + i, kind, table, row, rest))
            if kind == "envelope":
                envelopes[body["key_id"], body["reader"]] = body
        return replace(
            self,
            last_stamp=last_stamp,
            next_n=self.next_n + len(sends),
            next_key=self.next_key + len(sends),
            envelopes=envelopes,
            outbox=(*self.outbox, *sends),
        )

    def renumbered(self, device: str) -> "Store":
        """As another device: the outbox numbered anew, and a node id nobody else stamps with."""
        outbox = tuple(replace(send, n=i + 1) for i, send in enumerate(self.outbox))
        count = len(outbox) + 1
        node = secrets.token_hex(8)
        return replace(
            self,
            device=device,
            node=node,
            outbox=outbox,
            next_n=count,
            acknowledged=0,
            spent=False,
        )

    def laid_aside(self, send: Send, code: str) -> "Store":
        """With something in the tray that the server never judged: too large even alone."""
        verdict = {"n": send.n, "verdict": "refused", "code": code}
        aside = self._moved([Answered(send, verdict)])
        # The server would wait for this number.
        return replace(aside, acknowledged=self.acknowledged, spent=True)

    def absorbed(self, answer: Mapping[str, Any], author: str, clock_ms: int) -> "Store":
        """With one answer taken in: verdicts, then state, keys, rows and the cursor with them.

        What was erased is gone from everywhere afterwards. After `restored` everything that was
        ever accepted waits again, before what was written since.
        """
        if answer.get("restored"):
            return self._restored(answer["log_id"], author)
        final = {v["n"]: v for v in answer["verdicts"] if v["verdict"] != "retry"}
        done = [Answered(send, final[send.n]) for send in self.outbox if send.n in final]
        skew = answer["now"] - clock_ms
        erased = {one["id"] for one in answer.get("erased", ())}
        erased |= {one.send.row for one in done if one.verdict.get("code") == "erased"}
        rows = self._with_own(done, author)
        pulled = replace(
            self._moved(done)._with_clock(done, answer),
            skew_ms=skew if abs(skew) > CLAMP_MS else 0,
            log_id=answer["log_id"],
            cursor=answer["cursor"],
            scope=answer.get("scope") or self.scope,
            state=answer.get("state") or self.state,
        )
        envelopes = _joined(self.envelopes, answer["envelopes"], "key_id", "reader")
        rows = _joined(rows, answer["rows"], "table", "id")
        return replace(pulled, rows=rows, envelopes=envelopes).without(erased)._within_scope()

    def _within_scope(self) -> "Store":
        """Without what she may no longer see; never without what she wrote and did not send."""
        if self.scope.get("team") is not None:
            return self
        cases = self.scope.get("cases", {})
        rows = {place: row for place, row in self.rows.items() if case_of(row) in cases}
        envelopes = {place: e for place, e in self.envelopes.items() if e["owner"] in cases}
        return replace(self, rows=rows, envelopes=envelopes)

    def without_ended(self, now_ms: int) -> "Store":
        """Without the cases whose time is over, as this phone knows without asking anybody."""
        cases = self.scope.get("cases", {})
        left = {case: until for case, until in cases.items() if now_ms < until}
        if len(left) == len(cases):
            return self
        # No hash: if it was the clock that was wrong, the server sends everything again.
        return replace(self, scope={"team": None, "cases": left})._within_scope()

    def without(self, erased: Iterable[str]) -> "Store":
        """With nothing left of what was erased, nor of what hangs below it."""
        gone = set(erased)
        if not gone:
            return self
        sends = [
            *self.outbox,
            *(one.send for one in (*self.sent.values(), *self.tray.values(), *self.held.values())),
        ]
        gone |= {row["id"] for row in self.rows.values() if gone & _parents(row["columns"])}
        gone |= {send.row for send in sends if gone & _parents(send.body.get("set", {}))}
        left = tuple(send for send in self.outbox if send.row not in gone)
        return replace(
            self,
            rows={place: row for place, row in self.rows.items() if place[1] not in gone},
            envelopes={k: one for k, one in self.envelopes.items() if one["owner"] not in gone},
            outbox=left,
            sent=_without(self.sent, gone),
            tray=_without(self.tray, gone),
            held=_without(self.held, gone),
            # What never reached the server leaves a gap in the numbers.
            spent=self.spent or len(left) < len(self.outbox),
        )

    def _restored(self, log_id: str, author: str) -> "Store":
        """All that was accepted or held goes into the outbox again, as it was, with what it was
        given."""
        accepted = [
            replace(one.send, earlier=self._given(one.send, one.effective))
            for one in (*self.sent.values(), *self.held.values())
        ]
        waiting = [
            replace(send, earlier=self._given(send, send.earlier.get("effective", "")))
            if send.earlier is not None
            else send
            for send in self.outbox
        ]
        words = [word for one in self.state.get("members", ()) for word in one["statements"]]
        words += [one["statement"] for one in self.vouched if one["statement"] not in words]
        mine = [one for one in self.envelopes.values() if one["reader"] == author]
        closed = [envelope for one in self.vouched for envelope in one["envelopes"]]
        return replace(
            self,
            log_id=log_id,
            cursor=None,
            outbox=tuple(sorted((*accepted, *waiting), key=lambda send: send.key)),
            sent={},
            held={},
            spent=True,
            remembered={
                "statements": words,
                "epochs": self.state.get("epochs", []),
                "envelopes": [*mine, *closed],
            },
        )

    def _given(self, send: Send, effective: str) -> dict[str, Any]:
        """What the log gave a send it accepted: its rank, and its row's name if it made it."""
        if send.kind == "envelope":
            return {}
        declared = tables()[send.table]
        columns = self.rows.get(send.place, {"columns": {}})["columns"]
        names = {name: columns[name] for name in declared.numbered_columns if columns.get(name)}
        names = names or (send.earlier or {}).get("given", {})
        makes = not declared.create_columns.isdisjoint(send.body["set"])
        return {"effective": effective} | ({"given": names} if makes and names else {})

    def _moved(self, done: Sequence[Answered]) -> "Store":
        """With these out of the outbox: each where its verdict puts it."""
        places: dict[str, dict[int, Answered]] = {"accepted": {}, "held": {}, "refused": {}}
        for one in done:
            places[one.verdict["verdict"]][one.send.key] = one
        gone = {one.send.key for one in done}
        return replace(
            self,
            outbox=tuple(send for send in self.outbox if send.key not in gone),
            sent={**self.sent, **places["accepted"]},
            held={**self.held, **places["held"]},
            tray={**self.tray, **places["refused"]},
            acknowledged=max([self.acknowledged, *(one.send.n for one in done)]),
        )

    def _with_own(self, done: Iterable[Answered], author: str) -> dict[tuple[str, str], Row]:
        """The rows with what was accepted: its row may come on a later page only."""
        rows = dict(self.rows)
        for one in done:
            if one.accepted and one.send.kind == "operation":
                place = one.send.place
                row = rows.get(place)
                if news := _news(row, one.send.body, author, one.effective):
                    rows[place] = merged(row, news, author, one.effective)
        return rows

    def _with_clock(self, done: Iterable[Answered], answer: Mapping[str, Any]) -> "Store":
        """The logical clock after an answer: effective stamps only, restarted after a clamp."""
        last, node = self.last_stamp, self.node
        if any(one.effective < one.claimed for one in done):
            node = secrets.token_hex(8)
            last = make_stamp(answer["now"], 0, node)
        stamps = [stamp[1] for row in answer["rows"] for stamp in _stamps_in(row)]
        stamps += [one.effective for one in done if one.verdict["verdict"] != "refused"]
        return replace(self, node=node, last_stamp=max([last or "", *stamps]) or None)

    def shown(self, table: str, row: str, author: str) -> Row | None:
        """The row as its author sees it: what waits lies on top, ranked above any real stamp.

        Only what is brought back to a restored server has its own rank.
        """
        shown = self.rows.get((table, row))
        for i, send in enumerate(self.outbox):
            if send.kind != "operation" or send.place != (table, row):
                continue
            rank = (send.earlier or {}).get("effective")
            news = _news(shown, send.body, author, rank) if rank else send.body
            if news:
                shown = merged(shown, news, author, rank or f"{'f' * 16}{i:016x}")
        return shown

    def request(self, batch: Iterable[Send], limit: int, clock_ms: int) -> str:
        """The JSON text of a sync: the sends' own bytes, never serialised again."""
        head = {
            "protocol": 1,
            "schema": SCHEMA,
            "device": self.device,
            "log_id": self.log_id,
            "cursor": self.cursor,
            "now": clock_ms,
            "limit": limit,
            "acknowledged": self.acknowledged,
            "scope": self.scope.get("hash"),
            "state": self.state.get("hash"),
        }
        texts: dict[str, list[str]] = {"envelope": [], "operation": []}
        batch = list(batch)
        for send in batch:
            texts[send.kind].append(send.text)
        if again := [{"n": send.n, **send.earlier} for send in batch if send.earlier is not None]:
            head["again"] = again
        lists = (f'"{kind}s":[{",".join(sends)}]' for kind, sends in texts.items())
        return json.dumps(head, separators=(",", ":"))[:-1] + "," + ",".join(lists) + "}"


def new_store(device: str) -> Store:
    """An empty store of a device."""
    return Store(device, secrets.token_hex(8))


def merged(row: Row | None, op: Mapping[str, Any], author: str, effective: str) -> Row:
    """The row after one more write of `author`; None makes it. Changes no argument."""
    write = Write(op["set"], op.get("base", {}), op["stamp"], effective, author)
    state, _ = apply_write(_state_of(row), write, tables()[op["table"]].table.text_columns)
    created_by = row["created_by"] if row else author
    return {
        "table": op["table"],
        "id": op["row"],
        "created_by": created_by,
        "stamp": list(state.stamp),
        "columns": state.columns,
        "stamps": {column: list(stamps) for column, stamps in state.stamps.items()},
        "versions": {
            column: [list(version) for version in versions]
            for column, versions in state.versions.items()
        },
        "named": state.named,
    }


def living(row: Row, column: str) -> list[list[Any]]:
    """The living versions [value, claimed, effective, author] of a column, the shown one first."""
    if column not in row["columns"]:
        return []
    register = [row["columns"][column], *row.get("stamps", {}).get(column, row["stamp"])]
    versions = row.get("versions", {}).get(column, [])
    others = [list(version) for version in versions if list(version) != register]
    return [register, *others] if len(versions) > 1 else [register]


def owner_of(declared: Table, row: str, values: Mapping[str, Any], shown: Row | None) -> str:
    """The id of the case whose key seals the row."""
    if declared.parent is None:
        return row
    return values.get(declared.parent) or (shown or {"columns": {}})["columns"][declared.parent]


def case_of(row: Row) -> str | None:
    """The case a row belongs to, the case's own row included."""
    parent = tables()[row["table"]].table.parent
    return row["id"] if parent is None else row["columns"].get(parent)


def base_of(
    declared: Table, values: Mapping[str, Any], shown: Row | None
) -> dict[str, Sequence[str]]:
    """Per text column the claimed stamps of the versions before the person's eyes."""
    seen = {column: living(shown, column) for column in values} if shown else {}
    return {
        column: [claimed for _, claimed, _, _ in versions]
        for column, versions in seen.items()
        if column in declared.text_columns and versions
    }


def _news(
    row: Row | None, op: Mapping[str, Any], author: str, effective: str
) -> dict[str, Any] | None:
    """What of an accepted operation a row cannot know yet; None when that is nothing.

    A row that came after it was accepted holds it, or something that beats it. Its words may have
    been named by somebody since, and only the server knows that: they must not come back here.
    """
    ours = [effective, op["stamp"], author]
    known = row["columns"] if row else {}
    news = {
        column: value
        for column, value in op["set"].items()
        if column not in known or ours > _rank(living(row or {}, column)[0])
    }
    return {**op, "set": news} if news else None


def _rank(version: Sequence[Any]) -> list[str]:
    _, claimed, effective, author = version
    return [effective, claimed, author]


def _parents(columns: Mapping[str, Any]) -> set[str]:
    """The ids in the columns that a row of any table hangs by."""
    names = {declared.table.parent for declared in tables().values()}
    return {columns[name] for name in names if name and columns.get(name)}


def _without(answered: Mapping[int, Answered], gone: set[str]) -> dict[int, Answered]:
    return {key: one for key, one in answered.items() if one.send.row not in gone}


def _state_of(row: Row | None) -> RowState | None:
    if row is None:
        return None
    return RowState(
        tuple(row["stamp"]),
        row["columns"],
        {column: tuple(stamps) for column, stamps in row.get("stamps", {}).items()},
        row.get("named", {}),
        {
            column: [tuple(version) for version in versions]
            for column, versions in row.get("versions", {}).items()
        },
    )


def _stamps_in(row: Row) -> Iterable[Sequence[str]]:
    return [row["stamp"], *row.get("stamps", {}).values()]


def _joined(
    known: Mapping[tuple[str, str], Any], more: Iterable[dict[str, Any]], *names: str
) -> dict[tuple[str, str], Any]:
    first, second = names
    return {**known, **{(one[first], one[second]): one for one in more}}
