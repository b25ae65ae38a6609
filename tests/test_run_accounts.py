"""What the owner asks for and sees: accounts, folders, days, what is being done, how far it is; no needless work."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import DAY, PROGRAM, ROOT, clean_environment, parcel_digest, parcels
from test_faults import chatter, shipped
from wire import Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from command import Finished
    from dovecot import Dovecot

pytestmark = pytest.mark.server


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot.port) as running:
        yield running


class House:
    """Settings with accounts on the test's server, and a state folder."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self._config = folder / "config.toml"
        self._config.write_text('timezone = "Europe/Berlin"\n')

    def account(self, name: str, user: str, port: int, more: str = "") -> None:
        self._config.write_text(
            self._config.read_text() + f'[accounts.{name}]\naddress = "mila@example.org"\nusername = "{user}"\n'
            f'host = "127.0.0.1"\nport = {port}\nsecurity = "plain"\npassword_command = ["echo", "secret"]\n{more}\n'
        )

    def words(self, *more: str) -> list[str]:
        return ["run", "--config", str(self._config), "--state", str(self.state), "--today", DAY, *more]

    def run(self, *more: str) -> Finished:
        return parcel_digest(*self.words(*more))

    def orders(self) -> list[int]:
        """The numbers of the mails that were read, as `shipped` counts them."""
        return sorted(int(parcel["orders"][0]) - 8_211_968_000_000_000 for parcel in parcels(self.state))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


# ── several accounts ─────────────────────────────────────────────────────────────────────────────────────────


def test_accounts_are_asked_at_the_same_time(dovecot: Dovecot, proxy: Proxy, user: str, house: House) -> None:
    proxy.delay = 0.3
    for name in ("one", "two", "three", "four"):
        dovecot.deliver(f"{user}-{name}", [shipped(len(name))])
        house.account(name, f"{user}-{name}", proxy.port)
    done = house.run()
    assert (done.code, house.orders()) == (0, [3, 4, 5])
    verbs = [command.split()[0] for command in proxy.commands]
    assert verbs.index(b"LOGOUT") > max(at for at, verb in enumerate(verbs) if verb == b"LOGIN")


def test_only_the_named_account_is_read(dovecot: Dovecot, proxy: Proxy, user: str, house: House) -> None:
    dovecot.deliver(user, [shipped(1)])
    house.account("home", user, proxy.port)
    house.account("work", user, 1)
    assert house.run("--account", "home").code == 0
    assert house.orders() == [1]


def test_account_that_the_settings_do_not_have_is_refused(proxy: Proxy, user: str, house: House) -> None:
    house.account("home", user, proxy.port)
    done = house.run("--account", "hom")
    assert (done.code, len(done.complaints)) == (78, 1)
    assert "hom" in done.complaints[0]


# ── folders and days ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_named_folder_is_read_instead_of_those_of_the_settings(
    dovecot: Dovecot, proxy: Proxy, user: str, house: House
) -> None:
    dovecot.deliver(user, [shipped(1)])
    dovecot.deliver(user, [shipped(2)], "Shops")
    house.account("home", user, proxy.port)
    assert house.run("--folder", "Shops").code == 0
    assert house.orders() == [2]


def test_mails_before_the_window_are_read_if_a_day_is_given(
    dovecot: Dovecot, proxy: Proxy, user: str, house: House
) -> None:
    from datetime import UTC, datetime

    dovecot.deliver(user, [shipped(1)], arrived=datetime(2026, 6, 1, tzinfo=UTC))
    house.account("home", user, proxy.port)
    house.run()
    assert house.orders() == []
    proxy.forget()
    assert house.run("--since", "2026-05-01").code == 0
    assert house.orders() == [1]
    proxy.forget()
    house.run("--since", "2026-05-01")
    assert proxy.count(rb"BODY.PEEK\[\]") == 0


def test_files_have_no_accounts_to_choose_from(tmp_path: Path, house: House) -> None:
    done = parcel_digest("run", "--mailbox", tmp_path, "--state", tmp_path, "--folder", "INBOX")
    assert done.code == 2
    assert "--mailbox" in done.complaints[-1]


def test_a_mail_that_lies_in_two_folders_is_fetched_once(
    dovecot: Dovecot, proxy: Proxy, user: str, house: House
) -> None:
    for folder in ("INBOX", "Important", "Shops"):
        dovecot.deliver(user, [shipped(1)], folder)
    house.account("home", user, proxy.port, 'folders = ["INBOX", "Important", "Shops"]')
    assert house.run().code == 0
    assert (house.orders(), proxy.count(rb"BODY.PEEK\[\]")) == ([1], 1)


