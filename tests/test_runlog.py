"""What a run leaves behind for a person and for a watchdog: one line in a file, and one question over https."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command import DAY, STORY, clean_environment, parcel_digest
from wire import Listener, hang_up

from pipeline.runlog import MAX_BYTES, last_runs, note_run

NOW = datetime(2026, 11, 23, 7, 0, 3, tzinfo=UTC)


def note(folder: Path, exit_code: int = 0) -> None:
    note_run(folder, NOW, exit_code=exit_code, read=3, told=True, seconds=1.25)


def test_a_run_is_one_line(tmp_path: Path) -> None:
    note(tmp_path)
    assert last_runs(tmp_path, 5) == ["2026-11-23T07:00:03+00:00 exit=0 read=3 digest=yes seconds=1.2"]


def test_the_file_never_grows_beyond_its_size(tmp_path: Path) -> None:
    (tmp_path / "runs.log").write_bytes(b"old\n" * (MAX_BYTES // 4))
    note(tmp_path, 75)
    assert (tmp_path / "runs.log").stat().st_size < MAX_BYTES * 0.6
    assert "exit=75" in last_runs(tmp_path, 1)[0]


def test_a_link_in_its_place_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "runs.log").symlink_to(tmp_path / "precious")
    note(tmp_path)
    assert (tmp_path / "precious").read_text() == "precious"


# ── the watchdog ────────────────────────────────────────────────────────────────────────────────────────────


class Watchdog(Listener):
    """Keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.heard = threading.Event()

    def _served(self, client: socket.socket) -> None:
        with suppress(OSError):
            self.asked.append(client.recv(4096).split()[1].decode())
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK")
        self.heard.set()
        hang_up(client)


@pytest.mark.parametrize(("mailbox", "asked"), [(STORY / "nothing", "/check/78"), (STORY, "/check/1")])
def test_the_watchdog_hears_how_a_run_ended(tmp_path: Path, mailbox: Path, asked: str) -> None:
    with Watchdog() as watchdog:
        environment = clean_environment() | {"PARCEL_DIGEST__PING": f"http://127.0.0.1:{watchdog.port}/check"}
        parcel_digest("run", "--mailbox", mailbox, "--state", tmp_path, "--today", DAY, env=environment)
        assert watchdog.heard.wait(10)
    assert watchdog.asked == [asked]


def test_after_a_run_that_went_well_it_hears_the_address_itself(tmp_path: Path) -> None:
    with Watchdog() as watchdog:
        environment = clean_environment() | {"PARCEL_DIGEST__PING": f"http://127.0.0.1:{watchdog.port}/check"}
        mailbox = tmp_path / "empty"
        mailbox.mkdir()
        done = parcel_digest("run", "--mailbox", mailbox, "--state", tmp_path / "state", env=environment)
        assert done.code == 0, done.complaints
        assert watchdog.heard.wait(10)
    assert watchdog.asked == ["/check"]


def test_a_watchdog_that_is_not_there_is_told_and_fails_nothing(tmp_path: Path) -> None:
    environment = clean_environment() | {"PARCEL_DIGEST__PING": "http://127.0.0.1:1/check"}
    (tmp_path / "empty").mkdir()
    done = parcel_digest("run", "--mailbox", tmp_path / "empty", "--state", tmp_path / "state", env=environment)
    assert (done.code, done.complaints) == (0, ["parcel-digest: ping: URLError"])


def test_only_https_is_pinged_beyond_this_machine(tmp_path: Path) -> None:
    environment = clean_environment() | {"PARCEL_DIGEST__PING": "http://watchdog.example/check"}
    done = parcel_digest("run", "--mailbox", STORY, "--state", tmp_path, env=environment)
    assert done.code == 78
    assert "is no https address" in done.complaints[0]
