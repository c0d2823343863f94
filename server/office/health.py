"""Zustand: whether the installation is well, as far as a page may say it."""

from importlib.metadata import version

from flask import current_app, render_template

from server import access, settings, slow_down
from server.accounts import Device, User
from server.db import driver_version
from server.doctor import (
    Finding,
    address_findings,
    backup_finding,
    people_findings,
    space_finding,
)
from server.office.frame import admin, blueprint

REFUSALS_DAYS = 7


@blueprint.get("/zustand")
def health() -> str:
    """Findings, timed work, phones that stay away, tries to sign in that were turned away."""
    team, now = admin().team, access.now()
    silent_days = settings.value(team, "offline_days")
    return render_template(
        "office/health.html",
        findings=_findings(team),
        jobs=current_app.extensions["zuzweit_jobs"].states(),
        now=now,
        version=version("zuzweit"),
        database=driver_version(),
        silent=_silent_devices(team, now - silent_days * settings.DAY_MS),
        silent_after=settings.SETTINGS["offline_days"].shown(silent_days),
        refused=slow_down.refusals(now, REFUSALS_DAYS),
        refused_days=REFUSALS_DAYS,
    )


def _findings(team: str) -> list[Finding]:
    config = access.config()
    # Where they lie is nothing for a page.
    backups = backup_finding(config, access.now(), "Auf dem Server")
    return [space_finding(config), backups, *people_findings(team), *address_findings(config)]


def _silent_devices(team: str, since: int) -> int:
    """Living phones of people who are not resting, without contact since then."""
    living = (User.team == team) & User.disabled_at.is_null() & Device.revoked_at.is_null()
    return Device.select().join(User).where(living, Device.last_contact < since).count()
