"""The one place where numbers are weighed: evidence for an order number, for a code, or for neither.

The table is the whole of the judgement. A number is taken for what its points say, and only when they reach
``ENOUGH`` and nothing else says more: context (markup, a link's parameter, a label) outranks a format, and a format
alone counts only where it is unmistakable and its check digit right (S10, 1Z…), since about one in ten random order
numbers passes some carrier's check. Where order number and code are level it is an order number, for a wrong code is
worse than none; where neither is level with either, the number is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

#: Points a reading needs before it is believed.
ENOUGH = 50


class Points(NamedTuple):
    """What one kind of evidence says: points for order number, for code, and for neither."""

    order: int
    code: int
    other: int


_NONE = Points(0, 0, 0)


class Kind(Enum):
    """Every kind of evidence with its points and its name for people."""

    #                      name for people                               order code other
    MARKUP_ORDER = ("schema.org order number", Points(120, 0, 0))
    MARKUP_CODE = ("schema.org tracking number", Points(0, 120, 0))
    KNOWN_ORDER = ("known as an order number", Points(120, -300, 0))
    SHOP_LINK_ORDER = ("order parameter in the shop's link", Points(90, 0, 0))
    SHOP_LINK_CODE = ("tracking parameter in the shop's link", Points(0, 90, 0))
    CARRIER_LINK = ("code in the carrier's own link", Points(0, 80, 0))
    LINK_ORDER = ("order parameter in a link", Points(45, 0, 0))
    LINK_CODE = ("tracking parameter in a link", Points(0, 60, 0))
    LABEL_ORDER = ("stands behind an order label", Points(60, 0, 0))
    SUBJECT_ORDER = ("stands behind an order label in the subject", Points(75, 0, 0))
    FAR_LABEL = ("stands some words behind a tracking label", Points(0, 40, 0))
    LABEL_CODE = ("stands behind a tracking label", Points(0, 60, 0))
    LABEL_PACKAGE = ("stands behind a word for parcel", Points(0, 35, 0))
    SUBJECT_PACKAGE = ("stands behind a word for parcel in the subject", Points(0, 55, 0))
    LABEL_OTHER = ("stands behind a label of something else", Points(0, 0, 70))
    RETURN_LABEL = ("the number of a label for sending it back", Points(0, -60, 70))
    PAYMENT = ("what to write beside a payment", Points(0, -60, 55))
    REFERENCE = ("stands behind a bare word for reference", Points(50, 0, 0))
    SUBJECT_SHAPE = ("letters and digits as shops number orders, in the subject", Points(50, 0, 0))
    ORDER_WORD = ("stands behind the bare word for order", Points(40, 0, 0))
    RUNNING = ("next in a numbered list of orders", Points(70, 0, 0))
    LISTED = ("fills a cell of the shop's own mail", Points(30, 0, 0))
    IN_LINK = ("stands in a link as well", Points(0, 15, 0))
    ALONE = ("fills a line of the carrier's own mail", Points(0, 15, 0))
    NUMBER_SIGN = ("introduced as a number", Points(15, 10, 0))
    SHOP_ORDER = ("shape of this shop's order numbers", Points(25, 0, 0))
    SHAPE_OF_ORDERS = ("unmistakable shape of a shop's order numbers", Points(80, -80, 0))
    FOREIGN_SHAPE = ("not the shape of this shop's order numbers", Points(-40, 0, 0))
    SHOP_PACKAGE = ("shape of this shop's package ids", Points(0, 40, 0))
    CARRIER_MAIL = ("shape of this carrier's codes, in its own mail", Points(0, 40, 0))
    CARRIER_BESIDE = ("the carrier's name introduces it", Points(0, 35, 0))
    OWN_PARCEL = ("long enough for a code, in a carrier's mail of a parcel", Points(0, 20, 0))
    CARRIER_NAMED = ("shape of the codes of a carrier the mail names", Points(0, 20, 0))
    DISTINCT_PASSED = ("unmistakable shape, check digit right", Points(0, 55, 0))
    DISTINCT = ("unmistakable shape", Points(0, 30, 0))
    DISTINCT_FAILED = ("unmistakable shape, check digit wrong", Points(0, 10, 0))
    PASSED = ("check digit right", Points(0, 5, 0))
    LIKE_ORDER = ("numbered like the mail's order", Points(0, -60, 0))
    DELIVERY_NOTE = ("called a delivery note, and no carrier's shape", Points(0, -30, 0))
    DATED = ("begins with the day of the mail", Points(0, -20, 0))
    TAIL = ("a code of the mail without its first letter", Points(0, -300, 0))
    INVALID = ("the only code, and no longer valid", Points(0, -300, 0))
    REPLACED = ("no longer valid, says the mail", Points(0, 0, 0))
    PHONE = ("written like a phone number", Points(0, 0, 60))
    MONEY = ("written like an amount", Points(0, 0, 120))
    REPEATED = ("one digit repeated", Points(0, 0, 59))
    ITEM = ("names an article in a link", Points(0, 0, 90))
    ARTICLE_BARCODE = ("an article's bar code (EAN-13)", Points(0, 0, 90))
    POSTCODE = ("follows a postal mark", Points(0, 0, 120))
    FEW_DIGITS = ("too few digits for a code", Points(0, -200, 0))
    SHORT = ("too short for a code", Points(0, -200, 0))

    def __init__(self, label: str, points: Points) -> None:
        self.label = label
        self.points = points

    #: An Enum's own is written in Python.
    __hash__ = object.__hash__


_PLACES = frozenset(
    {Kind.MARKUP_CODE, Kind.SHOP_LINK_CODE, Kind.CARRIER_LINK, Kind.LINK_CODE, Kind.LABEL_CODE, Kind.SUBJECT_PACKAGE}
)
_SHAPES = frozenset({Kind.SHOP_PACKAGE, Kind.CARRIER_MAIL, Kind.CARRIER_NAMED, Kind.DISTINCT, Kind.DISTINCT_PASSED})


#: What speaks for a number loudly enough for people to hear of it.
_SPEAKING = frozenset(kind for kind in Kind if kind.points.order > 0 or kind.points.code > 5)


class Reading(Enum):
    """What a number is taken for."""

    ORDER = "order number"
    CODE = "tracking code"
    NEITHER = "neither"


@dataclass(slots=True)
class Candidate:
    """A number of a mail with all that speaks for and against it.

    Attributes:
        value: as a code would be given: upper case, without blanks.
        written: as it stands in the mail.
        evidence: kind → where it was seen; the first place of each kind is kept, so that saying a thing twice does
            not make it truer.
        points: the sum over all kinds of evidence.
    """

    value: str
    written: str
    evidence: dict[Kind, str] = field(default_factory=dict)
    points: Points = _NONE

    def add(self, kind: Kind, detail: str = "") -> None:
        """Note one piece of evidence."""
        if kind not in self.evidence:
            self.evidence[kind] = detail
            self._count(kind, 1)

    def drop(self, kind: Kind) -> None:
        """Take a piece of evidence back."""
        if self.evidence.pop(kind, None) is not None:
            self._count(kind, -1)

    def _count(self, kind: Kind, times: int) -> None:
        (order, code, other), (of_order, of_code, of_other) = self.points, kind.points
        self.points = Points(order + times * of_order, code + times * of_code, other + times * of_other)

    @property
    def reading(self) -> Reading:
        """What the number is, by its points; ties and doubts are ``NEITHER``, or the order number's."""
        order, code, other = self.points
        if order >= ENOUGH and order >= code and order > other:
            return Reading.ORDER
        if code >= ENOUGH and code > order and code > other:
            return Reading.CODE
        return Reading.NEITHER

    @property
    def is_certain(self) -> bool:
        """Whether both where it stands and its shape say that it is a code."""
        return bool(_PLACES & self.evidence.keys()) and bool(_SHAPES & self.evidence.keys())

    @property
    def is_interesting(self) -> bool:
        """Whether anything speaks for it, so that a person would like to know why it was taken or refused."""
        return not _SPEAKING.isdisjoint(self.evidence)

    @property
    def why(self) -> str:
        """The strongest evidence for the reading, for the notice: ``"label tracking number"``."""
        index = {Reading.ORDER: 0, Reading.CODE: 1, Reading.NEITHER: 2}[self.reading]
        kind, detail = max(self.evidence.items(), key=lambda item: item[0].points[index])
        return f"{kind.label}: {detail}" if detail else kind.label

    @property
    def account(self) -> str:
        """One line with the whole weighing, for `explain` and `read --format text`."""
        order, code, other = self.points
        said = "; ".join(f"{kind.label} {detail}".strip() for kind, detail in self.evidence.items())
        return f"{self.written}: {self.reading.value} (order {order}, code {code}, neither {other}: {said})"
