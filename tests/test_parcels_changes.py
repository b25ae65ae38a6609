"""When one code takes the place of another, and what of the old one then counts: one decision a test."""

from __future__ import annotations

import pytest
from folded import ID, A, B, C, joined, one
from notices import mark, moment, notice

from pipeline.model import Notice
from pipeline.parcels import fold

CHANGES: dict[str, tuple[list[Notice], list[str]]] = {
    "a mail that says the code changed replaces it": (
        [notice("2026-11-03", "shipped", "1001", A), notice("2026-11-09", "code_changed", "1001", B)],
        [f"1001/{B}+{A}"],
    ),
    "and also that of a package of several orders of which it names one": (
        [notice("2026-11-03", "shipped", "1001 1002", A), notice("2026-11-09", "code_changed", "1001", B)],
        [f"1001+1002/{B}+{A}"],
    ),
    "a mail that names the replaced code needs no order": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "in_transit", codes=B, replaced=A, shop=None),
        ],
        [f"1001/{B}+{A}"],
    ),
    "a replaced code that nobody named before is kept as an old one": (
        [notice("2026-11-09", "code_changed", "1001", B, replaced=A), notice("2026-11-10", "none", codes=A)],
        [f"1001/{B}+{A}"],
    ),
    "of two packages the one without information changed its code": (
        [
            notice("2026-11-03", "shipped", "1001", f"{A} {B}"),
            notice("2026-11-05", "in_transit", codes=A),
            notice("2026-11-09", "code_changed", "1001", C),
        ],
        [f"1001/{A}", f"1001/{C}+{B}"],
    ),
    "which of two silent packages changed its code cannot be told": (
        [
            notice("2026-11-03", "shipped", "1001", f"{A} {B}"),
            notice("2026-11-09", "code_changed", "1001", C),
        ],
        [f"1001/{A}", f"1001/{B}", f"1001/{C}"],
    ),
    "a reminder of a changed code changes nothing more": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", B),
            notice("2026-11-10", "shipped", "1001", C),
            notice("2026-11-11", "code_changed", "1001", B),
        ],
        [f"1001/{B}+{A}", f"1001/{C}"],
    ),
    "a second package that proves to be the changed code is no second package": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-08", "shipped", "1001", B),
            notice("2026-11-09", "code_changed", "1001", B),
        ],
        [f"1001/{B}+{A}"],
    ),
    "after a change without its code the next new code is the new one": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001"),
            notice("2026-11-11", "shipped", "1001", B),
        ],
        [f"1001/{B}+{A}"],
    ),
    "an unverified mail does not change a code that a trusted one gave": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", B, trust="unverified"),
        ],
        [f"1001/{A}", f"1001/{B}"],
    ),
    "nor make it the successor of another": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-05", "in_transit", codes=B, shop=None, trust="unverified"),
            notice("2026-11-09", "in_transit", codes=A, replaced=B, shop=None, trust="unverified"),
        ],
        [f"1001/{A}", f"/{B}"],
    ),
    "what an unverified mail made up does not hide which code changed": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-05", "shipped", "1001", C, trust="unverified"),
            notice("2026-11-09", "code_changed", "1001", B),
        ],
        [f"1001/{B}+{A}", f"1001/{C}"],
    ),
    "unverified mails change what unverified mails gave": (
        [
            notice("2026-11-03", "shipped", "1001", A, trust="unverified"),
            notice("2026-11-09", "code_changed", "1001", B, trust="unverified"),
        ],
        [f"1001/{B}+{A}"],
    ),
    "a package id may take the place of a tracking number": (
        [notice("2026-11-03", "shipped", "1001", A), notice("2026-11-09", "code_changed", "1001", ID)],
        [f"1001/{ID}+{A}"],
    ),
    "which of two new codes took the place of the first cannot be told": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", f"{B} {C}"),
        ],
        [f"1001/{A}", f"1001/{B}", f"1001/{C}"],
    ),
    "a reminder of a change whose first code was never known changes nothing more": (
        [
            notice("2026-11-09", "code_changed", "1001", B),
            notice("2026-11-10", "shipped", "1001", C),
            notice("2026-11-11", "code_changed", "1001", B),
        ],
        [f"1001/{B}", f"1001/{C}"],
    ),
    "which of two new codes replaced an unknown one cannot be told": (
        [notice("2026-11-09", "code_changed", "1001", f"{B} {C}", replaced=A)],
        [f"1001/{B}", f"1001/{C}"],
    ),
    "a number that the mails of two orders share moves no code from one to the other": (
        [
            notice("2026-11-03", "shipped", "1001 777", A),
            notice("2026-11-03", "shipped", "1002 777", B),
            notice("2026-11-05", "in_transit", codes=B),
            notice("2026-11-09", "code_changed", "1002 777", C),
        ],
        [f"1001+777/{A}", f"777+1002/{C}+{B}"],
    ),
    "nor a code that was announced": (
        [
            notice("2026-11-03", "shipped", "1001 777", A),
            notice("2026-11-04", "code_changed", "1001 777"),
            notice("2026-11-09", "shipped", "1002 777", B),
        ],
        [f"1001+777/{A}", f"777+1002/{B}"],
    ),
    "nor the announcement": (
        [
            notice("2026-11-03", "shipped", "1001 777", A),
            notice("2026-11-04", "code_changed", "1002 777"),
            notice("2026-11-09", "shipped", "1001 777", B),
        ],
        [f"1001+777/{A}", f"1001+777/{B}", "1002/"],
    ),
    "a change that was announced is awaited whatever else the package is called meanwhile": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-04", "code_changed", "1001"),
            notice("2026-11-05", "in_transit", codes=f"{ID} {A}", shop=None),
            notice("2026-11-09", "shipped", "1001", B),
        ],
        [f"1001/{B}+{A}+{ID}"],
    ),
    "a code that a mail says replaced itself changes nothing": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", B),
            notice("2026-11-12", "in_transit", codes=A, replaced=A, shop=None),
        ],
        [f"1001/{B}+{A}"],
    ),
    "a code may change twice, though a carrier wrote of the last one first": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", B),
            notice("2026-11-10", "in_transit", codes=C, shop=None),
            notice("2026-11-12", "in_transit", codes=C, replaced=B, shop=None),
        ],
        [f"1001/{C}+{B}+{A}"],
    ),
    "of two new codes the one tied to the order of the replaced code takes its place": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001 1002", f"{B} {C}", pairs=f"1001={B} 1002={C}", replaced=A),
        ],
        [f"1001/{B}+{A}", f"1002/{C}"],
    ),
}


