"""All that an explanation tells of: one parcel, its diagnosis, and which of its mails told what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.diagnose.seller import FALLBACK, languages, seller_message
from pipeline.model import Diagnosis, Notice, Parcel, RuleTrial, Source, local_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, tzinfo

    from pipeline.speech import Speaker


#: How a rule, or a condition of it, fared.
FARED: Final = {True: "hit", False: "miss", None: "cannot tell"}


@dataclass(frozen=True, slots=True)
class Account:
    """All that an explanation tells of: one parcel, its diagnosis, its own notices, and who tells it on which day.

    *zone* is the owner's time zone.
    """

    parcel: Parcel
    diagnosis: Diagnosis
    notices: tuple[Notice, ...]
    zone: tzinfo | None
    speaker: Speaker

    def day(self, source: Source | Notice) -> date:
        """The owner's day of a mail or mark."""
        return local_date(source.date, self.zone)


def account(
    parcel: Parcel,
    diagnosis: Diagnosis,
    notices: Iterable[Notice],
    zone: tzinfo | None,
    speaker: Speaker,
) -> Account:
    """Return the account of *parcel*; of all *notices* those that speak of it are kept."""
    own = {source.message_id for source in parcel.sources}
    kept = tuple(notice for notice in notices if notice.message_id in own)
    return Account(parcel, diagnosis, kept, zone, speaker)


def messages(told: Account, wanted: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the *wanted* languages of the message to the seller, each with the message."""
    for language in languages():
        if language in wanted or (language == FALLBACK and not set(wanted) & set(languages())):
            yield language, seller_message(told.parcel, told.diagnosis.days, language, told.zone)


def reason(found: Diagnosis) -> str:
    """Why it is this diagnosis, in a sentence."""
    trial = winner(found)
    if trial is None:
        return f"No rule holds, because too little is known; so it is told as {found.rule}."
    held = ", ".join(f"{condition} (is {value})" for condition, value, _ in trial.conditions)
    return f"{found.rule} is the first rule that holds: {held}."


def winner(found: Diagnosis) -> RuleTrial | None:
    """The rule that decided; ``None`` where none held."""
    return next((trial for trial in found.trials if trial.rule == found.rule and trial.hit), None)


def silent(found: Diagnosis) -> list[str]:
    """The rules that hold, too, and stay silent behind it."""
    notes = {note.id for note in found.notes}
    return [t.rule for t in found.trials if t.hit and t.rule != found.rule and t.conditions and t.rule not in notes]


def mail_behind(told: Account, place: int) -> Notice | None:
    """The mail that told the fact at *place*, which is no moment: the first with the code, the newest with that day."""
    fact = told.diagnosis.facts[place]
    if fact.message_id is not None or fact.value in (None, False):
        return None
    parcel, mails = told.parcel, [notice for notice in told.notices if notice.mark is None]
    codes = {code.code for code in parcel.codes}
    match fact.name:
        case "code_known":
            return next((mail for mail in mails if any(code.code in codes for code in mail.codes)), None)
        case "days_to_pickup_end":
            return _newest(mails, "pickup_by", parcel.pickup_by)
        case "days_past_ship_by":
            return _newest(mails, "ship_by", parcel.ship_by)
        case "days_to_protection_end" if parcel.protection_from == "mail":
            return _newest(mails, "protection_ends", parcel.protection_ends)
        case "kind_often_untracked":
            return next((mail for mail in mails if mail.items), None)
    return None


def _newest(mails: Sequence[Notice], name: str, day: date | None) -> Notice | None:
    return next((mail for mail in reversed(mails) if day is not None and getattr(mail, name) == day), None)
