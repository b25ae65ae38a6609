"""The languages that mails come in, as data (one file each in ``languages/``), and telling them apart.

Phrases are written in plain lower case and compared with text that :func:`normalise` made. A phrase is words
separated by one space; ``*`` at the end of a word allows any ending, and ``…`` allows a few words in between
that end no sentence. :mod:`pipeline.read.phrases` finds them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import msgspec
import tomli

from pipeline.model import Event
from pipeline.tables import Table, TableError, data_dir, load

if TYPE_CHECKING:
    from pathlib import Path

Phrases = tuple[str, ...]
T = TypeVar("T", bound=Table)
Script = Literal["latin", "cyrillic", "greek", "hebrew", "arabic", "hangul", "kana", "han"]


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
    """Words (``*`` for any ending) in a subject that make a mail worth opening."""

    words: Phrases


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
    """One language. ``code`` is ISO 639-1; ``words`` and ``letters`` tell it from others of its script."""

    code: str
    name: str
    script: Script = "latin"
    letters: str = ""
    words: Phrases = ()
    labels: Labels
    events: Events
    statuses: Statuses
    dates: Dates
    parcel: ParcelWords
    forwarded: Forwarded
    questions: Questions


# ── making text comparable ──────────────────────────────────────────────────────────────────────────────────

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061"
    "\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u3164\ufe0e\ufe0f\ufeff\uffa0"
)
#: Vowel points and stretching, which mails carry only for ornament.
_POINTS = "\u0640" + "".join(
    map(chr, [*range(0x0591, 0x05BE), 0x05BF, 0x05C1, 0x05C2, *range(0x064B, 0x0653), 0x0670])
)
_UNIFIED: dict[int, str] = {
    **dict.fromkeys(map(ord, _INVISIBLE + _POINTS), ""),
    **dict.fromkeys(
        map(ord, "\u2018\u2019\u201a\u201b\u2032\u02b9\u02bc\u05f3\u0060\u00b4\u055a\uff07"), "'"
    ),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u05f4\uff02"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u05be\ufe58\ufe63\uff0d"), "-"),
    **{0x0660 + digit: str(digit) for digit in range(10)},
    **{0x06F0 + digit: str(digit) for digit in range(10)},
}
_BLANKS = re.compile(r"[^\S\n\t]+")


def normalise(text: str) -> str:
    """Return *text* in the form that phrases are compared in; its length may change.

    Compatibility forms (full-width, ligatures, no-break spaces) are resolved, case is folded, quotes,
    apostrophes, dashes and Arabic digits are unified, invisible characters and vowel points go, the Turkish
    dotless i gets its dot (capitals do not tell), and a run of blanks becomes one space. Line feeds and tabs
    stay. Doing it twice changes nothing more.
    """
    if not text.isascii():
        # Before NFKC, because that decomposes the acute accent that people type for an apostrophe.
        text = unicodedata.normalize("NFKC", text.translate(_UNIFIED)).casefold()
        text = unicodedata.normalize("NFKC", text.replace("i\u0307", "i").replace("ı", "i")).translate(
            _UNIFIED
        )
    else:
        text = text.lower().replace("`", "'")
    return _BLANKS.sub(" ", text)


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
    raw = load(path, Language)
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


def _dates(dates: Dates, path: Path) -> Dates:
    return msgspec.structs.replace(
        dates,
        months=tuple(_checked(names, path, f"dates.months[{i}]") for i, names in enumerate(dates.months)),
        weekdays=tuple(
            _checked(names, path, f"dates.weekdays[{i}]") for i, names in enumerate(dates.weekdays)
        ),
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


# ── finding the language ────────────────────────────────────────────────────────────────────────────────────

#: Enough text to be sure of a language, so that a huge mail costs no more than a long one.
_ENOUGH = 20_000
_LEAST = 1.5
_LEAD = 1.2
_LETTER = 0.5
#: A word; letters between the digits of an id ("3f8a1c72") are none.
_TOKEN = re.compile(r"(?<![^\W_])[^\W\d_]+(?![^\W_])")
#: How much one letter of a script is worth that needs no words, in hits: roughly a hit for every second word.
_SCRIPT_WORTH = {"hangul": 0.25, "kana": 0.25, "han": 0.25, "hebrew": 0.1, "arabic": 0.1, "greek": 0.1}
_SCRIPTS = (
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x04FF, "cyrillic"),
    (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x06FF, "arabic"),
    (0x1100, 0x11FF, "hangul"),
    (0x3040, 0x30FF, "kana"),
    (0x3400, 0x9FFF, "han"),
    (0xAC00, 0xD7AF, "hangul"),
)
#: Letters of languages that are not known here, but share a script with one that is: Persian, Urdu,
#: Belarusian, Serbian and Macedonian.
_FOREIGN = {"arabic": "پچژگکیٹڈ", "cyrillic": "ўјљњћђџѓќѕ"}


class _Head(msgspec.Struct, frozen=True):
    """The part of a file before its first table: all that telling languages apart needs."""

    code: str
    script: Script = "latin"
    letters: str = ""
    words: Phrases = ()


@cache
def _marks() -> tuple[
    dict[str, tuple[tuple[str, float], ...]], dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]
]:
    """Words with their languages and worth, letters with their languages, scripts with their languages."""
    words: dict[str, list[str]] = {}
    letters: dict[str, list[str]] = {}
    scripts: dict[str, list[str]] = {}
    for path in sorted(data_dir("read/languages").glob("*.toml")):
        head = path.read_text("utf-8").partition("\n[")[0]
        known = msgspec.convert(tomli.loads(head), _Head)
        for word in known.words:
            words.setdefault(normalise(word), []).append(known.code)
        for letter in known.letters:
            letters.setdefault(letter, []).append(known.code)
        scripts.setdefault(known.script, []).append(known.code)
    return (
        {word: tuple((code, 1 / len(codes)) for code in codes) for word, codes in words.items()},
        {letter: tuple(codes) for letter, codes in letters.items()},
        {script: tuple(codes) for script, codes in scripts.items()},
    )


def scores(text: str) -> dict[str, float]:
    """Return how strongly a normalised *text* shows each language, best first; none without a sign."""
    words, letters, scripts = _marks()
    text = text[:_ENOUGH]
    found: defaultdict[str, float] = defaultdict(float)
    for token, times in Counter(_TOKEN.findall(text)).items():
        for code, worth in words.get(token, ()):
            # A word of a boilerplate or a product list may stand a hundred times; it is still one sign.
            found[code] += worth * min(times, 5)
    if not text.isascii():
        seen = Counter(text)
        for letter, codes in letters.items():
            if letter in seen:
                for code in codes:
                    found[code] += _LETTER / len(codes) * min(seen[letter], 10)
        drawn = _drawn(seen)
        for script, times in drawn.items():
            if script in _SCRIPT_WORTH:
                for code in scripts.get(script, ()):
                    found[code] += times * _SCRIPT_WORTH[script]
        for script, foreign in _FOREIGN.items():
            if sum(seen[letter] for letter in foreign) * 20 > drawn[script]:
                for code in scripts.get(script, ()):
                    found.pop(code, None)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _drawn(seen: Counter[str]) -> Counter[str]:
    """How many letters of each script (but Latin) are among the characters *seen*."""
    drawn: Counter[str] = Counter()
    for letter, times in seen.items():
        point = ord(letter)
        for first, last, script in _SCRIPTS:
            if first <= point <= last:
                drawn[script] += times
                break
    # Japanese prose mixes both scripts; a Chinese mail names at most a Japanese product.
    if drawn["kana"] * 10 > drawn["han"]:
        drawn["kana"] += drawn["han"]
        drawn["han"] = 0
    return drawn


def detect(text: str) -> str | None:
    """Return the ISO 639-1 code of a normalised *text*; ``None`` where signs are few or two are too near."""
    ranking = list(scores(text).items())
    if not ranking or ranking[0][1] < _LEAST:
        return None
    if len(ranking) > 1 and ranking[0][1] < _LEAD * ranking[1][1]:
        return None
    return ranking[0][0]
