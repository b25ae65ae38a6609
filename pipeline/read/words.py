"""The words of a text: what phrases are rows of."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: A word (a short one with the full stop of its abbreviation: "no.", "nr."), or what ends a sentence, line or cell.
#: The vowel signs of Devanagari and Thai, and the tones of Thai, are no letters to Python, but they part no word.
_TOKEN = re.compile(
    r"[^\W_]{1,3}\.|[^\W_]+(?:[\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
    r"[^\W_]*)*|\.+|[!?。！？।\n\t]"
)
#: The words that are none: ends of sentences, lines and cells.
BOUNDARIES = frozenset(".!?。！？।\n\t")
#: Letters that Unicode does not take apart, and that people and old systems write without their stroke or dot.
_UNDECOMPOSED = str.maketrans("łđøı", "ldoi")


@lru_cache(maxsize=2048)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words and boundaries of a normalised *text*, the words without accents."""
    words = _TOKEN.findall(text)
    if "." in text:
        words = [word if word[-1] != "." else word.rstrip(".") or "." for word in words]
    return tuple(words) if text.isascii() else tuple(map(bare, words))


@lru_cache(maxsize=512)
def ends_of(text: str) -> tuple[tuple[int, int], ...]:
    """Where each of the words of *text* begins and ends; asked for only where a phrase was found."""
    spans = [match.span() for match in _TOKEN.finditer(text)]
    if "." in text:
        spans = [(start, max(end - (text[end - 1] == "."), start + 1)) for start, end in spans]
    return tuple(spans)


@lru_cache(maxsize=8192)
def bare(word: str) -> str:
    """A word without its accents: capitals and old systems drop them."""
    if word.isascii():
        return word
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    return plain.translate(_UNDECOMPOSED)
