"""Visits: one planned or made contact outside, and what came of it."""

from flask import Flask

from server.grants import STANDING_IN
from server.jobs import Jobs
from server.synced import (
    Day,
    Instant,
    Link,
    Sealed,
    SyncedModel,
    Words,
    YesNo,
    synced_table,
)

AB_PAP = {"ab_pap"}
WRITERS = AB_PAP | STANDING_IN


@synced_table(
    key="case",
    parent="case",
    create=WRITERS,
    change=WRITERS,
    see=AB_PAP,
    # What was planned, where and when something happened, what comes next: no notes about a person.
    share={
        "case", "counsellor", "companion", "planned_start", "planned_end", "contact_made",
        "happened_at", "place_kind", "place", "outcome", "appointment", "next_step",
    },
)  # fmt: skip
class Visit(SyncedModel):
    """Ein geplanter Besuch, ein Kontakt oder Kontaktversuch außerhalb des Büros."""

    case = Link(
        "Fall, zu dem der Kontakt gehört",
        link="client_case",
        create=True,
        required=True,
        why="Der Server prüft daran, mit welchem Schlüssel der Kontakt versiegelt sein muss.",
    )
    counsellor = Link(
        "Beratungsperson, die den Kontakt hatte",
        why="Erinnerungen zu diesem Kontakt gehen an diese Person.",
    )
    companion = Link(
        "Zweite Person beim Besuch",
        why="Erinnerungen und Alarme zu diesem Besuch gehen auch an sie.",
    )
    planned_start = Instant(
        "Geplanter Beginn des Besuchs", why="Der Server erinnert an den geplanten Besuch."
    )
    planned_end = Instant(
        "Geplantes Ende des Besuchs",
        why="Der Server bemerkt daran, wenn sich nach einem Besuch niemand zurückmeldet.",
    )
    contact_made = Day(
        "Tag, an dem ein Gespräch zustande kam",
        why="Beendet die Erinnerung an den ersten Kontakt.",
    )
    return_announced = Day(
        "Tag, an dem die Rückkehr zur bisherigen Ansprechperson besprochen wurde",
        why="Der Server erinnert an das gemeinsame Gespräch.",
    )
    verbis_open = YesNo(
        "Ob der Kontakt noch in VerBIS nachzutragen ist",
        why="Der Server erinnert an das Nachtragen in VerBIS.",
        typescript="boolean",
    )
    happened_at = Sealed("Zeitpunkt des Kontakts")
    place_kind = Sealed("Art des Ortes", codes="place_kind")
    place = Sealed("Ort in Worten")
    outcome = Sealed("Ergebnis des Kontakts", codes="outcome")
    who_opened = Sealed("Wer geöffnet hat, nur die Rolle", codes="who_opened")
    topics = Sealed("Besprochene Themen", codes="topics", typescript="list")
    core_tasks = Sealed("Kernaufgaben, um die es ging", codes="core_tasks", typescript="list")
    appointment = Sealed("Vereinbarter Termin: ein Tag, wenn bekannt mit Uhrzeit")
    observation = Words("Beobachtung")
    assessment = Words("Einschätzung")
    wish = Words("Wunsch der Person")
    next_step = Words("Nächster Schritt")

    class Meta:
        table_name = "visit"
        indexes = ((("team", "seq"), True), (("team", "case"), False))


def register(_app: Flask, _jobs: Jobs) -> None:
    """Nothing but the table, which is declared by importing this module."""
