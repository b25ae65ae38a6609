"""Finding the numbers of a text, and what stands before them. No judgement here: see ``evidence``.

A text is a grid: lines of cells. A number is a run of letters and digits with at least one digit; blanks may part
the groups of a printed code. What introduces it stands before it in its cell, in the cell to the left, at the top
of its column, or on the lines above.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from pipeline.read.decoys import KINDS, Decoys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Longest text that is searched; mails of shops are far shorter, and costs stay bounded.
MAX_TEXT = 200_000
_MAX_TOKENS = 2_000
#: Digits of a code printed with points (99.60.144208.30771529); dates and IP addresses have fewer.
_LEAST_DOTTED = 13
#: Words are passed over at once: a number has a digit, or is a row of nine capitals.
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z/_-]{0,44}[0-9]|[B-Z]{9}(?![^\W_]))"
    r"[A-Za-z0-9](?:[A-Za-z0-9]|[-/_](?=[A-Za-z0-9])){2,44}(?![^\W_])"
)
#: Shops number in their own script, too: "ЧЛ-2087".
_OWN_SCRIPT = re.compile(
    r"(?<![^\W_])(?:[^\W\d_]{1,5}-[A-Za-z0-9][A-Za-z0-9-]{1,20}|[0-9]{2,12}-[^\W\d_]{1,3})(?![^\W_])"
)
#: A number printed in groups: "812 345 678", "59 0014 8220 7735". Here and below the first character comes before the
#: look behind it: the search then passes over all that cannot begin one.
_RUN = re.compile(r"\d(?<![\w+(./-]\d)\d{1,4}(?: \d{2,5}){1,6}(?![\w)/-]|[.,]\d)")
_LEAST_RUN = 6
#: A telephone number as it is dialled inside a country: a trunk 0, an area, groups ("0216 555 01 18").
_TRUNK_NUMBER = re.compile(r"0\d{1,4}(?: \d{2,4}){2,4}")
#: Next to these scripts no blank parts a number from the words; in Thai it may.
_GLUED_TOKEN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|[-/_](?=[A-Za-z0-9])){2,44}")
_GLUED_SCRIPT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[A-Za-z0-9][\u0e01-\u0e4e]")
_VALUE_GROUPS = re.compile(r"[A-Z0-9]{1,12}(?: [A-Z0-9]{1,12}){1,9}")
_GROUPS = re.compile(r"[A-Z0-9](?<![^\W_].)[A-Z0-9]{0,9}(?: [A-Z0-9]{1,10}){1,9}(?![^\W_])")
_DOTTED = re.compile(r"\d(?<![\w.]\d)\d{1,7}(?:\.\d{2,8}){2,4}(?![\w.]*\w)")
#: A number that a shop printed with points between the thousands: "pedido nº 184.302".
_THOUSANDS = re.compile(r"\d(?<![\w.,/-]\d)\d{0,2}(?:\.\d{3}){1,2}(?![\w.,/-]*\w)")
#: A code whose parts, letters among them, are parted by points (GHTK: S22044177.SGP12.G33.1904417728).
_PARTED = re.compile(r"[A-Z](?<![\w./@-].)[A-Z]{0,2}\d{5,12}(?:\.[A-Z0-9-]{1,9}){1,4}\.\d{6,12}(?![\w/@-]|\.\w)")
#: GS1 application identifier 00: the serial shipping container code, printed as (00)359007738231415988.
_SSCC = re.compile(r"\(00\) ?\d{18}(?!\d)")
#: The halves of a code that a line's end broke.
_AT_END = re.compile(r"(?<![\w/-])([A-Z0-9]{2,30})$")
_AT_START = re.compile(r"([A-Z0-9]{2,30})(?![\w/-])")
#: Digits of the longest telephone number (ITU-T E.164).
_LONGEST_PHONE = 15
#: No amount is written with so many digits and no point or blank, and no date without a sign.
_LONGER_THAN_AMOUNTS = 11
#: Letters before and behind a number in which its sentence is looked at.
_BEFORE = 120
_BEHIND = 80
_SENTENCE_END = re.compile(r"[.!?。！？](?=\s|$)")
_UNSAYABLE = re.compile(r"[B-DF-HJ-NP-TV-XZ]{4}")
_DIGIT_OR_UNSAYABLE = re.compile(rf"[0-9]|{_UNSAYABLE.pattern}")


def plain(text: str) -> str:
    """Full-width digits and letters to ASCII, odd hyphens to ``-``; case stays. What numbers are searched in."""
    if text.isascii():
        return text
    # "№7714" would become the number "No7714".
    text = unicodedata.normalize("NFKC", text.replace("№", "# "))
    return _ODD.sub(lambda odd: _DASHES[ord(odd[0])], text)


_BRACKETS = dict.fromkeys(map(ord, "()"))
_DASHES = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    **{0x0660 + digit: str(digit) for digit in range(10)},
    **{0x06F0 + digit: str(digit) for digit in range(10)},
    **{0x0966 + digit: str(digit) for digit in range(10)},
    **{0x0E50 + digit: str(digit) for digit in range(10)},
}
_ODD = re.compile(f"[{''.join(map(chr, _DASHES))}]")


class Token(NamedTuple):
    """One number of the text with its place: row and column of its cell, span in the cell."""

    written: str
    row: int
    column: int
    start: int
    end: int
    phone: bool = False
    money: bool = False
    postcode: bool = False

    @property
    def value(self) -> str:
        """Upper case without blanks and points."""
        return self.written.replace(" ", "").replace(".", "").upper()


class Grid:
    """A text as lines of cells, with what stands where."""

    def __init__(self, text: str) -> None:
        self.rows: list[list[str]] = [
            [cell.strip() for cell in line.split("\t")] for line in plain(text[:MAX_TEXT]).split("\n") if line.strip()
        ]

    def tokens(self, is_code: Callable[[str], bool]) -> list[Token]:
        """Return the numbers in reading order. *is_code* says whether groups parted by blanks, taken together, are
        unmistakably one code (``RB 123 456 785 CN``)."""
        found: list[Token] = []
        for row, cells in enumerate(self.rows):
            for column, cell in enumerate(cells):
                if _DIGIT_OR_UNSAYABLE.search(cell):
                    tokens = [*islice(_in_cell(cell, row, column, is_code), _MAX_TOKENS)]
                    if len(tokens) > 1:
                        tokens.sort(key=lambda token: token.start)
                    found += tokens
                    if len(found) > _MAX_TOKENS:
                        return found[:_MAX_TOKENS]
        return found

    def mend_broken_lines(self, is_code: Callable[[str], bool]) -> None:
        """Move the second half of a code to the first, where a mail program broke the line inside of it.

        *is_code* must be sure: it is asked of any two numbers, at the end of a line and the start of the next.
        """
        for row in range(len(self.rows) - 1):
            if len(self.rows[row]) > 1 or len(self.rows[row + 1]) > 1:
                continue
            line = self.rows[row][0]
            first = _AT_END.search(line) if line[-1:].isdecimal() or line[-1:].isupper() else None
            second = _AT_START.match(self.rows[row + 1][0]) if first else None
            if first is None or second is None or is_code(first[1]) or is_code(second[1]):
                continue
            if is_code(first[1] + second[1]):
                self.rows[row][0] += second[1]
                self.rows[row + 1][0] = self.rows[row + 1][0][second.end() :].lstrip()

    def grouped(self, token: Token) -> str | None:
        """The whole value that *token* is a part of, where groups with digits fill the rest of the cell behind a
        colon or from its start ("M5 880417731"); ``None`` where it stands alone or among words."""
        cell = self.rows[token.row][token.column]
        value = cell[cell.rfind(":", 0, token.start) + 1 :].strip()
        if not _VALUE_GROUPS.fullmatch(value) or token.written not in value.split():
            return None
        return value if all(any(sign.isdigit() for sign in group) for group in value.split()) else None

    def is_alone(self, token: Token) -> bool:
        """Whether *token* fills its line."""
        cells = self.rows[token.row]
        return len(cells) == 1 and cells[0].strip("*#[]() ") == token.written

    def fills_cell(self, token: Token) -> bool:
        """Whether nothing but *token* stands in its cell."""
        return self.rows[token.row][token.column].strip("*#[]() ") == token.written

    def before(self, token: Token) -> str:
        """The words before *token* in its cell, from the beginning of the sentence."""
        cell = self.rows[token.row][token.column]
        return _SENTENCE_END.split(cell[max(0, token.start - _BEFORE) : token.start])[-1]

    def behind(self, token: Token) -> str:
        """The words behind *token* in its cell, up to the end of the sentence."""
        cell = self.rows[token.row][token.column]
        return _SENTENCE_END.split(cell[token.end : token.end + _BEHIND], maxsplit=1)[0]

    def cell(self, row: int, column: int) -> str:
        """The text of a cell, or an empty string outside the grid."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""


