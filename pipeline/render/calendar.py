"""The deadlines of a digest as a calendar (RFC 5545), to subscribe to or import."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from pipeline.model import Event, Level, Saying, say
from pipeline.render import speaker_of
from pipeline.render.card import shop_name
from pipeline.render.words import plain, quoted

if TYPE_CHECKING:
    from icalendar import Event as CalendarEvent

    from pipeline.digest import Digest, Entry
    from pipeline.speech import Speaker


# What an earlier calendar may have held of a parcel that is now done.
_CANCELLED_KINDS = ("protection", "pickup", "act", "too-early-to-dispute")
_SUMMARY_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that matters; *kind* and the parcel's key are its identity, so that the day can move."""

    kind: str
    day: date
    title: Saying


def deadlines(entry: Entry) -> tuple[Deadline, ...]:
    """Return the days of an open parcel, one of each kind."""
    diagnosis, parcel = entry.diagnosis, entry.parcel
    found: dict[str, Deadline] = {}
    if entry.protection_ends:
        about, exact = say("Buyer protection ends (about)"), say("Buyer protection ends")
        title = about if entry.protection_about else exact
        found["protection"] = Deadline("protection", entry.protection_ends, title)
    if parcel.pickup_by and parcel.event is Event.AVAILABLE_FOR_PICKUP:
        found["pickup"] = Deadline("pickup", parcel.pickup_by, diagnosis.title)
    if diagnosis.act_by:
        same = next((kind for kind, known in found.items() if known.day == diagnosis.act_by), "act")
        found[same] = Deadline(same, diagnosis.act_by, diagnosis.title)
    for note in diagnosis.notes:
        if note.date:
            found[note.id] = Deadline(note.id, note.date, note.text)
    return tuple(found.values())


def calendar(digest: Digest) -> str:
    """Return all-day events with stable UIDs, so that a later import moves them instead of doubling them.

    Days that an earlier calendar may have held and that no longer count are sent as cancelled (RFC 5545, section
    3.8.1.11): all of a parcel that is done, and the last day to collect one that has been collected or has gone back.
    """
    import icalendar

    speaker = speaker_of(digest)
    page = icalendar.Calendar()
    page.add("prodid", f"-//parcel-digest//digest//{speaker.tag.upper()}")
    page.add("version", "2.0")
    page.add("method", "PUBLISH")
    # RFC 7986 and, for programs that are older, its forerunner.
    page.add("name", speaker(say("Parcels")))
    page.add("x-wr-calname", speaker(say("Parcels")))
    page.add("refresh-interval", timedelta(days=1), parameters={"VALUE": "DURATION"})
    for entry in digest.entries:
        for deadline in deadlines(entry):
            page.add_component(_event(speaker, entry, deadline))
        for kind in _over(entry):
            over = _event(speaker, entry, Deadline(kind, digest.day, entry.diagnosis.title))
            over.add("status", "CANCELLED")
            page.add_component(over)
    return str(page.to_ical(), "utf-8")


def _over(entry: Entry) -> tuple[str, ...]:
    if entry.diagnosis.level is Level.DONE:
        return _CANCELLED_KINDS
    parcel = entry.parcel
    return ("pickup",) if parcel.pickup_by and parcel.event is not Event.AVAILABLE_FOR_PICKUP else ()


def _event(speaker: Speaker, entry: Entry, deadline: Deadline) -> CalendarEvent:
    import icalendar

    parcel, day = entry.parcel, speaker.today
    lines = list(map(speaker, entry.diagnosis.advice))
    lines += [speaker(say("Order: {number}", number=number)) for number in parcel.orders]
    lines += [speaker(say("Tracking code: {number}", number=code.code)) for code in parcel.codes]
    shop = shop_name(parcel.shop) or speaker(say("Unknown shop"))
    event = icalendar.Event()
    event.add("uid", _uid(parcel.key, deadline.kind))
    # The digest's own day, not the clock's: the same digest gives the same bytes, a later one wins.
    event.add("dtstamp", datetime.combine(day, time(), UTC))
    event.add("sequence", day.toordinal())
    event.add("dtstart", deadline.day)
    event.add("dtend", deadline.day + timedelta(days=1))
    named = ", ".join((shop, *map(quoted, parcel.items[:1])))
    event.add("summary", plain(f"{named}: {speaker(deadline.title)}", _SUMMARY_CHARACTERS))
    event.add("description", "\n".join(map(plain, lines)))
    event.add("transp", "TRANSPARENT")
    return event


def _uid(key: str, kind: str) -> str:
    digest = hashlib.sha256(f"{key} {kind}".encode("utf-8", "surrogatepass"))
    return f"{digest.hexdigest()[:32]}@parcel-digest"
