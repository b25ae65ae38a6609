"""The conditions of ``rules.toml``, such as ``"days > 15"`` or ``"event in returned, refunded"``.

A condition compares one fact with a constant. On an unknown fact it says neither yes nor no: "cannot tell".
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline.facts import FACTS
from pipeline.model import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pipeline.facts.definitions import Value

_SHAPE: Final = re.compile(r"(?P<fact>[a-z_]+) (?P<word>is|in|not in|<=|>=|<|>) (?P<constant>\S.*)")

_BY_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "number of days": ("<", "<=", ">=", ">"),
    "yes or no": ("is",),
    "event": ("is", "in", "not in"),
}
_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.eq,
    "in": lambda value, constant: value in constant,
    "not in": lambda value, constant: value not in constant,
}
#: Every event, as conditions name it.
EVENTS: Final = frozenset(str(event) for event in Event)


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a fact with a constant; *text* is how the table words it."""

    text: str
    fact: str
    word: str
    constant: int | bool | str | frozenset[str]

    def holds(self, values: Mapping[str, Value]) -> bool | None:
        """Say whether it holds for these facts; ``None`` where the fact is unknown ("cannot tell")."""
        value = values.get(self.fact)
        return None if value is None else _COMPARE[self.word](value, self.constant)


def all_hold(conditions: Iterable[Condition], values: Mapping[str, Value]) -> bool | None:
    """Say whether all *conditions* hold: no as soon as one does not, else ``None`` if one cannot tell."""
    unknown = False
    for condition in conditions:
        held = condition.holds(values)
        if held is False:
            return False
        unknown = unknown or held is None
    return None if unknown else True


def read_condition(text: str) -> Condition:
    """Read one condition. Raises ValueError for another shape, an unknown fact, a word that does not fit."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise ValueError(f"“{text}” is not of the shape “fact, comparison, constant”")
    fact, word, constant = shape["fact"], shape["word"], shape["constant"]
    if fact not in FACTS:
        raise ValueError(f"“{text}”: there is no fact {fact}")
    kind = FACTS[fact].kind
    if word not in _BY_KIND[kind]:
        raise ValueError(f"“{text}”: {fact} is a fact of the kind {kind}, which takes {' '.join(_BY_KIND[kind])}")
    return Condition(text, fact, word, _constant(text, kind, word, constant))


def check_value(fact: str, value: object) -> None:
    """Raise ValueError unless *fact* exists and can have this *value* (for the examples of the table)."""
    if fact not in FACTS:
        raise ValueError(f"there is no fact {fact}")
    kind = FACTS[fact].kind
    fits = {
        "number of days": isinstance(value, int) and not isinstance(value, bool),
        "yes or no": isinstance(value, bool),
        "event": value in EVENTS,
    }
    if not fits[kind]:
        raise ValueError(f"{fact} cannot be {value!r}: it is a fact of the kind {kind}")


def _constant(text: str, kind: str, word: str, constant: str) -> int | bool | str | frozenset[str]:
    if kind == "number of days":
        if not re.fullmatch(r"-?\d+", constant):
            raise ValueError(f"“{text}”: {constant} is not a number of days")
        return int(constant)
    if kind == "yes or no":
        if constant not in ("true", "false"):
            raise ValueError(f"“{text}”: {constant} is neither true nor false")
        return constant == "true"
    events = frozenset(constant.split(", "))
    if unknown := sorted(events - EVENTS):
        raise ValueError(f"“{text}”: there is no event {unknown[0]}")
    return constant if word == "is" else events
