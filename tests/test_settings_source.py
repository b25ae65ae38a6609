"""Where settings come from: a complaint names file and line, and the environment goes over the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Config, ConfigError, load_config
from pipeline.config.lines import line_of

FILE = """\
# My settings
timezone = "Europe/Berlin"

[accounts.home]
address = "me@example.org"
host = "mail.example.org"
folders = [
  "INBOX",   # the usual one
  "Orders",
]

[accounts."second-one"]
address = "me@example.com"
provider = "gmail"

[digest]
at = "07:00"
smtp.host = "smtp.example.org"
smtp.to = ["me@example.org"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(FILE, "utf-8")
    return path


def complaint(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    return str(caught.value).replace(str(path), "FILE")


WRONG = {
    "value": ('at = "07:00"', 'at = "7"', 'FILE:17: digest: at = "7" is no time of day'),
    "type": ('host = "mail.example.org"', "host = 3", "FILE:6: accounts.home.host: Expected `str`, got `int`"),
    "type in an array": ('"Orders",', "3,", "FILE:7: accounts.home.folders[1]: Expected `str`, got `int`"),
    "value in an array": ('"Orders",', '"Or\\nders",', "FILE:7: accounts.home: folders is empty or has control"),
    "unknown key": ("at =", "att =", "FILE:17: digest: unknown key `att`"),
    "unknown table": ("[digest]", "[digests]", "FILE:16: unknown key `digests`"),
    "missing key": ('address = "me@example.com"\n', "", "FILE:12: accounts.second-one: missing key `address`"),
    "missing server": ('provider = "gmail"\n', "", "FILE:12: accounts.second-one: the server is missing"),
    "dotted key": ('smtp.to = ["me@example.org"]', "smtp.to = [1]", "FILE:19: digest.smtp.to[0]: Expected `str`"),
    "account's name": ('"second-one"', '"second/one"', 'FILE:12: accounts: "second/one" cannot name an account'),
    "what two tables say": ("[digest]", '[digest.append]\naccount = "away"\n[digest]',
                            'FILE:17: digest.append: account = "away" is not in [accounts]'),
    "time zone": ("Europe/Berlin", "Mars/Olympus", 'FILE:2: timezone = "Mars/Olympus" does not exist'),
    "broken TOML": ("[digest]", "[digest", "FILE: not valid TOML: "),
}  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "expected"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_named_with_its_line(path: Path, right: str, wrong: str, expected: str) -> None:
    assert right in FILE
    path.write_text(FILE.replace(right, wrong, 1), "utf-8")
    assert complaint(path).startswith(expected)


def test_broken_toml_is_named_with_its_line_by_the_parser(path: Path) -> None:
    path.write_text(FILE.replace("[digest]", "[digest", 1), "utf-8")
    assert "line 16" in complaint(path)


def test_a_byte_order_mark_moves_no_line(path: Path) -> None:
    path.write_text("\ufeff" + FILE.replace("at =", "att =", 1), "utf-8")
    assert complaint(path).startswith("FILE:17: ")


def test_very_long_files_are_not_searched() -> None:
    assert line_of("# comment\n" * 5000 + "key = 1\n", ["key"]) is None


def test_brackets_without_end_are_no_valid_toml(path: Path) -> None:
    path.write_text("key = " + "[" * 100_000, "utf-8")
    assert complaint(path).startswith("FILE: not valid TOML: ")


# ── the environment ─────────────────────────────────────────────────────────────────────────────────────────


def with_environment(monkeypatch: pytest.MonkeyPatch, path: Path, **variables: str) -> Config:
    for name, value in variables.items():
        monkeypatch.setenv(f"PARCEL_DIGEST__{name}", value)
    return load_config(path)


OVERRIDES = {
    "text": ("DIGEST__AT", "09:30", lambda config: config.digest.at, "09:30"),
    "text that looks like a number": ("ACCOUNTS__HOME__USERNAME", "12345",
                                      lambda config: config.accounts["home"].username, "12345"),
    "number": ("RULES__PROTECTION", "90", lambda config: config.rules.protection, 90),
    "number or nothing": ("ACCOUNTS__HOME__PORT", "1993", lambda config: config.accounts["home"].port, 1993),
    "truth": ("ACCOUNTS__HOME__ALLOW_PLAIN", "true", lambda config: config.accounts["home"].allow_plain, True),
    "array": ("DIGEST__DELIVER", '["file"]', lambda config: config.digest.deliver, ("file",)),
    "account with a hyphen": ("ACCOUNTS__SECOND_ONE__PROVIDER", "gmx",
                              lambda config: config.accounts["second-one"].provider, "gmx"),
    "key with another name in the code": ("DIGEST__SMTP__FROM", "a@b.example",
                                          lambda config: config.digest.smtp.sender, "a@b.example"),
    "top level": ("TIMEZONE", "Asia/Tokyo", lambda config: config.timezone, "Asia/Tokyo"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "value", "read", "expected"), OVERRIDES.values(), ids=OVERRIDES.keys())
def test_the_environment_goes_over_the_file(
    monkeypatch: pytest.MonkeyPatch, path: Path, name: str, value: str, read, expected: object
) -> None:
    assert read(with_environment(monkeypatch, path, **{name: value})) == expected


def test_an_account_may_come_from_the_environment_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = with_environment(
        monkeypatch,
        tmp_path / "none",
        ACCOUNTS__HOME__ADDRESS="me@example.org",
        ACCOUNTS__HOME__HOST="imap.example.org",
    )
    assert config.accounts["home"].server().host == "imap.example.org"


def test_a_password_in_the_environment_is_no_setting(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setenv("PARCEL_DIGEST_HOME_PASSWORD", "hunter2")
    assert load_config(path).accounts["home"].password_command == ()


WRONG_VARIABLES = {
    "key": ("DIGEST__TIME", "7", "PARCEL_DIGEST__DIGEST__TIME: digest: unknown key `time`"),
    "value": ("DIGEST__AT", "7", 'PARCEL_DIGEST__DIGEST__AT: digest: at = "7" is no time'),
    "type": ("RULES__PROTECTION", '"x"', "PARCEL_DIGEST__RULES__PROTECTION: rules.protection: Expected `int`"),
    "not TOML": ("RULES__PROTECTION", "sixty", "PARCEL_DIGEST__RULES__PROTECTION: 'sixty' is no value"),
    "no table": ("TIMEZONE__X", "1", "PARCEL_DIGEST__TIMEZONE__X: timezone is no table"),
    "a table's name alone": ("DIGEST", "1", "PARCEL_DIGEST__DIGEST: digest: Expected `object`, got `int`"),
}


@pytest.mark.parametrize(("name", "value", "expected"), WRONG_VARIABLES.values(), ids=WRONG_VARIABLES.keys())
def test_a_wrong_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, path: Path, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"PARCEL_DIGEST__{name}", value)
    assert complaint(path).startswith(expected)
