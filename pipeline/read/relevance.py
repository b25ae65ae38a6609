"""Which mails are worth opening, told from their headers alone; and whose names an impostor may borrow."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from pipeline.model import Event
from pipeline.parse import ParseError, peek, subject_of
from pipeline.read.carriers import carrier_of_domain, carriers, matches
from pipeline.read.events import tell
from pipeline.read.normal import normalise
from pipeline.read.phrases import parcel_words
from pipeline.read.shops import is_marketing, shop_named, shop_of_domain, shops
from pipeline.trust import Known, Sender, effective_sender

if TYPE_CHECKING:
    from pipeline.model import Message, Notice

_ID = re.compile(r"(?<![^\W_])(?=[A-Za-z0-9-]*\d)[A-Za-z0-9-]{8,40}(?![^\W_])")
_LONG_DIGITS = re.compile(r"\d{8}")


def relevant(header: Message) -> bool:
    """Whether a mail with these headers may speak of a parcel, so that its body is worth fetching.

    A known sender (but not its advertising), a word for order or parcel in the subject in any language, a number
    shaped like an order number or code, or a shop's name as display name (which is how impostors begin).
    """
    by_sender = _sender_says(header)
    return _subject_says(header.subject) if by_sender is None else by_sender


def worth_opening(header: bytes) -> bool:
    """The same, of raw header bytes: what a first run asks of every mail in the mailbox.

    Most headers are ASCII, and most senders have written before: such a header costs a fifth of taking it apart like
    a mail. The others are; one that is none at all is not worth opening.
    """
    plain = _PLAIN.fullmatch(header) if header.isascii() else None
    try:
        if plain is None:
            return relevant(peek(header))
        by_sender = _from_line_says(plain["sender"])
    except ParseError:
        return False
    return _subject_says(subject_of(plain["subject"])) if by_sender is None else by_sender


#: From, a Subject that may be folded, and perhaps Message-ID.
_PLAIN = re.compile(
    rb"From:(?P<sender>[ -~]+)\r\nSubject:(?P<subject>[ -~]*(?:\r\n[ \t][ -~]*)*)\r\n"
    rb"(?:Message-ID:[ -~]*\r\n)?(?:\r\n)?",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def _from_line_says(line: bytes) -> bool | None:
    return _sender_says(peek(b"From:" + line + b"\r\n\r\n"))


def _sender_says(header: Message) -> bool | None:
    """Whether the sender alone decides; ``None`` where it is for the subject to say."""
    sender = effective_sender(header)
    shop = shop_of_domain(sender.domain)
    if shop is not None:
        return not is_marketing(shops()[shop], sender.address)
    return True if carrier_of_domain(sender.domain) is not None or shop_named(sender.name) is not None else None


def _subject_says(subject: str) -> bool:
    subject = normalise(subject)
    if parcel_words().find(subject):
        return True
    return any(map(str.isdigit, subject)) and any(
        _LONG_DIGITS.search(match.group()) or any(fit.distinct for fit in matches(match.group().upper()))
        for match in _ID.finditer(subject)
    )


def unclear(message: Message, notice: Notice) -> bool:
    """Whether a known sender tells of a parcel here although *notice* names no number: perhaps its mails have changed.

    A shop's word for order or parcel in the subject is enough. Carriers advertise in such words, too, and from the same
    address; of theirs a mail counts whose subject says what happened.
    """
    if notice.about_a_parcel or not relevant(message):
        return False
    if notice.shop is not None:
        return notice.event is not Event.NONE or bool(parcel_words().find(normalise(message.subject)))
    return notice.carrier is not None and tell(message.subject, "", notice.language, None).event is not Event.NONE


@cache
def known_senders() -> Known:
    """Return the table of :func:`senders` that the judgement of a mail's sender asks."""
    return Known(senders())


@cache
def senders() -> tuple[Sender, ...]:
    """Return every shop and carrier as a name that can be borrowed and the domains that may bear it."""
    own = [
        Sender(key, (shop.name, *shop.brands), shop.domains, common_word=shop.common_word)
        for key, shop in shops().items()
        if shop.domains
    ]
    own += [
        Sender(key, (carrier.name, *carrier.names), carrier.domains, carries=True)
        for key, carrier in carriers().items()
    ]
    return tuple(own)
