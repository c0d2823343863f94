"""Data folders and servers to measure against: the demo's team, with as many rows as wanted."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from server import access, demo
from server.app import create_app
from server.config import read_config
from server.db import close_connection
from server.demo.names import FAMILY_NAMES, FIRST_NAMES
from server.demo.phone import Phone
from server.demo.stories import Contact, Story, tell
from server.demo.wires import InProcess
from server.sealing import derive_master, from_base64url, login_key, to_base64url, unwrap_seed
from tests.e2e.phones import Server

LAST_CASE = "Zoltan Zuletzt"
"""The name in the very last case of `fill`: who finds it has loaded everything."""

SYNC_EVERY = 200


class BenchServer(Server):
    """The server as it is shipped: without the debug log of the other browser tests."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"ZUZWEIT_LOG_LEVEL": "info"}

    def stop(self) -> None:
        """TERM, and wait until it has finished properly."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(30)
        self.process = None
        self.log.close()


@dataclass(frozen=True)
class Office:
    """A data folder, and the way in of an aB-pAp who sees everything in it."""

    folder: Path
    name: str
    password: str


def demo_office(folder: Path) -> Office:
    """The demo's team with its fifty cases."""
    folder.mkdir()
    config = read_config({"ZUZWEIT_DATA_DIR": str(folder)})
    accounts = demo.create(create_app(config), config, access.wall_clock())
    close_connection()
    first = next(account for account in accounts if account.role == "ab_pap")
    return Office(folder, first.username, first.password)


def fill(office: Office, folder: Path, cases: int, rows: int) -> Office:
    """A copy in which there are `cases` cases, and cases and contacts together are `rows`."""
    shutil.copytree(office.folder, folder)
    config = read_config({"ZUZWEIT_DATA_DIR": str(folder)})
    phone = Phone(InProcess(create_app(config)), office.name)
    _sign_in(phone, office.password)
    phone.sync()
    _write(phone, cases, rows)
    close_connection()
    return Office(folder, office.name, office.password)


def _sign_in(phone: Phone, password: str) -> None:
    asked = phone.wire("/api/login/parameters", {"name": phone.name})
    salt = from_base64url(asked["salt"])
    master = derive_master(password, salt, asked["opslimit"], asked["memlimit"])
    body = {"login_key": to_base64url(login_key(master)), "device": phone.device}
    profile = phone.wire("/api/login", {"name": phone.name, **body})["profile"]
    phone.resume(profile, unwrap_seed(master, profile["wrapped_seed"], profile["user"]))


def _write(phone: Phone, cases: int, rows: int) -> None:
    """New cases, each followed by its contacts, until both numbers are reached."""
    there = [table for table, _ in phone.store.rows]
    new_cases = cases - there.count("client_case")
    contacts = rows - len(there) - new_cases
    stories = tell(new_cases, datetime.now(UTC).date(), seed=15)
    told = cycle([contact for story in stories for contact in story.contacts])
    for number, story in enumerate(stories):
        share = contacts * (number + 1) // new_cases - contacts * number // new_cases
        name = LAST_CASE if number == new_cases - 1 else _name(number)
        _write_case(phone, story, name, list(islice(told, share)))
        if len(phone.store.outbox) > SYNC_EVERY:
            phone.sync()
    phone.sync()
    if len(phone.store.rows) != rows or phone.store.tray:
        raise RuntimeError(f"{len(phone.store.rows)} rows instead of {rows}")


def _write_case(phone: Phone, story: Story, name: str, contacts: list[Contact]) -> None:
    mine = {"counsellor": phone.user}
    open_still = {key: value for key, value in story.clear.items() if key != "closed"}
    case = phone.create_case({**mine, **open_still, **story.sealed, "name": name})
    for contact in contacts:
        phone.create("visit", {**mine, "case": case, **contact.clear, **contact.sealed})


def _name(number: int) -> str:
    """2,500 different ones."""
    return f"{FIRST_NAMES[number % 50]} {FAMILY_NAMES[number // 50 % 50]}"
