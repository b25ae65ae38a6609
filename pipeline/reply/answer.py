"""What is answered: which number is what, what holds for the parcel, and the next step with its date.

Written in the language of the question where there is a translation, else in the owner's. Who may not know details gets
what holds for every parcel; not even whether the ledger knows a number shows then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.model import Level, say
from pipeline.read.carriers import carriers, tracking_page
from pipeline.render.templates import rendered
from pipeline.render.words import plain
from pipeline.reply.question import Kind, What
from pipeline.speech import Speaker, language_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipeline.model import Diagnosis, Parcel, Saying
    from pipeline.reply.question import Number, Question

_TEMPLATE = "reply.txt.j2"
_SHOWN = 5
#: How advice names the command line, which nobody but the owner has.
_COMMAND = "parcel-digest mark"


@dataclass(frozen=True, slots=True)
class Told:
    """One parcel in the answer: what holds, what to do about it, and by when."""

    name: str
    title: str
    advice: tuple[str, ...]
    act_by: str


def answer(
    question: Question,
    parcels: Sequence[tuple[Parcel, Diagnosis]],
    *,
    language: str,
    today: date,
    automatic: bool,
    templates: str = "",
) -> str:
    """Return the text of the answer to *question*.

    *parcels* are those that it names, with their diagnoses; empty where the person may not know of them. *language* is
    the owner's, for questions in a language that nobody has translated to. *automatic*: nobody reads it before it is
    sent. *templates*: the folder of the owner's own templates, if any.
    """
    speaker = Speaker(language_of(question.language or "") or language, today)
    told = tuple(_told(parcel, diagnosis, speaker) for parcel, diagnosis in parcels[:_SHOWN])
    return rendered(
        _TEMPLATE,
        speaker,
        templates,
        numbers=[speaker(saying) for number in question.numbers[:_SHOWN] if (saying := _number(number, question))],
        parcels=told,
        general=[speaker(saying) for saying in _general(question)] if not told else [],
        automatic=automatic,
    )


def _number(number: Number, question: Question) -> Saying | None:
    """What *number* is. That an order number is no tracking code is said where it could be taken for one (seed 1)."""
    shown = plain(number.written, 40)
    if number.what is What.ORDER:
        codes = any(other.what is What.CODE for other in question.numbers)
        if number.mistaken or not codes:
            return say("{number} is your order number, not a tracking code: no carrier knows it.", number=shown)
        return say("{number} is the order number.", number=shown)
    carrier = carriers().get(number.carrier or "")
    if carrier is not None:
        return say("{number} is the tracking code, and {carrier} is the carrier.", number=shown, carrier=carrier.name)
    return say("{number} is the tracking code.", number=shown)


def _told(parcel: Parcel, diagnosis: Diagnosis, speaker: Speaker) -> Told:
    sentences = [speaker(saying) for saying in (*diagnosis.advice, *(note.text for note in diagnosis.notes))]
    names = [*(code.code for code in parcel.codes[:1]), *parcel.orders[:1]]
    return Told(
        name=plain(names[0], 40) if names else "",
        title=speaker(diagnosis.title),
        advice=tuple(plain(sentence) for sentence in sentences if _COMMAND not in sentence),
        act_by=speaker.day(diagnosis.act_by) if diagnosis.act_by and diagnosis.level is not Level.DONE else "",
    )


def _general(question: Question) -> list[Saying]:
    """What holds for every parcel, as far as *question* tells where it stands (seed 1 and 2)."""
    codes = [number for number in question.numbers if number.what is What.CODE]
    if not codes:
        asks = [] if question.numbers or question.kind is Kind.FORWARDED else [
            say("Which parcel is it? Send me the order number or the tracking code, or forward the shop's mail.")
        ]  # fmt: skip
        return [
            *asks,
            say("The tracking code stands on the order's page as soon as the seller gives it."),
            say("If it is not shipped in time, the money comes back by itself: no need to worry."),
        ]
    pages = [page for number in codes if (page := tracking_page(number.carrier, number.written))]
    return [
        say(
            "The first information usually appears around the 10th day, so much goes through the post offices in China."
        ),
        *(say("The carrier's own page: {tracking_page}", tracking_page=page) for page in pages[:1]),
        say("After 15 days without any, look whether the order's page shows another tracking code."),
        say("It often changes before a parcel leaves the seller's country."),
        say("Is it the same? Then ask the seller, who may have mistyped it."),
        say("Small and cheap things often travel without any tracking."),
        say("A dispute makes sense only in the last days of the buyer protection. Its end stands on the order's page."),
    ]
