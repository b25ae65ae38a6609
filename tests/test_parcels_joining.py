"""Which mails speak of one package: one decision a test."""

from __future__ import annotations

from time import process_time

import pytest
from folded import ID, A, B, C, codes, joined, one, told, with_code
from notices import notice

from pipeline.model import Notice
from pipeline.parcels import fold

JOINING: dict[str, tuple[list[Notice], list[str]]] = {
    "an order without a package is a parcel of its own": (
        [notice("2026-11-01", "ordered", "1001")],
        ["1001/"],
    ),
    "two orders in one mail are two parcels until a package holds both": (
        [notice("2026-11-01", "ordered", "1001 1002")],
        ["1001/", "1002/"],
    ),
    "an order dissolves into its first package": (
        [notice("2026-11-01", "ordered", "1001"), notice("2026-11-03", "shipped", "1001", A)],
        [f"1001/{A}"],
    ),
    "a package may hold several orders": (
        [notice("2026-11-01", "ordered", "1001"), notice("2026-11-03", "in_transit", "1001 1002", A)],
        [f"1001+1002/{A}"],
    ),
    "a second shipped mail with another code is a second package": (
        [notice("2026-11-03", "shipped", "1001", A), notice("2026-11-05", "shipped", "1001", B)],
        [f"1001/{A}", f"1001/{B}"],
    ),
    "several tracking numbers in one mail are several packages": (
        [notice("2026-11-03", "shipped", "1001", f"{A} {B}")],
        [f"1001/{A}", f"1001/{B}"],
    ),
    "pairs tie each code to its own order only": (
        [notice("2026-11-03", "in_transit", "1001 1002", f"{A} {B}", pairs=f"1001={A} 1002={B}")],
        [f"1001/{A}", f"1002/{B}"],
    ),
    "an order that no pair names stays by itself": (
        [notice("2026-11-03", "in_transit", "1001 1002", A, pairs=f"1001={A}")],
        [f"1001/{A}", "1002/"],
    ),
    "a package id gives way to the carrier's number": (
        [
            notice("2026-11-03", "in_transit", "1001 1002", ID),
            notice("2026-11-09", "in_transit", "1001 1002", C),
        ],
        [f"1001+1002/{C}+{ID}"],
    ),
    "a shipped mail with the carrier's number is another package": (
        [notice("2026-11-03", "in_transit", "1001", ID), notice("2026-11-09", "shipped", "1001", C)],
        [f"1001/{C}", f"1001/{ID}"],
    ),
    "a carrier's number for other orders is another package": (
        [notice("2026-11-03", "in_transit", "1001 1002", ID), notice("2026-11-09", "in_transit", "1001", C)],
        [f"1001+1002/{ID}", f"1001/{C}"],
    ),
    "a carrier's number after the package arrived is another package": (
        [notice("2026-11-03", "delivered", "1001", ID), notice("2026-11-09", "in_transit", "1001", C)],
        [f"1001/{C}", f"1001/{ID}"],
    ),
    "which of two package ids got the carrier's number cannot be told": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-04", "in_transit", "1001", "AP12345678901234"),
            notice("2026-11-09", "in_transit", "1001", C),
        ],
        [f"1001/{ID}", "1001/AP12345678901234", f"1001/{C}"],
    ),
    "what the carrier said before the shop comes with its number": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-08", "in_transit", codes=C, shop=None),
            notice("2026-11-09", "in_transit", "1001", C),
        ],
        [f"1001/{C}+{ID}"],
    ),
    "one mail with a package id and a tracking number means one package": (
        [notice("2026-11-03", "shipped", "1001", f"{ID} {A}")],
        [f"1001/{A}+{ID}"],
    ),
    "a carrier's mail that names the shop's package id joins both": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-08", "shipped", codes=C, shop=None),
            notice("2026-11-09", "in_transit", codes=f"{ID} {C}", shop=None),
        ],
        [f"1001/{C}+{ID}"],
    ),
    "a carrier's mail with only a code joins the package": (
        [notice("2026-11-03", "shipped", "1001", A), notice("2026-11-09", "delivered", codes=A, shop=None)],
        [f"1001/{A}"],
    ),
    "the shop may name the order after the carrier named the code": (
        [
            notice("2026-11-03", "in_transit", codes=A, shop=None),
            notice("2026-11-09", "in_transit", "1001", A),
        ],
        [f"1001/{A}"],
    ),
    "suspicious mails touch nothing": (
        [
            notice("2026-11-01", "ordered", "1001"),
            notice("2026-11-02", "shipped", "1001", A, trust="suspicious"),
            notice("2026-11-02", "shipped", "1002", B, trust="suspicious"),
        ],
        ["1001/"],
    ),
    "an unverified mail does not join two packages of trusted ones": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-09", "in_transit", codes=f"{ID} {C}", shop=None, trust="unverified"),
        ],
        [f"/{C}", f"1001/{ID}"],
    ),
    "two packages prove to be one": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-05", "in_transit", codes=B, shop=None),
            notice("2026-11-09", "in_transit", codes=B, replaced=A, shop=None),
        ],
        [f"1001/{B}+{A}"],
    ),
    "two packages of two orders prove to be one": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-05", "shipped", "1002", B),
            notice("2026-11-09", "in_transit", codes=B, replaced=A, shop=None),
        ],
        [f"1001+1002/{B}+{A}"],
    ),
    "a carrier's mail that names its own code beside another carrier's means one package": (
        [
            notice("2026-11-03", "shipped", "1001", "RB123456785CN:china-post"),
            notice("2026-11-19", "in_transit", codes="RB123456785CN:china-post 01234567890123:dpd", carrier="dpd"),
        ],
        ["1001/01234567890123+RB123456785CN"],
    ),
    "and also beside one that only the shop named, of whatever carrier": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-19", "in_transit", codes=f"01234567890123:dpd {A}", carrier="dpd"),
        ],
        [f"1001/01234567890123+{A}"],
    ),
    "two codes of the carrier that writes are two packages": (
        [
            notice("2026-11-03", "shipped", "1001", "RB123456785CN:dpd"),
            notice("2026-11-19", "in_transit", codes="RB123456785CN:dpd 01234567890123:dpd", carrier="dpd"),
        ],
        ["/01234567890123", "1001/RB123456785CN"],
    ),
    "nor does it prove anything that a shop names codes of two carriers": (
        [
            notice("2026-11-03", "shipped", "1001", "RB123456785CN:china-post"),
            notice("2026-11-19", "in_transit", codes="RB123456785CN:china-post 01234567890123:dpd"),
        ],
        ["/01234567890123", "1001/RB123456785CN"],
    ),
    "a number beside the carrier's own that nobody named before may be anything": (
        [notice("2026-11-19", "in_transit", codes=f"{A} 01234567890123:dpd", carrier="dpd")],
        ["/01234567890123", f"/{A}"],
    ),
    "a carrier's mail with three codes joins none": (
        [notice("2026-11-19", "in_transit", codes=f"{A}:cn {B}:cn 01234567890123:dpd", carrier="dpd")],
        ["/01234567890123", f"/{B}", f"/{A}"],
    ),
    "an unverified mail of a carrier does not join what trusted mail told of": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-19", "in_transit", codes=f"01234567890123:dpd {A}", carrier="dpd", trust="unverified"),
        ],
        ["/01234567890123", f"1001/{A}"],
    ),
    "a mail that ties a package id to one order and a tracking number to another means two packages": (
        [notice("2026-11-03", "shipped", "1001 1002", f"{ID} {A}", pairs=f"1001={ID} 1002={A}")],
        [f"1001/{ID}", f"1002/{A}"],
    ),
    "two names of one package that moves are no silent package": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-04", "shipped", codes=C, shop=None),
            notice("2026-11-05", "none", "1001", C),
            notice("2026-11-06", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", B),
        ],
        [f"1001/{C}+{ID}", f"1001/{B}+{A}"],
    ),
    "two ids of one package that arrived get no carrier's number": (
        [
            notice("2026-11-03", "delivered", "1001", ID),
            notice("2026-11-04", "in_transit", codes="AP12345678901234", shop=None),
            notice("2026-11-05", "none", codes="AP12345678901234", replaced=ID, shop=None),
            notice("2026-11-09", "in_transit", "1001", C),
        ],
        [f"1001/AP12345678901234+{ID}", f"1001/{C}"],
    ),
    "a number that took the place of a package id is no news of another package's code": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-05", "in_transit", "1001", C),
            notice("2026-11-06", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", C),
        ],
        [f"1001/{C}+{ID}", f"1001/{A}"],
    ),
    "a carrier's number with a package of its own takes the place of no package id": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-05", "shipped", "1001", C),
            notice("2026-11-09", "in_transit", "1001", C, replaced=A),
        ],
        [f"1001/{C}+{A}", f"1001/{ID}"],
    ),
}


