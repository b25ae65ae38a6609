"""Why a parcel is judged as it is, as JSON: the same as `explain` prints in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.diagnose.seller import languages
from pipeline.render.account import FARED, mail_behind, messages, reason, silent

if TYPE_CHECKING:
    from datetime import date

    from pipeline.render.account import Account


def explanation_record(told: Account) -> dict[str, Any]:
    """Return the same as an object, for `explain --format json`."""
    parcel, found = told.parcel, told.diagnosis
    return {
        "date": told.speaker.today.isoformat(),
        "shop": parcel.shop,
        "orders": list(parcel.orders),
        "codes": [code.code for code in parcel.codes],
        "items": list(parcel.items),
        "event": parcel.event.value,
        "diagnosis": found.rule,
        "level": found.level.value,
        "title": told.speaker(found.title),
        "advice": [told.speaker(sentence) for sentence in found.advice],
        "days": found.days,
        "act_by": _iso(found.act_by),
        "notes": [{"id": note.id, "text": told.speaker(note.text), "date": _iso(note.date)} for note in found.notes],
        "tracking_page": found.tracking_page,
        "protection_ends": _iso(found.protection_ends),
        "protection_is_estimated": found.protection_about,
        "dispute_from": _iso(found.dispute_from),
        "remarks": list(parcel.remarks),
        "why": {"reason": reason(found), "holds_too": silent(found)},
        "messages_to_seller": dict(messages(told, languages())),
        "facts": [_fact_record(told, place) for place in range(len(found.facts))],
        "rules": [
            {
                "rule": trial.rule,
                "outcome": FARED[trial.hit],
                "conditions": [
                    {"condition": condition, "value": value, "outcome": FARED[held]}
                    for condition, value, held in trial.conditions
                ],
            }
            for trial in found.trials
        ],
        "timeline": [
            {
                "date": told.day(source).isoformat(),
                "event": source.event.value,
                "mark": source.mark.kind.value if source.mark else None,
                "value": source.mark.value if source.mark else None,
                "taken_back": source.taken_back,
                "trust": source.trust.value,
                "subject": source.subject,
                "message_id": source.message_id,
            }
            for source in parcel.sources
        ],
    }


def _fact_record(told: Account, place: int) -> dict[str, Any]:
    fact = told.diagnosis.facts[place]
    mail = mail_behind(told, place)
    return {
        "fact": fact.name,
        "value": fact.value,
        "words": fact.words,
        "day": _iso(fact.day),
        "message_id": mail.message_id if mail else fact.message_id,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
