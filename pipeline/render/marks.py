"""How to silence a parcel: which of the owner's words (``parcel-digest mark``) fit which rule."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from pipeline.model import Saying, say
from pipeline.render.words import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.digest import Entry
    from pipeline.speech import Speaker


@dataclass(frozen=True, slots=True)
class Marks:
    """A command line that lacks its last word, and the words that fit, each with what it says to parcel-digest.

    ``links`` answer the digest with the word, where answers are read.
    """

    command: str
    words: tuple[tuple[str, str], ...]
    links: Mapping[str, str]


_MEANINGS: Mapping[str, Saying] = {
    "delivered": say("It has arrived"),
    "unchanged": say("The order's page still shows this code"),
    "code=CODE": say("The order's page shows this other code"),
    "contacted": say("I have written to the seller"),
    "disputed": say("I have opened the dispute"),
    "untracked": say("It travels without tracking"),
    "ship-by=YYYY-MM-DD": say("The seller has until this day"),
    "protection=YYYY-MM-DD": say("The protection ends on this day"),
    "ignore": say("Say no more about it"),
    "reopen": say("Take my last word back"),
}

_IN_ADVICE = re.compile(r"(?P<why>.+?):? parcel-digest mark \S+ (?P<word>[a-z-]+(?:=[\w-]+)?)")
_OTHER_RULES = ("delivered", "ignore")
_BY_RULE: Mapping[str, tuple[str, ...]] = {
    "awaiting-shipment": ("ship-by=YYYY-MM-DD", "ignore"),
    "shipment-overdue": ("ship-by=YYYY-MM-DD", "contacted", "ignore"),
    "no-code-yet": ("code=CODE", "untracked", "delivered"),
    "be-patient": ("delivered", "untracked", "ignore"),
    "ask-carrier": ("delivered", "code=CODE", "untracked"),
    "check-code": ("unchanged", "code=CODE", "untracked", "delivered"),
    "code-changed": ("delivered", "ignore"),
    "contact-seller": ("contacted", "code=CODE", "delivered"),
    "untracked-item": ("delivered", "ignore"),
    "dispute-now": ("disputed", "delivered", "protection=YYYY-MM-DD"),
    "protection-over": ("delivered", "ignore"),
    "stalled": ("delivered", "contacted", "ignore"),
    "problem": ("delivered", "contacted", "ignore"),
    "delivered": (),
    "returned": (),
    "cancelled": (),
    "refunded": (),
}


def marks(entry: Entry, speaker: Speaker, answer_to: str = "") -> Marks | None:
    """Return the words that fit the parcel, if any: first those that the advice names, in its words.

    *answer_to* is how a link begins that answers the digest.

    The newest code names the parcel, else its order, which stands for all its packages.
    """
    parcel = entry.parcel
    numbers = (*(code.code for code in parcel.codes), *parcel.orders)
    if not numbers:
        return None
    advice = map(speaker, entry.diagnosis.advice)
    found = dict(said for sentence in advice if (said := in_advice(sentence)))
    words = _BY_RULE.get(entry.diagnosis.rule, _OTHER_RULES)
    if parcel.sources and parcel.sources[-1].mark is not None:
        words = (*words, "reopen")
    named = {_kind(word) for word in found}
    found |= {word: speaker(_MEANINGS[word]) for word in words if _kind(word) not in named}
    # The number is what a mail said: it must stay one word of the command line, and no option.
    number = shlex.quote(plain(numbers[0]))
    number = f"-- {number}" if number.startswith("-") else number
    links = {word: f"{answer_to}{quote(_line(word, plain(numbers[0])))}" for word in found} if answer_to else {}
    return Marks(f"parcel-digest mark {number}", tuple(found.items()), links) if found else None


def _line(word: str, number: str) -> str:
    """The line of a mail that says *word* of *number*; a value that only the owner knows is left to be written."""
    kind, wants_value, _ = word.partition("=")
    return f"{kind} {number} " if wants_value else f"{kind} {number}"


def in_advice(sentence: str) -> tuple[str, str] | None:
    """Return (word, meaning) of an advice that ends in a command line and is shown as one."""
    found = _IN_ADVICE.fullmatch(sentence)
    return (found["word"], found["why"].strip()) if found else None


def _kind(word: str) -> str:
    return word.partition("=")[0]
