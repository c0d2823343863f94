"""What the browser is told on every answer, and that it obeys: no script from elsewhere, no word
to anybody else, nothing of the interface's answers in a cache."""

import http.client
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from tests.e2e.offices import JANA
from tests.e2e.phones import Phone, Server
from tests.e2e.walks import (
    SAVED,
    create_case,
    expect_chip,
    go,
    lock,
    record_contact,
    sign_in,
    unlock,
)

NAME = "Levin Ackerstaff"
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
OF_PAGES = ("referrer-policy", "cross-origin-opener-policy")
FORBIDDEN = ("'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "*")


def test_a_whole_day_obeys_the_rules(
    passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    phone = new_phone("jana")
    page = phone.start()
    answers = _answers_of(page.context)
    page = sign_in(phone, JANA, passwords[JANA])
    expect_chip(page, SAVED)
    case = create_case(page, NAME)
    record_contact(page, case)
    # The server tells the history, and only of what it has.
    expect(page.get_by_text("Gesichert um")).to_be_visible()
    page.get_by_role("link", name="Niemand angetroffen").click()
    page.get_by_role("button", name="Verlauf der Änderungen").click()
    expect(page.get_by_role("heading", name="Verlauf der Änderungen")).to_be_visible()
    for path in ("/heute", "/faelle", "/synchronisierung", "/team", "/mehr/datenschutz", "/nichts"):
        go(page, path)
    lock(page)
    unlock(page, passwords[JANA])
    page.reload()
    unlock(page, passwords[JANA])
    expect_chip(page, SAVED)
    paths = {answer.url.partition(phone.server.address)[2] for answer in answers}
    assert {"/", "/api/session", "/api/sync", "/service_worker.js"} <= paths
    assert any(path.startswith("/assets/vault_worker") for path in paths)
    for answer in answers:
        _check_headers(answer.url, answer.status, answer.all_headers())
    _check_cookies(page)
    _check_what_is_kept(page)
    assert phone.foreign_requests == []
    assert not [text for text in phone.console if NAME.split()[1] in text]


def _answers_of(context: BrowserContext) -> list[Response]:
    """Every answer from now on, in pages and workers."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    context.on("response", note)
    return answers


def _check_headers(url: str, status: int, headers: dict[str, str]) -> None:
    is_data = headers.get("content-type") == "application/json"
    for name, value in HEADERS.items():
        # Data may do nothing at all, so it says less.
        if not (is_data and name in OF_PAGES):
            assert headers.get(name) == value, (url, status, name)
    policy = headers.get("content-security-policy", "")
    assert ("default-src 'none'" if is_data else "default-src 'self'") in policy, url
    assert "frame-ancestors 'none'" in policy, url
    assert not [word for word in FORBIDDEN if word in policy.split()], url
    if "/api/" in url:
        assert headers["cache-control"] == "no-store", url
    if "set-cookie" in headers:
        for part in ("httponly", "samesite=lax", "path=/"):
            assert part in headers["set-cookie"].lower(), url


def _check_cookies(page: Page) -> None:
    [cookie] = page.context.cookies()
    assert (cookie.get("httpOnly"), cookie.get("sameSite")) == (True, "Lax")
    assert page.evaluate("document.cookie") == ""


def _check_what_is_kept(page: Page) -> None:
    """Cache Storage holds files of the build; nothing lies where pages usually leave things."""
    kept = page.evaluate(
        """async () => {
          const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
          const keys = (await Promise.all(caches_.map((cache) => cache.keys()))).flat();
          return keys.map(({url}) => new URL(url).pathname);
        }"""
    )
    assert "/index.html" in kept
    assert len(kept) > 5
    static = (
        "/assets/",
        "/lists/",
        "/seldom/",
        "/icons/",
        "/index.html",
        "/manifest.webmanifest",
        "/favicon",
        "/reserve",  # Zeroes that take up the room a full phone needs.
    )
    assert not [path for path in kept if not path.startswith(static)]
    assert page.evaluate("[sessionStorage.length, name]") == [0, ""]
    # Whose stores there are, by ids that tell nothing: what notices that one is gone.
    [[key, text]] = page.evaluate("Object.entries(localStorage)")
    assert key == "zuzweit-stores"
    assert re.fullmatch(r"[0-9a-f]{32}( [0-9a-f]{32})*", text)


def test_answers_to_nonsense_obey_them_too(demo_server: Server) -> None:
    for method, path, body in (
        ("GET", "/", b""),
        ("GET", "/assets/gibt-es-nicht.js", b""),
        ("GET", "/api/nirgends", b""),
        ("DELETE", "/api/sync", b""),
        ("POST", "/api/sync", b"{"),
        ("POST", "/api/sync", b"x" * 300_000),
        ("POST", "/api/login", b"\xff\xfe"),
        ("GET", "/healthz", b""),
        ("GET", "/../secret_key", b""),
        ("GET", "/%2e%2e/%2e%2e/secret_key", b""),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", demo_server.port, timeout=10)
        try:
            connection.request(method, path, body or None, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        _check_headers(path, answer.status, headers)
        assert (demo_server.data / "secret_key").read_bytes().strip() not in data
        assert "werkzeug" not in headers.get("server", "").lower()


ATTEMPTS = {
    "inline script": """() => {
      const script = document.createElement("script");
      script.textContent = "window.broken = true";
      document.body.append(script);
    }""",
    "inline handler": """() => {
      const button = document.createElement("button");
      button.setAttribute("onclick", "window.broken = true");
      document.body.append(button);
      button.click();
      button.remove();
    }""",
    "eval": """() => new Promise((resolve) => setTimeout(() => {
      try { (0, eval)("window.broken = true"); } catch {}
      try { new Function("window.broken = true")(); } catch {}
      resolve();
    }))""",
    "javascript address": """() => {
      const link = document.createElement("a");
      link.href = "javascript:window.broken = true";
      document.body.append(link);
      link.click();
      link.remove();
    }""",
    "worker from a blob": """() => {
      const code = new Blob(["new BroadcastChannel('broken').postMessage(1)"]);
      new BroadcastChannel("broken").onmessage = () => { window.broken = true; };
      try { new Worker(URL.createObjectURL(code)); } catch {}
    }""",
    "foreign script": """(elsewhere) => {
      const script = document.createElement("script");
      script.src = elsewhere;
      document.body.append(script);
    }""",
    "foreign picture": "(elsewhere) => { new Image().src = elsewhere; }",
    "foreign fetch": "(elsewhere) => fetch(elsewhere, {mode: 'no-cors'}).catch(() => {})",
    "foreign beacon": "(elsewhere) => { navigator.sendBeacon(elsewhere, 'x'); }",
    "foreign style": """(elsewhere) => {
      const link = Object.assign(document.createElement("link"), {rel: "stylesheet"});
      link.href = elsewhere;
      document.head.append(link);
    }""",
    "foreign frame": """(elsewhere) => {
      const frame = document.createElement("iframe");
      frame.src = elsewhere;
      document.body.append(frame);
    }""",
    "foreign form": """(elsewhere) => {
      const form = Object.assign(document.createElement("form"), {method: "post"});
      form.action = elsewhere;
      document.body.append(form);
      form.submit();
    }""",
}


def test_the_policy_holds_in_the_browser(
    passwords: dict[str, str], new_phone: Callable[..., Phone]
) -> None:
    phone = new_phone("jana")
    page = sign_in(phone, JANA, passwords[JANA])
    page.evaluate(
        """() => {
          window.violations = [];
          addEventListener("securitypolicyviolation", (event) => {
            window.violations.push(event.effectiveDirective);
          });
        }"""
    )
    with _elsewhere() as (address, visits):
        for what, attempt in ATTEMPTS.items():
            before = page.evaluate("violations.length")
            page.evaluate(attempt, address)
            page.wait_for_function("(before) => violations.length > before", arg=before)
            assert page.evaluate("window.broken") is None, what
        assert visits == []
    # Fetches that the policy stops are asked for, and get no further.
    phone.foreign_requests = [url for url in phone.foreign_requests if not url.startswith(address)]


def test_no_other_page_gets_in(passwords: dict[str, str], new_phone: Callable[..., Phone]) -> None:
    """Neither a frame around the app nor a form or fetch from elsewhere with her cookie."""
    phone = new_phone("jana")
    page = sign_in(phone, JANA, passwords[JANA])
    expect_chip(page, SAVED)
    server = phone.server.address
    with _elsewhere() as (address, _):
        other = page.context.new_page()
        other.goto(address)
        other.evaluate(
            "(app) => { document.body.innerHTML = `<iframe src='${app}/heute'></iframe>`; }", server
        )
        frame = other.frame_locator("iframe")
        expect(frame.get_by_text("Zuzweit")).to_have_count(0)
        said = other.evaluate(
            """async (app) => {
              const options = {method: "POST", credentials: "include", body: "{}", mode: "no-cors"};
              await fetch(`${app}/api/logout`, options).catch(() => {});
              return fetch(`${app}/api/session`, {credentials: "include"})
                .then(() => "read", () => "refused");
            }""",
            server,
        )
        assert said == "refused"
        other.close()
    # She is still signed in: the logout from elsewhere did not count.
    assert page.evaluate("fetch('/api/session').then(r => r.json()).then(r => r.signed_in)") is True
    phone.foreign_requests = [url for url in phone.foreign_requests if not url.startswith(address)]


@contextmanager
def _elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Somebody else's server: its address and who came."""
    visits: list[str] = []

    class Visitor(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            visits.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Woanders</title><body></body>")

        def do_POST(self) -> None:
            self.do_GET()

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Visitor)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", visits
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


WEAK = {"opslimit": 1, "memlimit": 8192, "salt": "A" * 22}


@pytest.mark.usefixtures("demo_server")
def test_a_server_that_asks_for_a_weak_password_key_hears_nothing(
    new_phone: Callable[..., Phone],
) -> None:
    """Whoever runs the server could guess a password that was stretched so little."""
    page = new_phone("jana").open("/")
    answers = _answers_of(page.context)
    page.route("**/api/login/parameters", lambda route: route.fulfill(json=WEAK))
    page.get_by_label("Anmeldename").fill(JANA)
    page.get_by_label("Passwort", exact=True).fill("Vier-Stuehle-am-Fenster")
    page.get_by_role("button", name="Anmelden").click()
    refusal = "Der Server verlangt einen zu schwachen Schutz Ihres Passworts"
    expect(page.get_by_role("alert")).to_contain_text(refusal)
    assert any(answer.url.endswith("/api/login/parameters") for answer in answers)
    assert not [answer.url for answer in answers if answer.url.endswith("/api/login")]
