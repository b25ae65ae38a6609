"""Appending a mail to a folder of an own mailbox over IMAP: no SMTP needed, and surely not twice.

The folder is searched for the mail's Message-ID first, so that a run that was cut between the server's work and its
answer does not append a second one.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from pipeline.deliver.errors import DeliveryError, Postponed, Refused
from pipeline.mailbox import MailboxError
from pipeline.mailbox.connect import NoFolder, Traffic
from pipeline.mailbox.credentials import secret
from pipeline.mailbox.patience import Resting, patience
from pipeline.mailbox.session import Session
from pipeline.model import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from pipeline.config.accounts import Account
    from pipeline.mailbox.patience import Standings


class Shelf(Session):
    """A session that can also put mails into folders. Folders are still opened read-only."""

    def holds(self, folder: str, header: str, value: str) -> bool:
        """Whether a mail in *folder* has *value* (ASCII, of our own making) in its header *header*."""
        return bool(self.find(folder, header, value))

    def find(self, folder: str, header: str, value: str) -> list[Place]:
        """Return the places of the mails in *folder* that have *value* in their header *header*.

        *value* is printable ASCII: imapclient would send a line break in it as it is.
        """
        opened = self.examine(folder)
        if not opened.exists:
            return []
        with self._explained(f"searching {folder}"):
            self._traffic.asked(f"SEARCH HEADER {header}")
            found = self._client.search([b"HEADER", header.encode("ascii"), value.encode("ascii")])
        return [Place(self._account, folder, opened.uidvalidity, str(uid)) for uid in found]

    def flags(self, place: Place) -> frozenset[str] | None:
        """Return the flags of the mail at *place*, lower case; ``None`` if it is no longer there."""
        if self.examine(place.folder).uidvalidity != place.uidvalidity:
            return None
        found = self.fetch([int(place.uid)], ["FLAGS"]).get(int(place.uid))
        flags = found.get(b"FLAGS") if found is not None else None
        if not isinstance(flags, tuple):
            return None
        return frozenset(flag.decode("ascii", "replace").lower() for flag in flags)

    def append(self, folder: str, mail: bytes, flags: Sequence[bytes] = ()) -> None:
        """Append *mail*. Raises Refused of :mod:`pipeline.mailbox.connect` (as for a full quota)."""
        with self._explained(f"appending to {folder}"):
            self._traffic.asked(f"APPEND {folder}")
            self._client.append(folder, mail, flags)

    def special_folder(self, use: bytes) -> str | None:
        """Return the folder that the server gives the special *use* (RFC 6154), as ``\\Drafts``, or ``None``."""
        with self._explained("listing folders"):
            self._traffic.asked("LIST")
            found: str | None = self._client.find_special_folder(use)
            return found


def open_shelf(name: str, account: Account, standings: Standings, now: datetime) -> Shelf:
    """Log in to the account *name*, unless *standings* say that its server is not to be asked. Raises MailboxError."""
    server = account.server()
    with patience(name, server, lambda: secret(name, account), standings, now) as password:
        return Shelf(name, server, password, Traffic())


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what mailboxes raise into a DeliveryError."""
    try:
        yield
    except Resting as error:
        raise Postponed(str(error), error.exit_code) from None
    except MailboxError as error:
        raise DeliveryError(str(error), error.exit_code) from None


def append_once(
    name: str,
    account: Account,
    folder: str,
    mail: bytes,
    message_id: str,
    begin: Callable[[], object],
    *,
    standings: Standings,
    now: datetime,
) -> bool:
    """Append *mail* to *folder* of the account *name*, unless a mail with its *message_id* lies there.

    Returns whether it was appended. Raises DeliveryError; Refused where there is no such folder.
    """
    with plainly():
        try:
            with closing(open_shelf(name, account, standings, now)) as shelf:
                if shelf.holds(folder, "Message-ID", f"<{message_id}>"):
                    return False
                begin()
                shelf.append(folder, mail)
                return True
        except NoFolder as error:
            raise Refused(f"{error}; make the folder with your mail program") from None
