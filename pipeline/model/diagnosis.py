"""What holds for a parcel today, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.model.days import Day
from pipeline.model.saying import Saying


class Level(StrEnum):
    """How much a parcel needs its owner; in the order of the digest."""

    ACT = "act"
    WATCH = "watch"
    WAIT = "wait"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark that stands beside the diagnosis, with the date it names (if any)."""

    id: str
    text: Saying
    date: Day | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact as it was found: its value (``None``: unknown), and the day and the mail or mark that it rests on.

    ``words`` says all of it on one line.
    """

    name: str
    value: int | bool | str | None
    words: str
    day: Day | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """How one rule fared: ``hit`` is ``None`` where an unknown fact decided ("cannot tell").

    ``conditions`` are (condition as written, value of the fact, held) triples.
    """

    rule: str
    hit: bool | None
    conditions: tuple[tuple[str, str, bool | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What holds for one parcel today and what to do about it.

    Attributes:
        rule: id of the rule that won, a key of ``rules.toml``.
        days: calendar days since shipped (for rules before shipping: since ordered), or ``None``.
        act_by: last day to act, where one is known.
        tracking_page: the carrier's own page with the code filled in, from our own table, or ``None``.
        protection_ends, protection_about: last day of buyer protection, and whether that is an estimate.
        dispute_from: first day on which a dispute makes sense.
        asks_seller: whether a message to the seller is called for.
        facts: every fact as it was found, for `explain`.
        trials: every rule with its outcome, for `explain`.
    """

    rule: str
    level: Level
    title: Saying
    advice: tuple[Saying, ...]
    days: int | None = None
    act_by: Day | None = None
    notes: tuple[Note, ...] = ()
    tracking_page: str | None = None
    protection_ends: Day | None = None
    protection_about: bool = False
    dispute_from: Day | None = None
    asks_seller: bool = False
    facts: tuple[Finding, ...] = field(default=(), compare=False)
    trials: tuple[RuleTrial, ...] = field(default=(), compare=False)
