"""Terms that a mail names: by how many days buyer protection was extended, how many it leaves for a dispute; and what
it calls coupons, delivery notes and return labels.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from pipeline.read.languages import languages
from pipeline.read.normal import lines, normalise
from pipeline.read.particulars import duration
from pipeline.read.phrases import Phrases
from pipeline.tables import Table, data_dir, load

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Days that a shop may leave for a dispute; "1 day" or "99 days" beside the word is about something else.
_LEAST: Final = 2
_MOST: Final = 90


class _Words(Table, frozen=True):
    extended: dict[str, tuple[str, ...]]
    dispute: dict[str, tuple[str, ...]]
    coupon: dict[str, tuple[str, ...]]
    delivery_note: dict[str, tuple[str, ...]]
    return_label: dict[str, tuple[str, ...]]


@cache
def _words() -> _Words:
    return load(data_dir("read") / "terms.toml", _Words)


def _of_all(words: Mapping[str, tuple[str, ...]]) -> Phrases[bool]:
    return Phrases((phrase, True) for phrases in words.values() for phrase in phrases)


@cache
def _term(name: str) -> Phrases[bool]:
    """What all languages call the term *name* of ``terms.toml``."""
    return _of_all(getattr(_words(), name))


@cache
def _protection() -> Phrases[bool]:
    return _of_all({code: languages()[code].labels.protection for code in _words().extended})


@lru_cache(maxsize=1024)
def _calls(label: str, term: str) -> bool:
    return bool(_term(term).find(label))


def is_of_a_coupon(before: str) -> bool:
    """Whether the words *before* a number speak of a reduction to come."""
    return bool(_term("coupon").find(normalise(before)))


def is_of_a_delivery_note(label: str) -> bool:
    """Whether a *label* of the language files may introduce a shop's own delivery note."""
    return _calls(label, "delivery_note")


def is_of_a_return(label: str) -> bool:
    """Whether a *label* of the language files introduces the number of a parcel that the reader may send back."""
    return _calls(label, "return_label")


def extended_by(text: str) -> int | None:
    """Return the days by which protection was extended, as the first line of *text* that tells it says."""
    for line in lines(text):
        days = duration().search(line)
        if days and _term("extended").find(line) and _protection().find(line):
            return int(days["days"])
    return None


def dispute_days(text: str) -> int | None:
    """Return the days in which the mail *text* says that a dispute can be opened; ``None`` where no line says so, or
    two say it differently."""
    named = {
        int(days["days"])
        for line in lines(text)
        if _term("dispute").find(line)
        for days in duration().finditer(line)
        if _LEAST <= int(days["days"]) <= _MOST
    }
    return named.pop() if len(named) == 1 else None
