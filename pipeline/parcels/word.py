"""The owner's word on one parcel: the marks that hold, while its story is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from pipeline.model import Mark, MarkKind

if TYPE_CHECKING:
    from collections.abc import Set

    from pipeline.model import Notice

#: Marks that speak of where a package is; they say nothing of one that comes to light later.
OF_THE_MOMENT: Final = frozenset(
    {MarkKind.DELIVERED, MarkKind.UNCHANGED, MarkKind.CONTACTED, MarkKind.DISPUTED, MarkKind.SHIPPED}
)
#: Marks that speak of the code; a change of it cancels them.
OF_THE_CODE: Final = frozenset({MarkKind.UNCHANGED, MarkKind.CONTACTED})


class OwnersWord:
    """Marks in the order in which they were made, without those that were taken back or cancelled."""

    def __init__(self, past: Set[int]) -> None:
        """Listen; *past* are positions of what was said before this package came to light."""
        self._past = past
        self._held: list[tuple[int, Notice, Mark]] = []

    def hear(self, position: int, notice: Notice, mark: Mark) -> None:
        """Hold one more mark."""
        self._held.append((position, notice, mark))

    def drop(self, kinds: Set[MarkKind]) -> None:
        """Let go of the marks of these *kinds*."""
        self._held = [held for held in self._held if held[2].kind not in kinds]

    @property
    def newest(self) -> tuple[int, Notice] | None:
        """The last mark that holds, with its position."""
        return self._held[-1][:2] if self._held else None

    def _of(self, *kinds: MarkKind) -> list[tuple[Notice, Mark]]:
        if not self._held:
            return []
        return [
            (notice, mark)
            for position, notice, mark in self._held
            if mark.kind in kinds and not (position in self._past and mark.kind in OF_THE_MOMENT)
        ]

    def first(self, *kinds: MarkKind) -> datetime | None:
        """When the first mark of *kinds* was made."""
        marked = self._of(*kinds)
        return marked[0][0].date if marked else None

    def last(self, *kinds: MarkKind) -> datetime | None:
        """When the last mark of *kinds* was made."""
        marked = self._of(*kinds)
        return marked[-1][0].date if marked else None

    def texts(self, kind: MarkKind) -> tuple[str, ...]:
        """The values of all marks of *kind*."""
        return tuple(mark.value for _, mark in self._of(kind) if mark.value)

    def day(self, kind: MarkKind) -> date | None:
        """The day that the last mark of *kind* with a day names."""
        for value in reversed(self.texts(kind)):
            try:
                return date.fromisoformat(value)
            except ValueError:
                continue
        return None

    def moment(self, kind: MarkKind) -> datetime | None:
        """The moment that the last mark of *kind* with a moment names."""
        named = (moment(mark) for _, mark in reversed(self._of(kind)))
        return next((found for found in named if found is not None), None)


def moment(mark: Mark) -> datetime | None:
    """The moment that the mark's value names, if it is one."""
    try:
        found = datetime.fromisoformat(mark.value or "")
    except ValueError:
        return None
    return found if found.tzinfo else None
