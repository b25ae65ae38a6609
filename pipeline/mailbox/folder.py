"""One opened folder on its way from the cursor to UIDNEXT: which mails, in which batches, how far that reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.mailbox import BREAKS, Batch, Cursor, Progress, RawMail
from pipeline.mailbox.connect import PASSING, Refused
from pipeline.mailbox.fetch import ask
from pipeline.model import Place, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date

    from pipeline.mailbox import Wanted
    from pipeline.mailbox.pace import Limits, Pace
    from pipeline.mailbox.session import Opened, Session

#: What tells whether a mail is wanted; servers keep these two fields at hand. ENVELOPE costs three times as much.
SENDER_AND_SUBJECT = ("FROM", "SUBJECT")
#: The same, and the name by which the mail may be known already.
WITH_MESSAGE_ID = (*SENDER_AND_SUBJECT, "MESSAGE-ID")

#: A folder whose UIDVALIDITY changed is the same one if so many Message-IDs stand where they stood (mbsync's numbers).
SAME_MAILS = 20
SAME_SHARE = 0.8

_MESSAGE_ID = re.compile(rb"^message-id:\s*<?([^<>\r\n]{1,500})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A mail whose headers are wanted."""

    uid: int
    size: int
    message_id: str


class Folder:
    """One folder that the *session* has opened."""

    def __init__(
        self,
        session: Session,
        account: str,
        name: str,
        opened: Opened,
        pace: Pace,
        more_fields: Sequence[str] = (),
    ) -> None:
        self._session = session
        self._account = account
        self._name = name
        self._opened = opened
        self._pace = pace
        self._scanned = _header((*SENDER_AND_SUBJECT, *more_fields))
        self._chosen_by = _header((*WITH_MESSAGE_ID, *more_fields))
        # What could not be read and is told with the next that could.
        self._held: list[Unread] = []

    @property
    def _limits(self) -> Limits:
        return self._pace.limits

    def taken_over(self, cursor: Cursor, message_ids: Mapping[int, str]) -> Cursor | None:
        """Return the *cursor* as it holds under the new UIDVALIDITY; ``None`` if the mails are others.

        Some servers change UIDVALIDITY and nothing else: then the mails of *message_ids* still have their UIDs.
        """
        if not message_ids or not self._opened.exists or self._opened.uidnext < cursor.next_uid:
            return None
        found, _ = ask(self._session, sorted(message_ids), (_header(WITH_MESSAGE_ID),), b"BODY[HEADER", again=False)
        same = [uid for uid, (header, _) in found.items() if _message_id(header) == message_ids[uid]]
        if not same or (len(same) < SAME_MAILS and len(same) < SAME_SHARE * len(message_ids)):
            return None
        # What lies behind the last of them may have been given other UIDs: a backup that was played back, say.
        return replace(cursor, uidvalidity=self._opened.uidvalidity, next_uid=max(same) + 1)

    def batches(
        self, cursor: Cursor | None, since: date, wanted: Wanted, known: Callable[[Place], bool]
    ) -> Iterator[Batch]:
        """Yield the mails behind *cursor*; without one, those that arrived *since*."""
        opened, limits = self._opened, self._limits
        # A UIDNEXT that went back (a restored backup) gives UIDs again: what is known of them is void.
        reused = cursor is not None and opened.uidnext < cursor.next_uid
        first = 1 if cursor is None or reused else cursor.next_uid
        if cursor is not None and first == opened.uidnext == cursor.next_uid:
            return
        skip = (lambda _: False) if reused else known
        if not opened.exists:
            yield Batch(cursor=self._cursor(opened.uidnext))
        elif cursor is not None and not reused and opened.uidnext - first <= limits.headers:
            failed: list[Unread] = []
            uids = range(first, opened.uidnext)
            chosen = self._choose(uids, wanted, skip, failed, surely_there=False)
            yield from self._read(chosen, failed, opened.uidnext)
        else:
            yield from self._look_through(self._session.search(opened, first, since), wanted, skip)

    def _look_through(self, uids: Sequence[int], wanted: Wanted, known: Callable[[Place], bool]) -> Iterator[Batch]:
        """Yield the wanted ones of very many *uids*: sender and subject of all, then bodies of few."""
        hits: list[int] = []
        failed: list[Unread] = []
        start = count = 0
        while start < len(uids):
            limits = self._limits
            chunk = uids[start : start + limits.scan]
            hits += self._scan(chunk, wanted, failed)
            start, count = start + len(chunk), count + 1
            last = start == len(uids)
            progress = Progress(self._name, start, len(uids))
            if last or len(hits) >= limits.mails or count % limits.stride == 0:
                chosen = self._choose(hits, wanted, known, failed, surely_there=True)
                yield from self._read(chosen, failed, self._opened.uidnext if last else chunk[-1] + 1, progress)
                hits, failed = [], []
            else:
                yield Batch(progress=progress)
        if not uids:
            yield Batch(cursor=self._cursor(self._opened.uidnext))

    def _scan(self, uids: Sequence[int], wanted: Wanted, failed: list[Unread]) -> list[int]:
        """Return those of *uids* whose sender and subject are wanted."""
        try:
            texts = self._session.scan(uids, self._scanned)
        except Refused as error:
            if PASSING.search(str(error)):
                raise
            texts = {}
        missing = [uid for uid in uids if uid not in texts]
        for start in range(0, len(missing), self._limits.headers):
            some = missing[start : start + self._limits.headers]
            found, refused = ask(self._session, some, (self._scanned,), b"BODY[HEADER", again=False)
            texts |= {uid: text for uid, (text, _) in found.items()}
            failed += [Unread(self._place(uid), "", reason) for uid, reason in sorted(refused.items())]
        return [uid for uid, text in sorted(texts.items()) if wanted(text)]

    def once_more(self, cursor: Cursor, places: Sequence[Place]) -> Iterator[Batch]:
        """Yield mails behind the *cursor* that could not be read before; one that is gone is told as unread."""
        uids = sorted(int(place.uid) for place in places if place.uidvalidity == self._opened.uidvalidity)
        if not uids:
            return
        failed: list[Unread] = []
        chosen = self._choose(uids, lambda _: True, lambda _: False, failed, surely_there=False)
        there = {mail.uid for mail in chosen} | {int(mail.place.uid) for mail in failed}
        failed += [Unread(self._place(uid), "", "the server no longer has it") for uid in uids if uid not in there]
        yield from self._read(chosen, failed, cursor.next_uid)

    def _choose(
        self,
        uids: Sequence[int],
        wanted: Wanted,
        known: Callable[[Place], bool],
        failed: list[Unread],
        *,
        surely_there: bool,
    ) -> list[_Candidate]:
        """Return those of *uids* that are wanted and not known; what cannot be had goes to *failed*."""
        chosen = []
        for start in range(0, len(uids), self._limits.headers):
            some = uids[start : start + self._limits.headers]
            items = (self._chosen_by, "RFC822.SIZE")
            found, refused = ask(self._session, some, items, b"BODY[HEADER", again=surely_there)
            failed += [Unread(self._place(uid), "", reason) for uid, reason in sorted(refused.items())]
            chosen += [
                _Candidate(uid, size, _message_id(header))
                for uid, (header, size) in sorted(found.items())
                if wanted(header) and not known(self._place(uid))
            ]
        return chosen

    def _read(
        self, chosen: Sequence[_Candidate], failed: Sequence[Unread], upto: int, progress: Progress | None = None
    ) -> Iterator[Batch]:
        """Yield the bodies of *chosen*; the last batch's cursor is *upto*."""
        groups = list(self._groups(chosen)) or [[]]
        unread = [*self._held, *failed]
        for number, group in enumerate(groups, 1):
            names = {mail.uid: mail.message_id for mail in group}
            whole = [mail.uid for mail in group if mail.size <= self._limits.whole]
            large = [mail.uid for mail in group if mail.size > self._limits.whole]
            found: dict[int, bytes] = {}
            whole, large, refused = self._without_breaking(whole, large)
            if whole:
                with self._blaming(whole):
                    got, lost = ask(self._session, whole, ("BODY.PEEK[]",), b"BODY[]", again=True)
                found = {uid: data for uid, (data, _) in got.items()}
                refused |= lost
            if large:
                from pipeline.mailbox.large import text_parts

                with self._blaming(large):
                    parts, lost = text_parts(self._session, large, self._limits.part)
                found |= parts
                refused |= lost
            unread += [Unread(self._place(uid), names[uid], why) for uid, why in sorted(refused.items())]
            mails = tuple(RawMail(self._place(uid), data, partial=uid in large) for uid, data in sorted(found.items()))
            if not mails and (number < len(groups) or (self._pace.is_unproven and upto < self._opened.uidnext)):
                # A server that gives nothing at all blames no mail.
                continue
            self._pace.judge()
            end = upto if number == len(groups) else groups[number][0].uid
            yield Batch(mails, tuple(unread), self._cursor(end), progress)
            unread = []
        self._held = unread

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

    def _without_breaking(self, *lists: list[int]) -> tuple[list[int], list[int], dict[int, str]]:
        """Take out of both lists the mails at which the connection breaks again and again; they come last."""
        broken = {uid: BREAKS for uids in lists for uid in uids if self._pace.breaks(self._place(uid))}
        whole, large = ([uid for uid in uids if uid not in broken] for uids in lists)
        return whole, large, broken

    def _blaming(self, uids: Sequence[int]) -> AbstractContextManager[None]:
        return self._pace.blaming(self._place(uids[0]) if len(uids) == 1 else None)

    def _place(self, uid: int) -> Place:
        return Place(self._account, self._name, self._opened.uidvalidity, str(uid))

    def _cursor(self, next_uid: int) -> Cursor:
        return Cursor(self._account, self._name, self._opened.uidvalidity, next_uid)


def _header(fields: Sequence[str]) -> str:
    return f"BODY.PEEK[HEADER.FIELDS ({' '.join(fields)})]"


def _message_id(header: bytes) -> str:
    match = _MESSAGE_ID.search(header)
    return match[1].decode("utf-8", "replace").strip() if match else ""
