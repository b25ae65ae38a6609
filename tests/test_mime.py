"""What is asked of mail-parser: its parts, and no more of it than the parts cost."""

from __future__ import annotations

from email import message_from_bytes
from pathlib import Path

import mailparser
import pytest

from pipeline.parse import mime
from pipeline.parse.mime import engine

MAILS = sorted((Path(__file__).resolve().parents[1] / "fixtures" / "emails").rglob("*.eml"))


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_parts_are_those_of_mail_parser_whole(path: Path) -> None:
    data = path.read_bytes()
    whole, parts = mailparser.parse_from_bytes(data), engine()(message_from_bytes(data))
    for name in ("text_plain", "text_html", "text_not_managed", "defects_categories"):
        assert getattr(parts, name) == getattr(whole, name), name


def test_the_dictionaries_that_are_left_out_are_made_by_a_method_of_mail_parser() -> None:
    """A private one: where a new mail-parser has another, leaving it out saves nothing, and this says so."""
    assert "_make_mail" in vars(mailparser.MailParser)
    assert mailparser.parse_from_bytes(b"Subject: odd\n\n").mail["subject"] == "odd"
    assert engine()(message_from_bytes(b"Subject: odd\n\n")).mail == {}


SINGLE = {
    "plain": (b"content-type: text/plain; charset=utf-8", "Müller\nzwei\n".encode()),
    "raw bytes": (b"content-type: text/plain; charset=koi8-r\ncontent-transfer-encoding: 8bit", b"\xf0\xcf\n"),
    "base64": (b"content-type: text/html\ncontent-transfer-encoding: base64", b"PGI+MTwvYj4=\n"),
    "quoted-printable": (b"content-transfer-encoding: quoted-printable", b"a=\nb=C3=A9\n"),
    "an attachment": (b'content-disposition: attachment; filename="a.txt"', b"text"),
    "empty": (b"content-type: text/plain", b""),
    "a type that is none": (b"content-type: nonsense", b"text\n"),
}


@pytest.mark.parametrize(("fields", "data"), SINGLE.values(), ids=SINGLE)
def test_a_mail_of_one_part_is_the_part_that_the_standard_library_makes_of_it(fields: bytes, data: bytes) -> None:
    ours, theirs = mime.single(fields, data), message_from_bytes(fields + b"\n\n" + data)
    assert ours is not None
    assert ours.items() == theirs.items()
    assert ours.get_payload() == theirs.get_payload()
    assert ours.get_payload(decode=True) == theirs.get_payload(decode=True)
    assert ours.get_content_type() == theirs.get_content_type()


@pytest.mark.parametrize(
    "kind", [b"multipart/mixed; boundary=x", b"message/rfc822", b'text/plain; name*0="a"; name*1="b"']
)
def test_any_other_mail_is_left_to_the_standard_library(kind: bytes) -> None:
    assert mime.single(b"content-type: " + kind, b"text\n") is None
