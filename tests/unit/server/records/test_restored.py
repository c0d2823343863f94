"""A log that went back in time: how it is noticed, what phones may claim, what waits."""

import secrets
from typing import Any

import pytest

from server import log
from server.accounts import Team, User
from server.db import rows_of, run_many, write_transaction
from server.features.cases import ClientCase
from server.ids import new_id
from sync.clock import CLAMP_MS, make_stamp
from tests.unit.server.office import Office, Phone, another_phone, dump, seal

HOUR = 60 * 60 * 1000


def restored(office: Office, **given_out: int) -> str:
    with write_transaction():
        return log.begin_anew(office.clock(), {office.team: given_out.get("number", 0)})


def claim(operation: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"n": operation["n"], **parts}


def told(phone: Phone, *operations: dict[str, Any], **parts: Any) -> dict[str, Any]:
    answer = phone.send(*operations, **parts)
    assert answer["restored"]
    assert (answer["cursor"], answer["more"], answer["verdicts"]) == (None, True, [])
    assert (answer["rows"], answer["envelopes"]) == ([], [])
    return answer


class TestNoticing:
    def test_another_name(self, office: Office) -> None:
        case, _ = office.anna.stored_case()
        old = office.anna.send()["log_id"]
        name = restored(office)
        before = dump()
        change = office.anna.operation("client_case", case, {"closed": "2026-10-01"})
        assert told(office.anna, change, log_id=old)["log_id"] == name
        assert told(office.anna, log_id=old)["log_id"] == name
        assert dump() == before, "nothing was looked at"

    @pytest.mark.parametrize("with_sends", [True, False])
    def test_a_number_nobody_judged(self, office: Office, with_sends: bool) -> None:
        case, _ = office.anna.stored_case()
        name = office.anna.send()["log_id"]
        change = office.anna.operation("client_case", case, {"closed": "2026-10-01"})
        sends = [change] if with_sends else []
        answer = told(office.anna, *sends, log_id=name, acknowledged=7)
        assert answer["log_id"] != name
        assert "restored" not in office.anna.send(log_id=answer["log_id"], acknowledged=2)

    def test_a_cursor_beyond_the_count(self, office: Office) -> None:
        name = office.anna.send()["log_id"]
        cursor = f"99.visit.{new_id(0)}"
        assert told(office.anna, log_id=name, cursor=cursor)["log_id"] != name

    def test_a_gap_in_what_was_judged_is_no_such_sign(self, office: Office) -> None:
        _, _, envelope, operation = office.anna.new_case()
        waits = office.anna.operation("visit", new_id(0), {"case": new_id(0)})
        late = office.anna.operation("client_case", operation["row"], {"closed": "2026-10-01"})
        answer = office.anna.send(operation, late, envelopes=[envelope])
        assert [verdict["verdict"] for verdict in answer["verdicts"]] == ["accepted"] * 3
        name, n = answer["log_id"], late["n"]
        assert n > waits["n"]
        assert "restored" not in office.anna.send(log_id=name, acknowledged=n)

    def test_a_phone_without_a_log_is_told_nothing(self, office: Office) -> None:
        assert "restored" not in office.anna.send(log_id=None, acknowledged=7)

    def test_nobody_can_keep_everybody_busy(self, office: Office) -> None:
        name = told(office.anna, log_id=office.anna.send()["log_id"], acknowledged=7)["log_id"]
        office.clock.advance(HOUR - 1)
        again = told(office.anna, log_id=name, acknowledged=7)["log_id"]
        assert again == name
        office.clock.advance(1)
        assert told(office.anna, log_id=name, acknowledged=7)["log_id"] != name

    def test_a_late_request_of_an_older_log_gives_it_no_new_name(self, office: Office) -> None:
        old = office.anna.send()["log_id"]
        name = restored(office)
        office.clock.advance(2 * HOUR)
        assert told(office.anna, log_id=old, acknowledged=7)["log_id"] == name


