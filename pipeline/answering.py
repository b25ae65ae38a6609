"""Answering within a run: who looks at the mails that come in, who answers, and what the ledger knows for both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.job import Known, survey
from pipeline.reply.desk import Decision, Desk
from pipeline.reply.question import Outcome
from pipeline.reply.seller import draft_letters, due
from pipeline.reply.tray import Tray

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.deliver import DeliveryError
    from pipeline.ledger import Ledger
    from pipeline.model import Parcel
    from pipeline.sources import Today


def desk(ledger: Ledger, config: Config, today: Today) -> Desk:
    """Whoever answers what was asked; its tray is to be closed."""
    surveyed: list[Known] = []

    def compose(decision: Decision) -> str:
        from pipeline.read import number_key
        from pipeline.reply.answer import answer

        if not surveyed:
            surveyed.append(survey(ledger, config, today))
        named = {number_key(number.written) for number in decision.question.numbers}
        return answer(
            decision.question,
            [(parcel, found) for parcel, found in surveyed[0].diagnosed if named & _numbers_of(parcel)]
            if decision.details
            else [],
            language=config.spoken,
            today=today.day,
            automatic=decision.outcome is Outcome.SENT,
            templates=config.digest.templates_dir(),
        )

    return Desk(ledger, config, today, Tray(config, ledger.standings, today.now or today.noon), compose)


def write_to_sellers(ledger: Ledger, config: Config, today: Today, tray: Tray) -> list[DeliveryError]:
    """Draft a letter to each seller who should be asked for the right code and can be; return what failed."""
    if config.reply.mode == "off":
        return []
    notices = ledger.notices()
    if not any(notice.seller for notice in notices):
        return []
    return draft_letters(ledger, config, today, tray, due(survey(ledger, config, today).diagnosed, notices))


def _numbers_of(parcel: Parcel) -> set[str]:
    from pipeline.read import number_key

    return {number_key(number) for number in (*parcel.orders, *(code.code for code in parcel.codes))}
