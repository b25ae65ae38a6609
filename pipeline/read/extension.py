"""By how many days a mail says that buyer protection was extended."""

from __future__ import annotations

from functools import cache
from typing import Final

from pipeline.read.languages import languages
from pipeline.read.normal import normalise
from pipeline.read.particulars import DURATION
from pipeline.read.phrases import Phrases
from pipeline.tables import Table, data_dir, load

_LINES: Final = 200
_LONGEST_LINE: Final = 2_000


class _Words(Table, frozen=True):
    words: dict[str, tuple[str, ...]]


@cache
def _index() -> tuple[Phrases[bool], Phrases[bool]]:
    """The words for "extended", and those for the protection, of all languages that have both."""
    words = load(data_dir("read") / "extension.toml", _Words).words
    extended = Phrases((phrase, True) for phrases in words.values() for phrase in phrases)
    protection = Phrases((phrase, True) for code in words for phrase in languages()[code].labels.protection)
    return extended, protection


def extended_by(text: str) -> int | None:
    """Return the days by which protection was extended, as the first line of *text* that tells it says."""
    extended, protection = _index()
    for line in text.split("\n")[:_LINES]:
        plain = normalise(line[:_LONGEST_LINE])
        days = DURATION.search(plain)
        if days and extended.find(plain) and protection.find(plain):
            return int(days["days"])
    return None
