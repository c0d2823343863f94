"""One run: phones in people's hands, a server that dies, a network that loses and doubles.

Everything is drawn from the run's seed, so a run can be played again, with every step told.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from server import erasure
from server.db import rows_of
from server.demo.phone import Phone
from server.demo.store import Send, Store
from server.demo.wires import Answer, Browser, WireProblem
from server.instants import instant
from tests.simulation import locked_out
from tests.simulation.engine import Engine, Request, ServerKilled
from tests.simulation.fates import Fate
from tests.simulation.ledger import Ledger, deed_of
from tests.simulation.office import Member, Office, SignedIn, seeded_secrets
from tests.simulation.standing_in import Wrong
from tests.simulation.weather import PhoneKilled, Weather

SECOND, MINUTE, DAY, YEAR = 1_000, 60_000, 86_400_000, 31_536_000_000
EXPECTED = {
    "csrf",
    "envelope_exists",
    "sign_in_needed",
    "device_cloned",
    "batch_too_large",
    "device_taken",
    "too_many_attempts",
    "not_found",
    "device_locked",
}
"""What may be the answer to a whole request; anything else is a defect."""


class Wire(Browser):
    """A phone's way to the server, through this run's weather."""

    def __init__(self, world: "World", user: str, cookie: str) -> None:
        super().__init__(cookie)
        self.world, self.user = world, user
        # An old page's: syncs do not need it here, whatever does asks for a new one.
        self.token = "outdated"

    def ask(self, method: str, path: str, data: bytes) -> Answer:
        """What the phone hears. WireProblem(0) when it hears nothing."""
        answer = self.world.carry(Request(method, path, data, self.cookie, self.token), self.user)
        if answer is None:
            raise WireProblem(0, "no_answer")
        return answer


class Carried(Phone):
    """A phone somebody carries: it may get an answer twice, and die before or after keeping it."""

    @property
    def world(self) -> "World":
        """The run this phone is carried through."""
        assert isinstance(self.wire, Wire)
        return self.wire.world

    def absorb(self, answer: Any) -> None:
        """Take in an answer, or die."""
        if self.world.happens("phone_killed"):
            raise PhoneKilled
        before = _sends_of(self.store)
        super().absorb(answer)
        if self.world.happens("answer_twice"):
            super().absorb(json.loads(json.dumps(answer)))
        self.world.note_gone(self, before)
        if self.world.happens("phone_killed"):
            raise PhoneKilled


@dataclass
class Held:
    """A phone, whose it is, and how wrong its clock goes."""

    name: str
    member: Member
    phone: Phone
    offset: int = 0
    gone: dict[int, Send] = field(default_factory=dict)
    """The sends this phone has purged, because what they are about was erased, by their key."""
    closed_at: int | None = None
    """The key of what it writes next when, locked out, it first said that nothing follows."""

    @property
    def store(self) -> Store:
        return self.phone.store


@dataclass
class World:
    """The state of a run. `trace` gets every step in words."""

    office: Office
    seed: int
    trace: Callable[[str], None] = lambda _: None
    held: list[Held] = field(default_factory=list)
    late: list[Request] = field(default_factory=list)
    plain: dict[str, Any] = field(default_factory=dict)
    """Sealed value → what was sealed."""
    written: dict[str, Fate] = field(default_factory=dict)
    """Every send's bytes after its number → what has to become of it."""
    backup: Any = None
    restores: int = 0
    erasures: list[erasure.Erasure] = field(default_factory=list)
    below: dict[str, str] = field(default_factory=dict)
    """Contact → its case."""
    days: int = 0
    """So many days have passed at once."""
    names: dict[str, str] = field(default_factory=dict)
    """Case → the pseudonym it must still have, whatever was restored."""
    admitted: list[Member] = field(default_factory=list)
    """Whoever was admitted in the course of the run."""
    wiped_rows: set[str] = field(default_factory=set)
    """The rows that phones wrote which were locked out and are wiped."""

    def __post_init__(self) -> None:
        self.chance = Random(f"run {self.seed}")
        self.weather = Weather.drawn(self.chance)
        self.ledger = Ledger()
        self.office.open_again()
        self.engine = Engine(self.office)
        self.spare = {name: list(phones) for name, phones in self.office.phones.items()}

    # --- people and their phones -----------------------------------------------------------------

    def hand_out(self, name: str) -> Held | None:
        """One more of a person's phones comes into play; None when she has no more."""
        if not self.spare[name]:
            return None
        found: SignedIn = self.spare[name].pop(0)
        count = sum(held.member.name == name for held in self.held) + 1
        return self.hold(f"{name} {count}", found.member, found.profile, found.store, found.cookie)

    def hold(self, name: str, member: Member, profile: Any, store: Store, cookie: str) -> Held:
        """A phone with this content in somebody's hand."""
        wire = Wire(self, member.user, cookie)
        phone = Carried(wire, member.name, self.office.clock, name, store)
        held = Held(name, member, phone)
        phone.clock = lambda: self.office.clock.now + held.offset
        phone.resume(profile, member.seed)
        self.ledger.owners[store.device] = (member.user, member.team, self.may_see(member))
        self.held.append(held)
        return held

    def clone(self, held: Held) -> Held:
        """A copy of the whole phone, made by a backup; both go on."""
        cookie = self._wire(held).cookie
        copy = self.hold(
            f"{held.name}, copied", held.member, held.phone.profile, held.store, cookie
        )
        copy.offset, copy.gone = held.offset, dict(held.gone)
        return copy

    def restart(self, held: Held) -> None:
        """The phone's process ends and begins anew, with what it had stored."""
        held.phone = held.phone.restarted(Wire(self, held.member.user, self._wire(held).cookie))

    def may_see(self, member: Member) -> bool:
        found = rows_of('SELECT role, admitted_at FROM "user" WHERE id = ?', (member.user,))[0]
        return found[0] == "ab_pap" and found[1] is not None

    def _wire(self, held: Held) -> Wire:
        assert isinstance(held.phone.wire, Wire)
        return held.phone.wire

    # --- the network -----------------------------------------------------------------------------

    def happens(self, what: str) -> bool:
        """Whether a kind of bad luck strikes now."""
        struck = self.chance.random() < getattr(self.weather, what)
        self.ledger.counts[what] += struck
        return struck

    def carry(self, request: Request, user: str) -> Answer | None:
        """Carries a request to the server and its answer back; None when the phone hears none."""
        self._note_device(request, user)
        if request.method == "GET":
            return self.deliver(request)
        if self.happens("lost_request"):
            return self._tell(request, "the request is lost")
        if self.happens("too_large") and self._count(request) > 1:
            return Answer(413, (), b'{"code": "batch_too_large"}')
        if self.happens("late"):
            self.late.append(request)
            return self._tell(request, "on its way for long")
        if self.happens("killed_at_work"):
            self.engine.fuse.statements = self.chance.randrange(24)
        elif self.happens("killed_after_commit"):
            self.engine.fuse.after_commit = True
        answer = self.deliver(request)
        if self.happens("doubled"):
            answer = self.chance.choice((answer, self.deliver(request)))
        if self.happens("lost_reply"):
            return self._tell(request, "its answer is lost")
        return answer

    def deliver(self, request: Request) -> Answer | None:
        """The server gets a request; None when it dies over it. What it did is checked."""
        try:
            answer = self.engine.answer(request)
        except ServerKilled as killed:
            answer = None
            self.ledger.counts["rolled back"] += killed.inside
            self._tell(request, "the server dies")
            self.engine.restart()
        self.engine.fuse.defuse()
        if request.path in {"/api/statements", "/api/remembered"}:
            self._note_rights()
        self.ledger.note(request, answer, self.office.clock.now)
        if answer is not None and answer.status >= 300:
            code = json.loads(answer.data)["code"]
            self.ledger.counts[code] += 1
            self._tell(request, f"{answer.status} {code}")
            if code not in EXPECTED:
                raise Wrong(f"{request.path} answered {code}: {request.data!r}")
        return answer

    def deliver_late(self) -> None:
        """Something that was on its way for long arrives after all; nobody waits for its answer."""
        if self.late:
            request = self.late.pop(self.chance.randrange(len(self.late)))
            self._tell(request, "arrives late")
            self.deliver(request)

    def _note_device(self, request: Request, user: str) -> None:
        body = json.loads(request.data) if request.path in {"/api/devices", "/api/login"} else {}
        device = body.get("device", body).get("id")
        if device:
            member = next(held.member for held in self.held if held.member.user == user)
            self.ledger.owners.setdefault(device, (user, member.team, self.may_see(member)))

    def _note_rights(self) -> None:
        """Who may see rows may have changed."""
        for held in self.held:
            for device, (user, team, _) in self.ledger.owners.items():
                if user == held.member.user:
                    self.ledger.owners[device] = (user, team, self.may_see(held.member))

    def _count(self, request: Request) -> int:
        sends = request.path in {"/api/sync", "/api/surrender"}
        body = json.loads(request.data) if sends else {}
        return len(body.get("envelopes", ())) + len(body.get("operations", ()))

    def _tell(self, request: Request, what: str) -> None:
        self.trace(f"    {request.path}: {what}")

    # --- meeting the server ----------------------------------------------------------------------

    def meet(self, held: Held, work: Callable[[Phone], Any]) -> None:
        """Lets a phone work over the wire; what it can put right it does, and goes on."""
        # One that was wiped is in nobody's hand any more.
        for _ in range(4 if any(one is held for one in self.held) else 0):
            try:
                work(held.phone)
                return
            except PhoneKilled:
                self.trace(f"    {held.name} dies")
                self.restart(held)
                return
            except WireProblem as problem:
                if not self._put_right(held, problem):
                    return

    def _put_right(self, held: Held, problem: WireProblem) -> bool:
        """Signs in again or takes a new number; whether the phone should go on at once."""
        # She has the key by then: her admission came back with a phone that remembered it.
        # And somebody else may have decided about late work before.
        if problem.status in {0, 413, 429} or problem.code in {"envelope_exists", "not_found"}:
            return False
        if problem.code == "device_locked":
            self._give_up(held)
            return False
        repairs: dict[str, Callable[[Phone], Any]] = {
            "sign_in_needed": lambda phone: phone.sign_in(held.member.login_key, phone.seed),
            "device_cloned": Phone.become_another_device,
        }
        if problem.code not in repairs:
            raise Wrong(f"{held.name}: {problem}")
        self.trace(f"    {held.name}: {problem.code}")
        try:
            repairs[problem.code](held.phone)
        except WireProblem as again:
            if again.code == "device_locked":
                self._give_up(held)
            elif again.status not in {0, 401, 429}:
                raise Wrong(f"{held.name}: {again}") from again
            return again.status == 401
        return True

    def _give_up(self, held: Held) -> None:
        """The office has locked this phone out: it gives up what waits, and is wiped."""
        try:
            locked_out.surrender(self, held)
        except PhoneKilled:
            self.restart(held)
        except WireProblem as problem:
            if problem.status not in {0, 401, 413, 429}:
                raise Wrong(f"{held.name}: {problem}") from problem
        else:
            self.trace(f"    {held.name} is wiped")
            locked_out.wipe(self, held)

    def sync(self, held: Held) -> None:
        """A whole sync, in pages as small as they come."""
        limit = self.chance.choice((1, 2, 3, 5, 7, 7, 50))
        self.meet(held, lambda phone: phone.sync(limit))

    def send_some(self, held: Held) -> None:
        """A part of what waits, in any order: what is too large elsewhere lets others pass.

        A copied phone keeps the order: under the number it shares, what its twin has sent would
        stand for what it leaves out, and a change whose row is still open would be refused.
        """
        waiting: list[Send] = list(held.store.outbox)
        many = self.chance.randint(0, len(waiting))
        shared = [other.store.device for other in self.held].count(held.store.device) > 1
        batch = waiting[:many] if shared else self.chance.sample(waiting, many)
        keys, limit = [send.key for send in batch], self.chance.randrange(4)

        def work(phone: Phone) -> None:
            phone.put_in_order()
            now = {send.key: send for send in phone.store.outbox}
            phone.exchange([now[key] for key in keys if key in now], limit)

        self.meet(held, work)

    # --- the office ------------------------------------------------------------------------------

    def back_up(self) -> None:
        """A backup is taken; only the newest one is kept."""
        self.backup = self.office.snapshot()

    def restore(self) -> None:
        """The server is restored from the backup, if there is one."""
        if self.backup is None:
            return
        self.restores += 1
        self.office.go_back(self.backup)
        erasure.erase_again(self.erasures)
        self.engine.restart()
        untold = [
            (held, send)
            for held in self.held
            for send in held.store.outbox
            if send.earlier is None and send.kind == "operation"
        ]
        deeds = {deed_of(held.member.user, send.body) for held, send in untold}
        self.ledger.went_back(deeds, self.office.clock.now)
        self._note_names({send.row for _, send in untold})
        self._note_rights()

    def erase(self, team: str, case: str) -> None:
        """A case is erased for good, and what hangs below it; the office keeps a list of it."""
        at = instant(self.office.clock.now)
        self.erasures += erasure.erase(team, [case], at)

    def _note_names(self, untold: set[str]) -> None:
        """The pseudonyms that phones will bring back with the rows they made."""
        for held in self.held:
            for send in _accepted_by(held.store):
                row = held.store.rows.get(send.place)
                if row and send.row not in untold and row["columns"].get("pseudonym"):
                    self.names[send.row] = row["columns"]["pseudonym"]

    def note_gone(self, phone: Phone, before: Mapping[int, Send]) -> None:
        """What an answer has taken from a phone must be about something erased."""
        held = next(one for one in self.held if one.phone is phone)
        gone = {key: send for key, send in before.items() if key not in _sends_of(phone.store)}
        ids = {erased.id for erased in self.erasures}
        for send in gone.values():
            if not ids & {send.row, self.below.get(send.row)}:
                raise Wrong(f"{held.name} has lost {send.text}")
        self.ledger.counts["purged"] += len(gone)
        held.gone |= gone

    # --- the end ---------------------------------------------------------------------------------

    def calm_down(self) -> None:
        """All that was on its way arrives, and from now on nothing goes wrong any more; clocks
        stay as wrong as they are."""
        self.weather = Weather()
        while self.late:
            self.deliver_late()

    def close(self) -> None:
        """Leave the engine as it was found."""
        self.engine.close()


def _accepted_by(store: Store) -> list[Send]:
    """What some log has accepted from this phone, whether or not the present one knows it."""
    brought_back = [send for send in store.outbox if send.earlier is not None]
    return [*brought_back, *(one.send for one in store.sent.values())]


def _sends_of(store: Store) -> dict[int, Send]:
    answered = (*store.sent.values(), *store.tray.values(), *store.held.values())
    return {send.key: send for send in (*store.outbox, *(one.send for one in answered))}


def seeded(world: World):
    """Everything random in the run's course, ids and keys included."""
    return seeded_secrets(f"run {world.seed}")
