"""Dates as people write them in mails. What could be read in two ways stays unknown."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from pipeline.read.languages import languages
from pipeline.read.normal import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

_YEAR_FIRST = re.compile(r"(?<!\d)(2[05]\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2(2[05]\d\d|\d\d)(?!\d)")
#: "30. 10. 2026" as Czech, Slovenian and others want it; of more numbers in a row none is a day.
_SPACED = re.compile(r"(?<![\d.,:])(?<!\d\. )(\d{1,2})\. (\d{1,2})\. (20\d\d)(?!\d)")
#: "21.11." with both points, as Germans, Czechs and others write it; "21.11" alone may be a price or a time.
_POINTS = re.compile(r"(?<![\d.,:])(\d{1,2})\. ?(\d{1,2})\.(?! ?\d)")
_HAN = re.compile(r"(?:(20\d\d) ?[年년] ?)?(?<!\d)(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号일]")
_DAY_MONTH = re.compile(
    r"(?<![\d:.,])(\d{1,2})(?:st|nd|rd|th|er|\.|º|°)? (?:(?:de|of) |d' ?)?((?:[^\W\d_]|[\u0901-\u0963]){2,12})"
    r"\.?,?(?: (?:de|del))?(?: (20\d\d)(?!\d))?"
)
_MONTH_DAY = re.compile(
    r"(?<![^\W_])([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?(?: ?[-–] ?(\d{1,2}))?(?!\d|:|\.\d)(?:,? ?(20\d\d))?"
)
#: "12 tháng 3 năm 2026", "12 thg 3, 2026", "12 tháng mười một 2026".
_VIETNAMESE = re.compile(
    r"(?<![\d:.,])(\d{1,2}),? ?(?:tháng|thg\.?|thang) ?(\d{1,2}|mười (?:một|hai)|[^\W\d_]{2,5})(?![^\W_])"
    r"(?:(?:,? ?(?:năm|nam) ?|, ?| |/)(20\d\d)(?!\d))?"
)
#: "ngày 15/03", "วันที่ 15/03": the word before it says that this is a day.
_NAMED = re.compile(r"(?:\bngày|\bngay|วันที่|วันนี้) ?(?:là )?\(?(\d{1,2})[/-](\d{1,2})(?![\d/-]|[.,]\d)")
#: "12 มี.ค. 2569", "12 มีนาคม 69": the month's name may run on into the next word.
_THAI = re.compile(r"(?<![\d:.,])(\d{1,2}) ?([\u0e01-\u0e4e][\u0e01-\u0e4e.]{2,15})")
_THAI_YEAR = re.compile(r" ?(?:พ\.?ศ\.?|ค\.?ศ\.?|ปี)? ?(2[05]\d\d|\d\d)(?![\d:.,/])")
#: Years of the Buddhist era, which Thailand counts from 543 BC: 2569 is 2026, and "69" is, too.
_BUDDHIST = 543
_BUDDHIST_CENTURY = 2500
_LEAST_BUDDHIST = 60
_FAR = timedelta(days=305)
_NEAR = timedelta(days=60)


@cache
def _months(language: str | None) -> dict[str, int]:
    table: dict[str, int] = {}
    for key in ("en", language):
        if key and key in languages():
            for number, names in enumerate(languages()[key].dates.months, start=1):
                table.update((normalise(name), number) for name in names)
    return table


def _make(year: int, month: int, day: int) -> date | None:
    if year >= _BUDDHIST_CENTURY:
        year -= _BUDDHIST
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest_year(month: int, day: int, reference: date | None) -> date | None:
    """Without a year: the one that puts the date closest ahead of the mail, or a little before it."""
    if reference is None:
        return None
    for year in (reference.year, reference.year + 1, reference.year - 1):
        found = _make(year, month, day)
        if found is not None and -_NEAR <= found - reference <= _FAR:
            return found
    return None


def _in_year(year: str | None, month: int, day: int, reference: date | None) -> date | None:
    """The day in the *year* that is written, else in the nearest."""
    return _make(int(year), month, day) if year else _nearest_year(month, day, reference)


def find_dates(text: str, language: str | None, reference: date | None, order: str | None = None) -> list[date]:
    """Return the dates of a normalised *text* in the order they stand.

    *reference* is the day of the mail, for dates without a year. *order* (``"dmy"``, ``"mdy"``) overrides what the
    language says of numeric dates; where neither says it, ``3/4/2026`` is unknown and left out.
    """
    known = languages().get(language or "")
    order = order or (known.dates.order if known else "")
    found = [item for item in _all(text, language, reference, order) if item[1] is not None]
    found.sort(key=lambda item: item[0])
    return [day for _, day in found if day is not None]


def _all(text: str, language: str | None, reference: date | None, order: str) -> Iterator[tuple[int, date | None]]:
    for match in _YEAR_FIRST.finditer(text):
        yield match.start(), _make(int(match[1]), int(match[2]), int(match[3]))
    for match in _NUMERIC.finditer(text):
        year = _year(match[4], language)
        yield match.start(), _numeric(int(match[1]), int(match[3]), year, "dmy" if match[2] == "." else order)
    for match in _SPACED.finditer(text):
        yield match.start(), _make(int(match[3]), int(match[2]), int(match[1]))
    for match in _POINTS.finditer(text):
        yield match.start(), _nearest_year(int(match[2]), int(match[1]), reference)
    for match in _HAN.finditer(text):
        month, day = int(match[2]), int(match[3])
        yield match.start(), _in_year(match[1], month, day, reference)
    months = _months(language)
    if language == "vi":
        for match in _VIETNAMESE.finditer(text):
            number = int(match[2]) if match[2].isdigit() else months.get(f"tháng {match[2]}")
            if number:
                yield match.start(), _in_year(match[3], number, int(match[1]), reference)
    if language == "th":
        yield from _thai(text, months, reference)
    if language in ("th", "vi"):
        for match in _NAMED.finditer(text):
            yield match.start(), _nearest_year(int(match[2]), int(match[1]), reference)
    for match in _DAY_MONTH.finditer(text):
        number = months.get(match[2])
        if number:
            yield match.start(), _in_year(match[3], number, int(match[1]), reference)
    for match in _MONTH_DAY.finditer(text):
        number = months.get(match[1])
        if number:
            yield match.start(), _in_year(match[4], number, int(match[3] or match[2]), reference)


def _thai(text: str, months: dict[str, int], reference: date | None) -> Iterator[tuple[int, date | None]]:
    for match in _THAI.finditer(text):
        name = next((name for end in range(len(match[2]), 1, -1) if (name := match[2][:end]) in months), None)
        if name is None:
            continue
        month, day = months[name], int(match[1])
        year = _THAI_YEAR.match(text, match.start(2) + len(name))
        yield (
            match.start(),
            _make(_year(year[1], "th"), month, day) if year else _nearest_year(month, day, reference),
        )


def _year(written: str, language: str | None) -> int:
    """A year of two digits in full: of the Buddhist era where that is meant."""
    year = int(written)
    if len(written) > 2:
        return year
    return year + (_BUDDHIST_CENTURY if language == "th" and year >= _LEAST_BUDDHIST else 2000)


def _numeric(first: int, second: int, year: int, order: str) -> date | None:
    if order == "dmy" or first > 12:
        return _make(year, second, first)
    if order == "mdy" or second > 12 or first == second:
        return _make(year, first, second)
    return None
