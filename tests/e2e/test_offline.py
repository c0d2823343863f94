"""Dead servers, killed browsers, lost answers, ended sessions, wrong clocks: nothing is lost."""

import gzip
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.e2e.offices import JANA, MIRA, Office
from tests.e2e.phones import Phone, Server
from tests.e2e.proxy import bad_network
from tests.e2e.walks import (
    SAVED,
    chip,
    create_case,
    expect_chip,
    go,
    lock,
    record_contact,
    sign_in,
    sign_in_beside,
    sync_now,
    wait_for_draft,
)
from tests.loopback import wait_for

NAME = "Levin Ackerstaff"
WAITS = "1 Eintrag wartet auf Verbindung"


def test_a_form_that_was_open_when_the_browser_died_comes_back(office: Office) -> None:
    phone, page = office.phone(JANA)
    case = create_case(page, NAME)
    office.server.kill()
    go(page, f"/kontakt?fall={case}")
    page.get_by_role("radio", name="Café").check()
    page.get_by_role("radio", name="Kurzes Gespräch").check()
    page.get_by_text("Weitere Angaben").click()
    page.get_by_label("Beobachtung").fill("Mitten im Satz")
    page.get_by_label("Beobachtung").blur()
    page.get_by_role("checkbox", name="Wohnen").check()
    # What is typed is on the disk a moment later; the app says nothing until it is asked.
    drafts = "indexedDB.databases().then(all => all.map(({name}) => name))"
    assert len(page.evaluate(drafts)) == 2
    wait_for_draft(page, longer_than=1300)
    phone.kill()

    # It opens where it was, and nothing of it lies folded away.
    page = phone.open("/")
    office.unlock(page)
    expect(page).to_have_url(re.compile(rf"/kontakt\?fall={case}$"))
    expect(page.get_by_text(f"Sie schreiben einen Entwurf weiter: {NAME}")).to_be_visible()
    expect(page.get_by_role("radio", name="Café")).to_be_checked()
    expect(page.get_by_role("radio", name="Kurzes Gespräch")).to_be_checked()
    expect(page.get_by_label("Beobachtung")).to_have_value("Mitten im Satz")
    expect(page.get_by_role("checkbox", name="Wohnen")).to_be_checked()
    page.get_by_role("button", name="Speichern").click()
    expect_chip(page, re.compile("wart"))
    office.server.start()
    sync_now(page)
    expect_chip(page, SAVED)
    [contact] = office.contacts(case)
    assert (contact["observation"], contact["topics"]) == ("Mitten im Satz", ["housing"])
    go(page, "/heute")
    expect(page.get_by_text("Entwürfe")).to_have_count(0)


def test_a_session_that_ended_costs_nothing_but_a_password(office: Office) -> None:
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    expect_chip(page, SAVED)
    office.server.kill()
    record_contact(page, case)
    expect_chip(page, WAITS)
    office.change("UPDATE session SET revoked_at = 1 WHERE revoked_at IS NULL")
    office.server.start()
    text = "Bitte neu anmelden – 1 Eintrag ist auf diesem Telefon gespeichert"
    expect_chip(page, text)
    page.get_by_role("link", name=text).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("auf diesem Telefon")
    page.get_by_label("Passwort", exact=True).fill("Ganz-falsch-geschrieben-1")
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(main.get_by_text("Passwort stimmt nicht")).to_be_visible()
    # Whoever does not see it hears it: the focus went back to the field.
    expect(page.get_by_label("Passwort", exact=True)).to_be_focused()
    expect(chip(page)).to_have_text(text)
    page.get_by_label("Passwort", exact=True).fill(office.passwords[JANA])
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect_chip(page, SAVED)
    expect(page).to_have_url(re.compile("/synchronisierung$"))
    assert [contact["outcome"] for contact in office.contacts(case)] == ["nobody_met"]


