"""Bytes that came as a mail, mended and capped for a parser of sound mails. Bytes in, bytes out.

Every function returns what it changed as sentences. All caps that protect the MIME parser stand here, because
it computes everything in its constructor and takes quadratic time for some of it.
"""

from __future__ import annotations

import codecs
import re
from itertools import pairwise
from typing import NamedTuple

from pipeline.parse import headers, text

#: Bytes of a mail that are looked at, and of its text parts that are parsed.
MAX_BYTES = 8_000_000
MAX_TEXT_BYTES = 1_500_000
#: Lines of them; the parser looks at each line once for every open multipart.
MAX_LINES = 100_000
#: Lines that may be boundaries of parts.
MAX_DELIMITERS = 500
#: Multiparts inside multiparts.
MAX_NESTING = 30
#: Characters of a Content-Type or other MIME field.
MAX_MIME_FIELD = 2000


class TooDeepError(ValueError):
    """Multiparts are nested deeper than ``MAX_NESTING``."""


class Mended(NamedTuple):
    """Bytes after mending, and what was wrong with them."""

    data: bytes
    defects: tuple[str, ...]


def lines(data: bytes) -> Mended:
    """Return *data* with LF line ends, without NUL, mbox separator and leading blank lines; capped."""
    defects: list[str] = []
    if len(data) > MAX_BYTES:
        data = data[:MAX_BYTES]
        defects.append(f"the mail is longer than {MAX_BYTES // 1_000_000} MB; the rest was left out")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode("utf-8")
        defects.append("the whole mail was UTF-16")
    elif data.startswith(codecs.BOM_UTF8):
        data = data[3:]
        defects.append("the mail began with a byte order mark")
    if b"\0" in data:
        data = data.replace(b"\0", b"")
        defects.append("NUL bytes were taken out")
    if b"\r" in data:
        if b"\n" not in data:
            defects.append("lines ended in CR only")
        elif b"\r\r\n" in data:
            data = data.replace(b"\r\r\n", b"\n")
            defects.append("lines ended in CR CR LF")
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    stripped = re.sub(rb"\A(?:[ \t]*\n)+", b"", data)
    if len(stripped) < len(data):
        defects.append("blank lines stood before the headers")
        data = stripped
    if data.startswith((b"From ", b">From ")):
        data = data.partition(b"\n")[2]
        defects.append("an mbox separator stood before the headers")
    return Mended(data, tuple(defects))


# ── fields of MIME ──────────────────────────────────────────────────────────────────────────────────────────

_CHARSET = re.compile(rb"(charset\s*=\s*)(\"[^\"]*\"?|[^\s;]+)", re.I)
_MESSAGE = re.compile(rb"\A(\s*\"?)message/", re.I)
_DIGEST = re.compile(rb"\A(\s*\"?multipart/)digest", re.I)
_CHARSET_IN_PIECES = re.compile(rb"charset\*", re.I)
_MIME_FIELD = re.compile(rb"^(content-[a-z-]{1,30}[ \t]*:)(.*(?:\n[ \t].*)*)", re.I | re.M)


def _mime_field(found: re.Match[bytes]) -> bytes:
    """One MIME field without what misleads the parser: bulk, odd codecs, mails inside of mails.

    A part ``message/…`` is renamed ``x-mail/…``: parsed mails would be re-written, here their bytes are kept.
    """
    value = found[2][:MAX_MIME_FIELD]
    low = value.lower()
    if b"message/" in low:
        value = _MESSAGE.sub(rb"\1x-mail/", value)
    if b"digest" in low:  # its parts would be parsed as mails
        value = _DIGEST.sub(rb"\1mixed", value)
    if b"charset" in low:
        value = _CHARSET_IN_PIECES.sub(b"x-charset", value) if b"charset*" in low else value
        value = _CHARSET.sub(_charset, value)
    return found[1] + value


def _charset(found: re.Match[bytes]) -> bytes:
    label = found[2].decode("latin-1").strip('"')
    return found[0] if text.codec(label) else found[1] + b"x-unknown"


def mime_fields(head: headers.Head) -> Mended:
    """The fields of *head* that describe the body, the first of each kind, mended as those of parts are."""
    seen: dict[str, bytes] = {}
    defects: list[str] = []
    for name, value in head.fields:
        key = name.lower()
        if key not in ("content-type", "content-transfer-encoding", "content-disposition"):
            continue
        if key in seen:
            defects.append(f"a second {name} header was left out")
        else:
            seen[key] = key.encode("ascii") + b": " + value.replace(b"\n", b"").strip()
    return Mended(_MIME_FIELD.sub(_mime_field, b"\n".join(seen.values())), tuple(defects))


# ── the body ────────────────────────────────────────────────────────────────────────────────────────────────

#: Bytes of a part that are not worth a look at its type.
_BIG = 2000
_NO_TEXT = re.compile(rb"^content-type[ \t]*:\s*\"?(?:image|audio|video|font|model|application)/", re.I | re.M)
_MAIL = re.compile(rb"\A[^\n]*\n(?:[^\n]+\n)*?content-type[ \t]*:\s*\"?(?:message|x-mail)/", re.I)
_BOUNDARY = re.compile(rb"boundary[*\d]*\s*=\s*(?:\"([^\"\n]*)\"|([^\s;\"]+))", re.I)


