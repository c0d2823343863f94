"""Rescue files: bringing in what a phone could not send itself, as if it had sent it.

A file is opened with the installation's own key and believed only when the person it names has
signed it with the seed she has today. Its sends are then judged like any others, under the same
device and the same numbers: what had arrived before is known, and the phone may sync afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import msgspec

from server import log
from server.acceptance import push
from server.access import Caller
from server.accounts import Device, User
from server.db import rows_of, with_lists
from server.errors import ApiError
from server.ids import ID_PATTERN
from server.instants import INSTANT_PATTERN
from server.returning import Claim, Returned
from server.sealing import KeyProblem, Refusal, open_rescue, rescue_pair, rescue_signed_by
from server.sends import Send, Verdict, read_sends
from server.synced import tables
from sync.codes import ERRORS
from sync.operation import MAX_BATCH_BYTES, MAX_BATCH_COUNT

FORMAT = 1
MOST_BYTES = 32 * 1024 * 1024
"""No phone has more than this unsent; a greater file is not even read."""

NOT_OPENED = """\
Diese Sicherungsdatei ist unvollständig, verändert oder für einen anderen secret_key verschlossen.
Ist sie älter als ein Umzug der Installation, öffnet sie die Kopie des alten:
zuzweit rescue DATEI --secret-key KOPIE. Gibt es keine Kopie, öffnet sie niemand. Lässt sich das
Telefon noch entsperren, sendet es selbst oder macht nach seinem nächsten Kontakt mit dem Server
eine neue Datei."""
"""Cut, or closed for a key that is not there: the file does not say which."""

Id = Annotated[str, msgspec.Meta(pattern=ID_PATTERN)]


class RescueProblem(Exception):
    """A file cannot be brought in; the text says why, in German, ready to be shown."""


class Sent(msgspec.Struct):
    """One send: its very bytes as text."""

    kind: str
    send: str


class Aside(msgspec.Struct):
    """A send that a verdict was given to, and that needs a person: in the tray, or held."""

    send: str
    code: str


class Draft(msgspec.Struct):
    """An unfinished form, sealed with the person's own key."""

    key: str
    version: int
    sealed: str


class Note(msgspec.Struct):
    """A quick note, sealed for the person alone."""

    id: Id
    at: int
    box: str


class Content(msgspec.Struct):
    """What stands in a file, as PROTOCOL.md writes it."""

    format: int
    team: Id
    user: Id
    device: Id
    at: Annotated[str, msgspec.Meta(pattern=INSTANT_PATTERN)]
    schema: Annotated[int, msgspec.Meta(ge=1)]
    sends: list[Sent]
    again: list[Claim] = []
    tray: list[Aside] = []
    held: list[Aside] = []
    drafts: list[Draft] = []
    notes: list[Note] = []


@dataclass(frozen=True)
class Against:
    """A send that did not get in. `n` is its number, None when it has none."""

    n: int | None
    table: str
    code: str


@dataclass
class Rescued:
    """What became of a file."""

    name: str
    made_at: str
    new: int = 0
    known: int = 0
    held: int = 0
    refused: list[Against] = field(default_factory=list)
    open: list[Against] = field(default_factory=list)
    tray: int = 0
    drafts: int = 0
    notes: int = 0

    def lines(self) -> Iterator[str]:
        """The report, in German."""
        yield f"Sicherungsdatei von {self.name}, erstellt am {self.made_at} (UTC)."
        yield f"Neu angenommen: {self.new}"
        if self.known:
            yield f"Schon früher angekommen: {self.known}"
        if self.held:
            yield f"Zurückgehalten, bis eine aB-pAp entscheidet: {self.held}"
        for title, found in (("Abgelehnt", self.refused), ("Noch nicht möglich", self.open)):
            if found:
                yield f"{title}: {len(found)}"
            for one in found:
                yield f"  {_place(one)}: {_why(one.code)}"
        if self.tray:
            yield f"Auf dem Telefon noch zu klären, hier nicht eingelesen: {self.tray}"
        if self.drafts:
            yield f"Angefangene Entwürfe, versiegelt, hier nicht lesbar: {self.drafts}"
        if self.notes:
            yield f"Schnellnotizen, versiegelt, hier nicht lesbar: {self.notes}"
        if self.refused or self.open or self.tray or self.drafts or self.notes:
            yield "Bitte heben Sie die Datei auf, bis das geklärt ist."


def _why(code: str) -> str:
    """The sentence of a verdict; what it tells the phone itself is put for whoever reads this."""
    if code == "device_cloned":
        return "Unter diesen Nummern hat das Telefon schon etwas anderes gesendet."
    return ERRORS[code][1]


def _place(one: Against) -> str:
    number = "ohne Nummer" if one.n is None else f"Nr. {one.n}"
    return f"{number} ({one.table})" if one.table else number