def test_a_lost_answer_and_a_doubled_request_make_no_second_contact(office: Office) -> None:
    with bad_network(office.server) as network:
        phone = office.new_phone("jana")
        phone.server = Server(office.server.data, network.port)
        page = sign_in(phone, JANA, office.passwords[JANA])
        expect_chip(page, SAVED)
        case = create_case(page, NAME)
        expect_chip(page, SAVED)
        network.losing = 1
        record_contact(page, case)
        wait_for(lambda: network.lost == 1, 20, "the answer to be lost")
        assert len(office.contacts(case)) == 1
        expect_chip(page, SAVED)
        network.doubling = 1
        record_contact(page, case, "Nachricht hinterlassen")
        wait_for(lambda: network.doubled == 1, 20, "the request to be doubled")
        expect_chip(page, SAVED)
        outcomes = [contact["outcome"] for contact in office.contacts(case)]
        assert outcomes == ["nobody_met", "message_left"]
        with office.database() as database:
            doubled = database.execute(
                "SELECT device, n FROM verdict GROUP BY device, n HAVING count(*) > 1"
            ).fetchall()
        assert doubled == []
        phone.close()


def test_what_is_refused_waits_for_a_person(office: Office) -> None:
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    expect_chip(page, SAVED)
    office.server.kill()
    record_contact(page, case)
    record_contact(page, case, "Nachricht hinterlassen")
    expect_chip(page, "2 Einträge warten auf Verbindung")
    office.set_role(JANA, "team_leader")
    office.server.start()
    expect_chip(page, "2 Einträge sind zu klären")
    page.get_by_role("link", name="zu klären").click()
    refused = page.get_by_role("listitem").filter(has_text="zu klären, weil")
    expect(refused.first).to_contain_text("weil Ihnen dafür die Berechtigung fehlt")
    expect(refused).to_have_count(2)
    office.set_role(JANA, "ab_pap")
    # Discarding asks, and only then forgets; the newest contact stands first.
    refused.first.get_by_role("button", name="Verwerfen").click()
    page.get_by_role("dialog").get_by_role("button", name="Behalten").click()
    expect(refused).to_have_count(2)
    refused.first.get_by_role("button", name="Verwerfen").click()
    page.get_by_role("dialog").get_by_role("button", name="Verwerfen").click()
    expect(refused).to_have_count(1)
    # The other one is kept as it was written, and goes out again by one tap.
    refused.get_by_role("button", name="Erneut senden").click()
    expect(refused).to_have_count(0)
    expect_chip(page, SAVED)
    assert [contact["outcome"] for contact in office.contacts(case)] == ["nobody_met"]
    go(page, f"/faelle/{case}")
    expect(page.get_by_role("main")).to_contain_text("Niemand angetroffen", timeout=40_000)
    expect(page.get_by_role("main")).not_to_contain_text("Nachricht hinterlassen")


def test_wrong_passwords_slow_down_and_never_wipe(office: Office) -> None:
    phone = office.new_phone(JANA)
    # Before anything is kept: for a blink the made-up clock stands at 1970.
    phone.open().clock.install()
    page = sign_in(phone, JANA, office.passwords[JANA])
    expect_chip(page, SAVED)
    case = create_case(page, NAME)
    office.server.kill()
    record_contact(page, case)
    lock(page)
    expect(page.get_by_role("main")).not_to_contain_text(NAME)
    enter = page.get_by_role("button", name="Entsperren")
    for number in range(3):
        expect(enter).to_be_enabled()
        page.get_by_label("Passwort", exact=True).fill(f"Falsch-und-lang-genug-{number}")
        enter.click()
        expect(page.get_by_role("alert")).to_contain_text("Das Passwort stimmt nicht")
    expect(page.get_by_text("Nächster Versuch in")).to_be_visible()
    expect(enter).to_be_disabled()
    # A new start is no way around it.
    page.reload()
    page.get_by_label("Passwort", exact=True).fill(office.passwords[JANA])
    enter.click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte warten Sie")
    first_wait = seconds_shown(page)
    assert 1 <= first_wait <= 5
    page.clock.fast_forward(first_wait * 1000)
    page.get_by_label("Passwort", exact=True).fill("Immer-noch-falsch-geraten")
    expect(enter).to_be_enabled()
    enter.click()
    expect(page.get_by_role("alert")).to_contain_text("Das Passwort stimmt nicht")
    assert 5 < seconds_shown(page) <= 10
    page.clock.fast_forward(10_000)
    office.unlock(page)
    expect_chip(page, re.compile("wart"))
    go(page, f"/faelle/{case}")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.get_by_text("Niemand angetroffen")).to_be_visible()


