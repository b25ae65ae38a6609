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
  orders in one package the earliest date. An end of protection that a trusted mail names, or
  extends, after the announcement that the order will be closed takes that back.
- A change of the code cancels the owner's earlier ``unchanged`` and ``contacted``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.model import INFORMATION, Event, Mark, MarkKind, Notice, Parcel, Source, Trust
from pipeline.parcels.lastday import LastDay
from pipeline.parcels.life import FINAL, State
from pipeline.parcels.naming import key_of, numbers_of, shop_of
from pipeline.parcels.packages import RANK, Order, Package
from pipeline.parcels.word import OF_THE_CODE, OF_THE_MOMENT, OwnersWord, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pipeline.parcels.joining import Joined

#: The status of a mail that speaks of a part of an order only, and the events that then end nothing.
PARTIAL: Final = "partial"
_ENDS_A_PART = frozenset({Event.CANCELLED, Event.REFUNDED, Event.RETURNED})


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
        self._word = OwnersWord(self._past)
        self._ordered: datetime | None = None
        self._shipped: list[datetime] = []
        self._own_shipped: list[datetime] = []
        self._closing: datetime | None = None
        self._extended = 0
        self._dispute_days: int | None = None
        self._informed: list[tuple[int, datetime]] = []
        self._gone: set[Order] = set()
        self._ship_by, self._protection = LastDay(), LastDay()
        self._expected, self._pickup_by = LastDay(), LastDay()
        for index in self.entries:
            notice = self._notices[index]
            if index in self._changes:
                self._word.drop(OF_THE_CODE)
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
            self._shipped.append(notice.date)
            if self._is_own(index):
                self._own_shipped.append(notice.date)
        elif past:
            event = Event.NONE
        elif event is Event.CLOSING and notice.trust is not Trust.UNVERIFIED:
            self._closing = notice.date
        elif event is Event.CANCELLED or event is Event.REFUNDED:
            event = self._unless_in_part(event, notice, rank)
        if event in INFORMATION and not self._state.is_backwards(event, rank):
            self._informed.append((index, notice.date))
        if event is not Event.NONE:
            self._move(event, notice, rank, index)
        if notice.ship_by is not None:
            self._ship_by.say(self._named(notice), rank, notice.ship_by)
        if notice.protection_ends is not None:
            self._protection.say(self._named(notice), rank, notice.protection_ends)
            if event is not Event.CLOSING and notice.trust is not Trust.UNVERIFIED:
                self._closing, self._extended = None, 0
        if notice.extended_by is not None and notice.trust is not Trust.UNVERIFIED:
            self._closing, self._extended = None, max(self._extended, notice.extended_by)
        if notice.dispute_days is not None and notice.trust is not Trust.UNVERIFIED:
            self._dispute_days = notice.dispute_days
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
        self._shipped, self._own_shipped = [notice.date], [notice.date]
        self._informed.clear()
        self._word.drop(OF_THE_MOMENT)

    def _move(self, event: Event, notice: Notice, rank: int, index: int) -> None:
        came_back = self._state.event is Event.RETURNED
        self._state = self._state.hear(event, notice.status, notice.date, rank, index)
        if self._state.event not in FINAL:
            self._unless_final = self._state
        elif event not in FINAL:
            self._unless_final = self._unless_final.hear(event, notice.status, notice.date, rank, index)
        if came_back and self._state.event is Event.SHIPPED:
            self._start_anew(notice)

    def _unless_in_part(self, event: Event, notice: Notice, rank: int) -> Event:
        if self._state.is_backwards(event, rank):
            return event
        self._gone.update(self._named(notice))
        return event if len(self._gone) == len(self._orders) else Event.NONE

    def _named(self, notice: Notice) -> list[Order]:
        """The orders of this parcel that *notice* speaks of: those it names, else all."""
        return [order for order in self._all_orders.of(notice) if order in self._orders] or self._orders

    # ── the owner's word ──────────────────────────────────────────────────────────────────────────────────

    def _obey(self, index: int, notice: Notice, mark: Mark) -> bool:
        if mark.kind is MarkKind.REOPEN:
            return notice.message_id in self.taken_back.values() or self._reopen(notice)
        if notice.message_id in self.taken_back:
            return True
        self._word.hear(index, notice, mark)
        if mark.kind is MarkKind.ADDED:
            self._add(index, notice, mark)
        elif mark.kind is MarkKind.SHIPPED and index not in self._past and (shipped := moment(mark)):
            self._state = self._state.hear(Event.SHIPPED, None, shipped, RANK[notice.trust], index)
        if mark.kind is MarkKind.DELIVERED and index not in self._past:
            self._informed.append((index, notice.date))
            self._state = self._state.become(Event.DELIVERED, None, notice.date, RANK[notice.trust], index)
        return True

    def _add(self, index: int, notice: Notice, mark: Mark) -> None:
        """The owner added the parcel by hand: shipped on the day given, else ordered when it was added."""
        shipped = moment(mark)
        if shipped is not None:
            self._shipped.append(shipped)
        elif notice.event is Event.ORDERED:
            self._ordered = self._ordered or notice.date
        self._state = self._state.hear(notice.event, None, shipped or notice.date, RANK[notice.trust], index)

    def _reopen(self, notice: Notice) -> bool:
        """Take back the end that a mail told last, or the last mark, whichever is newer."""
        newest = self._word.newest
        if self._state.event in FINAL and (newest is None or self._state.position > newest[0]):
            self._state = self._unless_final
            self._gone.clear()
        elif newest is not None:
            self.taken_back[newest[1].message_id] = notice.message_id
            return False
        return True

    # ── what it amounts to ────────────────────────────────────────────────────────────────────────────────

    def parcel(self) -> Parcel:
        """The parcel as it stands behind the newest notice."""
        package, state, word = self._package, self._state, self._word
        numbers = numbers_of(self._orders)
        key = key_of(self._orders, package, numbers, self._all_orders)
        if self._nameless:
            key += f" mail:{self._notices[self.entries[0]].message_id}"
        news, items, sources, trust = self._gathered()
        own_days, said_days = word.day(MarkKind.PROTECTION), self._protection.day
        return Parcel(
            key=key,
            shop=shop_of(self._orders, news),
            orders=numbers,
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
            ship_by=word.day(MarkKind.SHIP_BY) or self._ship_by.day,
            protection_ends=own_days or said_days,
            protection_from="owner" if own_days else "mail" if said_days else None,
            extended_by=self._extended,
            dispute_days=self._dispute_days,
            closing_at=self._closing,
            expected=self._expected.day,
            pickup_by=self._pickup_by.day,
            items=tuple(items),
            unchanged_at=word.last(MarkKind.UNCHANGED, MarkKind.CONTACTED),
            contacted_at=word.last(MarkKind.CONTACTED),
            disputed_at=word.first(MarkKind.DISPUTED),
            untracked=word.last(MarkKind.UNTRACKED) is not None,
            ignored=word.last(MarkKind.IGNORE) is not None,
            remarks=word.texts(MarkKind.NOTE),
            trust=trust,
            sources=tuple(sources),
        )

    def _gathered(self) -> tuple[list[Notice], dict[str, None], list[Source], Trust]:
        """The news (mails, and the word that added it by hand), their items, every source, and the best trust."""
        news: list[Notice] = []
        items: dict[str, None] = {}
        sources: list[Source] = []
        best: Trust | None = None
        for index in self.entries:
            said = self._notices[index]
            mark, trust, message_id = said.mark, said.trust, said.message_id
            if mark is None:
                news.append(said)
                if said.items:
                    items.update(dict.fromkeys(said.items))
                if best is None or RANK[trust] > RANK[best]:
                    best = trust
            elif mark.kind is MarkKind.ADDED:
                news.append(said)
            sources.append(
                Source(message_id, said.date, said.event, said.subject, trust, mark, message_id in self.taken_back)
            )
        return news, items, sources, best or Trust.OWNER

    def _shipped_at(self) -> datetime | None:
        if (marked := self._word.moment(MarkKind.SHIPPED)) is not None:
            return marked
        own = self._own_shipped if self._past else []
        return min(own or self._shipped, default=None)

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
