"""Personen: who has an account, in which state, and inviting, renaming and resting them."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from server import access, invitations, settings
from server import people as accounts
from server.accounts import Device, Invitation, User
from server.db import rows_of
from server.invitations import NewInvitation
from server.office.forms import ConfirmForm, InvitationForm, PersonForm, RenewForm, refuse
from server.office.frame import admin, blueprint, form_page, person_or_404

LAST_CONTACTS = """
SELECT d."user", MAX(d.last_contact) FROM device d JOIN "user" u ON u.id = d."user"
WHERE u.team = ? GROUP BY d."user"
"""
OPEN_INVITATIONS = """
SELECT i."user", i.expires_at FROM invitation i JOIN "user" u ON u.id = i."user"
WHERE u.team = ? AND i.used_at IS NULL AND i.expires_at > ?
"""


@dataclass(frozen=True)
class Entry:
    """A person as the list shows her; times in milliseconds."""

    user: User
    state: str
    tone: str
    last_contact: int | None
    invited_until: int | None


@blueprint.get("/personen")
def people() -> str:
    """Everybody with an account, those at work first."""
    team, now = admin().team, access.now()
    contacts = dict(rows_of(LAST_CONTACTS, (team,)))
    ends = dict(rows_of(OPEN_INVITATIONS, (team, now)))
    users = User.select().where(User.team == team).order_by(User.display_name, User.name)
    entries = [entry_of(user, contacts.get(user.id), ends.get(user.id)) for user in users]
    entries.sort(key=lambda entry: entry.user.disabled_at is not None)
    return render_template("office/people.html", entries=entries)


def entry_of(user: User, last_contact: int | None, invited_until: int | None) -> Entry:
    """Her state in words: resting, admitted, registered, invited."""
    if user.disabled_at is not None:
        state, tone = "ruht", "plain"
    elif user.admitted:
        state, tone = "aufgenommen", "ok"
    elif user.registered and user.role == "admin":
        # Whoever holds no key is not compared with anybody.
        state, tone = "registriert", "ok"
    elif user.registered:
        state, tone = "registriert, noch nicht aufgenommen", "wait"
    elif invited_until is not None:
        state, tone = "eingeladen", "wait"
    else:
        state, tone = "Einladung abgelaufen", "stop"
    return Entry(user, state, tone, last_contact, invited_until)


@blueprint.route("/personen/einladen", methods=["GET", "POST"])
def invite_person() -> str | tuple[str, int]:
    """A new account, or a new link for one that has no keys yet."""
    form = InvitationForm()
    if form.validate_on_submit():
        made = _invite(form, form.name.data or "")
        if made is not None:
            return _invited(made)
    return form_page("office/invite.html", form=form)


@blueprint.route("/personen/<user>/einladen", methods=["GET", "POST"])
def invite_again(user: str) -> str | tuple[str, int]:
    """A new link for somebody invited or at rest; an earlier one ends, the role may be another."""
    person = person_or_404(user)
    if person.registered and person.disabled_at is None:
        raise NotFound
    form = RenewForm(obj=person)
    if form.validate_on_submit():
        made = _invite(form, person.name, renews=True)
        if made is not None:
            return _invited(made)
    return form_page("office/invite_again.html", form=form, person=person)


@blueprint.route("/personen/<user>", methods=["GET", "POST"])
def person(user: str) -> str | tuple[str, int] | Response:
    """One account, and another name for it."""
    found = person_or_404(user)
    form = PersonForm(obj=found)
    if form.validate_on_submit():
        try:
            changed = accounts.rename(
                user, form.display_name.data or "", admin().user, now=access.now()
            )
        except accounts.PersonProblem as problem:
            refuse(form, problem.field, str(problem))
        else:
            flash("Der Name ist geändert." if changed else "Es gab nichts zu ändern.")
            return redirect(url_for("office.person", user=user))
    phones = Device.select().where(Device.user == user).order_by(Device.last_contact.desc())
    last_contact = max((phone.last_contact for phone in phones), default=None)
    entry = entry_of(found, last_contact, _open_until(user))
    mine = user == admin().user
    return form_page("office/person.html", form=form, entry=entry, phones=phones, mine=mine)


@blueprint.route("/personen/<user>/ruhen", methods=["GET", "POST"])
def rest_person(user: str) -> str | Response:
    """Ask once more, then rest the account."""
    person = person_or_404(user)
    # An office that locks out its last admin has nobody to let one in again.
    if person.disabled_at is not None or user == admin().user:
        raise NotFound
    form = ConfirmForm()
    if form.validate_on_submit():
        accounts.rest(user, admin().user, now=access.now())
        flash("Das Konto ruht.")
        return redirect(url_for("office.people"))
    return render_template("office/rest.html", form=form, person=person)


def _invite(form: RenewForm, name: str, renews: bool = False) -> NewInvitation | None:
    """The invitation a valid form asks for; None when something is odd, then the form says so."""
    who = admin()
    try:
        return invitations.invite(
            who.team,
            name,
            form.display_name.data or "",
            form.role.data,
            now=access.now(),
            valid_ms=settings.invitation_ms(who.team),
            actor=who.user,
            renews=renews,
        )
    except accounts.PersonProblem as problem:
        refuse(form, problem.field, str(problem))
        return None


def _invited(made: NewInvitation) -> str:
    """The one page that shows the link: never kept, never shown again."""
    return render_template(
        "office/invited.html",
        link=made.link(access.config().address),
        person=User.get_by_id(made.user),
        until=_open_until(made.user),
    )


def _open_until(user: str) -> int | None:
    found = Invitation.get_or_none(
        Invitation.user == user,
        Invitation.used_at.is_null(),
        Invitation.expires_at > access.now(),
    )
    return found.expires_at if found else None
