"""How a delivery can fail: what the next run may do about it is part of each error."""

from __future__ import annotations

import os


class DeliveryError(Exception):
    """What could not be delivered, and surely was not. Its text is one line; the next run tries again (75)."""

    exit_code = os.EX_TEMPFAIL

    def __init__(self, text: str, exit_code: int | None = None) -> None:
        super().__init__(" ".join(text.split()))
        if exit_code is not None:
            self.exit_code = exit_code


class Postponed(DeliveryError):  # noqa: N818 - named for what happened
    """The server wants to be left alone for a while, which was told when it said so."""


class Refused(DeliveryError):  # noqa: N818 - named for what happened
    """The other side will never take this, as things are: address, certificate, settings (78, EX_CONFIG)."""

    exit_code = os.EX_CONFIG


class NotThisMail(Refused):
    """The other side refuses this recipient or this mail for good; another mail it may take."""


class Uncertain(DeliveryError):  # noqa: N818 - named for what happened
    """Cut off after it had been handed over and before the other side said that it has it: nobody knows."""


def reason(error: Exception) -> str:
    """What the system says of *error*, else its own words."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
