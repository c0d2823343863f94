"""The blueprint, its door, its frame, and the answers to everybody who may not come in.

The door stands once, before every page here: nobody but a signed-in admin gets further, whatever
a page forgets. Everybody else is told that there is no such page, in the same words for a page
that exists and for one that does not; so is an admin about another team.
"""

import logging
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from peewee import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as BaseResponse

from server import access
from server.accounts import Team, User
from server.db import drop_broken_connection
from server.errors import ApiError, trace_of
from server.front_end import ASK_FIRST
from server.ids import is_id
from sync.codes import ROLES

logger = logging.getLogger(__name__)

PATH = "/verwaltung"
NEVER = "noch nie"

STYLE = (Path(__file__).parent / "office.css").read_bytes()

blueprint = Blueprint("office", __name__, url_prefix=PATH, template_folder="templates")

NAVIGATION = (
    ("office.people", "Personen", "people"),
    ("office.devices", "Geräte", "mobile"),
    ("office.settings", "Einstellungen", "edit"),
    ("office.log", "Protokoll", "history"),
    ("office.health", "Zustand", "info"),
)
"""Endpoint, name and icon of every part, in the order of the navigation."""

SORRY = {
    HTTPStatus.BAD_REQUEST: (
        "Das hat nicht geklappt",
        "Die Seite war nicht mehr aktuell, oder die Eingabe kam unvollständig an. Es wurde nichts "
        "geändert. Öffnen Sie die Seite neu und versuchen Sie es noch einmal.",
    ),
    HTTPStatus.NOT_FOUND: (
        "Diese Seite gibt es nicht",
        "Vielleicht ist die Adresse verschrieben, oder es gibt nicht mehr, was hier stand. "
        "Vielleicht sind Sie auch nicht mehr angemeldet.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "Der Server ist gerade ausgelastet",
        "Bitte versuchen Sie es gleich noch einmal.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Auf dem Server ist ein Fehler aufgetreten",
        "Bitte versuchen Sie es später noch einmal.",
    ),
}
"""Heading and sentence by status; another status is said as the nearest of these."""


@blueprint.before_request
def _only_admins() -> None:
    if request.endpoint != "office.style" and not _inside():
        raise NotFound


@blueprint.get("/office.css")
@access.open_to_all
def style() -> Response:
    """What these pages need beside the app's style sheet; asked for anew each time."""
    response = Response(STYLE, mimetype="text/css")
    response.headers["Cache-Control"] = ASK_FIRST
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/", strict_slashes=False)
def start() -> BaseResponse:
    """The first page."""
    return redirect(url_for("office.people"))


@blueprint.route("/<path:unknown>", methods=["GET", "POST"])
def unknown_page(unknown: str) -> Response:
    """Whatever else lies below: the app must not answer for it with one of its own screens."""
    raise NotFound(unknown)


@blueprint.post("/abmelden")
def sign_out() -> str:
    """End this sign-in; the app on this device asks for a new one."""
    access.end_session()
    return render_template("office/signed_out.html")


def admin() -> access.Caller:
    """Whoever is signed in here."""
    return access.caller()


def _inside() -> bool:
    who = access.caller_or_none()
    return who is not None and who.role == "admin"


def person_or_404(user: str) -> User:
    """A person of the admin's own team; raises NotFound."""
    found = User.get_or_none(User.id == user, User.team == admin().team) if is_id(user) else None
    if found is None:
        raise NotFound
    return found


def form_page(template: str, **parts: object) -> str | tuple[str, int]:
    """A page with a form; as the answer to what was sent it says that nothing was changed."""
    page = render_template(template, **parts)
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if request.method == "POST" else page


@blueprint.app_template_filter("moment")
def moment(ms: int | None) -> str:
    """Milliseconds since 1970 as day and time in the office's time zone."""
    if ms is None:
        return NEVER
    local = datetime.fromtimestamp(ms / 1000, UTC).astimezone(ZoneInfo(access.config().time_zone))
    return f"{local:%d.%m.%Y, %H:%M}"


@blueprint.app_template_filter("day")
def day(text: str | None) -> str:
    """A day `YYYY-MM-DD` as one writes it in German."""
    return ".".join(reversed(text.split("-"))) if text else ""


@blueprint.app_template_filter("role")
def role(code: str) -> str:
    """What a role is called."""
    return ROLES.get(code, code)


@blueprint.context_processor
def _frame() -> dict[str, object]:
    team = Team.get_by_id(admin().team) if _inside() else None
    return {
        "inside": team is not None,
        "navigation": NAVIGATION,
        "team_name": team.name if team is not None else "",
        "stylesheets": current_app.extensions["zuzweit_front_end"].stylesheets(),
    }


def _sorry(status: HTTPStatus) -> tuple[str, int]:
    heading, sentence = SORRY[status]
    return render_template("office/sorry.html", heading=heading, sentence=sentence), status


@blueprint.errorhandler(ApiError)
def _refused(problem: ApiError) -> tuple[str, int]:
    return _sorry(_nearest(problem.status) if _inside() else HTTPStatus.NOT_FOUND)


# The app's own handler of unknown pages would come before the general one.
@blueprint.errorhandler(NotFound)
@blueprint.errorhandler(HTTPException)
def _http_error(problem: HTTPException) -> tuple[str, int] | HTTPException:
    status = problem.code or 500
    if status < 400:
        return problem
    if not _inside():
        return _sorry(HTTPStatus.NOT_FOUND)
    return _sorry(HTTPStatus.BAD_REQUEST if isinstance(problem, CSRFError) else _nearest(status))


@blueprint.errorhandler(OperationalError)
@blueprint.errorhandler(InterfaceError)
def _busy(problem: OperationalError | InterfaceError) -> tuple[str, int]:
    drop_broken_connection()
    logger.error("database not available: %s", trace_of(problem))
    return _without_database(HTTPStatus.SERVICE_UNAVAILABLE)


@blueprint.errorhandler(Exception)
def _unexpected(problem: Exception) -> tuple[str, int]:
    logger.error("%s %s failed: %s", request.method, request.url_rule, trace_of(problem))
    return _without_database(HTTPStatus.INTERNAL_SERVER_ERROR)


def _without_database(status: HTTPStatus) -> tuple[str, int]:
    """As `_sorry`, in plain text: the frame of a page asks the database for names."""
    heading, sentence = SORRY[status]
    return f"{heading}. {sentence}\n", status


def _nearest(status: int) -> HTTPStatus:
    known = next((one for one in SORRY if one == status), None)
    if known is not None:
        return known
    return HTTPStatus.BAD_REQUEST if status < 500 else HTTPStatus.INTERNAL_SERVER_ERROR
