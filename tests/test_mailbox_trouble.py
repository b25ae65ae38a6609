"""Servers that throttle, drop, lie and attack: what each kind of trouble comes to, and that nothing is lost.

What Dovecot or Cyrus can be made to do they do themselves, behind a proxy that cuts and stalls; the scripted server
says the rest. The cases are those of other programs' bug trackers.
"""

from __future__ import annotations

import base64
import re
import time
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from account import Run, mail, plain, read
from scripted_server import Answer, ScriptedServer
from wire import Proxy

from pipeline.config.accounts import Server
from pipeline.mailbox import Cursor, LoginRefused, MailboxError, Unreachable, WrongSettings, bounds, imap
from pipeline.mailbox import connect as connecting
from pipeline.mailbox.pace import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dovecot import Dovecot
    from mail_server import MailServer

pytestmark = pytest.mark.server

DONE = "{tag} OK done\r\n"


def header(uid: int) -> str:
    text = f"From: Shop <post@shop.example>\r\nSubject: shipped {uid}\r\nMessage-ID: <{uid}@shop.example>\r\n\r\n"
    return f"* {uid} FETCH (UID {uid} RFC822.SIZE 99 BODY[HEADER.FIELDS (FROM)] {{{len(text)}}}\r\n{text})\r\n"


def body(uid: int, text: str = "body") -> str:
    return f"* {uid} FETCH (UID {uid} BODY[] {{{len(text)}}}\r\n{text})\r\n"


THREE = (1, 2, 3)
HEADERS = "".join(map(header, THREE)) + DONE
BODIES = "".join(map(body, THREE)) + DONE
SCRIPT: dict[bytes, Answer] = {
    rb"SEARCH": "* SEARCH 1 2 3\r\n" + DONE,
    rb"FETCH.*HEADER": HEADERS,
    rb"FETCH.*BODY\.PEEK\[\]": BODIES,
    rb"FETCH \d+ \(FLAGS\)": "* 1 FETCH (UID 1 FLAGS ())\r\n" + DONE,
}


def scripted(
    script: dict[bytes, Answer], greeting: Answer = "* OK ready\r\n", **how: object
) -> tuple[Run, list[bytes]]:
    """One run over three mails on a server that keeps to *script*, and the commands it got."""
    with ScriptedServer(
        {**script, **{key: value for key, value in SCRIPT.items() if key not in script}}, greeting
    ) as it:
        return read(plain(it.port), **how), it.commands  # type: ignore[arg-type]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Timeouts as short as a test can bear."""
    monkeypatch.setattr(connecting, "CONNECT_TIMEOUT", 0.3)
    monkeypatch.setattr(connecting, "READ_TIMEOUT", 0.3)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "PAUSES", (0.01, 0.01))


def assert_one_line(error: MailboxError | None, kind: type[MailboxError], code: int) -> None:
    assert isinstance(error, kind), error
    assert error.exit_code == code
    assert str(error).isprintable()
    assert str(error).startswith("account home: ")
    assert len(str(error)) < 500


# ── what passes by itself (75), and what does not (77, 78) ──────────────────────────────────────────────────


GREETINGS = {
    "hangs up": "CLOSE",
    "half a line, then hangs up": "* OK rea" + "CLOSE",
    "bye": "* BYE Too many connections, try again later\r\nCLOSE",
    "another protocol": "220 smtp.example.org ESMTP\r\nCLOSE",
}


@pytest.mark.parametrize("greeting", GREETINGS.values(), ids=GREETINGS)
def test_trouble_in_the_greeting_passes(greeting: str) -> None:
    assert_one_line(scripted({}, greeting)[0].error, Unreachable, 75)


def test_what_the_server_says_with_its_bye_is_told() -> None:
    for result, _ in (
        scripted({}, "* BYE Too many connections\r\nCLOSE"),
        scripted({rb"FETCH.*HEADER": header(1) + "* BYE Too many connections\r\nCLOSE"}),
    ):
        assert "Too many connections" in str(result.error)


