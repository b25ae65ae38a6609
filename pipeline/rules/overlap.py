"""Which conditions can hold at the same time: exact, because each compares one fact with a constant.

Conditions that all must hold leave to each fact a range of days, or a set of values. Where nothing is left they
contradict each other; where two rules leave something in common, both can hold of one parcel on one day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from pipeline.rules.conditions import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.rules.conditions import Condition

#: The first and the last number of days that is left.
Range: TypeAlias = tuple[float, float]
Left: TypeAlias = "Range | frozenset[str] | frozenset[bool] | frozenset[bool | str]"
Space: TypeAlias = "Mapping[str, Left]"

_ANY_DAYS: Final[Range] = (float("-inf"), float("inf"))
_YES: Final[frozenset[str | bool]] = frozenset({True})

#: What follows where a number of days is known, whatever it is (the facts' own definitions say so).
KNOWN_IMPLIES: Final[Mapping[str, str]] = {"days_since_information": "information", "days": "shipped"}
#: What follows where a fact is true.
TRUE_IMPLIES: Final[Mapping[str, str]] = {"information": "shipped"}


def space(conditions: Iterable[Condition]) -> Space:
    """Return what *conditions*, all of which must hold, leave to each fact that they speak of."""
    left: dict[str, Left] = {}
    for condition in conditions:
        left = _meet(left, {condition.fact: _leaves(condition)})
    for days, fact in KNOWN_IMPLIES.items():
        if days in left:
            left = _meet(left, {fact: _YES})
    for fact, other in TRUE_IMPLIES.items():
        if left.get(fact) == _YES:
            left = _meet(left, {other: _YES})
    return left


def possible(left: Space) -> bool:
    """Say whether anything is left to every fact."""
    return not any(map(_is_nothing, left.values()))


def together(one: Space, other: Space) -> Space:
    """Return what both leave."""
    return _meet(one, other)


def within(inner: Space, outer: Space) -> bool:
    """Say whether whatever satisfies *inner* satisfies *outer*, too."""
    return all(fact in inner and _meet(inner, {fact: left})[fact] == inner[fact] for fact, left in outer.items())


def _leaves(condition: Condition) -> Left:
    constant = condition.constant
    if isinstance(constant, int) and not isinstance(constant, bool):
        first, last = _ANY_DAYS
        match condition.word:
            case "<":
                last = constant - 1
            case "<=":
                last = constant
            case ">":
                first = constant + 1
            case _:
                first = constant
        return first, last
    values = constant if isinstance(constant, frozenset) else frozenset({constant})
    return EVENTS - values if condition.word == "not in" else values


def _meet(one: Space, other: Space) -> dict[str, Left]:
    met = dict(one)
    for fact, left in other.items():
        known = met.get(fact)
        if isinstance(left, tuple):
            first, last = known if isinstance(known, tuple) else _ANY_DAYS
            met[fact] = max(first, left[0]), min(last, left[1])
        else:
            met[fact] = known & left if isinstance(known, frozenset) else left
    return met


def _is_nothing(left: Left) -> bool:
    return left[0] > left[1] if isinstance(left, tuple) else not left
