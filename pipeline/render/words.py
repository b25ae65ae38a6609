"""Words for people: strangers' text made harmless, columns counted, lines wrapped."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: The widest line of the text form, in columns: what an 80-column terminal shows with a margin.
COLUMNS = 78
NO_BREAK = "\u00a0"

# Emoji and several scripts are spelt with these two joiners; every other format character (category Cf: bidi
# overrides, isolates, zero-width signs, tags) is taken out.
_JOINERS = "\u200c\u200d"
# More marks on one letter than any language writes climb into the neighbouring lines.
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_PILED_MARKS = re.compile(f"({_MARK}{{3}}){_MARK}+")
# What mail programs take for a host name: a dot inside a word, followed by letters of any script.
_HOST_DOT = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2,})")


def plain(text: str, limit: int = 0) -> str:
    """Return *text* on one line without control, bidi and invisible signs, cut to *limit* characters."""
    # What lies far beyond the limit is never looked at.
    text = text[: limit * 4] if limit else text
    line = _PILED_MARKS.sub(r"\1", " ".join("".join(map(_harmless, text)).split()))
    return f"{line[: limit - 1].rstrip()}…" if limit and len(line) > limit else line


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs") and character not in _JOINERS else character


def quoted(text: str, limit: int = 100) -> str:
    """Return a stranger's *text* (subject, title) made :func:`plain`, and so that nothing makes a link of it.

    Mail programs turn ``evil.example`` into a link by themselves; ``evil[.]example`` they leave alone.
    """
    return _HOST_DOT.sub("[.]", plain(text, limit).replace("://", "[://]"))


def width(text: str) -> int:
    """Return how many columns a terminal needs for *text* (UAX 11: wide and full-width ones take two)."""
    return sum(_columns(character) for character in text)


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

    A word longer than a line (a stranger's, or Chinese, which has no spaces) is broken anywhere. No-break
    spaces hold words together and come out as plain ones.
    """
    rest = " " * width(first) if rest is None else rest
    lines: list[str] = []
    line = ""
    room = columns - max(width(first), width(rest))
    for word in _pieces(filter(None, text.split(" ")), room):
        longer = f"{line} {word}" if line else word
        if width(longer) > room:
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
        piece, used = "", 0
        for character in word:
            needed = _columns(character)
            if used + needed > room:
                yield piece
                piece, used = "", 0
            piece += character
            used += needed
        yield piece