LOGINS = {
    "hangs up": "CLOSE",
    "bye": "* BYE going down\r\nCLOSE",
    "throttled": "{tag} NO [THROTTLED] slow down\r\n",
    "over its quota": "{tag} NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)\r\n",
    "unavailable": "{tag} NO [UNAVAILABLE] Temporary authentication failure\r\n",
    "in use": "{tag} NO [INUSE] mailbox is locked\r\n",
    "limit": "{tag} NO [LIMIT] LOGIN Rate limit hit\r\n",
    "too many": "{tag} NO [ALERT] Too many simultaneous connections. (Failure)\r\n",
    "Exchange is throttling": "{tag} BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds\r\n",
    "Exchange is away": "{tag} NO Server Unavailable. 15\r\n",
    "says nothing understood": "{tag} MAYBE\r\nCLOSE",
}


@pytest.mark.parametrize("answer", LOGINS.values(), ids=LOGINS)
def test_trouble_at_the_login_passes(answer: str) -> None:
    assert_one_line(scripted({rb"^LOGIN": answer})[0].error, Unreachable, 75)


REFUSALS = {
    "wrong password": "{tag} NO [AUTHENTICATIONFAILED] Authentication failed.\r\n",
    "app password": "{tag} NO [ALERT] Application-specific password required (Failure)\r\n",
    "IMAP is off": "{tag} NO [ALERT] Your account is not enabled for IMAP use\r\n",
    "without a code": "{tag} NO Login failed\r\n",
    "needs TLS": "{tag} NO [PRIVACYREQUIRED] TLS first\r\n",
    "expired": "{tag} NO [EXPIRED] password expired\r\n",
}


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
def test_refused_login_does_not_pass(answer: str) -> None:
    assert_one_line(scripted({rb"^LOGIN": answer})[0].error, LoginRefused, 77)


EXAMINES = {
    "hangs up": ("CLOSE", Unreachable, 75),
    "bye": ("* BYE going down\r\nCLOSE", Unreachable, 75),
    "throttled": ("{tag} NO [THROTTLED] slow down\r\n", Unreachable, 75),
    "in use": ("{tag} NO [INUSE] locked\r\n", Unreachable, 75),
    "Exchange is away": ("{tag} NO Server Unavailable. 15\r\n", Unreachable, 75),
    "server's own fault": ("{tag} NO [SERVERBUG] Internal error occurred\r\n", Unreachable, 75),
    "no such folder": ("{tag} NO [NONEXISTENT] no such mailbox\r\n", WrongSettings, 78),
    "may not be read": ("{tag} NO [NOPERM] permission denied\r\n", WrongSettings, 78),
    "without UIDVALIDITY": ("* 3 EXISTS\r\n* OK [UIDNEXT 4]\r\n" + DONE, WrongSettings, 78),
}


@pytest.mark.parametrize(("answer", "kind", "code"), EXAMINES.values(), ids=EXAMINES)
def test_trouble_with_a_folder(answer: str, kind: type[MailboxError], code: int) -> None:
    assert_one_line(scripted({rb"^EXAMINE": answer})[0].error, kind, code)


SEARCHES = {
    "hangs up": "CLOSE",
    "charset refused": "{tag} NO [BADCHARSET (US-ASCII)] charset not supported\r\n",
    "throttled": "{tag} NO [THROTTLED] slow down\r\n",
    "no numbers": "* SEARCH one two\r\n" + DONE,
    "a half": "* SEARCH 1 2",
}


@pytest.mark.parametrize("answer", SEARCHES.values(), ids=SEARCHES)
@pytest.mark.usefixtures("quick")
def test_trouble_with_a_search_passes_and_moves_no_cursor(answer: str) -> None:
    result, _ = scripted({rb"SEARCH": answer})
    assert_one_line(result.error, Unreachable, 75)
    assert result.cursors == {}


def test_no_search_names_a_charset() -> None:
    _, commands = scripted({})
    assert not any(b"CHARSET" in command for command in commands)


FETCHES = {
    "hangs up": "CLOSE",
    "hangs up in a text": body(1) + "* 2 FETCH (UID 2 BODY[] {400}\r\nhalf" + "CLOSE",
    "bye in mid-fetch": body(1) + "* BYE Server shutting down\r\nCLOSE",
    "throttled": body(1) + "{tag} NO [THROTTLED] slow down\r\n",
    "over its quota": "{tag} NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)\r\n",
    "unavailable": "{tag} NO [UNAVAILABLE] backend down\r\n",
    "Exchange is throttling": "{tag} BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds\r\n",
}


