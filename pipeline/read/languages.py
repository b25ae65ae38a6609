"""The languages that mails come in, as data: one file each in ``languages/``.

Phrases are written in plain lower case and compared with text that ``normal.normalise`` made. A phrase is words
separated by one space; ``*`` at the end of a word allows any ending, and ``…`` allows a few words in between
that end no sentence. :mod:`pipeline.read.phrases` finds them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec

from pipeline.model import Event
from pipeline.read.normal import normalise
from pipeline.read.transliteration import in_cyrillic
from pipeline.tables import Table, TableError, data_dir, load

if TYPE_CHECKING:
    from pathlib import Path

Phrases = tuple[str, ...]
T = TypeVar("T", bound=Table)
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


class Relative(Table, frozen=True, kw_only=True):
    """Days named by their distance from the mail's own day."""

    today: Phrases
    tomorrow: Phrases


class Dates(Table, frozen=True, kw_only=True):
    """How dates are written; lists begin with January and Monday; ``order`` is empty where ambiguous."""

    order: Literal["dmy", "mdy", "ymd", ""]
    months: Annotated[tuple[Phrases, ...], msgspec.Meta(min_length=12, max_length=12)]
    weekdays: Annotated[tuple[Phrases, ...], msgspec.Meta(min_length=7, max_length=7)]
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
    and every phrase of it holds in both.
    """

    code: str
    name: str
    script: Script = "latin"
    twin: Literal["cyrillic"] | None = None
    letters: str = ""
    words: Phrases = ()
    labels: Labels
    events: Events
    statuses: Statuses
    dates: Dates
    parcel: ParcelWords
    forwarded: Forwarded
    questions: Questions


# ── loading ─────────────────────────────────────────────────────────────────────────────────────────────────


class _Languages(Mapping[str, Language]):
    """The languages by code; a file is read when it is asked for."""

    def __init__(self) -> None:
        self._paths = {path.stem: path for path in sorted(data_dir("read/languages").glob("*.toml"))}

    def __getitem__(self, code: str) -> Language:
        return _read(self._paths[code])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


@cache
def languages() -> Mapping[str, Language]:
    """Return the languages by their ISO 639-1 codes; each file is read once, when first asked for.

    Names of months, days and headers are normalised; other phrases are as they are written, and whoever
    compares them normalises them. Asking for a language raises TableError where its file has a wrong key or
    type (:func:`load_language` checks the rest).
    """
    return _Languages()


@cache
def _read(path: Path) -> Language:
    # The files that come with the package are proved by the tests; checking 50,000 phrases in every run of a
    # cron job would cost more than reading the mails.
    raw = _in_both_scripts(load(path, Language))
    return msgspec.structs.replace(
        raw, dates=_dates(raw.dates, path), forwarded=_clean(raw.forwarded, path, "forwarded")
    )


def load_language(path: Path) -> Language:
    """Read one language's file, checked throughout, with every phrase normalised.

    Raises:
        TableError: a wrong key or type; capital letters; an empty phrase; a phrase twice in a list, in two
            events, in two statuses or in two kinds of label; not twelve months or seven weekdays; a code that
            is not the file's name.
    """
    raw = load(path, Language)
    if raw.code != path.stem:
        raise TableError(f"{path}: code: is {raw.code!r}, but the file's name says {path.stem!r}")
    raw = _in_both_scripts(raw)
    language = msgspec.structs.replace(
        raw,
        words=_checked(raw.words, path, "words"),
        labels=_clean(raw.labels, path, "labels"),
        events=_clean(raw.events, path, "events"),
        statuses=_clean(raw.statuses, path, "statuses"),
        dates=_dates(raw.dates, path),
        parcel=_clean(raw.parcel, path, "parcel"),
        forwarded=_clean(raw.forwarded, path, "forwarded"),
        questions=_clean(raw.questions, path, "questions"),
    )
    for name in ("labels", "events", "statuses"):
        _refuse_shared(getattr(language, name), path, name)
    return language


def both_scripts(phrases: Phrases) -> Phrases:
    """The *phrases*, then those of them that can be written in Cyrillic, in Cyrillic."""
    return (*phrases, *filter(None, map(in_cyrillic, phrases)))


def _in_both_scripts(language: Language) -> Language:
    doubled: Language = _doubled(language) if language.twin else language
    return doubled


def _doubled(value: Any) -> Any:
    """The same value with every list of phrases in both scripts."""
    if isinstance(value, Table):
        fields = {key: _doubled(getattr(value, key)) for key in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    if isinstance(value, tuple):
        nested = any(isinstance(item, tuple) for item in value)
        return tuple(map(_doubled, value)) if nested else both_scripts(value)
    return value


def _dates(dates: Dates, path: Path) -> Dates:
    return msgspec.structs.replace(
        dates,
        months=tuple(_checked(names, path, f"dates.months[{i}]") for i, names in enumerate(dates.months)),
        weekdays=tuple(_checked(names, path, f"dates.weekdays[{i}]") for i, names in enumerate(dates.weekdays)),
        relative=_clean(dates.relative, path, "dates.relative"),
    )


def _clean(table: T, path: Path, name: str) -> T:
    """The same table with every list of phrases checked and normalised."""
    fields = {key: _checked(getattr(table, key), path, f"{name}.{key}") for key in table.__struct_fields__}
    return msgspec.structs.replace(table, **fields)


def _checked(phrases: Phrases, path: Path, key: str) -> Phrases:
    if not all(phrases):
        raise TableError(f"{path}: {key}: an empty phrase")
    joined = "\n".join(phrases)
    if joined != joined.lower():
        wrong = next(phrase for phrase in phrases if phrase != phrase.lower())
        raise TableError(f"{path}: {key}: capital letters in {wrong!r}")
    # The mark for a gap would be resolved to three full stops.
    clean = tuple(normalise(joined.replace("…", "\ue000")).replace("\ue000", "…").split("\n"))
    if len(set(clean)) != len(clean):
        twice = next(phrase for phrase, times in Counter(clean).items() if times > 1)
        raise TableError(f"{path}: {key}: {twice!r} stands twice")
    return clean if phrases else ()


def _refuse_shared(table: Table, path: Path, name: str) -> None:
    """Refuse a phrase that two lists of one table claim: it could decide nothing."""
    owner: dict[str, str] = {}
    for key in table.__struct_fields__:
        for phrase in getattr(table, key):
            if phrase in owner:
                raise TableError(f"{path}: {name}.{key}: {phrase!r} stands in {name}.{owner[phrase]} too")
            owner[phrase] = key
