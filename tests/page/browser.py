"""Chromium as a mail program: draws a page at a width and in a colour scheme, and says what it drew."""

from __future__ import annotations

import functools
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

WIDTHS = (320, 600, 1200)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

_HERE = Path(__file__).parent
_AXE = _HERE / "node_modules" / "axe-core" / "axe.min.js"
_LOOK = (_HERE / "look.js").read_text(encoding="utf-8")
_HEIGHT = 900


def missing() -> str | None:
    """The line for a machine that lacks what these tests need, or ``None``."""
    if executable() is None:
        return "the tests need Chromium: run tests/install-servers"
    if not _AXE.exists():
        return "the tests need their npm packages: run tests/page/install"
    return None


def executable() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium without a window; it asks the network nothing."""
    quiet = ("--disable-background-networking", "--disable-component-update", "--no-first-run")
    with sync_playwright() as playwright:
        # Tests often run as root, in a container, where Chromium's own sandbox cannot.
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox", *quiet])
        yield browser
        browser.close()


@contextmanager
def drawn(
    browser: Browser, file: Path, width: int, scheme: Literal["light", "dark"], *, style: bool = True
) -> Iterator[Page]:
    """*file* on the screen. Without *style* as in a mail program that drops ``<style>`` and its media queries."""
    with browser.new_context(
        viewport={"width": width, "height": _HEIGHT}, color_scheme=scheme, offline=True, locale="en-GB"
    ) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        if not style:
            page.evaluate("document.querySelectorAll('style').forEach(style => style.remove())")
        page.evaluate(_LOOK)
        page.evaluate("look.unfold()")
        yield page


def contrasts(page: Page) -> list[dict[str, Any]]:
    """Each text on the page with its colours as drawn, and their contrast (WCAG 2.2, 1.4.3)."""
    return page.evaluate("look.contrasts()")


def outside(page: Page) -> list[str]:
    """What sticks out of the window sideways."""
    return page.evaluate("look.outside()")


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong for people who cannot see the page."""
    page.evaluate(_axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations', 'incomplete']})")
    return [
        f"{rule['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@functools.cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8")
