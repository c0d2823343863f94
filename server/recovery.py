"""A sheet of paper for the day when everybody has forgotten her password.

An aB-pAp's phone makes it: the sheet's key and the aB-pAp sign each about the other, and every
team key is closed for it. Whoever types its words later, on the phone of a new account, proves
the sheet's key by its signature, is handed the team keys that were closed for it, and closes them
for herself. The server sees public halves, signatures and boxes. Of a sheet that was lost the
aB-pAp signs that, like of somebody who has left: what was closed for it goes at once, and the
phones renew the keys.
"""

from dataclasses import replace
from typing import Any

import msgspec
from flask import Blueprint, Response, jsonify

from server import access, envelopes, log, membership
from server.access import Caller
from server.accounts import Epoch, User
from server.bodies import read_body
from server.db import rows_of, write_transaction
from server.errors import ApiError
from server.instants import is_instant, milliseconds
from server.membership import StatementBody
from server.recovery_sheet import Sheet, SheetWord, newest
from server.sealing import LEFT, RECOVERY, KeyProblem, statement_holds

blueprint = Blueprint("recovery", __name__, url_prefix="/api")


class SheetBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST /api/recovery`: the author's word about the sheet, the sheet's about her.

    `lost`: her words with the role `left` about earlier sheets that somebody else may have.
    """

    about_sheet: StatementBody
    by_sheet: StatementBody
    envelopes: list[dict[str, Any]]
    lost: list[StatementBody] = []


class RecoverBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST /api/recovery/use`: both words again, by and about a new aB-pAp."""

    about_sheet: StatementBody
    by_sheet: StatementBody
    envelopes: list[dict[str, Any]] = []


@blueprint.post("/recovery")
def make_view() -> Response:
    """Keep a new sheet's public halves and the team keys closed for it: all of it or nothing."""
    body = read_body(SheetBody)
    who = access.admitted_caller()
    if who.role != "ab_pap":
        raise ApiError("not_allowed")
    with write_transaction():
        membership.lock_team(who.team)
        _check_words(who, body.about_sheet, body.by_sheet, body.about_sheet)
        sheet = body.about_sheet
        if Sheet.select().where(Sheet.id == sheet.subject).exists():
            raise ApiError("invalid", "about_sheet.subject")
        Sheet.create(
            id=sheet.subject, team=who.team, box_public=sheet.box_public,
            sign_public=sheet.sign_public, made_at=access.now(),
        )  # fmt: skip
        _keep(sheet.subject, body.about_sheet, body.by_sheet)
        for place, word in enumerate(body.lost):
            _end(who, word, f"lost.{place}")
        _check_closed(who.team, body.envelopes, sheet.subject)
        envelopes.accept(who, body.envelopes, access.now())
        membership.mark(who.team)
    return jsonify({})


@blueprint.post("/recovery/use")
def use_view() -> Response:
    """Hand out the boxes closed for the sheet; with the keys closed for the caller, admit her."""
    body = read_body(RecoverBody)
    who = access.caller()
    if who.role != "ab_pap":
        raise ApiError("not_allowed")
    sheet = newest(who.team)
    if sheet is None or sheet.id != body.about_sheet.subject:
        raise ApiError("not_found", "about_sheet.subject")
    with write_transaction():
        membership.lock_team(who.team)
        _check_words(who, body.about_sheet, body.by_sheet, sheet)
        if not body.envelopes:
            return jsonify({"envelopes": _closed_for(who.team, sheet.id)})
        _check_closed(who.team, body.envelopes, who.user)
        _keep(sheet.id, body.about_sheet, body.by_sheet)
        envelopes.accept(replace(who, admitted=True), body.envelopes, access.now())
        membership.admit(User.get_by_id(who.user))
        membership.mark(who.team)
    return jsonify({"envelopes": []})


def takes_back(who: Caller, word: StatementBody, author: User | None) -> bool | None:
    """Keeps a word about or by a sheet that a restored server has forgotten; False when it does
    not hold, or not yet; None for one about people alone. `author`: the person who signed it.

    Without the boxes: whoever holds the team keys closes them for the sheet again, told by `lacks`.
    """
    about, by = _sheet(who.team, word.subject), _sheet(who.team, word.author)
    if word.role == RECOVERY or about is not None:
        return _takes_about(who, word, author, about)
    return None if by is None else _takes_by(who, word, by)


def _takes_about(
    who: Caller, word: StatementBody, author: User | None, sheet: Sheet | None
) -> bool:
    if author is None or author.role != "ab_pap" or not author.admitted:
        return False
    if not _holds(word, author.sign_public or "") or word.role not in {RECOVERY, LEFT}:
        return False
    if not is_instant(word.at):
        return False
    if sheet is None and word.role == RECOVERY:
        sheet = Sheet.create(
            id=word.subject, team=who.team, box_public=word.box_public,
            sign_public=word.sign_public, made_at=_made_before_restore(who, word.at),
        )  # fmt: skip
    if sheet is None or not _same_keys(word, sheet):
        return False
    _keep(sheet.id, word)
    if word.role == LEFT:
        envelopes.take_from(who.team, sheet.id)
    return True


