"""Which numbers name the same order, which are codes, and which name nothing at all.

The notices of a mailbox are looked at as a whole, so that the answer does not depend on the order of arrival.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.model import MarkKind, Notice
from pipeline.parcels.packages import Order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pipeline.model import TrackingCode

#: The one shop whose numbers lose a digit in links and have child ids (seen in real mails).
ALIEXPRESS = "aliexpress"
#: AliExpress gives the first line of order N the id N + 10 000 (seen: 3031265788145237 and …155237).
LINE_STEP = 10_000
#: One digit repeated is a placeholder from this length on; shorter ones ("#11") are numbers of small shops.
PLACEHOLDER_LENGTH = 6

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_ONE_DIGIT = re.compile(rf"[A-Z]*(?:0+|(\d)\1{{{PLACEHOLDER_LENGTH - 1},}})[A-Z]*")


def compact(number: str) -> str:
    """Return *number* upper case without hyphens and blanks: mails and people write it either way."""
    if number.isdecimal() or (number.isalnum() and number.isupper()):
        return number
    return _NOT_ALPHANUMERIC.sub("", number).upper()


def is_placeholder(number: str) -> bool:
    """Whether *number* is one digit repeated (``0000000000``, ``AP00000000000000``): it names nothing."""
    return _ONE_DIGIT.fullmatch(compact(number)) is not None


def is_added(notice: Notice, taken_back: Collection[str]) -> bool:
    """Whether the owner added a parcel by hand with *notice*, and has not taken that back."""
    mark = notice.mark
    return mark is not None and mark.kind is MarkKind.ADDED and notice.message_id not in taken_back


class Orders:
    """All orders that the notices name. Numbers are matched per shop; an unknown shop matches a known one."""

    def __init__(self, notices: Sequence[Notice], taken_back: Collection[str] = ()) -> None:
        """Look at *notices*, oldest first; *taken_back* are message ids of marks that the owner took back."""
        self._shops: dict[str, set[str | None]] = {}
        self._alone: set[str] = set()
        self._orders: dict[tuple[str | None, str], Order] = {}
        self._forms: dict[str, list[str]] = {}
        self._codes: dict[str, bool] = {}
        self._known: dict[tuple[str | None, str], Order] = {}
        firsts: dict[tuple[str | None, str], int] = {}
        for index, notice in enumerate(notices):
            if notice.mark is None or is_added(notice, taken_back):
                for order in notice.orders:
                    firsts.setdefault((notice.shop, order.number), index)
                    if not notice.codes:
                        self._alone.add(order.number)
        firsts = {each: index for each, index in firsts.items() if not is_placeholder(each[1])}
        for shop, number in firsts:
            self._shops.setdefault(number, set()).add(shop)
        for number in self._shops:
            self._forms.setdefault(compact(number), []).append(number)
        for (shop, number), index in firsts.items():
            self._name(shop, number, index)

    def _name(self, shop: str | None, number: str, index: int) -> None:
        key = self._key(shop, number)
        order = self._orders.get(key)
        if order is None:
            order = self._orders[key] = Order(key[0])
        self._known[shop, number] = order
        order.numbers.setdefault(self._whole(key[0], number), index)

    def _key(self, shop: str | None, number: str) -> tuple[str | None, str]:
        """The shop and the number under which an order is kept."""
        shop = self._shop(shop, number)
        return shop, self._parent(shop, self._whole(shop, number))

    def _shop(self, shop: str | None, number: str) -> str | None:
        """An unknown shop is the one shop that has this number; where several have it, it stays unknown."""
        if shop is not None:
            return shop
        known = self._shops[number] - {None}
        return next(iter(known)) if len(known) == 1 else None

    def _whole(self, shop: str | None, number: str) -> str:
        """Links of merge mails drop the first of 16 digits: give back the one order that this can be."""
        if shop != ALIEXPRESS or len(number) != 15 or not number.isdecimal():
            return number
        whole = [first + number for first in "123456789" if ALIEXPRESS in self._shops.get(first + number, ())]
        return whole[0] if len(whole) == 1 else number

    def _parent(self, shop: str | None, number: str) -> str:
        """An order line's id stands for its order.

        Two orders of one checkout may have neighbouring numbers as well, so a line is only what no mail ever
        named by itself, beside an order that a mail did.
        """
        if shop != ALIEXPRESS or len(number) != 16 or not number.isdecimal() or number in self._alone:
            return number
        parent = str(int(number) - LINE_STEP)
        is_order = parent in self._alone and ALIEXPRESS in self._shops.get(parent, ())
        return parent if is_order else number

    def of(self, notice: Notice) -> list[Order]:
        """The orders that *notice* names, each once.

        What it gives as a code and other mails as an order is one too, if the notice names nothing better.
        """
        if len(notice.orders) == 1:
            only = self._known.get((notice.shop, notice.orders[0].number))
            if only is not None:
                return [only]
        found: dict[Order, None] = {}
        for each in notice.orders:
            order = self._known.get((notice.shop, each.number))
            if order is not None:
                found[order] = None
        if not found and notice.codes and not self.codes_of(notice):
            for code in notice.codes:
                found.update(dict.fromkeys(self._mistaken(notice.shop, code.code)))
        return list(found)

    def _mistaken(self, shop: str | None, code: str) -> Iterable[Order]:
        for number in self._forms.get(compact(code), ()):
            order = self._orders.get(self._key(shop, number))
            if order is not None:
                yield order

    def tied(self, notice: Notice, code: str) -> list[Order]:
        """The orders that *notice*, which has pairs, ties to *code*: those that it pairs with it."""
        paired = {compact(order) for order, other in notice.pairs if compact(other) == compact(code)}
        numbers = [order.number for order in notice.orders if compact(order.number) in paired]
        return list(dict.fromkeys(self._known[notice.shop, n] for n in numbers if n in self._shops))

    def codes_of(self, notice: Notice) -> list[TrackingCode]:
        """The codes of *notice* that name a package: no placeholder, no number known as an order's."""
        known = self._codes
        return [code for code in notice.codes if known.get(code.code) or self.is_code(code.code)]

    def is_code(self, code: str) -> bool:
        """Whether *code* may name a package: neither a placeholder nor known as an order number."""
        known = self._codes.get(code)
        if known is None:
            known = self._codes[code] = not self.has(code) and not is_placeholder(code)
        return known

    def has(self, number: str) -> bool:
        """Whether *number* is known as an order's, in whichever way it is written."""
        return compact(number) in self._forms

    def named(self, number: str) -> list[Order]:
        """Every order of any shop with this *number*, however it is written; for what the owner types."""
        found: dict[Order, None] = {}
        for form in self._forms.get(compact(number), ()):
            for shop in sorted(self._shops[form], key=str):
                found[self._known[shop, form]] = None
        return list(found)

    def all(self) -> Iterable[Order]:
        """Every order, in the order of the notices that first named it."""
        return self._orders.values()
