"""The owner's settings: ``config.toml`` into typed tables, every wrong key refused by name.

Every key has a default but an account's address and server. Nothing here opens a connection or asks for a
secret, and the import stays cheap: a run with nothing new pays for it every five minutes.
"""

from __future__ import annotations

import os
import re
from datetime import time, tzinfo
from pathlib import Path

import msgspec

from pipeline.config.accounts import SECURITIES, Account, Command, Count, Days, Port
from pipeline.config.checks import (
    account_name,
    command_line,
    home,
    is_loopback,
    mail_address,
    one_line,
    one_of,
    time_zone,
)
from pipeline.config.source import is_overridden, read_settings
from pipeline.tables import Table, TableError

__all__ = ["Config", "ConfigError", "default_path", "is_overridden", "load_config", "state_dir"]

NO_HOME = "this user has no home folder: set HOME, or give --config and --state"
DELIVERIES = ("stdout", "file", "append", "smtp", "sendmail", "apprise")
#: The language of the messages themselves.
_ENGLISH = "en"


class ConfigError(Exception):
    """Settings that cannot be used (78, EX_CONFIG). The text is one line that says what to do."""

    exit_code = 78


class FileDelivery(Table, frozen=True):
    """``[digest.file]``: the folder for digests; without ``dir``, ``digests`` in the state folder."""

    dir: str = ""


class AppendDelivery(Table, frozen=True):
    """``[digest.append]``: the digest is appended to *folder* of *account* (default: the first)."""

    account: str = ""
    folder: str = "INBOX"

    def __post_init__(self) -> None:
        one_line("folder", self.folder, empty=False)


class SmtpDelivery(Table, frozen=True):
    """``[digest.smtp]``. ``from`` and ``to`` are by default the first account's address.

    Without ``username`` no login is tried. The password comes from ``password_command``, else as for an account of
    the name ``smtp``.
    """

    host: str = ""
    port: Port | None = None
    security: str = "tls"
    username: str = ""
    password_command: Command = ()
    token_command: Command = ()
    ca_file: str = ""
    sender: str = msgspec.field(default="", name="from")
    to: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        one_of("security", self.security, SECURITIES)
        for key in ("host", "username", "ca_file"):
            one_line(key, getattr(self, key))
        for key in ("password_command", "token_command"):
            command_line(key, getattr(self, key))
        if self.password_command and self.token_command:
            raise ValueError("password_command and token_command exclude each other: keep one of them")
        if (self.password_command or self.token_command) and not self.username:
            raise ValueError("username is missing: without it no login is tried")
        if self.sender:
            mail_address("from", self.sender)
        for address in self.to:
            mail_address("to", address)
        if self.security == "plain" and self.host and not is_loopback(self.host):
            raise ValueError(f'security = "plain" is for loopback only, and {self.host} is not: use tls or starttls')

    def effective_port(self) -> int:
        """Return the port, by default that of the security: 465, 587 or 25 (RFC 8314, RFC 6409, RFC 5321)."""
        return self.port or {"tls": 465, "starttls": 587, "plain": 25}[self.security]


class SendmailDelivery(Table, frozen=True):
    """``[digest.sendmail]``: a mailer that takes recipients as arguments, the mail on standard input."""

    command: Command = ("/usr/sbin/sendmail", "-i")
    to: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        command_line("command", self.command, empty=False)
        for address in self.to:
            mail_address("to", address)


class AppriseDelivery(Table, frozen=True):
    """``[digest.apprise]``: notification services by their apprise URL."""

    urls: tuple[str, ...] = ()


class Digest(Table, frozen=True):
    """``[digest]``: when the digest goes out and where."""

    at: str = ""
    deliver: tuple[str, ...] = ("stdout",)
    heartbeat: str = "off"
    templates: str = ""
    file: FileDelivery = FileDelivery()
    append: AppendDelivery = AppendDelivery()
    smtp: SmtpDelivery = SmtpDelivery()
    sendmail: SendmailDelivery = SendmailDelivery()
    apprise: AppriseDelivery = AppriseDelivery()

    def __post_init__(self) -> None:
        if self.at and not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", self.at):
            raise ValueError(f'at = "{self.at}" is no time of day: write it as "07:00"')
        for name in self.deliver:
            one_of("deliver", name, DELIVERIES)
        one_of("heartbeat", self.heartbeat, ("off", "weekly"))
        if "smtp" in self.deliver and not self.smtp.host:
            raise ValueError("deliver names smtp: set host in [digest.smtp]")
        if "apprise" in self.deliver and not self.apprise.urls:
            raise ValueError("deliver names apprise: set urls in [digest.apprise]")

    def templates_dir(self) -> str:
        """Return the folder of the owner's own templates, with ``~`` as the home folder; empty: there is none."""
        return str(Path(self.templates).expanduser()) if self.templates else ""

    @property
    def is_mailed(self) -> bool:
        """Whether the digest comes as a mail, so that it can be replied to."""
        return not {"append", "smtp", "sendmail"}.isdisjoint(self.deliver)

    def at_time(self) -> time | None:
        """Return from when on the day's digest may go out; ``None``: with the first run of the day."""
        return time.fromisoformat(self.at) if self.at else None


