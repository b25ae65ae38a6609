"""Bytes to messages: sound mails plainly, broken mails mended with a word about it, hopeless ones refused."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipeline import parse as parsing
from pipeline.model import Address, Link
from pipeline.parse import ParseError, mend, parse, peek

HEAD = b"""From: Shop <news@shop.example>
To: me@example.org
Subject: Hello
Date: Mon, 2 Nov 2026 10:00:00 +0100
Message-ID: <1@shop.example>
"""


def mail(body: bytes = b"text\n", *fields: bytes, head: bytes = HEAD) -> bytes:
    return head + b"".join(field + b"\n" for field in fields) + b"\n" + body


def multipart(*parts: bytes, kind: bytes = b"mixed", boundary: bytes = b"B") -> bytes:
    body = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts) + b"--" + boundary + b"--\n"
    return mail(body, b"MIME-Version: 1.0", b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"')


PLAIN = b"Content-Type: text/plain; charset=utf-8\n\n"
HTML = b"Content-Type: text/html; charset=utf-8\n\n"


def test_a_sound_mail_has_no_defects() -> None:
    message = parse(mail(b"Line one\nLine two\n"))
    assert message.defects == ()
    assert message.message_id == "1@shop.example"
    assert message.date == datetime(2026, 11, 2, 10, tzinfo=timezone(timedelta(hours=1)))
    assert message.senders == (Address("Shop", "news@shop.example"),)
    assert message.recipients == (Address("", "me@example.org"),)
    assert message.text == "Line one\nLine two"
    assert message.size == len(mail(b"Line one\nLine two\n"))


# ── headers ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        pytest.param(b"Bestellung =?utf-8?q?best=C3=A4tigt=3A?= 99", "Bestellung bestätigt: 99", id="encoded word"),
        pytest.param(b"=?utf-8?q?a?=\n =?utf-8?q?b?= c", "ab c", id="the blank between encoded words falls away"),
        pytest.param(b"=?utf-8?q?M=C3?=\n =?utf-8?q?=BCnchen?=", "München", id="cut inside a character"),
        pytest.param(b"=?utf-8?b?TcO8?=\n =?utf-8?b?bmNoZW4=?=", "München", id="base64 words"),
        pytest.param(b"=?utf-8?b?TcO8bm?=\n =?utf-8?b?NoZW4=?=", "München", id="base64 cut inside a quantum"),
        pytest.param(b"=?utf-8?b?TcO8bg?=\n =?utf-8?b?Y2hlbg?=", "München", id="base64 words without padding"),
        pytest.param(b"=?iso-8859-1?q?M=FC?= =?utf-8?q?=C3=BC?=", "Müü", id="two charsets"),
        pytest.param(b"=?gb2312?b?tqm1pQ==?= 1", "订单 1", id="Chinese"),
        pytest.param(b"=?nonsense?q?M=C3=BC?=", "Mü", id="unknown charset"),
        pytest.param(b"=?utf-8?q?two words?=", "two words", id="blank inside of an encoded word"),
        pytest.param("Größe".encode(), "Größe", id="raw UTF-8"),
        pytest.param("Größe".encode("latin-1"), "Größe", id="raw Latin-1"),
        pytest.param("Ваш заказ отправлен".encode("cp1251"), "Ваш заказ отправлен", id="raw Windows-1251"),
        pytest.param("您的订单已发货".encode("gb18030"), "您的订单已发货", id="raw GB"),
        pytest.param(b"folded\n  and\n\tagain", "folded and again", id="folded"),
        pytest.param("a\u200bb\u202ec\u00add\u00a0e".encode(), "abcd e", id="invisible characters"),
        pytest.param(b"=?utf-8?q?a=0Ab=00c?=", "a bc", id="encoded line feed and NUL"),
        pytest.param(b"=?utf-8?q?never closed", "=?utf-8?q?never closed", id="unclosed encoded word"),
    ],
)
def test_subjects_are_read_whatever_their_encoding(raw: bytes, subject: str) -> None:
    head = HEAD.replace(b"Subject: Hello", b"Subject: " + raw)
    assert parse(mail(head=head)).subject == subject
    assert peek(head).subject == subject


def test_a_raw_8_bit_subject_is_told() -> None:
    assert "the Subject has raw 8-bit characters" in parse(mail(head=HEAD.replace(b"Hello", b"Gr\xfc\xdfe"))).defects


@pytest.mark.parametrize(
    ("raw", "senders"),
    [
        pytest.param(b"a@b.example", [("", "a@b.example")], id="bare"),
        pytest.param(b"<A@B.Example>", [("", "a@b.example")], id="lower case"),
        pytest.param(b'"Doe, J. \\"X\\"" <a@b.example>', [('Doe, J. "X"', "a@b.example")], id="quoted"),
        pytest.param(b"Doe, Jane <a@b.example>", [("Doe, Jane", "a@b.example")], id="unquoted comma"),
        pytest.param(b"GLS<a@b.example>", [("GLS", "a@b.example")], id="no blank"),
        pytest.param(b"a@b.example (Jane (work))", [("Jane (work)", "a@b.example")], id="name in a comment"),
        pytest.param(
            b'"aliexpress.com" <evil@attacker.example>',
            [("aliexpress.com", "evil@attacker.example")],
            id="name as domain",
        ),
        pytest.param(
            b'"x@shop.example" <evil@attacker.example>',
            [("x@shop.example", "evil@attacker.example")],
            id="name as address",
        ),
        pytest.param(
            b"=?utf-8?q?A_=3Cx=40shop=2Eexample=3E?= <e@a.example>",
            [("A <x@shop.example>", "e@a.example")],
            id="encoded <",
        ),
        pytest.param(b"=?utf-8?q?A=2C_B?= <e@a.example>", [("A, B", "e@a.example")], id="encoded comma"),
        pytest.param(b'"=?utf-8?q?M=C3=BC?=" <e@a.example>', [("Mü", "e@a.example")], id="encoded word in quotes"),
        pytest.param("Müller <e@a.example>".encode("latin-1"), [("Müller", "e@a.example")], id="raw Latin-1"),
        pytest.param(b"a@b.example, c@d.example", [("", "a@b.example"), ("", "c@d.example")], id="two"),
        pytest.param(b"<a@b.example> <c@d.example>", [("", "a@b.example"), ("", "c@d.example")], id="two, no comma"),
        pytest.param(b"a@b.example c@d.example", [("", "a@b.example"), ("", "c@d.example")], id="two, bare"),
        pytest.param(b'"Un <a@b.example>', [('"Un', "a@b.example")], id="unclosed quote"),
        pytest.param(b"Un ( <a@b.example>", [("Un (", "a@b.example")], id="unclosed comment"),
        pytest.param(b"<@relay.example:a@b.example>", [("", "a@b.example")], id="obsolete route"),
        pytest.param(b'"a@b"@c.example', [("", '"a@b"@c.example')], id="quoted local part"),
        pytest.param(b"undisclosed-recipients:;", [("undisclosed-recipients:", "")], id="empty group"),
        pytest.param(b"Mailer Daemon", [("Mailer Daemon", "")], id="no address"),
        pytest.param(b"", [], id="empty"),
    ],
)
def test_senders_are_read_structure_first(raw: bytes, senders: list[tuple[str, str]]) -> None:
    message = parse(mail(head=HEAD.replace(b"Shop <news@shop.example>", raw)))
    assert message.senders == tuple(Address(*pair) for pair in senders)


def test_every_from_header_counts() -> None:
    message = parse(mail(b"", b"From: second@other.example"))
    assert [sender.address for sender in message.senders] == ["news@shop.example", "second@other.example"]
    assert "2 From headers" in message.defects


def test_headers_keep_their_order_and_are_unfolded() -> None:
    message = parse(mail(b"", b"X-A: one\n\ttwo", b"X-B: 3", b"X-A: four"))
    assert message.headers[-3:] == (("X-A", "one\ttwo"), ("X-B", "3"), ("X-A", "four"))
    assert message.header("x-a") == ("one\ttwo", "four")


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        (b"Mon, 2 Nov 2026 10:00:00 +0100", "2026-11-02T10:00:00+01:00"),
        (b"2 Nov 2026 10:00 GMT", "2026-11-02T10:00:00+00:00"),
        (b"Mon, 02 Nov 2026 10:00:00 +0100 (CET)", "2026-11-02T10:00:00+01:00"),
        (b"Mon, 2 Nov 2026 10:00:00 CET", "2026-11-02T10:00:00+01:00"),
        (b"Mon, 2 Nov 2026 10:00:00 EST", "2026-11-02T10:00:00-05:00"),
        (b"Mon, 2 Nov 2026 10:00:00 GMT+08:00", "2026-11-02T10:00:00+08:00"),
        (b"Mon, 2 Nov 2026 10:00:00 UTC+8", "2026-11-02T10:00:00+08:00"),
        (b"Mon, 2 Nov 2026 10:00:00 -0000", "2026-11-02T10:00:00+00:00"),
        (b"2026-11-02T10:00:00Z", "2026-11-02T10:00:00+00:00"),
        (b"2026-11-02 10:00:00 +0100", "2026-11-02T10:00:00+01:00"),
        (b"Mon,  2  Nov 2026\n 10:00:00 +0100", "2026-11-02T10:00:00+01:00"),
        (b"Mon Nov  2 10:00:00 2026", "2026-11-02T10:00:00+00:00"),
    ],
)
def test_dates(raw: bytes, moment: str) -> None:
    assert peek(HEAD.replace(b"Mon, 2 Nov 2026 10:00:00 +0100", raw)).date == datetime.fromisoformat(moment)


@pytest.mark.parametrize("raw", [b"", b"yesterday", b"Mon, 32 Nov 2026 10:00:00 +0100", b"Mon, 2 Nov 9999 1:00 +0100"])
def test_a_date_that_cannot_be_read_is_replaced_by_the_newest_received(raw: bytes) -> None:
    head = b"Received: by b; Tue, 3 Nov 2026 09:00:00 +0000\nReceived: by a; Sun, 1 Nov 2026 09:00:00 +0000\n" + HEAD
    message = peek(head.replace(b"Mon, 2 Nov 2026 10:00:00 +0100", raw))
    assert message.date == datetime(2026, 11, 3, 9, tzinfo=UTC)
    assert "the date is that of the newest Received header" in message.defects


def test_a_mail_without_any_date_has_none() -> None:
    message = parse(b"From: a@b.example\n\n")
    assert message.date is None
    assert "the mail has no date" in message.defects


def test_a_date_without_zone_is_utc_and_told() -> None:
    message = peek(HEAD.replace(b" +0100", b""))
    assert message.date == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert "the date names no time zone; it is taken as UTC" in message.defects


@pytest.mark.parametrize(
    ("raw", "identity"),
    [
        (b"<a.b@c>", "a.b@c"),
        (b"\n <a.b@c>", "a.b@c"),
        (b"a.b@c", "a.b@c"),
        (b"<a@b> (comment)", "a@b"),
        (b"< a@b >", "a@b"),
    ],
)
def test_message_ids_have_no_angle_brackets(raw: bytes, identity: str) -> None:
    assert peek(HEAD.replace(b"<1@shop.example>", raw)).message_id == identity


@pytest.mark.parametrize("raw", [b"", b"<>", b"<" + b"x" * 600 + b"@y>"])
def test_a_missing_message_id_is_made_of_the_bytes(raw: bytes) -> None:
    data = mail(head=HEAD.replace(b"<1@shop.example>", raw))
    identity = parse(data).message_id
    assert identity.startswith("sha256-")
    assert identity.endswith("@no-message-id")
    assert identity == parse(data.replace(b"\n", b"\r\n")).message_id, "wherever the mail lies"
    assert identity != parse(data + b"another").message_id


# ── the structure of the body ───────────────────────────────────────────────────────────────────────────────


def test_the_html_is_the_text_and_numbers_of_the_plain_part_only_are_kept() -> None:
    plain = PLAIN + b"Hello\nOrder 123456789\nCode RB123456785CN\nhttps://x.example/1234567890\n"
    message = parse(multipart(plain, HTML + b"<p>Hi!</p><p>Order 123456789</p>", kind=b"alternative"))
    assert message.text == "Hi!\nOrder 123456789\nCode RB123456785CN"
    assert message.links == (Link("https://x.example/1234567890"),)


def test_links_come_from_html_and_text_without_duplicates() -> None:
    plain = PLAIN + b"See <https://a.example/1>, https://b.example/2. https://a.example/1\n"
    message = parse(
        multipart(plain, HTML + b'<a href="https://b.example/2">b</a> https://c.example/', kind=b"alternative")
    )
    assert [link.url for link in message.links] == [
        "https://b.example/2",
        "https://c.example/",
        "https://a.example/1",
    ]


def test_attached_mails_are_messages_of_their_own() -> None:
    inner = mail(b"inner text", head=HEAD.replace(b"<1@", b"<2@"))
    message = parse(multipart(PLAIN + b"outer", b"Content-Type: message/rfc822\n\n" + inner))
    assert message.text == "outer"
    assert [(m.message_id, m.text, m.defects) for m in message.attached] == [("2@shop.example", "inner text", ())]


def test_a_mail_attached_as_a_file_is_read_too() -> None:
    inner = base64.encodebytes(mail(b"inner text"))
    part = b'Content-Type: application/octet-stream; name="Mail.EML"\nContent-Transfer-Encoding: base64\n\n' + inner
    assert [m.text for m in parse(multipart(PLAIN + b"outer", part)).attached] == ["inner text"]


def test_attached_mails_are_read_to_a_depth_and_no_further() -> None:
    data = mail(b"inmost")
    for level in range(6):
        data = mail(data, b"Content-Type: message/rfc822", head=HEAD.replace(b"<1@", b"<%d@" % (level + 2)))
    message, depth = parse(data), 0
    while message.attached:
        message, depth = message.attached[0], depth + 1
    assert depth == parsing.MAX_MAIL_DEPTH
    assert any("attached deeper" in defect for defect in message.defects)


def test_an_attachment_is_no_text() -> None:
    part = b"Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nattached\n"
    assert parse(multipart(PLAIN + b"shown", part)).text == "shown"


def test_soft_line_breaks_of_flowed_text_are_joined() -> None:
    field = b"Content-Type: text/plain; format=flowed; delsp=yes"
    assert parse(mail(b"Code RB1234 \n56785CN\nNext\n", field)).text == "Code RB123456785CN\nNext"


LATIN = "Größe".encode("latin-1")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(mail(LATIN), "Größe", id="no Content-Type, Latin-1"),
        pytest.param(mail("Größe".encode()), "Größe", id="no Content-Type, UTF-8"),
        pytest.param(mail(LATIN, b"Content-Type: text/plain; charset=utf-8"), "Größe", id="says UTF-8, is Latin-1"),
        pytest.param(
            mail("Größe".encode(), b"Content-Type: text/plain; charset=iso-8859-1"),
            "Größe",
            id="says Latin-1",
        ),
        pytest.param(mail(LATIN, b"Content-Type: text/plain; charset=wrong-9"), "Größe", id="unknown charset"),
        pytest.param(mail(LATIN, b"Content-Type: text/plain; charset=punycode"), "Größe", id="a codec, no charset"),
        pytest.param(
            mail("<meta charset=cp1251><p>заказ".encode("cp1251"), b"Content-Type: text/html"),
            "заказ",
            id="HTML says it",
        ),
        pytest.param(mail("您的订单已发货".encode("gb18030")), "您的订单已发货", id="undeclared GB"),
        pytest.param(mail("Ваш заказ отправлен".encode("koi8-r")), "Ваш заказ отправлен", id="undeclared KOI8-R"),
        pytest.param(mail("ご注文".encode("iso2022_jp")), "ご注文", id="undeclared ISO-2022-JP"),
        pytest.param(mail("Größe und Maß €".encode()[:-1]), "Größe und Maß \ufffd", id="cut inside a character"),
        pytest.param(mail(b"<html><body><p>a</p><p>b</p></body></html>"), "a\nb", id="HTML without Content-Type"),
        pytest.param(
            mail(b"<html><body><p>a</p><p>b</p></body></html>", b"Content-Type: text/plain"),
            "a\nb",
            id="HTML as plain",
        ),
        pytest.param(mail(b"a\nb", b"Content-Type: text/html"), "a\nb", id="plain as HTML"),
        pytest.param(mail(b"a=C3=B6 =3D =\nb=3D=\nc=3D"), "aö = b=c=", id="quoted-printable left undecoded"),
        pytest.param(
            mail(b"SGVs!bG8g\nd29ybGQ=\n-- \nlist\n", b"Content-Transfer-Encoding: base64"),
            "Hello world",
            id="base64, garbage",
        ),
        pytest.param(
            mail(b"this is no base64 at all", b"Content-Transfer-Encoding: base64"),
            "this is no base64 at all",
            id="no base64",
        ),
        pytest.param(
            mail(b"SGVsbG8gd29ybGQhX\n", b"Content-Transfer-Encoding: base64"),
            "Hello world!",
            id="base64, cut",
        ),
        pytest.param(mail(b"a\0b"), "ab", id="NUL"),
        pytest.param(mail(b"a\nb").replace(b"\n", b"\r"), "a\nb", id="CR only"),
        pytest.param(mail(b"a\nb").replace(b"\n", b"\r\r\n"), "a\nb", id="CR CR LF"),
        pytest.param(b"\n \n" + mail(b"a"), "a", id="blank lines before the headers"),
        pytest.param(b"From x@y Mon Nov  2 10:00:00 2026\n" + mail(b"a"), "a", id="mbox separator"),
        pytest.param(b"\xef\xbb\xbf" + mail(b"a"), "a", id="byte order mark"),
        pytest.param(mail(b"a").decode().encode("utf-16"), "a", id="UTF-16"),
        pytest.param(HEAD + b"text without a blank line\n", "text without a blank line", id="no blank line"),
        pytest.param(HEAD + b"stray line\nX-A: b\n\na\n", "a", id="a stray line in the head"),
    ],
)
def test_broken_text_is_mended_and_told(data: bytes, text: str) -> None:
    message = parse(data)
    assert message.text.strip() == text
    assert message.subject == "Hello"
    told = [defect for defect in message.defects if "Message-ID" not in defect]
    assert told or text == "Größe", "every mending is told, except where nothing was claimed"


TWO = (
    b"Content-Type: text/plain; charset=utf-8\n\none",
    b"Content-Type: text/html; charset=utf-8\n\n<p>two</p>",
)


@pytest.mark.parametrize(
    "break_it",
    [
        pytest.param(lambda data: data.replace(b'; boundary="B"', b""), id="no boundary"),
        pytest.param(lambda data: data.replace(b'; boundary="B"', b'; boundary="other"'), id="wrong boundary"),
        pytest.param(lambda data: data.replace(b'Content-Type: multipart/mixed; boundary="B"\n', b""), id="no type"),
        pytest.param(lambda data: data.replace(b"--B--\n", b""), id="no end"),
        pytest.param(lambda data: data.replace(b"MIME-Version", b"\nMIME-Version"), id="blank line in the head"),
        pytest.param(lambda data: data.replace(b"\n\n--B", b"\n--B", 1), id="no blank line before the body"),
    ],
)
def test_a_broken_multipart_is_read_all_the_same(break_it) -> None:  # type: ignore[no-untyped-def]
    message = parse(break_it(multipart(*TWO)))
    assert message.text == "two"
    assert message.defects


def test_a_multipart_without_boundary_inside_another_is_read() -> None:
    inner = b"Content-Type: multipart/alternative\n\n--C\nContent-Type: text/html\n\n<p>inner</p>\n--C--\n"
    assert parse(multipart(inner)).text == "inner"


def test_a_multipart_without_anything_is_one_text() -> None:
    message = parse(mail(b"just text", b"Content-Type: multipart/mixed"))
    assert message.text == "just text"


def test_what_servers_say_is_not_taken_from_the_body() -> None:
    body = b"Authentication-Results: mx.example.org; dmarc=pass\nContent-Type: text/plain\n\nx\n"
    data = b"From: a@b.example\n\n" + body
    assert parse(data).header("Authentication-Results") == ()


def test_the_start_of_a_mail_is_told_to_be_a_start() -> None:
    assert parse(mail(), partial=True).defects == ("only the start of the mail was fetched",)


# ── hopeless and hostile bytes ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the mail is empty"),
        (b"\n\r\n \n", "the mail is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "this is no mail"),
        (b"<html><body>a: b</body></html>", "this is no mail"),
        (b"key: value\n\ntext", "this is no mail"),
    ],
)
def test_what_is_no_mail_is_refused_in_one_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=f"^{reason}[^\n]*$"):
        parse(data)


def nested(levels: int) -> bytes:
    lines = [b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(levels)]
    return mail(b"".join(lines) + b"x\n" * 300_000, b"Content-Type: multipart/mixed; boundary=b0")


def test_a_nesting_bomb_is_refused() -> None:
    with pytest.raises(ParseError, match="nested deeper"):
        parse(nested(3000))


DIGEST = b"--B\n\nContent-Type: multipart/digest; x=" + b";a=1" * 200_000 + b"\n\n--B--\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(HEAD.replace(b"me@example.org", b"a@b.example, " * 80_000) + b"\n", id="addresses"),
        pytest.param(HEAD.replace(b"me@example.org", b'"' + b'\\"' * 400_000) + b"\n", id="unclosed quote"),
        pytest.param(HEAD.replace(b"me@example.org", b"(" * 1_000_000) + b"\n", id="unclosed comments"),
        pytest.param(HEAD.replace(b"Hello", b"=?utf-8?q?a?= " * 70_000) + b"\n", id="encoded words"),
        pytest.param(HEAD.replace(b"Hello", b"=?utf-8?q?" * 100_000) + b"\n", id="unclosed encoded words"),
        pytest.param(HEAD + b"A: b\n" * 200_000 + b"\n", id="headers"),
        pytest.param(HEAD + b"X: " + b"a\n " * 300_000 + b"\n\n", id="folds"),
        pytest.param(mail(b"x", b"Content-Type: text/plain" + b";a=1" * 250_000), id="parameters"),
        pytest.param(multipart(b"Content-Type: text/plain" + b";a=1" * 250_000 + b"\n\nx"), id="parameters of a part"),
        pytest.param(mail(DIGEST, b"Content-Type: multipart/digest; boundary=B"), id="parameters in a digest"),
        pytest.param(multipart(*[b"\na"] * 150_000), id="parts"),
        pytest.param(nested(7), id="nesting below the cap"),
        pytest.param(mail(b"\n" * 1_000_000), id="blank lines"),
        pytest.param(mail(b"--" * 500_000 + b"\n"), id="a long line of hyphens"),
        pytest.param(mail(b"--\n" * 330_000), id="lines of hyphens"),
        pytest.param(mail(b"=\n=3D" * 200_000), id="quoted-printable"),
        pytest.param(mail(b"\xff\xfe" * 500_000), id="bytes in no charset"),
        pytest.param(mail(b"https://a.example/ " * 50_000), id="links"),
        pytest.param(mail(b"<!--" * 250_000), id="comments"),
        pytest.param(mail(b"a1-" * 330_000), id="one long number"),
    ],
)
def test_a_hostile_megabyte_is_read_in_a_moment(data: bytes) -> None:
    started = time.process_time()
    message = parse(data)
    assert time.process_time() - started < 2
    assert len(message.text) <= parsing.MAX_TEXT


def test_a_mail_beyond_all_size_is_cut_and_told() -> None:
    message = parse(mail(b"word\n" * 2_000_000))
    assert any("longer than 8 MB" in defect for defect in message.defects)
    assert len(message.text) == parsing.MAX_TEXT


def test_big_attachments_do_not_crowd_out_the_text_behind_them() -> None:
    picture = b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n" + b"QUJD" * 19 + b"\n"
    picture += (b"QUJD" * 19 + b"\n") * (mend.MAX_TEXT_BYTES // 60)
    behind = b"word " * 1000 + b"behind"
    assert parse(multipart(picture, PLAIN + behind)).text.endswith("behind")


def test_peek_and_parse_read_the_same_head() -> None:
    whole, head = parse(mail()), peek(HEAD + b"\n")
    for name in ("message_id", "date", "senders", "subject", "headers"):
        assert getattr(head, name) == getattr(whole, name)


def test_peek_refuses_what_is_no_head() -> None:
    with pytest.raises(ParseError):
        peek(b"nothing")


def test_a_multipart_that_never_begins_does_not_throw_the_parser() -> None:
    message = parse(multipart(PLAIN + b"before", b"Content-Type: multipart/mixed; boundary=C\n\nlost?"))
    assert message.text == "before\nlost?"
    assert not any("failed" in defect for defect in message.defects)
