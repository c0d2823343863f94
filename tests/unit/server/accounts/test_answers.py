"""Every answer: one error shape, strict headers, the right lifetime, packed where it pays."""

import gzip
import logging
import logging.config
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, jsonify
from peewee import OperationalError
from werkzeug.test import TestResponse

from server import access
from server.access import open_to_all
from server.accounts import Team
from server.app import create_app
from server.bodies import MAX_BODY_BYTES
from server.config import Config
from server.front_end import FrontEnd
from sync.codes import ERRORS
from tests.unit.server.accounts.office import Browser, Office

SHAPE = {"code", "field", "message"}
SECRET = "Kanarienvogel"


def told(answer: TestResponse) -> dict[str, Any]:
    """The JSON of an answer that must have some."""
    assert answer.json is not None
    return answer.json


def break_in(office: Office, path: str, view: Callable[[], Any]) -> None:
    """Add a route to the running application."""
    office.restart()
    office.app.add_url_rule(path, path, open_to_all(view), methods=["GET", "POST"])


class TestErrors:
    @pytest.mark.parametrize(
        ("method", "path", "options", "status", "code"),
        [
            ("GET", "/api/nirgends", {}, 404, "not_found"),
            ("GET", "/" + "a" * 300 + ".js", {}, 404, "not_found"),
            ("GET", "/assets/" + "ü" * 200 + "/x.js", {}, 404, "not_found"),
            ("GET", "/x%00y.js", {}, 404, "not_found"),
            ("POST", "/api/nirgends", {}, 404, "not_found"),
            ("DELETE", "/api/nirgends/0", {}, 404, "not_found"),
            ("GET", "/api", {}, 404, "not_found"),
            ("GET", "/api/", {}, 404, "not_found"),
            ("GET", "/api/login", {}, 405, "method_not_allowed"),
            ("DELETE", "/api/session", {}, 405, "method_not_allowed"),
            ("POST", "/api/login", {"data": b"{", "json": None}, 400, "malformed"),
            ("POST", "/api/login", {"data": b"\xff\xfe", "json": None}, 400, "malformed"),
            ("POST", "/api/login", {"data": b"", "json": None}, 400, "malformed"),
            ("POST", "/api/login", {"data": b"[" * 100_000, "json": None}, 400, "invalid"),
            ("POST", "/api/login", {"json": []}, 400, "invalid"),
            ("POST", "/api/login", {"json": {}}, 400, "invalid"),
            ("POST", "/api/login", {"data": {"name": "x"}}, 415, "unsupported_media_type"),
        ],
    )
    def test_the_one_shape(
        self, office: Office, method: str, path: str, options: dict, status: int, code: str
    ):
        browser = office.browser()
        browser.get("/api/session")
        headers = {"X-CSRFToken": browser.token}
        options = {name: value for name, value in options.items() if value is not None}
        if isinstance(options.get("data"), bytes):
            headers["Content-Type"] = "application/json"
        answer = browser.client.open(path, method=method, headers=headers, **options)
        assert answer.status_code == status
        assert answer.content_type == "application/json"
        assert told(answer).keys() == SHAPE
        assert told(answer)["code"] == code
        assert told(answer)["message"] == ERRORS[code][1]

    def test_a_wrong_method_names_the_right_ones(self, office: Office):
        answer = office.app.test_client().get("/api/login")
        assert "POST" in answer.headers["Allow"]

    def test_a_body_that_is_too_large(self, office: Office):
        browser = office.browser()
        browser.get("/api/session")
        body = b'{"token": "' + b"x" * MAX_BODY_BYTES + b'"}'
        answer = browser.client.post(
            "/api/invitation/open",
            data=body,
            headers={"X-CSRFToken": browser.token, "Content-Type": "application/json"},
        )
        assert (answer.status_code, told(answer)["code"]) == (413, "body_too_large")

    @pytest.mark.parametrize(
        ("packed", "status", "code"),
        [
            (gzip.compress(b'{"token": "x"}'), 410, "invitation_invalid"),
            (gzip.compress(b'{"token": "' + b"x" * MAX_BODY_BYTES + b'"}'), 413, "body_too_large"),
            (gzip.compress(b'{"token": "x"}')[:-9], 400, "malformed"),
            (b"no gzip", 400, "malformed"),
            (b"", 400, "malformed"),
        ],
        # Packed bytes hold the time: as names they would differ from process to process.
        ids=["good", "huge", "cut off", "not packed", "empty"],
    )
    def test_a_packed_body(self, office: Office, packed: bytes, status: int, code: str):
        browser = office.browser()
        browser.get("/api/session")
        answer = browser.client.post(
            "/api/invitation/open",
            data=packed,
            headers={
                "X-CSRFToken": browser.token,
                "Content-Type": "application/json",
                "Content-Encoding": "gzip",
            },
        )
        assert (answer.status_code, told(answer)["code"]) == (status, code)

    def test_an_encoding_nobody_knows(self, office: Office):
        browser = office.browser()
        answer = browser.post(
            "/api/invitation/open", {"token": "x"}, headers={"Content-Encoding": "br"}
        )
        assert (answer.status, answer.code) == (415, "unsupported_media_type")

    def test_the_unexpected_is_logged_without_its_text(
        self, office: Office, caplog: pytest.LogCaptureFixture
    ):
        def fail() -> None:
            raise ValueError(SECRET)

        break_in(office, "/api/kaputt", fail)
        with caplog.at_level(logging.DEBUG):
            answer = office.browser().post("/api/kaputt", {"name": SECRET})
        assert (answer.status, answer.code, answer.json.keys()) == (500, "internal", SHAPE)
        assert "ValueError" in caplog.text
        assert "test_answers.py" in caplog.text
        assert SECRET not in caplog.text

    def test_a_database_that_does_not_answer(self, office: Office):
        def fail() -> None:
            raise OperationalError("database is locked")

        break_in(office, "/api/besetzt", fail)
        answer = office.browser().get("/api/besetzt")
        assert (answer.status, answer.code) == (503, "busy")
        assert answer.headers["Retry-After"] == "5"

    def test_a_field_never_repeats_what_was_sent(self, office: Office):
        answer = office.browser().post("/api/login", {SECRET + "!": 1})
        assert answer.code == "invalid"
        assert SECRET not in str(answer.json)


