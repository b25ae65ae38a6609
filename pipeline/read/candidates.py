"""The numbers of a letter, each met in several places and written in several ways, but collected once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.read.carriers import matches
from pipeline.read.evidence import Candidate, Reading

#: Characters of the shortest code that a carrier has.
SHORTEST_CODE = 8
_LONGEST = 40
_PARTED = re.compile(r"[\s.]")
_PRINT = re.compile(r"[\s_/.-]")
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/ -]{2,60}")


@dataclass(slots=True)
class Weighed:
    """All numbers of a letter with their evidence, in the order they were met, and the pairs its links tie."""

    candidates: dict[str, Candidate] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    named: tuple[str, ...] = ()

    def candidate(self, written: str) -> Candidate:
        """The candidate for a number as *written*; hyphens and blanks do not make it another number."""
        key = number_key(written)
        known = self.candidates.get(key)
        if known is None:
            known = self.candidates[key] = Candidate(value_of(written), written.strip())
        return known

    def taken_for(self, reading: Reading) -> list[Candidate]:
        """The candidates that are believed to be *reading*."""
        return [candidate for candidate in self.candidates.values() if candidate.reading is reading]


def number_key(written: str) -> str:
    """One key for all ways to write a number."""
    return (written if written.isalnum() else _PRINT.sub("", written)).upper()


def value_of(written: str) -> str:
    """A number as a code is given: upper case, without blanks, and without hyphens where a carrier's format fits."""
    if written.isalnum():
        return written.upper()
    value = _PARTED.sub("", written).upper()
    if "-" in value:
        joined = value.replace("-", "")
        if matches(joined) and not matches(value):
            return joined
    return value


def plausible(value: str, shortest: int) -> bool:
    """Whether *value* can be a number of at least *shortest* characters."""
    key = number_key(value)
    return (
        bool(_VALUE.fullmatch(value.strip().lstrip("#")))
        and shortest <= len(key) <= _LONGEST
        and sum(map(str.isdigit, key)) >= 2
    )
