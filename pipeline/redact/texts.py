"""The texts of a mail, plain or HTML, and the links in them: rewritten piece by piece, the markup left as it is."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.redact.numbers import Numbers
    from pipeline.redact.people import People

_URL = re.compile(r"https?://[^\s<>\"']+")
_PIECE = re.compile(
    r"(<!--.*?-->|<style\b.*?</style\s*>|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)", re.DOTALL | re.IGNORECASE
)
_BREAKS = re.compile(r"<\s*/?\s*(?:br|p|div|td|th|tr|li|h[1-6]|table|ul|ol|body|title|dd|dt)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"(\s(?:href|src|alt|title|content|value|background|data-[\w-]+)\s*=\s*)(\"[^\"]*\"|'[^']*')", re.I
)
#: A value in a link that means nothing to people: a token of somebody.
_TOKEN = re.compile(r"(?=[A-Za-z0-9_.~-]*[0-9A-Z])[A-Za-z0-9_.~-]{16,}")


class Texts:
    """Rewrites texts with *people* and *numbers*."""

    def __init__(self, people: People, numbers: Numbers) -> None:
        self._people = people
        self._numbers = numbers

    def line(self, text: str) -> str:
        """Rewrite one line without markup, such as a subject."""
        return self._people_of(self._numbers_of(text))

    def plain(self, text: str) -> str:
        """Rewrite a text of many lines."""
        lines = text.split("\n")
        self._people.learn(lines)
        addresses = self._people.address_lines(lines)
        return "\n".join(self._in_address(line) if n in addresses else self.line(line) for n, line in enumerate(lines))

    def html(self, page: str) -> str:
        """Rewrite a page: its texts, and what its attributes say; the tags stay as they are."""
        pieces = _PIECE.split(page)
        texts = [unescape(piece) for piece in pieces[::2]]
        lines = _lines(pieces, texts)
        shown = [" ".join("".join(texts[number] for number in line).split()) for line in lines]
        self._people.learn(shown)
        addresses = self._people.address_lines(shown)
        for number, line in enumerate(lines):
            # A number may be cut in pieces by tags, and is the same number nevertheless.
            whole = self._numbers_of("".join(texts[text] for text in line))
            rewrite = self._people_at if number in addresses else self._people_of
            end = 0
            for text in line:
                start, end = end, end + len(texts[text])
                changed = rewrite(whole[start:end])
                if changed != texts[text]:
                    pieces[2 * text] = escape(changed, quote=False)
        pieces[1::2] = (_ATTRIBUTE.sub(self._attribute, tag) for tag in pieces[1::2])
        return "".join(pieces)

    def link(self, url: str) -> str:
        """Rewrite a link: addresses, numbers and tokens in it."""
        head, mark, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        path = self._people.replace(path)
        parts = re.split(r"([/?&=#;])", path)
        return f"{head}{mark}{host}{slash}" + "".join(self._value(part) for part in parts)

    def _value(self, part: str) -> str:
        if part.startswith("http"):
            plain = unquote(part)
            return part if "://" not in plain else quote(self.link(plain), safe="")
        if "%" in part:
            plain = unquote(part)
            changed = self._words(plain)
            return part if changed == plain else quote(changed, safe="")
        if _TOKEN.fullmatch(part) and not self._numbers.is_number(part):
            return self._numbers.token(part)
        return self._numbers.replace(part)

    def _attribute(self, found: re.Match[str]) -> str:
        quotes, value = found[2][0], unescape(found[2][1:-1])
        changed = self.link(value) if _URL.match(value) else self.line(value)
        return found[0] if changed == value else f"{found[1]}{quotes}{escape(changed)}{quotes}"

    def _words(self, text: str) -> str:
        return self._people.replace(self._numbers.replace(text))

    def _in_address(self, line: str) -> str:
        return self._people_at(self._numbers_of(line))

    def _numbers_of(self, text: str) -> str:
        """Other numbers; what is returned is as long as *text*. Links stay for later."""
        return _outside_links(text, self._numbers.replace, lambda url: url)

    def _people_of(self, text: str) -> str:
        return _outside_links(text, self._people.replace, self.link)

    def _people_at(self, text: str) -> str:
        return _outside_links(text, lambda words: self._people.everything(self._people.replace(words)), self.link)


def _outside_links(text: str, rewrite: Callable[[str], str], link: Callable[[str], str]) -> str:
    pieces, end = [], 0
    for found in _URL.finditer(text):
        pieces += [rewrite(text[end : found.start()]), link(found[0])]
        end = found.end()
    return "".join([*pieces, rewrite(text[end:])])


def _lines(pieces: list[str], texts: list[str]) -> list[list[int]]:
    """Return the lines that a page shows, each as the numbers of its *texts*, which stand between tags."""
    lines: list[list[int]] = [[]]
    for number in range(len(texts)):
        if number and _BREAKS.match(pieces[2 * number - 1]):
            lines.append([])
        lines[-1].append(number)
    return lines
