"""The evidence that markup and links give for a letter's numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.read.candidates import SHORTEST_CODE, Weighed, number_key, plausible
from pipeline.read.carriers import carrier_of_domain, code_in_link
from pipeline.read.evidence import Kind
from pipeline.read.links import CODE_PARAMETERS, ORDER_PARAMETERS, Target, plain_name, target
from pipeline.read.shops import fits_order, shop_of_domain, shops

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.read.letter import Letter
    from pipeline.read.markup import Marked

_SHORTEST_ORDER = 3
_SHORTEST_PARAMETER = 5
#: The page of an order on a shop's own site.
_ORDER_PAGE = re.compile(r"/orders?/([A-Za-z0-9-]{5,40})(?=[/?#]|$)")
_PATH_PARTS = re.compile(r"[/#?=&;,]")


def from_markup(weighed: Weighed, marks: Iterable[Marked]) -> None:
    """Note what schema.org markup says outright."""
    for mark in marks:
        if plausible(mark.order, _SHORTEST_ORDER):
            weighed.candidate(mark.order.lstrip("#")).add(Kind.MARKUP_ORDER)
        if plausible(mark.code, SHORTEST_CODE) and number_key(mark.code) != number_key(mark.order):
            weighed.candidate(mark.code).add(Kind.MARKUP_CODE)
            if mark.order:
                weighed.pairs.append((number_key(mark.order.lstrip("#")), number_key(mark.code)))


def from_links(weighed: Weighed, letter: Letter) -> None:
    """Note what the parameters and paths of links say, and which article a link shows."""
    for link in letter.links:
        goal = target(link.url)
        if goal is None or goal.is_noise:
            continue
        article = goal.article
        if article is not None:
            weighed.candidate(article).add(Kind.ITEM, goal.host)
        carried = code_in_link(goal.url) if carrier_of_domain(goal.host) else None
        if carried is not None and plausible(carried[1], SHORTEST_CODE):
            weighed.candidate(carried[1]).add(Kind.CARRIER_LINK, goal.host)
        orders, codes = _parameters(weighed, letter, goal)
        if codes:
            weighed.pairs.extend((number_key(order), number_key(code)) for order in orders for code in codes)


def from_order_pages(weighed: Weighed, letter: Letter) -> None:
    """Note whose pages are linked on a shop's own site; after the text, which may write them with their hyphens."""
    for link in letter.links:
        goal = target(link.url)
        page = _ORDER_PAGE.search(goal.path) if goal is not None else None
        if goal is not None and page is not None and fits_order(shop_of_domain(goal.host), page[1]):
            weighed.candidate(page[1]).add(Kind.SHOP_LINK_ORDER, "/order/")


def numbers_in_paths(letter: Letter) -> frozenset[str]:
    """Numbers that stand in the path of a link of the mail, between its slashes."""
    goals = (target(link.url) for link in letter.links)
    return frozenset(
        number_key(part)
        for goal in goals
        if goal is not None and not goal.is_noise
        for part in _PATH_PARTS.split(goal.path)
        if len(part) >= SHORTEST_CODE
    )


def _parameters(weighed: Weighed, letter: Letter, goal: Target) -> tuple[list[str], list[str]]:
    """Note the order numbers and codes in the parameters of one link and return them."""
    shop = shop_of_domain(goal.host)
    of_carrier = carrier_of_domain(goal.host) is not None
    own = shops()[shop].links if shop else None
    orders: list[str] = []
    codes: list[str] = []
    for name, value in goal.parameters:
        plain = plain_name(name)
        if own is not None and (name in own.order or plain in ORDER_PARAMETERS):
            found = [entry for entry in value.split(",") if fits_order(shop, entry.strip())]
            for entry in found:
                weighed.candidate(entry.strip()).add(Kind.SHOP_LINK_ORDER, f"{name}=")
            orders += found
        elif own is not None and name in own.code:
            for entry in value.split(","):
                if plausible(entry, SHORTEST_CODE):
                    weighed.candidate(entry).add(Kind.SHOP_LINK_CODE, f"{name}=")
                    codes.append(entry)
        elif plain in ORDER_PARAMETERS and not of_carrier:
            # A carrier's link may carry the order number of its own customer, which is no order of the reader's.
            if plausible(value, _SHORTEST_PARAMETER):
                weighed.candidate(value).add(Kind.LINK_ORDER, f"{name}=")
                orders.append(value)
        elif plain in CODE_PARAMETERS and plausible(value, SHORTEST_CODE):
            kind = Kind.CARRIER_LINK if of_carrier else Kind.LINK_CODE
            weighed.candidate(value).add(kind, f"{name}=")
            codes.append(value)
    return orders, codes
