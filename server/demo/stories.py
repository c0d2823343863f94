"""A year of invented field work: fifty cases and what happened at their doors.

Everything is drawn from one seeded generator, so two demos of the same day tell the same story.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from server.demo.names import (
    CAFES,
    FAMILY_NAMES,
    FIRST_NAMES,
    HOUSES,
    STREETS,
    TOWN,
    YOUTH_CENTRES,
)

SITUATIONS = (
    "Seit dem Schulabgang ohne Anschluss. Wohnt bei der Familie, schläft tagsüber.",
    "Ausbildung im zweiten Lehrjahr abgebrochen, seither kein Kontakt zum Jobcenter.",
    "Wechselnde Adressen bei Bekannten. Post kommt nicht verlässlich an.",
    "Betreut tagsüber zwei jüngere Geschwister, sieht für sich selbst kaum Spielraum.",
    "Hat Schulden und öffnet keine Briefe mehr. Nachrichten auf dem Telefon liest sie.",
    "Nach längerer Krankheit unsicher, was noch geht. Möchte nicht gedrängt werden.",
    "Jobbt ab und zu im Lager, meldet sich nicht, weil Termine unangenehm sind.",
)
WISHES = (
    "Treffen lieber nachmittags und nicht im Amt.",
    "Bitte vorher eine Nachricht schicken.",
    "Möchte etwas mit Holz machen.",
    "Spricht lieber beim Gehen als am Tisch.",
    "Keine Gespräche vor den Eltern.",
    "Interesse an einer Werkstatt oder am Lager.",
)
REACH = (
    "Nachricht, nachmittags",
    "Klingel unten rechts, zweimal läuten",
    "über die Schwester",
    "Jugendzentrum, donnerstags",
    "Anruf nach 14 Uhr",
)
OBSERVATIONS = {
    "short_talk": (
        "Freundlich, wollte nicht hereinbitten. Treffen im Café vorgeschlagen.",
        "Kam im Bademantel an die Tür, hörte zu und nahm die Karte.",
        "Gespräch im Treppenhaus, zehn Minuten. Fragt nach der Werkstatt.",
        "War in Eile, schlug selbst nächsten Mittwoch vor.",
    ),
    "long_talk": (
        "Möchte in die Werkstatt reinschauen. Bringt das Zeugnis mit.",
        "Erzählt von der abgebrochenen Lehre. Der Meister war das Problem, nicht das Holz.",
        "Brief der Krankenkasse gemeinsam gelesen und beantwortet.",
        "Lebenslauf angefangen. Hat mehr gearbeitet, als in den Unterlagen steht.",
        "Will den Führerschein. Wir haben aufgeschrieben, was davor kommt.",
    ),
    "no_talk_wanted": (
        "Sagte durch die Tür, es passe gerade nicht. Karte dagelassen.",
        "Möchte im Moment nicht sprechen, ist aber mit einer Nachricht einverstanden.",
    ),
    "other_person_only": (
        "Jemand aus der Wohnung öffnete, wir haben um Rückruf gebeten.",
        "Nachbarwohnung; nichts weitergegeben.",
    ),
    "message_left": ("Karte mit Nummer in den Briefkasten gelegt.", "Nachricht an der Klingel."),
    "talk_broken_off": ("Wurde laut, wir sind gegangen. Später Nachricht: tut ihm leid.",),
}
NEXT_STEPS = (
    "Café nächste Woche vorschlagen",
    "Werkstatt anrufen und Besuch ausmachen",
    "Zeugnis kopieren",
    "Noch einmal klingeln, anderer Wochentag",
    "Gemeinsam zur Schuldnerberatung",
    "Nachricht vor dem nächsten Besuch schicken",
)
HAZARDS = ("Hund in der Wohnung, wird weggesperrt, wenn man vorher anruft.",)


@dataclass
class Contact:
    """One contact: columns of `visit` in plain text, by whom (0 or 1) and when."""

    at: datetime
    by: int
    clear: dict[str, object]
    sealed: dict[str, object]


@dataclass
class Story:
    """One case: columns of `client_case` in plain text, whose it is (0 or 1), its contacts."""

    opened: datetime
    by: int
    pap: int
    clear: dict[str, object]
    sealed: dict[str, object]
    contacts: list[Contact] = field(default_factory=list)


def six_months(start: date) -> date:
    """The last day of six months when the start day counts (§§ 187 (2), 188 (2), (3) BGB)."""
    month = start.month + 6
    year, month = start.year + (month - 1) // 12, (month - 1) % 12 + 1
    if start.day == 1:
        return date(year, month, 1) - timedelta(days=1)
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=start.day - 2), after - timedelta(days=1))


def tell(count: int, today: date, seed: int = 14) -> list[Story]:
    """`count` stories that began within the year before `today`, oldest first."""
    chance = random.Random(seed)
    starts = sorted(today - timedelta(days=chance.randint(2, 365)) for _ in range(count))
    return [_story(chance, number, start, today) for number, start in enumerate(starts)]


def begin(number: int, today: date) -> dict[str, object]:
    """The columns of a case that is handed over today, the `number`-th that is told."""
    return {
        "kind": "handover",
        "handed_over": today.isoformat(),
        "activation_limit": six_months(today).isoformat(),
    } | _person(random.Random(number), number, today)


def _story(chance: random.Random, number: int, start: date, today: date) -> Story:
    order = number % 12 == 7
    limit = six_months(start)
    # A return is sometimes settled a few days late, never half a year.
    over = limit < today and ((today - limit).days > 20 or chance.random() < 0.6)
    pending = not order and (today - start).days < 9
    clear: dict[str, object] = {"kind": "individual_order" if order else "handover"}
    if not pending:
        clear["handed_over"] = start.isoformat()
        if not order:
            clear["activation_limit"] = limit.isoformat()
    story = Story(
        opened=_moment(chance, start),
        by=number % 2,
        pap=chance.randrange(2),
        clear=clear,
        sealed=_person(chance, number, today),
    )
    if not pending:
        last = min(today, limit if over else today)
        story.contacts = list(_contacts(chance, story, start, last, today))
    talks = [c.clear["contact_made"] for c in story.contacts if "contact_made" in c.clear]
    if talks:
        clear["first_contact"] = talks[0]
    if over:
        clear["closed"] = min(today, limit).isoformat()
    return story


def _person(chance: random.Random, number: int, today: date) -> dict[str, object]:
    born = today - timedelta(days=chance.randint(17 * 366, 24 * 365))
    person: dict[str, object] = {
        "name": f"{FIRST_NAMES[number % 50]} {FAMILY_NAMES[(number * 7 + 3) % 50]}",
        "date_of_birth": born.isoformat(),
        "client_number": f"{chance.randint(100, 999)}A{chance.randint(100000, 999999)}",
        "phone": f"0151 555{chance.randint(10000, 99999)}",
        "address": f"{chance.choice(STREETS)} {chance.randint(1, 88)}, {TOWN}",
        "target_group": chance.choice(("hard_to_reach", "hard_to_reach", "severe_problems")),
        "situation": chance.choice(SITUATIONS),
    }
    if chance.random() < 0.6:
        person["reach_via"] = chance.choice(REACH)
    if chance.random() < 0.5:
        person["wishes"] = chance.choice(WISHES)
    if chance.random() < 0.08:
        person["hazard"] = chance.choice(HAZARDS)
    return person


def _contacts(
    chance: random.Random, story: Story, start: date, last: date, today: date
) -> Iterator[Contact]:
    day, trust, told = start, 0, False
    while True:
        day += timedelta(days=chance.randint(4, 16) + (2 if trust > 2 else 0))
        if day > last or day >= today:
            return
        if day.weekday() > 4:
            continue
        outcome = _outcome(chance, trust)
        talked = outcome in ("short_talk", "long_talk")
        trust += 1 if talked else 0
        by = story.by if chance.random() < 0.8 else 1 - story.by
        contact = _contact(chance, _moment(chance, day), by, outcome, trust)
        if talked:
            contact.clear["contact_made"] = day.isoformat()
            if not told:
                contact.clear["return_announced"] = day.isoformat()
                told = True
        if talked and (today - day).days < 12 and chance.random() < 0.4:
            contact.clear["verbis_open"] = True
        yield contact


def _outcome(chance: random.Random, trust: int) -> str:
    if trust == 0:
        return chance.choice(
            ("nobody_met", "nobody_met", "message_left", "other_person_only", "no_talk_wanted")
            + ("short_talk",) * 2
        )
    early = ("short_talk", "short_talk", "long_talk", "nobody_met", "talk_broken_off")
    return chance.choice(early if trust < 3 else ("long_talk", "long_talk", "short_talk"))


def _contact(chance: random.Random, at: datetime, by: int, outcome: str, trust: int) -> Contact:
    kind, place = _place(chance, outcome, trust)
    sealed: dict[str, object] = {
        "happened_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "place_kind": kind,
        "outcome": outcome,
    }
    if place:
        sealed["place"] = place
    if outcome in OBSERVATIONS and chance.random() < 0.9:
        sealed["observation"] = chance.choice(OBSERVATIONS[outcome])
    if outcome in ("short_talk", "long_talk") and chance.random() < 0.5:
        sealed["next_step"] = chance.choice(NEXT_STEPS)
    return Contact(at=at, by=by, clear={}, sealed=sealed)


def _place(chance: random.Random, outcome: str, trust: int) -> tuple[str, str | None]:
    if outcome == "long_talk" or trust > 2:
        return chance.choice(
            (
                ("cafe", chance.choice(CAFES)),
                ("cafe", chance.choice(CAFES)),
                ("youth_centre", chance.choice(YOUTH_CENTRES)),
                ("multigeneration_house", chance.choice(HOUSES)),
                ("public_space", "Spaziergang am Mühlgraben"),
                ("phone_message", None),
            )
        )
    return "doorstep", None


def _moment(chance: random.Random, day: date) -> datetime:
    return datetime.combine(
        day, time(chance.randint(9, 16), chance.choice((0, 10, 20, 30, 40, 50)))
    )
