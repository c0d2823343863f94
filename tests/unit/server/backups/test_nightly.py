"""Every night one, rotating: with a clock that runs through weeks, and clocks that are changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from server import backup_file, backups
from server.app import create_app
from server.backup_file import BackupProblem
from server.config import Config
from server.db import close_connection
from server.doctor import Finding, examine
from server.membership import make_team
from tests.unit.server.office import Clock

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 24 * 60 * 60 * 1000


def ms(text: str, zone: ZoneInfo = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(data_dir=tmp_path / "data")


@pytest.fixture
def clock() -> Clock:
    return Clock(ms("2026-03-01T12:00"))


@pytest.fixture
def app(config: Config, clock: Clock) -> Iterator[Flask]:
    made = create_app(config, clock=clock)
    make_team("U25", clock())
    yield made
    close_connection()


def run_jobs(app: Flask) -> None:
    """What a worker does at its start and every few minutes."""
    app.extensions["zuzweit_jobs"].run_all()


def times(config: Config) -> list[str]:
    """When the backups in the folder were made, in the office's zone, the oldest first."""
    found = sorted(backup_file.backups_in(config.backup_dir).values())
    return [f"{datetime.fromtimestamp(at / 1000, BERLIN):%Y-%m-%d %H:%M}" for at in found]


@pytest.mark.parametrize("begin", ["2026-03-01T12:00", "2026-10-01T12:00"])
def test_forty_nights_with_clocks_going_on_or_back(
    app: Flask, config: Config, clock: Clock, begin: str
) -> None:
    clock.ms = ms(begin)
    seen: set[str] = set()
    for _ in range(40 * 24 * 2):
        clock.advance(30 * 60 * 1000)
        run_jobs(app)
        kept = times(config)
        seen.update(kept)
        assert len(kept) <= 31
    first = datetime.fromisoformat(begin).date()
    # The first one at once, because there is none; then one a night, at the hour or when the
    # clocks have skipped it.
    nights = {f"{first + timedelta(days=n)}" for n in range(1, 41)}
    by_day = {time[:10]: time[11:] for time in seen if not time.startswith(str(first))}
    assert by_day.keys() == nights
    skipped = {"2026-03-29": "03:30"}
    assert all(time == skipped.get(day, "02:30") for day, time in by_day.items()), by_day
    assert len(seen) == 41
    oldest = datetime.fromisoformat(times(config)[0]).replace(tzinfo=BERLIN)
    assert clock() - oldest.timestamp() * 1000 <= 30 * DAY


def test_a_worker_that_was_down_makes_it_up_once(app: Flask, config: Config, clock: Clock) -> None:
    clock.ms = ms("2026-06-10T20:00")
    run_jobs(app)
    clock.ms = ms("2026-06-12T09:17")
    for _ in range(3):
        run_jobs(app)
        clock.advance(5 * 60 * 1000)
    assert times(config) == ["2026-06-10 20:00", "2026-06-12 09:17"]


def test_one_made_by_hand_before_the_hour_does_not_count_for_the_night(
    app: Flask, config: Config, clock: Clock
) -> None:
    clock.ms = ms("2026-06-10T02:29")
    with app.app_context():
        backups.back_up(config, config.backup_dir, clock())
    run_jobs(app)
    assert len(times(config)) == 1
    clock.advance(60 * 1000)
    run_jobs(app)
    assert times(config) == ["2026-06-10 02:29", "2026-06-10 02:30"]


def test_the_hour_is_the_offices(config: Config) -> None:
    from dataclasses import replace

    late = replace(config, backup_at="23:15", time_zone="America/New_York")
    now = ms("2026-06-10T12:00", ZoneInfo("UTC"))
    assert backups.last_due(late, now) == ms("2026-06-09T23:15", ZoneInfo("America/New_York"))
    assert backups.last_due(config, now) == ms("2026-06-10T02:30")
    assert backups.last_due(config, ms("2026-06-10T02:29")) == ms("2026-06-09T02:30")


def test_an_hour_that_comes_twice_counts_once(config: Config) -> None:
    first = ms("2026-10-25T02:30")
    for later in (first, first + 60 * 60 * 1000, first + 2 * 60 * 60 * 1000):
        assert backups.last_due(config, later) == first
    assert datetime.fromtimestamp(first / 1000, UTC).hour == 0


def test_one_from_the_future_stands_for_nothing(app: Flask, config: Config, clock: Clock) -> None:
    clock.ms = ms("2027-06-10T12:00")
    run_jobs(app)
    clock.ms = ms("2026-06-10T12:00")
    run_jobs(app)
    assert times(config) == ["2026-06-10 12:00", "2027-06-10 12:00"]


class TestRotation:
    def test_the_newest_whole_one_stays_however_old(
        self, app: Flask, config: Config, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(3):
            run_jobs(app)
            clock.advance(DAY)
        good, torn = times(config)[-2:]
        newest = next(iter(backup_file.backups_in(config.backup_dir)))
        newest.write_bytes(newest.read_bytes()[:100])

        def fail(*_: object) -> None:
            raise BackupProblem("Heute nicht.")

        monkeypatch.setattr(backups.ENGINES["sqlite"], "copy", fail)
        clock.advance(60 * DAY)
        run_jobs(app)
        assert times(config) == [good]
        assert torn != good

    def test_fewer_days_remove_more(self, app: Flask, config: Config, clock: Clock) -> None:
        for _ in range(8):
            run_jobs(app)
            clock.advance(DAY)
        clock.advance(-DAY)
        assert len(times(config)) == 8
        backups._rotate(config.backup_dir, 3, clock())
        assert len(times(config)) == 4

    def test_other_files_stay(self, app: Flask, config: Config, clock: Clock) -> None:
        config.backup_dir.mkdir(parents=True)
        others = ["notes.txt", "zuzweit-alt.zip", "zuzweit-20269999T000000Z.zip", "erased.jsonl"]
        for name in others:
            (config.backup_dir / name).write_text("")
        run_jobs(app)
        clock.advance(90 * DAY)
        run_jobs(app)
        assert {*others} <= {path.name for path in config.backup_dir.iterdir()}
        assert len(times(config)) == 1


def finding(config: Config, monkeypatch: pytest.MonkeyPatch, now: int) -> Finding:
    from server import access

    monkeypatch.setattr(access, "wall_clock", lambda: now)
    [found] = [one for one in examine(config) if "Sicherung" in one.text]
    return found


def test_the_doctor_says_how_old_the_last_one_is(
    app: Flask, config: Config, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = clock()
    fresh = finding(config, monkeypatch, begun)
    assert (fresh.good, fresh.hint) == (False, True)
    assert "liegt keine Sicherung" in fresh.text
    late = finding(config, monkeypatch, begun + 3 * DAY)
    assert (late.good, late.hint) == (False, False)
    run_jobs(app)
    said = {days: str(finding(config, monkeypatch, begun + days * DAY)) for days in (0, 1, 2, 17)}
    assert said == {
        0: "✔ Die letzte Sicherung ist weniger als einen Tag alt.",
        1: "✔ Die letzte Sicherung ist 1 Tag alt.",
        2: "✘ Die letzte Sicherung ist 2 Tage alt.",
        17: "✘ Die letzte Sicherung ist 17 Tage alt.",
    }
