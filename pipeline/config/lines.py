"""Where in a TOML file a key stands, so that a complaint can name the line.

tomli tells no positions. But the beginning of a TOML file up to the end of a statement is TOML itself, so the real
parser finds the statement: it is what lies between the last beginning without the key and the first one with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import tomli

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Files of more characters times lines are not searched: each line costs one pass over all above it.
_MAX_WORK = 10_000_000


def line_of(text: str, keys: Sequence[str]) -> int | None:
    """Return the line, from 1, at which the value under *keys* (``["accounts", "home", "port"]``) begins.

    Where the last keys are nowhere, it is the line of the innermost table that is there; ``None`` if not even the
    first one is, or *text* is not TOML.
    """
    lines = text.splitlines(keepends=True)
    if len(lines) * len(text) > _MAX_WORK:
        return None
    found = None
    depth = 0
    start = 0
    for end in range(1, len(lines) + 1):
        try:
            table = tomli.loads("".join(lines[:end]))
        except tomli.TOMLDecodeError:
            continue  # in the middle of an array or a text of several lines
        known = _depth(table, keys)
        if known > depth:
            depth, found = known, start + 1
        start = end
    return found


def _depth(table: object, keys: Sequence[str]) -> int:
    """How many of *keys*, from the first, lead somewhere."""
    for count, key in enumerate(keys):
        if not isinstance(table, dict) or key not in table:
            return count
        table = table[key]
    return len(keys)
