"""The owner's word on a parcel: one decision a test."""

from __future__ import annotations

from datetime import date

import pytest
from folded import ID, NOON, A, B, C, joined, one, told, with_code
from msgspec.structs import replace
from notices import code, mark, moment, notice

from pipeline.model import Event, Notice, Trust
from pipeline.parcels import fold

WORDS: dict[str, tuple[list[Notice], list[str]]] = {
    "the owner corrects the code": (
        [notice("2026-11-03", "shipped", "1001", A), mark("2026-11-09", "1001", f"code={B}")],
        [f"1001/{B}+{A}"],
    ),
    "the owner corrects a code by the old one": (
        [notice("2026-11-03", "shipped", "1001", A), mark("2026-11-09", A, f"code={B}")],
        [f"1001/{B}+{A}"],
    ),
    "the owner's code joins what the carrier says of it": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            mark("2026-11-09", "1001", f"code={B}"),
            notice("2026-11-10", "in_transit", codes=B, shop=None),
        ],
        [f"1001/{B}+{A}"],
    ),
    "the owner's code for an order of two packages is one more": (
        [notice("2026-11-03", "shipped", "1001", f"{A} {B}"), mark("2026-11-09", "1001", f"code={C}")],
        [f"1001/{A}", f"1001/{B}", f"1001/{C}"],
    ),
    "the owner gives the first code": (
        [notice("2026-11-03", "shipped", "1001"), mark("2026-11-09", "1001", f"code={A}")],
        [f"1001/{A}"],
    ),
    "a code taken back was never given": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            mark("2026-11-09", "1001", f"code={B}"),
            mark("2026-11-10", "1001", "reopen"),
            notice("2026-11-11", "in_transit", codes=B, shop=None),
        ],
        [f"/{B}", f"1001/{A}"],
    ),
    "the owner gives the carrier's number of a package id": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-05", "in_transit", codes=C, shop=None),
            mark("2026-11-09", "1001", f"code={C}"),
        ],
        [f"1001/{C}+{ID}"],
    ),
    "and also if nobody named that number before": (
        [notice("2026-11-03", "in_transit", "1001", ID), mark("2026-11-09", "1001", f"code={C}")],
        [f"1001/{C}+{ID}"],
    ),
    "the owner's one more may be what a carrier wrote of": (
        [
            notice("2026-11-03", "shipped", "1001", f"{A} {B}"),
            notice("2026-11-05", "in_transit", codes=C, shop=None),
            mark("2026-11-09", "1001", f"code={C}"),
        ],
        [f"1001/{A}", f"1001/{B}", f"1001/{C}"],
    ),
    "the owner adds a parcel by hand": (
        [mark("2026-11-09", "1001", "added", codes=A, event="shipped")],
        [f"1001/{A}"],
    ),
    "an order without a code, too": ([mark("2026-11-09", "1001", "added", event="ordered")], ["1001/"]),
    "what was added by hand and taken back was never there": (
        [mark("2026-11-09", "1001", "added", codes=A, event="shipped"), mark("2026-11-10", "1001", "reopen")],
        [],
    ),
    "the mails about it stay": (
        [
            mark("2026-11-09", "1001", "added", codes=A, event="shipped"),
            notice("2026-11-10", "in_transit", codes=A, shop=None),
            mark("2026-11-11", "1001", "reopen"),
        ],
        [f"/{A}"],
    ),
    "a parcel added by hand is the one that mails tell of": (
        [
            mark("2026-11-09", "1001", "added", codes=A, event="shipped"),
            notice("2026-11-10", "in_transit", "1001", A),
            notice("2026-11-12", "code_changed", "1001", B),
        ],
        [f"1001/{B}+{A}"],
    ),
    "a mark for an unknown number creates nothing": ([mark("2026-11-09", "1001", "delivered")], []),
    "an order number is no code even if the owner says so": (
        [notice("2026-11-03", "shipped", "1001", A), mark("2026-11-09", "1001", "code=1001")],
        [f"1001/{A}"],
    ),
    "the owner may write a code with blanks and in small letters": (
        [notice("2026-11-03", "shipped", "1001"), mark("2026-11-09", "1001", "code=rb 123456785 cn")],
        [f"1001/{A}"],
    ),
    "a word about the code that gives none changes nothing": (
        [notice("2026-11-03", "shipped", "1001", A), mark("2026-11-09", "1001", "code")],
        [f"1001/{A}"],
    ),
    "the owner's code replaces the old one though a carrier wrote of it before": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-05", "in_transit", codes=B, shop=None),
            mark("2026-11-09", "1001", f"code={B}", codes=B),
        ],
        [f"1001/{B}+{A}"],
    ),
    "the owner's one more may change like any other": (
        [
            notice("2026-11-03", "shipped", "1001", f"{A} {B}"),
            mark("2026-11-09", "1001", f"code={C}"),
            notice("2026-11-12", "in_transit", codes="LP12345678901234", replaced=C, shop=None),
        ],
        [f"1001/{A}", f"1001/{B}", f"1001/LP12345678901234+{C}"],
    ),
}


