"""Why a parcel is judged as it is: what `explain` prints, in words (with styles for a terminal) and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pipeline.diagnose.seller import FALLBACK, languages, seller_message
from pipeline.model import Diagnosis, Level, MarkKind, Notice, Parcel, RuleTrial, Source, local_date, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, tzinfo

    from pipeline.speech import Speaker

#: Pieces of text with their styles, as rich names them.
Line: TypeAlias = "tuple[tuple[str, str], ...]"

LEVEL_STYLES: Final = {Level.ACT: "bold red", Level.WATCH: "yellow", Level.WAIT: "cyan", Level.DONE: "dim"}
_FARED: Final = {True: "hit", False: "miss", None: "cannot tell"}
_FARED_STYLES: Final = {True: "green", False: "dim", None: "yellow"}
#: Days after shipping on which the advice changes while nobody has seen the parcel.
_THRESHOLDS: Final = {10: "first information is due around this day", 16: "look whether the code has changed"}


@dataclass(frozen=True, slots=True)
class Account:
    """All that an explanation tells of: one parcel, its diagnosis, its own notices, and who tells it on which day.

    *zone* is the owner's time zone.
    """

    parcel: Parcel
    diagnosis: Diagnosis
    notices: tuple[Notice, ...]
    zone: tzinfo | None
    speaker: Speaker

    def day(self, source: Source | Notice) -> date:
        """The owner's day of a mail or mark."""
        return local_date(source.date, self.zone)


def account(
    parcel: Parcel,
    diagnosis: Diagnosis,
    notices: Iterable[Notice],
    zone: tzinfo | None,
    speaker: Speaker,
) -> Account:
    """Return the account of *parcel*; of all *notices* those that speak of it are kept."""
    own = {source.message_id for source in parcel.sources}
    kept = tuple(notice for notice in notices if notice.message_id in own)
    return Account(parcel, diagnosis, kept, zone, speaker)


def plain(line: Line) -> str:
    """Return *line* without its styles."""
    return "".join(text for text, _ in line).rstrip()


def explanation(told: Account) -> Iterator[Line]:
    """Yield everything known of one parcel: advice, why, time line, every fact, every rule, and every mail."""
    for part in (_advice, _message, _numbers, _why, _time_line, _facts, _rules, _mails):
        yield from part(told)


def _heading(text: str) -> Iterator[Line]:
    yield (("", ""),)
    yield ((text, "bold"),)


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
    for language, text in _messages(told, dict.fromkeys((told.speaker.language, FALLBACK))):
        yield from _heading(f"A message to the seller, ready to copy ({language})")
        for line in text.splitlines():
            yield ((f"  {line}", "cyan"),)


def _messages(told: Account, wanted: Iterable[str]) -> Iterator[tuple[str, str]]:
    for language in languages():
        if language in wanted or (language == FALLBACK and not set(wanted) & set(languages())):
            yield language, seller_message(told.parcel, told.diagnosis.days, language, told.zone)


def _numbers(told: Account) -> Iterator[Line]:
    parcel = told.parcel
    codes = [f"{code.code} ({code.carrier or 'carrier unknown'})" for code in parcel.codes]
    yield (("", ""),)
    for name, values in (
        ("Shop", [parcel.shop or "unknown"]),
        ("Order numbers", list(parcel.orders) or ["none known"]),
        ("Tracking codes", codes or ["none known"]),
        ("Items", list(parcel.items)),
        ("Track it at", [told.diagnosis.tracking_page] if told.diagnosis.tracking_page else []),
        ("Your notes", list(parcel.remarks)),
    ):
        for place, value in enumerate(values):
            yield ((f"{'' if place else name:<16}", "bold"), (value, ""))


# ── why ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _why(told: Account) -> Iterator[Line]:
    yield from _heading("Why")
    yield tuple((text, "") for text in (f"  {reason}" for reason in [_reason(told.diagnosis)]))
    silent = _silent(told.diagnosis)
    if silent:
        yield ((f"  Holds too, but comes behind it: {', '.join(silent)}.", ""),)


def _reason(found: Diagnosis) -> str:
    trial = _winner(found)
    if trial is None:
        return f"No rule holds, because too little is known; so it is told as {found.rule}."
    held = ", ".join(f"{condition} (is {value})" for condition, value, _ in trial.conditions)
    return f"{found.rule} is the first rule that holds: {held}."


def _winner(found: Diagnosis) -> RuleTrial | None:
    return next((trial for trial in found.trials if trial.rule == found.rule and trial.hit), None)


def _silent(found: Diagnosis) -> list[str]:
    notes = {note.id for note in found.notes}
    return [t.rule for t in found.trials if t.hit and t.rule != found.rule and t.conditions and t.rule not in notes]


# ── time line ────────────────────────────────────────────────────────────────────────────────────────────────


