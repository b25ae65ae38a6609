"""A parcel on a day: the fold of all notices about one package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from pipeline.model.days import Day
from pipeline.model.mail import Trust
from pipeline.model.notice import Event, Mark, TrackingCode


class Source(msgspec.Struct, frozen=True, gc=False):
    """One mail (or mark) that spoke of a parcel, for the digest's "from which mail". As many as notices.

    ``taken_back`` says of a mark that a later ``reopen`` took it back.
    """

    message_id: str
    date: datetime
    event: Event
    subject: str = ""
    trust: Trust = Trust.UNVERIFIED
    mark: Mark | None = None
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """The fold of all notices about one package (or about an order whose package is not known yet).

    Never stored: always folded anew. Moments are those of the mails that said so; ``None`` means never said.

    Attributes:
        key: stable identity for "what is new": the parcel's oldest order number, else its oldest code, prefixed by
            ``order:`` or ``code:`` (and the code too where one order has several packages).
        orders: order numbers, oldest first.
        codes: codes, newest first.
        event, event_at, status: the state that holds, and since when.
        ordered_at, shipped_at: earliest such mail, or the day of shipping that the owner gave; *shipped_at* never
            moves when a code changes, and starts anew when the seller ships again what came back.
        code_changed_at: newest change of the code to a different one by a mail or by the owner.
        informed_at: newest *information* (see ``INFORMATION``) on the current code.
        first_news_at, last_news_at: earliest and newest notice of any kind but marks; a parcel that was added by
            hand has news since then.
        delivered_at: when the delivery was told.
        ship_by: last day to ship, as the mail or the owner says; ``None`` unless said.
        protection_ends, protection_from: end of buyer protection and who says it: ``"owner"`` or ``"mail"``.
        extended_by: days by which trusted mail extended protection since its end was named last; of several
            extensions the longest, because two mails may tell of one.
        dispute_days: days that trusted mail about the delivery leaves for a dispute about what came, or ``None``.
        closing_at: newest trusted mail that announced the end of protection, unless it was extended since.
        expected: latest estimated delivery.
        pickup_by: last day to collect it.
        unchanged_at, contacted_at, disputed_at: the owner's marks that hold.
        untracked, ignored: the owner's marks that hold.
        remarks: the owner's notes that hold, oldest first.
        trust: the best trust among its mails.
        sources: every notice, oldest first.
    """

    key: str
    shop: str | None
    orders: tuple[str, ...]
    codes: tuple[TrackingCode, ...]
    event: Event
    event_at: datetime
    status: str | None = None
    ordered_at: datetime | None = None
    shipped_at: datetime | None = None
    code_changed_at: datetime | None = None
    informed_at: datetime | None = None
    first_news_at: datetime | None = None
    last_news_at: datetime | None = None
    delivered_at: datetime | None = None
    ship_by: Day | None = None
    protection_ends: Day | None = None
    protection_from: str | None = None
    extended_by: int = 0
    dispute_days: int | None = None
    closing_at: datetime | None = None
    expected: Day | None = None
    pickup_by: Day | None = None
    items: tuple[str, ...] = ()
    unchanged_at: datetime | None = None
    contacted_at: datetime | None = None
    disputed_at: datetime | None = None
    untracked: bool = False
    ignored: bool = False
    remarks: tuple[str, ...] = ()
    trust: Trust = Trust.UNVERIFIED
    sources: tuple[Source, ...] = ()
