"""The values that travel through the house: frozen, comparable, without any input or output."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model.days import NO_DATE, Day, local_date
    from pipeline.model.diagnosis import Diagnosis, Finding, Level, Note, RuleTrial
    from pipeline.model.mail import MARKER, Address, Link, Message, Place, Suspicion, Trust, Unread, Verdict
    from pipeline.model.notice import (
        INFORMATION,
        Check,
        CodeKind,
        Event,
        Mark,
        MarkKind,
        Notice,
        OrderNumber,
        TrackingCode,
    )
    from pipeline.model.parcel import Parcel, Source
    from pipeline.model.saying import Saying, listed, say, say_many

__all__ = [
    "INFORMATION",
    "MARKER",
    "NO_DATE",
    "Address",
    "Check",
    "CodeKind",
    "Day",
    "Diagnosis",
    "Event",
    "Finding",
    "Level",
    "Link",
    "Mark",
    "MarkKind",
    "Message",
    "Note",
    "Notice",
    "OrderNumber",
    "Parcel",
    "Place",
    "RuleTrial",
    "Saying",
    "Source",
    "Suspicion",
    "TrackingCode",
    "Trust",
    "Unread",
    "Verdict",
    "listed",
    "local_date",
    "say",
    "say_many",
]

#: Where the names live; in this order they are looked for.
_HOMES = ("days", "mail", "notice", "parcel", "diagnosis", "saying")


def __getattr__(name: str) -> object:
    """Import what is asked for, no more: a run without news needs two of these classes, and making one takes time."""
    if name in __all__:
        for home in _HOMES:
            module = import_module(f"pipeline.model.{home}")
            if hasattr(module, name):
                value: object = getattr(module, name)
                globals()[name] = value
                return value
    raise AttributeError(name)
