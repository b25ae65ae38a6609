"""`doctor`: what is well and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import ConfigOption, ReadFormat, StateOption, TodayOption

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from pipeline.doctor import Finding


def doctor(
    config: ConfigOption = None,
    state: StateOption = None,
    today: TodayOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no server and no password command.")] = False,
    form: Annotated[ReadFormat, typer.Option("--format", help="Form of the findings.")] = ReadFormat.TEXT,
) -> None:
    """Examine settings, passwords, logins, folders, clock and ledger; changes nothing.

    Example: parcel-digest doctor
    """
    from pipeline.doctor import State

    worst = 0
    for finding in _findings(config, state, today, offline=offline):
        worst = max(worst, finding.exit_code)
        if form is ReadFormat.JSON:
            from pipeline.render.reports import json_line

            record = {name: getattr(finding, name) for name in ("subject", "state", "text", "advice")}
            print(json_line(record))
        else:
            sign = {State.OK: "ok   ", State.NOTE: "note ", State.WRONG: "WRONG"}[finding.state]
            print(f"{sign}  {finding.subject}: {finding.text}")
            if finding.advice:
                print(f"       → {finding.advice}")
    if form is ReadFormat.TEXT and not worst:
        print("\nTo report a mail that is read wrongly, without names and numbers of yours:")
        print("  parcel-digest read --redact saved.eml > report.eml")
    raise typer.Exit(worst)


def _findings(config: Path | None, state: Path | None, today: date | None, *, offline: bool) -> Iterator[Finding]:
    import platform

    from pipeline import __version__
    from pipeline.cli.options import settings_of, today_of
    from pipeline.config import ConfigError, default_path, state_dir
    from pipeline.doctor import note, ok, wrong
    from pipeline.doctor.accounts import account
    from pipeline.doctor.files import settings_file, state_folder

    yield ok("program", f"parcel-digest {__version__}, Python {platform.python_version()}, {platform.system()}")
    path = config or default_path()
    try:
        settings = settings_of(config, optional=True)
    except ConfigError as error:
        yield wrong("settings", str(error), "docs/settings.md has every key")
        return
    if path.exists():
        yield from settings_file(path, settings)
    else:
        yield note("settings", f"there are none at {path}", "parcel-digest init writes them")
    day = today_of(settings, today)
    yield ok("time zone", settings.timezone or "the machine's own")
    for name, each in settings.accounts.items():
        yield from account(name, each, offline=offline)
    yield from state_folder(state_dir(state), day)
