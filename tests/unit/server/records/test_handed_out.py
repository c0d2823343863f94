"""What was handed to whom, as the log of the office tells it."""

from server import handed_out
from server.db import run_many
from tests.unit.server.office import Office


def test_a_handover_and_what_came_of_late_work(office: Office):
    case, key_id = office.anna.stored_case()
    row, handover = office.anna.handover(case, key_id, office.deputy.user)
    office.anna.send(handover)
    [line] = handed_out.read_all(office.team)
    assert (line.by, line.to) == (office.anna.user, office.deputy.user)
    assert (line.what, line.detail) == ("Fall U25-001", "21.09.2026 bis 30.09.2026")
    assert line.at == office.clock()
    office.anna.send(office.anna.operation("handed_case", row, {"until": "2026-09-20"}))
    assert handed_out.read_all(office.team)[0].detail.endswith(", zurückgenommen")
    _, contact = office.deputy.visit(case, key_id)
    assert office.deputy.verdict(contact)["verdict"] == "held"
    assert len(handed_out.read_all(office.team)) == 1
    decided = ("released", office.berta.user, office.clock() + 1)
    run_many("UPDATE held SET decision = ?, decided_by = ?, decided_at = ?", [decided])
    newest = handed_out.read_all(office.team)[0]
    assert (newest.by, newest.to) == (office.berta.user, office.deputy.user)
    assert (newest.what, newest.detail) == ("Später Eintrag zu U25-001", "übernommen")
    assert handed_out.read_all(office.other_team) == []
