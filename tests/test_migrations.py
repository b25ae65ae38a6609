"""A ledger of any earlier version becomes one of today, with everything in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from notices import notice

from pipeline.ledger import FILE, Ledger, codec
from pipeline.ledger.database import APPLICATION_ID, MIGRATIONS
from pipeline.ledger.health import examine

NOTICE = notice("2026-11-02", "shipped", "8211968327931234", "RB123456785CN")


def of_version(version: int, folder: Path) -> Path:
    """A ledger as the program of that version left it."""
    path = folder / FILE
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for script in MIGRATIONS[:version]:
            database.executescript(script)
        date_text = "2026-11-02T12:00:00.000000+00:00"
        database.execute("INSERT INTO notices VALUES (?, ?, ?)", (NOTICE.message_id, date_text, codec.encode(NOTICE)))
        database.execute("INSERT INTO told VALUES ('2026-11-03', '{}')")
        database.execute("INSERT INTO outbox VALUES ('digest/2026-11-03/stdout', 'digest', '\"subject\"', 1)")
        database.execute("INSERT INTO cursors VALUES ('home', 'INBOX', 7, 42)")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {version}")
    return path


def columns(path: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(path)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: [row[1] for row in database.execute(f"PRAGMA table_info({name})")] for name in tables}


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_everything_comes_along(version: int, tmp_path: Path) -> None:
    path = of_version(version, tmp_path)
    with Ledger.open(tmp_path) as ledger:
        assert ledger.notices() == [NOTICE]
        assert ledger.told.last(date(2026, 11, 23)) == (date(2026, 11, 3), {})
        assert ledger.cursors("home")["INBOX"].next_uid == 42
    health = examine(path)
    assert health is not None
    assert (health.version, health.damage) == (len(MIGRATIONS), "")


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_the_schema_is_that_of_a_new_one(version: int, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    old = of_version(version, tmp_path / "old")
    for folder in ("old", "new"):
        Ledger.open(tmp_path / folder).close()
    assert columns(old) == columns(tmp_path / "new" / FILE)


def test_a_look_at_an_old_ledger_leaves_it_old(tmp_path: Path) -> None:
    path = of_version(1, tmp_path)
    before = path.read_bytes()
    with Ledger.copy_in_memory(tmp_path) as ledger:
        assert ledger.notices() == [NOTICE]
    assert path.read_bytes() == before
