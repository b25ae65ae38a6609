"""Mails that lie as files: one .eml, a folder of them, a Maildir, an mbox.

Nothing is written, nothing is locked, and memory holds one batch at a time. A mail that cannot be read stands
in the batch's ``failed`` and does not keep the others from being read.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.mailbox import Batch, Mailbox, RawMail, WrongSettings, no_message_ids
from pipeline.mailbox.mbox import mbox_mails
from pipeline.model import Place, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from pipeline.mailbox import Cursor, MessageIds, Wanted

#: What one batch holds at the most, in mails and in bytes (a single larger mail is a batch of its own).
BATCH_MAILS = 200
BATCH_BYTES = 8_000_000

#: A mail of more bytes than WHOLE is given with its first PART bytes only.
WHOLE = 10_000_000
PART = 512_000

ACCOUNT = "files"


def open_files(path: Path) -> Mailbox:
    """Return the mailbox at *path*; which of the four kinds it is shows by itself.

    A folder with ``cur`` and ``new`` is a Maildir, any other folder holds .eml files (at any depth); a file
    that begins with ``From `` is an mbox, unless it is called .eml.

    Raises:
        WrongSettings: there is nothing at *path*, or it cannot be read.
    """
    try:
        if path.is_dir():
            os.scandir(path).close()
            maildir = (path / "cur").is_dir() and (path / "new").is_dir()
            return FilesMailbox(path, _maildir_mails if maildir else _eml_mails)
        if not path.is_file():
            path.stat()
            raise WrongSettings(f"{path}: neither a file nor a folder")
        with path.open("rb") as file:
            start = file.read(5)
    except OSError as error:
        raise WrongSettings(f"{path}: {error.strerror or error}") from None
    is_mbox = path.suffix.lower() != ".eml" and start in (b"From ", b"")
    return FilesMailbox(path, _mbox_file if is_mbox else _single_mail)


class FilesMailbox:
    """Mails at one path, keeping the protocol :class:`~pipeline.mailbox.Mailbox`.

    *mails* walks over what lies there: it yields mails, and what could not be read.
    """

    def __init__(self, path: Path, mails: Callable[[_Box], Iterator[RawMail | Unread]]) -> None:
        self._path = path
        self._mails = mails

    def batches(
        self,
        cursors: Mapping[str, Cursor],
        wanted: Wanted,
        known: Callable[[Place], bool],
        again: Collection[Place] = (),
        message_ids: MessageIds = no_message_ids,
    ) -> Iterator[Batch]:
        """Yield the mails that are not *known*, in the order of their names.

        *wanted* is not asked: the owner named these mails. Files have no cursor, so what could not be read is met
        once more without *again*.

        Raises:
            WrongSettings: the folder or the mbox can no longer be read.
        """
        mails: list[RawMail] = []
        failed: list[Unread] = []
        size = 0
        for mail in self._walk(known):
            if isinstance(mail, Unread):
                failed.append(mail)
                continue
            if mails and (len(mails) == BATCH_MAILS or size + len(mail.data) > BATCH_BYTES):
                yield Batch(tuple(mails), tuple(failed))
                mails, failed, size = [], [], 0
            mails.append(mail)
            size += len(mail.data)
        if mails or failed:
            yield Batch(tuple(mails), tuple(failed))

    def _walk(self, known: Callable[[Place], bool]) -> Iterator[RawMail | Unread]:
        try:
            yield from self._mails(_Box(self._path, known))
        except OSError as error:
            raise WrongSettings(f"{error.filename or self._path}: {error.strerror or error}") from None

    def close(self) -> None:
        """Have nothing to let go of: a file is open only while it is read."""


class _Box:
    """The path that was named, and which mails of it are known already."""

    def __init__(self, path: Path, known: Callable[[Place], bool]) -> None:
        self.path = path
        self.known = known
        # Absolute, so that the same name in another working directory is another place.
        self._folder = _text(os.path.abspath(path))  # noqa: PTH100 - a link that the owner named keeps its name

    def place(self, uid: str) -> Place:
        return Place(ACCOUNT, self._folder, 0, uid)

    def read(self, path: Path, uid: str) -> Iterator[RawMail | Unread]:
        """Yield the mail in the file *path*, or why it cannot be read; nothing if it is known or gone."""
        place = self.place(uid)
        if self.known(place):
            return
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                yield Unread(place, "", "not a regular file")
                return
            with path.open("rb") as file:
                partial = os.fstat(file.fileno()).st_size > WHOLE
                data = file.read(PART if partial else WHOLE)
        except FileNotFoundError:
            return
        except OSError as error:
            yield Unread(place, "", error.strerror or str(error))
            return
        yield RawMail(place, data, partial)


def _single_mail(box: _Box) -> Iterator[RawMail | Unread]:
    yield from box.read(box.path, _text(box.path.name))


def _eml_mails(box: _Box) -> Iterator[RawMail | Unread]:
    root = box.path.resolve()
    closed: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=closed.append):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix.lower() == ".eml" and _inside(root, path):
                yield from box.read(path, _text(path.relative_to(root)))
    for error in closed:
        place = box.place(_text(os.path.relpath(error.filename, root)))
        yield Unread(place, "", error.strerror or str(error))


def _maildir_mails(box: _Box) -> Iterator[RawMail | Unread]:
    # https://cr.yp.to/proto/maildir.html: what follows the colon are flags, which change while the mail stays
    # the same; a name begins with the time of delivery.
    root = box.path.resolve()
    paths: Iterable[Path] = (path for folder in ("cur", "new") for path in (root / folder).iterdir())
    for uid, path in sorted((_text(path.name.partition(":")[0]), path) for path in paths):
        if not uid.startswith(".") and _inside(root, path):
            yield from box.read(_where_it_is_now(path), uid)


def _where_it_is_now(path: Path) -> Path:
    """Since it was listed a mail program may have moved the mail to ``cur`` or changed its flags."""
    if path.exists():
        return path
    base = path.name.partition(":")[0]
    moved = (other for other in (path.parent.parent / "cur").iterdir() if other.name.partition(":")[0] == base)
    return next(moved, path)


def _mbox_file(box: _Box) -> Iterator[RawMail | Unread]:
    with box.path.open("rb") as file:
        for digest, data, partial in mbox_mails(file, whole=WHOLE, part=PART):
            place = box.place(digest)
            if not box.known(place):
                yield RawMail(place, data, partial)


def _inside(root: Path, path: Path) -> bool:
    """Whether *path* leads to something under *root*: a link out of it is none of the owner's mails."""
    return not path.is_symlink() or path.resolve().is_relative_to(root)


def _text(path: str | Path) -> str:
    """A file's name as text that can be stored, whatever bytes it has."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
