"""The languages that mails come in, as data: one file each in ``languages/``, read and checked here.

:mod:`pipeline.read.languagetable` says what a file holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from pipeline.read.languagetable import Dates, Language, Phrases, both_scripts
from pipeline.read.normal import normalise
from pipeline.tables import Table, TableError, data_dir, load

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T", bound=Table)


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
        numbers=_clean(raw.numbers, path, "numbers"),
        events=_clean(raw.events, path, "events"),
        statuses=_clean(raw.statuses, path, "statuses"),
        news=_clean(raw.news, path, "news"),
        dates=_dates(raw.dates, path),
        parcel=_clean(raw.parcel, path, "parcel"),
        forwarded=_clean(raw.forwarded, path, "forwarded"),
        questions=_clean(raw.questions, path, "questions"),
    )
    for name in ("labels", "events", "statuses"):
        _refuse_shared(getattr(language, name), path, name)
    return language


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
        days=_checked(dates.days, path, "dates.days"),
        not_days=_checked(dates.not_days, path, "dates.not_days"),
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