# ── what is told meanwhile ───────────────────────────────────────────────────────────────────────────────────


def test_verbose_tells_each_command_and_what_came_of_it(
    dovecot: Dovecot, proxy: Proxy, user: str, house: House
) -> None:
    dovecot.deliver(user, [shipped(1)])
    house.account("home", user, proxy.port)
    told = house.run("-v").complaints
    for line in ("home: LOGIN", "home: EXAMINE INBOX", "home: LOGOUT", "home: 1 mails read"):
        assert line in told
    assert any(line.startswith("home: FETCH BODY.PEEK[] of 1 mails") for line in told)
    assert any("commands" in line and "bytes" in line for line in told)
    assert "secret" not in "".join(told)


def test_without_a_terminal_nothing_is_told(dovecot: Dovecot, proxy: Proxy, user: str, house: House) -> None:
    dovecot.deliver(user, [chatter(1)])
    house.account("home", user, proxy.port)
    assert (house.run().complaints, house.run().out) == ([], "")


def test_on_a_terminal_a_bar_shows_how_far_a_first_run_is(
    dovecot: Dovecot, proxy: Proxy, user: str, house: House
) -> None:
    dovecot.deliver(user, [chatter(number) for number in range(5)])
    house.account("home", user, proxy.port)
    screen, end = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, *house.words()],
        cwd=ROOT, env={**clean_environment(), "TERM": "xterm"}, stderr=end, stdout=subprocess.PIPE,
    )  # fmt: skip
    out = process.communicate(timeout=60)[0]
    os.close(end)
    shown = os.read(screen, 65_536).decode()
    os.close(screen)
    assert (process.returncode, out) == (0, b"")
    assert "home: INBOX" in shown
    assert "100%" in shown


# ── two runs at once ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("words", "lines"), [((), 0), (("-v",), 1)], ids=["silent", "one line with -v"])
def test_second_run_at_the_same_time_ends_at_once(
    dovecot: Dovecot, proxy: Proxy, user: str, house: House, words: tuple[str, ...], lines: int
) -> None:
    proxy.delay = 30
    house.account("home", user, proxy.port)
    first = subprocess.Popen([*PROGRAM, *house.words()], cwd=ROOT, env=clean_environment())
    try:
        deadline = time.monotonic() + 30
        while not proxy.sent and time.monotonic() < deadline:
            time.sleep(0.02)
        asked = proxy.sent
        second = house.run(*words)
        assert (second.code, second.out, len(second.complaints)) == (0, "", lines)
        assert proxy.sent == asked
    finally:
        first.kill()
        first.wait()


# ── no needless work ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_without_news_imports_nothing_that_reads_or_renders(
    dovecot: Dovecot, proxy: Proxy, user: str, house: House
) -> None:
    dovecot.deliver(user, [chatter(1)])
    house.account("home", user, proxy.port)
    house.run()
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *PROGRAM[1:], *house.words()],
        cwd=ROOT, env=clean_environment(), capture_output=True, check=True,
    )  # fmt: skip
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    heavy = {
        *("pipeline.read", "pipeline.parse", "pipeline.trust", "pipeline.job", "pipeline.diagnose", "pipeline.render"),
        *("pipeline.reply", "pipeline.answering"),
        *(
            "pipeline.deliver",
            "pipeline.mailbox.folder",
            "mailparser",
            "selectolax",
            "jinja2",
            "icalendar",
            "rich.progress",
        ),
    }
    assert "imapclient" in imported
    assert imported & heavy == set()


def test_a_run_without_news_needs_five_round_trips_and_little_over_a_kilobyte(
    dovecot: Dovecot, proxy: Proxy, user: str, house: House
) -> None:
    dovecot.deliver(user, [shipped(1), chatter(1)])
    house.account("home", user, proxy.port)
    house.run()
    proxy.forget()
    house.run()
    assert proxy.round_trips <= 5
    assert len(proxy.received) <= 1_300


def test_fifty_new_mails_of_which_one_matters_need_ten_round_trips(
    dovecot: Dovecot, proxy: Proxy, user: str, house: House
) -> None:
    dovecot.deliver(user, [chatter(0)])
    house.account("home", user, proxy.port)
    house.run()
    dovecot.deliver(user, [*(chatter(number) for number in range(1, 50)), shipped(1)])
    proxy.forget()
    house.run()
    assert (house.orders(), proxy.round_trips <= 10) == ([1], True)
