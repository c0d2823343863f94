"""The endpoint: sizes, encodings, whole requests that are refused, answers that are packed."""

import gzip
import json
import zlib
from typing import Any

import pytest

from server.ids import new_id
from sync.operation import MAX_BATCH_BYTES, MAX_BATCH_COUNT
from tests.unit.server.conftest import Browser
from tests.unit.server.office import Phone, another_phone, dump, seal

JSON = "application/json"


def problem(answer: Any) -> tuple[int, str, str | None]:
    """(status, code, field) of an error answer, after checking its shape."""
    body = json.loads(answer.data)
    assert set(body) == {"code", "field", "message"}
    assert body["message"]
    return answer.status_code, body["code"], body["field"]


def test_a_round_trip_packed_both_ways(anna: Browser) -> None:
    _, _, envelope, operation = anna.phone.new_case()
    data = anna.phone.body(operation, envelopes=[envelope])
    answer = anna.post(
        "/api/sync", gzip.compress(data), Content_Encoding="gzip", Accept_Encoding="gzip"
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert (answer.headers["Cache-Control"], "Vary" in answer.headers) == ("no-store", False)
    body = json.loads(gzip.decompress(answer.data))
    assert [verdict["verdict"] for verdict in body["verdicts"]] == ["accepted", "accepted"]
    assert body["now"] == anna.phone.clock()


def test_a_small_answer_goes_plain(anna: Browser) -> None:
    first = json.loads(anna.post("/api/sync", anna.phone.body()).data)
    known = {"scope": first["scope"]["hash"], "state": first["state"]["hash"]}
    answer = anna.post("/api/sync", anna.phone.body(**known), Accept_Encoding="gzip")
    assert "Content-Encoding" not in answer.headers
    assert len(answer.data) < 500
    assert answer.headers["Cache-Control"] == "no-store"


BAD_REQUESTS: dict[str, tuple[bytes, tuple[int, str, str | None]]] = {
    "nothing": (b"", (400, "malformed", None)),
    "no JSON": (b"{", (400, "malformed", None)),
    "no UTF-8": (b'{"scope": "\xff"}', (400, "malformed", None)),
    "a list": (b"[]", (400, "invalid", None)),
    "no parts": (b"{}", (400, "invalid", "protocol")),
    "deep nesting": (b'{"x":' + b"[" * 100_000, (400, "malformed", None)),
}

BAD_PARTS: dict[str, tuple[dict[str, Any], tuple[int, str, str | None]]] = {
    "another protocol": ({"protocol": 2}, (400, "protocol_unknown", "protocol")),
    "protocol as text": ({"protocol": "1"}, (400, "invalid", "protocol")),
    "limit too large": ({"limit": 2001}, (400, "invalid", "limit")),
    "limit below zero": ({"limit": -1}, (400, "invalid", "limit")),
    "now as text": ({"now": "noon"}, (400, "invalid", "now")),
    "device odd": ({"device": "x"}, (400, "invalid", "device")),
    "cursor odd": ({"cursor": "x"}, (400, "malformed", "cursor")),
    "cursor too long": ({"cursor": "1" * 200}, (400, "invalid", "cursor")),
    "operations no list": ({"operations": {}}, (400, "invalid", "operations")),
    "operation no object": ({"operations": [1]}, (400, "malformed", "operations.n")),
    "operation without number": ({"operations": [{}]}, (400, "malformed", "operations.n")),
    "number zero": ({"operations": [{"n": 0}]}, (400, "malformed", "operations.n")),
    "number as text": ({"operations": [{"n": "1"}]}, (400, "malformed", "operations.n")),
    "number no whole one": ({"envelopes": [{"n": 1.5}]}, (400, "malformed", "envelopes.n")),
    "number too large": ({"envelopes": [{"n": 2**60}]}, (400, "malformed", "envelopes.n")),
    "number true": ({"envelopes": [{"n": True}]}, (400, "malformed", "envelopes.n")),
}


@pytest.mark.parametrize(("data", "expected"), BAD_REQUESTS.values(), ids=BAD_REQUESTS.keys())
def test_what_is_no_request_changes_nothing(anna: Browser, data: bytes, expected: Any) -> None:
    before = dump()
    assert problem(anna.post("/api/sync", data)) == expected
    assert dump() == before


@pytest.mark.parametrize(("parts", "expected"), BAD_PARTS.values(), ids=BAD_PARTS.keys())
def test_a_bad_part_is_named_and_changes_nothing(
    anna: Browser, parts: dict[str, Any], expected: Any
) -> None:
    before = dump()
    assert problem(anna.post("/api/sync", anna.phone.body(**parts))) == expected
    assert dump() == before


def test_a_bad_cursor_beside_good_operations_changes_nothing(anna: Browser) -> None:
    _, _, envelope, operation = anna.phone.new_case()
    before = dump()
    data = anna.phone.body(operation, envelopes=[envelope], cursor="x")
    assert problem(anna.post("/api/sync", data)) == (400, "malformed", "cursor")
    assert dump() == before


def test_the_device_must_be_the_sessions(anna: Browser) -> None:
    before = dump()
    data = anna.phone.body(device=new_id(0))
    assert problem(anna.post("/api/sync", data)) == (409, "wrong_device", "device")
    assert dump() == before


def test_a_cloned_device_is_told_as_a_whole(anna: Browser) -> None:
    row, key_id = anna.phone.stored_case()
    operation = anna.phone.operation("client_case", row, {"phone": seal(key_id)})
    anna.post("/api/sync", anna.phone.body(operation))
    before = dump()
    cloned = {**operation, "set": {"closed": "2026-10-01"}}
    answer = anna.post("/api/sync", anna.phone.body(cloned))
    assert problem(answer) == (409, "device_cloned", None)
    assert dump() == before


def test_exactly_these_bytes_are_the_operation(anna: Browser) -> None:
    """White space and the order of parts belong to the bytes a phone froze."""
    row, key_id = anna.phone.stored_case()
    operation = anna.phone.operation("client_case", row, {"phone": seal(key_id)})
    data = anna.phone.body(operation)
    assert anna.post("/api/sync", data).status_code == 200
    same = json.loads(data)
    spaced = json.dumps(same, indent=1).encode()
    assert problem(anna.post("/api/sync", spaced)) == (409, "device_cloned", None)


# Sizes


def filled(
    phone: Phone, count: int, key_id: str, row: str, length: int = 64
) -> list[dict[str, Any]]:
    """That many small operations."""
    value = seal(key_id, length)
    return [phone.operation("client_case", row, {"phone": value}) for _ in range(count)]


def test_500_sends_are_taken_and_501_are_not(anna: Browser) -> None:
    row, key_id = anna.phone.stored_case()
    operations = filled(anna.phone, MAX_BATCH_COUNT + 1, key_id, row)
    before = dump()
    answer = anna.post("/api/sync", anna.phone.body(*operations))
    assert problem(answer) == (413, "batch_too_large", None)
    assert dump() == before
    answer = anna.post("/api/sync", anna.phone.body(*operations[:-1]))
    assert len(json.loads(answer.data)["verdicts"]) == MAX_BATCH_COUNT


@pytest.mark.parametrize("packed", [True, False])
def test_256_kib_are_taken_and_a_byte_more_is_not(anna: Browser, packed: bool) -> None:
    row, key_id = anna.phone.stored_case()
    data = anna.phone.body(*filled(anna.phone, 30, key_id, row, 4096))
    data += b" " * (MAX_BATCH_BYTES - len(data))
    headers = {"Content_Encoding": "gzip"} if packed else {}

    def send(body: bytes):
        return anna.post("/api/sync", gzip.compress(body) if packed else body, **headers)

    before = dump()
    assert problem(send(data + b" ")) == (413, "batch_too_large", None)
    assert dump() == before
    assert send(data).status_code == 200


def test_a_gzip_bomb_is_never_unpacked(anna: Browser) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(b" " * 1_000_000) for _ in range(50)) + packer.flush()
    assert len(bomb) < 1_000_000
    answer = anna.post("/api/sync", bomb, Content_Encoding="gzip")
    assert problem(answer) == (413, "batch_too_large", None)


