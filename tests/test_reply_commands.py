"""The owner's commands by mail: what counts, and everything that looks like it and changes nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from command import DAY, STORY, in_process, parcels
from digest_values import TODAY

from pipeline.deliver.identity import digest_name
from pipeline.ledger import Ledger
from pipeline.mailbox.pace import Limits
from pipeline.model import Mark, MarkKind
from pipeline.parse import parse
from pipeline.reply.commands import Command, commands_in

if TYPE_CHECKING:
    from dovecot import Dovecot

SECRET = b"s" * 32
ME = "mila@example.org"
OWNER = frozenset({ME, "shop@mila.example"})
ID = f"{digest_name(SECRET, TODAY)}@example.org"
VOUCHED = "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org"


def reply(
    text: str = "unchanged RB123456785CN",
    *,
    sender: str = f"Mila <{ME}>",
    refers: str | None = f"In-Reply-To: <{ID}>",
    subject: str = "Re: 2 parcels need you",
    vouched: str | None = VOUCHED,
    more: tuple[str, ...] = (),
    number: int = 1,
) -> bytes:
    lines = [
        *([vouched] if vouched else []),
        *more,
        f"From: {sender}",
        f"To: {ME}",
        f"Subject: {subject}",
        "Date: Mon, 23 Nov 2026 10:00:00 +0100",
        f"Message-ID: <reply-{number}@example.org>",
        *([refers] if refers else []),
        "Content-Type: text/plain; charset=utf-8",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + text.replace("\n", "\r\n") + "\r\n").encode()


def found(data: bytes, *, proof: str = "DMARC", today: date = TODAY) -> list[Command]:
    return list(commands_in(parse(data), owner=OWNER, proof=proof, secret=lambda: SECRET, today=today))


def marked(number: str, kind: MarkKind, value: str | None = None) -> Command:
    return Command(number, Mark(kind, value))


# ── what is a command ────────────────────────────────────────────────────────────────────────────────────────

CODE = "RB123456785CN"


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (f"unchanged {CODE}", marked(CODE, MarkKind.UNCHANGED)),
        (f"  Unchanged: {CODE}.", marked(CODE, MarkKind.UNCHANGED)),
        (f"{CODE} delivered", marked(CODE, MarkKind.DELIVERED)),
        (f"{CODE}: ARRIVED!", marked(CODE, MarkKind.DELIVERED)),
        (f"{CODE}: arrived?", None),
        (f"{CODE} not delivered", None),
        (f"{CODE} не получено", None),
        (f"- ignore #{CODE.lower()}", marked(CODE, MarkKind.IGNORE)),
        ("delivered 8211968327931234", marked("8211968327931234", MarkKind.DELIVERED)),
        ("disputed 123-1234567-1234567", marked("123-1234567-1234567", MarkKind.DISPUTED)),
        (f"protection {CODE} 2026-12-01", marked(CODE, MarkKind.PROTECTION, "2026-12-01")),
        (f"ship-by {CODE} 2026-12-01", marked(CODE, MarkKind.SHIP_BY, "2026-12-01")),
        (f"code 8211968327931234 {CODE.lower()}", marked("8211968327931234", MarkKind.CODE, CODE)),
        (f"new code: 8211968327931234 {CODE}", marked("8211968327931234", MarkKind.CODE, CODE)),
        (f"unverändert {CODE}", marked(CODE, MarkKind.UNCHANGED)),
        (f"Не изменился {CODE}", marked(CODE, MarkKind.UNCHANGED)),
        (f"{CODE} ENTREGADO", marked(CODE, MarkKind.DELIVERED)),
        (f"teslim edildi {CODE}", marked(CODE, MarkKind.DELIVERED)),
        # What is none: too little, too much, not at the beginning or end, not a number.
        ("unchanged", None),
        (f"unchanged {CODE} 8211968327931234", None),
        (f"is it unchanged {CODE} or what", None),
        (f"not delivered {CODE}", None),
        (f"unchanged the parcel {CODE}", None),
        ("delivered yesterday", None),
        (f"protection {CODE}", None),
        (f"protection {CODE} tomorrow", None),
        (f"code {CODE} x", None),
        (f"parcel-digest mark {CODE} unchanged", None),
        (CODE, None),
        ("", None),
    ],
)
def test_a_line_is_a_command_only_as_a_whole(line: str, command: Command | None) -> None:
    assert found(reply(line)) == ([command] if command else [])


def test_several_lines_are_several_commands() -> None:
    text = f"Hi,\n\nunchanged {CODE}\ndelivered 8211968327931234\n\nThanks!"
    assert found(reply(text)) == [
        marked(CODE, MarkKind.UNCHANGED),
        marked("8211968327931234", MarkKind.DELIVERED),
    ]


@pytest.mark.parametrize(
    "refers",
    [f"References: <x@y.example> <{ID}>", f"In-Reply-To:\r\n <{ID}>", f"REFERENCES: <{ID}>\r\n <other@x.example>"],
)
def test_a_digest_is_answered_by_either_header(refers: str) -> None:
    assert found(reply(refers=refers))


def test_a_link_in_the_digest_names_it_in_the_subject() -> None:
    assert found(reply(refers=None, subject=digest_name(SECRET, TODAY)))


@pytest.mark.parametrize("days", [0, 1, 14])
def test_a_digest_can_be_answered_for_fourteen_days(days: int) -> None:
    assert found(reply(), today=TODAY + timedelta(days))


# ── what is not the owner's ──────────────────────────────────────────────────────────────────────────────────

QUOTED = {
    "with signs": f"Thanks!\n\nOn Mon, 23 Nov 2026, Parcel digest wrote:\n> unchanged {CODE}\n> more",
    "with signs alone": f"Thanks!\n> unchanged {CODE}",
    "below a line": f"Thanks!\n\nOn Mon, 23 Nov 2026 at 07:00, Digest <mila@example.org> wrote:\nunchanged {CODE}",
    "in German": f"Danke!\n\nAm 23.11.26 um 07:00 schrieb Parcel digest:\nunchanged {CODE}",
    "Outlook": f"Thanks!\n\nFrom: Parcel digest <{ME}>\nSent: Monday\nTo: Mila\nSubject: x\n\nunchanged {CODE}",
    "original message": f"Thanks!\n-----Original Message-----\nunchanged {CODE}",
    "forwarded": f"See below\n---------- Forwarded message ---------\nFrom: x <x@y.example>\nunchanged {CODE}",
    "behind the digest's own words": f"Thanks!\nparcel-digest mark {CODE} delivered\nunchanged {CODE}",
    "in the signature": f"Thanks!\n-- \nunchanged {CODE}",
}


@pytest.mark.parametrize("text", QUOTED.values(), ids=QUOTED.keys())
def test_quoted_text_is_no_command(text: str) -> None:
    assert found(reply(text)) == []


OTHER = digest_name(b"another ledger", TODAY)

SPOOFED = {
    "nobody vouches": (reply(), {"proof": ""}),
    "another sender": (reply(sender="Eve <eve@evil.example>"), {}),
    "the owner's address as a name": (reply(sender=f'"{ME}" <eve@evil.example>'), {}),
    "look-alike domain": (reply(sender="mila@examp1e.org"), {}),
    "longer domain": (reply(sender=f"{ME}.evil.example"), {}),
    "look-alike letters": (reply(sender="Mila <milа@example.org>"), {}),
    "two senders": (reply(sender=f"{ME}, eve@evil.example"), {}),
    "two From headers": (reply(more=("From: eve@evil.example",)), {}),
    "no digest named": (reply(refers=None), {}),
    "another mail answered": (reply(refers="In-Reply-To: <x@y.example>"), {}),
    "another ledger's digest": (reply(refers=f"In-Reply-To: <{OTHER}@example.org>"), {}),
    "a guessed name": (reply(refers=f"In-Reply-To: <parcel-digest.20261123.{'a' * 26}@example.org>"), {}),
    "a cut name": (reply(refers=f"In-Reply-To: <{digest_name(SECRET, TODAY)[:-1]}@example.org>"), {}),
    "an old digest": (reply(), {"today": TODAY + timedelta(15)}),
    "a digest to come": (reply(), {"today": TODAY - timedelta(1)}),
    "the name in the text alone": (reply(f"{ID}\nunchanged {CODE}", refers=None), {}),
    "the name in quoted text alone": (reply(f"unchanged {CODE}\n> Message-ID: <{ID}>", refers=None), {}),
    "our own mail": (reply(more=("X-Parcel-Digest: digest 2026-11-23",)), {}),
}


@pytest.mark.parametrize(("data", "more"), SPOOFED.values(), ids=SPOOFED.keys())
def test_a_spoofed_command_is_none(data: bytes, more: dict) -> None:
    assert found(data, **more) == []


# ── the whole way, with a real mailbox ───────────────────────────────────────────────────────────────────────

pytest_server = pytest.mark.server


@pytest.fixture
def config(dovecot: Dovecot, user: str, tmp_path: Path) -> Path:
    dovecot.deliver(user, [path.read_bytes() for path in sorted(STORY.glob("*.eml")) if path.stat().st_size])
    path = tmp_path / "config.toml"
    path.write_text(
        f"""
        timezone = "Europe/Berlin"
        [accounts.home]
        address = "{ME}"
        username = "{user}"
        host = "127.0.0.1"
        port = {dovecot.port}
        security = "plain"
        password_command = ["echo", "secret"]
        trusted_authserv_ids = ["mx.example.org"]
        [digest]
        deliver = ["append"]
        """
    )
    run(path)
    return path


def run(config: Path, day: str = DAY) -> None:
    done = in_process("run", "--config", config, "--state", config.parent, "--today", day)
    assert (done.code, done.complaints) == (0, [])


def digest_sent(dovecot: Dovecot, user: str) -> str:
    with dovecot.client(user) as client:
        client.select_folder("INBOX", readonly=True)
        (uid,) = client.search([b"HEADER", b"X-Parcel-Digest", b"digest"])
        return client.fetch([uid], ["ENVELOPE"])[uid][b"ENVELOPE"].message_id.decode()


def waiting_for_a_look(config: Path) -> tuple[str, str]:
    """Order number and diagnosis of a parcel whose code may have changed."""
    return next((p["orders"][0], p["diagnosis"]) for p in parcels(config.parent) if p["diagnosis"] == "check-code")


def diagnosis_of(config: Path, order: str) -> str:
    return next(p["diagnosis"] for p in parcels(config.parent) if order in p["orders"])


@pytest_server
def test_a_reply_to_the_digest_moves_the_parcel_once_however_often_it_is_read(
    dovecot: Dovecot, user: str, config: Path
) -> None:
    order, _ = waiting_for_a_look(config)
    name = digest_sent(dovecot, user)
    dovecot.deliver(user, [reply(f"unchanged {order}", refers=f"In-Reply-To: {name}")])
    run(config)
    assert diagnosis_of(config, order) == "contact-seller"
    dovecot.deliver(user, [reply(f"unchanged {order}", refers=f"In-Reply-To: {name}")])
    run(config)
    with Ledger.copy_in_memory(config.parent) as ledger:
        assert sum(notice.mark is not None for notice in ledger.notices()) == 1


@pytest_server
def test_no_spoofed_reply_in_the_mailbox_changes_anything(dovecot: Dovecot, user: str, config: Path) -> None:
    order, before = waiting_for_a_look(config)
    name = digest_sent(dovecot, user)
    line, refers = f"unchanged {order}", f"In-Reply-To: {name}"

    def vouching(server: str, result: str) -> str:
        return f"Authentication-Results: {server}; {result}"

    passed = "dmarc=pass header.from=example.org"
    below = ("Received: by mx.example.org", vouching("mx.evil.example", passed), VOUCHED)
    spoofs = [
        reply(line, refers=refers, vouched=None),
        reply(line, refers=refers, vouched=f"X-{VOUCHED}"),
        reply(line, refers=refers, vouched=vouching("mx.evil.example", passed)),
        reply(line, refers=refers, vouched=vouching("mx.example.org", "dmarc=fail header.from=example.org")),
        reply(line, refers=refers, vouched=vouching("mx.example.org", "spf=pass smtp.mailfrom=example.org")),
        reply(line, refers=refers, vouched=None, more=below),
        reply(line, refers=refers, sender="Mila <mila@examp1e.org>"),
        reply(line, refers=f"In-Reply-To: {name[:20]}x{name[21:]}"),
        reply(line, refers=None),
        reply(f"Thanks!\n> {line}", refers=refers),
    ]
    dovecot.deliver(user, [mail.replace(b"reply-1@", b"reply-%d@" % n) for n, mail in enumerate(spoofs)])
    run(config)
    assert diagnosis_of(config, order) == before
    with Ledger.copy_in_memory(config.parent) as ledger:
        assert [notice for notice in ledger.notices() if notice.mark is not None] == []


@pytest_server
def test_a_reply_is_found_among_more_new_mails_than_are_looked_at_one_by_one(
    dovecot: Dovecot, user: str, config: Path
) -> None:
    order, _ = waiting_for_a_look(config)
    chatter = b"From: a@example.net\r\nSubject: hello\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\nhello\r\n"
    said = reply(f"unchanged {order}", refers=f"In-Reply-To: {digest_sent(dovecot, user)}")
    dovecot.deliver(user, [*[chatter] * Limits().headers, said])
    run(config)
    assert diagnosis_of(config, order) == "contact-seller"


@pytest_server
def test_an_old_digest_can_no_longer_be_answered(dovecot: Dovecot, user: str, config: Path) -> None:
    order, _ = waiting_for_a_look(config)
    name = digest_sent(dovecot, user)
    dovecot.deliver(user, [reply(f"ignore {order}", refers=f"In-Reply-To: {name}")])
    later = (datetime(2026, 11, 23, tzinfo=ZoneInfo("Europe/Berlin")) + timedelta(15)).date()
    run(config, later.isoformat())
    with Ledger.copy_in_memory(config.parent) as ledger:
        assert [notice for notice in ledger.notices() if notice.mark is not None] == []


@pytest_server
def test_commands_can_be_switched_off(dovecot: Dovecot, user: str, config: Path) -> None:
    config.write_text(config.read_text() + "\n[reply]\ncommands = false\n")
    order, before = waiting_for_a_look(config)
    dovecot.deliver(user, [reply(f"unchanged {order}", refers=f"In-Reply-To: {digest_sent(dovecot, user)}")])
    run(config)
    assert diagnosis_of(config, order) == before
