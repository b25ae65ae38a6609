"""The settings as they are written: the file, what the environment sets over it, and where each key stands.

``PARCEL_DIGEST__RULES__PROTECTION=90`` stands for ``protection = 90`` under ``[rules]``: two underscores go before
each key. Texts are taken as they are; anything else is written as in the file (``90``, ``true``, ``["INBOX"]``).
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

import msgspec
import tomli

from pipeline.config.lines import line_of
from pipeline.tables import TableError, WrongValueError, convert

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

PREFIX = "PARCEL_DIGEST__"

_INDEX = re.compile(r"\[[0-9.]+\]")
_ANY_ACCOUNT = "accounts[...]"
_FIRST_WORDS = re.compile(r'unknown key `(?P<unknown>[^`]+)`|(?P<path>[\w.]+)(?:: (?:"(?P<name>[^"]+)"|(?P<key>\w+)))?')


def is_overridden() -> bool:
    """Whether the environment sets anything."""
    return any(name.startswith(PREFIX) for name in os.environ)


def read_settings(path: Path, kind: type[T]) -> T:
    """Return the file at *path*, with the environment over it, as *kind*.

    Where the environment sets anything, the file may be missing: a container needs none.

    Raises:
        TableError: not TOML, a wrong key, type or value; its text begins with file and line, or with the variable.
        OSError: the file cannot be read.
    """
    variables = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if not variables:
            raise
        data = b""
    try:
        text = data.decode("utf-8-sig")
        raw = tomli.loads(text)
    except (tomli.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TableError(f"{path}: not valid TOML: {error}") from None
    told_by = {}
    for name, value in sorted(variables.items()):
        told_by[_override(raw, name, value, kind)] = name
    try:
        return convert(raw, kind)
    except WrongValueError as error:
        keys, message = _named(raw, error)
        for count in range(len(keys), 0, -1):
            if variable := told_by.get(tuple(keys[:count])):
                raise TableError(f"{variable}: {message}") from None
        line = line_of(text, keys) if keys else None
        raise TableError(f"{path}:{line}: {message}" if line else f"{path}: {message}") from None


def _named(raw: dict[str, Any], error: WrongValueError) -> tuple[list[str], str]:
    """Return the keys that lead to what is wrong, and the complaint with the account's name in it."""
    path, reason = error.path, error.reason
    if path.startswith(_ANY_ACCOUNT):
        # msgspec writes that for any of them: it is the first one that does not pass.
        from pipeline.config.accounts import Account

        for name, account in raw["accounts"].items():
            try:
                msgspec.convert(account, Account)
            except msgspec.ValidationError:
                path = path.replace(_ANY_ACCOUNT, f"accounts.{name}", 1)
                break
    keys = _INDEX.sub("", path).split(".") if path else []
    # A check that looks at a whole table begins its text with the key that it is about.
    said = _FIRST_WORDS.match(reason)
    further = [said["unknown"]] if said and said["unknown"] else said["path"].split(".") if said else []
    if said and (key := said["name"] or said["key"]):
        further.append(key)
    for key in further:
        if key not in _at(raw, keys):
            break
        keys = [*keys, key]
    return keys, f"{path}: {reason}" if path else reason


def _at(raw: Any, keys: list[str]) -> dict[str, Any]:
    for key in keys:
        raw = raw.get(key) if isinstance(raw, dict) else None
    return raw if isinstance(raw, dict) else {}


# ── the environment ─────────────────────────────────────────────────────────────────────────────────────────


def _override(raw: dict[str, Any], name: str, value: str, kind: Any) -> tuple[str, ...]:
    """Put the *value* of the variable *name* into *raw*, which is to become a *kind*; return where it went."""
    table: dict[str, Any] = raw
    words = name.removeprefix(PREFIX).split("__")
    keys: list[str] = []
    for number, word in enumerate(words, 1):
        key, kind = _step(word, kind, table)
        keys.append(key)
        if number < len(words):
            table = table.setdefault(key, {})
            if not isinstance(table, dict):
                raise TableError(f"{name}: {'.'.join(keys)} is no table")
    table[keys[-1]] = value if kind is str else _toml_value(name, value)
    return tuple(keys)


def _step(word: str, kind: Any, table: dict[str, Any]) -> tuple[str, Any]:
    """Return the key that *word* means in *table*, a *kind*, and the type of what stands there."""
    if get_origin(kind) is dict:
        called = (key for key in table if re.sub("[^A-Z0-9]", "_", key.upper()) == word)
        return next(called, word.lower()), get_args(kind)[1]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        for field in msgspec.structs.fields(kind):
            if field.encode_name.upper() == word:
                return field.encode_name, field.type
    return word.lower(), str  # an unknown key, which is refused later by name


def _toml_value(name: str, value: str) -> Any:
    try:
        return tomli.loads(f"value = {value}")["value"]
    except tomli.TOMLDecodeError:
        raise TableError(f'{name}: {value!r} is no value: write it as in the file, 90, true or ["a", "b"]') from None
