"""The facts about a parcel on a day: whole calendar days in the owner's zone; "unknown" where nobody said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from paper import CODE, day, noon, ordered, seen, shipped

from pipeline.facts import FACTS, Defaults, Facts, ShopTerms, facts, terms_of
from pipeline.facts.protection import protection
from pipeline.facts.untracked import often_untracked
from pipeline.model import Event, Mark, MarkKind, Parcel, Source, Trust

BERLIN, LOS_ANGELES, VLADIVOSTOK = map(ZoneInfo, ("Europe/Berlin", "America/Los_Angeles", "Asia/Vladivostok"))


def known(parcel: Parcel, number: int, terms: ShopTerms | None = None, defaults: Defaults | None = None) -> Facts:
    return facts(parcel, day(number), UTC, defaults or Defaults(), terms)


def every_fact(parcel: Parcel, number: int) -> dict[str, object]:
    return dict(known(parcel, number).values())


# ── days ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("zone", "sent", "days"),
    [
        pytest.param(BERLIN, "2026-11-20T22:59:59+00:00", 3, id="Berlin, last second of 20 November"),
        pytest.param(BERLIN, "2026-11-20T23:00:00+00:00", 2, id="Berlin, midnight of 21 November"),
        pytest.param(LOS_ANGELES, "2026-11-21T07:59:59+00:00", 3, id="Los Angeles, last second of 20 November"),
        pytest.param(LOS_ANGELES, "2026-11-21T08:00:00+00:00", 2, id="Los Angeles, midnight of 21 November"),
        pytest.param(VLADIVOSTOK, "2026-11-20T13:59:59+00:00", 3, id="Vladivostok, last second of 20 November"),
        pytest.param(VLADIVOSTOK, "2026-11-20T14:00:00+00:00", 2, id="Vladivostok, midnight of 21 November"),
        pytest.param(VLADIVOSTOK, "2026-11-20T20:00:00-08:00", 2, id="Vladivostok, a mail sent from California"),
    ],
)
def test_a_mail_near_midnight_counts_on_the_owners_day(zone: ZoneInfo, sent: str, days: int) -> None:
    parcel = shipped(shipped_at=datetime.fromisoformat(sent))
    assert facts(parcel, date(2026, 11, 23), zone, Defaults()).days == days


@pytest.mark.parametrize(
    ("zone", "sent", "today", "days"),
    [
        pytest.param(BERLIN, "2026-03-28T23:30+01:00", date(2026, 3, 29), 1, id="spring, a day of 23 hours"),
        pytest.param(BERLIN, "2026-03-28T23:30+01:00", date(2026, 3, 30), 2, id="spring, two days in 25 hours"),
        pytest.param(BERLIN, "2026-10-24T23:30+02:00", date(2026, 10, 25), 1, id="autumn, a day of 25 hours"),
        pytest.param(LOS_ANGELES, "2026-03-08T00:30-08:00", date(2026, 3, 9), 1, id="California in spring"),
        pytest.param(LOS_ANGELES, "2026-11-01T00:30-07:00", date(2026, 11, 1), 0, id="California in autumn"),
        pytest.param(VLADIVOSTOK, "2026-03-28T23:30+10:00", date(2026, 3, 29), 1, id="no change in Vladivostok"),
    ],
)
def test_a_day_on_which_the_clocks_change_is_one_day(zone: ZoneInfo, sent: str, today: date, days: int) -> None:
    assert facts(shipped(shipped_at=datetime.fromisoformat(sent)), today, zone, Defaults()).days == days


def test_days_count_from_the_first_shipment_when_the_code_changes() -> None:
    assert known(shipped(code_changed_at=noon(12)), 17).days == 17


def test_days_are_unknown_without_a_shipped_mail() -> None:
    assert known(seen(Event.IN_TRANSIT, 3, shipped_at=None), 9).days is None


@pytest.mark.parametrize(
    ("fact", "parcel"),
    [
        ("days", shipped(shipped_at=noon(5))),
        ("days_since_ordered", ordered(ordered_at=noon(5))),
        ("days_since_information", seen(Event.IN_TRANSIT, 5)),
        ("days_since_code_changed", shipped(code_changed_at=noon(5))),
    ],
)
def test_a_day_counts_on_itself_and_not_before_it_has_come(fact: str, parcel: Parcel) -> None:
    assert [every_fact(parcel, number)[fact] for number in (4, 5, 6)] == [None, 0, 1]


@pytest.mark.parametrize(
    ("fact", "parcel"),
    [
        ("ordered", ordered(event=Event.NONE, ordered_at=noon(5))),
        ("shipped", shipped(event=Event.NONE, shipped_at=noon(5))),
        ("information", seen(Event.IN_TRANSIT, 5)),
        ("closing_announced", shipped(closing_at=noon(5))),
        ("marked_unchanged", shipped(unchanged_at=noon(5))),
        ("marked_contacted", shipped(contacted_at=noon(5))),
        ("marked_disputed", shipped(disputed_at=noon(5))),
    ],
)
def test_what_is_told_later_does_not_hold_before(fact: str, parcel: Parcel) -> None:
    assert [every_fact(parcel, number)[fact] for number in (4, 5, 6)] == [False, True, True]


# ── what happened ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("event", [Event.DELIVERED, Event.RETURNED, Event.CANCELLED, Event.REFUNDED])
def test_these_events_solve_a_parcel(event: Event) -> None:
    assert known(seen(event, 3), 4).solved


@pytest.mark.parametrize(
    "event",
    [event for event in Event if event not in (Event.DELIVERED, Event.RETURNED, Event.CANCELLED, Event.REFUNDED)],
)
def test_other_events_do_not_solve_it(event: Event) -> None:
    assert not known(seen(event, 3), 4).solved


@pytest.mark.parametrize("event", [Event.CLOSING, Event.CLOSED])
def test_an_order_closed_after_its_delivery_stays_delivered(event: Event) -> None:
    assert known(seen(event, 9, delivered_at=noon(3)), 9).event == "delivered"


def test_a_later_return_is_not_hidden_by_the_delivery_before() -> None:
    assert known(seen(Event.RETURNED, 9, delivered_at=noon(3)), 9).event == "returned"


@pytest.mark.parametrize(
    ("parcel", "is_shipped"),
    [
        pytest.param(ordered(), False, id="only ordered"),
        pytest.param(ordered(event=Event.CANCELLED), False, id="cancelled before shipping"),
        pytest.param(shipped(), True, id="a shipped mail"),
        pytest.param(ordered(shipped_at=noon(0)), True, id="a shipped mail, an order mail read later"),
        pytest.param(ordered(event=Event.SHIPPED), True, id="shipped, its moment unknown"),
        pytest.param(ordered(event=Event.CODE_CHANGED), True, id="a changed code"),
        pytest.param(seen(Event.EXCEPTION, 0, shipped_at=None), True, id="information, no shipped mail"),
        pytest.param(ordered(informed_at=noon(0)), True, id="information, an order mail read later"),
        pytest.param(ordered(codes=(CODE,)), False, id="ready to ship, with a code"),
    ],
)
def test_shipped(parcel: Parcel, is_shipped: bool) -> None:
    assert known(parcel, 1).shipped is is_shipped


@pytest.mark.parametrize(("kind", "is_shipped"), [(MarkKind.CODE, True), (MarkKind.SHIP_BY, False)])
def test_a_code_from_the_owner_shows_that_it_was_shipped(kind: MarkKind, is_shipped: bool) -> None:
    mark = Source("mark-1", noon(3), Event.NONE, trust=Trust.OWNER, mark=Mark(kind, "LP00827165784034"))
    mail = Source("m@example.org", noon(0), Event.ORDERED)
    assert known(ordered(sources=(mail, mark)), 4).shipped is is_shipped


def test_an_order_number_is_no_code() -> None:
    assert not known(shipped(codes=()), 1).code_known


@pytest.mark.parametrize(
    ("parcel", "expected"),
    [
        pytest.param(shipped(unchanged_at=noon(4)), (True, False), id="unchanged"),
        pytest.param(shipped(contacted_at=noon(4)), (True, True), id="contacted implies unchanged"),
        pytest.param(shipped(unchanged_at=noon(4), code_changed_at=noon(5)), (False, False), id="changed since"),
        pytest.param(shipped(contacted_at=noon(4), code_changed_at=noon(5)), (False, False), id="new code since"),
        pytest.param(shipped(unchanged_at=noon(5), code_changed_at=noon(4)), (True, False), id="changed before"),
        pytest.param(shipped(unchanged_at=noon(4), code_changed_at=noon(4)), (True, False), id="on one day"),
        pytest.param(shipped(), (False, False), id="nothing marked"),
    ],
)
def test_a_change_takes_back_what_the_owner_said_of_the_code(parcel: Parcel, expected: tuple[bool, bool]) -> None:
    found = known(parcel, 9)
    assert (found.marked_unchanged, found.marked_contacted) == expected


@pytest.mark.parametrize(
    ("words", "titles", "untracked"),
    [
        ((), ("Phone cases, 2 pieces",), False),
        (("phone case*",), ("Phone cases, 2 pieces",), True),
        (("phone case",), ("Phone cases, 2 pieces",), False),
        (("phone case*",), ("Phone case", "Smartphone"), False),
        (("phone case*",), ("Phone case", "Stickers"), True),
        (("phone case*",), (), False),
    ],
)
def test_the_owner_names_kinds_that_are_never_tracked(
    words: tuple[str, ...], titles: tuple[str, ...], untracked: bool
) -> None:
    assert known(shipped(items=titles), 9, defaults=Defaults(untracked=words)).kind_often_untracked is untracked


# ── ship-by ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("parcel", "terms", "defaults", "last_day"),
    [
        pytest.param(ordered(), None, Defaults(), 5, id="five days, if nobody says otherwise"),
        pytest.param(ordered(), None, Defaults(shipment_window=8), 8, id="the setting"),
        pytest.param(ordered(), ShopTerms(shipment_window=3), Defaults(shipment_window=8), 3, id="the shop"),
        pytest.param(ordered(), ShopTerms(shipment_window=0), Defaults(), 0, id="a shop that ships at once"),
        pytest.param(ordered(ship_by=day(20)), ShopTerms(shipment_window=3), Defaults(), 20, id="the mail"),
    ],
)
def test_last_day_to_ship(parcel: Parcel, terms: ShopTerms | None, defaults: Defaults, last_day: int) -> None:
    assert known(parcel, 1, terms, defaults).ship_by == day(last_day)


def test_days_past_ship_by_are_negative_before_it() -> None:
    assert [known(ordered(), number).days_past_ship_by for number in (4, 5, 6)] == [-1, 0, 1]


def test_without_an_order_mail_there_is_no_last_day_to_ship() -> None:
    assert known(shipped(), 9).days_past_ship_by is None


# ── buyer protection ────────────────────────────────────────────────────────────────────────────────────────

MAILED = {"protection_ends": day(50), "protection_from": "mail"}
OWNED = {"protection_ends": day(40), "protection_from": "owner"}
EBAY = ShopTerms(protection=30, protection_basis="expected")


@pytest.mark.parametrize(
    ("parcel", "terms", "end", "source"),
    [
        pytest.param(shipped(), None, 60, "estimate", id="60 days from shipping"),
        pytest.param(shipped(first_news_at=noon(-9)), None, 60, "estimate", id="from shipping, not from the order"),
        pytest.param(shipped(), ShopTerms(protection=90), 90, "estimate", id="90 days at this shop"),
        pytest.param(ordered(), None, 60, "estimate", id="from the first news, if never told as shipped"),
        pytest.param(shipped(shipped_at=noon(99)), None, 60, "estimate", id="the shipped mail has not come yet"),
        pytest.param(shipped(expected=day(25)), EBAY, 55, "estimate", id="30 days from the expected delivery"),
        pytest.param(shipped(expected=day(25)), None, 60, "estimate", id="the expected delivery elsewhere"),
        pytest.param(shipped(**MAILED), None, 50, "mail", id="the day in the mail"),
        pytest.param(shipped(**MAILED), EBAY, 50, "mail", id="the day in eBay's mail"),
        pytest.param(shipped(**OWNED), None, 40, "owner", id="the owner's day"),
        pytest.param(shipped(extended_by=15), None, 75, "estimate", id="the estimate, extended"),
        pytest.param(shipped(**MAILED, extended_by=15), None, 65, "mail", id="the day in the mail, extended"),
        pytest.param(shipped(**OWNED, extended_by=15), None, 40, "owner", id="the owner's day is not extended"),
        pytest.param(shipped(closing_at=noon(30)), None, 33, "closing", id="three days after a closing mail"),
        pytest.param(shipped(**MAILED, closing_at=noon(30)), None, 33, "closing", id="closing beats the mail's day"),
        pytest.param(shipped(**OWNED, closing_at=noon(30)), None, 33, "closing", id="closing before the owner's day"),
        pytest.param(shipped(**OWNED, closing_at=noon(37)), None, 40, "closing", id="both on one day"),
        pytest.param(shipped(**OWNED, closing_at=noon(38)), None, 40, "owner", id="the owner's day before closing"),
        pytest.param(shipped(closing_at=noon(99)), None, 60, "estimate", id="the closing mail has not come yet"),
    ],
)
def test_end_of_protection(parcel: Parcel, terms: ShopTerms | None, end: int, source: str) -> None:
    found = known(parcel, 45, terms).protection
    assert found is not None
    assert (found.end, found.source) == (day(end), source)


@pytest.mark.parametrize(
    ("parcel", "terms"),
    [
        pytest.param(shipped(), EBAY, id="eBay without an expected delivery"),
        pytest.param(shipped(shipped_at=None, first_news_at=None), None, id="nothing but the owner's marks"),
    ],
)
def test_an_unknown_end_of_protection_makes_no_fact(parcel: Parcel, terms: ShopTerms | None) -> None:
    found = known(parcel, 45, terms)
    assert (found.days_to_protection_end, found.days_to_dispute, found.protection_over) == (None, None, None)


def test_protection_is_over_on_the_day_after_its_last() -> None:
    found = [known(shipped(), number) for number in (59, 60, 61)]
    assert [(one.days_to_protection_end, one.protection_over) for one in found] == [
        (1, False),
        (0, False),
        (-1, True),
    ]


def test_a_closed_order_has_no_protection_left() -> None:
    found = known(seen(Event.CLOSED, 9), 10)
    assert (found.protection_over, found.order_closed) == (True, True)


@pytest.mark.parametrize(
    ("parcel", "defaults", "opens"),
    [
        pytest.param(shipped(), Defaults(), 55, id="five days before the end"),
        pytest.param(shipped(), Defaults(dispute_window=10), 50, id="the setting"),
        pytest.param(shipped(**MAILED), Defaults(), 45, id="before the mail's day"),
        pytest.param(shipped(**OWNED), Defaults(), 35, id="before the owner's day"),
        pytest.param(shipped(closing_at=noon(30)), Defaults(dispute_window=1), 30, id="at once after a closing mail"),
        pytest.param(shipped(closing_at=noon(30)), Defaults(dispute_window=9), 24, id="a long window before closing"),
        pytest.param(shipped(**OWNED, closing_at=noon(38)), Defaults(), 35, id="the owner's window before closing"),
        pytest.param(
            shipped(**OWNED, closing_at=noon(38)),
            Defaults(dispute_window=0),
            38,
            id="closing before the owner's day",
        ),
    ],
)
def test_first_day_for_a_dispute(parcel: Parcel, defaults: Defaults, opens: int) -> None:
    found = known(parcel, 45, defaults=defaults).protection
    assert found is not None
    assert found.dispute_from == day(opens)


def test_nothing_known_means_no_protection_rather_than_a_guess() -> None:
    assert protection(stated=None, by_owner=False, closing_on=None, estimate=None, window=5) is None


# ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_content_can_be_disputed_for_fifteen_days() -> None:
    assert known(seen(Event.DELIVERED, 3), 4).content_dispute_until == day(18)


def test_the_content_can_be_disputed_for_the_days_that_the_mail_leaves() -> None:
    parcel = seen(Event.DELIVERED, 3, dispute_days=20)
    assert known(parcel, 4).content_dispute_until == day(23)
    assert [known(parcel, number).days_to_content_dispute_end for number in (22, 23, 24)] == [1, 0, -1]


def test_only_what_was_delivered_has_a_content_to_dispute() -> None:
    assert known(seen(Event.RETURNED, 3), 4).content_dispute_until is None


def test_a_delivery_counts_from_its_own_day_when_the_order_is_closed_later() -> None:
    assert known(seen(Event.CLOSED, 9, delivered_at=noon(3)), 10).days_since_solved == 7


def test_a_refund_counts_from_its_own_day_not_from_the_delivery_before() -> None:
    assert known(seen(Event.REFUNDED, 9, delivered_at=noon(3)), 10).days_since_solved == 1


def test_days_to_pickup_end_are_negative_after_it() -> None:
    parcel = seen(Event.AVAILABLE_FOR_PICKUP, 1, pickup_by=day(9))
    assert [known(parcel, number).days_to_pickup_end for number in (8, 9, 10)] == [1, 0, -1]


# ── kinds of things ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "title",
    [
        "100PCS Cute Animal Stickers for Laptop",
        "Iron on patch: Iron-on patches with flowers",
        "Sewing supplies kit with needles",
        "925 Silver Earrings",
        "Modeschmuck Halskette mit Perlen",
        "Nähnadeln 30 Stück",
        "Pegatinas para portátil",
        "Boucles d’oreilles argentées",
        "Серьги-гвоздики женские",
        "НАКЛЕЙКИ на ноутбук",
        "Сережки жіночі",
        "Bottoni in legno",
        "Miçangas coloridas",
        "Kolczyki damskie",
        "Oorbellen goud",
        "Korálky skleněné",
        "Çıkartma seti",
        "简约耳环女",
    ],
)
def test_these_are_often_sent_untracked(title: str) -> None:
    assert often_untracked((title,))


@pytest.mark.parametrize(
    "title",
    [
        "Sewing machine with foot pedal",
        "Maszyna do szycia",
        "缝纫机 家用",
        "Фитнес-браслет с пульсометром",
        "Wireless mouse",
        "String lights 10 m",
        "Smartphone 128 GB",
        "Breading machine",
        "Uchwyt naklejany na szybę",
        "",
    ],
)
def test_these_are_not(title: str) -> None:
    assert not often_untracked((title,))


def test_one_phone_among_the_stickers_makes_a_parcel_that_ought_to_be_tracked() -> None:
    assert not often_untracked(("Stickers", "Smartphone 128 GB"))


def test_a_parcel_whose_items_nobody_named_is_of_no_kind() -> None:
    assert not often_untracked(())


def test_the_owner_can_say_that_it_is_untracked() -> None:
    assert known(shipped(untracked=True, items=("Smartphone",)), 1).kind_often_untracked


# ── the list of facts ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_is_defined_in_a_sentence(name: str) -> None:
    assert FACTS[name].words.endswith(".")


def test_values_give_every_fact() -> None:
    assert list(every_fact(shipped(), 1)) == list(FACTS)


def test_an_unknown_shop_does_everything_as_the_settings_say() -> None:
    terms = {"ebay": EBAY}
    assert (terms_of("ebay", terms), terms_of("temu", terms), terms_of(None, terms)) == (
        EBAY,
        ShopTerms(),
        ShopTerms(),
    )
