"""Einstellungen: what the office decides, each with meaning, range, default and last change."""

from flask import flash, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from server import access
from server import settings as registry
from server.office.forms import SettingForm, refuse
from server.office.frame import admin, blueprint, form_page


@blueprint.get("/einstellungen")
def settings() -> str:
    """All settings with their present values."""
    team = admin().team
    return render_template(
        "office/settings.html",
        settings=registry.SETTINGS.values(),
        values=registry.values(team),
        changes=registry.last_changes(team),
    )


@blueprint.route("/einstellungen/<name>", methods=["GET", "POST"])
def setting(name: str) -> str | tuple[str, int] | Response:
    """One setting and another value for it."""
    declared = registry.SETTINGS.get(name)
    if declared is None:
        raise NotFound
    who = admin()
    present = registry.value(who.team, name)
    form = SettingForm(data={"value": str(present)})
    if form.validate_on_submit():
        try:
            changed = registry.change(
                who.team, name, form.value.data or "", who.user, now=access.now()
            )
        except registry.SettingProblem as problem:
            refuse(form, "value", str(problem))
        else:
            flash("Die Einstellung ist geändert." if changed else "Es gab nichts zu ändern.")
            return redirect(url_for("office.settings"))
    return form_page("office/setting.html", form=form, setting=declared, present=present)
