"""What the numbers of a mail say of each other, once the evidence for each is gathered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.read.evidence import ENOUGH, Candidate, Kind, Reading
from pipeline.read.shapes import are_of_one_series

if TYPE_CHECKING:
    from pipeline.read.candidates import Weighed

#: The words for order and for parcel before a number.
_OF_ORDERS = frozenset({Kind.LABEL_ORDER, Kind.SUBJECT_ORDER})
_OF_PARCELS = frozenset({Kind.LABEL_PACKAGE, Kind.SUBJECT_PACKAGE})
#: Evidence that only counts where nothing says more plainly which number is the order's.
_FAINT = frozenset({Kind.REFERENCE, Kind.SUBJECT_SHAPE})
#: What only the number of a carrier has.
_CARRIERS_OWN = frozenset({
    Kind.MARKUP_CODE, Kind.CARRIER_LINK, Kind.LINK_CODE, Kind.SHOP_LINK_CODE, Kind.DISTINCT, Kind.DISTINCT_PASSED
})  # fmt: skip


def settle(weighed: Weighed, *, of_carrier: bool) -> None:
    """Add and take back what only the sight of all numbers tells. *of_carrier*: a carrier writes."""
    if not of_carrier:
        _prefer_the_order(weighed)
    _drop_faint(weighed)
    codes = weighed.taken_for(Reading.CODE)
    if codes:
        _doubt_series(codes, weighed.taken_for(Reading.ORDER))
    if len(codes) > 1:
        _drop_tails(codes)


def _prefer_the_order(weighed: Weighed) -> None:
    """A shop may call one number "your parcel 4188" in the subject and "your order 4188" in the text: the order's."""
    for candidate in weighed.candidates.values():
        if not _OF_ORDERS.isdisjoint(candidate.evidence):
            for kind in _OF_PARCELS & candidate.evidence.keys():
                candidate.drop(kind)


def _drop_faint(weighed: Weighed) -> None:
    """Take faint evidence back where a number is plainly the order's."""
    faint = [candidate for candidate in weighed.candidates.values() if not _FAINT.isdisjoint(candidate.evidence)]
    if faint and any(map(_is_plain, weighed.taken_for(Reading.ORDER))):
        for candidate in faint:
            for kind in _FAINT & candidate.evidence.keys():
                candidate.drop(kind)


def _is_plain(order: Candidate) -> bool:
    """Whether more than faint evidence says that it is an order's number."""
    return sum(kind.points.order for kind in order.evidence if kind not in _FAINT) >= ENOUGH


def _doubt_series(codes: list[Candidate], orders: list[Candidate]) -> None:
    """Doubt codes that count on from an order's number, unless they have what only a carrier's have."""
    for code in codes:
        if _CARRIERS_OWN.isdisjoint(code.evidence) and any(
            are_of_one_series(code.value, order.value) for order in orders
        ):
            code.add(Kind.LIKE_ORDER)


def _drop_tails(codes: list[Candidate]) -> None:
    """Take a code for none that is another without the letter in front of it: links leave the Z of Packeta out."""
    for code in codes:
        if any(other.value[:1].isalpha() and other.value[1:] == code.value for other in codes):
            code.add(Kind.TAIL)
