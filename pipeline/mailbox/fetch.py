"""One FETCH and what servers make of it: answers that lack mails or their text, and refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.mailbox.connect import PASSING, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.mailbox.session import Session

#: So many refusals without a single mail are the server's fault and not the mails'.
MAILS_TO_BLAME = 5


def ask(
    session: Session, uids: Sequence[int], items: Sequence[str], key: bytes, *, again: bool
) -> tuple[dict[int, tuple[bytes, int]], dict[int, str]]:
    """Fetch *items* of *uids*; return (text, size) of those that came, and why others were refused.

    A UID that comes with FLAGS only (an unsolicited update took the answer's place) is asked for once more,
    and so is one that does not come at all, if it is sure to have been there (*again*). What is still missing
    has been expunged, and is in neither result.
    """
    found: dict[int, tuple[bytes, int] | None] = {}
    refused: dict[int, str] = {}
    _fetch(session, uids, items, key, found, refused)
    lacking = [uid for uid in uids if uid not in refused and found.get(uid) is None and (again or uid in found)]
    if lacking:
        for uid in lacking:
            found.pop(uid, None)
        _fetch(session, lacking, items, key, found, refused)
    refused |= {uid: "the server gives no text of this mail" for uid, got in found.items() if got is None}
    return {uid: got for uid, got in found.items() if got is not None}, refused


def _fetch(
    session: Session,
    uids: Sequence[int],
    items: Sequence[str],
    key: bytes,
    found: dict[int, tuple[bytes, int] | None],
    refused: dict[int, str],
) -> None:
    """One FETCH; if it is refused as a whole, in halves, to find the mail that is to blame.

    Raises:
        Unreachable: the server is to blame: its answer says so, it does not even tell a mail's flags, or none
            of several mails can be had. Then no mail may count as read.
    """
    try:
        answer = session.fetch(uids, items)
    except Refused as error:
        if PASSING.search(str(error)):
            raise
        if len(uids) > 1:
            middle = len(uids) // 2
            _fetch(session, uids[:middle], items, key, found, refused)
            _fetch(session, uids[middle:], items, key, found, refused)
            return
        refused[uids[0]] = str(error)
        if not found:
            if len(refused) >= MAILS_TO_BLAME:
                raise
            # Exchange, for one, refuses everything for a while ("User is authenticated but not connected").
            session.fetch(uids, ("FLAGS",))
    else:
        # A server may send what nobody asked for: flags that changed, by the protocol; anything, by malice.
        found.update((uid, _text_and_size(answer[uid], key)) for uid in uids if uid in answer)


def _text_and_size(mail: Mapping[bytes, object], key: bytes) -> tuple[bytes, int] | None:
    """Return what a FETCH gave under *key*, and RFC822.SIZE; ``None`` if there is no text.

    Servers write the key back in their own way, and a partial one as ``BODY[]<0>``: its beginning decides.
    """
    text = next((value for name, value in mail.items() if name.upper().startswith(key)), None)
    size = mail.get(b"RFC822.SIZE")
    return (text, size if isinstance(size, int) else 0) if isinstance(text, bytes) else None
