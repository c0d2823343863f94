"""Opening Zuzweit by the phone's own lock: set up, used without a server, refused, switched off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.inspector import Inspector
from tests.e2e.phones import Phone, Server
from tests.e2e.walks import (
    PASSWORD,
    create_case,
    expect_chip,
    found_team,
    go,
    lock,
    sync_now,
    unlock,
)
from tests.loopback import wait_for

NAME = "Levin Ackerstaff"
BUTTON = "Mit Fingerabdruck entsperren"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "hasPrf": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Finger:
    """The phone's own lock, played by the browser: it knows the finger, or it does not."""

    def __init__(self, page: Page, **differing: bool) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        self._add(differing)

    def _add(self, differing: dict[str, bool]) -> None:
        options = {"options": AUTHENTICATOR | differing}
        self.id = self.session.send("WebAuthn.addVirtualAuthenticator", options)["authenticatorId"]

    def _send(self, method: str, **given: object) -> Any:
        return self.session.send(f"WebAuthn.{method}", {"authenticatorId": self.id, **given})

    def refuse(self) -> None:
        """From now on; a lock that was tried in vain as often as Chromium does stays shut."""
        self._send("setUserVerified", isUserVerified=False)

    def start_anew(self) -> None:
        """A phone that knows her finger and has no passkey yet."""
        self._send("removeVirtualAuthenticator")
        self._add({})

    def passkeys(self) -> list[dict[str, Any]]:
        return self._send("getCredentials")["credentials"]


@contextmanager
def named(server: Server) -> Iterator[None]:
    """Passkeys belong to a name: the app is opened under one."""
    before, server.address = server.address, f"http://localhost:{server.port}"
    yield
    server.address = before


def prove(page: Page, password: str) -> None:
    """The first step: the present password."""
    page.get_by_label("Passwort", exact=True).fill(password)
    page.get_by_role("button", name="Weiter").click()


def open_by_finger(page: Page) -> None:
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_role("button", name="Sperren").wait_for()


def test_it_is_set_up_opens_without_a_server_and_is_switched_off(
    server: Server, new_phone: Callable[..., Phone]
) -> None:
    inspector = Inspector()
    with named(server):
        phone = new_phone("jana")
        page = found_team(server, phone)
        finger = Finger(page)
        create_case(page, NAME)
        sync_now(page)

        go(page, "/mehr")
        page.get_by_role("link", name=BUTTON).click()
        expect(page.get_by_label("Passwort", exact=True)).to_be_visible()
        inspector.look(page, "Fingerabdruck, Passwort", "/mehr/fingerabdruck")
        prove(page, "Ganz-falsch-geschrieben-1")
        expect(page.get_by_text("Das Passwort stimmt nicht.")).to_be_visible()
        inspector.look(page, "Fingerabdruck, falsches Passwort")
        prove(page, PASSWORD)
        confirm = page.get_by_role("button", name="Mit dem Telefon bestätigen")
        expect(confirm).to_be_visible()
        inspector.look(page, "Fingerabdruck, bestätigen")
        finger.refuse()
        confirm.click()
        expect(page.get_by_text("Nicht bestätigt.")).to_be_visible()
        finger.start_anew()
        confirm.click()
        expect(page.get_by_text("Eingerichtet", exact=True)).to_be_visible()
        inspector.look(page, "Fingerabdruck, eingerichtet")
        [passkey] = finger.passkeys()
        # Whoever looks through the phone's passkeys learns no name.
        assert passkey["userName"] == passkey["userDisplayName"] == "Zuzweit"
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")

        lock(page)
        expect(page.get_by_label("Passwort", exact=True)).not_to_be_focused()
        inspector.look(page, "Gesperrt, mit Fingerabdruck")
        server.kill()
        page.reload()
        open_by_finger(page)
        go(page, "/faelle")
        expect(page.get_by_role("link", name=NAME)).to_be_visible()

        lock(page)
        finger.refuse()
        page.get_by_role("button", name=BUTTON).click()
        expect(page.get_by_role("alert")).to_contain_text(
            "Nicht bestätigt. Versuchen Sie es noch einmal, oder nehmen Sie Ihr Passwort."
        )
        inspector.look(page, "Gesperrt, nicht bestätigt")
        unlock(page)

        go(page, "/mehr/fingerabdruck")
        page.get_by_role("button", name="Ausschalten").click()
        inspector.look(page, "Fingerabdruck ausschalten?", keyboard=False)
        page.get_by_role("dialog").get_by_role("button", name="Ausschalten").click()
        expect(page.get_by_label("Passwort", exact=True)).to_be_visible()
        wait_for(lambda: finger.passkeys() == [], 10, "the phone to forget the passkey")
        lock(page)
        expect(page.get_by_label("Passwort", exact=True)).to_be_focused()
        expect(page.get_by_role("button", name=BUTTON)).to_have_count(0)
        unlock(page)
        phone.close()
    inspector.verdict()


def test_the_server_never_hears_of_it_and_asks_for_the_password_as_ever(
    server: Server, new_phone: Callable[..., Phone]
) -> None:
    with named(server):
        phone = new_phone("jana")
        page = found_team(server, phone)
        Finger(page)
        sent: list[str] = []
        page.context.on("request", lambda request: sent.append(request.post_data or request.url))
        go(page, "/mehr/fingerabdruck")
        prove(page, PASSWORD)
        page.get_by_role("button", name="Mit dem Telefon bestätigen").click()
        expect(page.get_by_text("Eingerichtet", exact=True)).to_be_visible()
        page.context.clear_cookies()
        lock(page)
        open_by_finger(page)
        # No password was typed, so nothing can sign in again by itself.
        expect(page.get_by_role("link", name="Bitte neu anmelden")).to_be_visible()
        assert not [text for text in sent if "/api/login" in text or "login_key" in text]
        go(page, "/synchronisierung")
        page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Anmelden", exact=True).click()
        expect_chip(page, "Alles gesichert")
        lock(page)
        open_by_finger(page)
        phone.close()


def test_a_phone_that_cannot_says_so(server: Server, new_phone: Callable[..., Phone]) -> None:
    inspector = Inspector()
    phone = new_phone("jana")
    page = found_team(server, phone)
    finger = Finger(page, hasPrf=False)
    go(page, "/mehr/fingerabdruck")
    expect(page.get_by_text("nicht unter einer IP-Adresse")).to_be_visible()
    inspector.look(page, "Fingerabdruck, geht nicht")
    with named(server):
        page = phone.open("/")
        page.get_by_label("Anmeldename").fill("jana")
        page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Anmelden").click()
        page.get_by_role("button", name="Sperren").wait_for()
        go(page, "/mehr/fingerabdruck")
        prove(page, PASSWORD)
        page.get_by_role("button", name="Mit dem Telefon bestätigen").click()
        expect(page.get_by_text("Dieses Telefon oder dieser Browser kann")).to_be_visible()
        wait_for(lambda: finger.passkeys() == [], 10, "the phone to forget the passkey")
        phone.close()
    inspector.verdict()
