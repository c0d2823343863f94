"""Geräte: every phone by its owner, what the office keeps about it, and locking one out."""

from flask import flash, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from server import access
from server import devices as phones
from server.accounts import Device, User
from server.ids import is_id
from server.office.forms import ConfirmForm, DeviceForm, refuse
from server.office.frame import admin, blueprint, form_page


@blueprint.get("/geraete")
def devices() -> str:
    """All phones of the team, person by person."""
    rows = (
        Device.select(Device, User)
        .join(User)
        .where(User.team == admin().team)
        .order_by(User.display_name, User.id, Device.last_contact.desc())
    )
    owners: dict[str, list[Device]] = {}
    for row in rows:
        owners.setdefault(row.user_id, []).append(row)
    return render_template("office/devices.html", owners=list(owners.values()))


@blueprint.route("/geraete/<device>", methods=["GET", "POST"])
def device(device: str) -> str | tuple[str, int] | Response:
    """One phone: its label, its number and the list that is from."""
    found = _device_or_404(device)
    form = DeviceForm(obj=found)
    if form.validate_on_submit():
        typed = {name: form[name].data or "" for name in ("label", "number", "listed_on")}
        try:
            changed = phones.edit(device, **typed, actor=admin().user, now=access.now())
        except phones.DeviceProblem as problem:
            refuse(form, problem.field, str(problem))
        else:
            flash("Die Angaben sind gespeichert." if changed else "Es gab nichts zu ändern.")
            return redirect(url_for("office.device", device=device))
    return form_page("office/device.html", form=form, device=found)


@blueprint.route("/geraete/<device>/sperren", methods=["GET", "POST"])
def lock_device(device: str) -> str | Response:
    """Ask once more, then lock the phone out."""
    found = _device_or_404(device)
    if found.revoked_at is not None:
        raise NotFound
    form = ConfirmForm()
    if form.validate_on_submit():
        phones.lock_out(device, admin().user, now=access.now())
        flash("Das Gerät ist gesperrt.")
        return redirect(url_for("office.device", device=device))
    mine = device == admin().device
    return render_template("office/lock_device.html", form=form, device=found, mine=mine)


def _device_or_404(device: str) -> Device:
    """A phone of the admin's own team, with its owner; raises NotFound."""
    if not is_id(device):
        raise NotFound
    own = (Device.id == device) & (User.team == admin().team)
    found = Device.select(Device, User).join(User).where(own).first()
    if found is None:
        raise NotFound
    return found
