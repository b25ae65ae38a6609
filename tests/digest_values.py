"""Parcels and diagnoses for the tests of the digest, built from nothing but values."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from english import verbatim

from pipeline.model import (
    Diagnosis,
    Event,
    Level,
    Note,
    Notice,
    Parcel,
    Place,
    Source,
    Suspicion,
    TrackingCode,
    Unread,
)

ZONE = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 23)

HOSTILE = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "markup": "[/b] [red]{{ 7 * 7 }}{% raw %}",
    "escape": "\x1b]0;owned\x07\x1b[31mred\x9b2J",
    "bidi": "lamp \u202egpj.exe\u202c \u2066isolated\u2069\u200f",
    "lines": "first\r\nBEGIN:VEVENT\nSubject: second\u2028third\u0085",
    "formula": '=cmd|"/C calc"!A0',
    "link": "http://evil.example/x www.evil.example evil@evil.example javascript:alert(1)",
    "long": "A" * 10_000,
    "wide": "漢字" * 200,
    "surrogate": "half \ud83d an emoji",
}


def ago(days: int, hour: int = 10) -> datetime:
    return datetime.combine(TODAY - timedelta(days=days), time(hour), ZONE)


def a_parcel(
    number: int = 1,
    *,
    event: Event = Event.SHIPPED,
    shipped: int | None = 17,
    code: str | None = None,
    subject: str = "Your Order has been shipped",
    **more: object,
) -> Parcel:
    """A parcel shipped 17 days ago, of an order whose number ends in *number*."""
    order = f"82119683279{number:05d}"
    values: dict[str, object] = {
        "key": f"order:{order}",
        "shop": "aliexpress",
        "orders": (order,),
        "codes": (TrackingCode(code or f"LP008271657{number:05d}", "cainiao"),),
        "event": event,
        "event_at": ago(0 if event is not Event.SHIPPED else shipped or 0),
        "ordered_at": ago(20),
        "shipped_at": None if shipped is None else ago(shipped),
        "first_news_at": ago(20),
        "sources": (Source(f"mail{number}@shop.example", ago(shipped or 0), event, subject),),
    }
    return Parcel(**{**values, **more})


def a_diagnosis(
    rule: str = "check-code",
    level: Level = Level.ACT,
    *,
    act_by: date | None = None,
    title: str = "Look whether the code has changed",
    ends: int | None = 43,
    about: bool = True,
    **more: object,
) -> Diagnosis:
    values: dict[str, object] = {
        "rule": rule,
        "level": level,
        "title": verbatim(title),
        "advice": (verbatim("Open your order list and compare the codes."),),
        "days": 17,
        "act_by": act_by,
        "protection_ends": None if ends is None else in_days(ends),
        "protection_about": about,
    }
    return Diagnosis(**{**values, **more})


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


MOVING = ("moving", Level.WAIT)
DELIVERED = ("delivered", Level.DONE)
ARRIVING = ("arriving", Level.WATCH)

SUSPICIOUS = Suspicion("s1@evil.example", ago(0), "not signed by the shop", "Pay now", "help@evil.example")
UNCLEAR = Notice("n1@shop.example", ago(0), "aliexpress", Event.SHIPPED, subject="News of your order")
UNREAD = Unread(Place("home", "INBOX", 1, "77"), "u1@shop.example", "ends in the middle")


def all_states() -> list[tuple[Parcel, Diagnosis]]:
    """One parcel for each section of the digest."""
    page = "https://carrier.example/track?n=LP00827165700001"
    note = Note("too-early-to-dispute", verbatim("Too early for a dispute."), in_days(38))
    return [
        (a_parcel(1), a_diagnosis(tracking_page=page, notes=(note,))),
        (
            a_parcel(2, protection_ends=in_days(4), protection_from="mail"),
            a_diagnosis("dispute-now", act_by=in_days(4), title="Open a dispute", ends=4, about=False),
        ),
        (a_parcel(3, event=Event.OUT_FOR_DELIVERY), a_diagnosis(*ARRIVING, title="Out for delivery")),
        (
            a_parcel(4, event=Event.IN_TRANSIT, informed_at=ago(1)),
            a_diagnosis(*MOVING, title="On its way"),
        ),
        (a_parcel(5, shipped=4), a_diagnosis("be-patient", Level.WAIT, title="Be patient")),
        (a_parcel(6, codes=()), a_diagnosis("no-code-yet", Level.WATCH, title="No code yet")),
        (a_parcel(7, event=Event.DELIVERED), a_diagnosis(*DELIVERED, title="Delivered")),
        (a_parcel(8, event=Event.REFUNDED), a_diagnosis("refunded", Level.DONE, title="Money refunded")),
    ]
