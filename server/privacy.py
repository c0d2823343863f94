"""What the privacy page is made of: everything the database holds, in words.

What a column means and why it lies there in clear stands in its declaration; here it is only
collected, so that the page cannot forget one. Only what a whole table of the server's own is
for stands here.
"""

from dataclasses import dataclass, field

from peewee import Model

from server.schema_check import declared_models
from server.synced import SyncedModel, SyncedTable, tables

TITLES = {
    "client_case": "Fälle",
    "visit": "Besuche und Kontakte",
    "handed_case": "Übergaben an Vertretungen",
}
"""What the shared tables are called."""

PURPOSES = {
    "team": ("Team", "Hält Einträge, Nummern und Schlüssel eines Teams zusammen."),
    "user": ("Konten", "Anmeldung, Rechte und die Namen der Beschäftigten im Team."),
    "device": ("Geräte", "Jede Sendung hat ein Gerät, und jedes Gerät lässt sich sperren."),
    "session": ("Anmeldungen", "Eine Anmeldung lässt sich sofort beenden."),
    "invitation": ("Einladungen", "Ein Einladungslink gilt einmal und nur eine Zeit lang."),
    "refused_sign_in": ("Abgewiesene Versuche", "Das Büro sieht, ob jemand Passwörter rät."),
    "audit": ("Protokoll", "Wer an Konten, Geräten und Einstellungen etwas geändert hat."),
    "setting": ("Einstellungen", "Was das Büro anders entschieden hat als die Vorgabe."),
    "job_run": ("Zeitgesteuerte Arbeiten", "Das Büro sieht, ob sie laufen."),
    "failed_sign_in": ("Fehlversuche", "Wer Passwörter rät, muss immer länger warten."),
    "statement": ("Aufnahmen", "Wer wen nach Vergleich der Sicherheitsnummer aufgenommen hat."),
    "epoch": ("Teamschlüssel", "Welche Teamschlüssel es gibt; die Schlüssel selbst fehlen hier."),
    "recovery_sheet": (
        "Wiederherstellungsblätter",
        "Das Geheimnis selbst steht auf Papier.",
    ),
    "recovery_word": (
        "Worte zum Blatt",
        "Wer ein Wiederherstellungsblatt erstellt, wer eines benutzt hat.",
    ),
    "envelope": ("Umschläge", "Schlüssel, verschlossen für die, die sie öffnen dürfen."),
    "log": ("Bestand", "Telefone bemerken daran, dass eine Sicherung zurückgespielt wurde."),
    "verdict": ("Bescheide", "Nichts wird doppelt angenommen, was zweimal gesendet wird."),
    "history": ("Frühere Werte", "Was überschrieben wurde, bleibt nachlesbar."),
    "held": ("Späte Einträge", "Zu spät oder von einem gesperrten Gerät: eine aB-pAp entscheidet."),
    "erased": ("Endgültig Gelöschtes", "Gelöschtes kommt aus keiner Sicherung zurück."),
}
"""Of each table of the server's own: what it is called and what it is for."""


@dataclass(frozen=True)
class Told:
    """A column in words. `why` it is clear; a sealed one, and the server's own, need no reason."""

    meaning: str
    sealed: bool = False
    why: str | None = None
    shared: bool = False
    """Somebody who stands in sees it of the cases handed to her."""


@dataclass(frozen=True)
class Register:
    """A table in words: what it holds or is for, and its columns by name."""

    title: str
    purpose: str
    columns: dict[str, Told] = field(default_factory=dict)


def shared_tables() -> dict[str, Register]:
    """The tables that phones and server share, by name. Raises KeyError for one without title."""
    return {
        name: Register(TITLES[name], str(declared.model.__doc__), _registers(declared))
        for name, declared in tables().items()
    }


def of_every_row() -> Register:
    """What the server notes of every shared row beside its columns."""
    return Register(
        "Zu jedem Eintrag",
        "Damit Telefone, die zugleich schreiben, zum selben Stand kommen.",
        {
            name: Told(found.help_text)
            for name, found in SyncedModel._meta.fields.items()
            if found.help_text
        },
    )


def own_tables() -> dict[str, Register]:
    """The server's own tables, by name. Raises KeyError for one that has no purpose."""
    return {model._meta.table_name: _own(model) for model in _own_models()}


def _registers(declared: SyncedTable) -> dict[str, Told]:
    return {
        name: Told(column.meaning, column.sealed, column.why, name in declared.shared)
        for name, column in declared.columns.items()
    }


def _own(model: type[Model]) -> Register:
    title, purpose = PURPOSES[model._meta.table_name]
    fields = model._meta.sorted_fields
    return Register(title, purpose, {one.column_name: Told(one.help_text) for one in fields})


def _own_models() -> list[type[Model]]:
    shared = {declared.model for declared in tables().values()}
    return [model for model in declared_models() if model not in shared]
