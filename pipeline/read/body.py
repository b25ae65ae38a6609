"""The lines of a mail with what each tells, and which of them tell nothing: progress bars and small print."""

from __future__ import annotations

import re
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.model import Event
from pipeline.read.carriers import carriers_named
from pipeline.read.phrases import Found, Phrases, outermost
from pipeline.read.stems import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a phrase tells: an event with its rank (0: the shop's own phrase, 1: the language's), or a status.
Telling = tuple[int, Event] | str
#: A phrase found that tells an event.
FoundEvent = Found[tuple[int, Event]]

#: Lines that a mail opens with.
FIRST_LINES = 6
#: Letters of a headline, a step of a progress bar, a field.
SHORT_LINE = 40
#: Letters of a line that is a paragraph.
_LONG_LINE = 100
_BAR_STEPS = 3
#: A line as long as this may have been broken in the middle of a sentence.
_BROKEN_LINE = 50
_ENDS = ".!?:;。！？：।"
#: Letters of either line in which a phrase goes over its end.
_REACH = 60


class Line:
    """One normalised line and what it tells: events, and statuses."""

    __slots__ = ("events", "statuses", "text")

    def __init__(self, text: str, index: Phrases[Telling]) -> None:
        self.text = text
        self.events: list[FoundEvent] = []
        self.statuses: list[Found[str]] = []
        found = index.find(text)
        if found:
            told: list[FoundEvent] = [item for item in found if not isinstance(item.meaning, str)]  # type: ignore[misc]
            self.events = [_handed_over(text, item) for item in outermost(told)]
            self.statuses = outermost([item for item in found if isinstance(item.meaning, str)])  # type: ignore[misc]


class Body:
    """The normalised *texts* of a body's lines, each searched with an *index* once, when it is asked for."""

    def __init__(self, texts: tuple[str, ...], index: Phrases[Telling]) -> None:
        self._texts = texts
        self._index = index
        self._lines: list[Line] = []

    def lines(self, first: int | None = None) -> list[Line]:
        """The first (or all) lines."""
        for text in self._texts[len(self._lines) : first]:
            self._lines.append(Line(text, self._index))
        return self._lines[:first]

    def telling(self, first: int | None = None) -> Iterator[tuple[str, list[FoundEvent]]]:
        """The first (or all) lines with the events they tell, without those that tell nothing of this parcel."""
        for row, text in enumerate(self._texts[:first]):
            if row not in self._silent:
                yield text, self._found[row]

    @cached_property
    def _found(self) -> list[list[FoundEvent]]:
        told = [[found for found in line.events if not _is_asked(line.text, found)] for line in self.lines()]
        for row, (text, below) in enumerate(pairwise(self._texts)):
            if _may_go_on(text, below):
                self._find_over(text, below, told[row], told[row + 1])
        return told

    def _find_over(self, text: str, below: str, here: list[FoundEvent], there: list[FoundEvent]) -> None:
        """Put what begins on one line and ends on the next with the first: "your parcel could not be", "delivered"."""
        tail = text[-_REACH:].partition(" ")[2]
        skipped = len(text) - len(tail)
        for item in Line(f"{tail} {below[:_REACH]}", self._index).events:
            if item.start < len(tail) < item.end:
                over = item._replace(start=item.start + skipped, end=item.end + skipped)
                here[:] = [*(found for found in here if found.end <= over.start), over]
                there[:] = [found for found in there if found.start + len(text) >= over.end]

    @cached_property
    def _silent(self) -> frozenset[int]:
        return self._progress_bars() | self._small_print()

    def _small_print(self) -> set[int]:
        """Long lines far down: what happens to parcels that nobody collects, how to cancel, when money comes back."""
        return {row for row, line in enumerate(self._texts) if row >= FIRST_LINES and len(line) >= _LONG_LINE}

    def _progress_bars(self) -> frozenset[int]:
        """Rows of the steps "ordered – shipped – out for delivery – delivered", which every mail of a shop shows:
        on one line, as cells of one row, or on a line each."""
        bars: set[int] = set()
        run: list[int] = []
        for row, (line, found) in enumerate(zip(self._texts, self._found, strict=True)):
            if found and (_are_steps(line) or (self._events((row,)) >= _BAR_STEPS and len(line) <= 3 * SHORT_LINE)):
                bars.add(row)
            if found and len(line) <= SHORT_LINE:
                run.append(row)
                continue
            if self._events(run) >= _BAR_STEPS:
                bars.update(run)
            # Dates between the steps do not end the bar.
            if not (len(line) <= SHORT_LINE and _has_digit(line)):
                run = []
        if self._events(run) >= _BAR_STEPS:
            bars.update(run)
        return frozenset(bars)

    def _events(self, rows: list[int] | tuple[int, ...]) -> int:
        """How many different events the lines *rows* tell."""
        return len({found.meaning[1] for row in rows for found in self._found[row]})


_NAME = re.compile(r"[\w&'-]+(?: [\w&'-]+)?")


@cache
def _to() -> re.Pattern[str]:
    """The words before the name of whom something is handed to."""
    return re.compile(rf" {any_of('news.to')}(?: {any_of('news.couriers')})? (?=[^\W\d_])")


@cache
def _door() -> re.Pattern[str]:
    """A carrier's door: "delivered to the DPD shop" is delivered, for the reader."""
    return re.compile(rf"[^.,;:!?\n]{{0,20}}{any_of('news.doors')}")


def _handed_over(text: str, found: FoundEvent) -> FoundEvent:
    """A delivery "to ELTA" is told by the sender: the parcel has only left."""
    rank, event = found.meaning
    if event is not Event.DELIVERED:
        return found
    to = _to().match(text, found.end)
    name = _NAME.match(text, to.end()) if to else None
    if name is None or _door().match(text, name.start()):
        return found
    words = (name[0], name[0].partition(" ")[0])
    if any(carriers_named(spelt) for word in words for spelt in (word, word.upper())):
        return found._replace(meaning=(rank, Event.SHIPPED))
    return found


def _may_go_on(text: str, below: str) -> bool:
    """Whether a sentence may have been broken between two lines, to fit the width of a screen."""
    return len(text) >= _BROKEN_LINE and text[-1] not in _ENDS and "\t" not in text and "\t" not in below


def _is_asked(line: str, found: FoundEvent) -> bool:
    """ "Not at home? Change your delivery" asks and tells nothing."""
    return line[found.end :].lstrip()[:1] in ("?", "？", "؟")


def _are_steps(line: str) -> bool:
    """Whether a row of three or more cells holds nothing but short words."""
    cells = line.split("\t")
    return len(cells) >= _BAR_STEPS and max(map(len, cells)) <= SHORT_LINE and not _has_digit(line)


def _has_digit(line: str) -> bool:
    return any(map(str.isdigit, line))
