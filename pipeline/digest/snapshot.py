"""What the last digest said, kept so that the next one can tell what is new."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 msgspec reads the annotations

import msgspec


class SnapshotError(ValueError):
    """What was kept of the last digest cannot be read."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the last digest said of one parcel, on which day it did so last, and since which day it has."""

    rule: str
    event: str
    codes: tuple[str, ...]
    day: date
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the last digest said: by parcel key, and the mails (suspicious, unclear or unread) that it named."""

    parcels: dict[str, Told] = field(default_factory=dict)
    mails: tuple[str, ...] = ()

    def encode(self) -> str:
        """Return it as JSON on one line; the same snapshot gives the same text."""
        return msgspec.json.encode(self, order="sorted").decode()

    @classmethod
    def decode(cls, text: str | bytes) -> Snapshot:
        """Read what :meth:`encode` wrote. Raises SnapshotError."""
        try:
            return msgspec.json.decode(text, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise SnapshotError(f"the record of the last digest cannot be read: {error}") from None
