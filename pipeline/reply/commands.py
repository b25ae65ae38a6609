"""The owner's commands by mail: lines such as ``unchanged RB123456785CN`` in a reply to a digest.

They count only where all of this holds: the mail is from exactly one address and it is the owner's; the mailbox's own
server vouches for its domain (RFC 8601); it answers a digest of this ledger, by a name that nobody can guess and that
ends after 14 days; and the line is the owner's own, not quoted. Anything else changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pipeline.deliver.identity import digest_named, references, refers_to_a_digest
from pipeline.marks import MarkError, mark_notice, read_mark
from pipeline.model import MarkKind
from pipeline.read.letter import own_words
from pipeline.read.normal import normalise
from pipeline.render.reports import is_named
from pipeline.sources import Today
from pipeline.tables import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from pipeline.model import Mark, Message, Notice, Parcel

#: Lines of a mail that are looked at, and characters of a line.
_MAX_LINES = 200
_MAX_LINE = 120
#: What may stand around a number: signs that people put there.
_AROUND = " \t:,;.!#=-–—•*()\"'"
_OUR_NAME = "parcel-digest"


@dataclass(frozen=True, slots=True)
class Command:
    """One line: *mark* for the *number*."""

    number: str
    mark: Mark


def commands_in(
    message: Message, *, owner: frozenset[str], proof: str, secret: Callable[[], bytes], today: date
) -> tuple[Command, ...]:
    """Return the commands of *message*; none where any of the conditions above fails.

    *owner*: the owner's addresses, lower case. *proof*: how the server vouches for the sender's domain, or nothing.
    """
    if message.is_ours or not proof or len(message.senders) != 1 or message.sender.address not in owner:
        return ()
    if not refers_to_a_digest(message):
        return ()
    if not any(digest_named(value, secret(), today) for value in references(message)):
        return ()
    return tuple(_commands(message.text))


def _commands(text: str) -> Iterator[Command]:
    for line in own_words(text).split("\n")[:_MAX_LINES]:
        if _OUR_NAME in line:
            # The digest itself, quoted by a program that puts no sign before it.
            return
        command = _command(line) if len(line) <= _MAX_LINE else None
        if command is not None:
            yield command


def _command(line: str) -> Command | None:
    """Return the command on *line*: one known word, one number, a value where the word wants one, nothing else."""
    text = normalise(line).strip(_AROUND)
    for words, kind in _words():
        if not (text.startswith((f"{words} ", f"{words}:", f"{words}=")) or text.endswith(f" {words}")):
            continue
        rest = text.removeprefix(words) if text.startswith(words) else text.removesuffix(words)
        values = [value for part in rest.split() if (value := part.strip(_AROUND).upper())]
        wanted = 2 if kind in (MarkKind.PROTECTION, MarkKind.SHIP_BY, MarkKind.CODE) else 1
        if len(values) != wanted or not _is_number(values[0]):
            return None
        try:
            return Command(values[0], read_mark(f"{kind.value}={values[1]}" if wanted == 2 else kind.value))
        except MarkError:
            return None
    return None


def _is_number(value: str) -> bool:
    return re.fullmatch(r"[A-Z0-9][A-Z0-9-]{4,39}", value) is not None and any(map(str.isdigit, value))


@cache
def _words() -> tuple[tuple[str, MarkKind], ...]:
    """The words with their marks, the longest first."""
    table = load(Path(__file__).with_name("commands.toml"), dict[str, tuple[str, ...]])
    pairs = [(normalise(word), MarkKind(name)) for name, words in table.items() for word in words]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))


def marks_of(commands: Sequence[Command], message: Message, parcels: Sequence[Parcel], today: Today) -> list[Notice]:
    """Return the notices of *commands* about parcels that are known, as of the moment of the *message*.

    Their names are made of the mail's, so that a mail that is read twice marks once.
    """
    moment = min(filter(None, (message.date, today.now or today.noon)))
    notices: list[Notice] = []
    for number, command in enumerate(commands, 1):
        named = [parcel for parcel in parcels if is_named(parcel, command.number)]
        if not named:
            continue
        try:
            notice = mark_notice(
                command.mark, command.number, named, Today(today.day, today.zone, moment), list(parcels)
            )
        except MarkError:
            continue
        notices.append(replace(notice, message_id=f"{message.message_id}/mark-{number}"))
    return notices
