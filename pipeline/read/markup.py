"""schema.org ``ParcelDelivery`` and ``Order``, as JSON-LD or microdata: the most reliable source where it is there.

Fields read: trackingNumber, orderNumber, partOfOrder, carrier or provider, deliveryStatus, orderStatus,
expectedArrivalUntil, itemShipped (https://schema.org/ParcelDelivery, https://schema.org/Order).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.model import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEPTH = 12
_MAX_JSON = 200_000
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_PAIR = re.compile(r'"(?P<key>trackingNumber|orderNumber)"\s*:\s*"(?P<value>[^"\\\n]{3,60})"')

_EVENTS = {
    "orderprocessing": Event.ORDERED,
    "orderpaymentdue": Event.ORDERED,
    "orderintransit": Event.IN_TRANSIT,
    "orderpickupavailable": Event.AVAILABLE_FOR_PICKUP,
    "orderdelivered": Event.DELIVERED,
    "orderproblem": Event.EXCEPTION,
    "orderreturned": Event.RETURNED,
    "ordercancelled": Event.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Marked:
    """One delivery or order that the markup describes. Every field may be empty."""

    order: str = ""
    code: str = ""
    carrier: str = ""
    event: Event | None = None
    expected: str = ""
    items: tuple[str, ...] = ()


def marked(markup: tuple[str, ...], microdata: tuple[tuple[str, str], ...]) -> list[Marked]:
    """Return what the JSON-LD scripts and the microdata of a mail describe. Never raises."""
    found: list[Marked] = []
    for script in markup:
        found.extend(_of_json(script[:_MAX_JSON]))
    found.extend(_of_microdata(microdata))
    return found


def _of_json(script: str) -> Iterator[Marked]:
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip()
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text).replace("\n", " ")):
        try:
            data = json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _walk(data, _DEPTH)
        return
    # Broken beyond repair: the two fields that matter can still be read where they stand.
    for match in _PAIR.finditer(text):
        yield Marked(code=match["value"]) if match["key"] == "trackingNumber" else Marked(order=match["value"])


def _walk(data: Any, depth: int) -> Iterator[Marked]:
    if depth == 0:
        return
    if isinstance(data, list):
        for entry in data[:100]:
            yield from _walk(entry, depth - 1)
    elif isinstance(data, dict):
        kinds = _types(data)
        if "ParcelDelivery" in kinds:
            yield _delivery(data)
        elif kinds & {"Order", "Invoice"}:
            yield from _order(data)
        else:
            for key in (
                "@graph",
                "mainEntity",
                "about",
                "itemListElement",
                "potentialAction",
                "object",
                "result",
            ):
                if key in data:
                    yield from _walk(data[key], depth - 1)


def _types(data: dict[str, Any]) -> set[str]:
    kinds = data.get("@type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return {str(kind).rpartition("/")[2] for kind in kinds} if isinstance(kinds, list) else set()


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name") or value.get("orderNumber") or ""
    if isinstance(value, list):
        value = value[0] if value else ""
        return _text(value) if isinstance(value, dict) else str(value)
    return str(value).strip() if isinstance(value, str | int) else ""


def _named(value: Any) -> Iterator[str]:
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, dict):
            inner = entry.get("orderedItem") or entry.get("itemOffered") or entry
            name = _text(inner.get("name")) if isinstance(inner, dict) else ""
            if name:
                yield name


def _delivery(data: dict[str, Any]) -> Marked:
    order = data.get("partOfOrder")
    numbers = order if isinstance(order, list) and order else [order]
    status = _text(data.get("deliveryStatus"))
    if isinstance(numbers[0], dict):
        status = status or _text(numbers[0].get("orderStatus"))
    return Marked(
        order=_text(numbers[0].get("orderNumber")) if isinstance(numbers[0], dict) else _text(numbers[0]),
        code=_text(data.get("trackingNumber")),
        carrier=_text(data.get("carrier") or data.get("provider")),
        event=_event(status),
        expected=_text(data.get("expectedArrivalUntil") or data.get("expectedArrivalFrom")),
        items=tuple(_named(data.get("itemShipped"))),
    )


def _order(data: dict[str, Any]) -> Iterator[Marked]:
    number = _text(data.get("orderNumber") or data.get("confirmationNumber"))
    items = tuple(_named(data.get("orderedItem") or data.get("acceptedOffer") or []))
    yield Marked(order=number, event=_event(_text(data.get("orderStatus"))), items=items)
    deliveries = data.get("orderDelivery", [])
    for delivery in deliveries if isinstance(deliveries, list) else [deliveries]:
        if isinstance(delivery, dict):
            inner = _delivery(delivery)
            yield Marked(inner.order or number, inner.code, inner.carrier, inner.event, inner.expected, inner.items)


def _event(status: str) -> Event | None:
    return _EVENTS.get(status.rpartition("/")[2].lower())


def _of_microdata(pairs: tuple[tuple[str, str], ...]) -> Iterator[Marked]:
    """Microdata comes flat: a scope opens with its itemtype, its properties follow."""
    kind = ""
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name == "itemtype":
            opened = value.rstrip("/").rpartition("/")[2]
            if opened == "ParcelDelivery" and fields.get("trackingNumber"):
                yield _flat(fields)
                fields = {}
            kind = opened if opened in ("ParcelDelivery", "Order", "Organization", "Product") else kind
        elif name == "name":
            fields.setdefault("product" if kind == "Product" else "carrier", value)
        elif name in (
            "trackingNumber",
            "orderNumber",
            "deliveryStatus",
            "orderStatus",
            "expectedArrivalUntil",
        ):
            fields.setdefault(name, value)
    if fields.get("trackingNumber") or fields.get("orderNumber"):
        yield _flat(fields)


def _flat(fields: dict[str, str]) -> Marked:
    return Marked(
        order=fields.get("orderNumber", ""),
        code=fields.get("trackingNumber", ""),
        carrier=fields.get("carrier", ""),
        event=_event(fields.get("deliveryStatus") or fields.get("orderStatus") or ""),
        expected=fields.get("expectedArrivalUntil", ""),
        items=(fields["product"],) if "product" in fields else (),
    )
