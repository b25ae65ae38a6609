"""Log in once, look round and leave: which folders there are, and who vouches for the senders of recent mails."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

from pipeline.mailbox.connect import Traffic
from pipeline.mailbox.session import Session
from pipeline.trust import authres

if TYPE_CHECKING:
    from pipeline.config.accounts import Account
    from pipeline.mailbox.credentials import Secret

#: The newest mails that are looked at, and what is asked of them.
RECENT = 200
_VERDICTS = "BODY.PEEK[HEADER.FIELDS (AUTHENTICATION-RESULTS)]"

#: The owner's server writes its verdict above all others into nearly every mail. One that stands in fewer mails is
#: not its own, and nothing is proposed.
_NEARLY_ALL = 0.8


@dataclass(frozen=True, slots=True)
class Seen:
    """What a mailbox shows at a glance.

    Attributes:
        folders: all folders, by name.
        lacking: those of the account's settings that are not among them.
        mails: in the first folder.
        looked_at: recent mails whose headers were read.
        verdicts: the server named topmost in their Authentication-Results (empty: none is named), and how often.
    """

    folders: tuple[str, ...]
    lacking: tuple[str, ...]
    mails: int
    looked_at: int
    verdicts: tuple[tuple[str, int], ...]

    def own_server(self) -> str | None:
        """The name that the owner's own server seems to give itself, if it names itself in nearly every mail."""
        name, count = self.verdicts[0] if self.verdicts else ("", 0)
        return name if name and count >= _NEARLY_ALL * self.looked_at else None


def probe(name: str, account: Account, secret: Secret) -> Seen:
    """Log in to the *account* called *name*, read-only. Raises MailboxError."""
    session = Session(name, account.server(), secret, Traffic())
    try:
        folders = tuple(folder.name for folder in session.folders())
        # INBOX is the one name that is the same in any case (RFC 9051 section 5.1); "\Name" is a use, not a name.
        there = {*folders, "INBOX"}
        lacking = tuple(
            folder
            for folder in account.folders
            if folder not in there and folder.upper() != "INBOX" and not folder.startswith("\\") and folder != "*"
        )
        opened = session.examine(next((folder for folder in account.folders if folder in there), "INBOX"))
        uids = range(max(1, opened.uidnext - RECENT), opened.uidnext)
        answer = session.fetch(uids, [_VERDICTS]) if opened.exists and uids else {}
        named: Counter[str] = Counter()
        for mail in answer.values():
            header = next((value for value in mail.values() if isinstance(value, bytes)), b"")
            values = BytesHeaderParser().parsebytes(header).get_all("Authentication-Results") or []
            if values:
                named[authres.read(" ".join(str(values[0]).split())).authserv_id] += 1
        return Seen(folders, lacking, opened.exists, len(answer), tuple(named.most_common(5)))
    finally:
        session.close()
