"""What the app weighs on its way to a phone: KB gzip of each file, libsodium counted apart.

libsodium shares a file with the code of the vault's worker. So a bundle of libsodium alone is made
with the very bundler of the build, and what the worker's file weighs beyond it is app code.
"""

import gzip
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure
from tests.e2e.phones import ROOT

DIST = ROOT / "pwa" / "dist"
MOST_KB = 120

LIBSODIUM = b"crypto_aead_xchacha20poly1305_ietf_decrypt"
"""Only libsodium's own code names this function and carries the program it stands for."""
PROGRAM_BYTES = 100_000


def measure() -> Iterator[Figure]:
    """App code in all, then each file from the heaviest on, then what is no code."""
    scripts = {
        path.name: path.read_bytes()
        for path in [*DIST.glob("assets/*.js"), DIST / "service_worker.js"]
    }
    sealing = {
        name for name, code in scripts.items() if LIBSODIUM in code and len(code) > PROGRAM_BYTES
    }
    if not sealing:
        raise RuntimeError(f"no file with libsodium in {DIST}")
    libsodium = _packed(_libsodium_alone())
    app = {
        name: _packed(code) - (libsodium if name in sealing else 0)
        for name, code in scripts.items()
    }
    yield Figure("app code without libsodium", sum(app.values()), "KB gz", most=MOST_KB)
    for name, weight in sorted(app.items(), key=lambda item: -item[1]):
        yield Figure(f"  {name}{' less libsodium' if name in sealing else ''}", weight, "KB gz")
    for path in sorted([*DIST.glob("lists/*.js"), *DIST.glob("seldom/*.js")]):
        yield Figure(f"  on first use: {path.name}", _packed(path.read_bytes()), "KB gz")
    yield Figure("libsodium", libsodium * len(sealing), "KB gz")
    yield Figure(
        "style sheets", sum(_packed(p.read_bytes()) for p in DIST.glob("assets/*.css")), "KB gz"
    )
    fonts = sum(path.stat().st_size for path in DIST.glob("assets/*.woff2"))
    yield Figure("fonts (packed already)", fonts / 1000, "KB")


def _packed(code: bytes) -> float:
    """As gzip -9 packs it, in 1,000 bytes."""
    return len(gzip.compress(code, 9)) / 1000


def _libsodium_alone() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        entry = Path(folder) / "entry.js"
        module = ROOT / "pwa" / "node_modules" / "libsodium-wrappers-sumo"
        entry.write_text(f'import sodium from "{module}"; globalThis.sodium = sodium;')
        made = Path(folder) / "made.js"
        subprocess.run(
            [ROOT / "pwa/node_modules/.bin/rolldown", entry, "--minify", "--format", "esm",
             "--platform", "browser", "--file", made],
            cwd=ROOT / "pwa", check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        return made.read_bytes()
