"""New mails of one IMAP account, with as few commands as the protocol allows.

Folders are opened with EXAMINE and mails are read with BODY.PEEK, so that nothing in the mailbox changes. The
state between two runs is one number a folder, the next UID (:class:`~pipeline.mailbox.Cursor`): EXAMINE tells
UIDVALIDITY and UIDNEXT, so a folder without news costs one command. Headers decide which bodies are fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline.mailbox import Batch, Cursor, RawMail, WrongSettings
from pipeline.mailbox.connect import NoFolder, Opened, Session, Traffic
from pipeline.mailbox.fetch import ask
from pipeline.model import Place, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import date

    from pipeline.config.accounts import Server
    from pipeline.mailbox import Wanted
    from pipeline.mailbox.credentials import Secret

#: The header fields by which `wanted` decides. ENVELOPE would cost the server three times as much.
FIELDS = ("FROM", "SENDER", "REPLY-TO", "SUBJECT", "DATE", "MESSAGE-ID", "IN-REPLY-TO", "X-PARCEL-DIGEST")

_MESSAGE_ID = re.compile(rb"^message-id:\s*<?([^<>\r\n]{1,500})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked for at once.

    Attributes:
        headers: UIDs a FETCH of headers names; more new mails than that are narrowed by SEARCH first.
        mails, bytes: what one batch holds at the most (a single larger mail is a batch of its own).
        whole: bytes of the largest mail that is fetched whole.
        part: bytes of the start of a larger one.
        stride: FETCHes of headers between two batches, so that a cut connection costs no more than these.
    """

    headers: int = 500
    mails: int = 200
    bytes: int = 8_000_000
    whole: int = 10_000_000
    part: int = 512_000
    stride: int = 20


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A mail whose headers are wanted."""

    uid: int
    size: int
    message_id: str


class ImapMailbox:
    """One account, keeping the protocol :class:`~pipeline.mailbox.Mailbox`.

    Args:
        account: the account's name in the settings.
        server: where it is.
        secret: password or token.
        folders: names of the folders to read, as people write them.
        since: how far back a first run, or one after a long gap, looks: the first day.
        limits: how much is asked for at once.
        more_fields: header fields that `wanted` needs beside ``FIELDS``.
    """

    def __init__(
        self,
        account: str,
        server: Server,
        secret: Secret,
        *,
        folders: Sequence[str] = ("INBOX",),
        since: date,
        limits: Limits = Limits(),
        more_fields: Sequence[str] = (),
    ) -> None:
        self.traffic = Traffic()
        self._account = account
        self._server = server
        self._secret = secret
        self._folders = tuple(folders)
        # SINCE disregards time zones (RFC 9051 section 6.4.4): with a day more nothing is lost.
        self._since = since - timedelta(days=1)
        self._limits = limits
        self._header = f"BODY.PEEK[HEADER.FIELDS ({' '.join((*FIELDS, *more_fields))})]"
        self._session: Session | None = None

    def batches(
        self,
        cursors: Mapping[str, Cursor],
        wanted: Wanted,
        known: Callable[[Place], bool],
        again: Collection[Place] = (),
    ) -> Iterator[Batch]:
        """Connect, and yield each folder's new mails that are *wanted*, oldest first, and those to try *again*.

        A batch's cursor holds as soon as it is yielded: a run that is cut goes on there. No news, no batch.

        Raises:
            Unreachable, LoginRefused, WrongSettings: see :mod:`pipeline.mailbox.connect`. A folder that does
                not exist is told after the others have been read.
        """
        self.close()
        session = self._session = Session(self._account, self._server, self._secret, self.traffic)
        lacking: list[str] = []
        for folder in self._folders:
            try:
                opened = session.examine(folder)
            except NoFolder as error:
                lacking.append(str(error))
                continue
            mails = _Folder(session, self._account, folder, opened, self._limits, self._header)
            cursor = cursors.get(folder)
            if cursor is not None and cursor.uidvalidity == opened.uidvalidity:
                yield from mails.once_more(cursor, [place for place in again if place.folder == folder])
            yield from mails.batches(cursor, self._since, wanted, known)
        if lacking:
            raise WrongSettings("; ".join(lacking))

    def close(self) -> None:
        """Log out; never raises."""
        if self._session is not None:
            self._session.close()
            self._session = None


class _Folder:
    """One opened folder on its way from the cursor to UIDNEXT."""

    def __init__(
        self, session: Session, account: str, folder: str, opened: Opened, limits: Limits, header: str
    ) -> None:
        self._session = session
        self._header = header
        self._account = account
        self._folder = folder
        self._opened = opened
        self._limits = limits

    def batches(
        self, cursor: Cursor | None, since: date, wanted: Wanted, known: Callable[[Place], bool]
    ) -> Iterator[Batch]:
        opened, limits = self._opened, self._limits
        if cursor is not None and cursor.uidvalidity != opened.uidvalidity:
            cursor = None
        # A UIDNEXT that went back (a restored backup) gives UIDs again: what is known of them is void.
        reused = cursor is not None and opened.uidnext < cursor.next_uid
        first = 1 if cursor is None or reused else cursor.next_uid
        if cursor is not None and first == opened.uidnext == cursor.next_uid:
            return
        few = cursor is not None and not reused and opened.uidnext - first <= limits.headers
        if not opened.exists:
            uids: Sequence[int] = ()
        elif few:
            uids = range(first, opened.uidnext)
        else:
            uids = self._session.search(opened, first, since)
        todo = [uid for uid in uids if reused or not known(self._place(uid))]

        chosen: list[_Candidate] = []
        failed: list[Unread] = []
        starts = range(0, len(todo), limits.headers)
        for count, start in enumerate(starts, 1):
            chunk = todo[start : start + limits.headers]
            chosen += self._choose(chunk, wanted, failed, surely_there=not few)
            last = start == starts[-1]
            if last or len(chosen) >= limits.mails or count % limits.stride == 0:
                yield from self._read(chosen, failed, opened.uidnext if last else chunk[-1] + 1)
                chosen, failed = [], []
        if not todo:
            yield Batch(cursor=self._cursor(opened.uidnext))

    def once_more(self, cursor: Cursor, places: Sequence[Place]) -> Iterator[Batch]:
        """Yield mails behind the *cursor* that could not be read before; one that is gone is told as unread."""
        uids = sorted(int(place.uid) for place in places if place.uidvalidity == self._opened.uidvalidity)
        if not uids:
            return
        failed: list[Unread] = []
        chosen = self._choose(uids, lambda _: True, failed, surely_there=False)
        there = {mail.uid for mail in chosen} | {int(mail.place.uid) for mail in failed}
        failed += [Unread(self._place(uid), "", "the server no longer has it") for uid in uids if uid not in there]
        yield from self._read(chosen, failed, cursor.next_uid)

    def _choose(
        self, uids: Sequence[int], wanted: Wanted, failed: list[Unread], *, surely_there: bool
    ) -> list[_Candidate]:
        """Return those of *uids* whose headers are wanted; what cannot be had goes to *failed*."""
        found, refused = ask(self._session, uids, (self._header, "RFC822.SIZE"), b"BODY[HEADER", again=surely_there)
        failed += [Unread(self._place(uid), "", reason) for uid, reason in sorted(refused.items())]
        chosen = []
        for uid, (header, size) in sorted(found.items()):
            if wanted(header):
                message_id = _MESSAGE_ID.search(header)
                name = message_id[1].decode("utf-8", "replace").strip() if message_id else ""
                chosen.append(_Candidate(uid, size, name))
        return chosen

    def _read(self, chosen: Sequence[_Candidate], failed: Sequence[Unread], upto: int) -> Iterator[Batch]:
        """Yield the bodies of *chosen*; the last batch's cursor is *upto*."""
        groups = list(self._groups(chosen)) or [[]]
        unread = list(failed)
        for number, group in enumerate(groups, 1):
            found: dict[int, tuple[bytes, int]] = {}
            refused: dict[int, str] = {}
            whole = [mail.uid for mail in group if mail.size <= self._limits.whole]
            large = [mail.uid for mail in group if mail.size > self._limits.whole]
            for uids, item in ((whole, "BODY.PEEK[]"), (large, f"BODY.PEEK[]<0.{self._limits.part}>")):
                if uids:
                    got, lost = ask(self._session, uids, (item,), b"BODY[]", again=True)
                    found |= got
                    refused |= lost
            names = {mail.uid: mail.message_id for mail in group}
            unread += [Unread(self._place(uid), names[uid], why) for uid, why in sorted(refused.items())]
            mails = tuple(
                RawMail(self._place(uid), data, partial=uid in large) for uid, (data, _) in sorted(found.items())
            )
            end = upto if number == len(groups) else groups[number][0].uid
            yield Batch(mails, tuple(unread), self._cursor(end))
            unread = []

    def _groups(self, chosen: Sequence[_Candidate]) -> Iterator[list[_Candidate]]:
        """Cut *chosen* into what one batch may hold, by number and by bytes."""
        limits = self._limits
        group: list[_Candidate] = []
        size = 0
        for mail in chosen:
            takes = mail.size if mail.size <= limits.whole else limits.part
            if group and (len(group) == limits.mails or size + takes > limits.bytes):
                yield group
                group, size = [], 0
            group.append(mail)
            size += takes
        if group:
            yield group

    def _place(self, uid: int) -> Place:
        return Place(self._account, self._folder, self._opened.uidvalidity, str(uid))

    def _cursor(self, next_uid: int) -> Cursor:
        return Cursor(self._account, self._folder, self._opened.uidvalidity, next_uid)
