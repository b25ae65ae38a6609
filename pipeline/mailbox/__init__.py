"""Where mails come from. Each source keeps one small protocol and knows nothing of parcels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from pipeline.model.mail import Place, Unread

#: Decides from the raw header bytes of a mail (From, Subject, perhaps Message-ID) whether its body is worth fetching.
Wanted = Callable[[bytes], bool]

#: (account, folder, UIDVALIDITY) → the Message-IDs of some mails that were read there, by UID.
MessageIds = Callable[[str, str, int], Mapping[int, str]]


def no_message_ids(account: str, folder: str, uidvalidity: int) -> Mapping[int, str]:
    """Remember nothing."""
    return {}


#: The error of a mail at which the connection breaks.
BREAKS = "the connection breaks whenever this mail is asked for"


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder has been read: everything below *next_uid* under this *uidvalidity* is finished."""

    account: str
    folder: str
    uidvalidity: int
    next_uid: int


@dataclass(frozen=True, slots=True)
class RawMail:
    """One mail as bytes. ``partial`` says that only its start was fetched because it is over the size cap."""

    place: Place
    data: bytes
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a folder's new mails have been looked at: *done* of *total*."""

    folder: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction of the ledger takes: mails, mails that could not be fetched, and how far this reaches.

    ``cursor`` covers the contiguous finished prefix of the folder; ``None`` where the source keeps none (files).
    A batch of a long walk may hold nothing but its ``progress``.
    """

    mails: tuple[RawMail, ...] = ()
    failed: tuple[Unread, ...] = ()
    cursor: Cursor | None = None
    progress: Progress | None = None


class Mailbox(Protocol):
    """A source of mails: an IMAP account, a folder of .eml files, a Maildir or an mbox."""

    def batches(
        self,
        cursors: Mapping[str, Cursor],
        wanted: Wanted,
        known: Callable[[Place], bool],
        again: Collection[Place] = (),
        message_ids: MessageIds = no_message_ids,
    ) -> Iterator[Batch]:
        """Yield new mails in batches, oldest first.

        *cursors* by folder name; *known* tells places already handled, which are left out; *again* are places behind
        the cursor that could not be read before and are tried once more; *message_ids* tell whether a folder that
        calls itself new is. Raises MailboxError.
        """
        ...

    def close(self) -> None:
        """Let go of the connection or file; never raises."""
        ...


class MailboxError(Exception):
    """A mailbox that cannot be read. Its text is the one line the user needs; ``exit_code`` is from sysexits.h."""

    exit_code = 75


class Unreachable(MailboxError):
    """Network trouble, a stall, a server that says BYE: the next run goes on from here (75, EX_TEMPFAIL)."""

    exit_code = 75


class LoginRefused(MailboxError):
    """The server does not accept user name and password (77, EX_NOPERM)."""

    exit_code = 77


class WrongSettings(MailboxError):
    """What only a change of the settings cures: certificate, unknown folder, no such path (78, EX_CONFIG)."""

    exit_code = 78
