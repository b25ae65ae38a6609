"""A parcel's way in dated steps: ordered, shipped, day 10, day 15, today, end of protection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pipeline.model import Event, Saying, local_date, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.digest import Entry
    from pipeline.speech import Speaker

#: The first information usually comes around day 10; after day 15 look at the code (rules 2a and 2c).
_THRESHOLDS = (10, 15)
_BAR_COLUMNS = 40
_SHIPPED, _TODAY, _PROTECTION_ENDS = say("Shipped"), say("Today"), say("Protection ends")
# Seven steps have to find room, each with words of some 60 pixels; the last ("Protection ends, about 26 Nov") has most.
_LEAST_SHARE, _LAST_SHARE = 12, 18

When = Literal["past", "today", "future"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, its day, whether the day is an estimate, and where it lies seen from today."""

    name: Saying
    day: date
    when: When
    about: bool = False


def steps(entry: Entry, today: date, zone: tzinfo | None) -> tuple[Step, ...]:
    """Return the steps of an open parcel by date; with information its last news, not the thresholds."""
    parcel = entry.parcel

    def local(moment: datetime | None) -> date | None:
        return local_date(moment, zone) if moment else None

    shipped, informed = local(parcel.shipped_at), local(parcel.informed_at)
    changed = local(parcel.code_changed_at)
    days: list[tuple[Saying, date | None]] = [
        (say("Ordered"), local(parcel.ordered_at)),
        (say("Ship by"), parcel.ship_by if shipped is None else None),
        (_SHIPPED, shipped),
        (say("New code"), changed if informed is None else None),
        (say("Last news"), informed),
    ]
    if shipped is not None and informed is None:
        days += [(say("Day {number}", number=number), shipped + timedelta(days=number)) for number in _THRESHOLDS]
    if parcel.event is Event.AVAILABLE_FOR_PICKUP:
        days.append((say("Collect by"), parcel.pickup_by))
    days += [(_TODAY, today), (_PROTECTION_ENDS, entry.protection_ends)]
    found = [
        Step(name, day, _when(name, day, today), name == _PROTECTION_ENDS and entry.protection_about)
        for name, day in days
        if day is not None
    ]
    return tuple(sorted(found, key=lambda step: step.day)) if len(found) > 1 else ()


def shares(line: Sequence[Step]) -> tuple[int, ...]:
    """Return how much of the width the words of each step take, in percent: by days, yet wide enough to read.

    The last step has nothing after it and takes what its words need.
    """
    if len(line) < 2:
        return (100,) * len(line)
    before = len(line) - 1
    least = min(_LEAST_SHARE, (100 - _LAST_SHARE) // before)
    room = 100 - _LAST_SHARE - least * before
    days = [(after.day - step.day).days for step, after in pairwise(line)]
    whole = max(1, sum(days))
    return (*(least + room * gone // whole for gone in days), _LAST_SHARE)


def gone(line: Sequence[Step], today: date) -> int:
    """Return how much of the time from the first step to the last is gone *today*, in percent, true to scale."""
    if len(line) < 2:
        return 0
    whole = (line[-1].day - line[0].day).days
    return round(100 * (today - line[0].day).days / whole) if whole else 0


def _when(name: Saying, day: date, today: date) -> When:
    if name == _TODAY:
        return "today"
    return "past" if day <= today else "future"


def bar(line: tuple[Step, ...], speaker: Speaker) -> str:
    """Return how much of the time from shipping to the end of protection is gone, as a bar with words."""
    days = {step.name: step for step in line}
    start, end = days.get(_SHIPPED), days.get(_PROTECTION_ENDS)
    today = speaker.today
    if start is None or end is None or not start.day <= today <= end.day:
        return ""
    gone, whole = (today - start.day).days, max(1, (end.day - start.day).days)
    filled = round(_BAR_COLUMNS * gone / whole)
    about = say("day {gone} of about {whole}", gone=gone, whole=whole)
    words = about if end.about else say("day {gone} of {whole}", gone=gone, whole=whole)
    return f"{'█' * filled}{'░' * (_BAR_COLUMNS - filled)} {speaker(words)}"
