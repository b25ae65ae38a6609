"""The questions of `init`: on a terminal they are asked, without one the options must answer them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pipeline.cli.asking import AnswerError, Asker
from pipeline.cli.login import Login
from pipeline.cli.server import ServerQuestions
from pipeline.setup import replies

if TYPE_CHECKING:
    from pipeline.setup.answers import Answers
    from pipeline.setup.probe import Seen

SHOWN_FOLDERS = 30


class Interview:
    """Fills *answers*, each of which is looked at as soon as it is given.

    ``interactive``: whether anybody can be asked. What cannot be used, and nobody says better, raises AnswerError.
    """

    def __init__(self, answers: Answers, *, interactive: bool, lookup: bool) -> None:
        self.answers = answers
        self.asker = Asker(interactive=interactive)
        self.server = ServerQuestions(answers, self.asker, lookup=lookup)
        self.login = Login(answers, self.asker, self.server)

    def beginning(self) -> None:
        """Whose mail it is; and what the options say of other things, before anybody has answered for nothing."""
        answers, ask = self.answers, self.asker.value
        answers.name = ask(
            "Name of the account", replies.account_name, option="--name", given=answers.name, exit_code=78
        )
        if answers.timezone:
            zone = "Your time zone, as Europe/Berlin (empty: the machine's)"
            answers.timezone = ask(
                zone, replies.time_zone, option="--timezone", given=answers.timezone, default="", exit_code=78
            )
        if answers.deliver:
            self._deliver(", ".join(answers.deliver))
        answers.address = ask("Your mail address", replies.address, option="--address", given=answers.address)

    def folders(self, seen: Seen) -> None:
        """Which folders to read."""
        answers = self.answers
        first = (answers.folders or ["INBOX"])[0]
        print(f"Logged in: {_counted(seen.mails, 'mail')} in {first}, {_counted(len(seen.folders), 'folder')}.")
        try:
            answers.folders = replies.existing(answers.folders, seen.folders)
        except ValueError as error:
            if not self.asker.interactive:
                raise AnswerError(f"--folder: {error}", 78) from None
            print(error)
            answers.folders = []
        if self.asker.interactive and not answers.folders and len(seen.folders) > 1:
            print("  " + ", ".join(seen.folders[:SHOWN_FOLDERS]) + (", …" if len(seen.folders) > SHOWN_FOLDERS else ""))
            answers.folders = self.asker.value(
                "Folders to read, with commas between them",
                partial(replies.folders, there=seen.folders),
                default="INBOX",
            )
        if answers.folders == ["INBOX"]:
            answers.folders = []

    def trust(self, seen: Seen) -> None:
        """Whose verdicts on senders are believed."""
        answers = self.answers
        if answers.account().authserv_ids() or answers.account().id_less_topmost():
            return
        own = seen.own_server()
        if own is None:
            print("Your server's mails do not say whether their senders are genuine, so none will count as trusted.")
            return
        print(
            "Mail servers note in each mail whether its sender is genuine, and forgers write such notes themselves: so"
        )
        print(f"only those of your own server count. It signs them {own}, it seems, as in")
        print(f"{dict(seen.verdicts)[own]} of your last {_counted(seen.looked_at, 'mail')}.")
        if not self.asker.interactive:
            print(f"To believe it, give --trust {own}")
        elif self.asker.yes("Believe it? (Enter: yes, and mails of impostors are told apart)"):
            answers.trusted_authserv_ids = [own]

    def delivery(self) -> None:
        """Where the digest goes."""
        if self.asker.interactive and not self.answers.deliver:
            print("The digest can be put into your inbox (append), written as a page (file), or printed (stdout),")
            print("which cron mails to you where the machine has a mailer.")
            self._deliver()

    def _deliver(self, given: str = "") -> None:
        self.answers.deliver = self.asker.value(
            "Where should it go", replies.channels, option="--deliver", given=given, default="append", exit_code=78
        )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
