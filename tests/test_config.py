"""The settings: what may stand in them, what is refused and in which words, and where they are looked for."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import time
from pathlib import Path

import pytest

from pipeline.config import Config, ConfigError, checks, load_config, state_dir
from pipeline.config.accounts import Account, Server

ACCOUNT = '[accounts.home]\naddress = "me@example.org"\n'
HOST = ACCOUNT + 'host = "mail.example.org"\n'

#: The settings as the documentation shows them: every key that is not a delivery's own.
EVERYTHING = """
timezone = "Europe/Berlin"
language = "en"

[accounts.home]
address = "me@example.org"
aliases = ["i@example.org"]
provider = "gmail"
port = 993
security = "tls"
allow_plain = false
ca_file = "/etc/ssl/mail.pem"
username = "me"
password_command = ["pass", "show", "mail/home"]
folders = ["INBOX", "Einkäufe"]
window_days = 90
trusted_authserv_ids = ["mx.example.org"]

[digest]
at = "07:00"
deliver = ["stdout", "file", "append", "smtp", "sendmail", "apprise"]
heartbeat = "weekly"

[digest.file]
dir = "/var/lib/digests"

[digest.append]
account = "home"
folder = "Digests"

[digest.smtp]
host = "mail.example.org"
port = 587
security = "starttls"
username = "me"
password_command = ["pass", "show", "mail/home"]
from = "digest@example.org"
to = ["me@example.org"]

[digest.sendmail]
command = ["/usr/sbin/sendmail", "-i"]
to = ["me@example.org"]

[digest.apprise]
urls = ["ntfy://topic"]

[rules]
shipment_window = 7
protection = 90
dispute_window = 3
untracked = ["phone case*"]

[rules.shop.ebay]
protection = 45

[reply]
mode = "draft"
allow = ["me@example.org"]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    """The text with which settings are refused, without the file's name and the line in front."""
    path = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    message = str(caught.value)
    assert "\n" not in message
    place = re.match(rf"{re.escape(str(path))}(:[0-9]+)?: ", message)
    assert place, message
    return message[place.end() :]


# ── what may stand there ────────────────────────────────────────────────────────────────────────────────────


def test_every_key_of_the_documentation_is_taken(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, EVERYTHING))
    assert (config.digest.smtp.sender, config.rules.protection, config.reply.mode) == (
        "digest@example.org",
        90,
        "draft",
    )


def test_empty_settings_are_the_defaults(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, "")) == Config()


def test_address_and_server_are_all_an_account_needs(tmp_path: Path) -> None:
    account = load_config(write(tmp_path, HOST)).accounts["home"]
    assert (account.folders, account.window_days, account.server()) == (
        ("INBOX",),
        120,
        Server("mail.example.org", 993, "tls", "me@example.org"),
    )


def test_time_of_day_is_read(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, '[digest]\nat = "06:30"\n')).digest.at_time() == time(6, 30)


def test_without_a_time_the_first_run_of_the_day_sends() -> None:
    assert Config().digest.at_time() is None


def test_time_zone_is_the_settings_or_the_machines(tmp_path: Path) -> None:
    assert str(load_config(write(tmp_path, 'timezone = "Asia/Kolkata"\n')).zone()) == "Asia/Kolkata"
    assert Config().zone() is None


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("starttls", 587), ("plain", 25)])
def test_mail_server_of_the_digest_has_the_port_of_its_security(tmp_path: Path, security: str, port: int) -> None:
    smtp = f'[digest.smtp]\nhost = "localhost"\nsecurity = "{security}"\n'
    assert load_config(write(tmp_path, smtp)).digest.smtp.effective_port() == port


# ── what is refused ─────────────────────────────────────────────────────────────────────────────────────────

