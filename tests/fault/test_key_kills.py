"""The browser is killed in the middle of what changes keys: another password, a recovery sheet, and
a recovery with it. Afterwards one outcome holds, on the phone and on the server, and nothing is
lost."""

import contextlib
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from server import sealing
from tests.e2e.phones import Phone, Server
from tests.e2e.walks import (
    PASSWORD,
    PASSWORD_CHANGED,
    SAVED,
    accept_invitation,
    change_password,
    create_case,
    expect_chip,
    fill_in_passwords,
    found_team,
    go,
    invite,
    lock,
    make_sheet,
    python_phone,
    record_contact,
    type_words,
    unlock,
)

pytestmark = pytest.mark.fault

SHARE = 0.05
"""Of the time of `make fault`, for each of the three."""
FEWEST_KILLS = 4
MOST_KILLS = 7
"""Each round leaves a contact, and a case shows eight of them at once."""
NAME, OTHER = "Levin Ackerstaff", "Lampe-Schirm-Treppe-7"
SEED = 11

TAP_AFTER_MS = 150
"""Before it is tapped the kill is under way already: what follows may take less than a kill."""
TAP = """([name, wait]) => {
  const named = ({textContent}) => textContent.trim() === name;
  setTimeout(() => [...document.querySelectorAll("button")].find(named).click(), wait);
}"""


class Field:
    """A server, its first aB-pAp's phone and a case; `rounds` as many as there is time for."""

    def __init__(self, playwright: Playwright, folder: Path, seconds: float) -> None:
        self.playwright, self.folder, self.end = playwright, folder, seconds
        (folder / "data").mkdir()
        self.server = Server(folder / "data")
        self.phones: list[Phone] = []
        self.fates: Counter[str] = Counter()
        self.chance = random.Random(SEED)

    def new_phone(self, name: str) -> Phone:
        self.phones.append(Phone(self.playwright, self.server, self.folder / name))
        return self.phones[-1]

    def at_work(self) -> tuple[Phone, Page, str]:
        """The first aB-pAp's phone, what it shows, and her case."""
        phone = self.new_phone("jana")
        page = found_team(self.server, phone)
        case = create_case(page, NAME)
        expect_chip(page, SAVED)
        return phone, page, case

    def rounds(self) -> Iterator[int]:
        """Numbers from 0, until the time is over."""
        end = time.monotonic() + self.end
        for number in range(MOST_KILLS):
            if number >= FEWEST_KILLS and time.monotonic() > end:
                return
            yield number

    def tap_and_kill(self, phone: Phone, button: str, seconds: float) -> None:
        """At a moment of what takes about so long undisturbed: early ones and late ones in turn."""
        phone.page.evaluate(TAP, [button, TAP_AFTER_MS])
        # The moment is the point.
        part = (self.fates.total() % FEWEST_KILLS + self.chance.random()) / FEWEST_KILLS
        time.sleep(part * (TAP_AFTER_MS / 1000 + seconds))
        phone.kill()

    def rows(self, sql: str, *values: object) -> list[tuple[str, ...]]:
        """What stands in the server's database."""
        path = self.server.data / "zuzweit.sqlite3"
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute(sql, values).fetchall()

    def close(self) -> None:
        for phone in self.phones:
            phone.close()
        self.server.kill()


@pytest.fixture
def field(playwright: Playwright, tmp_path: Path, seconds: float) -> Iterator[Field]:
    field = Field(playwright, tmp_path, seconds * SHARE)
    yield field
    field.close()


def test_while_the_password_is_changed(field: Field, tell: Callable[[str], None]) -> None:
    phone, page, case = field.at_work()
    began = time.monotonic()
    change_password(page, PASSWORD, OTHER)
    expect(page.get_by_text(PASSWORD_CHANGED).last).to_be_visible()
    undisturbed, old, new = time.monotonic() - began, OTHER, PASSWORD
    for _ in field.rounds():
        fill_in_passwords(page, old, new)
        field.tap_and_kill(phone, "Passwort ändern", undisturbed)
        page = phone.open("/")
        _open_with_one_of(page, new, old)
        record_contact(page, case)
        expect_chip(page, SAVED)
        [holds] = [one for one in (old, new) if _server_knows(field, one)]
        field.fates["changed" if holds == new else "as before"] += 1
        other = old if holds == new else new
        _opens_with_this_one_alone(page, holds, other)
        old, new = holds, other
    with python_phone(field.server, "jana", old) as again:
        contacts = [row for table, row in again.store.rows if table == "visit"]
        assert {again.read("visit", row)["outcome"] for row in contacts} == {"nobody_met"}
    assert len(contacts) == field.fates.total()
    _told(tell, "changing the password", field)


def _open_with_one_of(page: Page, *passwords: str) -> None:
    """Whoever was interrupted tries what she meant to have from now on, then what she had."""
    is_open = page.get_by_role("button", name="Sperren", exact=True)
    for password in passwords:
        page.get_by_label("Passwort", exact=True).fill(password)
        page.get_by_role("button", name="Entsperren").click()
        wrong = page.get_by_role("alert").filter(has_text="Das Passwort stimmt nicht")
        expect(is_open.or_(wrong)).to_be_visible()
        if is_open.is_visible():
            return
    raise AssertionError("neither password opens the phone")


