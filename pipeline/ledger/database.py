"""The SQLite file under the ledger: its schema, how it is opened or copied, and its errors in one line.

WAL with ``synchronous = FULL``: what is committed survives a SIGKILL with any setting, but a power failure
only with FULL. Mails could be read again; the owner's marks and the memory of answers given could not.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: "Parc" in ASCII: tells our file from another program's database.
APPLICATION_ID = 0x50617263

#: How long to wait for another process that writes, in seconds.
BUSY_TIMEOUT = 10

_COPY_TRIES = 20

#: One script for each version of the schema; ``user_version`` counts those that were run.
MIGRATIONS = (
    """
    CREATE TABLE notices (
        message_id TEXT PRIMARY KEY, date TEXT NOT NULL, notice TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE places (
        account TEXT, folder, uidvalidity INTEGER, uid, message_id TEXT NOT NULL,
        PRIMARY KEY (account, folder, uidvalidity, uid)
    ) WITHOUT ROWID;
    CREATE TABLE cursors (
        account TEXT, folder, uidvalidity INTEGER NOT NULL, next_uid INTEGER NOT NULL,
        PRIMARY KEY (account, folder)
    ) WITHOUT ROWID;
    CREATE TABLE quarantine (
        account TEXT, folder, uidvalidity INTEGER, uid, message_id TEXT NOT NULL, error TEXT NOT NULL,
        tries INTEGER NOT NULL, tried_on TEXT NOT NULL,
        PRIMARY KEY (account, folder, uidvalidity, uid)
    ) WITHOUT ROWID;
    CREATE TABLE suspicions (
        message_id TEXT PRIMARY KEY, date TEXT NOT NULL, reason TEXT NOT NULL, subject TEXT NOT NULL,
        sender TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE told (day TEXT PRIMARY KEY, snapshot TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE outbox (
        key TEXT PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    """,
    "CREATE TABLE quiet (day TEXT PRIMARY KEY, settings TEXT NOT NULL) WITHOUT ROWID",
    # Servers that want to be left alone, logins refused in a row, and which mailbox an account means
    # (see pipeline.ledger.standings).
    """
    CREATE TABLE standings (
        account TEXT PRIMARY KEY, refusals INTEGER NOT NULL, refused_with TEXT NOT NULL, rests INTEGER NOT NULL,
        not_before TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE mailboxes (account TEXT PRIMARY KEY, mailbox TEXT NOT NULL) WITHOUT ROWID;
    """,
    # What leaves is no longer only done or not: it may have begun to leave (see pipeline.ledger.outbox).
    """
    ALTER TABLE outbox RENAME COLUMN done TO state;
    UPDATE outbox SET state = 2 WHERE state = 1;
    CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    """,
)


class LedgerError(Exception):
    """A ledger that cannot be used, in the one line the user needs.

    ``exit_code`` is EX_TEMPFAIL (75): a disk that is full or refuses is for a later run; EX_CONFIG (78) where
    the file is not ours to write.
    """

    def __init__(self, text: str, exit_code: int = os.EX_TEMPFAIL) -> None:
        super().__init__(" ".join(text.split()))
        self.exit_code = exit_code


class Busy(LedgerError):  # noqa: N818 - a state of affairs, not an error
    """Another run holds the lock (75, EX_TEMPFAIL): nothing is wrong, it does the work."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"another run is at work in {folder}", os.EX_TEMPFAIL)


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the lock of the state *folder*, which is made if missing. It ends with the process at the latest.

    Raises:
        Busy: another process holds it.
        LedgerError: the folder cannot be written.
    """
    with plainly(folder):
        _make(folder)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(folder) from None
        yield
    finally:
        os.close(handle)


def open_file(path: Path) -> sqlite3.Connection:
    """Open the ledger at *path*; make it (mode 0600) and its folder (mode 0700) if missing.

    Raises:
        LedgerError: another program's file or a newer version (78, EX_CONFIG); whatever the disk refuses.
    """
    with plainly(path):
        _make(path.parent)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        return _prepared(_connect(path), path)


def open_copy(path: Path) -> sqlite3.Connection:
    """Open a copy in memory of the ledger at *path*, empty if there is none. Raises like open_file.

    It also holds what a killed or running job left in the WAL. SQLite cannot read a WAL without writing
    beside it, so both files are copied away first; a copy during which one of them changed is made again.
    """
    with plainly(path):
        for _ in range(_COPY_TRIES):
            before = _stamps(path)
            memory = _connect(":memory:")
            if not before:
                return _prepared(memory, path)
            with TemporaryDirectory(prefix="parcel-digest-") as folder:
                for file in before:
                    (Path(folder) / file.name).write_bytes(file.read_bytes())
                if _stamps(path) == before:
                    with closing(_connect(Path(folder) / path.name)) as copy:
                        copy.backup(memory)
                    return _prepared(memory, path)
            memory.close()
    raise LedgerError(f"{path} is being written all the time; try again", os.EX_TEMPFAIL)


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All of what is done inside, or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into a LedgerError."""
    try:
        yield
    except sqlite3.Error as error:
        # SQLite quotes a damaged schema, line feeds and all.
        said = "".join(sign if sign.isprintable() else "?" for sign in str(error))
        raise LedgerError(f"{path}: {said}") from error
    except UnicodeDecodeError as error:
        # The same, where what it quotes is no text.
        raise LedgerError(f"{path}: malformed database schema") from error
    except OSError as error:
        raise LedgerError(f"{error.filename or path}: {error.strerror or error}") from error


@contextmanager
def undamaged(path: Path) -> Iterator[None]:
    """Turn what comes of a row that holds other values than were ever written into a LedgerError."""
    try:
        yield
    except (TypeError, ValueError, AttributeError) as error:
        raise LedgerError(f"{path} holds a value that is none: {error}") from None


def _make(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(0o700, parents=True, exist_ok=True)


def _connect(path: Path | str) -> sqlite3.Connection:
    # Mailboxes are read in threads; the ledger lets one at a time ask.
    return sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)


def _prepared(database: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    try:
        _refuse_foreign(database, path)
        database.execute("PRAGMA journal_mode = WAL").fetchall()
        database.execute("PRAGMA synchronous = FULL")
        _migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _number(database: sqlite3.Connection, pragma: str) -> int:
    return int(database.execute(f"PRAGMA {pragma}").fetchone()[0])


def _refuse_foreign(database: sqlite3.Connection, path: Path) -> None:
    version, application = _number(database, "user_version"), _number(database, "application_id")
    (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (application or version or tables):
        raise LedgerError(f"{path} is another program's database, not a ledger of parcel-digest", os.EX_CONFIG)
    if version > len(MIGRATIONS):
        raise LedgerError(
            f"{path} was written by a newer parcel-digest: the file has version {version}, this program knows"
            f" version {len(MIGRATIONS)}",
            os.EX_CONFIG,
        )


def _migrate(database: sqlite3.Connection) -> None:
    if _number(database, "user_version") == len(MIGRATIONS):
        return
    with transaction(database):
        # Looked up again: another process may have migrated it before this transaction began.
        for script in MIGRATIONS[_number(database, "user_version") :]:
            for statement in script.split(";"):
                database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _stamps(path: Path) -> dict[Path, tuple[int, int]]:
    """Size and time of the file and its WAL; empty if there is no file."""
    stamps = {}
    for file in (path, path.with_name(path.name + "-wal")):
        with suppress(FileNotFoundError):
            stat = file.stat()
            stamps[file] = (stat.st_size, stat.st_mtime_ns)
    return stamps if path in stamps else {}
