"""The head of a mail that stands inside a text: its header lines in any language, and the moment they tell."""

from __future__ import annotations

import re
from datetime import datetime, time
from functools import cache
from typing import TYPE_CHECKING

from pipeline.read.dates import find_dates
from pipeline.read.languages import languages
from pipeline.read.normal import normalise

if TYPE_CHECKING:
    from pipeline.read.languagetable import Language

_HEADER_LINES = 14
_TIME = re.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?::\d\d)?(?: ?([ap])\.?m)?")


@cache
def _header_names() -> dict[str, str]:
    """Header names of forwarded mails in all languages → from, date, subject, to."""
    table: dict[str, str] = {}
    for language in languages().values():
        forwarded = language.forwarded
        for name, words in (
            ("to", forwarded.to),
            ("date", forwarded.date),
            ("subject", forwarded.subject),
            ("from", forwarded.from_),
        ):
            table.update((normalise(word).rstrip(":"), name) for word in words)
    return table


def header_block(lines: list[str], start: int) -> tuple[dict[str, str], int]:
    """Header fields that begin at line *start*, and the line behind them. Values may stand on the next line."""
    headers: dict[str, str] = {}
    end = start
    wanting: str | None = None
    row = start
    while row < len(lines) and row - start < _HEADER_LINES:
        line = lines[row].lstrip("> ").replace("\t", " ").strip(" *")
        row += 1
        if not line:
            continue
        name, colon, value = line.replace("：", ":").partition(":")
        name = normalise(name).strip(" *") if colon and len(name) < 30 else ""
        field = _header_names().get(name)
        if field == "from" and not _may_name_a_sender(name, value):
            field = None
        if field is not None:
            if field in headers and field == "from":
                break
            headers.setdefault(field, value.strip(" *"))
            wanting = field if not headers[field] else None
            end = row
        elif wanting is not None or (headers and field is None and "@" in line and "subject" not in headers):
            target = wanting or "from"
            headers[target] = f"{headers.get(target, '')} {line}".strip()
            end = row
            wanting = None
        else:
            break
    return headers, end


def _may_name_a_sender(name: str, value: str) -> bool:
    """Whether the header *name* with this *value* tells a sender, not hours ("from: 10:00").

    Latvian "no" (from) is the English word for number, too, so that it needs an address.
    """
    return "@" in value or (name != "no" and (not value or any(map(str.isalpha, value))))


def moment_of(text: str, outer: datetime | None, head: list[str]) -> datetime | None:
    """The moment that a forwarded Date line tells, in the zone of the mail around it; never later than that.

    *head* are the header lines: "lis" is October where they are Croatian, November where they are Polish.
    """
    if outer is None or not text:
        return None
    plain = normalise(text)
    for language in (None, *_languages_of(head, plain)):
        days = find_dates(plain, language, outer.date(), "dmy")
        if days:
            break
    else:
        return None
    clock = _TIME.search(plain)
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (12, 0)
    if clock and clock[3] and hour <= 12:
        hour = hour % 12 + (12 if clock[3] == "p" else 0)
    if hour > 23 or minute > 59:
        hour, minute = 12, 0
    found = datetime.combine(days[0], time(hour, minute), outer.tzinfo)
    return found if found <= outer else None


def _languages_of(head: list[str], moment: str) -> list[str]:
    """All languages, first those that know most of the names of the header lines *head*, then those that know the
    day of the week of the *moment* they tell: in "czw., 10 lip" it is Polish, "lip" alone Croatian as well."""
    names = {normalise(line.replace("：", ":").partition(":")[0]).strip("> *") for line in head}
    said = {word.strip(".,") for word in moment.split()}
    known = {code: _knows(language, names, said) for code, language in languages().items()}
    return sorted(known, key=lambda code: known[code], reverse=True)


def _knows(language: Language, names: set[str], said: set[str]) -> tuple[int, bool]:
    """How many header *names* a language has, and whether a day of its week is among the words *said*."""
    forwarded = language.forwarded
    fields = forwarded.from_ + forwarded.date + forwarded.subject + forwarded.to
    return len(names.intersection(fields)), any(day in said for days in language.dates.weekdays for day in days)
