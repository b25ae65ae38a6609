"""What must hold on any IMAP server: the same tests on Dovecot and on Cyrus."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from account import mail, plain, read, settings
from command import DAY, parcel_digest, parcels, story_mails
from wire import Proxy

from pipeline.mailbox import LoginRefused, WrongSettings
from pipeline.mailbox.pace import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from mail_server import MailServer

pytestmark = pytest.mark.server


def test_first_run_gives_the_wanted_mails_whole_and_in_order(each_server: MailServer, user: str) -> None:
    each_server.deliver(user, [mail(1), mail(2, "newsletter"), mail(3)])
    assert read(plain(each_server.port, user)).mails == [mail(1), mail(3)]


def test_next_run_gives_what_is_new(each_server: MailServer, user: str) -> None:
    each_server.deliver(user, [mail(1)])
    first = read(plain(each_server.port, user))
    each_server.deliver(user, [mail(2)])
    assert read(plain(each_server.port, user), first.cursors).mails == [mail(2)]


def test_run_without_news_asks_for_no_mail(each_server: MailServer, user: str) -> None:
    each_server.deliver(user, [mail(1)])
    first = read(plain(each_server.port, user))
    with Proxy(each_server.port) as proxy:
        assert read(plain(proxy.port, user), first.cursors).batches == []
        assert proxy.count(rb"SEARCH|FETCH") == 0
        assert proxy.round_trips <= 5


def test_window_leaves_out_what_arrived_before(each_server: MailServer, user: str) -> None:
    each_server.deliver(user, [mail(1)], arrived=datetime(2026, 10, 1, tzinfo=UTC))
    each_server.deliver(user, [mail(2)], arrived=datetime(2026, 11, 20, tzinfo=UTC))
    assert read(plain(each_server.port, user), since=date(2026, 11, 15)).mails == [mail(2)]


def test_flags_stay_as_they_were(each_server: MailServer, user: str) -> None:
    each_server.deliver(user, [mail(1)], flags=(b"\\Flagged",))
    each_server.deliver(user, [mail(2)])
    read(plain(each_server.port, user))
    # \Recent is the servers' own business: one takes it away from a client that looks, the other does not.
    assert {uid: set(flags) - {b"\\Recent"} for uid, flags in each_server.flags(user).items()} == {
        1: {b"\\Flagged"},
        2: set(),
    }


def test_expunged_mails_are_no_error(each_server: MailServer, user: str) -> None:
    each_server.deliver(user, [mail(0)])
    first = read(plain(each_server.port, user))
    each_server.deliver(user, [mail(number) for number in range(1, 5)])
    each_server.expunge(user, [3])
    again = read(plain(each_server.port, user), first.cursors)
    assert (again.mails, again.failed) == ([mail(1), mail(3), mail(4)], {})


def test_large_mail_comes_with_its_start_only(each_server: MailServer, user: str) -> None:
    each_server.deliver(user, [mail(1, body="x" * 5_000)])
    (batch,) = read(plain(each_server.port, user), limits=Limits(whole=4_000, part=300)).batches
    assert [(each.data[:30], each.partial) for each in batch.mails] == [(mail(1)[:30], True)]


@pytest.mark.parametrize("name", ["Einkäufe & mehr", "2026", "Shops/Ali", "日本語", "&"], ids=repr)
def test_odd_folder_names_are_read(each_server: MailServer, user: str, name: str) -> None:
    each_server.deliver(user, [mail(1)], name)
    assert read(plain(each_server.port, user), folders=(name,)).mails == [mail(1)]


def test_unknown_folder_is_a_wrong_setting(each_server: MailServer, user: str) -> None:
    each_server.deliver(user, [])
    error = read(plain(each_server.port, user), folders=("Nowhere",)).error
    assert isinstance(error, WrongSettings)
    assert "Nowhere" in str(error)


def test_wrong_password_is_a_refused_login(each_server: MailServer, user: str) -> None:
    error = read(plain(each_server.port, user), password="wrong").error
    assert isinstance(error, LoginRefused)
    assert f"login as {user} refused" in str(error)


@pytest.mark.parametrize("reset", [False, True], ids=["FIN", "RST"])
@pytest.mark.parametrize("cut", [200, 1_000, 3_000, 20_000])
def test_cut_connection_loses_nothing(each_server: MailServer, user: str, cut: int, reset: bool) -> None:
    mails = [mail(number, body="x" * 1_000) for number in range(1, 30)]
    each_server.deliver(user, mails)
    with Proxy(each_server.port) as proxy:
        proxy.cut_after, proxy.reset = cut, reset
        first = read(plain(proxy.port, user), limits=Limits(mails=5))
    rest = read(plain(each_server.port, user), first.cursors)
    assert first.mails + rest.mails == mails


def test_folder_made_anew_is_read_again(each_server: MailServer, user: str) -> None:
    each_server.deliver(user, [mail(1)], "Shop")
    first = read(plain(each_server.port, user), folders=("Shop",))
    each_server.delete_folder(user, "Shop")
    each_server.deliver(user, [mail(2)], "Shop")
    assert read(plain(each_server.port, user), first.cursors, folders=("Shop",)).mails == [mail(2)]


def test_whole_job_gives_the_same_parcels(each_server: MailServer, user: str, tmp_path: Path) -> None:
    each_server.deliver(user, story_mails())
    config = settings(tmp_path, each_server.port, user)
    done = parcel_digest("run", "--config", config, "--state", tmp_path, "--today", DAY)
    assert done.code == 0, done.complaints
    assert len(parcels(tmp_path)) >= 17
