"""Two kinds of time: an aware moment, and a calendar day in the owner's zone. One place converts."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from typing import TypeAlias

#: A calendar day in the owner's time zone.
Day: TypeAlias = date

#: The date of a notice whose mail has none that can be read, where nobody told the day on which it was met.
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def local_date(moment: datetime, zone: tzinfo | None) -> date:
    """Return the calendar day of an aware *moment* in *zone*; ``None`` means the process's own zone (``TZ``)."""
    return moment.astimezone(zone).date()
