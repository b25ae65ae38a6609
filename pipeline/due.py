"""Whether a digest may be due, told without composing it: most runs of a day end here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.ledger import Ledger
    from pipeline.sources import Today


def may_be_due(ledger: Ledger, config: Config, today: Today) -> bool:
    """Whether a digest has to be composed to see if it is due: none went out today, its hour has come, and something
    was learnt, or a setting changed, since it was last found that there is nothing to say."""
    last = ledger.told.last(today.day)
    if last is not None and last[0] >= today.day:
        return False
    at = config.digest.at_time()
    if at is not None and today.now is not None and today.now.astimezone(today.zone).time() < at:
        return False
    return not ledger.told.is_quiet(today.day, that_decide(config))


def that_decide(config: Config) -> str:
    """The settings on which it depends whether there is something to say, as text."""
    return repr((config.timezone, config.rules, config.digest.heartbeat))
