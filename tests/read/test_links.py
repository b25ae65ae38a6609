"""Where the links of a mail lead in the end, told without the network, and what their parameters say."""

from __future__ import annotations

import pytest
from letters import ALIEXPRESS, codes, notice_of, orders

from pipeline.read.links import plain_name, target

SHOP = "https://shop.example/o?orderId=123&x=1"
UNWRAPPED = {
    "nothing to unwrap": (SHOP, "shop.example", {"orderId": "123", "x": "1"}),
    "escaped ampersand": (
        "https://shop.example/o?orderId=123&amp;x=1",
        "shop.example",
        {"orderId": "123", "x": "1"},
    ),
    "Google": (
        "https://www.google.com/url?q=https://shop.example/o%3ForderId%3D123%26x%3D1&sa=D",
        "shop.example",
        {"orderId": "123", "x": "1"},
    ),
    "Google, bare": ("https://www.google.com/url?q=https://shop.example/o&sa=D", "shop.example", {}),
    "Amazon": (
        "https://www.amazon.de/gp/r.html?C=A1&U=https%3A%2F%2Fwww.amazon.de%2Fgp%2Ftrack%3ForderId%3D302-1%26t%3D1&H=X",
        "www.amazon.de",
        {"orderId": "302-1", "t": "1"},
    ),
    "Amazon's mail service": (
        "https://a1b2.r.eu-west-1.awstrack.me/L0/https:%2F%2Fshop.example%2Fo%3ForderId=123/1/0102-000000/abc=361",
        "shop.example",
        {"orderId": "123"},
    ),
    "Outlook": (
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2Fo%3ForderId%3D123&data=05%7C02",
        "shop.example",
        {"orderId": "123"},
    ),
    "any counter": (
        "https://click.example/c?u=https%3A%2F%2Fshop.example%2Fo%3ForderId%3D123",
        "shop.example",
        {"orderId": "123"},
    ),
    "in lower case": (
        "https://click.example/c?u=https%3a%2f%2fshop.example%2fo%3forderId%3d123",
        "shop.example",
        {"orderId": "123"},
    ),
    "in a second parameter": (
        "https://click.example/c?id=77&u=https%3A%2F%2Fshop.example%2Fo",
        "shop.example",
        {},
    ),
    "twice": (
        "https://a.example/c?u=https%3A%2F%2Fb.example%2Fc%3Fu%3Dhttps%253A%252F%252Fshop.example%252Fo%253ForderId%253D123",
        "shop.example",
        {"orderId": "123"},
    ),
    "without TLS": ("https://click.example/c?u=http%3A%2F%2Fshop.example%2Fo", "shop.example", {}),
    "a link in the path": (
        "https://click.example/go/https://shop.example/o?orderId=123",
        "shop.example",
        {"orderId": "123"},
    ),
}


@pytest.mark.parametrize(("url", "host", "parameters"), UNWRAPPED.values(), ids=UNWRAPPED)
def test_redirects_are_unwrapped(url: str, host: str, parameters: dict[str, str]) -> None:
    goal = target(url)
    assert goal is not None
    assert (goal.host, dict(goal.parameters)) == (host, parameters)


REFUSED = {
    "script": "javascript:alert(1)",
    "mail": "mailto:shop@shop.example?subject=orderId=123",
    "phone": "tel:+49301234567",
    "data": "data:text/html,<b>1</b>",
    "file": "file:///etc/passwd",
    "no host": "https:///o?orderId=123",
    "no scheme": "shop.example/o?orderId=123",
    "a broken host": "https://[shop.example/o",
    "nothing": "",
    "an anchor": "#top",
}


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert target(url) is None


PARAMETERS = {
    "percent-encoded": ("https://x.example/?o_ids=1%2C2", {"o_ids": "1,2"}),
    "behind the fragment": ("https://x.example/track#/parcel?code=RB1", {"code": "RB1"}),
    "in the fragment": ("https://x.example/track#code=RB1", {"code": "RB1"}),
    "before and behind the fragment": ("https://x.example/?a=1#b=2", {"a": "1", "b": "2"}),
    "blank as plus": ("https://x.example/?n=RB+1", {"n": "RB 1"}),
    "without a value": ("https://x.example/?n=&m=1", {"m": "1"}),
    "none": ("https://x.example/track/RB1", {}),
    "an anchor": ("https://x.example/track#top", {}),
}


@pytest.mark.parametrize(("url", "parameters"), PARAMETERS.values(), ids=PARAMETERS)
def test_parameters_are_decoded(url: str, parameters: dict[str, str]) -> None:
    goal = target(url)
    assert goal is not None
    assert dict(goal.parameters) == parameters


