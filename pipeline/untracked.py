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


class _Kinds(Table, frozen=True):
    """Words by language (ISO 639-1). ``*`` stands for any ending of a word.

    ``exceptions`` are phrases that hold a word but name another thing (a sewing machine is no sewing supply).
    """

    words: dict[str, tuple[str, ...]]
    exceptions: dict[str, tuple[str, ...]]


def often_untracked(titles: tuple[str, ...]) -> bool:
    """Say whether every one of *titles* names a thing often sent untracked; no title at all does not.

    Every one, because one phone among the stickers makes it a parcel that ought to be tracked.
    """
    return bool(titles) and all(_names_such_a_thing(title) for title in titles)


def _names_such_a_thing(title: str) -> bool:
    words, exceptions = _patterns()
    return words.search(exceptions.sub(" ", _plain(title))) is not None


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    kinds = load(Path(__file__).with_name("untracked.toml"), _Kinds)
    return _any_of(kinds.words), _any_of(kinds.exceptions)


def _any_of(by_language: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
    return re.compile("|".join(_as_regex(_plain(word)) for words in by_language.values() for word in words))


def _as_regex(word: str) -> str:
    if _UNSPACED.search(word):
        return re.escape(word)
    stem = word.removesuffix("*")
    body = r"[\s\-]+".join(re.escape(part) for part in re.split(r"[\s\-]+", stem))
    return rf"(?<!\w){body}" + (r"\w*" if word.endswith("*") else r"(?!\w)")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
