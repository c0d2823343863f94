"""The browser is killed in the middle of saving, over and over: nothing that was said to be saved
is lost, nothing is doubled, and what was not saved yet is still there as a draft."""

import random
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.phones import Phone, Server
from tests.e2e.walks import (
    SAVED,
    create_case,
    expect_chip,
    found_team,
    go,
    python_phone,
    unlock,
    wait_for_draft,
)

pytestmark = pytest.mark.fault

SHARE = 0.3
"""Of the time of `make fault`."""
MOST_KILLS = 50
FEWEST_KILLS = 10
LONGEST_MS = 250
"""So long after the tap the kill may come: by then the entry has long been on the disk."""
SEED = 5

TAP = """() => document.querySelector("form button[type=submit], [type=submit]").click()"""


def test_killed_in_the_middle_of_saving(
    playwright: Playwright, tmp_path: Path, tell: Callable[[str], None], seconds: float
) -> None:
    (tmp_path / "data").mkdir()
    server = Server(tmp_path / "data")
    phone = Phone(playwright, server, tmp_path / "phone")
    try:
        page = found_team(server, phone)
        case = create_case(page, "Levin Ackerstaff")
        expect_chip(page, SAVED)
        fates = _kill_again_and_again(server, phone, case, time.monotonic() + seconds * SHARE)
        if server.process is None:
            server.start()
        page = phone.open("/heute")
        unlock(page)
        expect_chip(page, SAVED)
        phone.close()
        _each_is_there_once(server, sum(fates.values()))
    finally:
        phone.close()
        server.kill()
    told = ", ".join(f"{count} {fate}" for fate, count in sorted(fates.items()))
    tell(f"seed {SEED}: browser killed {sum(fates.values())} times while saving: {told}")
    assert len(fates) > 1, "every kill came at the same moment: that was no test"


def _kill_again_and_again(server: Server, phone: Phone, case: str, end: float) -> Counter[str]:
    """Saves and kills; what had become of each entry when the phone was opened again."""
    chance, fates = random.Random(SEED), Counter[str]()
    for number in range(MOST_KILLS):
        if number >= FEWEST_KILLS and time.monotonic() > end:
            break
        if number % 10 == 5:
            server.kill()
        if number % 10 == 0 and server.process is None:
            server.start()
        _fill_in(phone.page, case, number)
        acknowledged = _save_and_kill(phone, chance)
        page = phone.open("/heute")
        unlock(page)
        fates[_fate(page, case, number, acknowledged)] += 1
    return fates


def _words(number: int) -> str:
    """So many words that the draft which holds them is told by its length."""
    return " ".join([f"Nummer {number}.", *["Sie erzählt, und jemand hört zu."] * 40])


def _fill_in(page: Page, case: str, number: int) -> None:
    go(page, f"/kontakt?fall={case}")
    page.get_by_role("radio", name="Wohnungstür").check()
    page.get_by_role("radio", name="Niemand angetroffen").check()
    page.get_by_text("Weitere Angaben").click()
    field = page.get_by_label("Beobachtung")
    field.fill(_words(number))
    field.blur()
    wait_for_draft(page, longer_than=5000)


def _save_and_kill(phone: Phone, chance: random.Random) -> bool:
    """Taps „Speichern“ and kills the browser; whether the person had been told it is saved."""
    page = phone.page
    if chance.random() < 0.3:
        page.get_by_role("button", name="Speichern").click()
        said = page.get_by_text(re.compile("Auf diesem Telefon gespeichert|Gesichert um"))
        expect(said.first).to_be_visible()
        phone.kill()
        return True
    page.evaluate(TAP)
    # The moment is the point: anywhere between the tap and the disk, early ones more often.
    time.sleep(chance.random() ** 3 * LONGEST_MS / 1000)
    phone.kill()
    return False


def _fate(page: Page, case: str, number: int, acknowledged: bool) -> str:
    """Finds the entry again; one that is a draft still is saved now."""
    go(page, f"/kontakt?fall={case}")
    save = page.get_by_role("button", name="Speichern")
    expect(save).to_be_visible()
    # A draft with words in it has them unfolded.
    field = page.get_by_label("Beobachtung")
    if not field.is_visible():
        page.get_by_text("Weitere Angaben").click()
    words = field.input_value()
    assert words in ("", _words(number))
    fate = "said to be saved" if acknowledged else "saved, not said yet"
    if words:
        assert not acknowledged, "said to be saved, and a draft all the same"
        fate = "still a draft"
        save.click()
    else:
        go(page, f"/faelle/{case}")
    entries = page.get_by_role("main").get_by_role("listitem")
    expect(entries.filter(has_text=f"Nummer {number}. ")).to_have_count(1)
    return fate


def _each_is_there_once(server: Server, kills: int) -> None:
    with python_phone(server, "jana") as phone:
        words = Counter(
            phone.read(table, row)["observation"]
            for table, row in phone.store.rows
            if table == "visit"
        )
    assert words == Counter(_words(number) for number in range(kills))
