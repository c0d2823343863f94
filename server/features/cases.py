"""Cases: one person who is looked up where she is, and the days of the steps with her."""

from flask import Flask

from server.jobs import Jobs
from server.synced import (
    Code,
    Day,
    Link,
    Numbered,
    Sealed,
    SyncedModel,
    Words,
    synced_table,
)

AB_PAP = {"ab_pap"}


@synced_table(
    key="case",
    parent=None,
    create=AB_PAP,
    change=AB_PAP,
    see=AB_PAP,
    # whoever stands in learns who it is, how to reach the person, and what to beware of.
    share={"pseudonym", "kind", "counsellor", "name", "phone", "address", "reach_via", "hazard"},
)
class ClientCase(SyncedModel):
    """Ein Fall: eine Person, die aufgesucht wird, mit den Tagen der Schritte."""

    pseudonym = Numbered(
        "U25-{:03d}",
        "Pseudonym des Falls",
        why="Der Server vergibt es, damit jede Nummer im Team nur einmal vorkommt.",
    )
    kind = Code(
        "Art des Falls: Fallübergabe oder Einzelauftrag",
        codes="case_kind",
        create=True,
        required=True,
        why="Fristen und Reihenfolge der Schritte hängen von der Art ab.",
    )
    counsellor = Link(
        "Zuständige Beratungsperson",
        why="Erinnerungen des Servers gehen an die zuständige Person.",
    )
    transferring_counsellor = Link(
        "Bisherige Ansprechperson (pAp)",
        why="Der Server zeigt dieser Person nur die Tage ihrer eigenen Fälle.",
    )
    handed_over = Day(
        "Tag der Übergabe",
        why="Erinnerung an den ersten Kontakt und Prüfung der Reihenfolge der Schritte.",
    )
    first_contact = Day(
        "Tag des ersten Kontakts",
        why="Beendet die Erinnerung an den ersten Kontakt.",
    )
    activation_limit = Day(
        "Letzter Tag der Aktivierungsphase",
        why="Der Server erinnert vor dem Ende der Aktivierungsphase.",
    )
    closed = Day(
        "Tag des Abschlusses",
        why="Beendet alle Erinnerungen und beginnt die Aufbewahrungsfrist.",
    )
    name = Sealed("Name der Person", required=True)
    date_of_birth = Sealed("Geburtsdatum")
    client_number = Sealed("Kundennummer")
    phone = Sealed("Telefonnummer")
    address = Sealed("Anschrift")
    reach_via = Sealed("Wie die Person zu erreichen ist")
    target_group = Sealed("Zielgruppe", codes="target_group")
    target_detail = Words("Erläuterung zur Zielgruppe")
    situation = Words("Lebenslage")
    wishes = Words("Wünsche der Person")
    hazard = Sealed("Hinweis zur Sicherheit bei Besuchen")

    class Meta:
        table_name = "client_case"


def register(_app: Flask, _jobs: Jobs) -> None:
    """Nothing but the table, which is declared by importing this module."""
