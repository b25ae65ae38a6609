"""What every command shares: its options, the settings, the day it is about, and how it complains."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.digest import Digest
    from pipeline.render.explanation import Line
    from pipeline.sources import Today, Whom


class UsageError(Exception):
    """What was typed cannot be done (2); the text is one line that says what can."""

    exit_code = 2


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
    ATOM = "atom"


#: How the files of each form are called.
SUFFIXES = {**{form: form.value for form in DigestFormat}, DigestFormat.TEXT: "txt", DigestFormat.ATOM: "xml"}


def as_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write it as 2026-11-23") from None


ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", envvar="PARCEL_DIGEST_CONFIG", readable=False, help="The settings, instead of the XDG place."
    ),
]
StateOption = Annotated[
    Path | None,
    typer.Option("--state", envvar="PARCEL_DIGEST_STATE", readable=False, help="Folder of the ledger and the digests."),
]
TodayOption = Annotated[
    date | None,
    typer.Option("--today", parser=as_day, metavar="YYYY-MM-DD", help="Act as if it were this day."),
]
TrustOption = Annotated[
    list[str] | None,
    typer.Option("--trust", metavar="AUTHSERV-ID", help="Believe the Authentication-Results of this server, too."),
]
LanguageOption = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Speak this language instead of that of the settings.")
]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Say on stderr what is being done.")]


def settings_of(path: Path | None, *, optional: bool) -> Config:
    """The settings; where they are *optional* and lie nowhere, the defaults."""
    from pipeline.config import Config, default_path, is_overridden, load_config

    if path is None and optional and not is_overridden() and not default_path().exists():
        return Config()
    return load_config(path)


def in_language(config: Config, code: str | None) -> Config:
    """The settings with the language that was asked for. Raises UsageError where it is not spoken."""
    import msgspec

    if code is None:
        return config
    try:
        return msgspec.structs.replace(config, language=code)
    except ValueError as error:
        raise UsageError(str(error)) from None


def today_of(config: Config, given: date | None) -> Today:
    from pipeline.model import local_date
    from pipeline.sources import Today

    zone = config.zone()
    if given is not None:
        return Today(given, zone)
    now = datetime.now().astimezone()
    return Today(local_date(now, zone), zone, now)


def print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def print_styled(lines: Iterable[Line]) -> None:
    """Print lines with their styles on a terminal, plain into a pipe or file (rich heeds NO_COLOR and TERM)."""
    from rich.console import Console
    from rich.text import Text

    from pipeline.render.explanation import plain

    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        if console.is_terminal:
            console.print(Text.assemble(*line))
        else:
            print(plain(line))


def print_text(composed: Digest) -> None:
    from pipeline.render import Form, render

    sys.stdout.write(render(composed, Form.TEXT))


def finish(errors: list[str], exit_code: int) -> NoReturn:
    for line in errors:
        complain(line)
    raise typer.Exit(exit_code)


def complain(line: str) -> None:
    print(f"parcel-digest: {' '.join(line.split())}", file=sys.stderr)


def whom_for_files(config: Config | None, trust: list[str] | None) -> Whom:
    """Whose word is taken for a mailbox of files: --trust, and what the settings say of all accounts."""
    from pipeline.sources import Whom, whom_of

    trusted = frozenset(trust or ())
    whoms = [whom_of(account, trusted) for account in config.accounts.values()] if config else []
    return Whom(
        trusted.union(*(whom.trusted_ids for whom in whoms)),
        frozenset().union(*(whom.owner for whom in whoms)),
    )