def routes(app: Flask) -> list[tuple[str, str]]:
    return [
        (method, rule.rule.replace("<table>", "visit").replace("<row>", "0" * 32))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]


class TestHeaders:
    def test_the_cookie_carries_no_fingerprint_of_the_browser(self, office: Office):
        colleague = office.colleague("anna")
        with colleague.browser.client.session_transaction() as cookie:
            assert "sign_in" in cookie
            assert "_id" not in cookie

    def test_on_every_answer(self, office: Office):
        paths = [*routes(office.app), ("GET", "/"), ("GET", "/x.js"), ("POST", "/api/nirgends")]
        for method, path in paths:
            headers = office.app.test_client().open(path, method=method).headers
            policy = headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in policy
            assert "unsafe-inline" not in policy
            assert "http:" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "Strict-Transport-Security" not in headers
            if headers["Content-Type"] == "application/json":
                assert policy == "default-src 'none'; frame-ancestors 'none'", path
            else:
                assert "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" in policy, path
                assert headers["Referrer-Policy"] == "same-origin"
                assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
                assert "geolocation=()" in headers["Permissions-Policy"]
            if path.startswith("/api"):
                assert headers["Cache-Control"] == "no-store"

    def test_https_is_kept(self, open_office: Callable[..., Office]):
        office = open_office(address="https://zuzweit.example")
        headers = office.app.test_client().get("/").headers
        assert headers["Strict-Transport-Security"] == "max-age=31536000"

    @pytest.mark.parametrize("path", ["/health", "/healthz"])
    def test_health(self, office: Office, path: str):
        answer = office.browser().get(path)
        assert (answer.status, answer.json) == (200, {"status": "ok"})

    def test_health_without_a_database(self, office: Office, monkeypatch: pytest.MonkeyPatch):
        class Broken:
            def execute_sql(self, _sql: str) -> None:
                raise OperationalError

        monkeypatch.setattr("server.app.database", Broken())
        assert office.browser().get("/healthz").status == 503

    def test_long_json_is_packed_for_those_who_can_unpack(self, office: Office):
        break_in(office, "/api/lang", lambda: jsonify({"text": "x" * 5000}))
        client = office.app.test_client()
        plain = client.get("/api/lang")
        packed = client.get("/api/lang", headers={"Accept-Encoding": "gzip, br"})
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "no-store" in packed.headers["Cache-Control"], "so it need not say Vary"
        assert gzip.decompress(packed.data) == plain.data
        refused = client.get("/api/lang", headers={"Accept-Encoding": "gzip;q=0"})
        assert "Content-Encoding" not in refused.headers


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A front end of the real one's shape."""
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>Zuzweit</title>" + " " * 300)
    (root / "service_worker.js").write_text("self.x = 1;" * 100)
    (root / "manifest.webmanifest").write_text("{}")
    (root / "assets" / "app-1a2b3c4d.js").write_text("const a = 1;" * 100)
    (root / "assets" / "sodium-1a2b3c4d.wasm").write_bytes(b"\0asm" * 100)
    (root / "assets" / "FiraSans-1a2b3c4d.woff2").write_bytes(b"wOF2" * 100)
    (tmp_path / "secret.txt").write_text(SECRET)
    return root


