"""A sentence before anybody has said it: the English message and its values, without a language yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias, Union

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: What can stand at a placeholder: text as it is, a number, a day, or a sentence of its own.
Piece: TypeAlias = Union[str, int, date, "Saying"]

# A name in braces, with the full stop behind it, or a brace doubled, and nothing more: str.format would follow
# attributes (``{order.__class__}``).
_PLACEHOLDER = re.compile(r"\{(?P<name>[a-z_]+)\}(?P<stop>\.(?!\.))?|\{\{|\}\}")


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be said. :mod:`pipeline.speech` makes words of it, in the owner's language.

    Attributes:
        message: the English sentence with ``{placeholders}``; the key of its translations.
        values: what stands at the placeholders, by name.
        plural: the same sentence for a *count* other than one, where it has a plural.
    """

    message: str
    values: tuple[tuple[str, Piece], ...] = ()
    plural: str = ""
    count: int = 1

    def filled(self, pattern: str, word: Callable[[Piece], str]) -> str:
        """Return *pattern*, a translation of the message, with each value in the form that *word* gives it."""
        words = {name: word(value) for name, value in self.values}

        def fill(found: re.Match[str]) -> str:
            if found["name"] is None:
                return found[0][0]
            words_here, stop = words[found["name"]], found["stop"] or ""
            # "by 25 нояб." ends its sentence by itself.
            return words_here if words_here.endswith(".") else words_here + stop

        return _PLACEHOLDER.sub(fill, pattern)

    def of(self, count: int) -> Saying:
        """Return it for another *count*."""
        return replace(self, count=count, values=(("count", count), *self.values[1:]))

    def __str__(self) -> str:
        """Return it in English, with days as ISO dates: for logs, tests and the documentation."""
        return self.filled(self.message if self.count == 1 else self.plural or self.message, str)


def say(message: str, /, **values: Piece) -> Saying:
    """Return the saying of *message*. Where a literal stands here, it is found for translation."""
    return Saying(message, tuple(values.items()))


def say_many(one: str, many: str, /, count: int, **values: Piece) -> Saying:
    """Return *one* or *many*, as *count* asks; ``{count}`` stands for it."""
    return Saying(one, (("count", count), *values.items()), many, count)


def listed(parts: Sequence[Saying]) -> Saying:
    """Return *parts* one after the other, as one saying. Nothing is an empty one."""
    said = parts[-1] if parts else Saying("")
    for part in reversed(parts[:-1]):
        said = say("{first}, {others}", first=part, others=said)
    return said
