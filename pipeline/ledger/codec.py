"""Values as the ledger keeps them: notices as JSON (what is empty is left out, unknown keys are passed over), places,
names and moments as what SQLite sorts and compares."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from pipeline.ledger.memory import no_cycle_search
from pipeline.model.mail import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.model import Notice

_EMPTY: tuple[object, ...] = (None, "", [])


@cache
def _notices() -> msgspec.json.Decoder[list[Notice]]:
    from pipeline.model import Notice

    return msgspec.json.Decoder(list[Notice])


def encode(notice: Notice) -> str:
    """Return *notice* as JSON, the same text for the same notice."""
    return dumps({key: value for key, value in msgspec.to_builtins(notice).items() if value not in _EMPTY})


def decode(texts: Iterable[str]) -> list[Notice]:
    """Return the notices of JSON *texts*. Raises ValueError (of msgspec) for what is none."""
    with no_cycle_search():
        return _notices().decode("[" + ",".join(texts) + "]")


def dumps(value: object) -> str:
    """Return *value* as JSON with sorted keys; lone surrogates, which no database takes, become ``?``."""
    try:
        return msgspec.json.encode(value, order="sorted").decode()
    except UnicodeEncodeError:
        import json

        return clean(json.dumps(msgspec.to_builtins(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def clean(text: str) -> str:
    """Return *text* as UTF-8 can hold it."""
    return text.encode("utf-8", "replace").decode("utf-8")


def row_of(place: Place) -> tuple[str, str | bytes, int, str | bytes]:
    """The key of *place*: account, folder, UIDVALIDITY and UID."""
    return clean(place.account), bindable(place.folder), place.uidvalidity, bindable(place.uid)


def place_of(account: str, folder: str | bytes, uidvalidity: int, uid: str | bytes) -> Place:
    """The place of :func:`row_of`. Raises TypeError or ValueError for what is no key of one."""
    return Place(str(account), name_of(folder), int(uidvalidity), name_of(uid))


def bindable(name: str) -> str | bytes:
    """File names that are not UTF-8 are kept as their bytes, so that the file is found again."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name)
    return name


def name_of(name: str | bytes) -> str:
    """The name of a file or folder as it was before :func:`bindable`."""
    return os.fsdecode(name)


def utc(moment: datetime) -> str:
    """*moment* as text that sorts; a date at the very ends of the calendar cannot be moved into UTC."""
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        moment = moment.replace(tzinfo=UTC)
    return moment.isoformat(timespec="microseconds")
