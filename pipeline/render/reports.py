"""Notices, parcels and diagnoses in words and as JSON: what `read`, `show` and `explain` print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipeline.diagnose.seller import seller_message
from pipeline.model import NO_DATE, Diagnosis, Notice, Parcel, RuleTrial, Unread, local_date, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, tzinfo

    from pipeline.speech import Speaker

# ── read ─────────────────────────────────────────────────────────────────────────────────────────────────────


def notice_record(file: str, notice: Notice, zone: tzinfo | None) -> dict[str, Any]:
    """Return the object that `read --format json` prints for one mail (docs/architecture.md has the contract)."""
    return {
        "file": file,
        "message_id": notice.message_id,
        "date": local_date(notice.date, zone).isoformat() if notice.date != NO_DATE else None,
        "shop": notice.shop or notice.carrier,
        "event": notice.event.value,
        "status": notice.status,
        "orders": [order.number for order in notice.orders],
        "codes": [
            {"code": code.code, "carrier": code.carrier, "check": code.check.value, "evidence": code.evidence}
            for code in notice.codes
        ],
        "trust": notice.trust.value,
        "language": notice.language,
        "ship_by": _iso(notice.ship_by),
        "protection_ends": _iso(notice.protection_ends),
        "pickup_by": _iso(notice.pickup_by),
        "expected": _iso(notice.expected),
        "items": list(notice.items),
        "reasons": list(notice.reasons),
    }


def unread_record(file: str, unread: Unread) -> dict[str, Any]:
    """Return the object for a mail that could not be read."""
    return {"file": file, "message_id": unread.message_id or None, "error": unread.error}


def json_line(record: dict[str, Any]) -> str:
    """One object on one line; the same object gives the same bytes."""
    return json.dumps(record, ensure_ascii=False)


def notice_text(file: str, notice: Notice, zone: tzinfo | None) -> Iterator[str]:
    """Yield the lines that `read --format text` prints for one mail: what it says, and how that was decided."""
    yield file
    yield (
        f"  {local_date(notice.date, zone)}  {notice.shop or notice.carrier or 'unknown shop'}  {notice.event.value}"
        + (f" ({notice.status})" if notice.status else "")
    )
    for order in notice.orders:
        yield f"  order number   {order.number}   [{order.evidence}]"
    for code in notice.codes:
        check = "" if code.check.value == "none" else f", check digit {code.check.value}"
        yield f"  tracking code  {code.code}   {code.carrier or 'carrier unknown'}{check}   [{code.evidence}]"
    if not notice.about_a_parcel:
        yield "  names no parcel"
    for name, value in (
        ("ship by", notice.ship_by),
        ("expected by", notice.expected),
        ("collect by", notice.pickup_by),
        ("protection ends", notice.protection_ends),
    ):
        if value is not None:
            yield f"  {name:<14} {value}"
    for item in notice.items:
        yield f"  item           {item}"
    yield f"  sender         {notice.trust.value}"
    for reason in notice.reasons:
        yield f"    · {reason}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────


def is_named(parcel: Parcel, number: str) -> bool:
    """Whether *number* is one of the parcel's order numbers or codes, however it is written."""
    wanted = _bare(number)
    return any(_bare(entry) == wanted for entry in (*parcel.orders, *(code.code for code in parcel.codes)))


def _bare(number: str) -> str:
    return "".join(character for character in number.upper() if character.isalnum())


# ── explain ──────────────────────────────────────────────────────────────────────────────────────────────────

_FARED = {True: "hit", False: "miss", None: "cannot tell"}


def explanation(
    parcel: Parcel, diagnosis: Diagnosis, notices: Iterable[Notice], zone: tzinfo | None, speaker: Speaker
) -> Iterator[str]:
    """Yield everything known of one parcel: its time line, every fact, every rule, and the mails' own weighing."""
    yield f"{speaker(diagnosis.title)}  [{diagnosis.rule}, {diagnosis.level.value}]"
    for sentence in diagnosis.advice:
        yield f"  {speaker(sentence)}"
    for note in diagnosis.notes:
        yield f"  {speaker(say('Note: {note}', note=note.text))}"
    if diagnosis.rule == "contact-seller":
        yield "  A message to the seller, ready to copy:"
        for line in seller_message(parcel, diagnosis.days, speaker.language, zone).splitlines():
            yield f"    {line}".rstrip()
    yield ""
    yield f"Order numbers   {', '.join(parcel.orders) or 'none known'}"
    yield f"Tracking codes  {', '.join(code.code for code in parcel.codes) or 'none known'}"
    if diagnosis.tracking_page:
        yield f"Track it at     {diagnosis.tracking_page}"
    yield ""
    yield "Time line"
    for source in parcel.sources:
        said = f"you said {source.mark.kind.value}" if source.mark else source.event.value
        if source.mark and source.mark.value:
            said += f"={source.mark.value}"
        day = local_date(source.date, zone)
        yield f"  {day}  {said:<22} {source.trust.value:<11} {source.subject}".rstrip()
    yield ""
    yield "Facts"
    for name, value in diagnosis.facts:
        yield f"  {name:<28} {value}"
    yield ""
    yield "Rules, in the order in which they are asked"
    for trial in diagnosis.trials:
        yield from _trial(trial, diagnosis.rule)
    yield ""
    yield "Mails"
    known = {source.message_id for source in parcel.sources}
    for notice in notices:
        if notice.message_id in known and notice.mark is None:
            yield f"  {local_date(notice.date, zone)}  {notice.message_id}  {notice.subject}"
            for reason in notice.reasons:
                yield f"    · {reason}"


def _trial(trial: RuleTrial, winner: str) -> Iterator[str]:
    mark = "→" if trial.rule == winner else " "
    yield f"{mark} {trial.rule:<20} {_FARED[trial.hit]}"
    for condition, value, held in trial.conditions:
        yield f"      {_FARED[held]:<12} {condition:<44} (is {value})"


def explanation_record(parcel: Parcel, diagnosis: Diagnosis, zone: tzinfo | None, speaker: Speaker) -> dict[str, Any]:
    """Return the same as an object, for `explain --format json`."""
    return {
        "orders": list(parcel.orders),
        "codes": [code.code for code in parcel.codes],
        "event": parcel.event.value,
        "diagnosis": diagnosis.rule,
        "level": diagnosis.level.value,
        "title": speaker(diagnosis.title),
        "advice": list(map(speaker, diagnosis.advice)),
        "act_by": _iso(diagnosis.act_by),
        "notes": [{"id": note.id, "text": speaker(note.text), "date": _iso(note.date)} for note in diagnosis.notes],
        "facts": dict(diagnosis.facts),
        "rules": [
            {
                "rule": trial.rule,
                "outcome": _FARED[trial.hit],
                "conditions": [
                    {"condition": condition, "value": value, "outcome": _FARED[held]}
                    for condition, value, held in trial.conditions
                ],
            }
            for trial in diagnosis.trials
        ],
        "timeline": [
            {
                "date": local_date(source.date, zone).isoformat(),
                "event": source.event.value,
                "mark": source.mark.kind.value if source.mark else None,
                "trust": source.trust.value,
                "subject": source.subject,
                "message_id": source.message_id,
            }
            for source in parcel.sources
        ],
    }