class TestRanks:
    def test_an_earlier_one_is_taken_as_it_is(self, office: Office) -> None:
        restored(office)
        _, _, envelope, operation = office.anna.new_case()
        earlier = make_stamp(office.clock() - HOUR, 3, operation["stamp"][16:])
        answer = office.anna.send(
            operation, envelopes=[envelope], again=[claim(operation, effective=earlier)]
        )
        assert answer["verdicts"][-1]["effective"] == earlier
        assert answer["rows"][0]["stamp"][1] == earlier

    def test_the_devices_own_never_goes_down_by_it(self, office: Office) -> None:
        case, _ = office.anna.stored_case()
        restored(office)
        old = office.anna.operation("client_case", case, {"closed": "2026-10-01"})
        earlier = make_stamp(office.clock() - HOUR, 0, old["stamp"][16:])
        office.anna.send(old, again=[claim(old, effective=earlier)])
        new = office.anna.operation(
            "client_case", case, {"handed_over": "2026-10-02"}, ms=office.clock() - 2 * HOUR
        )
        last = rows_of(
            "SELECT last_effective FROM device WHERE id = ?", (office.anna.caller.device,)
        )
        assert office.anna.verdict(new)["effective"] > last[0][0] > earlier

    @pytest.mark.parametrize(
        ("ms", "node"), [(CLAMP_MS + 1, None), (365 * 24 * HOUR, None), (-HOUR, "0" * 16)]
    )
    def test_one_ahead_of_time_or_of_another_phone_is_not(
        self, office: Office, ms: int, node: str | None
    ) -> None:
        case, _ = office.anna.stored_case()
        restored(office)
        change = office.anna.operation("client_case", case, {"closed": "2026-10-01"})
        false = make_stamp(office.clock() + ms, 0, node or change["stamp"][16:])
        verdict = office.anna.send(change, again=[claim(change, effective=false)])["verdicts"][0]
        assert verdict["verdict"] == "accepted"
        assert verdict.get("effective", change["stamp"]) != false

    @pytest.mark.parametrize("later", [None, log.RETURN_MS])
    def test_only_after_a_restore_and_not_for_ever(self, office: Office, later: int | None) -> None:
        case, _ = office.anna.stored_case()
        if later is not None:
            restored(office)
            office.clock.advance(later)
        change = office.anna.operation("client_case", case, {"closed": "2026-10-01"})
        earlier = make_stamp(office.clock() - HOUR, 0, change["stamp"][16:])
        verdict = office.anna.send(change, again=[claim(change, effective=earlier)])["verdicts"][0]
        assert verdict == {"n": change["n"], "verdict": "accepted"}

    def test_two_phones_that_bring_back_the_same_write_agree(self, office: Office) -> None:
        restored(office)
        _, _, envelope, operation = office.anna.new_case()
        earlier = make_stamp(office.clock() - HOUR, 0, operation["stamp"][16:])
        claims = [claim(operation, effective=earlier, given={"pseudonym": "U25-051"})]
        first = office.anna.send(operation, envelopes=[envelope], again=claims)
        twin = another_phone(office.anna)
        second = twin.send(operation, envelopes=[envelope], again=claims)
        assert first["verdicts"] == second["verdicts"]
        assert [row[0] for row in rows_of("SELECT pseudonym FROM client_case")] == ["U25-051"]
        assert rows_of("SELECT * FROM history") == []

    @pytest.mark.parametrize(
        "again",
        [
            1,
            [1],
            [{}],
            [{"n": 0}],
            [{"n": 1, "effective": "x"}],
            [{"n": 1, "given": []}],
            [{"m": 1}],
        ],
    )
    def test_odd_claims_are_no_request(self, office: Office, again: Any) -> None:
        before = dump()
        with pytest.raises(Exception, match="invalid"):
            office.anna.send(again=again)
        assert dump() == before


class TestNames:
    def made(self, office: Office, name: Any, phone: Phone | None = None) -> str:
        phone = phone or office.anna
        row, _, envelope, operation = phone.new_case()
        claims = [claim(operation, given={"pseudonym": name})]
        assert (
            phone.send(operation, envelopes=[envelope], again=claims)["verdicts"][-1]["verdict"]
            == "accepted"
        )
        return ClientCase.get(ClientCase.id == row).pseudonym

    def test_an_earlier_one_is_kept_and_new_ones_stay_clear_of_it(self, office: Office) -> None:
        office.anna.stored_case()
        restored(office)
        row, _ = office.berta.stored_case()
        assert ClientCase.get(ClientCase.id == row).pseudonym == "U25-102"
        assert self.made(office, "U25-051") == "U25-051"

    def test_one_that_somebody_else_has_is_not(self, office: Office) -> None:
        office.anna.stored_case()
        restored(office)
        assert self.made(office, "U25-001") == "U25-102"
        assert self.made(office, "U25-051") == "U25-051"
        assert self.made(office, "U25-051") == "U25-103"

    @pytest.mark.parametrize(
        "name",
        [
            "U25-000",
            "U25-51",
            "U25--51",
            "Anna",
            "U25-051 ",
            "U25-0051",
            "U25-1101",
            "U25-999999999",
        ],
    )
    def test_none_that_the_server_would_not_have_given(self, office: Office, name: str) -> None:
        restored(office)
        assert self.made(office, name) == "U25-101"

    def test_the_next_new_one_lies_above(self, office: Office) -> None:
        restored(office)
        assert self.made(office, "U25-150") == "U25-150"
        assert Team.get_by_id(office.team).pseudonym_next == 151

    def test_two_of_one_batch(self, office: Office) -> None:
        restored(office)
        made = [office.anna.new_case() for _ in range(2)]
        claims = [claim(operation, given={"pseudonym": "U25-007"}) for *_, operation in made]
        office.anna.send(
            *(operation for *_, operation in made),
            envelopes=[envelope for _, _, envelope, _ in made],
            again=claims,
        )
        names = {row[0] for row in rows_of("SELECT pseudonym FROM client_case")}
        assert names == {"U25-007", "U25-101"}

    def test_no_claim_changes_the_name_of_a_row_that_is_there(self, office: Office) -> None:
        case, _ = office.anna.stored_case()
        restored(office)
        change = office.anna.operation("client_case", case, {"closed": "2026-10-01"})
        office.anna.send(change, again=[claim(change, given={"pseudonym": "U25-077"})])
        assert ClientCase.get(ClientCase.id == case).pseudonym == "U25-001"

    def test_what_a_replaced_database_gave_out_counts(self, office: Office) -> None:
        restored(office, number=500)
        assert self.made(office, "") == "U25-600"


