"""Shops: who writes, in which shapes, with which terms. One TOML file a shop in ``read/shops/``.

A new shop needs a file and its fixtures and no line of Python; CONTRIBUTING.md shows one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

import msgspec

from pipeline.model import Event
from pipeline.read.normal import normalise
from pipeline.tables import Table, TableError, data_dir, load

_EVENTS = frozenset(Event)


class Links(Table, frozen=True):
    """URL query parameters on the shop's own domains. Values may be lists, parted by commas."""

    order: tuple[str, ...] = ()
    code: tuple[str, ...] = ()


class ShopLabels(Table, frozen=True):
    """Words that introduce a number here and mean something else elsewhere."""

    order: tuple[str, ...] = ()
    code: tuple[str, ...] = ()


class Shop(Table, frozen=True):
    """One shop.

    Attributes:
        name: for people.
        brands: names under which it is known; used to find impostors and to read a mail forwarded by hand.
        common_word: the name is also an everyday word ("wish"), so only an exact display name claims it.
        domains: whose own mails are the shop's (a sub-domain counts); never a shared mail service.
        platform: domains of a service that many shops send through: they name the kind of shop and prove no one.
        sellers: domains behind which it passes mails on to a seller, who can be answered there.
        marketing: senders or domains of it that never tell of a parcel.
        order_formats, package_formats: full-match patterns of its numbers, upper case without blanks.
        distinct_orders: the shape of the order numbers (but those of bare digits) is so peculiar that it says what they
            are wherever they stand.
        date_order: how its numeric dates are meant, whatever the language of the mail.
        order_page: address of the order's page with ``{order}``, from our own table, never from a mail.
        shipment_window, protection: days; ``protection_basis`` says from what the protection runs.
        labels: this shop's own words before its numbers.
        events: language → event → phrases that mean something else here than in general.
        statuses: language → status → phrases.
    """

    name: str
    brands: tuple[str, ...] = ()
    common_word: bool = False
    domains: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()
    marketing: tuple[str, ...] = ()
    order_formats: tuple[str, ...] = ()
    distinct_orders: bool = False
    package_formats: tuple[str, ...] = ()
    date_order: Literal["dmy", "mdy"] | None = None
    order_page: str | None = None
    shipment_window: int | None = None
    protection: int | None = None
    protection_basis: Literal["shipped", "expected"] = "shipped"
    labels: ShopLabels = msgspec.field(default_factory=ShopLabels)
    links: Links = msgspec.field(default_factory=Links)
    events: dict[str, dict[str, tuple[str, ...]]] = msgspec.field(default_factory=dict)
    statuses: dict[str, dict[str, tuple[str, ...]]] = msgspec.field(default_factory=dict)


@cache
def shops() -> Mapping[str, Shop]:
    """Return every shop by its key (the file's name). Raises TableError naming file and key."""
    found: dict[str, Shop] = {}
    owner: dict[str, str] = {}
    for path in sorted(data_dir("read/shops").glob("*.toml")):
        shop = load(path, Shop)
        for key, patterns in (
            ("order_formats", shop.order_formats),
            ("package_formats", shop.package_formats),
        ):
            for pattern in patterns:
                _compiled(pattern, f"{path}: {key}")
        for language, own in shop.events.items():
            for event in own:
                if event not in _EVENTS:
                    raise TableError(f"{path}: events.{language}: there is no event {event!r}")
        for domain in (*shop.domains, *shop.platform):
            if domain in owner:
                raise TableError(f"{path}: domains: {domain} belongs to {owner[domain]} already")
            owner[domain] = path.stem
        found[path.stem] = shop
    return found


def _compiled(pattern: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise TableError(f"{where}: not a regular expression: {pattern!r} ({error})") from None


@cache
def _domains() -> Mapping[str, str]:
    return {domain: key for key, shop in shops().items() for domain in (*shop.domains, *shop.platform)}


@cache
def _brands() -> Mapping[str, str]:
    return {normalise(brand): key for key, shop in shops().items() for brand in (shop.name, *shop.brands)}


def shop_of_domain(domain: str) -> str | None:
    """Return the key of the shop that *domain* (or a parent domain of it) belongs to, never by substring."""
    table = _domains()
    parts = domain.lower().split(".")
    for start in range(len(parts) - 1):
        key = table.get(".".join(parts[start:]))
        if key is not None:
            return key
    return None


def shop_named(name: str) -> str | None:
    """Return the key of the shop whose brand *name* is, as a whole."""
    return _brands().get(normalise(name).strip())


#: Local parts of addresses, and names in front of domains, that advertise at any shop.
_ADVERTISERS = frozenset(
    {
        "promotion",
        "promotions",
        "promo",
        "promos",
        "marketing",
        "newsletter",
        "newsletters",
        "deals",
        "offers",
        "coupons",
    }
)


def is_marketing(shop: Shop, address: str) -> bool:
    """Whether mails from *address* are the shop's advertising, whatever their subject says."""
    domain = address.rpartition("@")[2]
    return is_advertiser(address) or any(
        address == entry or domain == entry or domain.endswith("." + entry) for entry in shop.marketing
    )


def is_advertiser(address: str) -> bool:
    """Whether an address is by its name one that advertising comes from."""
    local, _, domain = address.lower().rpartition("@")
    return local in (*_ADVERTISERS, "news") or not _ADVERTISERS.isdisjoint(domain.split(".")[:-2])


def is_seller(key: str | None, address: str) -> bool:
    """Whether a mail to *address* reaches a seller of shop *key*."""
    return key is not None and address.rpartition("@")[2] in shops()[key].sellers


@cache
def _formats(key: str, kind: Literal["order", "package"]) -> re.Pattern[str] | None:
    shop = shops()[key]
    patterns = shop.order_formats if kind == "order" else shop.package_formats
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None


def fits_order(key: str | None, number: str) -> bool:
    """Whether *number* has the shape of an order number of shop *key*."""
    pattern = _formats(key, "order") if key else None
    return bool(pattern and pattern.fullmatch(number.upper()))


def fits_package(key: str | None, number: str) -> bool:
    """Whether *number* has the shape of a package id of shop *key*."""
    pattern = _formats(key, "package") if key else None
    return bool(pattern and pattern.fullmatch(number.upper()))


@cache
def _distinct_orders() -> re.Pattern[str]:
    patterns = [entry for shop in shops().values() if shop.distinct_orders for entry in shop.order_formats]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


def is_distinct_order(number: str) -> bool:
    """Whether *number* has the unmistakable shape of some shop's order numbers (Amazon's ``NNN-NNNNNNN-NNNNNNN``)."""
    return not number.isdigit() and bool(_distinct_orders().fullmatch(number))
