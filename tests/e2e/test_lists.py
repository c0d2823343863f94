"""Lists: fifty cases from an office's file, without a network; and out again, closed."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.canaries import traces
from tests.e2e.inspector import Inspector
from tests.e2e.office_files import XLSX, Rows, WrongPassword, open_archive, texts, workbook
from tests.e2e.offices import JANA, MIRA, Office
from tests.e2e.phones import ROOT, Phone, Server
from tests.e2e.walks import SAVED, expect_chip, found_team, go, unlock

WORD = "Qvarzlistenwx"
"""In no language and no file: the family name of everybody in these lists."""
HEADINGS = ["Nachname", "Vorname", "Geburtsdatum", "Kundennummer", "Telefon", "PLZ", "Ort"]
BORN = 38_051
"""The 05.03.2004, as Excel counts."""


def people(count: int, first: int = 0) -> list[list[str | int]]:
    """Invented people, each with another number."""
    return [
        [f"{WORD}{i}", f"Kim{i}", BORN + i, f"035D{i:06d}", f"0171 {i:04d}", "04109", "Leipzig"]
        for i in range(first, first + count)
    ]


def xlsx(rows: Rows, **more: Rows) -> FilePayload:
    book = workbook(Übersicht=rows, **more)
    return {"name": "liste.xlsx", "mimeType": XLSX, "buffer": book}


def file(name: str, content: str | bytes) -> FilePayload:
    data = content.encode() if isinstance(content, str) else content
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


CLOSE = """
import { writeXlsx } from "hucre/xlsx";
const sheets = [{ name: "Liste", rows: [["Name", "Ort"], ["Kim Verschlossen", "Leipzig"]] }];
const encryption = { password: process.argv[1], spinCount: 1000 };
process.stdout.write(await writeXlsx({ sheets, encryption }));
"""


def closed_workbook(password: str) -> bytes:
    """A workbook that Excel would ask a password for."""
    node = Path(sys.executable).parent / "node"
    return subprocess.run(
        [node, "--input-type=module", "-e", CLOSE, password],
        cwd=ROOT / "pwa", check=True, capture_output=True, timeout=60,
    ).stdout  # fmt: skip


def choose(page: Page, chosen: FilePayload) -> None:
    page.get_by_label("Datei", exact=True).set_input_files(chosen)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Weiter", exact=True).click()


def test_fifty_cases_come_in_without_a_network_and_leave_closed(
    demo_server: Server, passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    office = Office(demo_server, passwords, new_phone)
    phone, page = office.phone(JANA)
    go(page, "/faelle")
    before = _open_cases(page)
    office.server.kill()
    # A fresh page has nothing but what lies on the phone.
    page = phone.open("/faelle")
    office.unlock(page)
    go(page, "/mehr")
    page.get_by_role("link", name="Liste einlesen").click()
    choose(page, xlsx([HEADINGS, *people(50), ["", "Ohne"], people(1)[0], ["", "", BORN]]))
    expect(page.get_by_label("Nachname")).to_have_value("0")
    expect(page.get_by_label("Kundennummer")).to_have_value("3")
    page.get_by_role("radio", name="Überstellt").check()
    page.get_by_label("Übergabe am").fill("2026-07-06")
    go_on(page)
    expect(page.get_by_text("Zeile 53: Dieselbe Person steht schon in Zeile 2.")).to_be_visible()
    expect(page.get_by_text("Zeile 54: Der Name fehlt.")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("^Ohne")).uncheck()
    page.get_by_role("button", name="50 Fälle speichern").click()
    expect(page.get_by_text("50 Fälle auf diesem Telefon gespeichert").first).to_be_visible()
    expect_chip(page, "50 Einträge warten auf Verbindung")
    phone.kill()
    assert traces(phone.profile, [WORD]) == []
    page = phone.open("/faelle")
    office.unlock(page)
    assert _open_cases(page) == before + 50
    office.server.start()
    expect_chip(page, SAVED)
    _colleague_has_them(office)
    assert traces(office.server.data, [WORD]) == []
    _give_out(page, phone)
    _read_once_more(page, before + 51)


def _open_cases(page: Page) -> int:
    text = page.get_by_text(re.compile(r"^Offen\s*\d+$")).inner_text()
    return int(re.sub(r"\D", "", text))


def _colleague_has_them(office: Office) -> None:
    with office.python_phone(MIRA) as mira:
        rows = [row for table, row in mira.store.rows if table == "client_case"]
        cases = [case for row in rows if WORD in (case := mira.read("client_case", row))["name"]]
    assert {case["name"] for case in cases} == {f"Kim{i} {WORD}{i}" for i in range(50)}
    assert {case["client_number"] for case in cases} == {f"035D{i:06d}" for i in range(50)}
    assert {case["handed_over"] for case in cases} == {"2026-07-06"}
    assert {case["activation_limit"] for case in cases} == {"2027-01-05"}
    assert min(case["date_of_birth"] for case in cases) == "2004-03-05"
    # Shared out between both, and all of them with a number of their own.
    assert len({case["counsellor"] for case in cases}) == 2
    assert len({case["pseudonym"] for case in cases}) == 50


def _give_out(page: Page, phone: Phone) -> None:
    go(page, "/mehr")
    page.get_by_role("link", name="Verschlüsselt ausgeben").click()
    password = page.locator(".zz-words").inner_text()
    page.get_by_role("button", name="Ich habe die Wörter notiert").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Datei ausgeben").click()
    assert re.fullmatch(r"zuzweit-faelle-\d{4}-\d\d-\d\d\.zip", download.value.suggested_filename)
    expect(page.get_by_text("Verschlüsselte Datei ausgegeben")).to_be_visible()
    assert password not in page.content()
    closed = Path(download.value.path()).read_bytes()
    assert WORD.encode() not in closed
    with zipfile.ZipFile(io.BytesIO(closed)) as archive:
        [entry] = archive.infolist()
        assert WORD not in entry.filename
        # The standard library knows no AES, and says so.
        with pytest.raises((NotImplementedError, RuntimeError)):
            archive.read(entry, password.encode())
    with pytest.raises(WrongPassword):
        open_archive(closed, "batu-wulo-zemi-hare-joni")
    [(name, book)] = open_archive(closed, password).items()
    assert name.endswith(".xlsx")
    sheets = texts(book)
    assert list(sheets) == ["Überstellt", "Abgeschlossen"]
    given = {row[1] for row in sheets["Überstellt"] if WORD in row[1]}
    assert given == {f"Kim{i} {WORD}{i}" for i in range(50)}
    assert len(sheets["Abgeschlossen"]) > 1
    assert not [text for text in phone.console if password in text or WORD in text]
    assert not [text for text in phone.console if "Content Security Policy" in text]


def _read_once_more(page: Page, cases: int) -> None:
    """The same list again: everybody has a case already."""
    go(page, "/faelle/einlesen")
    choose(page, xlsx([HEADINGS, *people(2), *people(1, first=50)]))
    go_on(page)
    expect(page.get_by_text("Diese Person hat schon einen Fall")).to_have_count(2)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    page.get_by_role("link", name=re.compile("^Kim1 .*U25-")).click()
    expect(page.get_by_role("heading", name=re.compile("^Kim1 "))).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="1 Fall speichern").click()
    expect(page.get_by_text("1 Fall auf diesem Telefon gespeichert").first).to_be_visible()
    expect(page.get_by_text(re.compile(rf"^Offen\s*{cases}$"))).to_be_visible()


def test_killed_in_the_middle_there_are_all_of_them_or_none(
    server: Server, new_phone: Callable[..., Phone]
) -> None:
    phone = new_phone("jana")
    page = found_team(server, phone)
    server.kill()
    there = 0
    for run, wait in enumerate((0, 60, 200, 450, 900)):
        go(page, "/faelle/einlesen")
        choose(page, xlsx([HEADINGS, *people(200, first=1000 * run)]))
        go_on(page)
        save = page.get_by_role("button", name="200 Fälle speichern")
        save.evaluate("button => { button.click(); }")
        page.wait_for_timeout(wait)  # Not for anything: the moment of death.
        phone.kill()
        page = phone.open("/faelle")
        unlock(page)
        page.get_by_text(re.compile(r"^Offen\s*\d+$|Noch keine Fälle")).wait_for()
        # With no case at all there are no filters either.
        empty = page.get_by_text("Noch keine Fälle").count() > 0
        now = 0 if empty else _open_cases(page)
        assert now in (there, there + 200)
        there = now
    phone.kill()
    assert traces(phone.profile, [WORD]) == []


def test_every_screen_of_lists(
    demo_server: Server, passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    office = Office(demo_server, passwords, new_phone)
    inspector = Inspector()
    _, page = office.phone(JANA)
    go(page, "/faelle/einlesen")
    inspector.look(page, "Liste einlesen", "/faelle/einlesen")
    for name, content, sentence in (
        ("leer.csv", b"", "leer (0 Bytes)"),
        ("blank.csv", " ;\n", "steht nichts"),
        ("liste.xlsx", "%PDF-1.4", "PDF-Datei"),
        ("liste.xlsx", b"PK\x03\x04torn", "beschädigt"),
        ("lang.csv", "Name;Ort\n" + "A;B\n" * 5000, "5.001 Zeilen"),
    ):
        choose(page, file(name, content))
        expect(page.get_by_text(sentence)).to_be_visible()
        inspector.look(page, f"Liste einlesen, {sentence}", keyboard=False)
    choose(page, file("zu.xlsx", closed_workbook("Vier-Stuehle")))
    page.get_by_label("Passwort der Datei").fill("falsch")
    page.get_by_role("button", name="Datei öffnen").click()
    expect(page.get_by_text("Das Passwort der Datei stimmt nicht.")).to_be_visible()
    inspector.look(page, "Liste einlesen, falsches Passwort")
    page.get_by_label("Passwort der Datei").fill("Vier-Stuehle")
    page.get_by_role("button", name="Datei öffnen").click()
    expect(page.get_by_text("Kim Verschlossen")).to_be_visible()
    page.get_by_role("button", name="Andere Datei wählen").click()
    choose(page, xlsx([HEADINGS, *people(3)], Archiv=[HEADINGS, *people(2)]))
    expect(page.get_by_role("heading", name="Welches Tabellenblatt?")).to_be_visible()
    inspector.look(page, "Liste einlesen, zwei Blätter")
    page.get_by_role("button", name=re.compile("^Archiv")).click()
    inspector.look(page, "Spalten")
    page.get_by_role("button", name="Andere Datei wählen").click()
    choose(page, file("ohne.csv", "Kim Doe;05.03.2004;" + ";" * 98 + "\n"))
    expect(page.get_by_text("Keine Überschriften erkannt")).to_be_visible()
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("in welcher Spalte der Name steht")
    page.get_by_text("Weitere Spalten").click()
    inspector.look(page, "Spalten ohne Überschriften")
    page.get_by_role("button", name="Andere Datei wählen").click()
    long = "Maximiliane-Wilhelmine von und zu Hohenlohe-Waldenburg-Schillingsfürst"
    odd = [long, "Kim", "31.02.2004", "035D1", "1711234567", "", ""]
    choose(page, xlsx([HEADINGS, odd, *people(30), ["", "", BORN], people(1)[0]]))
    go_on(page)
    page.get_by_role("radio", name="Jana Wendlandt").check()
    expect(page.get_by_text("ungleich verteilt")).to_be_visible()
    inspector.look(page, "Personen", keyboard=False)
    go(page, "/faelle/ausgeben")
    inspector.look(page, "Verschlüsselt ausgeben", "/faelle/ausgeben")
    page.get_by_role("radio", name="Eigenes Passwort").check()
    page.get_by_label("Passwort", exact=True).fill("Käse")
    page.get_by_role("button", name="Datei ausgeben").click()
    expect(page.get_by_text("ohne Umlaute und ß")).to_be_visible()
    inspector.look(page, "Verschlüsselt ausgeben, eigenes Passwort")
    page.get_by_label("Passwort", exact=True).fill("Vier Stuehle am Fenster")
    page.get_by_label("Passwort wiederholen").fill("Vier Stuehle am Fenster")
    page.get_by_role("button", name="Datei ausgeben").click()
    expect(page.get_by_text("Verschlüsselte Datei ausgegeben")).to_be_visible()
    inspector.look(page, "Verschlüsselt ausgegeben")
    inspector.look_wide(page, "/faelle/ausgeben")
    go(page, "/faelle/einlesen")
    inspector.look_wide(page, "Personen")
    inspector.verdict()
