"""An answer as a mail: a draft that a person will send, or one that is sent (RFC 3834 section 3).

Plain text, one recipient, nothing attached, and no word of the mail that it answers but its subject.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from hashlib import sha256
from typing import TYPE_CHECKING

from pipeline.deliver.mail import LONGEST_LINE, new_mail
from pipeline.model import MARKER
from pipeline.render.words import plain

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.reply.question import Question

_SUBJECT = 120
_PREFIX = re.compile(r"^\s*(?:re|aw|sv|odp|antw|ynt|res|rif|отв|fwd?|wg|tr)\s*(?:\[\d+\])?\s*[:：]\s*", re.I)


def answer_token(secret: bytes, about: str) -> str:
    """Return the token of the one mail *about* something: always the same, so that a second would be found out."""
    digest = hmac.new(secret, f"answer {about}".encode(), sha256).digest()
    return b32encode(digest)[:26].decode().lower()


def answer_mail(question: Question, text: str, *, token: str, moment: datetime, draft: bool) -> bytes:
    """Return the answer *text* to *question* as a mail.

    Raises ValueError for addresses that no mail can be written to.
    """
    subject = _re(question.subject)
    mail = new_mail(
        sender=question.address,
        name="",
        to=(question.reply_to,),
        subject=subject if draft else plain(f"Auto: {subject}", _SUBJECT),
        message_id=f"parcel-digest.answer.{token}@{question.address.rpartition('@')[2]}",
        moment=moment,
    )
    if _fits(question.message_id):
        mail["In-Reply-To"] = f"<{question.message_id}>"
        mail["References"] = " ".join(f"<{name}>" for name in question.references if _fits(name))
    # A draft goes out as the person's own mail: then nothing but the marker may tell of a program.
    mail[MARKER] = f"answer {token}"
    if not draft:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text)
    return mail.as_bytes()


def _re(subject: str) -> str:
    while found := _PREFIX.match(subject):
        subject = subject[found.end() :]
    return plain(f"Re: {subject}", _SUBJECT)


def _fits(name: str) -> bool:
    """Whether a Message-ID can stand in a header: printable ASCII, and no longer than a line."""
    return name.isascii() and name.isprintable() and len(name) < LONGEST_LINE - 20
