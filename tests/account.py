"""One run over one account, as the job makes it, for tests of servers and their moods."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from pipeline.config.accounts import Server
from pipeline.mailbox import Batch, Cursor, MailboxError, no_message_ids
from pipeline.mailbox.credentials import Secret
from pipeline.mailbox.imap import ImapMailbox
from pipeline.mailbox.pace import Limits

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from pipeline.mailbox import MessageIds

LONG_AGO = date(2000, 1, 1)
USUAL = Limits()


def mail(number: int, subject: str = "shipped", body: str = "your parcel is on its way") -> bytes:
    """A mail that is wanted, if its subject is "shipped"."""
    return (
        f"From: Shop <post@shop.example>\r\nSubject: {subject} {number}\r\nMessage-ID: <{number}@shop.example>\r\n"
        f"Date: Mon, 02 Nov 2026 10:00:00 +0000\r\n\r\n{body} {number}\r\n"
    ).encode()


def plain(port: int, user: str = "me") -> Server:
    return Server(host="127.0.0.1", port=port, security="plain", username=user)


@dataclass
class Run:
    """What a run came to."""

    batches: list[Batch] = field(default_factory=list)
    error: MailboxError | None = None

    @property
    def mails(self) -> list[bytes]:
        return [mail.data for batch in self.batches for mail in batch.mails]

    @property
    def uids(self) -> list[int]:
        return [int(mail.place.uid) for batch in self.batches for mail in batch.mails]

    @property
    def failed(self) -> dict[int, str]:
        return {int(unread.place.uid): unread.error for batch in self.batches for unread in batch.failed}

    @property
    def cursors(self) -> dict[str, Cursor]:
        return {batch.cursor.folder: batch.cursor for batch in self.batches if batch.cursor}


def read(
    server: Server,
    cursors: Mapping[str, Cursor] | None = None,
    *,
    folders: tuple[str, ...] = ("INBOX",),
    since: date = LONG_AGO,
    limits: Limits = USUAL,
    password: str = "secret",
    token: bool = False,
    known: Collection[int] = (),
    message_ids: MessageIds = no_message_ids,
) -> Run:
    """Read the account to its end, or to the error that ends it."""
    mailbox = ImapMailbox("home", server, Secret(password, is_token=token), folders=folders, since=since, limits=limits)
    result = Run()
    with closing(mailbox):
        try:
            for batch in mailbox.batches(
                cursors or {},
                lambda header: b"Subject: shipped" in header,
                lambda place: int(place.uid) in known,
                (),
                message_ids,
            ):
                result.batches.append(batch)
        except MailboxError as error:
            result.error = error
    return result


def settings(folder: Path, port: int, user: str = "me", *, password: str = "secret", more: str = "") -> Path:
    """Write the settings of one account on a loopback port into *folder*; *more* are further lines of the account."""
    path = folder / "config.toml"
    path.write_text(
        f"""
        timezone = "Europe/Berlin"
        [accounts.home]
        address = "mila@example.org"
        username = "{user}"
        host = "127.0.0.1"
        port = {port}
        security = "plain"
        password_command = ["echo", "{password}"]
        trusted_authserv_ids = ["mx.example.org"]
        {more}
        """,
        "utf-8",
    )
    return path
