"""Who must see nothing sees nothing, not even that it exists."""

import pytest

from server.db import run_many
from server.errors import ApiError
from server.ids import new_id
from server.synced import tables
from tests.unit.server.office import Office, Phone, dump, new_key_id, seal

NOBODY = ["newcomer", "deputy", "pap", "team_leader", "admin"]


def outsider(office: Office, who: str) -> Phone:
    return office.without_rights[who]


@pytest.mark.parametrize("who", NOBODY)
def test_no_rows_and_no_envelopes_for_who_has_no_right(office: Office, who: str) -> None:
    office.anna.stored_case()
    phone = outsider(office, who)
    answer = phone.send()
    assert (answer["rows"], answer["envelopes"], answer["more"]) == ([], [], False)
    assert answer["cursor"] is None
    assert answer["scope"]["team"] is None
    # A cursor taken from somebody else helps nobody.
    assert phone.send(cursor=office.anna.send()["cursor"])["rows"] == []


@pytest.mark.parametrize("who", NOBODY)
@pytest.mark.parametrize("table", sorted(tables()))
def test_no_operation_for_who_has_no_right(office: Office, who: str, table: str) -> None:
    case, key_id = office.anna.stored_case()
    row, visit = office.anna.visit(case, key_id)
    office.anna.send(visit)
    handed, handover = office.anna.handover(case, key_id, office.stranger.user)
    office.anna.send(handover)
    stored = {"client_case": case, "visit": row, "handed_case": handed}[table]
    phone = outsider(office, who)
    before = {name: rows for name, rows in dump().items() if name not in {"verdict", "device"}}
    answers = []
    for target in (stored, new_id(0)):
        for values in ({"deleted_at": None}, {"kind": "handover"}, {"case": case}, {"nonsense": 1}):
            verdict = phone.verdict(phone.operation(table, target, values))
            answers.append((verdict["verdict"], verdict["code"], verdict["field"]))
    envelope = phone.envelope(new_key_id(case))
    assert phone.verdict(envelopes=[envelope])["code"] == "role_may_not"
    # What is there is answered like what is not.
    assert answers[:4] == answers[4:]
    may_with_a_case = table == "visit" and who in {"deputy", "pap"}
    codes = {"row_unknown", "row_refused"} if may_with_a_case else {"role_may_not"}
    assert {answer[:2] for answer in answers} == {("refused", code) for code in codes}
    after = {name: rows for name, rows in dump().items() if name not in {"verdict", "device"}}
    assert after == before


@pytest.mark.parametrize("who", [*NOBODY, "stranger"])
@pytest.mark.parametrize("table", [*sorted(tables()), "no_such_table"])
def test_history_is_as_unknown_as_a_row_that_does_not_exist(
    office: Office, who: str, table: str
) -> None:
    case, key_id = office.anna.stored_case()
    office.anna.send(office.anna.operation("client_case", case, {"name": seal(key_id)}))
    phone: Phone = getattr(office, who)
    answers = set()
    for row in (case, new_id(0)):
        with pytest.raises(ApiError) as refused:
            phone.history(table, row)
        answers.add((refused.value.code, refused.value.field, refused.value.status))
    assert answers == {("row_unknown", "row", 404)}


def test_another_teams_row_is_a_row_that_does_not_exist(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    stranger = office.stranger
    assert stranger.send()["rows"] == []
    verdicts = []
    for row in (case, new_id(office.clock())):
        change = stranger.operation("client_case", row, {"phone": seal(key_id)})
        _, visit = stranger.visit(row, new_key_id(row))
        verdicts.append([stranger.verdict(change), stranger.verdict(visit)])
    codes = [[(v["verdict"], v["code"], v["field"]) for v in pair] for pair in verdicts]
    assert codes[0] == codes[1]
    assert codes[0] == [("refused", "row_unknown", "row"), ("refused", "row_unknown", "case")]
    assert office.anna.pull()["rows"][case]["columns"]["pseudonym"] == "U25-001"


def test_a_person_admitted_later_gets_everything(office: Office) -> None:
    case, _ = office.anna.stored_case()
    newcomer = office.newcomer
    newcomer.pull()
    # While her request is on its way: what it says of her is older than what she is given.
    run_many('UPDATE "user" SET admitted_at = 1 WHERE id = ?', [(newcomer.user,)])
    assert set(newcomer.pull()["rows"]) == {case}


def test_history_of_a_row_with_the_same_id_in_another_team_stays_there(office: Office) -> None:
    case, key_id = office.anna.stored_case()
    office.anna.send(office.anna.operation("client_case", case, {"name": seal(key_id)}))
    stranger = office.stranger
    envelope = stranger.envelope(key_id)
    creation = stranger.operation("client_case", case, {"kind": "handover", "name": seal(key_id)})
    assert stranger.verdict(creation, envelopes=[envelope])["verdict"] == "accepted"
    assert len(office.anna.history("client_case", case)) == 1
    assert stranger.history("client_case", case) == []
