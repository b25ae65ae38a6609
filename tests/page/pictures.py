"""Draws the pictures of the README from the story of ``make demo``: the page by day, by night, on a telephone; `show`.

What they were drawn from is noted beside them, so that a test can tell when they have grown stale: ``make pictures``.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from browser import chromium, executable
from command import DAY, ROOT, parcel_digest, run_story
from pages import DEMO, story
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER: Final = ROOT / "docs" / "pictures"
NOTE: Final = FOLDER / "drawn-from.txt"

#: The checkout's place as a page shows it, its points made harmless.
_SHOWN: Final = str(ROOT).replace(".", "[.]")

#: Cards shown before a picture is cut.
_CARDS = 2
_SHARPNESS = 2
_COLUMNS = 100
_LINES = 34
_THEME = TerminalTheme(
    (30, 33, 36),
    (233, 232, 228),
    [
        (30, 33, 36),
        (255, 138, 128),
        (143, 207, 159),
        (236, 192, 108),
        (141, 189, 242),
        (210, 168, 255),
        (110, 205, 215),
        (233, 232, 228),
    ],
)


def terminal() -> str:
    """What `show` says of the story, on a terminal with colours."""
    with tempfile.TemporaryDirectory() as folder:
        run_story(Path(folder), "--config", DEMO)
        env = {"PATH": "/usr/bin:/bin", "FORCE_COLOR": "1", "COLUMNS": str(_COLUMNS), "TERM": "xterm-256color"}
        done = parcel_digest("show", "--config", DEMO, "--state", folder, "--today", DAY, env=env)
    assert done.code == 0, done.complaints
    return "\n".join(done.out.split("\n")[:_LINES])


def note() -> str:
    """What the pictures would be drawn from now, wherever the checkout lies."""
    return "".join(
        f"{hashlib.sha256(words.replace(str(ROOT), '').replace(_SHOWN, '').encode()).hexdigest()}  {name}\n"
        for name, words in (("page", story()), ("show", terminal()))
    )


def _page(browser: Browser, name: str, width: int, scheme: Literal["light", "dark"]) -> None:
    with browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True, device_scale_factor=_SHARPNESS
    ) as context:
        tab = context.new_page()
        tab.set_content(story())
        last = tab.locator(".card").nth(_CARDS - 1).bounding_box()
        assert last is not None
        height = last["y"] + last["height"] + 24
        tab.screenshot(path=FOLDER / name, clip={"x": 0, "y": 0, "width": width, "height": height}, full_page=True)


def _terminal(browser: Browser, name: str) -> None:
    console = Console(file=io.StringIO(), record=True, width=_COLUMNS, force_terminal=True, color_system="standard")
    console.print(Text("$ parcel-digest show", "bold"))
    console.print(Text.from_ansi(terminal()))
    frame = (
        "<!DOCTYPE html><meta charset=utf-8><style>body {{ margin: 0; padding: 20px 24px; background: {background}; "
        "color: {foreground}; width: max-content }} pre {{ margin: 0; font: 14px/1.45 'DejaVu Sans Mono', monospace }}"
        "</style><pre>{code}</pre>"
    )
    with browser.new_context(offline=True, device_scale_factor=_SHARPNESS) as context:
        tab = context.new_page()
        tab.set_content(console.export_html(theme=_THEME, inline_styles=True, code_format=frame))
        tab.locator("body").screenshot(path=FOLDER / name)


def main() -> None:
    if executable() is None:
        raise SystemExit("pictures are drawn by Chromium: run tests/install-servers")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        _page(browser, "digest-light.png", 640, "light")
        _page(browser, "digest-dark.png", 640, "dark")
        _page(browser, "digest-phone.png", 360, "light")
        _terminal(browser, "show.png")
    NOTE.write_text(note(), encoding="utf-8")


if __name__ == "__main__":
    main()
