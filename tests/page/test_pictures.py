"""The pictures of the README show what the demo says now."""

from __future__ import annotations

import re

import pytest
from command import ROOT
from pictures import FOLDER, NOTE, note

README = (ROOT / "README.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.browser


def test_the_pictures_are_drawn_from_what_the_demo_says_now() -> None:
    assert NOTE.read_text(encoding="utf-8") == note(), "the pictures are stale: make pictures"


def test_every_picture_stands_in_the_readme_and_has_words_beside_it() -> None:
    named = set(re.findall(r"docs/pictures/([\w-]+\.png)", README))
    assert named == {path.name for path in FOLDER.glob("*.png")}
    assert all(re.search(r'alt="[^"]{20,}"', image) for image in re.findall(r"<img[^>]*docs/pictures[^>]*>", README))