@pytest.mark.parametrize(("notices", "expected"), WORDS.values(), ids=WORDS.keys())
def test_what_belongs_together(notices: list[Notice], expected: list[str]) -> None:
    assert joined(notices) == sorted(expected)


def test_contacted_implies_unchanged() -> None:
    parcel = one(*told("shipped contacted!"))
    assert (parcel.unchanged_at, parcel.contacted_at) == (moment("2026-11-02"), moment("2026-11-02"))


@pytest.mark.parametrize("word", ["unchanged", "contacted"])
def test_a_later_change_of_the_code_cancels(word: str) -> None:
    before = [notice("2026-11-01", "shipped", "1001", A), mark("2026-11-17", "1001", word)]
    change = notice("2026-11-18", "code_changed", "1001", B)
    assert one(*before).unchanged_at is not None
    assert one(*before, change).unchanged_at is None
    assert one(*before, change).contacted_at is None
    assert one(*before, change, mark("2026-11-30", "1001", word)).unchanged_at == moment("2026-11-30")


def test_a_change_that_the_mail_does_not_name_cancels_unchanged() -> None:
    parcel = one(
        notice("2026-11-01", "shipped", "1001", A),
        mark("2026-11-17", "1001", "unchanged"),
        notice("2026-11-18", "code_changed", "1001"),
    )
    assert (parcel.unchanged_at, parcel.code_changed_at) == (None, moment("2026-11-18"))


def test_an_unverified_change_cancels_nothing() -> None:
    parcels = fold(
        [
            notice("2026-11-01", "shipped", "1001", A),
            mark("2026-11-17", "1001", "unchanged"),
            notice("2026-11-18", "code_changed", "1001", trust="unverified"),
        ]
    )
    assert parcels[0].unchanged_at == moment("2026-11-17")


@pytest.mark.parametrize(
    ("story", "held"),
    [
        ("shipped unchanged! ignore! reopen!", ["unchanged"]),
        ("shipped unchanged! ignore! reopen! reopen!", []),
        ("shipped unchanged! reopen! reopen!", []),
        ("shipped ignore! disputed! untracked! reopen!", ["ignored", "disputed"]),
        ("shipped ignore! ignore! reopen!", ["ignored"]),
        ("shipped ignore! reopen! ignore!", ["ignored"]),
        ("shipped ignore! in_transit reopen!", []),
        ("shipped untracked! ignore! reopen!", ["untracked"]),
    ],
)
def test_reopen_takes_back_the_last_mark_that_holds(story: str, held: list[str]) -> None:
    parcel = one(*told(story))
    holds = {
        "unchanged": parcel.unchanged_at is not None,
        "ignored": parcel.ignored,
        "disputed": parcel.disputed_at is not None,
        "untracked": parcel.untracked,
    }
    assert {name for name, yes in holds.items() if yes} == set(held)


def test_reopen_passes_over_a_mark_that_a_change_of_the_code_cancelled() -> None:
    parcel = one(
        notice("2026-11-01", "shipped", "1001", A),
        mark("2026-11-02", "1001", "ignore"),
        mark("2026-11-03", "1001", "unchanged"),
        notice("2026-11-04", "code_changed", "1001", B),
        mark("2026-11-05", "1001", "reopen"),
    )
    assert not parcel.ignored


def test_taking_back_a_code_gives_back_what_it_had_cancelled() -> None:
    parcel = one(
        notice("2026-11-01", "shipped", "1001", A),
        mark("2026-11-17", "1001", "unchanged"),
        mark("2026-11-18", "1001", f"code={B}"),
        mark("2026-11-19", "1001", "reopen"),
    )
    assert (parcel.unchanged_at, parcel.code_changed_at) == (moment("2026-11-17"), None)


def test_a_mark_may_describe_the_code_it_gives() -> None:
    given = mark("2026-11-09", "1001", f"code={B}")
    described = replace(given, codes=(code(B, carrier="cainiao"),))
    assert one(notice("2026-11-03", "shipped", "1001", A), described).codes[0].carrier == "cainiao"


def test_disputed_is_dated_from_its_first_mark() -> None:
    assert one(*told("shipped disputed! disputed!")).disputed_at == moment("2026-11-02")


