"""The Authentication-Results header (RFC 8601), read without being fooled by comments and quotes.

Own code, because authres 1.2.0 (frozen since 2019) raises on headers that real servers write: Microsoft's
without an authserv-id, an old form of Yahoo's, a trailing semicolon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Characters looked at; the longest real ones have about 1,500.
MAX_LENGTH = 16_384


@dataclass(frozen=True, slots=True)
class Result:
    """What one method found: ``dkim=pass`` with properties ``("header.d", "example.org")``, lower case."""

    method: str
    value: str
    properties: tuple[tuple[str, str], ...] = ()

    def property(self, name: str) -> str | None:
        """The value of the property *name*; ``None`` if it is missing, or there are several that differ."""
        values = {value for key, value in self.properties if key == name}
        return values.pop() if len(values) == 1 else None


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One header. ``authserv_id`` is lower case, and empty where the server wrote none."""

    authserv_id: str
    results: tuple[Result, ...] = ()

    def of(self, method: str) -> tuple[Result, ...]:
        """All results of *method*, in order; a mail with two signatures has two of ``dkim``."""
        return tuple(result for result in self.results if result.method == method)


_PAIR = re.compile(
    r"([A-Za-z0-9][\w-]{0,60})(?:\s*/\s*\d+)?(?:\s*\.\s*([\w-]{1,60}))?\s*=\s*"
    r'("(?>(?:[^"\\]|\\.)*)"|[^\s;"]+)'
)
_SEGMENT = re.compile(r'(?>(?:[^";]|"(?>(?:[^"\\]|\\.)*)"|"(?![^"]*"))*)')


def read(value: str) -> AuthenticationResults:
    """Read the unfolded *value* of such a header. Never raises; what is malformed is left out."""
    segments = _segments(without_comments(value[:MAX_LENGTH]))
    first = segments[0].split() if segments else []
    # An id has no "="; where the first word is a result the server wrote no id (RFC 8601 demands one).
    named = bool(first) and "=" not in first[0] and not (len(first) > 1 and first[1].startswith("="))
    identity = first[0].strip('"').rstrip(".").lower() if named else ""
    # It is shown to people; and it must not become empty, which has a meaning of its own.
    identity = "".join(char if char.isprintable() else "?" for char in identity)
    results = (_result(segment) for segment in (segments[1:] if named else segments))
    return AuthenticationResults(identity, tuple(result for result in results if result is not None))


def _segments(value: str) -> list[str]:
    """Split at semicolons outside of quotes."""
    segments: list[str] = []
    at = 0
    while at <= len(value):
        found = _SEGMENT.match(value, at)
        assert found is not None  # it matches nothing, too
        segments.append(found[0])
        at = found.end() + 1
    return segments


def _result(segment: str) -> Result | None:
    pairs = [(found[1].lower(), (found[2] or "").lower(), _bare(found[3])) for found in _PAIR.finditer(segment)]
    if not pairs or pairs[0][1]:
        return None
    method, _, value = pairs[0]
    properties = tuple((f"{kind}.{name}", value.lower()) for kind, name, value in pairs[1:] if name)
    return Result(method, value.lower(), properties)


def _bare(value: str) -> str:
    if value.startswith('"'):
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value


def without_comments(value: str) -> str:
    """Return *value* with each comment (RFC 5322 section 3.2.2: nested, with escapes) made one blank.

    A parenthesis inside of a quoted string opens no comment. A comment that stays open hides all the rest, so
    what it holds is never taken for a result.
    """
    kept: list[str] = []
    depth = 0
    quoted = False
    escaped = False
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\" and (depth or quoted):
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
            continue
        elif char == ")" and depth:
            depth -= 1
            if not depth:
                kept.append(" ")
            continue
        if not depth:
            kept.append(char)
    return "".join(kept)
