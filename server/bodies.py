"""Reading a request's JSON body: size, encoding and shape, or an `ApiError` that says what."""

import re
from typing import TypeVar

import msgspec
from flask import request

from server.errors import ApiError
from server.packing import PackingError, unpacked

MAX_BODY_BYTES = 1024 * 1024
"""Nothing larger is read, packed or unpacked; a sync batch has a smaller limit of its own."""

Body = TypeVar("Body")


def raw_body(max_bytes: int = MAX_BODY_BYTES, too_large: str = "body_too_large") -> bytes:
    """The request's bytes, unpacked when they came as gzip.

    Raises `unsupported_media_type` for another encoding or content type, `malformed` for
    broken gzip and `too_large` when more than `max_bytes` would come out (a small packed
    body may hide a huge one: it is never unpacked further than the limit).
    """
    if request.mimetype != "application/json":
        raise ApiError("unsupported_media_type")
    packed = request.get_data(cache=False)
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding == "identity":
        data = packed
    elif encoding == "gzip":
        try:
            data = unpacked(packed, max_bytes + 1)
        except PackingError:
            raise ApiError("malformed") from None
    else:
        raise ApiError("unsupported_media_type")
    if len(data) > max_bytes:
        raise ApiError(too_large)
    return data


def read_body(shape: type[Body], max_bytes: int = MAX_BODY_BYTES) -> Body:
    """The request's body as `shape`, a msgspec type.

    Raises `malformed` when it is no JSON, `invalid` with the field's name when a part is
    missing, unknown or of the wrong form.
    """
    data = raw_body(max_bytes)
    try:
        return msgspec.json.decode(data, type=shape)
    except msgspec.ValidationError as problem:
        raise ApiError("invalid", field_of(str(problem))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ApiError("malformed") from None


def field_of(problem: str) -> str | None:
    """The field a msgspec message names, without any value: `device.id`, `salt` …"""
    named = re.search(r"field `([A-Za-z_]+)`", problem)
    path = re.search(r"at `\$\.?([A-Za-z_.\[\]0-9]*)`", problem)
    inside = path.group(1) if path else ""
    parts = [part for part in (inside, named.group(1) if named else "") if part]
    return ".".join(parts) or None
