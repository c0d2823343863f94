"""What the server keeps beside the shared rows: verdicts, history, the name of its log.

A verdict is kept for ever: it makes sending twice harmless. Values in the history are as sealed
as they were in the row.
"""

from peewee import BigIntegerField, BlobField, CompositeKey, Model, TextField

from server.db import database


class RecordRow(Model):
    """Base of this module's tables: binds them to the one database."""

    class Meta:
        database = database


class Log(RecordRow):
    """One row: the random name of this log, made with the database, made anew when it is restored.

    Phones notice another one (`server/log.py`).
    """

    log_id = TextField(primary_key=True, help_text="Zufälliger Name dieses Bestands")
    restored_at = BigIntegerField(
        null=True, help_text="Zeitpunkt, zu dem er aus einer Sicherung hervorging"
    )

    class Meta:
        table_name = "log"


class Verdict(RecordRow):
    """What became of a device's n-th send; `row` is the row whose creation was refused."""

    device = TextField(help_text="Gerät, das gesendet hat")
    n = BigIntegerField(help_text="Laufende Nummer der Sendung dieses Geräts")
    sha256 = BlobField(help_text="Prüfsumme der gesendeten Bytes")
    verdict = TextField(help_text="Bescheid: angenommen oder abgelehnt")
    code = TextField(null=True, help_text="Grund einer Ablehnung")
    field = TextField(null=True, help_text="Angabe, um die es bei der Ablehnung geht")
    effective = TextField(
        null=True, help_text="Wirksamer Zeitstempel, wenn er vom gesendeten abweicht"
    )
    row = TextField(null=True, help_text="Eintrag, dessen Anlage abgelehnt wurde")

    class Meta:
        table_name = "verdict"
        primary_key = CompositeKey("device", "n")


class History(RecordRow):
    """A value that is no longer, or never was, the one shown; `value` is JSON.

    `seq` is that of the operation with which it became history.
    """

    team = TextField(help_text="Team, dem der Eintrag gehört")
    row = TextField(help_text="Eintrag, zu dem der frühere Wert gehört")
    seq = BigIntegerField(help_text="Zählerstand, mit dem der Wert überschrieben wurde")
    column = TextField(help_text="Angabe, die überschrieben wurde")
    table = TextField(help_text="Art des Eintrags")
    value = TextField(help_text="Früherer Wert, versiegelt wie im Eintrag")
    claimed = TextField(help_text="Zeitstempel des Telefons für den früheren Wert")
    effective = TextField(help_text="Wirksamer Zeitstempel des früheren Werts")
    author = TextField(help_text="Person, von der der frühere Wert stammt")

    class Meta:
        table_name = "history"
        primary_key = CompositeKey("team", "row", "seq", "column")
