"""Shops are data: a new one is one file, and a file that cannot be used is refused by name and key."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
from typing import TYPE_CHECKING

import pytest
from letters import codes, notice_of, orders

import pipeline.read
from pipeline.model import CodeKind, Event
from pipeline.read import shops as module
from pipeline.tables import TableError, data_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NEW_SHOP = """\
name = "Lamp World"
brands = ["Lampworld"]
domains = ["lampworld.example"]
marketing = ["news.lampworld.example"]
order_formats = ["LW[0-9]{6}"]
package_formats = ["BOX[0-9]{9}"]

[links]
order = ["lw_order"]
code = ["lw_box"]

[labels]
order = ["beleuchtung"]
code = ["kistennummer"]

[events.en]
shipped = ["the lamp is lit"]
"""


def forget() -> None:
    """Empty every cache of the reading, so that its data are read anew."""
    for found in pkgutil.iter_modules(pipeline.read.__path__):
        for member in vars(importlib.import_module(f"pipeline.read.{found.name}")).values():
            if hasattr(member, "cache_clear"):
                member.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the folder of shops, which the reading uses during the test."""
    copy = tmp_path / "shops"
    shutil.copytree(data_dir("read/shops"), copy)
    monkeypatch.setattr(module, "data_dir", lambda name: copy if name == "read/shops" else data_dir(name))
    forget()
    yield copy
    monkeypatch.undo()
    forget()


@pytest.fixture
def lampworld(folder: Path) -> None:
    (folder / "lampworld.toml").write_text(NEW_SHOP, "utf-8")


SENDER = "orders@mail.lampworld.example"


@pytest.mark.usefixtures("lampworld")
class TestNewShop:
    """One file, and not a line of Python."""

    def test_writes_from_its_domains(self) -> None:
        assert notice_of("Hello", "Hello", SENDER).shop == "lampworld"

    def test_is_found_by_name_in_a_forwarded_mail(self) -> None:
        text = "-- Forwarded message --\nFrom: Lampworld\nDate: 29 Oct 2026\nSubject: Your order\n\nHello"
        assert notice_of(text, "Fwd", "anna@mail.example").shop == "lampworld"

    def test_has_order_numbers_of_its_own(self) -> None:
        assert orders(notice_of("Order LW123456 is confirmed", "Your order", SENDER)) == {"LW123456"}

    def test_has_package_ids_of_its_own(self) -> None:
        found = notice_of("Your package BOX123456789 has been shipped", "Shipped", SENDER)
        assert [(code.code, code.kind) for code in found.codes] == [("BOX123456789", CodeKind.PACKAGE_ID)]

    def test_has_words_of_its_own(self) -> None:
        assert notice_of("Hello", "Order LW123456: the lamp is lit", SENDER).event is Event.SHIPPED

    def test_has_labels_of_its_own(self) -> None:
        found = notice_of("Beleuchtung: LW123456\nKistennummer: 77712345", "Order shipped", SENDER)
        assert (orders(found), codes(found)) == ({"LW123456"}, {"77712345"})

    def test_has_links_of_its_own(self) -> None:
        link = "https://www.lampworld.example/x?lw_order=LW123456&lw_box=BOX123456789"
        found = notice_of("Hello", "Order shipped", SENDER, links=[link])
        assert (orders(found), codes(found)) == ({"LW123456"}, {"BOX123456789"})

    def test_has_advertising_of_its_own(self) -> None:
        found = notice_of("Order LW123456 has been shipped", "Shipped", "x@news.lampworld.example")
        assert (found.shop, orders(found)) == ("lampworld", set())


