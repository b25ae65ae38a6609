"""The subject of a digest: the answer, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.digest.entry import Section
from pipeline.model import Level, listed, local_date, say, say_many

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, tzinfo

    from pipeline.digest.entry import Entry
    from pipeline.model import Saying

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
NO_PARCELS = say("No parcels on the way")
_NEWS = say_many("{count} parcel has news", "{count} parcels have news", 1)
_MAILS = (
    say_many("{count} suspicious mail", "{count} suspicious mails", 1),
    say_many("{count} unreadable mail", "{count} unreadable mails", 1),
)


def subject(day: date, entries: Sequence[Entry], *, suspicious: int, unreadable: int, zone: tzinfo | None) -> Saying:
    """Return what the digest of *day* comes to; the mails that it is first to name are given as counts."""

    def count(section: Section) -> int:
        return sum(entry.shown and entry.section is section for entry in entries)

    arriving = [entry for entry in entries if entry.section is Section.ARRIVING]
    today = sum(local_date(entry.parcel.event_at, zone) == day for entry in arriving)
    counts = (count(Section.NEEDS_YOU), today, len(arriving) - today, count(Section.ARRIVED))
    said = [(number, words) for number, words in zip(counts, _PARCELS, strict=True) if number]
    parts = [words[place > 0].of(number) for place, (number, words) in enumerate(said)]
    if not parts and (news := sum(entry.news is not None for entry in entries)):
        parts = [_NEWS.of(news)]
    parts += [words.of(number) for number, words in zip((suspicious, unreadable), _MAILS, strict=True) if number]
    if parts:
        return listed(parts[:_SUBJECT_PARTS])
    if look := count(Section.LOOK):
        return say_many("{count} parcel worth a look", "{count} parcels worth a look", look)
    on_the_way = sum(entry.diagnosis.level is not Level.DONE for entry in entries)
    if on_the_way:
        return say_many("All quiet, {count} parcel on the way", "All quiet, {count} parcels on the way", on_the_way)
    return NO_PARCELS
