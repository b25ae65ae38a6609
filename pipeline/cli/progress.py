"""What a run tells while it works: nothing, a line for each step (``-v``), or a bar where a person watches."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pipeline.intake import Report

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from pipeline.mailbox import Progress


class Lines(Report):
    """A line on stderr for each command, and for each step of a long walk."""

    def line(self, text: str) -> None:
        print(text, file=sys.stderr)

    def progress(self, account: str, progress: Progress) -> None:
        self.line(f"{account}: {progress.folder}: {progress.done} of {progress.total} mails looked through")


class Bars(Report):
    """A bar on stderr for each folder with many new mails; gone when the run ends."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._tasks: dict[tuple[str, str], TaskID] = {}

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def progress(self, account: str, progress: Progress) -> None:
        if self._bar is None:
            # Imported where there is something to show: a run without news has no time for it.
            from rich.console import Console
            from rich.progress import Progress as Bar

            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._bar.start()
        key = account, progress.folder
        if key not in self._tasks:
            self._tasks[key] = self._bar.add_task(f"{account}: {progress.folder}")
        self._bar.update(self._tasks[key], completed=progress.done, total=progress.total)


def reporting(verbose: bool) -> Report:
    """The report for this run: lines if asked for, a bar on a terminal, nothing under cron."""
    if verbose:
        return Lines()
    return Bars() if sys.stderr.isatty() else Report()