def body(fields: bytes, data: bytes) -> Mended:
    """Cap the body *data* of a mail with the MIME *fields*, mend its parts' fields, empty what is no text.

    Raises:
        TooDeepError: multiparts nested deeper than ``MAX_NESTING``.
    """
    defects: list[str] = []
    starts = _delimiters(data)
    if len(starts) > MAX_DELIMITERS:
        data = data[: starts.pop()]
        defects.append(f"more than {MAX_DELIMITERS} boundary lines; the rest was left out")
    if data.lower().count(b"boundary") > MAX_NESTING:
        _measure_depth(fields, data, starts)
    bounds = [*starts, len(data)]
    kept = [data[: bounds[0]][:MAX_TEXT_BYTES]]
    room = MAX_TEXT_BYTES - len(kept[0])
    short = bounds[0] > MAX_TEXT_BYTES
    for start, end in pairwise(bounds):
        blank = data.find(b"\n\n", start, end)
        head = _MIME_FIELD.sub(_mime_field, data[start : end if blank < 0 else blank])
        content = b"" if blank < 0 else data[blank:end]
        if len(content) > _BIG and _NO_TEXT.search(head) and b".eml" not in head.lower():
            content = b"\n\n\n"
        if len(content) > room:
            content, short = content[:room] + b"\n", True
        room = max(room - len(content), _BIG)
        kept += [head, content]
    if short:
        defects.append(f"text parts are longer than {MAX_TEXT_BYTES} bytes; the rest was left out")
    whole = b"".join(kept)
    if whole.count(b"\n") > MAX_LINES:
        whole = b"\n".join(whole.split(b"\n", MAX_LINES)[:MAX_LINES])
        defects.append(f"more than {MAX_LINES} lines; the rest was left out")
    return Mended(whole, tuple(defects))


def _delimiters(data: bytes) -> list[int]:
    """Where lines begin that may be boundaries; at most one more than ``MAX_DELIMITERS``."""
    starts = [0] if data.startswith(b"--") else []
    at = data.find(b"\n--")
    while at >= 0 and len(starts) <= MAX_DELIMITERS:
        starts.append(at + 1)
        at = data.find(b"\n--", at + 1)
    return starts


def _measure_depth(fields: bytes, data: bytes, starts: list[int]) -> None:
    opened = [found[1] or found[2] for found in _BOUNDARY.finditer(fields)]
    attached = False
    for start, end in zip(starts, [*starts[1:], len(data)], strict=False):
        name = data[start + 2 : end].partition(b"\n")[0].rstrip()
        closed = name.removesuffix(b"--")
        if name in opened:
            del opened[opened.index(name) + 1 :]
        elif closed in opened:
            del opened[opened.index(closed) :]
        elif attached:
            continue  # attached mails are taken apart by themselves
        attached = _MAIL.search(data, start, end) is not None
        if not attached:
            opened += [found[1] or found[2] for found in _BOUNDARY.finditer(data, start, end)]
        if len(opened) > MAX_NESTING:
            raise TooDeepError(f"parts are nested deeper than {MAX_NESTING} levels")


# ── a structure that is not said, or said wrongly ───────────────────────────────────────────────────────────

_TYPE = re.compile(rb"^content-type:\s*\"?([\w-]+)/([\w.+-]+)", re.I | re.M)
_UNDECLARED = re.compile(rb"^--(?!\s)([^\n]{1,200}?)[ \t]*\n(?:(?:content|mime)-[a-z-]+[ \t]*:)", re.I | re.M)
_HTML_START = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html|head|body|table|div|p|style)\b", re.I | re.S
)


def head_in_body(head: headers.Head, data: bytes) -> tuple[headers.Head, bytes, tuple[str, ...]]:
    """Take fields that the *head* lacks out of *data* that begins with them (a blank line in the head)."""
    if head.first("content-type") is not None:
        return head, data, ()
    start = len(data) - len(data.lstrip(b"\n"))
    inner = headers.split(data[start : start + MAX_TEXT_BYTES])
    if inner.first("content-type") is None:
        return head, data, ()
    known = {name.lower() for name, _ in head.fields}
    # What servers write about a mail is believed only where they write it: above everything else.
    taken = tuple(
        (name, value)
        for name, value in inner.fields
        if name.lower() not in known and not name.lower().endswith("authentication-results")
    )
    whole = headers.Head((*head.fields, *taken)[: headers.MAX_FIELDS], head.end, head.defects)
    return whole, data[start + inner.end :], ("headers stood in the body, behind a blank line",)


def structure(fields: bytes, data: bytes) -> Mended:
    """Mend the MIME *fields* where they do not describe *data*: wrong boundary, no Content-Type."""
    kind = _TYPE.search(fields)
    others = (line for line in fields.split(b"\n") if line and not line.lower().startswith(b"content-type:"))
    rest = b"".join(line + b"\n" for line in others)
    if kind is not None and kind[1].lower() != b"multipart":
        return Mended(fields, ())
    if kind is not None:
        said = _BOUNDARY.search(fields)
        name = (said[1] or said[2] or b"").rstrip() if said else b""
        if said and b"*" in said[0]:  # in pieces (RFC 2231): left to the parser
            return Mended(fields, ())
        if name and (data.startswith(b"--" + name) or b"\n--" + name in data):
            return Mended(fields, ())
    found = _UNDECLARED.search(data)
    if found is not None and (kind is not None or not data[: found.start()].strip()):
        quoted = found[1].replace(b"\\", b"").replace(b'"', b"")
        subtype = kind[2] if kind is not None else b"mixed"
        what = "the multipart names no boundary that occurs" if kind is not None else "there is no Content-Type"
        mended = rest + b"Content-Type: multipart/" + subtype + b'; boundary="' + quoted + b'"'
        return Mended(mended, (f"{what}; the boundary was found in the body",))
    if kind is not None:
        shape = b"html" if _HTML_START.match(data) else b"plain"
        defect = "a multipart without any boundary was read as one text"
        return Mended(rest + b"Content-Type: text/" + shape, (defect,))
    if _HTML_START.match(data):
        return Mended(rest + b"Content-Type: text/html", ("there is no Content-Type; the body is HTML",))
    return Mended(fields, ())
