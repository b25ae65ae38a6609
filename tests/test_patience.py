"""When a server is not asked: after it wanted to be left alone, and after it refused the login three times."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.config.accounts import Server
from pipeline.ledger import Ledger
from pipeline.ledger.database import MIGRATIONS
from pipeline.mailbox import Batch, LoginRefused, MailboxError, Unreachable, WrongSettings
from pipeline.mailbox.credentials import NoSecret, Secret
from pipeline.mailbox.patience import Blocked, PatientMailbox, Resting, Standing, mark_of, rest_wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SERVER = Server(host="imap.example.org", port=993, security="tls", username="me")
MINUTE = timedelta(minutes=1)


class Box:
    """A mailbox that yields one batch, or fails."""

    def __init__(self, error: MailboxError | None) -> None:
        self._error = error

    def batches(self, *_: object) -> Iterator[Batch]:
        yield Batch()
        if self._error:
            raise self._error

    def close(self) -> None: ...


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path) as opened:
        yield opened


def run(
    ledger: Ledger,
    error: MailboxError | None = None,
    *,
    at: datetime = NOON,
    password: str = "secret",
    server: Server = SERVER,
    asked: Callable[[], None] = lambda: None,
) -> MailboxError | None:
    """One run whose server answers with *error*; return what the run ends with."""

    def ask() -> Secret:
        asked()
        return Secret(password)

    with closing(PatientMailbox("home", server, ask, lambda _: Box(error), ledger.standings, at)) as mailbox:
        try:
            list(mailbox.batches({}, lambda _: True, lambda _: False))
        except MailboxError as raised:
            return raised
    return None


# ── a server that wants to be left alone ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("[THROTTLED] slow down", 15),
        ("[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)", 60),
        ("[UNAVAILABLE] Temporary authentication failure", 5),
        ("[SERVERBUG] Internal error occurred", 5),
        ("[LIMIT] Rate limit hit", 10),
        ("[ALERT] Too many simultaneous connections. (Failure)", 10),
        ("Server Unavailable. 15", 5),
        ("Request is throttled. Suggested Backoff Time: 299961 milliseconds", 299.961 / 60),
        ("Request is throttled. Suggested Backoff Time: 9999999999 milliseconds", 24 * 60),
        ("Request is throttled.", 15),
        ("[INUSE] locked", None),
        ("connection refused", None),
        ("THROTTLED is the name of a folder", None),
    ],
)
def test_what_a_server_says_tells_how_long_it_is_left_alone(said: str, minutes: float | None) -> None:
    assert rest_wanted(said) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("rests", "hours"), [(0, 1), (1, 2), (2, 4), (4, 16), (5, 24), (6, 24), (10**6, 24)], ids="after {}".format
)
def test_each_time_in_a_row_is_twice_as_long_but_never_over_a_day(rests: int, hours: int) -> None:
    assert rest_wanted("[OVERQUOTA] no", rests) == timedelta(hours=hours)


def test_first_run_says_until_when(ledger: Ledger) -> None:
    error = run(ledger, Unreachable("account home: [THROTTLED] slow down"))
    assert str(error) == "account home: [THROTTLED] slow down; it is left alone until 2026-11-23 12:15"
    assert error is not None
    assert error.exit_code == 75


def test_until_then_neither_the_server_nor_the_password_is_asked_for(ledger: Ledger) -> None:
    run(ledger, Unreachable("[THROTTLED]"))
    asked: list[str] = []
    error = run(ledger, at=NOON + 14 * MINUTE, asked=lambda: asked.append("password"))
    assert isinstance(error, Resting)
    assert (error.exit_code, asked) == (75, [])


def test_then_it_is_asked_again_and_all_is_forgotten(ledger: Ledger) -> None:
    run(ledger, Unreachable("[THROTTLED]"))
    assert run(ledger, at=NOON + 15 * MINUTE) is None
    assert ledger.standings.of("home") == Standing()


def test_trouble_again_makes_the_rest_longer(ledger: Ledger) -> None:
    run(ledger, Unreachable("[THROTTLED]"))
    run(ledger, Unreachable("[THROTTLED]"), at=NOON + 15 * MINUTE)
    assert ledger.standings.of("home").not_before == NOON + 45 * MINUTE


def test_clock_that_was_set_back_makes_nobody_wait_for_years(ledger: Ledger) -> None:
    run(ledger, Unreachable("[THROTTLED]"), at=NOON + timedelta(days=900))
    assert run(ledger, at=NOON) is None


@pytest.mark.parametrize(
    "error", [Unreachable("account home: the connection failed"), WrongSettings("certificate")], ids=["net", "settings"]
)
def test_other_trouble_leaves_nothing_behind(ledger: Ledger, error: MailboxError) -> None:
    assert run(ledger, error) is error
    assert ledger.standings.of("home") == Standing()


def test_each_account_stands_for_itself(ledger: Ledger) -> None:
    ledger.standings.keep("work", Standing(rests=1, not_before=NOON + MINUTE))
    assert run(ledger) is None
    assert ledger.standings.of("work") == Standing(rests=1, not_before=NOON + MINUTE)


# ── a login that is refused ─────────────────────────────────────────────────────────────────────────────────


def refuse(ledger: Ledger, times: int, **how: str) -> MailboxError | None:
    error = None
    for _ in range(times):
        error = run(ledger, LoginRefused("account home: login as me refused"), **how)  # type: ignore[arg-type]
    return error


def test_third_refusal_says_what_it_takes(ledger: Ledger) -> None:
    assert "not tried again" not in str(refuse(ledger, 2))
    assert str(refuse(ledger, 1)).endswith("not tried again before the password or the account's settings have changed")


def test_fourth_run_does_not_ask_the_server(ledger: Ledger) -> None:
    refuse(ledger, 3)
    error = run(ledger)
    assert isinstance(error, Blocked)
    assert error.exit_code == 77


@pytest.mark.parametrize(
    "change",
    [
        {"password": "another"},
        {"server": Server(host="imap.example.org", port=993, security="tls", username="me@example.org")},
        {"server": Server(host="mail.example.org", port=993, security="tls", username="me")},
        {"server": Server(host="imap.example.org", port=143, security="starttls", username="me")},
    ],
    ids=["password", "username", "host", "port"],
)
def test_change_opens_the_way_again(ledger: Ledger, change: dict[str, object]) -> None:
    refuse(ledger, 3)
    assert run(ledger, **change) is None  # type: ignore[arg-type]
    assert ledger.standings.of("home") == Standing()


def test_refusals_count_only_in_a_row(ledger: Ledger) -> None:
    refuse(ledger, 2)
    run(ledger)
    refuse(ledger, 2)
    assert run(ledger) is None


def test_refusals_count_across_a_network_that_fails(ledger: Ledger) -> None:
    refuse(ledger, 2)
    run(ledger, Unreachable("account home: the connection failed"))
    refuse(ledger, 1)
    assert isinstance(run(ledger), Blocked)


def test_refusals_of_another_password_do_not_count(ledger: Ledger) -> None:
    refuse(ledger, 2)
    refuse(ledger, 1, password="another")
    assert ledger.standings.of("home").refusals == 1


def test_password_that_cannot_be_had_is_no_refusal(ledger: Ledger) -> None:
    def no_password() -> None:
        raise NoSecret("account home: no password")

    for _ in range(4):
        assert isinstance(run(ledger, asked=no_password), NoSecret)
    assert ledger.standings.of("home") == Standing()


def test_mark_gives_the_password_away_to_nobody() -> None:
    mark = mark_of(SERVER, Secret("hunter2"))
    assert mark == mark_of(SERVER, Secret("hunter2"))
    assert mark != mark_of(SERVER, Secret("hunter3"))
    assert "hunter2" not in mark
    assert len(mark.partition("-")[2]) == 4  # 16 bits: one in 65,536 passwords has the same


# ── what the ledger keeps ───────────────────────────────────────────────────────────────────────────────────


def test_standing_comes_back_as_it_was(ledger: Ledger) -> None:
    standing = Standing(refusals=2, refused_with="x", rests=3, not_before=NOON)
    ledger.standings.keep("home", standing)
    assert ledger.standings.of("home") == standing


def test_ledger_of_the_first_version_gets_room_for_standings(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite3")) as database:
        database.executescript(MIGRATIONS[0])
        database.execute("INSERT INTO cursors VALUES ('home', 'INBOX', 7, 42)")
        database.executescript(f"PRAGMA application_id = {0x50617263}; PRAGMA user_version = 1")
        database.commit()
    with Ledger.open(tmp_path) as ledger:
        assert ledger.standings.of("home") == Standing()
        assert ledger.cursors("home")["INBOX"].next_uid == 42
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite3")) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
