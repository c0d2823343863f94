"""Envelopes: a key, closed by one member for one reader, kept and handed out as it came.

The server cannot open one. It takes care that a key's id says whose key it is, that only
admitted aB-pAp make envelopes, and that what somebody was once given is never replaced.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from peewee import BigIntegerField, CompositeKey, Model, TextField

from server.access import Caller
from server.accounts import Epoch, Team, User, mark
from server.bodies import field_of
from server.db import database, locked, rows_of, run_many, with_lists, with_rows
from server.erasure import erased_among
from server.errors import ApiError
from server.grants import STANDING_IN
from server.instants import INSTANT_PATTERN, is_instant
from server.recovery_sheet import newest
from server.sealing.encoding import base64url_length
from sync.operation import Problem, key_owner

MAKERS = frozenset({"ab_pap"})
"""The roles that may make envelopes for others and are handed any."""

PADDED = 1024
"""A key with its place and signature, as JSON, padded: bytes."""

BOX_LENGTHS = {32: base64url_length(48 + PADDED), 48: base64url_length(24 + 16 + PADDED)}
"""How many characters a box has: sealed for a person (whose id has 32 digits), or closed with a
nonce under an epoch (48). What is stored is never replaced: a box nobody could open would stand
in its place for ever."""

Hex32 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
Hex48 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{48}\Z")]


class Envelope(Model):
    """One key for one reader, insert-only."""

    team = TextField(help_text="Team, dessen Schlüssel es ist")
    key_id = TextField(help_text="Kennung des verschlossenen Schlüssels")
    reader = TextField(help_text="Person oder Teamschlüssel, für die er verschlossen ist")
    purpose = TextField(help_text="Art des Schlüssels: Team oder Fall")
    owner = TextField(help_text="Fall oder Team, dem der Schlüssel gehört")
    author = TextField(help_text="Person, die ihn verschlossen hat")
    at = TextField(help_text="Zeitpunkt, zu dem er verschlossen wurde")
    box = TextField(help_text="Der verschlossene Schlüssel")
    seq = BigIntegerField(help_text="Zählerstand bei der Annahme")

    class Meta:
        database = database
        table_name = "envelope"
        primary_key = CompositeKey("team", "key_id", "reader")
        indexes = ((("team", "seq"), True),)


class EnvelopeBody(msgspec.Struct, forbid_unknown_fields=True):
    """An envelope as it travels. `at` is the instant bound into the box."""

    key_id: Hex48
    purpose: str
    owner: Hex32
    reader: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{32}|[0-9a-f]{48})\Z")]
    author: Hex32
    at: Annotated[str, msgspec.Meta(pattern=INSTANT_PATTERN)]
    box: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]+\Z", max_length=2048)]


_FIELDS = EnvelopeBody.__struct_fields__


def read_envelope(parts: dict[str, Any]) -> EnvelopeBody | Problem:
    """An envelope from decoded JSON (without its `n`), or what is wrong with its form."""
    try:
        return msgspec.convert(parts, EnvelopeBody)
    except msgspec.ValidationError as problem:
        field = field_of(str(problem))
        # Never echo what somebody else wrote: the field goes into a verdict kept for ever.
        return Problem("bad_envelope", field if field in _FIELDS else "envelope")


@dataclass
class Keyring:
    """What is stored for a team, as far as one batch of envelopes and operations asks for it.

    Used inside one write transaction; `take` collects, `save` writes.
    """

    caller: Caller

    def __post_init__(self) -> None:
        self._known: dict[str, bool] = {}
        self._taken: dict[tuple[str, str], tuple[EnvelopeBody, int]] = {}

    def take(self, envelope: EnvelopeBody, seq: int) -> Problem | bool:
        """Judges one envelope: a problem, False when it is stored already, True when it is new.

        A new one is kept under `seq` and written by `save`.
        """
        return self._problem(envelope) or self._keep(envelope, seq)

    def remember(self, envelope: EnvelopeBody, seq: int) -> bool:
        """Keeps a team key that a phone brings back after a restore; whether it was new.

        Whoever closed it or reads it may: nobody else could be shut out by a wrong one.
        """
        concerned = self.caller.user in {envelope.author, envelope.reader}
        if envelope.purpose != "team" or not concerned or self._form_problem(envelope):
            return False
        return self._keep(envelope, seq) is True

    def _keep(self, envelope: EnvelopeBody, seq: int) -> Problem | bool:
        stored = self._box_of(envelope.key_id, envelope.reader)
        if stored is not None:
            return False if stored == envelope.box else Problem("envelope_exists", "box")
        self._taken[envelope.key_id, envelope.reader] = (envelope, seq)
        self._known[envelope.key_id] = True
        return True

    def look_up(self, owners: Collection[str]) -> None:
        """Reads all keys of these owners at once, so that `has_key` need not ask for each."""
        if not owners:
            return
        # A key id begins with its owner: each is a short walk along the primary key.
        found = rows_of(
            with_rows(
                "WITH wanted (id) AS (VALUES (*)) SELECT key_id FROM wanted "
                "JOIN envelope ON team = ? AND key_id > wanted.id AND key_id < wanted.id || 'g'",
                owners,
            ),
            (*owners, self.caller.team),
        )
        self._known |= {key_id: True for (key_id,) in found}

    def has_key(self, key_id: str) -> bool:
        """Whether an envelope of this key is stored for anybody in the team."""
        if key_id not in self._known:
            self._known[key_id] = bool(
                rows_of(
                    "SELECT 1 FROM envelope WHERE team = ? AND key_id = ? LIMIT 1",
                    (self.caller.team, key_id),
                )
            )
        return self._known[key_id]

    def save(self) -> None:
        """Writes what was taken."""
        if any(envelope.purpose == "team" for envelope, _ in self._taken.values()):
            mark(self.caller.team)  # Who still lacks which team key is told there.
        run_many(
            "INSERT INTO envelope (team, key_id, purpose, owner, reader, author, at, box, seq) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (self.caller.team, *msgspec.structs.astuple(envelope), seq)
                for envelope, seq in self._taken.values()
            ],
        )

    def _box_of(self, key_id: str, reader: str) -> str | None:
        if (key_id, reader) in self._taken:
            return self._taken[key_id, reader][0].box
        found = rows_of(
            "SELECT box FROM envelope WHERE team = ? AND key_id = ? AND reader = ?",
            (self.caller.team, key_id, reader),
        )
        return found[0][0] if found else None

    def _problem(self, envelope: EnvelopeBody) -> Problem | None:
        if not may_have_envelopes(self.caller):
            return Problem("role_may_not", "author")
        if envelope.author != self.caller.user:
            return Problem("bad_envelope", "author")
        return self._form_problem(envelope)

    def _form_problem(self, envelope: EnvelopeBody) -> Problem | None:
        """What is wrong with an envelope, whoever sends it."""
        if key_owner(envelope.key_id) != envelope.owner:
            return Problem("bad_envelope", "key_id")
        if not is_instant(envelope.at):
            return Problem("bad_envelope", "at")
        if len(envelope.box) != BOX_LENGTHS[len(envelope.reader)]:
            return Problem("bad_envelope", "box")
        if envelope.purpose == "team":
            return self._team_key_problem(envelope)
        if envelope.purpose == "case":
            return self._case_key_problem(envelope)
        return Problem("bad_envelope", "purpose")

    def _team_key_problem(self, envelope: EnvelopeBody) -> Problem | None:
        if envelope.owner != self.caller.team:
            return Problem("bad_envelope", "owner")
        if not _is_epoch(self.caller.team, envelope.key_id):
            return Problem("bad_envelope", "key_id")
        sheet = newest(self.caller.team)
        if sheet is not None and sheet.id == envelope.reader:
            return None
        return self._reader_problem(envelope, MAKERS)

    def _case_key_problem(self, envelope: EnvelopeBody) -> Problem | None:
        # The case may still be on its way. Another team's is not asked about: envelopes and rows
        # count in their own team alone, and a refusal would tell that such a case exists.
        if erased_among(self.caller.team, [envelope.owner]):
            return Problem("erased", "owner")
        if len(envelope.reader) == 32:
            return self._reader_problem(envelope, STANDING_IN)
        known_epoch = _is_epoch(self.caller.team, envelope.reader)
        return None if known_epoch else Problem("bad_envelope", "reader")

    def _reader_problem(self, envelope: EnvelopeBody, roles: Collection[str]) -> Problem | None:
        readers = User.select().where(
            User.id == envelope.reader,
            User.team == self.caller.team,
            User.role.in_(roles),
            User.registered_at.is_null(False),
            User.disabled_at.is_null(),
        )
        return None if readers.exists() else Problem("bad_envelope", "reader")


def may_have_envelopes(caller: Caller) -> bool:
    """Whether this person makes envelopes and is handed any."""
    return caller.admitted and caller.role in MAKERS


def accept(caller: Caller, envelopes: Sequence[dict[str, Any]], _now_ms: int) -> None:
    """Stores envelopes that come with an admission or a new epoch, inside its transaction.

    Raises ApiError with the code and field of the first that is not acceptable.
    """

    def take(keyring: Keyring, parts: dict[str, Any], seq: int) -> bool:
        envelope = read_envelope(parts)
        taken = envelope if isinstance(envelope, Problem) else keyring.take(envelope, seq)
        if isinstance(taken, Problem):
            raise ApiError(taken.code, f"envelopes.{taken.field}", _STATUS[taken.code])
        return taken

    _store(caller, envelopes, take)


def remember(caller: Caller, envelopes: Sequence[dict[str, Any]]) -> None:
    """Stores what holds of the team keys a phone brings back, inside a write transaction."""

    def take(keyring: Keyring, parts: dict[str, Any], seq: int) -> bool:
        envelope = read_envelope(parts)
        return not isinstance(envelope, Problem) and keyring.remember(envelope, seq)

    _store(caller, envelopes, take)


def take_from(team: str, reader: str) -> None:
    """Forgets what was closed for a lost recovery sheet: no later backup has it for a finder."""
    Envelope.delete().where(Envelope.team == team, Envelope.reader == reader).execute()


def _store(
    caller: Caller,
    envelopes: Sequence[dict[str, Any]],
    take: Callable[[Keyring, dict[str, Any], int], bool],
) -> None:
    team = locked(Team.select().where(Team.id == caller.team)).get()
    keyring, seq = Keyring(caller), team.seq
    for parts in envelopes:
        seq += take(keyring, parts, seq + 1)
    keyring.save()
    Team.update(seq=seq).where(Team.id == caller.team).execute()


_STATUS = {"role_may_not": 403, "bad_envelope": 400, "envelope_exists": 409, "erased": 410}


def readers_of(team: str, key_ids: Sequence[str]) -> dict[str, set[str]]:
    """For each of these team keys, in order, the people it is closed for."""
    readers: dict[str, set[str]] = {key_id: set() for key_id in key_ids}
    if not key_ids:
        return readers
    found = rows_of(
        with_lists("SELECT key_id, reader FROM envelope WHERE team = ? AND key_id IN (*)", key_ids),
        (team, *key_ids),
    )
    for key_id, reader in found:
        readers[key_id].add(reader)
    return readers


def page(caller: Caller, after: tuple[int, str], limit: int) -> list[tuple[Any, ...]]:
    """At most `limit` tuples (seq, key_id, …) that this person may have, `after` < (seq, key_id).

    She gets the team keys closed for her, and every case key under a team key: 48 hex digits.
    """
    return rows_of(
        "SELECT seq, key_id, purpose, owner, reader, author, at, box FROM envelope "
        "WHERE team = ? AND (seq, key_id) > (?, ?) AND (length(reader) = 48 OR reader = ?) "
        "ORDER BY seq, key_id LIMIT ?",
        (caller.team, *after, caller.user, limit),
    )


def page_for_cases(
    caller: Caller, cases: Sequence[str], after: tuple[int, str], limit: int
) -> list[tuple[Any, ...]]:
    """Like `page`, for somebody who stands in: the keys of these cases that were closed for her."""
    return rows_of(
        with_lists(
            "SELECT seq, key_id, purpose, owner, reader, author, at, box FROM envelope "
            "WHERE team = ? AND reader = ? AND owner IN (*) AND (seq, key_id) > (?, ?) "
            "ORDER BY seq, key_id LIMIT ?",
            cases,
        ),
        (caller.team, caller.user, *cases, *after, limit),
    )


def of_cases(caller: Caller, cases: Sequence[str]) -> list[tuple[Any, ...]]:
    """All tuples of `page` that are keys of these cases, for a member."""
    return rows_of(
        with_lists(
            "SELECT seq, key_id, purpose, owner, reader, author, at, box FROM envelope "
            "WHERE team = ? AND owner IN (*) AND (length(reader) = 48 OR reader = ?) ORDER BY seq",
            cases,
        ),
        (caller.team, *cases, caller.user),
    )


def wire(rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Tuples of `page` as they travel."""
    return [dict(zip(_FIELDS, row[1:], strict=True)) for row in rows]


def _is_epoch(team: str, key_id: str) -> bool:
    return Epoch.select().where(Epoch.team == team, Epoch.key_id == key_id).exists()
