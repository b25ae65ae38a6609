"""The mails of an mbox file (RFC 4155), one after the other, without ever holding more than one.

The standard library's reader takes every line that begins with "From " for a new mail, also in the middle of
a text ("From the warehouse …"), and reads each mail whole.
"""

from __future__ import annotations

import hashlib
import re
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The line before a mail: sender, weekday, month, day, time, year (RFC 4155 appendix A; zone and year vary).
_SEPARATOR = re.compile(rb"From \S.* \w{3} +\w{3} +\d{1,2} +\d\d?:\d\d(:\d\d)?.* \d{4}")

#: mboxrd: a line of the mail that began with "From " has one more ">" in front than it had.
_QUOTED = re.compile(rb">+From ")

#: Bytes of a line that are read at once: a file of one endless line does not fill the memory.
_LINE = 65_536


def mbox_mails(file: IO[bytes], *, whole: int, part: int) -> Iterator[tuple[str, bytes, bool]]:
    """Yield (digest, bytes, partial) of each mail of an mbox.

    The digest is of all the mail's bytes and so the same wherever in the file it lies. Of a mail of more than
    *whole* bytes only the first *part* are given, and *partial* is true.
    """
    mail: _Mail | None = None
    fresh_line = True
    while line := file.readline(_LINE):
        # Programs that leave out the blank line before a separator exist: its date is what tells it.
        if fresh_line and line.startswith(b"From ") and (mail is None or _SEPARATOR.match(line)):
            if mail is not None:
                yield mail.finished()
            mail = _Mail(whole, part)
        elif mail is not None:
            mail.add(line[1:] if fresh_line and _QUOTED.match(line) else line)
        fresh_line = line.endswith(b"\n")
    if mail is not None:
        yield mail.finished()


class _Mail:
    """One mail while its lines come in."""

    def __init__(self, whole: int, part: int) -> None:
        self._whole = whole
        self._part = part
        self._lines: list[bytes] = []
        self._size = 0
        self._hash = hashlib.sha256()
        self._blank = b""

    def add(self, line: bytes) -> None:
        # The blank line before the next separator is the mbox's, not the mail's: hold one back.
        if self._blank:
            self._take(self._blank)
            self._blank = b""
        if line in (b"\n", b"\r\n"):
            self._blank = line
        else:
            self._take(line)

    def _take(self, line: bytes) -> None:
        self._hash.update(line)
        self._size += len(line)
        if self._size <= self._whole:
            self._lines.append(line)
        elif len(self._lines) > 1:
            self._lines = [b"".join(self._lines)[: self._part]]

    def finished(self) -> tuple[str, bytes, bool]:
        data = b"".join(self._lines)
        partial = self._size > self._whole
        return self._hash.hexdigest()[:32], data[: self._part] if partial else data, partial
