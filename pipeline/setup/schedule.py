"""When the job runs: the line for a crontab, and units for systemd as a user's own service."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

from pipeline.tables import data_dir

UNITS = ("parcel-digest.service", "parcel-digest.timer")


def command() -> list[str]:
    """Return the words that start this very program, by its full path: cron's PATH is short."""
    program = shutil.which("parcel-digest") or sys.argv[0]
    if Path(program).name == "parcel-digest":
        return [str(Path(program).absolute())]
    return [sys.executable, "-m", "pipeline.cli"]


def cron_line(words: list[str]) -> str:
    """Return the line for ``crontab -e`` that runs *words* every quarter of an hour.

    A ``%`` would be a line break there (crontab(5)).
    """
    return f"*/15 * * * *  {shlex.join(words)}".replace("%", "\\%")


def units(words: list[str]) -> dict[str, str]:
    """Return the systemd units that run *words*, by their file names."""
    folder = data_dir("setup") / "units"
    texts = {name: (folder / name).read_text("utf-8") for name in UNITS}
    return {name: text.replace("@COMMAND@", " ".join(map(_quoted, words))) for name, text in texts.items()}


def unit_folder() -> Path:
    """Return where a user's own units lie (systemd.unit(5)). Raises LookupError for a user without home folder."""
    from pipeline.config.checks import home

    told = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(told) if told.startswith("/") else home() / ".config") / "systemd" / "user"


def _quoted(word: str) -> str:
    """*word* as systemd.service(5) wants it: specifiers, variables and quotes taken literally."""
    word = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{word}"' if any(char in word for char in " \t'\"\\;") else word
