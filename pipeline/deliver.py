"""Where a digest goes. Every channel is one function that delivers a whole digest or raises DeliveryError."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pipeline.config import ConfigError
from pipeline.render import Form, render
from pipeline.render.words import plain

if TYPE_CHECKING:
    from pipeline.config import Digest as DigestSettings
    from pipeline.digest import Digest

_PAST = re.compile(r"digest-(\d{4}-\d{2}-\d{2})\.html")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_TITLE_WITHIN_BYTES = 4096


class DeliveryError(Exception):
    """A digest that could not be delivered. Its text is one line; the next run tries again (EX_TEMPFAIL)."""

    exit_code = 75


#: Takes a digest to one place; raises DeliveryError.
Channel = Callable[["Digest"], object]


def channels(settings: DigestSettings, state: Path) -> dict[str, Channel]:
    """Return the channels that the settings name, in their order; digests as files lie in *state* by default.

    Raises ConfigError for a channel that this version does not have.
    """
    folder = Path(settings.file.dir).expanduser() if settings.file.dir else state / "digests"
    known: dict[str, Channel] = {
        "stdout": to_stdout,
        "file": lambda digest: to_file(folder, digest.day, digest),
    }
    for name in settings.deliver:
        if name not in known:
            raise ConfigError(f"digest.deliver names {name}, which this version cannot do: take stdout or file")
    return {name: known[name] for name in settings.deliver}


def write_to(place: str, text: str) -> None:
    """Write *text* to the file *place*, as a whole, or to stdout where it is ``-``. Raises DeliveryError."""
    try:
        if place == "-":
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            _write(Path(place).absolute(), text)
    except OSError as error:
        raise DeliveryError(f"{place}: {_reason(error)}") from None


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
        raise DeliveryError(f"standard output: {_reason(error)}") from None


def to_file(folder: Path, day: date, digest: Digest) -> Path:
    """Write ``digest-YYYY-MM-DD.html`` and ``.txt`` and the ``index.html`` of all digests; return the first.

    Files are replaced as a whole and readable by their owner alone. Raises DeliveryError.
    """
    page = folder / f"digest-{day.isoformat()}.html"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(page.with_suffix(".txt"), render(digest, Form.TEXT))
        _write(page, render(digest, Form.HTML))
        _write(folder / "index.html", _index(folder, digest))
    except OSError as error:
        raise DeliveryError(f"{error.filename or folder}: {_reason(error)}") from None
    return page


def _write(path: Path, text: str) -> None:
    """Replace *path* at once: a reader, or a crash, sees the old file or the new one, never a part."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".digest-", suffix=".tmp")  # mode 0600
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _index(folder: Path, digest: Digest) -> str:
    from pipeline.render.page import index

    days = []
    for path in sorted(folder.glob("digest-*.html"), reverse=True):
        found = _PAST.fullmatch(path.name)
        if found:
            with suppress(ValueError):
                days.append((path.name, date.fromisoformat(found.group(1)), _title(path)))
    return index(days, digest.language, digest.day, digest.templates)


def _title(page: Path) -> str:
    with page.open("rb") as file:
        found = _TITLE.search(file.read(_TITLE_WITHIN_BYTES).decode("utf-8", "replace"))
    return plain(unescape(found.group(1))) if found else ""


def _reason(error: Exception) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
