"""What happened: the event and the finer status that a mail tells.

The subject is asked first, then the lines of the body from the top. In each the longest phrase holds, so that
``could not be delivered`` is never read as ``delivered``. The shop's own words come before the language's. Lines that
tell nothing (progress bars, small print) are left out by ``body``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache

from pipeline.model import Event
from pipeline.read.body import FIRST_LINES, SHORT_LINE, Body, FoundEvent, Line, Telling
from pipeline.read.languages import languages
from pipeline.read.normal import lines, normalise
from pipeline.read.phrases import Phrases
from pipeline.read.shops import shops
from pipeline.read.stems import stems

_HEADLINES = 60
_STATUS_LINES = 12
_WEAK_LETTERS = 9


@dataclass(frozen=True, slots=True)
class Told:
    """What a mail tells: event, status, the phrase that told it, and whether that is the shop's own word."""

    event: Event
    status: str | None = None
    phrase: str = ""
    own: bool = False

    @property
    def is_hand_over(self) -> bool:
        """Whether the event is the parcel's hand-over to the carrier, and nothing that the carrier did with it."""
        if self.event is not Event.IN_TRANSIT or self.own:
            return False
        return "handed-to-carrier" in _statuses_of(self.phrase)


@cache
def _index(language: str | None, shop: str | None) -> Phrases[Telling]:
    own: list[tuple[str, Telling]] = []
    if shop is not None:
        # A shop mixes languages ("Order 3: order shipped" in a German mail), so all of its own words count.
        for events in shops()[shop].events.values():
            own.extend((phrase, (0, Event(name))) for name, phrases in events.items() for phrase in phrases)
    return Phrases(own, *map(_told_in, _understood(language)))


@cache
def _told_in(code: str) -> Phrases[Telling]:
    language = languages()[code]
    events, statuses = language.events.by_event(), language.statuses.by_status()
    entries: list[tuple[str, Telling]] = []
    for event, phrases in events.items():
        telling = (1, event)
        entries += [(phrase, telling) for phrase in phrases]
    entries += [(phrase, status) for status, phrases in statuses.items() for phrase in phrases]
    return Phrases(entries)


@cache
def _all_statuses() -> Phrases[str]:
    return Phrases(
        (phrase, status)
        for language in languages().values()
        for status, phrases in language.statuses.by_status().items()
        for phrase in phrases
    )


@lru_cache(maxsize=4096)
def _statuses_of(phrase: str) -> frozenset[str]:
    """The statuses that a phrase for an event tells, too; the phrases are those of the language files."""
    return frozenset(found.meaning for found in _all_statuses().find(phrase))


def _understood(language: str | None) -> tuple[str, ...]:
    """The languages that a mail in *language* is read in: English stands beside any, and all where it is unknown."""
    return tuple(dict.fromkeys((language, "en"))) if language else tuple(languages())


def tell(subject: str, text: str, language: str | None, shop: str | None, *, of_carrier: bool = False) -> Told:
    """Return the event and status of a mail with this *subject* and *text*.

    *of_carrier*: a carrier writes. "On its way" is a shop's word for handing over; a carrier that says it has the
    parcel in its hands.
    """
    index = _index(language, shop)
    head = Line(normalise(subject), index)
    body = Body(lines(text)[:_HEADLINES], index)
    told = _told(head.events, body, _status(head, body))
    if of_carrier and told.event is Event.SHIPPED and told.status != "label-created":
        told = replace(told, event=Event.IN_TRANSIT, own=False)
    return _refined(told, head, body, language)


def _told(in_head: list[FoundEvent], body: Body, status: str | None) -> Told:
    in_subject = _best(in_head)
    vague = in_subject is not None and _is_vague(in_subject)
    if in_subject is not None and in_subject.meaning[1] is not Event.NONE and not vague:
        if in_subject.meaning[1] is Event.DELIVERED and in_subject.weight <= _WEAK_LETTERS:
            # "Sorry, not delivered" in words that are not known: the body tells the trouble in more words.
            in_body = _in_body(body)
            if in_body is not None and in_body.meaning[1] in _TROUBLE and in_body.weight > in_subject.weight:
                return _as_told(in_body, status)
        if in_subject.meaning[1] is Event.CLOSED and in_subject.meaning[0] and (sent := _opens_with_shipment(body)):
            return _as_told(sent, status)
        return _as_told(_further(in_subject, body), status)
    in_body = _in_body(body)
    if in_subject is not None and vague:
        told = in_body if in_body is not None and in_body.meaning[1] is not Event.NONE else in_subject
        return _as_told(told, status)
    if in_subject is not None:
        # The subject says that this is no news ("how did it go?"); only a delivery told in so many words counts.
        confirmed = in_body is not None and in_body.meaning[1] is Event.DELIVERED and in_body.weight > _WEAK_LETTERS
        return Told(Event.DELIVERED if confirmed else Event.NONE, status, in_subject.phrase)
    if in_body is None or in_body.meaning[1] is Event.NONE:
        return Told(Event.NONE, status, in_body.phrase if in_body else "")
    return _as_told(in_body, status)


#: What the words of a subject may end in, as the body says: what cannot be delivered is cancelled, and of a return
#: that is only named, the money comes back. What is only "on its way" may be so in the other direction.
_ENDS = {Event.ATTEMPT_FAILED: Event.CANCELLED, Event.RETURNED: Event.REFUNDED}
_BARE_LETTERS = 10


