"""One Chromium, and the pages that it is to draw, for all tests of a process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import browser as chromium
import pages
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if line := chromium.missing():
        pytest.fail(line, pytrace=False)
    with chromium.chromium() as running:
        yield running


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The file of each of :data:`pages.PAGES` and :data:`pages.LANGUAGES`."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, page in (pages.PAGES | pages.LANGUAGES).items():
        found[name] = folder / f"{name}.html"
        found[name].write_text(page(), encoding="utf-8")
    return found
