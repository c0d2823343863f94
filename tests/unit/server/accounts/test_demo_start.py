"""`zuzweit demo`: how the invented team comes into its folder, and how it all ends."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server.accounts import Team
from server.config import Config
from server.db import close_connection, open_database
from server.demo.accounts import DemoAccount, accounts_file, keep_accounts
from server.demo.alone import alone_in
from server.demo.showing import kept_app
from server.membership import make_team
from tests.databases import Databases
from tests.loopback import free_port
from tests.unit.server.accounts.commands import INIT, Run

TEAM = [
    DemoAccount("anna", "wa-we", "Anna Ast", "ab_pap"),
    DemoAccount("berta", "wi-wo", "Berta Bach", "ab_pap"),
    DemoAccount("carl", "wu-wau", "Carl Cron", "pap"),
]


def make(app: Flask, config: Config, now: int) -> list[DemoAccount]:
    """Stands for what `tests/unit/demo` looks at: it takes seconds."""
    assert app.secret_key
    make_team("Erfunden", now)
    keep_accounts(config.data_dir, TEAM)
    return TEAM


def interrupted(app: Flask, config: Config, now: int) -> None:
    make(app, config, now)
    raise KeyboardInterrupt


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Config]:
    """What would have been served; the team is made in no time, and has no visits to keep."""
    served: list[Config] = []

    class Served:
        def __init__(self, _load: object, config: Config, _taken: object, with_jobs: bool):
            assert with_jobs
            self.config = config

        def run(self) -> None:
            served.append(self.config)

    monkeypatch.setattr("server.demo.showing.Server", Served)
    monkeypatch.setattr("server.demo.create", make)
    monkeypatch.setattr("server.demo.keeping.Keeper.keep_current", lambda *_given: None)
    monkeypatch.delenv("ZUZWEIT_ADDRESS", raising=False)
    return served


def refused(result: tuple[int, str, str]) -> str:
    code, out, err = result
    assert (code, out) == (1, ""), result
    assert err.count("\n") == 1
    return err


class TestTheFolder:
    def test_it_is_made_and_found_again(self, run: Run, folder: Path, served: list[Config]):
        code, out, err = run("demo")
        assert (code, err) == (0, "")
        assert "wird angelegt" in out
        code, out, _err = run("demo")
        assert code == 0
        assert "wird angelegt" not in out
        assert "wa-we" in out
        open_database(served[-1].database_url)
        assert [team.name for team in Team.select()] == ["Erfunden"]
        modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in folder.rglob("*")}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert modes == {(False, 0o600), (True, 0o700)}

    def test_an_interrupted_start_leaves_nothing_in_the_way(
        self, run: Run, folder: Path, served: list[Config], monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("server.demo.create", interrupted)
        assert run("demo")[0] == 130
        assert not accounts_file(folder).exists()
        monkeypatch.setattr("server.demo.create", make)
        assert run("demo")[0] == 0
        assert not (folder / "making").exists()
        assert len(served) == 1

    @pytest.mark.parametrize("moved", [0, 1, 2, 3])
    def test_a_kill_in_the_middle_of_the_move_is_made_good(
        self,
        run: Run,
        folder: Path,
        served: list[Config],
        monkeypatch: pytest.MonkeyPatch,
        moved: int,
    ):
        rename, done = Path.rename, []

        def rename_some(file: Path, target: Path) -> Path:
            if len(done) == moved:
                raise KeyboardInterrupt
            done.append(file)
            return rename(file, target)

        with monkeypatch.context() as killed:
            killed.setattr(Path, "rename", rename_some)
            assert run("demo")[0] == 130
        assert len(done) == moved
        assert (folder / "making" / "accounts.json").exists()
        assert run("demo")[0] == 0
        assert not (folder / "making").exists()
        open_database(served[0].database_url)
        assert Team.select().count() == 1
        assert run("demo")[0] == 0

    @pytest.mark.usefixtures("served")
    def test_it_does_not_touch_a_real_installation(self, run: Run):
        run(*INIT)
        assert "schon andere Daten" in refused(run("demo"))

    @pytest.mark.usefixtures("served")
    def test_two_do_not_make_it_at_once(self, run: Run, folder: Path):
        folder.mkdir()
        with alone_in(folder):
            assert "wird gerade schon ein Team angelegt" in refused(run("demo"))

    @pytest.mark.usefixtures("served")
    @pytest.mark.parametrize(
        "text",
        [
            b"",
            b"{",
            b"\xff\xfe",
            b"[]",
            b'{"accounts": []}',
            b'{"accounts": [{"username": "anna"}]}',
            json.dumps(
                {"accounts": [{"username": "a", "password": "b", "name": "c", "role": "ab_pap"}]}
            ).encode(),
        ],
    )
    def test_accounts_that_are_no_team(self, run: Run, folder: Path, text: bytes):
        run("demo")
        accounts_file(folder).write_bytes(text)
        said = refused(run("demo"))
        assert f"{accounts_file(folder)} ist beschädigt." in said
        assert f"Löschen Sie den Ordner {folder}" in said

    @pytest.mark.usefixtures("served")
    def test_the_database_is_missing(self, run: Run, folder: Path):
        run("demo")
        close_connection()
        (folder / "zuzweit.sqlite3").unlink()
        assert "fehlt die Datenbank" in refused(run("demo"))
        assert not (folder / "zuzweit.sqlite3").exists()


class TestTheSettings:
    def test_the_prefix_wins(
        self, run: Run, tmp_path: Path, served: list[Config], monkeypatch: pytest.MonkeyPatch
    ):
        port = free_port()
        monkeypatch.setenv("ZUZWEIT_PORT", str(port))
        monkeypatch.setenv("ZUZWEIT_DATA_DIR", str(tmp_path / "prefixed"))
        assert run("demo")[0] == 0
        assert served[0].address == f"http://localhost:{port}"
        assert accounts_file(tmp_path / "prefixed").exists()

    def test_what_is_said_in_the_call_wins_over_both(
        self, run: Run, tmp_path: Path, served: list[Config], monkeypatch: pytest.MonkeyPatch
    ):
        port = free_port()
        monkeypatch.setenv("ZUZWEIT_PORT", "1")
        monkeypatch.setenv("ZUZWEIT_DATA_DIR", "nowhere")
        assert run("demo", "--port", str(port), "--data-dir", str(tmp_path / "said"))[0] == 0
        assert served[0].port == port
        assert accounts_file(tmp_path / "said").exists()

    def test_its_own_folder_is_the_default(
        self, run: Run, tmp_path: Path, served: list[Config], monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.delenv("DATA_DIR")
        monkeypatch.chdir(tmp_path)
        assert run("demo")[0] == 0
        assert served[0].data_dir == Path(".demo")

    def test_a_database_elsewhere(
        self,
        run: Run,
        tmp_path: Path,
        databases: Databases,
        served: list[Config],
        monkeypatch: pytest.MonkeyPatch,
    ):
        url = databases.fresh(tmp_path / "elsewhere")
        monkeypatch.setenv("DATABASE_URL", url)
        assert run("demo")[0] == 0
        open_database(url)
        assert Team.select().count() == 1
        assert run("demo")[0] == 0
        monkeypatch.setenv("DATA_DIR", str(tmp_path / "other"))
        assert "schon andere Daten" in refused(run("demo"))
        assert [config.database_url for config in served] == [url] * 2


def test_accounts_beside_a_foreign_database(
    run: Run, folder: Path, databases: Databases, monkeypatch: pytest.MonkeyPatch
):
    """The whole of it, with nothing put in place: the database is another office's."""
    url = databases.fresh(folder.with_name("elsewhere"))
    monkeypatch.setenv("DATABASE_URL", url)
    assert run(*INIT)[0] == 0
    keep_accounts(folder, TEAM)
    said = refused(run("demo"))
    assert "passen nicht zu den Daten in der Datenbank" in said
    assert "DATABASE_URL" in said