REFUSALS = {
    "unknown key": ("colour = 1", "unknown key `colour`"),
    "unknown key of a table": ("[digest]\ntime = 1", "digest: unknown key `time`"),
    "unknown key of an account": (HOST + "window = 1", "accounts.home: unknown key `window`"),
    "password in clear": (HOST + 'password = "hunter2"', "accounts.home: unknown key `password`"),
    "no address": ('[accounts.home]\nhost = "h"', "accounts.home: missing key `address`"),
    "no server": (ACCOUNT, "accounts.home: the server is missing: "),
    "wrong type": (HOST + 'port = "993"', "accounts.home.port: Expected `int"),
    "second account": (
        HOST + '[accounts.work]\naddress = "a"',
        'accounts.work: address = "a" is no mail address',
    ),
    "not TOML": ("[digest", "not valid TOML"),
    "time zone": ('timezone = "Mars/Olympus"', 'timezone = "Mars/Olympus" does not exist'),
    "time zone folder": ('timezone = "Europe"', 'timezone = "Europe" does not exist'),
    "time zone path": ('timezone = "../../etc/passwd"', 'timezone = "../../etc/passwd" does not exist'),
    "language": ('language = "English"', 'language = "English" is not spoken: take one of '),
    "hour": ('[digest]\nat = "24:00"', 'digest: at = "24:00" is no time of day'),
    "minute": ('[digest]\nat = "7:00"', 'digest: at = "7:00" is no time of day'),
    "delivery": ('[digest]\ndeliver = ["fax"]', 'digest: deliver = "fax" is none of stdout, file, append'),
    "heartbeat": ('[digest]\nheartbeat = "daily"', 'digest: heartbeat = "daily" is none of off, weekly'),
    "reply mode": ('[reply]\nmode = "on"', 'reply: mode = "on" is none of off, draft, send'),
    "reply address": ('[reply]\nallow = ["all"]', 'reply: allow = "all" is no mail address'),
    "untracked": ('[rules]\nuntracked = ["*"]', "rules: untracked has an empty word"),
    "a shop's days": ("[rules.shop.ebay]\nprotection = 0", "rules.shop[...].protection: Expected `int` >= 1"),
    "days": ("[rules]\nprotection = 0", "rules.protection: Expected `int` >= 1"),
    "window": (HOST + "window_days = 0", "accounts.home.window_days: Expected `int` >= 1"),
    "security": (
        HOST + 'security = "ssl"',
        'accounts.home: security = "ssl" is none of tls, starttls, plain',
    ),
    "provider": (ACCOUNT + 'provider = "gmial"', 'accounts.home: provider = "gmial" is none of the known ones (gmail'),
    "no folder": (HOST + "folders = []", "accounts.home: folders is empty"),
    "line break in a folder": (
        HOST + 'folders = ["a\\r\\nb"]',
        "accounts.home: folders is empty or has control",
    ),
    "line break in a user name": (
        HOST + 'username = "a\\r\\nb"',
        "accounts.home: username is empty or has control",
    ),
    "line break in an address": ('[accounts.a]\nhost = "h"\naddress = "a@b\\r\\n"', "accounts.a: address"),
    "two commands": (
        HOST + 'password_command = ["a"]\ntoken_command = ["b"]',
        "accounts.home: password_command and token_command exclude each other",
    ),
    "command without a program": (
        HOST + 'password_command = [""]',
        "accounts.home: password_command is no command",
    ),
    "command as a string": (
        HOST + 'password_command = "pass"',
        "accounts.home.password_command: Expected `array`",
    ),
    "account called files": (
        '[accounts.files]\naddress = "a@b"\nhost = "h"',
        'accounts: "files" cannot name',
    ),
    "account with a slash": ('[accounts."a/b"]\naddress = "a@b"\nhost = "h"', 'accounts: "a/b" cannot name'),
    "append to nowhere": (
        '[digest.append]\naccount = "x"',
        'digest.append: account = "x" is not in [accounts]',
    ),
    "account called like the server for mails of ours": (
        '[accounts.smtp]\naddress = "me@example.org"\nprovider = "gmail"',
        'accounts: "smtp" cannot name',
    ),
    "smtp without anybody to write to": (
        '[digest]\ndeliver = ["smtp"]\n[digest.smtp]\nhost = "mx.example"',
        "digest.deliver names smtp: set to",
    ),
    "sendmail without anybody to write to": (
        '[digest]\ndeliver = ["sendmail"]',
        "digest.deliver names sendmail: set to",
    ),
    "answers without a server to send them by": ('[reply]\nmode = "send"', "reply.mode"),
    "a cap of nothing": ("[reply]\nmax_per_day = 0", "reply.max_per_day: Expected `int` >= 1"),
    "password for nobody": (
        '[digest.smtp]\nhost = "mx.example"\npassword_command = ["pass"]',
        "digest.smtp: username is missing",
    ),
    "append without account": ('[digest]\ndeliver = ["append"]', "digest.deliver names append"),
    "smtp without host": ('[digest]\ndeliver = ["smtp"]', "digest: deliver names smtp: set host"),
    "apprise without urls": ('[digest]\ndeliver = ["apprise"]', "digest: deliver names apprise: set urls"),
    "smtp in the clear": ('[digest.smtp]\nhost = "mx.example"\nsecurity = "plain"', "digest.smtp: security"),
}


