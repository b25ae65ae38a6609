"""Where a run reads from, on which day, and whose word it takes there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pipeline.config import Config
    from pipeline.config.accounts import Account
    from pipeline.mailbox import Mailbox
    from pipeline.mailbox.credentials import Secret
    from pipeline.mailbox.patience import Standings

#: The account name of a mailbox of files.
FILES = "files"


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose word is taken: the servers whose Authentication-Results are believed, and the owner's addresses."""

    trusted_ids: frozenset[str] = frozenset()
    owner: frozenset[str] = frozenset()
    id_less_topmost: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One mailbox of the run; *open* connects only when the run gets there.

    It is given the memory of earlier trouble, and who hears of each command.
    """

    name: str
    whom: Whom
    open: Callable[[Standings, Callable[[str], None]], Mailbox]


@dataclass(frozen=True, slots=True)
class Wish:
    """What this run is to read instead of what the settings say; empty or ``None``: as they say.

    Attributes:
        accounts: only these.
        folders: these folders of each account.
        since: mails from that day on, even if an earlier run has gone past them.
    """

    accounts: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """The day a run is about, in the owner's zone; *now* is ``None`` where the day was given by hand."""

    day: date
    zone: tzinfo | None
    now: datetime | None = None

    @property
    def noon(self) -> datetime:
        """The middle of the day, which stands for the moment of a mail that tells none."""
        return datetime.combine(self.day, time(12), self.zone).astimezone(self.zone)


def file_source(path: Path, whom: Whom) -> Source:
    """A folder of .eml files, a Maildir, an mbox or one .eml as the mailbox of a run."""
    from pipeline.mailbox.files import open_files

    return Source(FILES, whom, lambda *_: open_files(path))


def account_sources(
    config: Config,
    trusted: frozenset[str],
    today: Today,
    wish: Wish = Wish(),
    more_fields: Sequence[str] = (),
) -> Iterator[Source]:
    """One source for each account of the settings that is wished for.

    *more_fields* of mails' heads are needed to choose among them. Raises ConfigError for a wished account that the
    settings do not have.
    """
    for name in wish.accounts:
        if name not in config.accounts:
            from pipeline.config import ConfigError

            raise ConfigError(f"the settings have no account {name}, only {', '.join(config.accounts)}")
    for name, account in config.accounts.items():
        if not wish.accounts or name in wish.accounts:
            yield Source(name, whom_of(account, trusted), _opener(name, account, today, wish, more_fields))


def whom_of(account: Account, trusted: frozenset[str]) -> Whom:
    """Whose word is taken for mails of *account*."""
    owner = frozenset(address.lower() for address in (account.address, *account.aliases))
    return Whom(trusted | frozenset(account.authserv_ids()), owner, account.id_less_topmost())


def _opener(
    name: str, account: Account, today: Today, wish: Wish, more_fields: Sequence[str]
) -> Callable[[Standings, Callable[[str], None]], Mailbox]:
    def connect(standings: Standings, tell: Callable[[str], None]) -> Mailbox:
        from pipeline.mailbox.credentials import secret
        from pipeline.mailbox.imap import ImapMailbox
        from pipeline.mailbox.patience import PatientMailbox

        server = account.server()
        standings.settle(name, f"{server.username} at {server.host}")

        def mailbox(password: Secret) -> Mailbox:
            return ImapMailbox(
                name,
                server,
                password,
                since=wish.since or today.day - timedelta(days=account.window_days),
                afresh=wish.since is not None,
                folders=wish.folders or account.folders,
                more_fields=more_fields,
                tell=tell,
            )

        return PatientMailbox(name, server, lambda: secret(name, account), mailbox, standings, today.now or today.noon)

    return connect
