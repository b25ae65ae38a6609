"""The table of a language: what a file of ``languages/`` holds.

Phrases are written in plain lower case and compared with text that ``normal.normalise`` made. A phrase is words
separated by one space; ``*`` at the end of a word allows any ending, and ``…`` allows a few words in between
that end no sentence. :mod:`pipeline.read.phrases` finds them.

Some lists hold stems, which are looked for within what was found: there ``*`` at the beginning allows any beginning,
too (``*nummer*`` is in "Bestellnummern"). :mod:`pipeline.read.stems` makes one pattern of those of all languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from pipeline.model import Event
from pipeline.read.transliteration import in_cyrillic
from pipeline.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

Phrases = tuple[str, ...]
Script = Literal["latin", "cyrillic", "greek", "hebrew", "arabic", "hangul", "kana", "han", "devanagari", "thai"]


class Labels(Table, frozen=True, kw_only=True):
    """What stands before a value, or above or left of it in a table, by the kind of that value."""

    order: Phrases
    code: Phrases
    package: Phrases
    other: Phrases
    carrier: Phrases
    item: Phrases
    ship_by: Phrases
    expected: Phrases
    protection: Phrases
    pickup_by: Phrases
    pickup_place: Phrases

    def by_kind(self) -> Mapping[str, Phrases]:
        """Return the labels under the names of their kinds (``"order"``, ``"code"``, …)."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


class Numbers(Table, frozen=True, kw_only=True):
    """Words that say something of the number beside them, whatever language the mail is in.

    Attributes:
        empty: labels that only say "a number follows": with them alone nothing is known, and before them the real
            label stands.
        nouns: stems of labels that are words for a number ("order number"), and not just for the thing that has one.
        signs: stems right before a number that introduce it as one.
        copulas: stems between a label with its complement and the number ("the tracking number of your order *is*").
        links: stems that join a label to its complement, in scripts that part no words.
        references: words for "reference" that only introduce the number of what was named before them.
        own_references: labels of references that are a shop's for its order, unless the mail names that otherwise.
        payments: labels of what a payment is known by; shops want their own order number there, so it says nothing
            against one.
        adjoining: labels only in this language and right before the number. Vietnamese "đơn" is the "don" of "don't"
            without its accents, and it begins the words for unit and price.
        accounts: stems of labels of bank accounts.
        barcodes: stems of labels of bar codes, which articles have, too.
        old: phrases before a code that holds no more.
        invalid: phrases behind a code that holds no more.
    """

    empty: Phrases = ()
    nouns: Phrases = ()
    signs: Phrases = ()
    copulas: Phrases = ()
    links: Phrases = ()
    references: Phrases = ()
    own_references: Phrases = ()
    payments: Phrases = ()
    adjoining: Phrases = ()
    accounts: Phrases = ()
    barcodes: Phrases = ()
    old: Phrases = ()
    invalid: Phrases = ()


class Events(Table, frozen=True, kw_only=True):
    """Phrases that tell an event; where one lies inside another, the longer one holds."""

    ordered: Phrases
    shipped: Phrases
    in_transit: Phrases
    out_for_delivery: Phrases
    available_for_pickup: Phrases
    attempt_failed: Phrases
    delivered: Phrases
    exception: Phrases
    returned: Phrases
    cancelled: Phrases
    refunded: Phrases
    closing: Phrases
    closed: Phrases
    code_changed: Phrases
    none: Phrases

    def by_event(self) -> Mapping[Event, Phrases]:
        """Return the phrases under their events; ``Event.NONE`` has what only sounds like news."""
        return {Event(name): getattr(self, name) for name in self.__struct_fields__}


