"""The decision table ``rules.toml``: read, checked to the last example, applied to the facts of a parcel.

The order of the table decides: the first rule that holds wins. The loader refuses a table that is incomplete,
contradictory or unreachable, naming the rule and the reason, because a wrong rule is advice that costs money.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from msgspec import Meta

from pipeline.model import Level  # noqa: TC001 (msgspec reads the annotations)
from pipeline.rules.conditions import Condition, all_hold, read_condition
from pipeline.tables import Table, TableError, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.facts.definitions import Value

#: The rows of the mission (the help page that the rules rest on), by the names that `source` uses.
ROWS: Final[Mapping[str, str]] = {
    "1": "No code yet: when the goods go out, a letter comes.",
    "1 mistake": "The number in that letter is the order's number, not the tracking code.",
    "1 window": "The seller ships within the window; if not, the money comes back by itself.",
    "2a": "Code given, no information: the first usually appears around the 10th day.",
    "2b": "Track on the carrier's own site; other sites may lack its data.",
    "2c": "More than 15 days and nothing: look in the order list whether the code has changed.",
    "2d": "Unchanged and nothing: contact the seller, who most likely mistyped the code.",
    "2e": "Some small things are never tracked; do not count on it too much.",
    "2f": "Open a dispute in the last days of the order's protection, not before.",
}

Example = dict[str, int | bool | str]
#: In ``suppresses``: every rule below.
ALL_BELOW: Final = "*"

Words = Annotated[str, Meta(min_length=1)]
Several = Meta(min_length=1)


class Conditional(Table, frozen=True):
    """What variants, notes and rules share: conditions, all of which must hold, and examples of it."""

    when: Annotated[tuple[str, ...], Several]
    hit: Annotated[tuple[Example, ...], Several]
    miss: Annotated[tuple[Example, ...], Several]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions of ``when``, ready to apply."""
        return _read(self.when)

    def holds(self, values: Mapping[str, Value]) -> bool | None:
        """Say whether all conditions hold; ``None``: an unknown fact decides ("cannot tell")."""
        return all_hold(self.conditions, values)


class Variant(Conditional, frozen=True):
    """Other words, or another level, for a rule that won while these conditions hold too."""

    title: Words
    advice: Annotated[tuple[Words, ...], Several]
    level: Level | None = None


class NoteRule(Conditional, frozen=True):
    """A remark beside the diagnosis, whichever rule won. ``date`` is the placeholder whose day it names."""

    id: Words
    text: Words
    source: Annotated[tuple[Words, ...], Several]
    false_alarms: Words
    date: str


class Rule(Conditional, frozen=True):
    """One row of the table.

    Attributes:
        advice: sentences; one whose placeholder is unknown is left out.
        source: rows of the mission (``"seed 2c"``) or other references.
        false_alarms: when the rule may speak although nothing is wrong.
        suppresses: rules below that may hold at the same time and then stay silent; ``"*"``: all below.
        keeps: rules whose advice is added when they hold too.
        act_by: the date that is the last day to act.
        counts: the fact that is told as the diagnosis's days.
        asks_seller: whether a ready message to the seller stands with the advice.
        variant: other words under further conditions; the first that holds is taken.
    """

    id: Words
    level: Level
    title: Words
    advice: Annotated[tuple[Words, ...], Several]
    source: Annotated[tuple[Words, ...], Several]
    false_alarms: Words
    suppresses: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    act_by: Literal["protection_end", "pickup_by"] | None = None
    counts: Literal["days", "days_since_ordered"] = "days"
    asks_seller: bool = False
    variant: tuple[Variant, ...] = ()

    def worded(self, values: Mapping[str, Value]) -> Rule | Variant:
        """Return the first variant that holds, else the rule itself."""
        return next((variant for variant in self.variant if variant.holds(values)), self)


class Otherwise(Table, frozen=True):
    """What is said when no rule holds, as too little is known: id and level of *rule*, in these words."""

    rule: str
    title: Words
    advice: Annotated[tuple[Words, ...], Several]
    source: Annotated[tuple[Words, ...], Several]


class RuleBook(Table, frozen=True):
    """The whole table, in the order in which the rules are tried."""

    rule: tuple[Rule, ...]
    note: tuple[NoteRule, ...]
    otherwise: Otherwise

    def winner(self, values: Mapping[str, Value]) -> Rule | None:
        """Return the first rule that holds for these facts, or ``None`` where none does."""
        return next((rule for rule in self.rule if rule.holds(values)), None)

    def by_id(self, rule_id: str) -> Rule:
        """Return the rule *rule_id*. Raises KeyError."""
        for rule in self.rule:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


@cache
def rules() -> RuleBook:
    """Return the table that comes with the product. Raises TableError where it is not sound."""
    path = Path(__file__).with_name("rules.toml")
    return read_rules(path.read_bytes(), path.name)


def read_rules(data: bytes, name: str) -> RuleBook:
    """Read and check a table. Raises TableError naming the rule and the reason."""
    from pipeline.rules.faults import first_fault

    book = parse(data, RuleBook, name)
    if fault := first_fault(book):
        raise TableError(f"{name}: {fault}")
    return book


@cache
def _read(when: tuple[str, ...]) -> tuple[Condition, ...]:
    return tuple(read_condition(text) for text in when)
