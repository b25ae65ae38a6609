"""Buyer protection of one parcel: its last day, who says so, and from when on a dispute makes sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

#: A shop's mail that it will soon close the order leaves this many days to open a dispute ("any day now").
CLOSING_GRACE_DAYS: Final = 3

Voice = Literal["owner", "mail", "closing", "estimate"]


@dataclass(frozen=True, slots=True)
class Protection:
    """The last day of protection, whose word it is, and the first day on which a dispute makes sense."""

    end: date
    source: Voice
    dispute_from: date


def protection(
    *, stated: date | None, by_owner: bool, closing_on: date | None, estimate: date | None, window: int
) -> Protection | None:
    """Weigh what is known of the end of protection; ``None`` where nothing is.

    The owner's or the mail's date beats an estimate. A closing mail means "any day now": a dispute makes
    sense from its day on, and ``CLOSING_GRACE_DAYS`` later is the end, unless the owner named an earlier one.

    Args:
        stated: the day the owner or a mail named.
        by_owner: whether it was the owner.
        closing_on: day of the newest trusted mail that announced the closing.
        estimate: the end where nobody named it.
        window: length of the dispute window before the end, in days.
    """
    if closing_on is not None:
        closes = closing_on + timedelta(days=CLOSING_GRACE_DAYS)
        if stated is not None and by_owner and stated < closes:
            return Protection(stated, "owner", min(closing_on, stated - timedelta(days=window)))
        return Protection(closes, "closing", min(closing_on, closes - timedelta(days=window)))
    if stated is not None:
        return Protection(stated, "owner" if by_owner else "mail", stated - timedelta(days=window))
    if estimate is not None:
        return Protection(estimate, "estimate", estimate - timedelta(days=window))
    return None
