"""What state a parcel is in: one decision a test."""

from __future__ import annotations

import pytest
from folded import one, told
from notices import mark, moment, notice

from pipeline.model import Event

#: Events on days 1, 2, 3 … of one order; an event is trusted, unverified with a ``?``, a mark with a ``!``.
STATES = {
    "ordered": "ordered",
    "ordered shipped": "shipped",
    "shipped ordered": "shipped",
    "in_transit shipped": "in_transit",
    "in_transit exception in_transit": "in_transit",
    "out_for_delivery attempt_failed": "attempt_failed",
    "available_for_pickup in_transit": "in_transit",
    "delivered in_transit": "delivered",
    "returned shipped": "shipped",
    "returned shipped?": "returned",
    "returned? shipped?": "shipped",
    "delivered shipped": "delivered",
    "refunded shipped": "refunded",
    "shipped shipped!": "shipped",
    "ordered note!": "ordered",
    "delivered cancelled": "delivered",
    "delivered returned": "returned",
    "delivered refunded": "refunded",
    "returned delivered": "returned",
    "returned refunded": "refunded",
    "cancelled refunded": "refunded",
    "cancelled ordered": "cancelled",
    "cancelled shipped": "shipped",
    "cancelled in_transit": "in_transit",
    "refunded delivered": "refunded",
    "refunded cancelled": "refunded",
    "in_transit closing": "in_transit",
    "in_transit code_changed": "in_transit",
    "in_transit none": "in_transit",
    "in_transit closed": "closed",
    "closed shipped": "closed",
    "closed delivered": "delivered",
    "delivered closed": "delivered",
    "cancelled closed": "cancelled",
    "none": "none",
    "none closing": "closing",
    "closing none": "closing",
    "closing ordered": "ordered",
    # trust
    "out_for_delivery in_transit?": "out_for_delivery",
    "in_transit out_for_delivery?": "out_for_delivery",
    "in_transit in_transit?": "in_transit",
    "shipped delivered?": "delivered",
    "shipped cancelled?": "shipped",
    "shipped returned?": "shipped",
    "shipped refunded?": "shipped",
    "shipped closed?": "shipped",
    "in_transit? shipped cancelled?": "in_transit",
    "delivered refunded?": "delivered",
    "delivered? refunded?": "refunded",
    "delivered? in_transit": "in_transit",
    "delivered? in_transit?": "delivered",
    "delivered? closed": "delivered",
    "delivered? delivered in_transit": "delivered",
    "out_for_delivery? in_transit?": "in_transit",
    "out_for_delivery? in_transit": "in_transit",
    "out_for_delivery in_transit exception?": "exception",
    "out_for_delivery exception?": "out_for_delivery",
    "attempt_failed out_for_delivery?": "attempt_failed",
    "available_for_pickup attempt_failed?": "available_for_pickup",
    "in_transit? shipped? cancelled?": "cancelled",
    "in_transit? in_transit cancelled?": "in_transit",
    "out_for_delivery shipped in_transit?": "out_for_delivery",
    # the owner
    "shipped delivered!": "delivered",
    "shipped delivered! in_transit": "delivered",
    "shipped delivered! refunded": "refunded",
    "shipped delivered! refunded?": "delivered",
    "shipped delivered! reopen!": "shipped",
    "shipped delivered! in_transit reopen!": "in_transit",
    "shipped delivered reopen!": "shipped",
    "shipped delivered in_transit reopen!": "in_transit",
    "shipped delivered delivered! reopen!": "delivered",
    "shipped delivered delivered! reopen! reopen!": "shipped",
    "shipped unchanged! delivered reopen!": "shipped",
    "shipped delivered unchanged! reopen!": "delivered",
    "shipped delivered reopen! delivered": "delivered",
    "shipped delivered refunded reopen!": "shipped",
    "refunded delivered!": "delivered",
    "shipped reopen!": "shipped",
}


@pytest.mark.parametrize(("story", "event"), STATES.items(), ids=STATES)
def test_the_state_after(story: str, event: str) -> None:
    assert one(*told(story)).event == event


@pytest.mark.parametrize("story", ["in_transit exception", "exception in_transit", "delivered cancelled refunded"])
def test_of_mails_of_one_moment_progress_decides(story: str) -> None:
    notices = [notice("2026-11-01", event, "1001") for event in story.split()]
    expected = {"in_transit": "exception", "exception": "exception", "delivered": "refunded"}[story.split()[0]]
    assert one(*notices).event == one(*reversed(notices)).event == expected


def test_a_mark_comes_after_the_mails_of_its_moment() -> None:
    shipped, delivered = told("shipped delivered")
    assert one(shipped, delivered, mark("2026-11-02", "1001", "reopen", message_id="0")).event is Event.SHIPPED


@pytest.mark.parametrize("status", [None, "customs"])
def test_a_state_is_dated_from_its_first_mail(status: str | None) -> None:
    parcel = one(*told("shipped in_transit"), notice("2026-11-03", "in_transit", "1001", status=status))
    assert parcel.event_at == moment("2026-11-02")


def test_a_parcel_of_which_nothing_is_told_is_dated_from_the_first_mail_that_names_it() -> None:
    assert one(*told("none none")).event_at == moment("2026-11-01")


def test_the_status_is_that_of_the_newest_mail_of_the_state() -> None:
    customs = notice("2026-11-02", "in_transit", "1001", status="customs")
    assert one(customs).status == "customs"
    assert one(customs, notice("2026-11-03", "in_transit", "1001")).status is None
    assert one(customs, notice("2026-11-03", "none", "1001")).status == "customs"


def test_an_order_shipped_in_part_and_then_whole_is_no_longer_shipped_in_part() -> None:
    part = notice("2026-11-02", "shipped", "1001", status="partial")
    assert one(part).status == "partial"
    assert one(part, notice("2026-11-03", "shipped", "1001")).status is None


def test_a_parcel_taken_back_from_its_end_is_where_the_mails_since_then_saw_it() -> None:
    customs = notice("2026-11-03", "in_transit", "1001", status="customs")
    parcel = one(*told("shipped delivered"), customs, mark("2026-11-04", "1001", "reopen"))
    assert (parcel.event, parcel.event_at) == (Event.IN_TRANSIT, moment("2026-11-03"))
    assert parcel.status == "customs"


@pytest.mark.parametrize(
    ("story", "day"),
    [
        ("shipped delivered", 2),
        ("shipped delivered delivered", 2),
        ("shipped delivered returned", 2),
        ("shipped delivered? in_transit", None),
        ("shipped delivered reopen!", None),
        ("shipped delivered!", 2),
    ],
)
def test_delivered_at(story: str, day: int | None) -> None:
    assert one(*told(story)).delivered_at == (moment(f"2026-11-{day:02}") if day else None)