def _in_cell(cell: str, row: int, column: int, is_code: Callable[[str], bool]) -> Iterator[Token]:
    decoys = Decoys(cell)
    for start, end in _groups(cell, is_code):
        decoys.take(start, end)
        yield Token(cell[start:end].translate(_BRACKETS), row, column, start, end)
    for match in _RUN.finditer(cell) if " " in cell else ():
        start, end = match.span()
        digits = sum(map(str.isdigit, match.group()))
        if digits >= _LEAST_RUN and not any(decoys.meets(kind, start, end) for kind in KINDS):
            decoys.take(start, end)
            yield Token(match.group(), row, column, start, end, phone=bool(_TRUNK_NUMBER.fullmatch(match.group())))
    for match in _THOUSANDS.finditer(cell) if "." in cell else ():
        start, end = match.span()
        if not any(decoys.meets(kind, start, end) for kind in KINDS):
            decoys.take(start, end)
            yield Token(match.group(), row, column, start, end)
    pattern = _TOKEN
    if not cell.isascii():
        for match in _OWN_SCRIPT.finditer(cell):
            start, end = match.span()
            if not match.group().isascii() and not decoys.meets("address", start, end):
                decoys.take(start, end)
                yield Token(match.group(), row, column, start, end)
        if _GLUED_SCRIPT.search(cell):
            pattern = _GLUED_TOKEN
    for match in pattern.finditer(cell):
        start, end = match.span()
        written = match.group()
        if not _may_be_a_number(written) or decoys.meets("address", start, end) or decoys.meets("taken", start, end):
            continue
        short = end - start < _LONGER_THAN_AMOUNTS
        if (short or not written.isalnum()) and decoys.meets("date", start, end):
            continue
        phone = end - start <= _LONGEST_PHONE and decoys.meets("phone", start, end)
        money = short and decoys.meets("money", start, end)
        postcode = cell[max(0, start - 1) : start] == "〒"
        yield Token(written, row, column, start, end, phone, money, postcode)


