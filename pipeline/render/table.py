"""The known parcels as a table: on a terminal of any width, and for pipes one line a parcel.

What strangers wrote is made harmless here; nothing of it is taken for rich's markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.model import Level, say, say_many
from pipeline.render.card import shop_name
from pipeline.render.words import fill, plain, quoted, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType
    from rich.text import Text

    from pipeline.model import Diagnosis, Parcel
    from pipeline.speech import Speaker

#: Below this many columns each parcel is a block of lines: a table would break every word.
TABLE_COLUMNS: Final = 72

_STYLES: Final = {Level.ACT: "bold red", Level.WATCH: "yellow", Level.WAIT: "cyan", Level.DONE: "green"}
_HEADINGS: Final = ("level", "act by", "days", "shop", "order number", "tracking code", "what", "items")
_ITEM_CHARACTERS: Final = 60


def lines(rows: Sequence[tuple[Parcel, Diagnosis]], speaker: Speaker) -> Iterator[str]:
    """Yield a heading and one line a parcel, in columns two blanks apart: for pipes, so nothing is cut or wrapped."""
    cells = [_HEADINGS, *(_cells(parcel, diagnosis, speaker) for parcel, diagnosis in rows)]
    columns = [max(map(width, column)) + 2 for column in zip(*cells, strict=True)]
    for row in cells:
        yield "".join(fill(cell, room) for cell, room in zip(row, columns, strict=True)).rstrip()


def _cells(parcel: Parcel, diagnosis: Diagnosis, speaker: Speaker) -> tuple[str, ...]:
    return (
        diagnosis.level,
        diagnosis.act_by.isoformat() if diagnosis.act_by else "-",
        "-" if diagnosis.days is None else str(diagnosis.days),
        plain(parcel.shop or "-", _ITEM_CHARACTERS),
        ",".join(map(plain, parcel.orders)) or "-",
        ",".join(plain(code.code) for code in parcel.codes) or "-",
        speaker(diagnosis.title),
        _items(parcel),
    )


def _items(parcel: Parcel) -> str:
    return ", ".join(quoted(item, _ITEM_CHARACTERS) for item in parcel.items)


def table(rows: Sequence[tuple[Parcel, Diagnosis]], columns: int, speaker: Speaker) -> RenderableType:
    """Return the parcels for a terminal of *columns* columns: a table, or on a narrow one a block a parcel."""
    from rich.table import Table
    from rich.text import Text

    narrow = columns < TABLE_COLUMNS
    grid = Table(box=None, pad_edge=False, header_style="dim", show_header=not narrow, padding=(0, 2, 1, 0))
    grid.add_column("", no_wrap=True)
    grid.add_column(speaker(say("What")), ratio=1, overflow="fold")
    if not narrow:
        # A number that is cut in two can be neither copied nor searched for.
        grid.add_column(speaker(say("Order number, tracking code")), no_wrap=True)
        grid.add_column(speaker(say("Days")), justify="right")
        grid.add_column(speaker(say("Act by")), no_wrap=True)
    for parcel, diagnosis in rows:
        style = _STYLES[diagnosis.level]
        what = Text("\n").join(_what(parcel, diagnosis, style, speaker))
        numbers = Text("\n").join(_numbers(parcel, speaker))
        level = Text(diagnosis.level, style)
        if narrow:
            when = Text(", ".join(_times(diagnosis, speaker)))
            grid.add_row(level, Text("\n").join(part for part in (what, when, numbers) if part))
        else:
            days = "" if diagnosis.days is None else str(diagnosis.days)
            act_by = diagnosis.act_by.isoformat() if diagnosis.act_by else ""
            grid.add_row(level, what, numbers, days, Text(act_by, style))
    return grid


def _times(diagnosis: Diagnosis, speaker: Speaker) -> Iterator[str]:
    if diagnosis.days is not None:
        yield speaker(say_many("{count} day", "{count} days", diagnosis.days))
    if diagnosis.act_by is not None:
        yield speaker(say("by {day}", day=diagnosis.act_by))


def _what(parcel: Parcel, diagnosis: Diagnosis, style: str, speaker: Speaker) -> Iterator[Text]:
    from rich.text import Text

    yield Text(speaker(diagnosis.title), style if diagnosis.level is Level.ACT else "bold")
    shop = shop_name(parcel.shop) or speaker(say("Unknown shop"))
    yield Text(" · ".join(filter(None, (_items(parcel), shop))), "dim")


def _numbers(parcel: Parcel, speaker: Speaker) -> Iterator[Text]:
    """Each number with the word that says what it is, since they look alike."""
    from rich.text import Text

    order, code = speaker(say("order")), speaker(say("code"))
    room = max(width(order), width(code)) + 2
    for number in parcel.orders:
        yield Text.assemble((fill(order, room), "dim"), plain(number))
    for each in parcel.codes:
        yield Text.assemble((fill(code, room), "dim"), (plain(each.code), "bold cyan"))
