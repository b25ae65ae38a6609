"""One line for each run, in ``runs.log`` of the state folder: when, how it ended, how much it read."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

FILE = "runs.log"

#: When the file is longer than this its older half is dropped: a week of runs every five minutes stays.
MAX_BYTES = 200_000


def note_run(folder: Path, ended: datetime, *, exit_code: int, read: int, told: bool, seconds: float) -> None:
    """Add the line of a run. What goes wrong with it is no reason for the run to fail."""
    line = (
        f"{ended.isoformat(timespec='seconds')} exit={exit_code} read={read} digest={'yes' if told else 'no'} "
        f"seconds={seconds:.1f}\n"
    )
    path = folder / FILE
    with suppress(OSError):
        # Not through a link that somebody else put there.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        with os.fdopen(os.open(path, flags, 0o600), "a", encoding="utf-8") as file:
            file.write(line)
            size = file.tell()
        if size > MAX_BYTES:
            lines = path.read_bytes().splitlines(keepends=True)
            shorter = path.with_name(f"{FILE}.new")
            with os.fdopen(os.open(shorter, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.writelines(lines[len(lines) // 2 :])
            shorter.replace(path)


def has_read(folder: Path) -> bool:
    """Whether any run that is noted got as far as reading: 0, or 1 for some mails that could not be read."""
    return any(word in line for line in last_runs(folder, MAX_BYTES) for word in (" exit=0 ", " exit=1 "))


def last_runs(folder: Path, count: int) -> list[str]:
    """Return the lines of the last *count* runs, the newest last; none where there is no such file."""
    try:
        text = (folder / FILE).read_text("utf-8", "replace")
    except OSError:
        return []
    return text.splitlines()[-count:]
