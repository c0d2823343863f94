"""A network between phone and server that loses answers and delivers requests twice."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.e2e.phones import Server

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "date", "server"}


class BadNetwork(ThreadingHTTPServer):
    """Forwards everything. The next `losing` answers of `losing_on` are lost after the server
    gave them, the next `doubling` syncs reach the server twice; `lost` and `doubled` count them."""

    daemon_threads = True

    def __init__(self, server: Server) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.behind = server
        self.port = self.server_address[1]
        self.losing = self.doubling = self.lost = self.doubled = 0
        self.losing_on = "/api/sync"
        self._counting = threading.Lock()

    def loses(self) -> bool:
        """Whether this answer goes astray."""
        with self._counting:
            if self.losing == 0:
                return False
            self.losing, self.lost = self.losing - 1, self.lost + 1
            return True

    def doubles(self) -> bool:
        """Whether this request is delivered twice."""
        with self._counting:
            if self.doubling == 0:
                return False
            self.doubling, self.doubled = self.doubling - 1, self.doubled + 1
            return True


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: BadNetwork

    def do_GET(self) -> None:
        self._forward(b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/api/sync" and self.server.doubles():
            self._ask(body)
        self._forward(body)

    def _forward(self, body: bytes) -> None:
        status, headers, data = self._ask(body)
        if self.path == self.server.losing_on and self.server.loses():
            self.close_connection = True
            return
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.behind.port, timeout=30)
        try:
            connection.request(self.command, self.path, body or None, dict(self.headers.items()))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Quietly."""


@contextmanager
def bad_network(server: Server) -> Iterator[BadNetwork]:
    """The network, running until the block ends."""
    network = BadNetwork(server)
    thread = threading.Thread(target=network.serve_forever, daemon=True)
    thread.start()
    try:
        yield network
    finally:
        network.shutdown()
        network.server_close()
        thread.join(10)