@pytest.mark.parametrize(
    ("data", "encoding", "expected"),
    [
        (b"no gzip", "gzip", (400, "malformed", None)),
        (gzip.compress(b"{}" * 100, mtime=0)[:-9], "gzip", (400, "malformed", None)),
        (b"{}", "br", (415, "unsupported_media_type", None)),
    ],
)
def test_a_broken_packing_is_refused(
    anna: Browser, data: bytes, encoding: str, expected: Any
) -> None:
    assert problem(anna.post("/api/sync", data, Content_Encoding=encoding)) == expected


# Who


def test_nobody_syncs_without_a_sign_in_or_without_the_token(anna: Browser, app: Any) -> None:
    data = anna.phone.body()
    before = dump()
    unknown = app.test_client().post("/api/sync", data=data, content_type=JSON)
    assert problem(unknown)[:2] == (401, "sign_in_needed")
    tokenless = anna.client.post("/api/sync", data=data, content_type=JSON)
    assert problem(tokenless)[:2] == (400, "csrf")
    assert dump() == before


def test_another_phone_of_the_same_person_needs_its_own_session(anna: Browser) -> None:
    twin = another_phone(anna.phone)
    answer = anna.post("/api/sync", twin.body())
    assert problem(answer) == (409, "wrong_device", "device")


def test_history_over_http(anna: Browser) -> None:
    row, key_id = anna.phone.stored_case()
    first = json.loads(anna.client.get(f"/api/history/client_case/{row}").data)
    assert first == {"history": []}
    was = anna.phone.pull()["rows"][row]["columns"]["name"]
    anna.phone.send(anna.phone.operation("client_case", row, {"name": seal(key_id)}))
    items = json.loads(anna.client.get(f"/api/history/client_case/{row}").data)["history"]
    assert [(item["column"], item["value"]) for item in items] == [("name", was)]
    unknown = anna.client.get(f"/api/history/client_case/{new_id(0)}")
    assert problem(unknown) == (404, "row_unknown", "row")
    odd = anna.client.get("/api/history/client_case/ä%20'--")
    assert problem(odd) == (404, "row_unknown", "row")
