"""The page as Chromium draws it, at the widths of a telephone, a mail program and a screen, by day and by night."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from browser import SCHEMES, WIDTHS, contrasts, drawn, outside, violations
from digest_values import TODAY, ZONE, a_diagnosis, a_parcel, ago
from pages import LANGUAGES, PAGES

from pipeline.digest import compose
from pipeline.render import Form, render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

#: WCAG 2.2, 1.4.3, for text of any size.
LEAST_CONTRAST = 4.5

Files = dict[str, Path]
Scheme = Literal["light", "dark"]


def pale(page: Page) -> list[str]:
    found = contrasts(page)
    assert found
    return [f"{text}" for text in found if text["ratio"] < LEAST_CONTRAST]


def views() -> list[tuple[str, int, Scheme]]:
    """The demo and 200 parcels everywhere; of the others each width and each scheme once; each language once."""
    everywhere = [(page, width, scheme) for page in ("story", "many") for width in WIDTHS for scheme in SCHEMES]
    others = [page for page in PAGES if page not in ("story", "many")]
    narrow, middle, wide = WIDTHS
    once = [
        view for page in others for view in ((page, narrow, "dark"), (page, middle, "light"), (page, wide, "light"))
    ]
    return everywhere + once + [(language, narrow, "light") for language in LANGUAGES]


@pytest.mark.parametrize(("page", "width", "scheme"), views())
def test_the_page_fits_and_can_be_read_by_everyone(
    browser: Browser, files: Files, page: str, width: int, scheme: Scheme
) -> None:
    with drawn(browser, files[page], width, scheme) as tab:
        found = {"sticks out": outside(tab), "too pale": pale(tab), "axe": violations(tab)}
    assert found == {"sticks out": [], "too pale": [], "axe": []}


@pytest.mark.parametrize("page", PAGES)
def test_the_page_fits_and_can_be_read_where_style_elements_are_dropped(
    browser: Browser, files: Files, page: str
) -> None:
    with drawn(browser, files[page], min(WIDTHS), "dark", style=False) as tab:
        assert outside(tab) == []
        assert pale(tab) == []


@pytest.mark.parametrize("page", PAGES)
def test_the_page_does_nothing_and_asks_for_nothing(browser: Browser, files: Files, page: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    with browser.new_context(offline=True) as context:
        tab = context.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda line: said.append(line.text))
        tab.goto(files[page].as_uri(), wait_until="load")
        scripts = tab.evaluate("document.scripts.length")
    assert (asked, said, scripts) == ([files[page].as_uri()], [], 0)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("ordered", "ends"), [(0, 60), (1, 59), (30, 30), (57, 3), (60, 0), (70, -10)],
    ids=["first day", "second day", "half-way", "three days left", "last day", "over"],
)  # fmt: skip
def test_the_line_of_time_is_drawn_to_scale_with_today_at_its_end(
    browser: Browser, tmp_path: Path, width: int, ordered: int, ends: int
) -> None:
    parcel = a_parcel(ordered_at=ago(ordered), shipped=min(ordered, 17))
    digest = compose(TODAY, [(parcel, a_diagnosis(ends=ends))], suspicious=(), unread=(), told=None, zone=ZONE)
    sample = tmp_path / "sample.html"
    sample.write_text(render(digest, Form.HTML), encoding="utf-8")
    with drawn(browser, sample, width, "light") as tab:
        line = tab.locator(".line").bounding_box()
        filled = tab.locator(".line .gone")
        reaches = filled.bounding_box()["width"] if filled.count() else 0
        today = tab.evaluate(
            "(() => { const range = document.createRange();"
            "range.selectNodeContents(document.querySelector('.line b').parentNode);"
            "const box = range.getBoundingClientRect(); return [box.left, box.right]; })()"
        )
    share = min(1, ordered / (ordered + ends))
    assert reaches / line["width"] == pytest.approx(share, abs=0.01)
    assert any(edge - line["x"] == pytest.approx(share * line["width"], abs=8) for edge in today)


# ── the measures themselves ─────────────────────────────────────────────────────────────────────────────────


def test_the_measure_of_contrast_knows_a_grey_that_is_too_pale(browser: Browser, tmp_path: Path) -> None:
    sample = tmp_path / "sample.html"
    sample.write_text('<p style="color:#777">pale</p><p style="color:#767676">just enough</p>', encoding="utf-8")
    with drawn(browser, sample, 320, "light") as tab:
        assert [round(text["ratio"], 2) for text in contrasts(tab)] == [4.48, 4.54]


def test_the_measure_of_width_sees_what_sticks_out(browser: Browser, tmp_path: Path) -> None:
    sample = tmp_path / "sample.html"
    sample.write_text('<p style="width:400px">wide</p>', encoding="utf-8")
    with drawn(browser, sample, 320, "light") as tab:
        assert len(outside(tab)) == 2


def test_axe_sees_what_it_should(browser: Browser, tmp_path: Path) -> None:
    sample = tmp_path / "sample.html"
    sample.write_text('<p lang="nonsense">words</p>', encoding="utf-8")
    with drawn(browser, sample, 320, "light") as tab:
        assert any(line.startswith("valid-lang") for line in violations(tab))