def _opens_with_this_one_alone(page: Page, password: str, other: str) -> None:
    lock(page)
    page.get_by_label("Passwort", exact=True).fill(other)
    page.get_by_role("button", name="Entsperren").click()
    expect(page.get_by_role("alert")).to_contain_text("Das Passwort stimmt nicht")
    unlock(page, password)


def _server_knows(field: Field, password: str) -> bool:
    """Whether the seed the server keeps opens with it."""
    [(user, salt, opslimit, memlimit, wrapped)] = field.rows(
        "SELECT id, salt, opslimit, memlimit, wrapped_seed FROM user WHERE name = 'jana'"
    )
    master = sealing.derive_master(
        password, sealing.from_base64url(salt), int(opslimit), int(memlimit)
    )
    try:
        sealing.unwrap_seed(master, wrapped, user)
    except sealing.KeyProblem:
        return False
    return True


def test_while_a_sheet_is_made(field: Field, tell: Callable[[str], None]) -> None:
    phone, page, case = field.at_work()
    began = time.monotonic()
    words, counting = make_sheet(page), _newest_sheet(field)
    undisturbed = time.monotonic() - began
    newest = counting
    for _ in field.rounds():
        go(page, "/mehr")
        go(page, "/mehr/blatt")
        page.get_by_role("button", name="Neues Blatt erstellen").wait_for()
        field.tap_and_kill(phone, "Neues Blatt erstellen", undisturbed)
        page = phone.open("/")
        unlock(page)
        record_contact(page, case)
        expect_chip(page, SAVED)
        field.fates["as before" if _newest_sheet(field) == newest else "made"] += 1
        newest = _newest_sheet(field)
    if newest != counting:
        # Her phone was killed before it could show the words: she makes another one.
        go(page, "/team")
        words = make_sheet(page)
    nora = _newcomer(field, "nora")
    type_words(nora, " ".join(words))
    expect(nora.get_by_role("heading", name="Heute", exact=True)).to_be_visible()
    go(nora, f"/faelle/{case}")
    expect(nora.get_by_role("heading", name=NAME)).to_be_visible()
    expect(nora.get_by_text("Niemand angetroffen")).to_have_count(field.fates.total())
    _told(tell, "making a sheet", field)


def _newest_sheet(field: Field) -> str:
    """The sheet that counts; it is whole: both words about it, and every team key closed for it."""
    [(sheet,)] = field.rows("SELECT id FROM recovery_sheet ORDER BY made_at DESC, id DESC LIMIT 1")
    assert len(field.rows("SELECT 1 FROM recovery_word WHERE sheet = ?", sheet)) >= 2
    closed = field.rows("SELECT key_id FROM envelope WHERE reader = ? ORDER BY key_id", sheet)
    assert closed == field.rows("SELECT key_id FROM epoch ORDER BY key_id")
    return sheet


def _newcomer(field: Field, name: str) -> Page:
    """A new account's phone, before the screen that asks for the words."""
    link = invite(field.server, name, name.title())
    page = accept_invitation(field.new_phone(name), link)
    expect(page.get_by_role("heading", name="Warten auf Aufnahme")).to_be_visible()
    go(page, "/mehr/wiederherstellen")
    return page


def test_while_somebody_recovers(field: Field, tell: Callable[[str], None]) -> None:
    phone, page, case = field.at_work()
    record_contact(page, case)
    expect_chip(page, SAVED)
    words = " ".join(make_sheet(page))
    phone.close()
    first = _newcomer(field, "nora")
    began = time.monotonic()
    type_words(first, words)
    expect(first.get_by_text("Die Schlüssel des Teams sind geöffnet").last).to_be_visible()
    undisturbed = time.monotonic() - began
    for number in field.rounds():
        name = f"nora{number}"
        page = _newcomer(field, name)
        phone = field.phones[-1]
        page.get_by_label("Die zwölf Wörter").fill(words)
        field.tap_and_kill(phone, "Wiederherstellen", undisturbed)
        page = phone.open("/")
        unlock(page)
        [(admitted,)] = field.rows("SELECT admitted_at IS NOT NULL FROM user WHERE name = ?", name)
        field.fates["admitted" if admitted else "as before"] += 1
        if not admitted:
            go(page, "/mehr/wiederherstellen")
            type_words(page, words)
        _reads_and_writes(page, case, number)
        phone.close()
    _told(tell, "recovering", field)


def _reads_and_writes(page: Page, case: str, number: int) -> None:
    """She has the keys: she reads what everybody before her wrote, and adds to it."""
    expect(page.get_by_role("heading", name="Heute", exact=True)).to_be_visible()
    expect_chip(page, SAVED)
    go(page, f"/faelle/{case}")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.get_by_text("Niemand angetroffen")).to_have_count(number + 1)
    record_contact(page, case)
    expect_chip(page, SAVED)


def _told(tell: Callable[[str], None], what: str, field: Field) -> None:
    fates = ", ".join(f"{count} {fate}" for fate, count in sorted(field.fates.items()))
    tell(f"seed {SEED}: browser killed {field.fates.total()} times while {what}: {fates}")
    assert len(field.fates) > 1, "every kill came at the same moment: that was no test"
