"""There is always a visit planned for today, at a flat, by the two who do the field work."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server import demo
from server.accounts import LoginSession, User
from server.app import create_app
from server.config import Config
from server.db import close_connection
from server.demo.accounts import DemoAccount, DemoProblem
from server.demo.keeping import AHEAD_MS, Keeper
from server.demo.phone import Phone
from server.demo.wires import InProcess
from server.features.cases import ClientCase
from server.features.visits import Visit

HOUR = 60 * 60 * 1000
DAY = 24 * HOUR
NOON = int(datetime(2026, 11, 23, 11, tzinfo=UTC).timestamp() * 1000)
MIDNIGHT = NOON + 12 * HOUR  # In Berlin.


@dataclass
class Shown:
    """A demo that was made at NOON."""

    config: Config
    accounts: list[DemoAccount]

    def keeper(self, now: int, zone: str = "Europe/Berlin") -> Keeper:
        """A process of it that begins at `now`."""
        app = create_app(self.config, clock=lambda: now)
        return Keeper(app, self.config.data_dir, zone, self.accounts)

    def phone(self, number: int, now: int) -> Phone:
        """The phone of one of the accounts, synced."""
        account = self.accounts[number]
        app = create_app(self.config, clock=lambda: now)
        phone = Phone(InProcess(app), account.username, lambda: now)
        phone.sign_in_with(account.password)
        phone.sync()
        return phone

    def promised(self, day: str, now: int) -> list[Visit]:
        """The visits of the contract on a day of UTC."""
        first, second = (User.get(User.name == one.username).id for one in self.accounts[:2])
        phone = self.phone(0, now)
        return [
            visit
            for visit in Visit.select().where(
                Visit.planned_start.startswith(day),
                Visit.counsellor == first,
                Visit.companion == second,
                Visit.happened_at.is_null(),
                Visit.deleted_at.is_null(),
            )
            if phone.read("visit", visit.id)["place_kind"] == "in_flat"
            and ClientCase.get(ClientCase.id == visit.case).closed is None
        ]


@pytest.fixture
def shown(tmp_path: Path):
    config = Config(data_dir=tmp_path)
    accounts = demo.create(create_app(config, clock=lambda: NOON), config, NOON, cases=6)
    yield Shown(config, accounts)
    close_connection()


def test_asked_again_on_the_same_day_it_plans_nothing(shown: Shown) -> None:
    before = Visit.select().count()
    keeper = shown.keeper(NOON)
    for minute in range(3):
        keeper.keep_current(NOON + minute * 60_000)
    assert Visit.select().count() == before
    assert len(shown.promised("2026-11-23", NOON)) == 1


def test_another_day_has_its_visit(shown: Shown) -> None:
    shown.keeper(NOON + DAY).keep_current(NOON + DAY)
    assert len(shown.promised("2026-11-24", NOON + DAY)) == 1


def test_a_day_does_not_begin_without_its_visit(shown: Shown) -> None:
    keeper = shown.keeper(NOON)
    late = MIDNIGHT - AHEAD_MS
    keeper.keep_current(late - 60_000)
    assert shown.promised("2026-11-24", late) == []
    keeper.keep_current(late)
    assert len(shown.promised("2026-11-24", late)) == 1
    keeper.keep_current(MIDNIGHT + 60_000)
    assert len(shown.promised("2026-11-24", MIDNIGHT + 60_000)) == 1


def test_the_day_is_the_offices(shown: Shown) -> None:
    # While Berlin has its breakfast, Honolulu still has the evening before.
    morning = MIDNIGHT + 6 * HOUR
    shown.keeper(morning, "Pacific/Honolulu").keep_current(morning)
    assert shown.promised("2026-11-24", morning) == []
    shown.keeper(morning).keep_current(morning)
    assert len(shown.promised("2026-11-24", morning)) == 1


CHANGES: dict[str, Callable[[Phone, str, str], Any]] = {
    "other counsellor": lambda phone, visit, other: phone.write(
        "visit", visit, {"counsellor": other}
    ),
    "other companion": lambda phone, visit, _: phone.write("visit", visit, {"companion": None}),
    "elsewhere": lambda phone, visit, _: phone.write("visit", visit, {"place_kind": "cafe"}),
    "happened": lambda phone, visit, _: phone.write(
        "visit", visit, {"happened_at": "2026-11-23T10:00:00Z"}
    ),
    "another day": lambda phone, visit, _: phone.write(
        "visit", visit, {"planned_start": "2026-11-29T10:00:00Z"}
    ),
    "deleted": lambda phone, visit, _: phone.write(
        "visit", visit, {"deleted_at": "2026-11-23T10:00:00Z"}
    ),
    "case closed": lambda phone, visit, _: phone.write(
        "client_case", Visit.get(Visit.id == visit).case, {"closed": "2026-11-23"}
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_visit_that_is_no_longer_the_one_does_not_count(
    shown: Shown, change: Callable[[Phone, str, str], Any]
) -> None:
    keeper = shown.keeper(NOON)
    keeper.keep_current(NOON)
    [visit] = shown.promised("2026-11-23", NOON)
    phone = shown.phone(1, NOON + 60_000)
    change(phone, visit.id, phone.user)
    phone.sync()
    assert not phone.store.tray
    assert shown.promised("2026-11-23", NOON + 60_000) == []
    keeper.keep_current(NOON + 120_000)
    assert len(shown.promised("2026-11-23", NOON + 120_000)) == 1


def test_where_the_first_has_no_open_case_one_begins(shown: Shown) -> None:
    phone = shown.phone(0, NOON + 60_000)
    for case in ClientCase.select().where(ClientCase.closed.is_null()):
        phone.write("client_case", case.id, {"closed": "2026-11-23"})
    phone.sync()
    before = ClientCase.select().count()
    shown.keeper(NOON + DAY).keep_current(NOON + DAY)
    [visit] = shown.promised("2026-11-24", NOON + DAY)
    assert ClientCase.select().count() == before + 1
    case = shown.phone(1, NOON + DAY).read("client_case", visit.case)
    assert (case["counsellor"], case["handed_over"]) == (phone.user, "2026-11-24")
    assert case["activation_limit"] == "2027-05-23"
    assert case["name"]


def test_of_many_processes_one_plans(shown: Shown) -> None:
    keepers = [shown.keeper(NOON + DAY) for _ in range(4)]
    problems: list[BaseException] = []

    def keep(keeper: Keeper) -> None:
        try:
            keeper.keep_current(NOON + DAY)
        except BaseException as problem:  # noqa: BLE001 (handed to the test)
            problems.append(problem)
        finally:
            close_connection()

    threads = [threading.Thread(target=keep, args=[keeper]) for keeper in keepers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    assert len(shown.promised("2026-11-24", NOON + DAY)) == 1


def test_it_signs_in_once_and_again_when_it_was_signed_out(shown: Shown) -> None:
    keeper = shown.keeper(NOON + DAY)
    keeper.keep_current(NOON + DAY)
    sign_ins = sessions()
    keeper.keep_current(NOON + 2 * DAY)
    assert sessions() == sign_ins
    end_all_sessions()
    keeper.keep_current(NOON + 3 * DAY)
    assert len(shown.promised("2026-11-26", NOON + 3 * DAY)) == 1


def sessions() -> int:
    return LoginSession.select().count()


def end_all_sessions() -> None:
    LoginSession.update(revoked_at=NOON).execute()


def test_accounts_of_another_database_are_said(shown: Shown) -> None:
    shown.accounts[0].password = "ganz-falsch-ist-dieses-eine"
    with pytest.raises(DemoProblem, match="passen nicht"):
        shown.keeper(NOON + DAY).keep_current(NOON + DAY)
    shown.accounts[1].username = "niemand"
    with pytest.raises(DemoProblem, match="passen nicht"):
        shown.keeper(NOON + DAY).keep_current(NOON + DAY)
