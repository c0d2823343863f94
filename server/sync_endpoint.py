"""`POST /api/sync` and `GET /api/history/<table>/<row>`; the messages stand in sync/PROTOCOL.md.

`sync` is the whole of it without HTTP: a request in, an answer out, as encoded JSON.
"""

from dataclasses import replace
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response

from server import access, held, log, membership, settings
from server.acceptance import push
from server.access import Caller
from server.bodies import field_of, raw_body
from server.cursors import Cursor, Page
from server.db import read_snapshot
from server.errors import ApiError
from server.grants import Mandate, mandate_of
from server.log import Position
from server.reading import history, made_by, pull, scope_of
from server.returning import Claim, Returned
from server.sends import Send, Verdict, read_sends
from server.sharing import pull_shared
from sync.operation import MAX_BATCH_BYTES, MAX_BATCH_COUNT, MAX_INT

PROTOCOL = 1
MAX_PAGE = 2000

blueprint = Blueprint("sync", __name__, url_prefix="/api")

Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
Whole = Annotated[int, msgspec.Meta(ge=0, le=MAX_INT)]
Short = Annotated[str, msgspec.Meta(max_length=128)]


class SyncRequest(msgspec.Struct):
    """What a phone sends. Envelopes and operations stay bytes: exactly these are hashed."""

    protocol: int
    schema: Annotated[int, msgspec.Meta(ge=1)]
    device: Id
    now: Whole
    limit: Annotated[int, msgspec.Meta(ge=0, le=MAX_PAGE)]
    log_id: Id | None = None
    cursor: Short | None = None
    acknowledged: Whole = 0
    scope: Short | None = None
    state: Short | None = None
    envelopes: list[msgspec.Raw] = []
    operations: list[msgspec.Raw] = []
    again: list[Claim] = []


class SyncAnswer(msgspec.Struct, omit_defaults=True):
    """What the server answers; `scope` and `state` only when the phone's hash is another."""

    log_id: str
    now: int
    cursor: str | None
    more: bool
    verdicts: list[Verdict]
    envelopes: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    erased: list[dict[str, str]] = []
    restored: bool = False
    scope: dict[str, Any] | None = None
    state: msgspec.Raw | None = None


