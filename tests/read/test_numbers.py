"""Which runs of letters and digits are numbers at all, and how they are taken from print."""

from __future__ import annotations

import pytest

from pipeline.read.carriers import matches
from pipeline.read.numbers import Grid, Token, plain


def is_one_code(joined: str) -> bool:
    return any(match.distinct for match in matches(joined))


def tokens(text: str) -> list[Token]:
    return Grid(text).tokens(is_one_code)


def written(text: str) -> list[str]:
    return [token.written for token in tokens(text)]


FOUND = {
    "digits": ("Order 3031265788145237 shipped", ["3031265788145237"]),
    "letters and digits": ("it is RB123456785CN.", ["RB123456785CN"]),
    "lower case": ("it is rb123456785cn", ["rb123456785cn"]),
    "in brackets": ("(RB123456785CN)", ["RB123456785CN"]),
    "in quotes": ("«RB123456785CN»", ["RB123456785CN"]),
    "behind a hash": ("#1605", ["1605"]),
    "glued between Thai words": ("พัสดุRB123456785CNของคุณ", ["RB123456785CN"]),
    "parted by points, letters among the parts": (
        "S22044177.SGP12.G33.1904417728",
        ["S22044177.SGP12.G33.1904417728"],
    ),
    "behind a number sign": ("№7714", ["7714"]),
    "with prefix and hyphen": ("MC-1605", ["MC-1605"]),
    "in hyphened groups": ("304-1234567-7654321", ["304-1234567-7654321"]),
    "with odd hyphens": ("304‑1234567–7654321", ["304-1234567-7654321"]),
    "with a slash": ("2026/11/A7714", ["2026/11/A7714"]),
    "two, with a comma": ("1234567, 7654321", ["1234567", "7654321"]),
    "full stop behind": ("Number 1234567.", ["1234567"]),
    "full-width digits": ("１２３４５６７８", ["12345678"]),
    "full-width letters": ("ＲＢ１２３４５６７８５ＣＮ", ["RB123456785CN"]),
    "Arabic digits": ("رقم ١٢٣٤٥٦٧٨", ["12345678"]),
    "Indian digits": ("संख्या १२३४५६७८", ["12345678"]),
    "a day of the solar calendar": ("تاریخ ۱۴۰۵/۰۷/۱۲", []),
    "Persian digits": ("شماره ۱۲۳۴۵۶۷۸", ["12345678"]),
    "glued to Han": ("订单12345678已发货", ["12345678"]),
    "glued to Hangul": ("주문번호12345678입니다", ["12345678"]),
    "in two cells": ("12345678\t87654321", ["12345678", "87654321"]),
    "an S10 number in groups": ("RB 123 456 785 CN", ["RB 123 456 785 CN"]),
    "a UPS number in groups": ("1Z 999 AA1 0123456784", ["1Z 999 AA1 0123456784"]),
    "a Swiss number in points": ("99.60.144208.30771529", ["99.60.144208.30771529"]),
    "an SSCC with its identifier": ("(00)359007738231415988", ["00359007738231415988"]),
    "an SSCC with a blank": ("(00) 359007738231415988", ["00 359007738231415988"]),
    "words only": ("delivered", []),
    "two digits in a word": ("B2B4", []),
    "two digits": ("12 pieces", []),
    "a version": ("iPhone 15", []),
    "a date with points": ("am 12.11.2026", []),
    "a date with hyphens": ("on 2026-11-12", []),
    "a date with slashes": ("12/11/2026", []),
    "a time": ("at 12:30:45", []),
    "an ISO moment": ("2026-11-12T12:30:00Z", []),
    "inside a link": ("see https://shop.example/o/12345678?x=12345678 there", []),
    "inside a link without scheme": ("see www.shop.example/o/12345678", []),
    "inside an address": ("mail order12345678@shop.example now", []),
    "an internet address": ("from 192.168.100.200", ["192", "168", "100", "200"]),
    "inside a longer word": ("ж12345678ж", []),
}


@pytest.mark.parametrize(("text", "expected"), FOUND.values(), ids=FOUND)
def test_numbers_are_found(text: str, expected: list[str]) -> None:
    assert written(text) == expected


VALUES = {
    "blanks": ("RB 123 456 785 CN", "RB123456785CN"),
    "points": ("99.60.144208.30771529", "996014420830771529"),
    "points between parts with letters": ("S22044177.SGP12.G33.1904417728", "S22044177SGP12G331904417728"),
    "brackets": ("(00)359007738231415988", "00359007738231415988"),
    "lower case": ("rb123456785cn", "RB123456785CN"),
}


