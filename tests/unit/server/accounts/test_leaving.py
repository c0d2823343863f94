"""Somebody leaves: what she signed and closed still opens for those who stay."""

from server.accounts import User
from server.demo.phone import Phone
from server.demo.store import new_store
from server.demo.wires import InProcess
from server.ids import new_id
from server.invitations import invite
from server.membership import mark
from tests.unit.server.accounts.office import Office

PASSWORD = "Schirm-Lampe-Treppe-9"


def newcomer(office: Office, name: str) -> Phone:
    """A registered aB-pAp on her own phone."""
    token = invite(office.team, name, name.title(), "ab_pap", now=office.now, valid_ms=60_000).token
    phone = Phone(InProcess(office.app), name, lambda: office.now, store=new_store(new_id(1)))
    phone.accept(token, PASSWORD)
    phone.sync()
    return phone


def new_phone_of(office: Office, name: str) -> Phone:
    """The same person on a phone that knows nothing."""
    phone = Phone(InProcess(office.app), name, lambda: office.now, store=new_store(new_id(2)))
    phone.sign_in_with(PASSWORD)
    phone.sync()
    return phone


def leaves(office: Office, phone: Phone) -> None:
    """Her account rests, as `zuzweit disable` does it."""
    User.update(disabled_at=office.now).where(User.id == phone.user).execute()
    mark(office.team)


def test_a_new_phone_reads_what_the_founder_closed_before_she_left(office: Office) -> None:
    jana, mira = newcomer(office, "jana"), newcomer(office, "mira")
    jana.found_team()
    jana.admit(mira)
    case = jana.create_case({"kind": "handover", "name": "Levin Ackerstaff"})
    jana.sync()
    leaves(office, jana)
    fresh = new_phone_of(office, "mira")
    assert fresh.refused_keys == {}
    assert fresh.read("client_case", case)["name"] == "Levin Ackerstaff"


def test_a_later_newcomer_believes_the_first_key_too(office: Office) -> None:
    jana, mira = newcomer(office, "jana"), newcomer(office, "mira")
    jana.found_team()
    jana.admit(mira)
    mira.sync()
    case = mira.create_case({"kind": "handover", "name": "Levin Ackerstaff"})
    mira.sync()
    leaves(office, jana)
    nora = newcomer(office, "nora")
    mira.admit(nora)
    nora.sync()
    assert nora.read("client_case", case)["name"] == "Levin Ackerstaff"