@pytest.fixture
def site(office: Office, built: Path) -> Browser:
    office.app = create_app(office.config, front_end=FrontEnd(built))
    return office.browser()


class TestTheFrontEnd:
    @pytest.mark.parametrize(
        ("path", "kind", "lifetime"),
        [
            ("/", "text/html; charset=utf-8", "no-cache"),
            ("/index.html", "text/html; charset=utf-8", "no-cache"),
            ("/service_worker.js", "text/javascript; charset=utf-8", "no-cache"),
            ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
            ("/assets/app-1a2b3c4d.js", "text/javascript; charset=utf-8", "immutable"),
            ("/assets/sodium-1a2b3c4d.wasm", "application/wasm", "immutable"),
            ("/assets/FiraSans-1a2b3c4d.woff2", "font/woff2", "immutable"),
        ],
    )
    def test_files(self, site: Browser, path: str, kind: str, lifetime: str):
        answer = site.client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == kind
        assert lifetime in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers

    @pytest.mark.parametrize("path", ["/heute", "/faelle/0123", "/einladung", "/a/b/c"])
    def test_pages_of_the_app(self, site: Browser, path: str):
        answer = site.client.get(path, headers={"Accept": "text/html,application/xhtml+xml"})
        assert answer.status_code == 200
        assert b"<title>Zuzweit</title>" in answer.data
        assert answer.headers["Cache-Control"] == "no-cache"
        assert site.client.head(path, headers={"Accept": "text/html"}).status_code == 200

    @pytest.mark.parametrize(
        "path",
        [
            "/assets/old-9z9z9z9z.js",
            "/../secret.txt",
            "/assets/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/%2Fsecret.txt",
            "/favicon.ico",
        ],
    )
    def test_what_is_not_there(self, site: Browser, path: str):
        answer = site.client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert told(answer).keys() == SHAPE

    def test_other_questions_do_not_get_the_page(self, site: Browser):
        assert site.client.get("/heute", headers={"Accept": "*/*"}).status_code == 404
        assert site.client.post("/heute", headers={"Accept": "text/html"}).status_code == 404
        answer = site.client.get("/api/heute", headers={"Accept": "text/html"})
        assert told(answer)["code"] == "not_found"

    def test_texts_are_packed_and_fonts_are_not(self, site: Browser):
        accept = {"Accept-Encoding": "gzip"}
        packed = site.client.get("/assets/app-1a2b3c4d.js", headers=accept)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == b"const a = 1;" * 100
        font = site.client.get("/assets/FiraSans-1a2b3c4d.woff2", headers=accept)
        assert "Content-Encoding" not in font.headers

    def test_an_unchanged_page_is_not_sent_again(self, site: Browser):
        first = site.client.get("/", headers={"Accept-Encoding": "gzip"})
        mark = first.headers["ETag"]
        again = site.client.get("/", headers={"If-None-Match": mark, "Accept-Encoding": "gzip"})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"] == "no-cache"

    def test_a_new_build_is_served_without_a_restart(self, site: Browser, built: Path):
        site.client.get("/")
        (built / "index.html").write_text("<!doctype html><title>Neu</title>")
        assert b"Neu" in site.client.get("/").data

    def test_a_missing_front_end_says_so(self, office: Office, tmp_path: Path):
        office.app = create_app(office.config, front_end=FrontEnd(tmp_path / "nothing"))
        answer = office.app.test_client().get("/")
        assert answer.status_code == 503
        assert "make build" in answer.get_data(as_text=True)


