"""Sentences with placeholders. One whose placeholder is unknown is left out, never shown with a gap."""

from __future__ import annotations

from functools import cache
from string import Formatter
from typing import TYPE_CHECKING, Final

from pipeline.facts.protection import CLOSING_GRACE_DAYS
from pipeline.model import Saying, say, say_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.model.saying import Piece

#: What a sentence of the table may name, and what stands there.
PLACEHOLDERS: Final[Mapping[str, str]] = {
    "act_by": "last day to act",
    "carrier": "name of the carrier",
    "changed_on": "day on which the code changed",
    "code": "newest code",
    "content_until": "last day for a dispute about the content",
    "days": "days since it was shipped, as “17 days”",
    "days_left": "days left of buyer protection, in words",
    "disputed_on": "day on which the dispute was opened",
    "dispute_from": "first day on which a dispute makes sense",
    "informed_on": "day of the newest information",
    "mistyped_code": "the code, where its check digit is wrong",
    "number": "number for the command `mark`: the code, else the order's",
    "old_code": "the code before the newest",
    "order": "order numbers",
    "order_page": "address of the order's page",
    "pickup_by": "last day to collect it",
    "protection_end": "last day of buyer protection, with “on” before it, or “about” before an estimate",
    "protection_source": "who says so",
    "ship_by": "last day to ship",
    "solved_on": "day on which it came to its end",
    "tracking_page": "the carrier's own page with the code filled in",
}


#: Whose word the end of protection is (``Protection.source``), as the advice says it.
VOICES: Final[Mapping[str, Saying]] = {
    "owner": say("the day you gave"),
    "mail": say("as the shop's mail says"),
    "closing": say_many(
        "{count} day after the shop announced the closing of the order",
        "{count} days after the shop announced the closing of the order",
        CLOSING_GRACE_DAYS,
    ),
    "estimate": say("an estimate: the order's page has the exact day"),
}


@cache
def placeholders(sentence: str) -> frozenset[str]:
    """Return the names in braces. Raises ValueError for a lone brace or more than a name in braces."""
    found = set()
    for _, name, form, conversion in Formatter().parse(sentence):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(f"“{{{name}}}” is not a plain name in braces")
        found.add(name)
    return frozenset(found)


def fill(sentence: str, values: Mapping[str, Piece | None]) -> Saying | None:
    """Return *sentence* with the values of its placeholders, or ``None`` where one of them is unknown."""
    named = {name: values.get(name) for name in sorted(placeholders(sentence))}
    known = {name: value for name, value in named.items() if value is not None and value != ""}
    return say(sentence, **known) if len(known) == len(named) else None


def fill_all(sentences: Iterable[str], values: Mapping[str, Piece | None]) -> tuple[Saying, ...]:
    """Return those *sentences* whose placeholders are all known, with their values."""
    return tuple(filled for sentence in sentences if (filled := fill(sentence, values)) is not None)


def in_days(days: int | None) -> Saying | None:
    """Return a number of days as part of a sentence: ``17 days``."""
    return None if days is None else say_many("{count} day", "{count} days", days)


def days_left(days: int) -> Saying:
    """Return how long is left until a last day that is *days* away (negative: it has passed)."""
    if days < 0:
        return say_many("{count} day ago", "{count} days ago", -days)
    if days == 0:
        return say("today is the last day")
    return say_many("{count} day left", "{count} days left", days)
