"""What is known already: `digest`, `show`, `explain`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import (
    ConfigOption,
    DigestFormat,
    ReadFormat,
    StateOption,
    TodayOption,
    print_styled,
    settings_of,
    today_of,
)

if TYPE_CHECKING:
    from pipeline.job import Known
    from pipeline.model import Diagnosis, Parcel

#: Width of a table that goes into a pipe, where nothing has to fit a screen.
_PIPE_COLUMNS = 200


def digest(
    form: Annotated[DigestFormat, typer.Option("--format", help="Form of the digest.")] = DigestFormat.TEXT,
    to: Annotated[str, typer.Option("--to", metavar="PATH", help="Write there; - is standard output.")] = "-",
    config: ConfigOption = None,
    state: StateOption = None,
    today: TodayOption = None,
) -> None:
    """Render the digest of what is known, without reading any mail.

    Example: parcel-digest digest --format html --to parcels.html
    """
    from pipeline.config import state_dir
    from pipeline.deliver import write_to
    from pipeline.job import digest_of
    from pipeline.ledger import Ledger
    from pipeline.render import Form, render

    settings = settings_of(config, optional=True)
    with Ledger.copy_in_memory(state_dir(state)) as ledger:
        composed = digest_of(ledger, settings, today_of(settings, today))
    write_to(to, render(composed, Form(form.value)))


def show(
    number: Annotated[str | None, typer.Argument(metavar="[ORDER|CODE]", help="Only this parcel.")] = None,
    config: ConfigOption = None,
    state: StateOption = None,
    today: TodayOption = None,
) -> None:
    """List the parcels that are known, the most urgent first.

    Example: parcel-digest show
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pipeline.render.explanation import LEVEL_STYLES
    from pipeline.render.reports import parcel_row

    rows = _find(known_today(config, state, today), number)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "What", "Shop", "Order number", "Tracking code", "Days", "Act by"):
        # A number that is cut in two can be neither copied nor searched for.
        table.add_column(heading, overflow="fold", no_wrap=heading in ("Order number", "Tracking code"))
    for parcel, diagnosis in rows:
        cells = parcel_row(parcel, diagnosis)
        table.add_row(Text(cells[0], LEVEL_STYLES[diagnosis.level]), *(Text(cell) for cell in cells[1:]))
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPE_COLUMNS)
    console.print(table)


def explain(
    number: Annotated[str, typer.Argument(metavar="ORDER|CODE", help="An order number or tracking code.")],
    form: Annotated[ReadFormat, typer.Option("--format", help="Form of the explanation.")] = ReadFormat.TEXT,
    message: Annotated[
        str | None,
        typer.Option("--message", metavar="LANGUAGE", help="Print only a message to the seller: en, ru, es, zh, …"),
    ] = None,
    config: ConfigOption = None,
    state: StateOption = None,
    today: TodayOption = None,
) -> None:
    """Show why a parcel is judged as it is: its time line, every fact, every rule, every mail.

    Example: parcel-digest explain RB123456785CN
    """
    from pipeline.config import state_dir
    from pipeline.diagnose.seller import languages, seller_message
    from pipeline.ledger import Ledger
    from pipeline.render.explanation import account, explanation, explanation_record
    from pipeline.render.reports import json_line

    settings = settings_of(config, optional=True)
    zone = settings.zone()
    if message is not None and message not in languages():
        raise typer.BadParameter(f"there is no message in {message!r}, only in {', '.join(languages())}")
    rows = _find(known_today(config, state, today, explain=True), number)
    with Ledger.copy_in_memory(state_dir(state)) as ledger:
        notices = ledger.notices()
    for parcel, diagnosis in rows:
        told = account(parcel, diagnosis, notices, today_of(settings, today).day, zone, settings.language)
        if message is not None:
            print(seller_message(parcel, diagnosis.days, message, zone))
        elif form is ReadFormat.JSON:
            print(json_line(explanation_record(told)))
        else:
            print_styled(explanation(told))


def known_today(config: Path | None, state: Path | None, today: date | None, *, explain: bool = False) -> Known:
    """Fold and diagnose what is known; *explain*: with every fact and rule."""
    from pipeline.config import state_dir
    from pipeline.job import survey
    from pipeline.ledger import Ledger

    settings = settings_of(config, optional=True)
    with Ledger.copy_in_memory(state_dir(state)) as ledger:
        return survey(ledger, settings, today_of(settings, today), explain=explain)


def _find(known: Known, number: str | None) -> list[tuple[Parcel, Diagnosis]]:
    from pipeline.model import Level
    from pipeline.render.reports import is_named

    order = list(Level)
    rows = sorted(known.diagnosed, key=lambda row: (order.index(row[1].level), row[0].key))
    if number is None:
        return [row for row in rows if not row[0].ignored]
    rows = [row for row in rows if is_named(row[0], number)]
    if not rows:
        raise typer.BadParameter(f"no parcel with the number {number} is known; `parcel-digest show` lists all")
    return rows
