"""The accounts of the settings: which mailbox, on which server, and what a provider's preset fills in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated

import msgspec

from pipeline.config.checks import command_line, expand, is_loopback, mail_address, one_line, one_of
from pipeline.tables import Table, data_dir, load

if TYPE_CHECKING:
    from pathlib import Path

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Command = tuple[str, ...]

SECURITIES = ("tls", "starttls", "plain")
USERNAMES = ("address", "local part")
LOGINS = ("password", "app password", "token")


@dataclass(frozen=True, slots=True)
class Server:
    """How one account's IMAP server is reached, with the preset of its provider filled in.

    Attributes:
        hint: what the provider wants people to know about logging in, for a refused login.
        needs_id: whether it must be told who asks (ID, RFC 2971) before it opens a folder.
    """

    host: str
    port: int
    security: str
    username: str
    ca_file: Path | None = None
    hint: str = ""
    needs_id: bool = False


class Provider(Table, frozen=True):
    """A preset of ``mailbox/providers.toml``, where the keys are explained.

    ``authserv_ids`` are the names a provider gives itself in Authentication-Results (RFC 8601 section 2.5);
    ``id_less_topmost`` says that it gives itself none: then its header is the topmost one without an id.
    """

    name: str
    host: str
    logins: tuple[str, ...]
    hint: str
    source: str
    port: Port = 993
    security: str = "tls"
    username: str = "address"
    domains: tuple[str, ...] = ()
    authserv_ids: tuple[str, ...] = ()
    id_less_topmost: bool = False
    needs_id: bool = False

    def __post_init__(self) -> None:
        one_of("security", self.security, SECURITIES)
        one_of("username", self.username, USERNAMES)
        for login in self.logins:
            one_of("logins", login, LOGINS)

    def username_of(self, address: str) -> str:
        """Return the user name that goes with the mail *address*."""
        return address.rpartition("@")[0] if self.username == "local part" else address


class Account(Table, frozen=True):
    """``[accounts.NAME]``: one mailbox to read."""

    address: str
    aliases: tuple[str, ...] = ()
    provider: str = ""
    host: str = ""
    port: Port | None = None
    security: str = ""
    allow_plain: bool = False
    ca_file: str = ""
    username: str = ""
    password_command: Command = ()
    token_command: Command = ()
    folders: tuple[str, ...] = ("INBOX",)
    window_days: Days = 120
    trusted_authserv_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for address in (self.address, *self.aliases):
            mail_address("address" if address == self.address else "aliases", address)
        if self.provider:
            _known_provider(self.provider)
        elif not self.host:
            fitting = provider_of(self.address) or "gmail"
            raise ValueError(f'the server is missing: set provider = "{fitting}" (or another), or host')
        if self.security:
            one_of("security", self.security, SECURITIES)
        for key in ("host", "username", "ca_file"):
            one_line(key, getattr(self, key))
        for key in ("password_command", "token_command"):
            command_line(key, getattr(self, key))
        if self.password_command and self.token_command:
            raise ValueError("password_command and token_command exclude each other: keep one of them")
        if not self.folders:
            raise ValueError('folders is empty: name at least one, as in folders = ["INBOX"]')
        for folder in self.folders:
            one_line("folders", folder, empty=False)
        server = self.server()
        if server.security == "plain" and not (self.allow_plain or is_loopback(server.host)):
            raise ValueError(
                f'security = "plain" would send the password readable to {server.host}: '
                "use tls or starttls, or set allow_plain = true"
            )

    def server(self) -> Server:
        """Return how the server is reached: the account's own keys, then its preset's, then defaults."""
        preset = providers()[self.provider] if self.provider else None
        security = self.security or (preset.security if preset else "tls")
        port = self.port
        if port is None:
            standard = 993 if security == "tls" else 143
            port = preset.port if preset and security == preset.security else standard
        return Server(
            host=self.host or (preset.host if preset else ""),
            port=port,
            security=security,
            username=self.username or (preset.username_of(self.address) if preset else self.address),
            ca_file=expand(self.ca_file) if self.ca_file else None,
            hint=preset.hint if preset else "",
            needs_id=preset.needs_id if preset else False,
        )

    def authserv_ids(self) -> tuple[str, ...]:
        """Return the servers whose Authentication-Results are believed: of the account and its preset."""
        preset = providers()[self.provider].authserv_ids if self.provider else ()
        return tuple(dict.fromkeys((*self.trusted_authserv_ids, *preset)))

    def id_less_topmost(self) -> bool:
        """Whether the provider writes Authentication-Results without naming itself (Microsoft does)."""
        return bool(self.provider) and providers()[self.provider].id_less_topmost


@cache
def providers() -> dict[str, Provider]:
    """Return the presets by name."""
    return load(data_dir("mailbox") / "providers.toml", dict[str, Provider])


def provider_of(address: str) -> str | None:
    """Return the key of the provider whose domain *address* has, or ``None``."""
    domain = address.rpartition("@")[2].lower()
    return next((key for key, provider in providers().items() if domain in provider.domains), None)


def _known_provider(key: str) -> None:
    if key in providers():
        return
    import difflib

    near = difflib.get_close_matches(key.lower(), providers(), n=3) or ["gmail", "outlook", "yahoo", "…"]
    raise ValueError(f'provider = "{key}" is none of the known ones ({", ".join(near)}): set host, or one of them')
