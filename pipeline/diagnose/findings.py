"""How a diagnosis came about, for `explain`: every fact and what it rests on, every rule and its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.model import RuleTrial
from pipeline.rules.wording import VOICES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pipeline.facts import Facts
    from pipeline.facts.definitions import Value
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


def in_plain_words(known: Facts, values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    """Return every fact with its value, and the day and mail (or the date) that it rests on."""
    return tuple((name, _told(name, value, known)) for name, value in values.items())


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


def _told(name: str, value: Value, known: Facts) -> str:
    ground = _ground(name, known) if value is not None and value is not False else None
    return f"{_plain(value)} ({ground})" if ground else _plain(value)


def _plain(value: Value) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _ground(name: str, known: Facts) -> str | None:
    if name == "days_past_ship_by" and known.ship_by:
        return known.ship_by.isoformat()
    if name == "days_to_pickup_end" and known.parcel.pickup_by:
        return known.parcel.pickup_by.isoformat()
    if name == "days_since_solved" and known.solved_on:
        return known.solved_on.isoformat()
    if name == "days_to_dispute" and known.protection:
        return known.protection.dispute_from.isoformat()
    if name == "days_to_protection_end" and known.protection:
        return f"{known.protection.end}, {VOICES[known.protection.source]}"
    return _mail(getattr(known.parcel, _RESTS_ON[name]), known) if name in _RESTS_ON else None


def _mail(moment: datetime | None, known: Facts) -> str | None:
    day = known.on(moment)
    if day is None:
        return None
    source = next((source for source in known.parcel.sources if source.date == moment), None)
    if source is None:
        return day.isoformat()
    return f"{day}, your mark" if source.mark else f"{day}, “{source.subject or source.message_id}”"
