"""What is known of the new account so far, from options and answers, on its way to becoming settings."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.config.accounts import Account, providers

if TYPE_CHECKING:
    from pipeline.setup.autoconfig import Found
    from pipeline.setup.writing import Value


@dataclass(slots=True)
class Answers:
    """Keys of the account and of ``[digest]``; what is empty stays at its default."""

    name: str = "home"
    address: str = ""
    provider: str = ""
    host: str = ""
    port: int | None = None
    security: str = ""
    username: str = ""
    ca_file: str = ""
    password_command: list[str] = field(default_factory=list)
    token_command: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    trusted_authserv_ids: list[str] = field(default_factory=list)
    deliver: list[str] = field(default_factory=list)
    timezone: str = ""

    def account(self) -> Account:
        """Return the account. Raises ValueError, in one line, for what cannot be one."""
        return Account(
            address=self.address,
            provider=self.provider,
            host=self.host,
            port=self.port,
            security=self.security,
            username=self.username,
            ca_file=self.ca_file,
            password_command=tuple(self.password_command),
            token_command=tuple(self.token_command),
            folders=tuple(self.folders) or ("INBOX",),
            trusted_authserv_ids=tuple(self.trusted_authserv_ids),
        )

    def take(self, found: Found) -> None:
        """Take over the server that was found for the address."""
        self.host, self.username = found.host, found.username
        self.security = "" if found.security == "tls" else found.security
        self.port = None if found.port == {"tls": 993, "starttls": 143}[found.security] else found.port

    def settings(self) -> dict[str, Value]:
        """Return what was answered, by the keys of the settings."""
        said: dict[str, Value] = {}
        for key in ("address", "provider", "host", "port", "security", "username", "ca_file", "password_command",
                    "token_command", "folders", "trusted_authserv_ids"):  # fmt: skip
            if value := getattr(self, key):
                said[f"accounts.home.{key}"] = value
        if self.deliver:
            said["digest.deliver"] = self.deliver
        if self.timezone:
            said["timezone"] = self.timezone
        return said

    def hint(self) -> str:
        """What the provider wants people to know about logging in."""
        return providers()[self.provider].hint if self.provider in providers() else ""


def words(command: str) -> list[str]:
    """Return a command line as its words. Raises ValueError for a quote that never ends."""
    return shlex.split(command)
