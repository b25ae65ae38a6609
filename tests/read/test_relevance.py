"""Which mails are worth opening, told from their headers."""

from __future__ import annotations

import pytest
from letters import ALIEXPRESS, PERSON, STRANGER, mail, notice_of

from pipeline.read.relevance import relevant, senders, unclear

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