REFUSED: dict[str, tuple[str, str]] = {
    "an unknown key": (NEW_SHOP.replace("brands", "brand"), "brand"),
    "an unknown key in a table": (NEW_SHOP.replace("lw_order\"]", "lw_order\"]\norders = []"), "links"),
    "no name": (NEW_SHOP.replace('name = "Lamp World"\n', ""), "name"),
    "a wrong type": (NEW_SHOP.replace('["Lampworld"]', '"Lampworld"'), "brands"),
    "a wrong type of days": (f"protection = 'long'\n{NEW_SHOP}", "protection"),
    "an unknown basis of protection": (f"protection_basis = 'moon'\n{NEW_SHOP}", "protection_basis"),
    "no regular expression": (NEW_SHOP.replace("LW[0-9]{6}", "LW[0-9"), "order_formats"),
    "no regular expression for packages": (NEW_SHOP.replace("BOX[0-9]{9}", "BOX("), "package_formats"),
    "another shop's domain": (NEW_SHOP.replace('["lampworld.example"]', '["aliexpress.com"]'), "domains"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "key"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_used_is_refused_by_name_and_key(folder: Path, text: str, key: str) -> None:
    (folder / "lampworld.toml").write_text(text, "utf-8")
    with pytest.raises(TableError) as refusal:
        module.shops()
    assert "lampworld.toml" in str(refusal.value)
    assert key in str(refusal.value)


def test_what_is_no_toml_is_refused_by_name(folder: Path) -> None:
    (folder / "lampworld.toml").write_text("name = ", "utf-8")
    with pytest.raises(TableError, match=r"lampworld\.toml: not valid TOML"):
        module.shops()


def test_an_unknown_event_is_refused_by_name_and_key(folder: Path) -> None:
    text = NEW_SHOP.replace("shipped = [", "teleported = [")
    (folder / "lampworld.toml").write_text(text, "utf-8")
    with pytest.raises(TableError, match=r"lampworld\.toml.*teleported"):
        module.shops()


DOMAINS = {
    "its own": ("aliexpress.com", "aliexpress"),
    "a sub-domain": ("notice.aliexpress.com", "aliexpress"),
    "capitals": ("Notice.AliExpress.COM", "aliexpress"),
    "another country": ("amazon.co.uk", "amazon"),
    "a platform": ("t.shopifyemail.com", "shopify"),
    "an end alike": ("myaliexpress.com", None),
    "a beginning alike": ("aliexpress.com.evil.example", None),
    "a shared mail service": ("amazonses.com", None),
    "a top level domain": ("com", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("domain", "shop"), DOMAINS.values(), ids=DOMAINS)
def test_a_domain_belongs_to_its_shop(domain: str, shop: str | None) -> None:
    assert module.shop_of_domain(domain) == shop


@pytest.mark.parametrize(
    ("name", "shop"),
    [("AliExpress", "aliexpress"), (" aliexpress ", "aliexpress"), ("AliExpress friend", None), ("", None)],
)
def test_a_shop_is_named_by_its_whole_name(name: str, shop: str | None) -> None:
    assert module.shop_named(name) == shop


ADVERTISING = {
    "a domain": ("x@deals.aliexpress.com", True),
    "below it": ("x@a.deals.aliexpress.com", True),
    "an end alike": ("x@bigdeals.aliexpress.com", False),
    "the shop's news of orders": ("transaction@notice.aliexpress.com", False),
}


@pytest.mark.parametrize(("address", "advertising"), ADVERTISING.values(), ids=ADVERTISING)
def test_advertising_is_known_by_its_sender(address: str, advertising: bool) -> None:
    assert module.is_marketing(module.shops()["aliexpress"], address) is advertising


FITS: dict[str, tuple[Callable[[str | None, str], bool], str | None, str, bool]] = {
    "an order of AliExpress": (module.fits_order, "aliexpress", "3031265788145237", True),
    "too short": (module.fits_order, "aliexpress", "30312657881", False),
    "an order of eBay": (module.fits_order, "ebay", "12-34567-89012", True),
    "an order of Amazon": (module.fits_order, "amazon", "304-1234567-7654321", True),
    "an order of Etsy": (module.fits_order, "etsy", "1234567890", True),
    "an order of Walmart": (module.fits_order, "walmart", "2000123-12345678", True),
    "an order of a Shopify shop": (module.fits_order, "shopify", "MC1605", True),
    "another shop's": (module.fits_order, "ebay", "3031265788145237", False),
    "no shop": (module.fits_order, None, "3031265788145237", False),
    "a package of AliExpress": (module.fits_package, "aliexpress", "AP00819233764158", True),
    "a package of Amazon": (module.fits_package, "amazon", "TBA123456789012", True),
    "no package": (module.fits_package, "aliexpress", "3031265788145237", False),
    "a shop without packages": (module.fits_package, "etsy", "AP00819233764158", False),
}


@pytest.mark.parametrize(("fits", "shop", "number", "expected"), FITS.values(), ids=FITS)
def test_numbers_fit_their_shop(
    fits: Callable[[str | None, str], bool], shop: str | None, number: str, expected: bool
) -> None:
    assert fits(shop, number) is expected


@pytest.mark.parametrize(
    ("number", "distinct"),
    [
        ("304-1234567-7654321", True),
        ("12-34567-89012", True),
        ("INV/20260312/MPL/4417728305", True),
        ("578341207745519032", False),
        ("3031265788145237", False),
        ("12345", False),
    ],
)
def test_some_order_numbers_are_known_wherever_they_stand(number: str, distinct: bool) -> None:
    assert module.is_distinct_order(number) is distinct
