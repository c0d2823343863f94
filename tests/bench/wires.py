"""A wire that counts every byte of HTTP, heads included, and a sync over it without a store."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import msgspec

from server.demo.wires import Http, WireProblem


class CountingConnection(http.client.HTTPConnection):
    """Counts what goes out and what comes in."""

    count = 0

    def send(self, data: Any) -> None:
        """Send and count."""
        self.count += len(data)
        super().send(data)

    def getresponse(self) -> http.client.HTTPResponse:
        """The answer, counted as it stood on the wire; the body by its Content-Length."""
        answer = super().getresponse()
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        lines += [f"{name}: {value}" for name, value in answer.getheaders()]
        self.count += sum(len(line) + 2 for line in lines) + 2 + (answer.length or 0)
        return answer


class CountingHttp(Http):
    """One kept-alive connection; `bytes` are those of both directions so far."""

    def __init__(self, address: str, cookie: str = "") -> None:
        super().__init__(address, cookie=cookie)
        parts = urlsplit(address)
        self.connection = CountingConnection(parts.hostname or "", parts.port, timeout=30)

    @property
    def bytes(self) -> int:
        assert isinstance(self.connection, CountingConnection)
        return self.connection.count

    def sync(self, request: str) -> dict[str, Any]:
        """One POST /api/sync. Raises WireProblem unless it is answered with 200."""
        answer = self.ask("POST", "/api/sync", request.encode())
        if answer.status != 200:
            raise WireProblem(answer.status, json.loads(answer.data).get("code", ""))
        return msgspec.json.decode(answer.data)


def signed_in(address: str, cookie: str) -> CountingHttp:
    """A connection with the session of `cookie`, ready to send."""
    wire = CountingHttp(address, cookie)
    if not wire("/api/session", None)["signed_in"]:
        raise WireProblem(401, "sign_in_needed")
    return wire
