"""`zuzweit rescue` as an admin types it."""

from pathlib import Path

from server.config import Config
from server.demo.phone import Phone
from server.sealing import close_rescue, rescue_pair, to_base64url
from tests.unit.server.accounts.commands import INIT, Run


def test_phones_are_told_for_whom_to_close_a_file_and_the_command_opens_it(
    run: Run, folder: Path, founder: Phone, tmp_path: Path
) -> None:
    config = Config(data_dir=folder)
    told = founder.store.state["settings"]["rescue_key"]
    assert told == to_base64url(rescue_pair(config.secret_key())[0])
    content = (
        f'{{"format":1,"team":"{founder.me.team}","user":"{founder.user}",'
        f'"device":"{founder.store.device}","at":"2026-09-21T13:33:20Z","schema":1,"sends":[]}}'
    )
    file = tmp_path / "telefon.zuzweit"
    file.write_text(close_rescue(content, founder.seed, told))
    assert run("rescue", str(file)) == (
        0,
        "Sicherungsdatei von Anna, erstellt am 2026-09-21 13:33:20 (UTC).\nNeu angenommen: 0\n",
        "",
    )
    file.write_text(
        close_rescue(content.replace("[]", '[{"kind":"x","send":"?"}]'), founder.seed, told)
    )
    code, out, err = run("rescue", str(file))
    assert (code, err) == (1, "")
    assert "Abgelehnt: 1\n  ohne Nummer: " in out


def test_what_is_no_rescue_file_is_said(run: Run, tmp_path: Path) -> None:
    run(*INIT)
    file = tmp_path / "brief.txt"
    file.write_text("Sehr geehrte Verwaltung")
    assert run("rescue", str(file)) == (1, "", "Das ist keine Sicherungsdatei eines Telefons.\n")
    code, _, err = run("rescue", str(tmp_path / "nirgends"))
    assert (code, "Das gibt es nicht." in err) == (1, True)
    assert run("rescue", str(tmp_path))[0] == 1
