"""The demo's team at work: a server, its people, and what stands in the database."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page

from server.demo.phone import Phone as PythonPhone
from tests.e2e.phones import Phone, Server
from tests.e2e.walks import SAVED, expect_chip, python_phone, sign_in, unlock

JANA, MIRA = "jana.wendlandt", "mira.kosswig"


class Office:
    """The demo's team: its server, its passwords, and phones to sign in on."""

    def __init__(
        self, server: Server, passwords: dict[str, str], new_phone: Callable[..., Phone]
    ) -> None:
        self.server, self.passwords, self.new_phone = server, passwords, new_phone

    def phone(self, name: str) -> tuple[Phone, Page]:
        phone = self.new_phone(name)
        page = sign_in(phone, name, self.passwords[name])
        expect_chip(page, SAVED)
        return phone, page

    def unlock(self, page: Page, name: str = JANA) -> None:
        unlock(page, self.passwords[name])

    def database(self) -> contextlib.closing[sqlite3.Connection]:
        path = self.server.data / "zuzweit.sqlite3"
        return contextlib.closing(sqlite3.connect(path, isolation_level=None))

    def change(self, sql: str, *values: object) -> None:
        """Somebody else's hand in the server's database."""
        with self.database() as database:
            assert database.execute(sql, values).rowcount > 0

    def set_role(self, name: str, role: str) -> None:
        self.change("UPDATE user SET role = ? WHERE name = ?", role, name)
        self.change("UPDATE team SET state_mark = hex(randomblob(16))")

    def decide(self, name: str, value: int) -> None:
        """A setting of the team, as its office page writes it."""
        self.change(
            "INSERT INTO setting (team, name, value, changed_at) SELECT id, ?, ?, 1 FROM team",
            name,
            str(value),
        )
        self.change("UPDATE team SET state_mark = hex(randomblob(16))")

    @contextlib.contextmanager
    def python_phone(self, name: str = MIRA) -> Iterator[PythonPhone]:
        with python_phone(self.server, name, self.passwords[name]) as phone:
            yield phone

    def contacts(self, case: str) -> list[dict[str, Any]]:
        """The contacts of a case as the colleague reads them, the oldest first."""
        with self.python_phone() as phone:
            rows = [row for table, row in phone.store.rows if table == "visit"]
            read = [phone.read("visit", row) for row in sorted(rows)]
        return [contact for contact in read if contact["case"] == case]
