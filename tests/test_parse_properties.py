"""Whatever bytes come: a message that keeps its promises, or a ParseError of one sentence. Nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.parse import MAX_LINKS, MAX_TEXT, ParseError, headers, html, parse, peek, text
from pipeline.trust.authres import read as read_results

if TYPE_CHECKING:
    from pipeline.model import Message

SAMPLE = """From: "Müller & Söhne" <news@shop.example>
To: me@example.org, =?utf-8?q?J=C3=BC?= <you@example.org>
Subject: =?utf-8?b?QmVzdGVsbHVuZw==?= 8211968327931234
Date: Mon, 2 Nov 2026 10:00:00 +0100
Message-ID: <1@shop.example>
Authentication-Results: mx.example.org; dkim=pass (good (very)) header.d=shop.example; dmarc=pass
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="AA"

--AA
Content-Type: multipart/alternative; boundary=BB

--BB
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: quoted-printable

Ihr Code ist RB123456785=
CN =E2=80=93 danke=20
--BB
Content-Type: text/html; charset="windows-1252"

<table><tr><td>Code</td><td><a href="https://x.example/?a=1&amp;b=2">RB123456785CN</a></td></tr></table>
<script type="application/ld+json">{"@type": "ParcelDelivery"}</script>
--BB--
--AA
Content-Type: message/rfc822

From: other@shop.example
Subject: inner

inner
--AA
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--AA--
""".encode()

TOKENS = [
    b"\n",
    b"\r",
    b"\0",
    b"--AA",
    b"--BB--\n",
    b"<",
    b'"',
    b"=?utf-8?b?",
    b"?=",
    b";",
    b"(",
    b"\xff\xfe",
    b"=",
    b":",
]
TOKENS += [
    b"Content-Type: multipart/mixed\n",
    b"Content-Type: message/rfc822\n",
    b"charset=utf-7",
    b"boundary=",
    b"\n\n",
]
TOKENS += [
    b"Content-Transfer-Encoding: x-uuencode\n",
    b"filename*=idna''%E4",
    b"charset*0=puny; charset*1=code",
    b"<table>",
]

mutations = st.lists(
    st.tuples(
        st.sampled_from(["cut", "double", "flip", "insert", "drop"]),
        st.integers(0, len(SAMPLE)),
        st.integers(1, 200),
        st.sampled_from(TOKENS),
    ),
    min_size=1,
    max_size=8,
)


def mutate(data: bytes, steps: list[tuple[str, int, int, bytes]]) -> bytes:
    for kind, at, length, token in steps:
        if kind == "cut":
            data = data[:at] if at > 100 else data[at:]
        elif kind == "double":
            data = data[: at + length] + data[at:]
        elif kind == "flip":
            data = data[:at] + bytes(byte ^ 0x80 for byte in data[at : at + length]) + data[at + length :]
        elif kind == "insert":
            data = data[:at] + token + data[at:]
        else:
            data = data[:at] + data[at + length :]
    return data


def keeps_its_promises(message: Message) -> None:
    assert message.message_id
    assert not set(message.message_id) & set("<> \n")
    assert message.date is None or message.date.tzinfo is not None
    lines = [message.subject, *(a.name for a in message.senders), *(link.text for link in message.links)]
    for value in lines:
        assert value == text.line(value)
    assert message.text == text.clean(message.text)
    assert len(message.text) <= MAX_TEXT
    assert len(message.links) <= MAX_LINKS
    assert all(link.url.lower().startswith(("http://", "https://")) for link in message.links)
    repr(message).encode("utf-8")  # no lone surrogate, which no file and no database takes
    for inner in message.attached:
        keeps_its_promises(inner)


def read_or_refuse(data: bytes) -> None:
    reason = ""
    try:
        keeps_its_promises(parse(data))
    except ParseError as refused:
        reason = str(refused)
    assert "\n" not in reason


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes_behind_a_header_are_read(head: bytes, body: bytes) -> None:
    read_or_refuse(b"From: a@b.example\n" + head + b"\n\n" + body)


@given(
    st.binary(max_size=120),
    st.sampled_from(["From", "Subject", "Date", "Message-ID", "Content-Type", "Received"]),
)
def test_any_header_value_is_read(value: bytes, name: str) -> None:
    data = b"To: a@b.example\n" + name.encode() + b": " + value.replace(b"\n", b"\n ") + b"\n\nbody"
    read_or_refuse(data)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(mutations)
def test_mutated_mails_are_read_or_refused(steps: list[tuple[str, int, int, bytes]]) -> None:
    read_or_refuse(mutate(SAMPLE, steps))


@given(st.lists(st.sampled_from(TOKENS), max_size=40))
def test_heaps_of_syntax_are_read_or_refused(tokens: list[bytes]) -> None:
    read_or_refuse(b"From: a@b.example\n" + b"".join(tokens))


@given(st.binary(max_size=300))
def test_peek_and_parse_agree_on_the_head(head: bytes) -> None:
    data = b"From: a@b.example\nMessage-ID: <1@b.example>\nContent-Type: text/plain\n" + head
    try:
        seen, whole = peek(data), parse(data)
    except ParseError:
        return
    assert (seen.senders, seen.subject, seen.date, seen.headers) == (
        whole.senders,
        whole.subject,
        whole.date,
        whole.headers,
    )


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_a_subject_comes_back_from_every_encoding_of_it(subject: str) -> None:
    from email.header import Header

    wanted = text.line(subject)
    encoded = Header(wanted, "utf-8", maxlinelen=40).encode().encode()
    assert headers.unstructured(encoded) == wanted


@given(st.text(max_size=300))
def test_any_html_gives_clean_lines(source: str) -> None:
    page = html.extract(source)
    assert page.text == text.clean(page.text)
    assert "\n\n" not in page.text


@given(st.text(alphabet='ab=;"\\()./ @\t', max_size=80))
def test_any_authentication_results_are_read(value: str) -> None:
    read_results(value)


@given(st.text(alphabet='a=;"\\ ', max_size=30), st.text(alphabet="a=;\\ ", max_size=30))
def test_what_stands_in_a_comment_is_never_a_result(before: str, inside: str) -> None:
    value = f"mx.example.org; ({inside} dkim=pass header.d=shop.example; dmarc=pass ) {before}"
    assert all(result.value != "pass" for result in read_results(value).results)


@pytest.mark.parametrize("sample", [SAMPLE])
def test_the_unmutated_sample_is_sound(sample: bytes) -> None:
    message = parse(sample)
    assert message.text == "Code\tRB123456785CN"
    assert len(message.attached) == 1
