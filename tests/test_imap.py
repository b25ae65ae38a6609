"""Reading an IMAP account: what is asked of the server, what it costs, what happens when it misbehaves."""

from __future__ import annotations

import re
import socket
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from scripted_server import ScriptedServer
from wire import Proxy

from pipeline.config.accounts import Server
from pipeline.mailbox import Batch, Cursor, LoginRefused, MailboxError, Unreachable, WrongSettings
from pipeline.mailbox import connect as connecting
from pipeline.mailbox import imap as reading
from pipeline.mailbox import session as asking
from pipeline.mailbox.credentials import Secret
from pipeline.mailbox.imap import ImapMailbox
from pipeline.mailbox.pace import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dovecot import Dovecot

pytestmark = pytest.mark.server

LONG_AGO = date(2000, 1, 1)
USUAL = Limits()


def mail(number: int, subject: str = "shipped", body: str = "your parcel is on its way") -> bytes:
    return (
        f"From: Shop <post@shop.example>\r\nSubject: {subject} {number}\r\n"
        f"Message-ID: <{number}@shop.example>\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\n"
        f"\r\n{body} {number}\r\n"
    ).encode()


def is_shipped(header: bytes) -> bool:
    return b"Subject: shipped" in header


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAUSES", (0.01, 0.01))


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot.port) as running:
        yield running


def plain(port: int, user: str, host: str = "127.0.0.1") -> Server:
    return Server(host=host, port=port, security="plain", username=user)


