"""Everything that is said of one parcel, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from pipeline.diagnose.seller import seller_message
from pipeline.digest import News
from pipeline.model import Check, CodeKind, Level, say, say_many
from pipeline.read.carriers import carriers
from pipeline.read.shops import shops
from pipeline.render import speaker_of
from pipeline.render.marks import Marks, in_advice, marks
from pipeline.render.timeline import Step, bar, gone, shares, steps
from pipeline.render.words import plain, quoted
from pipeline.speech import distance

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipeline.digest import Digest, Entry
    from pipeline.model import Notice, Parcel, Saying, TrackingCode
    from pipeline.speech import Speaker

_NEWS = {
    News.PARCEL: say("new"),
    News.CODE: say("new code"),
    News.EVENT: say("news"),
    News.ADVICE: say("new advice"),
}
_ITEMS_SHOWN = 3
_WRITES_TO_THE_SELLER = "contact-seller"
# An advice as short as this, ending in an address, is the name of a page: it becomes a button.
_LABEL_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Number:
    """An order number or a tracking code: its label, a remark, and its page from our own table."""

    label: str
    number: str
    remark: str = ""
    page: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence of the rule, and the address from our own table that it ends with."""

    words: str
    page: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A step of the time line in words; *share* is how much of the width its words take, in percent."""

    name: str
    day: str
    when: str
    share: int


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that is said of one parcel.

    Attributes:
        link: the page that the advice sends its reader to, named by its words.
        gone: how much of the time from the first point to the last is gone, in percent.
        timing: how long it has been on its way, and until when the buyer is protected.
        letter: a message to the seller, line by line, where the advice is to write one.
    """

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
    advice: tuple[Advice, ...]
    link: Advice | None
    notes: tuple[str, ...]
    points: tuple[Point, ...]
    gone: int
    bar: str
    timing: tuple[str, ...]
    source: str
    source_day: str
    letter: tuple[str, ...]
    marks: Marks | None


def card(digest: Digest, entry: Entry) -> Card:
    """Return the words for *entry*; one that is done has no line of time and counts no days."""
    parcel, diagnosis, today = entry.parcel, entry.diagnosis, digest.day
    speaker = speaker_of(digest)
    done = diagnosis.level is Level.DONE
    line = () if done else steps(entry, today, digest.zone)
    last = entry.mails[-1] if entry.mails else None
    page = diagnosis.tracking_page or ""
    pages = {number: _order_page(parcel, number) for number in parcel.orders}
    said = _advice([speaker(sentence) for sentence in diagnosis.advice], {page, *pages.values()})
    named = {sentence.page for sentence in said}
    link = next((sentence for sentence in said if _is_label(sentence)), None)
    return Card(
        level=diagnosis.level,
        title=speaker(diagnosis.title),
        when=_when(entry, speaker),
        news=speaker(_NEWS[entry.news]) if entry.news and not digest.first else "",
        shop=shop_name(parcel.shop) or speaker(say("Unknown shop")),
        items=tuple(quoted(item) for item in parcel.items[:_ITEMS_SHOWN]),
        more_items=max(0, len(parcel.items) - _ITEMS_SHOWN),
        orders=tuple(
            _order(number, "" if pages[number] in named else pages[number], speaker) for number in parcel.orders
        ),
        codes=_codes(parcel.codes, "" if page in named else page, speaker),
        code_expected=not parcel.codes and not done,
        advice=tuple(sentence for sentence in said if sentence is not link),
        link=link and Advice(link.words.rstrip(": \u00a0"), link.page, link.host),
        notes=tuple(_note(note.text, note.date, speaker) for note in diagnosis.notes),
        points=_points(line, speaker),
        gone=gone(line, today),
        bar=bar(line, speaker),
        timing=() if done else _timing(entry, speaker),
        source=quoted(last.subject) or speaker(say("(no subject)")) if last else "",
        source_day=speaker.day(last.day) if last else "",
        letter=_letter(digest, entry),
        marks=marks(entry, speaker, digest.answer_to),
    )


