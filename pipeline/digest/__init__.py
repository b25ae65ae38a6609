"""What the owner is told on one day: which parcels, in which order, what is new, what is due.

Pure: values in, a :class:`Digest` out. How it looks is for ``render`` to say, where it goes for ``deliver``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from pipeline.digest.entry import DUE_WITHIN_DAYS, REMIND_AFTER_DAYS, Entry, Mail, News, Section, codes_of, entry_of
from pipeline.digest.snapshot import Snapshot, SnapshotError, Told
from pipeline.digest.subject import subject
from pipeline.model import Diagnosis, Level, Notice, Parcel, Saying, Suspicion, Unread

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "DUE_WITHIN_DAYS",
    "REMIND_AFTER_DAYS",
    "Digest",
    "Entry",
    "Mail",
    "News",
    "Section",
    "Snapshot",
    "SnapshotError",
    "compose",
    "identity",
    "reading_order",
]

_LEVELS = tuple(Level)


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
        templates: the folder of the owner's own templates; empty: there is none.
        first: no digest came before, so that marking everything as new would say nothing.
        is_news: whether it is worth a mail: something is new, or due.
        snapshot: what this digest says, for the next one.
        answer_to: how a link begins that answers it with a command of the owner's; empty where nobody reads answers.
    """

    day: date
    zone: tzinfo | None
    language: str
    templates: str
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
    answer_to: str = ""


def compose(
    day: date,
    diagnosed: Sequence[tuple[Parcel, Diagnosis]],
    suspicious: Sequence[Suspicion],
    unread: Sequence[Unread],
    told: Snapshot | None,
    zone: tzinfo | None,
    language: str = "en",
    templates: str = "",
    *,
    unclear: Sequence[Notice] = (),
    told_on: date | None = None,
) -> Digest:
    """Return the digest of *day*.

    *told* is the snapshot of the last digest that reached the owner, and *told_on* its day, ``None`` before the first;
    *zone* is the owner's time zone (``None``: the process's), *language* the owner's, *templates* the folder of the
    owner's own. In which order parcels and mails are given does not matter.
    """
    before = told or Snapshot()
    entries = tuple(
        entry_of(parcel, diagnosis, day, before.parcels.get(parcel.key), zone)
        for parcel, diagnosis in sorted(diagnosed, key=reading_order)
    )
    suspicious = tuple(sorted(suspicious, key=lambda mail: (mail.date, mail.message_id)))
    unread = tuple(sorted(unread, key=lambda mail: (mail.message_id, str(mail.place))))
    unclear = tuple(sorted(unclear, key=lambda mail: (mail.date, mail.message_id)))
    unreadable: tuple[Notice | Unread, ...] = (*unclear, *unread)
    told_of: tuple[Suspicion | Notice | Unread, ...] = (*suspicious, *unreadable)
    mails = {identity(mail) for mail in told_of}
    new_mails = frozenset(mails - set(before.mails))
    return Digest(
        day=day,
        zone=zone,
        language=language,
        templates=templates,
        entries=entries,
        suspicious=suspicious,
        unclear=unclear,
        unread=unread,
        new_mails=new_mails,
        told_on=told_on,
        first=told is None,
        subject=subject(
            day,
            entries,
            suspicious=sum(identity(mail) in new_mails for mail in suspicious),
            unreadable=sum(identity(mail) in new_mails for mail in unreadable),
            zone=zone,
        ),
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


def _told(entry: Entry, day: date, before: Snapshot) -> Told:
    earlier = before.parcels.get(entry.parcel.key)
    last = day if entry.shown or earlier is None else earlier.day
    return Told(entry.diagnosis.rule, str(entry.parcel.event), codes_of(entry.parcel), last, entry.since)
