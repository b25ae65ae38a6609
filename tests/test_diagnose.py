"""From a parcel and a day to what its owner reads."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from english import in_english
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from paper import CODE, NOON_0, ORDER, OTHER_CODE, day, noon, on, ordered, seen, shipped

from pipeline.diagnose import diagnose, worth_showing
from pipeline.diagnose.seller import languages, seller_message
from pipeline.facts import FACTS, Defaults, ShopTerms, facts
from pipeline.model import (
    Check,
    CodeKind,
    Diagnosis,
    Event,
    Level,
    Mark,
    MarkKind,
    Parcel,
    Source,
    TrackingCode,
    Trust,
)
from pipeline.rules import ALL_BELOW, Rule, rules
from pipeline.rules.overlap import KNOWN_IMPLIES, TRUE_IMPLIES
from pipeline.rules.wording import PLACEHOLDERS, days_left, fill, placeholders

BERLIN = ZoneInfo("Europe/Berlin")
LAST_DAYS = range(55, 61)
EBAY = ShopTerms(protection=30, protection_basis="expected")


# ── which rule wins ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", LAST_DAYS)
@pytest.mark.parametrize("event", [Event.DELIVERED, Event.RETURNED, Event.CANCELLED, Event.REFUNDED])
def test_the_last_days_are_nothing_to_a_solved_parcel(event: Event, number: int) -> None:
    assert on(number, seen(event, 50)).rule == str(event)


UNSOLVED = [Event.SHIPPED, Event.IN_TRANSIT, Event.OUT_FOR_DELIVERY, Event.AVAILABLE_FOR_PICKUP]
UNSOLVED += [Event.ATTEMPT_FAILED, Event.EXCEPTION, Event.CODE_CHANGED, Event.CLOSING, Event.NONE]


@pytest.mark.parametrize("event", UNSOLVED)
def test_in_the_last_days_a_dispute_comes_before_everything_else(event: Event) -> None:
    assert {on(number, seen(event, 54)).rule for number in LAST_DAYS} == {"dispute-now"}


def test_a_parcel_to_be_collected_is_still_to_be_collected_in_the_last_days() -> None:
    found = on(57, seen(Event.AVAILABLE_FOR_PICKUP, 54, pickup_by=day(59)))
    assert found.rule == "dispute-now"
    assert f"The last day is {day(59)}; after that it goes back to the sender." in found.advice


def test_the_day_to_act_is_then_that_of_the_dispute() -> None:
    assert on(57, seen(Event.AVAILABLE_FOR_PICKUP, 54, pickup_by=day(59))).act_by == day(60)


def test_other_parcels_get_no_advice_to_collect() -> None:
    assert not any("collect" in sentence for sentence in on(57, shipped()).advice)


def test_what_waits_at_the_post_office_is_collected_even_after_protection() -> None:
    assert on(61, seen(Event.AVAILABLE_FOR_PICKUP, 54)).rule == "collect"


def test_a_missed_pickup_is_told_as_such() -> None:
    parcel = seen(Event.AVAILABLE_FOR_PICKUP, 1, pickup_by=day(9))
    assert [on(number, parcel).title for number in (9, 10)] == [
        "Ready to be collected",
        "The last day to collect it has passed",
    ]


@pytest.mark.parametrize("event", [Event.OUT_FOR_DELIVERY, Event.ATTEMPT_FAILED, Event.EXCEPTION])
def test_news_from_the_door_grow_stale_after_fifteen_days(event: Event) -> None:
    assert [on(number, seen(event, 3)).rule == "stalled" for number in (18, 19)] == [False, True]


@pytest.mark.parametrize("event", [Event.CLOSING, Event.NONE, Event.SHIPPED])
def test_a_closing_mail_of_unknown_sender_moves_nothing(event: Event) -> None:
    assert on(12, seen(event, 3, shipped_at=noon(0))).rule == "ask-carrier"


def test_a_trusted_closing_mail_asks_for_a_dispute_within_three_days() -> None:
    parcel = shipped(closing_at=noon(20))
    assert [(on(number, parcel).rule, on(number, parcel).act_by) for number in (19, 20, 23, 24)] == [
        ("check-code", None),
        ("dispute-now", day(23)),
        ("dispute-now", day(23)),
        ("protection-over", None),
    ]


def test_a_closing_mail_counts_even_where_the_dispute_window_is_short() -> None:
    assert on(20, shipped(closing_at=noon(20)), defaults=Defaults(dispute_window=0)).rule == "dispute-now"


def test_the_words_say_that_the_shop_is_about_to_close() -> None:
    assert on(20, shipped(closing_at=noon(20))).title == "The shop is about to close the order: open a dispute"


def test_closed_without_delivery_is_over() -> None:
    found = on(57, seen(Event.CLOSED, 56))
    assert (found.rule, found.title) == (
        "protection-over",
        "The shop has closed the order, and no delivery was told",
    )


def test_closed_after_delivery_is_done() -> None:
    assert on(57, seen(Event.CLOSED, 56, delivered_at=noon(40))).rule == "delivered"


@pytest.mark.parametrize(
    ("parcel", "number", "rule", "level"),
    [
        pytest.param(shipped(disputed_at=noon(55)), 56, "dispute-now", "watch", id="in the last days"),
        pytest.param(shipped(disputed_at=noon(55)), 61, "protection-over", "watch", id="after them"),
        pytest.param(shipped(disputed_at=noon(57), closing_at=noon(56)), 58, "dispute-now", "watch", id="closing"),
    ],
)
def test_an_open_dispute_is_watched(parcel: Parcel, number: int, rule: str, level: str) -> None:
    found = on(number, parcel)
    assert (found.rule, found.level) == (rule, level)
    assert found.title.startswith("Dispute open since 2026-04-")


@pytest.mark.parametrize(
    ("parcel", "number", "rule"),
    [
        pytest.param(shipped(untracked=True), 15, "ask-carrier", id="not before day 16"),
        pytest.param(shipped(untracked=True), 16, "untracked-item", id="beats check-code"),
        pytest.param(shipped(untracked=True, unchanged_at=noon(3)), 16, "untracked-item", id="beats contact-seller"),
        pytest.param(shipped(untracked=True), 55, "dispute-now", id="not dispute-now"),
        pytest.param(shipped(untracked=True, codes=()), 20, "no-code-yet", id="nor no-code-yet"),
        pytest.param(shipped(untracked=True, code_changed_at=noon(10)), 20, "code-changed", id="nor code-changed"),
        pytest.param(seen(Event.IN_TRANSIT, 3, untracked=True), 18, "moving", id="not where there is information"),
    ],
)
def test_an_untracked_kind(parcel: Parcel, number: int, rule: str) -> None:
    assert on(number, parcel).rule == rule


@pytest.mark.parametrize(
    ("parcel", "rule"),
    [
        pytest.param(shipped(code_changed_at=noon(20), unchanged_at=noon(18)), "code-changed", id="after unchanged"),
        pytest.param(shipped(code_changed_at=noon(12), unchanged_at=noon(11)), "check-code", id="long after it"),
        pytest.param(shipped(code_changed_at=noon(12), unchanged_at=noon(13)), "contact-seller", id="looked again"),
        pytest.param(seen(Event.IN_TRANSIT, 21, code_changed_at=noon(20)), "moving", id="information on the new code"),
    ],
)
def test_a_changed_code_on_day_23(parcel: Parcel, rule: str) -> None:
    assert on(23, parcel).rule == rule


def test_an_order_mail_that_says_in_transit_is_information_without_a_code() -> None:
    assert on(4, seen(Event.IN_TRANSIT, 3, codes=())).rule == "moving"


def test_an_end_of_protection_that_is_unknown_asks_for_no_dispute() -> None:
    rules_seen = {on(number, shipped(), terms=EBAY).rule for number in range(16, 120)}
    assert rules_seen == {"check-code"}


def test_settings_move_the_shipment_window() -> None:
    found = [on(number, ordered(), defaults=Defaults(shipment_window=8)).rule for number in (8, 9)]
    assert found == ["awaiting-shipment", "shipment-overdue"]


def test_settings_move_the_dispute_window() -> None:
    found = [on(number, shipped(), defaults=Defaults(dispute_window=10)).rule for number in (49, 50)]
    assert found == ["check-code", "dispute-now"]


def test_settings_move_the_end_of_protection() -> None:
    assert on(30, shipped(), defaults=Defaults(protection=30)).act_by == day(30)


def test_a_shop_moves_the_end_of_protection() -> None:
    assert on(90, shipped(), terms=ShopTerms(protection=90)).act_by == day(90)


# ── days, dates and notes ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("parcel", "days"),
    [
        pytest.param(ordered(), 4, id="before shipping: since ordered"),
        pytest.param(shipped(ordered_at=noon(-3)), 4, id="since shipped"),
        pytest.param(seen(Event.DELIVERED, 3), 4, id="delivered: since shipped, too"),
        pytest.param(seen(Event.IN_TRANSIT, 3, shipped_at=None), None, id="never told as shipped"),
        pytest.param(shipped(event=Event.NONE, shipped_at=None), None, id="nearly nothing told"),
    ],
)
def test_the_days_told(parcel: Parcel, days: int | None) -> None:
    assert on(4, parcel).days == days


@pytest.mark.parametrize(("zone", "days"), [(UTC, 10), (BERLIN, 9)])
def test_days_are_those_of_the_owners_calendar(zone: tzinfo, days: int) -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # 3 March in Berlin
    assert diagnose(shipped(shipped_at=late), date(2026, 3, 12), zone, Defaults(), {}).days == days


@pytest.mark.parametrize(
    ("parcel", "act_by"),
    [
        (shipped(protection_ends=day(6), protection_from="owner"), day(6)),
        (seen(Event.AVAILABLE_FOR_PICKUP, 1, pickup_by=day(9)), day(9)),
        (seen(Event.AVAILABLE_FOR_PICKUP, 1), None),
        (seen(Event.IN_TRANSIT, 1, pickup_by=day(9)), None),
        (shipped(), None),
        (ordered(), None),
        (seen(Event.DELIVERED, 1), None),
    ],
)
def test_the_last_day_to_act(parcel: Parcel, act_by: date | None) -> None:
    assert on(4, parcel).act_by == act_by


def test_a_rule_to_act_before_protection_ends_names_no_day_where_its_end_is_unknown() -> None:
    always = structs.replace(rules().by_id("dispute-now"), when=("solved is false",), keeps=())
    book = structs.replace(rules(), rule=(always,))
    assert [on(4, shipped(), terms=terms, book=book).act_by for terms in (None, EBAY)] == [day(60), None]


@pytest.mark.parametrize(
    ("parcel", "number", "notes"),
    [
        pytest.param(shipped(), 9, [], id="day 9"),
        pytest.param(shipped(), 10, [("too-early-to-dispute", day(55))], id="day 10"),
        pytest.param(shipped(), 54, [("too-early-to-dispute", day(55))], id="the day before the window"),
        pytest.param(shipped(), 55, [], id="the window opens"),
        pytest.param(shipped(codes=()), 20, [("too-early-to-dispute", day(55))], id="without a code, too"),
        pytest.param(shipped(disputed_at=noon(12)), 20, [], id="a dispute is open already"),
        pytest.param(seen(Event.IN_TRANSIT, 3), 20, [], id="there is information"),
        pytest.param(seen(Event.CANCELLED, 3), 20, [], id="cancelled"),
        pytest.param(seen(Event.CLOSED, 3), 20, [], id="closed"),
        pytest.param(seen(Event.DELIVERED, 3), 18, [("content-dispute-until", day(18))], id="the last day of content"),
        pytest.param(seen(Event.DELIVERED, 3), 19, [], id="the day after it"),
    ],
)
def test_notes(parcel: Parcel, number: int, notes: list[tuple[str, date]]) -> None:
    assert [(note.id, note.date) for note in on(number, parcel).notes] == notes


def test_a_note_names_its_day_in_words() -> None:
    assert str(day(55)) in on(20, shipped()).notes[0].text


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("parcel", "words"),
    [
        (shipped(), f"about {day(60)} (an estimate: the order's page has the exact day): 5 days left."),
        (
            shipped(protection_ends=day(56), protection_from="owner"),
            f"ends on {day(56)} (the day you gave): 1 day left.",
        ),
        (
            shipped(protection_ends=day(55), protection_from="mail"),
            "(as the shop's mail says): today is the last day.",
        ),
    ],
)
def test_the_end_of_protection_is_labelled(parcel: Parcel, words: str) -> None:
    assert on(55, parcel).advice[0].endswith(words)


def test_the_end_after_a_closing_mail_is_labelled() -> None:
    assert "3 days after the shop announced the closing" in on(24, shipped(closing_at=noon(20))).advice[0]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-2, "2 days ago"),
        (-1, "1 day ago"),
        (0, "today is the last day"),
        (1, "1 day left"),
        (2, "2 days left"),
    ],
)
def test_days_left_in_words(days: int, words: str) -> None:
    assert str(days_left(days)) == words


def _page(carrier: str | None, code: str) -> str | None:
    return f"https://carrier.example/{carrier}/{code}" if carrier else None


def _tracked(parcel: Parcel) -> Diagnosis:
    return in_english(diagnose(parcel, day(12), UTC, Defaults(), {}, tracking_page=_page))


def test_the_carriers_page_stands_in_the_advice_and_beside_it() -> None:
    found = _tracked(shipped())
    assert found.tracking_page == "https://carrier.example/cainiao/LP00827165784034"
    assert f"The carrier's own page: {found.tracking_page}" in found.advice


def test_without_a_carriers_page_the_sentence_is_left_out() -> None:
    assert not any("own page:" in sentence for sentence in on(12, shipped()).advice)


def test_a_package_id_gives_way_to_the_carriers_code() -> None:
    package = TrackingCode("AP00900100900100", None, CodeKind.PACKAGE_ID)
    assert _tracked(shipped(codes=(package, CODE))).tracking_page == "https://carrier.example/cainiao/LP00827165784034"


def test_the_page_of_a_replaced_code_is_not_shown() -> None:
    nameless = TrackingCode("XX1", None)
    assert _tracked(shipped(codes=(nameless, CODE), code_changed_at=noon(11))).tracking_page is None


def test_the_order_page_is_built_from_our_own_table() -> None:
    found = on(3, shipped(codes=()), terms=ShopTerms(order_page="https://shop.example/?id={order}&v=1"))
    assert f"The order's page: https://shop.example/?id={ORDER}&v=1" in found.advice


def test_an_order_number_cannot_break_out_of_the_address() -> None:
    parcel = shipped(codes=(), orders=("12/../?x=y&z",))
    found = on(3, parcel, terms=ShopTerms(order_page="https://shop.example/{order}"))
    assert "The order's page: https://shop.example/12%2F..%2F%3Fx%3Dy%26z" in found.advice


def test_a_wrong_check_digit_is_pointed_out() -> None:
    parcel = shipped(codes=(replace(CODE, check=Check.FAILED),))
    assert sum("check digit of LP00827165784034" in sentence for sentence in on(16, parcel).advice) == 1


@pytest.mark.parametrize("check", [Check.PASSED, Check.NONE])
def test_other_codes_are_not_doubted(check: Check) -> None:
    parcel = shipped(codes=(replace(CODE, check=check),))
    assert not any("check digit" in sentence for sentence in on(16, parcel).advice)


def test_the_command_names_the_code_where_one_is_known() -> None:
    assert on(16, shipped()).advice[-1].endswith("parcel-digest mark LP00827165784034 unchanged")


def test_else_the_command_names_the_order() -> None:
    assert f"parcel-digest mark {ORDER} code=CODE" in " ".join(on(6, ordered()).advice)


def test_every_order_in_the_package_is_named() -> None:
    assert on(3, shipped(codes=(), orders=("1001", "1002"))).advice[0].startswith("1001, 1002 in the mail's subject")


def test_braces_in_an_order_number_are_left_alone() -> None:
    assert on(3, shipped(codes=(), orders=("{days}",))).advice[0].startswith("{days} in the mail's subject")


def test_every_placeholder_can_be_filled() -> None:
    parcel = seen(
        Event.DELIVERED,
        9,
        codes=(replace(OTHER_CODE, check=Check.FAILED), CODE),
        code_changed_at=noon(2),
        ordered_at=noon(0),
        disputed_at=noon(3),
        pickup_by=day(9),
    )
    book = rules()
    every = "; ".join(f"{name}={{{name}}}" for name in PLACEHOLDERS if name != "act_by")
    delivered = replace_advice(book.by_id("delivered"), every)
    diagnosis = diagnose(
        parcel,
        day(10),
        UTC,
        Defaults(),
        {"aliexpress": ShopTerms(order_page="https://shop.example/{order}")},
        tracking_page=_page,
        carrier_name=str.upper,
        book=type(book)(rule=(delivered,), note=(), otherwise=book.otherwise),
    )
    assert in_english(diagnosis).advice == (
        "carrier=CHINA-POST; "
        f"changed_on={day(2)}; code=LX123456785CN; content_until={day(24)}; days=10 days; days_left=50 days left; "
        f"disputed_on={day(3)}; dispute_from={day(55)}; informed_on={day(9)}; mistyped_code=LX123456785CN; "
        f"number=LX123456785CN; old_code=LP00827165784034; order={ORDER}; "
        f"order_page=https://shop.example/{ORDER}; pickup_by={day(9)}; protection_end=about {day(60)}; "
        f"protection_source=an estimate: the order's page has the exact day; ship_by={day(5)}; "
        f"solved_on={day(9)}; tracking_page=https://carrier.example/china-post/LX123456785CN",
    )


def replace_advice(rule: Rule, sentence: str) -> Rule:
    return structs.replace(rule, advice=(sentence,))


def test_a_title_that_cannot_be_filled_gives_way_to_the_rules_own() -> None:
    collect = rules().by_id("collect")
    variant = structs.replace(collect.variant[0], title="Until {pickup_by}", when=("solved is false",))
    book = structs.replace(rules(), rule=(structs.replace(collect, variant=(variant,)),))
    known, unknown = (seen(Event.AVAILABLE_FOR_PICKUP, 1, pickup_by=last) for last in (day(9), None))
    assert [on(2, parcel, book=book).title for parcel in (known, unknown)] == [
        f"Until {day(9)}",
        "Ready to be collected",
    ]


@pytest.mark.parametrize(
    ("sentence", "filled"),
    [
        ("Until {x}.", "Until 5."),
        ("Until {y}.", None),
        ("Until {z}.", None),
        ("Now.", "Now."),
        ("{{x}}", "{x}"),
    ],
)
def test_a_sentence_with_something_unknown_is_left_out(sentence: str, filled: str | None) -> None:
    found = fill(sentence, {"x": "5", "y": None})
    assert (found and str(found)) == filled


def test_placeholders_of_a_sentence() -> None:
    assert placeholders("{a} and {b}, {{c}}") == {"a", "b"}


# ── explaining ──────────────────────────────────────────────────────────────────────────────────────────────

MAIL = Source("m1@example.org", NOON_0, Event.SHIPPED, "Your Order 8211968327931234 has been shipped")
WORD = Source(
    "mark-1", noon(12), Event.NONE, trust=Trust.OWNER, mark=Mark(MarkKind.UNCHANGED)
)  # the owner looked on day 12


def found_facts(number: int, parcel: Parcel) -> dict[str, str]:
    return {fact.name: fact.words for fact in on(number, parcel, explain=True).facts}


def test_every_fact_is_told_with_what_it_rests_on() -> None:
    found = found_facts(17, shipped(sources=(MAIL, WORD), unchanged_at=noon(12)))
    assert list(found) == list(FACTS)
    assert {name: found[name] for name in ("days", "marked_unchanged", "days_to_dispute", "information")} == {
        "days": f"17 ({day(0)}, “Your Order 8211968327931234 has been shipped”)",
        "marked_unchanged": f"yes ({day(12)}, your mark)",
        "days_to_dispute": f"38 ({day(55)})",
        "information": "no",
    }


@pytest.mark.parametrize(
    ("fact", "words", "parcel"),
    [
        (
            "days_to_protection_end",
            f"43 ({day(60)}, an estimate: the order's page has the exact day)",
            shipped(),
        ),
        ("days_past_ship_by", f"12 ({day(5)})", ordered()),
        ("days_to_pickup_end", f"-8 ({day(9)})", seen(Event.AVAILABLE_FOR_PICKUP, 1, pickup_by=day(9))),
        ("days_since_solved", f"14 ({day(3)})", seen(Event.DELIVERED, 3)),
        ("days_since_ordered", f"17 ({day(0)})", ordered()),
        ("days_since_information", "unknown", shipped()),
        (
            "event",
            f"shipped ({day(0)}, “m1@example.org”)",
            shipped(sources=(structs.replace(MAIL, subject=""),)),
        ),
        ("code_known", "yes", shipped()),
    ],
)
def test_a_fact_in_words(fact: str, words: str, parcel: Parcel) -> None:
    assert found_facts(17, parcel)[fact] == words


def test_what_does_not_hold_rests_on_nothing() -> None:
    changed = shipped(sources=(MAIL, WORD), unchanged_at=noon(12), code_changed_at=noon(13))
    assert found_facts(17, changed)["marked_unchanged"] == "no"


def test_a_finding_names_value_day_and_mail_for_machines() -> None:
    found = {fact.name: fact for fact in on(17, shipped(sources=(MAIL,)), explain=True).facts}
    assert (found["days"].value, found["days"].day, found["days"].message_id) == (17, day(0), MAIL.message_id)
    assert (found["information"].value, found["information"].day) == (False, None)


def test_every_rule_and_note_is_told_with_its_outcome() -> None:
    trials = on(17, shipped(), explain=True).trials
    assert [trial.rule for trial in trials] == [part.id for part in (*rules().rule, *rules().note)]
    outcomes = {trial.rule: trial.hit for trial in trials}
    assert (outcomes["check-code"], outcomes["ask-carrier"], outcomes["moving"]) == (True, False, None)


def test_every_condition_is_told_with_value_and_outcome() -> None:
    trial = next(trial for trial in on(17, ordered(), explain=True).trials if trial.rule == "check-code")
    assert trial.conditions == (
        ("code_known is true", "no", False),
        ("information is false", "no", True),
        ("days > 15", "unknown", None),
    )


def test_the_last_resort_is_told_where_no_rule_held() -> None:
    last = on(3, shipped(event=Event.NONE, shipped_at=None), explain=True).trials[-1]
    assert (last.rule, last.hit) == ("otherwise", True)


def test_the_explanation_is_given_only_when_asked_for() -> None:
    found = diagnose(shipped(), day(17), UTC, Defaults(), {})
    assert (found.facts, found.trials) == ((), ())


# ── worth showing ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("parcel", "number", "shown"),
    [
        pytest.param(seen(Event.DELIVERED, 3), 18, True, id="fifteen days after delivery"),
        pytest.param(seen(Event.DELIVERED, 3), 19, False, id="sixteen days after delivery"),
        pytest.param(seen(Event.CANCELLED, 3), 19, False, id="sixteen days after a cancellation"),
        pytest.param(shipped(), 300, True, id="never solved"),
        pytest.param(shipped(ignored=True), 20, False, id="ignored"),
        pytest.param(seen(Event.DELIVERED, 3, ignored=True), 4, False, id="delivered and ignored"),
    ],
)
def test_worth_showing(parcel: Parcel, number: int, shown: bool) -> None:
    assert worth_showing(parcel, on(number, parcel), day(number), UTC) is shown


def test_a_solved_parcel_is_shown_for_fifteen_of_its_owners_days() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # 3 March in Berlin
    parcel = seen(Event.DELIVERED, 0, event_at=late, delivered_at=late)
    found = diagnose(parcel, date(2026, 3, 18), BERLIN, Defaults(), {})
    assert [worth_showing(parcel, found, date(2026, 3, 18), zone) for zone in (BERLIN, UTC)] == [True, False]


# ── every parcel, every day ─────────────────────────────────────────────────────────────────────────────────

MOMENTS = st.none() | st.integers(-5, 90).map(noon)
DAYS = st.none() | st.integers(-5, 90).map(day)
ANY_PARCEL = st.builds(
    Parcel,
    key=st.just("order:1"),
    shop=st.sampled_from([None, "aliexpress", "ebay"]),
    orders=st.sampled_from([(), (ORDER,), (ORDER, "8211968327939999")]),
    codes=st.sampled_from([(), (CODE,), (OTHER_CODE, CODE), (replace(CODE, check=Check.FAILED),)]),
    event=st.sampled_from(Event),
    event_at=st.integers(-5, 90).map(noon),
    ordered_at=MOMENTS,
    shipped_at=MOMENTS,
    code_changed_at=MOMENTS,
    informed_at=MOMENTS,
    first_news_at=MOMENTS,
    last_news_at=MOMENTS,
    delivered_at=MOMENTS,
    ship_by=DAYS,
    protection_ends=DAYS,
    protection_from=st.sampled_from([None, "owner", "mail"]),
    closing_at=MOMENTS,
    expected=DAYS,
    pickup_by=DAYS,
    items=st.sampled_from([(), ("Stickers",), ("Smartphone",)]),
    unchanged_at=MOMENTS,
    contacted_at=MOMENTS,
    disputed_at=MOMENTS,
    untracked=st.booleans(),
)
ANY_DAY = st.integers(-10, 120)
ZONES = st.sampled_from([UTC, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("America/Los_Angeles")])
SHOPS = {"ebay": EBAY, "aliexpress": ShopTerms(order_page="https://shop.example/{order}")}


@given(ANY_PARCEL, ANY_DAY, ZONES)
def test_every_parcel_gets_a_diagnosis_that_can_be_read(parcel: Parcel, number: int, zone: ZoneInfo) -> None:
    found = in_english(diagnose(parcel, day(number), zone, Defaults(), SHOPS, tracking_page=_page, explain=True))
    sentences = (found.title, *found.advice, *(note.text for note in found.notes))
    assert found.rule in {rule.id for rule in rules().rule}
    assert found.advice
    assert not [sentence for sentence in sentences if re.search(r"[{}]|None|\s{2}", sentence)]


@given(ANY_PARCEL, ANY_DAY, ZONES)
def test_a_parcel_that_needs_its_owner_says_by_when_where_that_is_known(
    parcel: Parcel, number: int, zone: ZoneInfo
) -> None:
    found = diagnose(parcel, day(number), zone, Defaults(), SHOPS)
    assert (found.act_by is not None) == (
        found.rule == "dispute-now" or (found.rule == "collect" and parcel.pickup_by is not None)
    )


@given(ANY_PARCEL, ANY_DAY, ZONES)
def test_dispute_now_always_leaves_time_to_act(parcel: Parcel, number: int, zone: ZoneInfo) -> None:
    found = diagnose(parcel, day(number), zone, Defaults(), SHOPS)
    assert found.act_by is None or found.rule != "dispute-now" or found.act_by >= day(number)


@given(ANY_PARCEL, ANY_DAY, ZONES)
def test_solved_events_end_a_parcel_whatever_else_is_told(parcel: Parcel, number: int, zone: ZoneInfo) -> None:
    found = diagnose(parcel, day(number), zone, Defaults(), SHOPS)
    solved = facts(parcel, day(number), zone, Defaults()).solved
    assert (found.level is Level.DONE) == solved


@given(ANY_PARCEL, ANY_DAY, ZONES)
def test_what_holds_beside_the_winner_is_named_as_suppressed(parcel: Parcel, number: int, zone: ZoneInfo) -> None:
    book, values = rules(), facts(parcel, day(number), zone, Defaults()).values()
    winner = book.winner(values)
    beside = {rule.id for rule in book.rule if rule is not winner and rule.holds(values)}
    named = winner.suppresses if winner else ()
    assert ALL_BELOW in named or beside <= set(named)


@given(ANY_PARCEL, ANY_DAY, ZONES)
def test_facts_follow_from_facts_as_the_loader_of_the_rules_believes(
    parcel: Parcel, number: int, zone: ZoneInfo
) -> None:
    values = facts(parcel, day(number), zone, Defaults()).values()
    known = {fact for days, fact in KNOWN_IMPLIES.items() if values[days] is not None}
    known |= {fact for first, fact in TRUE_IMPLIES.items() if values[first] is True}
    assert all(values[fact] is True for fact in known)


@given(ANY_PARCEL, ANY_DAY)
def test_the_same_moments_written_in_another_zone_change_nothing(parcel: Parcel, number: int) -> None:
    tokyo = ZoneInfo("Asia/Tokyo")

    def elsewhere(moment: datetime | None) -> datetime | None:
        return moment.astimezone(tokyo) if moment else None

    names = ("ordered_at", "shipped_at", "informed_at", "code_changed_at", "delivered_at", "closing_at")
    moved = replace(parcel, **{name: elsewhere(getattr(parcel, name)) for name in names})
    both = [diagnose(one, day(number), UTC, Defaults(), SHOPS) for one in (parcel, moved)]
    assert both[0] == both[1]


# ── a message to the seller ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["en", "ru", "uk", "es", "pt-BR", "zh", "de", "fr", "it", "pl", "tr", "ar"])
def test_the_message_names_order_code_ship_date_and_days(language: str) -> None:
    message = seller_message(shipped(), 17, language, UTC)
    assert [part in message for part in (ORDER, CODE.code, str(day(0)), "17")] == [True] * 4


def test_each_language_has_its_own_message() -> None:
    assert len({seller_message(shipped(), 17, language, UTC) for language in languages()}) == 12


@pytest.mark.parametrize(("asked", "given"), [("nl", "en"), ("", "en"), ("de-AT", "de"), ("zh_CN", "zh"), ("RU", "ru")])
def test_the_language_is_the_nearest_there_is(asked: str, given: str) -> None:
    assert seller_message(shipped(), 17, asked, UTC) == seller_message(shipped(), 17, given, UTC)


def test_what_is_unknown_is_not_mentioned() -> None:
    message = seller_message(ordered(), None, "en", UTC)
    assert not re.search(r"code:|Shipped on|Days|None|[{}]", message)


def test_the_message_stands_line_by_line() -> None:
    message = seller_message(shipped(orders=(ORDER, "8211968327939999")), 17, "en", UTC)
    assert message.splitlines()[:3] == [
        "Hello,",
        f"it is about my order {ORDER}, 8211968327939999.",
        f"Tracking code: {CODE.code}",
    ]


def test_the_ship_date_is_the_owners_day() -> None:
    late = shipped(shipped_at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    assert "2026-03-03" in seller_message(late, 17, "en", ZoneInfo("Europe/Berlin"))


def test_the_clock_is_an_argument() -> None:
    much_later = diagnose(shipped(), day(0) + timedelta(days=36_500), UTC, Defaults(), {})
    assert much_later.days == 36_500
