"""Days, items and trust of a parcel: one decision a test."""

from __future__ import annotations

from datetime import date

import pytest
from folded import A, B, one, told
from notices import mark, moment, notice

from pipeline.model import Notice, Trust


def test_shipped_at_is_the_earliest_and_stays_when_the_code_changes() -> None:
    parcel = one(
        notice("2026-11-01", "ordered", "1001"),
        notice("2026-11-03", "shipped", "1001", A),
        notice("2026-11-20", "code_changed", "1001", B),
        notice("2026-11-21", "shipped", "1001", B),
    )
    assert parcel.ordered_at == moment("2026-11-01")
    assert parcel.shipped_at == moment("2026-11-03")
    assert parcel.code_changed_at == moment("2026-11-20")


@pytest.mark.parametrize(
    ("story", "day"),
    [
        ("ordered shipped none closing", None),
        ("ordered in_transit none", 2),
        ("shipped in_transit in_transit", 3),
        ("out_for_delivery in_transit?", 1),
        ("shipped in_transit?", 2),
        ("in_transit in_transit?", 2),
    ],
)
def test_informed_at(story: str, day: int | None) -> None:
    assert one(*told(story)).informed_at == (moment(f"2026-11-{day:02}") if day else None)


def test_marks_are_no_news() -> None:
    parcel = one(*told("shipped none unchanged!"))
    assert (parcel.first_news_at, parcel.last_news_at) == (moment("2026-11-01"), moment("2026-11-02"))


@pytest.mark.parametrize(("trust", "told_of"), [("trusted", True), ("unverified", False)])
def test_only_a_trusted_mail_announces_the_end_of_protection(trust: str, told_of: bool) -> None:
    parcel = one(notice("2026-11-01", "shipped", "1001"), notice("2026-11-20", "closing", "1001", trust=trust))
    assert (parcel.closing_at is not None) == told_of


@pytest.mark.parametrize(
    ("event", "trust", "announced"),
    [("none", "trusted", False), ("none", "unverified", True), ("closing", "trusted", True)],
    ids=["the shop extends", "a stranger extends", "the announcement names a day itself"],
)
def test_a_day_named_after_the_announcement_takes_it_back(event: str, trust: str, announced: bool) -> None:
    parcel = one(
        notice("2026-11-01", "shipped", "1001"),
        notice("2026-11-20", "closing", "1001"),
        notice("2026-11-21", event, "1001", trust=trust, protection_ends="2026-12-20"),
    )
    assert (parcel.closing_at is not None) == announced


@pytest.mark.parametrize(("trust", "days"), [("trusted", 20), ("unverified", None)])
def test_the_days_for_a_dispute_are_a_trusted_mails(trust: str, days: int | None) -> None:
    delivered = notice("2026-11-20", "delivered", "1001", trust=trust, dispute_days=20)
    assert one(notice("2026-11-01", "shipped", "1001"), delivered).dispute_days == days


@pytest.mark.parametrize(
    ("notices", "extended", "closing"),
    [
        ([notice("2026-11-21", "none", "1001", extended_by=15)], 15, False),
        ([notice("2026-11-21", "none", "1001", extended_by=15, trust="unverified")], 0, True),
        ([notice("2026-11-21", "none", "1001", extended_by=n) for n in (15, 30, 10)], 30, False),
        (
            [
                notice("2026-11-21", "none", "1001", extended_by=15),
                notice("2026-11-22", "none", "1001", protection_ends="2026-12-20"),
            ],
            0,
            False,
        ),
    ],
    ids=["by days", "by a stranger", "told thrice", "the new end is named later"],
)
def test_an_extension_by_days(notices: list[Notice], extended: int, closing: bool) -> None:
    parcel = one(notice("2026-11-01", "shipped", "1001"), notice("2026-11-20", "closing", "1001"), *notices)
    assert (parcel.extended_by, parcel.closing_at is not None) == (extended, closing)


def test_an_announcement_after_the_extension_holds() -> None:
    parcel = one(
        notice("2026-11-19", "none", "1001", protection_ends="2026-12-20"),
        notice("2026-11-20", "closing", "1001"),
    )
    assert parcel.closing_at == moment("2026-11-20")


@pytest.mark.parametrize("name", ["ship_by", "protection_ends", "pickup_by", "expected"])
def test_the_newest_date_a_mail_names_holds(name: str) -> None:
    first = notice("2026-11-01", "ordered", "1001", **{name: "2026-12-20"})
    extended = notice("2026-11-09", "none", "1001", **{name: "2026-12-10"})
    silent = notice("2026-11-10", "none", "1001")
    assert getattr(one(first, extended, silent), name) == date(2026, 12, 10)


@pytest.mark.parametrize("name", ["ship_by", "protection_ends", "pickup_by", "expected"])
def test_an_unverified_date_does_not_hold_against_a_trusted_one(name: str) -> None:
    first = notice("2026-11-01", "ordered", "1001", **{name: "2026-12-20"})
    other = notice("2026-11-09", "none", "1001", trust="unverified", **{name: "2027-12-10"})
    assert getattr(one(first, other), name) == date(2026, 12, 20)
    assert getattr(one(other), name) == date(2027, 12, 10)


@pytest.mark.parametrize("name", ["ship_by", "protection_ends"])
def test_the_earliest_day_of_two_orders_holds_for_their_package(name: str) -> None:
    parcel = one(
        notice("2026-11-01", "ordered", "1001", **{name: "2027-01-10"}),
        notice("2026-11-02", "ordered", "1002", **{name: "2027-01-20"}),
        notice("2026-11-03", "shipped", "1001 1002", A),
        notice("2026-11-09", "none", "1001", **{name: "2027-02-01"}),
    )
    assert getattr(parcel, name) == date(2027, 1, 20)


@pytest.mark.parametrize(("word", "name"), [("protection", "protection_ends"), ("ship-by", "ship_by")])
def test_the_owners_date_holds_against_any_mail_until_taken_back(word: str, name: str) -> None:
    story = [
        notice("2026-11-01", "ordered", "1001", **{name: "2026-12-20"}),
        mark("2026-11-02", "1001", f"{word}=2026-12-24"),
        notice("2026-11-03", "none", "1001", **{name: "2026-12-22"}),
    ]
    assert getattr(one(*story), name) == date(2026, 12, 24)
    assert getattr(one(*story, mark("2026-11-04", "1001", "reopen")), name) == date(2026, 12, 22)


def test_who_says_when_protection_ends() -> None:
    silent = notice("2026-11-01", "shipped", "1001")
    said = notice("2026-11-02", "none", "1001", protection_ends="2026-12-20")
    owner = mark("2026-11-03", "1001", "protection=2026-12-24")
    assert [one(*n).protection_from for n in ([silent], [silent, said], [silent, said, owner])] == [
        None,
        "mail",
        "owner",
    ]


def test_items_are_gathered_once_each() -> None:
    parcel = one(
        notice("2026-11-01", "ordered", "1001", items=("cat", "mouse")),
        notice("2026-11-02", "shipped", "1001", A, items=("mouse", "dog")),
    )
    assert parcel.items == ("cat", "mouse", "dog")


def test_trust_is_that_of_the_best_mail_and_not_of_a_mark() -> None:
    unverified = notice("2026-11-01", "ordered", "1001", trust="unverified")
    marked = mark("2026-11-02", "1001", "untracked")
    assert one(unverified, marked).trust is Trust.UNVERIFIED
    assert one(unverified, marked, notice("2026-11-03", "shipped", "1001")).trust is Trust.TRUSTED
