"""The check digits, against numbers that carriers and standards have published."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.checkdigits import CHECKS

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PUBLISHED = [
    ("s10", "RB123456785GB", "Wikipedia, S10 (UPU standard)"),
    ("s10", "EB000717618HK", "the npm package s10"),
    ("s10", "RR473124829RU", "serial 47312482 of the UPU's worked example"),
    ("gs1", "00340434161094042557", "DHL developer portal, test number"),
    ("gs1", "4006381333931", "EAN-13 of GS1's worked examples"),
    ("gs1", "80110885894666", "Pochta Rossii"),
    ("gs1", "0073938000549297", "Canada Post"),
    ("ups_1z", "1Z5R89390357567127", "UPS"),
    ("ups_1z", "1Z999AA10123456784", "UPS developer kit"),
    ("usps", "9400111202555842332669", "22 digits"),
    ("usps", "92748931507708513018050063", "26 digits"),
    ("usps", "420221539101026837331000039521", "420, ZIP, 22 digits"),
    ("usps", "4201002334249200190132607600833457", "420, ZIP+4, 22 digits"),
    ("usps", "03071790000523483741", "20 digits as printed"),
    ("usps", "71969010756003077385", "20 digits, the unprinted 91 counts"),
    ("fedex_12", "986578788855", "FedEx Express"),
    ("fedex_12", "477179081230", "FedEx Express, check digit 0"),
    ("fedex_15", "041441760228964", "FedEx Ground"),
    ("fedex_96", "9611020987654312345672", "FedEx Ground, 22 digits"),
    ("fedex_34", "1001921334250001000300779017972697", "FedEx bar code"),
    ("mod7", "3318810025", "DHL Express waybill"),
    ("mod7", "444413758703", "Yamato, 7DR"),
    ("mod7", "512547514334", "Sagawa, 7DR"),
    ("cj", "622344515213", "CJ Logistics"),
    ("luhn", "4111111111111111", "the payment industry's test number"),
    ("luhn", "320595463938", "Purolator"),
    ("identcode", "563102430313", "Deutsche Post, Identcode"),
    ("identcode", "21348075016401", "Deutsche Post, Leitcode"),
    ("iso7064_37_36", "008182709980000020033350276C", "DPD label specification"),
    ("iso7064_37_36", "A12425GABC1234002M", "ISO/IEC 7064 MOD 37,36, as in the GRid standard"),
    ("ontrac", "C11031500001879", "OnTrac"),
    ("ontrac", "D10011354453707", "OnTrac"),
]


@pytest.mark.parametrize(("check", "code"), [row[:2] for row in PUBLISHED], ids=[f"{r[0]}-{r[2]}" for r in PUBLISHED])
def test_published_number_passes(check: str, code: str) -> None:
    assert CHECKS[check](code)


@pytest.mark.parametrize(("check", "code"), [row[:2] for row in PUBLISHED], ids=[f"{r[0]}-{r[2]}" for r in PUBLISHED])
def test_wrong_check_digit_fails(check: str, code: str) -> None:
    place = 10 if check == "s10" else len(code) - 1
    wrong = "0" if code[place] != "0" else "1"

    assert not CHECKS[check](code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_is_proved_by_a_published_number(check: str) -> None:
    assert check in {row[0] for row in PUBLISHED}


@pytest.mark.parametrize(
    ("serial", "digit"), [("00000000", "5"), ("00000002", "8"), ("00000008", "0")],
    ids=["remainder 0 gives 5", "any other remainder", "remainder 1 gives 0"],
)  # fmt: skip
def test_s10_remainders(serial: str, digit: str) -> None:
    assert [d for d in "0123456789" if CHECKS["s10"](f"RR{serial}{d}CN")] == [digit]


@pytest.mark.parametrize("check", CHECKS)
@given(code=st.one_of(st.text(max_size=40), st.from_regex(r"[0-9A-Z]{0,40}", fullmatch=True)))
def test_any_text_is_judged_without_an_error(check: str, code: str) -> None:
    assert CHECKS[check](code) in (True, False)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(
    "code",
    ["", "5", "٣٣١٨٨١٠٠٢٥", "²" * 12, "9" * 5000],
    ids=["empty", "one", "Arabic", "superscript", "huge"],
)
def test_what_is_no_number_of_its_kind_fails(check: str, code: str) -> None:
    assert not CHECKS[check](code)


@pytest.mark.parametrize("check", ["gs1", "iso7064_37_36", "luhn"])
@given(
    digits=st.text("0123456789", min_size=11, max_size=11),
    place=st.integers(0, 10),
    digit=st.sampled_from("0123456789"),
)
def test_every_single_wrong_digit_is_found(check: str, digits: str, place: int, digit: str) -> None:
    right = next(code for d in ALPHANUMERIC if CHECKS[check](code := digits + d))
    wrong = right[:place] + digit + right[place + 1 :]

    assert CHECKS[check](wrong) is (wrong == right)
