"""Which mails are worth opening, told from their headers."""

from __future__ import annotations

import pytest
from letters import ALIEXPRESS, PERSON, mail

from pipeline.read.relevance import relevant, senders

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
