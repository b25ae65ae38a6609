"""What is known already: `digest`, `show`, `explain`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import (
    SUFFIXES,
    ConfigOption,
    DigestFormat,
    LanguageOption,
    ReadFormat,
    StateOption,
    TodayOption,
    UsageError,
    complain,
    in_language,
    print_lines,
    print_styled,
    settings_of,
    today_of,
)
from pipeline.cli.unread import NOTHING_READ, nothing_read

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
    if to != "-" and Path(to).is_dir():
        raise UsageError(f"--to {to}: is a folder; give a file, as {Path(to) / f'parcels.{SUFFIXES[form]}'}")
    with Ledger.copy_in_memory(state_dir(state)) as ledger:
        composed = digest_of(ledger, settings, today_of(settings, today))
        if not composed.entries and nothing_read(state):
            complain(NOTHING_READ)
            if form is DigestFormat.TEXT and to == "-":
                return
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

    speaker = speaker_on(config, today)
    rows = _find(known_today(config, state, today), number, state)
    console = Console(highlight=False)
    if not rows:
        from pipeline.digest.subject import NO_PARCELS

        complain(NOTHING_READ if nothing_read(state) else speaker(NO_PARCELS))
        if console.is_terminal:
            return
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
    from pipeline.render.account import account
    from pipeline.render.explanation import explanation
    from pipeline.render.explanation_record import explanation_record
    from pipeline.render.reports import json_line

    settings = settings_of(config, optional=True)
    if mail is not None:
        from pipeline.cli.mail import explain_mail

        print_lines(explain_mail(mail.strip("<> "), settings, state_dir(state), today_of(settings, today)))
        return
    if number is None:
        raise UsageError("name an order number or a tracking code, or a mail with --mail MESSAGE-ID")
    zone = settings.zone()
    speaker = speaker_on(config, today)
    if message is not None and message not in languages():
        raise UsageError(f"there is no message in {message!r}, only in {', '.join(languages())}")
    rows = _find(known_today(config, state, today, explain=True), number, state)
    with Ledger.copy_in_memory(state_dir(state)) as ledger:
        notices = ledger.notices()
    for parcel, diagnosis in rows:
        told = account(parcel, diagnosis, notices, zone, speaker)
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


def speaker_on(config: Path | None, today: date | None) -> Speaker:
    """Return who speaks the owner's language on that day."""
    from pipeline.speech import Speaker

    settings = settings_of(config, optional=True)
    return Speaker(settings.spoken, today_of(settings, today).day)


def _find(known: Known, number: str | None, state: Path | None) -> list[tuple[Parcel, Diagnosis]]:
    from pipeline.digest import reading_order
    from pipeline.render.reports import is_named

    rows = sorted(known.diagnosed, key=reading_order)
    if number is None:
        return [row for row in rows if not row[0].ignored]
    rows = [row for row in rows if is_named(row[0], number)]
    if not rows:
        raise UsageError(
            NOTHING_READ
            if nothing_read(state)
            else f"no parcel with the number {number} is known; `parcel-digest show` lists all"
        )
    return rows
