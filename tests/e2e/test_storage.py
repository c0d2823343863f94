"""The phone's own storage: wiped, nearly full, full, protected; and a new version of the app."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.offices import JANA, Office
from tests.e2e.phones import ROOT, Phone, Server, axe_violations
from tests.e2e.walks import SAVED, create_case, expect_chip, go, record_contact, sign_in, sync_now
from tests.loopback import wait_for

NAME = "Levin Ackerstaff"
SHORT = "Der Speicher dieses Telefons wird knapp"
SAVED_HERE = re.compile("Auf diesem Telefon gespeichert|Gesichert um")
WIPE = """async () => {
  const names = (await indexedDB.databases()).map(({name}) => name);
  await Promise.all(names.map((name) => new Promise((done, failed) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = done;
    request.onerror = request.onblocked = failed;
  })));
  return names.length;
}"""


def test_a_wiped_phone_says_so_without_a_network_and_begins_anew(office: Office) -> None:
    phone, page = office.phone(JANA)
    case = create_case(page, NAME)
    expect_chip(page, SAVED)
    kept = page.evaluate("Object.entries(localStorage)")
    assert len(kept) == 1
    assert re.fullmatch(r"[0-9a-f]{32}", kept[0][1]), "an id, and nothing that tells whose"
    # The app is closed; the browser needs room.
    page.goto(f"{office.server.address}/icons/icon.svg")
    assert page.evaluate(WIPE) == 2
    office.server.kill()
    page = phone.open("/")
    expect(page.get_by_role("alert")).to_contain_text("Der Browser hat die Daten dieser App")
    expect(page.get_by_role("alert")).to_contain_text("melden Sie sich neu an")
    assert axe_violations(page) == []
    office.server.start()
    sign_in(phone, JANA, office.passwords[JANA])
    expect_chip(page, SAVED)
    go(page, f"/faelle/{case}")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    record_contact(page, case)
    expect_chip(page, SAVED)
    assert len(office.contacts(case)) == 1
    phone.kill()
    page = phone.open("/")
    expect(page.get_by_role("button", name="Entsperren")).to_be_visible()
    expect(page.get_by_text("Der Browser hat die Daten")).to_have_count(0)


def test_a_disk_that_fills_up_is_told_before_and_loses_nothing(office: Office) -> None:
    phone, page = office.phone(JANA)
    case = create_case(page, NAME)
    expect_chip(page, SAVED)
    _wait_until(page, "caches.has('zuzweit-reserve')")
    expect(page.get_by_text(SHORT)).to_have_count(0)
    used = _used(page)
    phone.close()

    # No room any more but for the reserve: what is entered is saved, and the person is told.
    page, _ = _start_with(office, phone, used - 1_000_000)
    expect(page.get_by_role("alert").filter(has_text=SHORT)).to_be_visible()
    assert axe_violations(page) == []
    _fill_form(page, case, "Musik hinter der Tür.")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text(SAVED_HERE)).to_be_visible()
    expect_chip(page, SAVED)
    used = _used(page)
    phone.close()

    # Then nothing fits any more: the form says so and keeps every word.
    page, devtools = _start_with(office, phone, used + 60_000)
    office.server.kill()
    kept = _write_until_it_is_full(page, case)
    failed = page.get_by_role("alert").filter(has_text="Noch nicht gespeichert")
    expect(failed).to_contain_text("Der Speicher dieses Telefons ist voll")
    expect(page.get_by_label("Beobachtung")).to_have_value(_words(kept))
    expect(page.get_by_role("radio", name="Niemand angetroffen")).to_be_checked()
    assert axe_violations(page) == []

    # With room again it is saved as if nothing had been, and there is a reserve again.
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": office.server.address})
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Auf diesem Telefon gespeichert")).to_be_visible()
    office.server.start()
    sync_now(page)
    expect_chip(page, SAVED)
    said = [one["observation"] for one in office.contacts(case)]
    assert said == ["Musik hinter der Tür.", *map(_words, range(kept + 1))]
    page.get_by_role("button", name="Sperren").click()
    office.unlock(page)
    _wait_until(page, "caches.has('zuzweit-reserve')")
    go(page, "/heute")
    expect(page.get_by_role("heading", name="Heute", exact=True)).to_be_visible()
    expect(page.get_by_text(SHORT)).to_have_count(0)


def _wait_until(page: Page, promise: str) -> None:
    """Until it gives true; `wait_for_function` would take the promise itself for that."""
    wait_for(lambda: page.evaluate(promise), 30, promise)


def _used(page: Page) -> int:
    return page.evaluate("navigator.storage.estimate().then(({usage}) => usage)")


def _start_with(office: Office, phone: Phone, quota: int) -> tuple[Page, CDPSession]:
    """The app opened anew, in a browser that lets it keep so many bytes."""
    page = phone.start()
    devtools = page.context.new_cdp_session(page)
    room = {"origin": office.server.address, "quotaSize": quota}
    devtools.send("Storage.overrideQuotaForOrigin", room)
    page.goto(office.server.address)
    office.unlock(page)
    return page, devtools


def _write_until_it_is_full(page: Page, case: str) -> int:
    """The number of the first contact that could not be saved; its form stands there."""
    failed = page.get_by_role("alert").filter(has_text="Noch nicht gespeichert")
    saved = page.get_by_text("Auf diesem Telefon gespeichert")
    for number in range(40):
        _fill_form(page, case, _words(number))
        page.get_by_role("button", name="Speichern").click()
        expect(failed.or_(saved)).to_be_visible()
        if failed.is_visible():
            return number
        page.get_by_role("button", name="Sperren").wait_for()
        go(page, "/heute")
    raise AssertionError("the disk was not full: that was no test")


def _words(number: int) -> str:
    return f"Notiz {number}: " + "".join(chr(97 + ord(one) % 26) for one in hex(7**4000)[:3900])


def _fill_form(page: Page, case: str, text: str) -> None:
    go(page, f"/kontakt?fall={case}")
    page.get_by_role("radio", name="Wohnungstür").check()
    page.get_by_role("radio", name="Niemand angetroffen").check()
    page.get_by_text("Weitere Angaben").click()
    page.get_by_label("Beobachtung").fill(text)


def test_protection_is_asked_for_once_somebody_is_in_and_its_state_is_shown(
    office: Office,
) -> None:
    phone = office.new_phone("jana")
    phone.start().add_init_script(
        """
        window.askedToPersist = 0;
        let granted = false;
        navigator.storage.persisted = async () => granted;
        navigator.storage.persist = async () => {
          window.askedToPersist += 1;
          return granted;
        };
        window.grant = () => { granted = true; };
        """
    )
    page = phone.open("/")
    page.get_by_label("Anmeldename").wait_for()
    assert page.evaluate("askedToPersist") == 0
    page = sign_in(phone, JANA, office.passwords[JANA])
    expect_chip(page, SAVED)
    page.wait_for_function("() => askedToPersist === 1")
    go(page, "/synchronisierung")
    expect(page.get_by_text("nicht geschützt")).to_be_visible()
    page.get_by_role("button", name="Speicher schützen").click()
    expect(page.get_by_role("alert")).to_contain_text("Der Browser hat abgelehnt")
    page.evaluate("grant()")
    page.get_by_role("button", name="Speicher schützen").click()
    expect(page.get_by_text("nicht geschützt")).to_have_count(0)
    expect(page.get_by_role("definition").filter(has_text="geschützt")).to_be_visible()


def test_a_new_version_waits_for_an_open_form_and_keeps_its_draft(
    server: Server,
    demo_template: Path,
    new_phone: Callable[..., Phone],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    front_end = tmp_path / "dist"
    shutil.copytree(ROOT / "pwa" / "dist", front_end)
    monkeypatch.setenv("OTHER_FRONT_END", str(front_end))
    monkeypatch.setattr(server, "program", "tests.e2e.other_front_end")
    shutil.copytree(demo_template, server.data, dirs_exist_ok=True)
    server.start()
    accounts = json.loads((server.data / "accounts.json").read_text())["accounts"]
    passwords = {account["username"]: account["password"] for account in accounts}
    office = Office(server, passwords, new_phone)
    _, page = office.phone(JANA)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    case = create_case(page, NAME)
    go(page, f"/kontakt?fall={case}")
    page.get_by_role("radio", name="Café").check()
    page.get_by_text("Weitere Angaben").click()
    page.get_by_label("Beobachtung").fill("Mitten im Satz")

    worker = front_end / "service_worker.js"
    worker.write_text(worker.read_text() + "\n// the next version\n")
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    _wait_until(
        page, "navigator.serviceWorker.getRegistration().then((one) => one.waiting !== null)"
    )
    # Nothing is said while she writes, and nothing is taken away.
    expect(page.get_by_label("Beobachtung")).to_have_value("Mitten im Satz")
    expect(page.get_by_text("Neue Version bereit")).to_have_count(0)
    page.get_by_role("link", name="Zurück").click()
    go(page, "/heute")
    expect(page.get_by_text("Neue Version bereit")).to_be_visible()
    # A form in another tab counts as well.
    other = page.context.new_page()
    other.goto(f"{server.address}/kontakt?fall={case}")
    office.unlock(other)
    expect(other.get_by_label("Beobachtung")).to_have_value("Mitten im Satz")
    page.bring_to_front()
    page.get_by_role("button", name="Jetzt neu laden").click()
    expect(page.get_by_role("button", name="Sperren")).to_be_visible()
    other.close()
    # A tab that was closed holds its form for a moment longer.
    _wait_until(
        page,
        """navigator.locks.query().then(
          ({held}) => held.every(({name}) => name !== "zuzweit-form")
        )""",
    )
    with page.expect_navigation():
        page.get_by_role("button", name="Jetzt neu laden").click()
    office.unlock(page)
    go(page, f"/kontakt?fall={case}")
    expect(page.get_by_label("Beobachtung")).to_have_value("Mitten im Satz")
