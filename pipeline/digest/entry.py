"""One parcel in the digest: where it stands, what is new about it, whether it is due, whether it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.model import Diagnosis, Level, Parcel, local_date

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from pipeline.digest.snapshot import Told

#: An ``act`` parcel whose last day is this near makes a digest worth sending every day.
DUE_WITHIN_DAYS = 3
#: An ``act`` parcel about which nothing was said for so long is said again.
REMIND_AFTER_DAYS = 7


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


def entry_of(parcel: Parcel, diagnosis: Diagnosis, day: date, told: Told | None, zone: tzinfo | None) -> Entry:
    """Return *parcel* as the digest of *day* has it; *told* is what the last one said of it."""
    news = _news(parcel, diagnosis, told)
    act, done = diagnosis.level is Level.ACT, diagnosis.level is Level.DONE
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
        protection_ends=None if done else diagnosis.protection_ends,
        protection_about=diagnosis.protection_about,
    )


def _news(parcel: Parcel, diagnosis: Diagnosis, told: Told | None) -> News | None:
    if told is None:
        return News.PARCEL
    if codes_of(parcel) != told.codes:
        return News.CODE
    if parcel.event != told.event:
        return News.EVENT
    if diagnosis.rule != told.rule:
        return News.ADVICE
    return None


def codes_of(parcel: Parcel) -> tuple[str, ...]:
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
