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
    """Return the same as a group for a longer pattern; of several words at one place the longest holds."""
    listed = sorted(of_all(key), key=lambda stem: (-len(stem), stem))
    # A boundary that many stems begin with is asked for once: few letters of a text have one.
    by_ends: dict[tuple[str, str], list[str]] = {}
    for stem in listed:
        by_ends.setdefault(_ends(stem), []).append(re.escape(stem.strip("*")))
    groups = [f"{before}(?:{'|'.join(inner)}){behind}" for (before, behind), inner in by_ends.items()]
    return f"(?:{'|'.join(groups)})" if groups else _NOTHING


def _ends(stem: str) -> tuple[str, str]:
    """What is asked for before and behind a stem. Only beside a letter there is a boundary: full stops, and to Python
    vowel signs, are none."""
    before = "" if stem.startswith("*") or not stem[0].isalnum() else r"\b"
    behind = "" if stem.endswith("*") or not stem[-1].isalnum() else r"\b"
    return before, behind
