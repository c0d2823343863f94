"""A phone the office has locked out: it gives up what it had not sent, and receives nothing.

Everything it sends is kept aside for an aB-pAp to decide about, whoever its person is. Keys are
stored, because nobody could read what is kept without them. A request that brings nothing says
that nothing more follows; the phone wipes itself when it is answered.
"""

import msgspec
from flask import Blueprint, Response, session
from peewee import fn

from server import access, audit, log, membership
from server.acceptance import push
from server.access import Caller
from server.accounts import Device
from server.bodies import raw_body
from server.db import write_transaction
from server.errors import ApiError
from server.held import Held
from server.returning import Returned
from server.sends import Send, Verdict, read_sends
from server.sync_endpoint import read_request
from sync.operation import MAX_BATCH_BYTES

blueprint = Blueprint("surrender", __name__, url_prefix="/api")


@blueprint.post("/surrender")
@access.open_to_locked_out
def surrender_view() -> Response:
    """A batch as for `POST /api/sync`; the empty one is the last."""
    who = access.locked_out_caller()
    message = read_request(raw_body(MAX_BATCH_BYTES, "batch_too_large"))
    if message.device != who.device:
        raise ApiError("wrong_device", "device")
    sends = read_sends(message.envelopes, message.operations)
    verdicts = take(who, sends, message.schema, access.now())
    if not sends:
        session.clear()
    answer = msgspec.json.encode({"verdicts": verdicts})
    return Response(answer, mimetype="application/json", headers={"Cache-Control": "no-store"})


def take(who: Caller, sends: list[Send], schema: int, now: int) -> list[Verdict]:
    """The verdicts on what a phone gives up; with nothing to send it has given up everything."""
    with write_transaction():
        # First what a sync takes first too: they must not wait for one another.
        membership.lock_team(who.team)
        open_still = Device.id == who.device, Device.surrendered_at.is_null()
        # The reply to the last one may have been lost: it is given again, and nothing is taken.
        if not Device.update(last_contact=now).where(*open_still).execute():
            return []
        if sends:
            returned = Returned(waits=log.position(who).waits(now))
            return push(who, sends, schema, now, returned, locked_out=True)
        Device.update(surrendered_at=now).where(*open_still).execute()
        detail = f"Einträge, die auf eine Entscheidung warten: {_waiting(who.device)}"
        audit.record(who.team, who.user, "device_surrendered", who.device, detail, now=now)
        return []


def _waiting(device: str) -> int:
    kept = Held.select(fn.COUNT(Held.n)).where(Held.device == device, Held.decision.is_null())
    return int(kept.scalar())
