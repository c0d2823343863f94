"""The demo's contract: its accounts, its year, and a visit for whatever day it is opened on."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask

from server import demo
from server.accounts import User
from server.app import create_app
from server.config import Config, read_config
from server.db import close_connection
from server.demo.accounts import kept_accounts
from server.demo.phone import Phone
from server.demo.stories import six_months, tell
from server.demo.wires import InProcess
from server.features.cases import ClientCase
from server.features.visits import Visit

NOON = int(datetime(2026, 11, 23, 11, tzinfo=UTC).timestamp() * 1000)
LATE = int(datetime(2026, 11, 23, 22, 50, tzinfo=UTC).timestamp() * 1000)  # 23:50 in Berlin


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Config]:
    yield read_config({"ZUZWEIT_DATA_DIR": str(tmp_path)})
    close_connection()


def opened(config: Config, now: int) -> Flask:
    return create_app(config, clock=lambda: now)


def planned(day: str) -> list[Visit]:
    visits = Visit.select().where(Visit.planned_start.startswith(day))
    return list(visits.order_by(Visit.planned_start))


def test_it_keeps_its_accounts_as_tests_and_trainings_read_them(config: Config) -> None:
    accounts = demo.create(opened(config, NOON), config, NOON, cases=4)
    file = config.data_dir / "accounts.json"
    kept = json.loads(file.read_text())
    assert list(kept) == ["accounts"]
    assert {frozenset(one) for one in kept["accounts"]} == {
        frozenset({"username", "password", "name", "role"})
    }
    roles = [one["role"] for one in kept["accounts"]]
    assert sorted(roles) == ["ab_pap"] * 2 + ["admin", "deputy", "pap", "pap", "team_leader"]
    assert file.stat().st_mode & 0o077 == 0
    assert kept_accounts(config.data_dir) == accounts


@pytest.mark.parametrize("now", [NOON, LATE])
def test_the_first_ab_pap_has_a_visit_at_a_flat_today(config: Config, now: int) -> None:
    accounts = demo.create(opened(config, now), config, now, cases=12)
    first, second = [one.username for one in accounts if one.role == "ab_pap"]
    visit = planned("2026-11-23")[0]
    assert visit.counsellor == User.get(User.name == first).id
    assert visit.companion == User.get(User.name == second).id
    phone = Phone(InProcess(opened(config, now)), first, lambda: now)
    phone.sign_in_with(accounts[0].password)
    phone.sync()
    assert phone.read("visit", visit.id)["place_kind"] == "in_flat"
    assert ClientCase.get(ClientCase.id == visit.case).closed is None


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2014-04-01", "2014-09-30"),
        ("2014-03-31", "2014-09-30"),
        ("2014-08-29", "2015-02-28"),
        ("2014-08-31", "2015-02-28"),
        ("2014-09-01", "2015-02-28"),
        ("2014-10-01", "2015-03-31"),
        ("2015-08-31", "2016-02-29"),
        ("2015-03-01", "2015-08-31"),
    ],
)
def test_six_months_end_as_the_law_counts(start: str, end: str) -> None:
    """§§ 187 (2), 188 (2), (3) BGB; the same vectors as the phone's own rule."""
    assert six_months(date.fromisoformat(start)) == date.fromisoformat(end)


def test_two_demos_of_one_day_tell_the_same_story() -> None:
    today = date(2026, 11, 23)
    assert tell(50, today) == tell(50, today)
    assert len({story.sealed["name"] for story in tell(50, today)}) == 50
