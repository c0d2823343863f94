"""Contacts and their drafts: whose they are, who wrote them, and the ways between the screens."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.offices import JANA, MIRA, Office
from tests.e2e.walks import (
    create_case,
    expect_chip,
    go,
    record_contact,
    sync_now,
    wait_for_draft,
)

NAME, OTHER = "Levin Ackerstaff", "Ronja Quast"
SHORT = "Ole Brandt"
"""Finds room among the chips, whoever else is offered there."""
SAVED = re.compile("Auf diesem Telefon gespeichert|Gesichert um")


def _choose(page: Page, name: str) -> None:
    """A case nobody worked with yet, in the search behind the chips."""
    page.get_by_role("button", name="Anderer Fall").click()
    page.get_by_role("searchbox").fill(name.split()[1].upper())
    page.get_by_role("dialog").get_by_role("button", name=name).click()
    expect(page.get_by_role("radio", name=name)).to_be_checked()


def test_what_came_of_a_plan_names_whoever_recorded_it(office: Office) -> None:
    """The demo's first aB-pAp planned a visit for today; her colleague says what came of it."""
    _, page = office.phone(MIRA)
    page.get_by_role("link", name="Besuch festhalten").first.click()
    who = page.get_by_role("main").get_by_role("link", name=re.compile("U25-")).inner_text()
    page.get_by_role("radio", name="Wohnungstür").check()
    page.get_by_role("radio", name="Niemand angetroffen").check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text(SAVED)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(who)
    page.get_by_role("list").get_by_role("link", name="Niemand angetroffen").first.click()
    recorded = page.get_by_role("definition").filter(has_text="heute, ")
    expect(recorded.first).to_contain_text("Mira Kosswig, heute")


def test_the_history_tells_the_latest_change_and_what_stood_before(office: Office) -> None:
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    record_contact(page, case, "Kurzes Gespräch")
    page.get_by_role("list").get_by_role("link", name="Kurzes Gespräch").click()
    page.get_by_role("link", name="Bearbeiten").click()
    # A change, too, says whose contact it is.
    expect(page.get_by_role("main")).to_contain_text(NAME)
    page.get_by_role("radio", name="Ausführliches Gespräch").check()
    page.get_by_label("Beobachtung").fill("Sie war guter Dinge.")
    page.get_by_role("button", name="Speichern").click()
    expect_chip(page, "Alles gesichert")
    page.get_by_role("list").get_by_role("link", name="Ausführliches Gespräch").click()
    page.get_by_role("button", name="Verlauf der Änderungen").click()
    heading = page.get_by_role("heading", name="Verlauf der Änderungen")
    expect(heading).to_be_focused()
    writes = page.get_by_role("region", name="Verlauf der Änderungen").get_by_role("listitem")
    expect(writes).to_have_count(2)
    expect(writes.first).to_contain_text("Jana Wendlandt")
    expect(writes.first).to_contain_text("Ergebnis: Kurzes Gespräch")
    expect(writes.first).to_contain_text("Ausführliches Gespräch")
    expect(writes.first).to_contain_text("Beobachtung: leer")
    expect(writes.first).to_contain_text("Sie war guter Dinge.")
    expect(writes.last).to_contain_text("Angelegt")


