"""How a ledger's file is: whether it is whole, of which version, how large, and what lies in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.ledger.database import MIGRATIONS, LedgerError, open_copy

if TYPE_CHECKING:
    from pathlib import Path

#: Where SQLite keeps ``user_version`` in the file, four bytes, the highest first (sqlite.org/fileformat2.html, 1.3).
_VERSION_AT = 60


@dataclass(frozen=True, slots=True)
class Health:
    """What was found.

    Attributes:
        version: of the schema in the file; the program knows ``newest``.
        bytes: size of the file.
        rows: number of rows by table.
        damage: what SQLite's integrity check says, empty where the file is whole.
    """

    version: int
    newest: int
    bytes: int
    rows: dict[str, int]
    damage: str = ""


def examine(path: Path) -> Health | None:
    """Examine a copy of the ledger at *path*; ``None`` where there is none yet. Raises LedgerError."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
        size = path.stat().st_size
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror}") from None
    version = int.from_bytes(head[_VERSION_AT : _VERSION_AT + 4], "big")
    with closing(open_copy(path)) as database:
        try:
            damage = [str(row[0]) for row in database.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            # The names are those of our own schema.
            rows = {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in sorted(tables)}
        except (sqlite3.Error, TypeError) as error:
            return Health(version, len(MIGRATIONS), size, {}, str(error))
    return Health(version, len(MIGRATIONS), size, rows, "; ".join(damage))
