"""Years of quiet, in a minute: a mailbox that gets mail every day, and a job that runs every day, whatever happens.

``make test`` lives through six weeks of it; ``PARCEL_DIGEST_YEAR=365 pytest tests/test_year.py`` through a year.
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from mail_server import PASSWORD
from notices import mark, notice
from wire import Proxy

from pipeline.cli.run import run
from pipeline.ledger import FILE, Ledger
from pipeline.ledger.database import APPLICATION_ID, MIGRATIONS
from pipeline.ledger.health import examine
from pipeline.model import Event
from pipeline.parcels import fold
from pipeline.read.checkdigits import s10
from pipeline.runlog import last_runs
from pipeline.sources import Today
from pipeline.upkeep import KEPT, drop_old, forgettable

if TYPE_CHECKING:
    from dovecot import Dovecot

    from pipeline.model import Parcel

BEGIN = date(2025, 1, 1)
DAYS = int(os.environ.get("PARCEL_DIGEST_YEAR", "42"))
#: For a year; a shorter time has its share of them.
TROUBLES = max(4, 20 * DAYS // 365)
LARGEST_LEDGER = 20_000_000

# ── the mails of a parcel's life ────────────────────────────────────────────────────────────────────────────

#: Days after the order, subject, text.
LIFE = (
    (0, "Order {order}: order confirmed", "Your order has been confirmed.\r\n\r\nOrder number: {order}"),
    (3, "Your Order {order} has been shipped", "Order number: {order}\r\nTracking number: {code}"),
    (14, "Order {order}: your package has left the departure country", "Tracking number: {code}"),
    (25, "Order {order}: your package has been delivered", "Your package {code} has been delivered."),
)


def code_of(number: int) -> str:
    """A code of China Post with the right check digit."""
    return next(code for digit in range(10) if s10(code := f"RB{number:08}{digit}CN"))


def letter(number: int, stage: int, day: date) -> bytes:
    _, subject, text = LIFE[stage]
    numbers = {"order": 3_000_000_000_000_000 + number * 7_919, "code": code_of(number * 37)}
    moment = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return (
        "Authentication-Results: mx.example.org; dkim=pass header.d=notice.aliexpress.com\r\n"
        "From: AliExpress <transaction@notice.aliexpress.com>\r\nTo: mila@example.org\r\n"
        f"Subject: {subject.format(**numbers)}\r\nDate: {moment:%a, %d %b %Y %H:%M:%S} +0000\r\n"
        f"Message-ID: <{number}-{stage}@notice.aliexpress.com>\r\n\r\n{text.format(**numbers)}\r\n"
    ).encode()


def letters(day: int) -> Iterator[bytes]:
    """What arrives on the day of that number: every second day somebody orders, and a mail about something else."""
    at = BEGIN + timedelta(days=day)
    for stage, (after, _, _) in enumerate(LIFE):
        if day >= after and (day - after) % 2 == 0:
            yield letter(day - after, stage, at)
    head = f"From: a friend <f@example.net>\r\nSubject: lunch {day}\r\nMessage-ID: <{day}@example.net>"
    yield f"{head}\r\n\r\nnoon?\r\n".encode()


# ── the machine ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Machine:
    """A job's settings and state, and how its runs ended."""

    folder: Path
    proxy: Proxy
    user: str
    timezone: str = "Europe/Berlin"
    codes: list[int] = field(default_factory=list)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def run(self, day: date) -> int:
        config = self.folder / "config.toml"
        config.write_text(
            f'timezone = "{self.timezone}"\n[accounts.home]\naddress = "mila@example.org"\nusername = "{self.user}"\n'
            f'host = "127.0.0.1"\nport = {self.proxy.port}\nsecurity = "plain"\n'
            'trusted_authserv_ids = ["mx.example.org"]\n[digest]\ndeliver = ["file"]\nheartbeat = "weekly"\n'
        )
        try:
            run(config=config, state=self.state, today=day)
        except typer.Exit as ended:
            self.codes.append(ended.exit_code)
        return self.codes[-1]

    def parcels(self) -> list[Parcel]:
        with Ledger.copy_in_memory(self.state) as ledger:
            return list(fold(ledger.notices()))

    def told(self) -> list[str]:
        with closing(sqlite3.connect(self.state / FILE)) as database:
            return [day for (day,) in database.execute("SELECT day FROM told ORDER BY day")]

    def as_an_older_version_left_it(self, version: int) -> None:
        """Put a ledger of that *version* into the place of today's, with all that it can hold of it."""
        new, old = self.state / FILE, self.state / "old"
        with closing(sqlite3.connect(old, isolation_level=None)) as database:
            for script in MIGRATIONS[:version]:
                database.executescript(script)
            database.execute("ATTACH ? AS new", (str(new),))
            for (table,) in database.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
                there = {row[1] for row in database.execute(f"PRAGMA new.table_info({table})")}
                both = [row[1] for row in database.execute(f"PRAGMA main.table_info({table})") if row[1] in there]
                names = ", ".join(both)
                database.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
            database.execute(f"PRAGMA main.application_id = {APPLICATION_ID}")
            database.execute(f"PRAGMA main.user_version = {version}")
        for leftover in self.state.glob(f"{FILE}*"):
            leftover.unlink()
        old.replace(new)


