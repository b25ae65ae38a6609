"""The command line: parses options, prints, sets exit codes. How anything is done stands elsewhere.

Exit codes: 0 ok, 1 some mails could not be read, 2 usage, 75 temporary trouble, 77 login refused, 78 settings wrong.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli.doctor import doctor
from pipeline.cli.init import init
from pipeline.cli.known import digest, explain, show
from pipeline.cli.mark import mark
from pipeline.cli.options import complain
from pipeline.cli.read import read
from pipeline.cli.replay import replay
from pipeline.cli.run import run

#: A disk, or somebody's share of it, is full.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_TRY_AGAIN = 75
#: How a shell tells that a program was ended by Ctrl-C: 128 + SIGINT.
_STOPPED = 130

app = typer.Typer(
    name="parcel-digest",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Reads your own inbox, tells order numbers from tracking codes, and says each day which parcel needs you.",
    epilog="Exit codes: 0 ok, 1 some mails could not be read, 2 usage, 75 try again later, 77 login refused, "
    "78 settings wrong.",
)
for command in (init, run, digest, show, explain, mark, replay, read, doctor):
    app.command()(command)


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
    # A run makes many values and few cycles: searching for these every 700 values costs a twentieth of a short one.
    gc.set_threshold(50_000)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # cron runs in the C locale; a subject in Russian must not end the run.
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = app(standalone_mode=False)
        if code == _STOPPED:  # what typer makes of Ctrl-C
            complain("stopped")
        sys.stdout.flush()
        raise SystemExit(code)
    except BrokenPipeError:
        _print_no_more()
        raise SystemExit(0) from None
    except (KeyboardInterrupt, typer.Abort):
        complain("stopped")
        raise SystemExit(_STOPPED) from None
    except OSError as error:
        # A file that cannot be written has a name and an error of its own; this is what was printed into one.
        if error.errno not in _FULL or error.filename is not None:
            raise
        _print_no_more()
        complain(f"standard output: {error.strerror}")
        raise SystemExit(_TRY_AGAIN) from None
    except Exception as error:
        # Every error of this house, and every usage error of typer, knows its exit code; anything else is a defect.
        code = getattr(error, "exit_code", None)
        if not isinstance(code, int):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":  # the help has been printed
            raise SystemExit(code) from None
        complain(error.format_message() if hasattr(error, "format_message") else str(error))
        raise SystemExit(code) from None


def _print_no_more() -> None:
    """Throw away what still waits to be printed, which nobody takes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
