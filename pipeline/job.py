"""One run, top to bottom: every new mail into the ledger, then what all of it means today, then the digest."""

from __future__ import annotations

from collections.abc import Callable, Set
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from pipeline.deliver import Attempt, DeliveryError, Uncertain
from pipeline.diagnose import diagnose, worth_showing
from pipeline.digest import Digest, Snapshot, compose
from pipeline.facts import Defaults, ShopTerms
from pipeline.ledger import State
from pipeline.mailbox import Batch, MailboxError, RawMail
from pipeline.model import Diagnosis, Message, Notice, Parcel, Place, Suspicion, Trust, Unread, local_date
from pipeline.parcels import fold
from pipeline.reply.ear import Ear
from pipeline.reply.question import OUTBOX_KIND, Question

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.config import Config
    from pipeline.deliver import Channel
    from pipeline.ledger import Ledger
    from pipeline.reply.reception import Reception
    from pipeline.sources import Source, Today, Whom

_BAD_MAIL_DAYS = 15
_HEARTBEAT_DAYS = 7

Report = Callable[[str], None]


@dataclass(slots=True)
class Outcome:
    """What a run came to.

    Attributes:
        read: mails read in this run.
        errors: one line for each mailbox or mail that could not be read.
        exit_code: 0, 1 (some mails could not be read), or that of the mailbox that failed.
    """

    read: int = 0
    errors: list[str] = field(default_factory=list)
    exit_code: int = 0


# ── reading what is new ──────────────────────────────────────────────────────────────────────────────────────


def take_in(
    ledger: Ledger, sources: list[Source], today: Today, report: Report, reception: Reception | None = None
) -> Outcome:
    """Read every new mail of *sources* into *ledger*, a batch a transaction.

    *reception* looks at each for questions and the owner's commands; without one nobody does.

    A mailbox that fails is told in the outcome and does not keep the others from being read; a mail that cannot be
    read goes into quarantine and does not keep the others either.
    """
    outcome = Outcome()
    orders: set[str] = set()
    for source in sources:
        try:
            with closing(source.open()) as mailbox:
                cursors = ledger.cursors(source.name)
                again = ledger.retries(source.name, today.day)
                wanted = partial(_wanted, source.whom, reception)
                ear = Ear(ledger, reception, source.whom, cursors)
                for batch in mailbox.batches(cursors, wanted, ledger.is_known, again):
                    if batch.mails and not orders:
                        orders |= _orders(ledger.notices())
                    _record(ledger, batch, source.whom, orders, today, outcome, ear)
                    report(f"{source.name}: {outcome.read} mails read")
        except MailboxError as error:
            outcome.errors.append(str(error))
            outcome.exit_code = max(outcome.exit_code, error.exit_code)
    return outcome


def _wanted(whom: Whom, reception: Reception | None, header: bytes) -> bool:
    from pipeline.parse import peek
    from pipeline.read import relevant

    head = peek(header)
    if head.is_ours:
        return False
    return relevant(head) or (reception is not None and reception.wants(head, whom))


def _record(
    ledger: Ledger, batch: Batch, whom: Whom, orders: set[str], today: Today, outcome: Outcome, ear: Ear
) -> None:
    """Read one batch and record it. *orders*: all order numbers known so far; those of the batch are added."""
    from pipeline.read import relevant, unclear

    notices: list[Notice] = []
    places: list[tuple[Place, str]] = []
    suspicions: list[Suspicion] = []
    unread: list[Unread] = list(batch.failed)
    questions: list[Question] = []
    for mail in batch.mails:
        found = read_mail(mail, whom, orders, today.noon)
        if isinstance(found, Unread):
            unread.append(found)
            continue
        message, notice = found
        outcome.read += 1
        places.append((mail.place, notice.message_id))
        if message.is_ours:
            continue
        heard = ear.hear(message, notice, mail.place)
        notices += heard.marks
        if heard.question is not None:
            questions.append(heard.question)
        if heard.is_talk or (ear.fetches_more(mail.place) and heard.question is None and not relevant(message)):
            continue
        if notice.trust is Trust.SUSPICIOUS:
            if relevant(message):
                suspicions.append(_suspicion(message, notice))
        elif notice.about_a_parcel or unclear(message, notice):
            notices.append(notice)
            orders |= _orders([notice])
    for entry in unread:
        outcome.errors.append(f"{entry.place.path}: {entry.error}")
        outcome.exit_code = max(outcome.exit_code, 1)
    ledger.record(
        today=today.day,
        notices=notices,
        places=places,
        suspicions=suspicions,
        unread=unread,
        cursor=batch.cursor,
        outgoing=[(question.key, OUTBOX_KIND, question) for question in questions],
    )


def read_mail(
    mail: RawMail, whom: Whom, known_orders: Set[str] = frozenset(), seen: datetime | None = None
) -> tuple[Message, Notice] | Unread:
    """Walk one mail through parse, trust and read. Never raises: what cannot be read is an ``Unread``."""
    from pipeline.parse import ParseError, parse
    from pipeline.read import read, senders
    from pipeline.trust import judge

    try:
        message = parse(mail.data, partial=mail.partial)
    except ParseError as error:
        return Unread(mail.place, "", str(error))
    verdict = judge(
        message,
        trusted_ids=whom.trusted_ids,
        senders=senders(),
        owner=whom.owner,
        id_less_topmost=whom.id_less_topmost,
    )
    return message, read(message, verdict, known_orders, seen)


