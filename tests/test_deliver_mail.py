"""The digest as a mail: what every mail program finds in it, and what no program may do with it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from digest_values import HOSTILE, TODAY, ZONE, a_diagnosis, a_parcel
from selectolax.lexbor import LexborHTMLParser

from pipeline.deliver.identity import TOKEN_DAYS, digest_id, digest_name, digest_named
from pipeline.deliver.mail import digest_mail, new_mail
from pipeline.digest import compose
from pipeline.parse import parse
from pipeline.render import Form, render, subject_of
from pipeline.reply.commands import commands_in

SECRET = b"s" * 32
MOMENT = datetime(2026, 11, 23, 7, 0, tzinfo=ZoneInfo("Europe/Berlin"))
DIGEST = compose(TODAY, [(a_parcel(subject="Заказ отправлен"), a_diagnosis())], (), (), None, ZONE)
ID = digest_id(SECRET, TODAY, "me@example.org")


def written(**more: object) -> bytes:
    values: dict = {"sender": "me@example.org", "to": ("me@example.org",), "message_id": ID, "moment": MOMENT}
    return digest_mail(DIGEST, **{**values, **more})


MAIL = message_from_bytes(written(), policy=policy.default)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("From", "Parcel digest <me@example.org>"),
        ("To", "me@example.org"),
        ("Subject", subject_of(DIGEST)),
        ("Date", "Mon, 23 Nov 2026 07:00:00 +0100"),
        ("Message-ID", f"<{ID}>"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Parcel-Digest", "digest 2026-11-23"),
        ("MIME-Version", "1.0"),
    ],
)
def test_a_digest_has_the_header(name: str, value: str) -> None:
    assert [str(found) for found in MAIL.get_all(name)] == [value]


def test_text_comes_first_and_the_page_is_its_alternative() -> None:
    assert MAIL.get_content_type() == "multipart/alternative"
    parts = [(part.get_content_type(), part.get_content().splitlines()) for part in MAIL.iter_parts()]
    assert parts == [
        ("text/plain", render(DIGEST, Form.TEXT).splitlines()),
        ("text/html", render(DIGEST, Form.HTML).splitlines()),
    ]


def test_the_mail_is_seven_bits_and_no_line_is_long() -> None:
    data = written()
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_the_same_digest_gives_the_same_bytes() -> None:
    assert written() == written()


def test_our_own_parser_knows_it_as_ours() -> None:
    assert parse(written()).is_ours


@pytest.mark.parametrize(
    "address",
    [
        "a",
        "@b.example",
        "a@",
        "a b@c.example",
        "<a@b.example>",
        "a@b.example, c@d.example",
        "ä@b.example",
        "a@bücher.example",
        "a\nBcc: x@y.example",
        '"a@b.example',
        "a@b.example>",
        "(c)a@b.example",
        "",
        "a@[127.0.0.1",
    ],
)
def test_no_mail_is_written_to_what_is_no_address(address: str) -> None:
    with pytest.raises(ValueError, match="no mail address"):
        new_mail(sender="me@example.org", to=[address], subject="x", message_id=ID, moment=MOMENT)


@pytest.mark.parametrize("subject", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_subject_stays_a_subject(subject: str) -> None:
    mail = new_mail(sender="me@example.org", to=["me@example.org"], subject=subject, message_id=ID, moment=MOMENT)
    mail.set_content("x")
    again = message_from_bytes(mail.as_bytes())
    assert again.keys() == mail.keys()
    assert max(map(len, mail.as_bytes().split(b"\r\n"))) <= 998


@pytest.mark.parametrize("length", [50, 70, 200, 900])
def test_a_long_message_id_stays_whole(length: int) -> None:
    name = f"{'a' * length}@mail.example"
    mail = new_mail(sender="me@example.org", to=["me@example.org"], subject="x", message_id=name, moment=MOMENT)
    mail["In-Reply-To"] = f"<{name}>"
    assert mail.as_bytes().count(f"<{name}>".encode()) == 2


# ── links that answer it ─────────────────────────────────────────────────────────────────────────────────────


def links_of(data: bytes) -> list[str]:
    page = message_from_bytes(data, policy=policy.default).get_body(("html",))
    assert page is not None
    links = LexborHTMLParser(page.get_content()).css("a[href^='mailto:']")
    return [str(link.attributes["href"]) for link in links]


def test_without_commands_no_link_writes_a_mail() -> None:
    assert links_of(written()) == []


def test_a_link_prepares_a_reply_that_is_understood() -> None:
    links = links_of(written(answerable=True))
    code = a_parcel().codes[0].code
    assert links
    for link in links:
        url = urlsplit(link)
        assert url.path == "me@example.org"
        fields = dict(parse_qsl(url.query))
        line = fields["body"] if "code" not in fields["body"] else f"{fields['body']}RB123456785CN"
        reply = f"From: me@example.org\nSubject: {fields['subject']}\n\n{line}\n".encode()
        said = commands_in(
            parse(reply), owner=frozenset({"me@example.org"}), proof="DKIM", secret=lambda: SECRET, today=TODAY
        )
        assert [command.number for command in said] == [code]


def test_the_text_says_that_a_reply_is_read() -> None:
    def text(**more: object) -> str:
        return message_from_bytes(written(**more), policy=policy.default).get_body(("plain",)).get_content()  # type: ignore[union-attr]

    assert "Replying to this mail works, too" in text(answerable=True)
    assert "Replying to this mail works, too" not in text()


# ── its name ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_day_has_one_name_and_a_ledger_its_own() -> None:
    assert digest_name(SECRET, TODAY) == digest_name(SECRET, TODAY)
    assert digest_name(SECRET, TODAY) != digest_name(SECRET, TODAY + timedelta(1))
    assert digest_name(SECRET, TODAY) != digest_name(b"other", TODAY)


def test_a_name_has_no_less_than_128_random_bits() -> None:
    assert len(digest_name(SECRET, TODAY).rpartition(".")[2]) * 5 >= 128


NAME = digest_name(SECRET, TODAY)


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        pytest.param(f"<{NAME}@example.org>", TODAY, TODAY, id="of today"),
        pytest.param(f"<a@b> <{NAME}@example.org>", TODAY, TODAY, id="among others"),
        pytest.param(NAME, TODAY + timedelta(TOKEN_DAYS), TODAY, id="on its last day"),
        pytest.param(NAME, TODAY + timedelta(TOKEN_DAYS + 1), None, id="a day too old"),
        pytest.param(NAME, TODAY - timedelta(1), None, id="of a day to come"),
        pytest.param(digest_name(b"other", TODAY), TODAY, None, id="of another ledger"),
        pytest.param(NAME.replace("20261123", "20261122"), TODAY, None, id="of another day"),
        pytest.param(NAME[:-1], TODAY, None, id="cut"),
        pytest.param(NAME[:-1] + ("a" if NAME[-1] != "a" else "b"), TODAY, None, id="one letter wrong"),
        pytest.param(f"parcel-digest.20261123.{'a' * 26}", TODAY, None, id="guessed"),
        pytest.param(f"parcel-digest.20261399.{'a' * 26}", TODAY, None, id="no date"),
        pytest.param("", TODAY, None, id="nothing"),
    ],
)
def test_a_name_is_known_again_for_fourteen_days(text: str, today: date, day: date | None) -> None:
    assert digest_named(text, SECRET, today) == day
