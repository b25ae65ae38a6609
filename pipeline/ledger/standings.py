"""Which mailbox each account means, and how it stands with its server: nothing is written where all is as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.ledger.database import plainly, transaction, undamaged
from pipeline.mailbox.patience import Standing

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path
    from threading import RLock


class Standings:
    """The standings of one ledger. Every method raises LedgerError for what disk or file refuse."""

    def __init__(self, database: sqlite3.Connection, path: Path, lock: RLock) -> None:
        self._database = database
        self._path = path
        self._lock = lock

    def of(self, account: str) -> Standing:
        """Return how *account* stands."""
        with self._lock, plainly(self._path):
            row = self._database.execute(
                "SELECT refusals, refused_with, rests, not_before FROM standings WHERE account = ?", (account,)
            ).fetchone()
        if row is None:
            return Standing()
        refusals, refused_with, rests, not_before = row
        with undamaged(self._path):
            moment = datetime.fromisoformat(not_before) if not_before else None
            return Standing(int(refusals), str(refused_with), int(rests), moment)

    def keep(self, account: str, standing: Standing) -> None:
        """Keep it for the next run."""
        moment = standing.not_before.astimezone(UTC).isoformat(timespec="seconds") if standing.not_before else ""
        with self._lock, plainly(self._path), transaction(self._database):
            if standing == Standing():
                self._database.execute("DELETE FROM standings WHERE account = ?", (account,))
            else:
                self._database.execute(
                    "INSERT OR REPLACE INTO standings VALUES (?, ?, ?, ?, ?)",
                    (account, standing.refusals, standing.refused_with, standing.rests, moment),
                )

    def settle(self, account: str, mailbox: str) -> None:
        """Say which *mailbox* the *account* means: user and server.

        Where it meant another one before, how far its folders were read is forgotten, and which mails: the other may
        have given the same UIDs, under the same UIDVALIDITY (Gmail's is a small number), to other mails. What they said
        of parcels stays.
        """
        with self._lock, plainly(self._path):
            known = self._database.execute("SELECT mailbox FROM mailboxes WHERE account = ?", (account,)).fetchone()
            if known == (mailbox,):
                return
            with transaction(self._database):
                if known is not None:
                    for table in ("cursors", "places", "quarantine", "standings"):
                        self._database.execute(f"DELETE FROM {table} WHERE account = ?", (account,))
                self._database.execute("INSERT OR REPLACE INTO mailboxes VALUES (?, ?)", (account, mailbox))
