"""How the program is run: every setting, its type, its default and what it means.

A setting is read from the environment variable `ZUZWEIT_<NAME>`; for the ones marked *plain*
the name without the prefix works as well (`DATABASE_URL`, `DATA_DIR`, `PORT`), the prefix
winning. An odd value stops the start with a sentence that says what is wrong.
README's section "Einstellungen" lists them all; a test holds it to this file. What an office
decides for itself stands in `server/settings.py`.
"""

import contextlib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "ZUZWEIT_"


class ConfigError(Exception):
    """A setting is odd; the text says which and why, ready to be shown."""


def _setting(meaning: str, read: Callable[[str], Any], default: Any, plain: bool = False) -> Any:
    return field(default=default, metadata={"meaning": meaning, "read": read, "plain": plain})


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(f"muss eine ganze Zahl von {least} bis {most} sein")
        return int(text)

    return read


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"muss eines von {', '.join(allowed)} sein")
        return text

    return read


def _address(text: str) -> str:
    parts = _parts_of(text)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("muss wie https://zuzweit.example aussehen")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise ValueError("darf nur Protokoll, Namen und Port enthalten, keinen Pfad")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError(
            "muss mit https:// beginnen; http:// geht nur für localhost oder 127.0.0.1, "
            "weil Browser ohne HTTPS weder Verschlüsselung noch Offline-Betrieb erlauben"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _parts_of(address: str) -> SplitResult | None:
    """None when it is none: no such port, an IPv6 address without its end, invisible letters."""
    try:
        parts = urlsplit(address)
        sound = parts.port != 0 and address.isprintable() and " " not in address
    except ValueError:
        return None
    return parts if sound else None


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _database_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("muss mit sqlite:/// oder postgresql:// beginnen")
    return text


def _some_text(text: str) -> str:
    if not text.strip():
        raise ValueError("darf nicht leer sein")
    return text


def _folder(text: str) -> Path:
    return Path(_some_text(text))


def _time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("muss eine Zeitzone wie Europe/Berlin sein") from None
    return text


def _time_of_day(text: str) -> str:
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError("muss eine Uhrzeit wie 02:30 sein")
    return text


@dataclass(frozen=True)
class Config:
    """All settings of one installation. An empty address or folder means: by rule."""

    address: str = _setting(
        "Adresse, unter der die Telefone kommen. Vorgabe: http://localhost mit dem Port.",
        _address,
        "",
    )
    data_dir: Path = _setting(
        "Ordner für Datenbank und geheimen Schlüssel.", _folder, Path("zuzweit-data"), plain=True
    )
    database_url: str = _setting(
        "Datenbank: sqlite:///Pfad oder postgresql://… (ab der zweiten Maschine). "
        "Vorgabe: zuzweit.sqlite3 in DATA_DIR.",
        _database_url,
        "",
        plain=True,
    )
    host: str = _setting("Netzadresse, an der der Server lauscht.", _some_text, "127.0.0.1")
    port: int = _setting("Port, an dem der Server lauscht.", _whole(1, 65535), 8000, plain=True)
    workers: int = _setting("Zahl der Serverprozesse.", _whole(1, 64), 2)
    threads: int = _setting(
        "Zahl der Anfragen, die ein Prozess zugleich bearbeitet.", _whole(1, 64), 4
    )
    trusted_proxies: int = _setting(
        "Zahl der vorgeschalteten Proxys, deren X-Forwarded-Kopfzeilen gelten.", _whole(0, 5), 0
    )
    time_zone: str = _setting(
        "Zeitzone des Büros; Telefone zeigen Tage und Uhrzeiten in ihr.",
        _time_zone,
        "Europe/Berlin",
    )
    backup_dir: Path = _setting(
        "Ordner für die Sicherungen und die Liste des endgültig Gelöschten. "
        "Vorgabe: backups in DATA_DIR.",
        _folder,
        "",
    )
    backup_at: str = _setting(
        "Uhrzeit der nächtlichen Sicherung durch „zuzweit worker“, in der Zeitzone des Büros.",
        _time_of_day,
        "02:30",
    )
    backup_days: int = _setting(
        "Tage, die eine Sicherung bleibt; höchstens 30, damit auch Gelöschtes vergeht.",
        _whole(1, 30),
        30,
    )
    pg_tools: Path | None = _setting(
        "Ordner mit pg_dump, pg_restore und psql. Vorgabe: wo PATH sie findet.", _folder, ""
    )
    log_level: str = _setting(
        "Ausführlichkeit des Protokolls. Inhalte und Namen stehen nie darin.",
        _one_of("debug", "info", "warning", "error"),
        "info",
    )

    def __post_init__(self) -> None:
        if not self.address:
            object.__setattr__(self, "address", f"http://localhost:{self.port}")
        if not self.database_url:
            path = quote(str(self.data_dir.absolute() / "zuzweit.sqlite3"))
            object.__setattr__(self, "database_url", f"sqlite:///{path}")
        if not self.backup_dir:
            object.__setattr__(self, "backup_dir", self.data_dir / "backups")

    @property
    def secure(self) -> bool:
        """The phones come over HTTPS."""
        return self.address.startswith("https://")

    def phone_settings(self) -> dict[str, object]:
        """What phones are told of it (`state.settings`), beside what the office decides."""
        return {"time_zone": self.time_zone}

    def secret_key(self) -> str:
        """The key that signs cookies: made at the first start, kept in `data_dir`, mode 0600.

        Raises ConfigError when the file is there but is not such a key, OSError for a folder
        that cannot be written.
        """
        if not self.secret_file.exists():
            self.make_data_dir()
            _place_secret(self.secret_file)
        return self.kept_secret_key()

    def make_data_dir(self) -> None:
        """Make the folder, for this account alone. Raises ConfigError, or OSError."""
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise ConfigError(
                f"DATA_DIR muss ein Ordner sein; {self.data_dir} führt zu einer Datei."
            ) from None

    def kept_secret_key(self) -> str:
        """`secret_key`, when it must be there already; makes nothing."""
        return _read_secret(self.secret_file)

    @property
    def secret_file(self) -> Path:
        """Where the secret key is kept."""
        return self.data_dir / "secret_key"


def read_config(environment: Mapping[str, str]) -> Config:
    """The settings in `environment`; raises ConfigError for an odd or unknown one."""
    known = {PREFIX + setting.name.upper() for setting in fields(Config)}
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise ConfigError(f"Die Einstellung {unknown[0]} gibt es nicht. Ist der Name verschrieben?")
    values: dict[str, Any] = {}
    for setting in fields(Config):
        name, text = _given(setting.name.upper(), setting.metadata["plain"], environment)
        if text is None:
            continue
        try:
            values[setting.name] = _read(setting, text)
        except ValueError as problem:
            # The value itself is not shown: a database's address may hold a password.
            raise ConfigError(f"{name} {problem}.") from None
    return Config(**values)


def check_setting(name: str, text: str) -> str:
    """`text`, when the setting `name` may be that; raises ValueError with the end of a sentence."""
    _read(next(setting for setting in fields(Config) if setting.name == name), text)
    return text


def _read(setting: Field[Any], text: str) -> Any:
    if not _is_utf8(text):
        raise ValueError("muss in UTF-8 geschrieben sein")
    return setting.metadata["read"](text)


def _is_utf8(text: str) -> bool:
    """Bytes from outside that are no UTF-8 arrive as lone surrogates."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _given(name: str, plain: bool, environment: Mapping[str, str]) -> tuple[str, str | None]:
    if PREFIX + name in environment or not plain:
        return PREFIX + name, environment.get(PREFIX + name)
    return name, environment.get(name)


def _read_secret(path: Path) -> str:
    try:
        secret = path.read_text("utf-8").strip()
    except (UnicodeDecodeError, IsADirectoryError):
        secret = ""
    if len(secret) != 64:
        raise ConfigError(
            f"{path.absolute()} enthält keinen gültigen Schlüssel. Löschen Sie, was dort liegt; "
            "der nächste Start legt einen neuen an, und alle Personen melden sich einmal neu an."
        )
    return secret


def _place_secret(path: Path) -> None:
    """Several starters at once: each writes a whole file of its own, one of them is linked."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # Readable for this account alone.
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
