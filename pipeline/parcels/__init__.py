"""Notices → parcels: the fold. Pure; the same for any order of arrival, duplicate and split into runs.

Which mails speak of the same package is decided in :mod:`pipeline.parcels.joining`, what they amount to in
:mod:`pipeline.parcels.telling`, and where a parcel may go from where it is in :mod:`pipeline.parcels.life`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.ledger.memory import no_cycle_search
from pipeline.model import MarkKind, Notice, Parcel, Trust
from pipeline.parcels.joining import Joined
from pipeline.parcels.life import PROGRESS
from pipeline.parcels.orders import compact
from pipeline.parcels.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Marks that name numbers which no mail need have named.
_OF_NUMBERS = frozenset({MarkKind.CODE, MarkKind.ADDED})


def fold(notices: Iterable[Notice]) -> tuple[Parcel, ...]:
    """Return the parcels that *notices* speak of, oldest first.

    Suspicious notices touch nothing; a mark for an unknown number creates nothing, unless it adds a parcel by
    hand; every other notice that names a number is a source of at least one parcel. Notices of days to come
    count like all others: whoever does not count them yet leaves them out.
    """
    with no_cycle_search():
        return _fold(_oldest_first(notices))


def _fold(told: list[Notice]) -> tuple[Parcel, ...]:
    corrections = {n.message_id for n in told if n.mark is not None and n.mark.kind in _OF_NUMBERS}
    taken_back: dict[str, str] = {}
    while True:
        joined = Joined(told, taken_back)
        tellings = [Telling(told, joined, each, taken_back) for each in joined.parcels]
        # A number that the owner took back was never given: what belongs together is decided anew without it.
        undone = {
            mark: reopen for telling in tellings for mark, reopen in telling.taken_back.items() if mark in corrections
        }
        if undone.keys() <= taken_back.keys():
            break
        taken_back = undone
    parcels = [(telling.entries[0], telling.parcel()) for telling in tellings]
    parcels.sort(key=lambda each: (each[0], each[1].key))
    return tuple(parcel for _, parcel in parcels)


def find(parcels: Iterable[Parcel], number: str) -> tuple[Parcel, ...]:
    """Return the parcels with *number* as order number or code, with or without blanks and hyphens."""
    wanted = compact(number)
    return tuple(
        parcel
        for parcel in parcels
        if wanted in map(compact, parcel.orders) or any(wanted == compact(code.code) for code in parcel.codes)
    )


def _oldest_first(notices: Iterable[Notice]) -> list[Notice]:
    """Each notice once, by date; mails of one moment by progress, marks behind them, then by message id."""
    once: dict[str, Notice] = {}
    for notice in notices:
        if notice.trust is not Trust.SUSPICIOUS:
            other = once.setdefault(notice.message_id, notice)
            if other is not notice:
                once[notice.message_id] = min(other, notice, key=lambda each: (_age(each), repr(each)))
    return sorted(once.values(), key=_age)


def _age(notice: Notice) -> tuple[float, bool, int, str]:
    told = PROGRESS[notice.event] if notice.mark is None else 0
    return notice.date.timestamp(), notice.mark is not None, told, notice.message_id
