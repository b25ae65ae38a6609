"""Which mails ask about a parcel: some seventy mails in thirteen languages, and the numbers in them told apart."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import tomli
from digest_values import ago

from pipeline.model import Trust, Verdict
from pipeline.parse import parse
from pipeline.read import read
from pipeline.read.languages import languages
from pipeline.reply.asking import Known, around, asked
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


# ── the words as data ────────────────────────────────────────────────────────────────────────────────────────


def test_every_language_that_is_read_has_words_around_questions() -> None:
    assert set(around()) == set(languages())


@pytest.mark.parametrize("language", sorted(languages()))
def test_the_words_are_lower_case_and_stand_once(language: str) -> None:
    words = around()[language]
    for phrases in (words.nouns, words.polite):
        assert [phrase for phrase in phrases if phrase != phrase.lower() or phrase != phrase.strip()] == []
        assert len(set(phrases)) == len(phrases)


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_question_of_each_language_is_found_among_politeness(language: str) -> None:
    words = around()[language]
    phrase = next(phrase for phrase in languages()[language].questions.ask if "*" not in phrase and "…" not in phrase)
    mail = {
        "language": language,
        "subject": "…",
        "text": f"{words.polite[0]}!\n{phrase}? {words.nouns[0].strip('*')}\n",
    }
    message = parse(written(mail))
    assert asked(message, read(message, Verdict(Trust.UNVERIFIED))) is not None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("RB123456785CN", True, id="a number"),
        pytest.param("Hello, RB123456785CN please, thank you very much, best regards", True, id="a number politely"),
        pytest.param("RB123456785CN arrived today and the lamp is very beautiful indeed", False, id="a story"),
        pytest.param("Is 4711081512345 your customer number?", False, id="a number of nothing"),
        pytest.param("> Where is my parcel RB123456785CN?\nI do not know.", False, id="quoted"),
    ],
)
def test_a_number_asks_by_itself_and_not_in_every_company(text: str, found: bool) -> None:
    message = parse(written({"language": "en", "subject": "Hi", "text": text}))
    assert (asked(message, read(message, Verdict(Trust.UNVERIFIED))) is not None) is found


def test_an_order_number_is_told_from_the_word_that_the_person_gives_it() -> None:
    message = parse(
        written({"subject": "Hi", "text": "My AliExpress tracking number is 8211968327931234. Why not known?"})
    )
    found = asked(message, read(message, Verdict(Trust.UNVERIFIED)))
    assert found is not None
    assert [(number.what, number.mistaken) for number in found.numbers] == [(What.ORDER, True)]


def test_a_number_that_the_ledger_knows_needs_no_words() -> None:
    message = parse(written({"subject": "Hi", "text": "What is with 4711-0815?"}))
    notice = read(message, Verdict(Trust.UNVERIFIED))
    assert asked(message, notice) is None
    found = asked(message, notice, Known(orders=frozenset({"47110815"})))
    assert found is not None
    assert [number.what for number in found.numbers] == [What.ORDER]


def test_a_shop_s_own_mail_asks_nothing() -> None:
    mail = {
        "from": "eBay <ebay@ebay.com>",
        "subject": "Where is my parcel?",
        "text": "Where is my parcel RB123456785CN?",
    }
    message = parse(written(mail))
    assert asked(message, read(message, Verdict(Trust.TRUSTED))) is None
