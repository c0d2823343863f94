"""A phone that cannot send any more: its entries come in by a file, and once."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.canaries import traces
from tests.e2e.offices import JANA, MIRA, Office
from tests.e2e.walks import SAVED, create_case, expect_chip, go, record_contact, sync_now

NAME, NEW_NAME = "Levin Ackerstaff", "Ronja Quast"
WORD = "Qvarzkanjarywx"
MAKE = "Sicherungsdatei erstellen"


def test_what_a_phone_could_not_send_comes_in_by_a_file_and_once(
    office: Office, tmp_path: Path
) -> None:
    (_, jana), (_, mira) = office.phone(JANA), office.phone(MIRA)
    case = create_case(jana, NAME)
    expect_chip(jana, SAVED)
    go(jana, "/synchronisierung")
    # Nothing is on this phone only: there is nothing to rescue.
    expect(jana.get_by_role("heading", name="Dieses Telefon")).to_be_visible()
    expect(jana.get_by_role("button", name=MAKE)).to_have_count(0)

    office.server.kill()
    record_contact(jana, case, "Kurzes Gespräch")
    new_case = create_case(jana, f"{NEW_NAME} {WORD}")
    _write_a_note(jana, new_case)
    _begin_a_draft(jana, case)
    file = _rescue_file(jana, tmp_path)
    assert traces(tmp_path / "file", [WORD, NAME, NEW_NAME, JANA]) == []
    # As a paper in the hand of whoever signs out, too.
    go(jana, "/mehr")
    jana.get_by_role("button", name="Abmelden").click()
    expect(jana.get_by_text("noch nicht gesichert")).to_be_visible()
    expect(jana.get_by_role("button", name=MAKE)).to_be_visible()

    office.server.start()
    # Its own sync must wait: this phone is out of reach.
    jana.context.set_offline(True)
    said = office.server.command("rescue", str(file))
    assert "Sicherungsdatei von Jana Wendlandt" in said
    assert re.search(r"Neu angenommen: 5\n", said), said
    assert "Angefangene Entwürfe, versiegelt, hier nicht lesbar: 1" in said
    assert "Abgelehnt" not in said
    again = office.server.command("rescue", str(file))
    assert "Neu angenommen: 0" in again

    sync_now(mira)
    go(mira, f"/faelle/{new_case}")
    expect(mira.get_by_role("heading", name=re.compile(NEW_NAME))).to_be_visible()
    expect(mira.get_by_role("main")).to_contain_text(f"{WORD} im Flur")
    before = _counts(office)

    # The phone is found again: it syncs as ever, and nothing is doubled.
    jana.context.set_offline(False)
    sync_now(jana)
    expect_chip(jana, SAVED)
    assert _counts(office) == before
    assert [contact["outcome"] for contact in office.contacts(case)] == ["short_talk"]
    go(jana, "/heute")
    expect(jana.get_by_role("link", name="Begonnen")).to_have_count(1)
    assert traces(office.server.data, [WORD]) == []


def _write_a_note(page: Page, case: str) -> None:
    go(page, f"/kontakt?fall={case}")
    page.get_by_role("radio", name="Wohnungstür").check()
    page.get_by_role("radio", name="Niemand angetroffen").check()
    page.get_by_text("Weitere Angaben").click()
    page.get_by_label("Beobachtung").fill(f"{WORD} im Flur")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Auf diesem Telefon gespeichert")).to_be_visible()


def _begin_a_draft(page: Page, case: str) -> None:
    go(page, f"/kontakt?fall={case}")
    page.get_by_role("radio", name="Café").check()
    page.get_by_text("Weitere Angaben").click()
    page.get_by_label("Beobachtung").fill(f"{WORD} mitten im Satz")
    go(page, "/heute")
    expect(page.get_by_role("link", name="Begonnen")).to_have_count(1)


def _rescue_file(page: Page, folder: Path) -> Path:
    go(page, "/synchronisierung")
    with page.expect_download() as download:
        page.get_by_role("button", name=MAKE).click()
    expect(page.get_by_text("Sicherungsdatei erstellt")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("4 Einträge und 1 Entwurf")
    name = download.value.suggested_filename
    assert re.fullmatch(r"zuzweit-sicherungsdatei-\d{8}T\d{6}Z\.zuzweit", name)
    path = folder / "file" / name
    download.value.save_as(path)
    return path


def _counts(office: Office) -> list[int]:
    tables = ("client_case", "visit", "history", "envelope")
    with office.database() as database:
        return [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]
