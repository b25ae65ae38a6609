"""Why a parcel is judged as it is: what `explain` prints, in words with styles for a terminal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from pipeline.diagnose.seller import FALLBACK
from pipeline.model import Level, MarkKind, local_date, say
from pipeline.render.account import FARED, mail_behind, messages, reason, silent, winner
from pipeline.render.words import fill, width

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pipeline.model import Saying, Source
    from pipeline.render.account import Account

#: Pieces of text with their styles, as rich names them.
Line: TypeAlias = "tuple[tuple[str, str], ...]"

LEVEL_STYLES: Final = {Level.ACT: "bold red", Level.WATCH: "yellow", Level.WAIT: "cyan", Level.DONE: "dim"}
_FARED_STYLES: Final = {True: "green", False: "dim", None: "yellow"}
#: Days after shipping on which the advice changes while nobody has seen the parcel.
_THRESHOLDS: Final = {10: "first information is due around this day", 16: "look whether the code has changed"}


def plain(line: Line) -> str:
    """Return *line* without its styles."""
    return "".join(text for text, _ in line).rstrip()


def explanation(told: Account) -> Iterator[Line]:
    """Yield everything known of one parcel: advice, why, time line, every fact, every rule, and every mail."""
    for part in (_advice, _message, _numbers, _why, _time_line, _facts, _rules, _mails):
        yield from part(told)


def _heading(told: Account, text: Saying) -> Iterator[Line]:
    yield (("", ""),)
    yield ((told.speaker(text), "bold"),)


def _advice(told: Account) -> Iterator[Line]:
    found = told.diagnosis
    yield ((told.speaker(found.title), LEVEL_STYLES[found.level]), (f"  [{found.rule}, {found.level.value}]", "dim"))
    for sentence in found.advice:
        yield ((f"  {told.speaker(sentence)}", ""),)
    for note in found.notes:
        yield ((f"  {told.speaker(say('Note: {note}', note=note.text))}", "italic"),)


def _message(told: Account) -> Iterator[Line]:
    if not told.diagnosis.asks_seller:
        return
    for language, text in messages(told, dict.fromkeys((told.speaker.language, FALLBACK))):
        yield from _heading(told, say("A message to the seller, ready to copy ({language})", language=language))
        for line in text.splitlines():
            yield ((f"  {line}", "cyan"),)


def _numbers(told: Account) -> Iterator[Line]:
    parcel, speaker = told.parcel, told.speaker
    none = speaker(say("none known"))
    unknown = speaker(say("carrier unknown"))
    named = {
        say("Shop"): [parcel.shop or speaker(say("Unknown shop"))],
        say("Order numbers"): list(parcel.orders) or [none],
        say("Tracking codes"): [f"{code.code} ({code.carrier or unknown})" for code in parcel.codes] or [none],
        say("Items"): list(parcel.items),
        say("Track it at"): [told.diagnosis.tracking_page] if told.diagnosis.tracking_page else [],
        say("Your notes"): list(parcel.remarks),
    }
    room = max(width(speaker(name)) for name in named) + 2
    yield (("", ""),)
    for name, values in named.items():
        for place, value in enumerate(values):
            yield ((fill("" if place else speaker(name), room), "bold"), (value, ""))


# ── why ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _why(told: Account) -> Iterator[Line]:
    yield from _heading(told, say("Why"))
    yield ((f"  {reason(told.diagnosis)}", ""),)
    if behind := silent(told.diagnosis):
        yield ((f"  Holds too, but comes behind it: {', '.join(behind)}.", ""),)


# ── time line ────────────────────────────────────────────────────────────────────────────────────────────────


def _time_line(told: Account) -> Iterator[Line]:
    yield from _heading(told, say("Time line"))
    for day, what, more, style in _steps(told):
        yield ((f"  {day}  {_count(told, day):<8}{what:<32} ", style), (more, "dim"))


def _steps(told: Account) -> list[tuple[date, str, str, str]]:
    """(day, what, more, style) of all that was told, of today, and of the days to come."""
    parcel, found, today = told.parcel, told.diagnosis, told.speaker.today
    steps = [(told.day(s), *_told(s, told), "strike dim" if s.taken_back else "") for s in parcel.sources]
    shipped = local_date(parcel.shipped_at, told.zone) if parcel.shipped_at else None
    done = found.level is Level.DONE
    ahead: list[tuple[date | None, str]] = [
        (None if shipped or done else parcel.ship_by, "last day to ship"),
        (None if done else parcel.expected, "estimated delivery"),
        (None if done else parcel.pickup_by, "last day to collect it"),
        (None if done else found.dispute_from, "a dispute makes sense from now on"),
        (None if done else found.protection_ends, f"protection ends{' (about)' if found.protection_about else ''}"),
    ]
    if shipped and not done and parcel.informed_at is None and parcel.codes:
        ahead += [(shipped + timedelta(days=days), what) for days, what in _THRESHOLDS.items()]
    steps += [(day, what, "", "dim") for day, what in ahead if day is not None]
    steps.append((today, "today", "", "bold"))
    return sorted(steps, key=lambda step: (step[0], step[1] == "today"))


def _told(source: Source, told: Account) -> tuple[str, str]:
    if source.mark is None:
        return source.event.value, f"{source.trust.value:<11} {source.subject}"
    value = source.mark.value
    if value and source.mark.kind in (MarkKind.SHIPPED, MarkKind.ADDED):
        value = value[:10]
    said = f"you said {source.mark.kind.value}{f'={value}' if value else ''}"
    return said, "taken back later" if source.taken_back else ""


def _count(told: Account, day: date) -> str:
    shipped = told.parcel.shipped_at
    days = (day - local_date(shipped, told.zone)).days if shipped else -1
    return f"day {days}" if days >= 0 else ""


# ── facts, rules, mails ──────────────────────────────────────────────────────────────────────────────────────


def _facts(told: Account) -> Iterator[Line]:
    yield from _heading(told, say("Facts"))
    for place, fact in enumerate(told.diagnosis.facts):
        mail = mail_behind(told, place)
        words = f"{fact.words} “{mail.subject or mail.message_id}”" if mail else fact.words
        yield ((f"  {fact.name:<28} ", ""), (words, "yellow" if fact.value is None else ""))


def _rules(told: Account) -> Iterator[Line]:
    yield from _heading(told, say("Rules, in the order in which they are asked"))
    won = winner(told.diagnosis)
    for trial in told.diagnosis.trials:
        style = "bold green" if trial is won else _FARED_STYLES[trial.hit]
        yield ((f"{'→' if trial is won else ' '} {trial.rule:<20} {FARED[trial.hit]}", style),)
        for condition, value, held in trial.conditions:
            yield ((f"      {FARED[held]:<12} {condition:<44} (is {value})", _FARED_STYLES[held]),)


def _mails(told: Account) -> Iterator[Line]:
    yield from _heading(told, say("Mails"))
    for notice in told.notices:
        if notice.mark is None:
            yield ((f"  {told.day(notice)}  {notice.message_id}  {notice.subject}", ""),)
            for reason in notice.reasons:
                yield ((f"    · {reason}", "dim"),)
