"""There is no way out of the app for cases that are not closed with a password (R-044).

A browser gives files out in few ways. One file of ours may use one of them, and what it gives out
is made in one place, with a password. The server knows no spreadsheets at all.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
LISTS = "pwa/src/features/cases/lists"

GIVES_OUT = {
    f"{LISTS}/hand_out.ts": "takes a Container, which only closeContainer makes",
    "pwa/src/platform/rescue.ts": "gives out what the vault has closed for the server alone",
}
"""Whoever may give a file out, and why that is never an open one."""
CLOSES = f"{LISTS}/container.ts"

WAYS_OUT = re.compile(
    r"createObjectURL|\.download\b|\bdownload=|showSaveFilePicker|showDirectoryPicker"
    r"|navigator\.share\b|clipboard\.write|[\"'`]data:(?!image/)|\bmsSaveBlob\b"
)
SPREADSHEETS = re.compile(r"text/csv|spreadsheetml|\bimport csv\b|openpyxl|xlsxwriter")


def sources(root: Path, folder: str, *endings: str) -> Iterator[tuple[str, str]]:
    for path in sorted((root / folder).rglob("*")):
        if path.suffix in endings and "static_pwa" not in path.parts:
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def open_ways(root: Path) -> list[str]:
    """Every place where cases could leave without a password."""
    found = []
    for path, text in sources(root, "pwa/src", ".ts", ".tsx"):
        if WAYS_OUT.search(text) and path not in GIVES_OUT:
            found.append(f"{path} gives a file out")
        if re.search(r"new Container\(", text) and path != CLOSES:
            found.append(f"{path} makes a container itself")
    found += [
        f"{path} speaks of spreadsheets"
        for path, text in sources(root, "server", ".py", ".html")
        if SPREADSHEETS.search(text)
    ]
    return found


def test_cases_leave_the_app_closed_or_not_at_all() -> None:
    assert open_ways(ROOT) == []
    closing = (ROOT / CLOSES).read_text(encoding="utf-8")
    assert closing.count("new Container(") == 1
    assert "    password,\n    encryptionStrength: AES_256,\n" in closing
    giving = (ROOT / LISTS / "hand_out.ts").read_text(encoding="utf-8")
    assert "if (!Container.is(container)) throw" in giving
    rescue = (ROOT / "pwa/src/platform/rescue.ts").read_text(encoding="utf-8")
    assert 'const text = await vault.ask("closeRescue", ' in rescue
    assert rescue.count("new Blob(") == rescue.count("new Blob([file.text]") == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pwa/src/features/cases/list.tsx", 'link.download = "faelle.csv";'),
        ("pwa/src/features/cases/list.tsx", "<a download=\"x\" href={'data:text/csv,' + rows}>"),
        ("pwa/src/ui/parts.tsx", "URL.createObjectURL(new Blob([rows]))"),
        ("pwa/src/features/today/store.ts", "await navigator.clipboard.writeText(rows)"),
        ("pwa/src/features/today/store.ts", 'handOut(new Container("x", rows))'),
        ("server/office/pages.py", 'Response(rows, mimetype="text/csv")'),
    ],
)
def test_an_open_way_is_found(tmp_path: Path, path: str, text: str) -> None:
    place = tmp_path / path
    place.parent.mkdir(parents=True)
    place.write_text(text, encoding="utf-8")
    assert len(open_ways(tmp_path)) == 1
