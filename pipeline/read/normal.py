"""One form of text that words of every script are compared in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061"
    "\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u3164\ufe0e\ufe0f\ufeff\uffa0"
)
#: Vowel points and stretching, which mails carry only for ornament.
_POINTS = "\u0640" + "".join(map(chr, [*range(0x0591, 0x05BE), 0x05BF, 0x05C1, 0x05C2, *range(0x064B, 0x0653), 0x0670]))
_UNIFIED: dict[int, str] = {
    **dict.fromkeys(map(ord, _INVISIBLE + _POINTS), ""),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u02b9\u02bc\u05f3\u0060\u00b4\u055a\uff07"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u05f4\uff02"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u05be\ufe58\ufe63\uff0d"), "-"),
    **{0x0660 + digit: str(digit) for digit in range(10)},
    **{0x06F0 + digit: str(digit) for digit in range(10)},
    **{0x0966 + digit: str(digit) for digit in range(10)},
    **{0x0E50 + digit: str(digit) for digit in range(10)},
}
#: Searching for what must be replaced, which is seldom there, is five times as fast as translating every character.
_ODD = re.compile(f"[{re.escape(''.join(map(chr, _UNIFIED)))}]")
#: Every run of blanks that is not one space already.
_BLANKS = re.compile(r"[^\S\n\t]{2,}|[^\S \n\t]")
#: Lines of a mail that are read for news and days, and letters of each: what shops say stands above.
_LINES = 200
_LONGEST_LINE = 2_000


def normalise(text: str) -> str:
    """Return *text* in the form that phrases are compared in; its length may change.

    Compatibility forms (full-width, ligatures, no-break spaces) are resolved, case is folded, quotes, apostrophes,
    dashes, Arabic, Indian and Thai digits are unified, invisible characters and vowel points go, the Turkish dotless i
    gets its dot (capitals do not tell), and a run of blanks becomes one space. Line feeds and tabs stay. Doing it
    twice changes nothing more.
    """
    if not text.isascii():
        # Before NFKC, because that decomposes the acute accent that people type for an apostrophe.
        text = unicodedata.normalize("NFKC", _ODD.sub(_unified, text)).casefold()
        text = _ODD.sub(_unified, unicodedata.normalize("NFKC", text.replace("i\u0307", "i").replace("ı", "i")))
        # Thai: NFKC takes SARA AM apart, which moves every place behind it; and SARA AE is typed as SARA E twice.
        text = text.replace("\u0e4d\u0e32", "\u0e33").replace("\u0e40\u0e40", "\u0e41")
    else:
        text = text.lower().replace("`", "'")
    return _BLANKS.sub(" ", text)


def _unified(odd: re.Match[str]) -> str:
    return _UNIFIED[ord(odd[0])]


@lru_cache(maxsize=4)
def lines(text: str) -> tuple[str, ...]:
    """Return the first 200 lines of *text* that are not blank, normalised, each cut at 2,000 characters."""
    filled = [line[:_LONGEST_LINE] for line in text.split("\n") if line and not line.isspace()][:_LINES]
    return tuple(normalise("\n".join(filled)).split("\n")) if filled else ()
