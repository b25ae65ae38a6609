"""What introduces a number: the label before it, in the cell to the left, above its column, or on the lines above.

The search starts from the number, not from the text: few numbers stand in a mail, and only the words close before
each of them are looked up, so the labels of all languages cost next to nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from pipeline.read.languages import languages
from pipeline.read.normal import normalise
from pipeline.read.phrases import Found, Phrases, bare, words_of
from pipeline.read.shops import ShopLabels, shops

if TYPE_CHECKING:
    from pipeline.read.numbers import Grid, Token


class LabelKind(StrEnum):
    """What the value behind a label is."""

    ORDER = "order"
    CODE = "code"
    PACKAGE = "package"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Label:
    """A label found before a number.

    ``sign`` says that a ``#``, ``No.``, ``№``, ``号`` or colon introduces it; ``near``, that nothing else that has a
    meaning stands between the label and the number ("barcode of your profile 120061234567").
    """

    kind: LabelKind
    phrase: str
    sign: bool
    language: str
    near: bool = True


#: Words between a label and its number: "numero di tracciabilità per il tuo pacco è 350C…".
_REACH_WORDS = 6
_REACH_LETTERS = 60
_CONTEXT = 120
_SMALL = 3
_ROWS_ABOVE = 3
_TABLE_ROWS = 40
_SIGN = re.compile(
    r"(?:#|№|:|：|=|\bn[°ºo]?\.?|\bnr\.?|\bnum\.?|\bnúm\.?|\bn\.º|\bno\.?|番号|编号|編號|号|號|번호)[\s:#（(\"']*$"
)
_ONLY_SEPARATORS = re.compile(r"^[\s,;/&+|（）()\[\]·•\"'-]*(?:\S{1,3}[\s]+)?[#\s]*$")
#: Languages that put "numbered" behind the number ("12345 numaralı siparişiniz", "a 12345 számú rendelés").
_POSTPOSED = frozenset({"tr", "hu", "fi", "ko", "ja", "zh"})


#: Words that only say "a number follows": with them alone nothing is known, and before them the real label stands.
_EMPTY_WORDS = frozenset(
    [
        "nr",
        "no",
        "number",
        "nummer",
        "numero",
        "número",
        "numéro",
        "num",
        "id",
        "code",
        "código",
        "codice",
        "kod",
        "kód",
        "номер",
        "код",
        "n",
        "№",
        "nº",
        "n°",
        "#",
        "numer",
        "číslo",
        "szám",
        "număr",
        "nummer",
        "numara",
        "numarası",
        "رقم",
        "מספר",
        "номера",
        "no.",
        "nr.",
        "n.",
        "num.",
        "núm.",
        "nro",
    ]
)


#: A label that is itself a word for a number, and not just the thing that has one.
_NUMBER_NOUN = re.compile(
    r"n[º°o]\b|\bnr\b|num[bem]|núm|numé|nume|nomer|nummer|номер|код|cod[eigo]|códig|kód|kod|\bid\b|ref|track|трек|awb"
    r"|waybill|numara|szám|číslo|رقم|מספר|号|號|番号|번호"
)
#: What may stand between such a label and its complement: nothing, or up to three short words.
_COMPLETES = re.compile(r" (?:[^\W\d_]{1,7}'? ?){0,3}")
_COPULA = re.compile(r"[:：=]|\b(?:is|are|ist|lautet|es|est|è|é|jest|to|je|är|er|este|это|є)\b")
#: Words for "reference" that only introduce the number of what was named before them.
_REFERENCES = frozenset(
    [
        "reference",
        "ref.",
        "ref",
        "referenz",
        "referencia",
        "référence",
        "riferimento",
        "referência",
        "referentie",
        "referens",
        "reference",
        "referencja",
        "referință",
        "hivatkozás",
        "referans",
        "референс",
    ]
)

#: The pseudo-language of a shop's own labels; it comes before the mail's language.
_OWN = "shop"


@cache
def _index(shop: str | None) -> Phrases[tuple[str, LabelKind]]:
    entries: list[tuple[str, tuple[str, LabelKind]]] = []
    if shop is not None:
        own = shops()[shop].labels
        entries.extend((phrase, (_OWN, LabelKind.ORDER)) for phrase in own.order)
        entries.extend((phrase, (_OWN, LabelKind.CODE)) for phrase in own.code)
    for code, language in languages().items():
        for kind in LabelKind:
            entries.extend(
                (phrase, (code, kind)) for phrase in getattr(language.labels, kind.value) if phrase not in _EMPTY_WORDS
            )
    return Phrases(entries)


class Labels:
    """Finds the labels of the numbers of one text in one language (others are understood, too, but yield)."""

    def __init__(self, grid: Grid, tokens: list[Token], language: str | None, shop: str | None = None) -> None:
        self._grid = grid
        self._index = _index(shop if shop and shops()[shop].labels != ShopLabels() else None)
        self._language = language
        self._by_cell: dict[tuple[int, int], list[Token]] = {}
        for token in tokens:
            self._by_cell.setdefault((token.row, token.column), []).append(token)
        self._found: dict[Token, Label | None] = {}
        for token in tokens:
            self._found[token] = self._find(token)

    def of(self, token: Token) -> Label | None:
        """The label of *token*, or ``None``."""
        return self._found.get(token)

    def context(self, token: Token) -> str:
        """The normalised words before *token* in its cell, or on the line above where it stands alone."""
        previous = self._previous(token)
        before = self._grid.cell(token.row, token.column)[previous.end if previous else 0 : token.start]
        if _is_bare(before) and previous is None:
            above = (token.row, token.column - 1) if token.column else (token.row - 1, token.column)
            before = f"{self._grid.cell(*above)} {before}" if above not in self._by_cell else before
        return normalise(before[-_CONTEXT:])

    def _find(self, token: Token) -> Label | None:
        cell = self._grid.cell(token.row, token.column)
        previous = self._previous(token)
        before = cell[previous.end if previous else 0 : token.start]
        if previous is not None and _ONLY_SEPARATORS.match(before):
            return self._found.get(previous)
        label = self._nearest(before)
        if label is not None:
            return label
        if not _is_bare(before):
            return self._behind(cell, token)
        if previous is not None:
            return None
        return self._left(token) or self._above(token) or self._behind(cell, token)

    def _previous(self, token: Token) -> Token | None:
        earlier = [other for other in self._by_cell[token.row, token.column] if other.end <= token.start]
        return earlier[-1] if earlier else None

    def _nearest(self, context: str) -> Label | None:
        """The label that ends closest before the number, if close enough."""
        text = normalise(context[-_CONTEXT:])
        sign = bool(_SIGN.search(text))
        reachable = [found for found in self._index.find(text) if _reaches(text, found)]
        return self._choose(reachable, sign, text)

    def _behind(self, cell: str, token: Token) -> Label | None:
        """The label behind a number, in languages that put it there."""
        if self._language not in _POSTPOSED:
            return None
        text = normalise(cell[token.end : token.end + 40])
        near = [found for found in self._index.find(text) if found.start <= 12 and found.meaning[0] == self._language]
        if not near:
            return None
        first = min(near, key=lambda found: (found.start, -found.weight))
        return Label(first.meaning[1], first.phrase, sign=True, language=first.meaning[0])

    def _choose(self, found: list[Found[tuple[str, LabelKind]]], sign: bool, text: str) -> Label | None:
        if not sign:
            # "Your order with the reference X": the order's number, unlike "your order (reference: X)".
            found = [item for item in found if item.phrase not in _REFERENCES] or found
        if not found:
            return None
        end = max(item.end for item in found)
        last = [item for item in found if item.end == end]
        last = _heads(found, last, text) or last
        # Within one label the longest phrase holds: "item number" over "number".
        weight = max(item.weight for item in last)
        last = [item for item in last if item.weight == weight]
        near = sign or _is_near(text[last[0].end :])
        for code in (_OWN, self._language, "en"):
            own = [item for item in last if item.meaning[0] == code]
            if own:
                return Label(own[0].meaning[1], own[0].phrase, sign, own[0].meaning[0], near)
        kinds = {item.meaning[1] for item in last}
        if len(kinds) > 1:
            return None
        return Label(last[0].meaning[1], last[0].phrase, sign, last[0].meaning[0], near)

    def _left(self, token: Token) -> Label | None:
        """The label in the nearest cell to the left that is not empty, where that is a label and not a value."""
        column = token.column - 1
        while column > 0 and not self._grid.cell(token.row, column):
            column -= 1
        left = self._grid.cell(token.row, column) if column >= 0 else ""
        if not left or (token.row, column) in self._by_cell:
            return None
        return self._nearest(left)

    def _above(self, token: Token) -> Label | None:
        if len(self._grid.rows[token.row]) > 1:
            return self._column_head(token)
        return self._lines_above(token)

    def _column_head(self, token: Token) -> Label | None:
        width = len(self._grid.rows[token.row])
        for row in range(token.row - 1, max(-1, token.row - _TABLE_ROWS), -1):
            if len(self._grid.rows[row]) != width:
                break
            if (row, token.column) not in self._by_cell:
                label = self._nearest(self._grid.cell(row, token.column))
                if label is not None:
                    return label
        return self._column_foot(token, width)

    def _column_foot(self, token: Token, width: int) -> Label | None:
        """The label below, where a form prints its names under the values."""
        below = token.row + 1
        if below >= len(self._grid.rows) or len(self._grid.rows[below]) != width:
            return None
        if any((below, column) in self._by_cell for column in range(width)):
            return None
        return self._nearest(self._grid.cell(below, token.column))

    def _lines_above(self, token: Token) -> Label | None:
        """A label on a line of its own. Rows of labels above as many rows of values are matched in order."""
        values_above = 0
        row = token.row - 1
        while row >= 0 and self._is_value_line(row):
            values_above += 1
            row -= 1
        heads: list[Label] = []
        skipped = 0
        while row >= 0 and skipped + len(heads) < _ROWS_ABOVE + 3:
            cells = self._grid.rows[row]
            if len(cells) > 1 or (row, 0) in self._by_cell or len(cells[0]) > 60:
                break
            label = self._nearest(cells[0]) if _ends_open(cells[0]) else None
            if label is not None:
                heads.append(label)
            else:
                skipped += 1
                if heads or skipped >= _ROWS_ABOVE:
                    break
            row -= 1
        if not heads:
            # A run of values under one label: the label of the first value holds for the next.
            first = self._by_cell.get((token.row - 1, 0)) if values_above else None
            return self._found.get(first[-1]) if first else None
        heads.reverse()
        below = 0
        while self._is_value_line(token.row + below + 1):
            below += 1
        if len(heads) > 1 and len(heads) == values_above + 1 + below:
            return heads[values_above]
        return heads[-1]

    def _is_value_line(self, row: int) -> bool:
        tokens = self._by_cell.get((row, 0), [])
        cell = self._grid.cell(row, 0)
        return len(tokens) == 1 and len(self._grid.rows[row]) == 1 and len(cell) <= len(tokens[0].written) + 2


@cache
def _small_words() -> frozenset[str]:
    return frozenset(bare(normalise(word)) for language in languages().values() for word in language.words)


def _is_near(gap: str) -> bool:
    """Whether only small words ("is", "für Ihr Paket") stand in *gap*."""
    return all(word.boundary or len(word.text) <= _SMALL or word.text in _small_words() for word in words_of(gap))


def is_number_noun(phrase: str) -> bool:
    """Whether a label is itself a word for a number ("order number"), and not just the thing that has one."""
    return bool(_NUMBER_NOUN.search(phrase))


def _heads(
    found: list[Found[tuple[str, LabelKind]]], last: list[Found[tuple[str, LabelKind]]], text: str
) -> list[Found[tuple[str, LabelKind]]]:
    """The labels that the nearest ones only complete: "reference number (of the) parcel", "tracking number for your
    order is". The head of such a compound is a word for a number and its complement is none; with a complement that
    is an order, the number right behind it is still the order's ("the invoice for your order 123").
    """
    start = min(item.start for item in last)
    if any(_NUMBER_NOUN.search(item.phrase) for item in last):
        return []
    heads = [
        item
        for item in found
        if item.end <= start
        and _NUMBER_NOUN.search(item.phrase)
        and _COMPLETES.fullmatch(text[item.end : start])
        and item.meaning[1] is not last[0].meaning[1]
    ]
    if not heads:
        return []
    if last[0].meaning[1] is LabelKind.PACKAGE and heads[-1].meaning[1] is not LabelKind.ORDER:
        return heads[-1:]
    behind = text[max(item.end for item in last) :]
    return heads[-1:] if _COPULA.search(behind) else []


def _reaches(text: str, found: Found[tuple[str, LabelKind]]) -> bool:
    gap = text[found.end :]
    if len(gap) > _REACH_LETTERS:
        return False
    words = words_of(gap)
    if any(word.boundary and word.text not in ".\t" for word in words):
        return False
    if any(word.boundary for word in words[:-1]) and len(words) > 1:
        return False
    return len(words) <= _REACH_WORDS


def _ends_open(line: str) -> bool:
    """Whether a line can introduce the next: it holds no value of its own ("Total 12,10 €" does)."""
    return not any(character.isdigit() for character in line)


def _is_bare(text: str) -> bool:
    """Whether nothing but signs and at most two short words stand before the number."""
    words = words_of(normalise(text))
    return sum(len(word.text) for word in words) <= 8 and len(words) <= 2
