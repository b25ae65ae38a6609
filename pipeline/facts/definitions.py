"""What a fact is, read off the class that computes it: name, kind, and the docstring as its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What a fact can be; ``None`` is "unknown".
Value = int | bool | str | None

Kind = Literal["number of days", "yes or no", "event"]

_KINDS: Final[Mapping[str, Kind]] = {"int": "number of days", "bool": "yes or no", "str": "event"}


@dataclass(frozen=True, slots=True)
class Definition:
    """A fact that rules can use: its kind and its definition in words."""

    name: str
    kind: Kind
    words: str


def definitions(facts: type) -> dict[str, Definition]:
    """Return the properties of *facts* that give a number, a yes or no, or an event; others are no facts."""
    found = {}
    for name, member in vars(facts).items():
        if isinstance(member, property) and member.fget is not None:
            answer = str(member.fget.__annotations__["return"]).removesuffix(" | None")
            if answer in _KINDS:
                words = " ".join((member.__doc__ or "").split())
                found[name] = Definition(name, _KINDS[answer], words)
    return found
