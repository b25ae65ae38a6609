"""The terms that facts are counted by: the owner's settings, and what a shop does differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Defaults:
    """The owner's settings for the rules (``[rules]`` of ``config.toml``): days, and words in titles of items that
    are never tracked."""

    shipment_window: int = 5
    protection: int = 60
    dispute_window: int = 5
    untracked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """What one shop does differently; ``None`` means: as in the settings.

    Attributes:
        shipment_window: days from the order within which the seller must ship.
        protection: days of buyer protection.
        protection_basis: what those days are counted from: the shipping, or (eBay) the latest estimated
            delivery; then the end is unknown until a mail names an estimated delivery.
        order_page: address of an order's page with ``{order}`` in it.
    """

    shipment_window: int | None = None
    protection: int | None = None
    protection_basis: Literal["shipped", "expected"] = "shipped"
    order_page: str | None = None


def terms_of(shop: str | None, shops: Mapping[str, ShopTerms]) -> ShopTerms:
    """Return what is known of *shop*; an unknown shop does everything as the settings say."""
    return shops.get(shop or "", ShopTerms())
