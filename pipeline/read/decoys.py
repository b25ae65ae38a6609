"""What looks like the number of an order or a parcel and is none: addresses, dates, telephone numbers, amounts."""

from __future__ import annotations

import re
from typing import Final, Literal

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]{1,2000}", re.IGNORECASE)
_MAIL = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")
_PHONE = re.compile(r"[+(](?:(?<=\()\+?\d{1,4}\)|(?<!\w\+)(?<=\+)\d{1,3})[\d \-()/.]{5,20}\d")
_DIALLED = frozenset("+(")
_PHONE_WITH_HYPHENS = re.compile(r"(?<![\w-])1?-?\d{3}-\d{3}-\d{4}(?![\w-])")
_OF_DATES = frozenset("./-:")
#: It begins with the digit itself, so that the search passes over all that is none.
_DATE_TIME = re.compile(
    r"\d(?<!\d\d)(?:\d?[./-]\d{1,2}[./-](?:2[05])?\d\d|(?<=2)0\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:T[\d:.]+Z?)?"
    r"|(?<=1)[34]\d\d/\d{1,2}/\d{1,2}"
    r"|\d?:\d\d(?::\d\d)?)(?!\d)"
)
_SIGNS = "$€£¥₽₴₺₪₩₹฿₫"
_CURRENCIES = "USD|EUR|GBP|CNY|RMB|RUB|PLN|CZK|SEK|HUF|RON|UAH|BRL|TRY|ILS|JPY|KRW|INR|IRR|THB|VND|VNĐ"
_SHORT_CURRENCIES = "تومان|ریال|रुपये|TL|zł|kč|руб|грн|元|円|원|lei|kr|ft|đ|đồng"
# Every repetition is bounded and none can begin inside another: a row of digits costs no more than its length.
_PRICE = re.compile(
    rf"(?:[{_SIGNS}]|\b(?:{_CURRENCIES}|US \$|R\$))\s?\d[\d.,]{{0,20}}"
    rf"|(?<![\w.,])\d[\d.,]{{0,20}}\s?"
    rf"(?:[{_SIGNS}%]|บาท|(?:{_CURRENCIES}|{_SHORT_CURRENCIES})(?![^\W\d_]))",
    re.IGNORECASE,
)
#: Rupiah and ringgit, before the amount alone: "Rp349.000", "RM 129.90". Not "RM123456785MY", nor "RM20417".
_RUPIAH_RINGGIT = re.compile(
    r"\bRp\.?\s?\d[\d.,]{0,20}(?![^\W_])|\bRM\s?(?:\d{1,4}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d\d)?(?![^\W_])"
)
#: One of these stands in every price; looking for them first is four times as fast.
_OF_PRICES = frozenset(f"{_SIGNS}%元円원đ")
_WORDS_OF_PRICES = tuple(
    word
    for word in ("บาท", *_CURRENCIES.lower().split("|"), *_SHORT_CURRENCIES.lower().split("|"))
    if _OF_PRICES.isdisjoint(word)
)
_DECIMAL = re.compile(r"(?<![\w-])\d{1,3}(?:[.,\u2009 ]\d{3}){0,4}[.,]\d{2}(?![\w-])")

#: What a character of a cell may belong to; *taken* is by a number found.
Kind = Literal["address", "date", "phone", "money", "taken"]
KINDS: Final[tuple[Kind, ...]] = ("address", "date", "phone", "money", "taken")


_Patterns = list[re.Pattern[str]]


def _patterns(kind: Kind, cell: str) -> _Patterns:
    """The patterns of *kind*, each only where *cell* has a sign that it cannot do without."""
    if kind == "address":
        found = [_URL] if "://" in cell or "www." in cell.lower() else []
        return [*found, _MAIL] if "@" in cell else found
    if kind == "date":
        return [] if _OF_DATES.isdisjoint(cell) else [_DATE_TIME]
    if kind == "phone":
        found = [] if _DIALLED.isdisjoint(cell) else [_PHONE]
        return [*found, _PHONE_WITH_HYPHENS] if "-" in cell else found
    return _patterns_of_money(cell) if kind == "money" else []


def _patterns_of_money(cell: str) -> _Patterns:
    lower = cell.lower()
    found = []
    if not _OF_PRICES.isdisjoint(lower) or any(map(lower.__contains__, _WORDS_OF_PRICES)):
        found.append(_PRICE)
    if "Rp" in cell or "RM" in cell:
        found.append(_RUPIAH_RINGGIT)
    if "." in cell or "," in cell:
        found.append(_DECIMAL)
    return found


class Decoys:
    """Which characters of a cell belong to what. A kind is looked for when it is first asked for: most cells with a
    digit hold no number worth asking for. Asking again costs no more than the span asked for."""

    __slots__ = ("_cell", "_found")

    def __init__(self, cell: str) -> None:
        self._cell = cell
        self._found: dict[Kind, bytearray] = {}

    def take(self, start: int, end: int) -> None:
        """Mark what a number was found in."""
        self._mark("taken", start, end)

    def meets(self, kind: Kind, start: int, end: int) -> bool:
        """Whether a character of the span belongs to *kind*."""
        found = self._found.get(kind)
        if found is None:
            self._found[kind] = bytearray()
            for pattern in _patterns(kind, self._cell):
                for match in pattern.finditer(self._cell):
                    self._mark(kind, *match.span())
            found = self._found[kind]
        return bool(found) and 1 in found[start:end]

    def _mark(self, kind: Kind, start: int, end: int) -> None:
        if not (found := self._found.get(kind)):
            found = self._found[kind] = bytearray(len(self._cell))
        found[start:end] = b"\x01" * (end - start)
