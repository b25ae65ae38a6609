"""Notices, parcels and diagnoses in words and as JSON: what `read` and `show` print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipeline.model import NO_DATE, Notice, Parcel, Unread, local_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, tzinfo


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
        "pickup_place": notice.pickup_place,
        "dispute_days": notice.dispute_days,
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
        ("collect at", notice.pickup_place),
        ("protection ends", notice.protection_ends),
        ("dispute within", f"{notice.dispute_days} days" if notice.dispute_days else None),
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
