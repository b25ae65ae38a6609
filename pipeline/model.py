"""The values that travel through the house: frozen, comparable, without any input or output.

Two kinds of time stand here. A ``datetime`` is always aware (it has an offset); a ``date`` is a calendar day in
the owner's time zone. The conversion happens in one place, :func:`local_date`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import TypeAlias

#: A calendar day in the owner's time zone.
Day: TypeAlias = date


def local_date(moment: datetime, zone: tzinfo | None) -> date:
    """Return the calendar day of an aware *moment* in *zone*; ``None`` means the process's own zone (``TZ``)."""
    return moment.astimezone(zone).date()


# ── a mail as it came ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies: enough to find it again, and the key under which it is handled once.

    Attributes:
        account: name of the account in the settings, or ``"files"`` for a mailbox of files.
        folder: IMAP folder name, or the path of the file or folder given.
        uidvalidity: IMAP UIDVALIDITY (RFC 3501 section 2.3.1.1); 0 for files.
        uid: IMAP UID, or ``""``; a file's name (relative to *folder*) for files.
    """

    account: str
    folder: str
    uidvalidity: int
    uid: str


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address header: display name and address (lower case); either may be empty."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part behind the last ``@``, lower case, or an empty string."""
        return self.address.rpartition("@")[2] if "@" in self.address else ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a mail: where it leads (entities decoded, not unwrapped) and the words it stands under."""

    url: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One parsed mail. All text is Unicode without control characters (tab and line feed stay).

    Attributes:
        message_id: the Message-ID without angle brackets; if missing, ``sha256-…@no-message-id`` of the bytes, so
            that the same mail has the same identity wherever it lies.
        date: the Date header, else the newest Received, else ``None``. Aware.
        senders: every address of every From header, in order. A sound mail has exactly one.
        recipients: addresses of To, Cc and Delivered-To.
        subject: decoded and unfolded.
        text: what a person reads: the text/plain parts, or the HTML made text. One block a line; the cells of a
            table row are joined by a tab.
        links: links of the HTML, ``<https://…>`` and bare links of the text, in order, without duplicates.
        markup: contents of ``<script type="application/ld+json">`` elements, in order.
        microdata: (itemprop, value) pairs of HTML microdata, in document order; an ``itemscope`` opens with
            ``("itemtype", <type>)``.
        headers: (name, raw unfolded value) pairs in the order of the mail.
        attached: mails attached as message/rfc822, parsed alike (depth limited).
        defects: everything that was wrong with the mail and how it was mended, in plain words.
        size: bytes of the mail as it came.
    """

    message_id: str
    date: datetime | None
    senders: tuple[Address, ...]
    recipients: tuple[Address, ...]
    subject: str
    text: str
    links: tuple[Link, ...] = ()
    markup: tuple[str, ...] = ()
    microdata: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    attached: tuple[Message, ...] = ()
    defects: tuple[str, ...] = ()
    size: int = 0

    @property
    def sender(self) -> Address:
        """The first From address, or an empty one."""
        return self.senders[0] if self.senders else Address("", "")

    def header(self, name: str) -> tuple[str, ...]:
        """All values of the header *name* (any case), topmost first."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)


class Trust(StrEnum):
    """Who really sent a mail. ``OWNER`` is the owner's own word, given on the command line."""

    TRUSTED = "trusted"
    UNVERIFIED = "unverified"
    SUSPICIOUS = "suspicious"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The trust in one mail, with the reasons in plain words."""

    trust: Trust
    reasons: tuple[str, ...] = ()


# ── what a mail says ─────────────────────────────────────────────────────────────────────────────────────────


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
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Mark:
    """The owner's word. ``value`` is an ISO date for protection and ship-by, the new code for code, else ``None``."""

    kind: MarkKind
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What one mail (or the owner) says about parcels. The unit that the ledger keeps; parcels are folded from it.

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
        expected: latest day of the estimated delivery the mail names.
        items: titles of what was ordered.
        reasons: how the reader decided, for `explain` and `read --format text`.
        subject: for people, to find the mail again.
        mark: the owner's word; then *orders* or *codes* hold the number it was given for and *trust* is ``OWNER``.
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
    reasons: tuple[str, ...] = ()
    subject: str = ""
    mark: Mark | None = None
    carrier: str | None = None

    @property
    def about_a_parcel(self) -> bool:
        """Whether the notice names any number, so that it can be tied to a parcel."""
        return bool(self.orders or self.codes)


# ── a parcel on a day ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Source:
    """One mail (or mark) that spoke of a parcel, for the digest's "from which mail"."""

    message_id: str
    date: datetime
    event: Event
    subject: str = ""
    trust: Trust = Trust.UNVERIFIED
    mark: Mark | None = None


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
        ordered_at, shipped_at: earliest such mail; *shipped_at* never moves when a code changes.
        code_changed_at: newest change of the code to a different one by a mail or by the owner.
        informed_at: newest *information* (see ``INFORMATION``) on the current code.
        first_news_at, last_news_at: earliest and newest notice of any kind but marks.
        delivered_at: when the delivery was told.
        ship_by: last day to ship, as the mail or the owner says; ``None`` unless said.
        protection_ends, protection_from: end of buyer protection and who says it: ``"owner"`` or ``"mail"``.
        closing_at: newest trusted mail that announced the end of protection.
        expected: latest estimated delivery.
        pickup_by: last day to collect it.
        unchanged_at, contacted_at, disputed_at: the owner's marks that hold.
        untracked, ignored: the owner's marks that hold.
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
    closing_at: datetime | None = None
    expected: Day | None = None
    pickup_by: Day | None = None
    items: tuple[str, ...] = ()
    unchanged_at: datetime | None = None
    contacted_at: datetime | None = None
    disputed_at: datetime | None = None
    untracked: bool = False
    ignored: bool = False
    trust: Trust = Trust.UNVERIFIED
    sources: tuple[Source, ...] = ()


# ── what to do about it ──────────────────────────────────────────────────────────────────────────────────────


class Level(StrEnum):
    """How much a parcel needs its owner; in the order of the digest."""

    ACT = "act"
    WATCH = "watch"
    WAIT = "wait"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark that stands beside the diagnosis, with the date it names (if any)."""

    id: str
    text: str
    date: Day | None = None


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """How one rule fared: ``hit`` is ``None`` where an unknown fact decided ("cannot tell").

    ``conditions`` are (condition as written, value of the fact, held) triples.
    """

    rule: str
    hit: bool | None
    conditions: tuple[tuple[str, str, bool | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What holds for one parcel today and what to do about it.

    Attributes:
        rule: id of the rule that won, a key of ``rules.toml``.
        days: calendar days since shipped (for rules before shipping: since ordered), or ``None``.
        act_by: last day to act, where one is known.
        tracking_page: the carrier's own page with the code filled in, from our own table, or ``None``.
        facts: (name, value in plain words) of every fact, for `explain`.
        trials: every rule with its outcome, for `explain`.
    """

    rule: str
    level: Level
    title: str
    advice: tuple[str, ...]
    days: int | None = None
    act_by: Day | None = None
    notes: tuple[Note, ...] = ()
    tracking_page: str | None = None
    facts: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    trials: tuple[RuleTrial, ...] = field(default=(), compare=False)


# ── what could not be read, and what must not be believed ─────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Unread:
    """A mail that could not be read: shown, kept in quarantine, tried again a limited number of times."""

    place: Place
    message_id: str
    error: str
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A mail that touches no parcel because its sender is not who it claims to be."""

    message_id: str
    date: datetime
    reason: str
    subject: str = ""
    sender: str = ""
