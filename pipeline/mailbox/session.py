"""The read-only commands that the job sends, and what is known of imapclient's and servers' ways with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.mailbox import WrongSettings
from pipeline.mailbox.connect import PASSING, Connection, NoFolder, Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

#: imaplib refuses a line of more than 1,000,000 bytes, and a UID with its blank takes up to 11; taken apart it takes
#: ten times as much.
SEARCH_AT_ONCE = 25_000
#: Enough for ten million mails; a server that tells of more lies, and costs no more than that.
_MOST_BLOCKS = 400

#: Bytes of the list of UIDs in one command: some servers take lines of 8,000 bytes, Exchange shorter ones.
UIDS_LINE = 2_000

#: What imaplib leaves of an answer to FETCH that holds one literal and nothing unexpected.
_SCANNED = re.compile(rb"\d+ \(UID (\d+) BODY\[[^\]]*\] \{\d+\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opened:
    """What EXAMINE or STATUS told of a folder (RFC 9051 sections 6.3.3 and 6.3.11)."""

    uidvalidity: int
    uidnext: int
    exists: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One folder of LIST: its name as people write it, and its attributes in lower case (``\\junk``)."""

    name: str
    flags: frozenset[str]


class Session(Connection):
    """A logged-in, read-only session."""

    def examine(self, folder: str) -> Opened:
        """Open *folder* read-only. Raises NoFolder where the server has none of that name."""
        try:
            with self._explained(f"opening {folder}"):
                self._traffic.asked(f"EXAMINE {folder}")
                answer = self._client.select_folder(folder, readonly=True)
                validity = answer.get(b"UIDVALIDITY")
                exists = answer[b"EXISTS"]
                # Old servers do not tell UIDNEXT: then it is one more than the highest UID there is.
                uidnext = answer.get(b"UIDNEXT")
                if uidnext is None:
                    self._traffic.asked("SEARCH UID *")
                    highest = self._client.search([b"UID", b"*"]) if exists else [0]
                    uidnext = highest[-1] + 1
        except Refused as error:
            if PASSING.search(str(error)):
                raise
            raise NoFolder(str(error)) from None
        if validity is None:
            raise WrongSettings(f"account {self._account}: {folder} has no UIDVALIDITY: it cannot be read safely")
        if not (0 < validity < 1 << 32 and 0 < uidnext <= 1 << 32):
            raise Refused(f"account {self._account}: {folder}: UIDVALIDITY {validity} or UIDNEXT {uidnext} cannot be")
        # More mails than UIDs were ever given cannot be, either; whoever believed it would search for ages.
        return Opened(validity, uidnext, min(exists, uidnext - 1))

    def folders(self) -> list[Listed]:
        """Return all folders."""
        with self._explained("listing folders"):
            self._traffic.asked("LIST")
            answer = self._client.list_folders()
            return [Listed(str(name), frozenset(flag.decode().lower() for flag in flags)) for flags, _, name in answer]

    def poll(self, folders: Collection[str]) -> dict[str, Opened]:
        """Return the state of *folders* by one command (LIST-STATUS, RFC 5819); nothing if the server has it not.

        A folder that is missing in the result may exist or not: EXAMINE tells.
        """
        from imapclient.imap_utf7 import encode
        from imapclient.response_parser import parse_response

        names = {encode(folder): folder for folder in folders}
        # Imaplib would send a wildcard as one, and a quote would end the name.
        if any(mark in name for name in names for mark in (b"*", b"%", b'"', b"\\")):
            return {}
        states: dict[str, Opened] = {}
        with self._explained("asking for news"):
            if not self._client.has_capability("LIST-STATUS"):
                return {}
            self._traffic.asked(f"LIST with STATUS of {len(names)} folders")
            imap, wanted = self._client._imap, b" ".join(b'"' + name + b'"' for name in names)
            imap.untagged_responses.pop("STATUS", None)
            answer, text = imap._simple_command(
                "LIST", '""', b"(" + wanted + b")", "RETURN (STATUS (MESSAGES UIDNEXT UIDVALIDITY))"
            )
            imap.untagged_responses.pop("LIST", None)
            if answer != "OK":
                raise Refused(f"account {self._account}: {text!r}")
            for line in imap.response("STATUS")[1]:
                if not isinstance(line, bytes):  # a name sent as a literal, or nothing at all
                    continue
                name, items = parse_response([line])
                state = dict(zip(items[::2], items[1::2], strict=True))
                key = name if isinstance(name, bytes) else str(name).encode()
                folder = names.get(key) or (names.get(b"INBOX") if key.upper() == b"INBOX" else None)
                if folder is not None and {b"UIDNEXT", b"UIDVALIDITY"} <= state.keys():
                    states[folder] = Opened(state[b"UIDVALIDITY"], state[b"UIDNEXT"], state.get(b"MESSAGES", 1))
        return states

    def search(self, opened: Opened, first: int, since: date) -> list[int]:
        """Return the UIDs from *first* up to UIDNEXT of mails that arrived on the day *since* or later.

        Only numbers and a date go into the criteria: imapclient sends line breaks in them as they are.
        """
        if first >= opened.uidnext or not opened.exists:
            return []
        uids = [b"UID", b"%d:%d" % (first, opened.uidnext - 1), b"SINCE", since]
        # A list, not a set: of a hundred thousand UIDs that takes as much memory as all the languages.
        found: list[int] = []
        # From the top down: a mail expunged meanwhile moves the others into a block still to be asked.
        size = max(SEARCH_AT_ONCE, opened.exists // _MOST_BLOCKS)
        for top in range(opened.exists, 0, -size):
            block = [b"%d:%d" % (max(1, top - size + 1), top)] if opened.exists > size else []
            with self._explained("searching"):
                self._traffic.asked(f"SEARCH UID {first}:{opened.uidnext - 1} SINCE {since}")
                found += self._client.search([*block, *uids])
        found.sort()
        return [uid for uid, _ in groupby(found) if first <= uid < opened.uidnext]

    def scan(self, uids: Sequence[int], item: str) -> dict[int, bytes]:
        """Return the one text *item* of very many *uids*; any of them may be missing.

        imapclient takes no ranges (4.1) and reads an answer token by token: for the senders and subjects of 20,000
        mails that is forty commands and a third of the time. What is not of the usual shape goes through its parser.

        Raises: as fetch.
        """
        from imapclient.response_parser import parse_fetch_response

        texts: dict[int, bytes] = {}
        for line, count in _lines(uids):
            with self._explained("looking through mails"):
                self._traffic.asked(f"FETCH {item} of {count} mails")
                answer, data = self._client._imap.uid("FETCH", line, f"({item})")
                if answer != "OK":
                    raise Refused(f"account {self._account}: looking through mails was refused: {data!r}")
                usual = data[0::2]
                matches = [_SCANNED.fullmatch(part[0]) for part in usual if isinstance(part, tuple)]
                if all(matches) and len(matches) * 2 == len(data) and all(end == b")" for end in data[1::2]):
                    texts.update((int(match[1]), part[1]) for match, part in zip(matches, usual, strict=True) if match)
                else:
                    for uid, got in parse_fetch_response(data, False).items():
                        texts.update(
                            (uid, text)
                            for key, text in got.items()
                            if key.startswith(b"BODY[") and isinstance(text, bytes)
                        )
        self._traffic.bytes += sum(map(len, texts.values()))
        # A server may send what nobody asked for.
        return {uid: texts[uid] for uid in uids if uid in texts}

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> Mapping[int, Mapping[bytes, object]]:
        """Return what the server gives of *items* for *uids*: any of them may be missing or incomplete.

        Raises:
            Refused: NO, BAD or an answer that cannot be parsed; nothing of the batch is usable.
            Unreachable: the connection is gone.
        """
        with self._explained("fetching mails"):
            self._traffic.asked(f"FETCH {' '.join(items)} of {len(uids)} mails")
            # Lists of ints only: imapclient 4.1 refuses ranges after the server has done the work.
            answer: Mapping[int, Mapping[bytes, object]] = self._client.fetch(list(uids), list(items))
        for mail in answer.values():
            self._traffic.bytes += sum(len(value) for value in mail.values() if isinstance(value, bytes))
        return answer


def _lines(uids: Iterable[int]) -> Iterator[tuple[str, int]]:
    """Cut ascending *uids* into sequence sets of at most UIDS_LINE bytes, each with the number of its UIDs."""
    parts: list[str] = []
    length = count = 0
    for first, last in _runs(uids):
        part = str(first) if first == last else f"{first}:{last}"
        if parts and length + len(part) + 1 > UIDS_LINE:
            yield ",".join(parts), count
            parts, length, count = [], 0, 0
        parts.append(part)
        length += len(part) + 1
        count += last - first + 1
    if parts:
        yield ",".join(parts), count


def _runs(uids: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for uid in uids:
        if first is not None and last is not None and uid == last + 1:
            last = uid
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = uid
    if first is not None and last is not None:
        yield first, last
