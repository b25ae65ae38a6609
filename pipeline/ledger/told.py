"""What the digests of the days said, and the day that was found to need none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from pipeline.ledger import codec
from pipeline.ledger.database import plainly, transaction, undamaged

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path
    from threading import RLock


class Told:
    """The days of one ledger. Every method raises LedgerError for what disk or file refuse."""

    def __init__(self, database: sqlite3.Connection, path: Path, lock: RLock) -> None:
        self._database = database
        self._path = path
        self._lock = lock

    def keep(self, day: date, snapshot: object) -> None:
        """Remember what the digest of *day* says; *snapshot* is whatever JSON holds."""
        with self._lock, plainly(self._path), transaction(self._database):
            row = (day.isoformat(), codec.dumps(snapshot))
            self._database.execute("INSERT OR REPLACE INTO told VALUES (?, ?)", row)

    def last(self, before_or_on: date) -> tuple[date, Any] | None:
        """Return the newest digest of that day or an earlier one: its day and its snapshot."""
        with self._lock, plainly(self._path):
            row = self._database.execute(
                "SELECT day, snapshot FROM told WHERE day <= ? ORDER BY day DESC LIMIT 1", (before_or_on.isoformat(),)
            ).fetchone()
        with undamaged(self._path):
            return None if row is None else (date.fromisoformat(row[0]), msgspec.json.decode(row[1]))

    def forget_since(self, day: date) -> None:
        """Forget what digests said on *day* and later, and what could not be read, which has no day: for a copy."""
        with self._lock, plainly(self._path), transaction(self._database):
            self._database.execute("DELETE FROM told WHERE day >= ?", (day.isoformat(),))
            self._database.execute("DELETE FROM quarantine")

    def is_quiet(self, day: date, settings: str) -> bool:
        """Whether all that is known was found to be no reason for a digest on *day*, under the same *settings*."""
        with self._lock, plainly(self._path):
            query = "SELECT 1 FROM quiet WHERE day = ? AND settings = ?"
            return self._database.execute(query, (day.isoformat(), settings)).fetchone() is not None

    def be_quiet(self, day: date, settings: str) -> None:
        """Remember that; it holds until something new is kept."""
        with self._lock, plainly(self._path), transaction(self._database):
            self._database.execute("DELETE FROM quiet")
            self._database.execute("INSERT INTO quiet VALUES (?, ?)", (day.isoformat(), settings))
