"""What goes for an order, what for each of its packages: one decision a test."""

from __future__ import annotations

import pytest
from folded import A, B, one, with_code
from notices import mark, moment, notice

from pipeline.model import Event
from pipeline.parcels import fold


def test_what_a_mail_says_of_the_order_goes_for_all_its_packages() -> None:
    parcels = fold([notice("2026-11-03", "shipped", "1001", f"{A} {B}"), notice("2026-11-09", "delivered", "1001")])
    assert [p.event for p in parcels] == [Event.DELIVERED, Event.DELIVERED]


def test_what_a_mail_says_of_a_package_goes_for_that_one_only() -> None:
    parcels = fold([notice("2026-11-03", "shipped", "1001", f"{A} {B}"), notice("2026-11-09", "delivered", "1001", A)])
    assert with_code(parcels, A).event is Event.DELIVERED
    assert with_code(parcels, B).event is Event.SHIPPED


@pytest.mark.parametrize("event", ["delivered", "refunded", "cancelled", "in_transit"])
def test_what_became_of_the_first_package_does_not_become_of_one_sent_later(event: str) -> None:
    parcels = fold(
        [
            notice("2026-11-01", "ordered", "1001"),
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", event, "1001"),
            notice("2026-11-12", "shipped", "1001", B),
        ]
    )
    assert with_code(parcels, A).event == event
    assert with_code(parcels, B).event is Event.SHIPPED
    assert with_code(parcels, B).ordered_at == moment("2026-11-01")


@pytest.mark.parametrize(
    ("later", "day"),
    [("shipped", "2026-11-12"), ("in_transit", "2026-11-03")],
    ids=["its own", "the order's"],
)
def test_a_later_package_counts_from_its_own_shipped_mail_else_from_the_orders(later: str, day: str) -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001"),
            notice("2026-11-05", "in_transit", "1001", A),
            notice("2026-11-12", later, "1001", B),
        ]
    )
    assert with_code(parcels, B).shipped_at == moment(day)


def test_what_a_mail_says_of_the_order_afterwards_goes_for_the_later_package_too() -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-12", "shipped", "1001", B),
            notice("2026-11-20", "delivered", "1001"),
        ]
    )
    assert [p.event for p in parcels] == [Event.DELIVERED, Event.DELIVERED]


def test_a_package_is_later_only_for_the_order_that_had_one_before() -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-05", "in_transit", "1002"),
            notice("2026-11-12", "shipped", "1001 1002", B),
        ]
    )
    assert with_code(parcels, B).event is Event.IN_TRANSIT


def test_a_mark_for_an_order_goes_to_all_its_packages_and_for_a_code_to_one() -> None:
    shipped = notice("2026-11-03", "shipped", "1001", f"{A} {B}")
    both = fold([shipped, mark("2026-11-09", "1001", "ignore")])
    only = fold([shipped, mark("2026-11-09", A, "ignore")])
    assert [p.ignored for p in both] == [True, True]
    assert (with_code(only, A).ignored, with_code(only, B).ignored) == (True, False)


@pytest.mark.parametrize(("word", "ignored", "event"), [("ignore", True, "shipped"), ("delivered", False, "shipped")])
def test_of_earlier_marks_on_the_order_a_later_package_takes_what_is_not_of_the_moment(
    word: str, ignored: bool, event: str
) -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", A),
            mark("2026-11-09", "1001", word),
            notice("2026-11-12", "shipped", "1001", B),
        ]
    )
    later = with_code(parcels, B)
    assert (later.ignored, later.event) == (ignored, event)


@pytest.mark.parametrize("event", ["cancelled", "refunded"])
def test_calling_off_one_of_two_orders_leaves_the_package_alive(event: str) -> None:
    package = notice("2026-11-03", "shipped", "1001 1002", A)
    part = notice("2026-11-05", event, "1001")
    rest = notice("2026-11-06", event, "1002")
    assert one(package, part).event is Event.SHIPPED
    assert one(package, part, part).event is Event.SHIPPED
    assert one(package, part, rest).event == event
    assert one(package, notice("2026-11-05", event, codes=A)).event == event


def test_an_unverified_cancellation_does_not_count_as_a_part() -> None:
    package = notice("2026-11-03", "shipped", "1001 1002", A)
    part = notice("2026-11-05", "cancelled", "1001", trust="unverified")
    rest = notice("2026-11-06", "cancelled", "1002")
    assert one(package, part, rest).event is Event.SHIPPED


@pytest.mark.parametrize(
    ("event", "becomes"),
    [("cancelled", "shipped"), ("refunded", "shipped"), ("returned", "shipped"), ("delivered", "in_transit")],
)
def test_what_is_told_of_a_part_of_the_order_ends_nothing(event: str, becomes: str) -> None:
    part = notice("2026-11-05", event, "1001", status="partial")
    parcel = one(notice("2026-11-03", "shipped", "1001", A), part)
    assert parcel.event == becomes
    assert part.message_id in {source.message_id for source in parcel.sources}


def test_a_package_that_is_named_is_delivered_whole_though_it_is_a_part_of_the_order() -> None:
    shipped = notice("2026-11-03", "shipped", "1001", f"{A} {B}")
    parcels = fold([shipped, notice("2026-11-05", "delivered", "1001", A, status="partial")])
    assert (with_code(parcels, A).event, with_code(parcels, B).event) == (Event.DELIVERED, Event.SHIPPED)


def test_what_came_back_and_is_shipped_again_starts_anew() -> None:
    parcel = one(
        notice("2026-11-03", "shipped", "1001", A),
        mark("2026-11-20", "1001", "contacted"),
        mark("2026-11-21", "1001", "disputed"),
        notice("2026-11-25", "in_transit", "1001", A),
        notice("2026-12-01", "returned", "1001"),
        notice("2026-12-05", "shipped", "1001"),
    )
    assert (parcel.event, parcel.shipped_at, parcel.informed_at) == (Event.SHIPPED, moment("2026-12-05"), None)
    assert (parcel.contacted_at, parcel.disputed_at) == (None, None)


def test_a_later_package_shipped_again_counts_from_the_first_mail_that_says_so() -> None:
    parcels = fold(
        [
            notice("2026-11-01", "ordered", "1001"),
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-12", "shipped", "1001", B),
            notice("2026-12-01", "returned", codes=B, shop=None),
            notice("2026-12-05", "shipped", "1001", B),
            notice("2026-12-07", "shipped", "1001", B),
        ]
    )
    assert with_code(parcels, B).shipped_at == moment("2026-12-05")


def test_a_parcel_that_is_sent_anew_after_a_dispute_has_days_and_a_dispute_of_its_own() -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", A),
            mark("2026-12-20", "1001", "disputed"),
            notice("2026-12-23", "shipped", "1001", B),
        ]
    )
    again = with_code(parcels, B)
    assert (again.shipped_at, again.disputed_at) == (moment("2026-12-23"), None)
    assert with_code(parcels, A).disputed_at == moment("2026-12-20")


def test_a_dispute_about_the_order_is_one_about_all_packages_known_by_then() -> None:
    parcels = fold([notice("2026-11-03", "shipped", "1001", f"{A} {B}"), mark("2026-12-20", "1001", "disputed")])
    assert [parcel.disputed_at for parcel in parcels] == [moment("2026-12-20")] * 2
