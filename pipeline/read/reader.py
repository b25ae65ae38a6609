"""From a message to a notice: the reading, top to bottom."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.model import (
    NO_DATE,
    Check,
    CodeKind,
    Event,
    Message,
    Notice,
    OrderNumber,
    TrackingCode,
    Trust,
    Verdict,
)
from pipeline.read.candidates import Weighed, number_key
from pipeline.read.carriers import carriers_named, matches
from pipeline.read.changed import split_changed
from pipeline.read.dates import find_dates
from pipeline.read.detection import detect
from pipeline.read.events import Told, tell
from pipeline.read.evidence import Candidate, Reading
from pipeline.read.letter import Letter, open_letter
from pipeline.read.markup import Marked, marked
from pipeline.read.normal import lines, normalise
from pipeline.read.particulars import days, items, only_day_ahead, pickup_place
from pipeline.read.phrases import parcel_words
from pipeline.read.shops import fits_package, is_advertiser, is_marketing, is_seller, shops
from pipeline.read.terms import dispute_days, extended_by
from pipeline.read.trades import is_other_trade
from pipeline.read.weigh import weigh

if TYPE_CHECKING:
    from collections.abc import Set
    from datetime import datetime

_LANGUAGE_SAMPLE = 6_000
_SHORT_NAME = 8


def read(
    message: Message, verdict: Verdict, known_orders: Set[str] = frozenset(), seen: datetime | None = None
) -> Notice:
    """Return what *message* says about parcels; a mail about none gives a notice without numbers.

    *known_orders*: order numbers from mails read before, upper case without blanks and hyphens; none of them is ever
    taken for a code. *seen*: when the mail was met, which stands for the date of a mail that has none that can be
    read (else ``NO_DATE``). Pure: the same message gives the same notice.
    """
    letter = open_letter(message)
    if letter.date is None:
        letter = replace(letter, date=message.date or seen or NO_DATE)
    subject = normalise(letter.subject)
    language = detect("\n".join((subject, *lines(letter.text)))[:_LANGUAGE_SAMPLE])
    if letter.shop is not None and is_marketing(shops()[letter.shop], letter.sender.address):
        return _notice(message, letter, verdict, language, reasons=(f"{letter.sender.address} sends advertising",))
    marks = marked(letter.markup, letter.microdata)
    weighed = weigh(letter, marks, language, known_orders)
    told = _told(letter, marks, language)
    orders, codes = weighed.taken_for(Reading.ORDER), weighed.taken_for(Reading.CODE)
    codes, replaced = split_changed(codes, told.event)
    known = letter.shop or letter.carrier or letter.forwarded
    if not known and _is_talk(message, letter):
        # A person's own words, or a mailing list: nobody who handles the parcel speaks.
        told, orders, codes = Told(Event.NONE), [], []
    elif not known and is_other_trade(subject, lines(letter.text), language, codes):
        # A hotel, an airline, a bank: they number what they sell, too.
        told, orders, codes = Told(Event.NONE), [], []
    elif not known and not orders and not codes and is_advertiser(letter.sender.address):
        told = Told(Event.NONE)
    elif told.event is Event.NONE and not known and (told.phrase or not codes):
        # A stranger's mail that tells no news: a bill, a newsletter that explains codes, a password. Unknown words of
        # a shop that names its carrier may be news.
        orders = orders if weighed.named and not told.phrase else []
        codes = [candidate for candidate in codes if candidate.is_certain]
    elif not known and not orders and not codes and not (weighed.named and parcel_words().find(subject)):
        # Words of parcels without a number: an advertisement, a ticket, a return label; and with a carrier's name but
        # none of parcels in the subject, a bill that is ready.
        told = Told(Event.NONE)
    elif replaced and codes and told.event in (Event.NONE, Event.SHIPPED):
        told = Told(Event.CODE_CHANGED, told.status, "it replaces a code")
    elif told.event is Event.NONE and codes and letter.carrier is None and not told.phrase:
        # A shop that names a code has shipped, in whatever words.
        told = Told(Event.SHIPPED, told.status, "it names a tracking code")
    if told.event is Event.CLOSED and not told.own and codes:
        # Small shops call an order complete that has left, and tell its code.
        told = Told(Event.SHIPPED, told.status, told.phrase)
    if letter.carrier is not None and not codes:
        # A carrier's mail without a code: a letter-post digest, an account notice, advertising.
        told = Told(Event.NONE)
    day = letter.date.date() if letter.date and letter.date != NO_DATE else None
    order = shops()[letter.shop].date_order if letter.shop else None
    named = days(letter.text, language, day, order)
    expected = named.expected or next(
        (found for mark in marks for found in find_dates(mark.expected, "en", day, None)), None
    )
    extended = None
    if letter.shop is not None and told.event is Event.NONE and named.protection is None:
        extended = extended_by(letter.text)
    pickup_by = named.pickup_by
    if pickup_by is None and told.event is Event.AVAILABLE_FOR_PICKUP:
        pickup_by = only_day_ahead(letter.text, language, day, order)
    has_come = letter.shop is not None and told.event in (Event.DELIVERED, Event.CLOSED)
    place = pickup_place(letter.text, language) if told.event is Event.AVAILABLE_FOR_PICKUP else None
    titles = tuple(title for mark in marks for title in mark.items) or items(letter.text)
    return _notice(
        message,
        letter,
        verdict,
        language,
        event=told.event,
        status=told.status if told.event is not Event.NONE else None,
        orders=tuple(OrderNumber(entry.written.replace(" ", ""), entry.why) for entry in orders),
        codes=_codes(codes, letter, marks, weighed),
        pairs=_pairs(weighed, orders, codes),
        replaced=tuple(candidate.value for candidate in replaced),
        ship_by=named.ship_by,
        protection_ends=named.protection,
        pickup_by=pickup_by,
        pickup_place=place,
        expected=expected,
        extended_by=extended,
        dispute_days=dispute_days(letter.text) if has_come else None,
        items=tuple(dict.fromkeys(titles)),
        reasons=(*_reasons(letter, told, weighed), *([f"protection extended by {extended} days"] if extended else [])),
    )


def _notice(message: Message, letter: Letter, verdict: Verdict, language: str | None, **said: object) -> Notice:
    reasons = (*verdict.reasons, *_as_texts(said.pop("reasons", ())))
    trust = verdict.trust
    if letter.forwarded and trust is Trust.TRUSTED:
        # The server vouches for the person who passed it on, not for the shop inside.
        trust = Trust.UNVERIFIED
    return Notice(
        message_id=message.message_id,
        date=letter.date or NO_DATE,
        shop=letter.shop,
        carrier=letter.carrier,
        trust=trust,
        language=language,
        subject=message.subject,
        reasons=reasons,
        seller=letter.sender.address if is_seller(letter.shop, letter.sender.address) else "",
        **said,  # type: ignore[arg-type]
    )


def _as_texts(value: object) -> tuple[str, ...]:
    return tuple(str(entry) for entry in value) if isinstance(value, tuple) else ()


def _is_talk(message: Message, letter: Letter) -> bool:
    """Whether people are only talking: on a discussion list (List-Post, List-Archive: RFC 2369), or in a reply whose
    own words name no number."""
    listed = message.header("List-Post") or message.header("List-Archive")
    return bool(listed) or (letter.reply and not any(sign.isdigit() for sign in letter.text))


def _told(letter: Letter, marks: list[Marked], language: str | None) -> Told:
    """The words of the mail tell more finely what happened than its markup, which fills in where they fail."""
    told = tell(letter.subject, letter.text, language, letter.shop, of_carrier=letter.carrier is not None)
    if letter.carrier is None and told.is_hand_over:
        # A shop that hands a parcel to the carrier has shipped it; what the carrier does with it comes later.
        return Told(Event.SHIPPED, told.status, told.phrase)
    if told.event is Event.NONE:
        event = next((mark.event for mark in marks if mark.event is not None), None)
        if event is not None:
            return Told(event, told.status, "schema.org status")
    return told


# ── codes ────────────────────────────────────────────────────────────────────────────────────────────────────


def _codes(found: list[Candidate], letter: Letter, marks: list[Marked], weighed: Weighed) -> tuple[TrackingCode, ...]:
    by_markup = {number_key(mark.code): mark.carrier for mark in marks if mark.code}
    if letter.carrier is not None and any(len(candidate.value) > _SHORT_NAME for candidate in found):
        # A carrier prints a short name beside the parcel number (GLS: "Track-ID"): one parcel, not two.
        found = [candidate for candidate in found if len(candidate.value) > _SHORT_NAME]
    return tuple(
        _code(candidate, letter, by_markup.get(number_key(candidate.value), ""), weighed) for candidate in found
    )


def _code(candidate: Candidate, letter: Letter, provider: str, weighed: Weighed) -> TrackingCode:
    """The code with its carrier: who writes, whom markup or prose names, else whose unmistakable shape it is."""
    fits = matches(candidate.value)
    wanted = (letter.carrier, *carriers_named(provider), *weighed.named)
    distinct = next((fit for fit in fits if fit.distinct), None)
    own = next((fit for key in wanted for fit in fits if key is not None and fit.carrier == key), None)
    fit = own or distinct
    package = fits_package(letter.shop, candidate.value) or (
        fit.kind is CodeKind.PACKAGE_ID if fit else any(fits_package(key, candidate.value) for key in shops())
    )
    carrier = fit.carrier if fit else next(iter(carriers_named(provider)), None)
    if carrier is None and not package:
        carrier = letter.carrier or (weighed.named[0] if len(weighed.named) == 1 else None)
    return TrackingCode(
        code=_without_hyphens(candidate.value),
        carrier=carrier,
        kind=CodeKind.PACKAGE_ID if package else CodeKind.TRACKING_NUMBER,
        check=fit.check if fit else Check.NONE,
        evidence=candidate.why,
    )


def _without_hyphens(value: str) -> str:
    """Hyphens between groups of digits are print (Yamato's ``4417-8203-9951``); beside letters they may be more."""
    joined = value.replace("-", "")
    return joined if joined.isdigit() else value


def _pairs(weighed: Weighed, orders: list[Candidate], codes: list[Candidate]) -> tuple[tuple[str, str], ...]:
    """Pairs that the mail ties together, of numbers that were believed; one code with all its orders says nothing."""
    by_order = {number_key(entry.value): entry.written.replace(" ", "") for entry in orders}
    by_code = {number_key(entry.value): _without_hyphens(entry.value) for entry in codes}
    if len(by_code) < 2:
        return ()
    named = ((by_order.get(order), by_code.get(code)) for order, code in weighed.pairs)
    pairs = tuple(dict.fromkeys((order, code) for order, code in named if order and code))
    # Only where every code has its orders do the pairs say which package holds what.
    return pairs if {code for _, code in pairs} == set(by_code.values()) else ()


def _reasons(letter: Letter, told: Told, weighed: Weighed) -> tuple[str, ...]:
    sender = letter.sender.address or letter.sender.name
    lines = [f"forwarded from {sender}" if letter.forwarded else f"from {sender}"]
    if told.phrase:
        lines.append(f'"{told.phrase}" tells {told.event.value}')
    lines.extend(candidate.account for candidate in weighed.candidates.values() if candidate.is_interesting)
    return tuple(lines[:60])
