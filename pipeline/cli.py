"""The command line: parses options, prints, sets exit codes. How anything is done stands elsewhere.

Exit codes: 0 ok, 1 some mails could not be read, 2 usage, 75 temporary trouble, 77 login refused, 78 settings wrong.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pipeline import __version__

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.digest import Digest
    from pipeline.job import Known, Source, Today, Whom
    from pipeline.ledger import Ledger
    from pipeline.mailbox import RawMail
    from pipeline.model import Diagnosis, Parcel, Unread

app = typer.Typer(
    name="parcel-digest",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Reads your own inbox, tells order numbers from tracking codes, and says each day which parcel needs you.",
    epilog="Exit codes: 0 ok, 1 some mails could not be read, 2 usage, 75 try again later, 77 login refused, "
    "78 settings wrong.",
)


class ReadFormat(StrEnum):
    """Forms of `read` and `explain`."""

    JSON = "json"
    TEXT = "text"


class DigestFormat(StrEnum):
    """Forms of `digest`."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    CSV = "csv"
    ICS = "ics"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write it as 2026-11-23") from None


ConfigOption = Annotated[
    Path | None, typer.Option("--config", readable=False, help="The settings, instead of the XDG place.")
]
StateOption = Annotated[
    Path | None, typer.Option("--state", readable=False, help="Folder of the ledger and the digests.")
]
TodayOption = Annotated[
    date | None,
    typer.Option("--today", parser=_day, metavar="YYYY-MM-DD", help="Act as if it were this day."),
]
TrustOption = Annotated[
    list[str] | None,
    typer.Option("--trust", metavar="AUTHSERV-ID", help="Believe the Authentication-Results of this server, too."),
]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Say on stderr what is being done.")]


# ── the cron job ─────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def run(
    mailbox: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            help="Read this .eml file, folder of them, Maildir or mbox instead of the accounts.",
        ),
    ] = None,
    config: ConfigOption = None,
    state: StateOption = None,
    today: TodayOption = None,
    trust: TrustOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be said; change nothing.")] = False,
    verbose: VerboseOption = False,
) -> None:
    """Read new mail and, once a day, say what the parcels need: the line for your crontab.

    Silent when there is nothing to say. A second run at the same time ends at once.

    Example: */15 * * * *  parcel-digest run
    """
    from pipeline.config import state_dir
    from pipeline.job import digest_of, is_due, take_in, tell
    from pipeline.ledger import Busy, Ledger, lock

    settings = _settings(config, optional=mailbox is not None)
    settings.refuse_what_is_not_built()
    day = _today(settings, today)
    folder = state_dir(state)
    report = _reporter(verbose)
    channels = _channels(settings, folder)
    sources = _sources(settings, mailbox, trust, day)
    if dry_run:
        with Ledger.copy_in_memory(folder) as ledger:
            outcome = take_in(ledger, sources, day, report)
            _print_text(digest_of(ledger, settings, day))
        _finish(outcome.errors, outcome.exit_code)
    try:
        with lock(folder), Ledger.open(folder) as ledger:
            outcome = take_in(ledger, sources, day, report)
            if not _told_today(ledger, day):
                digest = digest_of(ledger, settings, day)
                if is_due(ledger, settings, day, digest):
                    tell(ledger, digest, channels)
    except Busy:
        report("another run is at work; nothing to do")
        return
    _finish(outcome.errors, outcome.exit_code)


def _told_today(ledger: Ledger, today: Today) -> bool:
    last = ledger.last_told(today.day)
    return last is not None and last[0] >= today.day


def _sources(config: Config, mailbox: Path | None, trust: list[str] | None, today: Today) -> list[Source]:
    from pipeline.config import ConfigError
    from pipeline.job import account_sources, file_source

    trusted = frozenset(trust or ())
    if mailbox is not None:
        return [file_source(mailbox, _whom(config, trust))]
    if not config.accounts:
        raise ConfigError("the settings name no account: add [accounts.NAME], or give --mailbox PATH")
    return list(account_sources(config, trusted, today))


def _whom(config: Config | None, trust: list[str] | None) -> Whom:
    """Whose word is taken for a mailbox of files: --trust, and what the settings say of all accounts."""
    from pipeline.job import Whom, whom_of

    trusted = frozenset(trust or ())
    whoms = [whom_of(account, trusted) for account in config.accounts.values()] if config else []
    return Whom(
        trusted.union(*(whom.trusted_ids for whom in whoms)),
        frozenset().union(*(whom.owner for whom in whoms)),
    )


def _channels(config: Config, folder: Path) -> dict[str, Callable[[Digest], object]]:
    from pipeline.deliver import channels

    return channels(config.digest, folder)


# ── what is known ────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
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

    settings = _settings(config, optional=True)
    with Ledger.copy_in_memory(state_dir(state)) as ledger:
        composed = digest_of(ledger, settings, _today(settings, today))
    write_to(to, render(composed, Form(form.value)))


