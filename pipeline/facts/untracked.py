"""Which things are often sent without tracking: the words of ``untracked.toml``, sought in item titles."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from pipeline.tables import Table, load

#: Scripts that put no blanks between words: there a word is looked for anywhere in the title.
_UNSPACED: Final = re.compile(r"[぀-ヿ㐀-鿿]")
_BETWEEN_WORDS: Final = re.compile(r"[^\w']+")


class _Kinds(Table, frozen=True):
    """Words by language (ISO 639-1). ``*`` stands for any ending of a word.

    ``exceptions`` are phrases that hold a word but name another thing (a sewing machine is no sewing supply).
    """

    words: dict[str, tuple[str, ...]]
    exceptions: dict[str, tuple[str, ...]]


def often_untracked(titles: tuple[str, ...], owner: tuple[str, ...] = ()) -> bool:
    """Say whether every one of *titles* names a thing often sent untracked; no title at all does not.

    *owner* are words that the owner added, written as in the table.

    Every one, because one phone among the stickers makes it a parcel that ought to be tracked.
    """
    return bool(titles) and all(_names_such_a_thing(title, owner) for title in titles)


def _names_such_a_thing(title: str, owner: tuple[str, ...]) -> bool:
    words, exceptions = _needles()
    text = _spaced(title)
    if owner and any(map(text.__contains__, map(_needle, owner))):
        return True
    if not any(map(text.__contains__, words)):
        return False
    for needle in exceptions:
        text = text.replace(needle, " ")
    return any(map(text.__contains__, words))


@cache
def _needles() -> tuple[tuple[str, ...], tuple[str, ...]]:
    kinds = load(Path(__file__).with_name("untracked.toml"), _Kinds)
    return _as_needles(kinds.words), _as_needles(kinds.exceptions)


def _as_needles(by_language: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple({_needle(word) for words in by_language.values() for word in words})


def _needle(word: str) -> str:
    if _UNSPACED.search(word):
        return word
    stem = word.removesuffix("*")
    return _spaced(stem) if stem == word else _spaced(stem)[:-1]


def _spaced(text: str) -> str:
    """Return *text* in small letters with single blanks around its words: whole words become substrings."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return f" {_BETWEEN_WORDS.sub(' ', plain).strip()} "