def test_timed_work_is_done_once_before_anybody_looks(run: Run, served: list[Config]):
    assert run("demo")[0] == 0
    app = kept_app(served[0], TEAM)
    with app.app_context():
        states = app.extensions["zuzweit_jobs"].states()
        assert [state.meaning for state in states if state.finished_at is None] == []
        assert [state.meaning for state in states if state.failing()] == []


def test_every_process_keeps_it_current(
    run: Run, served: list[Config], monkeypatch: pytest.MonkeyPatch
):
    kept: list[int] = []
    assert run("demo")[0] == 0
    monkeypatch.setattr("server.demo.keeping.Keeper.keep_current", lambda _, now: kept.append(now))
    app = kept_app(served[0], TEAM)
    app.extensions["zuzweit_jobs"].run_all()
    assert len(kept) == 1


MAKEFILE = """\
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
demo:
\texec {python} -m server.cli demo --parent $$PPID
"""


class Made:
    """`make demo`, as the Makefile has it, in a session of its own."""

    def __init__(self, place: Path, data: Path, port: int) -> None:
        (place / "Makefile").write_text(MAKEFILE.format(python=sys.executable))
        self.make = subprocess.Popen(
            ["make", "--no-print-directory", "demo"],
            cwd=place,
            env={
                **os.environ,
                "PYTHONPATH": str(Path(__file__).parents[4]),
                "DATA_DIR": str(data),
                "PORT": str(port),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def until_it_is_announced(self) -> str:
        """What was printed up to the last line of the welcome."""
        assert self.make.stdout
        printed = ""
        for line in self.make.stdout:
            printed += line
            if "Beenden mit Strg+C" in line:
                return printed
        raise AssertionError(printed + self.complaints())

    def complaints(self) -> str:
        _out, err = self.make.communicate(timeout=30)
        return err

    def processes(self) -> list[int]:
        """What lives in its session."""
        session = str(self.make.pid)
        living = []
        for stat_file in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat_file.read_text().rpartition(")")[2].split()
            except OSError:  # Gone meanwhile.
                continue
            if fields[3] == session and fields[0] != "Z":
                living.append(int(stat_file.parent.name))
        return living

    def kill(self) -> None:
        for process in self.processes():
            os.kill(process, signal.SIGKILL)
        self.make.communicate()


@pytest.fixture(scope="module")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo that is found again: making it takes seconds."""
    return tmp_path_factory.mktemp("shown") / "data"


@pytest.fixture
def made(tmp_path: Path, demo_data: Path) -> Iterator[Callable[[], Made]]:
    started: list[Made] = []

    def start() -> Made:
        started.append(Made(tmp_path, demo_data, free_port()))
        return started[-1]

    yield start
    for one in started:
        one.kill()


def to_make(made: Made, number: int) -> None:
    os.kill(made.make.pid, number)


def to_the_group(made: Made, number: int) -> None:
    os.killpg(made.make.pid, number)


def to_the_demo(made: Made, number: int) -> None:
    [demo] = children(made.make.pid)
    os.kill(demo, number)


def children(process: int) -> list[int]:
    return [
        int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
@pytest.mark.parametrize("send", [to_make, to_the_group, to_the_demo])
def test_under_make_it_ends_whoever_is_told(
    made: Callable[[], Made], send: Callable[[Made, int], Any], number: int
):
    one = made()
    one.until_it_is_announced()
    send(one, number)
    err = one.complaints()
    assert "Traceback" not in err
    assert one.processes() == []


def test_it_does_not_outlive_make(made: Callable[[], Made]):
    one = made()
    one.until_it_is_announced()
    os.kill(one.make.pid, signal.SIGKILL)
    one.make.wait(10)
    end = time.monotonic() + 30
    while one.processes():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
def test_it_ends_while_the_team_is_made(tmp_path: Path, number: int):
    one = Made(tmp_path, tmp_path / "fresh", free_port())
    try:
        assert one.make.stdout
        for line in one.make.stdout:
            if "wird angelegt" in line:
                break
        to_make(one, number)
        assert "Traceback" not in one.complaints()
        assert one.processes() == []
        assert not accounts_file(tmp_path / "fresh").exists()
    finally:
        one.kill()
