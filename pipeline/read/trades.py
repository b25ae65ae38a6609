"""Who else numbers things: hotels, airlines, banks and subscriptions write of orders and codes that are no parcel's."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pipeline.read.evidence import Kind
from pipeline.read.languages import languages
from pipeline.read.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.read.evidence import Candidate

#: Different words of other trades that a mail must hold; one in the subject counts for two.
_ENOUGH = 2
#: What only parcels have: a carrier's link or name beside its kind of code, or markup that says so.
_OF_PARCELS = frozenset({Kind.MARKUP_CODE, Kind.CARRIER_LINK, Kind.DISTINCT, Kind.DISTINCT_PASSED})


@cache
def _words(language: str | None) -> Phrases[bool]:
    codes = dict.fromkeys(code for code in (language, "en") if code)
    return Phrases((word, True) for code in codes for word in languages()[code].parcel.others)


def is_other_trade(subject: str, body: Sequence[str], language: str | None, codes: Iterable[Candidate]) -> bool:
    """Whether a stranger's mail is about something else than a parcel, whatever it numbers.

    *subject* and the lines of *body* are normalised; *codes* are the numbers that would be taken for codes.
    """
    if any(candidate.is_certain or _OF_PARCELS & candidate.evidence.keys() for candidate in codes):
        return False
    words = _words(language)
    in_subject = {found.phrase for found in words.find(subject)}
    in_body = {found.phrase for line in body for found in words.find(line)}
    return len(in_subject) + len(in_subject | in_body) >= _ENOUGH
