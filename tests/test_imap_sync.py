"""What a run over an account asks for when there is much to ask: long walks, several folders, large mails."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pytest
from scripted_server import ScriptedServer
from test_imap import LONG_AGO, Run, is_shipped, mail, plain
from wire import Proxy

from pipeline.mailbox import Cursor, MailboxError, WrongSettings, no_message_ids
from pipeline.mailbox import imap as reading
from pipeline.mailbox.credentials import Secret
from pipeline.mailbox.imap import ImapMailbox
from pipeline.mailbox.pace import Limits
from pipeline.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dovecot import Dovecot

    from pipeline.config.accounts import Server
    from pipeline.mailbox import MessageIds

pytestmark = pytest.mark.server


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAUSES", (0.01, 0.01))


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot.port) as running:
        yield running


def run(
    server: Server,
    cursors: Mapping[str, Cursor] | None = None,
    message_ids: MessageIds = no_message_ids,
    **options: object,
) -> Run:
    """Read the account to its end, or to the error that ends it."""
    mailbox = ImapMailbox("home", server, Secret("secret"), **{"since": LONG_AGO, **options})  # type: ignore[arg-type]
    result = Run()
    with closing(mailbox):
        try:
            for batch in mailbox.batches(cursors or {}, is_shipped, lambda _: False, (), message_ids):
                result.batches.append(batch)
        except MailboxError as error:
            result.error = error
    return result


# ── a first run ──────────────────────────────────────────────────────────────────────────────────────────────


def test_first_run_asks_for_sender_and_subject_of_all_and_for_more_of_what_matters(
    dovecot: Dovecot, proxy: Proxy, user: str
) -> None:
    dovecot.deliver(user, [mail(number, "shipped" if number % 50 == 0 else "newsletter") for number in range(200)])
    run(plain(proxy.port, user))
    assert [command for command in proxy.commands if b"FETCH" in command] == [
        b"UID FETCH 1:200 (BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)])",
        b"UID FETCH 1,51,101,151 (BODY.PEEK[HEADER.FIELDS (FROM SUBJECT MESSAGE-ID)] RFC822.SIZE)",
        b"UID FETCH 1,51,101,151 (BODY.PEEK[])",
    ]


def test_more_fields_are_asked_for_beside_sender_and_subject_at_once(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    dovecot.deliver(user, [mail(number, "newsletter" if number else "shipped") for number in range(9)])
    run(plain(proxy.port, user), more_fields=("IN-REPLY-TO",))
    assert [command for command in proxy.commands if b"HEADER" in command] == [
        b"UID FETCH 1:9 (BODY.PEEK[HEADER.FIELDS (FROM SUBJECT IN-REPLY-TO)])",
        b"UID FETCH 1 (BODY.PEEK[HEADER.FIELDS (FROM SUBJECT MESSAGE-ID IN-REPLY-TO)] RFC822.SIZE)",
    ]


def test_long_walk_tells_how_far_it_is(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(number, "newsletter") for number in range(9)])
    result = run(plain(dovecot.port, user), limits=Limits(scan=4))
    assert [(b.progress.done, b.progress.total) for b in result.batches if b.progress] == [(4, 9), (8, 9), (9, 9)]


TEXT = "{20}\r\nSubject: shipped 2\r\n"
FIELDS = "BODY[HEADER.FIELDS (FROM SUBJECT)]"
USUAL = f"* 2 FETCH (UID 2 {FIELDS} {TEXT})\r\n"
WITH_SIZE = f"* 2 FETCH (UID 2 RFC822.SIZE 9 {FIELDS} {TEXT})\r\n{{tag}} OK done\r\n"
BODY = "* 2 FETCH (UID 2 BODY[] {4}\r\nbody)\r\n{tag} OK done\r\n"

SCAN = {
    "a header in quotes": f'* 2 FETCH (UID 2 {FIELDS} "Subject: shipped 2")\r\n',
    "the UID behind the header": f"* 2 FETCH ({FIELDS} {TEXT} UID 2)\r\n",
    "flags beside it": f"* 2 FETCH (UID 2 FLAGS () {FIELDS} {TEXT})\r\n",
    "flags of another mail": f"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n{USUAL}",
    "a mail that nobody asked for": f"{USUAL.replace('2', '9').replace('{90}', '{20}')}{USUAL}",
}


@pytest.mark.parametrize("answer", SCAN.values(), ids=SCAN)
def test_however_a_server_words_its_answer_the_wanted_mail_is_found(answer: str) -> None:
    script: dict[bytes, str | list[str]] = {
        rb"SEARCH": "* SEARCH 1 2 3\r\n{tag} OK done\r\n",
        rb"FETCH 1:3": answer + "{tag} OK done\r\n",
        rb"SIZE": WITH_SIZE,
        rb"BODY.PEEK\[\]": BODY,
        rb"FETCH": "{tag} OK nothing more\r\n",
    }
    with ScriptedServer(script) as server:
        result = run(plain(server.port, "me"))
    assert (result.uids, result.error) == ([2], None)


def test_scan_that_is_refused_goes_on_in_smaller_pieces() -> None:
    script: dict[bytes, str | list[str]] = {
        rb"SEARCH": "* SEARCH 1 2 3\r\n{tag} OK done\r\n",
        rb"FETCH 1:3": "{tag} BAD no ranges here\r\n",
        rb"FETCH 1,2,3": USUAL + "{tag} OK done\r\n",
        rb"SIZE": WITH_SIZE,
        rb"BODY.PEEK\[\]": BODY,
    }
    with ScriptedServer(script) as server:
        result = run(plain(server.port, "me"))
    assert (result.uids, result.error) == ([2], None)


# ── cut connections ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("command", "logins"), [(rb"SEARCH", 3), (rb"SIZE", 3), (rb"LOGIN", 1), (rb"EXAMINE", 3)], ids=str
)
def test_connection_that_is_cut_again_and_again_ends_the_run(
    dovecot: Dovecot, proxy: Proxy, user: str, command: bytes, logins: int
) -> None:
    dovecot.deliver(user, [mail(1)])
    proxy.cut_on = re.compile(command)
    result = run(plain(proxy.port, user))
    assert isinstance(result.error, MailboxError)
    assert proxy.count(rb"^CAPABILITY") == logins


def test_server_that_says_why_it_hangs_up_is_not_asked_again() -> None:
    with ScriptedServer({rb"EXAMINE": "* BYE [UNAVAILABLE] back in an hour\r\nCLOSE"}) as server:
        result = run(plain(server.port, "me"))
        assert (result.error is not None, sum(c.startswith(b"EXAMINE") for c in server.commands)) == (True, 1)


# ── a folder that calls itself new ───────────────────────────────────────────────────────────────────────────


def remembered(count: int) -> MessageIds:
    return lambda account, folder, uidvalidity: {uid: f"{uid}@shop.example" for uid in range(1, count + 1)}


def test_uidvalidity_that_changed_over_the_same_mails_changes_nothing(
    dovecot: Dovecot, proxy: Proxy, user: str
) -> None:
    dovecot.deliver(user, [mail(number) for number in range(1, 6)])
    first = run(plain(proxy.port, user))
    dovecot.deliver(user, [mail(6)])
    dovecot.set_uidvalidity(user, 777)
    second = run(plain(proxy.port, user), first.cursors, remembered(5))
    assert (second.uids, second.cursors["INBOX"].uidvalidity, second.cursors["INBOX"].next_uid) == ([6], 777, 7)


def test_uidvalidity_that_changed_over_other_mails_reads_them(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(number) for number in range(11, 16)])
    first = run(plain(dovecot.port, user))
    dovecot.set_uidvalidity(user, 777)
    second = run(plain(dovecot.port, user), first.cursors, remembered(5))
    assert second.uids == [1, 2, 3, 4, 5]


# ── looking back ─────────────────────────────────────────────────────────────────────────────────────────────


def test_looking_back_reads_again_and_leaves_the_cursor_where_it_was(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(1), mail(2)])
    before = {"INBOX": run(plain(dovecot.port, user)).cursors["INBOX"]}
    again = run(plain(dovecot.port, user), before, afresh=True, limits=Limits(mails=1))
    assert (again.uids, {batch.cursor for batch in again.batches}) == ([1, 2], {before["INBOX"]})


def test_looking_back_over_a_cut_connection_goes_on_where_it_was(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    dovecot.deliver(user, [mail(number, body="x" * 20_000) for number in range(1, 7)])
    before = {"INBOX": run(plain(dovecot.port, user)).cursors["INBOX"]}
    proxy.cut_after = 70_000
    again = run(plain(proxy.port, user), before, afresh=True, limits=Limits(mails=2))
    assert (again.uids, again.error) == ([1, 2, 3, 4, 5, 6], None)


# ── several folders ──────────────────────────────────────────────────────────────────────────────────────────

FOLDERS = ("INBOX", "Einkäufe & mehr", "Archive", "12", "Lists")


def test_many_folders_without_news_are_asked_for_by_one_command(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    for folder in FOLDERS:
        dovecot.deliver(user, [mail(1)], folder)
    first = run(plain(proxy.port, user), folders=FOLDERS)
    proxy.forget()
    second = run(plain(proxy.port, user), first.cursors, folders=FOLDERS)
    assert (second.batches, second.error) == ([], None)
    assert [command.split()[0] for command in proxy.commands] == [b"CAPABILITY", b"LOGIN", b"LIST", b"LOGOUT"]


def test_of_many_folders_only_the_one_with_news_is_opened(dovecot: Dovecot, proxy: Proxy, user: str) -> None:
    for folder in FOLDERS:
        dovecot.deliver(user, [mail(1)], folder)
    first = run(plain(proxy.port, user), folders=FOLDERS)
    dovecot.deliver(user, [mail(2)], "Einkäufe & mehr")
    proxy.forget()
    second = run(plain(proxy.port, user), first.cursors, folders=FOLDERS)
    assert (second.uids, proxy.count(rb"^EXAMINE")) == ([2], 1)


def test_all_folders_are_those_that_may_hold_news(dovecot: Dovecot, user: str) -> None:
    for folder in ("INBOX", "Shops", "Junk", "Spam", "Trash", "Sent", "Drafts", "Lists/Junk"):
        dovecot.deliver(user, [mail(1)], folder)
    assert set(run(plain(dovecot.port, user), folders=("*",)).cursors) == {"INBOX", "Shops"}


LIST = (
    '* LIST (\\HasNoChildren) "/" INBOX\r\n'
    '* LIST (\\HasNoChildren \\Junk) "/" "Unerw&APw-nscht"\r\n'
    '* LIST (\\HasNoChildren \\Archive) "/" Aufbewahrt\r\n'
    '* LIST (\\Noselect \\HasChildren) "/" "[Gmail]"\r\n'
    '* LIST (\\All) "/" "[Gmail]/All Mail"\r\n'
    '* LIST (\\Important) "/" "[Gmail]/Important"\r\n'
    "{tag} OK done\r\n"
)


@pytest.mark.parametrize(
    ("folders", "opened"),
    [
        (("*",), [b"INBOX", b"Aufbewahrt"]),
        (("INBOX", "\\Archive"), [b"INBOX", b"Aufbewahrt"]),
        (("\\archive", "Aufbewahrt"), [b"Aufbewahrt"]),
        (("\\All",), [b"[Gmail]/All Mail"]),
    ],
    ids=["all", "by its use", "each once", "asked for by name"],
)
def test_folders_are_known_by_their_use(folders: tuple[str, ...], opened: list[bytes]) -> None:
    empty = "* 0 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 1]\r\n{tag} OK done\r\n"
    with ScriptedServer({rb"^LIST": LIST, rb"^EXAMINE": empty}) as server:
        assert run(plain(server.port, "me"), folders=folders).error is None
        assert [c.partition(b" ")[2].strip(b'"') for c in server.commands if c.startswith(b"EXAMINE")] == opened


def test_use_that_no_folder_has_is_a_wrong_setting() -> None:
    with ScriptedServer({rb"^LIST": LIST}) as server:
        error = run(plain(server.port, "me"), folders=("\\Sent",)).error
    assert isinstance(error, WrongSettings)
    assert "\\Sent" in str(error)


# ── large mails ──────────────────────────────────────────────────────────────────────────────────────────────


def with_attachment(size: int, text: str = "Order 8211968327931234 has shipped") -> bytes:
    head = mail(1).partition(b"\r\n\r\n")[0] + b"\r\nMIME-Version: 1.0\r\n"
    return (
        head + b'Content-Type: multipart/mixed; boundary="out"\r\n\r\n'
        b"--out\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=invoice.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QUJD" * (size // 4) + b"\r\n"
        b'--out\r\nContent-Type: multipart/alternative; boundary="in"\r\n\r\n'
        b"--in\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + text.encode() + b" f=FCr Sie\r\n"
        b"--in\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>" + text.encode() + b"</p>\r\n--in--\r\n"
        b"--out\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\n"
        + b"log " * 5000 + b"\r\n--out--\r\n"
    )  # fmt: skip


SMALL = Limits(whole=50_000, part=10_000)


def test_large_mail_comes_with_head_and_text_and_without_its_attachments(
    dovecot: Dovecot, proxy: Proxy, user: str
) -> None:
    dovecot.deliver(user, [with_attachment(3_000_000)])
    (found,) = run(plain(proxy.port, user), limits=SMALL).batches[0].mails
    message = parse(found.data, partial=found.partial)
    assert (message.subject, message.message_id) == ("shipped 1", "1@shop.example")
    assert "Order 8211968327931234 has shipped" in message.text
    assert "log log" not in message.text
    assert len(proxy.received) < 6_000


def test_text_of_a_large_mail_that_is_long_itself_is_cut(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [with_attachment(100_000, text="Order 8211968327931234 has shipped " * 1_000)])
    (found,) = run(plain(dovecot.port, user), limits=SMALL).batches[0].mails
    assert 20_000 < len(found.data) < 25_000
    assert "Order 8211968327931234" in parse(found.data, partial=found.partial).text


def test_large_mail_whose_parts_cannot_be_had_is_read_by_its_start() -> None:
    script: dict[bytes, str | list[str]] = {
        rb"SEARCH": "* SEARCH 2\r\n{tag} OK done\r\n",
        rb"SIZE": WITH_SIZE.replace("SIZE 9", "SIZE 99999"),
        rb"HEADER.FIELDS": USUAL + "{tag} OK done\r\n",
        rb"BODYSTRUCTURE": "{tag} NO cannot parse that mail\r\n",
        rb"PEEK\[\]<0.10000>": "* 2 FETCH (UID 2 BODY[]<0> {5}\r\nstart)\r\n{tag} OK done\r\n",
    }
    with ScriptedServer(script) as server:
        result = run(plain(server.port, "me"), limits=SMALL)
    assert [(found.data, found.partial) for found in result.batches[0].mails] == [(b"start", True)]


# ── imapclient's insides ─────────────────────────────────────────────────────────────────────────────────────


def test_imapclient_still_takes_no_ranges(dovecot: Dovecot, user: str) -> None:
    """The day this fails, Session.scan can ask by imapclient's own fetch."""
    dovecot.deliver(user, [mail(1)])
    with dovecot.client(user) as client:
        client.select_folder("INBOX", readonly=True)
        with pytest.raises(ValueError):
            client.fetch("1:*", ["FLAGS"])


def test_imapclient_still_has_no_list_with_status(dovecot: Dovecot, user: str) -> None:
    """The day this fails, Session.poll can ask by it."""
    with dovecot.client(user) as client:
        assert not any("status" in name and "list" in name for name in dir(client))


def test_since_is_a_day_earlier_than_asked_for() -> None:
    script: dict[bytes, str | list[str]] = {rb"SEARCH": "* SEARCH\r\n{tag} OK done\r\n"}
    with ScriptedServer(script) as server:
        run(plain(server.port, "me"), since=date(2026, 11, 15))
        assert b"UID SEARCH UID 1:3 SINCE 14-Nov-2026" in server.commands
