"""What stands beside the numbers: last days by what they end, and the titles of what was ordered."""

from __future__ import annotations

from datetime import date

import pytest
from letters import ALIEXPRESS, notice_of

from pipeline.read.particulars import Days, days, items, only_day_ahead

MAIL = date(2026, 11, 2)
DAY = date(2026, 11, 20)

DAYS = {
    "expected": ("en", "Estimated delivery: November 20, 2026", Days(expected=DAY)),
    "expected, of a range the last": (
        "en",
        "Estimated delivery: November 18 - November 20",
        Days(expected=DAY),
    ),
    "expected, on the next line": ("en", "Estimated delivery:\nNovember 20", Days(expected=DAY)),
    "not on the line after that": ("en", "Estimated delivery:\nsoon\nNovember 20", Days()),
    "not where the line goes on": ("en", "Estimated delivery is unknown\nNovember 20", Days()),
    "ship by": ("en", "Ships by November 20", Days(ship_by=DAY)),
    "protection": ("en", "Buyer protection ends on November 20", Days(protection=DAY)),
    "two on a line": (
        "en",
        "Ships by November 5. Estimated delivery November 20",
        Days(ship_by=date(2026, 11, 5), expected=DAY),
    ),
    "the first of a kind": (
        "en",
        "Estimated delivery: 20 November\nEstimated delivery: 25 November",
        Days(expected=DAY),
    ),
    "no label": ("en", "We wrote this on November 20", Days()),
    "no date": ("en", "Estimated delivery: soon", Days()),
    "ambiguous": ("en", "Estimated delivery: 3/4/2026", Days()),
    "de": ("de", "Voraussichtliche Lieferung: 20. November", Days(expected=DAY)),
    "fr": ("fr", "Livraison estimée : 20 novembre", Days(expected=DAY)),
    "es": ("es", "Entrega estimada: 20 de noviembre", Days(expected=DAY)),
    "ru": ("ru", "Ожидаемая дата доставки: 20 ноября", Days(expected=DAY)),
    "ru, kept until": ("ru", "Срок хранения до 20 ноября", Days(pickup_by=DAY)),
    "zh": ("zh", "预计送达：11月20日", Days(expected=DAY)),
    "English in a German mail": ("de", "Estimated delivery: November 20", Days(expected=DAY)),
    "in cells": ("en", "Estimated delivery\tNovember 20", Days(expected=DAY)),
}


@pytest.mark.parametrize(("language", "text", "expected"), DAYS.values(), ids=DAYS)
def test_labelled_days_are_read(language: str, text: str, expected: Days) -> None:
    assert days(text, language, MAIL, None) == expected


AHEAD = {
    "one": ("Collect it until November 20", DAY),
    "the same twice": ("Until November 20\nWe mean 20 November", DAY),
    "two": ("From November 5 to November 20: collect it by November 18", None),
    "past": ("It came on November 1", None),
    "the mail's own day": ("It came on November 2", None),
    "past and ahead": ("It came on November 1. Collect it until November 20", DAY),
    "too far": ("Valid until 20 January 2027", None),
    "none": ("Collect it soon", None),
}


@pytest.mark.parametrize(("text", "day"), AHEAD.values(), ids=AHEAD)
def test_the_only_day_ahead(text: str, day: date | None) -> None:
    assert only_day_ahead(text, "en", MAIL, None) == day


def test_without_the_day_of_the_mail_no_day_is_ahead() -> None:
    assert only_day_ahead("Until November 20 2026", "en", None, None) is None


ITEMS = {
    "over x1": ("Desk lamp with clamp\nx1", ("Desk lamp with clamp",)),
    "over ×2": ("Desk lamp with clamp\n×2", ("Desk lamp with clamp",)),
    "over a quantity": ("Desk lamp with clamp\nQty: 2", ("Desk lamp with clamp",)),
    "over a German quantity": ("Schreibtischlampe, weiß\nMenge: 1", ("Schreibtischlampe, weiß",)),
    "behind the title": ("Desk lamp with clamp x2", ("Desk lamp with clamp",)),
    "a variant between": ("Desk lamp with clamp\nWhite, EU\nx1", ("Desk lamp with clamp",)),
    "two": ("Desk lamp with clamp\nx1\nBulb for a lamp\nx3", ("Desk lamp with clamp", "Bulb for a lamp")),
    "the same twice": ("Desk lamp with clamp\nx1\nDesk lamp with clamp\nx1", ("Desk lamp with clamp",)),
    "a button above": ("Track order\nx1", ()),
    "too short": ("Lamp\nx1", ()),
    "no quantity": ("Desk lamp with clamp\nThank you", ()),
    "a quantity first": ("x1\nDesk lamp with clamp", ()),
    "blanks": ("Desk   lamp  with clamp\nx1", ("Desk lamp with clamp",)),
}


@pytest.mark.parametrize(("text", "expected"), ITEMS.values(), ids=ITEMS)
def test_titles_stand_over_their_quantity(text: str, expected: tuple[str, ...]) -> None:
    assert items(text) == expected


def test_titles_are_bounded_in_number_and_length() -> None:
    text = "\n".join(f"{'very ' * 60}long title {n}\nx1" for n in "abcdefghijklmnop")
    found = items(text.replace("very", "vary"))
    assert found
    assert len(found) <= 10
    assert max(map(len, found)) <= 200


def test_a_line_that_begins_with_thousands_of_blanks_is_no_title() -> None:
    assert items(f"{' ' * 2500}Desk lamp with clamp\nx1") == ()


# ── in whole mails ──────────────────────────────────────────────────────────────────────────────────────────


def test_aliexpress_writes_the_day_first() -> None:
    found = notice_of("Estimated delivery: 03/12/2026", "Order 3031265788145237: order shipped", ALIEXPRESS)
    assert found.expected == date(2026, 12, 3)


def test_the_only_day_ahead_in_a_mail_about_collecting_is_the_last() -> None:
    found = notice_of(
        "Your parcel RB123456785CN can be collected at the shop round the corner. We keep it: 9 November.",
        "Your parcel is ready for collection",
        "noreply@dhl.de",
    )
    assert found.pickup_by == date(2026, 11, 9)


def test_the_only_day_ahead_in_other_mails_is_not_the_last_to_collect() -> None:
    found = notice_of("RB123456785CN, by the way: 9 November.", "Your parcel is in transit", "noreply@dhl.de")
    assert found.pickup_by is None


def test_markup_tells_the_expected_day_where_the_text_does_not() -> None:
    script = '{"@type":"ParcelDelivery","trackingNumber":"RB123456785CN","expectedArrivalUntil":"2026-11-20"}'
    assert notice_of("Shipped", "Shipped", markup=(script,)).expected == DAY


def test_markup_names_the_items_before_the_text_does() -> None:
    script = '{"@type":"Order","orderNumber":"4711-0815","acceptedOffer":{"name":"Lamp"}}'
    assert notice_of("Desk lamp with clamp\nx1", "Order", markup=(script,)).items == ("Lamp",)
