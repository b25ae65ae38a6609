"""The login of `init`: asks for the password, tries it, and asks what to change until it works or is given up."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pipeline.setup import replies

if TYPE_CHECKING:
    from pipeline.cli.asking import Asker
    from pipeline.cli.server import ServerQuestions
    from pipeline.mailbox import MailboxError
    from pipeline.mailbox.credentials import Secret
    from pipeline.setup.answers import Answers
    from pipeline.setup.probe import Seen

#: So often a login is tried: more would only make the server suspicious.
TRIES = 10


class Login:
    """Tries the account of *answers*."""

    def __init__(self, answers: Answers, asker: Asker, server: ServerQuestions) -> None:
        self._answers = answers
        self._asker = asker
        self._server = server
        self._typed = ""
        #: Whether the password that was found is wrong, so that only another one will do.
        self._refused = False

    @property
    def is_kept_nowhere(self) -> bool:
        """Whether the password was typed in or is a variable of this shell, so that the job has none."""
        from pipeline.mailbox.credentials import variable

        has_command = bool(self._answers.password_command or self._answers.token_command)
        return bool(self._typed) or (not has_command and variable(self._answers.name) in os.environ)

    def look_round(self) -> Seen:
        """Log in, until it works or nobody wants to try again. Raises MailboxError."""
        from pipeline.mailbox import MailboxError
        from pipeline.setup.probe import probe

        for left in reversed(range(TRIES)):
            try:
                seen = probe(self._answers.name, self._answers.account(), self._password())
            except MailboxError as error:
                if not left or not self._asker.interactive:
                    raise _for_options(error) from None
                if not self._changed(error):
                    raise
            else:
                self._keep()
                return seen
        raise AssertionError("the last try returns or raises")

    def _password(self) -> Secret:
        """From a command, what is there already, or typed in. Raises NoSecret where there is none."""
        from pipeline.mailbox.credentials import NoSecret, Secret, secret, variable

        answers = self._answers
        if self._typed:
            return Secret(self._typed)
        has_command = bool(answers.password_command or answers.token_command)
        if has_command or not self._refused:
            try:
                return secret(answers.name, answers.account())
            except NoSecret:
                if has_command or not self._asker.interactive:
                    raise
        print("The password is never written into the settings. It may come from a command that prints it, such as")
        print(f"  pass show mail/{answers.name}      or      secret-tool lookup mail {answers.name}")
        if _has_keyring():
            print("Or type it: you are asked after the login whether this desktop's keyring shall keep it.")
        else:
            print("Or type it: then it is used for this login and kept nowhere, so that the job still needs a command,")
            print(f"or the variable {variable(answers.name)}.")
        answers.password_command = self._asker.value(
            "Command (empty: type the password now)", replies.program, default=""
        )
        if answers.password_command:
            return secret(answers.name, answers.account())
        self._typed = self._asker.hidden("Password")
        os.environ[variable(answers.name)] = self._typed
        return Secret(self._typed)

    def _keep(self) -> None:
        """Let the keyring keep what was typed and has proved right, if it is wanted."""
        from pipeline.mailbox.credentials import variable

        if not self._typed or not _has_keyring() or not self._asker.yes("Keep the password in this desktop's keyring?"):
            return
        try:
            import_module("keyring").set_password("parcel-digest", self._answers.name, self._typed)
        except Exception as error:  # its backends raise what they like
            print(f"The keyring did not take it ({type(error).__name__}), so it is kept nowhere.")
        else:
            self._typed = ""
            os.environ.pop(variable(self._answers.name), None)

    # ── where it failed ───────────────────────────────────────────────────────────────────────────────────

    def _changed(self, error: MailboxError) -> bool:
        """Say what went wrong, and ask what shall be changed; false: nothing, it is given up."""
        from pipeline.mailbox import LoginRefused
        from pipeline.mailbox.connect import Uncertified
        from pipeline.setup.certificate import how_to_get_it

        print(error)
        if isinstance(error, Uncertified) and error.is_its_own:
            print("If the server is yours, this fetches its certificate; do it where you trust the network:")
            print(f"  {how_to_get_it(self._answers.account().server())}")
            if self._server.ca_file():
                return True
        question = "What shall be changed: password, user, server, or nothing (give up)"
        usual = "password" if isinstance(error, LoginRefused) else "server"
        match self._asker.value(question, replies.change, default=usual):
            case "password":
                self._forget_password()
            case "user":
                self._server.user_name(self._answers.account().server().username)
            case "server":
                self._server.ask_again()
            case _:
                return False
        return True

    def _forget_password(self) -> None:
        from pipeline.mailbox.credentials import variable

        os.environ.pop(variable(self._answers.name), None)
        self._refused = True
        self._typed = ""
        self._answers.password_command, self._answers.token_command = [], []


def _for_options(error: MailboxError) -> MailboxError:
    """*error* with the option that cures it where settings do not exist yet, if there is one."""
    from pipeline.mailbox import WrongSettings
    from pipeline.mailbox.connect import Uncertified

    if isinstance(error, Uncertified) and error.is_its_own:
        return WrongSettings(
            f"{error.fact}; give the file with the certificate: --ca-file FILE (ca_file in the settings)"
        )
    return error


def _has_keyring() -> bool:
    """Whether the package is there, and behind it a keyring that can hold anything."""
    if find_spec("keyring") is None:
        return False
    try:
        return bool(import_module("keyring").get_keyring().priority > 0)
    except Exception:  # its backends raise what they like
        return False