@pytest.mark.parametrize(
    ("before", "day"), [("", None), ("protection=2026-12-24!", date(2026, 12, 24))], ids=["the only one", "the last"]
)
def test_a_date_that_is_none_is_passed_over(before: str, day: date | None) -> None:
    assert one(*told(f"shipped {before} protection=soon!")).protection_ends == day


def test_marks_of_one_moment_count_in_the_order_in_which_they_were_made() -> None:
    added = mark("2026-11-09", "1001", "added", codes=A, event="shipped", message_id="mark-000001@owner")
    reopen = mark("2026-11-09", "1001", "reopen", message_id="mark-000002@owner")
    assert fold([added, reopen]) == fold([reopen, added]) == ()


def test_the_owner_says_when_it_was_shipped() -> None:
    parcel = one(notice("2026-11-09", "none", "1001", A), mark("2026-11-10", "1001", f"shipped={NOON}"))
    assert (parcel.event, parcel.shipped_at) == (Event.SHIPPED, moment("2026-11-02 11:00"))
    assert parcel.event_at == parcel.shipped_at


def test_the_owners_day_of_shipping_holds_against_any_mail_until_taken_back() -> None:
    story = [
        mark("2026-11-10", "1001", f"shipped={NOON}"),
        notice("2026-11-05", "in_transit", "1001", A),
        notice("2026-11-11", "shipped", "1001", A),
    ]
    assert (one(*story).event, one(*story).shipped_at) == (Event.IN_TRANSIT, moment("2026-11-02 11:00"))
    assert one(*story, mark("2026-11-12", "1001", "reopen")).shipped_at == moment("2026-11-11")


@pytest.mark.parametrize("value", ["soon", "2026-11-02T12:00:00"])
def test_a_day_of_shipping_that_is_none_is_passed_over(value: str) -> None:
    parcel = one(notice("2026-11-05", "ordered", "1001"), mark("2026-11-10", "1001", f"shipped={value}"))
    assert (parcel.event, parcel.shipped_at) == (Event.ORDERED, None)


def test_the_day_on_which_the_first_package_was_shipped_is_not_that_of_one_sent_later() -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", A),
            mark("2026-11-10", "1001", f"shipped={NOON}"),
            notice("2026-11-12", "shipped", "1001", B),
        ]
    )
    assert with_code(parcels, B).shipped_at == moment("2026-11-12")


def test_a_parcel_added_by_hand_is_told_as_a_mail_would_tell_it() -> None:
    parcel = one(mark("2026-11-10", "1001", f"added={NOON}", codes=A, event="shipped", shop="ebay"))
    assert (parcel.shop, parcel.event, parcel.event_at) == ("ebay", Event.SHIPPED, moment("2026-11-02 11:00"))
    assert (parcel.shipped_at, parcel.ordered_at) == (moment("2026-11-02 11:00"), None)
    assert (parcel.first_news_at, parcel.trust) == (moment("2026-11-10"), Trust.OWNER)


@pytest.mark.parametrize("text", ["", A], ids=["of the order", "of the package"])
@pytest.mark.parametrize("told_on", ["2026-11-05", "2026-11-12"], ids=["read late", "of a later day"])
def test_the_day_of_shipping_of_a_parcel_added_by_hand_holds_against_a_later_mail(told_on: str, text: str) -> None:
    added = mark("2026-11-10", "1001", f"added={NOON}", codes=A, event="shipped", shop="ebay")
    parcel = one(added, notice(told_on, "shipped", "1001", text, shop="ebay"))
    assert parcel.shipped_at == moment("2026-11-02 11:00")


def test_a_parcel_added_by_hand_without_a_day_is_ordered_on_that_day() -> None:
    parcel = one(mark("2026-11-10", "1001", "added", event="ordered"))
    assert (parcel.event, parcel.ordered_at, parcel.shipped_at) == (Event.ORDERED, moment("2026-11-10"), None)


def test_one_with_a_code_and_no_day_was_shipped_nobody_knows_when() -> None:
    parcel = one(mark("2026-11-10", "1001", "added", codes=A, event="shipped"))
    assert (parcel.event, parcel.ordered_at, parcel.shipped_at) == (Event.SHIPPED, None, None)


def test_the_owners_notes_are_kept_in_order_and_the_last_can_be_taken_back() -> None:
    story = told("shipped note=first! note=second!")
    assert one(*story).remarks == ("first", "second")
    assert one(*story, mark("2026-11-09", "1001", "reopen")).remarks == ("first",)


def test_a_mark_that_was_taken_back_is_shown_as_such() -> None:
    parcel = one(*told("shipped unchanged! ignore! reopen!"))
    assert [source.taken_back for source in parcel.sources] == [False, False, True, False]
