"""A ready message to the seller about a parcel that nobody has seen, to copy (seed 2d)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.model import Parcel, local_date
from pipeline.rules.wording import fill_all
from pipeline.tables import Table, load

if TYPE_CHECKING:
    from datetime import tzinfo

#: The language for owners whose own has no message: most sellers abroad read it.
FALLBACK: Final = "en"


class _Letter(Table, frozen=True):
    lines: tuple[str, ...]


def seller_message(parcel: Parcel, days: int | None, language: str, zone: tzinfo | None = None) -> str:
    """Return a message about *parcel* with order number, code, ship date and *days* waited, ready to copy.

    *language* is ISO 639-1 (``"de-AT"`` counts as ``"de"``); one without a message of its own gets English.
    The ship date is the day in *zone* (``None``: the process's own). What is unknown is not mentioned.
    """
    letters = _letters()
    letter = letters.get(language.lower().replace("_", "-").partition("-")[0]) or letters[FALLBACK]
    shipped_on = local_date(parcel.shipped_at, zone) if parcel.shipped_at else None
    words = {
        "order": ", ".join(parcel.orders) or None,
        "code": parcel.codes[0].code if parcel.codes else None,
        "shipped_on": shipped_on and shipped_on.isoformat(),
        "days": None if days is None else str(days),
    }
    return "\n".join(map(str, fill_all(letter.lines, words)))


def languages() -> tuple[str, ...]:
    """Return the languages (ISO 639-1) that have a message."""
    return tuple(_letters())


@cache
def _letters() -> dict[str, _Letter]:
    return load(Path(__file__).with_name("seller.toml"), dict[str, _Letter])
