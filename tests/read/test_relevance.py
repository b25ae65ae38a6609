"""Which mails are worth opening, told from their headers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from letters import ALIEXPRESS, PERSON, STRANGER, mail, notice_of

from pipeline.parse import ParseError, peek
from pipeline.read.relevance import relevant, senders, unclear, worth_opening

WORTH = {
    "a shop": (ALIEXPRESS, "", "Hello"),
    "a shop's sub-domain": ("x@some.new.amazon.de", "", "Hello"),
    "a carrier": ("noreply@dhl.de", "", "Hello"),
    "a shop's platform": ("store+1@t.shopifyemail.com", "", "Hello"),
    "behind Apple's relay": (
        "transaction_at_notice_aliexpress_com_0a1b2c3d4e_0a1b2c3d@privaterelay.appleid.com",
        "",
        "Hello",
    ),
    "a shop's name and a stranger's address": ("x@evil.example", "AliExpress", "Hello"),
    "a word for parcel": (PERSON, "", "Your parcel"),
    "a word for parcel, forwarded": (PERSON, "", "Fwd: Ihr Paket ist da"),
    "a word for parcel, Russian": (PERSON, "", "Ваша посылка"),
    "a long number": (PERSON, "", "Re: 3031265788145237"),
    "a code": (PERSON, "", "RB123456785CN"),
    "a code in lower case": (PERSON, "", "rb123456785cn"),
}


@pytest.mark.parametrize(("sender", "name", "subject"), WORTH.values(), ids=WORTH)
def test_mails_worth_opening(sender: str, name: str, subject: str) -> None:
    assert relevant(mail("", subject, sender, name=name))


IDLE = {
    "a friend": (PERSON, "Anna", "Lunch on Friday?"),
    "no subject": (PERSON, "", ""),
    "a shop's advertising": ("x@deals.aliexpress.com", "AliExpress", "Your order is waiting"),
    "a domain that only ends alike": ("x@notaliexpress.com", "", "Hello"),
    "a domain that only begins alike": ("x@aliexpress.com.evil.example", "", "Hello"),
    "a short number": (PERSON, "", "Room 1234567"),
    "a date": (PERSON, "", "Minutes of 2026-11-02"),
    "a product": (PERSON, "", "About the WH-1000XM5"),
    "no address": ("", "", "Hello"),
}


@pytest.mark.parametrize(("sender", "name", "subject"), IDLE.values(), ids=IDLE)
def test_mails_left_alone(sender: str, name: str, subject: str) -> None:
    assert not relevant(mail("", subject, sender, name=name))


FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "emails").rglob("*.eml"))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_sender_and_subject_alone_decide_as_the_whole_head_does(path: Path) -> None:
    head = re.split(rb"\r?\n\r?\n", path.read_bytes(), maxsplit=1)[0]
    lines = re.split(rb"\r?\n(?![ \t])", head)
    fields = b"".join(line + b"\r\n" for line in lines if re.match(rb"(?i)(from|subject)[ \t]*:", line))
    try:
        whole = relevant(peek(head))
    except ParseError:
        whole = False
    assert worth_opening(fields + b"\r\n") == whole


PLAIN = [
    b"From: Anna <anna@example.net>\r\nSubject: Your parcel\r\n\r\n",
    b"From: Anna <anna@example.net>\r\nSubject: Lunch?\r\n\r\n",
    b"From: x@deals.aliexpress.com\r\nSubject: Your order\r\n\r\n",
    b"From: anna@example.net\r\nSubject: rb123456785cn\r\nMessage-ID: <1@a>\r\n\r\n",
    b"From: =?utf-8?Q?AliExpress?= <x@evil.example>\r\nSubject: Hello\r\n\r\n",
    b"From: anna@example.net\r\nSubject: =?utf-8?B?0J/QvtGB0YvQu9C60LA=?=\r\n\r\n",
    b"From: anna@example.net\r\nSubject: Your\r\n parcel\r\n\r\n",
    b"Subject: Your parcel\r\nFrom: anna@example.net\r\n\r\n",
    b"From: anna@example.net\r\nSubject:Your parcel\r\n\r\n",
    b"From: anna@example.net\r\nSubject: Ihr P\xe4ckchen\r\n\r\n",
    b"From: anna@example.net\r\nFrom: x@dhl.de\r\nSubject: Hello\r\n\r\n",
    b"From: (DHL) anna@example.net\r\nSubject: Hello\r\n\r\n",
    b"Subject: Your parcel\r\n\r\n",
    b"From: x@dhl.de\r\n\r\n",
]


@pytest.mark.parametrize("header", PLAIN, ids=repr)
def test_the_short_way_comes_to_what_the_long_one_does(header: bytes) -> None:
    assert worth_opening(header) == relevant(peek(header))


@pytest.mark.parametrize("header", [b"", b"\r\n", b"\r\n\r\n", b"nothing\r\n"], ids=repr)
def test_a_mail_without_sender_and_subject_is_left_alone(header: bytes) -> None:
    assert not worth_opening(header)


def test_the_text_is_not_asked() -> None:
    assert not relevant(mail("Your parcel RB123456785CN has shipped", "Hello", PERSON))


def test_shops_and_carriers_are_names_to_borrow() -> None:
    keys = [sender.key for sender in senders()]
    assert {"aliexpress", "amazon", "dhl"} <= set(keys)


def test_a_platform_is_no_name_to_borrow() -> None:
    assert "shopify" not in {sender.key for sender in senders()}


CARRIER = "noreply@dhl.de"


@pytest.mark.parametrize(
    ("sender", "subject", "text", "said"),
    [
        pytest.param(
            ALIEXPRESS, "Your order is on its way", "See the app.", True, id="a shop's event without a number"
        ),
        pytest.param(ALIEXPRESS, "About your order", "See the app.", True, id="a shop's word for order"),
        pytest.param(ALIEXPRESS, "A new sign-in", "Was it you?", False, id="a shop, of something else"),
        pytest.param(ALIEXPRESS, "Order 8212093317406658: order shipped", "", False, id="a shop's number"),
        pytest.param("x@deals.aliexpress.com", "Your order has been shipped", "", False, id="a shop's advertising"),
        pytest.param(CARRIER, "Ihr Paket wurde zugestellt", "", True, id="a carrier's event without a number"),
        pytest.param(
            CARRIER, "Ihre Sendung, Ihre Regeln", "Jetzt Ablageort wählen", False, id="a carrier's advertising"
        ),
        pytest.param(STRANGER, "Your order has been shipped", "", False, id="a sender that nobody knows"),
    ],
)
def test_mails_of_known_senders_that_should_have_named_a_number(
    sender: str, subject: str, text: str, said: bool
) -> None:
    assert unclear(mail(text, subject, sender), notice_of(text, subject, sender)) is said