def test_a_draft_says_whose_it_is_and_gives_way_to_a_new_contact(office: Office) -> None:
    _, page = office.phone(JANA)
    for name in (OTHER, SHORT):
        create_case(page, name)
    go(page, "/heute")
    page.get_by_role("link", name="Kontakt festhalten").click()
    _choose(page, SHORT)
    page.get_by_role("radio", name="Café").check()
    page.get_by_role("link", name="Zurück").click()
    # The list names the person, so the main action is the one link of its name.
    expect(page.get_by_role("link", name=re.compile(f"{SHORT}.*Begonnener"))).to_be_visible()
    expect(page.get_by_role("link", name="Kontakt festhalten")).to_have_count(1)

    page.get_by_role("link", name="Kontakt festhalten").click()
    expect(page.get_by_text(f"Sie schreiben einen Entwurf weiter: {SHORT}")).to_be_visible()
    page.get_by_role("button", name="Neu beginnen").click()
    expect(page.get_by_text("Sie schreiben einen Entwurf weiter")).to_have_count(0)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    _choose(page, OTHER)
    page.get_by_role("radio", name="Wohnungstür").check()
    page.get_by_role("radio", name="Niemand angetroffen").check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name=OTHER)).to_be_visible()

    # What was laid aside is where it was, and can be saved.
    page.get_by_role("link", name="Zurück").click()
    page.get_by_role("link", name=re.compile(f"{SHORT}.*Begonnener")).click()
    expect(page.get_by_role("radio", name="Café")).to_be_checked()
    expect(page.get_by_role("button", name="Neu beginnen")).to_have_count(0)
    page.get_by_role("radio", name="Kurzes Gespräch").check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name=SHORT)).to_be_visible()
    expect(page.get_by_text("Kurzes Gespräch")).to_be_visible()
    go(page, "/heute")
    expect(page.get_by_role("heading", name="Heute", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Entwürfe")).to_have_count(0)
    # The latest one is among the chips now, after the visits of the day.
    page.get_by_role("link", name="Kontakt festhalten").click()
    expect(page.get_by_role("radio", name=SHORT)).to_be_visible()


def test_a_form_that_was_left_does_not_come_back_by_itself(office: Office) -> None:
    phone, page = office.phone(JANA)
    case = create_case(page, NAME)
    go(page, f"/kontakt?fall={case}")
    page.get_by_role("radio", name="Café").check()
    page.get_by_role("link", name="Zurück").click()
    page.get_by_role("link", name="Heute").click()
    expect(page.get_by_role("link", name=re.compile(f"{NAME}.*Begonnener"))).to_be_visible()
    wait_for_draft(page, is_open=False)
    phone.kill()
    page = phone.open("/")
    office.unlock(page)
    expect(page.get_by_role("heading", name="Heute")).to_be_visible()


def test_the_chips_offer_the_cases_of_the_day_and_the_latest_ones(office: Office) -> None:
    """Also the first time the form is opened after unlocking, straight from its address."""
    phone, page = office.phone(JANA)
    visit = page.get_by_role("heading", name="Hausbesuch bei").get_by_role("link")
    [planned] = re.findall(r"U25-\d+", visit.inner_text())
    sync_now(page)
    phone.close()
    page = phone.open("/kontakt")
    office.unlock(page)
    chips = page.get_by_role("group", name="Fall").get_by_role("radio")
    expect(chips.first).to_be_visible()
    expect(page.get_by_role("radio", name=planned)).to_be_visible()
    offered = chips.evaluate_all("all => all.map((one) => one.value)")
    # Once more, with everything warm, it is the same.
    go(page, "/heute")
    expect(page.get_by_role("heading", name="Zuletzt festgehalten")).to_be_visible()
    page.get_by_role("link", name="Kontakt festhalten").click()
    expect(chips.first).to_be_visible()
    assert chips.evaluate_all("all => all.map((one) => one.value)") == offered


def test_back_leads_to_where_one_came_from(office: Office) -> None:
    _, page = office.phone(JANA)
    page.get_by_role("region", name="Erinnerungen").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/faelle/"))
    page.get_by_role("link", name="Zurück").click()
    expect(page).to_have_url(re.compile("/heute$"))
    page.get_by_role("link", name="Fälle").click()
    page.get_by_role("searchbox").fill("a")
    page.get_by_role("searchbox").fill("")
    links = page.get_by_role("main").get_by_role("link", name=re.compile("U25-"))
    expect(links.nth(8)).to_be_visible()
    page.mouse.wheel(0, 1200)
    page.wait_for_function("() => scrollY > 1000")
    page.wait_for_function("() => document.readyState === 'complete'")
    before = page.evaluate("scrollY")
    page.evaluate(
        """() => [...document.querySelectorAll("a.zz-case")]
          .find((one) => one.getBoundingClientRect().top > 200).click()"""
    )
    expect(page).to_have_url(re.compile("/faelle/.+"))
    page.get_by_role("link", name="Zurück").click()
    expect(page).to_have_url(re.compile("/faelle$"))
    page.wait_for_function("before => Math.abs(scrollY - before) < 2", arg=before)


def test_a_search_is_forgotten_when_the_list_is_opened_anew(office: Office) -> None:
    _, page = office.phone(JANA)
    page.get_by_role("link", name="Fälle").click()
    page.get_by_role("searchbox").fill("MUEHLENBECK")
    found = page.get_by_role("main").get_by_role("link", name=re.compile("Mühlenbeck"))
    found.first.click()
    page.get_by_role("link", name="Zurück").click()
    expect(page.get_by_role("searchbox")).to_have_value("MUEHLENBECK")
    page.get_by_role("link", name="Heute").click()
    page.get_by_role("link", name="Fälle").click()
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_a_tick_for_verbis_can_be_taken_back(office: Office) -> None:
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    go(page, f"/kontakt?fall={case}")
    page.get_by_role("radio", name="Wohnungstür").check()
    page.get_by_role("radio", name="Niemand angetroffen").check()
    page.get_by_text("Weitere Angaben").click()
    page.get_by_role("checkbox", name="In VerBIS nachtragen").check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text(SAVED)).to_be_visible()
    go(page, "/verbis")
    row = page.get_by_role("list", name="Kontakte").get_by_role("listitem").filter(has_text=NAME)
    tick = row.get_by_role("button")
    expect(tick).to_have_accessible_description(re.compile(NAME))
    tick.click()
    expect(tick).to_have_text("Rückgängig")
    expect(tick).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="abgehakt")).to_be_attached()
    tick.click()
    expect(tick).to_have_text("Nachgetragen")
    tick.click()
    expect(tick).to_have_text("Rückgängig")
    go(page, "/heute")
    go(page, "/verbis")
    expect(page.get_by_role("main")).not_to_contain_text(NAME)


def test_everything_needed_fits_one_screen(office: Office) -> None:
    _, page = office.phone(JANA)
    go(page, "/kontakt")
    page.get_by_role("radio", name="Wohnungstür").wait_for()
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")


def test_the_whole_entry_of_the_timeline_reacts(office: Office) -> None:
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    record_contact(page, case)
    disc = page.locator(".zz-tl > li").first.locator(".zz-disc")
    box = disc.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 5, box["y"] + box["height"] - 5)
    expect(page).to_have_url(re.compile("/kontakt/"))
    assert page.url.rsplit("/", 1)[1]
