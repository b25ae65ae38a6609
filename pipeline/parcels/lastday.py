"""A last day that mails name: to ship, to collect, of protection."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pipeline.parcels.packages import Order


class LastDay:
    """Of one order the newest day that was named, an unverified one not against a trusted one; of several orders
    the earliest."""

    def __init__(self) -> None:
        self._days: dict[Order | None, tuple[int, date]] = {}

    def say(self, orders: Iterable[Order], rank: int, day: date) -> None:
        """Hear of *day* for *orders* (none: for all) from a mail of this *rank*."""
        named: list[Order | None] = list(orders)
        for order in named or [None]:
            if rank >= self._days.get(order, (0, day))[0]:
                self._days[order] = (rank, day)

    @property
    def day(self) -> date | None:
        """The day that holds, if any was named."""
        return min((day for _, day in self._days.values()), default=None)