@pytest.mark.parametrize(("text", "message"), REFUSALS.values(), ids=REFUSALS.keys())
def test_wrong_settings_are_refused_by_table_and_key(tmp_path: Path, text: str, message: str) -> None:
    assert refusal(tmp_path, text).startswith(message)


def test_refusal_does_not_repeat_a_password_written_in_clear(tmp_path: Path) -> None:
    assert "hunter2" not in refusal(tmp_path, HOST + 'password = "hunter2"')


# ── servers ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_preset_fills_server_and_trusted_ids() -> None:
    account = Account(address="me@gmail.com", provider="gmail", trusted_authserv_ids=("mx.own.example",))
    assert account.server().host == "imap.gmail.com"
    assert account.authserv_ids() == ("mx.own.example", "mx.google.com")


def test_own_keys_go_before_the_preset() -> None:
    server = Account(address="a@b", provider="proton-bridge", host="127.0.0.2", port=1144, username="u").server()
    assert server == Server("127.0.0.2", 1144, "starttls", "u", hint=server.hint)


@pytest.mark.parametrize(
    ("keys", "port"),
    [
        ({"host": "h"}, 993),
        ({"host": "h", "security": "starttls"}, 143),
        ({"host": "localhost", "security": "plain"}, 143),
        ({"provider": "proton-bridge"}, 1143),
        ({"provider": "gmail", "security": "starttls"}, 143),
    ],
    ids=["tls", "starttls", "plain", "preset", "preset with other security"],
)
def test_port_follows_the_security(keys: dict[str, str], port: int) -> None:
    assert Account(address="a@b", **keys).server().port == port  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_plain_text_is_allowed_on_loopback(host: str) -> None:
    assert Account(address="a@b", host=host, security="plain").server().security == "plain"


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.1", "127.example.org", "localhost.example.org"])
def test_plain_text_to_elsewhere_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="allow_plain = true"):
        Account(address="a@b", host=host, security="plain")


def test_plain_text_to_elsewhere_can_be_allowed() -> None:
    assert Account(address="a@b", host="nas.lan", security="plain", allow_plain=True).server().host == "nas.lan"


def test_ca_file_in_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert Account(address="a@b", host="h", ca_file="~/mail.pem").server().ca_file == Path("/home/me/mail.pem")


# ── where things lie ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("variables", "config", "state"),
    [
        ({"HOME": "/h"}, "/h/.config", "/h/.local/state"),
        ({"HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"}, "/c", "/s"),
        ({"HOME": "/h", "XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": ""}, "/h/.config", "/h/.local/state"),
        ({}, "/from/pwd/.config", "/from/pwd/.local/state"),
        ({"HOME": ""}, "/from/pwd/.config", "/from/pwd/.local/state"),
    ],
    ids=["home", "xdg", "relative xdg is ignored", "cron without HOME", "empty HOME"],
)
def test_folders_follow_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], config: str, state: str
) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("pwd.getpwuid", lambda _: type("Entry", (), {"pw_dir": "/from/pwd"}))
    with pytest.raises(ConfigError, match=f"no settings at {config}/parcel-digest/config.toml"):
        load_config()
    assert state_dir() == Path(state, "parcel-digest")


def test_user_without_any_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: int) -> None:
        raise KeyError("uid not found")

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    with pytest.raises(ConfigError, match="set HOME"):
        state_dir()


def test_state_folder_of_the_command_line_goes_first(tmp_path: Path) -> None:
    assert state_dir(tmp_path) == tmp_path


def test_missing_settings_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "none.toml")
    assert "`parcel-digest init` writes them" in str(caught.value)
    assert "`parcel-digest run --mailbox PATH` needs none" in str(caught.value)


def test_folder_instead_of_settings_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_config(tmp_path)


def test_import_brings_in_nothing_heavy() -> None:
    code = "import sys, pipeline.config; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"imapclient", "imaplib", "ssl", "jinja2", "mailparser", "typer", "zoneinfo", "email"}
    assert heavy.isdisjoint(done.stdout.split())


def test_loopback_is_not_a_matter_of_the_first_digits() -> None:
    assert not checks.is_loopback("127.0.0.1.example.org")
