"""Texts that look like ids, instants and names but are none: refused, one by one, never kept."""

import json

import pytest

from server.db import rows_of
from server.ids import new_id
from tests.unit.server.conftest import Browser
from tests.unit.server.office import Office, new_key_id

NUL_ID = "a" * 31 + "\0"


@pytest.mark.parametrize("field", ["key_id", "owner", "reader", "author", "at", "box"])
def test_an_envelope_with_a_line_break_stops_nothing_else(anna: Browser, field: str) -> None:
    phone = anna.phone
    odd = phone.envelope(new_key_id(new_id(phone.clock())))
    odd[field] += "\n"
    _, _, envelope, operation = phone.new_case()
    answer = anna.post("/api/sync", phone.body(operation, envelopes=[odd, envelope]))
    assert answer.status_code == 200
    assert answer.json is not None
    verdicts = [(v["verdict"], v.get("code")) for v in answer.json["verdicts"]]
    assert verdicts == [("refused", "bad_envelope"), ("accepted", None), ("accepted", None)]


def test_an_instant_has_plain_digits(office: Office) -> None:
    phone = office.anna
    odd = phone.envelope(new_key_id(new_id(phone.clock())), at="٢٠٢٦-09-21T10:00:00Z")
    assert phone.verdict(envelopes=[odd])["code"] == "bad_envelope"


@pytest.mark.parametrize("row", [NUL_ID, "x" * 32])
def test_what_is_no_id_is_not_kept_as_a_refused_row(office: Office, row: str) -> None:
    case, _ = office.anna.stored_case()
    odd = office.anna.operation("visit", row, {"case": case})
    assert office.anna.verdict(odd)["code"] == "operation_malformed"
    assert rows_of("SELECT row FROM verdict WHERE row IS NOT NULL") == []


def test_the_database_is_not_asked_for_what_is_no_id(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = office.anna
    case, _ = phone.stored_case()
    visit = new_id(phone.clock())
    asked: list[object] = []

    def noted(sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        asked.extend(parameters)
        return rows_of(sql, parameters)

    for module in ("acceptance", "batch", "rows", "reading"):
        monkeypatch.setattr(f"server.{module}.rows_of", noted)
    phone.send(
        phone.operation("visit", NUL_ID, {"case": case}, stamp="\0"),
        phone.operation("visit", visit, {"case": NUL_ID}),
    )
    assert visit in asked
    assert not [text for text in asked if "\0" in str(text)]


def test_a_history_is_asked_for_by_an_id(anna: Browser) -> None:
    answer = anna.client.get("/api/history/visit/%00")
    assert (answer.status_code, answer.json and answer.json["code"]) == (404, "row_unknown")


@pytest.mark.parametrize(
    "device",
    [
        {"id": "b" * 32 + "\n", "label": ""},
        {"id": "b" * 32, "label": "Handy\0"},
        {"id": "b" * 32, "label": "Handy\nzwei"},
    ],
)
def test_a_device_has_an_id_and_a_plain_label(anna: Browser, device: dict[str, str]) -> None:
    answer = anna.post("/api/devices", json.dumps(device).encode())
    assert (answer.status_code, answer.json and answer.json["code"]) == (400, "invalid")


def test_a_name_has_only_what_one_can_see(anna: Browser) -> None:
    answer = anna.post("/api/login/parameters", json.dumps({"name": "anna\0"}).encode())
    assert (answer.status_code, answer.json and answer.json["code"]) == (400, "invalid")
