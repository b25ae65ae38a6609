"""What holds for every mail: nothing raises, codes stand in it, orders are no codes, time grows with length."""

from __future__ import annotations

import random
import re
from time import process_time
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from letters import ALIEXPRESS, PERSON, STRANGER, UNVERIFIED, codes, mail, notice_of, orders

from pipeline.model import Message, Notice
from pipeline.read import number_key, read, relevant
from pipeline.read.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Callable

ODD = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NUMBERS = st.one_of(
    st.from_regex(r"[0-9]{3,24}", fullmatch=True),
    st.from_regex(r"[A-Z]{2}[0-9]{9}[A-Z]{2}", fullmatch=True),
    st.from_regex(r"[A-Z0-9]{2,6}( [A-Z0-9]{2,6}){1,4}", fullmatch=True),
    st.from_regex(r"[0-9]{2,7}(-[0-9]{2,8}){1,3}", fullmatch=True),
    st.sampled_from(["RB123456785CN", "LP00827165784034", "3031265788145237", "304-1234567-7654321", "1605"]),
)
WORDS = st.sampled_from(
    [
        *("Order", "Order number:", "Tracking number:", "has been shipped", "Your parcel", "old", "new", "delivered"),
        *("Bestellnummer", "Sendungsnummer", "заказ №", "трек-номер", "订单号：", "快递单号", "numaralı siparişiniz"),
        *(
            "Date:",
            "To:",
            "DHL",
            "Nov 20",
            "3/4/2026",
            "x1",
            "12,50 €",
            "+49 30 1234567",
            "#",
            "№",
            "(",
            "From:",
            "Subject:",
        ),
        *("-- Forwarded message --", ">", "Hello", "Bonjour", "https://x.example/?orderId=1&trackingNumber=2"),
    ]
)
SEPARATORS = st.sampled_from([" ", "\n", "\t", ": ", ", ", ". ", "", "\n\n", "\n> "])
PIECES = st.one_of(NUMBERS, WORDS, st.text(max_size=12))
TEXTS = st.lists(st.tuples(PIECES, SEPARATORS), max_size=25).map(lambda rows: "".join(a + b for a, b in rows))
LINKS = st.lists(
    st.one_of(
        st.builds(
            "https://{}/t?{}={}".format,
            st.sampled_from(["www.aliexpress.com", "global.cainiao.com", "www.dhl.de", "x.example"]),
            st.sampled_from(["orderId", "o_ids", "trackingNumber", "mailNoList", "piececode", "x"]),
            NUMBERS,
        ),
        st.text(max_size=40),
        st.text(max_size=40).map("https://".__add__),
    ),
    max_size=3,
)
MARKUP = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.builds(
            '{{"@type":"ParcelDelivery","trackingNumber":"{}","partOfOrder":{{"orderNumber":"{}"}}}}'.format,
            NUMBERS,
            NUMBERS,
        ),
    ),
    max_size=2,
)
SENDERS = st.sampled_from(
    [ALIEXPRESS, STRANGER, PERSON, "noreply@dhl.de", "a@ebay.de", "auto@amazon.de", "a@etsy.com", ""]
)
MAILS = st.builds(
    lambda text, subject, sender, links, markup: mail(text, subject, sender, links=links, markup=tuple(markup)),
    TEXTS,
    TEXTS,
    SENDERS,
    LINKS,
    MARKUP,
)


def squeezed(text: str) -> str:
    """Letters and digits only, upper case."""
    return re.sub(r"[^A-Z0-9]", "", plain(text).upper())


def whole(message: Message) -> str:
    """All that a code can have been taken from."""
    links = [unquote(unquote(link.url)) for link in message.links] + [link.url for link in message.links]
    return "\n".join(map(squeezed, (message.text, message.subject, *links, *message.markup)))


@ODD
@given(MAILS)
def test_every_mail_can_be_read(message: Message) -> None:
    assert isinstance(read(message, UNVERIFIED), Notice)


@ODD
@given(st.text(max_size=400), st.text(max_size=60), st.text(max_size=30))
def test_any_text_can_be_read(text: str, subject: str, sender: str) -> None:
    message = mail(text, subject, sender)
    assert isinstance(read(message, UNVERIFIED), Notice)
    assert relevant(message) in (True, False)


@ODD
@given(MAILS)
def test_every_code_stands_in_the_mail(message: Message) -> None:
    found = read(message, UNVERIFIED)
    text = whole(message)
    for number in (*codes(found), *found.replaced):
        assert squeezed(number) in text


@ODD
@given(MAILS)
def test_every_order_number_stands_in_the_mail(message: Message) -> None:
    text = whole(message)
    for number in orders(read(message, UNVERIFIED)):
        assert squeezed(number) in text


@ODD
@given(MAILS)
def test_no_number_is_both_order_and_code(message: Message) -> None:
    found = read(message, UNVERIFIED)
    both = {number_key(number) for number in orders(found)} & {
        number_key(number) for number in (*codes(found), *found.replaced)
    }
    assert both == set()


@ODD
@given(MAILS)
def test_pairs_name_believed_numbers_only(message: Message) -> None:
    found = read(message, UNVERIFIED)
    for order, code in found.pairs:
        assert order in orders(found)
        assert code in codes(found)


@ODD
@given(MAILS)
def test_the_same_mail_gives_the_same_notice(message: Message) -> None:
    assert read(message, UNVERIFIED) == read(message, UNVERIFIED)


# ── order numbers never come out as codes ───────────────────────────────────────────────────────────────────

