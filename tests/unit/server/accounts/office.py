"""An office for tests: the real application, people with phones, and a clock that obeys.

The people sign with real keys. Only the password's Argon2id is left out: a login key is random
anyway, and a third of a second per person would be felt.
"""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import settings
from server.accounts import User
from server.app import create_app
from server.config import Config
from server.ids import new_id
from server.instants import instant
from server.invitations import invite
from server.membership import make_team
from server.sealing import (
    MEMLIMIT,
    OPSLIMIT,
    Person,
    Seed,
    TeamKey,
    close_team_key,
    make_epoch,
    make_statement,
    to_base64url,
)

START = 1_780_000_000_000  # 2026-05-28, milliseconds since 1970


@dataclass
class Answer:
    """A response: its status, its JSON, its headers."""

    status: int
    json: Any
    headers: Any
    text: str = ""

    @classmethod
    def of(cls, response: TestResponse) -> "Answer":
        told, text = response.get_json(silent=True), response.get_data(as_text=True)
        return cls(response.status_code, told, response.headers, text)

    @property
    def code(self) -> str | None:
        return self.json.get("code") if isinstance(self.json, dict) else None


@dataclass
class Browser:
    """A cookie jar with the CSRF token it was given."""

    client: FlaskClient
    token: str = ""

    def get(self, path: str, **options: Any) -> Answer:
        answer = Answer.of(self.client.get(path, **options))
        self._learn(answer)
        return answer

    def post(self, path: str, body: Any, **options: Any) -> Answer:
        if not self.token:
            self.get("/api/session")
        headers = {"X-CSRFToken": self.token, **options.pop("headers", {})}
        answer = Answer.of(self.client.post(path, json=body, headers=headers, **options))
        self._learn(answer)
        return answer

    def send_form(self, path: str, **fields: str) -> Answer:
        """Send a form of the office pages, with the token that its page holds."""
        if not self.token:
            self.get("/api/session")
        return Answer.of(self.client.post(path, data={"csrf_token": self.token, **fields}))

    def _learn(self, answer: Answer) -> None:
        if isinstance(answer.json, dict) and "csrf" in answer.json:
            self.token = answer.json["csrf"]


@dataclass
class Colleague:
    """A person, her seed and login key, and the browser on her phone."""

    name: str
    role: str
    user: str
    team: str
    browser: Browser
    seed: Seed = field(default_factory=Seed.new)
    login_key: str = field(default_factory=lambda: to_base64url(secrets.token_bytes(32)))
    device: str = field(default_factory=lambda: new_id(START))
    token: str = ""
    profile: dict[str, Any] = field(default_factory=dict)

    @property
    def person(self) -> Person:
        return Person.of(self.seed, self.user, self.team)

    def acceptance(self, **changes: Any) -> dict[str, Any]:
        """The body of `POST /api/invitation/accept`."""
        return {
            "token": self.token,
            "salt": to_base64url(secrets.token_bytes(16)),
            "opslimit": OPSLIMIT,
            "memlimit": MEMLIMIT,
            "login_key": self.login_key,
            "wrapped_seed": to_base64url(secrets.token_bytes(72)),
            "box_public": self.person.box_public,
            "sign_public": self.person.sign_public,
            "device": {"id": self.device, "label": "Diensthandy"},
            **changes,
        }

    def accept(self) -> "Colleague":
        """Set a password on her own phone."""
        answer = self.browser.post("/api/invitation/accept", self.acceptance())
        assert answer.status == 200, answer
        self.profile = answer.json["profile"]
        return self

    def sign_in(self, browser: Browser | None = None, **changes: Any) -> Answer:
        body = {
            "name": self.name,
            "login_key": self.login_key,
            "device": {"id": self.device, "label": "Diensthandy"},
            **changes,
        }
        return (browser or self.browser).post("/api/login", body)

    def signed_in(self) -> bool:
        return self.browser.get("/api/session").json["signed_in"]

    def statement_about(
        self, other: "Colleague", at: int = START, **changes: Any
    ) -> dict[str, Any]:
        """Her signed word about somebody."""
        role = changes.pop("role", other.role)
        return {
            **make_statement(self.person, self.seed, other.person, role, instant(at)),
            **changes,
        }

    def vouch_for(self, other: "Colleague", envelopes: Any = ()) -> Answer:
        body = {"statement": self.statement_about(other), "envelopes": list(envelopes)}
        return self.browser.post("/api/statements", body)

    def epoch(self, key: TeamKey | None = None, **changes: Any) -> dict[str, Any]:
        """The body that announces the first team key."""
        key = key or TeamKey.new(self.team)
        epoch = make_epoch(self.person, self.seed, key, None, instant(START))
        return {
            "epoch": epoch,
            "statement": self.statement_about(self),
            "envelopes": [close_team_key(key, self.person, self.seed, self.person, instant(START))],
            **changes,
        }

    def found_team(self) -> Answer:
        return self.browser.post("/api/epochs", self.epoch())


class Office:
    """One team on one fresh installation."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.now = START
        self.config = Config(data_dir=folder, **settings)
        self.restart()
        self.team = make_team("U25 Lindenau", START).id

    def restart(self) -> None:
        """Start the program anew on the same data."""
        self.app = create_app(self.config, clock=lambda: self.now)

    def pass_time(self, **spans: float) -> None:
        """Let days, hours, minutes and seconds go by."""
        seconds = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
        self.now += int(1000 * sum(seconds[name] * count for name, count in spans.items()))

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def invite(self, name: str, role: str = "ab_pap", team: str | None = None) -> Colleague:
        team = team or self.team
        invited = invite(
            team,
            name,
            name.title(),
            role,
            now=self.now,
            valid_ms=settings.invitation_ms(team),
        )
        return Colleague(name, role, invited.user, team, self.browser(), token=invited.token)

    def colleague(self, name: str, role: str = "ab_pap", team: str | None = None) -> Colleague:
        """Invited and registered, not admitted."""
        return self.invite(name, role, team).accept()

    def user(self, colleague: Colleague) -> User:
        return User.get_by_id(colleague.user)