@app.command()
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

    from pipeline.render.reports import parcel_row

    rows = _find(_known(config, state, today), number)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "What", "Shop", "Order number", "Tracking code", "Days", "Act by"):
        table.add_column(heading, overflow="fold", no_wrap=False)
    styles = {"act": "bold red", "watch": "yellow", "wait": "cyan", "done": "dim"}
    for parcel, diagnosis in rows:
        cells = parcel_row(parcel, diagnosis)
        table.add_row(Text(cells[0], styles[cells[0]]), *(Text(cell) for cell in cells[1:]))
    Console(highlight=False).print(table)


@app.command()
def explain(
    number: Annotated[str, typer.Argument(metavar="ORDER|CODE", help="An order number or tracking code.")],
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

    settings = _settings(config, optional=True)
    zone = settings.zone()
    rows = _find(_known(config, state, today), number)
    with Ledger.copy_in_memory(state_dir(state)) as ledger:
        notices = ledger.notices()
    for parcel, diagnosis in rows:
        if form is ReadFormat.JSON:
            print(json_line(explanation_record(parcel, diagnosis, zone)))
        else:
            _print_lines(explanation(parcel, diagnosis, notices, zone))


@app.command()
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

    settings = _settings(config, optional=True)
    day = _today(settings, today)
    try:
        said = read_mark(word)
    except MarkError as error:
        raise typer.BadParameter(str(error)) from None
    rows = _find(_known(config, state, today), number)
    folder = state_dir(state)
    with lock(folder), Ledger.open(folder) as ledger:
        ledger.add_mark(mark_notice(said, number, [parcel for parcel, _ in rows], day.day, day.zone, day.now))


def _known(config: Path | None, state: Path | None, today: date | None) -> Known:
    from pipeline.config import state_dir
    from pipeline.job import survey
    from pipeline.ledger import Ledger

    settings = _settings(config, optional=True)
    with Ledger.copy_in_memory(state_dir(state)) as ledger:
        return survey(ledger, settings, _today(settings, today))


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


# ── reading files ────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def read(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", readable=False, help=".eml file, folder, Maildir or mbox."),
    ],
    form: Annotated[ReadFormat, typer.Option("--format", help="json: one object a line for each mail.")] = (
        ReadFormat.TEXT
    ),
    config: ConfigOption = None,
    trust: TrustOption = None,
) -> None:
    """Say what mails say of parcels, and how that was decided; touches no state.

    Example: parcel-digest read --format json saved-mail.eml
    """
    from pipeline.job import read_mail
    from pipeline.mailbox import MailboxError
    from pipeline.mailbox.files import open_files
    from pipeline.model import Unread
    from pipeline.render.reports import json_line, notice_record, notice_text, unread_record

    settings = _settings(config, optional=True)
    zone = settings.zone()
    whom = _whom(settings, trust)
    errors: list[str] = []

    def tell(mail: RawMail | Unread) -> None:
        file = str(Path(mail.place.folder) / mail.place.uid)
        found = mail if isinstance(mail, Unread) else read_mail(mail, whom)
        if isinstance(found, Unread):
            errors.append(f"{file}: {found.error}")
            if form is ReadFormat.JSON:
                print(json_line(unread_record(file, found)))
        elif form is ReadFormat.JSON:
            print(json_line(notice_record(file, found[1], zone)))
        else:
            _print_lines(notice_text(file, found[1], zone))

    for path in paths:
        try:
            for batch in open_files(path).batches({}, lambda _: True, lambda _: False):
                for mail in batch.mails:
                    tell(mail)
                for failed in batch.failed:
                    tell(failed)
        except MailboxError as error:
            errors.append(str(error))
    _finish(errors, 1 if errors else 0)


# ── around every command ─────────────────────────────────────────────────────────────────────────────────────


def _settings(path: Path | None, *, optional: bool) -> Config:
    """The settings; where they are *optional* and lie nowhere, the defaults."""
    from pipeline.config import Config, default_path, load_config

    if path is None and optional and not default_path().exists():
        return Config()
    return load_config(path)


def _today(config: Config, given: date | None) -> Today:
    from pipeline.job import Today
    from pipeline.model import local_date

    zone = config.zone()
    if given is not None:
        return Today(given, zone)
    now = datetime.now().astimezone()
    return Today(local_date(now, zone), zone, now)


def _reporter(verbose: bool) -> Callable[[str], None]:
    return (lambda line: print(line, file=sys.stderr)) if verbose else (lambda _: None)


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _print_text(composed: Digest) -> None:
    from pipeline.render import Form, render

    sys.stdout.write(render(composed, Form.TEXT))


def _finish(errors: list[str], exit_code: int) -> NoReturn:
    for line in errors:
        _complain(line)
    raise typer.Exit(exit_code)


def _complain(line: str) -> None:
    print(f"parcel-digest: {' '.join(line.split())}", file=sys.stderr)


def version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        print(f"parcel-digest {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """The options of the program itself."""


def main() -> None:
    """Run the command; what goes wrong is one line on stderr and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # cron runs in the C locale; a subject in Russian must not end the run.
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        raise SystemExit(app(standalone_mode=False))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        # Every error of this house, and every usage error of typer, knows its exit code; anything else is a defect.
        code = getattr(error, "exit_code", None)
        if not isinstance(code, int):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":  # the help has been printed
            raise SystemExit(code) from None
        _complain(error.format_message() if hasattr(error, "format_message") else str(error))
        raise SystemExit(code) from None


if __name__ == "__main__":
    main()
