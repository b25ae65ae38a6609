"""Mails that this program writes: their headers, their folding, and the digest as one."""

from __future__ import annotations

import re
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from pipeline.model import MARKER
from pipeline.render import Form, render, subject_of
from pipeline.render.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.digest import Digest

#: The longest line that mail may have (RFC 5322 section 2.1.1), without its CRLF.
LONGEST_LINE = 998

#: Dot-atoms (RFC 5322 section 3.2.3) on both sides.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_NAMES_OF_MAILS = frozenset({"message-id", "in-reply-to", "references"})
SENDER = "Parcel digest"


class _Policy(EmailPolicy):
    """CRLF, seven bits, lines of 78 characters; but Message-IDs stay whole however long they are.

    The library would write an id that is longer than a line as encoded words, which no program finds again.
    """

    def fold(self, name: str, value: str) -> str:
        folded: str = super(_Policy, self._for(name)).fold(name, value)
        return folded

    def fold_binary(self, name: str, value: str) -> bytes:
        return super(_Policy, self._for(name)).fold_binary(name, value)

    def _for(self, name: str) -> _Policy:
        return self.clone(max_line_length=LONGEST_LINE) if name.lower() in _NAMES_OF_MAILS else self


POLICY = _Policy(linesep="\r\n", cte_type="7bit", raise_on_defect=True)


def new_mail(
    *, sender: str, to: Sequence[str], subject: str, message_id: str, moment: datetime, name: str = SENDER
) -> EmailMessage:
    """Return a mail with the headers that all our mails have; *message_id* without angle brackets.

    *name* is the sender's display name, which may be empty.

    Raises ValueError for an address that is none (the settings' checks let none through).
    """
    mail = EmailMessage(POLICY)
    mail["From"] = Address(name, addr_spec=_checked(sender))
    mail["To"] = [Address(addr_spec=_checked(address)) for address in to]
    mail["Subject"] = plain(subject)
    mail["Date"] = format_datetime(moment)
    mail["Message-ID"] = f"<{message_id}>"
    return mail


def _checked(address: str) -> str:
    """Return *address*; raise ValueError unless it is of the plain form that every program reads alike.

    The library takes more, writes some of it otherwise, and raises half a dozen errors on the rest.
    """
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is no mail address that can be written to")
    return address


def digest_mail(
    digest: Digest, *, sender: str, to: Sequence[str], message_id: str, moment: datetime, answerable: bool = False
) -> bytes:
    """Return *digest* as a mail: text, and the same as HTML. The same arguments give the same bytes.

    *answerable*: the owner's commands are read from replies, so links of the mail prepare such.

    ``Auto-Submitted`` (RFC 3834 section 5) keeps other programs from answering it, the marker this one from
    reading it as news.
    """
    if answerable:
        # Mail programs keep no In-Reply-To of a link (RFC 6068 section 4): the subject names the digest.
        name = message_id.partition("@")[0]
        digest = replace(digest, answer_to=f"mailto:{quote(sender, safe='@')}?subject={name}&body=")
    mail = new_mail(sender=sender, to=to, subject=subject_of(digest), message_id=message_id, moment=moment)
    mail["Auto-Submitted"] = "auto-generated"
    mail[MARKER] = f"digest {digest.day.isoformat()}"
    mail.set_content(render(digest, Form.TEXT))
    mail.add_alternative(render(digest, Form.HTML), subtype="html")
    # The library's boundary is random; neither base64 nor quoted-printable can hold this one.
    mail.set_boundary(f"=_{message_id.partition('@')[0]}")
    return mail.as_bytes()
