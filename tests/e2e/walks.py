"""Steps that many browser tests take, by accessible names as a person finds them."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Locator, Page, expect

from server.demo.phone import Phone as PythonPhone
from server.demo.wires import Http
from tests.e2e.phones import Phone, Server
from tests.loopback import wait_for

ADMIN = "verwaltung"
PASSWORD = "Schirm-Lampe-Treppe-9"
"""Made up here, for accounts that live as long as one test."""
SAVED = "Alles gesichert"
NOTE_WAITS = "1 Schnellnotiz wartet"
PASSWORD_CHANGED = "Ihr Passwort ist geändert"
AGAIN_AFTER_SECONDS = 45
"""A waiting phone tries again within 30 seconds; the machine may be busy."""


def invitation_path(printed: str) -> str:
    """The path of the invitation link that a `zuzweit` command printed."""
    found = re.search(r"^https?://[^/]+(/einladung#\S+)$", printed, re.MULTILINE)
    assert found, printed
    return found[1]


def accept_invitation(phone: Phone, printed: str, password: str = PASSWORD) -> Page:
    """Open the link on a fresh phone and set an own password."""
    page = phone.open(invitation_path(printed))
    page.get_by_role("radio", name="Eigenes Passwort").check()
    page.get_by_label("Passwort", exact=True).fill(password)
    page.get_by_label("Passwort wiederholen").fill(password)
    page.get_by_role("button", name="Konto einrichten").click()
    return page


def sign_in(phone: Phone, name: str, password: str) -> Page:
    """Sign in on a fresh phone and wait for the first screen; an admin's is the office."""
    page = phone.open("/")
    page.get_by_label("Anmeldename").fill(name)
    page.get_by_label("Passwort", exact=True).fill(password)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("button", name="Abmelden" if name == ADMIN else "Sperren").wait_for()
    return page


def chip(page: Page) -> Locator:
    """What the header says about the entries of this phone."""
    return page.get_by_role("banner").get_by_role("status")


