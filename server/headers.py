"""What every answer says to the browser: trust nothing but this server, embed nowhere.

An answer that is data and no page says less, in fewer bytes: it may do nothing at all.

`'wasm-unsafe-eval'` is libsodium's; `data:` and `blob:` images are the design's icons and
photos that never leave the phone in the clear. The policy goes out with worker scripts too:
a worker obeys its own script's headers.
"""

from flask import Flask, Response, request

from server.config import Config
from server.packing import WORTH_PACKING, packed

POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "object-src": "'none'",
}

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {whence}" for what, whence in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: over HTTPS the check against forged requests needs it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DATA_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Of JSON: a phone asks for it all day, and pays for every byte."""

ONE_YEAR = 365 * 24 * 60 * 60


def send_headers(app: Flask, config: Config) -> None:
    """Put the headers on every answer of `app`, errors and files included."""

    @app.after_request
    def add(response: Response) -> Response:
        is_data = response.mimetype == "application/json"
        response.headers.extend(DATA_HEADERS if is_data else HEADERS)
        if config.secure:
            response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return _packed(response)


def _packed(response: Response) -> Response:
    if (
        response.mimetype != "application/json"
        or "Content-Encoding" in response.headers
        or not accepts_gzip()
        or response.is_streamed
        or len(response.get_data()) <= WORTH_PACKING
    ):
        return response
    response.set_data(packed(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def accepts_gzip() -> bool:
    """Whether the one who asks can unpack gzip."""
    return request.accept_encodings.quality("gzip") > 0
