"""Whose letter a mail really carries: a shop's own, one forwarded by hand or as an attachment, or a reply.

People forward shop mails; then the From is a private person, and the shop's address, subject and date stand in the
body (all common clients, in the client's language) or in an attached message/rfc822.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from pipeline.model import Address, Link, Message
from pipeline.read.carriers import carrier_by_name_of
from pipeline.read.head import header_block, moment_of
from pipeline.read.languages import languages
from pipeline.read.normal import normalise
from pipeline.read.shops import shop_named, shop_of_domain
from pipeline.read.translation import without_translation
from pipeline.trust import effective_sender

if TYPE_CHECKING:
    from datetime import datetime

_DEPTH = 3
#: Longer text is cut: mails of shops are far shorter, and a hostile one must not cost seconds.
_MAX_TEXT = 100_000
_MAX_SUBJECT = 1_000
_ADDRESS = re.compile(r"([^\s<>\[\]()\"',;:]{1,64}@[a-z0-9.-]{3,255})", re.IGNORECASE)
_PREFIX = re.compile(r"^\s*([^\W\d_]{1,12})(?:\[\d+\])?\s?[:：]\s*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as its reader should take it.

    Attributes:
        sender: who wrote it first; behind Apple's relay the address it stands for.
        shop, carrier: keys of the sender, or ``None``.
        forwarded: somebody passed it on, so that no header of the mail speaks for the sender.
        reply: a person's answer; the quoted part has been left out, and its links with it.
    """

    sender: Address
    subject: str
    text: str
    date: datetime | None
    links: tuple[Link, ...]
    markup: tuple[str, ...]
    microdata: tuple[tuple[str, str], ...]
    shop: str | None
    carrier: str | None
    forwarded: bool = False
    reply: bool = False


def open_letter(message: Message) -> Letter:
    """Return the letter that *message* carries, through up to three layers of forwarding."""
    letter = _open(message, _DEPTH)
    subject, text = letter.subject[:_MAX_SUBJECT], without_translation(letter.text[:_MAX_TEXT])
    if subject == letter.subject and text == letter.text:
        return letter
    return replace(letter, subject=subject, text=text)


def _open(message: Message, depth: int) -> Letter:
    sender = effective_sender(message)
    letter = Letter(
        sender=sender,
        subject=message.subject,
        text=message.text,
        date=message.date,
        links=message.links,
        markup=message.markup,
        microdata=message.microdata,
        shop=shop_of_domain(sender.domain),
        carrier=_carrier_of(sender),
    )
    if letter.shop or letter.carrier:
        return letter
    if depth and message.attached:
        inner = _open(message.attached[0], depth - 1)
        return _passed_on(inner, letter)
    for _ in range(depth):
        inner_letter = _inline(letter)
        if inner_letter is None:
            break
        letter = inner_letter
    if not letter.forwarded and _is_reply(message):
        return _without_quotes(letter)
    return letter


def _carrier_of(sender: Address) -> str | None:
    return None if shop_of_domain(sender.domain) else carrier_by_name_of(sender.domain)


def _passed_on(inner: Letter, outer: Letter) -> Letter:
    return Letter(
        sender=inner.sender,
        subject=inner.subject,
        text=inner.text,
        date=inner.date or outer.date,
        links=inner.links,
        markup=inner.markup,
        microdata=inner.microdata,
        shop=inner.shop,
        carrier=inner.carrier,
        forwarded=True,
    )


# ── forwarded inline ─────────────────────────────────────────────────────────────────────────────────────────


@cache
def _markers() -> frozenset[str]:
    return frozenset(_undressed(marker) for language in languages().values() for marker in language.forwarded.markers)


def _undressed(line: str) -> str:
    """A marker line without its dashes, colons and stars, which every client draws differently."""
    return normalise(line).strip(" -_*:=>\t.…")


def _inline(letter: Letter) -> Letter | None:
    """The mail that was forwarded inside the text of *letter*, or ``None``."""
    lines = letter.text.split("\n")
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        marked = len(line) < 80 and _undressed(line) in _markers()
        start = index + 1 if marked else index
        headers, end = header_block(lines, start)
        if "from" in headers and len(headers) >= (2 if marked else 3):
            return _inner(letter, lines[start:end], headers, "\n".join(_unquoted(lines[end:])))
    return None


def _inner(letter: Letter, head: list[str], headers: dict[str, str], text: str) -> Letter:
    match = _ADDRESS.search(headers["from"])
    name = headers["from"].split("<")[0].split("[")[0].strip(" \"'")
    sender = Address(name, match.group(1).lower() if match else "")
    # Some clients leave the address out and forward the display name only.
    shop = shop_of_domain(sender.domain) if sender.address else shop_named(name)
    return Letter(
        sender=sender,
        subject=headers.get("subject", letter.subject),
        text=text,
        date=moment_of(headers.get("date", ""), letter.date, head) or letter.date,
        links=letter.links,
        markup=letter.markup,
        microdata=letter.microdata,
        shop=shop,
        carrier=_carrier_of(sender),
        forwarded=True,
    )


def _unquoted(lines: list[str]) -> list[str]:
    return [line.lstrip(">").lstrip() if line.startswith(">") else line for line in lines]


# ── replies ──────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _reply_prefixes() -> frozenset[str]:
    return frozenset(
        normalise(word).rstrip(":") for language in languages().values() for word in language.forwarded.replies
    )


def _is_reply(message: Message) -> bool:
    match = _PREFIX.match(message.subject)
    if match and normalise(match.group(1)) in _reply_prefixes():
        return True
    return bool(message.header("In-Reply-To"))


def own_words(text: str) -> str:
    """Return what a person wrote: *text* without what is quoted or forwarded below it, and without the signature."""
    lines = text.split("\n")
    kept: list[str] = []
    for index, line in enumerate(lines):
        if line.startswith(">"):
            continue
        if line.rstrip("\r") == "-- " or _quotes(line) or _opens_a_mail(lines, index):
            break
        kept.append(line)
    return "\n".join(kept)


def _opens_a_mail(lines: list[str], index: int) -> bool:
    """Whether the headers of another mail stand from line *index* on, as Outlook puts them without any marker."""
    if ":" not in lines[index].replace("：", ":"):
        return False
    headers, _ = header_block(lines, index)
    return "from" in headers and len(headers) >= 3


def _without_quotes(letter: Letter) -> Letter:
    """What the person wrote, without what they quote: the quoted mail has been read already."""
    return Letter(
        sender=letter.sender,
        subject="",
        text=own_words(letter.text),
        date=letter.date,
        links=(),
        markup=(),
        microdata=(),
        shop=None,
        carrier=None,
        reply=True,
    )


@cache
def _quote_lines() -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(normalise(piece).strip() for piece in phrase.split("…"))
        for language in languages().values()
        for phrase in language.forwarded.quoted
    )


def _quotes(line: str) -> bool:
    """Whether *line* introduces a quoted mail ("On … wrote:")."""
    text = normalise(line).strip()
    if not text or len(text) > 300 or _undressed(line) in _markers():
        return bool(text) and len(text) <= 300
    if not text.endswith((":", "：")):
        return False
    for pieces in _quote_lines():
        if text.startswith(pieces[0]) and all(piece in text for piece in pieces[1:]):
            return True
    return "@" in text and any(character.isdigit() for character in text)