def _advice(sentences: Sequence[str], pages: set[str]) -> tuple[Advice, ...]:
    """Take the addresses of our own table out of the sentences, and leave command lines to the marks."""
    found = []
    for sentence in sentences:
        if in_advice(sentence):
            continue
        words, _, page = sentence.rpartition(" ")
        known = bool(page) and page in pages
        found.append(Advice(words, page, _host(page)) if known else Advice(sentence))
    return tuple(found)


def _is_label(sentence: Advice) -> bool:
    words = sentence.words
    return bool(sentence.page) and len(words) <= _LABEL_CHARACTERS and words.endswith(":") and ". " not in words


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


def sender_name(notice: Notice) -> str:
    """Return the shop or carrier that wrote a mail, for people."""
    carrier = carriers().get(notice.carrier or "")
    return carrier.name if notice.shop is None and carrier else shop_name(notice.shop)


def _order(number: str, page: str, speaker: Speaker) -> Number:
    return Number(speaker(say("Order number")), plain(number), page=page, host=_host(page))


def _order_page(parcel: Parcel, number: str) -> str:
    shop = shops().get(parcel.shop or "")
    return shop.order_page.replace("{order}", quote(number, safe="")) if shop and shop.order_page else ""


def _codes(codes: Sequence[TrackingCode], page: str, speaker: Speaker) -> tuple[Number, ...]:
    # Some carriers' pages ask for the code: then the newest is the one to type.
    tracked = next((code for code in codes if code.code in page), codes[0] if codes else None)
    numbers = []
    for place, code in enumerate(codes):
        remarks = []
        if code.kind is CodeKind.PACKAGE_ID:
            remarks.append(say("the shop's own package id"))
        if code.check is Check.FAILED:
            remarks.append(say("its check digit is wrong, perhaps mistyped"))
        label = say("Earlier code") if place else say("Tracking code")
        own = page if code is tracked else ""
        numbers.append(Number(speaker(label), plain(code.code), "; ".join(map(speaker, remarks)), own, _host(own)))
    return tuple(numbers)


def _days(parcel: Parcel, days: int | None, speaker: Speaker) -> str:
    if days is None:
        return ""
    shipped = say_many("{count} day since shipped", "{count} days since shipped", days)
    ordered = say_many("{count} day since ordered", "{count} days since ordered", days)
    return speaker(shipped if parcel.shipped_at else ordered)


def _note(text: Saying, day: date | None, speaker: Speaker) -> str:
    words = speaker(text)
    if day is None or speaker.day(day) in words:
        return words
    return f"{words} ({speaker.day(day)}, {speaker.distance(day)})"


def _points(line: Sequence[Step], speaker: Speaker) -> tuple[Point, ...]:
    return tuple(_point(step, share, speaker) for step, share in zip(line, shares(line), strict=True))


def _point(step: Step, share: int, speaker: Speaker) -> Point:
    day = speaker.brief_day(step.day)
    return Point(speaker(step.name), speaker(say("about {day}", day=day)) if step.about else day, step.when, share)


def _timing(entry: Entry, speaker: Speaker) -> tuple[str, ...]:
    said = (_days(entry.parcel, entry.diagnosis.days, speaker), _protection(entry, speaker))
    return tuple(filter(None, said))


def _protection(entry: Entry, speaker: Speaker) -> str:
    ends = entry.protection_ends
    if ends is None:
        return ""
    day = say("about {day}", day=ends) if entry.protection_about else say("on {day}", day=ends)
    far = distance(ends, speaker.today)
    if ends < speaker.today:
        return speaker(say("Buyer protection ended {day}, {distance}", day=day, distance=far))
    return speaker(say("Buyer protection ends {day}, {distance}", day=day, distance=far))


def _letter(digest: Digest, entry: Entry) -> tuple[str, ...]:
    if entry.diagnosis.rule != _WRITES_TO_THE_SELLER:
        return ()
    message = seller_message(entry.parcel, entry.diagnosis.days, digest.language, digest.zone)
    return tuple(map(plain, message.splitlines()))
