"""The one strict loader for everything written in TOML: settings, shops, carriers, languages, rules.

A table that is not exactly of its declared type is refused, with the file, the key and the reason in one line.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TypeVar

import msgspec
import tomli

T = TypeVar("T")


class TableError(ValueError):
    """A TOML file that cannot be used; its text names file, key and reason in one line."""


class WrongValueError(ValueError):
    """A value that is not of its declared type.

    Attributes:
        path: the keys that lead there, ``digest.smtp.to[1]``; empty for the whole file.
        reason: what is wrong with it.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every record read from TOML: frozen, and unknown keys are refused by name."""


def load(path: Path, kind: type[T]) -> T:
    """Read the TOML file at *path* as *kind*.

    Raises:
        TableError: not TOML, a wrong key, type or value.
        OSError: the file cannot be opened.
    """
    return parse(path.read_bytes(), kind, str(path))


def parse(data: bytes, kind: type[T], name: str) -> T:
    """Read TOML *data* as *kind*; *name* is how errors call the file. Raises TableError."""
    try:
        raw = tomli.loads(data.decode("utf-8-sig"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TableError(f"{name}: not valid TOML: {error}") from None
    try:
        return convert(raw, kind)
    except WrongValueError as error:
        raise TableError(f"{name}: {error}") from None


def convert(raw: object, kind: type[T]) -> T:
    """Return *raw*, of plain dicts and lists, as *kind*. Raises WrongValueError.

    msgspec says ``Object contains unknown field `x` - at `$.a.b```; people read ``a.b: unknown key `x```.
    """
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).rpartition(" - at ") if " - at `$" in str(error) else (str(error), "", "")
        reason = reason.replace("Object contains unknown field", "unknown key")
        reason = reason.replace("Object missing required field", "missing key")
        raise WrongValueError(path.strip("`").removeprefix("$").lstrip("."), reason) from None


@cache
def data_dir(name: str) -> Path:
    """Return the folder *name* (``"templates"``, ``"read/shops"``) of this package's data.

    ``templates/`` lies inside the installed package, and beside it in a checkout.
    """
    inside = files("pipeline").joinpath(name)
    with as_file(inside) as path:
        if path.is_dir():
            return path
    beside = Path(__file__).resolve().parent.parent / name
    if beside.is_dir():
        return beside
    raise FileNotFoundError(f"the installation lacks its folder {name}")
