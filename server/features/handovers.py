"""Handing a case to a deputy for a time: `server/grants.py` reads from it who may see what."""

from flask import Flask

from server.jobs import Jobs
from server.synced import Day, Link, SyncedModel, Words, synced_table

AB_PAP = {"ab_pap"}


@synced_table(
    key="case",
    parent="case",
    create=AB_PAP,
    change=AB_PAP,
    see=AB_PAP,
    share={"case", "deputy", "starts", "until", "note"},
)
class HandedCase(SyncedModel):
    """Ein Fall, der für eine Zeit an eine Vertretung übergeben ist."""

    case = Link(
        "Fall, der übergeben ist",
        link="client_case",
        create=True,
        required=True,
        why="Der Server gibt der Vertretung nur die Einträge dieses Falls.",
    )
    deputy = Link(
        "Person, die vertritt",
        create=True,
        required=True,
        why="Der Server gibt die Einträge des Falls nur dieser Person.",
    )
    starts = Day(
        "Erster Tag der Vertretung",
        create=True,
        required=True,
        why="Von diesem Tag an gibt der Server die Einträge heraus.",
    )
    until = Day(
        "Letzter Tag der Vertretung",
        required=True,
        why="Nach diesem Tag gibt der Server nichts mehr heraus und hält späte Arbeit zurück.",
    )
    note = Words("Übergabenotiz: wie erreichen, was als Nächstes, worauf achten")

    class Meta:
        table_name = "handed_case"
        indexes = ((("team", "seq"), True), (("team", "deputy"), False))


def register(_app: Flask, _jobs: Jobs) -> None:
    """Nothing but the table, which is declared by importing this module."""
