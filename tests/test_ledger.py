"""The ledger loses nothing, keeps nothing twice, and looks the same however the runs went."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from notices import mark, moment, notice

from pipeline.ledger import MAX_TRIES, Busy, Ledger, LedgerError, Outgoing, State, codec, lock
from pipeline.ledger.database import APPLICATION_ID, MIGRATIONS
from pipeline.mailbox import Cursor
from pipeline.model import Place, Suspicion, Unread

TODAY = date(2026, 11, 23)
PLACE = Place("home", "INBOX", 7, "42")
FILE = "ledger.sqlite3"


def dump(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / FILE)) as database:
        return list(database.iterdump())


def files(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


# ── what goes in comes out ─────────────────────────────────────────────────────────────────────────────────


def test_a_notice_comes_back_as_it_was(tmp_path: Path) -> None:
    whole = notice(
        "2026-11-02",
        "shipped",
        "1001 1002",
        "RB123456785CN",
        pairs="1001=RB123456785CN",
        replaced="LP00827165784034",
        ship_by="2026-11-09",
        protection_ends="2027-01-02",
        pickup_by="2026-12-01",
        expected="2026-12-02",
        status="customs",
        language="es",
        items=("Кот <b>синий</b>",),
        reasons=("a", "b"),
        subject="🐈",
    )
    empty = notice("2026-11-03", "none", shop=None, trust="suspicious")
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, notices=[whole, empty])
    with Ledger.open(tmp_path) as ledger:
        assert ledger.notices() == [whole, empty]


def test_notices_come_by_moment_and_then_by_message_id(tmp_path: Path) -> None:
    at = moment("2026-11-02")
    first = notice("2026-11-02", message_id="b")
    east = structs.replace(notice("2026-11-02", message_id="a"), date=at.astimezone(timezone(timedelta(hours=9))))
    later = structs.replace(first, message_id="0", date=at + timedelta(microseconds=1))
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, notices=[later, first, east])
        assert [n.message_id for n in ledger.notices()] == ["a", "b", "0"]


def test_the_first_of_two_notices_with_one_message_id_stays(tmp_path: Path) -> None:
    first = notice("2026-11-02", "shipped", "1001", message_id="same")
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, notices=[first])
        ledger.record(today=TODAY, notices=[structs.replace(first, subject="moved to another folder")])
        assert ledger.notices() == [first]


def test_a_date_at_the_end_of_the_calendar_is_kept(tmp_path: Path) -> None:
    odd = structs.replace(notice("2026-11-02"), date=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))))
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, notices=[odd])
        assert ledger.notices() == [odd]


def test_text_that_is_no_unicode_does_not_stop_a_batch(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, notices=[notice("2026-11-02", subject="half \ud83d a cat", message_id="x\udcff")])
        assert [(n.message_id, n.subject) for n in ledger.notices()] == [("x?", "half ? a cat")]


def test_a_file_name_that_is_no_unicode_is_found_again(tmp_path: Path) -> None:
    place = Place("files", "caf\udce9", 0, "\udcff.eml")
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, unread=[Unread(place, "", "broken")])
        assert [unread.place for unread in ledger.quarantine()] == [place]
        ledger.record(today=TODAY, places=[(place, "a")])
        assert ledger.is_known(place)


def test_suspicions_come_by_date_and_once(tmp_path: Path) -> None:
    later = Suspicion("a", moment("2026-11-03"), "brand in the display name", "Shipment pending", "x@y.example")
    first = Suspicion("b", moment("2026-11-02"), "dmarc failed")
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, suspicions=[later, first])
        ledger.record(today=TODAY, suspicions=[replace(first, reason="another")])
        assert ledger.suspicions() == [first, later]


def test_a_batch_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    broken = Unread(PLACE, "", None)  # type: ignore[arg-type]
    with Ledger.open(tmp_path) as ledger:
        with pytest.raises(AttributeError):
            ledger.record(
                today=TODAY,
                notices=[notice("2026-11-02")],
                places=[(PLACE, "a")],
                unread=[broken],
                cursor=Cursor("home", "INBOX", 7, 43),
            )
        assert (ledger.notices(), ledger.is_known(PLACE), ledger.cursors("home")) == ([], False, {})


# ── how far a folder is read ───────────────────────────────────────────────────────────────────────────────


def test_cursors_by_folder_of_one_account(tmp_path: Path) -> None:
    mine = [Cursor("home", "INBOX", 7, 43), Cursor("home", "Käufe", 9, 2)]
    with Ledger.open(tmp_path) as ledger:
        for cursor in [*mine, Cursor("work", "INBOX", 1, 1)]:
            ledger.record(today=TODAY, cursor=cursor)
        assert ledger.cursors("home") == {cursor.folder: cursor for cursor in mine}


@pytest.mark.parametrize(
    "new",
    [Cursor("home", "INBOX", 7, 50), Cursor("home", "INBOX", 7, 40), Cursor("home", "INBOX", 8, 1)],
    ids=["forward", "back, for a mailbox restored from a backup", "a new UIDVALIDITY starts anew"],
)
def test_a_cursor_stands_where_the_last_batch_put_it(tmp_path: Path, new: Cursor) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, cursor=Cursor("home", "INBOX", 7, 43))
        ledger.record(today=TODAY, cursor=new)
        assert ledger.cursors("home") == {"INBOX": new}


def test_a_mail_is_known_by_its_message_id_wherever_it_lies(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, notices=[notice("2026-11-02", message_id="one")])
        assert (ledger.has_notice("one"), ledger.has_notice("two")) == (True, False)


def test_message_ids_are_those_of_one_folder_and_one_uidvalidity(tmp_path: Path) -> None:
    places = [
        (Place("home", "INBOX", 7, "1"), "a"), (Place("home", "INBOX", 7, "2"), "b"),
        (Place("home", "INBOX", 8, "1"), "c"),
        (Place("home", "Shops", 7, "1"), "d"), (Place("work", "INBOX", 7, "1"), "e"),
    ]  # fmt: skip
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, places=places)
        assert ledger.message_ids("home", "INBOX", 7) == {1: "a", 2: "b"}
        assert ledger.message_ids("home", "INBOX", 7, limit=1) == {2: "b"}


def test_message_ids_are_those_of_the_newest_mails(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, places=[(Place("home", "INBOX", 7, str(uid)), str(uid)) for uid in range(1, 120)])
        assert sorted(ledger.message_ids("home", "INBOX", 7)) == list(range(70, 120))


LEARNT = {
    "a notice": {"notices": [notice("2026-11-02", message_id="new")]},
    "a suspicion": {"suspicions": [Suspicion("new", moment("2026-11-02"), "odd")]},
    "a mail that cannot be read": {"unread": [Unread(Place("home", "INBOX", 7, "1"), "", "broken")]},
}


@pytest.mark.parametrize("learnt", LEARNT.values(), ids=LEARNT)
def test_a_quiet_day_ends_with_something_new(tmp_path: Path, learnt: dict[str, Any]) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.told.be_quiet(TODAY, "settings")
        ledger.record(today=TODAY, cursor=Cursor("home", "INBOX", 7, 43))
        assert ledger.told.is_quiet(TODAY, "settings")
        ledger.record(today=TODAY, **learnt)
        assert not ledger.told.is_quiet(TODAY, "settings")


def test_a_quiet_day_ends_with_a_mark_another_day_or_other_settings(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.told.be_quiet(TODAY, "settings")
        assert not ledger.told.is_quiet(TODAY, "others")
        assert not ledger.told.is_quiet(TODAY + timedelta(days=1), "settings")
        ledger.add_mark(mark("2026-11-23", "1001", "delivered"))
        assert not ledger.told.is_quiet(TODAY, "settings")


def test_threads_may_ask_at_the_same_time(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger, ThreadPoolExecutor(4) as pool:
        done = [
            pool.submit(ledger.record, today=TODAY, places=[(Place("home", "INBOX", 7, str(uid)), str(uid))])
            for uid in range(40)
        ]
        asked = [pool.submit(ledger.has_notice, str(uid)) for uid in range(40)]
        assert [each.result() for each in (*done, *asked)] == [None] * 40 + [False] * 40
        assert len(ledger.message_ids("home", "INBOX", 7, limit=100)) == 40


def test_a_place_is_known_once_it_was_read(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, places=[(PLACE, "a")])
        assert ledger.is_known(PLACE)
        assert not ledger.is_known(replace(PLACE, uidvalidity=8))


# ── quarantine ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mail_that_cannot_be_read_is_tried_on_a_limited_number_of_days(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        for day in range(MAX_TRIES):
            assert not ledger.is_known(PLACE)
            ledger.record(today=TODAY + timedelta(days=day), unread=[Unread(PLACE, "a", f"error {day}")])
        assert ledger.is_known(PLACE)
        assert ledger.quarantine() == [Unread(PLACE, "a", f"error {MAX_TRIES - 1}", MAX_TRIES)]


def test_tries_on_one_day_count_once_so_that_a_killed_run_costs_none(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        for _ in range(MAX_TRIES + 1):
            ledger.record(today=TODAY, unread=[Unread(PLACE, "a", "broken")])
        assert ledger.quarantine() == [Unread(PLACE, "a", "broken", 1)]


@pytest.mark.parametrize("place", [PLACE, Place("home", "Archive", 3, "1")], ids=["there", "elsewhere"])
def test_a_mail_read_at_last_leaves_quarantine(tmp_path: Path, place: Place) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, unread=[Unread(PLACE, "a", "broken")])
        ledger.record(today=TODAY, places=[(place, "a")])
        assert ledger.quarantine() == []


def test_a_mail_without_known_message_id_stays_in_quarantine_when_another_such_is_read(
    tmp_path: Path,
) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, unread=[Unread(PLACE, "", "broken")])
        ledger.record(today=TODAY, places=[(replace(PLACE, uid="43"), "")])
        assert [unread.place for unread in ledger.quarantine()] == [PLACE]


# ── the owner, the digest, the outbox ──────────────────────────────────────────────────────────────────────


def test_marks_are_counted(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        marks = [ledger.add_mark(mark("2026-11-20", "1001", word)) for word in ("ignore", "reopen")]
        assert [m.message_id for m in marks] == ["mark-000001@owner", "mark-000002@owner"]
        assert ledger.notices() == marks


def test_a_mail_that_calls_itself_like_a_mark_does_not_keep_a_mark_out(tmp_path: Path) -> None:
    forged = notice("2026-11-01", message_id="mark-000002@owner")
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, notices=[forged])
        marks = [ledger.add_mark(mark("2026-11-20", "1001", "ignore")) for _ in range(3)]
        assert ledger.notices() == [forged, *marks]
        assert [m.message_id for m in marks] == sorted(m.message_id for m in marks)


def test_the_last_digest_of_a_day_or_before(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        assert ledger.told.last(TODAY) is None
        ledger.told.keep(date(2026, 11, 20), {"parcels": ["a"]})
        ledger.told.keep(date(2026, 11, 22), {"parcels": ["b"]})
        ledger.told.keep(date(2026, 11, 22), {"parcels": ["c"]})
        assert ledger.told.last(date(2026, 11, 19)) is None
        assert ledger.told.last(date(2026, 11, 21)) == (date(2026, 11, 20), {"parcels": ["a"]})
        assert ledger.told.last(date(2026, 11, 22)) == (date(2026, 11, 22), {"parcels": ["c"]})


def test_what_is_put_into_the_outbox_waits_until_it_is_done(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        outbox = ledger.outbox
        assert outbox.put("digest-2026-11-23", "digest", {"text": "…"})
        assert outbox.put("reply-a", "reply", None)
        assert outbox.pending("digest") == [Outgoing("digest-2026-11-23", "digest", {"text": "…"})]
        assert outbox.done("digest-2026-11-23")
        assert outbox.pending("digest") == []
        assert [item.done for item in outbox.all("digest")] == [True]
        assert [item.key for item in outbox.pending("reply")] == ["reply-a"]
        assert outbox.get("reply-a") == Outgoing("reply-a", "reply", None)
        assert outbox.get("never put") is None


def test_nothing_is_put_or_done_twice(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        outbox = ledger.outbox
        outbox.put("a", "reply", 1)
        assert outbox.done("a")
        assert not outbox.put("a", "reply", 2)
        assert not outbox.done("a")
        assert not outbox.begin("a")
        assert not outbox.back("a")
        assert not outbox.done("never put")
        assert outbox.all("reply") == [Outgoing("a", "reply", 1, State.DONE)]


def test_what_has_begun_to_leave_is_known_as_such_after_a_crash(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.outbox.put("a", "reply", 1)
        assert ledger.outbox.begin("a")
    with Ledger.open(tmp_path) as ledger:
        assert [item.state for item in ledger.outbox.pending("reply")] == [State.BEGUN]
        assert not ledger.outbox.begin("a")


def test_what_was_surely_not_taken_waits_again(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.outbox.put("a", "reply", 1)
        ledger.outbox.begin("a")
        assert ledger.outbox.back("a")
        assert [item.state for item in ledger.outbox.pending("reply")] == [State.WAITING]


def test_the_secret_of_a_ledger_stays_and_is_its_own(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a") as ledger:
        first = ledger.outbox.secret()
    with Ledger.open(tmp_path / "a") as ledger:
        assert ledger.outbox.secret() == first
    with Ledger.open(tmp_path / "b") as ledger:
        assert ledger.outbox.secret() != first


def test_an_outbox_of_the_first_version_keeps_what_it_knew(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None)) as database:
        database.executescript(MIGRATIONS[0])
        database.execute("INSERT INTO outbox VALUES ('a', 'digest', '\"x\"', 1), ('b', 'digest', '\"y\"', 0)")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA user_version = 1")
    with Ledger.open(tmp_path) as ledger:
        assert ledger.outbox.all("digest") == [
            Outgoing("a", "digest", "x", State.DONE),
            Outgoing("b", "digest", "y", State.WAITING),
        ]


# ── the same whatever happened in between ──────────────────────────────────────────────────────────────────

RUN = """
import sys
from datetime import date
from pathlib import Path
from notices import mark, notice
from pipeline.ledger import Ledger
from pipeline.mailbox import Cursor
from pipeline.model import Place, Suspicion, Unread

