"""Everything that is said of one parcel, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from pipeline.digest import News
from pipeline.model import Check, CodeKind, Level
from pipeline.read.shops import shops
from pipeline.render.marks import MarkLine, in_advice, mark_lines
from pipeline.render.timeline import Step, bar, steps
from pipeline.render.words import brief_day, distance, plain, quoted, short_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipeline.digest import Digest, Entry
    from pipeline.model import Parcel, TrackingCode

_NEWS = {
    News.PARCEL: "new",
    News.CODE: "new code",
    News.EVENT: "news",
    News.ADVICE: "new advice",
}
_ITEMS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Number:
    """An order number or a tracking code: its label, a remark, and its page from our own table."""

    label: str
    number: str
    remark: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence of the rule, and the address from our own table that it ends with."""

    words: str
    page: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A step of the time line in words."""

    name: str
    day: str
    when: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that is said of one parcel."""

    level: str
    title: str
    when: str
    news: str
    shop: str
    items: tuple[str, ...]
    more_items: int
    orders: tuple[Number, ...]
    codes: tuple[Number, ...]
    code_expected: bool
    days: str
    advice: tuple[Advice, ...]
    notes: tuple[str, ...]
    points: tuple[Point, ...]
    bar: str
    protection: str
    tracking_page: str
    tracking_host: str
    source: str
    source_day: str
    marks: tuple[MarkLine, ...]


def card(digest: Digest, entry: Entry) -> Card:
    """Return the words for *entry*; one that is done has neither time line nor protection."""
    parcel, diagnosis, today = entry.parcel, entry.diagnosis, digest.day
    done = diagnosis.level is Level.DONE
    line = () if done else steps(entry, today, digest.zone)
    last = entry.mails[-1] if entry.mails else None
    page = diagnosis.tracking_page or ""
    pages = {number: _order_page(parcel, number) for number in parcel.orders}
    advice = _advice(diagnosis.advice, {page, *pages.values()})
    said = {sentence.page for sentence in advice}
    return Card(
        level=diagnosis.level,
        title=plain(diagnosis.title),
        when=_when(entry, today),
        news=_NEWS[entry.news] if entry.news and not digest.first else "",
        shop=shop_name(parcel.shop),
        items=tuple(quoted(item) for item in parcel.items[:_ITEMS_SHOWN]),
        more_items=max(0, len(parcel.items) - _ITEMS_SHOWN),
        orders=tuple(
            Number("Order", plain(number), page="" if pages[number] in said else pages[number])
            for number in parcel.orders
        ),
        codes=_codes(parcel.codes),
        code_expected=not parcel.codes and not done,
        days=_days(parcel, diagnosis.days),
        advice=advice,
        notes=tuple(_note(note.text, note.date, today) for note in diagnosis.notes),
        points=tuple(_point(step) for step in line),
        bar=bar(line, today),
        protection=_protection(entry, today),
        tracking_page="" if page in said else page,
        tracking_host=_host(page),
        source=quoted(last.subject) if last else "",
        source_day=short_day(last.day, today) if last else "",
        marks=mark_lines(entry),
    )


def _advice(sentences: Sequence[str], pages: set[str]) -> tuple[Advice, ...]:
    """Take the addresses of our own table out of the sentences, and leave command lines to the marks."""
    found = []
    for sentence in sentences:
        if in_advice(sentence):
            continue
        words, _, page = sentence.rpartition(" ")
        known = bool(page) and page in pages
        found.append(Advice(plain(words), page, _host(page)) if known else Advice(plain(sentence)))
    return tuple(found)


def _host(page: str) -> str:
    return urlsplit(page).hostname or ""


def _when(entry: Entry, today: date) -> str:
    act_by = entry.diagnosis.act_by
    if act_by is not None:
        return f"by {short_day(act_by, today)}, {distance(act_by, today)}"
    return f"today, {short_day(today, today)}" if entry.diagnosis.level is Level.ACT else ""


def shop_name(key: str | None) -> str:
    """Return a shop's name for people."""
    if key is None:
        return "Unknown shop"
    shop = shops().get(key)
    return shop.name if shop else quoted(key, 40)


def _order_page(parcel: Parcel, number: str) -> str:
    shop = shops().get(parcel.shop or "")
    return shop.order_page.replace("{order}", quote(number, safe="")) if shop and shop.order_page else ""


def _codes(codes: Sequence[TrackingCode]) -> tuple[Number, ...]:
    numbers = []
    for place, code in enumerate(codes):
        remarks = []
        if code.kind is CodeKind.PACKAGE_ID:
            remarks.append("the shop's own package id")
        if code.check is Check.FAILED:
            remarks.append("its check digit is wrong, perhaps mistyped")
        label = "Earlier code" if place else "Tracking code"
        numbers.append(Number(label, plain(code.code), "; ".join(remarks)))
    return tuple(numbers)


def _days(parcel: Parcel, days: int | None) -> str:
    if days is None:
        return ""
    since = "shipped" if parcel.shipped_at else "ordered"
    return f"{days} {'day' if days == 1 else 'days'} since {since}"


def _note(text: str, day: date | None, today: date) -> str:
    words = plain(text)
    if day is None or day.isoformat() in words or short_day(day, today) in words:
        return words
    return f"{words} ({short_day(day, today)}, {distance(day, today)})"


def _point(step: Step) -> Point:
    return Point(step.name, f"{'about ' if step.about else ''}{brief_day(step.day)}", step.when)


def _protection(entry: Entry, today: date) -> str:
    ends = entry.protection_ends
    if ends is None:
        return ""
    verb = "ended" if ends < today else "ends"
    about = "about " if entry.protection_about else ""
    return f"Buyer protection {verb} {about}{short_day(ends, today)}, {distance(ends, today)}"
