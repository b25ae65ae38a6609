"""A draft to the seller of a parcel that nobody has seen, where the seller has a mail address (seed 2d).

Only as a draft, whatever the mode; once a parcel. Where there is no address the digest has the text to copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from pipeline.deliver import DeliveryError, Uncertain
from pipeline.diagnose.seller import seller_message
from pipeline.model import Trust
from pipeline.reply.question import Kind, Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.config import Config
    from pipeline.ledger import Ledger
    from pipeline.model import Diagnosis, Notice, Parcel
    from pipeline.reply.tray import Tray
    from pipeline.sources import Today

OUTBOX_KIND: Final = "seller"


@dataclass(frozen=True, slots=True)
class Due:
    """A parcel whose seller should be asked, and the newest mail that the seller wrote about it."""

    parcel: Parcel
    days: int | None
    letter: Notice

    @property
    def key(self) -> str:
        """Its key in the outbox: one parcel, one letter."""
        return f"{OUTBOX_KIND}/{self.parcel.key}"


def due(diagnosed: Iterable[tuple[Parcel, Diagnosis]], notices: Sequence[Notice]) -> Iterator[Due]:
    """Yield the parcels whose seller should be asked and can be answered: by a trusted mail of the seller's."""
    sellers = {notice.message_id: notice for notice in notices if notice.seller and notice.trust is Trust.TRUSTED}
    if not sellers:
        return
    for parcel, diagnosis in diagnosed:
        wrote = [sellers[source.message_id] for source in parcel.sources if source.message_id in sellers]
        if diagnosis.asks_seller and wrote and not parcel.ignored:
            yield Due(parcel, diagnosis.days, wrote[-1])


def draft_letters(
    ledger: Ledger, config: Config, today: Today, tray: Tray, found: Iterable[Due]
) -> list[DeliveryError]:
    """Put a draft for each of *found* that has none yet; return what could not be put."""
    from pipeline.reply.mail import answer_mail, answer_token

    outbox = ledger.outbox
    failures: list[DeliveryError] = []
    for each in found:
        account = ledger.account_of(each.letter.message_id)
        outbox.put(each.key, OUTBOX_KIND, each.letter.message_id)
        item = outbox.get(each.key)
        if item is None or item.done or account not in config.accounts:
            continue
        question = _question(each, config.accounts[account].address, account)
        token = answer_token(outbox.secret(), each.key)
        text = seller_message(each.parcel, each.days, each.letter.language or config.spoken, today.zone)
        mail = answer_mail(question, text + "\n", token=token, moment=today.now or today.noon, draft=True)
        try:
            tray.draft(question, mail, token, partial(outbox.begin, each.key))
        except DeliveryError as error:
            if not isinstance(error, Uncertain):
                outbox.back(each.key)
            failures.append(error)
        else:
            outbox.done(each.key)
    return failures


def _question(each: Due, address: str, account: str) -> Question:
    from pipeline.model import Place

    return Question(
        message_id=each.letter.message_id,
        kind=Kind.SELLER,
        place=Place(account, "", 0, ""),
        address=address,
        sender=each.letter.seller,
        reply_to=each.letter.seller,
        subject=each.letter.subject,
        date=each.letter.date,
        references=(each.letter.message_id,),
    )
