"""A parcel's way in dated steps: ordered, shipped, day 10, day 15, today, end of protection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import TYPE_CHECKING, Literal

from pipeline.model import Event, local_date

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.digest import Entry

#: The first information usually comes around day 10; after day 15 look at the code (rules 2a and 2c).
_THRESHOLDS = (10, 15)
_BAR_COLUMNS = 40

When = Literal["past", "today", "future"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, its day, whether the day is an estimate, and where it lies seen from today."""

    name: str
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
    days: list[tuple[str, date | None]] = [
        ("Ordered", local(parcel.ordered_at)),
        ("Ship by", parcel.ship_by if shipped is None else None),
        ("Shipped", shipped),
        ("New code", changed if informed is None else None),
        ("Last news", informed),
    ]
    if shipped is not None and informed is None:
        days += [(f"Day {number}", shipped + timedelta(days=number)) for number in _THRESHOLDS]
    if parcel.event is Event.AVAILABLE_FOR_PICKUP:
        days.append(("Collect by", parcel.pickup_by))
    days += [("Today", today), ("Protection ends", entry.protection_ends)]
    found = [
        Step(name, day, _when(name, day, today), name == "Protection ends" and entry.protection_about)
        for name, day in days
        if day is not None
    ]
    return tuple(sorted(found, key=lambda step: step.day)) if len(found) > 1 else ()


def _when(name: str, day: date, today: date) -> When:
    if name == "Today":
        return "today"
    return "past" if day <= today else "future"


def bar(line: tuple[Step, ...], today: date) -> str:
    """Return how much of the time from shipping to the end of protection is gone, as a bar with words."""
    days = {step.name: step for step in line}
    start, end = days.get("Shipped"), days.get("Protection ends")
    if start is None or end is None or not start.day <= today <= end.day:
        return ""
    gone, whole = (today - start.day).days, max(1, (end.day - start.day).days)
    filled = round(_BAR_COLUMNS * gone / whole)
    return f"{'█' * filled}{'░' * (_BAR_COLUMNS - filled)} day {gone} of {'about ' * end.about}{whole}"
