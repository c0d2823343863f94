"""Instants as the protocol writes them: `YYYY-MM-DDTHH:MM:SSZ`, in UTC."""

from datetime import UTC, datetime

INSTANT_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z"


def instant(ms: int) -> str:
    """Milliseconds since 1970 as an instant, cut to the second."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def milliseconds(text: str) -> int:
    """An instant as milliseconds since 1970; ValueError when there is no such day or time."""
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1000


def is_instant(text: str) -> bool:
    """Whether there is such a day and time."""
    try:
        milliseconds(text)
    except ValueError:
        return False
    return True
