"""From the ledger to what every parcel needs today: 10,000 parcels of 100,000 notices, and a tenth of them."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.measure import seconds
from pipeline.config import Config
from pipeline.job import survey
from pipeline.ledger import Ledger
from pipeline.model import Event, Mark, MarkKind, Notice, OrderNumber, TrackingCode, Trust
from pipeline.parcels import fold
from pipeline.sources import Today

#: The bounds, told beside what was measured.
SECONDS, RATIO = 3, 13

START = datetime(2026, 1, 1, tzinfo=UTC)
TODAY = Today(date(2026, 1, 20), UTC)

_SEEN = (*[Event.IN_TRANSIT] * 6, Event.OUT_FOR_DELIVERY, Event.DELIVERED)
#: What is told of a parcel in ten notices, of five kinds of life.
LIVES: tuple[tuple[Event | MarkKind, ...], ...] = (
    (Event.ORDERED, Event.SHIPPED, *_SEEN),
    (Event.ORDERED, Event.SHIPPED, Event.CODE_CHANGED, *_SEEN[:-1]),
    (Event.ORDERED, Event.SHIPPED, *[Event.NONE] * 7, MarkKind.UNCHANGED),
    (Event.ORDERED, *[Event.NONE] * 9),
    (Event.ORDERED, Event.SHIPPED, *[Event.NONE] * 6, MarkKind.DISPUTED, Event.REFUNDED),
)


def notices(parcels: int) -> list[Notice]:
    """Ten notices for each of *parcels*, in the order of the parcels."""
    return [
        _notice(number, step, told) for number in range(parcels) for step, told in enumerate(LIVES[number % len(LIVES)])
    ]


def _notice(number: int, step: int, told: Event | MarkKind) -> Notice:
    mark = Mark(told) if isinstance(told, MarkKind) else None
    event = Event.NONE if isinstance(told, MarkKind) else told
    changed = Event.CODE_CHANGED in LIVES[number % len(LIVES)][: step + 1]
    code = TrackingCode(f"{'LX' if changed else 'LP'}{number:014}", "cainiao")
    return Notice(
        f"{number}-{step}@shop.example",
        START + timedelta(days=step, minutes=number),
        "aliexpress",
        event,
        orders=(OrderNumber(f"82{number:014}"),),
        codes=() if mark or event in (Event.ORDERED, Event.NONE) else (code,),
        trust=Trust.OWNER if mark else Trust.TRUSTED,
        mark=mark,
        items=("A folding garden saw",),
        subject=f"Order 82{number:014}: an update",
    )


def diagnosis() -> None:
    """Measure loading, folding and diagnosing, together and each."""
    took = {}
    for parcels in (1_000, 10_000):
        told = notices(parcels)
        with tempfile.TemporaryDirectory() as folder, Ledger.open(Path(folder)) as ledger:
            ledger.record(today=TODAY.day, notices=told)
            took[parcels] = seconds(lambda ledger=ledger: survey(ledger, Config(), TODAY))
            if parcels == 10_000:
                load, folded = seconds(ledger.notices), seconds(lambda told=told: fold(told))
    whole, ratio = took[10_000], took[10_000] / took[1_000]
    print(f"diagnosis  10,000 parcels, 100,000 notices: {whole:.2f} s (bound: {SECONDS} s)")
    print(f"diagnosis  of these {load:.2f} s load, {folded:.2f} s fold, the rest diagnoses")
    print(f"diagnosis  10 times the notices cost {ratio:.1f} times as much (bound: {RATIO})")


if __name__ == "__main__":
    diagnosis()