@pytest.mark.parametrize("answer", FETCHES.values(), ids=FETCHES)
@pytest.mark.parametrize("what", [rb"FETCH.*HEADER", rb"FETCH.*BODY\.PEEK\[\]"], ids=["headers", "bodies"])
def test_server_in_trouble_loses_no_mail_and_blames_none(what: bytes, answer: str) -> None:
    result, _ = scripted({what: answer})
    assert_one_line(result.error, Unreachable, 75)
    assert (result.uids, result.failed, result.cursors) == ([], {}, {})


# ── answers that lack something ─────────────────────────────────────────────────────────────────────────────


LACKING = {
    "flags only": "* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n",
    "no text": "* 2 FETCH (UID 2 BODY[] NIL)\r\n",
    "no such item": "* 2 FETCH (UID 2)\r\n",
}


@pytest.mark.parametrize("answer", LACKING.values(), ids=LACKING)
def test_mail_without_its_text_is_named_and_the_others_are_read(answer: str) -> None:
    result, _ = scripted({rb"FETCH.*BODY\.PEEK\[\]": body(1) + answer + body(3) + DONE})
    assert (result.uids, list(result.failed), result.cursors["INBOX"].next_uid) == ([1, 3], [2], 4)


@pytest.mark.parametrize("answer", LACKING.values(), ids=LACKING)
def test_mail_whose_text_comes_the_second_time_is_read(answer: str) -> None:
    result, _ = scripted({rb"FETCH.*BODY\.PEEK\[\]": [body(1) + answer + body(3) + DONE, body(2) + DONE]})
    assert (sorted(result.uids), result.failed) == ([1, 2, 3], {})


def test_mail_that_is_gone_between_its_header_and_its_text_is_no_error() -> None:
    result, _ = scripted({rb"FETCH.*BODY\.PEEK\[\]": "* 2 EXPUNGE\r\n" + body(1) + body(3) + DONE})
    assert (result.uids, result.failed, result.error, result.cursors["INBOX"].next_uid) == ([1, 3], {}, None, 4)


def test_flags_told_unasked_beside_the_text_change_nothing() -> None:
    told = "* 4 EXISTS\r\n* 1 RECENT\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* OK [HIGHESTMODSEQ 9] by the way\r\n"
    result, _ = scripted({rb"FETCH.*BODY\.PEEK\[\]": told + BODIES})
    assert (result.uids, result.failed, result.error) == ([1, 2, 3], {}, None)


MALFORMED = {
    "open bracket": "* 2 FETCH (UID 2 BODY[] (((\r\n",
    "no brackets": "* 2 FETCH UID 2\r\n",
    "number that is none": "* two FETCH (UID two BODY[] {4}\r\nbody)\r\n",
    "odd list": "* 2 FETCH (UID)\r\n",
    "quote that does not end": '* 2 FETCH (UID 2 BODY[] "never\r\n',
    "NUL": "* 2 FETCH (UID 2 \0)\r\n",
}


