"""No word is found anywhere, either, after lists came in and went out, somebody left, the password
was changed and the recovery sheet was used; and none of these passwords and words of paper is."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from server.demo.phone import Phone as PythonPhone
from server.demo.wires import Http
from tests.e2e.canaries import traces
from tests.e2e.office_files import open_archive, texts
from tests.e2e.phones import Phone, Server
from tests.e2e.walks import (
    PASSWORD_CHANGED,
    SAVED,
    accept_invitation,
    change_password,
    create_case,
    expect_chip,
    found_team,
    go,
    invitation_path,
    invite,
    make_sheet,
    python_phone,
    sync_now,
    type_words,
)
from tests.loopback import wait_for

WORD = "Qvarzkanjarywz"
"""In no language and no file; whatever is entered begins with it."""
FIRST, SECOND = f"{WORD}-Lampe-Treppe-9", f"{WORD}-Schirm-Stuhl-4"


def test_no_word_is_found_after_all_that_changes_keys(
    server: Server, new_phone: Callable[..., Phone], tmp_path: Path
) -> None:
    phone = new_phone("jana")
    page = found_team(server, phone, FIRST)
    case = create_case(page, f"{WORD} angelegt")
    _read_a_list(page)
    expect_chip(page, SAVED)
    password = _give_out(page, tmp_path / "given" / "out.zip")
    _somebody_comes_and_leaves(server)
    sync_now(page)
    wait_for(lambda: _is_renewed(server), 60, "all keys to be renewed")
    words = make_sheet(page)
    change_password(page, FIRST, SECOND)
    expect(page.get_by_text(PASSWORD_CHANGED).last).to_be_visible()
    server.command("backup")
    phone.close()
    other = new_phone("nora")
    nora = _recover(server, other, words)
    go(nora, f"/faelle/{case}")
    expect(nora.get_by_role("heading", name=f"{WORD} angelegt")).to_be_visible()
    expect_chip(nora, SAVED)
    other.kill()
    server.command("backup")
    server.kill()
    secrets = [WORD, password, "-".join(words), " ".join(words), password.replace("-", " ")]
    for folder in (server.data, phone.profile, other.profile, tmp_path / "given"):
        assert traces(folder, secrets) == [], folder
    assert not [text for one in (phone, other) for text in one.console if WORD in text]
    # They are the right folders: backups are opened, and what is clear on purpose stands there.
    assert any("backups" in trace for trace in traces(server.data, ["U25-001"]))


def _read_a_list(page: Page) -> None:
    go(page, "/faelle/einlesen")
    lines = f"Nachname;Vorname;Geburtsdatum\n{WORD};Kim;05.03.2004\n{WORD}er;Toni;06.03.2004\n"
    file: FilePayload = {"name": f"{WORD}.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    page.get_by_label("Datei", exact=True).set_input_files(file)
    page.get_by_role("radio", name="Überstellt").check()
    page.get_by_label("Übergabe am").fill("2026-07-06")
    page.get_by_role("button", name="Weiter", exact=True).click()
    page.get_by_role("button", name="2 Fälle speichern").click()
    expect(page.get_by_text("2 Fälle auf diesem Telefon gespeichert").first).to_be_visible()


def _give_out(page: Page, to: Path) -> str:
    """The list in a closed file, which does hold the words; its password."""
    go(page, "/faelle/ausgeben")
    password = page.locator(".zz-words").inner_text()
    page.get_by_role("button", name="Ich habe die Wörter notiert").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Datei ausgeben").click()
    download.value.save_as(to)
    expect(page.get_by_text("Verschlüsselte Datei ausgegeben")).to_be_visible()
    [book] = open_archive(to.read_bytes(), password).values()
    assert WORD in str(texts(book))
    return password


def _somebody_comes_and_leaves(server: Server) -> None:
    """Ben reads and writes, and his account is ended."""
    path = invitation_path(invite(server, "ben", "Ben B."))
    with (
        contextlib.closing(Http(server.address)) as wire,
        python_phone(server, "jana", FIRST) as jana,
    ):
        ben = PythonPhone(wire, "ben")
        ben.accept(path.partition("#")[2], f"{WORD}-Kanne-Teppich-2")
        jana.admit(ben)
        ben.sync()
        ben.create_case({"kind": "handover", "name": f"{WORD} von Ben", "situation": WORD})
        ben.sync()
        assert not ben.store.outbox
    server.command("disable", "--name", "ben")


def _is_renewed(server: Server) -> bool:
    """Whether there is a second team key, and every case has a key of its own under it alone."""
    path = server.data / "zuzweit.sqlite3"
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        keys = database.execute("SELECT key_id FROM epoch ORDER BY epoch").fetchall()
        closed = "SELECT count(DISTINCT owner) FROM envelope WHERE purpose = 'case' AND reader = ?"
        cases = database.execute("SELECT count(*) FROM client_case").fetchone()
        return len(keys) == 2 and database.execute(closed, keys[-1]).fetchone() == cases


def _recover(server: Server, phone: Phone, words: list[str]) -> Page:
    """Jana has forgotten her password; a new colleague opens everything with the sheet."""
    server.command("disable", "--name", "jana")
    page = accept_invitation(phone, invite(server, "nora", "Nora T."), f"{WORD}-Fenster-Tisch-3")
    expect(page.get_by_role("heading", name="Warten auf Aufnahme")).to_be_visible()
    go(page, "/mehr/wiederherstellen")
    type_words(page, " ".join(words))
    expect(page.get_by_role("heading", name="Heute", exact=True)).to_be_visible()
    return page
