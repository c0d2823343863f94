"""Settings: read from the environment, and an odd one stops the start with a clear sentence."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from server.config import Config, ConfigError, read_config


def test_an_empty_environment_gives_the_defaults():
    config = read_config({"PATH": "/bin", "HOME": "/root"})
    assert config == Config()
    assert config.address == "http://localhost:8000"
    assert config.database_url == f"sqlite:///{Path.cwd()}/zuzweit-data/zuzweit.sqlite3"
    assert not config.secure


def test_every_setting_can_be_given():
    given = {
        "ADDRESS": "https://zuzweit.example",
        "DATA_DIR": "/srv/zuzweit",
        "DATABASE_URL": "sqlite:////srv/db.sqlite3",
        "HOST": "0.0.0.0",
        "PORT": "8080",
        "WORKERS": "3",
        "THREADS": "8",
        "TRUSTED_PROXIES": "1",
        "TIME_ZONE": "Europe/Vienna",
        "BACKUP_DIR": "/srv/backups",
        "BACKUP_AT": "23:15",
        "BACKUP_DAYS": "14",
        "PG_TOOLS": "/usr/lib/postgresql/18/bin",
        "LOG_LEVEL": "warning",
    }
    config = read_config({f"ZUZWEIT_{name}": text for name, text in given.items()})
    assert {field.name.upper() for field in fields(Config)} == given.keys()
    for name, text in given.items():
        assert str(getattr(config, name.lower())) == text
    assert config.secure
    assert config.phone_settings() == {"time_zone": "Europe/Vienna"}


def test_three_settings_go_by_their_plain_name_too():
    plain = {"PORT": "9000", "DATA_DIR": "here", "DATABASE_URL": "sqlite:///x"}
    config = read_config(plain)
    assert (config.port, config.data_dir, config.database_url) == (
        9000,
        Path("here"),
        "sqlite:///x",
    )
    assert config.address == "http://localhost:9000"
    assert read_config({**plain, "ZUZWEIT_PORT": "9001"}).port == 9001
    assert read_config({"HOST": "evil", "WORKERS": "x"}) == Config()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ADDRESS", "zuzweit.example"),
        ("ADDRESS", "http://zuzweit.example"),
        ("ADDRESS", "https://zuzweit.example/app"),
        ("ADDRESS", "https://user@zuzweit.example"),
        ("ADDRESS", "https://[::1"),
        ("ADDRESS", "https://zuzweit.example:99999"),
        ("ADDRESS", "https://zuzweit.example:0"),
        ("ADDRESS", "https://zuzweit.example:x"),
        ("ADDRESS", "https://zuzweit .example"),
        ("ADDRESS", "https://zuzweit\x1b.example"),
        ("ADDRESS", "https://zuzweit\udcff.example"),
        ("DATA_DIR", " "),
        ("DATABASE_URL", "mysql://db"),
        ("HOST", ""),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "achtzig"),
        ("PORT", "٨٠"),
        ("WORKERS", "-1"),
        ("THREADS", "1.5"),
        ("TRUSTED_PROXIES", "ja"),
        ("TIME_ZONE", "Berlin"),
        ("BACKUP_DIR", " "),
        ("BACKUP_AT", "24:00"),
        ("BACKUP_AT", "2:30"),
        ("BACKUP_DAYS", "31"),
        ("BACKUP_DAYS", "0"),
        ("TIME_ZONE", "../../etc/passwd"),
        ("LOG_LEVEL", "laut"),
    ],
)
def test_an_odd_value_stops_the_start(name: str, text: str):
    with pytest.raises(ConfigError, match=rf"^ZUZWEIT_{name} (muss|darf) .*\.$"):
        read_config({f"ZUZWEIT_{name}": text})


def test_a_misspelt_setting_stops_the_start():
    with pytest.raises(ConfigError, match="ZUZWEIT_ADRESS "):
        read_config({"ZUZWEIT_ADRESS": "https://zuzweit.example"})


def test_a_databases_password_is_not_shown():
    with pytest.raises(ConfigError) as problem:
        read_config({"DATABASE_URL": "postgres://zuzweit:geheim@db"})
    assert "geheim" not in str(problem.value)


@pytest.mark.parametrize(
    "address", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:80", "https://a.example"]
)
def test_addresses_where_a_browser_encrypts(address: str):
    assert read_config({"ZUZWEIT_ADDRESS": address}).address == address


class TestTheSecretKey:
    def test_it_is_made_once_for_this_account_alone(self, tmp_path: Path):
        config = Config(data_dir=tmp_path / "data")
        key = config.secret_key()
        assert len(key) == 64
        assert config.secret_key() == key
        file = tmp_path / "data" / "secret_key"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [path.name for path in file.parent.iterdir()] == ["secret_key"]
        assert Config(data_dir=tmp_path / "other").secret_key() != key

    def test_many_starters_agree_on_one(self, tmp_path: Path):
        config = Config(data_dir=tmp_path / "data")
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _: config.secret_key(), range(32)))
        assert len(keys) == 1

    @pytest.mark.parametrize("broken", [b"", b"kurz", bytes(range(128, 192)), b"\xff" * 64])
    def test_a_broken_one_stops_the_start(self, tmp_path: Path, broken: bytes):
        (tmp_path / "secret_key").write_bytes(broken)
        with pytest.raises(ConfigError, match="secret_key"):
            Config(data_dir=tmp_path).secret_key()

    def test_asking_for_a_kept_one_makes_none(self, tmp_path: Path):
        with pytest.raises(FileNotFoundError):
            Config(data_dir=tmp_path).kept_secret_key()
        assert list(tmp_path.iterdir()) == []
