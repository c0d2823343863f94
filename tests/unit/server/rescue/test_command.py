"""`zuzweit rescue` as an admin types it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server import cli
from server.accounts import Team
from server.app import create_app
from server.config import Config
from server.db import close_connection
from server.demo.phone import Phone
from server.demo.wires import InProcess
from server.invitations import invite
from server.sealing import close_rescue, rescue_pair, to_base64url

NOW = 1_790_000_000_000
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("PORT", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    yield tmp_path / "data"
    close_connection()


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str) -> tuple[int, str, str]:
        assert folder
        code = cli.main(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    command("init", "--team", "U25", "--name", "v", "--display-name", "V")
    return command


def test_phones_are_told_for_whom_to_close_a_file_and_the_command_opens_it(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    config = Config(data_dir=folder)
    app = create_app(config, clock=lambda: NOW)
    made = invite(Team.get().id, "anna", "Anna", "ab_pap", now=NOW, valid_ms=1000)
    phone = Phone(InProcess(app), "anna", lambda: NOW)
    phone.accept(made.token, "fünf Wörter für die Befehle")
    phone.found_team()
    phone.sync()
    told = phone.store.state["settings"]["rescue_key"]
    assert told == to_base64url(rescue_pair(config.secret_key())[0])
    content = (
        f'{{"format":1,"team":"{phone.me.team}","user":"{phone.user}",'
        f'"device":"{phone.store.device}","at":"2026-09-21T13:33:20Z","schema":1,"sends":[]}}'
    )
    file = tmp_path / "telefon.zuzweit"
    file.write_text(close_rescue(content, phone.seed, told))
    assert run("rescue", str(file)) == (
        0,
        "Sicherungsdatei von Anna, erstellt am 2026-09-21 13:33:20 (UTC).\nNeu angenommen: 0\n",
        "",
    )
    file.write_text(
        close_rescue(content.replace("[]", '[{"kind":"x","send":"?"}]'), phone.seed, told)
    )
    code, out, err = run("rescue", str(file))
    assert (code, err) == (1, "")
    assert "Abgelehnt: 1\n  ohne Nummer: " in out


def test_what_is_no_rescue_file_is_said(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "brief.txt"
    file.write_text("Sehr geehrte Verwaltung")
    assert run("rescue", str(file)) == (1, "", "Das ist keine Sicherungsdatei eines Telefons.\n")
    code, _, err = run("rescue", str(tmp_path / "nirgends"))
    assert (code, "Das gibt es nicht." in err) == (1, True)
    assert run("rescue", str(tmp_path))[0] == 1
