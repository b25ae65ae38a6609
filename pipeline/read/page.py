"""docs/shops.md: the shops and carriers that are known, made of their data files.

``python -m pipeline.read.page > docs/shops.md`` writes it anew; a test compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.read.carriers import carriers
from pipeline.read.languages import languages
from pipeline.read.shops import shops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.read.carriers import Carrier
    from pipeline.read.shops import Shop

HEAD = """# Shops, carriers and languages

Made of `pipeline/read/shops/`, `pipeline/read/carriers.toml` and `pipeline/read/languages/`. A shop that is not here is
read all the same, by labels, links and markup; being here gives it a name, its own links and words, and the check of
who really sent a mail. [CONTRIBUTING.md](../CONTRIBUTING.md) shows how to add one in ten minutes."""


def page() -> str:
    """Return the page in Markdown."""
    return "\n".join([HEAD, "", *_shops(), "", *_carriers(), "", *_languages()]) + "\n"


def _shops() -> Iterator[str]:
    known = sorted(shops().values(), key=lambda shop: shop.name.casefold())
    yield f"## {len(known)} shops"
    yield ""
    yield "| shop | writes from | days to ship | days of protection |"
    yield "|---|---|---|---|"
    for shop in known:
        yield f"| {shop.name} | {_domains(shop)} | {shop.shipment_window or ''} | {shop.protection or ''} |"


def _carriers() -> Iterator[str]:
    known = sorted(carriers().values(), key=lambda carrier: carrier.name.casefold())
    yield f"## {len(known)} carriers"
    yield ""
    yield "| carrier | writes from | formats of its codes, with a check digit in brackets | tracking page |"
    yield "|---|---|---|---|"
    for carrier in known:
        yield f"| {carrier.name} | {_domains(carrier)} | {_formats(carrier)} | {_site(carrier)} |"


def _languages() -> Iterator[str]:
    yield f"## {len(languages())} languages"
    yield ""
    yield ", ".join(sorted(language.name for language in languages().values())) + "."


def _domains(known: Shop | Carrier) -> str:
    shown = known.domains[:3]
    more = len(known.domains) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _formats(carrier: Carrier) -> str:
    checked = [form.check != "none" for form in carrier.formats]
    count = len(checked) + bool(carrier.s10)
    right = sum(checked) + bool(carrier.s10)
    return f"{count} ({right})" if count else ""


def _site(carrier: Carrier) -> str:
    address = carrier.tracking_page or carrier.entry_page
    return urlsplit(address).netloc if address else ""


if __name__ == "__main__":
    print(page(), end="")
