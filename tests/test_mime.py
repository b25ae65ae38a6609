"""What is asked of mail-parser: its parts, and no more of it than the parts cost."""

from __future__ import annotations

from email import message_from_bytes
from pathlib import Path

import mailparser
import pytest

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
