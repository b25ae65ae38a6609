"""The questions of `init`: on a terminal they are asked, without one the options must answer them."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from pipeline.mailbox.credentials import Secret
    from pipeline.setup.answers import Answers
    from pipeline.setup.autoconfig import Found
    from pipeline.setup.probe import Seen

T = TypeVar("T")

SHOWN_FOLDERS = 30


class Interview:
    """Fills *answers*. ``interactive``: whether anybody can be asked."""

    def __init__(self, answers: Answers, *, interactive: bool, lookup: bool) -> None:
        self.answers = answers
        self.interactive = interactive
        self._lookup = lookup
        #: Whether the password was typed in and is kept nowhere: then the job has none.
        self.typed = False

    # ── the server ────────────────────────────────────────────────────────────────────────────────────────

    def address(self) -> None:
        """Whose mail it is."""
        from pipeline.config.checks import mail_address

        if not self.answers.address:
            self.answers.address = self._ask("Your mail address", option="--address")
        _checked(lambda: mail_address("address", self.answers.address))

    def server(self) -> None:
        """Where it lies: the options, a known provider, what the provider publishes, or the owner's word."""
        from pipeline.config.accounts import provider_of, providers

        answers = self.answers
        if answers.provider or answers.host:
            _checked(answers.account)
        else:
            answers.provider = provider_of(answers.address) or ""
        if answers.provider in providers():
            provider = providers()[answers.provider]
            print(f"Your provider is {provider.name}: {answers.host or provider.host}. {provider.hint}.")
        elif not answers.host and not (self._lookup and self._looked_up()):
            print("No server is known for this address; your provider's help pages name it under IMAP.")
            answers.host = self._ask("IMAP server", option="--host")
            self._details()
        _checked(answers.account)

    def _details(self) -> None:
        """What nobody published of the server, where the options do not say it."""
        answers = self.answers
        if not self.interactive:
            return
        answers.security = answers.security or self._ask("Security (tls, starttls)", default="tls")
        if answers.port is None:
            usual = "143" if answers.security == "starttls" else "993"
            port = self._ask("Port", default=usual)
            answers.port = int(port) if port.isdigit() and port != usual else None
        answers.username = answers.username or self._ask("User name", default=answers.address)
        if answers.username == answers.address:
            answers.username = ""

    def _looked_up(self) -> Found | None:
        from pipeline.setup.autoconfig import DATABASE, discover, domain_of
        from pipeline.setup.web import mail_exchanger, page

        domain = domain_of(self.answers.address)
        print(
            f"The server of {domain} can be looked up: at autoconfig.{domain} and {domain}, in the public database "
            f"{DATABASE.split('/')[2]} (which is told the domain only), and with whoever takes mail for {domain}."
        )
        if not self._yes("Look it up?"):
            return None

        def asked(place: str) -> bytes | None:
            print(f"  asking {place.partition('?')[0]}")
            return page(place)

        found = discover(self.answers.address, asked, mail_exchanger)
        if found is None:
            return None
        print(f"Found: {found.host}, port {found.port}, {found.security}, says {found.place.partition('?')[0]}")
        if not found.passwords:
            print("It takes no passwords but OAuth2 tokens: you need a command that prints one (--token-command).")
        # The draft demands that a person sees the host before any password goes there.
        if self.interactive and not self._yes(f"Is {found.host} your provider's?"):
            return None
        self.answers.take(found)
        return found

    # ── the password ──────────────────────────────────────────────────────────────────────────────────────

    def password(self) -> Secret:
        """From a command, what is there already, or typed in. Raises NoSecret without a terminal."""
        from pipeline.mailbox.credentials import NoSecret, Secret, secret, variable

        answers = self.answers
        try:
            return secret(answers.name, answers.account())
        except NoSecret:
            if not self.interactive or answers.password_command or answers.token_command:
                raise
        print("The password is never written into the settings. It may come from a command that prints it, such as")
        print(f"  pass show mail/{answers.name}      or      secret-tool lookup mail {answers.name}")
        if command := self._ask("Command (empty: type the password now)", default=""):
            from pipeline.setup.answers import words

            answers.password_command = _checked(lambda: words(command))
            return secret(answers.name, answers.account())
        typed: str = typer.prompt("Password", hide_input=True)
        if _has_keyring() and self._yes("Keep it in this desktop's keyring?"):
            _keep(answers.name, typed)
        else:
            print("It is used for this login and kept nowhere.")
            self.typed = True
            os.environ[variable(answers.name)] = typed
        return Secret(typed)

    def another_try(self) -> bool:
        """After a refusal: forget the password and ask again?"""
        from pipeline.mailbox.credentials import variable

        if not self.interactive or not self._yes("Try again?"):
            return False
        os.environ.pop(variable(self.answers.name), None)
        self.answers.password_command = []
        self.answers.username = self._ask("User name", default=self.answers.account().server().username)
        return True

    def certificate(self) -> bool:
        """Where the server's certificate is its own: the file that vouches for it."""
        if not self.interactive:
            return False
        self.answers.ca_file = self._ask("File with the server's certificate (empty: give up)", default="")
        return bool(self.answers.ca_file)

    # ── what the mailbox shows ────────────────────────────────────────────────────────────────────────────

    def folders(self, seen: Seen) -> None:
        """Which folders to read."""
        answers = self.answers
        print(f"Logged in: {seen.mails} mails in {(answers.folders or ['INBOX'])[0]}, {len(seen.folders)} folders.")
        if self.interactive and not answers.folders and len(seen.folders) > 1:
            print("  " + ", ".join(seen.folders[:SHOWN_FOLDERS]) + (", …" if len(seen.folders) > SHOWN_FOLDERS else ""))
            chosen = self._ask("Folders to read, with commas between them", default="INBOX")
            names = [name.strip() for name in chosen.split(",") if name.strip()]
            answers.folders = [] if names == ["INBOX"] else names
        for folder in seen.lacking:
            print(f"  there is no folder {folder}: its name must be as in the list")

    def trust(self, seen: Seen) -> None:
        """Whose verdicts on senders are believed."""
        answers = self.answers
        if answers.account().authserv_ids() or answers.account().id_less_topmost():
            return
        own = seen.own_server()
        if own is None:
            print("Your server's mails do not say whether their senders are genuine, so none will count as trusted.")
            return
        print(f"Your mail server seems to call itself {own} where it vouches for senders")
        print(
            f"(in {dict(seen.verdicts)[own]} of the last {seen.looked_at} mails). Believed, it tells impostors apart."
        )
        if not self.interactive:
            print(f"To believe it, give --trust {own}")
        elif self._yes("Believe it?"):
            answers.trusted_authserv_ids = [own]

    def delivery(self) -> None:
        """Where the digest goes."""
        if self.interactive and not self.answers.deliver:
            print("The digest can be put into your inbox (append), written as a page (file), or printed (stdout),")
            print("which cron mails to you where the machine has a mailer.")
            chosen = self._ask("Where should it go", default="append")
            self.answers.deliver = [name.strip() for name in chosen.split(",") if name.strip()]

    # ── asking ────────────────────────────────────────────────────────────────────────────────────────────

    def _ask(self, question: str, *, default: str | None = None, option: str = "") -> str:
        if not self.interactive:
            if default is not None:
                return default
            raise typer.BadParameter(f"{option} is missing, and there is no terminal to ask on")
        answer: str = typer.prompt(question, default=default, show_default=bool(default))
        return answer.strip()

    def _yes(self, question: str) -> bool:
        return typer.confirm(question, default=True) if self.interactive else True


def _has_keyring() -> bool:
    """Whether the package is there, and behind it a keyring that can hold anything."""
    if find_spec("keyring") is None:
        return False
    try:
        return bool(import_module("keyring").get_keyring().priority > 0)
    except Exception:  # its backends raise what they like
        return False


def _keep(name: str, password: str) -> None:
    try:
        import_module("keyring").set_password("parcel-digest", name, password)
    except Exception as error:  # its backends raise what they like
        os.environ[f"PARCEL_DIGEST_{name.upper()}_PASSWORD"] = password
        print(f"The keyring did not take it ({type(error).__name__}); it is used for this login and kept nowhere.")


def _checked(check: Callable[[], T]) -> T:
    try:
        return check()
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
