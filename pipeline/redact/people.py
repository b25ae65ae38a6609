"""Other people in the place of the real ones: names, mail addresses and postal addresses.

Whose names they are is told by the mail: its recipients, how it greets, and what stands under "delivery address".
A word that the mail does not give away like this has to be named by the owner.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING

from pipeline.config.accounts import providers
from pipeline.read.carriers import carrier_of_domain
from pipeline.read.shops import shop_of_domain
from pipeline.tables import Table, data_dir, load

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMES = [
    "Alex",
    "Robin",
    "Kim",
    "Charlie",
    "Sasha",
    "Noel",
    "Jules",
    "Toni",
    "Mika",
    "Luca",
    "Andrea",
    "Dominique",
    "Jo",
    "Marian",
    "Renee",
    "Sam",
    "Billie",
    "Casey",
    "Frankie",
    "Jamie",
]
_ADDRESS = re.compile(r"(?P<local>[\w.+'-]{1,64})(?P<at>@|%40|&#64;|=40)(?P<domain>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

#: An address takes at most so many lines below its label or its addressee.
_ADDRESS_LINES = 6
_LONGEST_LINE = 90


class Words(Table, frozen=True):
    """``redact/words.toml``: what stands before a name and before an address, in any language."""

    greetings: tuple[str, ...]
    addresses: tuple[str, ...]
    common: tuple[str, ...]


class People:
    """Replaces who stands in a mail. *secret* decides by whom; *named* are further words that tell who it is."""

    def __init__(self, secret: bytes, named: Iterable[str] = ()) -> None:
        self._secret = secret
        table = load(data_dir("redact") / "words.toml", Words)
        self._common = frozenset(table.common)
        greetings = "|".join(map(re.escape, sorted(table.greetings, key=len, reverse=True)))
        word = r"[^\W\d_][\w.'’-]*"
        self._greeting = re.compile(
            rf"(?<!\w)(?:{greetings})[ ,:]+(?P<name>{word}(?: {word}){{0,2}}) ?(?=[,!.:;，！：]|$)",
            re.IGNORECASE | re.MULTILINE,
        )
        addresses = "|".join(map(re.escape, sorted(table.addresses, key=len, reverse=True)))
        self._label = re.compile(rf"^\W*(?:{addresses})(?!\w)\s*[:：]?(?P<rest>.*)$", re.IGNORECASE)
        self._words: set[str] = set()
        self._domain = ""
        self.add(*named)

    def add(self, *names: str) -> None:
        """Let the words of *names* be replaced wherever they stand."""
        for name in names:
            for word in _WORD.findall(name):
                if len(word) > 2 and word.casefold() not in self._common:
                    self._words.add(word.casefold())

    def meet(self, sender: str, recipients: Iterable[tuple[str, str]]) -> None:
        """Get to know the *sender*'s address and the *recipients*, each as name and address."""
        people = list(recipients)
        domain = sender.rpartition("@")[2].lower()
        # Who writes to people of the same domain is one of them, as when somebody forwards a mail.
        private = self._is_private(domain) or any(address.lower().endswith(f"@{domain}") for _, address in people)
        self._domain = "" if private else domain
        for name, address in people:
            local, _, at = address.rpartition("@")
            if at and not self._is_known(at.lower()):
                self.add(name, *re.split(r"[._+-]|\d+", local))

    def learn(self, lines: Iterable[str]) -> None:
        """Get to know whom the *lines* of a text greet."""
        for line in lines:
            for found in self._greeting.finditer(line[:500]):
                self.add(found["name"])

    def address_lines(self, lines: list[str]) -> set[int]:
        """Return the numbers of those *lines* that are a postal address."""
        found: set[int] = set()
        for number, line in enumerate(lines):
            label = self._label.match(line) if len(line) <= _LONGEST_LINE * 2 else None
            if label:
                if label["rest"].strip():
                    found.add(number)
                found |= self._block(lines, number + 1)
            elif len(line) <= _LONGEST_LINE and self._is_addressee(line):
                block = self._block(lines, number + 1)
                # A name above a line with a house number or postal code.
                if any(char.isdigit() for after in sorted(block)[:3] for char in lines[after]):
                    found |= block
        return found

    def _block(self, lines: list[str], start: int) -> set[int]:
        block: set[int] = set()
        for number in range(start, min(start + _ADDRESS_LINES * 3, len(lines))):
            line = lines[number].strip()
            if not line:
                if block:
                    break
                continue
            if len(line) > _LONGEST_LINE or line.endswith((":", "：")) or len(block) == _ADDRESS_LINES:
                break
            block.add(number)
        return block

    def _is_addressee(self, line: str) -> bool:
        """Whether *line* is a name and nothing else: neither a greeting nor a sentence."""
        words = _WORD.findall(line)
        named = bool(words) and len(words) <= 4 and all(self._is_personal(word) for word in words)
        return named and line.strip()[-1] not in ",:!，：！" and not self._greeting.search(line)

    # ── replacing ─────────────────────────────────────────────────────────────────────────────────────────

    def replace(self, text: str) -> str:
        """Return *text* with other people in it."""
        pieces, end = [], 0
        for found in _ADDRESS.finditer(text):
            pieces += [self._named(text[end : found.start()]), self._address(found)]
            end = found.end()
        return "".join([*pieces, self._named(text[end:])])

    def everything(self, text: str) -> str:
        """Return *text*, an address, with every word replaced that is not a common one."""
        return _WORD.sub(lambda found: self._other(found[0]) if len(found[0]) > 2 else found[0], text)

    def _named(self, text: str) -> str:
        return _WORD.sub(lambda found: self._other(found[0]) if self._is_personal(found[0]) else found[0], text)

    def _is_personal(self, word: str) -> bool:
        if word.casefold() in self._words:
            return True
        return any(part.casefold() in self._words for part in re.split("['’-]", word))

    def _other(self, word: str) -> str:
        if word.casefold() in self._common:
            return word
        name = _NAMES[self._number(word.casefold()) % len(_NAMES)]
        return name.upper() if word.isupper() else name.lower() if word.islower() else name

    def _address(self, found: re.Match[str]) -> str:
        domain = found["domain"].lower()
        if self._is_known(domain):
            return found[0]
        number = self._number(f"{found['local']}@{domain}".lower()) % 10_000
        return f"person{number}{found['at']}example.org"

    def _is_known(self, domain: str) -> bool:
        """Whether addresses of *domain* are a shop's, a carrier's or the sender's, and not people's."""
        if self._domain and (domain == self._domain or domain.endswith(f".{self._domain}")):
            return True
        return bool(shop_of_domain(domain) or carrier_of_domain(domain))

    def _is_private(self, domain: str) -> bool:
        return any(domain in provider.domains for provider in providers().values())

    def _number(self, text: str) -> int:
        return int.from_bytes(hmac.digest(self._secret, text.encode("utf-8", "replace"), "sha256")[:4], "big")
