"""What stands beside the numbers: last days, estimated delivery, titles of items. Unknown where in doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pipeline.read.dates import find_dates
from pipeline.read.languages import languages
from pipeline.read.normal import lines, normalise
from pipeline.read.phrases import Phrases, parcel_words
from pipeline.read.stems import any_of

_KINDS = ("ship_by", "expected", "protection", "pickup_by")
_LINES = 200
_LONGEST_LINE = 2_000
_DIGIT = re.compile(r"\d")
#: A quantity ends a line, in digits or in the sign for "times".
_TIMES = "xX×"
_QUANTITY = re.compile(r"^(?:[x×] ?\d{1,3}|\d{1,3} ?[x×]|[^\W\d_]{2,12}[.:]{0,2} ?[x×]? ?\d{1,3})$", re.IGNORECASE)
_QUANTITY_BEHIND = re.compile(r"^(?P<title>.{6,200}?) [x×] ?\d{1,3}$")
_TITLE_LETTERS = 8
_MAX_ITEMS = 10
_MAX_TITLE = 200
#: Signs that may stand before a label, and letters of the shortest name of a place.
_NAME_SIGNS = 4
_SHORTEST_PLACE = 5
_BUTTON_WORDS = 4
_PICKUP_WITHIN = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a mail names, by what they end."""

    ship_by: date | None = None
    expected: date | None = None
    protection: date | None = None
    pickup_by: date | None = None


@cache
def duration() -> re.Pattern[str]:
    """ "Within 10 days", in the languages that say it with a number before the word."""
    return re.compile(
        rf"(?<!\d)(?P<days>\d{{1,2}})(?:\s+[^\W\d_]{{4,12}})?\s*(?!{any_of('dates.not_days')}){any_of('dates.days')}"
    )


@cache
def _index(language: str | None) -> Phrases[str]:
    codes = dict.fromkeys(code for code in (language, "en") if code)
    return Phrases(
        (phrase, kind) for code in codes for kind in _KINDS for phrase in getattr(languages()[code].labels, kind)
    )


def days(text: str, language: str | None, reference: date | None, order: str | None) -> Days:
    """Return the labelled days of a mail's *text*. Of a range the last day counts: that is when waiting ends."""
    body = lines(text)
    numbered = [*map(_DIGIT.search, body), None]
    found: dict[str, date] = {}
    for row, line in enumerate(body):
        # A day has a digit, on the line of its label or on the next.
        if not numbered[row] and not numbered[row + 1]:
            continue
        labels = _index(language).longest(line)
        for position, label in enumerate(labels):
            if label.meaning in found:
                continue
            end = labels[position + 1].start if position + 1 < len(labels) else len(line)
            named = find_dates(line[label.end : end], language, reference, order)
            if not named and label.end >= len(line.rstrip(" :")) and row + 1 < len(body):
                named = find_dates(body[row + 1], language, reference, order)
            if named:
                found[label.meaning] = max(named)
            elif label.meaning == "ship_by" and reference is not None:
                days = duration().search(line[label.end : end])
                if days:
                    found["ship_by"] = reference + timedelta(days=int(days["days"]))
    return Days(**found)


def only_day_ahead(text: str, language: str | None, reference: date | None, order: str | None) -> date | None:
    """Return the one day after the mail's own that it names, if it names just one within the next weeks.

    In a mail that says "come and collect it" that is the last day for it, in whatever words.
    """
    if reference is None:
        return None
    ahead = {
        day
        for line in lines(text)
        for day in find_dates(line, language, reference, order)
        if timedelta(0) < day - reference <= _PICKUP_WITHIN
    }
    return ahead.pop() if len(ahead) == 1 else None


@cache
def _places(language: str | None) -> Phrases[bool]:
    codes = dict.fromkeys(code for code in (language, "en") if code)
    return Phrases((phrase, True) for code in codes for phrase in languages()[code].labels.pickup_place)


def pickup_place(text: str, language: str | None) -> str | None:
    """Return where the parcel is to be collected: what stands behind the label for it, beside it or below it."""
    rows = [line[:_LONGEST_LINE].strip() for line in text.split("\n") if line.strip()][:_LINES]
    for row, line in enumerate(rows):
        # Forms give the colon between name and value a column of its own.
        cells = [cell.strip() for cell in line.split("\t") if any(map(str.isalnum, cell))]
        for column, cell in enumerate(cells):
            plain = normalise(cell)
            label = next(iter(_places(language).longest(plain)), None)
            if label is None or label.start > _NAME_SIGNS:
                continue
            # Upper and lower case are of one length in all but a few letters, which names of places can do without.
            behind = cell[label.end :].lstrip(" :：-–•")
            beside = cells[column + 1] if column + 1 < len(cells) else ""
            below = rows[row + 1] if row + 1 < len(rows) else ""
            found = behind if len(behind) >= _SHORTEST_PLACE else beside or below
            if _is_a_place(found):
                return found.replace("\t", " ")[:_MAX_TITLE]
    return None


def _is_a_place(text: str) -> bool:
    """Whether *text* looks like a name and an address: it begins with no small letter and asks nothing."""
    return bool(text) and not text[0].islower() and not text.endswith(("?", "!", ":"))


def items(text: str) -> tuple[str, ...]:
    """Return the titles of what was ordered: the lines over a quantity (``x1``, ``Qty: 2``, ``Menge: 1``)."""
    body = [line[:_LONGEST_LINE].rstrip() for line in text.split("\n") if line and not line.isspace()][:_LINES]
    titles: list[str] = []
    for row, written in enumerate(body):
        if not written[-1:].isdigit() and written[-1:] not in _TIMES:
            continue
        line = _one_spaced(written)
        behind = _QUANTITY_BEHIND.match(line)
        if behind:
            titles.append(behind["title"])
        elif row and _QUANTITY.match(line) and any(character.isdigit() for character in line):
            # Between title and quantity a line with the variant may stand; the title is the longer of the two.
            above = [entry for entry in map(_one_spaced, body[max(0, row - 2) : row]) if not _is_no_title(entry)]
            title = max(above, key=len, default="")
            if len(title) >= _TITLE_LETTERS:
                titles.append(title)
    return tuple(dict.fromkeys(title[:_MAX_TITLE] for title in titles))[:_MAX_ITEMS]


def _one_spaced(line: str) -> str:
    return " ".join(line.split())


def _is_no_title(line: str) -> bool:
    """Whether a line is a quantity or a button ("Track order"): few words, one of them of parcels."""
    plain = normalise(line)
    return bool(_QUANTITY.match(line)) or (len(plain.split()) <= _BUTTON_WORDS and bool(parcel_words().find(plain)))
