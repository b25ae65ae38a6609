"""What is known, kept in one SQLite file: notices, how far each folder is read, quarantine, digests, the
outbox.

Nothing in it depends on when or how often the job ran: no clock, no row numbers, no order of arrival. Two
ledgers that saw the same mails under the same dates are equal as a dump, whatever was killed and run again in
between.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from threading import RLock
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from pipeline.ledger import codec
from pipeline.ledger.database import Busy, LedgerError, lock, open_copy, open_file, plainly, transaction, undamaged
from pipeline.ledger.outbox import Outbox, Outgoing, State
from pipeline.ledger.standings import Standings
from pipeline.ledger.told import Told
from pipeline.mailbox import BREAKS, Cursor
from pipeline.model.mail import Place, Suspicion, Unread

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from pipeline.model import Notice

__all__ = ["MAX_TRIES", "Busy", "Ledger", "LedgerError", "Outbox", "Outgoing", "State", "lock"]

FILE = "ledger.sqlite3"

#: On how many days a mail that cannot be read is tried before the job leaves it alone.
MAX_TRIES = 3


class Ledger:
    """The ledger of one state folder. Every method raises LedgerError for what disk or file refuse."""

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        """Use :meth:`open` or :meth:`copy_in_memory`."""
        self._database = database
        self._path = path
        # Mailboxes that are read at the same time ask from threads of their own.
        self._lock = RLock()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the ledger in *folder* for reading and writing; make both if missing (modes 0700 and 0600)."""
        return cls(open_file(folder / FILE), folder / FILE)

    @classmethod
    def copy_in_memory(cls, folder: Path) -> Self:
        """Open a copy that takes all writes and is thrown away; no file in *folder* is made or changed.

        Where there is no ledger yet the copy is empty. For ``--dry-run`` and for commands that only show.
        """
        return cls(open_copy(folder / FILE), folder / FILE)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ── mails ─────────────────────────────────────────────────────────────────────────────────────────────

    def record(
        self,
        *,
        today: date,
        notices: Collection[Notice] = (),
        places: Collection[tuple[Place, str]] = (),
        suspicions: Collection[Suspicion] = (),
        unread: Collection[Unread] = (),
        cursor: Cursor | None = None,
        outgoing: Collection[tuple[str, str, object]] = (),
    ) -> None:
        """Keep what a batch of mails came to, all of it or nothing.

        A notice or suspicion whose message id is known stays as it is. *places* are (place, message id) of
        the mails that were read; they leave quarantine. *outgoing* are (key, kind, payload) for the outbox. A mail
        that cannot be read costs one try a day, *today*, however often the job runs on it: so a run that was killed
        and is run again costs nothing.
        """
        with self._transaction() as database:
            database.executemany(
                "INSERT OR IGNORE INTO notices VALUES (?, ?, ?)",
                ((codec.clean(n.message_id), codec.utc(n.date), codec.encode(n)) for n in notices),
            )
            database.executemany(
                "INSERT OR IGNORE INTO suspicions VALUES (?, ?, ?, ?, ?)",
                (
                    (
                        codec.clean(s.message_id),
                        codec.utc(s.date),
                        *map(codec.clean, (s.reason, s.subject, s.sender)),
                    )
                    for s in suspicions
                ),
            )
            for place, message_id in places:
                row = (*codec.row_of(place), codec.clean(message_id))
                database.execute("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?, ?)", row)
                database.execute(
                    f"DELETE FROM quarantine WHERE {_PLACE} OR (message_id = ? AND ? <> '')", (*row, row[-1])
                )
            database.executemany(
                "INSERT INTO quarantine VALUES (?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET"
                " error = excluded.error, tries = tries + (tried_on < excluded.tried_on),"
                " tried_on = max(tried_on, excluded.tried_on)",
                (
                    (*codec.row_of(u.place), codec.clean(u.message_id), codec.clean(u.error), today.isoformat())
                    for u in unread
                ),
            )
            if notices or suspicions or unread or places:
                database.execute("DELETE FROM quiet")
            database.executemany(
                "INSERT OR IGNORE INTO outbox VALUES (?, ?, ?, 0)",
                ((codec.clean(key), kind, codec.dumps(payload)) for key, kind, payload in outgoing),
            )
            if cursor is not None:
                database.execute(
                    "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?)",
                    (cursor.account, codec.bindable(cursor.folder), cursor.uidvalidity, cursor.next_uid),
                )

    def notices(self) -> list[Notice]:
        """Every notice, by date, then by message id."""
        rows = self._rows("SELECT notice FROM notices ORDER BY date, message_id")
        with undamaged(self._path):
            return codec.decode(text for (text,) in rows)

    def is_known(self, place: Place) -> bool:
        """Whether the mail at *place* needs no reading any more: it was read, or tried often enough."""
        return bool(
            self._rows(
                f"SELECT 1 FROM places WHERE {_PLACE} UNION ALL SELECT 1 FROM quarantine WHERE {_PLACE} AND tries >= ?",
                *codec.row_of(place),
                *codec.row_of(place),
                MAX_TRIES,
            )
        )

    def has_notice(self, message_id: str) -> bool:
        """Whether the mail of that Message-ID is kept as a notice, wherever it lay."""
        return bool(self._rows("SELECT 1 FROM notices WHERE message_id = ?", codec.clean(message_id)))

    def message_ids(self, account: str, folder: str, uidvalidity: int, limit: int = 50) -> dict[int, str]:
        """The Message-IDs of the newest mails that were read there, by UID; *limit* is how many at the most."""
        rows = self._rows(
            "SELECT uid, message_id FROM places WHERE account = ? AND folder = ? AND uidvalidity = ?"
            " ORDER BY length(uid) DESC, uid DESC LIMIT ?",
            account,
            codec.bindable(folder),
            uidvalidity,
            limit,
        )
        with undamaged(self._path):
            return {int(codec.name_of(uid)): str(message_id) for uid, message_id in rows}

    def has_read(self, account: str) -> bool:
        """Whether any mail of *account* was ever read."""
        return bool(self._rows("SELECT 1 FROM places WHERE account = ? LIMIT 1", account))

    def account_of(self, message_id: str) -> str | None:
        """Return the account in which the mail *message_id* was read."""
        rows = self._rows("SELECT account FROM places WHERE message_id = ? ORDER BY account LIMIT 1", message_id)
        return str(rows[0][0]) if rows else None

    def cursors(self, account: str) -> dict[str, Cursor]:
        """How far each folder of *account* is read, by folder."""
        rows = self._rows("SELECT folder, uidvalidity, next_uid FROM cursors WHERE account = ?", account)
        with undamaged(self._path):
            return {
                codec.name_of(folder): Cursor(account, codec.name_of(folder), *map(int, numbers))
                for folder, *numbers in rows
            }

    def retries(self, account: str, today: date) -> list[Place]:
        """The mails of *account* in quarantine that have tries left and were not tried on *today* yet.

        A mail at which the connection broke is tried by each run: bad luck looks the same.
        """
        rows = self._rows(
            "SELECT account, folder, uidvalidity, uid FROM quarantine WHERE account = ? AND tries < ?"
            " AND (tried_on < ? OR error = ?) ORDER BY account, folder, uidvalidity, uid",
            account,
            MAX_TRIES,
            today.isoformat(),
            BREAKS,
        )
        with undamaged(self._path):
            return [codec.place_of(*row) for row in rows]

    def quarantine(self) -> list[Unread]:
        """The mails that could not be read, with the number of days on which they were tried."""
        rows = self._rows(
            "SELECT account, folder, uidvalidity, uid, message_id, error, tries FROM quarantine"
            " ORDER BY account, folder, uidvalidity, length(uid), uid"
        )
        with undamaged(self._path):
            return [
                Unread(codec.place_of(*place), str(message_id), str(error), int(tries))
                for *place, message_id, error, tries in rows
            ]

    def suspicions(self) -> list[Suspicion]:
        """The mails that touch no parcel, by date."""
        rows = self._rows("SELECT message_id, date, reason, subject, sender FROM suspicions ORDER BY date, message_id")
        with undamaged(self._path):
            return [Suspicion(str(name), datetime.fromisoformat(at), *map(str, rest)) for name, at, *rest in rows]

    @property
    def standings(self) -> Standings:
        """How the accounts stand with their servers."""
        return Standings(self._database, self._path, self._lock)

    def forget(self, message_ids: Iterable[str], before: date) -> None:
        """Drop these notices, and suspicions, digests and mails given up of days before *before*.

        The newest digest stays: what the next one says is measured by it.
        """
        day = before.isoformat()
        with self._transaction() as database:
            rows = ((codec.clean(message_id),) for message_id in message_ids)
            database.executemany("DELETE FROM notices WHERE message_id = ?", rows)
            database.execute("DELETE FROM suspicions WHERE date < ?", (day,))
            database.execute("DELETE FROM quarantine WHERE tried_on < ?", (day,))
            database.execute("DELETE FROM quiet WHERE day < ?", (day,))
            database.execute("DELETE FROM told WHERE day < ? AND day <> (SELECT max(day) FROM told)", (day,))

    # ── the owner, the digest, and what goes out ──────────────────────────────────────────────────────────

    def add_mark(self, notice: Notice) -> Notice:
        """Keep the owner's word; return it with its message id, ``mark-000001@owner`` and so on."""
        with self._transaction() as database:
            (number,) = database.execute("SELECT count(*) FROM notices WHERE message_id GLOB 'mark-*@owner'").fetchone()
            known = True
            while known:  # A mail may call itself like a mark.
                number += 1
                message_id = f"mark-{number:06}@owner"
                known = database.execute("SELECT 1 FROM notices WHERE message_id = ?", (message_id,)).fetchone()
            notice = replace(notice, message_id=message_id)
            row = (message_id, codec.utc(notice.date), codec.encode(notice))
            database.execute("INSERT INTO notices VALUES (?, ?, ?)", row)
            database.execute("DELETE FROM quiet")
        return notice

    @property
    def told(self) -> Told:
        """What the digests of the days said, and the day on which there was nothing to say."""
        return Told(self._database, self._path, self._lock)

    @property
    def outbox(self) -> Outbox:
        """What leaves the house once."""
        return Outbox(self._database, self._path, self._lock)

    # ── SQLite ────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, plainly(self._path), transaction(self._database):
            yield self._database

    def _write(self, statement: str, *values: Any) -> int:
        with self._transaction() as database:
            return database.execute(statement, values).rowcount

    def _rows(self, query: str, *values: Any) -> list[Any]:
        with self._lock, plainly(self._path):
            return self._database.execute(query, values).fetchall()


_PLACE = "account = ? AND folder = ? AND uidvalidity = ? AND uid = ?"
