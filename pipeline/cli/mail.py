"""`explain --mail`: what was answered to a mail or why not; a mail that nobody kept is looked up and judged anew."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from pipeline.cli.options import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.config import Config
    from pipeline.ledger import Ledger
    from pipeline.mailbox import RawMail
    from pipeline.sources import Today, Whom


def explain_mail(message_id: str, config: Config, state: Path, today: Today) -> Iterator[str]:
    """Yield the lines about the mail *message_id* (without angle brackets)."""
    from pipeline.ledger import Ledger
    from pipeline.reply.desk import read_question
    from pipeline.reply.question import OUTBOX_KIND
    from pipeline.reply.report import question_lines

    with Ledger.copy_in_memory(state) as ledger:
        item = ledger.outbox.get(f"{OUTBOX_KIND}/{message_id}")
        if item is not None:
            yield from question_lines(read_question(item))
            return
        found = _looked_up(message_id, config)
        if found is None:
            raise UsageError(f"no mail {message_id} lies in the folders that are read")
        yield from _judged(ledger, config, today, *found)


def _judged(ledger: Ledger, config: Config, today: Today, mail: RawMail, whom: Whom) -> Iterator[str]:
    from pipeline.intake import read_mail
    from pipeline.model import Unread
    from pipeline.reply.checks import arrival_of, objections
    from pipeline.reply.reception import receiver
    from pipeline.reply.report import objection_line, question_lines

    found = read_mail(mail, whom)
    if isinstance(found, Unread):
        yield f"It cannot be read: {found.error}"
        return
    message, notice = found
    heard = receiver(config.reply, ledger, today).hear(message, notice, mail.place, whom, first_run=False)
    if heard.question is not None:
        yield from question_lines(heard.question)
        return
    yield f"Mail {message.message_id}"
    yield f"  from {message.sender.address}, “{message.subject}”"
    if heard.marks:
        yield f"  holds {len(heard.marks)} commands of yours"
    if config.reply.mode == "off":
        yield '  nothing is answered: reply.mode is "off"'
    else:
        yield "  asks nothing about a parcel"
    for objection in objections(arrival_of(message, notice, mail.place, whom)):
        yield objection_line(objection)


def _looked_up(message_id: str, config: Config) -> tuple[RawMail, Whom] | None:
    """The mail from the server, if it lies in a folder that is read. Raises MailboxError."""
    from pipeline.deliver.append import Shelf
    from pipeline.mailbox import RawMail
    from pipeline.mailbox.connect import Traffic
    from pipeline.mailbox.credentials import secret
    from pipeline.sources import whom_of

    if not (message_id.isascii() and message_id.isprintable()):
        raise UsageError("a Message-ID is printable ASCII")
    for name, account in config.accounts.items():
        with closing(Shelf(name, account.server(), secret(name, account), Traffic())) as shelf:
            for folder in account.folders:
                for place in shelf.find(folder, "Message-ID", f"<{message_id}>"):
                    body = shelf.fetch([int(place.uid)], ["BODY.PEEK[]"]).get(int(place.uid), {}).get(b"BODY[]")
                    if isinstance(body, bytes):
                        return RawMail(place, body), whom_of(account, frozenset())
    return None
