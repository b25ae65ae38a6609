"""What state a parcel is in: one mail after the other moves it, in the order of their dates.

Which mail may move it where:

- An unverified mail never moves a parcel backwards that trusted mail has moved, and never calls it off
  (cancelled, refunded, returned, closed).
- The latest event holds; ``ordered`` and ``shipped`` never undo a later stage.
- ``delivered``, ``returned``, ``cancelled`` and ``refunded`` are final. They give way only to an event that
  may truly follow (``AFTER``), told with the same trust at least; what only an unverified mail ended, any
  trusted mail moves on.
- ``closing``, ``code_changed`` and ``none`` say nothing of where it is: they stand only where nothing else is
  known.
- The owner's ``reopen`` takes back the last mark that holds, or the end that a mail told since then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.model import INFORMATION, Event, Trust
from pipeline.parcels.packages import BEFORE_ALL, RANK

if TYPE_CHECKING:
    from datetime import datetime

FINAL = frozenset({Event.DELIVERED, Event.RETURNED, Event.CANCELLED, Event.REFUNDED})

#: Events that say nothing of where the parcel is.
WEAK = frozenset({Event.NONE, Event.CLOSING, Event.CODE_CHANGED})

#: How far an event is on the way; decides between mails of the same moment, and what "backwards" means.
PROGRESS = {
    Event.NONE: 0,
    Event.CLOSING: 0,
    Event.CODE_CHANGED: 0,
    Event.ORDERED: 1,
    Event.SHIPPED: 2,
    Event.IN_TRANSIT: 3,
    Event.EXCEPTION: 4,
    Event.OUT_FOR_DELIVERY: 5,
    Event.ATTEMPT_FAILED: 6,
    Event.AVAILABLE_FOR_PICKUP: 7,
    Event.CLOSED: 8,
    Event.DELIVERED: 9,
    Event.RETURNED: 10,
    Event.CANCELLED: 11,
    Event.REFUNDED: 12,
}

#: What may follow a final event. A shop that could not stop a cancelled order says so by shipping it; "in
#: transit" behind "delivered" is a late mail; "delivered" behind "returned" means the sender has it back, and
#: "shipped" that it was sent again.
AFTER = {
    Event.DELIVERED: frozenset({Event.RETURNED, Event.REFUNDED}),
    Event.RETURNED: frozenset({Event.REFUNDED, Event.SHIPPED}),
    Event.CANCELLED: INFORMATION | {Event.SHIPPED, Event.REFUNDED},
    Event.REFUNDED: frozenset[Event](),
}

_CALLED_OFF = frozenset({Event.CANCELLED, Event.REFUNDED, Event.RETURNED, Event.CLOSED})


@dataclass(frozen=True, slots=True)
class State:
    """Where a parcel is, since when, and on whose word.

    Attributes:
        rank: trust in the mail that said so.
        floor: how far trusted mail has moved it.
        position: of the notice that said so.
    """

    event: Event
    event_at: datetime
    status: str | None = None
    delivered_at: datetime | None = None
    rank: int = 0
    floor: int = 0
    position: int = BEFORE_ALL

    def hear(self, event: Event, status: str | None, at: datetime, rank: int, position: int) -> State:
        """The state after a mail of this *rank* that tells *event*."""
        if self._may_become(event, rank):
            return self.become(event, status, at, rank, position)
        told = min(PROGRESS[event], PROGRESS[self.event])
        if rank >= RANK[Trust.TRUSTED] and event not in FINAL:
            return replace(self, floor=max(told, self.floor))
        return self

    def is_backwards(self, event: Event, rank: int) -> bool:
        """Whether an unverified mail contradicts what trusted mail told."""
        if rank >= RANK[Trust.TRUSTED] or not self.floor:
            return False
        return PROGRESS[event] < self.floor or event in _CALLED_OFF

    def become(self, event: Event, status: str | None, at: datetime, rank: int, position: int) -> State:
        """The state after a word that holds."""
        same = event is self.event
        if same and status == self.status and rank == self.rank:
            return self
        delivered_at = self.delivered_at if event in FINAL else None
        return State(
            event=event,
            event_at=self.event_at if same else at,
            status=status,
            delivered_at=delivered_at or at if event is Event.DELIVERED else delivered_at,
            rank=rank,
            floor=PROGRESS[event] if rank >= RANK[Trust.TRUSTED] else self.floor,
            position=position,
        )

    def _may_become(self, event: Event, rank: int) -> bool:
        if self.is_backwards(event, rank):
            return False
        if event in WEAK:
            return self.event in WEAK and event is not Event.NONE
        if self.event in FINAL:
            if event is Event.CLOSED:
                return False
            return rank > self.rank or (rank == self.rank and event in AFTER[self.event])
        if event is Event.ORDERED or event is Event.SHIPPED:
            return PROGRESS[event] >= PROGRESS[self.event]
        return True
