"""Passwords and tokens: fetched when they are needed, never kept in the settings, never shown.

Looked for in this order: the account's ``token_command`` or ``password_command``, a systemd credential
(``$CREDENTIALS_DIRECTORY/parcel-digest-ACCOUNT``, systemd.exec(5)), the environment variable
``PARCEL_DIGEST_ACCOUNT_PASSWORD``, and the desktop's keyring where the extra ``parcel-digest[keyring]`` is
installed (service ``parcel-digest``, user ACCOUNT).
"""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Protocol

from pipeline.mailbox import LoginRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Seconds a command or the keyring may take. Whatever waits for a person waits in vain under cron.
COMMAND_TIMEOUT = 60.0


_BASE64 = re.compile(r"[A-Za-z0-9+/]{12,}={0,2}")


class NoSecret(LoginRefused):
    """No password or token could be had, so that no server was asked (77, EX_NOPERM)."""


class Secret:
    """A password or an OAuth2 access token that shows itself to nobody but :meth:`reveal`'s caller."""

    __slots__ = ("_value", "is_token")

    def __init__(self, value: str, *, is_token: bool = False) -> None:
        self._value = value
        self.is_token = is_token

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._value

    def redact(self, text: str) -> str:
        """Return *text* without the secret in it: some servers repeat the command that they refuse."""
        if not self._value:
            return text
        return _BASE64.sub(self._veil, text.replace(self._value, "…"))

    def _veil(self, word: re.Match[str]) -> str:
        # What SASL sends is base64 of user and secret together (RFC 4616, RFC 7628).
        try:
            sent = base64.b64decode(word[0] + "=" * (-len(word[0]) % 4), validate=True)
        except ValueError:
            return word[0]
        return "…" if self._value.encode() in sent else word[0]

    def __repr__(self) -> str:
        return f"<{'token' if self.is_token else 'password'}, not shown>"

    def __reduce__(self) -> str:
        raise TypeError("a secret cannot be pickled")


class NeedsSecret(Protocol):
    """What of the settings tells where the secret is: an account, or ``[digest.smtp]``."""

    @property
    def password_command(self) -> tuple[str, ...]: ...


def secret(name: str, settings: NeedsSecret) -> Secret:
    """Return the secret of the account *name* (``"smtp"`` for the digest's own mail server).

    Raises:
        NoSecret: a command failed, or nothing is configured; its text names what can be set.
    """
    if token_command := getattr(settings, "token_command", ()):
        return Secret(_from_command(name, "token_command", token_command), is_token=True)
    if settings.password_command:
        return Secret(_from_command(name, "password_command", settings.password_command))
    value = _from_credentials(name) or os.environ.get(variable(name)) or _from_keyring(name)
    if not value:
        raise NoSecret(
            f"account {name}: no password: set password_command or token_command, the systemd credential "
            f"parcel-digest-{name}, or {variable(name)}"
        )
    return Secret(_checked(name, "the password", value))


def variable(name: str) -> str:
    """Return the environment variable of the account *name*: ``PARCEL_DIGEST_HOME_PASSWORD``."""
    return f"PARCEL_DIGEST_{re.sub('[^A-Z0-9]', '_', name.upper())}_PASSWORD"


def _from_command(name: str, key: str, command: Sequence[str]) -> str:
    # What the command writes to standard error is dropped: it may hold the secret, and cron mails it on.
    failed = f"account {name}: {key} {command[0]}"
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise NoSecret(f"{failed} cannot be started: {error.strerror}") from None
    with process:
        try:
            output, _ = process.communicate(timeout=COMMAND_TIMEOUT)
        except subprocess.TimeoutExpired:
            # The whole session: a grandchild that keeps standard output open would keep us waiting for ever.
            os.killpg(process.pid, signal.SIGKILL)
            raise NoSecret(f"{failed} did not end within {COMMAND_TIMEOUT:g} seconds") from None
    if process.returncode:
        raise NoSecret(f"{failed} failed with exit code {process.returncode}: run it by hand to see why")
    return _checked(name, f"what {key} {command[0]} printed", output)


def _from_credentials(name: str) -> bytes | None:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return None
    path = Path(folder) / f"parcel-digest-{name}"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NoSecret(f"account {name}: the credential {path} cannot be read: {error.strerror}") from None


def _from_keyring(name: str) -> str | None:
    if find_spec("keyring") is None:
        return None
    got: list[object] = []

    def ask() -> None:
        # Its backends raise what they like; under cron there is usually no keyring to be asked.
        with suppress(Exception):
            got.append(import_module("keyring").get_password("parcel-digest", name))

    # A locked keyring waits for a person to unlock it.
    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(COMMAND_TIMEOUT)
    return got[0] if got and isinstance(got[0], str) else None


def _checked(name: str, what: str, value: str | bytes) -> str:
    """Return the first line of *value*; it becomes part of a line of a protocol, so it must be clean."""
    try:
        text = value.decode("utf-8") if isinstance(value, bytes) else value
    except UnicodeDecodeError:
        raise NoSecret(f"account {name}: {what} is not UTF-8") from None
    line = text.split("\n", 1)[0].removesuffix("\r")
    if not line:
        raise NoSecret(f"account {name}: {what} has an empty first line")
    if any(ord(char) < 32 or char == "\x7f" for char in line):
        raise NoSecret(f"account {name}: {what} has control characters in its first line")
    return line
