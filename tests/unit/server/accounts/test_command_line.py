"""The command line: a real start without demo data, and looking after what was started."""

import os
import re
import signal
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from server.accounts import Device, FailedSignIn, Invitation, LoginSession, Team, User
from server.app import create_app
from server.audit import AuditEntry
from server.config import Config
from server.db import close_connection, open_database
from server.ids import new_id
from tests.loopback import free_port
from tests.unit.server.accounts.commands import INIT, Process, Run, until_it_answers
from tests.unit.server.accounts.office import START, Browser, Colleague

LINK = re.compile(r"^http://localhost:8000/einladung#([A-Za-z0-9_-]{43})$", re.MULTILINE)


def token_in(printed: str) -> str:
    found = LINK.search(printed)
    assert found, printed
    return found.group(1)


def accept(folder: Path, printed: str) -> Colleague:
    """The invited person sets her password, on a server over the same folder."""
    app = create_app(Config(data_dir=folder))
    browser = Browser(app.test_client())
    token = token_in(printed)
    shown = browser.post("/api/invitation/open", {"token": token})
    assert shown.status == 200, shown
    user, team, role = (shown.json[name] for name in ("user", "team", "role"))
    return Colleague(shown.json["name"], role, user, team, browser, token=token).accept()


class TestInit:
    def test_it_makes_the_team_and_the_first_admins_invitation(self, run: Run, folder: Path):
        code, out, err = run(*INIT)
        assert (code, err) == (0, "")
        admin = accept(folder, out)
        assert (admin.name, admin.role) == ("verwaltung", "admin")
        assert admin.profile["team_name"] == "U25"
        assert (folder / "secret_key").exists()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_nobody_has_a_password_before_the_invitation_is_used(self, run: Run, folder: Path):
        run(*INIT)
        open_database(Config(data_dir=folder).database_url)
        [user] = User.select()
        assert user.password_hash is None

    def test_it_works_once(self, run: Run):
        run(*INIT)
        code, out, err = run(*INIT)
        assert (code, out) == (1, "")
        assert "schon ein Team" in err
        assert (Team.select().count(), Invitation.select().count()) == (1, 1)

    def test_an_odd_name_leaves_nothing_behind(self, run: Run):
        code, _out, err = run("init", "--team", "U25", "--name", "a b", "--display-name", "A")
        assert code == 1
        assert "Anmeldename" in err
        assert Team.select().count() == 0
        assert run(*INIT)[0] == 0


class TestInvite:
    def test_it_prints_a_link_that_works(self, run: Run, folder: Path):
        run(*INIT)
        code, out, _err = run(
            "invite", "--name", "anna", "--display-name", "Anna Ast", "--role", "ab_pap"
        )
        assert code == 0
        anna = accept(folder, out)
        assert (anna.name, anna.role) == ("anna", "ab_pap")
        again = run("invite", "--name", "anna", "--display-name", "Anna Ast", "--role", "ab_pap")
        assert again[0] == 1
        assert "schon in Gebrauch" in again[2]

    def test_an_unknown_role_is_not_understood(self, run: Run):
        with pytest.raises(SystemExit) as stopped:
            run("invite", "--name", "anna", "--display-name", "Anna", "--role", "chef")
        assert stopped.value.code == 2


@pytest.mark.parametrize(
    "command", [["serve"], ["worker"], ["devices"], ["disable", "--name", "x"]]
)
def test_without_an_installation_they_say_what_to_do(run: Run, folder: Path, command: list[str]):
    code, _out, err = run(*command)
    assert code == 1
    assert "zuzweit init" in err
    assert not folder.exists()


