"""Where Chromium is and how the tests start it: closed to every network but loopback."""

import os
import shutil

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=de",
]


def executable() -> str:
    """Path of the browser; the name of what to install when there is none."""
    found = os.environ.get("ZUZWEIT_CHROMIUM") or shutil.which("chromium")
    if found is None:
        raise RuntimeError("No Chromium: run `make test`, which installs Debian's `chromium`.")
    return found
