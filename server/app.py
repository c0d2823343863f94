"""create_app: the table of contents. The only list of features, routes and jobs."""

import os
from collections.abc import Callable
from datetime import timedelta

from flask import Flask, Response, jsonify
from flask_wtf import CSRFProtect
from peewee import PeeweeException
from werkzeug.middleware.proxy_fix import ProxyFix

from server import (
    access,
    backups,
    fetching,
    held,
    invitations,
    logs,
    membership,
    office,
    password_change,
    recovery,
    remembered,
    sign_in,
    slow_down,
    surrender,
    sync_endpoint,
)
from server.bodies import MAX_BODY_BYTES
from server.config import Config, read_config
from server.db import database, drop_broken_connection, open_database
from server.errors import answer_errors, error_answer
from server.features import cases, handovers, visits
from server.front_end import FrontEnd, find_front_end, serve_front_end
from server.headers import send_headers
from server.jobs import Jobs
from server.sealing import rescue_pair, to_base64url
from server.settings import LONGEST_SESSION_DAYS

FEATURES = (cases, visits, handovers)
ROUTES = (
    sign_in.blueprint,
    password_change.blueprint,
    recovery.blueprint,
    invitations.blueprint,
    membership.blueprint,
    remembered.blueprint,
    sync_endpoint.blueprint,
    held.blueprint,
    fetching.blueprint,
    surrender.blueprint,
    office.blueprint,
)


def create_app(
    config: Config | None = None,
    *,
    clock: Callable[[], int] = access.wall_clock,
    front_end: FrontEnd | None = None,
) -> Flask:
    """The server for one installation; opens its database and brings it up to date.

    `clock` gives milliseconds since 1970. Raises ConfigError or DatabaseAddressError with a
    sentence to show when the installation is odd.
    """
    config = read_config(os.environ) if config is None else config
    logs.keep_values_out()
    app = Flask("server", static_folder=None)
    # First the folder, for this account alone, then what lies in it.
    app.config.from_mapping(_flask_settings(config))
    open_database(config.database_url)
    if config.trusted_proxies:
        count = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
    send_headers(app, config)
    answer_errors(app)
    serve_front_end(app, front_end or find_front_end())
    access.guard(app, config, clock)
    closed_for, _ = rescue_pair(app.config["SECRET_KEY"])
    app.extensions["zuzweit_rescue_key"] = to_base64url(closed_for)
    CSRFProtect(app)
    sign_in.prepare(app)
    for routes in ROUTES:
        app.register_blueprint(routes)
    for address in ("/health", "/healthz"):
        app.add_url_rule(address, address.strip("/"), health_view)
    app.extensions["zuzweit_jobs"] = _jobs(app, clock)
    return app


@access.open_to_all
def health_view() -> Response:
    """200 when the database answers."""
    try:
        database.execute_sql("SELECT 1")
    except PeeweeException:
        drop_broken_connection()
        return error_answer("busy", 503)
    return jsonify({"status": "ok"})


def _jobs(app: Flask, clock: Callable[[], int]) -> Jobs:
    jobs = Jobs(app, clock)
    jobs.every(60, access.remove_ended_sessions, "Beendete Anmeldungen entfernen")
    jobs.every(60, invitations.remove_dead, "Abgelaufene Einladungen entfernen")
    jobs.every(60, slow_down.forget_old, "Alte Fehlversuche beim Anmelden vergessen")
    jobs.every(5, backups.tonight, "Nächtliche Sicherung, sobald sie fällig ist")
    for feature in FEATURES:
        feature.register(app, jobs)
    return jobs


def _flask_settings(config: Config) -> dict[str, object]:
    return {
        "SECRET_KEY": config.secret_key(),
        "MAX_CONTENT_LENGTH": MAX_BODY_BYTES,
        # Browsers take __Host- only with Secure; over http (this machine alone) a plain name.
        "SESSION_COOKIE_NAME": "__Host-zuzweit" if config.secure else "zuzweit",
        "SESSION_COOKIE_SECURE": config.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        # Renewed with the session's row (access.RENEWAL_MS), not with every answer.
        "SESSION_REFRESH_EACH_REQUEST": False,
        # When a sign-in ends, its row and the office's setting say (access.LIVING_SESSION).
        "PERMANENT_SESSION_LIFETIME": timedelta(days=LONGEST_SESSION_DAYS),
        "WTF_CSRF_TIME_LIMIT": None,
    }