def _time_line(told: Account) -> Iterator[Line]:
    yield from _heading("Time line")
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
    yield from _heading("Facts")
    for fact in told.diagnosis.facts:
        mail = _source_of(fact.name, told) if fact.message_id is None and fact.value not in (None, False) else None
        words = f"{fact.words} “{mail.subject or mail.message_id}”" if mail else fact.words
        yield ((f"  {fact.name:<28} ", ""), (words, "yellow" if fact.value is None else ""))


def _source_of(fact: str, told: Account) -> Notice | None:
    """The mail that told a fact which is no moment: the first with the code, the newest with that day."""
    parcel, mails = told.parcel, [notice for notice in told.notices if notice.mark is None]
    codes = {code.code for code in parcel.codes}
    match fact:
        case "code_known":
            return next((mail for mail in mails if any(code.code in codes for code in mail.codes)), None)
        case "days_to_pickup_end":
            return _newest(mails, "pickup_by", parcel.pickup_by)
        case "days_past_ship_by":
            return _newest(mails, "ship_by", parcel.ship_by)
        case "days_to_protection_end" if parcel.protection_from == "mail":
            return _newest(mails, "protection_ends", parcel.protection_ends)
        case "kind_often_untracked":
            return next((mail for mail in mails if mail.items), None)
    return None


def _newest(mails: Sequence[Notice], name: str, day: date | None) -> Notice | None:
    return next((mail for mail in reversed(mails) if day is not None and getattr(mail, name) == day), None)


def _rules(told: Account) -> Iterator[Line]:
    yield from _heading("Rules, in the order in which they are asked")
    won = _winner(told.diagnosis)
    for trial in told.diagnosis.trials:
        style = "bold green" if trial is won else _FARED_STYLES[trial.hit]
        yield ((f"{'→' if trial is won else ' '} {trial.rule:<20} {_FARED[trial.hit]}", style),)
        for condition, value, held in trial.conditions:
            yield ((f"      {_FARED[held]:<12} {condition:<44} (is {value})", _FARED_STYLES[held]),)


def _mails(told: Account) -> Iterator[Line]:
    yield from _heading("Mails")
    for notice in told.notices:
        if notice.mark is None:
            yield ((f"  {told.day(notice)}  {notice.message_id}  {notice.subject}", ""),)
            for reason in notice.reasons:
                yield ((f"    · {reason}", "dim"),)


# ── as JSON ──────────────────────────────────────────────────────────────────────────────────────────────────


def explanation_record(told: Account) -> dict[str, Any]:
    """Return the same as an object, for `explain --format json`."""
    parcel, found = told.parcel, told.diagnosis
    return {
        "date": told.speaker.today.isoformat(),
        "shop": parcel.shop,
        "orders": list(parcel.orders),
        "codes": [code.code for code in parcel.codes],
        "items": list(parcel.items),
        "event": parcel.event.value,
        "diagnosis": found.rule,
        "level": found.level.value,
        "title": told.speaker(found.title),
        "advice": [told.speaker(sentence) for sentence in found.advice],
        "days": found.days,
        "act_by": _iso(found.act_by),
        "notes": [{"id": note.id, "text": told.speaker(note.text), "date": _iso(note.date)} for note in found.notes],
        "tracking_page": found.tracking_page,
        "protection_ends": _iso(found.protection_ends),
        "protection_is_estimated": found.protection_about,
        "dispute_from": _iso(found.dispute_from),
        "remarks": list(parcel.remarks),
        "why": {"reason": _reason(found), "holds_too": _silent(found)},
        "messages_to_seller": dict(_messages(told, languages())),
        "facts": [_fact_record(told, place) for place in range(len(found.facts))],
        "rules": [
            {
                "rule": trial.rule,
                "outcome": _FARED[trial.hit],
                "conditions": [
                    {"condition": condition, "value": value, "outcome": _FARED[held]}
                    for condition, value, held in trial.conditions
                ],
            }
            for trial in found.trials
        ],
        "timeline": [
            {
                "date": told.day(source).isoformat(),
                "event": source.event.value,
                "mark": source.mark.kind.value if source.mark else None,
                "value": source.mark.value if source.mark else None,
                "taken_back": source.taken_back,
                "trust": source.trust.value,
                "subject": source.subject,
                "message_id": source.message_id,
            }
            for source in parcel.sources
        ],
    }


def _fact_record(told: Account, place: int) -> dict[str, Any]:
    fact = told.diagnosis.facts[place]
    mail = _source_of(fact.name, told) if fact.message_id is None and fact.value not in (None, False) else None
    return {
        "fact": fact.name,
        "value": fact.value,
        "words": fact.words,
        "day": _iso(fact.day),
        "message_id": mail.message_id if mail else fact.message_id,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
