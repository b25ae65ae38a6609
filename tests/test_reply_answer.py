"""What an answer says: which number is what, what to do until when, in whose language, and nothing more."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from digest_values import HOSTILE, TODAY, a_diagnosis, a_parcel, in_days

from pipeline.model import Diagnosis, Parcel, Place, say
from pipeline.render.words import width
from pipeline.reply.answer import answer
from pipeline.reply.mail import answer_mail
from pipeline.reply.question import Kind, Number, Question, What
from pipeline.speech import languages

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
ORDER = Number("8211968327931234", What.ORDER, "aliexpress")
CODE = Number("RB123456785CN", What.CODE, carrier="chinapost")


def question(*numbers: Number, language: str | None = "en", **more: object) -> Question:
    values: dict[str, object] = {
        "message_id": "q@friends.example",
        "kind": Kind.ASKED,
        "place": Place("home", "INBOX", 7, "1"),
        "address": "mila@example.org",
        "sender": "anna@friends.example",
        "reply_to": "anna@friends.example",
        "subject": "Where is my parcel?",
        "date": NOW,
        "numbers": numbers,
        "language": language,
        "references": ("q@friends.example",),
    }
    return Question(**{**values, **more})  # type: ignore[arg-type]


def said(asked: Question, *parcels: tuple[Parcel, Diagnosis], owner: str = "en", automatic: bool = False) -> str:
    """The answer on one line."""
    return " ".join(answer(asked, parcels, language=owner, today=TODAY, automatic=automatic).split())


def test_an_order_number_is_told_from_a_tracking_code() -> None:
    text = said(question(Number("65519797821543", What.ORDER, mistaken=True)))
    assert "65519797821543 is your order number, not a tracking code: no carrier knows it." in text
    assert "The tracking code stands on the order's page" in text


def test_both_numbers_are_named_where_both_are_known() -> None:
    text = said(question(ORDER, CODE))
    assert "8211968327931234 is the order number." in text
    assert "RB123456785CN is the tracking code, and China Post is the carrier." in text


def test_who_names_no_number_is_asked_for_one() -> None:
    assert "Send me the order number or the tracking code" in said(question())


def test_the_advice_for_everybody_follows_the_code() -> None:
    text = said(question(CODE))
    for words in ("around the 10th day", "After 15 days", "ask the seller", "without any tracking", "A dispute"):
        assert words in text


DETAILED = (
    a_parcel(code="RB123456785CN"),
    a_diagnosis(
        "dispute-now",
        title="Open a dispute",
        act_by=in_days(4),
        advice=(say("Open it on the order's page."), say("Done? parcel-digest mark RB123456785CN disputed")),
    ),
)


def test_who_may_know_gets_what_holds_and_until_when() -> None:
    text = said(question(CODE), DETAILED)
    assert "RB123456785CN: Open a dispute" in text
    assert "The last day for it: Fri 27 Nov" in text or "The last day for it: Fri, 27 Nov" in text
    assert "around the 10th day" not in text


def test_nobody_but_the_owner_is_told_of_the_command_line() -> None:
    assert "parcel-digest" not in said(question(CODE), DETAILED)


def test_an_answer_that_nobody_reads_before_it_leaves_says_so() -> None:
    assert "A program wrote this answer" in said(question(CODE), automatic=True)
    assert "A program wrote this answer" not in said(question(CODE))


@pytest.mark.parametrize(
    ("asked", "owner", "words"),
    [
        ("de", "en", "ist deine Bestellnummer, keine Sendungsnummer"),
        ("pt", "de", "não um código de rastreio"),
        ("ja", "fr", "pas un numéro de suivi"),
        (None, "ru", "а не трек-номер"),
        ("nl", "en", "not a tracking code"),
    ],
)
def test_it_is_in_the_language_of_the_question_else_in_the_owner_s(asked: str | None, owner: str, words: str) -> None:
    assert words in said(question(ORDER, language=asked), owner=owner)


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_sentence_in_lines_that_fit(language: str) -> None:
    asked = question(ORDER, CODE, Number("1Z999AA10123456784", What.CODE), language=language)
    for parcels in ((), (DETAILED,)):
        text = answer(asked, parcels, language="en", today=TODAY, automatic=True)
        assert "{" not in text
        assert max(map(width, text.splitlines())) <= 78
        assert "\n\n\n" not in text
        if language != "en":
            assert "I hope this helps" not in text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_stranger_s_words_stay_words(text: str) -> None:
    asked = question(Number(text, What.ORDER), subject=text)
    data = answer_mail(
        asked,
        answer(asked, (), language="en", today=TODAY, automatic=True),
        token="t" * 26,
        moment=NOW,
        draft=False,
    )
    mail = message_from_bytes(data, policy=policy.default)
    assert [name for name in mail if name.lower() == "bcc"] == []
    assert mail["To"] == "anna@friends.example"
    assert len(mail["Subject"]) <= 120
    assert not any(sign in mail.get_content() for sign in "\x1b\x07\u202e")


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Where?", "Re: Where?"),
        ("Re: Where?", "Re: Where?"),
        ("AW: Re: WG: Where?", "Re: Where?"),
        ("Re[2]: Where?", "Re: Where?"),
        ("", "Re:"),
        ("x" * 500, f"Re: {'x' * 115}…"),
    ],
)
def test_a_subject_has_one_prefix(subject: str, expected: str) -> None:
    data = answer_mail(question(CODE, subject=subject), "x", token="t" * 26, moment=NOW, draft=True)
    assert message_from_bytes(data, policy=policy.default)["Subject"] == expected


def test_references_keep_the_thread_and_only_names_that_can_stand_in_a_header() -> None:
    asked = question(CODE, references=("a@b.example", "ä@b.example", "x" * 990, "q@friends.example"))
    mail = message_from_bytes(answer_mail(asked, "x", token="t" * 26, moment=NOW, draft=True))
    assert mail["References"].split() == ["<a@b.example>", "<q@friends.example>"]
