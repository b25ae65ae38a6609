"""Check digits of parcel numbers: pure functions from a code to whether its check digit is right.

Every function takes a code in upper case without blanks and hyphens and never raises: a code that does not
have the shape its rule speaks of is simply not right. Passing means little by itself, since every tenth
(mod 10) or seventh (mod 7) number passes by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import cycle
from operator import mul
from types import MappingProxyType
from typing import Final

CheckDigit = Callable[[str], bool]

_LONGEST: Final = 64
_ALPHANUMERIC: Final = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def _is_digits(text: str) -> bool:
    """Only ASCII digits (``str.isdigit`` takes those of other scripts too), not too many to count with."""
    return len(text) <= _LONGEST and text.isascii() and text.isdigit()


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    """Sum of digit times weight from the left; the weights repeat."""
    return sum(map(mul, map(int, digits), cycle(weights)))


def gs1(code: str) -> bool:
    """Modulo 10 with weights 3 and 1 from the right: GTIN, SSCC, and many carriers' own numbers.

    Leading zeros, such as the application identifier 00 before an SSCC, change nothing.
    Source: GS1 General Specifications, section 7.9.1.
    """
    if len(code) < 2 or not _is_digits(code):
        return False
    return (_weighted(code[-2::-1], (3, 1)) + int(code[-1])) % 10 == 0


def s10(code: str) -> bool:
    """Modulo 11 with weights 8 6 4 2 3 5 9 7; remainder 0 gives 5, remainder 1 gives 0.

    Source: UPU standard S10-12, "Identification of postal items: 13-character identifier", annex A.
    """
    serial, check = code[2:10], code[10:11]
    if len(code) != 13 or not _is_digits(serial + check):
        return False
    rest = 11 - _weighted(serial, (8, 6, 4, 2, 3, 5, 9, 7)) % 11
    return int(check) == {10: 0, 11: 5}.get(rest, rest)


def _ups_sum(body: str, check: str) -> bool:
    """Modulo 10 with weights 1 and 2 from the left; letters count as A = 2, B = 3, … H = 9, I = 0, …"""
    if not check.isascii() or not check.isdigit() or not all(char in _ALPHANUMERIC for char in body):
        return False
    values = "".join(char if char.isdigit() else str((ord(char) - 63) % 10) for char in body)
    return (_weighted(values, (1, 2)) + int(check)) % 10 == 0


def ups_1z(code: str) -> bool:
    """The 15 characters behind ``1Z``, then the check digit.

    Source: UPS Guide to Labeling, check digit of the 1Z number.
    """
    return len(code) == 18 and code.startswith("1Z") and _ups_sum(code[2:17], code[17])


def ontrac(code: str) -> bool:
    """As UPS, over the leading letter and 13 digits.

    Source: the numbers that the carrier and its customers published (C… and D…) all keep it.
    """
    return len(code) == 15 and code[:1].isalpha() and _ups_sum(code[:14], code[14])


def usps(code: str) -> bool:
    """Modulo 10 with weights 3 and 1 over the number without its routing part (``420``, ZIP or ZIP+4).

    The check digit of 20 digits covers the application identifier 91 too where that is not printed.
    Source: USPS Publication 199 (IMpb), "MOD 10 check digit"; Publication 109 for the 20 digits.
    """
    if not _is_digits(code):
        return False
    if code.startswith("420") and len(code) in (30, 34):
        # 34 digits are ZIP+4 and 22 digits, or ZIP and 26: the number itself begins with 91 to 95.
        routed = code[8:] if len(code) == 30 or code[8:10] in _IMPB_START else code[12:]
        return gs1(routed)
    return len(code) in (20, 22, 26) and (gs1(code) or (len(code) == 20 and gs1("91" + code)))


_IMPB_START: Final = ("91", "92", "93", "94", "95")


def _fedex_sum(body: str, check: str, weights: tuple[int, ...]) -> bool:
    return _is_digits(body + check) and _weighted(body, weights) % 11 % 10 == int(check)


def fedex_12(code: str) -> bool:
    """Weights 3 1 7 from the left, modulo 11, a remainder of 10 counts as 0.

    Source: the rule as published for label printing, kept by the numbers that FedEx prints as examples.
    """
    return len(code) == 12 and _fedex_sum(code[:11], code[11:], (3, 1, 7))


def fedex_15(code: str) -> bool:
    """Ground numbers of 15 digits: modulo 10 with weights 3 and 1 from the right.

    Source: FedEx Ground label layout specification.
    """
    return len(code) == 15 and gs1(code)


def fedex_96(code: str) -> bool:
    """Ground numbers of 22 digits with prefix 96: modulo 10, as for 15 digits, over the last 15.

    Source: FedEx Ground label layout specification.
    """
    return len(code) == 22 and code.startswith("96") and _is_digits(code) and gs1(code[-15:])


def fedex_34(code: str) -> bool:
    """The whole bar code: its last 14 digits, weights 1 7 3 from the left, modulo 11, 10 counts as 0.

    Source: the rule of the 12 digits that the bar code ends in, as on published labels.
    """
    return len(code) == 34 and _is_digits(code) and _fedex_sum(code[-14:-1], code[-1], (1, 7, 3))


def mod7(code: str) -> bool:
    """The last digit is what is left of all others divided by 7.

    Used by DHL Express (waybills of 10 digits), and as *7DR* by Yamato, Sagawa and Japan Post (12 digits).
    Source: IATA Resolution 600a for air waybills; printers of Japanese parcel slips for 7DR.
    """
    return len(code) > 1 and _is_digits(code) and int(code[:-1]) % 7 == int(code[-1])


def cj(code: str) -> bool:
    """CJ Logistics, 12 digits: the nine digits behind the first two, modulo 7, are the last one.

    Source: numbers published by the carrier and its customers; the whole number modulo 7 does not fit them.
    """
    return len(code) == 12 and _is_digits(code) and int(code[2:-1]) % 7 == int(code[-1])


def luhn(code: str) -> bool:
    """Modulo 10 with every second digit doubled; Purolator's numbers of 12 digits.

    Source: ISO/IEC 7812-1, annex B.
    """
    if len(code) < 2 or not _is_digits(code):
        return False
    doubled = "0246813579"
    total = sum(int(doubled[int(digit)] if place % 2 else digit) for place, digit in enumerate(reversed(code)))
    return total % 10 == 0


def identcode(code: str) -> bool:
    """Deutsche Post Identcode (12 digits) and Leitcode (14): modulo 10, weights 4 and 9 from the left.

    Source: Deutsche Post, specification of the Identcode.
    """
    return len(code) in (12, 14) and _is_digits(code) and (_weighted(code[:-1], (4, 9)) + int(code[-1])) % 10 == 0


def iso7064_37_36(code: str) -> bool:
    """ISO/IEC 7064 MOD 37,36 over digits and letters; the check character of DPD's parcel numbers.

    Source: DPD (Geopost) Parcel Label Specification, section on the check digit.
    """
    if len(code) < 2 or not all(char in _ALPHANUMERIC for char in code):
        return False
    rest = 36
    for char in code[:-1]:
        rest = (rest + _ALPHANUMERIC[char]) % 36 or 36
        rest = rest * 2 % 37
    return (rest + _ALPHANUMERIC[code[-1]]) % 36 == 1


#: Every check by the name under which ``carriers.toml`` asks for it.
CHECKS: Final[Mapping[str, CheckDigit]] = MappingProxyType(
    {
        "gs1": gs1,
        "s10": s10,
        "ups_1z": ups_1z,
        "ontrac": ontrac,
        "usps": usps,
        "fedex_12": fedex_12,
        "fedex_15": fedex_15,
        "fedex_96": fedex_96,
        "fedex_34": fedex_34,
        "mod7": mod7,
        "cj": cj,
        "luhn": luhn,
        "identcode": identcode,
        "iso7064_37_36": iso7064_37_36,
    }
)
