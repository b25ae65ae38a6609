"""Which numbers name one order, and what a parcel is called: one decision a test."""

from __future__ import annotations

import pytest
from folded import ORDER, A, B, joined, one
from notices import notice

from pipeline.model import Event, Notice
from pipeline.parcels import find, fold

NUMBERS: dict[str, tuple[list[Notice], list[str]]] = {
    "an order number of merge mails without its first digit is the same order": (
        [
            notice("2026-11-01", "ordered", "3074309624262839"),
            notice("2026-11-09", "in_transit", "074309624262839", B),
        ],
        [f"3074309624262839/{B}"],
    ),
    "two orders that differ in the first digit only leave the shorter one alone": (
        [notice("2026-11-01", "ordered", "3074309624262839 8074309624262839 074309624262839")],
        ["074309624262839/", "3074309624262839/", "8074309624262839/"],
    ),
    "other shops lose no digits": (
        [notice("2026-11-01", "ordered", "3074309624262839 074309624262839", shop="ebay")],
        ["074309624262839/", "3074309624262839/"],
    ),
    "an order line's own id stands for its order": (
        [
            notice("2026-11-01", "ordered", "3031265788145237"),
            notice("2026-11-09", "in_transit", "3031265788155237", A),
        ],
        [f"3031265788145237+3031265788155237/{A}"],
    ),
    "a neighbouring number with a mail of its own is another order": (
        [
            notice("2026-11-01", "ordered", "3031265788145237"),
            notice("2026-11-01", "ordered", "3031265788155237"),
            notice("2026-11-09", "in_transit", "3031265788155237", A),
        ],
        ["3031265788145237/", f"3031265788155237/{A}"],
    ),
    "one number at two shops is two orders": (
        [
            notice("2026-11-01", "ordered", "1001", shop="etsy"),
            notice("2026-11-02", "ordered", "1001", shop="ebay"),
        ],
        ["1001/", "1001/"],
    ),
    "an unknown shop matches the known one": (
        [
            notice("2026-11-01", "ordered", "1001", shop=None),
            notice("2026-11-02", "shipped", "1001", A, shop="ebay"),
        ],
        [f"1001/{A}"],
    ),
    "one digit repeated never joins two orders": (
        [
            notice("2026-11-01", "shipped", "1001", "0000000000"),
            notice("2026-11-02", "shipped", "1002", "0000000000"),
        ],
        ["1001/", "1002/"],
    ),
    "nor two packages": (
        [
            notice("2026-11-01", "shipped", "0000000000", A),
            notice("2026-11-02", "shipped", "0000000000", B),
        ],
        [f"/{A}", f"/{B}"],
    ),
    "mails with nothing but a placeholder are shown one by one": (
        [
            notice("2026-11-01", "shipped", codes="8888888888888888"),
            notice("2026-11-02", "delivered", codes="8888888888888888"),
        ],
        ["/8888888888888888", "/8888888888888888"],
    ),
    "a short number of equal digits is a number": (
        [notice("2026-11-01", "ordered", "11"), notice("2026-11-02", "shipped", "11", A)],
        [f"11/{A}"],
    ),
    "a known order number is never a code, nor does it join": (
        [
            notice("2026-11-01", "ordered", ORDER),
            notice("2026-11-02", "shipped", "1001", f"{A} {ORDER}", shop=None),
        ],
        [f"1001/{A}", f"{ORDER}/"],
    ),
    "a mail that gives nothing but an order number as its code speaks of that order": (
        [
            notice("2026-11-01", "ordered", "123-1234567-1234567", shop="amazon"),
            notice("2026-11-02", "in_transit", codes="12312345671234567", shop=None),
        ],
        ["123-1234567-1234567/"],
    ),
    "other shops number no order lines": (
        [
            notice("2026-11-01", "ordered", "3031265788145237", shop="ebay"),
            notice("2026-11-09", "in_transit", "3031265788155237", A, shop="ebay"),
        ],
        ["3031265788145237/", f"3031265788155237/{A}"],
    ),
    "shorter numbers have no order lines": (
        [
            notice("2026-11-01", "ordered", "65519797821543"),
            notice("2026-11-09", "shipped", "65519797831543", A),
        ],
        ["65519797821543/", f"65519797831543/{A}"],
    ),
    "five equal digits are a number": (
        [notice("2026-11-01", "ordered", "11111"), notice("2026-11-02", "shipped", "11111", A)],
        [f"11111/{A}"],
    ),
    "six equal digits are none": (
        [notice("2026-11-01", "ordered", "111111"), notice("2026-11-02", "shipped", "111111", A)],
        ["111111/", f"/{A}"],
    ),
    "a mail of placeholders only keeps them together": (
        [notice("2026-11-01", "shipped", "000000", "7777777777")],
        ["000000/7777777777"],
    ),
    "an order number that a mail of another shop gives as a code is an order of that shop": (
        [
            notice("2026-11-01", "ordered", "1001", shop="ebay"),
            notice("2026-11-02", codes="1001", shop="etsy"),
        ],
        ["1001/", "1001/"],
    ),
    "an order number is no replaced code": (
        [notice("2026-11-01", "ordered", ORDER), notice("2026-11-09", "code_changed", "1001", B, replaced=ORDER)],
        [f"1001/{B}", f"{ORDER}/"],
    ),
    "an order number beside a code speaks of no order": (
        [notice("2026-11-01", "ordered", ORDER), notice("2026-11-02", "in_transit", codes=f"{A} {ORDER}", shop=None)],
        [f"/{A}", f"{ORDER}/"],
    ),
    "numbers of other shops are no links without a digit": (
        [
            notice("2026-11-01", "ordered", "3074309624262839"),
            notice("2026-11-01", "ordered", "074309624262839", shop="ebay"),
        ],
        ["074309624262839/", "3074309624262839/"],
    ),
    "only numbers of sixteen digits lose one": (
        [notice("2026-11-01", "ordered", "307430962426283 07430962426283")],
        ["07430962426283/", "307430962426283/"],
    ),
    "an order of another shop has no order lines here": (
        [
            notice("2026-11-01", "ordered", "3031265788145237", shop="ebay"),
            notice("2026-11-09", "in_transit", "3031265788155237", A),
        ],
        ["3031265788145237/", f"3031265788155237/{A}"],
    ),
    "nor has one that no mail named without a code": (
        [
            notice("2026-11-01", "shipped", "3031265788145237", B),
            notice("2026-11-09", "in_transit", "3031265788155237", A),
        ],
        [f"3031265788145237/{B}", f"3031265788155237/{A}"],
    ),
    "nor has a placeholder": (
        [
            notice("2026-11-01", "ordered", "1111111111111111"),
            notice("2026-11-09", "in_transit", "1111111111121111", A),
        ],
        ["1111111111111111/", f"1111111111121111/{A}"],
    ),
}


