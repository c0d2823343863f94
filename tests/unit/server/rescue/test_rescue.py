"""Rescue files: what is brought in, once, as if the phone had sent it, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server import rescue
from server.accounts import Device, User
from server.db import rows_of
from server.ids import new_id
from server.rescue import MOST_BYTES, Rescued, RescueProblem
from server.sealing import Seed, close_rescue, rescue_pair, to_base64url
from tests.unit.server.office import START_MS, Office, Phone, another_phone, dump, seal

SECRET = "der geheime Schlüssel der Installation"
SEED, OTHER_SEED = Seed(b"a" * 32), Seed(b"b" * 32)
PUBLIC = to_base64url(rescue_pair(SECRET)[0])

Make = Callable[..., Path]


@pytest.fixture(autouse=True)
def signing_key(office: Office) -> None:
    """Anna's key is a real one here: she signs."""
    _sign_with(office.anna.user, SEED)


def _sign_with(user: str, seed: Seed) -> None:
    public = to_base64url(seed.sign_public)
    User.update(sign_public=public).where(User.id == user).execute()


@pytest.fixture
def make(office: Office, tmp_path: Path) -> Make:
    """Writes a file of Anna's phone with these sends, envelopes first."""

    def made(
        *operations: Any,
        envelopes: Any = (),
        phone: Phone = office.anna,
        seed: Seed = SEED,
        public: str = PUBLIC,
        **changes: Any,
    ) -> Path:
        sends = [("envelope", one) for one in envelopes] + [("operation", o) for o in operations]
        content = {
            "format": 1,
            "team": phone.caller.team,
            "user": phone.user,
            "device": phone.caller.device,
            "at": "2026-09-21T13:33:20Z",
            "schema": 1,
            "sends": [
                {"kind": kind, "send": one if isinstance(one, str) else json.dumps(one)}
                for kind, one in sends
            ],
            **changes,
        }
        path = tmp_path / "telefon.zuzweit"
        path.write_text(close_rescue(json.dumps(content), seed, public))
        return path

    return made


def bring_in(path: Path) -> Rescued:
    return rescue.bring_in(path, SECRET, START_MS)


def test_what_a_phone_could_not_send_is_there_for_the_colleague(office: Office, make: Make) -> None:
    case, key, envelope, creation = office.anna.new_case()
    visit, contact = office.anna.visit(case, key)
    done = bring_in(make(creation, contact, envelopes=[envelope]))
    assert (done.new, done.known, done.refused, done.open) == (3, 0, [], [])
    rows = office.berta.pull()["rows"]
    assert {case, visit} <= rows.keys()
    assert rows[visit]["created_by"] == office.anna.user
    assert rows[visit]["columns"]["observation"] == contact["set"]["observation"]


def test_nothing_is_doubled_however_often_it_comes(office: Office, make: Make) -> None:
    case, key, envelope, creation = office.anna.new_case()
    _, contact = office.anna.visit(case, key)
    # The key and the case had arrived before the phone fell silent.
    office.anna.send(creation, envelopes=[envelope])
    path = make(creation, contact, envelopes=[envelope])
    done = bring_in(path)
    assert (done.new, done.known) == (1, 2)
    before = dump()
    again = bring_in(path)
    assert (again.new, again.known) == (0, 3)
    assert dump() == before
    # And then the phone is found again, and syncs as ever: the same numbers, the same bytes.
    answer = office.anna.send(creation, contact, envelopes=[envelope])
    assert {verdict["verdict"] for verdict in answer["verdicts"]} == {"accepted"}
    assert rows_of("SELECT count(*) FROM visit") == [(1,)]


def test_a_phone_that_has_another_number_by_then_doubles_nothing_either(
    office: Office, make: Make
) -> None:
    case, key = office.anna.stored_case()
    _, contact = office.anna.visit(case, key)
    bring_in(make(contact))
    renumbered = another_phone(office.anna)
    assert renumbered.verdict(contact | {"n": 1})["verdict"] == "accepted"
    assert rows_of("SELECT count(*) FROM visit") == [(1,)]
    assert rows_of("SELECT count(*) FROM history") == [(0,)]


def test_what_is_refused_is_told_with_its_number_and_why(office: Office, make: Make) -> None:
    case, key = office.anna.stored_case()
    _, contact = office.anna.visit(case, key)
    nobodys = office.anna.operation("visit", new_id(START_MS), {"outcome": seal(key)})
    done = bring_in(make(contact, nobodys, '{"n": 0}', "kein JSON"))
    assert done.new == 1
    assert [(one.n, one.code) for one in done.refused] == [
        (None, "malformed"),
        (None, "malformed"),
        (nobodys["n"], "row_unknown"),
    ]
    report = "\n".join(done.lines())
    assert "Neu angenommen: 1" in report
    assert f"Nr. {nobodys['n']} (visit): " in report
    assert "Sicherungsdatei von Anna" in report


def test_what_hangs_on_a_gap_stays_open(office: Office, make: Make) -> None:
    case, key, _, creation = office.anna.new_case()
    _, contact = office.anna.visit(case, key)
    done = bring_in(make(creation, contact))
    assert [one.code for one in done.open] == ["key_open", "row_open"]
    assert done.new == 0
    assert "Noch nicht möglich: 2" in "\n".join(done.lines())


def test_late_work_of_somebody_who_stands_in_is_held(office: Office, make: Make) -> None:
    case, key = office.anna.stored_case()
    _, handed = office.anna.handover(case, key, office.deputy.user)
    office.anna.send(handed)
    _, contact = office.deputy.visit(case, key)
    office.clock.advance(30 * 24 * 60 * 60 * 1000)
    _sign_with(office.deputy.user, OTHER_SEED)
    path = make(contact, phone=office.deputy, seed=OTHER_SEED)
    done = rescue.bring_in(path, SECRET, office.clock())
    assert (done.held, done.new, done.refused) == (1, 0, [])