def expect_chip(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait until the header says so, as long as a phone may take for its next attempt."""
    expect(chip(page)).to_have_text(text, timeout=AGAIN_AFTER_SECONDS * 1000)


def go(page: Page, path: str) -> None:
    """To another screen without reloading, as a link in the app leads there."""
    page.evaluate(
        """path => {
          const link = Object.assign(document.createElement("a"), {href: path, hidden: true});
          document.body.append(link);
          link.click();
          link.remove();
        }""",
        path,
    )
    expect(page).to_have_url(re.compile(re.escape(path) + "$"))


def lock(page: Page) -> None:
    page.get_by_role("button", name="Sperren").click()
    page.get_by_role("button", name="Entsperren", exact=True).wait_for()


def unlock(page: Page, password: str = PASSWORD) -> None:
    """From the lock back to the screen one was on."""
    page.get_by_label("Passwort", exact=True).fill(password)
    page.get_by_role("button", name="Entsperren", exact=True).click()
    page.get_by_role("button", name="Sperren").wait_for()


def sign_in_beside(page: Page, name: str, password: str) -> None:
    """From the lock of somebody else's store to an attempt at signing in on the same phone."""
    page.get_by_role("button", name="Andere Person").click()
    page.get_by_role("button", name="Neu anmelden").click()
    page.get_by_label("Anmeldename").fill(name)
    page.get_by_label("Passwort", exact=True).fill(password)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def stored(page: Page, table: str) -> list[dict[str, Any]]:
    """What lies in a table of the store of the one person who has one here."""
    return page.evaluate(
        """async (table) => {
          const names = (await indexedDB.databases()).map(({name}) => name);
          const opened = indexedDB.open(names.find((one) => one !== "zuzweit-phone"));
          await new Promise((resolve) => { opened.onsuccess = resolve; });
          const all = opened.result.transaction(table).objectStore(table).getAll();
          await new Promise((resolve) => { all.onsuccess = resolve; });
          opened.result.close();
          return all.result;
        }""",
        table,
    )


def wait_for_draft(page: Page, longer_than: int = 0, *, is_open: bool = True) -> None:
    """Until the one draft lies in the store, sealed; `is_open`: in a form that is there."""

    def there() -> bool:
        drafts = stored(page, "draft")
        return [len(one["sealed"]) > longer_than and one["open"] for one in drafts] == [is_open]

    wait_for(there, 30, "the draft to be stored")


def open_pad(page: Page) -> None:
    """From the lock to the form of a quick note."""
    page.get_by_role("button", name="Schnellnotiz").click()
    page.get_by_role("button", name="Versiegeln").wait_for()


def write_note(page: Page, text: str) -> None:
    """A quick note, from the lock to the lock."""
    open_pad(page)
    page.get_by_label("Notiz", exact=True).fill(text)
    page.get_by_role("button", name="Versiegeln").click()
    expect(page.get_by_role("status")).to_have_text("Auf diesem Telefon gespeichert")
    page.get_by_role("button", name="Entsperren").wait_for()


def write_half_a_note(page: Page, text: str) -> None:
    """From the lock to the form of a quick note that was sealed as it stands, unasked."""
    before = len(stored(page, "note"))
    open_pad(page)
    page.get_by_label("Notiz", exact=True).fill(text)
    wait_for(lambda: len(stored(page, "note")) > before, 30, "what is typed to be sealed")


def sign_in_to_the_app(phone: Phone, name: str, password: str) -> Page:
    """Sign in and come to the app's first screen, also as an admin, who lands in the office."""
    page = sign_in(phone, name, password)
    if name == ADMIN:
        page.get_by_role("link", name="Zurück zur App").click()
        unlock(page, password)
    return page


def sync_now(page: Page) -> None:
    """Fetch and send without waiting for the phone's own rhythm."""
    go(page, "/synchronisierung")
    button = page.get_by_role("button", name=re.compile("Jetzt synchronisieren|Wird synchron"))
    with page.expect_response("**/api/sync") as answer:
        button.click()
    assert answer.value.status == 200
    expect(button).to_have_text("Jetzt synchronisieren")


def found_team(server: Server, phone: Phone, password: str = PASSWORD) -> Page:
    """A new installation, running, whose first aB-pAp, jana, has set her password on `phone`."""
    server.command("init", "--team", "U25", "--name", "verwaltung", "--display-name", "Verwaltung")
    link = invite(server, "jana", "Jana W.")
    server.start()
    page = accept_invitation(phone, link, password)
    expect(page.get_by_role("link", name="Fall anlegen")).to_be_visible()
    return page


def invite(server: Server, name: str, display_name: str, role: str = "ab_pap") -> str:
    """What `zuzweit invite` printed."""
    return server.command("invite", "--name", name, "--display-name", display_name, "--role", role)


@contextlib.contextmanager
def python_phone(server: Server, name: str, password: str = PASSWORD) -> Iterator[PythonPhone]:
    """Another phone of the same person, driven from here, with everything the server has."""
    with contextlib.closing(Http(server.address)) as wire:
        phone = PythonPhone(wire, name)
        phone.sign_in_with(password)
        phone.sync()
        yield phone


def create_case(page: Page, name: str) -> str:
    """A case with nothing but a name; its id."""
    go(page, "/faelle/neu")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name=re.compile(re.escape(name)))).to_be_visible()
    return page.url.rsplit("/", 1)[1]


def record_contact(page: Page, case: str, outcome: str = "Niemand angetroffen") -> None:
    """A contact at the door, from the screen of its case."""
    go(page, f"/kontakt?fall={case}")
    page.get_by_role("radio", name="Wohnungstür").check()
    page.get_by_role("radio", name=outcome).check()
    page.get_by_role("button", name="Speichern").click()
    expect(
        page.get_by_text(re.compile("Auf diesem Telefon gespeichert|Gesichert um"))
    ).to_be_visible()


def fill_in_passwords(page: Page, old: str, new: str) -> None:
    """Fill in the form for an own password."""
    go(page, "/mehr/passwort")
    page.get_by_label("Bisheriges Passwort").fill(old)
    page.get_by_role("radio", name="Eigenes Passwort").check()
    page.get_by_label("Passwort", exact=True).fill(new)
    page.get_by_label("Passwort wiederholen").fill(new)


def change_password(page: Page, old: str, new: str) -> None:
    """Fill in the form for an own password and send it."""
    fill_in_passwords(page, old, new)
    page.get_by_role("button", name="Passwort ändern").click()


def make_sheet(page: Page) -> list[str]:
    """Make a sheet from Mehr; its words."""
    go(page, "/team")
    page.get_by_role("link", name=re.compile("Wieder.?herstellungs.?blatt")).click()
    page.get_by_role("button", name="Neues Blatt erstellen").click()
    words = page.get_by_label("Die zwölf Wörter", exact=True).locator("li")
    expect(words).to_have_count(12)
    return words.all_inner_texts()


def type_words(page: Page, words: str) -> None:
    page.get_by_label("Die zwölf Wörter").fill(words)
    page.get_by_role("button", name="Wiederherstellen").click()
