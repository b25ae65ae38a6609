"""The body of a mail: texts and attached mails, taken apart by mail-parser, checked against the bytes.

mail-parser (4.8) finds the parts and decodes them. Where its text is doubtful (replacement characters, a
single-byte charset, a count of texts that is not the count of parts) the bytes of the part decide.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from functools import cache
from typing import TYPE_CHECKING, Any

from pipeline.parse import headers, mend, text

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_ATTACHED = 10
#: Repairs inside repairs: a multipart without boundary inside another.
MAX_REPAIRS = 3


@dataclass(slots=True)
class Body:
    """What the parts of a mail hold, in their order; *attached* are the bytes of mails inside the mail."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attached: list[bytes] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


class Part(Message):
    """A part of a mail that takes the header with its type apart once; mail-parser and the standard library ask for
    it eight times."""

    _kind: str | None = None

    def get_content_type(self) -> str:
        if self._kind is None:
            self._kind = super().get_content_type()
        return self._kind


@cache
def engine() -> Callable[[Part], Any]:
    """mail-parser's ``MailParser``, as far as it finds parts and decodes them."""
    # Imported late: it takes 50 ms, and a run that finds nothing new needs none. Its log quotes the mail.
    from mailparser import MailParser

    logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)

    class Parts(MailParser):  # type: ignore[misc]  # untyped
        """mail-parser without its two dictionaries of the mail: a fifth of its time, and nobody here asks for them."""

        def _make_mail(self, complete: bool = True) -> dict[str, Any]:
            return {}

    return Parts


def read(fields: bytes, data: bytes, repairs: int = 0) -> Body:
    """Take the body *data* apart; *fields* are its MIME header lines (``mend.mime_fields``).

    Raises:
        mend.TooDeepError: multiparts nested beyond ``mend.MAX_NESTING``.
    """
    body = Body()
    fields, found = mend.structure(fields, data)
    body.defects += found
    data, found = mend.body(fields, data)
    body.defects += found
    mail: Any = None
    tree = _tree(fields, data, body)
    try:
        # mail-parser 4.8 looks into it where a multipart never begins, and raises on None.
        tree.epilogue = tree.epilogue or ""
        mail = engine()(tree)
    except Exception as error:  # whatever a hostile mail makes of the parser must not end the run
        body.defects.append(f"mail-parser failed on it ({type(error).__name__}); it was read without")
    else:
        body.defects += [_DAMAGE[name] for name in sorted(mail.defects_categories) if name in _DAMAGE]
    parts = [(part, part.get_content_type()) for part in tree.walk() if not _is_container(part)]
    texts = [(part, kind) for part, kind in parts if _is_text(part, kind)]
    kinds = [kind for _, kind in texts]
    given = _matched(mail, kinds) if mail is not None else [None] * len(kinds)
    ready = {id(part): found for (part, _), found in zip(texts, given, strict=True)}
    for part, kind in parts:
        if id(part) in ready:
            _take(part, kind, ready[id(part)], body)
        elif kind.startswith("multipart/"):
            raw = _raw(part)
            if not raw.strip() or repairs == MAX_REPAIRS:
                continue
            inner = read(_fields(part), raw, repairs + 1)
            body.plain += inner.plain
            body.html += inner.html
            body.attached += inner.attached
            body.defects += [*inner.defects, "a part is a multipart without boundary"]
        elif _is_mail(part, kind):
            if len(body.attached) < MAX_ATTACHED:
                body.attached.append(_payload(part, body))
            else:
                body.defects.append(f"more than {MAX_ATTACHED} attached mails; the rest was left out")
    return body


