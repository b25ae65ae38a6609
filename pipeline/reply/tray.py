"""Where answers go: the Drafts folder of the account that was written to, or the submission server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.deliver import Refused
from pipeline.deliver.append import open_shelf, plainly
from pipeline.mailbox.connect import NoFolder
from pipeline.sources import FILES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pipeline.config import Config
    from pipeline.deliver.append import Shelf
    from pipeline.mailbox.patience import Standings
    from pipeline.reply.question import Question

_DRAFTS = b"\\Drafts"
_DRAFT_FLAGS = (b"\\Draft", b"\\Seen")


@dataclass(slots=True)
class Tray:
    """The accounts of the settings, each opened once a run and only when it is needed."""

    config: Config
    standings: Standings
    now: datetime
    _open: dict[str, Shelf] = field(default_factory=dict)

    def flags(self, question: Question) -> frozenset[str] | None:
        """Return the IMAP flags of the mail that asks, lower case; ``None`` if it is gone. A file has none.

        Raises DeliveryError.
        """
        if question.place.account not in self.config.accounts:
            return frozenset()
        with plainly():
            try:
                return self._shelf(question.place.account).flags(question.place)
            except NoFolder:
                return None

    def draft(self, question: Question, mail: bytes, token: str, begin: Callable[[], object]) -> None:
        """Put *mail* into the drafts, unless a mail with its *token* lies there. Raises DeliveryError."""
        name = question.place.account
        if name == FILES:
            name = next(iter(self.config.accounts), "")
        if name not in self.config.accounts:
            raise Refused("no account has a folder for drafts: name one in [accounts]")
        with plainly():
            shelf = self._shelf(name)
            folder = self.config.reply.drafts or shelf.special_folder(_DRAFTS)
            if folder is None:
                raise Refused(f"account {name} names no folder for drafts: set drafts in [reply]")
            if shelf.holds(folder, "X-Parcel-Digest", token):
                return
            begin()
            shelf.append(folder, mail, _DRAFT_FLAGS)

    def send(self, question: Question, mail: bytes, begin: Callable[[], object]) -> None:
        """Send *mail*. Raises DeliveryError."""
        from pipeline.deliver.smtp import send

        sender = "" if self.config.reply.null_sender else question.address
        send(self.config.digest.smtp, mail, sender=sender, to=(question.reply_to,), begin=begin)

    def close(self) -> None:
        """Log out everywhere."""
        for shelf in self._open.values():
            shelf.close()
        self._open.clear()

    def _shelf(self, name: str) -> Shelf:
        if name not in self._open:
            self._open[name] = open_shelf(name, self.config.accounts[name], self.standings, self.now)
        return self._open[name]