def _takes_by(who: Caller, word: StatementBody, sheet: Sheet) -> bool:
    """What a sheet said of somebody; only the one that counts admits her once more."""
    subject = membership.registered(who.team).where(User.id == word.subject).first()
    if subject is None or membership.differing(word, subject) or word.role != "ab_pap":
        return False
    if not _holds(word, sheet.sign_public):
        return False
    if sheet == newest(who.team):
        membership.admit(subject)
    elif not subject.admitted:
        return False
    _keep(sheet.id, word)
    return True


def _made_before_restore(who: Caller, at: str) -> int:
    """A place for a forgotten sheet: after those the backup knew, before those made since."""
    restored_at = log.position(who).restored_at or access.now()
    known = Sheet.select().where(Sheet.team == who.team, Sheet.made_at < restored_at)
    after = [sheet.made_at + 1 for sheet in known]
    return min(max([milliseconds(at), *after]), restored_at - 1)


def _sheet(team: str, sheet: str) -> Sheet | None:
    return Sheet.get_or_none(Sheet.id == sheet, Sheet.team == team)


def _same_keys(word: StatementBody, sheet: StatementBody | Sheet) -> bool:
    return (word.box_public, word.sign_public) == (sheet.box_public, sheet.sign_public)


def _check_words(
    who: Caller, about: StatementBody, by: StatementBody, sheet: StatementBody | Sheet
) -> None:
    """Raises unless the caller signs the sheet's halves as such, and the sheet's key hers."""
    me = User.get_by_id(who.user)
    if about.author != who.user or about.team != who.team or not _same_keys(about, sheet):
        raise ApiError("not_allowed", "about_sheet.author")
    if about.role != RECOVERY:
        raise ApiError("invalid", "about_sheet.role")
    if by.author != about.subject or by.team != who.team or by.subject != who.user:
        raise ApiError("not_allowed", "by_sheet.author")
    if (wrong := membership.differing(by, me)) is not None:
        raise ApiError("statement_mismatch", f"by_sheet.{wrong}")
    for name, word, key in (
        ("about_sheet", about, me.sign_public or ""),
        ("by_sheet", by, sheet.sign_public),
    ):
        membership.check_time(word.at, f"{name}.at")
        if not _holds(word, key):
            raise ApiError("bad_signature", f"{name}.signature")


def _end(who: Caller, word: StatementBody, field: str) -> None:
    """From now on this sheet opens nothing; raises unless the caller signs just that."""
    if word.author != who.user or word.team != who.team:
        raise ApiError("not_allowed", f"{field}.author")
    sheet = _sheet(who.team, word.subject)
    if sheet is None:
        raise ApiError("not_found", f"{field}.subject")
    if word.role != LEFT:
        raise ApiError("invalid", f"{field}.role")
    if not _same_keys(word, sheet):
        raise ApiError("statement_mismatch", f"{field}.sign_public")
    membership.check_time(word.at, f"{field}.at")
    if not _holds(word, User.get_by_id(who.user).sign_public or ""):
        raise ApiError("bad_signature", f"{field}.signature")
    _keep(sheet.id, word)
    envelopes.take_from(who.team, sheet.id)


def _holds(word: StatementBody, sign_public: str) -> bool:
    try:
        return statement_holds(msgspec.to_builtins(word), sign_public)
    except KeyProblem:  # Its form is odd, so it is no signature either.
        return False


def _check_closed(team: str, boxes: list[dict[str, Any]], reader: str) -> None:
    """Raises unless all are closed for this reader, the newest team key among them."""
    last = Epoch.select().where(Epoch.team == team).order_by(Epoch.epoch.desc()).first()
    found = {box.get("key_id") for box in boxes if box.get("reader") == reader}
    if last is None or last.key_id not in found or len(found) != len(boxes):
        raise ApiError("invalid", "envelopes")


def _keep(sheet: str, *words: StatementBody) -> None:
    for word in words:
        row = {**msgspec.to_builtins(word), "sheet": sheet}
        SheetWord.insert(**row).on_conflict_ignore().execute()


def _closed_for(team: str, reader: str) -> list[dict[str, Any]]:
    found = rows_of(
        "SELECT seq, key_id, purpose, owner, reader, author, at, box FROM envelope "
        "WHERE team = ? AND reader = ? AND purpose = 'team' ORDER BY seq",
        (team, reader),
    )
    return envelopes.wire(found)