def test_a_link_with_hundreds_of_parameters_says_nothing() -> None:
    goal = target("https://x.example/?" + "&".join(f"orderId={n}" for n in range(500)))
    assert goal is not None
    assert goal.parameters == ()


def test_the_host_is_lower_case() -> None:
    goal = target("https://Shop.EXAMPLE/O")
    assert goal is not None
    assert (goal.host, goal.path) == ("shop.example", "/O")


NOISE = {
    "unsubscribe": ("https://shop.example/unsubscribe/12345678", True),
    "German": ("https://shop.example/newsletter/abmelden?n=1", True),
    "pixel": ("https://shop.example/pixel.gif?orderId=1", True),
    "survey in the host": ("https://survey.shop.example/1", True),
    "privacy": ("https://shop.example/Privacy", True),
    "order page": ("https://shop.example/order/1", False),
    "word in a parameter": ("https://shop.example/o?from=feedback-mail", False),
}


@pytest.mark.parametrize(("url", "noise"), NOISE.values(), ids=NOISE)
def test_links_about_the_reader_are_noise(url: str, noise: bool) -> None:
    goal = target(url)
    assert goal is not None
    assert goal.is_noise is noise


ARTICLES = {
    "eBay": ("https://www.ebay.de/itm/256012345678", "256012345678"),
    "eBay, with a title": (
        "https://www.ebay.de/itm/A-thing-with-3-parts/256012345678?hash=1",
        "256012345678",
    ),
    "AliExpress": ("https://www.aliexpress.com/item/1005001234567890.html", "1005001234567890"),
    "Etsy": ("https://www.etsy.com/listing/1234567890/a-thing", "1234567890"),
    "a tracking page": ("https://x.example/track/256012345678", None),
    "too short": ("https://x.example/item/12345", None),
    "in a parameter": ("https://x.example/?u=/itm/256012345678", None),
}


@pytest.mark.parametrize(("url", "article"), ARTICLES.values(), ids=ARTICLES)
def test_articles_are_recognised(url: str, article: str | None) -> None:
    goal = target(url)
    assert goal is not None
    assert goal.article == article


@pytest.mark.parametrize("name", ["orderId", "order_id", "order-ID", "ORDERID"])
def test_names_of_parameters_are_compared_without_dress(name: str) -> None:
    assert plain_name(name) == "orderid"


# ── in whole mails ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_orders_of_a_package_are_read_from_its_link() -> None:
    found = notice_of(
        "Package AP00819233764158 has an update",
        "Package AP00819233764158: at customs",
        ALIEXPRESS,
        links=["https://www.aliexpress.com/p/order/index.html?x=1&amp;o_ids=3031265788145237%2C3031265788155238"],
    )
    assert orders(found) == {"3031265788145237", "3031265788155238"}
    assert codes(found) == {"AP00819233764158"}


def test_a_link_ties_each_package_to_its_order() -> None:
    page = "https://www.aliexpress.com/p/tracking/index.html"
    found = notice_of(
        "Your packages have updates",
        "Your 2 packages have delivery updates",
        ALIEXPRESS,
        links=[
            f"{page}?tradeOrderId=3031265788145237&trackingNumber=LP00827165784034",
            f"{page}?tradeOrderId=3031265788155238&trackingNumber=LP00827165784035",
        ],
    )
    assert set(found.pairs) == {
        ("3031265788145237", "LP00827165784034"),
        ("3031265788155238", "LP00827165784035"),
    }


def test_a_link_of_another_shop_says_nothing_in_this_shops_words() -> None:
    found = notice_of("Your order has shipped", "Shipped", links=["https://shop.example/?o_id=3031265788145237"])
    assert (orders(found), codes(found)) == (set(), set())


def test_a_carriers_link_gives_the_code() -> None:
    link = "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode=00340434161094042557"
    assert codes(notice_of("Dein Paket ist unterwegs", "Versandt", links=[link])) == {"00340434161094042557"}


@pytest.mark.parametrize("path", ["unsubscribe", "pixel", "survey"])
def test_noise_gives_no_code(path: str) -> None:
    link = f"https://shop.example/{path}?trackingNumber=00340434161094042557"
    assert codes(notice_of("Your order has shipped", "Shipped", links=[link])) == set()


def test_an_article_is_no_code() -> None:
    found = notice_of(
        "Tracking number 256012345678",
        "Your item has shipped",
        links=["https://www.ebay.de/itm/256012345678"],
    )
    assert codes(found) == set()
