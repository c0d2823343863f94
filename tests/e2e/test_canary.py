"""Nothing a person writes stands anywhere in the clear: not with the server, not on the phone.

Words that exist nowhere else are entered into every sealed column of every table, into drafts,
searches and passwords; then every byte of the data folder and of the browser's profile is searched.
"""

import contextlib
import http.client
import json
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from server.demo.phone import Phone as PythonPhone
from server.demo.wires import Http, WireProblem
from server.sealing import open_rescue, rescue_pair
from server.synced import SyncedTable, tables
from tests.e2e import left_clear
from tests.e2e.canaries import traces
from tests.e2e.phones import ROOT, Phone, Server
from tests.e2e.walks import (
    SAVED,
    create_case,
    expect_chip,
    found_team,
    go,
    lock,
    python_phone,
    record_contact,
    sign_in_beside,
    sync_now,
    unlock,
    write_half_a_note,
    write_note,
)

WORD = "Qvarzkanjarywx"
"""In no language and no file; whatever is entered begins with it."""
BORN = "1931-07-19"
"""Nobody's birthday: a canary for a field that takes days only."""
PASSWORD = f"{WORD}-Lampe-Treppe-9"


def test_no_word_is_found_anywhere(
    server: Server, new_phone: Callable[..., Phone], tmp_path: Path
) -> None:
    phone = new_phone("jana")
    page = found_team(server, phone, PASSWORD)
    case = _write_a_case(page)
    _write_a_contact(page, case)
    expect_chip(page, SAVED)
    with python_phone(server, "jana", PASSWORD) as other:
        # What the browser sealed opens with the key, so the words did arrive.
        assert other.read("client_case", case)["name"].startswith(WORD)
        assert other.read("client_case", case)["date_of_birth"] == BORN
        rows = _write_every_sealed_column(other)
    _try_the_server_without_right(server)
    _look_at_everything(page, [("client_case", case), *rows])
    _lock_and_try_passwords(page)
    _write_quick_notes(page)
    server.kill()
    _leave_drafts_and_entries(page, case, server, tmp_path / "rescued")
    phone.kill()
    # A rescue file, as it is given out and as whoever runs the server may open it.
    assert traces(tmp_path / "rescued", [WORD, BORN]) == []
    assert traces(tmp_path / "rescued", ["client_case"])
    assert traces(phone.profile, [WORD, BORN]) == []
    # Once more through a start, an unlock with open drafts and an orderly end.
    page = phone.open(f"/faelle/{case}/bearbeiten")
    unlock(page, PASSWORD)
    expect(page.get_by_label("Name", exact=True)).to_have_value(f"{WORD} Entwurf")
    _begin_a_contact_of_a_note(page)
    phone.close()
    assert traces(phone.profile, [WORD, BORN]) == []
    # And killed while somebody writes on the lock.
    write_half_a_note(phone.open("/"), f"{WORD} bis zum Ende")
    phone.kill()
    assert traces(phone.profile, [WORD, BORN]) == []
    assert traces(server.data, [WORD, BORN]) == []
    assert not [text for text in phone.console if WORD in text]
    # Those folders are the right ones: what is clear on purpose does stand there.
    assert traces(phone.profile, ["U25-001"])
    assert traces(server.data, ["U25-001"])


