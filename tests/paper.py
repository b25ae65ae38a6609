"""Parcels on paper: built by hand for the tests of facts, rules and diagnosis, without any mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from english import in_english

from pipeline.diagnose import diagnose
from pipeline.facts import Defaults, ShopTerms
from pipeline.model import INFORMATION, Diagnosis, Event, Parcel, TrackingCode

if TYPE_CHECKING:
    from pipeline.rules import RuleBook

ORDER = "8211968327931234"
CODE = TrackingCode("LP00827165784034", "cainiao")
OTHER_CODE = TrackingCode("LX123456785CN", "china-post")

#: Day 0 of every parcel on paper, and its noon.
DAY_0 = date(2026, 3, 2)
NOON_0 = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def noon(day: int) -> datetime:
    """Noon of the day *day*, counted from day 0."""
    return NOON_0 + timedelta(days=day)


def day(number: int) -> date:
    """The day *number*, counted from day 0."""
    return DAY_0 + timedelta(days=number)


def ordered(**more: Any) -> Parcel:
    """An order of day 0 that nobody has shipped."""
    return replace(
        Parcel(
            key=f"order:{ORDER}",
            shop="aliexpress",
            orders=(ORDER,),
            codes=(),
            event=Event.ORDERED,
            event_at=noon(0),
            ordered_at=noon(0),
            first_news_at=noon(0),
            last_news_at=noon(0),
        ),
        **more,
    )


def shipped(**more: Any) -> Parcel:
    """A parcel shipped on day 0, with a code, that nobody has seen."""
    made = {"event": Event.SHIPPED, "ordered_at": None, "shipped_at": noon(0), "codes": (CODE,), **more}
    return ordered(**made)


def seen(event: Event, on_day: int, **more: Any) -> Parcel:
    """A parcel shipped on day 0 whose latest event is *event*, told on the day *on_day*."""
    informed = noon(on_day) if event in INFORMATION else None
    delivered = noon(on_day) if event is Event.DELIVERED else None
    moment = {"event_at": noon(on_day), "last_news_at": noon(on_day)}
    return shipped(**{"event": event, "informed_at": informed, "delivered_at": delivered, **moment, **more})


def on(
    number: int,
    parcel: Parcel,
    *,
    defaults: Defaults | None = None,
    terms: ShopTerms | None = None,
    explain: bool = False,
    book: RuleBook | None = None,
) -> Diagnosis:
    """What is to be done about *parcel* on the day *number*."""
    shops = {"aliexpress": terms} if terms else {}
    return in_english(diagnose(parcel, day(number), UTC, defaults or Defaults(), shops, explain=explain, book=book))
