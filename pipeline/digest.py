"""What the owner is told on one day: which parcels, in which order, what is new, what is due.

Pure: values in, a :class:`Digest` out. How it looks is for ``render`` to say, where it goes for ``deliver``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from pipeline.model import (
    Diagnosis,
    Level,
    Notice,
    Parcel,
    Saying,
    Suspicion,
    Unread,
    listed,
    local_date,
    say,
    say_many,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

#: An ``act`` parcel whose last day is this near makes a digest worth sending every day.
DUE_WITHIN_DAYS = 3
#: An ``act`` parcel about which nothing was said for so long is said again.
REMIND_AFTER_DAYS = 7

#: A subject with more parts than this is cut off by every list of mails.
_SUBJECT_PARTS = 4
#: What the subject counts, in its order: how it says so first, and how behind another count of parcels.
_PARCELS = (
    (
        say_many("{count} parcel needs you", "{count} parcels need you", 1),
        say_many("{count} needs you", "{count} need you", 1),
    ),
    (
        say_many("{count} parcel arrives today", "{count} parcels arrive today", 1),
        say_many("{count} arrives today", "{count} arrive today", 1),
    ),
    (
        say_many("{count} parcel is arriving", "{count} parcels are arriving", 1),
        say_many("{count} is arriving", "{count} are arriving", 1),
    ),
    (
        say_many("{count} parcel has arrived", "{count} parcels have arrived", 1),
        say_many("{count} has arrived", "{count} have arrived", 1),
    ),
)
_NEWS = say_many("{count} parcel has news", "{count} parcels have news", 1)
_MAILS = (
    say_many("{count} suspicious mail", "{count} suspicious mails", 1),
    say_many("{count} unreadable mail", "{count} unreadable mails", 1),
)
_LEVELS = tuple(Level)
_NUMBER = re.compile(r"-?\d+")


class SnapshotError(ValueError):
    """What was kept of the last digest cannot be read."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the last digest said of one parcel, on which day it did so last, and since which day it has."""

    rule: str
    event: str
    codes: tuple[str, ...]
    day: date
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the last digest said: by parcel key, and the mails (suspicious, unclear or unread) that it named."""

    parcels: dict[str, Told] = field(default_factory=dict)
    mails: tuple[str, ...] = ()

    def encode(self) -> str:
        """Return it as JSON on one line; the same snapshot gives the same text."""
        return msgspec.json.encode(self, order="sorted").decode()

    @classmethod
    def decode(cls, text: str | bytes) -> Snapshot:
        """Read what :meth:`encode` wrote. Raises SnapshotError."""
        try:
            return msgspec.json.decode(text, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise SnapshotError(f"the record of the last digest cannot be read: {error}") from None


class News(StrEnum):
    """What about a parcel is new since the last digest, the weightiest first."""

    PARCEL = "parcel"
    CODE = "code"
    EVENT = "event"
    ADVICE = "advice"


class Section(StrEnum):
    """Where a parcel stands, in the order in which it is read."""

    NEEDS_YOU = "needs-you"
    ARRIVING = "arriving"
    LOOK = "look"
    MOVING = "moving"
    WAITING = "waiting"
    ARRIVED = "arrived"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that spoke of a parcel; *day* is in the owner's time zone."""

    message_id: str
    day: date
    subject: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One parcel in the digest.

    Attributes:
        news: what is new about it since the last digest, or ``None``.
        since: the day on which the digest first said what it says now of the parcel.
        due: said although nothing is new, because its last day is near or it was not said for a week.
        shown: whether the text and HTML give it a card. A solved parcel is shown once; one that only waits,
            and about which nothing is new, is counted.
        mails: the mails that spoke of it (no marks), oldest first.
        protection_ends, protection_about: end of buyer protection; *about* when it is our estimate.
    """

    parcel: Parcel
    diagnosis: Diagnosis
    section: Section
    news: News | None
    since: date
    due: bool
    shown: bool
    mails: tuple[Mail, ...]
    protection_ends: date | None
    protection_about: bool


@dataclass(frozen=True, slots=True)
class Digest:
    """One day's digest.

    Attributes:
        entries: every parcel given, in the order of the JSON: level, then last day to act, then oldest first.
        suspicious, unclear, unread: every such mail given, in a fixed order. An unclear one is of a known sender and
            tells of a parcel, yet no number was found in it.
        new_mails: those of them that the last digest did not name (:func:`identity`).
        told_on: the day of the last digest that reached the owner.
        language: the language in which it is said, one of those that ``speech`` speaks.
        first: no digest came before, so that marking everything as new would say nothing.
        is_news: whether it is worth a mail: something is new, or due.
        snapshot: what this digest says, for the next one.
    """

    day: date
    zone: tzinfo | None
    language: str
    entries: tuple[Entry, ...]
    suspicious: tuple[Suspicion, ...]
    unclear: tuple[Notice, ...]
    unread: tuple[Unread, ...]
    new_mails: frozenset[str]
    told_on: date | None
    first: bool
    subject: Saying
    is_news: bool
    snapshot: Snapshot


def compose(
    day: date,
    diagnosed: Sequence[tuple[Parcel, Diagnosis]],
    suspicious: Sequence[Suspicion],
    unread: Sequence[Unread],
    told: Snapshot | None,
    zone: tzinfo | None,
    language: str = "en",
    *,
    unclear: Sequence[Notice] = (),
    told_on: date | None = None,
) -> Digest:
    """Return the digest of *day*.

    *told* is the snapshot of the last digest that reached the owner, and *told_on* its day, ``None`` before the first;
    *zone* is the owner's time zone (``None``: the process's), *language* the owner's. In which order parcels and mails
    are given does not matter.
    """
    before = told or Snapshot()
    entries = tuple(
        _entry(parcel, diagnosis, day, before.parcels.get(parcel.key), zone)
        for parcel, diagnosis in sorted(diagnosed, key=reading_order)
    )
    suspicious = tuple(sorted(suspicious, key=lambda mail: (mail.date, mail.message_id)))
    unread = tuple(sorted(unread, key=lambda mail: (mail.message_id, str(mail.place))))
    unclear = tuple(sorted(unclear, key=lambda mail: (mail.date, mail.message_id)))
    told_of: tuple[Suspicion | Notice | Unread, ...] = (*suspicious, *unclear, *unread)
    mails = set(map(identity, told_of))
    new_mails = frozenset(mails - set(before.mails))
    return Digest(
        day=day,
        zone=zone,
        language=language,
        entries=entries,
        suspicious=suspicious,
        unclear=unclear,
        unread=unread,
        new_mails=new_mails,
        told_on=told_on,
        first=told is None,
        subject=_subject(day, entries, suspicious, (*unclear, *unread), new_mails, zone),
        is_news=bool(new_mails) or any(entry.news or entry.due for entry in entries),
        snapshot=Snapshot({entry.parcel.key: _told(entry, day, before) for entry in entries}, tuple(sorted(mails))),
    )


def identity(mail: Suspicion | Notice | Unread) -> str:
    """Return what a mail is known by: its Message-ID, or where it lies if even that could not be read."""
    if mail.message_id or not isinstance(mail, Unread):
        return mail.message_id
    place = mail.place
    return f"{place.account}/{place.path}/{place.uidvalidity}" if place.uidvalidity else place.path


def reading_order(pair: tuple[Parcel, Diagnosis]) -> tuple[int, date, datetime, str]:
    """Return by what parcels are sorted for reading: level, then last day to act, then oldest first."""
    parcel, diagnosis = pair
    since = (parcel.ordered_at, parcel.shipped_at, parcel.first_news_at, parcel.event_at)
    oldest = min(moment for moment in since if moment is not None)
    return _LEVELS.index(diagnosis.level), diagnosis.act_by or date.max, oldest, parcel.key


def _entry(parcel: Parcel, diagnosis: Diagnosis, day: date, told: Told | None, zone: tzinfo | None) -> Entry:
    news = _news(parcel, diagnosis, told)
    act, done = diagnosis.level is Level.ACT, diagnosis.level is Level.DONE
    ends, about = _protection(parcel, diagnosis, day)
    return Entry(
        parcel=parcel,
        diagnosis=diagnosis,
        section=_section(diagnosis),
        news=news,
        since=(told.since or told.day) if told is not None and news is None else day,
        due=act and told is not None and news is None and _due(diagnosis, day, told.day),
        shown=news is not None or not (done or diagnosis.level is Level.WAIT),
        mails=tuple(
            Mail(source.message_id, local_date(source.date, zone), source.subject)
            for source in parcel.sources
            if source.mark is None
        ),
        protection_ends=None if done else ends,
        protection_about=about,
    )


def _protection(parcel: Parcel, diagnosis: Diagnosis, day: date) -> tuple[date | None, bool]:
    """Return the end of protection that the diagnosis counted with, and whether it is an estimate."""
    facts = dict(diagnosis.facts)
    left = _NUMBER.match(facts.get("days_to_protection_end", ""))
    ends = day + timedelta(days=int(left.group())) if left else parcel.protection_ends
    return ends, parcel.protection_ends is None and parcel.closing_at is None


def _news(parcel: Parcel, diagnosis: Diagnosis, told: Told | None) -> News | None:
    if told is None:
        return News.PARCEL
    if _codes(parcel) != told.codes:
        return News.CODE
    if parcel.event != told.event:
        return News.EVENT
    if diagnosis.rule != told.rule:
        return News.ADVICE
    return None


def _codes(parcel: Parcel) -> tuple[str, ...]:
    return tuple(code.code for code in parcel.codes)


def _due(diagnosis: Diagnosis, day: date, told: date) -> bool:
    if told >= day:
        return False
    near = diagnosis.act_by is not None and 0 <= (diagnosis.act_by - day).days <= DUE_WITHIN_DAYS
    return near or (day - told).days >= REMIND_AFTER_DAYS


def _section(diagnosis: Diagnosis) -> Section:
    match diagnosis.level:
        case Level.ACT:
            return Section.NEEDS_YOU
        case Level.WATCH:
            return Section.ARRIVING if diagnosis.rule == "arriving" else Section.LOOK
        case Level.WAIT:
            return Section.MOVING if diagnosis.rule == "moving" else Section.WAITING
        case Level.DONE:
            return Section.ARRIVED if diagnosis.rule == "delivered" else Section.SETTLED


def _told(entry: Entry, day: date, before: Snapshot) -> Told:
    earlier = before.parcels.get(entry.parcel.key)
    last = day if entry.shown or earlier is None else earlier.day
    return Told(entry.diagnosis.rule, str(entry.parcel.event), _codes(entry.parcel), last, entry.since)


def _subject(
    day: date,
    entries: Sequence[Entry],
    suspicious: Sequence[Suspicion],
    unread: Sequence[Notice | Unread],
    new_mails: frozenset[str],
    zone: tzinfo | None,
) -> Saying:
    def count(section: Section) -> int:
        return sum(entry.shown and entry.section is section for entry in entries)

    arriving = [entry for entry in entries if entry.section is Section.ARRIVING]
    today = sum(local_date(entry.parcel.event_at, zone) == day for entry in arriving)
    counts = (count(Section.NEEDS_YOU), today, len(arriving) - today, count(Section.ARRIVED))
    said = [(number, words) for number, words in zip(counts, _PARCELS, strict=True) if number]
    parts = [words[place > 0].of(number) for place, (number, words) in enumerate(said)]
    if not parts and (news := sum(entry.news is not None for entry in entries)):
        parts = [_NEWS.of(news)]
    mails = [sum(identity(mail) in new_mails for mail in found) for found in (suspicious, unread)]
    parts += [words.of(number) for number, words in zip(mails, _MAILS, strict=True) if number]
    if parts:
        return listed(parts[:_SUBJECT_PARTS])
    if look := count(Section.LOOK):
        return say_many("{count} parcel worth a look", "{count} parcels worth a look", look)
    on_the_way = sum(entry.diagnosis.level is not Level.DONE for entry in entries)
    if on_the_way:
        return say_many("All quiet, {count} parcel on the way", "All quiet, {count} parcels on the way", on_the_way)
    return say("No parcels on the way")
