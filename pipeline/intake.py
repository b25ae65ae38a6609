"""Every new mail into the ledger, a batch a transaction; all accounts at the same time.

A run without news ends here, so this module imports nothing that only news need.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Self

from pipeline.mailbox import Batch, MailboxError
from pipeline.mailbox.parallel import in_parallel
from pipeline.mailbox.patience import Resting
from pipeline.model import Suspicion, Trust, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Set
    from datetime import datetime

    from pipeline.deliver import DeliveryError
    from pipeline.ledger import Ledger
    from pipeline.mailbox import Cursor, Progress, RawMail
    from pipeline.model import Message, Notice, Place
    from pipeline.reply.ear import Ear
    from pipeline.reply.question import Question
    from pipeline.reply.reception import Reception
    from pipeline.sources import Source, Today, Whom


class Report:
    """What a run tells while it works; this one is silent, the command line has others."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """The work is done."""

    def line(self, text: str) -> None:
        """Something done, for ``-v``."""

    def progress(self, account: str, progress: Progress) -> None:
        """How far an account's folder is."""


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

    def failed(self, failures: Iterable[DeliveryError]) -> None:
        """Note what could not be delivered."""
        from pipeline.deliver.errors import Postponed

        for failure in failures:
            if not isinstance(failure, Postponed):
                self.errors.append(str(failure))
            self.exit_code = max(self.exit_code, failure.exit_code)


def take_in(
    ledger: Ledger,
    sources: list[Source],
    today: Today,
    report: Report,
    reception: Callable[[], Reception] | None = None,
) -> Outcome:
    """Read every new mail of *sources* into *ledger*.

    *reception* gives who looks at each for questions and the owner's commands, and is asked only where there are mails;
    without one nobody does.

    A mailbox that fails is told in the outcome and does not keep the others from being read; a mail that cannot be
    read goes into quarantine and does not keep the others either.
    """
    outcome = Outcome()
    orders: set[str] = set()
    failures: dict[int, MailboxError] = {}
    readings = [_Reading(ledger, source, reception) for source in sources]
    for number, item in in_parallel([partial(_batches, reading, today, report) for reading in readings]):
        source = sources[number]
        if isinstance(item, MailboxError):
            failures[number] = item
            continue
        if isinstance(item, BaseException):
            raise item
        if item.progress is not None:
            report.progress(source.name, item.progress)
        if item.mails and not orders:
            orders |= _orders(ledger.notices())
        _record(readings[number], item, orders, today, outcome)
        if item.mails:
            report.line(f"{source.name}: {outcome.read} mails read")
    for _, error in sorted(failures.items()):
        outcome.exit_code = max(outcome.exit_code, error.exit_code)
        if isinstance(error, Resting):
            # Told when the server wanted it; a word at every run until then would only fill cron's mails.
            report.line(str(error))
            continue
        outcome.errors.append(str(error))
    return outcome


@dataclass(slots=True)
class _Reading:
    """The reading of one source: *cursors* are those of before the run, set as soon as its mailbox is open."""

    ledger: Ledger
    source: Source
    reception: Callable[[], Reception] | None
    cursors: Mapping[str, Cursor] = field(default_factory=dict)
    _ear: Ear | None = None

    def ear(self) -> Ear | None:
        """Return who listens to the mails of the source, if anybody does."""
        if self._ear is None and self.reception is not None:
            from pipeline.reply.ear import Ear

            self._ear = Ear(self.ledger, self.reception(), self.source.whom, self.cursors)
        return self._ear


def _batches(reading: _Reading, today: Today, report: Report) -> Iterator[Batch]:
    ledger, source = reading.ledger, reading.source
    with closing(source.open(ledger.standings, report.line)) as mailbox:
        # Opening may forget how far the folders were read: those of another mailbox.
        reading.cursors = ledger.cursors(source.name)
        yield from mailbox.batches(
            reading.cursors,
            partial(_wanted, reading),
            ledger.is_known,
            ledger.retries(source.name, today.day),
            ledger.message_ids,
        )


def _wanted(reading: _Reading, header: bytes) -> bool:
    """Whether the mail with this *header* may speak of a parcel, or ask, and says what the ledger does not have yet.

    The same mail under another label or in another folder, or in a folder whose UIDs changed, is not fetched again.
    """
    # Asked of each of thousands of headers: `from … import` of a package takes twice as long.
    import pipeline.parse
    import pipeline.read

    if pipeline.parse.is_ours(header):
        return False
    if not pipeline.read.worth_opening(header):
        return reading.reception is not None and reading.reception().wants(header, reading.source.whom)
    known_as = pipeline.parse.message_id(header)
    return not (known_as and reading.ledger.has_notice(known_as))


def _record(reading: _Reading, batch: Batch, orders: set[str], today: Today, outcome: Outcome) -> None:
    """Read one batch and record it. *orders*: all order numbers known so far; those of the batch are added."""
    whom = reading.source.whom
    notices: list[Notice] = []
    places: list[tuple[Place, str]] = []
    suspicions: list[Suspicion] = []
    unread: list[Unread] = list(batch.failed)
    questions: list[Question] = []
    for mail in batch.mails:
        from pipeline.read import relevant, unclear

        found = read_mail(mail, whom, orders, today.noon)
        if isinstance(found, Unread):
            unread.append(found)
            continue
        message, notice = found
        outcome.read += 1
        places.append((mail.place, notice.message_id))
        if message.is_ours:
            continue
        ear = reading.ear()
        if ear is not None:
            heard = ear.hear(message, notice, mail.place)
            notices += heard.marks
            if heard.question is not None:
                questions.append(heard.question)
            elif ear.fetches_more(mail.place) and not relevant(message):
                continue
            if heard.is_talk:
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
    if places or unread or batch.cursor is not None:
        reading.ledger.record(
            today=today.day,
            notices=notices,
            places=places,
            suspicions=suspicions,
            unread=unread,
            cursor=batch.cursor,
            outgoing=[question.outgoing for question in questions],
        )


def read_mail(
    mail: RawMail, whom: Whom, known_orders: Set[str] = frozenset(), seen: datetime | None = None
) -> tuple[Message, Notice] | Unread:
    """Walk one mail through parse, trust and read. Never raises: what cannot be read is an ``Unread``."""
    import pipeline.parse
    import pipeline.read
    import pipeline.trust

    try:
        message = pipeline.parse.parse(mail.data, partial=mail.partial)
    except pipeline.parse.ParseError as error:
        return Unread(mail.place, "", str(error))
    verdict = pipeline.trust.judge(
        message,
        trusted_ids=whom.trusted_ids,
        senders=pipeline.read.known_senders(),
        owner=whom.owner,
        id_less_topmost=whom.id_less_topmost,
    )
    return message, pipeline.read.read(message, verdict, known_orders, seen)


def _orders(notices: list[Notice]) -> frozenset[str]:
    from pipeline.read import number_key

    return frozenset(number_key(order.number) for notice in notices for order in notice.orders)


def _suspicion(message: Message, notice: Notice) -> Suspicion:
    reason = notice.reasons[0] if notice.reasons else "the sender is not who it claims to be"
    return Suspicion(notice.message_id, notice.date, reason, message.subject, message.sender.address)