class Run:
    """What one run over an account came to."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.error: MailboxError | None = None

    @property
    def mails(self) -> list[bytes]:
        return [mail.data for batch in self.batches for mail in batch.mails]

    @property
    def uids(self) -> list[int]:
        return [int(mail.place.uid) for batch in self.batches for mail in batch.mails]

    @property
    def failed(self) -> dict[int, str]:
        return {int(unread.place.uid): unread.error for batch in self.batches for unread in batch.failed}

    @property
    def cursors(self) -> dict[str, Cursor]:
        return {batch.cursor.folder: batch.cursor for batch in self.batches if batch.cursor}


def run(
    server: Server,
    cursors: Mapping[str, Cursor] | None = None,
    *,
    password: str = "secret",
    folders: tuple[str, ...] = ("INBOX",),
    since: date = LONG_AGO,
    limits: Limits = USUAL,
    known: frozenset[int] = frozenset(),
    token: bool = False,
) -> Run:
    """Read the account to its end, or to the error that ends it."""
    secret = Secret(password, is_token=token)
    mailbox = ImapMailbox("home", server, secret, folders=folders, since=since, limits=limits)
    result = Run()
    with closing(mailbox):
        try:
            for batch in mailbox.batches(cursors or {}, is_shipped, lambda place: int(place.uid) in known):
                result.batches.append(batch)
        except MailboxError as error:
            result.error = error
    return result


# ── what a run asks for ─────────────────────────────────────────────────────────────────────────────────────


def test_first_run_gives_the_wanted_mails_whole_and_in_order(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(1), mail(2, "newsletter"), mail(3)])
    assert run(plain(dovecot.port, user)).mails == [mail(1), mail(3)]


def test_first_run_leaves_out_what_arrived_before_the_window(dovecot: Dovecot, user: str) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    dovecot.deliver(user, [mail(1)], arrived=now - timedelta(days=10))
    dovecot.deliver(user, [mail(2)], arrived=now)
    assert run(plain(dovecot.port, user), since=date(2026, 11, 15)).uids == [2]


def test_window_reaches_a_day_further_for_servers_of_another_time_zone(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(1)], arrived=datetime(2026, 11, 14, 23, 30, tzinfo=UTC))
    assert run(plain(dovecot.port, user), since=date(2026, 11, 15)).uids == [1]


def test_run_without_news_sends_no_fetch_and_no_search(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    dovecot.deliver(user, [mail(1), mail(2, "newsletter")])
    first = run(plain(proxy.port, user))
    proxy.forget()
    run(plain(proxy.port, user), first.cursors)
    assert [command.split()[0] for command in proxy.commands] == [
        b"CAPABILITY",
        b"LOGIN",
        b"EXAMINE",
        b"LOGOUT",
    ]


def test_run_without_news_yields_no_batch(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(1)])
    first = run(plain(dovecot.port, user))
    assert run(plain(dovecot.port, user), first.cursors).batches == []


def test_empty_folder_gets_a_cursor_too(dovecot: Dovecot, user: str) -> None:
    assert run(plain(dovecot.port, user)).cursors["INBOX"].next_uid == 1


def test_few_new_mails_are_fetched_without_a_search(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    dovecot.deliver(user, [mail(1)])
    first = run(plain(proxy.port, user))
    dovecot.deliver(user, [mail(2), mail(3, "newsletter")])
    proxy.forget()
    second = run(plain(proxy.port, user), first.cursors)
    assert (second.uids, proxy.count(rb"SEARCH"), proxy.count(rb"UID FETCH 2,3 ")) == ([2], 0, 1)


def test_many_new_mails_are_narrowed_by_a_search_of_their_uids(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    dovecot.deliver(user, [mail(1)])
    first = run(plain(proxy.port, user))
    dovecot.deliver(user, [mail(number) for number in range(2, 8)])
    run(plain(proxy.port, user), first.cursors, limits=Limits(headers=5))
    assert proxy.count(rb"UID SEARCH UID 2:7 SINCE 31-Dec-1999$") == 1


def test_only_bodies_of_wanted_mails_are_fetched(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    subjects = ["shipped" if number % 33 == 0 else "newsletter" for number in range(2000)]
    dovecot.deliver(user, [mail(number, subject) for number, subject in enumerate(subjects)])
    result = run(plain(proxy.port, user))
    asked = [re.match(rb"UID FETCH ([0-9,]+) \(BODY\.PEEK\[\]\)", command) for command in proxy.commands]
    uids = [int(uid) for match in asked if match for uid in match[1].split(b",")]
    assert uids == result.uids == [number + 1 for number in range(0, 2000, 33)]


def test_neighbouring_mails_are_named_as_ranges(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    dovecot.deliver(user, [mail(number, "newsletter") for number in range(60)])
    dovecot.expunge(user, [20])
    run(plain(proxy.port, user), limits=Limits(scan=30))
    lists = [command.split()[2] for command in proxy.commands if command.startswith(b"UID FETCH")]
    assert lists == [b"1:19,21:31", b"32:60"]


def test_no_command_is_longer_than_servers_take(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    dovecot.deliver(user, [mail(number) for number in range(1200)])
    dovecot.expunge(user, list(range(1, 1200, 2)))
    assert len(run(plain(proxy.port, user)).uids) == 600
    assert 1_000 < max(map(len, proxy.commands)) < 3_000


def test_known_mails_are_not_fetched(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    dovecot.deliver(user, [mail(1), mail(2), mail(3)])
    run(plain(proxy.port, user), known=frozenset({1, 3}))
    assert [command.split()[2] for command in proxy.commands if b"BODY.PEEK[]" in command] == [b"2"]


def test_every_new_mail_known_moves_the_cursor_without_a_body(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    dovecot.deliver(user, [mail(1), mail(2)])
    result = run(plain(proxy.port, user), known=frozenset({1, 2}))
    assert (result.cursors["INBOX"].next_uid, proxy.count(rb"PEEK\[\]")) == (3, 0)


def test_cursor_moves_to_uidnext_without_a_single_hit(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(number, "newsletter") for number in range(5)])
    assert run(plain(dovecot.port, user)).cursors["INBOX"].next_uid == 6


def test_flags_stay_as_they_were(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(1), mail(2, "newsletter")])
    dovecot.deliver(user, [mail(3)], flags=(b"\\Flagged", b"\\Answered"))
    run(plain(dovecot.port, user))
    run(plain(dovecot.port, user))
    unread = (b"\\Recent",)
    assert dovecot.flags(user) == {1: unread, 2: unread, 3: (b"\\Answered", b"\\Flagged", b"\\Recent")}


@pytest.mark.parametrize("forbidden", [rb"\bSELECT\b", rb"BODY\[", rb"RFC822(?!\.SIZE)", rb"STORE", rb"EXPUNGE"])
def test_nothing_is_ever_sent_that_could_change_the_mailbox(
    dovecot: Dovecot, proxy: Proxy, user: str, forbidden: bytes
) -> None:
    dovecot.deliver(user, [mail(1), mail(2)])
    run(plain(proxy.port, user))
    assert proxy.count(forbidden) == 0


def test_every_folder_has_its_own_cursor(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(1)])
    dovecot.deliver(user, [mail(1), mail(2)], "Einkäufe & mehr")
    result = run(plain(dovecot.port, user), folders=("INBOX", "Einkäufe & mehr"))
    assert {name: cursor.next_uid for name, cursor in result.cursors.items()} == {
        "INBOX": 2,
        "Einkäufe & mehr": 3,
    }


def test_traffic_counts_commands_and_bytes(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    dovecot.deliver(user, [mail(1)])
    mailbox = ImapMailbox("home", plain(proxy.port, user), Secret("secret"), since=LONG_AGO)
    with closing(mailbox):
        list(mailbox.batches({}, is_shipped, lambda _: False))
        assert mailbox.traffic.commands == len(proxy.commands)
    assert len(mail(1)) < mailbox.traffic.bytes < len(proxy.received)


# ── batches ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_batches_are_capped_by_number(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(number) for number in range(1, 8)])
    result = run(plain(dovecot.port, user), limits=Limits(mails=3))
    assert [(len(batch.mails), batch.cursor.next_uid) for batch in result.batches if batch.cursor] == [
        (3, 4),
        (3, 7),
        (1, 8),
    ]


def test_batches_are_capped_by_bytes(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(number, body="x" * 1000) for number in range(4)])
    result = run(plain(dovecot.port, user), limits=Limits(bytes=2500))
    assert [len(batch.mails) for batch in result.batches] == [2, 2]


def test_long_stretch_without_hits_moves_the_cursor_on_the_way(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(number, "newsletter") for number in range(9)])
    result = run(plain(dovecot.port, user), limits=Limits(scan=2, stride=2))
    assert [batch.cursor.next_uid for batch in result.batches if batch.cursor] == [5, 9, 10]


def test_mail_over_the_cap_comes_with_its_start_only(dovecot: Dovecot, user: str) -> None:
    large = mail(2, body="x" * 5000)
    dovecot.deliver(user, [mail(1), large, mail(3)])
    result = run(plain(dovecot.port, user), limits=Limits(whole=4000, part=300))
    assert [(mail.data, mail.partial) for mail in result.batches[0].mails] == [
        (mail(1), False),
        (large[:300], True),
        (mail(3), False),
    ]


def test_mail_over_the_cap_is_not_sent_whole(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    dovecot.deliver(user, [mail(1, body="x" * 12_000_000)])
    run(plain(proxy.port, user))
    assert len(proxy.received) < 520_000


@pytest.mark.parametrize("cut", range(1, 4), ids="in batch {}".format)
def test_cut_connection_goes_on_where_the_batch_broke(dovecot: Dovecot, proxy: Proxy, user: str, cut: int) -> None:
    dovecot.deliver(user, [mail(number) for number in range(1, 8)])
    first_of_batch = 3 * (cut - 1) + 1
    # Only where it is asked for with others: the steps become small enough to get past.
    proxy.cut_on = re.compile(rb"FETCH %d,.*BODY\.PEEK\[\]|FETCH 7 .*BODY\.PEEK\[\]" % first_of_batch)
    broken = run(plain(proxy.port, user), limits=Limits(mails=3))
    assert broken.uids == [1, 2, 3, 4, 5, 6]
    assert list(broken.failed) == [7]


def test_connection_cut_inside_an_answer_is_made_anew_and_goes_on_with_that_batch(
    dovecot: Dovecot, proxy: Proxy, user: str
) -> None:
    dovecot.deliver(user, [mail(number, body="x" * 20_000) for number in range(1, 7)])
    proxy.cut_after = 70_000
    result = run(plain(proxy.port, user), limits=Limits(mails=2))
    asked = [command.split()[2] for command in proxy.commands if b"BODY.PEEK[]" in command]
    assert (result.uids, result.error, result.cursors["INBOX"].next_uid) == ([1, 2, 3, 4, 5, 6], None, 7)
    assert asked[:3] == [b"1,2", b"3,4", b"3"]


# ── a mailbox that changes under our hands ──────────────────────────────────────────────────────────────────


def test_new_uidvalidity_reads_the_window_again(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(1)], arrived=datetime(2026, 1, 1, tzinfo=UTC))
    dovecot.deliver(user, [mail(2)], arrived=datetime(2026, 11, 1, tzinfo=UTC))
    first = run(plain(dovecot.port, user))
    dovecot.set_uidvalidity(user, 777)
    second = run(plain(dovecot.port, user), first.cursors, since=date(2026, 10, 1))
    assert (second.uids, second.cursors["INBOX"].uidvalidity) == ([2], 777)


def test_uidnext_that_went_back_reads_the_window_again_whatever_is_known(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(1), mail(2)])
    first = run(plain(dovecot.port, user)).cursors["INBOX"]
    restored = run(plain(dovecot.port, user), {"INBOX": replace(first, next_uid=900)}, known=frozenset({1, 2}))
    assert (restored.uids, restored.cursors["INBOX"].next_uid) == ([1, 2], 3)


def test_mails_deleted_before_the_run_are_no_error(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(0)])
    first = run(plain(dovecot.port, user))
    dovecot.deliver(user, [mail(number) for number in range(1, 6)])
    dovecot.expunge(user, [3, 4])
    second = run(plain(dovecot.port, user), first.cursors)
    assert (second.uids, second.failed, second.cursors["INBOX"].next_uid) == ([2, 5, 6], {}, 7)


def test_mail_that_vanishes_between_header_and_body_is_left_out(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(number) for number in range(1, 4)])
    mailbox = ImapMailbox("home", plain(dovecot.port, user), Secret("secret"), since=LONG_AGO)
    result = Run()

    def expunging(header: bytes) -> bool:
        if b"shipped 3" in header:
            dovecot.expunge(user, [2])
        return True

    with closing(mailbox):
        result.batches = list(mailbox.batches({}, expunging, lambda _: False))
    # Dovecot still gives an expunged mail to a session that has not been told; others do not.
    assert (result.failed, set(result.uids) - {2}) == ({}, {1, 3})


HEADER = "BODY[HEADER.FIELDS (FROM)] {20}\r\nSubject: shipped 1\r\n"


def headers(*uids: int) -> str:
    return "".join(f"* {uid} FETCH (UID {uid} RFC822.SIZE 9 {HEADER})\r\n" for uid in uids)


def bodies(*uids: int) -> str:
    return "".join(f"* {uid} FETCH (UID {uid} BODY[] {{4}}\r\nbody)\r\n" for uid in uids)


SCRIPT = {
    rb"SEARCH": "* SEARCH 1 2 3\r\n{tag} OK done\r\n",
    rb"FETCH.*HEADER": headers(1, 2, 3) + "{tag} OK done\r\n",
}


FLAGS_ARE_TOLD = {rb"FETCH \d \(FLAGS\)": "* 1 FETCH (UID 1 FLAGS ())\r\n{tag} OK done\r\n"}


def scripted(script: Mapping[bytes, str | list[str]], **options: object) -> tuple[Run, list[bytes]]:
    with ScriptedServer({**SCRIPT, **script}) as server:
        return run(plain(server.port, "me"), **options), server.commands  # type: ignore[arg-type]


def test_mail_that_comes_with_flags_only_is_asked_for_once_more() -> None:
    flags = "* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n"
    answers = [bodies(1, 3) + flags + "{tag} OK done\r\n", bodies(2) + "{tag} OK done\r\n"]
    result, commands = scripted({rb"FETCH.*BODY.PEEK\[\]": answers})
    assert (result.uids, commands[-2]) == ([1, 2, 3], b"UID FETCH 2 (BODY.PEEK[])")


def test_mail_that_comes_with_flags_only_twice_is_unread_and_named() -> None:
    flags = "* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n"
    header = "Subject: shipped 2\r\nMessage-ID: <two@shop>\r\n"
    named = f"* 2 FETCH (UID 2 RFC822.SIZE 9 BODY[HEADER.FIELDS (FROM)] {{{len(header)}}}\r\n{header})\r\n"
    result, _ = scripted(
        {
            rb"FETCH.*HEADER": headers(1, 3) + named + "{tag} OK done\r\n",
            rb"FETCH.*BODY.PEEK\[\]": bodies(1, 3) + flags + "{tag} OK done\r\n",
        }
    )
    unread = result.batches[0].failed[0]
    assert (result.uids, unread.place.uid, unread.message_id) == ([1, 3], "2", "two@shop")


def test_mail_that_does_not_come_is_asked_for_once_more_and_then_gone() -> None:
    result, commands = scripted({rb"FETCH.*BODY.PEEK\[\]": bodies(1, 3) + "{tag} OK done\r\n"})
    assert (result.uids, result.failed, result.cursors["INBOX"].next_uid) == ([1, 3], {}, 4)
    assert commands[-3:-1] == [b"UID FETCH 1,2,3 (BODY.PEEK[])", b"UID FETCH 2 (BODY.PEEK[])"]


def test_one_mail_the_server_refuses_to_give_is_unread_and_the_others_are_read() -> None:
    result, _ = scripted(
        {
            rb"FETCH (\d,)*2(,\d)* \(BODY.PEEK\[\]": "{tag} NO internal error\r\n",
            rb"FETCH 1 \(BODY.PEEK\[\]": bodies(1) + "{tag} OK done\r\n",
            rb"FETCH 3 \(BODY.PEEK\[\]": bodies(3) + "{tag} OK done\r\n",
        }
    )
    assert (result.uids, list(result.failed), result.cursors["INBOX"].next_uid) == ([1, 3], [2], 4)


@pytest.mark.parametrize(
    ("flags", "unread"),
    [
        ("* 1 FETCH (UID 1 FLAGS ())\r\n{tag} OK done\r\n", [1, 2, 3]),
        ("{tag} BAD not connected\r\n", []),
    ],
    ids=["the mail's", "the server's"],
)
def test_flags_of_a_refused_mail_tell_whose_fault_it_is(flags: str, unread: list[int]) -> None:
    result, _ = scripted({rb"FETCH.*BODY.PEEK\[\]": "{tag} BAD not connected\r\n", rb"FETCH \d \(FLAGS\)": flags})
    assert (list(result.failed), result.error is None) == (unread, bool(unread))


@pytest.mark.parametrize(
    "answer",
    [
        "{tag} NO [UNAVAILABLE] try later\r\n",
        "{tag} NO [THROTTLED] slow down\r\n",
        "* BYE shutting down\r\nCLOSE",
    ],
    ids=["unavailable", "throttled", "bye"],
)
def test_server_in_trouble_ends_the_run_and_no_mail_is_to_blame(answer: str) -> None:
    result, _ = scripted({rb"FETCH.*BODY.PEEK\[\]": answer, **FLAGS_ARE_TOLD})
    assert isinstance(result.error, Unreachable)
    assert (result.uids, result.failed, result.cursors) == ([], {}, {})


def test_server_that_refuses_every_mail_is_to_blame_itself() -> None:
    uids = range(1, 9)
    result, _ = scripted(
        {
            rb"EXAMINE": "* 8 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 9]\r\n{tag} OK done\r\n",
            rb"SEARCH": f"* SEARCH {' '.join(map(str, uids))}\r\n{{tag}} OK done\r\n",
            rb"FETCH.*HEADER": headers(*uids) + "{tag} OK done\r\n",
            rb"FETCH.*BODY.PEEK\[\]": "{tag} NO no\r\n",
            **FLAGS_ARE_TOLD,
        }
    )
    assert isinstance(result.error, Unreachable)
    assert result.batches == []


def test_answer_that_breaks_the_grammar_ends_the_run_with_one_line() -> None:
    result, _ = scripted({rb"FETCH.*HEADER": "* 1 FETCH (UID (((\r\n{tag} OK done\r\n"})
    assert isinstance(result.error, Unreachable)
    assert "\n" not in str(result.error)


def test_server_that_does_not_tell_uidnext_is_asked_for_its_highest_uid() -> None:
    examine = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n{tag} OK done\r\n"
    result, commands = scripted(
        {
            rb"EXAMINE": examine,
            rb"SEARCH UID \*": "* SEARCH 3\r\n{tag} OK done\r\n",
            rb"BODY.PEEK\[\]": bodies(1, 2, 3) + "{tag} OK done\r\n",
        }
    )
    assert (result.cursors["INBOX"].next_uid, b"UID SEARCH UID *" in commands) == (4, True)


def test_server_without_uidvalidity_is_not_read() -> None:
    result, _ = scripted({rb"EXAMINE": "* 3 EXISTS\r\n* OK [UIDNEXT 4] ok\r\n{tag} OK done\r\n"})
    assert isinstance(result.error, WrongSettings)


def test_search_of_a_huge_folder_is_cut_into_blocks(
    monkeypatch: pytest.MonkeyPatch, dovecot: Dovecot, proxy: Proxy, user: str
) -> None:
    monkeypatch.setattr(asking, "SEARCH_AT_ONCE", 3)
    dovecot.deliver(user, [mail(number) for number in range(1, 9)])
    result = run(plain(proxy.port, user))
    blocks = [command.split()[2] for command in proxy.commands if b"SEARCH" in command]
    assert (result.uids, blocks) == (list(range(1, 9)), [b"6:8", b"3:5", b"1:2"])


# ── the way in ──────────────────────────────────────────────────────────────────────────────────────────────


def test_unknown_folder_is_named_after_the_others_are_read(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(1)])
    result = run(plain(dovecot.port, user), folders=("Nowhere", "INBOX"))
    assert isinstance(result.error, WrongSettings)
    assert "Nowhere" in str(result.error)
    assert result.uids == [1]


def test_folder_that_is_busy_is_no_wrong_setting() -> None:
    result, _ = scripted({rb"EXAMINE": "{tag} NO [INUSE] locked\r\n"})
    assert type(result.error) is not WrongSettings
    assert isinstance(result.error, Unreachable)


def test_refused_login_says_who_and_what_the_server_said(dovecot: Dovecot, user: str) -> None:
    server = replace(plain(dovecot.port, user), hint="It takes an app password")
    error = run(server, password="wrong").error
    assert isinstance(error, LoginRefused)
    assert re.fullmatch(
        rf"account home: login as {user} refused: .*Authentication failed.*\. It takes an app password",
        str(error),
    )


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("{tag} NO [AUTHENTICATIONFAILED] no\r\n", LoginRefused),
        ("{tag} NO [ALERT] Application-specific password required\r\n", LoginRefused),
        ("{tag} NO [UNAVAILABLE] backend down\r\n", Unreachable),
        ("{tag} NO [ALERT] Too many simultaneous connections. (Failure)\r\n", Unreachable),
        ("* BYE going down\r\nCLOSE", Unreachable),
        ("CLOSE", Unreachable),
    ],
    ids=["wrong password", "app password", "backend down", "too many", "bye", "hung up"],
)
def test_login_trouble_that_passes_is_told_from_a_refusal(answer: str, kind: type[MailboxError]) -> None:
    result, _ = scripted({rb"^LOGIN": answer})
    assert isinstance(result.error, kind)


def test_server_that_repeats_the_command_does_not_reveal_the_password() -> None:
    result, _ = scripted({rb"^LOGIN": '{tag} BAD unknown: LOGIN "me" "hunter2"\r\n'}, password="hunter2")
    assert "hunter2" not in str(result.error)


def test_password_with_letters_beyond_ascii_goes_as_utf_8() -> None:
    _, commands = scripted(
        {rb"^AUTHENTICATE PLAIN": "+ \r\n", rb"^$": "{tag} OK in\r\n", rb"^AG": "CLOSE"}, password="schlüssel"
    )
    assert commands[1] == b"AUTHENTICATE PLAIN"
    assert not any(command.startswith(b"LOGIN") for command in commands)


def test_token_is_sent_as_xoauth2() -> None:
    _, commands = scripted({rb"^AUTHENTICATE": "{tag} NO no\r\n"}, token=True, password="t0ken")
    assert commands[1] == b"AUTHENTICATE XOAUTH2"


def test_no_server_there_is_unreachable(user: str) -> None:
    with Proxy(1) as gone:
        port = gone.port
    error = run(plain(port, user)).error
    assert isinstance(error, Unreachable)
    assert "Connection refused" in str(error)


def test_unknown_host_is_unreachable(user: str) -> None:
    assert isinstance(run(plain(143, user, host="mail.invalid")).error, Unreachable)


@pytest.mark.timeout(3)
def test_silent_server_is_unreachable_after_the_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "READ_TIMEOUT", 0.05)
    result, _ = scripted({rb"EXAMINE": ""})
    assert isinstance(result.error, Unreachable)
    assert "did not answer in time" in str(result.error)


@pytest.mark.parametrize("greeting", ["* BYE too busy\r\n", "", "HTTP/1.1 400 Bad Request\r\n"], ids=repr)
def test_greeting_that_is_none_is_unreachable(greeting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "CONNECT_TIMEOUT", 0.05)
    with ScriptedServer({}, greeting) as server:
        assert isinstance(run(plain(server.port, "me")).error, Unreachable)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encrypted_connection_with_the_servers_own_certificate(dovecot: Dovecot, user: str, security: str) -> None:
    dovecot.deliver(user, [mail(1)])
    port = dovecot.tls_port if security == "tls" else dovecot.port
    assert run(Server("127.0.0.1", port, security, user, dovecot.ca_file)).uids == [1]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_certificate_that_nobody_vouches_for_names_ca_file(dovecot: Dovecot, user: str, security: str) -> None:
    port = dovecot.tls_port if security == "tls" else dovecot.port
    error = run(Server("127.0.0.1", port, security, user)).error
    assert isinstance(error, WrongSettings)
    assert "self-signed certificate; for a server with a certificate of its own set ca_file" in str(error)


def test_certificate_of_another_host_is_refused(dovecot: Dovecot, user: str) -> None:
    with Proxy(dovecot.tls_port, "127.0.0.2") as elsewhere:
        error = run(Server("127.0.0.2", elsewhere.port, "tls", user, dovecot.ca_file)).error
    assert isinstance(error, WrongSettings)
    assert "127.0.0.2" in str(error)


@pytest.mark.parametrize("said", ["No", "Authentication failed.", "No such user. "])
def test_what_a_refusal_says_is_joined_to_what_follows_without_a_second_point(said: str) -> None:
    with ScriptedServer({rb"^LOGIN": f"{{tag}} NO {said}\r\n"}) as server:
        error = run(Server("127.0.0.1", server.port, "plain", "me", hint="Gmail takes an app password")).error
    assert str(error).endswith(f"refused: {said.rstrip('. ')}. Gmail takes an app password")


def test_ca_file_that_is_missing_is_named(dovecot: Dovecot, user: str, tmp_path) -> None:
    error = run(Server("127.0.0.1", dovecot.tls_port, "tls", user, tmp_path / "none.pem")).error
    assert isinstance(error, WrongSettings)
    assert "none.pem: No such file" in str(error)


def test_password_is_not_sent_before_starttls(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    run(Server("127.0.0.1", proxy.port, "starttls", user, dovecot.ca_file))
    assert b"secret" not in proxy.sent


def test_server_without_starttls_gets_no_password() -> None:
    with ScriptedServer({}) as server:
        result = run(Server("127.0.0.1", server.port, "starttls", "me"))
        assert isinstance(result.error, WrongSettings)
        assert not any(b"LOGIN" in command for command in server.commands)


def test_tls_on_a_port_that_speaks_plain_text_names_starttls(dovecot: Dovecot, user: str) -> None:
    error = run(Server("127.0.0.1", dovecot.port, "tls", user, dovecot.ca_file)).error
    assert isinstance(error, WrongSettings)
    assert 'security = "starttls"' in str(error)


# ── imapclient's insides ────────────────────────────────────────────────────────────────────


def test_imapclient_still_has_imaplib_write_down_all_it_receives(dovecot: Dovecot, user: str) -> None:
    """The day this fails, the line that sets ``_imap.debug`` to 0 can go."""
    with dovecot.client(user) as client:
        assert client._imap.debug == 5


def test_nothing_received_is_written_down_by_imaplib(
    dovecot: Dovecot, user: str, caplog: pytest.LogCaptureFixture
) -> None:
    dovecot.deliver(user, [mail(1)])
    caplog.set_level("DEBUG", "imapclient.imaplib")
    caplog.clear()
    run(plain(dovecot.port, user))
    assert caplog.messages == []


def test_commands_leave_at_once(dovecot: Dovecot, user: str) -> None:
    session = asking.Session("home", plain(dovecot.port, user), Secret("secret"), connecting.Traffic())
    with closing(session):
        assert session._client.socket().getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
