"""One error shape for everything: `{"code", "field", "message"}`, the message in German.

Whoever refuses a request raises `ApiError(code)`; all codes stand in `sync/codes.py`. What
nobody expected is logged by the kind and place of the exception alone, never with its text,
a request's body or a name, and is answered `internal`.
"""

import logging
import traceback
from pathlib import Path

from flask import Flask, Response, jsonify, request
from flask_wtf.csrf import CSRFError
from peewee import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from server.db import drop_broken_connection
from sync.codes import ERRORS

logger = logging.getLogger(__name__)

CODE_BY_STATUS = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    500: "internal",
}
SECONDS_TO_WAIT = {429: 30, 503: 5}
DEEPEST_FRAMES = 12


class ApiError(Exception):
    """A request refused as a whole.

    `code` must stand in the catalogue (KeyError otherwise: a programming error). `field`
    names the offending part of the request. `status` is only given for a code that is a
    verdict inside a sync and here answers a whole request.
    """

    def __init__(self, code: str, field: str | None = None, status: int | None = None):
        kind = ERRORS[code][0]
        if status is None and not isinstance(kind, int):
            raise ValueError(f"{code} is a verdict; as an answer it needs a status")
        super().__init__(code)
        self.code = code
        self.field = field
        self.status = status if status is not None else int(kind)

    def body(self) -> dict[str, str | None]:
        """The answer's JSON: `{code, field, message}`."""
        return error_body(self.code, self.field)


def error_body(code: str, field: str | None = None) -> dict[str, str | None]:
    """`{code, field, message}` for a code of the catalogue."""
    return {"code": code, "field": field, "message": ERRORS[code][1]}


def answer_errors(app: Flask) -> None:
    """Let `app` answer every error in the one shape."""
    app.register_error_handler(ApiError, _answer_api_error)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(OperationalError, _answer_busy)
    app.register_error_handler(InterfaceError, _answer_busy)
    app.register_error_handler(Exception, _answer_unexpected)


def trace_of(problem: BaseException) -> str:
    """An exception's kinds and places, without its text: values end up in texts."""
    kinds, link = [], problem
    while link is not None:
        kinds.append(type(link).__qualname__)
        link = link.__cause__ or link.__context__
    frames = traceback.extract_tb(problem.__traceback__)[-DEEPEST_FRAMES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return f"{' from '.join(kinds)} at {' > '.join(places)}"


def error_answer(code: str, status: int, field: str | None = None) -> Response:
    """An error of the catalogue as an HTTP answer."""
    response = jsonify(error_body(code, field))
    response.status_code = status
    if status in SECONDS_TO_WAIT:
        response.headers["Retry-After"] = str(SECONDS_TO_WAIT[status])
    return response


def _answer_api_error(problem: ApiError) -> Response:
    return error_answer(problem.code, problem.status, problem.field)


def _answer_http_error(problem: HTTPException) -> Response | HTTPException:
    status = problem.code or 500
    if status < 400:
        return problem
    if isinstance(problem, CSRFError):
        return error_answer("csrf", status)
    response = error_answer(CODE_BY_STATUS.get(status, "malformed"), status)
    if status == 405:
        response.headers["Allow"] = dict(problem.get_headers()).get("Allow", "")
    return response


def _answer_busy(problem: OperationalError | InterfaceError) -> Response:
    drop_broken_connection()
    logger.error("database not available: %s", trace_of(problem))
    return error_answer("busy", 503)


def _answer_unexpected(problem: Exception) -> Response:
    logger.error("%s %s failed: %s", request.method, request.url_rule, trace_of(problem))
    return error_answer("internal", 500)
