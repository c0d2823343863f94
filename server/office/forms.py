"""What the office's forms share: fields that strip, and answers in German."""

from collections.abc import Callable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, RadioField, StringField
from wtforms.fields.choices import (
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] (the stubs are older)
)
from wtforms.validators import InputRequired, ValidationError

from server.invitations import checked_name
from server.people import PersonProblem, checked_display_name
from sync.codes import ROLES


def line(label: str, **wiring: Any) -> StringField:
    """A line of text; what it must be, the floor below says (`refuse`)."""
    return StringField(label, **wiring)


def checked(check: Callable[[str], object]) -> Callable[[FlaskForm, Field], None]:
    """A form's own question to the floor below, so that all that is odd is said at once."""

    def ask(_form: FlaskForm, field: Field) -> None:
        try:
            check(field.data or "")
        except PersonProblem as problem:
            raise ValidationError(str(problem)) from None

    return ask


class PersonForm(FlaskForm):
    """The name the team sees."""

    display_name = line(
        "Angezeigter Name",
        description="So sieht das Team die Person.",
        validators=[checked(checked_display_name)],
    )


class RenewForm(PersonForm):
    """A new invitation for somebody who has not registered yet."""

    role = RadioField(
        "Rolle",
        choices=[SelectChoice(value=code, label=words) for code, words in ROLES.items()],
        validators=[InputRequired("Bitte wählen Sie eine Rolle.")],
        validate_choice=False,
    )


class InvitationForm(RenewForm):
    """A first invitation."""

    name = line(
        "Anmeldename",
        description="Damit meldet sich die Person an. Er bleibt, wie er ist; Groß- und "
        "Kleinschreibung zählen nicht.",
        validators=[checked(checked_name)],
    )


class DeviceForm(FlaskForm):
    """What the office keeps about a phone."""

    label = line("Bezeichnung", description="Etwa „Diensttelefon 1“.")
    number = line("Nummer des Diensttelefons")
    listed_on = line(
        "Stand der Telefonliste", description="Tag der Liste, aus der die Nummer stammt."
    )


class SettingForm(FlaskForm):
    """One setting's value."""

    value = line("Wert")


class ConfirmForm(FlaskForm):
    """A deed that is asked about once more."""


def refuse(form: FlaskForm, field: str, text: str) -> None:
    """Let the form say what is wrong at one of its fields."""
    part = form[field]
    part.errors = [*part.errors, text]
