"""The head of a mail: split into fields from the original bytes, decoded without losing what is malformed.

RFC 5322 sections 2.2 and 3.4, RFC 2047, and the breakage of real mails: raw 8-bit values, encoded words cut
inside a character or inside a base64 quantum, encoded words in quotes, unquoted commas in names.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field

from pipeline.model import Address
from pipeline.parse import text

MAX_FIELDS = 1000
#: Characters kept of one field's value.
MAX_VALUE = 16_384
#: Characters of an address header that are scanned, and addresses taken from it.
MAX_ADDRESS_HEADER = 65_536
MAX_ADDRESSES = 100

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)\n?")
_STRAY = re.compile(rb".*\n?")
#: A mail has at least one of these; without any the bytes are something else.
_TELLING = frozenset(
    {"from", "to", "cc", "subject", "date", "message-id", "received", "content-type", "mime-version"}
    | {"return-path", "sender", "reply-to", "delivered-to", "resent-from", "authentication-results"}
)
_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|received|content-[a-z-]+|mime-version|return-path|sender"
    rb"|reply-to|delivered-to|x-[\w-]+|list-[\w-]+|dkim-signature|arc-[\w-]+|authentication-results)[ \t]*:",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Head:
    """The fields of a mail's head, topmost first: names as written, values as raw bytes (folds kept).

    ``end`` is the offset of the body in the bytes that were split.
    """

    fields: tuple[tuple[str, bytes], ...]
    end: int
    defects: tuple[str, ...] = ()
    _named: tuple[tuple[str, bytes], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_named", tuple((name.lower(), value) for name, value in self.fields))

    def first(self, name: str) -> bytes | None:
        """The topmost value of the field *name* (lower case), or ``None``."""
        return next((value for key, value in self._named if key == name), None)

    def every(self, name: str) -> list[bytes]:
        """All values of the field *name* (lower case), topmost first."""
        return [value for key, value in self._named if key == name]

    @property
    def telling(self) -> bool:
        """Whether any field is one that mails have."""
        return any(key in _TELLING for key, _ in self._named)


def split(data: bytes) -> Head:
    """Split the head off *data*, whose lines end in LF. Linear; at most ``MAX_FIELDS`` fields."""
    blank = 0 if data.startswith(b"\n") else data.find(b"\n\n")
    stop = len(data) if blank < 0 else blank + (1 if blank else 0)
    fields: list[tuple[str, bytes]] = []
    defects: list[str] = []
    at = 0
    while at < stop:
        found = _FIELD.match(data, at, stop)
        if found is None:
            after = _STRAY.match(data, at, stop).end()  # type: ignore[union-attr]  # matches everywhere
            if data.startswith(b"--", at) or not _KNOWN.match(data, after, stop):
                defects.append("no blank line between head and body")
                return Head(tuple(fields), at, tuple(defects))
            if not defects:
                defects.append("a line that is no header stands between the headers; it was skipped")
            at = after
            continue
        if len(fields) == MAX_FIELDS:
            defects.append(f"more than {MAX_FIELDS} headers; the rest was left out")
            break
        fields.append((found[1].decode("ascii"), found[2]))
        at = found.end()
    return Head(tuple(fields), min(stop + 1, len(data)) if blank >= 0 else len(data), tuple(defects))


def raw(value: bytes) -> str:
    """The value of a field unfolded, as clean Unicode, encoded words as they are; cut at ``MAX_VALUE``."""
    value = value[:MAX_VALUE]
    unfolded = (b"".join(value.split(b"\n")) if b"\n" in value else value).strip()
    plain = unfolded.isascii() and b"\x1b" not in unfolded
    decoded = unfolded.decode("ascii") if plain else text.decode(unfolded)[0]
    return decoded if decoded.isprintable() else text.clean(decoded).replace("\n", " ")


def unstructured(value: bytes, defects: list[str] | None = None, name: str = "header") -> str:
    """Decode a free-text field such as Subject to one clean line; what had to be mended goes to *defects*."""
    plain = raw(value)
    if defects is not None and not value.isascii():
        defects.append(f"the {name} has raw 8-bit characters")
    return text.line(words(plain, defects, name))


# The encoded text is bounded so that unclosed words cost linear time.
_WORD = re.compile(r"=\?([!-+\--<>@-~]{1,60})\?([bBqQ])\?(.{0,1000}?)\?=(?:(\s+)(?==\?))?", re.S)


def words(value: str, defects: list[str] | None = None, name: str = "header") -> str:
    """Decode the encoded words (RFC 2047) in *value*; adjacent ones are joined as bytes before decoding."""
    if "=?" not in value:
        return value
    out: list[str] = []
    pending = b""
    charset = ""
    quantum = ""  # base64 of a word that ends inside a quantum
    at = 0
    joined = False
    for found in _WORD.finditer(value):
        label = found[1].partition("*")[0].lower()  # RFC 2231 section 5 adds a language
        if not joined or found.start() != at or label != charset:
            if pending:
                out.append(_decoded(pending, charset, defects, name))
            if found.start() > at:
                out.append(value[at : found.start()])
            pending, quantum = b"", ""
        charset = label
        if found[2] in "bB":
            data = quantum + "".join(found[3].split())
            quantum = _cut_quantum(data) if found[4] else ""
            pending += base64(data[: len(data) - len(quantum)].encode("ascii", "ignore"))
        else:
            quoted = found[3].replace("_", " ").encode("utf-8", "replace")
            pending += binascii.a2b_qp(quoted, header=False)
        joined, at = True, found.end()
    if pending:
        out.append(_decoded(pending, charset, defects, name))
    out.append(value[at:])
    return "".join(out)


def _cut_quantum(data: str) -> str:
    """What base64 *data* has begun and not ended. A whole word without padding ends in bits that are zero."""
    loose = "" if "=" in data else data[len(data) // 4 * 4 :]
    if len(loose) == 2 and loose[1] in "AQgw":
        return ""
    if len(loose) == 3 and loose[2] in "AEIMQUYcgkosw048":
        return ""
    return loose


def _decoded(data: bytes, charset: str, defects: list[str] | None, name: str) -> str:
    decoded, defect = text.decode(data, charset)
    if defect and defects is not None:
        defects.append(f"{name}: {defect}")
    return decoded


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def base64(data: bytes) -> bytes:
    """Decode base64 with garbage in it: strange characters are skipped, what follows the padding is cut."""
    padded = data.find(b"=")
    if padded >= 0:
        data = data[:padded]
    data = _NOT_BASE64.sub(b"", data)
    if len(data) % 4 == 1:
        data = data[:-1]
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


_TOKEN = re.compile(r'"((?>(?:[^"\\]|\\.)*))"|<([^<>]*)>|([,;])|(\()|([^",;()<]+)|(.)', re.S)
# Once a quote or a comment stays open, such characters are like any other, or each would cost a look at all
# the rest.
_TOKEN_LITERAL = re.compile(r"(?!)()|<([^<>]*)>|([,;])|(?!)()|([^,;<]+)|(.)", re.S)
#: The two forms of nearly all address fields; what they match is read without a look at each character.
_NAMED = re.compile(r'(?:[ \t]*"([^"\\]*)"[ \t]*|([^",;()<>\\]*))<([^@<>",;()\s][^<>",;()\s]*)>[ \t]*')
_BARE = re.compile(r'[ \t]*([^\s<>",;:()@]+@[^\s<>",;:()@]+)[ \t]*')
_PAREN = re.compile(r"\\.|[()]", re.S)


def addresses(value: bytes, defects: list[str] | None = None, name: str = "header") -> tuple[Address, ...]:
    """The mailboxes of an address field; names are decoded only after the structure is read.

    So an encoded word that holds ``<other@example.org>`` stays a name. Linear, at most ``MAX_ADDRESSES``.
    """
    if len(value) > MAX_ADDRESS_HEADER and defects is not None:
        defects.append(f"{name} is longer than {MAX_ADDRESS_HEADER} bytes; the rest was left out")
    data = value[:MAX_ADDRESS_HEADER].replace(b"\n", b"")
    source = data.decode("ascii") if data.isascii() else text.decode(data)[0]
    found = _mailboxes(source)
    if len(found) >= MAX_ADDRESSES and defects is not None:
        defects.append(f"{name} has {MAX_ADDRESSES} addresses or more; the rest was left out")
    return tuple(
        Address(text.line(words(display[:1000], defects, name)), text.line(address).replace(" ", "").lower()[:500])
        for display, address in found
    )


def _mailboxes(source: str) -> list[tuple[str, str]]:
    if one := _NAMED.fullmatch(source):
        return [((one[1] or one[2] or "").strip(" \t,;"), one[3])]
    if one := _BARE.fullmatch(source):
        return [("", one[1])]
    found: list[tuple[str, str]] = []
    pieces: list[tuple[bool, str]] = []  # (quoted, text) of one list item
    angles: list[str] = []
    comments: list[str] = []
    token = _TOKEN
    at = 0
    while at < len(source) and len(found) < MAX_ADDRESSES:
        match = token.match(source, at)
        assert match is not None  # the last alternative takes any character
        quoted, angle, comma, opening, plain, other = match.groups()
        end = match.end()
        if opening and not (closing := _comment_end(source, end)):
            token, opening, other = _TOKEN_LITERAL, None, "("
        if quoted is not None:
            pieces.append((True, re.sub(r"\\(.)", r"\1", quoted, flags=re.S)))
        elif angle is not None:
            angles.append(angle)
        elif comma:
            # A name with an unquoted comma is no item of its own: it goes on behind the comma.
            mailboxes = _item(pieces, angles, comments)
            found += mailboxes
            pieces = [] if mailboxes or not pieces else [*pieces, (False, ", ")]
            angles, comments = [], []
        elif opening:
            comments.append(source[end : closing - 1])
            end = closing
        else:
            if other == '"':
                token = _TOKEN_LITERAL
            pieces.append((False, plain or other))
        at = end
    found += _item(pieces, angles, comments)
    if not found and (left := _phrase(pieces)):
        found.append((left, ""))
    return found[:MAX_ADDRESSES]


def _comment_end(source: str, at: int) -> int:
    """The offset behind the ``)`` that closes the comment whose inside begins *at*; 0 where it stays open."""
    depth = 1
    for match in _PAREN.finditer(source, at):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
            if not depth:
                return match.end()
    return 0


def _phrase(pieces: list[tuple[bool, str]]) -> str:
    return "".join(piece for _, piece in pieces).strip(" \t,;")


def _item(pieces: list[tuple[bool, str]], angles: list[str], comments: list[str]) -> list[tuple[str, str]]:
    """The (name, address) pairs of one list item; several where no comma stands between them."""
    if angles:
        name = _phrase(pieces) or " ".join(comments)
        # RFC 5322 section 4.4: an obsolete route stands before the colon.
        return [(name, angle.rpartition(":")[2] if angle.startswith("@") else angle) for angle in angles]
    bare: list[tuple[str, str]] = []
    local = ""
    for quoted, piece in pieces:
        if quoted:
            local = f'"{piece}"'
            continue
        for word in piece.split():
            if "@" in word:
                bare.append((" ".join(comments), (local if word.startswith("@") else "") + word.strip(":")))
            local = ""
    return bare
