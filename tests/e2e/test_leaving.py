"""Somebody leaves: real phones renew the keys, interrupted or two at once, and lose nothing."""

import contextlib
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from server.demo.phone import Phone as PythonPhone
from server.demo.wires import Http
from tests.e2e.inspector import Inspector
from tests.e2e.offices import JANA, MIRA, Office
from tests.e2e.phones import Phone, Server
from tests.e2e.renewals import epochs, is_renewed, old_cases
from tests.e2e.walks import (
    PASSWORD,
    SAVED,
    accept_invitation,
    create_case,
    expect_chip,
    go,
    invite,
    record_contact,
    sync_now,
)
from tests.loopback import wait_for

NAME = "Levin Ackerstaff"
UNDER_WAY = "Schlüssel werden erneuert …"


@pytest.fixture
def office(
    demo_server: Server, passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> Office:
    """The demo's team with a third aB-pAp, Nora."""
    office = Office(demo_server, passwords, new_phone)
    link = invite(office.server, "nora", "Nora Timmer")
    token = link.split("#")[1].split()[0]
    with contextlib.closing(Http(office.server.address)) as wire, office.python_phone(JANA) as jana:
        nora = PythonPhone(wire, "nora")
        nora.accept(token, PASSWORD)
        jana.admit(nora)
        nora.sync()
    return office


def test_the_keys_are_renewed_and_a_new_entry_is_sealed_with_them(office: Office) -> None:
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    expect_chip(page, SAVED)
    go(page, "/heute")

    def lose(route: Route) -> None:
        route.abort()

    page.route("**/api/epochs", lose)
    office.server.command("disable", "--name", "nora")
    expect(page.get_by_text(UNDER_WAY)).to_be_visible(timeout=45_000)
    inspector = Inspector()
    inspector.look(page, "Heute, während Schlüssel erneuert werden", "/heute")
    inspector.verdict()
    page.unroute("**/api/epochs", lose)
    sync_now(page)
    wait_for(lambda: is_renewed(office), 30, "all keys to be renewed")
    go(page, "/heute")
    expect(page.get_by_role("heading", name="Heute", exact=True)).to_be_visible()
    expect(page.get_by_text(UNDER_WAY)).to_have_count(0)
    record_contact(page, case)
    expect_chip(page, SAVED)
    first, second = epochs(office)
    with office.database() as database:
        readers = {
            key: {reader for (reader,) in database.execute(
                "SELECT reader FROM envelope WHERE key_id = ?", (key,)
            )}
            for (key,) in database.execute(
                "SELECT key_id FROM envelope WHERE owner = ?", (case,)
            ).fetchall()
        }  # fmt: skip
    assert sorted(map(sorted, readers.values())) == sorted([sorted({first, second}), [second]])
    # Mira, who was away, reads old and new, and her phone has nothing left to do.
    _, mira = office.phone(MIRA)
    go(mira, f"/faelle/{case}")
    expect(mira.get_by_role("heading", name=NAME)).to_be_visible()
    expect(mira.get_by_text("Niemand angetroffen")).to_be_visible()
    go(mira, "/team")
    expect(mira.get_by_text("Dieser Schlüssel wird nicht verwendet")).to_have_count(0)


@pytest.mark.parametrize("keys", [0, 1])
def test_a_phone_killed_in_the_middle_goes_on(office: Office, keys: int) -> None:
    """The server dies with the new key, or with the first keys under it; then the phone does."""
    phone, page = office.phone(JANA)
    go(page, "/heute")
    office.server.command("disable", "--name", "nora")
    wait_for(lambda: len(epochs(office)) == 2 and keys_anew(office) >= keys, 60, "the next key")
    office.server.kill()
    expect_chip(page, re.compile("verbunden|Verbindung|gesichert"))
    case = create_case(page, NAME)
    phone.kill()
    page = phone.open("/")
    office.unlock(page)
    office.server.start()
    wait_for(lambda: is_renewed(office), 60, "all keys to be renewed")
    expect_chip(page, SAVED)
    go(page, "/heute")
    expect(page.get_by_role("heading", name="Heute", exact=True)).to_be_visible()
    expect(page.get_by_text(UNDER_WAY)).to_have_count(0)
    go(page, f"/faelle/{case}")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()


def keys_anew(office: Office) -> int:
    """How many envelopes are closed under the newest team key."""
    with office.database() as database:
        [found] = database.execute(
            "SELECT count(*) FROM envelope WHERE reader = ?", (epochs(office)[-1],)
        ).fetchone()
    return int(found) if len(epochs(office)) == 2 else 0


def test_two_phones_at_once_agree(office: Office) -> None:
    (_, jana), (_, mira) = office.phone(JANA), office.phone(MIRA)
    office.server.kill()
    case = create_case(mira, NAME)
    office.server.command("disable", "--name", "nora")
    office.server.start()
    wait_for(lambda: len(epochs(office)) == 2, 60, "the next key")
    for page in (jana, mira):
        sync_now(page)
        expect_chip(page, SAVED)
    wait_for(lambda: is_renewed_but(office, case), 60, "all keys to be renewed")
    for page in (jana, mira):
        record_contact(page, case)
        expect_chip(page, SAVED)
    for page in (jana, mira):
        sync_now(page)
        go(page, f"/faelle/{case}")
        expect(page.get_by_text("Niemand angetroffen")).to_have_count(2)


def is_renewed_but(office: Office, case: str) -> bool:
    """What was written under the old key without a network gets its new key at a later unlock."""
    return len(epochs(office)) == 2 and set(old_cases(office)) <= {case}


def test_who_comes_back_is_compared_anew_and_reads_the_old_entries(office: Office) -> None:
    """Also what follows a forgotten password: another seed, a new comparison."""
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    record_contact(page, case)
    expect_chip(page, SAVED)
    office.server.command("disable", "--name", "nora")
    wait_for(lambda: is_renewed(office), 60, "all keys to be renewed")
    link = invite(office.server, "nora", "Nora Timmer")
    nora = accept_invitation(office.new_phone("nora"), link)
    expect(nora.get_by_role("heading", name="Warten auf Aufnahme")).to_be_visible()
    go(page, "/team")
    sync_now(page)
    go(page, "/team")
    expect(page.get_by_text("Dieser Schlüssel wird nicht verwendet")).to_have_count(0)
    page.get_by_role("link", name=re.compile("Nora Timmer")).click()
    nora.get_by_role("radio", name="Jana Wendlandt").check()
    numbers = [one.get_by_label("Sicherheitsnummer").inner_text() for one in (page, nora)]
    assert numbers[0] == numbers[1]
    nora.get_by_role("button", name="Stimmt überein").click()
    page.get_by_role("button", name="Stimmt überein").click()
    expect_chip(nora, SAVED)
    go(nora, f"/faelle/{case}")
    expect(nora.get_by_role("heading", name=NAME)).to_be_visible()
    expect(nora.get_by_text("Niemand angetroffen")).to_be_visible()
    record_contact(nora, case)
    expect_chip(nora, SAVED)
    sync_now(page)
    go(page, f"/faelle/{case}")
    expect(page.get_by_text("Niemand angetroffen")).to_have_count(2)
