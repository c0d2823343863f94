"""TERM: the request at hand is finished and answered, then the server ends."""

import json
import socket
from collections.abc import Callable
from contextlib import closing

import pytest

from server.demo.phone import Phone
from server.demo.wires import Http
from tests.fault.field import hang_up, set_up
from tests.fault.processes import Server
from tests.fault.proof import prove
from tests.loopback import wait_for

pytestmark = pytest.mark.fault


def test_the_request_at_hand_is_finished(server: Server, tell: Callable[[str], None]) -> None:
    carriers = set_up(server)
    phone = carriers[0].phone
    phone.create_case({"kind": "handover", "name": "Halb gesendet"})
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=30)) as line:
        body = begin_request(line, phone)
        process = server.process
        assert process is not None
        process.terminate()
        wait_for(lambda: len(server.workers()) == 1, 20, "the idle worker to end")
        assert process.poll() is None, "it left a request behind"
        line.sendall(body)
        phone.absorb(json.loads(answer_of(line)))
    assert not phone.store.outbox
    hang_up(phone)
    assert process.wait(30) == 0
    server.process = None

    server.start()
    accepted = prove(server, carriers)
    tell(f"TERM in the middle of a request: answered, ended with 0, {accepted} operation there")


def begin_request(line: socket.socket, phone: Phone) -> bytes:
    """Sends the head of a sync and waits until the server has begun with it; the body."""
    assert isinstance(phone.wire, Http)
    body = phone.store.request(phone.store.outbox, 100, phone.clock()).encode()
    headers = {
        "Host": "localhost",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Cookie": phone.wire.cookie,
        "X-CSRFToken": phone.wire.token,
        "Expect": "100-continue",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    line.sendall(f"POST /api/sync HTTP/1.1\r\n{lines}\r\n".encode())
    # gunicorn says this when it has read the head: from now on the request is at hand.
    assert line.recv(1024).startswith(b"HTTP/1.1 100 ")
    return body


def answer_of(line: socket.socket) -> bytes:
    """The body of an answer with status 200."""
    data = b""
    while part := line.recv(65536):
        data += part
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            int(field.split(b":")[1])
            for field in head.split(b"\r\n")
            if field.lower().startswith(b"content-length")
        )
        if len(body) >= length:
            assert head.startswith(b"HTTP/1.1 200 "), data
            return body
    raise AssertionError(f"hung up after {data!r}")
