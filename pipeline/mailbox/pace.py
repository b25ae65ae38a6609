"""How large the steps through a mailbox are: tiny after a cut connection, to find the mail at which it breaks."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.mailbox import Unreachable
from pipeline.mailbox.connect import Cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Place

#: So often the connection must have broken when a mail was asked for alone.
_TO_BLAME = 2

#: More such mails in one run are the server's fault and not theirs.
_MAILS_TO_BLAME = 3

_SMALLEST = 4_096
_GROWS_BY = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked for at once.

    Attributes:
        headers: new mails up to this number are asked for their headers and sizes by one command; more are narrowed by
            their day of arrival first, and looked through by sender and subject alone.
        scan: mails that are looked through by one command.
        mails, bytes: what one batch holds at the most (a single larger mail is a batch of its own).
        whole: bytes of the largest mail that is fetched whole.
        part: bytes of each text part of a larger one.
        stride: scans between two batches, so that a cut connection costs no more than these.
    """

    headers: int = 500
    scan: int = 4_000
    mails: int = 200
    bytes: int = 4_000_000
    whole: int = 1_000_000
    part: int = 256_000
    stride: int = 5


class Pace:
    """The limits of the moment, and the mails at which the connection broke. For one run over one account."""

    def __init__(self, usual: Limits) -> None:
        self._usual = usual
        self._divisor = 1
        self._cuts: Counter[Place] = Counter()
        self._blamed = 0
        self._has_given = False
        self._last = ""

    @property
    def limits(self) -> Limits:
        """How much to ask for at once, now."""
        if self._divisor == 1:
            return self._usual
        usual, by = self._usual, self._divisor
        return replace(
            usual,
            headers=max(1, usual.headers // by),
            scan=max(1, usual.scan // by),
            mails=max(1, usual.mails // by),
        )

    def went_well(self) -> None:
        """A batch came in: make larger steps again."""
        self._divisor = max(1, self._divisor // _GROWS_BY)

    def was_cut(self) -> bool:
        """The connection was cut: go on in the smallest steps. True if that told one more mail that is to blame."""
        self._divisor = _SMALLEST
        blamed = sum(count >= _TO_BLAME for count in self._cuts.values())
        told = self._blamed < blamed <= (_MAILS_TO_BLAME if self._has_given else 1)
        self._blamed = blamed
        return told

    @contextmanager
    def blaming(self, alone: Place | None) -> Iterator[None]:
        """Around asking for texts of mails: a cut connection is held against the mail that is asked for *alone*."""
        try:
            yield
        except Cut as error:
            self._last = str(error)
            if alone is not None:
                self._cuts[alone] += 1
            raise
        self._has_given = True

    @property
    def is_unproven(self) -> bool:
        """Whether mails are to blame and not a single one was given: it may be the server."""
        return bool(self._blamed) and not self._has_given

    def judge(self) -> None:
        """Raise Unreachable if the server is to blame and not the mails."""
        if self.is_unproven:
            raise Unreachable(self._last)

    def breaks(self, place: Place) -> bool:
        """Whether the mail at *place* is to be left alone."""
        return self._cuts[place] >= _TO_BLAME
