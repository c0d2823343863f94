"""Workload W of the stack's reference figures on Zuzweit's own table: 10,000 contacts, 12 columns.

Four columns are sealed. The smallest sealed value has 172 characters, so a row is larger than
the 400 B of the other engines' workload; its true size is reported beside the figures.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask

from server import access, settings
from server.app import create_app
from server.config import read_config
from server.db import close_connection
from server.demo.phone import Phone
from server.demo.store import Send
from server.demo.wires import Browser, InProcess
from server.ids import new_id
from server.invitations import invite
from server.membership import make_team
from server.sealing import Seed, derive_master, from_base64url, login_key, to_base64url
from sync.operation import split_batches

ROWS = 10_000
CASES = 100
DEVICES = 16
SYNCS = 50

PASSWORD = "Werkzeug-Messung-Probe-7"
"""Made up here, for accounts that live as long as one measurement."""


@dataclass
class Device:
    """A signed-in phone with its cookie and what it has queued, numbered and sealed."""

    phone: Phone
    cookie: str
    sends: Sequence[Send]

    def request(self, batch: Sequence[Send], limit: int) -> str:
        """A sync that sends these and asks for `limit` rows."""
        return self.phone.store.request(batch, limit, access.wall_clock())

    def stand_at(self, cursor: str | None) -> None:
        """Have everything up to here."""
        self.phone.store = replace(self.phone.store, cursor=cursor)


@dataclass
class Workload:
    """A data folder without the rows yet; `writer` has them queued, and `changes` after them."""

    folder: Path
    writer: Device
    changes: Sequence[Send]
    reader: Device
    devices: list[Device]

    @property
    def batches(self) -> list[str]:
        """The push: one request text each, which asks for nothing back."""
        split = split_batches(self.writer.sends, text=lambda send: send.text)
        return [self.writer.request(batch, 0) for batch in split]

    @property
    def values(self) -> list[dict[str, Any]]:
        """The rows' values as they are sent."""
        return [send.body["set"] for send in self.writer.sends]


def make_workload(folder: Path) -> Workload:
    """Two aB-pAp with 100 cases; the contacts wait on the first one's phone."""
    config = read_config({"ZUZWEIT_DATA_DIR": str(folder)})
    app = create_app(config)
    team = make_team("W", access.wall_clock()).id
    writer = _member(app, team, "writer")
    reader = _member(app, team, "reader")
    writer.found_team()
    writer.admit(reader)
    cases = [_case(writer) for _ in range(CASES)]
    for phone in (writer, reader):
        phone.sync()
    made = Workload(
        folder,
        Device(writer, _cookie(writer), _queue(writer, cases)),
        _changes(writer, cases[0]),
        Device(reader, _cookie(reader), ()),
        _more_devices(app, reader),
    )
    close_connection()
    return made


def _member(app: Flask, team: str, name: str) -> Phone:
    link = invite(
        team, name, name, "ab_pap", now=access.wall_clock(), valid_ms=settings.invitation_ms(team)
    )
    phone = Phone(InProcess(app), name)
    phone.accept(link.token, PASSWORD)
    return phone


def _case(phone: Phone) -> str:
    return phone.create_case({"kind": "handover", "counsellor": phone.user, "name": "Wer auch"})


def _queue(phone: Phone, cases: Sequence[str]) -> list[Send]:
    """The contacts, taken off the outbox as they come: a long one slows its own growth."""
    sends: list[Send] = []
    for number in range(ROWS):
        phone.create("visit", _contact(phone, cases[number % CASES], number))
        sends.extend(phone.store.outbox)
        phone.store = replace(phone.store, outbox=())
    return sends


def _contact(phone: Phone, case: str, number: int) -> dict[str, Any]:
    day = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"
    clear = {
        "case": case, "counsellor": phone.user, "companion": phone.user, "verbis_open": True,
        "planned_start": f"{day}T09:00:00Z", "planned_end": f"{day}T10:00:00Z",
        "contact_made": day, "return_announced": day,
    }  # fmt: skip
    sealed = {
        "happened_at": f"{day}T09:10:00Z", "place_kind": "doorstep", "outcome": "short_talk",
        "observation": f"Kam an die Tür, hörte zu. {number}",
    }  # fmt: skip
    return clear | sealed


def _changes(phone: Phone, case: str) -> Sequence[Send]:
    for number in range(SYNCS):
        phone.write("client_case", case, {"phone": f"0151 555{number:05}"})
    sends = phone.store.outbox
    phone.store = replace(phone.store, outbox=())
    return sends


def _more_devices(app: Flask, reader: Phone) -> list[Device]:
    """Other phones of the reader, each with changes of its own case queued."""
    key, seed = _login_key(reader), reader.seed
    cases = [row for table, row in reader.store.rows if table == "client_case"]
    return [_another(app, reader, key, seed, cases[number]) for number in range(DEVICES)]


def _another(app: Flask, reader: Phone, key: str, seed: Seed, case: str) -> Device:
    store = replace(reader.store, device=new_id(access.wall_clock()), node=secrets.token_hex(8))
    phone = Phone(InProcess(app), reader.name, store=replace(store, next_n=1, next_key=1))
    phone.sign_in(key, seed)
    return Device(phone, _cookie(phone), _changes(phone, case))


def _login_key(phone: Phone) -> str:
    profile = phone.profile
    salt = from_base64url(profile["salt"])
    master = derive_master(PASSWORD, salt, profile["opslimit"], profile["memlimit"])
    return to_base64url(login_key(master))


def _cookie(phone: Phone) -> str:
    assert isinstance(phone.wire, Browser)
    return phone.wire.cookie
