"""Whether a person asks about a parcel, in which language, and which numbers the person names.

The phrases of questions stand with the other words of each language (``read/languages/*.toml``, ``[questions]``); what
stands around them in ``asking.toml``. A phrase alone is not enough: "I have not received it" may be about anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.read.candidates import number_key
from pipeline.read.carriers import carriers_named, matches
from pipeline.read.detection import detect
from pipeline.read.evidence import Reading
from pipeline.read.languages import languages
from pipeline.read.letter import Letter, open_letter, own_words
from pipeline.read.normal import normalise
from pipeline.read.phrases import Phrases
from pipeline.read.shops import fits_order, fits_package, shops
from pipeline.read.weigh import weigh
from pipeline.read.words import words_of
from pipeline.reply.question import Kind, Number, What
from pipeline.tables import Table, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set

    from pipeline.model import Message, Notice

#: Characters of a person's own words that are looked at.
_MAX_WORDS = 5_000
_QUESTION_MARKS = re.compile(r"[?？؟;](?=\s|$)|[?？؟]")
#: A mail of a number and no more than so many words (beside polite ones) asks about the number.
_FEW_WORDS = 6
#: Digits of order numbers that no carrier's number is mistaken for: the newer ones of AliExpress and Taobao.
_LONG_ORDER = re.compile(r"[0-9]{15,20}")
_SHOWN_NUMBERS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mail asks: *language* (ISO 639-1) of the person's own words, or ``None``."""

    kind: Kind
    language: str | None
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The numbers that the ledger knows, as ``number_key`` writes them."""

    orders: Set[str] = frozenset()
    codes: Set[str] = frozenset()


def asked(message: Message, notice: Notice, known: Known = Known()) -> Asked | None:
    """Return what *message* asks, or ``None`` where nobody asks about a parcel.

    *notice* is what the reader made of it. A shop's mail that somebody forwards asks by itself.
    """
    letter = open_letter(message)
    if letter.shop or letter.carrier or letter.forwarded:
        # Who forwards a mail about no parcel asks nothing; and a shop itself is never answered.
        if not (letter.forwarded and notice.about_a_parcel):
            return None
        own = normalise(own_words(message.text)[:_MAX_WORDS])
        return Asked(Kind.FORWARDED, detect(own), _of_notice(notice))
    own_text = own_words(message.text)[:_MAX_WORDS]
    # The subject of a reply is an older mail's.
    subject = "" if letter.reply else message.subject
    text = normalise(f"{subject}\n{own_text}")
    numbers = _numbers(letter, subject, own_text, known)
    phrase = _questions().longest(text)
    if phrase and (numbers or _nouns().find(text)):
        return Asked(Kind.ASKED, detect(text) or phrase[0].meaning, numbers)
    if numbers and (_QUESTION_MARKS.search(own_text) or _says_little_else(text)):
        return Asked(Kind.ASKED, detect(text), numbers)
    return None


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────


def _of_notice(notice: Notice) -> tuple[Number, ...]:
    orders = [Number(order.number, What.ORDER, notice.shop) for order in notice.orders]
    codes = [Number(code.code, What.CODE, notice.shop, code.carrier) for code in notice.codes]
    return tuple([*orders, *codes][:_SHOWN_NUMBERS])


def _numbers(letter: Letter, subject: str, own: str, known: Known) -> tuple[Number, ...]:
    """The order numbers and codes in a person's own words.

    People call an order number a tracking number; so of a number that a carrier could have, too, the shop that they
    name decides; and in a mail about parcels a long row of digits is an order number, unless they name a carrier whose
    it can be.
    """
    language = detect(normalise(own))
    own_letter = replace(letter, subject=subject, text=own, links=(), markup=(), microdata=())
    weighed = weigh(own_letter, [], language, known.orders)
    text = normalise(f"{subject}\n{own}")
    named = [
        key for key, shop in shops().items() if any(normalise(brand) in text for brand in (shop.name, *shop.brands))
    ]
    found: list[Number] = []
    for candidate in weighed.candidates.values():
        key = number_key(candidate.value)
        called_code = candidate.reading is Reading.CODE
        if key in known.orders:
            found.append(Number(candidate.written.replace(" ", ""), What.ORDER, mistaken=called_code))
            continue
        distinct = next((match for match in matches(candidate.value) if match.distinct), None)
        if key in known.codes or distinct is not None:
            found.append(Number(candidate.value, What.CODE, carrier=distinct.carrier if distinct else None))
            continue
        if candidate.reading is Reading.NEITHER and not _LONG_ORDER.fullmatch(key):
            continue
        shop = next((shop for shop in named if fits_order(shop, key) and not fits_package(shop, key)), None)
        carriers = {match.carrier for match in matches(candidate.value)} & {*carriers_named(text)}
        if shop is not None or (_LONG_ORDER.fullmatch(key) and not carriers and _nouns().find(text)):
            found.append(Number(candidate.written.replace(" ", ""), What.ORDER, shop, mistaken=called_code))
        elif candidate.reading is Reading.ORDER:
            found.append(Number(candidate.written.replace(" ", ""), What.ORDER))
        elif called_code:
            found.append(Number(candidate.value, What.CODE, carrier=next(iter(carriers), None)))
    return tuple(found[:_SHOWN_NUMBERS])


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────


class _Around(Table, frozen=True):
    """One language of ``asking.toml``."""

    nouns: tuple[str, ...]
    polite: tuple[str, ...]


@cache
def around() -> Mapping[str, _Around]:
    """Return ``asking.toml``, by language."""
    return load(Path(__file__).with_name("asking.toml"), dict[str, _Around])


@cache
def _questions() -> Phrases[str]:
    return Phrases((phrase, code) for code, language in languages().items() for phrase in language.questions.ask)


@cache
def _nouns() -> Phrases[str]:
    return Phrases((noun, code) for code, words in around().items() for noun in words.nouns)


@cache
def _polite() -> Phrases[str]:
    return Phrases((phrase, code) for code, words in around().items() for phrase in words.polite)


def _says_little_else(text: str) -> bool:
    """Whether hardly anything but a number and polite words stands in the normalised *text*."""
    spans = [(found.start, found.end) for found in _polite().longest(text)]
    return sum(1 for _ in _words_outside(text, spans)) <= _FEW_WORDS


def _words_outside(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    rest = list(text)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    for word in words_of("".join(rest)):
        if word.isalpha():
            yield word
