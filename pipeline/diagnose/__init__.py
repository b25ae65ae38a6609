"""What to do about one parcel today: its facts, held against the table, and told in words.

The facts come from :mod:`pipeline.facts`, decisions and sentences from ``rules.toml``; here they meet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from pipeline.diagnose.findings import findings, trials
from pipeline.facts import DAYS_AFTER_THE_END, Defaults, Facts, ShopTerms, facts, terms_of
from pipeline.model import Check, Diagnosis, Level, Note, Parcel, say
from pipeline.rules import RuleBook, rules
from pipeline.rules.wording import VOICES, days_left, fill, fill_all, in_days

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, tzinfo

    from pipeline.facts.definitions import Value
    from pipeline.model.saying import Piece
    from pipeline.rules import Rule

#: Gives the address of a carrier's own page about a code, or ``None``: ``(carrier, code) -> address``.
TrackingPage = Callable[[str | None, str], str | None]

#: Gives a carrier's name as people know it, or ``None``.
CarrierName = Callable[[str], str | None]


def _unknown(*_: str | None) -> None:
    return None


def diagnose(
    parcel: Parcel,
    today: date,
    zone: tzinfo | None,
    defaults: Defaults,
    shops: Mapping[str, ShopTerms],
    *,
    tracking_page: TrackingPage = _unknown,
    carrier_name: CarrierName = _unknown,
    explain: bool = False,
    book: RuleBook | None = None,
) -> Diagnosis:
    """Say which rule holds for *parcel* on the day *today*, and what to do.

    Args:
        zone: the owner's time zone; ``None``: the process's own (``TZ``).
        defaults: the settings for the rules.
        shops: what single shops do differently, by the shop's key.
        explain: whether to fill ``facts`` and ``trials``, which the digest does not need.
        book: another table than the product's own.

    Every parcel gets a diagnosis: where no rule holds, the table's ``otherwise`` speaks. Raises TableError
    where the product's own table is not sound.
    """
    book = book or rules()
    terms = terms_of(parcel.shop, shops)
    known = facts(parcel, today, zone, defaults, terms)
    values = known.values()
    rule = book.winner(values)
    act_by = _act_by(rule, known)
    page = _tracking_page(parcel, tracking_page)
    words: dict[str, Piece | None] = {
        **_words_of_the_parcel(parcel, terms, carrier_name),
        **_words_of_the_days(known, today),
        "act_by": act_by,
        "tracking_page": page,
    }
    title, level, advice = _worded(book, rule, values)
    days = values[rule.counts] if rule else known.days
    return Diagnosis(
        rule=rule.id if rule else book.otherwise.rule,
        level=level,
        title=fill(title, words) or say((rule or book.otherwise).title),
        advice=fill_all(advice, words),
        days=days if isinstance(days, int) else None,
        act_by=act_by,
        notes=_notes(book, known, values, words),
        tracking_page=page,
        protection_ends=known.protection.end if known.protection else None,
        protection_about=known.protection is not None and known.protection.source == "estimate",
        dispute_from=known.protection.dispute_from if known.protection else None,
        asks_seller=rule is not None and rule.asks_seller,
        facts=findings(known, values) if explain else (),
        trials=trials(book, values) if explain else (),
    )


def worth_showing(parcel: Parcel, diagnosis: Diagnosis, today: date, zone: tzinfo | None) -> bool:
    """Say whether the digest should have *parcel*: not if ignored; if solved, for 15 days after its end."""
    if parcel.ignored:
        return False
    if diagnosis.level is not Level.DONE:
        return True
    since = facts(parcel, today, zone, Defaults()).days_since_solved
    return since is None or since <= DAYS_AFTER_THE_END


def _worded(book: RuleBook, rule: Rule | None, values: Mapping[str, Value]) -> tuple[str, Level, tuple[str, ...]]:
    if rule is None:
        return book.otherwise.title, book.by_id(book.otherwise.rule).level, book.otherwise.advice
    worded = rule.worded(values)
    kept = (book.by_id(other) for other in rule.keeps)
    advice = worded.advice + tuple(
        sentence for other in kept if other.holds(values) for sentence in other.worded(values).advice
    )
    return worded.title, worded.level or rule.level, advice


def _act_by(rule: Rule | None, known: Facts) -> date | None:
    if rule is None or rule.act_by is None:
        return None
    if rule.act_by == "pickup_by":
        return known.parcel.pickup_by
    return known.protection.end if known.protection else None


def _tracking_page(parcel: Parcel, tracking_page: TrackingPage) -> str | None:
    # A replaced code leads nowhere; a package id beside the carrier's code simply has no page of its own.
    for code in parcel.codes:
        page = tracking_page(code.carrier, code.code)
        if page or parcel.code_changed_at:
            return page
    return None


def _notes(
    book: RuleBook, known: Facts, values: Mapping[str, Value], words: Mapping[str, Piece | None]
) -> tuple[Note, ...]:
    days = {
        "dispute_from": known.protection.dispute_from if known.protection else None,
        "content_until": known.content_dispute_until,
    }
    return tuple(
        Note(note.id, text, days[note.date])
        for note in book.note
        if note.holds(values) and (text := fill(note.text, words))
    )


def _words_of_the_parcel(parcel: Parcel, terms: ShopTerms, carrier_name: CarrierName) -> dict[str, str | None]:
    order = parcel.orders[0] if parcel.orders else None
    newest = parcel.codes[0] if parcel.codes else None
    code = newest.code if newest else None
    page = terms.order_page
    return {
        "carrier": carrier_name(newest.carrier) if newest and newest.carrier else None,
        "code": code,
        "mistyped_code": code if newest and newest.check is Check.FAILED else None,
        # With the code `mark` means this package only, with the order all packages of the order.
        "number": code or order,
        "old_code": parcel.codes[1].code if parcel.code_changed_at and len(parcel.codes) > 1 else None,
        "order": ", ".join(parcel.orders) or None,
        "order_page": page.replace("{order}", quote(order, safe="")) if page and order else None,
    }


def _words_of_the_days(known: Facts, today: date) -> dict[str, Piece | None]:
    parcel, protection = known.parcel, known.protection
    words: dict[str, Piece | None] = {
        "changed_on": known.on(parcel.code_changed_at),
        "content_until": known.content_dispute_until,
        "days": in_days(known.days),
        "disputed_on": known.on(parcel.disputed_at),
        "informed_on": known.on(parcel.informed_at),
        "pickup_by": parcel.pickup_by,
        "ship_by": known.ship_by,
        "solved_on": known.solved_on,
    }
    if protection is None:
        return words
    end = protection.end
    ends = say("about {day}", day=end) if protection.source == "estimate" else say("on {day}", day=end)
    return words | {
        "days_left": days_left((protection.end - today).days),
        "dispute_from": protection.dispute_from,
        "protection_end": ends,
        "protection_source": VOICES[protection.source],
    }