class TestTheLog:
    def test_nothing_of_a_request_is_in_it_at_debug_level(
        self, office: Office, caplog: pytest.LogCaptureFixture
    ):
        with caplog.at_level(logging.DEBUG):
            invited = office.invite(SECRET.lower())
            invited.accept()
            invited.sign_in(label=SECRET)
            invited.sign_in(login_key="A" * 43)
            invited.browser.post("/api/devices", {"id": SECRET, "label": SECRET})
            invited.found_team()
        for word in (SECRET, SECRET.lower(), invited.login_key, invited.token, "192.0.2"):
            assert word not in caplog.text

    def test_flask_says_that_something_failed_without_saying_what(
        self, office: Office, caplog: pytest.LogCaptureFixture
    ):
        with caplog.at_level(logging.DEBUG), office.app.test_request_context(f"/{SECRET}"):
            try:
                raise OSError(SECRET)
            except OSError:
                office.app.logger.exception("Exception on %s", f"/{SECRET}")
        assert "OSError" in caplog.text
        assert SECRET not in caplog.text

    def test_the_database_layer_stays_silent(
        self, office: Office, caplog: pytest.LogCaptureFixture
    ):
        logging.config.dictConfig({"version": 1, "disable_existing_loggers": False})
        with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "peewee"):
            Team.update(name=SECRET).where(Team.id == office.team).execute()
        assert SECRET not in caplog.text

    def test_gunicorn_does_not_quote_what_it_could_not_read(
        self, office: Office, caplog: pytest.LogCaptureFixture
    ):
        assert office.app
        logger = logging.getLogger("gunicorn.error")
        with caplog.at_level(logging.DEBUG):
            logger.warning(f"Invalid request from ip=192.0.2.1: Invalid line: {SECRET!r}")
            logger.error("Error handling request %s %s", "GET", f"/{SECRET}")
        assert "Invalid request" in caplog.text
        assert "Error handling request" in caplog.text
        assert SECRET not in caplog.text


def test_pages_of_the_server_wear_the_style_of_the_app(tmp_path: Path):
    front_end = FrontEnd(tmp_path)
    assert front_end.stylesheets() == []
    (tmp_path / "index.html").write_text(
        '<link rel="icon" href="/icon.svg"><link rel="stylesheet" crossorigin href="/assets/a.css">'
    )
    assert front_end.stylesheets() == ["/assets/a.css"]


def test_times_come_from_the_one_clock(office: Office):
    with office.app.app_context():
        office.now = 42
        assert access.now() == 42
        assert access.config() == office.config
    assert access.config() == Config()
