"""Builders for tests of the reading: a mail in one call, and what is read in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline.model import Address, Link, Message, Notice, Trust, Verdict
from pipeline.read import read

if TYPE_CHECKING:
    from collections.abc import Iterable

ALIEXPRESS = "transaction@notice.aliexpress.com"
#: A shop that no file knows.
STRANGER = "orders@shop.example"
PERSON = "anna@mail.example"
UNVERIFIED = Verdict(Trust.UNVERIFIED)


def mail(
    text: str = "",
    subject: str = "",
    sender: str = STRANGER,
    *,
    name: str = "",
    at: str | None = "2026-11-02 12:00",
    links: Iterable[str] = (),
    headers: dict[str, str] | None = None,
    **more: Any,
) -> Message:
    """A parsed mail from *sender*; *links* are addresses, *at* is in UTC."""
    return Message(
        message_id="one@test",
        date=datetime.fromisoformat(at).replace(tzinfo=UTC) if at else None,
        senders=(Address(name, sender),),
        recipients=(),
        subject=subject,
        text=text,
        links=tuple(Link(url) for url in links),
        headers=tuple((headers or {}).items()),
        **more,
    )


def notice_of(
    text: str = "",
    subject: str = "",
    sender: str = STRANGER,
    *,
    known: frozenset[str] = frozenset(),
    **more: Any,
) -> Notice:
    """What is read in such a mail; *known* are the order numbers of mails before."""
    return read(mail(text, subject, sender, **more), UNVERIFIED, known)


def orders(notice: Notice) -> set[str]:
    """The order numbers of *notice*."""
    return {order.number for order in notice.orders}


def codes(notice: Notice) -> set[str]:
    """The codes of *notice* that hold."""
    return {code.code for code in notice.codes}
