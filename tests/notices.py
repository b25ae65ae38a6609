"""Builders for tests: notices and marks in one line each, dates as strings, numbers as plain text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from pipeline.model import CodeKind, Event, Mark, MarkKind, Notice, OrderNumber, TrackingCode, Trust

_numbers = count(1)


def moment(text: str) -> datetime:
    """``"2026-11-02"`` (noon) or ``"2026-11-02 08:30"``, in UTC."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"{day} {clock or '12:00'}").replace(tzinfo=UTC)


def code(text: str, **more: Any) -> TrackingCode:
    """A tracking number; a package id where *text* begins with ``AP``, as AliExpress' own do.

    Behind a colon stands its carrier: ``RB123456785CN:china-post``.
    """
    text, _, carrier = text.partition(":")
    more = {"carrier": carrier or None, **more}
    kind = CodeKind.PACKAGE_ID if text.startswith("AP") else CodeKind.TRACKING_NUMBER
    return TrackingCode(text, **{"kind": kind, **more})


def notice(
    at: str,
    event: str = "none",
    orders: str = "",
    codes: str = "",
    *,
    shop: str | None = "aliexpress",
    pairs: str = "",
    replaced: str = "",
    trust: str = "trusted",
    message_id: str | None = None,
    **more: Any,
) -> Notice:
    """One mail. Blanks divide *orders*, *codes* and *replaced*; *pairs* are written ``ORDER=CODE``."""
    for name in ("ship_by", "protection_ends", "pickup_by", "expected"):
        if isinstance(more.get(name), str):
            more[name] = date.fromisoformat(more[name])
    return Notice(
        message_id=message_id or f"{next(_numbers):06}@test",
        date=moment(at),
        shop=shop,
        event=Event(event),
        orders=tuple(OrderNumber(number) for number in orders.split()),
        codes=tuple(code(text) for text in codes.split()),
        pairs=tuple((order, text) for order, text in (pair.split("=") for pair in pairs.split())),
        replaced=tuple(replaced.split()),
        trust=Trust(trust),
        **more,
    )


def mark(
    at: str,
    number: str,
    word: str,
    *,
    message_id: str | None = None,
    event: str = "none",
    codes: str = "",
    shop: str | None = None,
) -> Notice:
    """The owner's *word* on *number*: ``"unchanged"``, ``"code=RB123456785CN"``, …; *event* and more where added."""
    kind, _, value = word.partition("=")
    is_code = number[:1].isalpha()
    return Notice(
        message_id=message_id or f"mark-{next(_numbers):06}@owner",
        date=moment(at),
        orders=() if is_code else (OrderNumber(number),),
        codes=(code(number),) if is_code else tuple(code(text) for text in codes.split()),
        shop=shop,
        event=Event(event),
        trust=Trust.OWNER,
        mark=Mark(MarkKind(kind), value or None),
    )
