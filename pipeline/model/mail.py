"""A mail as it came, where it lies, who sent it, and what could not be read or must not be believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

#: The header that every mail of this program carries, so that no run takes a digest or an answer for news.
MARKER: Final = "X-Parcel-Digest"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies: enough to find it again, and the key under which it is handled once.

    Attributes:
        account: name of the account in the settings, or ``"files"`` for a mailbox of files.
        folder: IMAP folder name, or the path of the file or folder given.
        uidvalidity: IMAP UIDVALIDITY (RFC 3501 section 2.3.1.1); 0 for files.
        uid: IMAP UID, or ``""``; a file's name (relative to *folder*) for files.
    """

    account: str
    folder: str
    uidvalidity: int
    uid: str

    @property
    def path(self) -> str:
        """Where it lies, for people: folder and file, or folder and UID."""
        return self.folder if self.folder.rpartition("/")[2] == self.uid else f"{self.folder}/{self.uid}"


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address header: display name and address (lower case); either may be empty."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part behind the last ``@``, lower case, or an empty string."""
        return self.address.rpartition("@")[2] if "@" in self.address else ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a mail: where it leads (entities decoded, not unwrapped) and the words it stands under."""

    url: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One parsed mail. All text is Unicode without control characters (tab and line feed stay).

    Attributes:
        message_id: the Message-ID without angle brackets; if missing, ``sha256-…@no-message-id`` of the bytes, so
            that the same mail has the same identity wherever it lies.
        date: the Date header, else the newest Received, else ``None``. Aware.
        senders: every address of every From header, in order. A sound mail has exactly one.
        recipients: addresses of To, Cc and Delivered-To.
        subject: decoded and unfolded.
        text: what a person reads: the text/plain parts, or the HTML made text. One block a line; the cells of a
            table row are joined by a tab.
        links: links of the HTML, ``<https://…>`` and bare links of the text, in order, without duplicates.
        markup: contents of ``<script type="application/ld+json">`` elements, in order.
        microdata: (itemprop, value) pairs of HTML microdata, in document order; an ``itemscope`` opens with
            ``("itemtype", <type>)``.
        headers: (name, raw unfolded value) pairs in the order of the mail.
        attached: mails attached as message/rfc822, parsed alike (depth limited).
        defects: everything that was wrong with the mail and how it was mended, in plain words.
        size: bytes of the mail as it came.
    """

    message_id: str
    date: datetime | None
    senders: tuple[Address, ...]
    recipients: tuple[Address, ...]
    subject: str
    text: str
    links: tuple[Link, ...] = ()
    markup: tuple[str, ...] = ()
    microdata: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    attached: tuple[Message, ...] = ()
    defects: tuple[str, ...] = ()
    size: int = 0

    @property
    def sender(self) -> Address:
        """The first From address, or an empty one."""
        return self.senders[0] if self.senders else Address("", "")

    @property
    def is_ours(self) -> bool:
        """Whether this program wrote it. Whoever forges that has a mail that is not read."""
        return bool(self.header(MARKER))

    def header(self, name: str) -> tuple[str, ...]:
        """All values of the header *name* (any case), topmost first."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)


class Trust(StrEnum):
    """Who really sent a mail. ``OWNER`` is the owner's own word, given on the command line."""

    TRUSTED = "trusted"
    UNVERIFIED = "unverified"
    SUSPICIOUS = "suspicious"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The trust in one mail, with the reasons in plain words."""

    trust: Trust
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A mail that could not be read: shown, kept in quarantine, tried again a limited number of times."""

    place: Place
    message_id: str
    error: str
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A mail that touches no parcel because its sender is not who it claims to be."""

    message_id: str
    date: datetime
    reason: str
    subject: str = ""
    sender: str = ""
