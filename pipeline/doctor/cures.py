"""What to do about an account that cannot be read: which command to try, which key to set, with an example."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from pipeline.mailbox import LoginRefused, WrongSettings
from pipeline.mailbox.connect import Cut, Uncertified
from pipeline.mailbox.credentials import NoSecret, variable
from pipeline.setup.certificate import how_to_get_it

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.config.accounts import Account
    from pipeline.mailbox import MailboxError


def symptom(name: str, error: MailboxError) -> str:
    """What is wrong with the account *name*, which is named already, without what to do."""
    text = error.fact if isinstance(error, Uncertified) else str(error)
    return text.removeprefix(f"account {name}: ")


def cure(name: str, account: Account, error: MailboxError) -> str:
    """What to do about *error*, in one line."""
    server, table = account.server(), f"[accounts.{name}]"
    match error:
        case Uncertified() if not error.is_its_own:
            return error.cure
        case WrongSettings() if isinstance(error, Uncertified) or "ca_file" in str(error):
            return (
                f"if the server is yours, write its certificate into a file and set "
                f'ca_file = "/path/to/{server.host}.pem" in {table}: {how_to_get_it(server)}'
            )
        case NoSecret():
            if command := account.token_command or account.password_command:
                return f"run it by hand, it must print the password as its first line: {_shown(command)}"
            return (
                f'set password_command = ["pass", "show", "mail/{name}"] (or another program that prints it) in '
                f"{table}, or the variable {variable(name)}"
            )
        case LoginRefused():
            if command := account.token_command or account.password_command:
                where = f"this prints the right password: {_shown(command)}"
            else:
                where = f"the right password is in {variable(name)}, the credential or the keyring"
            return f'see whether username = "{server.username}" in {table} is right, and {where}'
        case Cut():
            return (
                f'see whether host = "{server.host}" and port = {server.port} in {table} are right, and whether this '
                "machine is online; your provider's help pages name both under IMAP"
            )
        case WrongSettings():
            return f"correct it in {table}; docs/settings.md has every key"
        case _:
            return "nothing, it passes by itself: the next run tries again"


def holds_a_secret(command: Sequence[str]) -> bool:
    """Whether the password stands in the *command* itself."""
    return bool(command) and command[0].rpartition("/")[2] in ("echo", "printf")


def _shown(command: Sequence[str]) -> str:
    # What the doctor says is shown to others.
    return f"{command[0]} …" if holds_a_secret(command) else shlex.join(command)