def test_tray_and_drafts_are_counted_and_stay_in_the_file(make: Make) -> None:
    aside = {"send": '{"n": 9}', "code": "role_may_not", "field": None, "at": 1}
    draft = {"key": "visit:new", "version": 1, "changed_at": 1, "sealed": "AAAA"}
    note = {"id": "1" * 32, "at": 1, "box": "AAAA"}
    done = bring_in(make(tray=[aside], held=[aside], drafts=[draft, draft], notes=[note]))
    assert (done.tray, done.drafts, done.notes) == (1, 2, 1)
    report = "\n".join(done.lines())
    assert "nicht eingelesen: 1" in report
    assert "hier nicht lesbar: 2" in report
    assert "Schnellnotizen, versiegelt, hier nicht lesbar: 1" in report


def test_numbers_used_for_something_else_change_nothing(office: Office, make: Make) -> None:
    case, key = office.anna.stored_case()
    _, contact = office.anna.visit(case, key)
    office.anna.send(contact)
    _, other = office.anna.visit(case, key)
    before = dump()
    done = bring_in(make(other | {"n": contact["n"]}))
    assert [(one.n, one.code) for one in done.open] == [(contact["n"], "device_cloned")]
    assert "schon etwas anderes gesendet" in "\n".join(done.lines())
    assert dump() == before


def test_many_sends_come_in_by_several_transactions(office: Office, make: Make) -> None:
    case, key = office.anna.stored_case()
    contacts = [office.anna.visit(case, key)[1] for _ in range(1100)]
    assert bring_in(make(*contacts)).new == 1100


def _refused(path: Path, *words: str, secret: str = SECRET) -> None:
    before = dump()
    with pytest.raises(RescueProblem) as caught:
        rescue.bring_in(path, secret, START_MS)
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert dump() == before


def test_words_nobody_but_she_could_sign(office: Office, make: Make) -> None:
    """A colleague, or an admin with the server's key, cannot plant words in Anna's name."""
    case, key = office.anna.stored_case()
    _, contact = office.anna.visit(case, key)
    _refused(make(contact, seed=OTHER_SEED), "Unterschrift", "gefälscht")
    # Signed by Berta, said to be Anna's: the name in it is what counts.
    _sign_with(office.berta.user, OTHER_SEED)
    _refused(make(contact, seed=OTHER_SEED, user=office.anna.user), "Unterschrift")


def test_a_file_that_was_cut_or_changed(make: Make) -> None:
    path = make()
    whole = path.read_text()
    for broken in (whole[:-40], whole[:200], whole[:300] + "A" + whole[301:]):
        path.write_text(broken if broken != whole else whole.swapcase())
        with pytest.raises(RescueProblem):
            bring_in(path)
    for nothing in ("", "zuzweit-rescue 1\n", "PK\x03\x04", "zuzweit-rescue 2\nAAAA"):
        path.write_text(nothing)
        with pytest.raises(RescueProblem):
            bring_in(path)
    path.write_bytes(b"\xff\xfe zuzweit-rescue 1")
    _refused(path, "keine Sicherungsdatei")


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES * 50)
    with pytest.raises(RescueProblem, match="zu groß"):
        bring_in(path)


def test_a_file_for_another_installation(make: Make) -> None:
    _refused(make(), "anderen secret_key", secret="ein anderer Schlüssel")


@pytest.mark.parametrize(
    "content",
    ["null", "[]", "{}", '{"format": 1}', "[" * 100_000, '{"format": 1, "sends": {}}'],
)
def test_a_signed_file_that_says_nothing_sensible(tmp_path: Path, content: str) -> None:
    path = tmp_path / "odd"
    path.write_text(close_rescue(content, SEED, PUBLIC))
    _refused(path, "nicht, was hineingehört")


def test_a_format_of_later(make: Make) -> None:
    _refused(make(format=2), "neueren Version")


def test_who_and_what_must_be_of_this_installation(office: Office, make: Make) -> None:
    _refused(make(team=office.other_team), "gehört nicht zu diesem Team")
    _refused(make(user=new_id(START_MS)), "gehört nicht zu diesem Team")
    _refused(make(device=office.berta.caller.device), "kennt dieser Server nicht")
    _refused(make(device=new_id(START_MS)), "kennt dieser Server nicht")


def test_what_a_locked_phone_wrote_waits_for_a_decision(office: Office, make: Make) -> None:
    case, key = office.anna.stored_case()
    _, contact = office.anna.visit(case, key)
    Device.update(revoked_at=1).where(Device.id == office.anna.caller.device).execute()
    path = make(contact)
    assert (bring_in(path).new, bring_in(path).held) == (0, 1)
    assert rows_of("SELECT count(*) FROM visit") == [(0,)]
    [waiting] = office.berta.send()["state"]["held"]
    assert waiting["operation"]["row"] == contact["row"]


def test_a_resting_account_brings_nothing(office: Office, make: Make) -> None:
    User.update(disabled_at=1).where(User.id == office.anna.user).execute()
    _refused(make(), "ruht")


def test_whoever_sees_nothing_brings_nothing_in(office: Office, make: Make) -> None:
    case, key = office.anna.stored_case()
    _sign_with(office.newcomer.user, OTHER_SEED)
    _, contact = office.newcomer.visit(case, key)
    done = bring_in(make(contact, phone=office.newcomer, seed=OTHER_SEED))
    assert [one.code for one in done.refused] == ["role_may_not"]
    assert rows_of("SELECT count(*) FROM visit") == [(0,)]