class Statuses(Table, frozen=True, kw_only=True, rename="kebab"):
    """Phrases that tell a finer status than the event."""

    customs: Phrases
    customs_cleared: Phrases
    left_origin: Phrases
    arrived_destination: Phrases
    local_carrier: Phrases
    delivery_center: Phrases
    handed_to_carrier: Phrases
    label_created: Phrases
    delayed: Phrases
    partial: Phrases

    def by_status(self) -> Mapping[str, Phrases]:
        """Return the phrases under the names that a notice carries (``"customs-cleared"``, …)."""
        fields = zip(self.__struct_fields__, self.__struct_encode_fields__, strict=True)
        return {status: getattr(self, name) for name, status in fields}


class News(Table, frozen=True, kw_only=True):
    """Words that say something of the news beside them, whatever language the mail is in.

    Attributes:
        greetings: how a mail greets its reader; enough to see that the same mail begins again in another language.
        vague: stems of phrases that only say that something happened ("your order has an update", "change of status:
            sent"): what stands beside them says what.
        done: stems of phrases that tell of something done ("we have", "has been"), and not of what is to come.
        to: words behind "delivered" for whom something is handed to, with an article or without.
        couriers: words between those and a carrier's name ("delivered to *courier* DPD").
        doors: stems of a carrier's doors, where its reader collects ("delivered to the DPD *shop*").
    """

    greetings: Phrases = ()
    vague: Phrases = ()
    done: Phrases = ()
    to: Phrases = ()
    couriers: Phrases = ()
    doors: Phrases = ()


class Relative(Table, frozen=True, kw_only=True):
    """Days named by their distance from the mail's own day."""

    today: Phrases
    tomorrow: Phrases


class Dates(Table, frozen=True, kw_only=True):
    """How dates are written; lists begin with January and Monday; ``order`` is empty where ambiguous.

    ``days`` are stems behind a number of days ("within 10 *days*"), and ``not_days`` those that only begin like one.
    """

    order: Literal["dmy", "mdy", "ymd", ""]
    months: Annotated[tuple[Phrases, ...], msgspec.Meta(min_length=12, max_length=12)]
    weekdays: Annotated[tuple[Phrases, ...], msgspec.Meta(min_length=7, max_length=7)]
    days: Phrases = ()
    not_days: Phrases = ()
    relative: Relative


class ParcelWords(Table, frozen=True, kw_only=True):
    """Words (``*`` for any ending) in a subject that make a mail worth opening; and words of *others* who number
    what they sell or do, too: hotels, airlines, subscriptions, banks."""

    words: Phrases
    others: Phrases


class Forwarded(Table, frozen=True, kw_only=True):
    """How mail clients mark a forwarded or quoted mail, and its headers inside the text."""

    markers: Phrases
    quoted: Phrases
    from_: Phrases = msgspec.field(name="from")
    date: Phrases
    subject: Phrases
    to: Phrases
    prefixes: Phrases
    replies: Phrases


class Questions(Table, frozen=True, kw_only=True):
    """Phrases of a person who asks about a parcel."""

    ask: Phrases


class Language(Table, frozen=True, kw_only=True):
    """One language. ``code`` is ISO 639-1; ``words`` and ``letters`` tell it from others of its script.

    ``twin`` is a second script that the language is written in, letter by letter alike: its file is written in Latin,
    and every phrase of it holds in both. ``labels_behind`` says that it puts "numbered" behind the number ("12345
    numaralı siparişiniz", "a 12345 számú rendelés").
    """

    code: str
    name: str
    script: Script = "latin"
    twin: Literal["cyrillic"] | None = None
    letters: str = ""
    words: Phrases = ()
    labels_behind: bool = False
    labels: Labels
    numbers: Numbers = Numbers()
    events: Events
    statuses: Statuses
    news: News = News()
    dates: Dates
    parcel: ParcelWords
    forwarded: Forwarded
    questions: Questions


def both_scripts(phrases: Phrases) -> Phrases:
    """The *phrases*, then those of them that can be written in Cyrillic, in Cyrillic."""
    return (*phrases, *filter(None, map(in_cyrillic, phrases)))
