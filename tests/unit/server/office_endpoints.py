"""Every page and form of the office, as `test_rights.py` tries them on everybody.

To each belongs how it is tried, and the status that an admin gets: the team's own, then another's.
Everybody else, signed in or not, is answered 404.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from server.accounts import User
from tests.unit.server.accounts.office import Answer

if TYPE_CHECKING:
    from tests.unit.server.test_rights import World

Attempt = Callable[["World", str], Answer]

OK, SENT_ON, MISSING = 200, 302, 404


def open_page(path: str) -> Attempt:
    return lambda world, who: world.browser(who).get(_place(world, path))


def send(path: str, **fields: str) -> Attempt:
    return lambda world, who: world.browser(who).send_form(_place(world, path), **fields)


def send_new_name(world: World, who: str) -> Answer:
    fields = {"name": f"neu.{who}", "display_name": "Neu", "role": "pap"}
    return world.browser(who).send_form("/verwaltung/personen/einladen", **fields)


def _place(world: World, path: str) -> str:
    """The page of somebody who has a phone, of her phone, or of somebody still invited."""
    if "<invited>" in path:
        invited = User.get_or_none(User.name == "spaet")
        user = invited.id if invited else world.office.invite("spaet").user
        return path.replace("<invited>", user)
    pap = world.people["pap"]
    return path.replace("<user>", pap.user).replace("<device>", pap.device)


START = "/verwaltung"
PEOPLE, PERSON = f"{START}/personen", f"{START}/personen/<user>"
INVITED = f"{START}/personen/<invited>/einladen"
PHONES, PHONE = f"{START}/geraete", f"{START}/geraete/<device>"
SETTINGS, LOCK = f"{START}/einstellungen", f"{START}/einstellungen/lock_minutes"

ENDPOINTS: dict[tuple[str, str], tuple[Attempt, int, int]] = {
    ("GET", f"{START}/"): (open_page(f"{START}/"), SENT_ON, SENT_ON),
    ("GET", f"{START}/<path:unknown>"): (open_page(f"{START}/x"), MISSING, MISSING),
    ("POST", f"{START}/<path:unknown>"): (send(f"{START}/zustand"), MISSING, MISSING),
    ("POST", f"{START}/abmelden"): (send(f"{START}/abmelden"), OK, OK),
    ("GET", PEOPLE): (open_page(PEOPLE), OK, OK),
    ("GET", f"{PEOPLE}/einladen"): (open_page(f"{PEOPLE}/einladen"), OK, OK),
    ("POST", f"{PEOPLE}/einladen"): (send_new_name, OK, OK),
    ("GET", PERSON): (open_page(PERSON), OK, MISSING),
    ("POST", PERSON): (send(PERSON, display_name="Anders"), SENT_ON, MISSING),
    ("GET", f"{PERSON}/einladen"): (open_page(INVITED), OK, MISSING),
    ("POST", f"{PERSON}/einladen"): (
        send(INVITED, display_name="Spät", role="pap"),
        OK,
        MISSING,
    ),
    ("GET", f"{PERSON}/ruhen"): (open_page(f"{PERSON}/ruhen"), OK, MISSING),
    ("POST", f"{PERSON}/ruhen"): (send(f"{PERSON}/ruhen"), SENT_ON, MISSING),
    ("GET", PHONES): (open_page(PHONES), OK, OK),
    ("GET", PHONE): (open_page(PHONE), OK, MISSING),
    ("POST", PHONE): (send(PHONE, label="Diensttelefon 1"), SENT_ON, MISSING),
    ("GET", f"{PHONE}/sperren"): (open_page(f"{PHONE}/sperren"), OK, MISSING),
    ("POST", f"{PHONE}/sperren"): (send(f"{PHONE}/sperren"), SENT_ON, MISSING),
    ("GET", SETTINGS): (open_page(SETTINGS), OK, OK),
    ("GET", f"{SETTINGS}/<name>"): (open_page(LOCK), OK, OK),
    ("POST", f"{SETTINGS}/<name>"): (send(LOCK, value="9"), SENT_ON, SENT_ON),
    ("GET", f"{START}/protokoll"): (open_page(f"{START}/protokoll"), OK, OK),
    ("GET", f"{START}/herausgaben"): (open_page(f"{START}/herausgaben"), OK, OK),
    ("GET", f"{START}/zustand"): (open_page(f"{START}/zustand"), OK, OK),
}
