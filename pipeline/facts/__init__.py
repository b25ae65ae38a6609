"""The named facts about one parcel on one day: what the conditions of ``rules.toml`` can speak of.

A fact is a number of days, yes or no, or an event. ``None`` means "unknown", and an unknown fact never
satisfies a condition, whichever way the condition is worded. The docstring of each property is its
definition; the same words stand in ``docs/rules.md``.

All days are whole calendar days in the owner's time zone, so a day on which the clocks change is one day. A
moment that lies after the day in question is not yet counted: it is as if nobody had said it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from pipeline.facts.definitions import Definition, Value, definitions
from pipeline.facts.protection import Protection, protection
from pipeline.facts.terms import Defaults, ShopTerms, terms_of
from pipeline.facts.untracked import often_untracked
from pipeline.model import INFORMATION, Event, MarkKind, Parcel, local_date

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["DAYS_AFTER_THE_END", "FACTS", "Defaults", "Facts", "ShopTerms", "facts", "terms_of"]

#: How long a solved parcel is still worth showing, and a delivered one's content can be disputed where no mail says so.
DAYS_AFTER_THE_END: Final = 15

_SOLVED: Final = frozenset({Event.DELIVERED, Event.RETURNED, Event.CANCELLED, Event.REFUNDED})
_IMPLIES_SHIPPED: Final = INFORMATION | {Event.SHIPPED, Event.CODE_CHANGED}


@dataclass(frozen=True, slots=True)
class Facts:
    """One parcel on one day. Each property is a fact; :meth:`values` gives those that rules can use.

    *shipment_window* is in days; *protection* is ``None`` where its end cannot be told; *untracked* are the owner's
    words for items that are never tracked.
    """

    parcel: Parcel
    today: date
    zone: tzinfo | None
    shipment_window: int
    protection: Protection | None
    untracked: tuple[str, ...] = ()

    def values(self) -> dict[str, Value]:
        """Return every fact of ``FACTS`` by name."""
        return {name: read(self) for name, read in _READERS}

    # ── what happened ───────────────────────────────────────────────────────────────────────────────────────

    @property
    def event(self) -> str:
        """The latest event that holds. An order closed after its delivery stays delivered."""
        parcel = self.parcel
        if parcel.event in (Event.CLOSING, Event.CLOSED) and self.on(parcel.delivered_at):
            return Event.DELIVERED
        return parcel.event

    @property
    def solved(self) -> bool:
        """Yes when it was delivered, returned, cancelled or refunded."""
        return self.event in _SOLVED

    @property
    def ordered(self) -> bool:
        """Yes when a mail told of the order."""
        return self.on(self.parcel.ordered_at) is not None or self.parcel.event is Event.ORDERED

    @property
    def shipped(self) -> bool:
        """Yes when a mail said so, or when later news, or a code from the owner, show that it was."""
        return (
            self.on(self.parcel.shipped_at) is not None
            or self.information
            or self.parcel.event in _IMPLIES_SHIPPED
            or any(source.mark and source.mark.kind is MarkKind.CODE for source in self.parcel.sources)
        )

    @property
    def code_known(self) -> bool:
        """Yes when a tracking code (or the shop's own package id) is known. An order number is not a code."""
        return bool(self.parcel.codes)

    @property
    def information(self) -> bool:
        """Yes when somebody scanned or handled it: any news beyond "shipped" on the code it has now."""
        return self.on(self.parcel.informed_at) is not None

    @property
    def kind_often_untracked(self) -> bool:
        """Yes when all its items are of a kind often sent untracked, or the owner said so of it or of the kind."""
        return self.parcel.untracked or often_untracked(self.parcel.items, self.untracked)

    # ── days ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def days(self) -> int | None:
        """Days since the first mail that said "shipped"; they go on counting when a code changes."""
        return self._days_since(self.parcel.shipped_at)

    @property
    def days_since_ordered(self) -> int | None:
        """Days since the mail that told of the order."""
        return self._days_since(self.parcel.ordered_at)

    @property
    def days_past_ship_by(self) -> int | None:
        """Days since the last day to ship; 0 on that day, negative before it."""
        return None if self.ship_by is None else (self.today - self.ship_by).days

    @property
    def days_since_information(self) -> int | None:
        """Days since the newest information on the code it has now."""
        return self._days_since(self.parcel.informed_at)

    @property
    def days_since_code_changed(self) -> int | None:
        """Days since another code replaced the one before."""
        return self._days_since(self.parcel.code_changed_at)

    @property
    def days_to_protection_end(self) -> int | None:
        """Days until the last day of buyer protection; 0 on that day, negative after it."""
        return None if self.protection is None else (self.protection.end - self.today).days

    @property
    def days_to_dispute(self) -> int | None:
        """Days until the dispute window before protection's end opens; a closing mail opens it at once."""
        return None if self.protection is None else (self.protection.dispute_from - self.today).days

    @property
    def days_to_pickup_end(self) -> int | None:
        """Days until the last day to collect it, as the mail names it; negative after it."""
        return None if self.parcel.pickup_by is None else (self.parcel.pickup_by - self.today).days

    @property
    def days_since_solved(self) -> int | None:
        """Days since it was delivered, returned, cancelled or refunded."""
        return None if self.solved_on is None else (self.today - self.solved_on).days

    @property
    def days_to_content_dispute_end(self) -> int | None:
        """Days until the last day for a dispute about what was delivered: as the mail says, else 15 days after it."""
        return None if self.content_dispute_until is None else (self.content_dispute_until - self.today).days

    # ── buyer protection ────────────────────────────────────────────────────────────────────────────────────

    @property
    def protection_over(self) -> bool | None:
        """Yes when protection's last day has passed, or the shop closed the order without a delivery."""
        if self.event == Event.CLOSED:
            return True
        return None if self.days_to_protection_end is None else self.days_to_protection_end < 0

    @property
    def closing_announced(self) -> bool:
        """Yes when a trusted mail of the shop said that it will soon close the order."""
        return self.on(self.parcel.closing_at) is not None

    @property
    def order_closed(self) -> bool:
        """Yes when the shop closed the order and nobody told of a delivery."""
        return self.event == Event.CLOSED

    # ── the owner's word ────────────────────────────────────────────────────────────────────────────────────

    @property
    def marked_unchanged(self) -> bool:
        """Yes when the owner found the code unchanged or contacted the seller, with no change since."""
        return self.marked_contacted or self._still_holds(self.parcel.unchanged_at)

    @property
    def marked_contacted(self) -> bool:
        """Yes when the owner contacted the seller about the code it has now."""
        return self._still_holds(self.parcel.contacted_at)

    @property
    def marked_disputed(self) -> bool:
        """Yes when the owner opened a dispute."""
        return self.on(self.parcel.disputed_at) is not None

    # ── dates, for the words of the advice ──────────────────────────────────────────────────────────────────

    @property
    def ship_by(self) -> date | None:
        """Last day to ship: as the mail or the owner says, else the order's day and the shipment window."""
        if self.parcel.ship_by is not None:
            return self.parcel.ship_by
        ordered_on = self.on(self.parcel.ordered_at)
        if ordered_on is None:
            return None
        return ordered_on + timedelta(days=self.shipment_window)

    @property
    def solved_on(self) -> date | None:
        """The day on which it was delivered, returned, cancelled or refunded; ``None`` while it is not."""
        if not self.solved:
            return None
        told = self.parcel.delivered_at if self.event == Event.DELIVERED else None
        return local_date(told or self.parcel.event_at, self.zone)

    @property
    def content_dispute_until(self) -> date | None:
        """Last day for a dispute about the content of a delivered parcel: as the mail says, else 15 days after it."""
        if self.event != Event.DELIVERED or self.solved_on is None:
            return None
        days = self.parcel.dispute_days
        return self.solved_on + timedelta(days=DAYS_AFTER_THE_END if days is None else days)

    def on(self, moment: datetime | None) -> date | None:
        """Return the owner's calendar day of *moment*, or ``None`` where it is unknown or not yet come."""
        return _day(moment, self.today, self.zone)

    def _days_since(self, moment: datetime | None) -> int | None:
        day = self.on(moment)
        return None if day is None else (self.today - day).days

    def _still_holds(self, marked_at: datetime | None) -> bool:
        # Compared by day: within a day the order of mail and mark is the fold's to judge, which saw both.
        marked_on, changed_on = self.on(marked_at), self.on(self.parcel.code_changed_at)
        return marked_on is not None and (changed_on is None or marked_on >= changed_on)


def facts(
    parcel: Parcel, today: date, zone: tzinfo | None, defaults: Defaults, terms: ShopTerms | None = None
) -> Facts:
    """Return the facts about *parcel* on *today* in *zone* (``None``: the process's own zone, ``TZ``)."""
    terms = terms or ShopTerms()
    shipped_on = _day(parcel.shipped_at, today, zone) or _day(parcel.first_news_at, today, zone)
    start = parcel.expected if terms.protection_basis == "expected" else shipped_on
    by_owner, extension = parcel.protection_from == "owner", timedelta(days=parcel.extended_by)
    stated = parcel.protection_ends
    return Facts(
        parcel,
        today,
        zone,
        shipment_window=_special(terms.shipment_window, defaults.shipment_window),
        protection=protection(
            stated=stated if by_owner or stated is None else stated + extension,
            by_owner=by_owner,
            closing_on=_day(parcel.closing_at, today, zone),
            estimate=start and start + timedelta(days=_special(terms.protection, defaults.protection)) + extension,
            window=defaults.dispute_window,
        ),
        untracked=defaults.untracked,
    )


def _special(special: int | None, general: int) -> int:
    return general if special is None else special


def _day(moment: datetime | None, today: date, zone: tzinfo | None) -> date | None:
    if moment is None:
        return None
    day = local_date(moment, zone)
    return day if day <= today else None


#: Every fact that a condition in ``rules.toml`` may name.
FACTS: Final[Mapping[str, Definition]] = definitions(Facts)

_READERS: Final[tuple[tuple[str, Callable[[Facts], Value]], ...]] = tuple(
    (name, vars(Facts)[name].fget) for name in FACTS
)
