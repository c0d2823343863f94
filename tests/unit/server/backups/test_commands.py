"""`zuzweit backup`, `restore` and `erase` as an admin types them."""

from pathlib import Path

import pytest

from server import erasure_list
from server.app import create_app
from server.config import Config
from server.db import close_connection
from server.demo.phone import Phone
from server.features.cases import ClientCase
from tests.unit.server.accounts.commands import INIT, INSTALLED_AT, Run


@pytest.fixture
def phone(founder: Phone) -> Phone:
    """Anna's, with one case that has a contact."""
    case = founder.create_case({"kind": "handover", "name": "Erfunden"})
    founder.create("visit", {"case": case, "observation": "Licht an"})
    founder.sync()
    return founder


def test_a_backup_is_made_and_put_back(run: Run, folder: Path, phone: Phone) -> None:
    code, out, err = run("backup")
    assert (code, err) == (0, "")
    path = Path(out.strip())
    assert path.parent == folder / "backups"
    phone.create_case({"kind": "handover", "name": "Danach"})
    phone.sync()
    code, out, err = run("restore", str(path))
    assert (code, out) == (1, "")
    assert "--replace" in err
    code, out, err = run("restore", "--replace", str(path))
    assert (code, err) == (0, "")
    assert "Die bisherigen Daten liegen noch hier: " in out
    assert "Alle melden sich auf ihrem Telefon einmal neu an." in out
    assert run("doctor")[0] in {0, 1}
    close_connection()
    create_app(Config(data_dir=folder), clock=lambda: INSTALLED_AT)
    assert ClientCase.select().count() == 1


def test_elsewhere(run: Run, tmp_path: Path) -> None:
    run(*INIT)
    code, out, _ = run("backup", "--to", str(tmp_path / "stick"))
    assert code == 0
    assert Path(out.strip()).parent == tmp_path / "stick"


def test_a_file_that_is_none_is_refused_in_a_sentence(run: Run, tmp_path: Path) -> None:
    run(*INIT)
    (tmp_path / "x.zip").write_text("x")
    code, out, err = run("restore", "--replace", str(tmp_path / "x.zip"))
    assert (code, out) == (1, "")
    assert "keine unbeschädigte Sicherung" in err


class TestErase:
    def test_it_is_gone_after_the_pseudonym_is_typed_again(
        self, run: Run, folder: Path, phone: Phone, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("builtins.input", lambda _: " U25-001 ")
        code, out, err = run("erase", "U25-001")
        assert (code, err) == (0, "")
        assert "lässt sich nicht zurücknehmen" in out
        assert "Gelöscht: 2 Einträge." in out
        assert len(erasure_list.read(folder / "backups")) == 2
        create_app(Config(data_dir=folder), clock=lambda: INSTALLED_AT)
        phone.sync()
        assert phone.store.rows == {}
        assert not phone.store.sent

    def test_anything_else_typed_changes_nothing(
        self, run: Run, folder: Path, phone: Phone, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert phone.store.rows
        monkeypatch.setattr("builtins.input", lambda _: "ja")
        code, _, err = run("erase", "U25-001")
        assert (code, err) == (1, "Es wurde nichts gelöscht.\n")
        assert erasure_list.read(folder / "backups") == []

    def test_a_case_that_does_not_exist(self, run: Run) -> None:
        run(*INIT)
        code, _, err = run("erase", "U25-999")
        assert code == 1
        assert "Pseudonym gibt es nicht" in err
