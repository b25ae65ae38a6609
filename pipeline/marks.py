"""The owner's word: from ``unchanged`` or ``protection=2026-12-01`` on the command line to a notice."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from pipeline.model import Event, Mark, MarkKind, Notice, OrderNumber, Parcel, TrackingCode, Trust

if TYPE_CHECKING:
    from pipeline.sources import Today

_DATED = frozenset({MarkKind.PROTECTION, MarkKind.SHIP_BY})


class MarkError(ValueError):
    """A mark that cannot be understood; the text says what can be written."""


def read_mark(word: str) -> Mark:
    """Read a mark as it is typed. Raises MarkError."""
    name, equals, value = word.partition("=")
    try:
        kind = MarkKind(name)
    except ValueError:
        known = ", ".join(kind.value for kind in MarkKind)
        raise MarkError(f"{name!r} is no mark; write one of {known}") from None
    if kind in _DATED:
        try:
            return Mark(kind, date.fromisoformat(value).isoformat())
        except ValueError:
            raise MarkError(f"write {kind.value} with its day, as {kind.value}=2026-12-01") from None
    if kind is MarkKind.CODE:
        code = "".join(value.split()).upper()
        if len(code) < 6 or not code.isalnum():
            raise MarkError("write the new tracking code behind it, as code=RB123456785CN")
        return Mark(kind, code)
    if equals:
        raise MarkError(f"{kind.value} takes no value")
    return Mark(kind)


def mark_notice(mark: Mark, number: str, parcels: list[Parcel], today: Today, known: list[Parcel]) -> Notice:
    """Return the notice for *mark*, given for *number*, which names the *parcels* among all that are *known*.

    Where the day was given by hand the mark counts from the end of that day, behind all mails of it.

    Raises:
        MarkError: a new code that is an order number or a placeholder, or that could replace any of several codes.
    """
    moment = today.now or datetime.combine(today.day, time(23, 59, 59), today.zone).astimezone(today.zone)
    wanted = _bare(number)
    if mark.kind is MarkKind.CODE:
        wanted = _replaced(mark.value or "", wanted, parcels, known)
    orders = tuple(dict.fromkeys(order for parcel in parcels for order in parcel.orders if _bare(order) == wanted))
    codes = () if orders else tuple(
        dict.fromkeys(code for parcel in parcels for code in parcel.codes if _bare(code.code) == wanted)
    )  # fmt: skip
    return Notice(
        message_id="",
        date=moment,
        event=Event.NONE,
        orders=tuple(OrderNumber(order, "the owner") for order in orders),
        codes=tuple(TrackingCode(code.code, code.carrier, code.kind, code.check, "the owner") for code in codes),
        trust=Trust.OWNER,
        reasons=("the owner said so",),
        mark=mark,
    )


def _replaced(code: str, number: str, parcels: list[Parcel], known: list[Parcel]) -> str:
    """The number that the new *code* is given for: of an order with several packages, its one open package."""
    if any(_bare(order) == code for parcel in known for order in parcel.orders):
        raise MarkError(f"{code} is an order number, not a tracking code; the code stands on the order's page")
    if len(set(code)) == 1 or re.fullmatch(r"[A-Z]{0,2}(\d)\1{6,}[A-Z]{0,2}", code):
        raise MarkError(f"{code} is a placeholder, no tracking code: nobody's parcel has it")
    if len(parcels) < 2:
        return number
    still = [parcel for parcel in parcels if parcel.delivered_at is None and parcel.codes]
    if len(still) == 1:
        return _bare(still[0].codes[0].code)
    codes = ", ".join(parcel.codes[0].code for parcel in parcels if parcel.codes)
    raise MarkError(f"{number} has several packages: give the code that is replaced instead, one of {codes}")


def _bare(number: str) -> str:
    return "".join(character for character in number.upper() if character.isalnum())