def test_a_column_left_clear_on_purpose_is_found(
    tmp_path: Path, server: Server, new_phone: Callable[..., Phone], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEFT_CLEAR_FRONT_END", str(_careless_front_end(tmp_path / "dist")))
    monkeypatch.setattr(server, "program", "tests.e2e.left_clear")
    phone = new_phone("jana")
    page = found_team(server, phone, PASSWORD)
    _write_a_case(page)
    expect_chip(page, SAVED)
    server.kill()
    phone.kill()
    for folder in (server.data, phone.profile):
        assert any(BORN in trace for trace in traces(folder, [BORN])), folder
        assert traces(folder, [WORD]) == []


def _careless_front_end(to: Path) -> Path:
    shutil.copytree(ROOT / "pwa" / "dist", to)
    right, careless = left_clear.IN_THE_BUNDLE
    changed = [path for path in to.rglob("*.js") if right in path.read_text()]
    for path in changed:
        path.write_text(path.read_text().replace(right, careless))
    assert changed, "the bundle declares its tables in another way than this test knows"
    return to


# --- what is written -----------------------------------------------------------------------


def _fill_everything(page: Page, ending: str = "") -> None:
    """A word into every field of a form that takes words."""
    page.get_by_role("main").locator("summary").wait_for()
    for more in page.locator("details:not([open]) > summary").all():
        more.click()
    page.locator("details[open] textarea").last.wait_for()
    fields = page.get_by_role("main").locator("textarea, input[type=text], input[type=tel]").all()
    assert len(fields) >= 4
    for number, field in enumerate(fields):
        field.fill(f"{WORD} {ending or number}")


def _write_a_case(page: Page) -> str:
    go(page, "/faelle/neu")
    _fill_everything(page)
    page.get_by_label("Geburtsdatum").fill(BORN)
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("link", name="Kontakt festhalten").wait_for()
    return page.url.rsplit("/", 1)[1]


def _write_a_contact(page: Page, case: str) -> None:
    go(page, f"/kontakt?fall={case}")
    page.get_by_role("radio", name="Wohnungstür").check()
    page.get_by_role("radio", name="Kurzes Gespräch").check()
    _fill_everything(page)
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("link", name="Kontakt festhalten").wait_for()


def _write_every_sealed_column(phone: PythonPhone) -> list[tuple[str, str]]:
    """A row in every declared table with a word in every sealed column, each overwritten once, and
    each text a second time by somebody who saw neither."""
    rows: list[tuple[str, str]] = []
    for name, declared in tables().items():
        values = _values(declared, phone, dict(rows)) | _words(declared, "zuerst")
        row = phone.create_case(values) if name == "client_case" else phone.create(name, values)
        rows.append((name, row))
        phone.sync()
        phone.write(name, row, _words(declared, "danach"))
        apart = {
            column: _value(declared, column, "daneben") for column in declared.table.text_columns
        }
        phone.write(name, row, apart, base=dict.fromkeys(apart, ()))
        phone.sync()
        assert not phone.store.tray, phone.store.tray
        shown = phone.read(name, row)
        assert all(WORD in str(shown[column]) for column in declared.sealed_columns), shown
    return rows


def _words(declared: SyncedTable, when: str) -> dict[str, Any]:
    return {column: _value(declared, column, when) for column in declared.sealed_columns}


def _value(declared: SyncedTable, column: str, when: str) -> Any:
    word = f"{WORD} {column} {when}"
    return [word] if declared.columns[column].typescript == "list" else word


def _values(declared: SyncedTable, phone: PythonPhone, rows: dict[str, str]) -> dict[str, Any]:
    """What creating a row of the table needs besides."""
    needed = [c for c in declared.columns.values() if (c.create or c.required) and not c.sealed]
    values: dict[str, Any] = {}
    for column in needed:
        kind = declared.table.columns[column.name]
        choices = {
            "code": lambda kind=kind: next(iter(kind.codes or [])),
            "id": lambda kind=kind: rows[kind.link] if kind.link else phone.user,
            "day": lambda: datetime.now(UTC).date().isoformat(),
            "bool": lambda: True,
            "int": lambda: 1,
        }
        values[column.name] = choices[kind.kind]()
    return values


# --- everything else that is done ------------------------------------------------------------


def _look_at_everything(page: Page, rows: list[tuple[str, str]]) -> None:
    """Search, lists, details and histories, as far as there is a screen for them."""
    sync_now(page)
    go(page, "/faelle")
    page.get_by_role("searchbox").fill(WORD)
    expect(page.get_by_role("link", name=WORD)).to_have_count(2)
    page.get_by_role("searchbox").fill(f"{WORD} ist nicht dabei")
    expect(page.get_by_role("link", name=WORD)).to_have_count(0)
    go(page, "/heute")
    paths = {"client_case": "/faelle/", "visit": "/kontakt/"}
    for table, row in rows:
        if table in paths:
            go(page, paths[table] + row)
            page.get_by_role("button", name="Verlauf der Änderungen").click()
            expect(page.get_by_role("heading", name="Verlauf der Änderungen")).to_be_visible()
            expect(page.get_by_role("main")).to_contain_text(WORD)
    go(page, "/synchronisierung")
    expect(page.get_by_role("main")).to_contain_text(WORD)


def _try_the_server_without_right(server: Server) -> None:
    """What the server turns away, at log level debug."""
    with contextlib.closing(Http(server.address)) as stranger:
        stranger("/api/login/parameters", {"name": WORD})
        _try(stranger)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    with contextlib.closing(connection):
        connection.connect()
        connection.sock.sendall(f"{WORD} {WORD}\r\n\r\n".encode())
        assert connection.sock.recv(4096).startswith(b"HTTP/1.1 400")


def _try(stranger: Http) -> None:
    """Names, passwords and bodies."""
    body = {"name": WORD, "login_key": WORD, "device": {"id": "0" * 32, "label": WORD}}
    attempts: list[tuple[str, Any]] = [
        ("/api/login", body),
        ("/api/login", body | {"login_key": "A" * 43}),
        ("/api/sync", f'{{"operations": [{{"set": "{WORD}"'),
        (f"/api/history/visit/{WORD}", None),
        ("/api/invitation/open", {"token": WORD}),
        (f"/api/{WORD}?{WORD}", {WORD: WORD}),
    ]
    for path, sent in attempts:
        with pytest.raises(WireProblem):
            stranger(path, sent)


def _lock_and_try_passwords(page: Page) -> None:
    lock(page)
    page.get_by_label("Passwort", exact=True).fill(f"{WORD}-falsch-verschrieben")
    page.get_by_role("button", name="Entsperren").click()
    expect(page.get_by_role("alert")).to_contain_text("Das Passwort stimmt nicht")
    sign_in_beside(page, "jana", f"{WORD}-auch-falsch")
    expect(page.get_by_role("alert")).to_be_visible()
    page.reload()
    unlock(page, PASSWORD)


def _write_quick_notes(page: Page) -> None:
    """One, one that is thrown away, and one that was left half written."""
    lock(page)
    write_note(page, f"{WORD} auf der Sperre")
    write_half_a_note(page, f"{WORD} nie versiegelt")
    page.get_by_role("button", name="Verwerfen").click()
    page.get_by_role("dialog").get_by_role("button", name="Verwerfen").click()
    page.get_by_role("button", name="Entsperren").wait_for()
    write_half_a_note(page, f"{WORD} nie versiegelt")
    page.reload()
    unlock(page, PASSWORD)


def _begin_a_contact_of_a_note(page: Page) -> None:
    go(page, "/heute")
    notes = page.get_by_role("region", name="Schnellnotizen")
    expect(notes).to_contain_text(WORD)
    notes.get_by_role("link", name="Fall zuordnen").first.click()
    expect(page.get_by_label("Beobachtung")).to_have_value(re.compile(WORD))


def _leave_drafts_and_entries(page: Page, case: str, server: Server, rescued: Path) -> None:
    """Entries that wait, unsaved forms, and one that is open at the end."""
    record_contact(page, create_case(page, f"{WORD} ohne Netz"))
    go(page, "/faelle/neu")
    _fill_everything(page, "nie gespeichert")
    go(page, f"/kontakt?fall={case}")
    _fill_everything(page, "halb geschrieben")
    go(page, f"/faelle/{case}/bearbeiten")
    page.get_by_label("Geburtsdatum").fill(BORN)
    _fill_everything(page, "Entwurf")
    # Heute lists drafts that lie on the disk.
    go(page, "/heute")
    expect(page.get_by_role("link", name="Begonnene")).to_have_count(3)
    _make_a_rescue_file(page, server, rescued)
    go(page, f"/faelle/{case}/bearbeiten")
    page.get_by_label("Name", exact=True).press("End")


def _make_a_rescue_file(page: Page, server: Server, folder: Path) -> None:
    """The file, and beside it what its box holds."""
    go(page, "/synchronisierung")
    with page.expect_download() as download:
        page.get_by_role("button", name="Sicherungsdatei erstellen").click()
    download.value.save_as(folder / download.value.suggested_filename)
    [file] = folder.iterdir()
    secret = (server.data / "secret_key").read_text().strip()
    _, content = open_rescue(file.read_text(), rescue_pair(secret))
    opened = json.loads(content)
    assert (len(opened["drafts"]), len(opened["notes"])) == (3, 2)
    (folder / "opened.json").write_text(content)
