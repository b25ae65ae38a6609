"""Standard output: what cron mails to the owner by itself, and ``--to PATH`` of `digest`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pipeline.deliver.errors import DeliveryError, reason
from pipeline.deliver.file import write
from pipeline.render import Form, render

if TYPE_CHECKING:
    from pipeline.digest import Digest


def write_to(place: str, text: str) -> None:
    """Write *text* to the file *place*, as a whole, or to stdout where it is ``-``.

    Raises:
        DeliveryError: the file cannot be written.
        OSError: nothing can be printed; the command line tells it, as of everything that is printed.
    """
    if place == "-":
        sys.stdout.write(text)
        return
    try:
        write(Path(place).absolute(), text)
    except OSError as error:
        raise DeliveryError(f"{place}: {reason(error)}") from None


def to_stdout(digest: Digest, stream: TextIO | None = None) -> None:
    """Print the digest as text (cron mails what is printed) on *stream* or stdout. Raises DeliveryError."""
    stream = stream or sys.stdout
    text = render(digest, Form.TEXT)
    # cron's locale may be one without bars and quotes: a question mark there is better than no digest.
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except (OSError, ValueError) as error:
        raise DeliveryError(f"standard output: {reason(error)}") from None
