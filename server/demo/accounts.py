"""`DATA_DIR/accounts.json`: the demo's accounts with their passwords, for tests and trainings."""

import os
from pathlib import Path

import msgspec


class DemoAccount(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody of the invented team, and how to sign in as her."""

    username: str
    password: str
    name: str
    role: str


class Kept(msgspec.Struct, forbid_unknown_fields=True):
    """What the file holds."""

    accounts: list[DemoAccount]


class DemoProblem(Exception):
    """The demo cannot be shown; the text says in German why and what to do."""


def accounts_file(data_dir: Path) -> Path:
    """Where the accounts are kept."""
    return data_dir / "accounts.json"


def kept_accounts(data_dir: Path) -> list[DemoAccount] | None:
    """The accounts of a demo made in this folder; None when there was none.

    Raises DemoProblem when the file is there and does not hold a team that can be shown.
    """
    path = accounts_file(data_dir)
    if not path.exists():
        return None
    try:
        accounts = msgspec.json.decode(path.read_bytes(), type=Kept).accounts
    except (msgspec.DecodeError, UnicodeDecodeError):
        accounts = []
    roles = [account.role for account in accounts]
    if roles.count("ab_pap") < 2 or "pap" not in roles:
        raise DemoProblem(f"{path} ist beschädigt. {begin_anew(data_dir)}")
    return accounts


def begin_anew(data_dir: Path) -> str:
    """How to come to a demo that works."""
    return f"Löschen Sie den Ordner {data_dir}; der nächste Start erfindet das Team neu."


def keep_accounts(data_dir: Path, accounts: list[DemoAccount]) -> None:
    """Write them down, readable for this account alone."""
    descriptor = os.open(accounts_file(data_dir), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(Kept(accounts)), indent=1))
        file.flush()
        os.fsync(file.fileno())
