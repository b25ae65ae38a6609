"""Which mails ask about a parcel: sixty mails in ten languages, and the numbers in them told apart."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import tomli
from digest_values import ago
from dovecot import Dovecot  # noqa: F401
from notices import notice  # noqa: F401

from pipeline.model import Trust, Verdict
from pipeline.parse import parse
from pipeline.read import read
from pipeline.reply.asking import asked
from pipeline.reply.checks import Arrival, objections
from pipeline.reply.question import What

MAILS: list[dict[str, Any]] = tomli.loads(Path(__file__).with_name("reply_questions.toml").read_text("utf-8"))["mail"]
ME = "mila@example.org"


def written(mail: dict[str, Any]) -> bytes:
    sender = mail.get("from", "Anna Berg <anna@friends.example>")
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ME
    message["Subject"] = mail["subject"]
    message["Date"] = format_datetime(ago(0))
    message["Message-ID"] = "<question@friends.example>"
    message.set_content(mail["text"])
    above = ["Return-Path: <anna@friends.example>", *mail.get("headers", ())]
    return "\n".join(above).encode() + b"\n" + message.as_bytes()


@pytest.mark.parametrize("mail", MAILS, ids=[f"{mail['language']}-{mail['subject']}" for mail in MAILS])
def test_who_asks_is_found_and_who_does_not_is_not(mail: dict[str, Any]) -> None:
    message = parse(written(mail))
    found = asked(message, read(message, Verdict(Trust.UNVERIFIED)))
    refused = list(objections(Arrival(message, frozenset({ME}), proof="DKIM")))
    assert (found is not None and not refused) == mail["asks"], (found, refused)
    if found is not None and mail["asks"]:
        assert [n.written for n in found.numbers if n.what is What.ORDER] == mail.get("orders", [])
        assert [n.written for n in found.numbers if n.what is What.CODE] == mail.get("codes", [])
        assert found.language == mail["language"]
