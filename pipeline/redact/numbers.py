"""Other numbers in the place of the real ones: of the same shape, the same for the same number.

A number keeps what the reader knows of it: which carriers' and shops' formats it has, and whether its check digit is
right. Dates, times, years and numbers of one or two digits stay: they tell nobody who it is, and everything hangs on
them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import cache, lru_cache
from string import ascii_lowercase, ascii_uppercase, digits
from typing import TYPE_CHECKING

from pipeline.read.carriers import carriers, matches
from pipeline.read.shops import fits_order, fits_package, is_distinct_order, shops

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How often another number is drawn before more of the first digits are kept.
_TRIES = 150
_LONGEST = 80

_STAYS = (
    r"(?<!\d)(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?(?!\d)"  # 2026-11-23
    r"|(?<![\d.])\d\d?[-/.]\d\d?[-/.](?:(?:19|20)\d\d|\d\d)(?![\d.-])"  # 23.11.2026, 11/23/26
    r"|(?<!\d)\d\d?:\d\d(?::\d\d)?(?!\d)"  # 10:30
    r"|(?<![\dA-Za-z-])(?:19|20)\d\d(?![\dA-Za-z-])"  # 2026
    r"|(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![A-Za-z0-9])"  # service.1688.com
)
#: A code of the Universal Postal Union in groups, then any word with digits and the groups that go on from it: any
#: after a hyphen, short ones after a blank.
_NUMBER = re.compile(
    rf"(?P<stays>{_STAYS})"
    r"|(?<![A-Za-z0-9])(?P<number>[A-Z]{2}[ -]\d{2,3}[ -]\d{3}[ -]\d{3}(?:[ -]\d)?[ -][A-Z]{2}(?![A-Za-z0-9])"
    r"|[A-Za-z]*\d[A-Za-z0-9]*(?:-[A-Za-z]{0,3}\d[A-Za-z0-9]*|(?<=\d) \d{1,5}(?![A-Za-z0-9]))*)"
)
_LIKE_A_CODE = re.compile(r"[A-Z]{0,5}[0-9]+[A-Z0-9]{0,3}")
#: Shorter words with one or two digits stay: sizes, counts, models.
_SHORT = 6
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_NARROW = {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE = {narrow: wide for wide, narrow in _NARROW.items()}
_POOLS = {char: pool for pool in (digits, ascii_lowercase, ascii_uppercase) for char in pool}


class Numbers:
    """Replaces numbers, each by the same one as long as this lives; *secret* decides by which."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._known: dict[str, str] = {}

    def replace(self, text: str) -> str:
        """Return *text*, of the same length, with other numbers in it.

        Full-width digits and what cannot be seen inside a number stay what they are.
        """
        seen = "".join(char for char in text if char not in _INVISIBLE).translate(_NARROW)
        changed = _NUMBER.sub(lambda found: found[0] if found["stays"] else self._token(found[0]), seen)
        if seen == text:
            return changed
        chars = iter(changed)
        return "".join(
            char if char in _INVISIBLE else next(chars).translate(_WIDE if ord(char) in _NARROW else {})
            for char in text
        )

    def is_number(self, text: str) -> bool:
        """Whether *text* is a number as people are told it, and not an identifier of machines."""
        return any(
            part in self._known or bool(_LIKE_A_CODE.fullmatch(part)) or (part.isupper() and bool(_signature(part)))
            for part in (_plain(text), *text.split("-"))
        )

    def token(self, text: str) -> str:
        """Return *text*, an identifier without meaning to people, with all its letters and digits replaced."""
        return _poured(text, "".join(self._drawn(_plain(text), 0, 0, letters=True)))

    def _token(self, token: str) -> str:
        plain = _plain(token)
        if (len(plain) < _SHORT and sum(char.isdigit() for char in plain) <= 2) or plain.casefold() in _names():
            return token
        parts = token.split("-")
        if len(parts) > 1 and any(part in self._known or _is_distinct(part) for part in parts):
            return "-".join(map(self._token, parts))
        if plain not in self._known:
            self._known[plain] = self._other(plain)
        return _poured(token, self._known[plain])

    def _other(self, plain: str) -> str:
        known_as = _signature(plain)
        # A long word of letters and digits that is no carrier's code identifies somebody by its letters, too.
        letters = not known_as and len(plain) >= 12 and not _LIKE_A_CODE.fullmatch(plain)
        if len(plain) > _LONGEST or letters:
            return "".join(self._drawn(plain, 0, 0, letters=letters))
        count = sum(char.isdigit() for char in plain)
        for kept in range(max(1, count - 3)):
            for attempt in range(_TRIES):
                other = "".join(self._drawn(plain, kept, attempt, letters=False))
                if other != plain and _signature(other) == known_as:
                    return other
        return "".join(self._drawn(plain, 0, 0, letters=False))

    def _drawn(self, plain: str, kept: int, attempt: int, *, letters: bool) -> Iterator[str]:
        """Yield *plain* with its digits drawn anew but for the first *kept* ones; *letters*: its letters, too."""
        seed = f"{attempt}/{kept}/{plain}".encode()
        drawn = hashlib.shake_256(hmac.digest(self._secret, seed, "sha256")).digest(len(plain))
        seen = 0
        for char, byte in zip(plain, drawn, strict=True):
            pool = _POOLS.get(char)
            if pool is digits:
                seen += 1
                # A leading zero is part of a format, and so is its absence.
                if seen <= kept or (seen == 1 and char == "0"):
                    yield char
                else:
                    yield digits[1:][byte % 9] if seen == 1 else digits[byte % 10]
            else:
                yield pool[byte % len(pool)] if pool and letters else char


@cache
def _names() -> frozenset[str]:
    """Names of shops and carriers that are numbers themselves, or have some in them."""
    names = [name for shop in shops().values() for name in (shop.name, *shop.brands)]
    names += [name for carrier in carriers().values() for name in (carrier.name, *carrier.names)]
    return frozenset(word.casefold() for name in names for word in name.split() if any(map(str.isdigit, word)))


@lru_cache(maxsize=8192)
def _signature(plain: str) -> frozenset[tuple[object, ...]]:
    """What the reader knows of a number by its shape alone."""
    code = plain.upper()
    # A number of 18 digits may have its (00) before it, which is no part of the token.
    every = (*matches(code), *(matches(f"00{code}") if len(code) == 18 and code.isdigit() else ()))
    formats = {(match.carrier, match.check, match.kind, match.distinct) for match in every}
    known: set[tuple[object, ...]] = {(key, "order") for key in shops() if fits_order(key, code)}
    known |= {(key, "package") for key in shops() if fits_package(key, code)}
    return frozenset(formats | known | ({("order",)} if is_distinct_order(code) else set()))


def _is_distinct(part: str) -> bool:
    return any(match.distinct for match in matches(part))


def _plain(token: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", token)


def _poured(token: str, plain: str) -> str:
    """Return *plain* with the blanks and hyphens of *token*."""
    chars = iter(plain)
    return "".join(next(chars) if char.isascii() and char.isalnum() else char for char in token)
