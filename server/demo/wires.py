"""The wires a Python phone can use: an application in the same process, or HTTP."""

import http.client
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import Flask

from server.packing import packed, unpacked

PLAIN_BYTES = 400
"""Requests up to this size go without gzip (PROTOCOL.md)."""


MAX_ANSWER_BYTES = 64 * 1024 * 1024

Wire = Callable[[str, Any], dict[str, Any]]
"""`wire(path, body)`: POST `body` (a dict, or finished JSON text) and give the answer; GET when
`body` is None. Raises WireProblem for anything but a 2xx."""


class WireProblem(Exception):
    """The server answered with an error, or not at all (`status` 0)."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class Answer(NamedTuple):
    """What came back: status, Set-Cookie headers, body."""

    status: int
    cookies: Iterable[str]
    data: bytes


class Browser(ABC):
    """What every wire keeps as a browser does: the cookie and the token of the session."""

    def __init__(self, cookie: str = "") -> None:
        self.cookie, self.token = cookie, ""

    def __call__(self, path: str, body: Any) -> dict[str, Any]:
        if body is None:
            return self._read(self.ask("GET", path, b""))
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        if not self.token:
            self("/api/session", None)
        try:
            return self._read(self.ask("POST", path, data))
        except WireProblem as problem:
            if problem.code != "csrf":
                raise
        # Another tab or phone has begun a new session since.
        self("/api/session", None)
        return self._read(self.ask("POST", path, data))

    @abstractmethod
    def ask(self, method: str, path: str, data: bytes) -> Answer:
        """One request. Raises WireProblem with status 0 when no answer comes."""

    def _read(self, answer: Answer) -> dict[str, Any]:
        for cookie in answer.cookies:
            self.cookie = cookie.split(";")[0]
        try:
            read = json.loads(answer.data)
        except ValueError:  # A proxy's page, or half an answer.
            raise WireProblem(answer.status, "unreadable") from None
        if answer.status >= 300:
            raise WireProblem(answer.status, read.get("code", ""))
        self.token = read.get("csrf", self.token)
        return read


class InProcess(Browser):
    """Straight into the application."""

    def __init__(self, app: Flask, cookie: str = "") -> None:
        super().__init__(cookie)
        self.client = app.test_client(use_cookies=False)

    def ask(self, method: str, path: str, data: bytes) -> Answer:
        headers = {"Cookie": self.cookie, "X-CSRFToken": self.token}
        if method == "POST":
            headers["Content-Type"] = "application/json"
        answer = self.client.open(path, method=method, data=data, headers=headers)
        return Answer(answer.status_code, answer.headers.getlist("Set-Cookie"), answer.data)


class Http(Browser):
    """One kept-alive connection to a server, as a phone has it. Counts the bytes of bodies."""

    def __init__(self, address: str, timeout: float = 30, cookie: str = "") -> None:
        super().__init__(cookie)
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=timeout
        )
        self.sent = self.received = 0

    def ask(self, method: str, path: str, data: bytes) -> Answer:
        headers = {"Accept-Encoding": "gzip", "X-CSRFToken": self.token, "Cookie": self.cookie}
        if method == "POST":
            headers["Content-Type"] = "application/json"
        if len(data) > PLAIN_BYTES:
            data, headers["Content-Encoding"] = packed(data), "gzip"
        try:
            self.connection.request(method, path, data or None, headers)
            answer = self.connection.getresponse()
            received = answer.read()
        except (OSError, http.client.HTTPException) as problem:
            self.connection.close()
            raise WireProblem(0, type(problem).__name__) from problem
        self.sent, self.received = self.sent + len(data), self.received + len(received)
        if answer.headers.get("Content-Encoding") == "gzip":
            received = unpacked(received, MAX_ANSWER_BYTES)
        return Answer(answer.status, answer.headers.get_all("Set-Cookie") or [], received)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()
