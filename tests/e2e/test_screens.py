"""Every screen, in light and dark, on a narrow phone, with large text and by keyboard."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.inspector import Inspector
from tests.e2e.offices import JANA, Office
from tests.e2e.phones import Phone, Server
from tests.e2e.walks import (
    accept_invitation,
    create_case,
    expect_chip,
    go,
    invitation_path,
    invite,
    lock,
    record_contact,
    sign_in_to_the_app,
    sync_now,
)

NAME = "Levin Ackerstaff"
ROLES = {
    "heike.brandrup": "Ihnen ist zurzeit kein Fall übergeben",
    "ines.bahlmann": "Ihnen ist zurzeit kein Fall übergeben",
    "ruth.sandermann": "Für Sie liegt zurzeit nichts vor",
    "verwaltung": "Sie verwalten das Team, nicht die Fälle",
}


def test_the_way_in_and_the_first_screens(server: Server, new_phone: Callable[..., Phone]) -> None:
    server.command("init", "--team", "U25", "--name", "verwaltung", "--display-name", "Verwaltung")
    jana_link, mira_link = invite(server, "jana", "Jana W."), invite(server, "mira", "Mira K.")
    server.start()
    inspector = Inspector()
    jana = new_phone("jana")
    page = jana.open("/")
    inspector.look(page, "Anmelden")
    page.get_by_label("Anmeldename").fill("jana")
    page.get_by_label("Passwort", exact=True).fill("Nicht-das-richtige-1")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look(page, "Anmelden, falsch")
    page = jana.open("/einladung")
    inspector.look(page, "Einladung ohne Kennung")
    page = jana.open("/einladung#" + "A" * 43)
    page.reload()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look(page, "Einladung, die nicht gilt")
    page = jana.open(invitation_path(jana_link))
    page.reload()
    page.get_by_role("button", name="Ich habe die Wörter notiert").wait_for()
    inspector.look(page, "Einladung, fünf Wörter")
    page.get_by_role("button", name="Ich habe die Wörter notiert").click()
    page.get_by_label("Passwort wiederholen").fill("falsche wörter")
    page.get_by_role("button", name="Konto einrichten").click()
    inspector.look(page, "Einladung, Wörter wiederholen")
    page.get_by_role("radio", name="Eigenes Passwort").check()
    page.get_by_label("Passwort", exact=True).fill("kurz")
    page.get_by_role("button", name="Konto einrichten").click()
    inspector.look(page, "Einladung, eigenes Passwort")
    page = accept_invitation(jana, jana_link)
    page.get_by_role("link", name="Fall anlegen").wait_for()
    inspector.look(page, "Heute, leer", "/heute")
    for path in ("/faelle", "/kontakt", "/verbis", "/synchronisierung", "/team"):
        go(page, path)
        inspector.look(page, f"{path}, leer", path)
    page = jana.open(invitation_path(mira_link))
    inspector.look(page, "Einladung auf einem Telefon, das benutzt wird")
    mira = new_phone("mira")
    page = accept_invitation(mira, mira_link)
    page.get_by_role("button", name="Stimmt überein").wait_for()
    inspector.look(page, "Warten auf Aufnahme", "/heute")
    inspector.verdict()


def test_the_screens_of_an_ab_pap(
    demo_server: Server, passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    office = Office(demo_server, passwords, new_phone)
    inspector = Inspector()
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    record_contact(page, case)
    expect(page.get_by_text("Gesichert um")).to_be_visible()
    inspector.look(page, "Fall mit einem Kontakt", f"/faelle/{case}")
    full, contact = _well_known_case(office)
    for path in (
        "/heute",
        "/faelle",
        f"/faelle/{full}",
        "/faelle/neu",
        f"/faelle/{full}/bearbeiten",
        f"/kontakt/{contact}/bearbeiten",
        f"/kontakt?fall={full}",
        "/verbis",
        "/synchronisierung",
        "/mehr",
        "/mehr/passwort",
        "/mehr/fingerabdruck",
        "/mehr/blatt",
        "/mehr/wiederherstellen",
        "/mehr/anleitung",
        "/mehr/datenschutz",
        "/mehr/datenschutz/angaben",
        "/mehr/datenschutz/risiken",
        "/team",
        "/gibt/es/nicht",
        f"/faelle/{'0' * 32}",
        f"/kontakt/{'0' * 32}",
        f"/team/{'0' * 32}",
    ):
        go(page, path)
        inspector.look(page, path, path)
    _forms(page, inspector)
    _details(page, inspector, full, contact)
    inspector.verdict()


def test_the_screens_of_trouble_and_of_the_lock(
    demo_server: Server, passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    office = Office(demo_server, passwords, new_phone)
    inspector = Inspector()
    _, page = office.phone(JANA)
    case = create_case(page, NAME)
    contact, other = _two_versions(office, page, case)
    office.server.kill()
    for outcome in ("Niemand angetroffen", "Nachricht hinterlassen"):
        record_contact(page, case, outcome)
    expect_chip(page, "2 Einträge warten auf Verbindung")
    inspector.look(page, "Fall mit wartenden Einträgen", f"/faelle/{case}")
    page.get_by_role("link", name="warten auf Verbindung").click()
    inspector.look(page, "Synchronisierung ohne Server", "/synchronisierung")
    page.get_by_role("button", name="Sicherungsdatei erstellen").click()
    expect(page.get_by_text("Sicherungsdatei erstellt")).to_be_visible()
    inspector.look(page, "Sicherungsdatei erstellt", "/synchronisierung")
    go(page, f"/kontakt/{contact}")
    page.get_by_role("button", name="Verlauf der Änderungen").click()
    expect(page.get_by_text("Der Verlauf ist gerade nicht zu sehen")).to_be_visible()
    inspector.look(page, "Kontakt mit zwei Fassungen, Verlauf ohne Server")
    assert other in page.content()
    page.get_by_role("link", name="Bearbeiten").click()
    versions = page.get_by_role("region", name="Fassungen: Beobachtung")
    expect(versions.get_by_role("button", name="Diese Fassung übernehmen")).to_have_count(2)
    inspector.look(page, "Kontakt bearbeiten, zwei Fassungen")
    versions.get_by_role("button", name="Beide zusammenführen").click()
    inspector.look(page, "Kontakt bearbeiten, zusammengeführt")
    page.get_by_role("button", name="Entwurf verwerfen").click()
    page.get_by_role("dialog").get_by_role("button", name="Entwurf verwerfen").click()
    office.set_role(JANA, "pap")
    office.server.start()
    expect_chip(page, "2 Einträge sind zu klären")
    office.set_role(JANA, "ab_pap")
    go(page, "/synchronisierung")
    expect(page.get_by_role("button", name="Erneut senden")).to_have_count(2)
    office.server.kill()
    inspector.look(page, "Synchronisierung, zu klären", "/synchronisierung")
    page.get_by_role("button", name="Verwerfen").first.click()
    inspector.look(page, "Verwerfen?", keyboard=False)
    page.get_by_role("dialog").get_by_role("button", name="Behalten").click()
    office.change("UPDATE session SET revoked_at = 1 WHERE revoked_at IS NULL")
    office.server.start()
    expect_chip(page, re.compile("^Bitte neu anmelden"))
    inspector.look(page, "Synchronisierung, neu anmelden", "/synchronisierung")
    lock(page)
    inspector.look(page, "Gesperrt")
    page.get_by_label("Passwort", exact=True).fill("Nicht-das-richtige-1")
    page.get_by_role("button", name="Entsperren").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look(page, "Gesperrt, falsches Passwort")
    page.get_by_role("button", name="Andere Person").click()
    inspector.look(page, "Andere Person")
    page.get_by_role("button", name="Neu anmelden").click()
    inspector.look(page, "Neu anmelden")
    inspector.verdict()


def test_the_first_screen_of_every_other_role(
    passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    inspector = Inspector()
    for name, sentence in ROLES.items():
        phone = new_phone(name)
        page = sign_in_to_the_app(phone, name, passwords[name])
        expect(page.get_by_role("main")).to_contain_text(sentence)
        inspector.look(page, f"Heute, {name}", "/heute")
        go(page, "/team")
        expect(page.get_by_text("Jana Wendlandt").first).to_be_visible()
        inspector.look(page, f"Team, {name}", "/team")
        go(page, "/faelle")
        stands_in = "kein Fall übergeben" in sentence
        shown = "Fälle" if stands_in else "Diese Seite gibt es nicht"
        expect(page.get_by_role("heading", name=shown, exact=True)).to_be_visible()
        go(page, "/verbis" if stands_in else "/kontakt")
        inspector.look(page, f"Nichts übergeben, {name}", page.url.rsplit("/", 1)[1])
        phone.close()
    inspector.verdict()


def test_a_wide_page_has_room_for_list_and_case(
    passwords: dict[str, str], new_phone: Callable[..., Phone], demo_server: Server
) -> None:
    office = Office(demo_server, passwords, new_phone)
    inspector = Inspector()
    _, page = office.phone(JANA)
    full, contact = _well_known_case(office)
    for path in ("/heute", "/faelle", f"/faelle/{full}", f"/kontakt/{contact}", "/mehr"):
        go(page, path)
        inspector.look_wide(page, path)
    inspector.verdict()


def _well_known_case(office: Office) -> tuple[str, str]:
    """An open case with several contacts, and the one of them that says most."""
    with office.python_phone() as phone:
        rows = phone.store.rows
        contacts = [row for (table, _), row in rows.items() if table == "visit"]
        told = [row for row in contacts if row["columns"].get("observation")]
        open_cases = {
            row["id"]
            for (table, _), row in rows.items()
            if table == "client_case" and not row["columns"].get("closed")
        }
    chosen = max(
        (row for row in told if row["columns"]["case"] in open_cases),
        key=lambda row: (len(row["columns"]), row["id"]),
    )
    return chosen["columns"]["case"], chosen["id"]


def _forms(page: Page, inspector: Inspector) -> None:
    """Forms with everything unfolded and with everything wrong."""
    go(page, "/kontakt")
    page.get_by_text("Weitere Angaben").click()
    page.get_by_role("button", name="Weitere Orte").click()
    page.get_by_role("button", name="Weitere Ergebnisse").click()
    page.get_by_role("radio", name="In der Wohnung").check()
    page.get_by_label("Datum", exact=True).fill("")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Bitte wählen Sie den Fall.")).to_be_visible()
    inspector.look(page, "Kontakt mit Weiteren Angaben und Fehlern", "/kontakt")
    page.get_by_role("button", name="Anderer Fall").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    inspector.look(page, "Anderer Fall", keyboard=False)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Entwurf verwerfen").click()
    inspector.look(page, "Entwurf verwerfen?", keyboard=False)
    page.get_by_role("dialog").get_by_role("button", name="Weiterschreiben").click()
    go(page, "/faelle/neu")
    page.get_by_text("Weitere Angaben").click()
    page.get_by_role("radio", name="Einzelauftrag").check()
    page.get_by_role("button", name="Speichern").click()
    inspector.look(page, "Fall anlegen mit Weiteren Angaben und Fehlern", "/faelle/neu")
    go(page, "/heute")
    expect(page.get_by_text("Entwürfe")).to_be_visible()
    inspector.look(page, "Heute mit Entwürfen", "/heute")


def _details(page: Page, inspector: Inspector, case: str, contact: str) -> None:
    go(page, f"/kontakt/{contact}")
    page.get_by_role("button", name="Verlauf der Änderungen").click()
    expect(page.get_by_role("heading", name="Verlauf der Änderungen")).to_be_visible()
    inspector.look(page, "Kontakt mit Verlauf", f"/kontakt/{contact}")
    page.get_by_role("button", name="Kontakt löschen").click()
    inspector.look(page, "Kontakt löschen?", keyboard=False)
    page.get_by_role("dialog").get_by_role("button", name="Abbrechen").click()
    go(page, f"/faelle/{case}")
    page.get_by_role("button", name="Verlauf der Änderungen").click()
    expect(page.get_by_role("heading", name="Verlauf der Änderungen")).to_be_visible()
    inspector.look(page, "Fall mit Verlauf", f"/faelle/{case}")
    go(page, "/faelle")
    page.get_by_role("searchbox").fill("niemand heißt so")
    expect(page.get_by_text("Kein Fall gefunden")).to_be_visible()
    inspector.look(page, "Fälle, nichts gefunden", "/faelle")
    go(page, "/team")
    page.get_by_role("link", name="Mira Kosswig").click()
    expect(page.get_by_label("Sicherheitsnummer")).to_be_visible()
    inspector.look(page, "Sicherheitsnummer vergleichen")
    go(page, "/mehr")
    page.get_by_role("button", name="Abmelden").click()
    inspector.look(page, "Abmelden?", keyboard=False)


def _two_versions(office: Office, page: Page, case: str) -> tuple[str, str]:
    """A contact whose observation two people wrote at once: its id, and one of the texts."""
    other = "Mira sah Licht im Flur."
    record_contact(page, case)
    expect(page.get_by_text("Gesichert um")).to_be_visible()
    with office.python_phone() as mira:
        [row] = [row for row in mira.store.rows.values() if row["columns"].get("case") == case]
        for text in ("Jana hörte Musik hinter der Tür.", other):
            mira.write("visit", row["id"], {"observation": text}, base={"observation": []})
            mira.sync()
    sync_now(page)
    go(page, f"/kontakt/{row['id']}")
    expect(page.get_by_text(other)).to_be_visible()
    return row["id"], other


FAULTS = """
<html lang="de"><head><title>Fehler</title><style>
  button, input { outline: none !important; width: 12px; height: 12px; padding: 0; border: 0 }
  p { color: light-dark(#000, #444) } html { color-scheme: light dark; background: Canvas }
  div { width: 400px; height: 1px } h2 { width: 40px; overflow: hidden; white-space: nowrap }
</style></head><body><main>
  <h1>Alles falsch</h1><p>Im Dunkeln kaum zu lesen</p><h2>Abgeschnitten und vorbei</h2>
  <button>x</button><button>y</button><input name="strasse"><div></div>
</main></body></html>"""


def test_the_inspection_finds_what_is_wrong(new_phone: Callable[..., Phone]) -> None:
    page = new_phone("jana").start()
    page.set_content(FAULTS)
    inspector = Inspector()
    inspector.look(page, "Fehler")
    found = "\n".join(inspector.findings)
    for fault in (
        "axe, dark · color-contrast",
        "axe, light · target-size",
        "axe, light · label",
        "focus · BUTTON x shows no ring",
        "targets · BUTTON x: 12 × 12, not 24",
        "autocomplete · strasse",
        "at 320 px · 4",
        "at 320 px · cut off: H2",
        "at 200 % · 4",
    ):
        assert fault in found, f"{fault} is missing in:\n{found}"
    assert "axe, light · color-contrast" not in found
