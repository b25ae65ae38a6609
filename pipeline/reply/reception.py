"""Every mail on its way in: is it a command of the owner's, may it get an answer? Pure but for the ledger's secret.

What is found goes into the same transaction as the mail's place, so that a crash neither loses a question nor keeps
two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.deliver.identity import refers_to_a_digest
from pipeline.reply.checks import arrival_of, may_be_answered, objections, plain_address
from pipeline.reply.question import Kind, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.config import Reply
    from pipeline.ledger import Ledger
    from pipeline.model import Message, Notice, Parcel, Place
    from pipeline.reply.asking import Known
    from pipeline.sources import Today, Whom

_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
#: What a header holds that names a digest, unless its references are encoded; most hold neither and are not taken
#: apart.
_MAY_REFER = re.compile(
    rb"parcel-digest\.|^(?:in-reply-to|references)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*=\?", re.IGNORECASE | re.MULTILINE
)
#: References of an answer: RFC 5322 section 3.6.4 lets them grow for ever.
_REFERENCES = 10


@dataclass(frozen=True, slots=True)
class Heard:
    """What a mail came to: the owner's marks, or a question."""

    marks: tuple[Notice, ...] = ()
    question: Question | None = None

    @property
    def is_talk(self) -> bool:
        """Whether a person speaks in words of their own, so that the mail is no news of a parcel."""
        return bool(self.marks) or (self.question is not None and self.question.kind is Kind.ASKED)


@dataclass(slots=True)
class Reception:
    """Stands where mails come in, for one run.

    Attributes:
        secret: gives the ledger's secret, by which a reply to a digest of ours is known.
        known: gives the numbers that the ledger knows, and *parcels* its parcels; asked only when a mail needs them.
    """

    settings: Reply
    today: Today
    secret: Callable[[], bytes]
    parcels: Callable[[], Sequence[Parcel]]
    _known: Known | None = field(default=None, init=False)

    @property
    def listens(self) -> bool:
        """Whether people are listened to."""
        return self.settings.mode != "off"

    def wants(self, header: bytes, whom: Whom) -> bool:
        """Whether the body of a mail with this *header* is worth fetching, beside those that tell of parcels."""
        if not self.listens and not (self.settings.commands and _MAY_REFER.search(header)):
            return False
        from pipeline.parse import ParseError, peek

        try:
            head = peek(header)
        except ParseError:
            return False
        if self.settings.commands and refers_to_a_digest(head):
            return True
        return self.listens and may_be_answered(head, _plain(whom.owner))

    def hear(self, message: Message, notice: Notice, place: Place, whom: Whom, *, first_run: bool) -> Heard:
        """Return what *message* asks or commands; *notice* is what the reader made of it.

        *first_run*: the folder was never read before.
        """
        commands = self.settings.commands and refers_to_a_digest(message)
        if not (commands or self.listens):
            return Heard()
        # Only a run with such mails pays for what reads them.
        from pipeline.reply.asking import asked
        from pipeline.reply.commands import commands_in, marks_of

        arrival = arrival_of(message, notice, place, whom, first_run=first_run)
        if commands:
            said = commands_in(message, owner=whom.owner, proof=arrival.proof, secret=self.secret, today=self.today.day)
            if said:
                return Heard(tuple(marks_of(said, message, self.parcels(), self.today)))
        if not self.listens:
            return Heard()
        found = asked(message, notice, self._numbers())
        if found is None:
            return Heard()
        question = Question(
            message_id=message.message_id,
            kind=found.kind,
            place=place,
            address=_written_to(message, whom),
            sender=message.sender.address,
            reply_to=_reply_to(message),
            subject=message.subject,
            date=message.date or notice.date,
            references=_references(message),
            language=found.language,
            numbers=found.numbers,
            verified=bool(arrival.proof),
            objections=objections(arrival),
        )
        return Heard(question=question)

    def _numbers(self) -> Known:
        if self._known is None:
            from pipeline.read import number_key
            from pipeline.reply.asking import Known

            parcels = self.parcels()
            self._known = Known(
                frozenset(number_key(order) for parcel in parcels for order in parcel.orders),
                frozenset(number_key(code.code) for parcel in parcels for code in parcel.codes),
            )
        return self._known


def receiver(settings: Reply, ledger: Ledger, today: Today) -> Reception:
    """Return who looks, while mails are read into *ledger*, for questions and for the owner's commands."""

    def parcels() -> Sequence[Parcel]:
        from pipeline.parcels import fold

        return fold(notice for notice in ledger.notices() if notice.about_a_parcel)

    return Reception(settings, today, ledger.outbox.secret, parcels)


def _plain(owner: frozenset[str]) -> frozenset[str]:
    return frozenset(map(plain_address, owner))


def _written_to(message: Message, whom: Whom) -> str:
    """The owner's address that the person wrote to: the answer comes from it."""
    owner = _plain(whom.owner)
    named = (recipient.address for recipient in message.recipients if plain_address(recipient.address) in owner)
    return plain_address(next(named, next(iter(sorted(whom.owner)), "")))


def _reply_to(message: Message) -> str:
    """Where the person wants answers: Reply-To where it has exactly one address, else From."""
    from pipeline.parse.headers import addresses

    named = [address.address for value in message.header("Reply-To") for address in addresses(value.encode())]
    return named[0] if len(named) == 1 and "@" in named[0] else message.sender.address


def _references(message: Message) -> tuple[str, ...]:
    """The thread so far, the oldest and the newest of it, ending with the mail itself (RFC 5322 section 3.6.4)."""
    ids = [name for value in message.header("References") for name in _ID.findall(value)]
    if not ids:
        ids = [name for value in message.header("In-Reply-To") for name in _ID.findall(value)][:1]
    ids = [name for name in dict.fromkeys(ids) if name.isascii() and name != message.message_id]
    if len(ids) >= _REFERENCES:
        ids = [ids[0], *ids[-(_REFERENCES - 2) :]]
    return (*ids, message.message_id)