def bring_in(path: Path, secret_key: str, now_ms: int) -> Rescued:
    """Judges and stores what a file brings; it may be brought in as often as one likes.

    Raises RescueProblem, and then nothing has changed, or OSError for a file that cannot be read.
    """
    signature, text = _opened(path, secret_key)
    content = _content(text)
    user, caller, locked_out = _whose(content, signature, text)
    done = Rescued(user.display_name, content.at.replace("T", " ").removesuffix("Z"))
    sends = list(_sends(content, done))
    before = _judged_before(caller.device, sends)
    for start in range(0, len(sends), MAX_BATCH_COUNT):
        part = sends[start : start + MAX_BATCH_COUNT]
        try:
            verdicts = _judge(caller, part, content, now_ms, locked_out)
        except ApiError as problem:
            done.open += [Against(send.n, _table(send), problem.code) for send in part]
            continue
        by_n = {send.n: send for send in part}
        for verdict in verdicts:
            _count(done, by_n[verdict.n], verdict, before)
    done.tray, done.drafts = len(content.tray), len(content.drafts)
    done.notes = len(content.notes)
    return done


def _opened(path: Path, secret_key: str) -> tuple[str, str]:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise RescueProblem("Diese Datei ist zu groß für eine Sicherungsdatei eines Telefons.")
    try:
        return open_rescue(data.decode("ascii"), rescue_pair(secret_key))
    except (KeyProblem, UnicodeDecodeError) as problem:
        if isinstance(problem, KeyProblem) and problem.code is Refusal.UNREADABLE:
            raise RescueProblem(NOT_OPENED) from None
        raise RescueProblem("Das ist keine Sicherungsdatei eines Telefons.") from None


def _content(text: str) -> Content:
    try:
        content = msgspec.json.decode(text, type=Content)
    except (msgspec.DecodeError, RecursionError):
        raise RescueProblem("In dieser Sicherungsdatei steht nicht, was hineingehört.") from None
    if content.format != FORMAT:
        raise RescueProblem("Diese Sicherungsdatei ist von einer neueren Version von Zuzweit.")
    return content


def _whose(content: Content, signature: str, text: str) -> tuple[User, Caller, bool]:
    """The person who wrote the file, as whom its sends are judged; whether her phone is locked."""
    user = User.get_or_none(User.id == content.user, User.team == content.team)
    if user is None or user.sign_public is None:
        raise RescueProblem("Die Person dieser Sicherungsdatei gehört nicht zu diesem Team.")
    if not rescue_signed_by(signature, text, user.sign_public):
        raise RescueProblem(
            f"Die Unterschrift ist nicht die von {user.display_name}: Die Datei ist gefälscht, "
            "oder sie hat seither ein neues Konto eingerichtet."
        )
    if user.disabled_at is not None:
        raise RescueProblem(f"Das Konto von {user.display_name} ruht.")
    device = Device.get_or_none(Device.id == content.device, Device.user == user.id)
    if device is None:
        raise RescueProblem("Das Gerät dieser Sicherungsdatei kennt dieser Server nicht.")
    admitted = user.admitted_at is not None
    caller = Caller(user.id, device.id, user.team_id, user.role, admitted)
    return user, caller, device.revoked_at is not None


def _sends(content: Content, done: Rescued) -> Iterator[Send]:
    """Every send that can be read and would fit into a request; the others are noted."""
    for sent in content.sends:
        raw = sent.send.encode("utf-8", "surrogatepass")
        is_envelope = sent.kind == "envelope"
        try:
            if len(raw) > MAX_BATCH_BYTES:
                raise ApiError("batch_too_large")
            lists = ([msgspec.Raw(raw)], []) if is_envelope else ([], [msgspec.Raw(raw)])
            [send] = read_sends(*lists)
        except ApiError as problem:
            done.refused.append(Against(None, "", problem.code))
            continue
        yield send


def _judged_before(device: str, sends: list[Send]) -> set[int]:
    known: set[int] = set()
    for start in range(0, len(sends), MAX_BATCH_COUNT):
        numbers = [send.n for send in sends[start : start + MAX_BATCH_COUNT]]
        asked = with_lists("SELECT n FROM verdict WHERE device = ? AND n IN (*)", numbers)
        known.update(n for (n,) in rows_of(asked, (device, *numbers)))
    return known


def _judge(
    caller: Caller, part: list[Send], content: Content, now_ms: int, locked_out: bool
) -> list[Verdict]:
    """As if the phone had pushed them; a locked one would have given them up, see surrender.py."""
    returned = Returned(content.again, log.position(caller).waits(now_ms))
    return push(caller, part, content.schema, now_ms, returned, locked_out=locked_out)


def _count(done: Rescued, send: Send, verdict: Verdict, before: set[int]) -> None:
    # A phone counts a key that somebody else has closed before as accepted, too.
    if verdict.verdict == "accepted" or verdict.code == "envelope_exists":
        if send.n in before:
            done.known += 1
        else:
            done.new += 1
    elif verdict.verdict == "held":
        done.held += 1
    else:
        found = done.refused if verdict.verdict == "refused" else done.open
        found.append(Against(send.n, _table(send), str(verdict.code)))


def _table(send: Send) -> str:
    """What is told of a send: the name of its table when it is one of ours."""
    if send.is_envelope:
        return "Schlüssel"
    table = send.parts.get("table")
    return table if isinstance(table, str) and table in tables() else ""
