"""The page as html-validate and caniemail.com judge it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from browser import missing
from pages import LANGUAGES, PAGES

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
NODE = Path(sys.executable).parent / "node"

#: What some program of Gmail, Outlook or Apple Mail lacks, and what its reader sees instead.
FALLBACKS = {
    "<body> element": "Outlook for Mac makes a <div> of it: colours and font stand on .page, too",
    "<style> element": "every rule but media queries stands in style attributes",
    "@media": "without it the page is light, and its tables are narrow enough for a telephone",
    "border-radius": "corners are square",
    "color-scheme meta tag": "the program chooses; the colours bear being inverted",
    "display:none": "the preview has no height either",
    "max-height property": "the preview is not displayed",
    "overflow": "the preview is not displayed",
    "role attribute": "Windows Mail reads layout tables as tables",
    "user-select": "a number is marked by hand instead of by one click",
    "white-space": "the labels of numbers may take two lines",
    "word-break": "a long code sticks out in Windows Mail, which is gone since 2024",
}


@pytest.fixture(scope="session")
def verdicts(files: dict[str, Path]) -> dict[str, Any]:
    if line := missing():
        pytest.fail(line, pytrace=False)
    done = subprocess.run(
        [NODE, HERE / "judge.mjs", *files.values()], capture_output=True, text=True, check=True, timeout=100
    )
    by_file = json.loads(done.stdout)
    return {name: by_file[str(file)] for name, file in files.items()}


def unsupported(verdict: dict[str, Any]) -> set[str]:
    return {lack["feature"] for lack in verdict["mail"] if lack["support"] == "none"}


@pytest.mark.parametrize("page", [*PAGES, *LANGUAGES])
def test_html_validate_finds_no_error(verdicts: dict[str, Any], page: str) -> None:
    assert verdicts[page]["html"] == []


@pytest.mark.parametrize("page", PAGES)
def test_what_a_mail_program_lacks_has_a_fallback(verdicts: dict[str, Any], page: str) -> None:
    assert unsupported(verdicts[page]) - FALLBACKS.keys() == set()


def test_every_fallback_is_needed(verdicts: dict[str, Any]) -> None:
    assert FALLBACKS.keys() - set().union(*map(unsupported, verdicts.values())) == set()


def test_the_judges_see_what_they_should(tmp_path: Path) -> None:
    sample = tmp_path / "sample.html"
    sample.write_text('<p style="display: flex"><div></p>', encoding="utf-8")
    done = subprocess.run([NODE, HERE / "judge.mjs", sample], capture_output=True, text=True, check=True, timeout=100)
    verdict = json.loads(done.stdout)[str(sample)]
    assert "display:flex" in unsupported(verdict)
    assert verdict["html"]
