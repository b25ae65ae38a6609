"""Which mails speak of the same package: orders and codes joined in the order of the mails' dates.

The decisions, each the most careful one that still answers, because a wrong code is worse than none. A code
that is not known yet is a package of its own, unless one of these holds:

- *Changed*: the mail names the code that is replaced, or says "changed" of an order with one package (of
  several, the only one without information), or the owner marked it. After a mail that says "changed" and
  does not name the new code, the next new code of the order is the new one. Where a mail names several orders
  only a package that holds them all is meant: one number may stand in the mails of two orders.
- *Handed over* (the code has not changed): a package known by package ids only and not arrived yet gets a
  carrier's number when a mail other than "shipped" ties one to exactly the same orders and no other such
  package can be meant. What the carrier said before of that number comes with it.
- *Two names*: a mail that gives one package id and one tracking number for the same orders means one package.
- *Last mile*: so does a carrier's mail that names its own code beside that of another carrier.

An unverified mail never gives a new code to a package whose code a trusted mail gave: what it names is shown
as a package of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.model import INFORMATION, CodeKind, Event, Mark, MarkKind, Notice, TrackingCode, Trust
from pipeline.parcels.orders import Orders, is_added
from pipeline.parcels.packages import BEFORE_ALL, RANK, Code, Order, Package

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

#: Nobody sends one order in more packages: it is a number that many mails share, and searching takes long.
MANY = 50

_ENDED = frozenset({Event.DELIVERED, Event.RETURNED})


class Joined:
    """All notices, joined.

    Attributes:
        orders: every order that they name.
        parcels: every package, every order whose package is not known, and the nameless.
        nameless: one for each notice whose numbers name nothing (placeholders): tied to nothing else.
    """

    def __init__(self, notices: Sequence[Notice], taken_back: Collection[str] = ()) -> None:
        """Join *notices*, oldest first and none suspicious.

        *taken_back* are the message ids of ``code`` marks that the owner took back: they change nothing.
        """
        self.orders = Orders(notices, taken_back)
        self.nameless: set[Package | Order] = set()
        self._homes: dict[str, Package] = {}
        self._marks: list[tuple[int, str]] = []
        for index, notice in enumerate(notices):
            if notice.mark is None or is_added(notice, taken_back):
                self._hear(index, notice)
            elif notice.mark.kind is not MarkKind.ADDED:
                self._obey(index, notice, notice.mark, holds=notice.message_id not in taken_back)
        for index, code in self._marks:
            if code in self._homes:
                self._homes[code].said.add(index)
        packages = sorted(dict.fromkeys(self._homes.values()), key=lambda package: package.place)
        for order in self.orders.all():
            order.packages.sort(key=lambda package: package.place)
        unpacked = (order for order in self.orders.all() if not order.packages)
        self.parcels: list[Package | Order] = [*packages, *unpacked, *self.nameless]

    # ── what a mail says ──────────────────────────────────────────────────────────────────────────────────

    def _hear(self, index: int, notice: Notice) -> None:
        named = self.orders.of(notice)
        codes = self.orders.codes_of(notice) if notice.codes else []
        if not codes:
            for order in named:
                order.said.append(index)
            if not named and notice.about_a_parcel:
                self.nameless.add(self._nameless(index, notice))
            if notice.event is Event.CODE_CHANGED:
                self._announce(index, notice, named)
            return
        ties = {code.code: self.orders.tied(notice, code.code) if notice.pairs else named for code in codes}
        rank, informs, ends = RANK[notice.trust], notice.event in INFORMATION, notice.event in _ENDED
        for code in codes:
            package = self._home(index, notice, code, ties[code.code], alone=len(codes) == 1)
            for order in ties[code.code]:
                package.hold(order)
            package.said.add(index)
            package.rank = max(package.rank, rank)
            package.informed |= informs
            package.ended |= ends
        if len(codes) > 1:
            self._two_names(index, notice, codes, ties)
        if notice.pairs:
            tied = {order for some in ties.values() for order in some}
            for order in named:
                if order not in tied:
                    order.said.append(index)

    def _home(self, index: int, notice: Notice, code: TrackingCode, orders: list[Order], *, alone: bool) -> Package:
        """The package that *code* names from now on."""
        known = self._homes.get(code.code)
        if known is not None and known.orders and not notice.replaced and notice.event is not Event.CODE_CHANGED:
            self._name(known, index, code)
            return known
        old = None
        if known is None or notice.replaced or notice.event is Event.CODE_CHANGED:
            old = self._changed(notice, code.code, orders, known, alone=alone)
        changed = old is not None
        if old is None and code.kind is CodeKind.TRACKING_NUMBER:
            old = self._handed_over(notice, orders, known)
        if old is None or not _may_name(notice, old) or (known is not None and not _may_name(notice, known)):
            if known is None:
                known = Package(born=index)
                if old is None and (notice.event is Event.CODE_CHANGED or notice.replaced):
                    known.changes.append(index)
            self._name(known, index, code)
            old = known
        elif changed:
            self._change(old, index, code)
        else:
            self._merge(old, known)
            self._name(old, index, code)
        for replaced in notice.replaced if alone and _may_name(notice, old) else ():
            if replaced not in self._homes and self.orders.is_code(replaced):
                old.codes[replaced] = Code(TrackingCode(replaced), BEFORE_ALL, index)
                self._homes[replaced] = old
        return old

    def _changed(
        self, notice: Notice, code: str, orders: list[Order], known: Package | None, *, alone: bool
    ) -> Package | None:
        """The package whose code the mail says was replaced by *code*."""
        replaced = dict.fromkeys(self._homes[old] for old in notice.replaced if old in self._homes and old != code)
        if not alone:
            replaced = {package: None for package in replaced if not package.orders.keys().isdisjoint(orders)}
        if len(replaced) == 1:
            return next(iter(replaced))
        if known is None:
            awaited = [package for package in _packages_of_all(orders) if package.awaited]
            if len(awaited) == 1:
                return awaited[0]
        if notice.event is not Event.CODE_CHANGED or not alone:
            return None
        if known is not None and (known.changes or len(known.codes) > 1):
            return known
        return _only(notice, [package for package in _packages_of_all(orders) if package is not known])

    @staticmethod
    def _handed_over(notice: Notice, orders: list[Order], known: Package | None) -> Package | None:
        """The package that had only the shop's name for it and now gets the carrier's."""
        if notice.event is Event.SHIPPED or (known is not None and known.orders):
            return None
        same = [
            package
            for package in _packages_of_all(orders)
            if package.only_package_ids and not package.ended and len(package.orders) == len(orders)
        ]
        return same[0] if len(same) == 1 else None

    def _two_names(self, index: int, notice: Notice, codes: list[TrackingCode], ties: dict[str, list[Order]]) -> None:
        groups: dict[frozenset[Order], list[TrackingCode]] = {}
        for code in codes:
            groups.setdefault(frozenset(ties[code.code]), []).append(code)
        for group in groups.values():
            if len(group) == 2 and (group[0].kind is not group[1].kind or self._last_mile(index, notice, group)):
                older, newer = sorted((self._homes[code.code] for code in group), key=lambda p: p.place)
                if _may_name(notice, older) and _may_name(notice, newer):
                    self._merge(older, newer)

    def _last_mile(self, index: int, notice: Notice, codes: list[TrackingCode]) -> bool:
        """Whether a carrier names its own code beside the one under which another carrier brought the parcel."""
        own = [code for code in codes if code.carrier is not None and code.carrier == notice.carrier]
        others = [code for code in codes if code not in own]
        if len(own) != len(others):
            return False
        return others[0].carrier is not None or self._homes[others[0].code].born < index

    def _announce(self, index: int, notice: Notice, orders: list[Order]) -> None:
        """The mail says that the code changed and keeps the new one to itself."""
        package = _only(notice, _packages_of_all(orders))
        if package is not None and _may_name(notice, package):
            package.awaited = True
            package.changes.append(index)

    def _nameless(self, index: int, notice: Notice) -> Package | Order:
        codes = {code.code: Code(code, index, index) for code in notice.codes if not self.orders.has(code.code)}
        numbers = [order.number for order in notice.orders]
        if not codes and not numbers:
            numbers = [code.code for code in notice.codes]
        order = Order(notice.shop, dict.fromkeys(numbers, index), said=[index])
        if not codes:
            return order
        package = Package(index, codes, said={index})
        if numbers:
            package.hold(order)
        return package

    # ── what the owner says ───────────────────────────────────────────────────────────────────────────────

    def _obey(self, index: int, notice: Notice, mark: Mark, *, holds: bool) -> None:
        """A mark goes to the orders with its number, or to the package with that code; it creates neither."""
        new = "".join((mark.value or "").split()).upper() if mark.kind is MarkKind.CODE else ""
        given = [order.number for order in notice.orders] + [code.code for code in notice.codes]
        orders: dict[Order, None] = {}
        codes: list[str] = []
        for number in [number for number in given if number != new] or given:
            found = self.orders.named(number)
            orders.update(dict.fromkeys(found))
            if not found:
                codes.append(number)
        for order in orders:
            order.said.append(index)
        self._marks.extend((index, code) for code in codes)
        if new and holds and self.orders.is_code(new):
            code = next((c for c in notice.codes if c.code == new), TrackingCode(new))
            packages = dict.fromkeys(self._homes[code] for code in codes if code in self._homes)
            packages.update(dict.fromkeys(_packages(orders)))
            self._correct(index, code, list(packages), list(orders))

    def _correct(self, index: int, code: TrackingCode, packages: list[Package], orders: list[Order]) -> None:
        """The owner's code replaces that of the one package; of several packages it is one more."""
        if len(packages) == 1:
            package = packages[0]
            if package.only_package_ids:
                self._merge(package, self._homes.get(code.code))
                self._name(package, index, code)
            else:
                self._change(package, index, code)
        elif orders:
            package = self._homes.get(code.code) or Package(born=index)
            self._name(package, index, code)
        else:
            return
        for order in orders:
            package.hold(order)
        package.rank = max(package.rank, RANK[Trust.OWNER])

    # ── the hand work ─────────────────────────────────────────────────────────────────────────────────────

    def _change(self, package: Package, index: int, code: TrackingCode) -> None:
        """Make *code* the one that holds; a change only where another one held or was announced."""
        if package.newest_first[0].code == code.code and not package.awaited:
            return
        self._merge(package, self._homes.get(code.code))
        self._name(package, index, code)
        package.codes[code.code].since = index
        package.changes.append(index)
        package.awaited = False

    def _name(self, package: Package, index: int, code: TrackingCode) -> None:
        known = package.codes.get(code.code)
        if known is None:
            package.codes[code.code] = Code(code, index, index)
            self._homes[code.code] = package
        elif known.code.carrier is None and code.carrier is not None:
            known.code = replace(known.code, carrier=code.carrier)

    def _merge(self, into: Package, other: Package | None) -> None:
        if other is not None and other is not into:
            into.absorb(other)
            for code in other.codes:
                self._homes[code] = into


def _may_name(notice: Notice, package: Package) -> bool:
    return RANK[notice.trust] >= package.rank


def _packages(orders: Iterable[Order]) -> list[Package]:
    """The packages that *orders* may be in; none where they are too many to tell one from the other."""
    orders = [order for order in orders if len(order.packages) <= MANY]
    return list(dict.fromkeys(package for order in orders for package in order.packages))


def _packages_of_all(orders: Sequence[Order]) -> list[Package]:
    """The packages that hold all of *orders*: a number that two orders' mails share ties neither to the other."""
    fewest = sorted(orders, key=lambda order: len(order.packages))[:1]
    return [package for package in _packages(fewest) if package.orders.keys() >= set(orders)]


def _only(notice: Notice, packages: list[Package]) -> Package | None:
    """The one package that *notice* can mean.

    Of several, those that only mails of less trust told of are left out, then those that already move.
    """
    believed = [package for package in packages if package.rank >= RANK[notice.trust]]
    for choice in (packages, believed, [package for package in believed if not package.informed]):
        if len(choice) == 1:
            return choice[0]
    return None
