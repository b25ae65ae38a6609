"""`read --redact`: one mail as it may be shown to others."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from pipeline.cli.options import UsageError, complain


def print_redacted(paths: list[Path], named: list[str] | None) -> None:
    """Print the one mail at *paths* with everything personal replaced, *named* words among it."""
    from pipeline.mailbox.files import open_files
    from pipeline.redact import RedactError, Redactor

    mails = [
        mail for path in paths for batch in open_files(path).batches({}, lambda _: True, lambda _: False)
        for mail in batch.mails
    ]  # fmt: skip
    if len(mails) != 1:
        raise UsageError(f"--redact takes one mail, and here are {len(mails)}")
    try:
        copy = Redactor(named or ()).redact(mails[0].data)
    except RedactError as error:
        complain(f"{mails[0].place.path}: {error}")
        raise typer.Exit(1) from None
    sys.stdout.flush()
    sys.stdout.buffer.write(copy)
    complain("look through the copy before you send it: a word that it should not have is replaced by --replace WORD")
