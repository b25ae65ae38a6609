"""One parcel's mails, told from the oldest to the newest, and the parcel they amount to.

Decided here:

- What a mail says of an order goes for all its packages. A package that came to light later than the order's
  first one takes over from earlier mails when the order was placed and shipped, its dates and items, not what
  became of the other packages; a "shipped" of its own counts for its days.
- "Cancelled" or "refunded" of one of several orders in a package takes out that order's part only: the
  package is called off when all its orders are. What a mail says of a part of an order ends nothing.
- What came back and is shipped again starts anew: days, information, and what the owner said of it.
- Information counts for the code that holds: what came before the code changed, or names an old code only,
  does not count.
- Of several mails that name a date the newest holds, an unverified one not against a trusted one; of several
  orders in one package the earliest date. An end of protection that a trusted mail names after the
  announcement that the order will be closed takes that back.
- A change of the code cancels the owner's earlier ``unchanged`` and ``contacted``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from pipeline.model import INFORMATION, Event, Mark, MarkKind, Notice, Parcel, Source, Trust
from pipeline.parcels.life import FINAL, State
from pipeline.parcels.packages import BEFORE_ALL, RANK, Order, Package

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.parcels.joining import Joined

#: Marks that speak of where a package is; they say nothing of one that comes to light later.
_OF_THE_MOMENT = frozenset(
    {MarkKind.DELIVERED, MarkKind.UNCHANGED, MarkKind.CONTACTED, MarkKind.DISPUTED, MarkKind.SHIPPED}
)

_OF_THE_CODE = frozenset({MarkKind.UNCHANGED, MarkKind.CONTACTED})

#: The status of a mail that speaks of a part of an order only, and the events that then end nothing.
PARTIAL: Final = "partial"
_ENDS_A_PART = frozenset({Event.CANCELLED, Event.REFUNDED, Event.RETURNED})

_BEST = {Trust.SUSPICIOUS: 0, Trust.UNVERIFIED: 1, Trust.TRUSTED: 2, Trust.OWNER: 3}


class _LastDay:
    """A last day that mails name: of one order the newest, of several orders the earliest."""

    def __init__(self) -> None:
        self._days: dict[Order | None, tuple[int, date]] = {}

    def say(self, orders: Iterable[Order], rank: int, day: date) -> None:
        named: list[Order | None] = list(orders)
        for order in named or [None]:
            if rank >= self._days.get(order, (0, day))[0]:
                self._days[order] = (rank, day)

    @property
    def day(self) -> date | None:
        return min((day for _, day in self._days.values()), default=None)


class Telling:
    """All that was said of one package, or of an order whose package is not known.

    Attributes:
        entries: positions of the notices that speak of it, oldest first.
        taken_back: message ids of marks that the owner took back, each with that of the ``reopen``.
    """

    def __init__(
        self,
        notices: Sequence[Notice],
        joined: Joined,
        about: Package | Order,
        taken_back: Mapping[str, str],
    ) -> None:
        """Tell what *notices*, as *joined*, say of *about*; *taken_back* are marks known to be taken back."""
        self._notices = notices
        self._all_orders = joined.orders
        self._nameless = about in joined.nameless
        self._package = about if isinstance(about, Package) else None
        self._orders = list(about.orders) if isinstance(about, Package) else [about]
        said = set(about.said)
        for order in self._orders:
            said.update(order.said)
        self.entries = sorted(said)
        self._changes = frozenset(self._package.changes) if self._package else frozenset()
        self._past = self._before_it_came_to_light()
        self.taken_back = dict(taken_back)
        while not self._tell():
            pass

    def _before_it_came_to_light(self) -> frozenset[int]:
        """Positions of what was said of its orders while only their other packages were known."""
        package = self._package
        if package is None:
            return frozenset()
        firsts = [order for order in self._orders if order.packages[0].born >= package.born]
        if len(firsts) == len(self._orders):
            return frozenset()
        own = package.said.union(*(order.said for order in firsts))
        return frozenset(index for index in self.entries if index < package.born and index not in own)

    # ── one after the other ───────────────────────────────────────────────────────────────────────────────

    def _tell(self) -> bool:
        """Go through all notices once; false if a mark proved to be taken back: then it must start anew."""
        self._state = State(Event.NONE, self._notices[self.entries[0]].date)
        self._unless_final = self._state
        self._holding: list[tuple[int, Notice, Mark]] = []
        self._ordered: datetime | None = None
        self._shipped: dict[str, datetime] = {}
        self._closing: datetime | None = None
        self._informed: list[tuple[int, datetime]] = []
        self._gone: set[Order] = set()
        self._ship_by, self._protection = _LastDay(), _LastDay()
        self._expected, self._pickup_by = _LastDay(), _LastDay()
        for index in self.entries:
            notice = self._notices[index]
            if index in self._changes:
                self._holding = [held for held in self._holding if held[2].kind not in _OF_THE_CODE]
            if notice.mark is None:
                self._hear(index, notice)
            elif not self._obey(index, notice, notice.mark):
                return False
        return True

    def _hear(self, index: int, notice: Notice) -> None:
        event, rank, past = notice.event, RANK[notice.trust], index in self._past
        if notice.status == PARTIAL:
            event = self._of_a_part(event, index)
        if event is Event.ORDERED:
            self._ordered = self._ordered or notice.date
        elif event is Event.SHIPPED:
            self._shipped.setdefault("own" if self._is_own(index) else "order", notice.date)
        elif past:
            event = Event.NONE
        elif event is Event.CLOSING and notice.trust is not Trust.UNVERIFIED:
            self._closing = notice.date
        elif event is Event.CANCELLED or event is Event.REFUNDED:
            event = self._unless_in_part(event, notice, rank)
        if event in INFORMATION and not self._state.is_backwards(event, rank):
            self._informed.append((index, notice.date))
        came_back = self._state.event is Event.RETURNED
        self._move(event, notice, rank, index)
        if came_back and self._state.event is Event.SHIPPED:
            self._start_anew(notice)
        if notice.ship_by is not None:
            self._ship_by.say(self._named(notice), rank, notice.ship_by)
        if notice.protection_ends is not None:
            self._protection.say(self._named(notice), rank, notice.protection_ends)
            if event is not Event.CLOSING and notice.trust is not Trust.UNVERIFIED:
                self._closing = None
        if notice.expected is not None:
            self._expected.say((), rank, notice.expected)
        if notice.pickup_by is not None:
            self._pickup_by.say((), rank, notice.pickup_by)

    def _is_own(self, index: int) -> bool:
        """Whether a notice names the package itself, not only an order in it."""
        return self._package is not None and index in self._package.said

    def _of_a_part(self, event: Event, index: int) -> Event:
        if event in _ENDS_A_PART:
            return Event.NONE
        return Event.IN_TRANSIT if event is Event.DELIVERED and not self._is_own(index) else event

    def _start_anew(self, notice: Notice) -> None:
        self._shipped = {"own": notice.date}
        self._informed.clear()
        self._holding = [held for held in self._holding if held[2].kind not in _OF_THE_MOMENT]

    def _move(self, event: Event, notice: Notice, rank: int, index: int) -> None:
        self._state = self._state.hear(event, notice.status, notice.date, rank, index)
        if self._state.event not in FINAL:
            self._unless_final = self._state
        elif event not in FINAL:
            self._unless_final = self._unless_final.hear(event, notice.status, notice.date, rank, index)

    def _unless_in_part(self, event: Event, notice: Notice, rank: int) -> Event:
        if self._state.is_backwards(event, rank):
            return event
        self._gone.update(self._named(notice))
        return event if len(self._gone) == len(self._orders) else Event.NONE

    def _named(self, notice: Notice) -> list[Order]:
        """The orders of this parcel that *notice* speaks of: those it names, else all."""
        if len(self._orders) > 1:
            named = [order for order in self._all_orders.of(notice) if order in self._orders]
            if named:
                return named
        return self._orders

    # ── the owner's word ──────────────────────────────────────────────────────────────────────────────────

    def _obey(self, index: int, notice: Notice, mark: Mark) -> bool:
        if mark.kind is MarkKind.REOPEN:
            return notice.message_id in self.taken_back.values() or self._reopen(notice)
        if notice.message_id in self.taken_back:
            return True
        self._holding.append((index, notice, mark))
        if mark.kind is MarkKind.ADDED:
            self._add(index, notice, mark)
        elif mark.kind is MarkKind.SHIPPED and index not in self._past and (shipped := _moment(mark)):
            self._state = self._state.hear(Event.SHIPPED, None, shipped, RANK[notice.trust], index)
        if mark.kind is MarkKind.DELIVERED and index not in self._past:
            self._informed.append((index, notice.date))
            self._state = self._state.become(Event.DELIVERED, None, notice.date, RANK[notice.trust], index)
        return True

    def _add(self, index: int, notice: Notice, mark: Mark) -> None:
        """The owner added the parcel by hand: shipped on the day given, else ordered when it was added."""
        shipped = _moment(mark)
        if shipped is not None:
            self._shipped.setdefault("order", shipped)
        elif notice.event is Event.ORDERED:
            self._ordered = self._ordered or notice.date
        self._state = self._state.hear(notice.event, None, shipped or notice.date, RANK[notice.trust], index)

    def _reopen(self, notice: Notice) -> bool:
        """Take back the end that a mail told last, or the last mark, whichever is newer."""
        newest = self._holding[-1][0] if self._holding else BEFORE_ALL
        if self._state.event in FINAL and self._state.position > newest:
            self._state = self._unless_final
            self._gone.clear()
        elif self._holding:
            self.taken_back[self._holding[-1][1].message_id] = notice.message_id
            return False
        return True

    def _marked(self, *kinds: MarkKind) -> list[tuple[Notice, Mark]]:
        if not self._holding:
            return []
        return [
            (notice, mark)
            for index, notice, mark in self._holding
            if mark.kind in kinds and not (index in self._past and mark.kind in _OF_THE_MOMENT)
        ]

    def _marked_at(self, *kinds: MarkKind) -> datetime | None:
        marked = self._marked(*kinds)
        return marked[-1][0].date if marked else None

    def _marked_day(self, kind: MarkKind) -> date | None:
        for _, mark in reversed(self._marked(kind)):
            try:
                return date.fromisoformat(mark.value or "")
            except ValueError:
                continue
        return None

    # ── what it amounts to ────────────────────────────────────────────────────────────────────────────────

    def parcel(self) -> Parcel:
        """The parcel as it stands behind the newest notice."""
        notices = [self._notices[index] for index in self.entries]
        mails = [notice for notice in notices if notice.mark is None]
        news = [notice for notice in notices if notice.mark is None or notice.mark.kind is MarkKind.ADDED]
        package, state = self._package, self._state
        own_days = self._marked_day(MarkKind.PROTECTION)
        said_days = self._protection.day
        disputed = self._marked(MarkKind.DISPUTED)
        return Parcel(
            key=self._key(),
            shop=self._shop(news),
            orders=self._numbers(),
            codes=tuple(package.newest_first) if package else (),
            event=state.event,
            event_at=state.event_at,
            status=state.status,
            ordered_at=self._ordered,
            shipped_at=self._shipped_at(),
            code_changed_at=self._notices[package.changed].date if package and package.changes else None,
            informed_at=self._informed_at(),
            first_news_at=news[0].date if news else None,
            last_news_at=news[-1].date if news else None,
            delivered_at=state.delivered_at,
            ship_by=self._marked_day(MarkKind.SHIP_BY) or self._ship_by.day,
            protection_ends=own_days or said_days,
            protection_from="owner" if own_days else "mail" if said_days else None,
            closing_at=self._closing,
            expected=self._expected.day,
            pickup_by=self._pickup_by.day,
            items=tuple(dict.fromkeys(item for notice in mails for item in notice.items)),
            unchanged_at=self._marked_at(MarkKind.UNCHANGED, MarkKind.CONTACTED),
            contacted_at=self._marked_at(MarkKind.CONTACTED),
            disputed_at=disputed[0][0].date if disputed else None,
            untracked=bool(self._marked(MarkKind.UNTRACKED)),
            ignored=bool(self._marked(MarkKind.IGNORE)),
            remarks=tuple(mark.value for _, mark in self._marked(MarkKind.NOTE) if mark.value),
            trust=max((notice.trust for notice in mails), key=_BEST.__getitem__, default=Trust.OWNER),
            sources=tuple(
                Source(
                    said.message_id,
                    said.date,
                    said.event,
                    said.subject,
                    said.trust,
                    said.mark,
                    said.message_id in self.taken_back,
                )
                for said in notices
            ),
        )

    def _numbers(self) -> tuple[str, ...]:
        named = {number: first for order in self._orders for number, first in order.numbers.items()}
        return tuple(sorted(named, key=lambda number: (named[number], number)))

    def _key(self) -> str:
        key = self._named_key()
        return f"{key} mail:{self._notices[self.entries[0]].message_id}" if self._nameless else key

    def _named_key(self) -> str:
        numbers = self._numbers()
        if not numbers:
            return f"code:{self._package.oldest_code}" if self._package else ""
        key = f"order:{numbers[0]}"
        oldest = next(order for order in self._orders if numbers[0] in order.numbers)
        if oldest.shop is not None and len(self._all_orders.named(numbers[0])) > 1:
            key += f"@{oldest.shop}"
        if self._package is not None and len(oldest.packages) > 1:
            key += f" code:{self._package.oldest_code}"
        return key

    def _shop(self, news: list[Notice]) -> str | None:
        shops = [order.shop for order in self._orders if order.shop is not None]
        return shops[0] if shops else next((each.shop for each in news if each.shop is not None), None)

    def _shipped_at(self) -> datetime | None:
        for _, mark in reversed(self._marked(MarkKind.SHIPPED)):
            if (marked := _moment(mark)) is not None:
                return marked
        if self._past and "own" in self._shipped:
            return self._shipped["own"]
        return min(self._shipped.values(), default=None)

    def _informed_at(self) -> datetime | None:
        package = self._package
        if package is None or not package.changes:
            return self._informed[-1][1] if self._informed else None
        current = {code.code.code for code in package.codes.values() if code.since >= package.changed}
        for index, at in reversed(self._informed):
            named = [code.code for code in self._notices[index].codes if code.code in package.codes]
            if not current.isdisjoint(named) if named else index >= package.changed:
                return at
        return None


def _moment(mark: Mark) -> datetime | None:
    """The moment that the mark's value names, if it is one."""
    try:
        moment = datetime.fromisoformat(mark.value or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
