"""The name of a digest: a Message-ID that is the same however often its day is tried, and that nobody can guess.

Its token is made of a secret of the ledger and the day (HMAC, RFC 2104). So it needs no list of what was sent to
tell later that a mail answers a digest of ours, and of which day.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Message

#: How many days after its digest a token can still be used.
TOKEN_DAYS = 14

_TOKEN_LETTERS = 26  # of 5 bits each
#: The name of a digest of anybody's.
_NAME = re.compile(rf"parcel-digest\.(\d{{8}})\.[a-z2-7]{{{_TOKEN_LETTERS}}}(?![a-z2-7])")


def digest_name(secret: bytes, day: date) -> str:
    """Return what stands before the @ in the Message-ID of the digest of *day*."""
    token = b32encode(hmac.new(secret, f"digest {day.isoformat()}".encode(), sha256).digest())
    return f"parcel-digest.{day:%Y%m%d}.{token[:_TOKEN_LETTERS].decode().lower()}"


def digest_id(secret: bytes, day: date, address: str) -> str:
    """Return the Message-ID, without angle brackets, of the digest of *day* that *address* sends."""
    return f"{digest_name(secret, day)}@{address.rpartition('@')[2]}"


def digest_named(text: str, secret: bytes, today: date) -> date | None:
    """Return the day of the digest of this ledger whose name stands in *text*, if it is not too old on *today*.

    A name that is made up, of another ledger, of a day to come or older than ``TOKEN_DAYS`` is none.
    """
    for found in _NAME.finditer(text):
        try:
            day = date.fromisoformat(found[1])
        except ValueError:
            continue
        genuine = hmac.compare_digest(found[0], digest_name(secret, day))
        if genuine and timedelta(0) <= today - day <= timedelta(days=TOKEN_DAYS):
            return day
    return None


def references(message: Message) -> Iterator[str]:
    """Yield where a mail program, or a link in the digest, puts the name of the mail that *message* answers."""
    yield from message.header("In-Reply-To")
    yield from message.header("References")
    yield message.subject


def refers_to_a_digest(message: Message) -> bool:
    """Whether the head of a mail names a digest of anybody's."""
    return any(_NAME.search(value) for value in references(message))
