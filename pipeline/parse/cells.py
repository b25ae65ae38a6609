"""The cells and rows of HTML tables as lines of text that keep their columns."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.parse import text


@dataclass(slots=True)
class Frame:
    """Where text is collected: the page, or one table cell that is *span* columns wide."""

    span: int = 1
    lines: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)

    def flush(self) -> None:
        """End the line that is being written."""
        if self.inline:
            line = text.line("".join(self.inline))
            self.inline.clear()
            if line:
                self.lines.append(line)


#: The cells of one row of a table, each with its lines.
Row = list[list[str]]

#: A cell with more is no field of a data table but a part of the page.
_FIELD_LINES = 6
_FIELD_CHARACTERS = 200


def rows_as_lines(rows: list[Row]) -> list[str]:
    """The lines of a table whose rows hold cells that hold lines."""
    flat = [all(len(cell) < 2 for cell in row) for row in rows]
    # Only where some row has two filled cells do empty cells tell columns apart; elsewhere they are spacers.
    data = any(sum(map(len, row)) > 1 for row, is_flat in zip(rows, flat, strict=True) if is_flat)
    out: list[str] = []
    heads = 0
    for row, is_flat in zip(rows, flat, strict=True):
        if data and is_flat:
            fields = "\t".join(cell[0] if cell else "" for cell in row).rstrip("\t")
            if fields:
                out.append(fields)
            if not heads and not any(character.isdigit() for character in fields):
                heads = sum(map(bool, row))
        elif heads > 1 and len(row) == heads and all(map(_is_short, row)):
            # Under column heads a cell with two parcel numbers is still one field.
            out.append("\t".join(", ".join(cell) for cell in row).rstrip("\t"))
        else:
            out += [line for cell in row for line in cell]
    return out


def _is_short(cell: list[str]) -> bool:
    return len(cell) <= _FIELD_LINES and sum(map(len, cell)) <= _FIELD_CHARACTERS
