"""Strangers' text made harmless, before it stands in a sentence."""

from __future__ import annotations

import re
import unicodedata

# Emoji and several scripts are spelt with these two joiners; every other format character (category Cf: bidi
# overrides, isolates, zero-width signs, tags) is taken out.
_JOINERS = "\u200c\u200d"
# More marks on one letter than any language writes climb into the neighbouring lines.
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_PILED_MARKS = re.compile(f"({_MARK}{{3}}){_MARK}+")
# White space that ends at nothing; a no-break space stays, French needs it.
_BLANKS = re.compile(r"[^\S\u00a0]+")


def plain(text: str, limit: int = 0) -> str:
    """Return *text* on one line without control, bidi and invisible signs, cut to *limit* characters."""
    # What lies far beyond the limit is never looked at.
    text = text[: limit * 4] if limit else text
    line = _PILED_MARKS.sub(r"\1", _BLANKS.sub(" ", "".join(map(_harmless, text))).strip())
    return f"{line[: limit - 1].rstrip()}…" if limit and len(line) > limit else line


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs") and character not in _JOINERS else character
