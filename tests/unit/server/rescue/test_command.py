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
    content = _content(founder)
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


def test_after_a_move_the_copy_of_the_old_key_opens_what_was_closed_before(
    run: Run, folder: Path, founder: Phone, tmp_path: Path
) -> None:
    """A backup put back on a new machine: phones hear of its key, older files need the old one."""
    old = founder.store.state["settings"]["rescue_key"]
    copy, file = tmp_path / "kopie", tmp_path / "telefon.zuzweit"
    file.write_text(close_rescue(_content(founder), founder.seed, old))
    code, backup, _ = run("backup")
    secret = folder / "secret_key"
    copy.write_text(secret.read_text())
    for left in folder.glob("zuzweit.sqlite3*"):
        left.unlink()
    secret.unlink()
    code, out, _ = run("restore", backup.strip())
    assert (code, str(secret) in out) == (0, True)
    code, _, err = run("rescue", str(file))
    assert (code, "zuzweit rescue DATEI --secret-key KOPIE" in err) == (1, True)
    code, out, err = run("rescue", str(file), "--secret-key", str(copy))
    assert (code, err) == (0, "")
    assert out.startswith("Sicherungsdatei von Anna")
    new = to_base64url(rescue_pair(Config(data_dir=folder).secret_key())[0])
    assert new != old
    file.write_text(close_rescue(_content(founder), founder.seed, new))
    assert run("rescue", str(file))[0] == 0
    assert run("rescue", str(file), "--secret-key", str(copy))[0] == 1
    assert run("rescue", str(file), "--secret-key", str(tmp_path / "nirgends"))[0] == 1


def _content(founder: Phone) -> str:
    return (
        f'{{"format":1,"team":"{founder.me.team}","user":"{founder.user}",'
        f'"device":"{founder.store.device}","at":"2026-09-21T13:33:20Z","schema":1,"sends":[]}}'
    )


def test_what_is_no_rescue_file_is_said(run: Run, tmp_path: Path) -> None:
    run(*INIT)
    file = tmp_path / "brief.txt"
    file.write_text("Sehr geehrte Verwaltung")
    assert run("rescue", str(file)) == (1, "", "Das ist keine Sicherungsdatei eines Telefons.\n")
    code, _, err = run("rescue", str(tmp_path / "nirgends"))
    assert (code, "Das gibt es nicht." in err) == (1, True)
    assert run("rescue", str(tmp_path))[0] == 1
