"""A phone in Python: it speaks the protocol over any wire, seals, queues, pushes and pulls.

Demo data, the simulator and the benchmarks use it; what people hold is `pwa/`. It numbers, stamps,
seals and serialises an operation once, when it is queued.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from server import sealing
from server.demo.store import (
    Pending,
    Row,
    Send,
    Store,
    base_of,
    living,
    new_store,
    owner_of,
)
from server.demo.wires import Wire, WireProblem
from server.ids import new_id
from server.instants import instant
from server.sealing import CaseKey, Person, Place, Reader, Refusal, SealingKey, Seed, TeamKey
from server.synced import tables
from sync.clock import next_stamp
from sync.operation import Table, split_batches


class Phone:
    """One person's phone. `clock()` gives milliseconds since 1970.

    All that would survive a kill is `store`, `profile` and `seed`; the keys are opened anew.
    """

    def __init__(
        self,
        wire: Wire,
        name: str,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        label: str = "Werkzeug",
        store: Store | None = None,
    ) -> None:
        self.wire, self.name, self.clock, self.label = wire, name, clock, label
        self.store = store or new_store(new_id(clock()))
        self.profile: dict[str, Any] = {}
        self.opened_seed: Seed | None = None
        self.keys: dict[str, SealingKey] = {}
        self.refused_keys: dict[str, Refusal] = {}
        self._reader: tuple[str, Reader] | None = None

    def restarted(self, wire: Wire) -> Self:
        """This phone after a kill: nothing but its store, keys opened again."""
        again = type(self)(wire, self.name, self.clock, self.label, self.store)
        again.resume(self.profile, self.seed)
        return again

    def resume(self, profile: Mapping[str, Any], seed: Seed) -> None:
        """Be this person's phone, with the keys its store holds for her."""
        self.profile, self.opened_seed = dict(profile), seed
        self.forget_ended()

    def forget_ended(self) -> None:
        """Let go of the cases whose time is over, their keys with them, without a network too."""
        self.store = self.store.without_ended(self.now())
        self._open_keys()

    @property
    def seed(self) -> Seed:
        """The person's seed. Raises LookupError before she accepted her invitation."""
        if self.opened_seed is None:
            raise LookupError("nobody has registered on this phone yet")
        return self.opened_seed

    @property
    def me(self) -> Person:
        """The person whose phone it is, with her public keys."""
        return Person.of(self.seed, self.profile["user"], self.profile["team"])

    @property
    def user(self) -> str:
        """Her id."""
        return self.profile["user"]

    @property
    def device(self) -> dict[str, str]:
        """The phone as the server's calls name it."""
        return {"id": self.store.device, "label": self.label}

    # --- becoming somebody -------------------------------------------------------------------

    def accept(self, token: str, password: str) -> None:
        """Accept an invitation: make the seed here, register, stay signed in."""
        invitation = self.wire("/api/invitation/open", {"token": token})
        account = sealing.make_account(invitation["user"], password)
        body = {"token": token, "device": self.device} | account.wire
        self.profile = self.wire("/api/invitation/accept", body)["profile"]
        self.opened_seed = account.seed

    def sign_in(self, key: str, seed: Seed) -> None:
        """Sign in with what the password gives, here or on another phone of the same person."""
        body = {"name": self.name, "login_key": key, "device": self.device}
        self.resume(self.wire("/api/login", body)["profile"], seed)

    def sign_in_with(self, password: str) -> None:
        """Sign in as a person does. Raises WireProblem, or KeyProblem for a wrong password."""
        given = self.wire("/api/login/parameters", {"name": self.name})
        salt = sealing.from_base64url(given["salt"])
        master = sealing.derive_master(password, salt, given["opslimit"], given["memlimit"])
        body = {"name": self.name, "login_key": sealing.to_base64url(sealing.login_key(master))}
        profile = self.wire("/api/login", body | {"device": self.device})["profile"]
        self.resume(profile, sealing.unwrap_seed(master, profile["wrapped_seed"], profile["user"]))

    def found_team(self) -> None:
        """The first aB-pAp's phone mints epoch 1 and says who it is."""
        key, at = TeamKey.new(self.me.team), instant(self.now())
        epoch = sealing.make_epoch(self.me, self.seed, key, None, at)
        statement = sealing.make_statement(self.me, self.seed, self.me, "ab_pap", at)
        own = sealing.close_team_key(key, self.me, self.seed, self.me, at)
        self._keep_said({"statement": statement, "envelopes": [own]})
        self.wire("/api/epochs", {"epoch": epoch, "statement": statement, "envelopes": [own]})
        self.keys[key.id] = key

    def admit(self, other: "Phone") -> None:
        """Both people compared the safety number: each signs about the other, and another aB-pAp
        is handed the team keys."""
        self.vouch(other, self.team_keys() if other.profile["role"] == "ab_pap" else ())
        other.vouch(self)

    def vouch(self, other: "Phone", keys: Iterable[TeamKey] = ()) -> None:
        """Sign who the other is, with these keys closed for her."""
        at = instant(self.now())
        statement = sealing.make_statement(self.me, self.seed, other.me, other.profile["role"], at)
        envelopes = [sealing.close_team_key(key, self.me, self.seed, other.me, at) for key in keys]
        said = {"statement": statement, "envelopes": envelopes}
        self._keep_said(said)
        self.wire("/api/statements", said)

    def _keep_said(self, said: Mapping[str, Any]) -> None:
        """Before it travels: whether the answer comes or not, a restored server may need it."""
        self.store = replace(self.store, vouched=(*self.store.vouched, said))

    # --- writing -----------------------------------------------------------------------------

    def create_case(self, values: Mapping[str, Any]) -> str:
        """Queue a new case with a key of its own, the envelope before the row; the case's id."""
        row, at = new_id(self.now()), instant(self.now())
        key = CaseKey.new(row)
        self.keys[key.id] = key
        envelope = sealing.close_case_key(key, self.me, self.seed, self._newest_team_key(), at)
        self._queue("client_case", row, values, [("envelope", "envelope", row, {**envelope})])
        return row

    def hand_over(self, case: str, deputy: Person, starts: str, until: str, note: str) -> str:
        """Queue what hands a case to somebody who stands in, every version of its key closed for
        her before it; the handover's id."""
        at = instant(self.now())
        keys = [k for k in self.keys.values() if isinstance(k, CaseKey) and k.owner == case]
        closed = [sealing.hand_case_key(key, self.me, self.seed, deputy, at) for key in keys]
        row = new_id(self.now())
        values = {
            "case": case,
            "deputy": deputy.user,
            "starts": starts,
            "until": until,
            "note": note,
        }
        before = [("envelope", "envelope", case, {**envelope}) for envelope in closed]
        self._queue("handed_case", row, values, before)
        return row

    def create(self, table: str, values: Mapping[str, Any]) -> str:
        """Queue a new row below a case; its id."""
        row = new_id(self.now())
        self._queue(table, row, values)
        return row

    def write(
        self,
        table: str,
        row: str,
        values: Mapping[str, Any],
        base: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Queue a change. `base` per text column: the versions that were seen, else those shown."""
        self._queue(table, row, values, base=base)

    def _queue(
        self,
        table: str,
        row: str,
        values: Mapping[str, Any],
        before: Iterable[Pending] = (),
        base: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """One operation, stamped, sealed with the row's newest key and numbered."""
        declared = tables()[table].table
        stamp = next_stamp(self.store.last_stamp, self.now(), self.store.node)
        shown = self.store.shown(table, row, self.user)
        owner = owner_of(declared, row, values, shown)
        place = Place(self.profile["team"], table, row, "", stamp, self.user)
        sealed = {
            column: self._sealed(declared, place._replace(column=column), value, owner)
            for column, value in values.items()
        }
        operation: dict[str, Any] = {"table": table, "row": row, "stamp": stamp, "set": sealed}
        if base := base_of(declared, values, shown) | dict(base or {}):
            operation["base"] = base
        self.store = self.store.queued([*before, ("operation", table, row, operation)], stamp)

    def _sealed(self, declared: Table, place: Place, value: Any, owner: str) -> Any:
        column = declared.columns.get(place.column)
        if value is None or column is None or column.kind not in {"sealed", "text"}:
            return value
        return sealing.seal_value(value, place, self._newest_key(owner))

    def _newest_key(self, owner: str) -> SealingKey:
        return next(key for key in reversed(self.keys.values()) if key.owner == owner)

    def team_keys(self) -> list[TeamKey]:
        """The team's keys she holds, the oldest first."""
        return [key for key in self.keys.values() if isinstance(key, TeamKey)]

    def _newest_team_key(self) -> TeamKey:
        epochs = self.store.state.get("epochs") or [{"key_id": None}]
        keys = self.team_keys()
        return next((key for key in keys if key.id == epochs[-1]["key_id"]), keys[-1])

    def now(self) -> int:
        """The time by this phone, corrected by what the server said when it is wrong."""
        return self.clock() + self.store.skew_ms

    # --- the round trip ----------------------------------------------------------------------

    def sync(self, limit: int = 2000) -> None:
        """Push everything and pull everything. Raises WireProblem when the wire fails."""
        while True:
            self.put_in_order()
            try:
                more = self._push(self.store.outbox, limit)
            except WireProblem as problem:
                if problem.code != "device_cloned":
                    raise
                self.become_another_device()
                continue
            while more and not self.store.spent:
                more = self.exchange((), limit)
            if not self.store.spent:
                return

    def put_in_order(self) -> None:
        """Forgets what has ended, takes another number when this one is spent, and tells a log
        that went back in time what it has forgotten of the team."""
        self.forget_ended()
        if self.store.spent:
            self.become_another_device()
        if self.store.remembered is not None:
            self.wire("/api/remembered", self.store.remembered)
            self.store = replace(self.store, remembered=None)

    def become_another_device(self) -> None:
        """Somebody else sends under this number: take a new one, and number the outbox anew."""
        device = {"id": new_id(self.now()), "label": self.label}
        self.profile = self.wire("/api/devices", device)["profile"]
        self.store = self.store.renumbered(device["id"])

    def _push(self, sends: Sequence[Send], limit: int) -> bool:
        """Sends these, in as many requests as they need; whether there is more to pull."""
        more = True
        for batch in split_batches(sends, text=lambda send: send.text) or [[]]:
            if self.store.spent:
                return True
            try:
                more = self.exchange(batch, limit)
            except WireProblem as problem:
                if problem.status != 413 or not batch:
                    raise
                more = self._push_halves(batch, limit)
        return more

    def _push_halves(self, batch: Sequence[Send], limit: int) -> bool:
        if len(batch) == 1:
            self.store = self.store.laid_aside(batch[0], "batch_too_large")
            return True
        half = len(batch) // 2
        self._push(batch[:half], limit)
        return self._push(batch[half:], limit)

    def exchange(self, batch: Sequence[Send], limit: int) -> bool:
        """One request with these sends of the outbox; whether there is more to pull."""
        answer = self.wire("/api/sync", self.store.request(batch, limit, self.clock()))
        self.absorb(answer)
        return answer["more"]

    def absorb(self, answer: Mapping[str, Any]) -> None:
        """Take in one answer, all of it or nothing, and open the keys it brought."""
        self.store = self.store.absorbed(answer, self.user, self.clock())
        self._open_keys()

    def _open_keys(self) -> None:
        kept = {key for key, _ in self.store.envelopes}
        self.keys = {
            key.id: key
            for key in self.keys.values()
            if key.id in kept or not isinstance(key, CaseKey)
        }
        closed = [e for (key, _), e in self.store.envelopes.items() if key not in self.keys]
        if closed and self.store.state:
            self.keys, refused = sealing.open_envelopes(closed, self._trusting(), self.keys)
            self.refused_keys = {one.what["key_id"]: one.code for one in refused}

    def _trusting(self) -> Reader:
        state = self.store.state
        if self._reader is None or self._reader[0] != state["hash"]:
            words = [word for member in state["members"] for word in member["statements"]]
            members, _ = sealing.trusted_members(self.me, words)
            epochs, _ = sealing.trusted_epochs(self.me.team, members, state["epochs"])
            self._reader = state["hash"], Reader.of(self.me, self.seed, members, epochs)
        return self._reader[1]

    # --- reading -----------------------------------------------------------------------------

    def read(self, table: str, row: str) -> dict[str, Any]:
        """The row's values as she sees them, sealed ones opened. KeyProblem when one does not."""
        shown = self.store.shown(table, row, self.user)
        if shown is None:
            raise LookupError(f"no {table} {row} on this phone")
        return {column: self.versions(shown, column)[0] for column in shown["columns"]}

    def versions(self, shown: Row, column: str) -> list[Any]:
        """The living versions of a column of a shown row, opened, the greatest first."""
        declared = tables()[shown["table"]].table
        sealed = declared.columns[column].kind in {"sealed", "text"}
        opened: list[Any] = []
        for value, claimed, _, author in living(shown, column):
            where = shown["table"], shown["id"], column, claimed, author
            place = Place(self.profile["team"], *where)
            opened.append(
                sealing.open_value(value, place, self.keys) if sealed and value else value
            )
        return opened
