"""schema.org in mails, as JSON-LD of every quality and as microdata."""

from __future__ import annotations

import json
from typing import Any

import pytest
from letters import codes, notice_of, orders

from pipeline.model import Event
from pipeline.read.markup import Marked, marked

DELIVERY: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ParcelDelivery",
    "trackingNumber": "RB123456785CN",
    "carrier": {"@type": "Organization", "name": "DHL"},
    "deliveryStatus": "https://schema.org/OrderInTransit",
    "expectedArrivalUntil": "2026-11-20",
    "itemShipped": {"@type": "Product", "name": "Lamp"},
    "partOfOrder": {"@type": "Order", "orderNumber": "4711-0815"},
}
ORDER: dict[str, Any] = {
    "@type": "Order",
    "orderNumber": "4711-0815",
    "orderStatus": "http://schema.org/OrderProcessing",
    "acceptedOffer": [{"@type": "Offer", "itemOffered": {"@type": "Product", "name": "Lamp"}}],
}
WHOLE = Marked("4711-0815", "RB123456785CN", "DHL", Event.IN_TRANSIT, "2026-11-20", ("Lamp",))
ORDERED = Marked("4711-0815", "", "", Event.ORDERED, "", ("Lamp",))


def of(script: Any) -> list[Marked]:
    return marked((script if isinstance(script, str) else json.dumps(script),), ())


STRUCTURES = {
    "a delivery": (DELIVERY, [WHOLE]),
    "an order": (ORDER, [ORDERED]),
    "a list": ([ORDER, DELIVERY], [ORDERED, WHOLE]),
    "a graph": ({"@context": "https://schema.org", "@graph": [DELIVERY]}, [WHOLE]),
    "a list in a graph in a list": ([{"@graph": [[DELIVERY]]}], [WHOLE]),
    "type as address": ({**DELIVERY, "@type": "https://schema.org/ParcelDelivery"}, [WHOLE]),
    "several types": ({**DELIVERY, "@type": ["Thing", "ParcelDelivery"]}, [WHOLE]),
    "about": ({"@type": "EmailMessage", "about": DELIVERY}, [WHOLE]),
    "order as text": ({**DELIVERY, "partOfOrder": "4711-0815"}, [WHOLE]),
    "order in a list": ({**DELIVERY, "partOfOrder": [{"orderNumber": "4711-0815"}]}, [WHOLE]),
    "carrier as text": ({**DELIVERY, "carrier": "DHL"}, [WHOLE]),
    "provider": (
        {**{k: v for k, v in DELIVERY.items() if k != "carrier"}, "provider": {"name": "DHL"}},
        [WHOLE],
    ),
    "several items": (
        {**ORDER, "acceptedOffer": [{"name": "Lamp"}, {"name": "Bulb"}]},
        [Marked("4711-0815", "", "", Event.ORDERED, "", ("Lamp", "Bulb"))],
    ),
    "number as a number": ({"@type": "Order", "orderNumber": 12345678}, [Marked("12345678")]),
    "a delivery inside an order": (
        {
            "@type": "Order",
            "orderNumber": "77",
            "orderDelivery": {"@type": "ParcelDelivery", "trackingNumber": "RB1"},
        },
        [Marked("77"), Marked("77", "RB1")],
    ),
    "deliveries inside an order": (
        {
            "@type": "Order",
            "orderNumber": "77",
            "orderDelivery": [{"trackingNumber": "RB1"}, {"trackingNumber": "RB2"}],
        },
        [Marked("77"), Marked("77", "RB1"), Marked("77", "RB2")],
    ),
    "something else": ({"@type": "Flight", "flightNumber": "LH1"}, []),
    "no type": ({"orderNumber": "77"}, []),
    "text": ('"RB123456785CN"', []),
    "null": ("null", []),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("script", "expected"), STRUCTURES.values(), ids=STRUCTURES)
def test_json_ld_is_read(script: Any, expected: list[Marked]) -> None:
    assert of(script) == expected


GOOD = json.dumps(ORDER)
MENDED = {
    "in a comment": f"<!-- {GOOD} -->",
    "blanks around": f"\n\t {GOOD} \n",
    "trailing comma in an object": GOOD[:-1] + ",}",
    "trailing comma in a list": GOOD.replace("}}]", "}},]"),
    "line feed inside a string": GOOD.replace('"Lamp"', '"La\nmp"').replace("La\nmp", "Lamp\n"),
    "tab inside a string": GOOD.replace('"Lamp"', '"Lamp\t"'),
}


@pytest.mark.parametrize("script", MENDED.values(), ids=MENDED)
def test_damaged_json_is_mended(script: str) -> None:
    assert of(script) == [ORDERED]


BROKEN = {
    "cut off": (
        '{"@type":"ParcelDelivery","trackingNumber":"RB123456785CN","carr',
        [Marked(code="RB123456785CN")],
    ),
    "order, cut off": ('{"@type":"Order","orderNumber": "4711-0815", "x": {', [Marked(order="4711-0815")]),
    "a missing comma": (
        '{"@type":"ParcelDelivery" "trackingNumber":"RB123456785CN" "orderNumber":"4711"}',
        [Marked(code="RB123456785CN"), Marked(order="4711")],
    ),
    "an empty field": ('{"trackingNumber":"", "orderNumber":', []),
    "too deep": ("[" * 100_000, []),
    "no JSON": ("var x = 1;", []),
}


