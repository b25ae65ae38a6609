"""A digest in the words that both templates show, so that text and HTML can differ in looks only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from pipeline.digest import News, Section, identity
from pipeline.model import Check, CodeKind, Level, local_date
from pipeline.read.shops import shops
from pipeline.render.marks import MarkLine, in_advice, mark_lines
from pipeline.render.timeline import Step, bar, steps
from pipeline.render.words import brief_day, distance, long_day, plain, quoted, short_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipeline.digest import Digest, Entry
    from pipeline.model import Parcel, TrackingCode

_TITLES = {
    Section.NEEDS_YOU: "Needs you",
    Section.ARRIVING: "Arriving",
    Section.LOOK: "Worth a look",
    Section.MOVING: "Moving",
    Section.WAITING: "Waiting",
    Section.ARRIVED: "Arrived",
    Section.SETTLED: "Settled",
}
_NEWS = {
    News.PARCEL: "new",
    News.CODE: "new code",
    News.EVENT: "news",
    News.ADVICE: "new advice",
}
_ITEMS_SHOWN = 3
_MAILS_SHOWN = 20


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


@dataclass(frozen=True, slots=True)
class Group:
    """One section: the parcels with a card, and how many more there are."""

    key: str
    level: str
    title: str
    count: int
    cards: tuple[Card, ...]
    more: int


@dataclass(frozen=True, slots=True)
class BadMail:
    """A suspicious or unreadable mail."""

    reason: str
    subject: str = ""
    sender: str = ""
    day: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class BadMails:
    """The mails that the last digest did not name; how many more of them there are; how many it did name."""

    shown: tuple[BadMail, ...]
    more: int
    earlier: int


@dataclass(frozen=True, slots=True)
class View:
    """What the templates see."""

    subject: str
    date: str
    groups: tuple[Group, ...]
    quiet: int
    quiet_words: str
    suspicious: BadMails
    unread: BadMails
    first: bool


def view(digest: Digest, cards: int) -> View:
    """Return the words of *digest*, with details for at most *cards* parcels; the rest is counted."""
    groups, left = [], cards
    for section in Section:
        entries = [entry for entry in digest.entries if entry.shown and entry.section is section]
        if entries:
            groups.append(_group(digest, section, entries, left))
            left -= len(groups[-1].cards)
    quiet = [entry for entry in digest.entries if not entry.shown and entry.diagnosis.level is not Level.DONE]
    return View(
        subject=digest.subject,
        date=long_day(digest.day),
        groups=tuple(groups),
        quiet=len(quiet),
        quiet_words=_quiet_words(quiet),
        suspicious=_suspicious(digest),
        unread=_unread(digest),
        first=digest.first,
    )


def _group(digest: Digest, section: Section, entries: Sequence[Entry], room: int) -> Group:
    shown = entries[: max(0, room)]
    return Group(
        key=section,
        level=entries[0].diagnosis.level,
        title=_TITLES[section],
        count=len(entries),
        cards=tuple(_card(digest, entry) for entry in shown),
        more=len(entries) - len(shown),
    )


def _quiet_words(entries: Sequence[Entry]) -> str:
    counts = {section: sum(entry.section is section for entry in entries) for section in Section}
    return ", ".join(f"{number} {_TITLES[section].lower()}" for section, number in counts.items() if number)


def _card(digest: Digest, entry: Entry) -> Card:
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


def _suspicious(digest: Digest) -> BadMails:
    new = [mail for mail in digest.suspicious if identity(mail) in digest.new_mails]
    shown = tuple(
        BadMail(
            reason=quoted(mail.reason, 300),
            subject=quoted(mail.subject) or "(no subject)",
            sender=quoted(mail.sender) or "(no sender)",
            day=short_day(local_date(mail.date, digest.zone), digest.day),
        )
        for mail in new[-_MAILS_SHOWN:]
    )
    return BadMails(shown, len(new) - len(shown), len(digest.suspicious) - len(new))


def _unread(digest: Digest) -> BadMails:
    new = [mail for mail in digest.unread if identity(mail) in digest.new_mails]
    shown = tuple(
        BadMail(
            reason=quoted(mail.error, 300),
            message_id=quoted(identity(mail)),
            sender=quoted(f"{mail.place.account}, {mail.place.folder}"),
        )
        for mail in new[:_MAILS_SHOWN]
    )
    return BadMails(shown, len(new) - len(shown), len(digest.unread) - len(new))
