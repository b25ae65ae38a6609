"""The questions of `init` about the server: what the options leave open, and all of it anew where a login failed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pipeline.cli.asking import AnswerError
from pipeline.setup import replies

if TYPE_CHECKING:
    from pipeline.cli.asking import Asker
    from pipeline.setup.answers import Answers
    from pipeline.setup.autoconfig import Found


class ServerQuestions:
    """Fills in the server of *answers*. *lookup*: whether others may be asked for it."""

    def __init__(self, answers: Answers, asker: Asker, *, lookup: bool) -> None:
        self._answers = answers
        self._asker = asker
        self._lookup = lookup

    def find(self) -> None:
        """The options, a known provider, what the provider publishes, or the owner's word. Raises AnswerError."""
        from pipeline.config.accounts import provider_of, providers

        answers = self._answers
        self._of_options()
        if not answers.provider and not answers.host:
            answers.provider = provider_of(answers.address) or ""
        if answers.provider:
            provider = providers()[answers.provider]
            print(f"Your provider is {provider.name}: {answers.host or provider.host}. {provider.hint}.")
        elif not answers.host and not (self._lookup and self._looked_up()):
            print("No server is known for this address; your provider's help pages name it under IMAP.")
            self._place()
            self._details()
        try:
            answers.account()
        except ValueError as error:
            raise AnswerError(str(error)) from None

    def ask_again(self) -> None:
        """Ask for all of it anew, with what was answered before as defaults."""
        answers = self._answers
        before = answers.account().server()
        answers.port = None
        self._place(default=before.host)
        if answers.host != before.host:
            answers.provider = ""
        self._security(default=before.security)
        usual = 993 if answers.security == "tls" else 143
        if answers.port is None:
            proposed = before.port if answers.security == before.security else usual
            answers.port = self._asker.value("Port", replies.port, default=str(proposed))
        if answers.port == usual:
            answers.port = None
        self.user_name(before.username)

    def user_name(self, default: str) -> None:
        """Ask for the user name, which is the address where nothing else is known."""
        answers = self._answers
        name = self._asker.value("User name", replies.user_name, default=default)
        answers.username = "" if name == answers.address and not answers.provider else name

    def ca_file(self, given: str = "") -> bool:
        """Take the file that vouches for the server's certificate; false: there is none."""
        self._answers.ca_file = self._asker.value(
            "File with the server's certificate (empty: none)",
            replies.certificate,
            option="--ca-file",
            given=given,
            exit_code=78,
        )
        return bool(self._answers.ca_file)

    # ── one by one ────────────────────────────────────────────────────────────────────────────────────────

    def _of_options(self) -> None:
        answers, ask = self._answers, self._asker.value
        if answers.provider:
            known = "Provider (empty: none of the known ones)"
            answers.provider = ask(known, replies.provider, option="--provider", given=answers.provider)
        if answers.host:
            self._place(given=answers.host)
        if answers.security:
            self._security(given=answers.security)
        if answers.username:
            answers.username = ask("User name", replies.user_name, option="--username", given=answers.username)
        if answers.ca_file:
            self.ca_file(answers.ca_file)

    def _place(self, *, given: str = "", default: str | None = None) -> None:
        """Take the server's name, and its port where that is written behind it."""
        answers = self._answers
        answers.host, port = self._asker.value(
            "IMAP server", replies.place, option="--host", given=given, default=default
        )
        answers.port = port or answers.port

    def _security(self, *, given: str = "", default: str = "tls") -> None:
        understood = partial(replies.security, host=self._answers.host)
        self._answers.security = self._asker.value(
            "Security (tls, starttls)", understood, option="--security", given=given, default=default
        )

    def _details(self) -> None:
        """What nobody published of the server, where the options do not say it."""
        answers = self._answers
        if not self._asker.interactive:
            return
        if not answers.security:
            self._security()
        if answers.port is None:
            usual = 143 if answers.security == "starttls" else 993
            port = self._asker.value("Port", replies.port, default=str(usual))
            answers.port = None if port == usual else port
        if not answers.username:
            self.user_name(answers.address)

    def _looked_up(self) -> Found | None:
        from pipeline.setup.autoconfig import DATABASE, discover, domain_of
        from pipeline.setup.web import mail_exchanger, page

        domain = domain_of(self._answers.address)
        if domain is None:
            print("The domain of this address is no name that can be looked up.")
            return None
        print(
            f"The server of {domain} can be looked up: at autoconfig.{domain} and {domain}, in the public database "
            f"{DATABASE.split('/')[2]} (which is told the domain only), and with whoever takes mail for {domain}."
        )
        if not self._asker.yes("Look it up?"):
            return None

        def asked(place: str) -> bytes | None:
            print(f"  asking {place.partition('?')[0]}")
            return page(place)

        found = discover(self._answers.address, asked, mail_exchanger)
        if found is None:
            return None
        print(f"Found: {found.host}, port {found.port}, {found.security}, says {found.place.partition('?')[0]}")
        if not found.passwords:
            print("It takes no passwords but OAuth2 tokens: you need a command that prints one (--token-command).")
        # The draft demands that a person sees the host before any password goes there.
        if self._asker.interactive and not self._asker.yes(f"Is {found.host} your provider's?"):
            return None
        self._answers.take(found)
        return found