@pytest.mark.parametrize(("notices", "expected"), NUMBERS.values(), ids=NUMBERS.keys())
def test_what_belongs_together(notices: list[Notice], expected: list[str]) -> None:
    assert joined(notices) == sorted(expected)


def test_an_order_line_named_with_its_order_adds_no_parcel() -> None:
    parcels = fold(
        [
            notice("2026-11-01", "ordered", "3031265788145237"),
            notice("2026-11-09", "in_transit", "3031265788145237 3031265788155237", A),
        ]
    )
    assert [p.orders for p in parcels] == [("3031265788145237", "3031265788155237")]


@pytest.mark.parametrize("orders", ["1001", "1001 1002"])
def test_an_order_number_given_as_a_code_beside_others_says_nothing_of_its_order(orders: str) -> None:
    parcels = fold([notice("2026-11-01", "ordered", ORDER), notice("2026-11-02", "shipped", orders, ORDER)])
    assert [p.event for p in parcels if p.orders == (ORDER,)] == [Event.ORDERED]


@pytest.mark.parametrize(
    ("notices", "keys"),
    [
        (
            [notice("2026-11-02", "in_transit", "1002 1001", A), notice("2026-11-01", "ordered", "1001")],
            ["order:1001"],
        ),
        ([notice("2026-11-02", "in_transit", codes=A)], [f"code:{A}"]),
        (
            [notice("2026-11-02", "shipped", "1001", A), notice("2026-11-03", "shipped", "1001", B)],
            [f"order:1001 code:{A}", f"order:1001 code:{B}"],
        ),
        (
            [notice("2026-11-02", "shipped", "1001", A), notice("2026-11-03", "code_changed", "1001", B)],
            ["order:1001"],
        ),
        (
            [
                notice("2026-11-01", "ordered", "7", shop="etsy"),
                notice("2026-11-02", "ordered", "7", shop="ebay"),
            ],
            ["order:7@etsy", "order:7@ebay"],
        ),
        (
            [
                notice("2026-11-02", "shipped", "1001", A),
                notice("2026-11-03", "shipped", "1001", B),
                notice("2026-11-04", "code_changed", "1001", B),
            ],
            ["order:1001"],
        ),
        ([notice("2026-11-02", codes="000000", message_id="a@b")], ["code:000000 mail:a@b"]),
        (
            [
                notice("2026-11-01", "ordered", "7", shop="etsy"),
                notice("2026-11-02", "ordered", "7", shop="ebay"),
                notice("2026-11-03", codes="7", shop="amazon", message_id="a@b"),
            ],
            ["order:7@etsy", "order:7@ebay", "order:7@amazon mail:a@b"],
        ),
    ],
    ids=[
        "oldest order",
        "code",
        "two packages",
        "changed code",
        "two shops",
        "proved to be one",
        "placeholder",
        "an order number of two other shops given as a code",
    ],
)
def test_key(notices: list[Notice], keys: list[str]) -> None:
    assert [parcel.key for parcel in fold(notices)] == keys


@pytest.mark.parametrize(
    ("sender", "order", "shop"),
    [(None, "1001", "ebay"), ("amazon", "1001", "ebay"), (None, "", "ebay"), ("amazon", "", "amazon")],
    ids=["an unknown sender", "another shop", "no order, an unknown sender", "no order, another shop"],
)
def test_the_shop_is_that_of_the_order_else_the_first_that_wrote_of_it(
    sender: str | None, order: str, shop: str
) -> None:
    parcel = one(
        notice("2026-11-01", "in_transit", codes=A, shop=sender),
        notice("2026-11-02", "shipped", order, A, shop="ebay"),
    )
    assert parcel.shop == shop


def test_parcels_are_found_by_any_writing_of_a_number() -> None:
    parcels = fold([notice("2026-11-01", "shipped", "123-1234567-1234567", A, shop="amazon")])
    for number in (
        "123-1234567-1234567",
        "12312345671234567",
        A,
        "rb123456785cn",
        "rb 123456785 cn",
        "RB-123456785-CN",
    ):
        assert find(parcels, number) == parcels
    assert find(parcels, "1234") == ()
