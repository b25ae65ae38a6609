"""A question as the ledger keeps it between reading a mail and answering it: no word of the mail's body is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.model import Day, Place

#: Under which kind the outbox keeps questions, and how their keys begin.
OUTBOX_KIND = "reply"


class Kind(StrEnum):
    """Why a mail may get an answer. ``SELLER``: the seller who wrote it can be asked for the right code (seed 2d)."""

    ASKED = "asked"
    FORWARDED = "forwarded"
    SELLER = "seller"


class What(StrEnum):
    """What a number in a question is, as far as its shape and the words around it tell."""

    ORDER = "order"
    CODE = "code"


class Outcome(StrEnum):
    """What became of a question."""

    DRAFTED = "drafted"
    SENT = "sent"
    IN_DOUBT = "in doubt"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Number:
    """A number that the person names. *mistaken*: an order number, called a tracking number by the person."""

    written: str
    what: What
    shop: str | None = None
    carrier: str | None = None
    mistaken: bool = False


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason against an answer, or against sending one (then a draft is still good). *check* is its check's id."""

    check: str
    text: str
    draft_only: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One mail that may get an answer.

    Attributes:
        message_id: of the mail, without angle brackets.
        references: what the answer's References begin with, without angle brackets, oldest first.
        place: where the mail lies.
        account: whose account it came to; answers are written from its address, which is *address*.
        sender: the person's address; *reply_to*: where answers go.
        subject: of the mail.
        date: of the mail.
        language: of the person's own words, ISO 639-1, or ``None``.
        numbers: order numbers and codes that it names.
        verified: whether the owner's server vouches for the sender.
        objections: what the mail itself says against an answer.
        outcome, answered_on: what became of it and when; ``None`` before.
    """

    message_id: str
    kind: Kind
    place: Place
    address: str
    sender: str
    reply_to: str
    subject: str
    date: datetime
    references: tuple[str, ...] = ()
    language: str | None = None
    numbers: tuple[Number, ...] = ()
    verified: bool = False
    objections: tuple[Objection, ...] = ()
    outcome: Outcome | None = None
    answered_on: Day | None = None

    @property
    def key(self) -> str:
        """Its key in the outbox: one mail, one answer, wherever else the same mail lies."""
        return f"{OUTBOX_KIND}/{self.message_id}"

    @property
    def outgoing(self) -> tuple[str, str, Question]:
        """The question as it goes into the outbox."""
        return self.key, OUTBOX_KIND, self

    @property
    def about(self) -> tuple[str, ...]:
        """What it is about, to compare with another question: its numbers, in order."""
        return tuple(sorted(number.written for number in self.numbers))

    @property
    def refused(self) -> bool:
        """Whether the mail itself forbids every answer."""
        return any(not objection.draft_only for objection in self.objections)