class ShopRules(Table, frozen=True):
    """``[rules.shop.NAME]``: what the owner knows better of one shop."""

    shipment_window: Days | None = None
    protection: Days | None = None


class Rules(Table, frozen=True):
    """``[rules]``: the days that the rules count with, and the owner's words for what is never tracked."""

    shipment_window: Days = 5
    protection: Days = 60
    dispute_window: Days = 5
    untracked: tuple[str, ...] = ()
    shop: dict[str, ShopRules] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        if not all(word.strip(" *") for word in self.untracked):
            raise ValueError("untracked has an empty word, which stands in every title")


class Reply(Table, frozen=True):
    """``[reply]``: whether the program may answer mails, and whom.

    ``allow``: who may get details of parcels, and answers that nobody has read before. ``commands``: whether the
    owner may mark by replying to the digest. ``drafts``: the folder for drafts, by default the one that the server
    names so. ``null_sender``: answers have the empty envelope sender (RFC 3834 section 3.3); not every submission
    server takes it. ``max_per_sender`` counts answers a day.
    """

    mode: str = "off"
    allow: tuple[str, ...] = ()
    commands: bool = True
    drafts: str = ""
    null_sender: bool = True
    max_per_run: Count = 10
    max_per_day: Count = 10
    max_per_sender: Count = 3

    def __post_init__(self) -> None:
        one_of("mode", self.mode, ("off", "draft", "send"))
        one_line("drafts", self.drafts)
        for address in self.allow:
            mail_address("allow", address)


class Config(Table, frozen=True):
    """All settings. ``Config()`` is what holds where no file is needed (a mailbox of files)."""

    timezone: str = ""
    language: str = _ENGLISH
    ping: str = ""
    accounts: dict[str, Account] = msgspec.field(default_factory=dict)
    digest: Digest = Digest()
    rules: Rules = Rules()
    reply: Reply = Reply()

    def __post_init__(self) -> None:
        if self.timezone:
            time_zone(self.timezone)
        if self.language != _ENGLISH:
            # A run without news has nothing to say, and English is there without a look.
            from pipeline.speech.catalog import language_of, languages

            if language_of(self.language) is None:
                raise ValueError(f'language = "{self.language}" is not spoken: take one of {", ".join(languages())}')
        if self.ping and not (self.ping.isprintable() and re.match(r"https://|http://(localhost|127\.)", self.ping)):
            raise ValueError(f'ping = "{self.ping}" is no https address')
        for name in self.accounts:
            account_name(name)
        if self.digest.append.account and self.digest.append.account not in self.accounts:
            raise ValueError(f'digest.append: account = "{self.digest.append.account}" is not in [accounts]')
        if "append" in self.digest.deliver and not self.accounts:
            raise ValueError("digest.deliver names append: that needs an account")
        if self.reply.mode == "send" and not self.digest.smtp.host:
            raise ValueError('reply.mode = "send" needs a server to send by: set host in [digest.smtp]')
        for name, to in (("smtp", self.digest.smtp.to), ("sendmail", self.digest.sendmail.to)):
            if name in self.digest.deliver and not (to or self.accounts):
                raise ValueError(f"digest.deliver names {name}: set to in [digest.{name}]")

    @property
    def spoken(self) -> str:
        """Return the language of the output, one of ``speech.languages``."""
        from pipeline.speech.catalog import SOURCE, language_of

        return language_of(self.language) or SOURCE

    def owner_address(self) -> str:
        """Return the first account's address, from which mails of ours come; empty without accounts."""
        return next((account.address for account in self.accounts.values()), "")

    def zone(self) -> tzinfo | None:
        """Return the owner's time zone; ``None`` means the process's own (``TZ``)."""
        return time_zone(self.timezone) if self.timezone else None


# ── where things lie ────────────────────────────────────────────────────────────────────────────────────────


def default_path() -> Path:
    """Return where the settings lie unless told otherwise: in the XDG config folder."""
    return _xdg("XDG_CONFIG_HOME", ".config") / "parcel-digest" / "config.toml"


def load_config(path: Path | None = None) -> Config:
    """Read the settings at *path*, by default at :func:`default_path`, and what the environment sets over them.

    Raises:
        ConfigError: no such file, not readable, or a key or value that is wrong: with the file and the line.
    """
    path = path or default_path()
    try:
        return read_settings(path, Config)
    except FileNotFoundError:
        raise ConfigError(
            f"no settings at {path}: `parcel-digest init` writes them; `parcel-digest run --mailbox PATH` needs none"
        ) from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except TableError as error:
        raise ConfigError("".join(char if char.isprintable() else "?" for char in str(error))) from None
    except LookupError:  # a ca_file in the home folder of a user who has none
        raise ConfigError(NO_HOME) from None


def state_dir(option: Path | None = None) -> Path:
    """Return the folder of ledger and digests: *option*, else ``parcel-digest`` in the XDG state folder."""
    return option or _xdg("XDG_STATE_HOME", ".local/state") / "parcel-digest"


def _xdg(variable: str, default: str) -> Path:
    # A path that is not absolute is to be ignored (XDG Base Directory Specification).
    value = os.environ.get(variable, "")
    if value.startswith("/"):
        return Path(value)
    try:
        return home() / default
    except LookupError:
        raise ConfigError(NO_HOME) from None
