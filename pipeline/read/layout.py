"""Where the words that introduce a number stand: before it in its cell, to the left, above its column, on the lines
above, or, in some languages and forms, behind or below it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.read.labels import CONTEXT, Label, LabelWords
from pipeline.read.normal import normalise
from pipeline.read.words import words_of

if TYPE_CHECKING:
    from pipeline.read.numbers import Grid, Token

_ROWS_ABOVE = 3
#: Readings of one number (with and without its groups) that may stand at the same place.
_OVERLAPPING = 4
_TABLE_ROWS = 40
#: A line as long as this may have been broken in the middle of a sentence.
_BROKEN_LINE = 40
_NAME_AND_SIGNS = 6
_COLON_AND_BLANK = 2
#: Tables with fewer columns have their names at the left, not on top.
_FEWEST_COLUMNS = 3
_ONLY_SEPARATORS = re.compile(r"^[\s,;/&+|（）()\[\]·•\"'-]*(?:\S{1,3}[\s]+)?[#\s]*$")


_COLONS = frozenset(":：")
_DIGIT = re.compile(r"\d")


class Labels:
    """Finds the labels of the numbers of one text in one language (others are understood, too, but yield)."""

    def __init__(
        self,
        grid: Grid,
        tokens: list[Token],
        language: str | None,
        shop: str | None = None,
        *,
        buttons: frozenset[str] = frozenset(),
    ) -> None:
        self._grid = grid
        self._buttons = buttons
        self._words = LabelWords(language, shop)
        self._by_cell: dict[tuple[int, int], list[Token]] = {}
        for token in tokens:
            self._by_cell.setdefault((token.row, token.column), []).append(token)
        self._before: dict[Token, Token | None] = {}
        for row in self._by_cell.values():
            for place, token in enumerate(row):
                earlier = (
                    other for other in reversed(row[max(0, place - _OVERLAPPING) : place]) if other.end <= token.start
                )
                self._before[token] = next(earlier, None)
        self._found: dict[Token, Label | None] = {}
        for token in tokens:
            # What is written like an amount is one, whatever stands before it.
            self._found[token] = None if token.money else self._find(token)

    def of(self, token: Token) -> Label | None:
        """The label of *token*, or ``None``."""
        return self._found.get(token)

    def context(self, token: Token) -> str:
        """The normalised words before *token* in its cell, or on the line above where it stands alone."""
        previous = self._before[token]
        before = self._grid.cell(token.row, token.column)[previous.end if previous else 0 : token.start]
        if _is_bare(before) and previous is None:
            above = (token.row, token.column - 1) if token.column else (token.row - 1, token.column)
            before = f"{self._grid.cell(*above)} {before}" if above not in self._by_cell else before
        return normalise(before[-CONTEXT:])

    def caption(self, token: Token) -> str:
        """The words that introduce *token*: before it in its cell, else to its left; and at the head of its column."""
        previous = self._before[token]
        before = self._grid.cell(token.row, token.column)[previous.end if previous else 0 : token.start]
        if before.strip() or token.column == 0:
            return before[-CONTEXT:]
        left, column = self._cell_to_the_left(token)
        return f"{'' if (token.row, column) in self._by_cell else left} {self._table_head(token)}"

    def _table_head(self, token: Token) -> str:
        """The cell at the top of *token*'s column, where the table has at least three."""
        width = len(self._grid.rows[token.row])
        top = token.row
        while top > max(0, token.row - _TABLE_ROWS) and len(self._grid.rows[top - 1]) == width:
            top -= 1
        if (
            width < _FEWEST_COLUMNS
            or top == token.row
            or any((top, column) in self._by_cell for column in range(width))
        ):
            return ""
        return self._grid.cell(top, token.column)

    def _find(self, token: Token) -> Label | None:
        cell = self._grid.cell(token.row, token.column)
        previous = self._before[token]
        before = cell[previous.end if previous else 0 : token.start]
        label = self._words.nearest(before)
        if label is not None:
            return label
        if previous is not None and _ONLY_SEPARATORS.match(before):
            return self._found.get(previous)
        behind = self._words.behind(cell[token.end :])
        if behind is not None or not _is_bare(before):
            return behind or self._wrapped(token, before)
        if previous is not None:
            return None
        label = self._left(token) or self._announced(token) or self._above(token) or self._listed(token)
        goes_on = before.strip() or cell[token.end :].strip()
        return label or (self._wrapped(token, before) if goes_on else None)

    def _wrapped(self, token: Token, before: str) -> Label | None:
        """The label that begins on the line above, where a sentence was broken to fit the width of a screen."""
        if token.column or len(self._grid.rows[token.row]) > 1 or token.row == 0:
            return None
        above = self._grid.rows[token.row - 1]
        if len(above) > 1 or len(above[0]) < _BROKEN_LINE or above[0][-1] in ".!?:;。！？：":
            return None
        tokens = self._by_cell.get((token.row - 1, 0))
        return self._words.nearest(f"{above[0][tokens[-1].end if tokens else 0 :]} {before}")

    def _announced(self, token: Token) -> Label | None:
        """The label that the line above ends in, with a colon, however long that line is."""
        if token.column or token.row == 0 or len(self._grid.rows[token.row - 1]) > 1:
            return None
        above = self._grid.cell(token.row - 1, 0)
        if above[-1:] not in _COLONS:
            return None
        tokens = self._by_cell.get((token.row - 1, 0))
        return self._words.nearest(above[tokens[-1].end if tokens else 0 :])

    def _listed(self, token: Token) -> Label | None:
        """The label of the number of the same shape that the line above begins with: rows of a list."""
        above = self._by_cell.get((token.row - 1, token.column), ())
        if token.start or not above or above[0].start or _shape(above[0].written) != _shape(token.written):
            return None
        return self._found.get(above[0])

    def _left(self, token: Token) -> Label | None:
        """The label in the nearest cell to the left that is not empty, where that is a label and not a value."""
        left, column = self._cell_to_the_left(token)
        if not left or (token.row, column) in self._by_cell:
            return None
        label = self._words.nearest(left)
        if label is None or label.sign or not self._grid.fills_cell(token):
            return label
        # A row of a form, name and value and nothing else: the name introduces the value like a colon.
        whole = len(self._grid.rows[token.row]) == 2 and len(left) <= len(label.phrase) + _COLON_AND_BLANK
        return label._replace(sign=whole)

    def _cell_to_the_left(self, token: Token) -> tuple[str, int]:
        """The nearest cell to the left that has words, with the signs of those between ("Order", ":", "1234"); and
        its column."""
        signs = ""
        for column in range(token.column - 1, -1, -1):
            cell = self._grid.cell(token.row, column)
            if any(map(str.isalnum, cell)):
                return f"{cell} {signs}".rstrip(), column
            signs = f"{cell} {signs}"
        return "", -1

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
                label = self._words.nearest(self._grid.cell(row, token.column))
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
        return self._words.nearest(self._grid.cell(below, token.column))

    def _lines_above(self, token: Token) -> Label | None:
        """A label on a line of its own. Rows of labels above as many rows of values are matched in order."""
        below_it = self._name_below(token.row)
        if below_it is not None:
            return below_it
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
            label = self._line_label(cells[0])
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

    def _line_label(self, line: str) -> Label | None:
        """The label that a line of its own introduces the next with; a button's words are none."""
        if not _ends_open(line) or line.casefold() in self._buttons:
            return None
        return self._words.nearest(line)

    def _name_below(self, row: int) -> Label | None:
        """The name under a value, where values and names take turns and the values come first."""
        first = last = row
        while self._is_value_line(first - 2) and self._is_name_line(first - 1):
            first -= 2
        while self._is_value_line(last + 2) and self._is_name_line(last + 1):
            last += 2
        if first == last or self._is_name_line(first - 1) or not self._is_name_line(last + 1):
            return None
        return self._words.nearest(self._grid.cell(row + 1, 0))

    def _is_name_line(self, row: int) -> bool:
        """Whether a line is nothing but a label."""
        if not 0 <= row < len(self._grid.rows) or len(self._grid.rows[row]) > 1 or (row, 0) in self._by_cell:
            return False
        label = self._line_label(self._grid.cell(row, 0))
        return label is not None and len(self._grid.cell(row, 0)) <= len(label.phrase) + _NAME_AND_SIGNS

    def _is_value_line(self, row: int) -> bool:
        tokens = self._by_cell.get((row, 0), [])
        cell = self._grid.cell(row, 0)
        return len(tokens) == 1 and len(self._grid.rows[row]) == 1 and len(cell) <= len(tokens[0].written) + 2


def _shape(written: str) -> str:
    """A number with every digit alike and its letters as they are: what two of one kind have in common."""
    return _DIGIT.sub("0", written)


def _ends_open(line: str) -> bool:
    """Whether a line can introduce the next: it holds no value of its own ("Total 12,10 €" does)."""
    return not any(character.isdigit() for character in line)


def _is_bare(text: str) -> bool:
    """Whether nothing but signs and at most two short words stand before the number."""
    words = words_of(normalise(text))
    return sum(map(len, words)) <= 8 and len(words) <= 2
