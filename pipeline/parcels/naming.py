"""What a parcel is called: its numbers, its key, its shop."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Notice
    from pipeline.parcels.orders import Orders
    from pipeline.parcels.packages import Order, Package


def numbers_of(orders: Iterable[Order]) -> tuple[str, ...]:
    """Every number of *orders*, the one named first at the head."""
    named = {number: first for order in orders for number, first in order.numbers.items()}
    return tuple(named) if len(named) < 2 else tuple(sorted(named, key=lambda number: (named[number], number)))


def key_of(orders: Sequence[Order], package: Package | None, numbers: Sequence[str], known: Orders) -> str:
    """What stays the same while a parcel becomes: its oldest number, and what else tells it from others."""
    if package is not None and not numbers:
        return f"code:{package.oldest_code}"
    key = f"order:{numbers[0]}"
    oldest = next(order for order in orders if numbers[0] in order.numbers)
    if oldest.shop is not None and len(known.named(numbers[0])) > 1:
        key += f"@{oldest.shop}"
    if package is not None and len(oldest.packages) > 1:
        key += f" code:{package.oldest_code}"
    return key


def shop_of(orders: Iterable[Order], news: Iterable[Notice]) -> str | None:
    """The shop of its orders, else the first that its *news* name."""
    shops = [order.shop for order in orders if order.shop is not None]
    return shops[0] if shops else next((each.shop for each in news if each.shop is not None), None)
