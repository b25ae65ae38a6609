"""Notice ↔ JSON, as the ledger keeps it: what is empty is left out, unknown keys are passed over."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from pipeline.ledger.memory import no_cycle_search

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