def seconds_shown(page: Page) -> int:
    shown = re.search(r"in (\d+) Sekunde", page.get_by_text("Nächster Versuch in").inner_text())
    assert shown
    return int(shown[1])


def test_the_app_locks_itself_and_keeps_what_was_being_typed(
    demo_server: Server, passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    office = Office(demo_server, passwords, new_phone)
    office.decide("lock_minutes", 1)
    phone = new_phone("jana")
    page = phone.open()
    page.clock.install()
    page = sign_in(phone, JANA, passwords[JANA])
    expect_chip(page, SAVED)
    go(page, "/faelle/neu")
    name = page.get_by_label("Name", exact=True)
    page.clock.fast_forward(55_000)
    name.fill(NAME)
    page.clock.fast_forward(55_000)
    expect(name).to_have_value(NAME)
    page.clock.fast_forward(70_000)
    expect(page.get_by_role("button", name="Entsperren")).to_be_visible()
    assert NAME not in page.content()
    office.unlock(page)
    expect(name).to_have_value(NAME)
    # Asleep with the page frozen: the first touch afterwards locks instead of counting.
    page.clock.pause_at(page.evaluate("Date.now()") + 61_000)
    page.mouse.click(5, 5)
    expect(page.get_by_role("button", name="Entsperren")).to_be_visible()


def test_two_tabs_lock_together_and_send_once(office: Office) -> None:
    phone, first = office.phone(JANA)
    assert phone.context is not None
    second = phone.context.new_page()
    second.goto(f"{office.server.address}/heute")
    office.unlock(second)
    expect_chip(second, SAVED)
    sent = sent_operations(phone.context)
    case = create_case(first, NAME)
    record_contact(first, case)
    go(second, f"/faelle/{case}")
    expect(second.get_by_role("heading", name=NAME)).to_be_visible()
    record_contact(second, case, "Nachricht hinterlassen")
    for page in (first, second):
        expect_chip(page, SAVED)
    go(first, f"/faelle/{case}")
    expect(first.get_by_text("Nachricht hinterlassen")).to_be_visible()
    assert sorted(sent) == sorted(set(sent))
    assert len(sent) == 3
    lock(second)
    expect(first.get_by_role("button", name="Entsperren")).to_be_visible()
    assert NAME not in first.content()
    assert len(office.contacts(case)) == 2


def sent_operations(context: BrowserContext) -> list[int]:
    """The numbers of the operations in every sync request from now on."""
    sent: list[int] = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/sync") and request.post_data_buffer:
            data = request.post_data_buffer
            packed = request.headers.get("content-encoding") == "gzip"
            message = json.loads(gzip.decompress(data) if packed else data)
            sent.extend(operation["n"] for operation in message["operations"])

    context.on("request", note)
    return sent


def test_two_people_on_one_phone_do_not_mix(office: Office) -> None:
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    expect_chip(page, SAVED)
    lock(page)
    sign_in_beside(page, MIRA, office.passwords[MIRA])
    expect_chip(page, SAVED)
    go(page, "/synchronisierung")
    expect(page.get_by_text("Von diesem Telefon ist nichts unterwegs")).to_be_visible()
    office.server.kill()
    lock(page)
    page.get_by_role("button", name="Andere Person").click()
    page.get_by_role("button", name="Jana Wendlandt").click()
    page.get_by_label("Passwort", exact=True).fill(office.passwords[MIRA])
    page.get_by_role("button", name="Entsperren").click()
    expect(page.get_by_role("alert")).to_contain_text("Das Passwort stimmt nicht")
    office.unlock(page)
    record_contact(page, case)
    expect_chip(page, re.compile("1 Eintrag"))
    lock(page)
    expect(page.get_by_text("1 Eintrag sicher auf diesem Telefon")).to_be_visible()
    office.unlock(page)
    # The browser's session is Mira's: Jana's entry may go out under Jana's name only.
    office.server.start()
    expect_chip(page, SAVED)
    with office.database() as database:
        jana = database.execute("SELECT id FROM user WHERE name = ?", (JANA,)).fetchone()[0]
        rows = database.execute('SELECT created_by FROM visit WHERE "case" = ?', (case,)).fetchall()
    assert rows == [(jana,)]


def test_a_clock_days_ahead_is_put_right_and_said(office: Office) -> None:
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    expect_chip(page, SAVED)
    office.server.kill()
    # Not so far that the phone would ask for the server before it opens.
    page.clock.install(time=datetime.now(UTC) + timedelta(days=5))
    # For the phone days went by without a touch.
    page.mouse.click(5, 5)
    office.unlock(page)
    record_contact(page, case)
    office.server.start()
    sync_now(page)
    expect_chip(page, SAVED)
    note = page.get_by_text("Die Uhrzeit dieses Telefons stimmt nicht")
    expect(note).to_be_visible()
    ahead = datetime.now(UTC) + timedelta(minutes=3)
    with office.database() as database:
        claimed, effective = database.execute(
            'SELECT stamp_claimed, stamp_effective FROM visit WHERE "case" = ?', (case,)
        ).fetchone()
    assert int(claimed[:12], 16) > ahead.timestamp() * 1000
    assert int(effective[:12], 16) <= ahead.timestamp() * 1000
    # The colleague, whose clock is right, has the last word now and not in a year.
    with office.python_phone() as mira:
        [row] = [row for row in mira.store.rows.values() if row["columns"].get("case") == case]
        mira.write("visit", row["id"], {"outcome": "long_talk"})
        mira.sync()
    sync_now(page)
    go(page, f"/faelle/{case}")
    expect(page.get_by_text("Ausführliches Gespräch")).to_be_visible()
    expect(page.get_by_text("Niemand angetroffen")).to_have_count(0)


def test_a_clock_a_year_off_both_ways_and_set_back_loses_no_order(office: Office) -> None:
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    expect_chip(page, SAVED)
    page.clock.install()
    days = {
        "Niemand angetroffen": 365,
        "Nachricht hinterlassen": 0,
        "Kurzes Gespräch": -365,
        "Ausführliches Gespräch": 0,
    }
    for outcome, off in days.items():
        lock(page)
        page.clock.set_system_time(datetime.now(UTC) + timedelta(days=off))
        office.unlock(page)
        record_contact(page, case, outcome)
        sync_now(page)
        expect_chip(page, SAVED)
        wrong = page.get_by_text("Die Uhrzeit dieses Telefons stimmt nicht")
        expect(wrong).to_have_count(1 if off else 0)
    # They rank as they came, none of them in a year to come or a year ago.
    with office.database() as database:
        ranks = database.execute(
            'SELECT stamp_effective FROM visit WHERE "case" = ? ORDER BY seq', (case,)
        ).fetchall()
    seconds = [int(rank[:12], 16) / 1000 - datetime.now(UTC).timestamp() for (rank,) in ranks]
    assert ranks == sorted(set(ranks))
    assert len(ranks) == len(days)
    assert all(-300 < one < 180 for one in seconds), seconds
    read = {contact["outcome"] for contact in office.contacts(case)}
    assert read == {"nobody_met", "message_left", "short_talk", "long_talk"}
