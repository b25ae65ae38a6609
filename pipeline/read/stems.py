"""Words and stems of all languages together, for what is looked for in normalised text."""

from __future__ import annotations

import re
from functools import cache
from operator import attrgetter

from pipeline.read.languages import languages
from pipeline.read.normal import normalise

#: A pattern that nothing matches.
_NOTHING = "(?!)"


@cache
def of_all(key: str) -> frozenset[str]:
    """Return what all languages list under *key* (``"numbers.references"``), normalised."""
    listed = attrgetter(key)
    words = [word for language in languages().values() for word in listed(language)]
    return frozenset(normalise("\n".join(words)).split("\n")) if words else frozenset()


@cache
def stems(key: str) -> re.Pattern[str]:
    """Return the pattern of any of the stems that all languages list under *key*."""
    return re.compile(any_of(key))


def any_of(key: str) -> str:
    """Return the same as a group for a longer pattern; of several stems at one place the longest holds."""
    listed = sorted(of_all(key), key=lambda stem: (-len(stem), stem))
    return f"(?:{'|'.join(map(_pattern, listed))})" if listed else _NOTHING


def _pattern(stem: str) -> str:
    inner = stem.strip("*")
    # Only beside a letter there is a boundary to ask for: full stops, and to Python vowel signs, are none.
    before = r"\b" if not stem.startswith("*") and inner[0].isalnum() else ""
    behind = r"\b" if not stem.endswith("*") and inner[-1].isalnum() else ""
    return f"{before}{re.escape(inner)}{behind}"