@pytest.mark.parametrize(("text", "value"), VALUES.values(), ids=VALUES)
def test_a_value_has_no_print_in_it(text: str, value: str) -> None:
    assert [token.value for token in tokens(text)] == [value]


PHONES = {
    "country code in brackets": "(+49) 0301234567",
    "country code": "+49 30 1234567",
    "country code, points": "+33.123.456.789",
    "American": "800-742-5877",
    "American with 1": "1-800-742-5877",
}


@pytest.mark.parametrize("text", PHONES.values(), ids=PHONES)
def test_phone_numbers_are_masked(text: str) -> None:
    found = tokens(f"Call {text} now")
    assert found
    assert all(token.phone for token in found)


@pytest.mark.parametrize("text", ["3031265788145237", "304-1234567-7654321", "12-34567-89012", "4417-8203-9951"])
def test_numbers_of_orders_and_parcels_are_no_phone_numbers(text: str) -> None:
    assert [token.phone for token in tokens(text)] == [False]


MONEY = {
    "dollars": "$1250",
    "pounds": "£ 1250",
    "euros behind": "1250 €",
    "ISO code": "USD 1250",
    "ISO code behind": "1250 EUR",
    "roubles": "1250 руб",
    "złoty": "1250 zł",
    "yen": "12500円",
    "rupees": "₹1250",
    "toman": "1250 تومان",
    "rupiah": "Rp349.000",
    "rupiah apart": "Rp 1250",
    "ringgit": "RM1290",
    "ringgit, cents": "RM 1,290.50",
    "decimals": "125.00",
    "decimal comma": "125,00",
    "thousands": "1.250,00",
    "dong": "1.250.000đ",
    "dong, sign before": "₫125000",
    "baht": "1250บาทถ้วน",
    "baht, sign before": "฿1250",
}


@pytest.mark.parametrize("text", MONEY.values(), ids=MONEY)
def test_amounts_are_masked(text: str) -> None:
    found = tokens(f"Total {text}")
    assert found
    assert all(token.money for token in found)


@pytest.mark.parametrize(
    "text", ["3031265788145237", "12345678 items", "order 123456 ships", "125 krone-street", "RM20417", "RM123456785MY"]
)
def test_bare_numbers_are_no_amounts(text: str) -> None:
    assert [token.money for token in tokens(text)] == [False]


@pytest.mark.parametrize("signs", ["(00)", "(00) "])
def test_an_sscc_is_one_number(signs: str) -> None:
    assert len(tokens(f"Number: {signs}359007738231415988")) == 1


def test_groups_that_make_no_code_stay_apart() -> None:
    assert written("Room 1234 House 5678") == ["1234", "5678"]


def test_of_groups_the_longest_row_that_is_a_code_wins() -> None:
    assert written("RB 123 456 785 CN 4711") == ["RB 123 456 785 CN", "4711"]


def test_the_place_of_a_number_is_told() -> None:
    (token,) = tokens("Hello\n\nOrder\t 12345678 ")
    assert (token.row, token.column, token.start, token.end) == (1, 1, 0, 8)


def test_a_value_in_groups_behind_a_colon_is_whole() -> None:
    grid = Grid("Tracking number: M5 880417731")
    (token,) = [token for token in grid.tokens(is_one_code) if token.written == "880417731"]
    assert grid.grouped(token) == "M5 880417731"


def test_a_value_among_words_has_no_groups() -> None:
    grid = Grid("Tracking number: see 880417731 below")
    (token,) = grid.tokens(is_one_code)
    assert grid.grouped(token) is None


@pytest.mark.parametrize(("row", "column"), [(-1, 0), (0, -1), (5, 0), (0, 5)])
def test_outside_the_grid_there_is_no_text(row: int, column: int) -> None:
    assert Grid("a\tb").cell(row, column) == ""


def test_empty_lines_make_no_row() -> None:
    assert Grid("a\n\n \t \nb").rows == [["a"], ["b"]]


def test_plain_ascii_stays_as_it_is() -> None:
    assert plain("Order №7 – RB") == "Order # 7 - RB"


def test_the_numbers_of_one_text_are_bounded() -> None:
    assert len(tokens("12345678 " * 20_000)) <= 2_000