def read_request(data: bytes) -> SyncRequest:
    """A request from its JSON.

    Raises `malformed`, `invalid` with the field, `protocol_unknown` or `batch_too_large`.
    """
    try:
        message = msgspec.json.decode(data, type=SyncRequest)
    except msgspec.ValidationError as problem:
        raise ApiError("invalid", field_of(str(problem))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ApiError("malformed") from None
    if message.protocol != PROTOCOL:
        raise ApiError("protocol_unknown", "protocol")
    if len(message.envelopes) + len(message.operations) > MAX_BATCH_COUNT:
        raise ApiError("batch_too_large")
    return message


def sync(caller: Caller, message: SyncRequest, now_ms: int) -> SyncAnswer:
    """One round trip: judges what was sent, then reads what is new, each in its transaction.

    Raises ApiError for a request that is refused as a whole; then nothing has changed.
    """
    if message.device != caller.device:
        raise ApiError("wrong_device", "device")
    cursor = Cursor.read(message.cursor)
    sends = read_sends(message.envelopes, message.operations)
    known = (message.log_id, message.acknowledged, cursor.seq)
    verdicts: list[Verdict] = []
    if sends:
        here = log.position(caller)
        if here.is_behind(caller, *known):
            return _restored(here, message, now_ms)
        returned = Returned(message.again, here.waits(now_ms))
        verdicts = push(caller, sends, message.schema, now_ms, returned)
    with read_snapshot():
        here = log.position(caller)
        if sends or not here.is_behind(caller, *known):
            accepted = {one.n for one in verdicts if one.verdict == "accepted"}
            judged = [send for send in sends if send.n in accepted]
            return _read(caller, here, message, verdicts, judged, now_ms)
    return _restored(here, message, now_ms)


def _read(
    caller: Caller,
    here: Position,
    message: SyncRequest,
    verdicts: list[Verdict],
    accepted: list[Send],
    now_ms: int,
) -> SyncAnswer:
    """The answer with what is new to the phone; inside a read snapshot.

    Rows, keys and state are of one moment, and so is who she is: admitted while the request was
    on its way, she would hear that she is and get no key.
    """
    caller = replace(caller, role=here.role, admitted=here.admitted_at is not None)
    mandate = mandate_of(caller, now_ms)
    scope = _scope(scope_of(caller), mandate)
    page = _page(caller, message, mandate, same_scope=message.scope == scope["hash"])
    paged = {row["id"] for row in page.rows}
    named = [row for row in made_by(caller, accepted) if row["id"] not in paged]
    name, state = _state(caller, here.state_mark)
    return SyncAnswer(
        log_id=here.log_id,
        now=now_ms,
        cursor=page.cursor,
        more=page.more,
        verdicts=verdicts,
        envelopes=page.envelopes,
        rows=page.rows + named,
        erased=page.erased,
        scope=scope if scope["hash"] != message.scope else None,
        state=state if name != message.state else None,
    )


def _scope(team: str | None, mandate: Mandate | None) -> dict[str, Any]:
    """What a phone may keep: everything of its team, or the cases in force until an instant."""
    cases = {} if mandate is None else dict(sorted(mandate.in_force.items()))
    name = f"scope {team}" if mandate is None else f"scope {cases}"
    scope = {"hash": sha256(name.encode()).hexdigest()[:16], "team": team}
    return scope | ({"cases": cases} if cases else {})


def _page(caller: Caller, message: SyncRequest, mandate: Mandate | None, same_scope: bool) -> Page:
    """What lies after the cursor, of all that this person may see."""
    cursor = Cursor.read(message.cursor)
    if mandate is None:
        return pull(caller, cursor, message.limit)
    # Other cases than before: all of them from the beginning, they are few.
    start = cursor if same_scope else Cursor.read(None)
    return pull_shared(caller, mandate, start, message.limit)


def _restored(here: Position, message: SyncRequest, now_ms: int) -> SyncAnswer:
    """To a phone that knows more than this log: nothing of its request was looked at."""
    name = log.renamed(here, message.log_id, now_ms)
    return SyncAnswer(name, now_ms, None, True, [], [], [], restored=True)


_states: dict[tuple[str, bool], tuple[tuple[str, str], tuple[str, msgspec.Raw]]] = {}
"""The last state of each team, ready to send, under its mark: equal marks mean equal states.
Once for those who decide about late work, once for the others."""


def _state(caller: Caller, mark: str) -> tuple[str, msgspec.Raw]:
    """(hash, `{hash, members, epochs, settings, held?}` as JSON) of a team; inside the snapshot."""
    team, decides = caller.team, scope_of(caller) is not None
    installed = access.phone_settings()
    key = (mark, repr(installed))
    known = _states.get((team, decides))
    if known is not None and known[0] == key:
        return known[1]
    told = {**settings.phone_settings(team), **installed}
    content = {**membership.state(team), "settings": told}
    if decides and (waiting := held.undecided(team)):
        content["held"] = waiting
    name = sha256(msgspec.json.encode(content)).hexdigest()[:16]
    made = (name, msgspec.Raw(msgspec.json.encode({"hash": name, **content})))
    _states[team, decides] = (key, made)
    return made


@blueprint.post("/sync")
def sync_view() -> Response:
    """One round trip of the caller's device."""
    caller = access.caller()
    message = read_request(raw_body(MAX_BATCH_BYTES, "batch_too_large"))
    answer = sync(caller, message, access.now())
    return _json(answer)


@blueprint.get("/history/<table>/<row>")
def history_view(table: str, row: str) -> Response:
    """What was overwritten in one row."""
    with read_snapshot():
        items = history(access.caller(), table, row)
    return _json({"history": items})


def _json(answer: Any) -> Response:
    return Response(msgspec.json.encode(answer), mimetype="application/json")
