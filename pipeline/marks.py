"""The owner's word: from ``unchanged`` or ``protection=2026-12-01`` on the command line to notices."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from msgspec import structs

from pipeline.model import CodeKind, Event, Mark, MarkKind, Notice, OrderNumber, Parcel, TrackingCode, Trust
from pipeline.parcels.orders import compact, is_placeholder
from pipeline.read.carriers import matches
from pipeline.read.shops import shop_named, shops

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.sources import Today

_DATED: Final = frozenset({MarkKind.PROTECTION, MarkKind.SHIP_BY, MarkKind.SHIPPED})
#: What may be typed; a parcel is ADDED by giving its shop or the day on which it was shipped.
_TYPED: Final = tuple(kind for kind in MarkKind if kind is not MarkKind.ADDED)
#: What stands behind a mark, as its user is shown it.
_VALUES: Final = {**dict.fromkeys(_DATED, "=DATE"), MarkKind.CODE: "=CODE", MarkKind.NOTE: "=TEXT"}
_SHOP: Final = "shop"
_LONGEST_NOTE: Final = 500
_NUMBER: Final = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9-]{2,38}[A-Z0-9]")


class MarkError(ValueError):
    """A mark that cannot be understood; the text says what can be written."""


@dataclass(frozen=True, slots=True)
class Words:
    """All that the owner says of one number at once; *shop* is the key of the shop, where one is named."""

    marks: tuple[Mark, ...]
    shop: str | None = None

    def value(self, kind: MarkKind) -> str | None:
        """The value of the mark of this *kind*, if it is said."""
        return next((mark.value for mark in self.marks if mark.kind is kind), None)

    @property
    def adds(self) -> bool:
        """Whether it tells enough of a parcel that no mail told of to add it by hand."""
        return self.shop is not None or self.value(MarkKind.SHIPPED) is not None


def read_mark(word: str) -> Mark:
    """Read a mark as it is typed. Raises MarkError."""
    name, equals, value = word.partition("=")
    kind = next((kind for kind in _TYPED if kind == name), None)
    if kind is None:
        known = ", ".join(f"{kind.value}{_VALUES.get(kind, '')}" for kind in _TYPED)
        raise MarkError(f"{name!r} is no mark; write one of {known}")
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
    if kind is MarkKind.NOTE:
        note = " ".join(value.split())[:_LONGEST_NOTE]
        if not note:
            raise MarkError('write your note behind it, as note="asked the neighbours"')
        return Mark(kind, note)
    if equals:
        raise MarkError(f"{kind.value} takes no value")
    return Mark(kind)


def read_words(words: Sequence[str]) -> Words:
    """Read all that is typed behind one number: marks, and ``shop=NAME`` of a parcel added by hand.

    Raises MarkError.
    """
    marks: dict[MarkKind, Mark] = {}
    shop = None
    for word in words:
        name, _, value = word.partition("=")
        if name == _SHOP:
            shop = _shop(value)
            continue
        mark = read_mark(word)
        if mark.kind in marks:
            raise MarkError(f"{mark.kind.value} is said twice")
        marks[mark.kind] = mark
    return Words(tuple(marks.values()), shop)


def notices_of(said: Words, number: str, parcels: list[Parcel], today: Today, known: list[Parcel]) -> list[Notice]:
    """Return the notices for all that is *said* of *number*, which names the *parcels* among all that are *known*.

    Where it names none, the parcel is added by hand if enough is said. Raises MarkError.
    """
    if parcels:
        if said.shop is not None:
            raise MarkError(f"{_SHOP}= is for a parcel added by hand, and {number} is known already")
        return [mark_notice(mark, number, parcels, today, known) for mark in said.marks]
    if not said.adds:
        raise MarkError(
            f"no parcel with the number {number} is known; `parcel-digest show` lists all. {by_hand(number)}"
        )
    added = _added(said, number, today, known)
    rest = (mark for mark in said.marks if mark.kind not in (MarkKind.SHIPPED, MarkKind.CODE))
    return [added, *(structs.replace(added, event=Event.NONE, shop=None, mark=mark) for mark in rest)]


def by_hand(number: str) -> str:
    """How the parcel *number* is added by hand, in one sentence."""
    return (
        "To add it by hand say of which shop it is or when it was shipped: "
        f"parcel-digest mark {number} shop=ebay shipped=2026-11-02"
    )


def mark_notice(mark: Mark, number: str, parcels: list[Parcel], today: Today, known: list[Parcel]) -> Notice:
    """Return the notice for *mark*, given for *number*, which names the *parcels* among all that are *known*.

    Where the day was given by hand the mark counts from the end of that day, behind all mails of it.

    Raises:
        MarkError: a new code that is an order number or a placeholder, or that could replace any of several codes;
            a day of shipping that is still to come.
    """
    wanted = compact(number)
    described: tuple[TrackingCode, ...] = ()
    if mark.kind is MarkKind.CODE:
        wanted = _replaced(mark.value or "", wanted, parcels, known)
        described = (_described(mark.value or ""),)
    orders = tuple(dict.fromkeys(order for parcel in parcels for order in parcel.orders if compact(order) == wanted))
    codes = () if orders else tuple(
        dict.fromkeys(code for parcel in parcels for code in parcel.codes if compact(code.code) == wanted)
    )  # fmt: skip
    if mark.kind is MarkKind.SHIPPED:
        mark = Mark(mark.kind, _noon(mark.value or "", today))
    return Notice(
        message_id="",
        date=_now(today),
        event=Event.NONE,
        orders=tuple(OrderNumber(order, "the owner") for order in orders),
        codes=(*(replace(code, evidence="the owner") for code in codes), *described),
        trust=Trust.OWNER,
        reasons=("the owner said so",),
        mark=mark,
    )


def _added(said: Words, number: str, today: Today, known: list[Parcel]) -> Notice:
    """The notice that adds the parcel *number*: an order's number, or a code where its shape is a carrier's."""
    given = "".join(number.split()).upper().removeprefix("#")
    if not _NUMBER.fullmatch(given):
        raise MarkError(f"{number} is no order number or tracking code: they are of 4 to 40 letters and digits")
    code = said.value(MarkKind.CODE)
    order = None if code is None and any(match.distinct for match in matches(given)) else given
    code = code or (given if order is None else None)
    if code is not None:
        _refuse(code, known)
        if order is not None and compact(order) == compact(code):
            raise MarkError(f"{code} is the number of the order itself, not a tracking code")
    if order is not None and is_placeholder(order):
        raise MarkError(f"{number} is a placeholder: no order has it")
    shipped = said.value(MarkKind.SHIPPED)
    return Notice(
        message_id="",
        date=_now(today),
        shop=said.shop,
        event=Event.SHIPPED if shipped or code else Event.ORDERED,
        orders=(OrderNumber(order, "the owner"),) if order else (),
        codes=(_described(code),) if code else (),
        trust=Trust.OWNER,
        reasons=("the owner added it by hand",),
        mark=Mark(MarkKind.ADDED, _noon(shipped, today) if shipped else None),
    )


def _replaced(code: str, number: str, parcels: list[Parcel], known: list[Parcel]) -> str:
    """The number that the new *code* is given for: of an order with several packages, its one open package."""
    _refuse(code, known)
    if len(parcels) < 2:
        return number
    still = [parcel for parcel in parcels if parcel.delivered_at is None and parcel.codes]
    if len(still) == 1:
        return compact(still[0].codes[0].code)
    codes = ", ".join(parcel.codes[0].code for parcel in parcels if parcel.codes)
    raise MarkError(f"{number} has several packages: give the code that is replaced instead, one of {codes}")


def _refuse(code: str, known: list[Parcel]) -> None:
    """Raise MarkError for a code that is none."""
    if any(compact(order) == code for parcel in known for order in parcel.orders):
        raise MarkError(f"{code} is an order number, not a tracking code; the code stands on the order's page")
    if len(set(code)) == 1 or is_placeholder(code):
        raise MarkError(f"{code} is a placeholder, no tracking code: nobody's parcel has it")


def _described(code: str) -> TrackingCode:
    """The *code* with what its shape tells: its carrier, and whether its check digit is right."""
    match = next((match for match in matches(code) if match.distinct), None)
    if match is None:
        return TrackingCode(code, None, CodeKind.TRACKING_NUMBER, evidence="the owner")
    return TrackingCode(code, match.carrier, match.kind, match.check, "the owner")


def _shop(name: str) -> str:
    key = name.strip().lower()
    found = key if key in shops() else shop_named(name)
    if found is None:
        raise MarkError(f"{name!r} is no shop we know; leave it out, or write one of {', '.join(shops())}")
    return found


def _now(today: Today) -> datetime:
    return today.now or datetime.combine(today.day, time(23, 59, 59), today.zone).astimezone(today.zone)


def _noon(day: str, today: Today) -> str:
    if date.fromisoformat(day) > today.day:
        raise MarkError(f"{day} is still to come: say when it was shipped once it is")
    return datetime.combine(date.fromisoformat(day), time(12), today.zone).astimezone(today.zone).isoformat()
