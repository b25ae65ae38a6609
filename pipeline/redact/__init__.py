"""A copy of a mail that may be shown: other names, addresses and numbers, always the same for the same one.

What the reader makes of the copy is what it makes of the mail: formats of numbers, check digits, dates, words and
markup stay. Pictures and other attachments are left out, and so are the headers that tell of the mail's way.
"""

from __future__ import annotations

import base64
import quopri
import secrets
from email.errors import MessageError
from email.generator import BytesGenerator
from email.header import Header
from email.parser import BytesParser
from email.policy import compat32
from email.utils import formataddr, getaddresses
from io import BytesIO
from typing import TYPE_CHECKING

from pipeline.parse import headers as mail_headers
from pipeline.parse import text as mail_text
from pipeline.redact.numbers import Numbers
from pipeline.redact.people import People
from pipeline.redact.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from email.message import Message

#: Headers that stay, by name; every other one is left out.
_KEPT = frozenset(
    [
        "from",
        "sender",
        "reply-to",
        "to",
        "cc",
        "delivered-to",
        "subject",
        "date",
        "message-id",
        "in-reply-to",
        "references",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
        "content-language",
        "authentication-results",
        "auto-submitted",
        "precedence",
        "list-id",
    ]
)
_ADDRESSES = frozenset({"from", "sender", "reply-to", "to", "cc", "delivered-to"})
_PEOPLE = ("to", "cc", "delivered-to")


class RedactError(ValueError):
    """A mail that cannot be taken apart and put together again. Its text is one line."""


class Redactor:
    """Makes copies that may be shown; as long as it lives, the same is always replaced by the same.

    Args:
        named: words that the mails do not give away as personal and that shall go nevertheless.
        secret: decides by what everything is replaced; by default it is drawn, so that nobody can undo it.
    """

    def __init__(self, named: Iterable[str] = (), secret: bytes | None = None) -> None:
        secret = secrets.token_bytes(32) if secret is None else secret
        self._people = People(secret, named)
        self._numbers = Numbers(secret)
        self._texts = Texts(self._people, self._numbers)

    def redact(self, data: bytes) -> bytes:
        """Return the mail *data* with everything personal replaced. Raises RedactError."""
        try:
            mail = BytesParser(policy=compat32).parsebytes(data)
            self._meet(mail)
            for part in mail.walk():
                self._part(part)
            copy = BytesIO()
            BytesGenerator(copy, mangle_from_=False, maxheaderlen=0, policy=compat32).flatten(mail)
        except (MessageError, ValueError, LookupError, RecursionError) as error:
            # The standard library raises any of these on mails that are broken enough.
            raise RedactError(f"this mail is too broken to be copied without names: {error}") from None
        return copy.getvalue()

    def _meet(self, mail: Message) -> None:
        """Get to know everybody before anything is replaced: a name in the subject stands before its explanation."""
        for part in mail.walk():
            people = [pair for name in _PEOPLE for pair in _addresses(part, name)]
            sender = next((address for _, address in _addresses(part, "from")), "")
            if people or sender:
                self._people.meet(sender, people)
            if part.get_content_type() == "text/plain" and not part.is_multipart():
                self._people.learn(_text(part).split("\n"))

    def _part(self, part: Message) -> None:
        kept: list[tuple[str, str]] = []
        for name, value in part.raw_items():
            if name.lower() in _KEPT:
                kept.append((name, self._header(name.lower(), value)))
        part._headers = kept  # type: ignore[attr-defined] # compat32 has no other way to replace repeated headers
        for header, param in (("content-type", "name"), ("content-disposition", "filename")):
            if part.get_param(param, header=header) is not None:
                part.del_param(param, header)
        if part.is_multipart():
            part.preamble = part.epilogue = None
        elif part.get_content_maintype() == "text":
            text = _text(part)
            _put(part, self._texts.html(text) if part.get_content_subtype() == "html" else self._texts.plain(text))
        elif part.get_payload():
            part.set_payload("bGVmdCBvdXQ=\n" if _encoding(part) == "base64" else "left out\n")

    def _header(self, name: str, value: object) -> str:
        raw = str(value).encode("utf-8", "surrogateescape")
        if name == "date" or (name.startswith("content-") and name != "content-disposition"):
            return raw.decode("utf-8", "surrogateescape")
        if name in _ADDRESSES:
            pairs = getaddresses([mail_headers.unstructured(raw, [], name)])
            changed = [(self._texts.line(label), self._texts.line(address)) for label, address in pairs]
            # Raw 8-bit names are encoded one by one, or the whole header would be, and its addresses lost.
            same = changed == pairs and raw.isascii()
            return _as_it_was(raw) if same else ", ".join(formataddr(pair) for pair in changed)
        text = mail_headers.unstructured(raw, [], name)
        if name in ("message-id", "in-reply-to", "references"):
            return " ".join(self._identity(word) for word in text.split())
        changed_text = self._texts.line(text)
        if changed_text == text:
            return _as_it_was(raw)
        return changed_text if changed_text.isascii() else Header(changed_text, "utf-8").encode(maxlinelen=200)

    def _identity(self, word: str) -> str:
        local, at, domain = word.strip("<>").rpartition("@")
        return f"<{self._numbers.token(local)}{at}{self._numbers.replace(domain)}>"


def _as_it_was(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _addresses(part: Message, name: str) -> list[tuple[str, str]]:
    values = [str(value).encode("utf-8", "surrogateescape") for value in part.get_all(name, [])]
    return getaddresses([mail_headers.unstructured(value, [], name) for value in values])


def _encoding(part: Message) -> str:
    return str(part.get("content-transfer-encoding", "")).strip().lower()


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    charset = part.get_content_charset()
    return mail_text.decode(data if isinstance(data, bytes) else b"", charset)[0].replace("\r\n", "\n")


def _put(part: Message, text: str) -> None:
    """Set the text of *part*, in its own charset where that can hold it, in its own encoding."""
    charset = part.get_content_charset() or "us-ascii"
    try:
        data = text.encode(charset)
    except (UnicodeError, LookupError):
        data = text.encode("utf-8", "replace")
        part.set_param("charset", "utf-8")
    encoding = _encoding(part)
    if encoding == "base64":
        payload = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        payload = quopri.encodestring(data)
    else:
        payload = data
    part.set_payload(payload.decode("ascii", "surrogateescape"))
