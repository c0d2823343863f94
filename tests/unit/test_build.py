"""What the build chain promises: locks without addresses, a page that its own policy admits."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "pwa" / "dist"


def test_locks_name_versions_and_hashes_but_no_address() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lock = json.loads((ROOT / "pwa" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert [path for path, entry in packages.items() if "resolved" in entry] == []
    assert [path for path, entry in packages.items() if "integrity" not in entry] == []


def test_the_page_has_no_inline_script_or_style() -> None:
    page = (DIST / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []


def test_the_page_loads_from_its_own_server_only() -> None:
    page = (DIST / "index.html").read_text(encoding="utf-8")
    assert [link for link in re.findall(r'(?:src|href)="([^"]*)"', page) if link[0] != "/"] == []


def test_the_phone_gets_two_weights_of_the_font_for_offline_use() -> None:
    fonts = sorted(path.name.rsplit("-", 1)[0] for path in DIST.rglob("*.woff2"))
    assert fonts == ["FiraSans-Regular", "FiraSans-SemiBold"]
    worker = (DIST / "service_worker.js").read_text(encoding="utf-8")
    assert all(font in worker for font in fonts)


def test_text_recognition_is_not_loaded_before_it_is_used() -> None:
    worker = (DIST / "service_worker.js").read_text(encoding="utf-8")
    assert "index.html" in worker
    assert "ocr/" not in worker


@pytest.mark.parametrize(
    ("folder", "least"), [("lists", {"lists", "spreadsheet"}), ("seldom", {"seldom"})]
)
def test_what_is_seldom_used_lies_on_the_phone_but_is_no_part_of_its_start(
    folder: str, least: set[str]
) -> None:
    worker = (DIST / "service_worker.js").read_text(encoding="utf-8")
    files = [path.name for path in (DIST / folder).glob("*.js")]
    assert least <= {name.split("-")[0] for name in files}
    assert all(f"{folder}/{name}" in worker for name in files)
    assert f"{folder}/" not in (DIST / "index.html").read_text(encoding="utf-8")
    for name in ("start", "screens"):
        [path] = DIST.glob(f"assets/{name}-*.js")
        code = path.read_text(encoding="utf-8")
        # A static import would load them; what is fetched on a tap is named in import() alone.
        assert re.findall(rf'(?:from|import)\s*"[^"]*{folder}/', code) == []
        assert "sharedStrings" not in code, f"the spreadsheet library is in {path.name}"


def test_every_icon_of_the_manifest_is_there() -> None:
    manifest = json.loads((DIST / "manifest.webmanifest").read_text(encoding="utf-8"))
    icons = [icon["src"] for icon in manifest["icons"]]
    assert icons
    assert [icon for icon in icons if not (DIST / icon.lstrip("/")).is_file()] == []


def test_the_vault_is_one_file_with_libsodium_in_it() -> None:
    """Two lazy files that share libsodium would take it out: then unlocking fetches it apart."""
    [worker] = DIST.glob("assets/vault_worker-*.js")
    assert b"crypto_aead_xchacha20poly1305_ietf_decrypt" in worker.read_bytes()
    assert re.findall(r'\bfrom\s*"', worker.read_text(encoding="utf-8")[:2000]) == []
