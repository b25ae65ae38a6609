"""The machine's own mailer: a program that reads a mail on standard input and takes recipients as arguments."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from typing import TYPE_CHECKING

from pipeline.deliver.errors import DeliveryError, Refused, Uncertain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Seconds that the mailer may take.
TIMEOUT = 60.0


def send(command: Sequence[str], mail: bytes, *, to: Sequence[str], begin: Callable[[], object]) -> None:
    """Give *mail* to the mailer *command*. *begin* is called right before it is started.

    Raises:
        DeliveryError: its exit code says that it may work another time (75, EX_TEMPFAIL).
        Refused: it cannot be started, or any other exit code but 0.
        Uncertain: it did not come to an end.
    """
    # From a file, not a pipe: if we are killed, the mailer must not take half a mail for a whole one.
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as said:
        file.write(mail.replace(b"\r\n", b"\n"))
        file.seek(0)
        begin()
        try:
            process = subprocess.Popen(
                [*command, "--", *to],
                stdin=file,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
        except OSError as error:
            raise Refused(f"sendmail: {command[0]} cannot be started: {error.strerror}") from None
        with process:
            try:
                code = process.wait(TIMEOUT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise Uncertain(f"sendmail: {command[0]} did not end within {TIMEOUT:g} seconds") from None
        said.seek(0)
        text = said.read(200).decode("utf-8", "replace")
    if code:
        kind = DeliveryError if code == os.EX_TEMPFAIL else Refused
        line = "".join(char if char.isprintable() else " " for char in text)
        raise kind(f"sendmail: {command[0]} failed with exit code {code}: {line}")
