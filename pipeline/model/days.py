"""Two kinds of time: an aware moment, and a calendar day in the owner's zone. One place converts."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import TypeAlias

#: A calendar day in the owner's time zone.
Day: TypeAlias = date


def local_date(moment: datetime, zone: tzinfo | None) -> date:
    """Return the calendar day of an aware *moment* in *zone*; ``None`` means the process's own zone (``TZ``)."""
    return moment.astimezone(zone).date()
