"""New mails of one IMAP account, with as few commands as the protocol allows.

Folders are opened with EXAMINE and mails are read with BODY.PEEK, so that nothing in the mailbox changes. The
state between two runs is one number a folder, the next UID (:class:`~pipeline.mailbox.Cursor`): EXAMINE tells
UIDVALIDITY and UIDNEXT, so a folder without news costs one command. Headers decide which bodies are fetched.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import sleep
from typing import TYPE_CHECKING

from pipeline.mailbox import Cursor, WrongSettings, no_message_ids
from pipeline.mailbox.connect import Cut, NoFolder, Traffic
from pipeline.mailbox.pace import Limits, Pace
from pipeline.mailbox.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import date

    from pipeline.config.accounts import Server
    from pipeline.mailbox import Batch, MessageIds, Wanted
    from pipeline.mailbox.credentials import Secret
    from pipeline.mailbox.session import Opened
    from pipeline.model import Place

#: Seconds to wait before each new connection after a cut one; so many may be cut in a row before the run gives up.
PAUSES = (0.2, 2.0)

#: From so many folders on one command asks for the news of all; with fewer, EXAMINE would be sent anyway.
POLL_FROM = 3


class ImapMailbox:
    """One account, keeping the protocol :class:`~pipeline.mailbox.Mailbox`.

    Args:
        account: the account's name in the settings.
        server: where it is.
        secret: password or token.
        folders: names of the folders to read, as people write them; see :mod:`pipeline.mailbox.names`.
        since: how far back a first run, or one after a long gap, looks: the first day.
        afresh: look that far back whatever was read before.
        limits: how much is asked for at once.
        more_fields: header fields that `wanted` needs beside From, Subject and Message-ID.
        tell: is given a line for each command.
    """

    def __init__(
        self,
        account: str,
        server: Server,
        secret: Secret,
        *,
        folders: Sequence[str] = ("INBOX",),
        since: date,
        afresh: bool = False,
        limits: Limits | None = None,
        more_fields: Sequence[str] = (),
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._tell = tell
        self.traffic = Traffic(tell=lambda command: tell(f"{account}: {command}"))
        self._account = account
        self._server = server
        self._secret = secret
        self._folders = tuple(folders)
        # SINCE disregards time zones (RFC 9051 section 6.4.4): with a day more nothing is lost.
        self._since = since - timedelta(days=1)
        self._afresh = afresh
        self._pace = Pace(limits or Limits())
        self._more_fields = tuple(more_fields)
        self._session: Session | None = None

    def batches(
        self,
        cursors: Mapping[str, Cursor],
        wanted: Wanted,
        known: Callable[[Place], bool],
        again: Collection[Place] = (),
        message_ids: MessageIds = no_message_ids,
    ) -> Iterator[Batch]:
        """Connect, and yield each folder's new mails that are *wanted*, oldest first, and those to try *again*.

        A batch's cursor holds as soon as it is yielded: a run that is cut goes on there. No news, no batch. Where the
        connection is cut in the middle, another one goes on at the last cursor.

        Raises:
            Unreachable, LoginRefused, WrongSettings: see :mod:`pipeline.mailbox.connect`. A folder that does
                not exist is told after the others have been read.
        """
        reached = {} if self._afresh else dict(cursors)
        retries = set(() if self._afresh else again)
        pauses = iter(PAUSES)
        self._connect()
        while True:
            try:
                for batch in self._walk(reached, retries, wanted, known, message_ids):
                    if batch.cursor is not None:
                        pauses = iter(PAUSES)
                        self._pace.went_well()
                        reached[batch.cursor.folder] = batch.cursor
                        retries -= {mail.place for mail in batch.mails} | {mail.place for mail in batch.failed}
                    yield replace(batch, cursor=_farther(batch.cursor, cursors)) if self._afresh else batch
                return
            except Cut:
                if self._pace.was_cut():
                    pauses = iter(PAUSES)
                pause = next(pauses, None)
                if pause is None:
                    raise
                sleep(pause)
                self._connect()

    def close(self) -> None:
        """Log out; never raises."""
        if self._session is not None:
            self._session.close()
            self._session = None
            self._tell(f"{self._account}: {self.traffic.commands} commands, {self.traffic.bytes} bytes of mails")

    def _connect(self) -> None:
        self.close()
        self._session = Session(self._account, self._server, self._secret, self.traffic)

    def _walk(
        self,
        reached: Mapping[str, Cursor],
        retries: Collection[Place],
        wanted: Wanted,
        known: Callable[[Place], bool],
        message_ids: MessageIds,
    ) -> Iterator[Batch]:
        session = self._session
        assert session is not None
        lacking: list[str] = []
        names: Sequence[str] = self._folders
        if any(not is_plain(name) for name in names):
            from pipeline.mailbox.names import folder_names

            names = folder_names(session, names)
        states = session.poll(names) if len(names) >= POLL_FROM else {}
        for name in names:
            cursor = reached.get(name)
            due = [place for place in retries if place.folder == name]
            if cursor is not None and name in states and not due and _is_quiet(cursor, states[name]):
                continue
            try:
                opened = session.examine(name)
            except NoFolder as error:
                lacking.append(str(error))
                continue
            if cursor is not None and not due and _is_quiet(cursor, opened):
                continue
            from pipeline.mailbox.folder import Folder

            folder = Folder(session, self._account, name, opened, self._pace, self._more_fields)
            if cursor is not None and cursor.uidvalidity != opened.uidvalidity:
                cursor = folder.taken_over(cursor, message_ids(self._account, name, cursor.uidvalidity))
            if cursor is not None:
                yield from folder.once_more(cursor, due)
            yield from folder.batches(cursor, self._since, wanted, known)
        if lacking:
            raise WrongSettings("; ".join(lacking))


def _farther(cursor: Cursor | None, cursors: Mapping[str, Cursor]) -> Cursor | None:
    """*cursor*, or that of an earlier run that got farther: looking back must not make the next run look again."""
    before = cursors.get(cursor.folder) if cursor is not None else None
    if cursor is None or before is None or before.uidvalidity != cursor.uidvalidity:
        return cursor
    return max(cursor, before, key=lambda each: each.next_uid)


def is_plain(name: str) -> bool:
    """Whether *name* is that of a folder; else it says which ones are meant (:mod:`pipeline.mailbox.names`)."""
    return name != "*" and not name.startswith("\\")


def _is_quiet(cursor: Cursor, state: Opened) -> bool:
    return (cursor.uidvalidity, cursor.next_uid) == (state.uidvalidity, state.uidnext)
