"""Each account: where its secret comes from, whether it logs in, which folders there are, who vouches for senders."""

from __future__ import annotations

import os
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from pipeline.doctor import Finding, note, ok, wrong
from pipeline.doctor.cures import cure, symptom
from pipeline.mailbox import MailboxError
from pipeline.mailbox.credentials import secret, variable
from pipeline.setup.probe import Seen, probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.config.accounts import Account


def account(name: str, settings: Account, *, offline: bool) -> Iterator[Finding]:
    """Examine the account *name*; *offline*: without asking its server or its password command."""
    yield from _secret(name, settings)
    if offline:
        return
    subject = f"account {name}"
    try:
        seen = probe(name, settings, secret(name, settings))
    except MailboxError as error:
        yield wrong(subject, symptom(name, error), cure(name, settings, error), error.exit_code)
        return
    server = settings.server()
    yield ok(subject, f"logged in to {server.host}:{server.port} ({server.security}), {seen.mails} mails")
    for folder in seen.lacking:
        yield wrong(subject, f"there is no folder {folder}", f"there are: {', '.join(seen.folders[:20])}")
    yield from _trust(subject, settings, seen)


def _secret(name: str, settings: Account) -> Iterator[Finding]:
    subject = f"password of {name}"
    command = settings.token_command or settings.password_command
    if command:
        key = "token_command" if settings.token_command else "password_command"
        program = which(os.path.expanduser(command[0]))  # noqa: PTH111 - which() takes text
        if program is None:
            yield wrong(subject, f"{key}: there is no program {command[0]}", "install it, or name its full path", 77)
        elif Path(program).stat().st_mode & 0o002:
            yield wrong(subject, f"{key}: {program} can be changed by anybody", f"chmod o-w {program}")
        else:
            yield ok(subject, f"from {key}, {program}")
    elif (folder := os.environ.get("CREDENTIALS_DIRECTORY")) and (Path(folder) / f"parcel-digest-{name}").exists():
        yield ok(subject, "from a systemd credential")
    elif variable(name) in os.environ:
        yield note(
            subject,
            f"from the variable {variable(name)}, which your other programs can read",
            "a password_command is better: docs/settings.md",
        )
    else:
        yield note(subject, "from the keyring, if it has it: there is no command, credential or variable")


def _trust(subject: str, settings: Account, seen: Seen) -> Iterator[Finding]:
    if settings.id_less_topmost():
        yield ok(subject, "your provider's verdicts on senders are believed")
        return
    believed = settings.authserv_ids()
    counted = ", ".join(f"{name or '(no name)'} {count}×" for name, count in seen.verdicts) or "none"
    text = f"verdicts on senders in the last {seen.looked_at} mails: {counted}"
    own = seen.own_server()
    if any(name in believed for name, _ in seen.verdicts):
        yield ok(subject, f"{text}; believed: {', '.join(believed)}")
    elif own:
        yield note(
            subject,
            f"{text}; believed: {', '.join(believed) or 'none'}",
            f'if {own} is your own mail server, set trusted_authserv_ids = ["{own}"]: then impostors are told apart',
        )
    else:
        yield note(subject, f"{text}: no mail can count as trusted", "your provider may have help on this")
