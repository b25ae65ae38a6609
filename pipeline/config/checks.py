"""What a value of the settings must look like, beyond its type.

Each check raises ValueError with a text that begins with the key; the loader puts file and table before it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo


def one_of(key: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse a *value* that is not among *allowed*."""
    if value not in allowed:
        raise ValueError(f'{key} = "{value}" is none of {", ".join(allowed)}')


def one_line(key: str, value: str, *, empty: bool = True) -> None:
    """Refuse control characters, and the empty string unless *empty*.

    Such values are written into protocol commands, where a line break would begin a command of its own.
    """
    if not value.isprintable() or not (value or empty):
        raise ValueError(f"{key} is empty or has control characters")


def account_name(name: str) -> None:
    """Refuse what cannot name an account: the name becomes part of file and variable names.

    Two names are taken: "files" is the account of mailboxes of files, "smtp" that of the server for mails of ours.
    """
    if name in ("files", "smtp") or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ValueError(
            f'accounts: "{name}" cannot name an account: take letters, digits, - and _, not "files" or "smtp"'
        )


def mail_address(key: str, value: str) -> None:
    """Refuse what is not one bare address without a display name."""
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", value) or not value.isprintable():
        raise ValueError(f'{key} = "{value}" is no mail address: write it as "me@example.org"')


def command_line(key: str, value: Sequence[str], *, empty: bool = True) -> None:
    """Refuse a command without a program, or with a word that no program can be given."""
    if (value and not value[0]) or not (value or empty) or any("\0" in word for word in value):
        raise ValueError(f'{key} is no command: write it as ["program", "argument"]')


def time_zone(name: str) -> tzinfo:
    """Return the time zone *name* of the IANA database, or refuse it."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (
        KeyError,
        ValueError,
        OSError,
    ):  # unknown; not a name at all; a folder of the database such as "Europe"
        raise ValueError(f'timezone = "{name}" does not exist: write it as "Europe/Berlin"') from None


def is_loopback(host: str) -> bool:
    """Whether *host* is this very machine, so that nothing readable leaves it."""
    return host in {"localhost", "::1"} or re.fullmatch(r"127(\.[0-9]{1,3}){3}", host) is not None


def home() -> Path:
    """Return the user's home folder, also where cron gives no HOME.

    Raises:
        LookupError: neither HOME nor the password database tells it.
    """
    if told := os.environ.get("HOME"):
        return Path(told)
    import pwd

    return Path(pwd.getpwuid(os.getuid()).pw_dir)


def expand(path: str) -> Path:
    """Return *path* with a leading ``~/`` replaced by the home folder."""
    return home() / path[2:] if path.startswith("~/") else Path(path)
