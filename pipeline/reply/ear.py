"""Listens, while one mailbox is read, for what its mails ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.ledger import Ledger
    from pipeline.mailbox import Cursor
    from pipeline.model import Message, Notice, Place
    from pipeline.reply.reception import Heard, Reception
    from pipeline.sources import Whom


@dataclass(slots=True)
class Ear:
    """Listens to the mails of one source for what they ask."""

    ledger: Ledger
    reception: Reception
    whom: Whom
    cursors: Mapping[str, Cursor]
    _first: bool | None = None

    def hear(self, message: Message, notice: Notice, place: Place) -> Heard:
        """Return what *message* asks or commands."""
        return self.reception.hear(message, notice, place, self.whom, first_run=self._is_first_run(place))

    def fetches_more(self, place: Place) -> bool:
        """Whether mails come in, only to be asked what they ask, that speak of no parcel by their heads."""
        return self.reception.listens and bool(place.uidvalidity)

    def _is_first_run(self, place: Place) -> bool:
        """Whether the folder was never read before, or is another than it was."""
        if place.uidvalidity:
            cursor = self.cursors.get(place.folder)
            return cursor is None or cursor.uidvalidity != place.uidvalidity
        if self._first is None:
            self._first = not self.ledger.has_read(place.account)
        return self._first
