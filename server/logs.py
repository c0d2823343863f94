"""What the log may say: times, kinds and places; never a name, a body or a value."""

import logging
import logging.config

from server.errors import trace_of

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

LOUD_WITH_VALUES = ("peewee", "playhouse")
"""These write every statement with its values at level debug."""


def keep_values_out() -> None:
    """Silence for good what would log values, at whatever level the rest is."""
    for name in LOUD_WITH_VALUES:
        # A filter stays whatever level, handler or configuration comes later.
        logging.getLogger(name).addFilter(_nothing)
    logging.getLogger("gunicorn.error").addFilter(_without_the_request)
    # Flask's own words about an exception hold the path and the exception's text.
    logging.getLogger("server").addFilter(_without_the_exception)


def _nothing(_record: logging.LogRecord) -> bool:
    return False


def _without_the_request(record: logging.LogRecord) -> bool:
    """gunicorn quotes what it could not read or answer: that may be a piece of anything."""
    for beginning in ("Invalid request", "Error handling request"):
        if record.getMessage().startswith(beginning):
            record.msg, record.args = beginning, ()
    return True


def _without_the_exception(record: logging.LogRecord) -> bool:
    """Flask says that a request failed: with kinds and places alone, as server/errors.py does."""
    if record.exc_info:
        problem = record.exc_info[1]
        record.msg = f"a request failed: {trace_of(problem)}" if problem else "a request failed"
        record.args, record.exc_info, record.exc_text = (), None, None
    return True


def write_log(level: str) -> None:
    """Send the log of this process to its standard error."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"plain": {"format": FORMAT}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
            "root": {"level": level.upper(), "handlers": ["stderr"]},
            # It announces every job and every run.
            "loggers": {"apscheduler": {"level": "WARNING"}},
        }
    )
    keep_values_out()
