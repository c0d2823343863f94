"""A case handed to a deputy: on her phone while it is hers, gone at the end, late work released."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.phones import Phone, Server
from tests.e2e.walks import SAVED, expect_chip, go, record_contact, sign_in, sync_now

JANA, HEIKE = "jana.wendlandt", "heike.brandrup"
NOTE = "Zweimal läuten, der Hund ist friedlich. Am Freitag nachfragen."


def today(days: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%d")


def hand_over(page: Page, until: str) -> str:
    """Hands the first open case to Heike; its id."""
    go(page, "/faelle")
    page.get_by_role("main").get_by_role("link", name=re.compile("U25-")).first.click()
    page.get_by_role("heading", name="Vertretung").wait_for()
    case = page.url.rsplit("/", 1)[1]
    page.get_by_role("link", name="Fall an Vertretung übergeben").click()
    page.get_by_role("radio", name="Heike Brandrup").check()
    page.get_by_label("Letzter Tag").fill(until)
    page.get_by_label("Übergabenotiz").fill(NOTE)
    page.get_by_role("button", name="Übergeben", exact=True).click()
    expect(page.get_by_text(NOTE)).to_be_visible()
    expect_chip(page, SAVED)
    return case


def test_a_case_is_hers_until_it_is_not(
    demo_server: Server, passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    jana = sign_in(new_phone("jana"), JANA, passwords[JANA])
    heike_phone = new_phone("heike")
    heike = sign_in(heike_phone, HEIKE, passwords[HEIKE])
    expect(heike.get_by_text("Ihnen ist zurzeit kein Fall übergeben")).to_be_visible()
    expect_chip(jana, SAVED)
    case = hand_over(jana, today(3))
    name = jana.get_by_role("heading", level=1).inner_text().split("U25")[0].strip()

    sync_now(heike)
    go(heike, "/faelle")
    listed = heike.get_by_role("main").get_by_role("link", name=re.compile("U25-"))
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text(name)
    listed.click()
    expect(heike.get_by_text(NOTE)).to_be_visible()
    for missing in ("Fall bearbeiten", "Fall an Vertretung übergeben", "Vertretung beenden"):
        expect(heike.get_by_text(missing, exact=True)).to_have_count(0)

    # Her contact reaches the colleague.
    record_contact(heike, case, "Kurzes Gespräch")
    expect_chip(heike, SAVED)
    sync_now(jana)
    go(jana, f"/faelle/{case}")
    expect(jana.get_by_text("Heike Brandrup").first).to_be_visible()

    # Jana ends it while Heike is in a cellar and writes on.
    demo_server.kill()
    record_contact(heike, case, "Nachricht hinterlassen")
    expect_chip(heike, "1 Eintrag wartet auf Verbindung")
    demo_server.start()
    heike.context.set_offline(True)
    jana.get_by_role("button", name="Vertretung beenden").click()
    jana.get_by_role("dialog").get_by_role("button", name="Vertretung beenden").click()
    expect(jana.get_by_role("button", name="Vertretung beenden")).to_have_count(0)
    expect_chip(jana, SAVED)
    heike.context.set_offline(False)
    expect_chip(heike, SAVED)
    go(heike, "/faelle")
    expect(heike.get_by_text("Ihnen ist zurzeit kein Fall übergeben")).to_be_visible()
    go(heike, "/synchronisierung")
    expect(heike.get_by_text("wartet auf Freigabe", exact=False)).to_be_visible()

    # Nothing of it is lost: Jana takes it over, under Heike's name.
    sync_now(jana)
    go(jana, "/heute")
    jana.get_by_role("link", name=re.compile("1 Eintrag wartet")).click()
    expect(jana.get_by_text("Nachricht hinterlassen")).to_be_visible()
    jana.get_by_role("button", name="Übernehmen").click()
    expect(jana.get_by_text("Es wartet nichts auf Ihre Entscheidung")).to_be_visible()
    go(jana, f"/faelle/{case}")
    expect(jana.get_by_text("Nachricht hinterlassen")).to_be_visible()
    _server_read_nothing(demo_server)


def test_at_the_end_the_phone_forgets_by_itself_without_a_network(
    demo_server: Server, passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    jana = sign_in(new_phone("jana"), JANA, passwords[JANA])
    expect_chip(jana, SAVED)
    case = hand_over(jana, today(1))
    heike_phone = new_phone("heike")
    heike = sign_in(heike_phone, HEIKE, passwords[HEIKE])
    go(heike, f"/faelle/{case}")
    expect(heike.get_by_text(NOTE)).to_be_visible()
    heike_phone.close()
    demo_server.kill()

    later = heike_phone.start()
    later.clock.install(time=datetime.now(UTC) + timedelta(days=3))
    heike_phone.open("/")
    later.get_by_label("Passwort", exact=True).fill(passwords[HEIKE])
    later.get_by_role("button", name="Entsperren").click()
    later.get_by_role("button", name="Sperren").wait_for()
    go(later, "/faelle")
    expect(later.get_by_text("Ihnen ist zurzeit kein Fall übergeben")).to_be_visible()
    kept = later.evaluate(
        """async () => {
          const [{name}] = (await indexedDB.databases())
            .filter(({name}) => name !== "zuzweit-phone");
          const request = indexedDB.open(name);
          await new Promise((resolve) => { request.onsuccess = resolve; });
          const all = (store) => new Promise((resolve) => {
            const asked = request.result.transaction(store).objectStore(store).count();
            asked.onsuccess = () => resolve(asked.result);
          });
          return [await all("row"), await all("envelopes")];
        }"""
    )
    assert kept == [0, 0]


def _server_read_nothing(server: Server) -> None:
    with closing(sqlite3.connect(server.data / "zuzweit.sqlite3")) as database:
        dump = "\n".join(database.iterdump())
    assert "Zweimal" not in dump
    assert "message_left" not in dump
