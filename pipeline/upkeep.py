"""The ledger kept small: what a year has passed over, and nobody marked, is dropped."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline.model import local_date
from pipeline.parcels import fold

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, tzinfo

    from pipeline.ledger import Ledger
    from pipeline.model import Notice
    from pipeline.sources import Today

#: Longer than any protection lasts, and than the first run of a new mailbox looks back by default.
KEPT = timedelta(days=365)


def drop_old(ledger: Ledger, today: Today) -> None:
    """Drop what is older than a year: parcels of which nothing was heard, digests, suspicions, mails given up.

    The owner's marks stay, and with them all that was said of a marked parcel. Raises LedgerError.
    """
    before = today.day - KEPT
    ledger.forget(forgettable(ledger.notices(), before, today.zone), before)


def forgettable(notices: Collection[Notice], before: date, zone: tzinfo | None) -> set[str]:
    """Return the message ids of all notices that speak only of parcels last heard of before the day *before*."""
    if all(local_date(notice.date, zone) >= before for notice in notices):
        return set()
    old: set[str] = set()
    kept: set[str] = set()
    for parcel in fold(notices):
        marked = any(source.mark for source in parcel.sources)
        recent = any(local_date(source.date, zone) >= before for source in parcel.sources)
        (kept if marked or recent else old).update(source.message_id for source in parcel.sources)
    return old - kept
