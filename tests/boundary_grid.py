"""The boundary grid: every kind of parcel on every day on which something may change, as one page to review.

``python tests/boundary_grid.py`` writes ``tests/snapshots/boundary-grid.txt`` anew; the tests only compare.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from paper import CODE, OTHER_CODE, day, noon, on, ordered, seen, shipped

from pipeline.model import Diagnosis, Event, Parcel

if TYPE_CHECKING:
    from datetime import date

    from pipeline.rules import RuleBook

SNAPSHOT: Final = Path(__file__).parent / "snapshots" / "boundary-grid.txt"
DAYS: Final = (0, 1, 5, 6, 9, 10, 11, 15, 16, 17, *range(54, 62))

PARCELS: Final[dict[str, Parcel]] = {
    "ordered": ordered(),
    "ordered, ship-by named: day 10": ordered(ship_by=day(10)),
    "ordered, owner gave the end: day 60": ordered(protection_ends=day(60), protection_from="owner"),
    "shipped, no code": shipped(codes=()),
    "code": shipped(),
    "code, end named in a mail: day 57": shipped(protection_ends=day(57), protection_from="mail"),
    "code, unchanged marked on day 5": shipped(unchanged_at=noon(5)),
    "code, contacted marked on day 5": shipped(contacted_at=noon(5)),
    "code, unchanged on day 5, another code on day 6": shipped(
        codes=(OTHER_CODE, CODE), unchanged_at=noon(5), code_changed_at=noon(6)
    ),
    "code, changed on day 5": seen(Event.CODE_CHANGED, 5, codes=(OTHER_CODE, CODE), code_changed_at=noon(5)),
    "code, changed on day 44": seen(Event.CODE_CHANGED, 44, codes=(OTHER_CODE, CODE), code_changed_at=noon(44)),
    "code, stickers": shipped(items=("100 pcs cute stickers",)),
    "code, marked untracked, contacted": shipped(untracked=True, contacted_at=noon(5)),
    "code, disputed on day 10": shipped(disputed_at=noon(10)),
    "code, closing announced on day 9": shipped(closing_at=noon(9)),
    "in transit on day 0": seen(Event.IN_TRANSIT, 0),
    "in transit on day 44": seen(Event.IN_TRANSIT, 44),
    "in transit on day 1, without a code": seen(Event.IN_TRANSIT, 1, codes=()),
    "in transit on day 1, never told as shipped": seen(Event.IN_TRANSIT, 1, shipped_at=None),
    "out for delivery on day 1": seen(Event.OUT_FOR_DELIVERY, 1),
    "to be collected since day 1": seen(Event.AVAILABLE_FOR_PICKUP, 1),
    "to be collected since day 1, until day 9": seen(Event.AVAILABLE_FOR_PICKUP, 1, pickup_by=day(9)),
    "attempt failed on day 1": seen(Event.ATTEMPT_FAILED, 1),
    "problem on day 1": seen(Event.EXCEPTION, 1),
    "delivered on day 1": seen(Event.DELIVERED, 1),
    "delivered on day 1, closed on day 9": seen(Event.CLOSED, 9, informed_at=noon(1), delivered_at=noon(1)),
    "returned on day 1": seen(Event.RETURNED, 1),
    "cancelled on day 1": seen(Event.CANCELLED, 1),
    "refunded on day 1": seen(Event.REFUNDED, 1),
    "closed on day 1": seen(Event.CLOSED, 1),
    "code, nothing else told": ordered(event=Event.NONE, ordered_at=None, codes=(CODE,)),
    "an order number, nothing else told": ordered(event=Event.NONE, ordered_at=None),
}


def grid(book: RuleBook | None = None) -> str:
    """Return the page: for each parcel, the days that have the same outcome, and that outcome."""
    return "\n".join(line for name, parcel in PARCELS.items() for line in _lines(name, parcel, book))


def days_of(parcel: Parcel) -> list[int]:
    """Return the days of the grid on which *parcel* is as it is: not those before its latest event."""
    return [number for number in DAYS if day(number) >= parcel.event_at.date()]


def _lines(name: str, parcel: Parcel, book: RuleBook | None) -> list[str]:
    lines = [name]
    for outcome, numbers in groupby(days_of(parcel), lambda number: _outcome(on(number, parcel, book=book))):
        lines.append(f"  {outcome}   on {' '.join(map(str, numbers))}")
    return [*lines, ""]


def _outcome(found: Diagnosis) -> str:
    act_by = f", act by {_number(found.act_by)}" if found.act_by else ""
    notes = "".join(f", {note.id} {_number(note.date)}" for note in found.notes if note.date)
    uncounted = ", days unknown" if found.days is None else ""
    return f"{found.rule} ({found.level.value}{act_by}{notes}{uncounted})"


def _number(of_day: date) -> int:
    return (of_day - day(0)).days


if __name__ == "__main__":
    SNAPSHOT.parent.mkdir(exist_ok=True)
    SNAPSHOT.write_text(grid() + "\n", encoding="utf-8")
    print(f"written: {SNAPSHOT}")
