"""How many days a mail leaves for a dispute about what came."""

from __future__ import annotations

from functools import cache
from typing import Final

from pipeline.read.normal import lines
from pipeline.read.particulars import DURATION
from pipeline.read.phrases import Phrases
from pipeline.tables import Table, data_dir, load

#: Days that a shop may leave; "1 day" or "99 days" beside the word is about something else.
_LEAST: Final = 2
_MOST: Final = 90


class _Words(Table, frozen=True):
    words: dict[str, tuple[str, ...]]


@cache
def _dispute() -> Phrases[bool]:
    words = load(data_dir("read") / "dispute.toml", _Words).words
    return Phrases((phrase, True) for phrases in words.values() for phrase in phrases)


def dispute_days(text: str) -> int | None:
    """Return the days in which the mail *text* says that a dispute can be opened; ``None`` where no line says so, or
    two say it differently."""
    named = {
        int(days["days"])
        for line in lines(text)
        if _dispute().find(line)
        for days in DURATION.finditer(line)
        if _LEAST <= int(days["days"]) <= _MOST
    }
    return named.pop() if len(named) == 1 else None