today = date(2026, 11, 23)
with Ledger.open(Path(sys.argv[1])) as ledger:
    print("ready", flush=True)
    known = ledger.cursors("home").get("INBOX")
    for uid in range(known.next_uid if known else 1, 121):
        place = Place("home", "INBOX", 7, str(uid))
        mail = notice("2026-11-02", "shipped", str(1000 + uid), message_id=f"{uid}@test")
        ledger.record(
            today=today,
            notices=[mail],
            places=[(place, mail.message_id)] if uid % 5 else [],
            unread=[] if uid % 5 else [Unread(place, mail.message_id, "broken")],
            suspicions=[Suspicion(mail.message_id, mail.date, "odd")] if uid % 7 == 0 else [],
            cursor=Cursor("home", "INBOX", 7, uid + 1),
        )
    for unread in ledger.quarantine():
        ledger.record(today=today, unread=[unread])
    ledger.told.keep(today, [n.message_id for n in ledger.notices()])
    ledger.outbox.put("digest", "digest", "text")
    ledger.outbox.done("digest")
"""


def start(folder: Path) -> subprocess.Popen[str]:
    here = Path(__file__).parent
    path = os.pathsep.join([str(here), str(here.parent)])
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(folder)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_runs_killed_at_any_point_and_run_again_leave_the_same_ledger(tmp_path: Path) -> None:
    chance = random.Random(23)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    with start(whole) as process:
        process.communicate(timeout=60)
    survivors = 0
    for _ in range(10):
        with start(killed) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0, 0.03))
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=60)
            survivors += process.returncode == 0
    assert survivors < 10, "no run was killed: the test shows nothing"
    with start(killed) as process:
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert dump(killed) == dump(whole)


def test_a_second_run_over_the_same_mails_changes_nothing(tmp_path: Path) -> None:
    dumps = []
    for _ in range(2):
        with start(tmp_path) as process:
            process.communicate(timeout=60)
        dumps.append(dump(tmp_path))
    assert dumps[0] == dumps[1]


def test_the_order_in_which_mails_arrive_leaves_no_trace(tmp_path: Path) -> None:
    mails = [notice(f"2026-11-{day:02}", "shipped", "1001") for day in range(1, 20)]
    for name, order in (("a", mails), ("b", mails[::-1])):
        with Ledger.open(tmp_path / name) as ledger:
            for mail in order:
                ledger.record(today=TODAY, notices=[mail], places=[(replace(PLACE, uid=mail.message_id), "x")])
    assert dump(tmp_path / "a") == dump(tmp_path / "b")


# ── a copy that leaves the disk alone ──────────────────────────────────────────────────────────────────────


def test_a_copy_in_memory_takes_writes_and_leaves_the_folder_alone(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, notices=[notice("2026-11-02")])
    before = files(tmp_path)
    with Ledger.copy_in_memory(tmp_path) as copy:
        copy.record(today=TODAY, notices=[notice("2026-11-03")], cursor=Cursor("home", "INBOX", 7, 43))
        copy.add_mark(mark("2026-11-20", "1001", "ignore"))
        assert len(copy.notices()) == 3
    assert files(tmp_path) == before
    with Ledger.open(tmp_path) as ledger:
        assert len(ledger.notices()) == 1


def test_a_copy_where_nothing_is_yet_makes_nothing(tmp_path: Path) -> None:
    with Ledger.copy_in_memory(tmp_path / "state") as copy:
        copy.record(today=TODAY, notices=[notice("2026-11-03")])
        assert len(copy.notices()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_copy_holds_what_another_process_has_not_yet_moved_out_of_the_wal(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, notices=[notice("2026-11-02")])
        known = ledger.notices()
        before = files(tmp_path)
        assert FILE + "-wal" in before
        with Ledger.copy_in_memory(tmp_path) as copy:
            assert copy.notices() == known
        assert files(tmp_path) == before


def test_after_closing_one_file_is_left(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, notices=[notice("2026-11-02")])
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


# ── what cannot be used ────────────────────────────────────────────────────────────────────────────────────


def refusal(folder: Path) -> LedgerError:
    """The one error that opening says, the same for a copy."""
    errors = []
    for way in (Ledger.open, Ledger.copy_in_memory):
        with pytest.raises(LedgerError) as caught:
            way(folder)
        errors.append(caught.value)
    assert str(errors[0]) == str(errors[1])
    assert "\n" not in str(errors[0])
    return errors[0]


def test_a_ledger_of_a_newer_version_is_refused_with_both_versions(tmp_path: Path) -> None:
    Ledger.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("PRAGMA user_version = 99")
    before = files(tmp_path)
    error = refusal(tmp_path)
    assert error.exit_code == 78
    assert "version 99" in str(error)
    assert f"version {len(MIGRATIONS)}" in str(error)
    assert files(tmp_path) == before


def test_another_programs_database_is_refused_and_not_changed(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("CREATE TABLE bookmarks (url)")
    before = files(tmp_path)
    assert "another program's" in str(refusal(tmp_path))
    assert files(tmp_path) == before


def test_garbage_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"garbage " * 1000)
    error = refusal(tmp_path)
    assert (error.exit_code, "not a database" in str(error)) == (75, True)


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(LedgerError, match="state") as caught:
        Ledger.open(tmp_path / "state")
    assert caught.value.exit_code == 75


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(LedgerError, match="denied") as caught:
        Ledger.open(tmp_path)
    assert caught.value.exit_code == 75


def test_a_full_disk_is_told_in_one_line_and_loses_nothing(tmp_path: Path) -> None:
    kept = notice("2026-11-02", subject="kept")
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, notices=[kept])
        ledger._database.execute("PRAGMA max_page_count = 1").fetchall()
        with pytest.raises(LedgerError, match="full") as caught:
            ledger.record(today=TODAY, notices=[notice("2026-11-03", subject="x" * 100_000)])
        assert caught.value.exit_code == 75
        assert ledger.notices() == [kept]


def test_a_ledger_that_another_process_writes_is_busy_for_now(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger, Ledger.open(tmp_path) as other:
        other._database.execute("PRAGMA busy_timeout = 1").fetchall()
        ledger._database.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="locked") as caught:
            other.record(today=TODAY, notices=[notice("2026-11-02")])
        assert caught.value.exit_code == 75


def test_a_notice_that_is_none_is_told(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger._database.execute("INSERT INTO notices VALUES ('a', 'b', '{}')")
        with pytest.raises(LedgerError, match="notice"):
            ledger.notices()


def test_keys_of_a_later_notice_are_passed_over() -> None:
    text = codec.encode(notice("2026-11-02", message_id="a"))
    assert codec.decode([text[:-1] + ',"mood":"good"}']) == codec.decode([text])


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "parcel-digest"
    with Ledger.open(folder) as ledger:
        ledger.record(today=TODAY, notices=[notice("2026-11-02")])
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_is_committed_is_on_the_disk(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        (mode,) = ledger._database.execute("PRAGMA journal_mode").fetchone()
        (level,) = ledger._database.execute("PRAGMA synchronous").fetchone()
    assert (mode, level) == ("wal", 2)


# ── one run at a time ──────────────────────────────────────────────────────────────────────────────────────


def test_a_second_run_finds_the_house_busy(tmp_path: Path) -> None:
    with lock(tmp_path), pytest.raises(Busy) as caught, lock(tmp_path):
        pass
    assert caught.value.exit_code == 75


def test_a_lock_let_go_can_be_taken_again(tmp_path: Path) -> None:
    with lock(tmp_path / "new"):
        pass
    with lock(tmp_path / "new"):
        assert (tmp_path / "new").is_dir()


def test_a_killed_run_leaves_no_lock(tmp_path: Path) -> None:
    script = "import sys, time; from pathlib import Path; from pipeline.ledger import lock\n"
    script += "with lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    here = str(Path(__file__).parent.parent)
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": here},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(Busy), lock(tmp_path):
            pass
        process.kill()
        process.wait(timeout=60)
    with lock(tmp_path):
        pass


def test_ten_thousand_notices_load_in_well_under_a_second(tmp_path: Path) -> None:
    mails = [notice("2026-11-02", "shipped", str(number), "RB123456785CN") for number in range(10_000)]
    with Ledger.open(tmp_path) as ledger:
        ledger.record(today=TODAY, notices=mails)
        start = time.process_time()
        assert len(ledger.notices()) == 10_000
        assert time.process_time() - start < 1


def test_moments_come_back_aware(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        ledger.record(
            today=TODAY, notices=[notice("2026-11-02")], suspicions=[Suspicion("a", moment("2026-11-02"), "")]
        )
        assert ledger.notices()[0].date.utcoffset() == ledger.suspicions()[0].date.utcoffset() == timedelta(0)
        assert ledger.suspicions()[0].date.tzinfo is UTC
