"""Renders Zuzweit's mark in every size a phone asks for: `make icons`, after the mark changed.

The mark: two people under one roof. Two discs overlap, and the roof is over both.
"""

import struct
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.chromium import ARGUMENTS, executable

PUBLIC = Path(__file__).parent / "public"
PAPER, ROOF, ONE, OTHER = "#fdf8f3", "#1c3f94", "#1c3f94", "#8fb0ec"

MARK = f"""
  <circle cx="316" cy="322" r="88" fill="{OTHER}"/>
  <circle cx="196" cy="322" r="88" fill="{ONE}"/>
  <path d="M256 257.6a88 88 0 0 1 0 128.8 88 88 0 0 1 0-128.8z" fill="{PAPER}"/>
  <path d="M84 230 256 98l172 132" fill="none" stroke="{ROOF}" stroke-width="40"
    stroke-linecap="round" stroke-linejoin="round"/>
"""


def picture(ground: str, scale: float) -> str:
    """The mark at `scale` around the middle of its ground, 512 × 512."""
    shift = 256 * (1 - scale)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">\n'
        f"  {ground}\n"
        f'  <g transform="translate({shift:g} {shift + 8:g}) scale({scale:g})">{MARK}  </g>\n'
        "</svg>\n"
    )


ROUNDED = picture(f'<rect width="512" height="512" rx="112" fill="{PAPER}"/>', 1.08)
# A launcher cuts its own shape out of these: the ground reaches the edge, the mark keeps clear.
FULL = picture(f'<rect width="512" height="512" fill="{PAPER}"/>', 0.9)


def png(page: Page, svg: str, size: int) -> bytes:
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:{size}px}}</style>{svg}")
    return page.screenshot(omit_background=True)


def ico(image: bytes, size: int) -> bytes:
    """One PNG inside the old container that browsers still ask for."""
    directory = struct.pack("<3H", 0, 1, 1)
    entry = struct.pack("<4B2H2I", size, size, 0, 0, 1, 32, len(image), 22)
    return directory + entry + image


def main() -> None:
    icons = PUBLIC / "icons"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        page = browser.new_page()
        (icons / "icon.svg").write_text(ROUNDED, encoding="utf-8")
        for name, svg, size in (
            ("icon-192.png", ROUNDED, 192),
            ("icon-512.png", ROUNDED, 512),
            ("icon-maskable-512.png", FULL, 512),
            ("apple-touch-icon.png", FULL, 180),
        ):
            (icons / name).write_bytes(png(page, svg, size))
        (PUBLIC / "favicon.ico").write_bytes(ico(png(page, ROUNDED, 32), 32))
        browser.close()


if __name__ == "__main__":
    main()
