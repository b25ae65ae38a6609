"""Digests as files in a folder: the page and the text of each day, and an index of all days."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from datetime import date
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.deliver.errors import DeliveryError, reason
from pipeline.render import Form, render
from pipeline.render.words import plain

if TYPE_CHECKING:
    from pipeline.digest import Digest

_PAST = re.compile(r"digest-(\d{4}-\d{2}-\d{2})\.html")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_TITLE_WITHIN_BYTES = 4096


def to_file(folder: Path, day: date, digest: Digest) -> Path:
    """Write ``digest-YYYY-MM-DD.html`` and ``.txt`` and the ``index.html`` of all digests; return the first.

    Files are replaced as a whole and readable by their owner alone. Raises DeliveryError.
    """
    page = page_of(folder, day)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(page.with_suffix(".txt"), render(digest, Form.TEXT))
        write(page, render(digest, Form.HTML))
        write(folder / "index.html", _index(folder, digest))
    except OSError as error:
        raise DeliveryError(f"{error.filename or folder}: {reason(error)}") from None
    return page


def page_of(folder: Path, day: date) -> Path:
    """Return where the page of *day* lies in *folder*."""
    return folder / f"digest-{day.isoformat()}.html"


def write(path: Path, text: str) -> None:
    """Replace *path* at once: a reader, or a crash, sees the old file or the new one, never a part.

    The file is readable by its owner alone. Raises OSError.
    """
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