class TestWaiting:
    def test_a_change_waits_for_the_row_that_another_phone_brings(self, office: Office) -> None:
        row, key_id, envelope, creation = office.anna.new_case()
        change = office.berta.operation("client_case", row, {"phone": seal(key_id)})
        _, visit = office.berta.visit(row, key_id)
        restored(office)
        first = office.berta.send(change, visit)["verdicts"]
        answers = [(one["verdict"], one["code"]) for one in first]
        assert answers == [("retry", "restoring"), ("retry", "row_open")]
        office.anna.send(creation, envelopes=[envelope])
        second = office.berta.send(change, visit)["verdicts"]
        assert [one["verdict"] for one in second] == ["accepted"] * 2

    def test_not_for_ever(self, office: Office) -> None:
        restored(office)
        office.clock.advance(log.RETURN_MS)
        change = office.berta.operation("client_case", new_id(0), {"closed": "2026-10-01"})
        assert office.berta.verdict(change)["code"] == "row_unknown"

    def test_whoever_is_not_admitted_any_more_waits(self, office: Office) -> None:
        restored(office)
        phone = office.newcomer
        _, _, envelope, operation = phone.new_case()
        verdicts = phone.send(operation, envelopes=[envelope])["verdicts"]
        assert {one["code"] for one in verdicts} == {"restoring"}
        for other in (office.pap, office.admin):
            wrong = other.operation("client_case", new_id(0), {"closed": "2026-10-01"})
            assert other.verdict(wrong)["code"] == "role_may_not"

    def test_a_key_for_an_epoch_that_is_still_to_come_waits(self, office: Office) -> None:
        restored(office)
        row = new_id(0)
        envelope = office.anna.envelope(row + "0" * 16, reader=office.team + secrets.token_hex(8))
        assert office.anna.verdict(envelopes=[envelope])["code"] == "restoring"
        office.clock.advance(log.RETURN_MS)
        assert office.anna.verdict(envelopes=[envelope])["code"] == "bad_envelope"


def test_nobody_is_signed_in_and_nobody_invited_afterwards(office: Office) -> None:
    run_many(
        'INSERT INTO session (id, "user", device, created_at, last_seen) VALUES (?, ?, ?, 1, 1)',
        [("x", office.anna.user, office.anna.caller.device)],
    )
    run_many(
        'INSERT INTO invitation (token_hash, "user", created_at, expires_at) VALUES (?, ?, 1, 2)',
        [("y", office.anna.user)],
    )
    log.end_all_sessions()
    assert rows_of("SELECT * FROM session") == rows_of("SELECT * FROM invitation") == []
    assert User.select().count() == 8


def test_the_name_of_a_new_row_comes_with_its_verdict(office: Office) -> None:
    """Or a phone that dies between two pages could not bring it back."""
    for _ in range(3):
        office.anna.stored_case()
    case, _, envelope, operation = office.anna.new_case()
    for _ in range(2):  # The second time the answer was lost, and it is sent again.
        answer = office.anna.send(operation, envelopes=[envelope], limit=1)
        assert answer["more"]
        (row,) = [row for row in answer["rows"] if row["id"] == case]
        assert row["columns"]["pseudonym"] == "U25-004"
    whole = office.anna.send(operation, envelopes=[envelope])
    assert [row["id"] for row in whole["rows"]].count(case) == 1, "once, where its page has it"
