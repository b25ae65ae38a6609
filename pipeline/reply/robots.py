"""How programs call themselves in mails: the table ``robots.toml``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pipeline.tables import Table, load

_SEPARATORS = re.compile(r"[-._+]")


class _LocalParts(Table, frozen=True):
    names: tuple[str, ...]
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]
    no_reply: tuple[str, ...]


class _Values(Table, frozen=True):
    values: tuple[str, ...]


class _Presence(Table, frozen=True):
    names: tuple[str, ...]


class _Junk(Table, frozen=True):
    folders: tuple[str, ...]
    flags: tuple[str, ...]


class Robots(Table, frozen=True):
    """The whole table."""

    local_parts: _LocalParts
    precedence: _Values
    suppress: _Values
    presence: _Presence
    types: _Values
    junk: _Junk

    def is_robot(self, local: str) -> bool:
        """Whether *local*, what stands before the @, is that of a program."""
        local = local.lower().strip('"')
        known = self.local_parts
        if local in known.names or local.partition("+")[0] in known.names:
            return True
        if local.startswith(known.beginnings) or local.endswith(known.endings):
            return True
        words = _SEPARATORS.split(local)
        return any("".join(words[start:]).startswith(known.no_reply) for start in range(len(words)))

    def is_junk(self, folder: str) -> bool:
        """Whether *folder* is where suspected mail goes."""
        folder = folder.lower()
        return any(folder == name or folder.endswith((f"/{name}", f".{name}")) for name in self.junk.folders)


@cache
def robots() -> Robots:
    """Return the table."""
    return load(Path(__file__).with_name("robots.toml"), Robots)