#: Mails that name a number as an order, and beside it a carrier whose codes it may resemble.
NAMED = {
    "en": (
        "Order {n} has been shipped",
        "Hello Anna,\nyour order {n} has been shipped with {c}.\n\nOrder number: {n}\n\nThank you!",
    ),
    "de": (
        "Ihre Bestellung {n} wurde versandt",
        "Guten Tag,\nIhre Bestellung {n} wurde mit {c} versandt.\n\nBestellnummer\n{n}\n\nVielen Dank!",
    ),
    "ru": (
        "Ваш заказ {n} отправлен",
        "Здравствуйте!\nВаш заказ № {n} отправлен, перевозчик {c}.\n\nНомер заказа:\t{n}\n\nСпасибо!",
    ),
    "zh": ("您的订单 {n} 已发货", "您好，\n您的订单{n}已由{c}发货。\n\n订单号：{n}\n\n感谢您的购买。"),
}
CARRIERS = ("DHL", "FedEx", "UPS", "USPS", "Hermes", "GLS", "DPD", "Royal Mail", "SF Express")


def digits(chance: random.Random, length: int) -> str:
    return "".join(chance.choices("0123456789", k=length))


def aliexpress(chance: random.Random) -> str:
    start = chance.choice(["30", "80", "81", "82", "112", str(chance.randrange(1, 10))])
    return start + digits(chance, chance.randint(12, 20) - len(start))


FORMATS: dict[str, tuple[str, Callable[[random.Random], str]]] = {
    "AliExpress": (ALIEXPRESS, aliexpress),
    "AliExpress, by a stranger": (STRANGER, aliexpress),
    "eBay": ("ebay@ebay.com", lambda chance: f"{digits(chance, 2)}-{digits(chance, 5)}-{digits(chance, 5)}"),
    "Amazon": ("a@amazon.de", lambda chance: f"{digits(chance, 3)}-{digits(chance, 7)}-{digits(chance, 7)}"),
    "Etsy": ("transaction@etsy.com", lambda chance: digits(chance, 10)),
    "Walmart": ("help@walmart.com", lambda chance: f"{digits(chance, 7)}-{digits(chance, 8)}"),
    "Shopify": ("store+1@t.shopifyemail.com", lambda chance: f"#{chance.randrange(1000, 10**6)}"),
    "Shopify, prefixed": ("store+1@t.shopifyemail.com", lambda chance: f"#MC{chance.randrange(1000, 10**6)}"),
}


@pytest.mark.parametrize(("sender", "draw"), FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("language", NAMED)
def test_order_numbers_never_come_out_as_codes(
    language: str, sender: str, draw: Callable[[random.Random], str]
) -> None:
    chance = random.Random(f"{language} {sender}")
    subject, text = NAMED[language]
    wrong = {}
    for _ in range(500):
        number, carrier = draw(chance), chance.choice(CARRIERS)
        found = notice_of(text.format(n=number, c=carrier), subject.format(n=number), sender)
        if found.codes or found.replaced:
            wrong[number] = carrier
    assert wrong == {}


@pytest.mark.parametrize(("sender", "draw"), FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("language", NAMED)
def test_order_numbers_come_out_as_orders(language: str, sender: str, draw: Callable[[random.Random], str]) -> None:
    chance = random.Random(f"{sender} {language}")
    subject, text = NAMED[language]
    missed = []
    for _ in range(20):
        number = draw(chance)
        found = notice_of(text.format(n=number, c="DHL"), subject.format(n=number), sender)
        if orders(found) != {number.lstrip("#")}:
            missed.append((number, orders(found)))
    assert missed == []


# ── time grows with the length ──────────────────────────────────────────────────────────────────────────────

HOSTILE = {
    "letters": "a",
    "digits and blanks": "1 ",
    "words for order": "Order ",
    "open tags": "<a ",
    "groups of digits": "123 4567 ",
    "tabs": "\t",
    "links": "https://",
    "brackets": "( (",
    "phones": "(+1 ",
    "hyphens": "1-",
    "at signs": "a@",
    "full stops": "a.",
    "codes": "RB123456785CN ",
    "code groups": "AB1 ",
    "labels": "Order #12345678\n",
    "lines": "a\n",
    "cells": "1234567\t",
    "rows": "1234567\t12\n",
    "heads": "From: a@b.example\n",
    "quotes": "> ",
    "greetings": "Hello\n",
    "quantities": "x1\n",
    "dates": "1 nov ",
    "gaps": "when a b c ",
    "Han": "订单",
    "Han and digits": "订1",
    "Kana": "あ",
    "Hebrew": "חבילה ",
    "escaped links": "https%3A%2F%2F",
    "combining accents": "e\u0301",
}
#: Amounts are searched for again from every digit of a run of digits, points and commas.
SLOW = {"digits": "1", "digits and points": "12.", "digits and commas": "1,"}


def seconds(unit: str, length: int) -> float:
    """Processor time for reading a mail whose text has *length* letters; the better of two."""
    text = (unit * (length // len(unit) + 1))[:length]
    times = []
    for turn in range(2):
        started = process_time()
        # Another line in front, so that nothing remembered of the first turn helps the second.
        notice_of(f"Order {turn}\n{text}", "Your order has been shipped", STRANGER)
        times.append(process_time() - started)
    return max(min(times), 0.01)


@pytest.fixture(scope="module")
def warm() -> None:
    """The data have been read before anything is timed."""
    notice_of("Order 1\nЗаказ 1\n订单 1", "Your order", STRANGER)


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_four_times_the_text_takes_no_more_than_eight_times_as_long(unit: str) -> None:
    assert seconds(unit, 80_000) / seconds(unit, 20_000) <= 8


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("unit", SLOW.values(), ids=SLOW)
def test_a_run_of_digits_takes_no_more_than_its_length(unit: str) -> None:
    assert seconds(unit, 4_000) / seconds(unit, 1_000) <= 8
