"""What is known already, and the owner's word on it: `digest`, `show`, `explain`, `mark`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import (
    ConfigOption,
    DigestFormat,
    LanguageOption,
    ReadFormat,
    StateOption,
    TodayOption,
    in_language,
    print_lines,
    settings_of,
    today_of,
)

if TYPE_CHECKING:
    from pipeline.job import Known
    from pipeline.model import Diagnosis, Parcel
    from pipeline.speech import Speaker


def digest(
    form: Annotated[DigestFormat, typer.Option("--format", help="Form of the digest.")] = DigestFormat.TEXT,
    to: Annotated[str, typer.Option("--to", metavar="PATH", help="Write there; - is standard output.")] = "-",
    config: ConfigOption = None,
    state: StateOption = None,
    today: TodayOption = None,
    language: LanguageOption = None,
) -> None:
    """Render the digest of what is known, without reading any mail.

    Example: parcel-digest digest --format html --to parcels.html
    """
    from pipeline.config import state_dir
    from pipeline.deliver import write_to
    from pipeline.job import digest_of
    from pipeline.ledger import Ledger
    from pipeline.render import Form, render

    settings = in_language(settings_of(config, optional=True), language)
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

    from pipeline.render.table import lines, table

    speaker = _speaker(config, today)
    rows = _find(_known(config, state, today), number)
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(table(rows, console.width, speaker))
    else:
        print_lines(lines(rows, speaker))


def explain(
    number: Annotated[
        str | None, typer.Argument(metavar="[ORDER|CODE]", help="An order number or tracking code.")
    ] = None,
    mail: Annotated[
        str | None,
        typer.Option("--mail", metavar="MESSAGE-ID", help="Instead: why this mail was answered, or was not."),
    ] = None,
    form: Annotated[ReadFormat, typer.Option("--format", help="Form of the explanation.")] = ReadFormat.TEXT,
    config: ConfigOption = None,
    state: StateOption = None,
    today: TodayOption = None,
) -> None:
    """Show why a parcel is judged as it is: every fact, every rule with hit or miss, every mail.

    Example: parcel-digest explain RB123456785CN
    """
    from pipeline.config import state_dir
    from pipeline.ledger import Ledger
    from pipeline.render.reports import explanation, explanation_record, json_line

    settings = settings_of(config, optional=True)
    if mail is not None:
        from pipeline.cli.mail import explain_mail

        print_lines(explain_mail(mail.strip("<> "), settings, state_dir(state), today_of(settings, today)))
        return
    if number is None:
        raise typer.BadParameter("name an order number or a tracking code, or a mail with --mail MESSAGE-ID")
    zone = settings.zone()
    speaker = _speaker(config, today)
    rows = _find(_known(config, state, today), number)
    with Ledger.copy_in_memory(state_dir(state)) as ledger:
        notices = ledger.notices()
    for parcel, diagnosis in rows:
        if form is ReadFormat.JSON:
            print(json_line(explanation_record(parcel, diagnosis, zone, speaker)))
        else:
            print_lines(explanation(parcel, diagnosis, notices, zone, speaker))


def mark(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="An order number or tracking code.")],
    word: Annotated[
        str,
        typer.Argument(
            metavar="MARK",
            help="delivered, unchanged, contacted, disputed, untracked, ignore, reopen, protection=DATE, "
            "ship-by=DATE or code=CODE.",
        ),
    ],
    config: ConfigOption = None,
    state: StateOption = None,
    today: TodayOption = None,
) -> None:
    """Say what only you can know of a parcel. `reopen` takes the last mark back.

    Example: parcel-digest mark 8211968327931234 unchanged
    """
    from pipeline.config import state_dir
    from pipeline.ledger import Ledger, lock
    from pipeline.marks import MarkError, mark_notice, read_mark

    settings = settings_of(config, optional=True)
    day = today_of(settings, today)
    try:
        said = read_mark(word)
    except MarkError as error:
        raise typer.BadParameter(str(error)) from None
    known = _known(config, state, today)
    parcels = [parcel for parcel, _ in _find(known, number)]
    try:
        notice = mark_notice(said, number, parcels, day, [parcel for parcel, _ in known.diagnosed])
    except MarkError as error:
        raise typer.BadParameter(str(error)) from None
    folder = state_dir(state)
    with lock(folder), Ledger.open(folder) as ledger:
        ledger.add_mark(notice)
    shown = _known(config, state, today)
    speaker = _speaker(config, today)
    for parcel, diagnosis in shown.diagnosed:
        if any(source.mark == said and source.message_id not in _ids(parcels) for source in parcel.sources):
            print(f"{', '.join(parcel.orders) or parcel.codes[0].code}: {speaker(diagnosis.title)}")


def _ids(parcels: list[Parcel]) -> set[str]:
    return {source.message_id for parcel in parcels for source in parcel.sources}


def _known(config: Path | None, state: Path | None, today: date | None) -> Known:
    from pipeline.config import state_dir
    from pipeline.job import survey
    from pipeline.ledger import Ledger

    settings = settings_of(config, optional=True)
    with Ledger.copy_in_memory(state_dir(state)) as ledger:
        return survey(ledger, settings, today_of(settings, today))


def _speaker(config: Path | None, today: date | None) -> Speaker:
    from pipeline.speech import Speaker

    settings = settings_of(config, optional=True)
    return Speaker(settings.spoken, today_of(settings, today).day)


def _find(known: Known, number: str | None) -> list[tuple[Parcel, Diagnosis]]:
    from pipeline.digest import reading_order
    from pipeline.render.reports import is_named

    rows = sorted(known.diagnosed, key=reading_order)
    if number is None:
        return [row for row in rows if not row[0].ignored]
    rows = [row for row in rows if is_named(row[0], number)]
    if not rows:
        raise typer.BadParameter(f"no parcel with the number {number} is known; `parcel-digest show` lists all")
    return rows
