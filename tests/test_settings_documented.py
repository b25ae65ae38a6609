"""Every key of the settings is documented, with its default, in the settings that `init` writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import msgspec
import pytest
import tomli
from command import ROOT

from pipeline.config import Config

SAMPLE = (ROOT / "pipeline" / "setup" / "settings.toml").read_text("utf-8")

#: What stands there as an example, since its default is another key's doing or there is none.
EXAMPLES = {
    "accounts.home.address", "accounts.home.host", "accounts.home.port", "accounts.home.security", "digest.smtp.port",
    "rules.shop.aliexpress.shipment_window", "rules.shop.aliexpress.protection",
}  # fmt: skip

#: How the sample calls tables whose names are free.
TABLES = {"accounts": "home", "shop": "aliexpress"}


def keys(kind: type[msgspec.Struct], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every key of the table *kind* with its default."""
    for field in msgspec.structs.fields(kind):
        name = f"{path}{field.encode_name}"
        if get_origin(field.type) is dict:
            yield from keys(get_args(field.type)[1], f"{name}.{TABLES[field.encode_name]}.")
        elif isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from keys(field.type, f"{name}.")
        else:
            default = None if field.default is msgspec.NODEFAULT else field.default
            yield name, list(default) if isinstance(default, tuple) else default


def flat(table: dict[str, Any], path: str = "") -> dict[str, Any]:
    """``{"digest": {"at": ""}}`` as ``{"digest.at": ""}``."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        found |= flat(value, f"{path}{key}.") if isinstance(value, dict) else {f"{path}{key}": value}
    return found


KEYS = dict(keys(Config))


@pytest.fixture(scope="module")
def sample() -> dict[str, Any]:
    """The sample with every key taken out of its comment."""
    return tomli.loads(re.sub(r"^#(?=[a-z_\[])", "", SAMPLE, flags=re.MULTILINE))


def test_the_sample_has_every_key_and_no_other(sample: dict[str, Any]) -> None:
    assert set(flat(sample)) == set(KEYS), "add the key to pipeline/setup/settings.toml, or take it away there"


def test_the_sample_shows_the_defaults(sample: dict[str, Any]) -> None:
    shown = {key: value for key, value in flat(sample).items() if key not in EXAMPLES}
    assert shown == {key: value for key, value in KEYS.items() if key not in EXAMPLES}


def test_the_sample_is_taken_as_it_stands(sample: dict[str, Any]) -> None:
    config = msgspec.convert(sample, Config)
    assert config.accounts["home"].server().host == "imap.example.org"
    assert msgspec.convert(tomli.loads(SAMPLE), Config) == Config()
