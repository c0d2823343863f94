"""The built front end: files with the right lifetime, and `index.html` for every page of the app.

Whatever no route knows is asked of here. Hashed files live for ever, everything else is asked
for anew each time: an old `index.html` or service worker would keep an old app alive.
Texts are packed once per process and kept; the whole front end is a few megabytes.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from server.errors import error_answer
from server.headers import accepts_gzip

HASHED_FOLDERS = ("assets/", "lists/", "seldom/", "ocr/")
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
PACKED_ALREADY = {".png", ".woff2", ".ico"}

NOT_BUILT = "Die Oberfläche fehlt. In einem Quellbaum baut sie „make build“.\n"


@dataclass(frozen=True)
class BuiltFile:
    """A file as it goes out; `packed` is empty when gzip would gain nothing."""

    body: bytes
    packed: bytes
    mark: str
    content_type: str


@dataclass
class FrontEnd:
    """The files below `root`, read at first use and again when they change."""

    root: Path
    _read: dict[Path, tuple[int, BuiltFile]] = field(default_factory=dict)

    @property
    def built(self) -> bool:
        """Whether there is a front end to serve."""
        return (self.root / "index.html").is_file()

    def stylesheets(self) -> list[str]:
        """The addresses of the app's style sheets, for pages that the server renders itself."""
        start = self._file("index.html")
        links = re.findall(r"<link\b[^>]*>", start.body.decode()) if start else []
        sheets = [link for link in links if 'rel="stylesheet"' in link]
        return [address for link in sheets for address in re.findall(r'href="([^"]+)"', link)]

    def answer(self, path: str) -> Response | None:
        """The file at `path`, the app for a page of it, or None."""
        found = self._file(path) if path else None
        if found is not None:
            return _answer(found, FOR_EVER if path.startswith(HASHED_FOLDERS) else ASK_FIRST)
        if not _is_page(path):
            return None
        start = self._file("index.html")
        if start is None:
            return Response(NOT_BUILT, HTTPStatus.SERVICE_UNAVAILABLE, mimetype="text/plain")
        return _answer(start, ASK_FIRST)

    def _file(self, path: str) -> BuiltFile | None:
        joined = safe_join(str(self.root), path)
        if joined is None:
            return None
        place = Path(joined)
        try:
            if not place.is_file():
                return None
            changed = place.stat().st_mtime_ns
        except (OSError, ValueError):
            # A name no file can have, or one that has just gone: not a file of ours.
            return None
        known = self._read.get(place)
        if known is None or known[0] != changed:
            known = (changed, _read_file(place))
            self._read[place] = known
        return known[1]


def find_front_end() -> FrontEnd:
    """The one inside the wheel, or the one built in this source tree."""
    here = Path(__file__).resolve().parent
    inside = here / "static_pwa"
    return FrontEnd(inside if inside.is_dir() else here.parent / "pwa" / "dist")


def serve_front_end(app: Flask, front_end: FrontEnd) -> None:
    """Answer from the front end whatever no route of `app` knows, outside /api."""
    app.extensions["zuzweit_front_end"] = front_end

    @app.errorhandler(NotFound)
    def answer(_problem: NotFound) -> Response:
        path = request.path.lstrip("/")
        if request.method in {"GET", "HEAD"} and not path.startswith("api/"):
            response = front_end.answer(path)
            if response is not None:
                return response
        return error_answer("not_found", HTTPStatus.NOT_FOUND)


def _read_file(place: Path) -> BuiltFile:
    body = place.read_bytes()
    packed = b"" if place.suffix in PACKED_ALREADY else gzip.compress(body, 9, mtime=0)
    return BuiltFile(
        body,
        packed if len(packed) < len(body) else b"",
        hashlib.sha256(body).hexdigest()[:32],
        TYPES.get(place.suffix, "application/octet-stream"),
    )


def _answer(file: BuiltFile, lifetime: str) -> Response:
    packed = bool(file.packed) and accepts_gzip()
    response = Response(file.packed if packed else file.body, content_type=file.content_type)
    response.headers["Cache-Control"] = lifetime
    response.set_etag(f"{file.mark}-gzip" if packed else file.mark)
    if file.packed:
        response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.make_conditional(request)  # Changes it in place: 304 without a body.
    return response


def _is_page(path: str) -> bool:
    """A navigation inside the app: no file's name, asked for by a browser's address bar."""
    return "." not in path.rpartition("/")[2] and (
        not path or "text/html" in request.accept_mimetypes.values()
    )
