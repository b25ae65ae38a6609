"""A mail over the size cap by its head and its text: what a parcel's mail says stands there, not in the attachments."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pipeline.mailbox.connect import PASSING, Refused
from pipeline.mailbox.fetch import ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.mailbox.session import Session

#: Bytes of a head that are fetched; real ones have a tenth of it.
_HEAD = 65_536

#: Text parts of one mail that are fetched.
_PARTS = 4


def text_parts(session: Session, uids: Sequence[int], cap: int) -> tuple[dict[int, bytes], dict[int, str]]:
    """Return of each mail its head and its text parts, put together as a mail, and why others were refused.

    Of each part the first *cap* bytes; a mail whose parts the server does not tell, or that is one part, is given by
    its first *cap* bytes.
    """
    wholes: list[int] = []
    by_parts: dict[tuple[str, ...], dict[int, tuple[bytes, bytes]]] = defaultdict(dict)
    for uid, (head, boundary, numbers) in _structures(session, uids).items():
        if numbers:
            by_parts[numbers][uid] = head, boundary
    told = {uid for some in by_parts.values() for uid in some}
    wholes = [uid for uid in uids if uid not in told]
    found: dict[int, bytes] = {}
    for numbers, mails in by_parts.items():
        items = [item for number in numbers for item in (f"BODY.PEEK[{number}.MIME]", f"BODY.PEEK[{number}]<0.{cap}>")]
        try:
            answer = session.fetch(sorted(mails), items)
        except Refused as error:
            if PASSING.search(str(error)):
                raise
            answer = {}
        for uid, (head, boundary) in mails.items():
            built = _built(head, boundary, numbers, answer.get(uid, {}))
            if built is None:
                wholes.append(uid)
            else:
                found[uid] = built
    if not wholes:
        return found, {}
    starts, refused = ask(session, sorted(wholes), (f"BODY.PEEK[]<0.{cap}>",), b"BODY[]", again=True)
    return found | {uid: data for uid, (data, _) in starts.items()}, refused


def _structures(session: Session, uids: Sequence[int]) -> dict[int, tuple[bytes, bytes, tuple[str, ...]]]:
    """(head, boundary, numbers of the text parts) of those mails that are made of several parts."""
    try:
        answer = session.fetch(uids, ("BODYSTRUCTURE", f"BODY.PEEK[HEADER]<0.{_HEAD}>"))
    except Refused as error:
        if PASSING.search(str(error)):
            raise
        return {}
    told = {}
    for uid in uids:
        mail = answer.get(uid, {})
        head = _text(mail, b"BODY[HEADER]")
        body: Any = mail.get(b"BODYSTRUCTURE")
        if not head or body is None or not body.is_multipart:
            continue
        boundary = _boundary(body)
        if boundary:
            told[uid] = head.rstrip(b"\r\n"), boundary, tuple(_text_numbers(body, ""))[:_PARTS]
    return told


def _boundary(body: Any) -> bytes:
    """The boundary among the parameters of a multipart, which follow its subtype (RFC 9051 section 7.5.2)."""
    parameters = body[2] if len(body) > 2 and isinstance(body[2], tuple) else ()
    pairs = zip(parameters[::2], parameters[1::2], strict=False)
    return next((value for name, value in pairs if name.lower() == b"boundary" and isinstance(value, bytes)), b"")


def _text_numbers(body: Any, number: str) -> Iterator[str]:
    """The numbers of the parts that people read, as FETCH takes them: ``1.2``."""
    if body.is_multipart:
        for count, part in enumerate(body[0], 1):
            yield from _text_numbers(part, f"{number}.{count}" if number else str(count))
    elif _is_text(body):
        yield number or "1"


def _is_text(body: Any) -> bool:
    if (body[0] or b"").lower() != b"text" or (body[1] or b"").lower() not in (b"plain", b"html"):
        return False
    # The place of the disposition varies with the server's extensions; an attachment names itself as one.
    return not any(isinstance(field, tuple) and field and field[0] in _ATTACHED for field in body)


_ATTACHED = (b"attachment", b"ATTACHMENT", b"Attachment")


def _built(head: bytes, boundary: bytes, numbers: Sequence[str], answer: Mapping[bytes, object]) -> bytes | None:
    pieces = [head, b"\r\n"]
    for number in numbers:
        mime = _text(answer, f"BODY[{number}.MIME]".encode())
        text = _text(answer, f"BODY[{number}]".encode())
        if mime is None or text is None:
            return None
        pieces += [b"\r\n--", boundary, b"\r\n", mime.rstrip(b"\r\n"), b"\r\n\r\n", text]
    return b"".join([*pieces, b"\r\n--", boundary, b"--\r\n"])


def _text(mail: Mapping[bytes, object], key: bytes) -> bytes | None:
    """What came under *key*, with or without the octet that a partial FETCH begins at (``<0>``)."""
    text = next((value for name, value in mail.items() if name.upper().partition(b"<")[0] == key), None)
    return text if isinstance(text, bytes) else None