def _may_be_a_number(written: str) -> bool:
    """Three digits; two behind letters and a hyphen (``SCH-77``), or among six capitals (``M4KX9TQ``); or a row of
    nine capitals that nobody can say (``QWLTZRMHD``, as PrestaShop draws its references)."""
    digits = len(written) if written.isdecimal() else sum(map(str.isdigit, written))
    if digits >= 3:
        return True
    if digits == 2:
        return ("-" in written and written[0].isalpha()) or (len(written) >= 6 and written.isupper())
    return not digits and len(written) == 9 and bool(_UNSAYABLE.search(written)) and written.isupper()


def _groups(cell: str, is_code: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Spans of codes printed in groups. The longest row of groups that is one code wins."""
    if "(" in cell:
        for match in _SSCC.finditer(cell):
            yield match.span()
    if "." in cell:
        for match in _DOTTED.finditer(cell):
            if sum(map(str.isdigit, match.group())) >= _LEAST_DOTTED:
                yield match.span()
        for match in _PARTED.finditer(cell):
            if is_code(match.group().replace(".", "")):
                yield match.span()
    for match in _GROUPS.finditer(cell) if " " in cell else ():
        starts = [match.start()] + [match.start() + i + 1 for i, c in enumerate(match.group()) if c == " "]
        ends = [start - 1 for start in starts[1:]] + [match.end()]
        span = next(
            (
                (start, end)
                for length in range(len(starts), 1, -1)
                for start, end in zip(starts, ends[length - 1 :], strict=False)
                if is_code(cell[start:end].replace(" ", ""))
            ),
            None,
        )
        if span is not None:
            yield span
