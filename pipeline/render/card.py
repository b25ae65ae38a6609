"""Everything that is said of one parcel, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from pipeline.digest import News
from pipeline.model import Check, CodeKind, Level, say, say_many
from pipeline.read.shops import shops
from pipeline.render import speaker_of
from pipeline.render.marks import MarkLine, in_advice, mark_lines
from pipeline.render.timeline import Step, bar, steps
from pipeline.render.words import plain, quoted
from pipeline.speech import distance

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipeline.digest import Digest, Entry
    from pipeline.model import Parcel, Saying, TrackingCode
    from pipeline.speech import Speaker

_NEWS = {
    News.PARCEL: say("new"),
    News.CODE: say("new code"),
    News.EVENT: say("news"),
    News.ADVICE: say("new advice"),
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
    speaker = speaker_of(digest)
    done = diagnosis.level is Level.DONE
    line = () if done else steps(entry, today, digest.zone)
    last = entry.mails[-1] if entry.mails else None
    page = diagnosis.tracking_page or ""
    pages = {number: _order_page(parcel, number) for number in parcel.orders}
    advice = _advice([speaker(sentence) for sentence in diagnosis.advice], {page, *pages.values()})
    said = {sentence.page for sentence in advice}
    return Card(
        level=diagnosis.level,
        title=plain(speaker(diagnosis.title)),
        when=_when(entry, speaker),
        news=speaker(_NEWS[entry.news]) if entry.news and not digest.first else "",
        shop=shop_name(parcel.shop) or speaker(say("Unknown shop")),
        items=tuple(quoted(item) for item in parcel.items[:_ITEMS_SHOWN]),
        more_items=max(0, len(parcel.items) - _ITEMS_SHOWN),
        orders=tuple(
            Number(speaker(say("Order")), plain(number), page="" if pages[number] in said else pages[number])
            for number in parcel.orders
        ),
        codes=_codes(parcel.codes, speaker),
        code_expected=not parcel.codes and not done,
        days=_days(parcel, diagnosis.days, speaker),
        advice=advice,
        notes=tuple(_note(note.text, note.date, speaker) for note in diagnosis.notes),
        points=tuple(_point(step, speaker) for step in line),
        bar=bar(line, speaker),
        protection=_protection(entry, speaker),
        tracking_page="" if page in said else page,
        tracking_host=_host(page),
        source=quoted(last.subject) or speaker(say("(no subject)")) if last else "",
        source_day=speaker.day(last.day) if last else "",
        marks=mark_lines(entry, speaker),
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


def _when(entry: Entry, speaker: Speaker) -> str:
    act_by = entry.diagnosis.act_by
    if act_by is not None:
        return speaker(say("by {day}, {distance}", day=act_by, distance=distance(act_by, speaker.today)))
    return speaker(say("today, {day}", day=speaker.today)) if entry.diagnosis.level is Level.ACT else ""


def shop_name(key: str | None) -> str:
    """Return a shop's name for people; of an unknown shop nothing."""
    if key is None:
        return ""
    shop = shops().get(key)
    return shop.name if shop else quoted(key, 40)


def _order_page(parcel: Parcel, number: str) -> str:
    shop = shops().get(parcel.shop or "")
    return shop.order_page.replace("{order}", quote(number, safe="")) if shop and shop.order_page else ""


def _codes(codes: Sequence[TrackingCode], speaker: Speaker) -> tuple[Number, ...]:
    numbers = []
    for place, code in enumerate(codes):
        remarks = []
        if code.kind is CodeKind.PACKAGE_ID:
            remarks.append(say("the shop's own package id"))
        if code.check is Check.FAILED:
            remarks.append(say("its check digit is wrong, perhaps mistyped"))
        label = say("Earlier code") if place else say("Tracking code")
        numbers.append(Number(speaker(label), plain(code.code), "; ".join(map(speaker, remarks))))
    return tuple(numbers)


def _days(parcel: Parcel, days: int | None, speaker: Speaker) -> str:
    if days is None:
        return ""
    shipped = say_many("{count} day since shipped", "{count} days since shipped", days)
    ordered = say_many("{count} day since ordered", "{count} days since ordered", days)
    return speaker(shipped if parcel.shipped_at else ordered)


def _note(text: Saying, day: date | None, speaker: Speaker) -> str:
    words = plain(speaker(text))
    if day is None or speaker.day(day) in words:
        return words
    return f"{words} ({speaker.day(day)}, {speaker.distance(day)})"


def _point(step: Step, speaker: Speaker) -> Point:
    day = speaker.brief_day(step.day)
    return Point(speaker(step.name), speaker(say("about {day}", day=day)) if step.about else day, step.when)


def _protection(entry: Entry, speaker: Speaker) -> str:
    ends = entry.protection_ends
    if ends is None:
        return ""
    day = say("about {day}", day=ends) if entry.protection_about else say("on {day}", day=ends)
    far = distance(ends, speaker.today)
    if ends < speaker.today:
        return speaker(say("Buyer protection ended {day}, {distance}", day=day, distance=far))
    return speaker(say("Buyer protection ends {day}, {distance}", day=day, distance=far))
