"""`run`: the cron job."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import (
    ConfigOption,
    StateOption,
    TodayOption,
    TrustOption,
    UsageError,
    VerboseOption,
    as_day,
    complain,
    finish,
    print_lines,
    print_text,
    settings_of,
    today_of,
    whom_for_files,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.config import Config
    from pipeline.intake import Outcome
    from pipeline.ledger import Ledger
    from pipeline.reply.reception import Reception
    from pipeline.sources import Source, Today, Wish


def run(
    mailbox: Annotated[
        Path | None,
        typer.Option(
            readable=False,
            help="Read this .eml file, folder of them, Maildir or mbox instead of the accounts.",
        ),
    ] = None,
    account: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this account of the settings; may be repeated.")
    ] = None,
    folder: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="This folder instead of those of the settings; may be repeated."),
    ] = None,
    since: Annotated[
        date | None,
        typer.Option(
            parser=as_day,
            metavar="YYYY-MM-DD",
            help="Look through all mails since this day, also where an earlier run has been.",
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

    Silent when there is nothing to say, but for one line on a terminal. A second run at the same time ends at once.

    Example: */15 * * * *  parcel-digest run
    """
    from pipeline.cli.progress import reporting
    from pipeline.config import state_dir
    from pipeline.due import may_be_due, that_decide
    from pipeline.intake import take_in
    from pipeline.ledger import Busy, Ledger, LedgerError, lock
    from pipeline.sources import Wish

    settings = settings_of(config, optional=mailbox is not None)
    day = today_of(settings, today)
    home = state_dir(state)
    sources = _sources(settings, mailbox, trust, day, Wish(tuple(account or ()), tuple(folder or ()), since))
    if dry_run:
        from pipeline.job import digest_of, is_due

        with Ledger.copy_in_memory(home) as ledger:
            with reporting(verbose) as report:
                outcome = take_in(ledger, sources, day, report, _reception(ledger, settings, day))
            composed = digest_of(ledger, settings, day)
            if is_due(ledger, settings, day, composed):
                print_text(composed)
            else:
                print("Nothing would be said now; `parcel-digest digest` shows what is known.")
            print_lines(_would_answer(ledger, settings, day))
        finish(outcome.errors, outcome.exit_code)
    told = False
    began = time.monotonic()
    try:
        with lock(home), Ledger.open(home) as ledger:
            with reporting(verbose) as report:
                outcome = take_in(ledger, sources, day, report, _reception(ledger, settings, day))
            _answer(ledger, settings, day, outcome)
            if may_be_due(ledger, settings, day):
                from pipeline.deliver import channels
                from pipeline.job import digest_of, is_due, tell
                from pipeline.upkeep import drop_old

                digest = digest_of(ledger, settings, day)
                if is_due(ledger, settings, day, digest):
                    outcome.failed(tell(ledger, digest, channels(settings, home, day)))
                    drop_old(ledger, day)
                    told = True
                else:
                    ledger.told.be_quiet(day.day, that_decide(settings))
            if sys.stdout.isatty() and (told or outcome.exit_code in (0, 1)):
                from pipeline.cli.goodbye import goodbye

                print(goodbye(ledger, settings, home, day, told=told, read=outcome.read))
    except Busy:
        if verbose:
            complain("another run is at work; nothing to do")
        return
    except LedgerError as error:
        _ended(settings, home, error.exit_code, 0, told=told, began=began)
        raise
    outcome.errors += _ended(settings, home, outcome.exit_code, outcome.read, told=told, began=began)
    finish(outcome.errors, outcome.exit_code)


def _reception(ledger: Ledger, config: Config, today: Today) -> Callable[[], Reception] | None:
    """Whoever looks at mails for questions and commands, made where there are mails; nobody where none may come."""
    if config.reply.mode == "off" and not config.reply.commands:
        return None

    @cache
    def made() -> Reception:
        from pipeline.reply.reception import receiver

        return receiver(config.reply, ledger, today)

    return made


def _answer(ledger: Ledger, config: Config, today: Today, outcome: Outcome) -> None:
    """Answer what was asked, in this run or before, and write to sellers who should be asked."""
    if config.reply.mode == "off":
        return
    from pipeline.answering import desk, write_to_sellers

    with closing(desk(ledger, config, today)) as answering:
        answering.answer_all()
        failures = write_to_sellers(ledger, config, today, answering.tray)
    outcome.errors += answering.errors
    outcome.exit_code = max(outcome.exit_code, answering.exit_code)
    outcome.failed(failures)


def _would_answer(ledger: Ledger, config: Config, today: Today) -> Iterator[str]:
    """What would be answered, and why what was asked would not."""
    if config.reply.mode == "off":
        return
    from pipeline.answering import desk
    from pipeline.reply.report import decision_lines

    with closing(desk(ledger, config, today)) as answering:
        for decision in answering.decide():
            yield from decision_lines(decision)


def _ended(config: Config, home: Path, exit_code: int, read: int, *, told: bool, began: float) -> list[str]:
    """Note that the run has ended, and tell the watchdog; return what went wrong with that."""
    from pipeline.runlog import note_run

    now = datetime.now().astimezone()
    note_run(home, now, exit_code=exit_code, read=read, told=told, seconds=time.monotonic() - began)
    if not config.ping:
        return []
    from pipeline.ping import ping

    return [trouble] if (trouble := ping(config.ping, exit_code)) else []


def _sources(config: Config, mailbox: Path | None, trust: list[str] | None, today: Today, wish: Wish) -> list[Source]:
    from pipeline.config import ConfigError
    from pipeline.sources import Wish, account_sources, file_source

    trusted = frozenset(trust or ())
    if mailbox is not None:
        if wish != Wish():
            raise UsageError("--account, --folder and --since choose among the accounts; --mailbox reads files")
        return [file_source(mailbox, whom_for_files(config, trust))]
    if not config.accounts:
        raise ConfigError("the settings name no account: add [accounts.NAME], or give --mailbox PATH")
    return list(account_sources(config, trusted, today, wish, _head_fields(config)))


def _head_fields(config: Config) -> tuple[str, ...]:
    """What is asked of new mails' heads to find replies to the digest and people's questions."""
    if config.reply.mode != "off":
        from pipeline.reply.checks import head_fields

        return tuple(head_fields())
    # Who gets no digest by mail replies to none.
    return ("IN-REPLY-TO", "X-PARCEL-DIGEST") if config.reply.commands and config.digest.is_mailed else ()
