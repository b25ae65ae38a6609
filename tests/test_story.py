"""The help page as one story: what the owner is told on each day of one parcel's life.

Read it from top to bottom; each chapter is a row of the mission. Day 0 is the day of the order, 1 March 2026.
The parcel is shipped on day 3, 4 March, from which the days of waiting count.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from english import in_english

from pipeline.diagnose import diagnose, worth_showing
from pipeline.facts import Defaults, ShopTerms
from pipeline.model import Diagnosis, Event, Parcel, TrackingCode

ORDER = "65519797821543"
FIRST_CODE = TrackingCode("RB123456785CN", "china-post")
NEW_CODE = TrackingCode("LP00123456789012", "cainiao")
SHOPS = {"aliexpress": ShopTerms(order_page="https://shop.example/order?id={order}")}


def at(day: int) -> datetime:
    return datetime(2026, 3, 1, 9, 30, tzinfo=UTC) + timedelta(days=day)


def carriers_page(_carrier: str | None, code: str) -> str:
    return f"https://carrier.example/{code}"


def told(parcel: Parcel, day: int) -> Diagnosis:
    return in_english(diagnose(parcel, at(day).date(), UTC, Defaults(), SHOPS, tracking_page=carriers_page))


def gist(parcel: Parcel, day: int) -> tuple[str, str, int | None, date | None]:
    found = told(parcel, day)
    return found.rule, str(found.level), found.days, found.act_by


# The parcel, as it becomes.
ORDERED = Parcel(
    key=f"order:{ORDER}",
    shop="aliexpress",
    orders=(ORDER,),
    codes=(),
    event=Event.ORDERED,
    event_at=at(0),
    ordered_at=at(0),
    first_news_at=at(0),
    items=("Wireless mouse",),
)
SHIPPED = replace(ORDERED, event=Event.SHIPPED, event_at=at(3), shipped_at=at(3))
WITH_CODE = replace(SHIPPED, codes=(FIRST_CODE,))
UNCHANGED = replace(WITH_CODE, unchanged_at=at(19))
CONTACTED = replace(UNCHANGED, contacted_at=at(20))
CHANGED = replace(
    CONTACTED, event=Event.CODE_CHANGED, event_at=at(22), codes=(NEW_CODE, FIRST_CODE), code_changed_at=at(22)
)
MOVING = replace(CHANGED, event=Event.IN_TRANSIT, event_at=at(31), informed_at=at(31))
DISPUTED = replace(MOVING, disputed_at=at(59))
REFUNDED = replace(DISPUTED, event=Event.REFUNDED, event_at=at(66))

LAST_DAY = date(2026, 5, 3)  # 60 days from 4 March


def test_1_window_the_seller_has_five_days_to_ship() -> None:
    assert gist(ORDERED, 0) == ("awaiting-shipment", "wait", 0, None)
    assert gist(ORDERED, 5) == ("awaiting-shipment", "wait", 5, None)
    assert "until 2026-03-06" in told(ORDERED, 5).advice[0]


def test_1_window_not_shipped_in_time_the_money_comes_back_by_itself() -> None:
    assert gist(ORDERED, 6) == ("shipment-overdue", "act", 6, None)
    assert "The money should come back by itself" in told(ORDERED, 6).advice[0]


def test_1_mistake_the_number_in_the_mail_is_the_orders_and_no_tracking_code() -> None:
    assert gist(SHIPPED, 3) == ("no-code-yet", "watch", 0, None)
    assert told(SHIPPED, 3).advice[0].startswith(f"{ORDER} in the mail's subject is the number of your order")
    assert f"The order's page: https://shop.example/order?id={ORDER}" in told(SHIPPED, 3).advice


def test_2a_until_the_tenth_day_be_patient() -> None:
    assert gist(WITH_CODE, 3) == ("be-patient", "wait", 0, None)
    assert gist(WITH_CODE, 3 + 9) == ("be-patient", "wait", 9, None)


def test_2b_then_look_at_the_carriers_own_page() -> None:
    assert gist(WITH_CODE, 3 + 10) == ("ask-carrier", "watch", 10, None)
    assert gist(WITH_CODE, 3 + 15) == ("ask-carrier", "watch", 15, None)
    assert "The carrier's own page: https://carrier.example/RB123456785CN" in told(WITH_CODE, 13).advice


def test_2c_after_more_than_fifteen_days_look_whether_the_code_has_changed() -> None:
    assert gist(WITH_CODE, 3 + 16) == ("check-code", "act", 16, None)
    assert told(WITH_CODE, 19).advice[-1].endswith("parcel-digest mark RB123456785CN unchanged")


def test_2d_unchanged_so_contact_the_seller() -> None:
    assert gist(UNCHANGED, 19) == ("contact-seller", "act", 16, None)


def test_2d_contacted_so_wait_for_the_answer() -> None:
    assert gist(CONTACTED, 20) == ("contact-seller", "watch", 17, None)
    assert told(CONTACTED, 20).title == "Waiting for the seller's answer"


def test_2c_the_seller_sends_another_code() -> None:
    assert gist(CHANGED, 22) == ("code-changed", "watch", 19, None)
    assert gist(CHANGED, 22 + 10) == ("code-changed", "watch", 29, None)
    assert told(CHANGED, 22).advice[:2] == (
        "The code changed on 2026-03-23: follow LP00123456789012 from now on.",
        "The old one, RB123456785CN, will tell nothing more.",
    )


def test_2c_ten_days_later_the_new_code_is_as_silent_and_must_be_looked_up_anew() -> None:
    assert gist(CHANGED, 22 + 11) == ("check-code", "act", 30, None)


def test_2f_all_the_while_it_is_too_early_for_a_dispute() -> None:
    notes = {day: [note.id for note in told(CHANGED, day).notes] for day in (12, 13, 33, 57, 58)}
    early = ["too-early-to-dispute"]
    assert notes == {12: [], 13: early, 33: early, 57: early, 58: []}
    assert told(CHANGED, 33).notes[0].date == date(2026, 4, 28)


def test_at_last_it_moves() -> None:
    assert gist(MOVING, 31) == ("moving", "wait", 28, None)
    assert gist(MOVING, 31 + 15) == ("moving", "wait", 43, None)


def test_and_stops() -> None:
    assert gist(MOVING, 31 + 16) == ("stalled", "watch", 44, None)
    assert gist(MOVING, 57) == ("stalled", "watch", 54, None)


def test_2f_in_the_last_days_of_protection_open_the_dispute() -> None:
    assert gist(MOVING, 58) == ("dispute-now", "act", 55, LAST_DAY)
    assert gist(MOVING, 63) == ("dispute-now", "act", 60, LAST_DAY)
    assert told(MOVING, 63).advice[0].endswith("today is the last day.")


def test_2f_the_dispute_is_open_and_the_digest_is_quiet_about_it() -> None:
    assert gist(DISPUTED, 59)[:2] == ("dispute-now", "watch")
    assert told(DISPUTED, 59).title == "Dispute open since 2026-04-29"


def test_2f_who_missed_it_reads_that_protection_is_over() -> None:
    assert gist(MOVING, 64) == ("protection-over", "watch", 61, None)


def test_the_money_comes_back_and_fifteen_days_later_nobody_speaks_of_it() -> None:
    assert gist(REFUNDED, 66) == ("refunded", "done", 63, None)
    shown = [worth_showing(REFUNDED, told(REFUNDED, day), at(day).date(), UTC) for day in (66, 81, 82)]
    assert shown == [True, True, False]
