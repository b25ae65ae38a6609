"""The outbox: what leaves the house, and how far each piece has got, so that no crash sends it twice or loses it.

A piece waits, then begins to leave (from here on somebody else may have it), then is done. Whoever is killed in
between finds the state again: what waits has surely not left, what is done surely has, and of what had begun
nobody knows. At most once means never to try the last again; at least once means to try, after looking.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import msgspec

from pipeline.ledger import codec
from pipeline.ledger.database import plainly, transaction, undamaged

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path
    from threading import RLock

_SECRET_BYTES = 32


class State(IntEnum):
    """How far a piece has got."""

    WAITING = 0
    BEGUN = 1
    DONE = 2


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something that leaves the house once; *payload* is what JSON holds."""

    key: str
    kind: str
    payload: Any
    state: State = State.WAITING

    @property
    def done(self) -> bool:
        """Whether it has left."""
        return self.state is State.DONE


class Outbox:
    """The outbox of one ledger. Every method raises LedgerError for what disk or file refuse."""

    def __init__(self, database: sqlite3.Connection, path: Path, lock: RLock) -> None:
        self._database = database
        self._path = path
        self._lock = lock

    def put(self, key: str, kind: str, payload: object) -> bool:
        """Put something in; false, and nothing changes, where its *key* was there before."""
        return self._write("INSERT OR IGNORE INTO outbox VALUES (?, ?, ?, 0)", key, kind, codec.dumps(payload))

    def begin(self, key: str) -> bool:
        """Say that it is being handed over; false unless it was waiting."""
        return self._write("UPDATE outbox SET state = 1 WHERE key = ? AND state = 0", key)

    def back(self, key: str) -> bool:
        """Say that it was surely not taken: it waits again; false unless it had begun."""
        return self._write("UPDATE outbox SET state = 0 WHERE key = ? AND state = 1", key)

    def done(self, key: str) -> bool:
        """Say that it has left; false if that had been said before."""
        return self._write("UPDATE outbox SET state = 2 WHERE key = ? AND state < 2", key)

    def note(self, key: str, payload: object) -> None:
        """Put another *payload* under a key that is there."""
        self._write("UPDATE outbox SET payload = ? WHERE key = ?", codec.dumps(payload), key)

    def get(self, key: str) -> Outgoing | None:
        """Return what lies under *key*."""
        return next(iter(self._items("key = ?", key)), None)

    def all(self, kind: str) -> list[Outgoing]:
        """Everything that was ever put under *kind*, by key."""
        return self._items("kind = ?", kind)

    def pending(self, kind: str) -> list[Outgoing]:
        """What of *kind* is not done, by key."""
        return [item for item in self.all(kind) if not item.done]

    def secret(self) -> bytes:
        """Return the random bytes of this ledger from which its tokens are made; made when first asked for."""
        self._write("INSERT OR IGNORE INTO secrets VALUES ('token', ?)", secrets.token_bytes(_SECRET_BYTES))
        with self._lock, plainly(self._path):
            (value,) = self._database.execute("SELECT value FROM secrets WHERE name = 'token'").fetchone()
        with undamaged(self._path):
            return memoryview(value).tobytes()

    def _items(self, condition: str, *values: str) -> list[Outgoing]:
        query = f"SELECT key, kind, payload, state FROM outbox WHERE {condition} ORDER BY key"
        with self._lock, plainly(self._path):
            rows = self._database.execute(query, values).fetchall()
        with undamaged(self._path):
            return [Outgoing(key, kind, msgspec.json.decode(text), State(state)) for key, kind, text, state in rows]

    def _write(self, statement: str, *values: object) -> bool:
        with self._lock, plainly(self._path), transaction(self._database):
            return bool(self._database.execute(statement, values).rowcount)