@pytest.mark.parametrize(("script", "expected"), BROKEN.values(), ids=BROKEN)
def test_broken_json_still_gives_its_two_numbers(script: str, expected: list[Marked]) -> None:
    assert of(script) == expected


ODD = {
    "order is null": {**DELIVERY, "partOfOrder": None},
    "order is an empty list": {**DELIVERY, "partOfOrder": []},
    "numbers are objects": {**DELIVERY, "trackingNumber": {"a": 1}, "partOfOrder": {"orderNumber": [1, {}]}},
    "items are numbers": {**DELIVERY, "itemShipped": [1, None, "Lamp"]},
    "types are numbers": {**DELIVERY, "@type": [1, None, "ParcelDelivery"]},
    "type is an object": {**DELIVERY, "@type": {"a": 1}},
    "delivery is text": {**ORDER, "orderDelivery": "soon"},
    "offer is text": {**ORDER, "acceptedOffer": "soon"},
    "status is a list": {**DELIVERY, "deliveryStatus": ["OrderDelivered"]},
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD.keys())
def test_markup_of_odd_types_never_raises(data: dict[str, Any]) -> None:
    assert isinstance(of(data), list)


STATUSES = {
    "OrderProcessing": Event.ORDERED,
    "OrderPaymentDue": Event.ORDERED,
    "https://schema.org/OrderInTransit": Event.IN_TRANSIT,
    "http://schema.org/OrderPickupAvailable": Event.AVAILABLE_FOR_PICKUP,
    "orderdelivered": Event.DELIVERED,
    "OrderProblem": Event.EXCEPTION,
    "OrderReturned": Event.RETURNED,
    "OrderCancelled": Event.CANCELLED,
    "Somewhere": None,
    "": None,
}


@pytest.mark.parametrize(("status", "event"), STATUSES.items())
def test_status_is_an_event(status: str, event: Event | None) -> None:
    (found,) = of({"@type": "ParcelDelivery", "deliveryStatus": status})
    assert found.event is event


def test_the_status_of_the_order_stands_in_for_the_deliverys() -> None:
    (found,) = of({"@type": "ParcelDelivery", "partOfOrder": {"orderStatus": "OrderDelivered"}})
    assert found.event is Event.DELIVERED


MICRODATA = {
    "a delivery": (
        [
            ("itemtype", "http://schema.org/ParcelDelivery"),
            ("trackingNumber", "RB123456785CN"),
            ("itemtype", "http://schema.org/Organization"),
            ("name", "DHL"),
            ("itemtype", "http://schema.org/Product"),
            ("name", "Lamp"),
            ("itemtype", "http://schema.org/Order"),
            ("orderNumber", "4711-0815"),
            ("deliveryStatus", "http://schema.org/OrderInTransit"),
            ("expectedArrivalUntil", "2026-11-20"),
        ],
        [WHOLE],
    ),
    "an order": (
        [
            ("itemtype", "https://schema.org/Order/"),
            ("orderNumber", "77"),
            ("orderStatus", "OrderProcessing"),
        ],
        [Marked("77", event=Event.ORDERED)],
    ),
    "two deliveries": (
        [
            ("itemtype", "https://schema.org/ParcelDelivery"),
            ("trackingNumber", "RB1"),
            ("itemtype", "https://schema.org/ParcelDelivery"),
            ("trackingNumber", "RB2"),
        ],
        [Marked(code="RB1"), Marked(code="RB2")],
    ),
    "nothing of ours": ([("itemtype", "https://schema.org/Product"), ("name", "Lamp")], []),
    "nothing": ([], []),
}


@pytest.mark.parametrize(("pairs", "expected"), MICRODATA.values(), ids=MICRODATA)
def test_microdata_is_read(pairs: list[tuple[str, str]], expected: list[Marked]) -> None:
    assert marked((), tuple(pairs)) == expected


# ── in whole mails ──────────────────────────────────────────────────────────────────────────────────────────


def test_markup_gives_order_code_and_event() -> None:
    found = notice_of("Hello!", "News for you", markup=(json.dumps(DELIVERY),))
    assert (orders(found), codes(found), found.event) == ({"4711-0815"}, {"RB123456785CN"}, Event.IN_TRANSIT)


def test_markup_that_gives_one_number_as_both_gives_no_code() -> None:
    both = {**DELIVERY, "trackingNumber": "4711-0815-1", "partOfOrder": {"orderNumber": "471108151"}}
    assert codes(notice_of("Hello!", "News for you", markup=(json.dumps(both),))) == set()


def test_markup_outranks_a_wrong_label() -> None:
    found = notice_of(
        "Tracking number: 123456789012", "Shipped", markup=('{"@type":"Order","orderNumber":"123456789012"}',)
    )
    assert codes(found) == set()


@pytest.mark.parametrize("code", ["delivered", "1", "RB 123 456 785 CN and more than forty characters follow here"])
def test_what_can_be_no_code_is_refused_in_markup_too(code: str) -> None:
    script = json.dumps({"@type": "ParcelDelivery", "trackingNumber": code})
    assert codes(notice_of("Your order has shipped", "Shipped", markup=(script,))) == set()
