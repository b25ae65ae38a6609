"""How a diagnosis came about, for `explain`: every fact and what it rests on, every rule and its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.model import Finding, RuleTrial
from pipeline.rules.wording import VOICES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from pipeline.facts import Facts
    from pipeline.facts.definitions import Value
    from pipeline.model import Source
    from pipeline.rules import Conditional, RuleBook

#: The moment of the parcel on which a fact rests.
_RESTS_ON: Final[Mapping[str, str]] = {
    "event": "event_at",
    "ordered": "ordered_at",
    "shipped": "shipped_at",
    "information": "informed_at",
    "days": "shipped_at",
    "days_since_ordered": "ordered_at",
    "days_since_information": "informed_at",
    "days_since_code_changed": "code_changed_at",
    "closing_announced": "closing_at",
    "marked_unchanged": "unchanged_at",
    "marked_contacted": "contacted_at",
    "marked_disputed": "disputed_at",
}


def findings(known: Facts, values: Mapping[str, Value]) -> tuple[Finding, ...]:
    """Return every fact with its value, and the day and the mail or mark that it rests on."""
    return tuple(_finding(name, value, known) for name, value in values.items())


def trials(book: RuleBook, values: Mapping[str, Value]) -> tuple[RuleTrial, ...]:
    """Return how every rule and note fared, in the table's order; ``otherwise`` last, where it spoke."""
    of_rules = tuple(_trial(rule.id, rule, values) for rule in book.rule)
    of_notes = tuple(_trial(note.id, note, values) for note in book.note)
    spoke = any(trial.hit for trial in of_rules)
    return of_rules + of_notes + (() if spoke else (RuleTrial("otherwise", hit=True),))


def _trial(part_id: str, part: Conditional, values: Mapping[str, Value]) -> RuleTrial:
    tried = tuple(
        (condition.text, _plain(values[condition.fact]), condition.holds(values)) for condition in part.conditions
    )
    return RuleTrial(part_id, part.holds(values), tried)


def _finding(name: str, value: Value, known: Facts) -> Finding:
    if value is None or value is False:
        return Finding(name, value, _plain(value))
    day, voice, source = _ground(name, known)
    ground = ", ".join(part for part in (day.isoformat() if day else "", voice) if part)
    words = f"{_plain(value)} ({ground})" if ground else _plain(value)
    return Finding(name, value, words, day, source.message_id if source else None)


def _plain(value: Value) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _ground(name: str, known: Facts) -> tuple[date | None, str, Source | None]:
    """The day that a fact rests on, whose word that is, and the mail or mark, where one tells it."""
    protection = known.protection
    if name in _RESTS_ON:
        return _told_on(getattr(known.parcel, _RESTS_ON[name]), known)
    if name == "days_to_protection_end" and protection:
        return protection.end, str(VOICES[protection.source]), None
    days = {
        "days_past_ship_by": known.ship_by,
        "days_to_pickup_end": known.parcel.pickup_by,
        "days_since_solved": known.solved_on,
        "days_to_content_dispute_end": known.content_dispute_until,
        "days_to_dispute": protection.dispute_from if protection else None,
    }
    return days.get(name), "", None


def _told_on(moment: datetime | None, known: Facts) -> tuple[date | None, str, Source | None]:
    day = known.on(moment)
    source = next((source for source in known.parcel.sources if source.date == moment), None)
    if source is None:
        return day, "", None
    return day, "your mark" if source.mark else f"“{source.subject or source.message_id}”", source