def _further(in_subject: FoundEvent, body: Body) -> FoundEvent:
    """What the *body* tells, where that is how the news of the subject ends."""
    event = in_subject.meaning[1]
    if event is Event.RETURNED and in_subject.weight > _BARE_LETTERS:
        return _said_refund(body) or in_subject
    if event not in _ENDS and (event is not Event.SHIPPED or in_subject.weight > _WEAK_LETTERS):
        return in_subject
    in_body = _in_body(body)
    if in_body is None or in_body.meaning[1] is not _ENDS.get(event, Event.RETURNED):
        return in_subject
    return in_body if event in _ENDS or in_body.weight > in_subject.weight else in_subject


def _said_refund(body: Body) -> FoundEvent | None:
    """The money that a *body* says has gone back. "Your refund" may still be to come, "we have refunded you"
    is done."""
    for _, found in body.telling(FIRST_LINES):
        for item in found:
            if item.meaning[1] is Event.REFUNDED and stems("news.done").search(item.phrase):
                return item
    return None


#: What a parcel that did not reach its reader may have met.
_TROUBLE = frozenset({Event.ATTEMPT_FAILED, Event.EXCEPTION, Event.RETURNED})
#: Stations on the way that only a parcel in the carrier's hands passes.
_STATIONS = frozenset({"left-origin", "arrived-destination", "delivery-center", "customs-cleared"})
_SENTENCE_ENDS = ".!?。！？"
#: Lines that a mail opens with.
_OPENING = 2


def _refined(told: Told, head: Line, body: Body, language: str | None) -> Told:
    """The event told more finely by what the first lines say beside it.

    "On its way" means today's delivery where the same line says today, and a parcel that passed a station is not
    only shipped.
    """
    if told.own or told.event not in (Event.SHIPPED, Event.IN_TRANSIT):
        return told
    if told.event is Event.IN_TRANSIT:
        for _, found in body.telling(_OPENING):
            opening = _best(found)
            if opening is not None and opening.meaning[1] is Event.OUT_FOR_DELIVERY:
                return Told(Event.OUT_FOR_DELIVERY, told.status, opening.phrase)
    for line, found in ((head.text, head.events), *body.telling(FIRST_LINES)):
        for item in found:
            if item.meaning[1] is not Event.IN_TRANSIT or _is_vague(item):
                continue
            stations = _statuses_of(item.phrase)
            if told.event is Event.SHIPPED and stations & _STATIONS:
                return Told(Event.IN_TRANSIT, told.status, item.phrase)
            if told.event is Event.IN_TRANSIT and not stations and _today(language).find(_sentence(line, item)):
                return Told(Event.OUT_FOR_DELIVERY, told.status, item.phrase)
    return told


def _sentence(line: str, found: FoundEvent) -> str:
    """The sentence of *line* that a phrase was found in."""
    start = max(line.rfind(mark, 0, found.start) for mark in _SENTENCE_ENDS) + 1
    ends = [end for mark in _SENTENCE_ENDS if (end := line.find(mark, found.end)) >= 0]
    return line[start : min(ends, default=len(line))]


@cache
def _today(language: str | None) -> Phrases[bool]:
    codes = dict.fromkeys(code for code in (language, "en") if code)
    return Phrases((word, True) for code in codes for word in languages()[code].dates.relative.today)


def _as_told(found: FoundEvent, status: str | None) -> Told:
    rank, event = found.meaning
    return Told(event, status, found.phrase, own=rank == 0)


#: Said beside any other event ("Delivered: your order of Amazon", "your order is complete (shipped)"), these yield.
_YIELDING = {Event.NONE: 0, Event.ORDERED: 1, Event.CLOSED: 1}


def _best(found: list[FoundEvent]) -> FoundEvent | None:
    """The shop's own phrase before the language's, news before what sounds like it, then the longest."""
    return max(
        found,
        key=lambda item: (
            not _is_vague(item),
            -min(item.meaning[0], 1),
            _YIELDING.get(item.meaning[1], 2),
            item.weight,
            -item.start,
        ),
        default=None,
    )


@lru_cache(maxsize=4096)
def _says_little(phrase: str) -> bool:
    """Whether a phrase only says that something happened; the phrases are those of the language files."""
    return bool(stems("news.vague").search(phrase))


def _is_vague(found: FoundEvent) -> bool:
    return found.meaning[1] is Event.IN_TRANSIT and _says_little(found.phrase)


def _opens_with_shipment(body: Body) -> FoundEvent | None:
    """The news that a parcel was sent, where a mail opens with it: small shops call an order complete that has left."""
    for _, found in body.telling(FIRST_LINES):
        best = _best(found)
        if best is not None and best.meaning[1] is not Event.NONE:
            return best if best.meaning[1] is Event.SHIPPED else None
    return None


def _in_body(body: Body) -> FoundEvent | None:
    first: FoundEvent | None = None
    for line, found in body.telling():
        best = _best(found)
        if best is None:
            continue
        if best.meaning[1] is Event.NONE:
            first = first or best
            continue
        if not _is_vague(best) and (best.weight > _WEAK_LETTERS or len(line) <= SHORT_LINE):
            return best
        first = first if first and first.meaning[1] is not Event.NONE else best
    return first


def _status(head: Line, body: Body) -> str | None:
    for line in (head, *body.lines(_STATUS_LINES)):
        best = max(line.statuses, key=lambda item: item.weight, default=None)
        if best is not None:
            return best.meaning
    return None