_PARAMETERS = re.compile(rb"^content-(?:type|disposition):.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)


def _tree(fields: bytes, data: bytes, body: Body) -> Part:
    """Take a mail apart. The standard library raises on odd continuations of a parameter (RFC 2231: ``a*; a*2``)."""
    alone = single(fields, data)
    if alone is not None:
        return alone
    mail = fields + b"\n\n" + data
    try:
        tree = message_from_bytes(mail, Part)
        # Only a parameter in pieces has an asterisk.
        for part in tree.walk() if b"*" in mail else ():
            for name in ("content-type", "content-disposition"):
                part.get_params(header=name)
    except (TypeError, ValueError, LookupError):
        body.defects.append("the parameters of a header are in pieces that do not fit")
        return message_from_bytes(_PARAMETERS.sub(lambda header: header[0].replace(b"*", b"_"), mail), Part)
    return tree


def single(fields: bytes, data: bytes) -> Part | None:
    """The one part of a mail without others, made without a look at each of its lines; ``None`` for any other mail."""
    if b"*" in fields:
        return None
    part = Part()
    for line in fields.decode("ascii", "surrogateescape").split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            part.set_raw(name, value.lstrip(" \t"))
    if part.get_content_maintype() in ("multipart", "message"):
        return None
    part.set_payload(data.decode("ascii", "surrogateescape"))
    return part


def _is_container(part: Part) -> bool:
    return isinstance(part.get_payload(), list)


def _is_text(part: Part, kind: str) -> bool:
    return kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment"


def _is_mail(part: Part, kind: str) -> bool:
    return kind in ("x-mail/rfc822", "x-mail/global") or (part.get_filename() or "").lower().endswith(".eml")


def _fields(part: Part) -> bytes:
    wanted = ("content-type", "content-transfer-encoding")
    pairs = ((name, str(value)) for name, value in part.raw_items() if name.lower() in wanted)
    joined = "\n".join(f"{name}: {' '.join(value.split())}" for name, value in pairs)
    return joined.encode("ascii", "ignore")


def _raw(part: Part) -> bytes:
    """The bytes of a leaf as they came, still in their transfer encoding."""
    content = part.get_payload()
    if not isinstance(content, str):
        return b""
    try:
        return content.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # UTF-7 and others can say half of a surrogate pair, which stands for no byte of the mail.
        return content.encode("utf-8", "surrogatepass")


def _encoding(part: Part) -> str:
    return str(part.get("content-transfer-encoding") or "").strip().lower()


def _payload(part: Part, body: Body) -> bytes:
    """The bytes of a leaf, transfer encoding undone; base64 that is not clean is decoded by our own hand."""
    if _encoding(part) == "base64":
        raw = _raw(part)
        if raw.count(b" ") * 20 > len(raw):
            body.defects.append("a part says base64 and is plain text")
            return raw
        content = part.get_payload(decode=True)
        if any("Base64" in type(defect).__name__ for defect in part.defects):
            body.defects.append("base64 with garbage in it was decoded as far as it goes")
            return headers.base64(raw)
    else:
        content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _matched(mail: Any, kinds: list[str]) -> list[str | None]:
    """mail-parser's text for each part of these *kinds*, ``None`` for all where its lists do not match the parts."""
    lists = {"text/plain": list(mail.text_plain), "text/html": list(mail.text_html)}
    if any(kinds.count(kind) != len(found) for kind, found in lists.items()):
        return [None] * len(kinds)
    texts_of = {kind: iter(found) for kind, found in lists.items()}
    return [next(texts_of[kind]) for kind in kinds]


_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.I)
_SOFT_BREAK = re.compile(rb"=[ \t]*\n")
_QUOTED = re.compile(rb"=(?:3D|20|0A|0D|A0|C2|C3|E2|[2-7D-F][0-9A-F])")
_HTML = re.compile(r"<(?:!doctype html|html|body|head)\b|</(?:td|div|table|tr|html|body|a|p)>", re.I)


def _take(part: Part, kind: str, ready: str | None, body: Body) -> None:
    """Add the text of *part* to *body*: mail-parser's (*ready*) where nothing speaks against it."""
    is_html = kind == "text/html"
    charset = part.get_content_charset()
    if ready is None or part.defects or not _sound(ready, charset):
        data = _payload(part, body)
        meta = _META_CHARSET.search(data[:4000]) if is_html else None
        ready, defect = text.decode(data, charset, meta[1].decode("ascii") if meta else None)
        if defect:
            body.defects.append(defect)
    if "=\n" in ready and _encoding(part) != "quoted-printable":
        raw = _raw(part)
        if len(_QUOTED.findall(raw)) > 2 and _SOFT_BREAK.search(raw):
            from binascii import a2b_qp

            body.defects.append("quoted-printable was left undecoded")
            ready = text.decode(a2b_qp(raw), charset)[0]
    if not is_html and len(_HTML.findall(ready[:20_000])) > 2:
        body.defects.append("a text/plain part is HTML")
        is_html = True
    elif is_html and "<" not in ready:
        body.defects.append("a text/html part is plain text")
        is_html = False
    if is_html:
        body.html.append(ready)
    else:
        body.plain.append(_unflowed(ready, part) if " \n" in ready else ready)


def _sound(ready: str, charset: str | None) -> bool:
    """Whether mail-parser's text can be believed without a look at the bytes."""
    if charset in (None, "utf-8", "us-ascii"):
        return "\ufffd" not in ready and "\x1b" not in ready
    return ready.isascii() and "\x1b" not in ready and charset not in ("utf-7", "hz-gb-2312", "x-unknown")


def _unflowed(plain: str, part: Part) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676 section 4.2); DelSp ones break words and codes."""
    if str(part.get_param("format", "")).lower() != "flowed":
        return plain
    deleted = str(part.get_param("delsp", "")).lower() == "yes"
    out: list[str] = []
    flowing = False
    for line in plain.split("\n"):
        soft = line.endswith(" ") and line != "-- " and not line.startswith(">")
        content = line[:-1] if soft and deleted else line
        if flowing and not line.startswith(">") and line != "-- ":
            out[-1] += content.removeprefix(" ") if deleted else content
        else:
            out.append(content)
        flowing = soft
    return "\n".join(out)


_DAMAGE = {
    "CloseBoundaryNotFoundDefect": "the end of a multipart is missing",
    "StartBoundaryNotFoundDefect": "a multipart lacks the boundary it names",
    "NoBoundaryInMultipartDefect": "a multipart names no boundary",
    "MissingHeaderBodySeparatorDefect": "a part has no blank line behind its headers",
    "FirstHeaderLineIsContinuationDefect": "the headers of a part begin in the middle",
    "MultipartInvariantViolationDefect": "a part says multipart and holds none",
    "InvalidMultipartContentTransferEncodingDefect": "a multipart says it is encoded, which is not allowed",
}
