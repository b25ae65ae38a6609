"""Bytes to :class:`~pipeline.model.Message`: everything later stages see of a mail, mended and capped.

Which text is *the* text. Of 59 real mails seven hold both kinds; in each the HTML holds every number of the
plain text, and in two it holds the order or tracking number that the plain text lacks. HTML keeps label and
value together in tables, too. So the HTML made text is taken, and of the plain text only those lines that
hold a number the HTML lacks stand below it (for mails whose HTML is one picture). Links come from both.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from pipeline.model import MARKER, Address, Link, Message
from pipeline.parse import headers, html, mend, mime, text

#: Characters of text kept.
MAX_TEXT = 400_000
MAX_LINKS = html.MAX_LINKS
#: Mails inside of mails inside of mails.
MAX_MAIL_DEPTH = 3
MAX_MESSAGE_ID = 500
MAX_DEFECTS = 50

_OURS = re.compile(rb"^%s[ \t]*:[ \t]*\S" % re.escape(MARKER).encode(), re.IGNORECASE | re.MULTILINE)


class ParseError(ValueError):
    """Bytes that cannot be read as a mail; its text is one plain sentence."""


def parse(data: bytes, *, partial: bool = False) -> Message:
    """Read the mail *data*; *partial* says that only its start was fetched.

    Everything that had to be mended stands in ``defects``. Raises ParseError, and nothing else.
    """
    return _parse(data, partial, 0)


def _parse(data: bytes, partial: bool, depth: int) -> Message:
    sound, found = mend.lines(data)
    defects = list(found)
    head = headers.split(sound)
    _require_head(head, sound)
    defects += head.defects
    head, content, found = mend.head_in_body(head, sound[head.end :])
    defects += found
    fields, found = mend.mime_fields(head)
    defects += found
    try:
        body = mime.read(fields, content)
    except mend.TooDeepError as error:
        raise ParseError(f"the mail cannot be taken apart: {error}") from None
    defects += body.defects
    if partial:
        defects.append("only the start of the mail was fetched")
    pages = [html.extract(part) for part in body.html]
    for page in pages:
        defects += page.defects
    attached: list[Message] = []
    for inner in body.attached:
        if depth == MAX_MAIL_DEPTH:
            defects.append(f"mails attached deeper than {MAX_MAIL_DEPTH} levels were left out")
            break
        try:
            attached.append(_parse(inner, False, depth + 1))
        except ParseError as error:
            defects.append(f"an attached mail was left out: {error}")
    shown = _text([page.text for page in pages], [text.clean(part) for part in body.plain])
    if len(shown) > MAX_TEXT:
        shown = shown[:MAX_TEXT]
        defects.append(f"the text is longer than {MAX_TEXT} characters; the rest was left out")
    recipients: list[Address] = []
    for name in ("to", "cc", "delivered-to"):
        for value in head.every(name):
            recipients += headers.addresses(value, defects, name.title())
    return Message(
        message_id=_message_id(head, sound, defects),
        date=_date(head, defects),
        senders=_senders(head, defects),
        recipients=tuple(dict.fromkeys(recipients)),
        subject=headers.unstructured(head.first("subject") or b"", defects, "Subject"),
        text=shown,
        links=_links(pages, shown, body.plain, defects),
        markup=tuple(script for page in pages for script in page.markup),
        microdata=tuple(pair for page in pages for pair in page.microdata),
        headers=_pairs(head, defects),
        attached=tuple(attached),
        defects=tuple(dict.fromkeys(defects))[:MAX_DEFECTS],
        size=len(data),
    )


def peek(header: bytes) -> Message:
    """Read only the head of a mail: senders, subject, date, message_id and headers; cheap.

    Without a Message-ID the identity is that of these bytes, not the one that ``parse`` gives the whole mail.
    Raises ParseError.
    """
    sound, found = mend.lines(header)
    head = headers.split(sound)
    _require_head(head, sound)
    defects = [*found, *head.defects]
    return Message(
        message_id=_message_id(head, sound, defects),
        date=_date(head, defects),
        senders=_senders(head, defects),
        recipients=(),
        subject=headers.unstructured(head.first("subject") or b"", defects, "Subject"),
        text="",
        headers=_pairs(head, defects),
        defects=tuple(dict.fromkeys(defects)),
        size=len(header),
    )


def subject_of(value: bytes) -> str:
    """The subject that the *value* of a Subject field tells, as ``parse`` gives it."""
    return headers.unstructured(value.replace(b"\r", b""))


def message_id(header: bytes) -> str:
    """The Message-ID that *header* names, as ``parse`` gives it; ``""`` where there is none."""
    sound, _ = mend.lines(header)
    lacking: list[str] = []
    found = _message_id(headers.split(sound), sound, lacking)
    return "" if lacking else found


def is_ours(header: bytes) -> bool:
    """Whether *header* is that of a mail that this program wrote."""
    return _OURS.search(header) is not None


def _require_head(head: headers.Head, data: bytes) -> None:
    if not data:
        raise ParseError("the mail is empty")
    if not head.telling:
        raise ParseError("this is no mail: it has none of the headers that mails have")


def _senders(head: headers.Head, defects: list[str]) -> tuple[Address, ...]:
    values = head.every("from")
    if len(values) > 1:
        defects.append(f"{len(values)} From headers")
    return tuple(address for value in values[:10] for address in headers.addresses(value, defects, "From"))


def _pairs(head: headers.Head, defects: list[str]) -> tuple[tuple[str, str], ...]:
    for name, value in head.fields:
        if len(value) > headers.MAX_VALUE:
            defects.append(f"the header {name[:100]} is longer than {headers.MAX_VALUE} bytes; the rest was left out")
    return tuple((name, headers.raw(value)) for name, value in head.fields)


_IN_ANGLES = re.compile(r"<\s*([^<>\s]+)\s*>")


def _message_id(head: headers.Head, data: bytes, defects: list[str]) -> str:
    value = headers.raw(head.first("message-id") or b"")
    angles = _IN_ANGLES.search(value)
    found = re.sub(r"[<>\s]", "", text.line(angles[1] if angles else value))
    if found and len(found) <= MAX_MESSAGE_ID:
        return found
    defects.append("the Message-ID is missing or beyond reason; a fingerprint of the mail stands for it")
    return f"sha256-{hashlib.sha256(data.rstrip()).hexdigest()[:24]}@no-message-id"


# ── dates ───────────────────────────────────────────────────────────────────────────────────────────────────

#: Hours east of Greenwich of zone names that RFC 5322 section 4.3 does not know and real mails use.
_ZONES = {
    "CET": 1,
    "MEZ": 1,
    "CEST": 2,
    "MESZ": 2,
    "WET": 0,
    "WEST": 1,
    "BST": 1,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
}
_ZONES |= {"JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "AWST": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13}
_ISO = re.compile(r"\s*(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?", re.I)
_OFFSET = re.compile(r"(?:GMT|UTC|UT)\s*([+-]\d{1,2}:?\d\d|[+-]\d{1,2}\b)", re.I)


def _date(head: headers.Head, defects: list[str]) -> datetime | None:
    for value in head.every("date")[:1]:
        moment = _moment(headers.raw(value), defects)
        if moment is not None:
            return moment
        defects.append("the Date header cannot be read")
    for value in head.every("received"):
        moment = _moment(headers.raw(value).rpartition(";")[2], [])
        if moment is not None:
            defects.append("the date is that of the newest Received header")
            return moment
    defects.append("the mail has no date")
    return None


def _moment(value: str, defects: list[str]) -> datetime | None:
    """The moment a date header names (RFC 5322 section 3.3 and what is found in its place), or ``None``."""
    value = value[:200]
    iso = _ISO.match(value)
    try:
        if iso is not None:
            moment = datetime.fromisoformat(iso[1] + (iso[2] or "").upper())
        else:
            moment = parsedate_to_datetime(_OFFSET.sub(lambda found: _four_digits(found[1]), value))
            if moment.tzinfo is None:
                zone = _ZONES.get(value.partition("(")[0].split()[-1].upper())
                moment = moment if zone is None else moment.replace(tzinfo=timezone(timedelta(hours=zone)))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
            if "-0000" not in value:
                defects.append("the date names no time zone; it is taken as UTC")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if 1970 < moment.year < 2100 else None


def _four_digits(offset: str) -> str:
    sign, digits = offset[0], offset[1:].replace(":", "")
    return sign + (digits.rjust(4, "0") if len(digits) > 2 else digits.rjust(2, "0") + "00")


# ── text and links ──────────────────────────────────────────────────────────────────────────────────────────

_NUMBER = re.compile(r"[A-Za-z0-9-]*\d[A-Za-z0-9-]{5,}")
_BARE = re.compile(r"https?://[^\s<>\"'()\[\]{}|\\^`]{4,}", re.I)


def _text(pages: list[str], plains: list[str]) -> str:
    seen = "\n".join(page for page in pages if page)
    whole = "\n".join(part.strip("\n") for part in plains if part.strip())
    if not seen:
        return whole
    if not whole:
        return seen
    known = _numbers(seen)
    more = [line for line in whole.split("\n") if not known.issuperset(_numbers(_BARE.sub(" ", line)))]
    return "\n".join([seen, *more])


def _numbers(source: str) -> set[str]:
    return {number.replace("-", "").upper() for number in _NUMBER.findall(source)}


def _links(pages: list[html.Page], shown: str, plains: list[str], defects: list[str]) -> tuple[Link, ...]:
    links: dict[str, Link] = {}
    for page in pages:
        for link in page.links:
            if link.text or link.url not in links:
                links.setdefault(link.url, link)
    for source in (shown, *(text.clean(part[:MAX_TEXT]) for part in plains)):
        for found in _BARE.finditer(source):
            url = found[0].rstrip(".,;:!?*_~»“”’")
            if len(url) <= html.MAX_URL:
                links.setdefault(url, Link(url))
            if len(links) > MAX_LINKS:
                break
    if len(links) > MAX_LINKS:
        defects.append(f"more than {MAX_LINKS} links; the rest was left out")
    return tuple(links.values())[:MAX_LINKS]
