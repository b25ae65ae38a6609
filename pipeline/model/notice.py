"""What a mail, or the owner, says about parcels: the unit that the ledger keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from pipeline.model.days import Day
from pipeline.model.mail import Trust


class Event(StrEnum):
    """What happened to an order or a parcel."""

    ORDERED = "ordered"
    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    ATTEMPT_FAILED = "attempt_failed"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    CLOSING = "closing"
    CLOSED = "closed"
    CODE_CHANGED = "code_changed"
    NONE = "none"


#: Events that are *information* in the sense of the rules: somebody has scanned or handled the parcel.
INFORMATION = frozenset(
    {
        Event.IN_TRANSIT,
        Event.OUT_FOR_DELIVERY,
        Event.AVAILABLE_FOR_PICKUP,
        Event.ATTEMPT_FAILED,
        Event.DELIVERED,
        Event.EXCEPTION,
        Event.RETURNED,
    }
)


class Check(StrEnum):
    """What a code's check digit says; ``NONE`` where its format has none or is unknown."""

    PASSED = "passed"
    FAILED = "failed"
    NONE = "none"


class CodeKind(StrEnum):
    """A *package id* is the shop's own name for a package; a *tracking number* is the carrier's."""

    PACKAGE_ID = "package_id"
    TRACKING_NUMBER = "tracking_number"


@dataclass(frozen=True, slots=True)
class TrackingCode:
    """A package id or tracking number, upper case without blanks. Never an order number.

    ``carrier`` is a key of ``read/carriers.toml`` or ``None``; ``evidence`` says where the mail gave it.
    """

    code: str
    carrier: str | None = None
    kind: CodeKind = CodeKind.TRACKING_NUMBER
    check: Check = Check.NONE
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class OrderNumber:
    """A shop's order number, with its prefix and hyphens, without ``#``."""

    number: str
    evidence: str = ""


class MarkKind(StrEnum):
    """What the owner can say of a parcel (`parcel-digest mark`)."""

    DELIVERED = "delivered"
    UNCHANGED = "unchanged"
    CONTACTED = "contacted"
    DISPUTED = "disputed"
    UNTRACKED = "untracked"
    IGNORE = "ignore"
    REOPEN = "reopen"
    PROTECTION = "protection"
    SHIP_BY = "ship-by"
    SHIPPED = "shipped"
    CODE = "code"
    NOTE = "note"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Mark:
    """The owner's word.

    ``value`` is an ISO date for protection and ship-by; an ISO moment, noon of that day in the owner's zone, for
    shipped (and for added, where the day is known); the new code for code; the text for note; else ``None``.
    """

    kind: MarkKind
    value: str | None = None


class Notice(msgspec.Struct, frozen=True, gc=False):
    """What one mail (or the owner) says about parcels. The unit that the ledger keeps; parcels are folded from it.

    A Struct and no dataclass because a ledger may hold very many: it is read in less than half the time.

    Attributes:
        message_id: identity; of two notices with the same one only one exists.
        date: when the mail was sent (for a mail forwarded by hand: the inner mail's date where readable). Aware.
        shop: key of a file in ``read/shops/``, or ``None``.
        carrier: key of the carrier that wrote the mail, or ``None``.
        event, status: what happened; *status* is finer (``"customs"``, ``"left-origin"``, …) or ``None``.
        orders, codes: what the mail names. No order number ever stands in *codes*.
        pairs: (order number, code) pairs that the mail itself ties together (a merge mail ties each package to its
            orders). Empty: every order belongs to every code.
        replaced: codes that the mail says are no longer valid; the new one stands in *codes*.
        trust: verdict on the sender; suspicious notices touch no parcel.
        language: ISO 639-1 of the mail, or ``None``.
        ship_by, protection_ends, pickup_by: last days the mail names.
        pickup_place: where it is to be collected, as the mail writes it, or ``None``.
        expected: latest day of the estimated delivery the mail names.
        extended_by: days by which the mail says that buyer protection was extended, where it names no day.
        dispute_days: days that the shop's mail about the delivery leaves for a dispute about what came.
        items: titles of what was ordered.
        reasons: how the reader decided, for `explain` and `read --format text`.
        subject: for people, to find the mail again.
        seller: address at which the seller who wrote it can be answered, where the shop passes mails on.
        mark: the owner's word; then *orders* or *codes* hold the number it was given for and *trust* is ``OWNER``.
            A parcel *added* by hand is told as a mail would tell it: shop, event, orders and codes.
    """

    message_id: str
    date: datetime
    shop: str | None = None
    event: Event = Event.NONE
    status: str | None = None
    orders: tuple[OrderNumber, ...] = ()
    codes: tuple[TrackingCode, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    replaced: tuple[str, ...] = ()
    trust: Trust = Trust.UNVERIFIED
    language: str | None = None
    ship_by: Day | None = None
    protection_ends: Day | None = None
    pickup_by: Day | None = None
    expected: Day | None = None
    items: tuple[str, ...] = ()
    pickup_place: str | None = None
    reasons: tuple[str, ...] = ()
    subject: str = ""
    mark: Mark | None = None
    carrier: str | None = None
    extended_by: int | None = None
    dispute_days: int | None = None
    seller: str = ""

    @property
    def about_a_parcel(self) -> bool:
        """Whether the notice names any number, so that it can be tied to a parcel."""
        return bool(self.orders or self.codes)
