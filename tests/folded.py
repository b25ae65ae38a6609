"""Folding for tests: stories in a line each, numbers to tell them of, and what came of them."""

from __future__ import annotations

from notices import mark, notice

from pipeline.model import Notice, Parcel, Trust
from pipeline.parcels import fold

ORDER = "8211968327931234"
A = "RB123456785CN"
B = "LP00827165784034"
C = "H9999702885602351723"
ID = "AP00000827165784"
NOON = "2026-11-02T12:00:00+01:00"


def one(*notices: Notice) -> Parcel:
    """The only parcel of *notices*."""
    (parcel,) = fold(notices)
    return parcel


def with_code(parcels: tuple[Parcel, ...], text: str) -> Parcel:
    """The only parcel of *parcels* that has this code."""
    (parcel,) = (p for p in parcels if text in codes(p))
    return parcel


def codes(parcel: Parcel) -> list[str]:
    return [each.code for each in parcel.codes]


def shape(parcels: tuple[Parcel, ...]) -> list[str]:
    """Each parcel as ``order+order/code+code``, sorted."""
    return sorted("/".join(("+".join(p.orders), "+".join(codes(p)))) for p in parcels)


def joined(notices: list[Notice]) -> list[str]:
    """The shape of the parcels of *notices*, none of which is lost on the way."""
    parcels = fold(notices)
    heard = {n.message_id for n in notices if n.mark is None and n.trust is not Trust.SUSPICIOUS}
    assert {source.message_id for parcel in parcels for source in parcel.sources} >= heard
    return shape(parcels)


def told(story: str, number: str = "1001", text: str = "") -> list[Notice]:
    """Events on days 1, 2, 3 … of one order; trusted, unverified with a ``?``, a mark with a ``!``."""
    notices = []
    for day, word in enumerate(story.split(), start=1):
        at = f"2026-11-{day:02}"
        if word.endswith("!"):
            notices.append(mark(at, number, word[:-1]))
        else:
            trust = "unverified" if word.endswith("?") else "trusted"
            notices.append(notice(at, word.rstrip("?"), number, text, trust=trust))
    return notices
