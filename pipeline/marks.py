"""The owner's word: from ``unchanged`` or ``protection=2026-12-01`` on the command line to a notice."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

from pipeline.model import Event, Mark, MarkKind, Notice, OrderNumber, Parcel, TrackingCode, Trust

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


def mark_notice(
    mark: Mark, number: str, parcels: list[Parcel], day: date, zone: tzinfo | None, now: datetime | None
) -> Notice:
    """Return the notice for *mark*, given for *number*, which names one of the *parcels*.

    *now* is ``None`` where the day was given by hand; then the mark counts from the end of that day, behind all
    mails of it.
    """
    moment = now or datetime.combine(day, time(23, 59, 59), zone).astimezone(zone)
    wanted = _bare(number)
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


def _bare(number: str) -> str:
    return "".join(character for character in number.upper() if character.isalnum())
