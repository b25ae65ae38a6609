"""Mails that say everything twice, in two languages."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pipeline.read.languages import languages
from pipeline.read.normal import normalise

_LONGEST = 80


class _Greetings(NamedTuple):
    """How mails greet, by language and all together, and the letters that lines that may greet begin with: of most
    mails one does, and nothing more is looked at."""

    by_language: dict[str, tuple[str, ...]]
    words: tuple[str, ...]
    beginnings: frozenset[str]


@cache
def _greetings() -> _Greetings:
    greeting = {code: language.news.greetings for code, language in languages().items() if language.news.greetings}
    by_language = {code: tuple(map(normalise, words)) for code, words in greeting.items()}
    words = tuple(word for listed in by_language.values() for word in listed)
    return _Greetings(by_language, words, frozenset(word[:2] for word in words))


def without_translation(text: str) -> str:
    """The text up to where the same mail begins again in another language, with a greeting of its own.

    Carriers in countries of two languages send both in one mail; what the second says, the first has said.
    """
    by_language, words, beginnings = _greetings()
    first: str | None = None
    start = 0
    for line in text.split("\n"):
        if len(line) <= _LONGEST and line[:2].lower() in beginnings and (plain := normalise(line)).startswith(words):
            language = next((code for code, own in by_language.items() if _greets(plain, own)), None)
            if language is not None and first is not None and language != first:
                return text[: max(start - 1, 0)]
            first = language or first
        start += len(line) + 1
    return text


def _greets(line: str, words: tuple[str, ...]) -> bool:
    return line.startswith(words) and any(
        line.startswith(word) and not line[len(word) :][:1].isalpha() for word in words
    )