@pytest.fixture
def machine(tmp_path: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    monkeypatch.setenv("PARCEL_DIGEST_HOME_PASSWORD", PASSWORD)
    with Proxy(dovecot.port) as proxy:
        yield Machine(tmp_path, proxy, user)


@pytest.mark.server
@pytest.mark.timeout(900)
def test_a_year_goes_by(machine: Machine, dovecot: Dovecot) -> None:
    chance = random.Random(1)
    troubles = set(chance.sample(range(2, DAYS - 2), TROUBLES))
    upgrades = {DAYS // 4: 1, DAYS * 3 // 4: len(MIGRATIONS) - 1}
    move, travel = DAYS // 2, DAYS * 2 // 3
    arrived: list[bytes] = []
    for day in range(DAYS):
        at = BEGIN + timedelta(days=day)
        new = list(letters(day))
        arrived += new
        if day == move:
            # Another provider, to which all mails were copied: other UIDs, another UIDVALIDITY.
            machine.user += "-moved"
            dovecot.deliver(machine.user, arrived)
        else:
            dovecot.deliver(machine.user, new)
        if day in upgrades:
            machine.as_an_older_version_left_it(upgrades[day])
        if day == travel:
            machine.timezone = "Pacific/Auckland"
        if day in troubles:
            machine.proxy.cut_after = chance.randrange(1200)
        machine.run(at)
        machine.proxy.heal()
        if day in troubles:
            machine.run(at)
        if day % 20 == 10:  # twice on one day, and a clock that went back for a moment
            machine.run(at)
            machine.run(at - timedelta(days=1))

    expected = {code_of(day * 37) for day in range(0, DAYS - 3, 2)}
    delivered = {code_of(day * 37) for day in range(0, DAYS - 25, 2)}
    parcels = machine.parcels()
    assert {code.code for parcel in parcels for code in parcel.codes} == expected
    assert all(len(parcel.codes) <= 1 for parcel in parcels)
    assert {parcel.codes[0].code for parcel in parcels if parcel.event is Event.DELIVERED} == delivered
    assert len(parcels) == len(range(0, DAYS, 2))
    told = machine.told()
    assert len(told) == len(set(told)) == len(list((machine.state / "digests").glob("digest-*.html")))
    assert len(told) > DAYS * 0.8, "something is said nearly every day"
    assert set(machine.codes) <= {0, 75}
    health = examine(machine.state / FILE)
    assert health is not None
    assert (health.damage, health.version) == ("", len(MIGRATIONS))
    assert health.bytes < LARGEST_LEDGER
    assert len(last_runs(machine.state, 10_000)) >= DAYS
    troubled = machine.codes.count(75)
    print(f"{DAYS} days: {health.bytes:,} bytes, {len(parcels)} parcels, {len(told)} digests, {troubled} failed runs")


# ── what is dropped ─────────────────────────────────────────────────────────────────────────────────────────

TODAY = Today(date(2027, 6, 1), UTC)
BEFORE = TODAY.day - KEPT


def test_parcels_of_which_nothing_was_heard_for_a_year_are_dropped_and_marked_ones_are_not(tmp_path: Path) -> None:
    long_ago, recently = "2025-01-01", "2027-05-01"
    quiet = notice(long_ago, "shipped", "3001", "RB123456785CN")
    marked = notice(long_ago, "shipped", "3002", "RB987654327CN")
    alive = [notice(long_ago, "ordered", "3003"), notice(recently, "shipped", "3003", "LP00827165784034")]
    said = mark("2025-01-02", "3002", "delivered")
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY.day, notices=[quiet, marked, *alive])
        ledger.add_mark(said)
        ledger.told.keep(date(2026, 1, 1), {})
        ledger.told.keep(date(2026, 5, 31), {"the": "newest"})
        drop_old(ledger, TODAY)
        left = ledger.notices()
        assert {one.message_id for one in left if one.mark is None} == {one.message_id for one in (marked, *alive)}
        assert [one.mark.kind for one in left if one.mark] == [said.mark.kind]
        assert ledger.told.last(TODAY.day) == (date(2026, 5, 31), {"the": "newest"})


def test_a_notice_of_two_parcels_stays_as_long_as_one_of_them() -> None:
    both = notice("2025-01-01", "shipped", "3001", "RB123456785CN RB987654327CN")
    one = notice("2027-05-01", "in_transit", "3001", "RB123456785CN")
    assert forgettable([both, one], BEFORE, UTC) == set()
