"""Protokoll: who changed what and when, and what was handed to whom, page by page, of everybody or
of one person.
"""

from flask import render_template, request

from server import audit, handed_out
from server.accounts import Device, User
from server.audit import AuditEntry
from server.ids import is_id
from server.office.frame import admin, blueprint, person_or_404
from server.settings import SETTINGS


@blueprint.get("/protokoll")
def log() -> str:
    """`?person=` chooses whose, `?seite=` which page."""
    person = _chosen_person()
    page = audit.read_page(admin().team, _chosen_page(), person.id if person else None)
    return render_template(
        "office/log.html",
        page=page,
        person=person,
        people=_people(),
        subjects=_subjects(page.entries),
        kinds=audit.KINDS,
    )


@blueprint.get("/herausgaben")
def handed() -> str:
    """What was handed to whom; the same choices as for the log."""
    person, people = _chosen_person(), _people()
    lines = handed_out.read_all(admin().team)
    if person is not None:
        lines = [line for line in lines if person.id in {line.by, line.to}]
    pages = max(1, -(-len(lines) // audit.PAGE_LENGTH))
    number = min(max(1, _chosen_page()), pages)
    first = (number - 1) * audit.PAGE_LENGTH
    return render_template(
        "office/handed.html",
        lines=lines[first : first + audit.PAGE_LENGTH],
        page={"number": number, "pages": pages},
        person=person,
        people=people,
        names={one.id: one.display_name for one in people},
    )


def _chosen_person() -> User | None:
    chosen = request.args.get("person", "")
    return person_or_404(chosen) if is_id(chosen) else None


def _chosen_page() -> int:
    number = request.args.get("seite", "1")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1


def _people() -> list[User]:
    return list(User.select().where(User.team == admin().team).order_by(User.display_name))


def _subjects(entries: list[AuditEntry]) -> dict[str, str]:
    """What the things are called that the lines are about."""
    ids = {entry.subject for entry in entries}
    people = User.select().where(User.id.in_(ids))
    phones = Device.select(Device, User).join(User).where(Device.id.in_(ids))
    return {
        **{name: setting.title for name, setting in SETTINGS.items()},
        **{person.id: person.display_name for person in people},
        **{phone.id: f"Gerät von {phone.user.display_name}" for phone in phones},
    }
