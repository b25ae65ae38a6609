"""What the shape of a number says of it: the formats of carriers and shops, its length, its digits."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.model import Check
from pipeline.read.candidates import SHORTEST_CODE, Weighed, number_key
from pipeline.read.carriers import matches
from pipeline.read.evidence import Candidate, Kind
from pipeline.read.shops import fits_order, fits_package, is_distinct_order, shops
from pipeline.read.stems import stems

if TYPE_CHECKING:
    from pipeline.read.carriertable import Match
    from pipeline.read.letter import Letter

#: Of a code; the formats of nearly all carriers have at least five.
_FEWEST_DIGITS = 5
#: Shops that put the order number into the subject without a word for it: "KR-2026-58813", "TW88401".
_SHAPE_OF_SHOPS = re.compile(r"[A-Z]{1,4}-?(?:20\d\d-)?\d{5,9}")
_SHORTEST_SERIES = 4
_WEEKS_BEFORE = timedelta(days=60)


@lru_cache(maxsize=4096)
def is_one_code(joined: str) -> bool:
    """Whether *joined* is unmistakably one code: a distinct shape whose check digit does not fail."""
    return any(match.distinct and match.check is not Check.FAILED for match in matches(joined))


@lru_cache(maxsize=4096)
def is_surely_one_code(joined: str) -> bool:
    """The same, with a check digit that is right, or letters that no order number has."""
    return any(match.distinct and match.check is Check.PASSED for match in matches(joined)) or (
        not joined.isdigit() and is_one_code(joined)
    )


def from_shape_in_subject(weighed: Weighed, subject: str) -> None:
    """Note the one number of the *subject* that has the shape in which small shops number their orders."""
    found = {match.group() for match in _SHAPE_OF_SHOPS.finditer(subject)}
    written = [
        candidate
        for candidate in weighed.candidates.values()
        if candidate.written in found and _SHAPE_OF_SHOPS.fullmatch(candidate.written)
    ]
    if len(written) == 1 and not is_one_code(written[0].value):
        written[0].add(Kind.SUBJECT_SHAPE)


def are_of_one_series(number: str, other: str) -> bool:
    """Whether two numbers count on from each other: of one length, and alike in their first half.

    Shop systems number shipments like orders (Magento: order 200004417, shipment 200003960).
    """
    half = max((len(number) + 1) // 2, _SHORTEST_SERIES)
    return number != other and len(number) == len(other) and number[:half] == other[:half]


def _begins_with_a_day(number: str, letter: Letter) -> bool:
    """Whether a row of digits begins with a day of the weeks before the mail, as references of banks do."""
    if not number.startswith("20") or not number.isdigit() or letter.date is None:
        return False
    try:
        day = date.fromisoformat(number[:8])
    except ValueError:
        return False
    return timedelta(0) <= letter.date.date() - day <= _WEEKS_BEFORE


def _is_an_account(candidate: Candidate) -> bool:
    """Whether its label calls a number an account: postal giro accounts of Taiwan look like order numbers of Amazon."""
    return bool(stems("numbers.accounts").search(candidate.evidence.get(Kind.LABEL_OTHER, "")))


def _is_of(fits: tuple[Match, ...], letter: Letter, named: tuple[str, ...]) -> bool:
    """Whether a format that *fits* is one of the carrier that writes or is named: GHN numbers parcels GA4K7XN2."""
    return any(fit.carrier == letter.carrier or fit.carrier in named for fit in fits)


def from_format(candidate: Candidate, letter: Letter, named: tuple[str, ...]) -> None:
    """Note what the shape of *candidate* says in *letter*, which names the carriers *named*."""
    value = candidate.value
    key = number_key(value)
    fits = matches(value)
    if len(key) < SHORTEST_CODE:
        candidate.add(Kind.SHORT)
    elif sum(map(str.isdigit, key)) < _FEWEST_DIGITS and not _is_of(fits, letter, named):
        candidate.add(Kind.FEW_DIGITS)
    if _begins_with_a_day(key, letter):
        candidate.add(Kind.DATED)
    if len(set(key)) == 1:
        candidate.add(Kind.REPEATED)
    distinct = next((fit for fit in fits if fit.distinct), None)
    if is_distinct_order(candidate.written.upper()) and not _is_an_account(candidate):
        candidate.add(Kind.SHAPE_OF_ORDERS)
    if letter.shop is not None:
        if fits_package(letter.shop, key):
            candidate.add(Kind.SHOP_PACKAGE, letter.shop)
        elif fits_order(letter.shop, value) and distinct is None:
            candidate.add(Kind.SHOP_ORDER, letter.shop)
        elif shops()[letter.shop].order_formats and not fits_order(letter.shop, value):
            candidate.add(Kind.FOREIGN_SHAPE, letter.shop)
    if letter.carrier is not None and any(fit.carrier == letter.carrier for fit in fits):
        candidate.add(Kind.CARRIER_MAIL, letter.carrier)
    elif letter.carrier is None:
        name = next((fit.carrier for fit in fits if fit.carrier in named), None)
        if name is not None:
            candidate.add(Kind.CARRIER_NAMED, name)
    if distinct is not None:
        kind = {
            Check.PASSED: Kind.DISTINCT_PASSED, Check.FAILED: Kind.DISTINCT_FAILED, Check.NONE: Kind.DISTINCT
        }[distinct.check]  # fmt: skip
        candidate.add(kind, distinct.carrier)
    elif len(set(key)) > 1 and any(fit.check is Check.PASSED for fit in fits):
        candidate.add(Kind.PASSED)
