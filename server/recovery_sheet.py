"""Recovery sheets as rows: the public halves of a key on paper, and what is signed about them.

The secret half stands on a sheet in a safe and nowhere else. A sheet is no account: nobody signs
in with it, it only closes the circle when everybody has forgotten her password.
"""

from collections.abc import Mapping
from typing import Any

from peewee import BigIntegerField, CompositeKey, Model, ModelSelect, TextField

from server.db import database
from server.sealing import LEFT


class Sheet(Model):
    """The public halves of one sheet; of a team's the newest counts that is not lost."""

    id = TextField(primary_key=True, help_text="Nummer des Blatts")
    team = TextField(help_text="Team, dem es gehört")
    box_public = TextField(help_text="Öffentlicher Schlüssel für Umschläge an das Blatt")
    sign_public = TextField(help_text="Öffentlicher Schlüssel seiner Unterschrift")
    made_at = BigIntegerField(help_text="Zeitpunkt der Erstellung")

    class Meta:
        database = database
        table_name = "recovery_sheet"
        indexes = ((("team", "made_at"), False),)


class SheetWord(Model):
    """A signed word about a sheet, or by one about somebody of the team."""

    team = TextField(help_text="Team, dem das Blatt gehört")
    sheet = TextField(help_text="Blatt, um das es geht")
    subject = TextField(help_text="Über wen: Person oder Blatt")
    author = TextField(help_text="Von wem: Person oder Blatt")
    role = TextField(help_text="Bezeugte Rolle")
    box_public = TextField(help_text="Bezeugter Schlüssel für Umschläge")
    sign_public = TextField(help_text="Bezeugter Schlüssel der Unterschrift")
    at = TextField(help_text="Zeitpunkt der Unterschrift nach der Uhr des Telefons")
    signature = TextField(help_text="Unterschrift")

    class Meta:
        database = database
        table_name = "recovery_word"
        primary_key = CompositeKey("sheet", "signature")
        indexes = ((("team",), False),)


def newest(team: str) -> Sheet | None:
    """The sheet that counts."""
    found = Sheet.select().where(Sheet.team == team, Sheet.id.not_in(_lost(team)))
    return found.order_by(Sheet.made_at.desc(), Sheet.id.desc()).first()


def told(team: str, closed: Mapping[str, set[str]]) -> list[dict[str, Any]]:
    """The team's sheets as `state.recovery` writes them, the newest last; `closed` has for each
    team key its readers."""
    words: dict[str, list[dict[str, Any]]] = {}
    for word in SheetWord.select().where(SheetWord.team == team).order_by(SheetWord.at):
        words.setdefault(word.sheet, []).append(_wire(word))
    sheets = list(Sheet.select().where(Sheet.team == team).order_by(Sheet.made_at, Sheet.id))
    counting = newest(team)
    return [
        {
            "id": sheet.id,
            "box_public": sheet.box_public,
            "sign_public": sheet.sign_public,
            "statements": words.get(sheet.id, []),
            **(_lacks(sheet, closed) if sheet == counting else {}),
        }
        for sheet in sheets
    ]


def _lost(team: str) -> "ModelSelect[SheetWord]":
    """The words that a sheet of the team was lost, or seen by others."""
    word = (SheetWord.team == team) & (SheetWord.subject == SheetWord.sheet)
    return SheetWord.select(SheetWord.sheet).where(word, SheetWord.role == LEFT)


def _lacks(sheet: Sheet, closed: Mapping[str, set[str]]) -> dict[str, Any]:
    lacks = [key_id for key_id, readers in closed.items() if sheet.id not in readers]
    return {"lacks": lacks} if lacks else {}


def _wire(word: SheetWord) -> dict[str, Any]:
    names = ("team", "subject", "role", "box_public", "sign_public", "author", "at", "signature")
    return {name: getattr(word, name) for name in names}
