"""`zuzweit demo`: an invented team with a year of field work, made through the front door.

Every account accepts its invitation, every entry is sealed and synced like a phone's: nothing is
written past the server's own checks. Passwords are drawn anew for every demo database and kept,
readable for this account alone, beside it, so that the next start can print them again.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from flask import Flask

from server import settings
from server.config import Config
from server.demo.accounts import DemoAccount, keep_accounts
from server.demo.names import STAFF
from server.demo.phone import Phone
from server.demo.stories import Contact, Story, tell
from server.demo.today import Pair, plan_day
from server.demo.wires import InProcess
from server.invitations import invite
from server.membership import make_team
from server.sealing import generate_password
from sync.codes import ROLES

CASES = 50
CHUNK_MS = 3 * 24 * 60 * 60 * 1000
"""How often the two phones of the demo meet the server: contacts come days after their case."""


class Clock:
    """The demo's own time: it runs through the year that is told. Milliseconds since 1970."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def create(app: Flask, config: Config, now: int, cases: int = CASES) -> list[DemoAccount]:
    """Fill an empty database: team, accounts, `cases` cases. `now` in milliseconds."""
    team = make_team("U25 Lindenau", now).id
    clock = Clock(now)
    accounts = [
        DemoAccount(username, generate_password(), name, role) for username, name, role in STAFF
    ]
    phones = [_member(app, team, account, clock) for account in accounts]
    field_workers = [phone for phone in phones if phone.profile["role"] == "ab_pap"]
    _admit_everybody(phones)
    _tell_the_year(field_workers, phones, clock, now, cases)
    pap = next(phone.user for phone in phones if phone.profile["role"] == "pap")
    pair = Pair(field_workers[0].user, field_workers[1].user, pap)
    plan_day(config.time_zone, field_workers[0], pair, now)
    keep_accounts(config.data_dir, accounts)
    return accounts


def welcome(config: Config, accounts: Iterable[DemoAccount]) -> str:
    """What `zuzweit demo` prints: the address and everybody's way in."""
    lines = [
        "",
        f"Zuzweit läuft: {config.address}",
        "",
        f"{'Anmeldename':<20}{'Rolle':<14}Passwort",
    ]
    lines += [f"{a.username:<20}{ROLES[a.role]:<14}{a.password}" for a in accounts]
    lines += ["", "Alle Personen und Fälle sind erfunden. Beenden mit Strg+C.", ""]
    return "\n".join(lines)


def _member(app: Flask, team: str, account: DemoAccount, clock: Clock) -> Phone:
    invitation = invite(
        team,
        account.username,
        account.name,
        account.role,
        now=clock(),
        valid_ms=settings.invitation_ms(team),
    )
    phone = Phone(InProcess(app), account.username, clock, label="Demodaten")
    phone.accept(invitation.token, account.password)
    return phone


def _admit_everybody(phones: list[Phone]) -> None:
    first, *others = phones
    first.found_team()
    for phone in others:
        if phone.profile["role"] != "admin":
            first.admit(phone)
    for phone in phones:
        phone.sync()


def _tell_the_year(
    field_workers: list[Phone], phones: list[Phone], clock: Clock, now: int, cases: int
) -> None:
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    stories = tell(cases, today)
    paps = [phone.profile["user"] for phone in phones if phone.profile["role"] == "pap"]
    deeds = sorted(_deeds(stories, field_workers, paps), key=lambda deed: deed[0])
    synced_at = 0
    for at, deed in deeds:
        if at - synced_at > CHUNK_MS:
            _meet(field_workers)
            synced_at = at
        clock.now = at
        deed()
    _meet(field_workers)
    clock.now = now


def _meet(field_workers: list[Phone]) -> None:
    for phone in field_workers:
        phone.sync()
    for phone in field_workers:
        phone.sync()


def _deeds(
    stories: list[Story], field_workers: list[Phone], paps: list[str]
) -> Iterator[tuple[int, Callable[[], None]]]:
    """Everything that happened: when, and the deed to be done by then."""
    ids: dict[int, str] = {}
    for number, story in enumerate(stories):
        author = field_workers[story.by]

        def open_case(number: int = number, story: Story = story, author: Phone = author) -> None:
            values = (
                story.clear
                | story.sealed
                | {
                    "counsellor": author.profile["user"],
                    "transferring_counsellor": paps[story.pap % len(paps)],
                }
            )
            ids[number] = author.create_case(values)

        yield _milliseconds(story.opened), open_case
        for contact in story.contacts:
            writer = field_workers[contact.by]

            def log(
                number: int = number, contact: Contact = contact, writer: Phone = writer
            ) -> None:
                links = {"case": ids[number], "counsellor": writer.profile["user"]}
                writer.create("visit", links | contact.clear | contact.sealed)

            yield _milliseconds(contact.at), log


def _milliseconds(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)
