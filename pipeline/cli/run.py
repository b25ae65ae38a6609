"""`run`: the cron job."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import (
    ConfigOption,
    StateOption,
    TodayOption,
    TrustOption,
    VerboseOption,
    finish,
    print_lines,
    print_text,
    reporter,
    settings_of,
    today_of,
    whom_for_files,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.config import Config
    from pipeline.ledger import Ledger
    from pipeline.sources import Source, Today


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
    from pipeline.answering import desk, reception, write_to_sellers
    from pipeline.config import state_dir
    from pipeline.deliver import channels as channels_of
    from pipeline.job import digest_of, is_due, take_in, tell
    from pipeline.ledger import Busy, Ledger, lock

    settings = settings_of(config, optional=mailbox is not None)
    day = today_of(settings, today)
    folder = state_dir(state)
    report = reporter(verbose)
    channels = channels_of(settings, folder, day)
    sources = _sources(settings, mailbox, trust, day)
    if dry_run:
        with Ledger.copy_in_memory(folder) as ledger:
            outcome = take_in(ledger, sources, day, report, reception(ledger, settings, day))
            composed = digest_of(ledger, settings, day)
            if is_due(ledger, settings, day, composed):
                print_text(composed)
            else:
                print("Nothing would be said now; `parcel-digest digest` shows what is known.")
            print_lines(_would_answer(ledger, settings, day))
        finish(outcome.errors, outcome.exit_code)
    try:
        with lock(folder), Ledger.open(folder) as ledger:
            outcome = take_in(ledger, sources, day, report, reception(ledger, settings, day))
            with closing(desk(ledger, settings, day)) as answering:
                answering.answer_all()
                failures = write_to_sellers(ledger, settings, day, answering.tray)
            outcome.errors += answering.errors
            outcome.exit_code = max(outcome.exit_code, answering.exit_code)
            if not _told_today(ledger, day):
                digest = digest_of(ledger, settings, day)
                if is_due(ledger, settings, day, digest):
                    failures += tell(ledger, digest, channels)
            outcome.errors += map(str, failures)
            outcome.exit_code = max(outcome.exit_code, *(failure.exit_code for failure in failures), 0)
    except Busy:
        report("another run is at work; nothing to do")
        return
    finish(outcome.errors, outcome.exit_code)


def _would_answer(ledger: Ledger, config: Config, today: Today) -> Iterator[str]:
    """What would be answered, and why what was asked would not."""
    from pipeline.answering import desk
    from pipeline.reply.report import decision_lines

    with closing(desk(ledger, config, today)) as answering:
        for decision in answering.decide():
            yield from decision_lines(decision)


def _told_today(ledger: Ledger, today: Today) -> bool:
    last = ledger.last_told(today.day)
    return last is not None and last[0] >= today.day


def _sources(config: Config, mailbox: Path | None, trust: list[str] | None, today: Today) -> list[Source]:
    from pipeline.config import ConfigError
    from pipeline.reply.checks import head_fields
    from pipeline.sources import account_sources, file_source

    trusted = frozenset(trust or ())
    if mailbox is not None:
        return [file_source(mailbox, whom_for_files(config, trust))]
    if not config.accounts:
        raise ConfigError("the settings name no account: add [accounts.NAME], or give --mailbox PATH")
    fields = tuple(head_fields()) if config.reply.mode != "off" else ()
    return list(account_sources(config, trusted, today, fields))
