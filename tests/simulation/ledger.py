"""Everything that was ever sent and answered, written down beside the engine and compared at once.

What is wrong raises `Wrong`, a sentence with the names of what it is about.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec

from server.db import rows_of
from server.demo.wires import Answer
from sync.clock import CLAMP_MS
from tests.simulation.engine import Request
from tests.simulation.standing_in import Wrong, check_in_time, check_shown


class _Sends(msgspec.Struct):
    device: str
    envelopes: list[msgspec.Raw] = []
    operations: list[msgspec.Raw] = []
    again: list[dict[str, Any]] = []


class _Answer(msgspec.Struct):
    restored: bool = False
    erased: list[dict[str, Any]] = []
    verdicts: list[dict[str, Any]] = []
    envelopes: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    scope: dict[str, Any] | None = None


Sent = tuple[str, int, bytes]
"""(device, n, SHA-256 of the bytes): what a verdict is about."""


@dataclass(frozen=True)
class Accepted:
    """An operation the server accepted, as it has to show up in the rows."""

    op: dict[str, Any]
    author: str
    team: str
    effective: str

    @property
    def claimed(self) -> str:
        return self.op["stamp"]

    @property
    def words(self) -> str:
        """What it says, under whatever number."""
        return _words(self.op)

    @property
    def deed(self) -> str:
        """What makes it the same deed of the same person."""
        return deed_of(self.author, self.op)


def deed_of(user: str, op: dict[str, Any]) -> str:
    """An operation as one person's deed, whatever its number and device."""
    return f"{user} {_words(op)}"


def _words(op: dict[str, Any]) -> str:
    return json.dumps({**op, "n": 0}, sort_keys=True)