@pytest.mark.parametrize("answer", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.usefixtures("quick")
def test_malformed_answer_ends_in_one_line_and_the_cursor_stays_before_it(answer: str) -> None:
    result, _ = scripted({rb"FETCH.*BODY\.PEEK\[\]": answer + DONE, rb"FETCH \d+ \(FLAGS\)": "{tag} NO no\r\n"})
    assert_one_line(result.error, Unreachable, 75)
    assert result.cursors == {}


def test_one_mail_with_a_malformed_answer_stops_no_other() -> None:
    result, _ = scripted(
        {
            rb"FETCH (\d,)*2(,\d)* \(BODY\.PEEK\[\]": "* 2 FETCH (UID 2 BODY[] (((\r\n" + DONE,
            rb"FETCH 1 \(BODY\.PEEK\[\]": body(1) + DONE,
            rb"FETCH 3 \(BODY\.PEEK\[\]": body(3) + DONE,
        }
    )
    assert (result.uids, list(result.failed), result.cursors["INBOX"].next_uid) == ([1, 3], [2], 4)


# ── a mail that breaks the connection ───────────────────────────────────────────────────────────────────────


def breaking(item: str, *uids: int) -> dict[bytes, Answer]:
    """A server that hangs up whenever *item* of one of *uids* is asked for, and gives every other mail."""

    def given(command: bytes) -> str:
        asked = [int(uid) for part in command.split()[2].split(b",") for uid in _span(part)]
        if item.encode() in command and set(asked) & set(uids):
            return "CLOSE"
        give = header if b"HEADER" in command else body
        return "".join(map(give, asked)) + DONE

    return {rb"^UID FETCH": given}


def _span(part: bytes) -> range:
    first, _, last = part.partition(b":")
    return range(int(first), int(last or first) + 1)


@pytest.mark.parametrize("uid", THREE, ids="mail {}".format)
def test_mail_that_breaks_the_connection_stops_no_other(uid: int) -> None:
    result, _ = scripted(breaking("BODY.PEEK[]", uid))
    assert result.error is None
    assert (result.uids, list(result.failed)) == ([other for other in THREE if other != uid], [uid])
    assert "the connection breaks" in result.failed[uid]
    assert result.cursors["INBOX"].next_uid == 4


def test_server_that_breaks_at_every_mail_is_to_blame_itself() -> None:
    uids = range(1, 9)
    examine = "* 8 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 9]\r\n" + DONE
    search = f"* SEARCH {' '.join(map(str, uids))}\r\n" + DONE
    result, _ = scripted({rb"^EXAMINE": examine, rb"SEARCH": search, **breaking("BODY.PEEK[]", *uids)})
    assert_one_line(result.error, Unreachable, 75)
    assert (result.uids, result.failed) == ([], {})


def test_brackets_in_brackets_stop_no_other_mail() -> None:
    nested = "* 2 FETCH (UID 2 BODY[] " + "(" * 20_000 + ")" * 20_000 + ")\r\n"
    result, _ = scripted(
        {
            rb"FETCH (\d,)*2(,\d)* \(BODY\.PEEK\[\]": nested + DONE,
            rb"FETCH 1 \(BODY\.PEEK\[\]": body(1) + DONE,
            rb"FETCH 3 \(BODY\.PEEK\[\]": body(3) + DONE,
        }
    )
    assert (result.uids, list(result.failed), result.error) == ([1, 3], [2], None)


# ── a server that lies ──────────────────────────────────────────────────────────────────────────────────────


def test_mail_that_was_not_asked_for_is_not_taken() -> None:
    result, _ = scripted({rb"FETCH.*BODY\.PEEK\[\]": BODIES.replace(DONE, body(999) + DONE)})
    assert result.uids == [1, 2, 3]


def test_header_that_was_not_asked_for_is_not_taken() -> None:
    result, commands = scripted({rb"FETCH.*HEADER": HEADERS.replace(DONE, header(999) + DONE)})
    assert result.uids == [1, 2, 3]
    assert not any(b"FETCH" in command and b"999" in command for command in commands)


def test_hits_outside_the_range_are_not_taken() -> None:
    result, commands = scripted({rb"SEARCH": "* SEARCH 0 1 2 3 4 999 99999999999999999999\r\n" + DONE})
    assert result.uids == [1, 2, 3]
    assert not any(b"FETCH" in command and b"999" in command for command in commands)


NUMBERS = {
    "UIDNEXT": "* 3 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 99999999999999999999]\r\n",
    "UIDVALIDITY": "* 3 EXISTS\r\n* OK [UIDVALIDITY 99999999999999999999]\r\n* OK [UIDNEXT 4]\r\n",
    "no UIDVALIDITY": "* 3 EXISTS\r\n* OK [UIDVALIDITY seven]\r\n* OK [UIDNEXT 4]\r\n",
    "UIDVALIDITY zero": "* 3 EXISTS\r\n* OK [UIDVALIDITY 0]\r\n* OK [UIDNEXT 4]\r\n",
    "UIDNEXT zero": "* 3 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 0]\r\n",
}


@pytest.mark.parametrize("answer", NUMBERS.values(), ids=NUMBERS)
def test_number_that_cannot_be_is_no_cursor(answer: str) -> None:
    result, _ = scripted({rb"^EXAMINE": answer + DONE})
    assert isinstance(result.error, MailboxError)
    assert result.cursors == {}


def test_folder_that_claims_billions_of_mails_is_not_asked_for_them_block_by_block() -> None:
    claims = "* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 4]\r\n"
    _, commands = scripted({rb"^EXAMINE": claims + DONE})
    assert len(commands) < 20


def test_size_that_is_a_lie_is_no_reason_to_take_everything() -> None:
    text = "x" * 5_000
    result, _ = scripted(
        {rb"FETCH.*BODY\.PEEK\[\]": body(1, text) + body(2) + body(3) + DONE}, limits=Limits(whole=4_000)
    )
    assert len(result.mails[0]) == 5_000


TEXTS = {
    "escape sequences": "\x1b]0;pwned\x07\x1b[2J",
    "line breaks": "fine\rparcel-digest: all is well",
    "very long": "x" * 100_000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_the_server_says_comes_to_the_terminal_as_one_harmless_line(text: str) -> None:
    assert_one_line(scripted({rb"^LOGIN": "{tag} NO " + text + "\r\n"})[0].error, LoginRefused, 77)


ECHOES: dict[str, Callable[[str], str]] = {
    "as it is": lambda word: word,
    "quoted": lambda word: f'LOGIN "me" "{word}"',
    "base64": lambda word: base64.b64encode(f"\0me\0{word}".encode()).decode(),
    "base64 of a token": lambda word: base64.b64encode(f"user=me\1auth=Bearer {word}\1\1".encode()).decode(),
}


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_server_that_repeats_the_password_does_not_reveal_it(echo: Callable[[str], str]) -> None:
    repeated = echo("hunter2-hunter2")
    result, _ = scripted({rb"^LOGIN": f"{{tag}} BAD what is {repeated}?\r\n"}, password="hunter2-hunter2")
    assert repeated not in str(result.error)
    assert "hunter2" not in str(result.error)


def test_backup_played_back_under_a_new_uidvalidity_hides_no_mail() -> None:
    # The first five mails are as they were; behind them a new mail has the UID of one that was lost.
    before = {"INBOX": Cursor("home", "INBOX", 6, 9)}
    names = {uid: f"{uid}@shop.example" for uid in range(1, 6)}
    uids = range(1, 9)
    with ScriptedServer(
        {
            rb"^EXAMINE": "* 8 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 9]\r\n" + DONE,
            rb"SEARCH": f"* SEARCH {' '.join(map(str, uids))}\r\n" + DONE,
            **breaking("nothing"),
        }
    ) as server:
        result = read(plain(server.port), before, message_ids=lambda *_: names)
    assert result.uids == [6, 7, 8]


# ── a server that attacks: bounds of time and memory ────────────────────────────────────────────────────────


def endless(piece: bytes) -> Callable[[bytes], Iterator[bytes]]:
    """An answer that goes on for as long as somebody listens."""

    def answer(_: bytes) -> Iterator[bytes]:
        block = piece * (65_536 // len(piece) + 1)
        while True:
            yield block

    return answer


def dripping(pieces: Iterable[bytes], seconds: float = 0.02) -> Callable[[bytes], Iterator[bytes]]:
    """An answer that comes slower than anybody can wait for, though never so slow that a receive times out."""

    def answer(_: bytes) -> Iterator[bytes]:
        for piece in pieces:
            yield piece
            time.sleep(seconds)

    return answer


ENDLESS = {
    "line": endless(b"x"),
    "untagged lines": endless(b"* OK still here\r\n"),
    "untagged mails": endless(b"* 1 FETCH (UID 1 FLAGS ())\r\n"),
    "small literals": endless(b"* 1 FETCH (UID 1 X {4}\r\nbody)\r\n"),
    "continuations": endless(b"+ go on\r\n"),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("what", [rb"^LOGIN", rb"FETCH.*HEADER"], ids=["login", "headers"])
@pytest.mark.parametrize("answer", ENDLESS.values(), ids=ENDLESS)
def test_endless_answer_is_cut_short(what: bytes, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "ANSWER", 500_000)
    tracemalloc.start()
    try:
        result, _ = scripted({what: answer})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert_one_line(result.error, MailboxError, 75)
    assert peak < 6_000_000
    assert result.cursors == {}


@pytest.mark.parametrize("where", ["greeting", "folder", "body"])
def test_text_that_claims_gigabytes_is_not_waited_for(where: str) -> None:
    claim = "* 1 FETCH (UID 1 BODY[] {1400000000}\r\n"
    scripts: dict[str, tuple[dict[bytes, Answer], Answer]] = {
        "greeting": ({}, "* OK {1400000000}\r\n"),
        "folder": ({rb"^EXAMINE": claim}, "* OK ready\r\n"),
        "body": ({rb"FETCH.*BODY\.PEEK\[\]": claim}, "* OK ready\r\n"),
    }
    started = time.monotonic()
    result, _ = scripted(*scripts[where])
    assert time.monotonic() - started < 5
    assert_one_line(result.error, Unreachable, 75)
    assert result.cursors == {}


DRIPS = {
    "greeting": ({}, dripping([b"x"] * 500)),
    "line of an answer": ({rb"^EXAMINE": dripping([b"x"] * 500)}, "* OK ready\r\n"),
    "lines of an answer": ({rb"^EXAMINE": dripping([b"* OK wait\r\n"] * 500)}, "* OK ready\r\n"),
    "text of a mail": (
        {rb"FETCH.*BODY\.PEEK\[\]": dripping([b"* 1 FETCH (UID 1 BODY[] {900000}\r\n", *[b"x"] * 500])},
        "* OK ready\r\n",
    ),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("script", "greeting"), DRIPS.values(), ids=DRIPS)
def test_answer_that_drips_is_waited_for_so_long_and_no_longer(
    script: dict[bytes, Answer], greeting: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "PATIENCE", 0.3)
    started = time.monotonic()
    result, _ = scripted(script, greeting)
    assert time.monotonic() - started < 4
    assert_one_line(result.error, Unreachable, 75)


def test_connection_ends_after_its_time_even_if_every_answer_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "CONNECTION", 0.0)
    result, _ = scripted({})
    assert_one_line(result.error, Unreachable, 75)


# ── the wire ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot.port) as running:
        yield running


def test_slow_wire_of_single_bytes_gives_the_same_mails(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [mail(1), mail(2)])
    for port, security in ((dovecot.port, "plain"), (dovecot.tls_port, "tls")):
        with Proxy(port) as slow:
            slow.chunk = 1
            server = Server("127.0.0.1", slow.port, security, user, dovecot.ca_file if security == "tls" else None)
            assert read(server).mails == [mail(1), mail(2)]


def test_slow_line_is_no_hostile_one(
    dovecot: Dovecot, proxy: Proxy, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "PATIENCE", 0.2)
    monkeypatch.setattr(bounds, "PACE", 50_000)
    dovecot.deliver(user, [mail(1, body="x" * 100_000)])
    proxy.rate, proxy.chunk = 150_000, 2_000
    assert read(plain(proxy.port, user)).uids == [1]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("after", [10, 300, 700, 2_000])
def test_stall_is_told_after_the_timeout(dovecot: Dovecot, proxy: Proxy, user: str, after: int) -> None:
    dovecot.deliver(user, [mail(number, body="x" * 1_000) for number in range(5)])
    proxy.stall_after = after
    result = read(plain(proxy.port, user))
    assert_one_line(result.error, Unreachable, 75)
    assert "did not answer in time" in str(result.error)


@pytest.mark.parametrize("reset", [False, True], ids=["FIN", "RST"])
@pytest.mark.parametrize("after", [0, 60, 2_000, 4_000, 9_000])
def test_cut_in_tls_loses_nothing(dovecot: Dovecot, user: str, after: int, reset: bool) -> None:
    mails = [mail(number, body="x" * 1_000) for number in range(1, 9)]
    dovecot.deliver(user, mails)
    with Proxy(dovecot.tls_port) as cutting:
        cutting.cut_after, cutting.reset = after, reset
        server = Server("127.0.0.1", cutting.port, "tls", user, dovecot.ca_file)
        first = read(server, limits=Limits(mails=2))
    assert first.error is None or first.error.exit_code == 75
    rest = read(replace(server, port=dovecot.tls_port), first.cursors)
    assert first.mails + rest.mails == mails


# ── what a server is told, and what it keeps ────────────────────────────────────────────────────────────────


def test_netease_opens_a_folder_once_it_is_told_who_asks() -> None:
    unsafe = "{tag} NO EXAMINE Unsafe Login. Please contact kefu@188.com for help\r\n"
    opened = ScriptedServer.BASICS[rb"^EXAMINE"]
    script: dict[bytes, Answer] = {
        **SCRIPT,
        rb"^CAPABILITY": "* CAPABILITY IMAP4rev1 ID\r\n" + DONE,
        rb"^EXAMINE": unsafe,
    }

    with ScriptedServer({rb"^ID ": '* ID ("name" "Coremail")\r\n' + DONE, **script}) as server:
        assert isinstance(read(plain(server.port)).error, WrongSettings)

        def told(_: bytes) -> str:
            server._script[rb"^EXAMINE"] = opened
            return '* ID ("name" "Coremail")\r\n' + DONE

        server._script[rb"^ID "] = told
        assert read(replace(plain(server.port), needs_id=True)).uids == [1, 2, 3]
        assert any(re.match(rb'ID \("name" "parcel-digest"\)', command) for command in server.commands)


TOKENS = {
    "XOAUTH2": ("AUTH=XOAUTH2 AUTH=PLAIN", "user=me\1auth=Bearer t0ken\1\1"),
    "both": ("AUTH=XOAUTH2 AUTH=OAUTHBEARER", "user=me\1auth=Bearer t0ken\1\1"),
    "OAUTHBEARER": ("AUTH=OAUTHBEARER", "n,a=me,\1auth=Bearer t0ken\1\1"),
    "none told": ("", "user=me\1auth=Bearer t0ken\1\1"),
}


@pytest.mark.parametrize(("offered", "sent"), TOKENS.values(), ids=TOKENS)
def test_token_is_given_in_the_way_the_server_offers(offered: str, sent: str) -> None:
    result, commands = scripted(
        {
            rb"^CAPABILITY": f"* CAPABILITY IMAP4rev1 {offered}\r\n" + DONE,
            rb"^AUTHENTICATE \S+$": "+ \r\n",
            rb"^AUTHENTICATE \S+ .+": "{tag} OK in\r\n",
            rb"^[A-Za-z0-9+/=]{20,}$": "{tag} OK in\r\n",
        },
        password="t0ken",
        token=True,
    )
    assert result.uids == [1, 2, 3]
    given = b" ".join(commands).replace(b"AUTHENTICATE", b"").split()
    assert sent.encode() in [
        base64.b64decode(word) for word in given if re.fullmatch(rb"[A-Za-z0-9+/]{20,}={0,2}", word)
    ]


def test_expired_token_is_a_refused_login_of_one_line() -> None:
    # What Gmail and Exchange do: the reason comes as a challenge, which wants an answer before the refusal.
    reason = base64.b64encode(b'{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}').decode()
    result, _ = scripted(
        {
            rb"^(CAPABILITY)": "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n" + DONE,
            rb"^AUTHENTICATE \S+$": "+ \r\n",
            rb"^AUTHENTICATE \S+ .+": f"+ {reason}\r\n",
            rb"^[A-Za-z0-9+/=]*$": [
                f"+ {reason}\r\n",
                "{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n",
            ],
        },
        password="t0ken",
        token=True,
    )
    assert_one_line(result.error, LoginRefused, 77)
    assert "Invalid credentials" in str(result.error)
    assert "t0ken" not in str(result.error)


def test_folders_with_odd_names_beside_the_inbox_trouble_nobody(each_server: MailServer, user: str) -> None:
    each_server.deliver(user, [mail(1)])
    with each_server.client(user) as client:
        for name in ("123", "Entwürfe", "a & b", "x y"):
            client.create_folder(name)
    assert read(plain(each_server.port, user)).uids == [1]