@pytest.mark.parametrize(("notices", "expected"), JOINING.values(), ids=JOINING.keys())
def test_what_belongs_together(notices: list[Notice], expected: list[str]) -> None:
    assert joined(notices) == sorted(expected)


@pytest.mark.parametrize("first", [A, f"{A}:china-post"], ids=["a later mail", "the first mail"])
def test_the_carrier_of_a_code_is_that_of_the_first_mail_that_knows_it(first: str) -> None:
    later = "china-post" if first == A else "dpd"
    parcel = one(notice("2026-11-03", "shipped", "1001", first), notice("2026-11-04", "none", codes=f"{A}:{later}"))
    assert parcel.codes[0].carrier == "china-post"


@pytest.mark.parametrize(("packages", "told"), [(50, True), (51, False)])
def test_a_number_with_more_than_fifty_packages_is_no_longer_taken_for_one_order(packages: int, told: bool) -> None:
    first, *others = [f"LP{index:014}" for index in range(1, packages + 1)]
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", first),
            *(notice("2026-11-03", "in_transit", "1001", other) for other in others),
            notice("2026-11-09", "code_changed", "1001", A),
        ]
    )
    assert (codes(with_code(parcels, A)) == [A, first]) == told


@pytest.mark.parametrize("orders", ["1001 777", "777 1001"])
def test_an_order_is_known_beside_a_number_that_many_mails_share_whichever_stands_first(orders: str) -> None:
    parcels = fold(
        [
            *(notice("2026-11-03", "shipped", f"9{index} 777", f"LP{index:014}") for index in range(1, 61)),
            notice("2026-11-04", "shipped", orders, A),
            notice("2026-11-09", "code_changed", orders, B),
        ]
    )
    assert codes(with_code(parcels, B)) == [B, A]


def test_a_number_that_very_many_mails_share_costs_no_more_than_any_other() -> None:
    def cost(shared: bool) -> float:
        mails = [
            notice("2026-11-03", "in_transit", "1001" if shared else f"9{index}", f"LP{index:014}")
            for index in range(1, 3001)
        ]
        start = process_time()
        assert len(fold(mails)) == 3000
        return process_time() - start

    assert cost(shared=True) < 10 * cost(shared=False)


@pytest.mark.parametrize(
    "other",
    [
        notice("2026-11-02", "delivered", "1001", message_id="same@test"),
        notice("2026-11-01", "shipped", "1001", A, message_id="same@test"),
    ],
    ids=["of another day", "of the same moment"],
)
def test_of_two_notices_with_one_message_id_one_counts_whichever_came_first(other: Notice) -> None:
    one_way = notice("2026-11-01", "shipped", "1001", message_id="same@test")
    assert fold([one_way, other]) == fold([other, one_way])
    assert len(fold([one_way, other])[0].sources) == 1


def test_sources_are_all_mails_and_marks_oldest_first() -> None:
    notices = told("ordered shipped unchanged!")
    assert [s.message_id for s in one(*reversed(notices)).sources] == [n.message_id for n in notices]