def test_an_odd_setting_stops_every_command(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ZUZWEIT_WORKERS", "viele")
    code, _out, err = run("doctor")
    assert code == 1
    assert err.startswith("ZUZWEIT_WORKERS muss")


class TestLookingAfter:
    def test_a_revoked_phone_is_out_at_once(self, run: Run, folder: Path):
        admin = accept(folder, run(*INIT)[1])
        listed = run("devices")[1]
        assert listed.split() == [admin.device, "verwaltung", "Diensthandy", "aktiv"]
        assert run("revoke-device", admin.device)[0] == 0
        assert "gesperrt" in run("devices")[1]
        assert not admin.signed_in()
        assert admin.sign_in().code == "device_locked"
        assert run("revoke-device", admin.device)[0] == 1

    def test_a_disabled_account_is_out_at_once(self, run: Run, folder: Path):
        admin = accept(folder, run(*INIT)[1])
        mark = Team.get().state_mark
        assert run("disable", "--name", "verwaltung")[0] == 0
        assert not admin.signed_in()
        assert admin.sign_in().code == "wrong_sign_in"
        assert Team.get().state_mark != mark
        assert run("disable", "--name", "verwaltung")[0] == 1

    def test_its_deeds_stand_in_the_log_of_the_office(self, run: Run, folder: Path):
        admin = accept(folder, run(*INIT)[1])
        run("revoke-device", admin.device)
        run("disable", "--name", "verwaltung")
        lines = AuditEntry.select().order_by(AuditEntry.at, AuditEntry.id)
        assert [(line.kind, line.subject, line.actor_id) for line in lines] == [
            ("person_invited", admin.user, None),
            ("device_revoked", admin.device, None),
            ("person_disabled", admin.user, None),
        ]

    def test_the_jobs_remove_what_nobody_needs(self, run: Run, folder: Path):
        run(*INIT)
        now = START
        app = create_app(Config(data_dir=folder), clock=lambda: now)
        user = User.get()
        Invitation.update(expires_at=START).execute()
        FailedSignIn.create(kind="name", subject="x", failures=1, last_failure=START - 3_600_001)
        device = Device.create(
            id=new_id(START), user=user, label="", created_at=START, last_contact=START
        )
        for name, last_seen in (("living", START - 1), ("idle", START - 30 * 86_400_000)):
            LoginSession.create(
                id=name, user=user, device=device, created_at=0, last_seen=last_seen
            )
        app.extensions["zuzweit_jobs"].run_all()
        assert Invitation.select().count() == 0
        assert FailedSignIn.select().count() == 0
        assert [session.id for session in LoginSession.select()] == ["living"]
        assert User.select().count() == 1

    def test_a_failing_job_stops_no_other(self, run: Run, folder: Path):
        run(*INIT)
        jobs = create_app(Config(data_dir=folder)).extensions["zuzweit_jobs"]
        done: list[int] = []

        def fail(_now: int) -> None:
            raise RuntimeError

        jobs.every(1, fail, "Misslingen")
        jobs.every(1, done.append, "Gelingen")
        jobs.run_all()
        assert len(done) == 1
        states = jobs.states()
        assert [state.meaning for state in states if state.failing()] == ["Misslingen"]
        assert [state.meaning for state in states if state.overdue(done[0])] == ["Misslingen"]


def test_generated_files_are_fresh(run: Run):
    code, out, _err = run("generate", "--check")
    assert (code, out) == (0, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serving_until_a_signal(run: Run, start: Callable[..., Process], number: int):
    run(*INIT)
    close_connection()
    port = free_port()
    server = start(port, "serve")
    address = f"http://127.0.0.1:{port}"
    assert until_it_answers(f"{address}/healthz?name=Kanarienvogel", server) == b'{"status":"ok"}\n'
    code, log = server.end(number)
    assert code == 0, log
    assert "Kanarienvogel" not in log
    assert "GET" not in log
    assert "Traceback" not in log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_worker_in_its_first_jobs_too(
    run: Run, monkeypatch: pytest.MonkeyPatch, number: int
):
    run(*INIT)
    before = {known: signal.getsignal(known) for known in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr("server.invitations.remove_dead", lambda _now: os.kill(os.getpid(), number))
    try:
        with pytest.raises(SystemExit) as ended:
            run("worker")
        assert ended.value.code == 0
    finally:
        for known, handler in before.items():
            signal.signal(known, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_working_until_a_signal(run: Run, start: Callable[..., Process], folder: Path, number: int):
    run(*INIT)
    Invitation.update(expires_at=0).execute()
    close_connection()
    worker = start(free_port(), "worker")
    open_database(Config(data_dir=folder).database_url)
    end = time.monotonic() + 60
    while Invitation.select().exists():
        assert worker.process.poll() is None, worker.process.communicate()
        assert time.monotonic() < end
        time.sleep(0.05)
    code, log = worker.end(number)
    assert code == 0, log