@dataclass
class Ledger:
    """Who is who, what travelled, and how often the interesting things happened."""

    owners: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    """Device id → (user, team, may see rows)."""
    bytes_of: dict[Sent, bytes] = field(default_factory=dict)
    verdicts: dict[Sent, dict[str, Any]] = field(default_factory=dict)
    accepted: dict[str, Accepted] = field(default_factory=dict)
    """Deed → what was merged: at once, or when it was released."""
    late: dict[str, Accepted] = field(default_factory=dict)
    """Deed → what was kept aside, decided about or not."""
    waiting: set[str] = field(default_factory=set)
    """Those of them that nobody has decided about."""
    merged: set[str] = field(default_factory=set)
    """Every deed that any log ever merged: phones may have seen it."""
    shown: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Team → ids of rows and owners of keys that its phones were sent."""
    locked: set[str] = field(default_factory=set)
    """The devices the office has locked out."""
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _last: dict[str, str] = field(default_factory=dict)
    """Device id → its last effective stamp."""
    _top: dict[str, str] = field(default_factory=dict)
    """Device id → the greatest one, with those it brought back."""
    _deeds: dict[str, str] = field(default_factory=dict)

    def note(self, request: Request, answer: Answer | None, now: int) -> None:
        """One request as the server got it at `now`, and its answer; None when it died over it."""
        if request.path == "/api/held":
            self.note_decisions()
        if request.path == "/api/surrender":
            self._note_surrender(request, answer, now)
        if request.path != "/api/sync":
            return
        sends = msgspec.json.decode(request.data, type=_Sends)
        batch = [self._read(sends.device, raw) for raw in (*sends.envelopes, *sends.operations)]
        again = {one["n"] for one in sends.again if "effective" in one}
        self._note_stored(sends.device, batch, again, now)
        if answer is None or answer.status != 200:
            return
        if sends.device in self.locked:
            raise Wrong(f"device {sends.device} is locked out, and was told {answer.data!r}")
        content = msgspec.json.decode(answer.data, type=_Answer)
        if content.restored:
            self.counts["told of a restore"] += 1
            if content.verdicts or content.rows or content.envelopes or content.erased:
                raise Wrong(f"device {sends.device} is told of a restore and {content}")
            return
        by_n = {sent[1]: sent for sent in batch}
        for verdict in content.verdicts:
            self._note_verdict(by_n[verdict["n"]], verdict)
        if {verdict["n"] for verdict in content.verdicts} != by_n.keys():
            raise Wrong(f"device {sends.device} sent {sorted(by_n)}, verdicts: {content.verdicts}")
        self._note_shown(sends.device, content, now)

    def _note_surrender(self, request: Request, answer: Answer | None, now: int) -> None:
        """What a phone gave up that is locked out: nothing of it is merged."""
        sends = msgspec.json.decode(request.data, type=_Sends)
        batch = [self._read(sends.device, raw) for raw in (*sends.envelopes, *sends.operations)]
        merged, known = set(self.accepted), set(self.verdicts)
        self._note_stored(sends.device, batch, set(), now)
        if more := self.accepted.keys() - merged:
            raise Wrong(f"device {sends.device} is locked out, and merged is {more}")
        self.counts["surrendered"] += sum(sent in self.verdicts for sent in batch) - len(
            known & set(batch)
        )
        if answer is None or answer.status != 200:
            return
        by_n = {sent[1]: sent for sent in batch}
        for verdict in json.loads(answer.data)["verdicts"]:
            self._note_verdict(by_n[verdict["n"]], verdict)

    def _read(self, device: str, raw: msgspec.Raw) -> Sent:
        data = bytes(raw)
        sent = (device, json.loads(data)["n"], sha256(data).digest())
        self.bytes_of[sent] = data
        return sent

    def _note_verdict(self, sent: Sent, verdict: dict[str, Any]) -> None:
        if verdict["verdict"] == "retry":
            self.counts["told to retry"] += 1
            if sent in self.verdicts:
                raise Wrong(f"retry after {self.verdicts[sent]} for {self.bytes_of[sent]!r}")
            return
        known = self.verdicts.get(sent)
        if known is None:
            raise Wrong(f"a verdict that is not stored: {verdict} on {self.bytes_of[sent]!r}")
        if known != verdict:
            raise Wrong(f"first {known}, now {verdict} on {self.bytes_of[sent]!r}")

    def _note_stored(self, device: str, batch: list[Sent], again: set[int], now: int) -> None:
        """What the database says about the batch now, in the order it was judged."""
        for sent, verdict in _stored(device, batch):
            if sent in self.verdicts:
                self.counts["sent again"] += 1
                if self.verdicts[sent] != verdict:
                    raise Wrong(f"stored {self.verdicts[sent]}, then {verdict}")
                continue
            self.verdicts[sent] = verdict
            self.counts[verdict["verdict"]] += 1
            op = json.loads(self.bytes_of[sent])
            if verdict["verdict"] == "refused" or "stamp" not in op:
                continue
            user, team, sees = self.owners[device]
            one = Accepted(op, user, team, verdict.get("effective") or op["stamp"])
            if not sees and one.deed not in self._deeds and verdict["verdict"] == "accepted":
                check_in_time(user, team, now, op["row"])
            self._rank(device, one, op["n"] in again, now)
            if verdict["verdict"] == "held":
                self._hold(one)
            elif one.deed in self.waiting:
                raise Wrong(f"merged while it waits for a decision: {op}")
            else:
                self._merge(one)

    def _hold(self, one: Accepted) -> None:
        self.late.setdefault(one.deed, one)
        if stored_late()[one.deed][1] is None:
            self.waiting.add(one.deed)

    def _merge(self, one: Accepted) -> None:
        self.accepted.setdefault(one.deed, one)
        self.merged.add(one.deed)

    def _rank(self, device: str, one: Accepted, again: bool, now: int) -> None:
        """Its rank is its own for ever, and follows the clock rule."""
        op, deed = one.op, one.deed
        if again and self._is_ranked_anew(one, now):
            self._forget({deed})
        self.counts["clamped"] += one.effective < one.claimed
        self.counts["brought back"] += again
        if deed in self._deeds:  # By a cloned phone, or after a restore: it keeps its rank.
            self.counts["repeated by a clone"] += not again
            if self._deeds[deed] != one.effective:
                raise Wrong(f"accepted as {self._deeds[deed]}, then {one.effective}: {op}")
            self._note_top(device, one.effective)
            return
        last = self._last.get(device, "0" * 32)
        if not again and one.effective <= last:
            raise Wrong(f"device {device}: {last}, then {one.effective}")
        if _ms(one.effective) > max(now + CLAMP_MS, _ms(self._top.get(device, last)) + 1):
            raise Wrong(f"device {device}: {one.effective} is ahead of {now}")
        self._last[device] = max(last, one.effective)
        self._note_top(device, one.effective)
        self._deeds[deed] = one.effective

    def _note_top(self, device: str, effective: str) -> None:
        self._top[device] = max(effective, self._top.get(device, effective))

    def went_back(self, untold: set[str], now: int) -> None:
        """The database is an older one. What phones were told must come back as it was.

        `untold` are the deeds (`user words`) that some phone holds without ever having heard a
        verdict: they are judged anew. So is what now lies too far ahead of a server whose clock
        was set back.
        """
        stored = {
            (device, n, bytes(digest))
            for device, n, digest in rows_of("SELECT device, n, sha256 FROM verdict")
        }
        self.verdicts = {sent: said for sent, said in self.verdicts.items() if sent in stored}
        lasts = dict(rows_of("SELECT id, last_effective FROM device"))
        self._last = {device: last for device, last in lasts.items() if last}
        there = {_words(json.loads(self.bytes_of[sent])) for sent in self.verdicts}
        anew = {
            one.deed
            for one in (self.accepted | self.late).values()
            if one.words not in there
            and (one.deed in untold or _ms(one.effective) > now + CLAMP_MS)
        }
        self._forget(anew)
        self.waiting = {deed for deed, (_, decision) in stored_late().items() if not decision}

    def note_decisions(self) -> None:
        """What was kept aside is there once, with its rank, and is merged when it was released."""
        stored = stored_late()
        for deed, (effective, decision) in stored.items():
            one = self.late.get(deed)
            if one is None or one.effective != effective:
                raise Wrong(f"kept aside as {effective}: {deed}, told was {one}")
            if decision == "released":
                self._merge(one)
        waiting = {deed for deed, (_, decision) in stored.items() if not decision}
        self.counts["decided"] += len(self.waiting - waiting)
        self.waiting = waiting

    def _is_ranked_anew(self, one: Accepted, now: int) -> bool:
        """Whether a deed that is brought back lies too far ahead of a server whose clock was set
        back after the restore: then its earlier rank is not believed."""
        earlier = self._deeds.get(one.deed)
        return earlier is not None and one.effective != earlier and _ms(earlier) > now + CLAMP_MS

    def _forget(self, deeds: set[str]) -> None:
        """These are judged as if for the first time."""
        self.accepted = {deed: one for deed, one in self.accepted.items() if deed not in deeds}
        self.late = {deed: one for deed, one in self.late.items() if deed not in deeds}
        self._deeds = {deed: rank for deed, rank in self._deeds.items() if deed not in deeds}

    def erased(self, ids: set[str]) -> None:
        """What was accepted on these rows is gone, and nobody misses it."""
        self.accepted = {d: one for d, one in self.accepted.items() if one.op["row"] not in ids}
        self.late = {d: one for d, one in self.late.items() if one.op["row"] not in ids}

    def _note_shown(self, device: str, content: _Answer, now: int) -> None:
        user, team, sees = self.owners[device]
        if not sees:
            check_shown(user, team, now, content.rows, content.envelopes)
            if content.erased or (content.scope or {}).get("team"):
                raise Wrong(f"device {device} stands in and got {content}")
            self.counts["rows for a deputy"] += len(content.rows)
        self.shown[team].update(row["id"] for row in content.rows)
        self.shown[team].update(envelope["owner"] for envelope in content.envelopes)
        self.counts["rows with two versions"] += sum("versions" in row for row in content.rows)


def stored_late() -> dict[str, tuple[str, str | None]]:
    """Deed → (effective, decision) of all late work in the database; each is there once."""
    found = rows_of("SELECT author, operation, effective, decision FROM held")
    stored = {deed_of(author, json.loads(op)): tuple(rest) for author, op, *rest in found}
    if len(stored) < len(found):
        raise Wrong(f"kept aside more than once: {found}")
    return stored


def _ms(stamp: str) -> int:
    return int(stamp[:12], 16)


def _stored(device: str, batch: list[Sent]) -> list[tuple[Sent, dict[str, Any]]]:
    rows = rows_of(
        "SELECT n, sha256, verdict, code, field, effective FROM verdict WHERE device = ?",
        (device,),
    )
    names = ("n", "verdict", "code", "field", "effective")
    stored = {(device, n, bytes(digest)): (n, *verdict) for n, digest, *verdict in rows}
    return [
        (sent, {k: v for k, v in zip(names, stored[sent], strict=True) if v is not None})
        for sent in batch
        if sent in stored
    ]
