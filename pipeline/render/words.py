"""Words for people: strangers' text quoted, columns counted, lines wrapped."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.speech.plain import plain as plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: The widest line of the text form, in columns: what an 80-column terminal shows with a margin.
COLUMNS = 78
_ADDRESS = ("https://", "http://")
NO_BREAK = "\u00a0"

# What mail programs take for a host name: a dot inside a word, followed by letters of any script.
_HOST_DOT = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2,})")


def quoted(text: str, limit: int = 100) -> str:
    """Return a stranger's *text* (subject, title) made :func:`plain`, and so that nothing makes a link of it.

    Mail programs turn ``evil.example`` into a link by themselves; ``evil[.]example`` they leave alone.
    """
    return _HOST_DOT.sub("[.]", plain(text, limit).replace("://", "[://]"))


def width(text: str) -> int:
    """Return how many columns a terminal needs for *text* (UAX 11: wide and full-width ones take two)."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if character == "\ufe0f":  # makes a wide emoji of the narrow sign before it
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def fill(text: str, columns: int) -> str:
    """Return *text* with blanks behind it up to *columns*, and always one."""
    return text + " " * max(1, columns - width(text))


def wrap(text: str, first: str = "", rest: str | None = None, columns: int = COLUMNS) -> str:
    """Return *text* broken into lines of at most *columns*; *first* and *rest* stand before them.

    A word longer than a line (a stranger's, or Chinese, which has no spaces) is broken anywhere, but for an address of
    our own, which could be neither copied nor followed then. No-break spaces hold words together and come out as plain
    ones.
    """
    rest = " " * width(first) if rest is None else rest
    lines: list[str] = []
    line = ""
    room = columns - max(width(first), width(rest))
    for word in _pieces(filter(None, text.split(" ")), room):
        longer = f"{line} {word}" if line else word
        if line and width(longer) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    lines.append(line)
    starts = (first, *[rest] * (len(lines) - 1))
    return "\n".join(
        f"{start}{part}".replace(NO_BREAK, " ").rstrip() for start, part in zip(starts, lines, strict=True)
    )


def _pieces(words: Iterable[str], room: int) -> Iterator[str]:
    for word in words:
        if word.startswith(_ADDRESS):  # a stranger's has been made harmless by quoted()
            yield word
            continue
        if width(word) <= room:
            yield word
            continue
        piece, used = "", 0
        for character in word:
            needed = _columns(character)
            if used + needed > room:
                yield piece
                piece, used = "", 0
            piece += character
            used += needed
        yield piece
