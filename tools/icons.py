"""Draws the icons of a home screen from huiyin/static/brand/mark.svg with a real Chromium: `python tools/icons.py`.

A phone cuts an icon to its own shape: what it cuts (`maskable`, Apple's) fills the square to its edges and keeps the
mark within the middle; what it does not cut keeps the mark's own round corners.
"""

import re
import shutil
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

BRAND = Path(__file__).resolve().parent.parent / "huiyin" / "static" / "brand"
FLAGS = ["--no-sandbox", "--disable-gpu"]


class Icon(NamedTuple):
    name: str
    size: int
    share: float = 1.0  # of the square that the mark takes
    is_cut: bool = False


ICONS = (
    Icon("icon-192.png", 192),
    Icon("icon-512.png", 512),
    Icon("icon-maskable-512.png", 512, share=0.8, is_cut=True),  # all that is drawn lies within four fifths
    Icon("apple-touch-icon.png", 180, share=0.92, is_cut=True),
)


def page(icon: Icon, mark: str, ground: str) -> str:
    across = round(icon.size * icon.share)
    drawn = mark.replace("<svg ", f'<svg width="{across}" height="{across}" ', 1)
    filled = f"background:{ground};" if icon.is_cut else ""
    square = f"width:{icon.size}px;height:{icon.size}px;display:grid;place-items:center"
    return f'<body style="margin:0;{filled}{square}">{drawn}'


def main() -> None:
    mark = (BRAND / "mark.svg").read_text("utf-8")
    ground = re.search(r'<rect [^>]*fill="(#[0-9a-f]{6})"', mark)
    assert ground, "the mark stands on a square of one colour"
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        for icon in ICONS:
            drawing = browser.new_page(viewport={"width": icon.size, "height": icon.size})
            drawing.set_content(page(icon, mark, ground[1]))
            drawing.screenshot(path=BRAND / icon.name, omit_background=True)
            print(f"huiyin/static/brand/{icon.name}")
        browser.close()


if __name__ == "__main__":
    main()