@pytest.mark.parametrize(("notices", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_what_belongs_together(notices: list[Notice], expected: list[str]) -> None:
    assert joined(notices) == sorted(expected)


def test_what_is_known_of_a_code_outlives_its_change() -> None:
    first = notice("2026-11-03", "shipped", "1001", f"{A}:china-post")
    parcel = one(first, notice("2026-11-09", "in_transit", codes=B, replaced=A, shop=None))
    assert [(each.code, each.carrier) for each in parcel.codes] == [(B, None), (A, "china-post")]


@pytest.mark.parametrize(
    "notices",
    [
        [notice("2026-11-03", "in_transit", "1001", ID), notice("2026-11-09", "in_transit", "1001", C)],
        [notice("2026-11-03", "shipped", "1001", f"{ID} {C}")],
        [notice("2026-11-03", "in_transit", "1001", ID), mark("2026-11-09", "1001", f"code={C}")],
        [notice("2026-11-03", "shipped", "1001"), mark("2026-11-09", "1001", f"code={C}")],
        [notice("2026-11-03", "shipped", "1001", A), mark("2026-11-09", "1001", f"code={A}")],
        [notice("2026-11-03", "shipped", "1001", A), notice("2026-11-09", "code_changed", "1001", A)],
    ],
    ids=[
        "handed over",
        "two names",
        "owner after package id",
        "owner's first",
        "owner's same",
        "the same again",
    ],
)
def test_no_change_of_the_code(notices: list[Notice]) -> None:
    assert one(*notices).code_changed_at is None


def test_the_owners_code_is_a_change() -> None:
    parcel = one(notice("2026-11-03", "shipped", "1001", A), mark("2026-11-09", "1001", f"code={B}"))
    assert parcel.code_changed_at == moment("2026-11-09")


def test_a_change_that_is_not_believed_is_no_change() -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", B, trust="unverified"),
        ]
    )
    assert [p.code_changed_at for p in parcels] == [None, None]


def test_a_mail_of_a_changed_code_tells_a_change_even_if_the_first_code_was_never_known() -> None:
    parcel = one(notice("2026-11-03", "shipped", "1001"), notice("2026-11-09", "code_changed", "1001", B))
    assert parcel.code_changed_at == moment("2026-11-09")


@pytest.mark.parametrize(
    ("after", "day"),
    [
        ([], None),
        ([notice("2026-11-12", "in_transit", "1001")], 12),
        ([notice("2026-11-12", "in_transit", codes=B)], 12),
        ([notice("2026-11-12", "in_transit", codes=A)], None),
        ([mark("2026-11-12", "1001", "unchanged")], None),
        ([mark("2026-11-12", "1001", "delivered")], 12),
    ],
    ids=["nothing", "of the order", "of the new code", "of the old code", "a mark", "the mark delivered"],
)
def test_information_counts_for_the_current_code(after: list[Notice], day: int | None) -> None:
    before = [
        notice("2026-11-03", "shipped", "1001", A),
        notice("2026-11-05", "in_transit", "1001", A),
        notice("2026-11-09", "code_changed", "1001", B),
    ]
    assert one(*before, *after).informed_at == (moment(f"2026-11-{day}") if day else None)


def test_information_on_a_code_before_the_shop_told_of_the_change_counts() -> None:
    parcel = one(
        notice("2026-11-03", "shipped", "1001", A),
        notice("2026-11-08", "in_transit", codes=B, shop=None),
        notice("2026-11-09", "code_changed", "1001", B),
    )
    assert parcel.informed_at == moment("2026-11-08")


def test_information_on_the_package_id_counts_after_the_carrier_took_over() -> None:
    parcel = one(
        notice("2026-11-03", "in_transit", "1001", ID),
        notice("2026-11-09", "exception", "1001", C),
        notice("2026-11-12", "in_transit", codes=ID),
    )
    assert parcel.informed_at == moment("2026-11-12")
