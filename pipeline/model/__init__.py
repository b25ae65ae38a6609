"""The values that travel through the house: frozen, comparable, without any input or output."""

from __future__ import annotations

from pipeline.model.days import NO_DATE, Day, local_date
from pipeline.model.diagnosis import Diagnosis, Level, Note, RuleTrial
from pipeline.model.mail import MARKER, Address, Link, Message, Place, Suspicion, Trust, Unread, Verdict
from pipeline.model.notice import INFORMATION, Check, CodeKind, Event, Mark, MarkKind, Notice, OrderNumber, TrackingCode
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
