"""Notification services (phone, chat, …) through apprise, an extra: ``pip install parcel-digest[apprise]``."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pipeline.deliver.errors import DeliveryError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable


def notify(url: str, title: str, text: str, begin: Callable[[], object]) -> None:
    """Notify the service at the apprise *url*. *begin* is called right before it is asked.

    The URL holds the service's password and is never shown: errors tell its scheme.

    Raises:
        Refused: apprise is not installed, or does not know such a URL.
        DeliveryError: the service did not take it.
    """
    scheme = url.partition(":")[0]
    try:
        from apprise import Apprise, NotifyFormat, NotifyType
    except ImportError:
        raise Refused("apprise is not installed: pip install 'parcel-digest[apprise]'") from None
    # It logs warnings of its own, with parts of the URL in them, which cron would mail.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    services = Apprise()
    if not services.add(url):
        raise Refused(f"apprise does not understand the URL {scheme}:… in [digest.apprise]")
    begin()
    if not services.notify(text, title, NotifyType.INFO, body_format=NotifyFormat.TEXT):
        raise DeliveryError(f"apprise: the service at {scheme}:… did not take the digest")
