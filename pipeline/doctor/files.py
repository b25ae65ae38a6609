"""The files of the installation: who may read and change them, and how the ledger is."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline.doctor import Finding, note, ok, wrong
from pipeline.doctor.cures import holds_a_secret
from pipeline.ledger import FILE, Ledger, LedgerError
from pipeline.ledger.health import examine
from pipeline.model import local_date
from pipeline.runlog import last_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.config import Config
    from pipeline.sources import Today

#: A ledger of that size holds some 50,000 mails; more has a reason that somebody should know.
_LARGE_BYTES = 100_000_000
#: So many of what has to be named are named.
_NAMED = 10


def settings_file(path: Path, settings: Config) -> Iterator[Finding]:
    """Whether others can change the settings, which name the programs that are run, or read a secret in them."""
    yield from _access("settings", path, private=_holds_secrets(settings))


def _holds_secrets(settings: Config) -> bool:
    """Whether the settings hold what lets others in: addresses of services have it in them, and so has ``echo``."""
    smtp = settings.digest.smtp
    commands = [smtp.password_command, smtp.token_command]
    for account in settings.accounts.values():
        commands += [account.password_command, account.token_command]
    return bool(settings.digest.apprise.urls or settings.ping) or any(map(holds_a_secret, commands))


def state_folder(folder: Path, today: Today) -> Iterator[Finding]:
    """The folder of the ledger, the ledger, and what it says of runs, mails that could not be read, and the clock."""
    yield from _runs(last_runs(folder, _NAMED))
    if not folder.exists():
        yield note("ledger", f"there is none yet in {folder}", "the first run makes it: parcel-digest run")
        return
    yield from _access("state folder", folder, private=True)
    path = folder / FILE
    if path.exists():
        yield from _access("ledger", path, private=True)
    try:
        health = examine(path)
        if health is None:
            yield note("ledger", f"there is none yet in {folder}", "the first run makes it: parcel-digest run")
            return
        if health.damage:
            yield wrong(
                "ledger",
                f"{path} is damaged: {health.damage}",
                "move it away; the next run reads the mails of the last days again, and only your marks are lost",
            )
            return
        rows = health.rows
        yield ok(
            "ledger",
            f"whole, version {health.version} of {health.newest}, {health.bytes / 1e6:.1f} MB: "
            f"notices {rows.get('notices', 0)}, mails {rows.get('places', 0)}, digests {rows.get('told', 0)}",
        )
        if health.bytes > _LARGE_BYTES:
            yield note("ledger", "that is large", "tell us, please: something is kept that should not be")
        with Ledger.copy_in_memory(folder) as ledger:
            yield from _contents(ledger, today)
    except LedgerError as error:
        yield wrong("ledger", str(error), exit_code=error.exit_code)


def _runs(lines: list[str]) -> Iterator[Finding]:
    for place, line in enumerate(lines):
        if " exit=0 " in line:
            yield ok("run", line)
        elif place < len(lines) - 1:
            yield note("run", line)
        else:
            yield note("last run", f"it failed: {line}", "see why, nothing is changed: parcel-digest run --dry-run -v")


def _contents(ledger: Ledger, today: Today) -> Iterator[Finding]:
    told = ledger.told.last(today.day)
    if told:
        yield ok("last digest", f"of {told[0].isoformat()}")
    else:
        yield note("last digest", "there was none yet: with nothing to say, nothing is sent")
    notices = [notice for notice in ledger.notices() if notice.mark is None]
    ahead = [notice for notice in notices if local_date(notice.date, today.zone) > today.day + timedelta(days=1)]
    if ahead:
        newest = max(local_date(notice.date, today.zone) for notice in ahead)
        yield note(
            "clock",
            f"{len(ahead)} mails are dated after today ({today.day.isoformat()}), up to {newest.isoformat()}",
            "if today is not that day, set this machine's clock; else their senders' clocks are wrong",
        )
    else:
        yield ok("clock", f"today is {today.day.isoformat()}, and no mail is dated later")
    unread = ledger.quarantine()
    for entry in unread[:_NAMED]:
        yield note(
            "unread mail",
            f"{entry.place.path}: {entry.error} (tried {entry.tries}×)",
            "save it and report it: parcel-digest read --redact saved.eml > report.eml",
        )
    if not unread:
        yield ok("unread mails", "none: every mail could be read")
    suspicious = ledger.suspicions()
    if suspicious:
        yield ok("suspicious mails", f"{len(suspicious)} in all, which touch no parcel")


def _access(subject: str, path: Path, *, private: bool) -> Iterator[Finding]:
    """Whether others than the owner can change *path*, or read what is *private*."""
    try:
        told = path.stat()
    except OSError as error:
        yield wrong(subject, f"{path}: {error.strerror}")
        return
    mode = stat.S_IMODE(told.st_mode)
    right = 0o700 if stat.S_ISDIR(told.st_mode) else 0o600
    cure = f"chmod {right:o} {path}"
    if told.st_uid not in (os.getuid(), 0):
        yield wrong(subject, f"{path} belongs to another user (uid {told.st_uid})", f"chown {os.getuid()} {path}")
    elif mode & 0o022:
        yield wrong(subject, f"{path} can be changed by others (mode {mode:o})", cure)
    elif mode & 0o077 and private:
        yield wrong(subject, f"{path} can be read by others (mode {mode:o})", cure)
    elif mode & 0o077:
        yield ok(subject, f"{path}, which others can read (mode {mode:o}): no password stands in it")
    else:
        yield ok(subject, f"{path}, for your eyes only")
