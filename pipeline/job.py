"""What all that is known means on a day, and telling it once. How mails get into the ledger: `intake.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from pipeline.deliver import Attempt, DeliveryError, Uncertain
from pipeline.diagnose import diagnose, worth_showing
from pipeline.digest import Digest, Snapshot, compose
from pipeline.facts import Defaults, ShopTerms
from pipeline.ledger import State
from pipeline.ledger.memory import no_cycle_search
from pipeline.model import Diagnosis, Notice, Parcel, local_date
from pipeline.parcels import fold

if TYPE_CHECKING:
    from datetime import date

    from pipeline.config import Config
    from pipeline.deliver import Channel
    from pipeline.ledger import Ledger
    from pipeline.sources import Today

_BAD_MAIL_DAYS = 15
_HEARTBEAT_DAYS = 7


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
    return Defaults(rules.shipment_window, rules.protection, rules.dispute_window, rules.untracked)


def shop_terms(config: Config) -> dict[str, ShopTerms]:
    """What the settings, else each shop's own data file, say of its windows and pages.

    Raises ConfigError for settings of a shop that is not known.
    """
    from pipeline.config import ConfigError, ShopRules
    from pipeline.read.shops import shops

    owner = config.rules.shop
    if unknown := sorted(owner.keys() - shops().keys()):
        raise ConfigError(f"the settings name no shop that is known by [rules.shop.{unknown[0]}]: {', '.join(shops())}")
    return {
        key: ShopTerms(
            shipment_window=owner.get(key, ShopRules()).shipment_window or shop.shipment_window,
            protection=owner.get(key, ShopRules()).protection or shop.protection,
            protection_basis=shop.protection_basis,
            order_page=shop.order_page,
        )
        for key, shop in shops().items()
    }


def survey(ledger: Ledger, config: Config, today: Today, *, explain: bool = False) -> Known:
    """Fold everything known up to *today* into parcels and diagnose each. Mails dated later are not yet counted.

    *explain*: whether the diagnoses hold every fact and rule, which the digest does not need.
    """
    with no_cycle_search():
        return _survey(ledger, config, today, explain=explain)


def _survey(ledger: Ledger, config: Config, today: Today, *, explain: bool) -> Known:
    from pipeline.read.carriers import carriers, tracking_page

    terms = shop_terms(config)
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
                    explain=explain,
                ),
            )
            for parcel in fold(notice for notice in notices if notice.about_a_parcel)
        ),
        tuple(notice for notice in notices if not notice.about_a_parcel),
    )


def digest_of(ledger: Ledger, config: Config, today: Today) -> Digest:
    """Compose the digest of *today* from what is known, against what the last digest said."""
    told = ledger.told.last(today.day)
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
        config.digest.templates_dir(),
        unclear=[notice for notice in known.unclear if since <= local_date(notice.date, today.zone)],
        told_on=told[0] if told else None,
    )


# ── telling it once a day ────────────────────────────────────────────────────────────────────────────────────


def is_due(ledger: Ledger, config: Config, today: Today, digest: Digest) -> bool:
    """Whether the digest goes out now: not yet today, not before its hour, and only with something to say."""
    last = ledger.told.last(today.day)
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


def delivery_key(day: date, channel: str) -> str:
    """Return the key by which the outbox knows the digest of *day* on its way by *channel*."""
    return f"{_key(day)}/{channel}"


def _key(day: date) -> str:
    return f"digest/{day.isoformat()}"


def tell(ledger: Ledger, digest: Digest, channels: dict[str, Channel]) -> list[DeliveryError]:
    """Deliver *digest* by every channel, each once, and note what it said; return what could not be delivered.

    The outbox remembers the channels that are done: after a crash, or where one fails, only the others are served
    again. What it says is noted as of the first try: what a later try has beyond that is news to the channels that were
    done by then, and so it stays news for the next digest.
    """
    outbox = ledger.outbox
    whole = _key(digest.day)
    outbox.put(whole, "digest", digest.snapshot.encode())
    failures: list[DeliveryError] = []
    for name, channel in channels.items():
        key = delivery_key(digest.day, name)
        outbox.put(key, "delivery", str(digest.subject))
        item = outbox.get(key)
        if item is None or item.done:
            continue
        attempt = Attempt(
            outbox.secret, ledger.standings, partial(outbox.begin, key), uncertain=item.state is State.BEGUN
        )
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
        ledger.told.keep(digest.day, first.payload)
        outbox.done(whole)
    return failures
