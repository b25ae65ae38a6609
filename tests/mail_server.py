"""What the tests' real IMAP servers have in common: a mailbox for every user name, filled by a second client."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

from imapclient import IMAPClient

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

PASSWORD = "secret"


class MailServer:
    """A running server: ``port`` speaks plain text. Any user logs in with :data:`PASSWORD` and has a mailbox."""

    port: int

    def stop(self) -> None:
        """End the server and remove all it left."""
        raise NotImplementedError

    def client(self, user: str) -> IMAPClient:
        """Return a second client, logged in; to be used in a ``with``."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20)
        client.login(user, PASSWORD)
        client.normalise_times = False
        return client

    def deliver(
        self,
        user: str,
        mails: Iterable[bytes],
        folder: str = "INBOX",
        *,
        flags: tuple[bytes, ...] = (),
        arrived: datetime | None = None,
    ) -> None:
        """Put *mails* into *folder* (made if need be), with an arrival date of now or *arrived*."""
        with self.client(user) as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            when = {"date": arrived} if arrived else {}
            entries = [{"msg": mail, "flags": flags, **when} for mail in mails]
            for start in range(0, len(entries), 500):
                answer = client.multiappend(folder, entries[start : start + 500])
                # imapclient 4.1 hands a refusal back instead of raising it.
                if isinstance(answer, tuple) and answer[0] != "OK":
                    raise RuntimeError(f"mails refused: {answer}")

    def flags(self, user: str, folder: str = "INBOX") -> dict[int, tuple[bytes, ...]]:
        """Return the flags of every mail, ``\\Recent`` among them, without changing any."""
        with self.client(user) as client:
            client.select_folder(folder, readonly=True)
            return {uid: tuple(sorted(flags)) for uid, flags in client.get_flags(client.search()).items()}

    def expunge(self, user: str, uids: list[int], folder: str = "INBOX") -> None:
        """Remove mails for good."""
        with self.client(user) as client:
            client.select_folder(folder)
            client.delete_messages(uids)
            client.expunge()

    def move(self, user: str, uids: list[int], target: str, folder: str = "INBOX") -> None:
        """Move mails to the folder *target*, made if need be."""
        with self.client(user) as client:
            if not client.folder_exists(target):
                client.create_folder(target)
            client.select_folder(folder)
            client.move(uids, target)

    def delete_folder(self, user: str, folder: str) -> None:
        """Remove *folder* and what is in it; made again it has another UIDVALIDITY."""
        with self.client(user) as client:
            client.delete_folder(folder)


def free_ports(count: int) -> list[int]:
    """Return ports of 127.0.0.1 that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait_for(port: int, seconds: float = 20) -> bool:
    """Wait until *port* takes connections; return whether it does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return True
    return False