def _orders(notices: list[Notice]) -> frozenset[str]:
    from pipeline.read import number_key

    return frozenset(number_key(order.number) for notice in notices for order in notice.orders)


def _suspicion(message: Message, notice: Notice) -> Suspicion:
    reason = notice.reasons[0] if notice.reasons else "the sender is not who it claims to be"
    return Suspicion(notice.message_id, notice.date, reason, message.subject, message.sender.address)


# ── what it means today ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Known:
    """All parcels with their diagnoses on a day, ignored ones and long solved ones included.

    *unclear*: notices of mails that tell of a parcel without naming a number.
    """

    diagnosed: tuple[tuple[Parcel, Diagnosis], ...]
    unclear: tuple[Notice, ...] = ()

    def worth_showing(self, today: Today) -> list[tuple[Parcel, Diagnosis]]:
        """Those that belong into the digest of *today*."""
        return [
            (parcel, found) for parcel, found in self.diagnosed if worth_showing(parcel, found, today.day, today.zone)
        ]


def defaults(config: Config) -> Defaults:
    """The days that the owner's settings give the rules."""
    rules = config.rules
    return Defaults(rules.shipment_window, rules.protection, rules.dispute_window)


def shop_terms() -> dict[str, ShopTerms]:
    """What each shop's own data file says of its windows and pages."""
    from pipeline.read.shops import shops

    return {
        key: ShopTerms(
            shipment_window=shop.shipment_window,
            protection=shop.protection,
            protection_basis=shop.protection_basis,
            order_page=shop.order_page,
        )
        for key, shop in shops().items()
    }


def survey(ledger: Ledger, config: Config, today: Today) -> Known:
    """Fold everything known up to *today* into parcels and diagnose each. Mails dated later are not yet counted."""
    from pipeline.read.carriers import carriers, tracking_page

    terms = shop_terms()
    notices = [notice for notice in ledger.notices() if local_date(notice.date, today.zone) <= today.day]
    return Known(
        tuple(
            (
                parcel,
                diagnose(
                    parcel,
                    today.day,
                    today.zone,
                    defaults(config),
                    terms,
                    tracking_page=tracking_page,
                    carrier_name=lambda key: carriers()[key].name if key in carriers() else None,
                    explain=True,
                ),
            )
            for parcel in fold(notice for notice in notices if notice.about_a_parcel)
        ),
        tuple(notice for notice in notices if not notice.about_a_parcel),
    )


def digest_of(ledger: Ledger, config: Config, today: Today) -> Digest:
    """Compose the digest of *today* from what is known, against what the last digest said."""
    told = ledger.last_told(today.day)
    since = today.day - timedelta(days=_BAD_MAIL_DAYS)
    known = survey(ledger, config, today)
    suspicious = [mail for mail in ledger.suspicions() if since <= local_date(mail.date, today.zone) <= today.day]
    return compose(
        today.day,
        known.worth_showing(today),
        suspicious,
        ledger.quarantine(),
        Snapshot.decode(told[1]) if told else None,
        today.zone,
        config.spoken,
        unclear=[notice for notice in known.unclear if since <= local_date(notice.date, today.zone)],
        told_on=told[0] if told else None,
    )


# ── telling it once a day ────────────────────────────────────────────────────────────────────────────────────


def is_due(ledger: Ledger, config: Config, today: Today, digest: Digest) -> bool:
    """Whether the digest goes out now: not yet today, not before its hour, and only with something to say."""
    last = ledger.last_told(today.day)
    if last is not None and last[0] >= today.day:
        return False
    at = config.digest.at_time()
    if at is not None and today.now is not None and today.now.astimezone(today.zone).time() < at:
        return False
    if digest.is_news:
        return True
    if config.digest.heartbeat != "weekly":
        return False
    return last is None or today.day - last[0] >= timedelta(days=_HEARTBEAT_DAYS)


def tell(ledger: Ledger, digest: Digest, channels: dict[str, Channel]) -> list[DeliveryError]:
    """Deliver *digest* by every channel, each once, and note what it said; return what could not be delivered.

    The outbox remembers the channels that are done: after a crash, or where one fails, only the others are served
    again. What it says is noted as of the first try: what a later try has beyond that is news to the channels that were
    done by then, and so it stays news for the next digest.
    """
    outbox = ledger.outbox
    whole = f"digest/{digest.day.isoformat()}"
    outbox.put(whole, "digest", digest.snapshot.encode())
    failures: list[DeliveryError] = []
    for name, channel in channels.items():
        key = f"{whole}/{name}"
        outbox.put(key, "delivery", str(digest.subject))
        item = outbox.get(key)
        if item is None or item.done:
            continue
        attempt = Attempt(outbox.secret, partial(outbox.begin, key), uncertain=item.state is State.BEGUN)
        try:
            channel(digest, attempt)
        except DeliveryError as error:
            if not isinstance(error, Uncertain):
                outbox.back(key)
            failures.append(error)
        else:
            outbox.done(key)
    first = outbox.get(whole)
    if not failures and first is not None:
        ledger.tell(digest.day, first.payload)
        outbox.done(whole)
    return failures
