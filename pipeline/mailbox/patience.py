"""When an account's server is not asked: after it wanted to be left alone, and after it refused the login thrice.

Servers ban who comes again too soon: Gmail locks an account for up to a day, and many lock out an address after a
few wrong passwords. So what they said is kept from run to run as the account's :class:`Standing`.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from pipeline.mailbox import LoginRefused, Unreachable, no_message_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from pipeline.config.accounts import Server
    from pipeline.mailbox import Batch, Cursor, Mailbox, MessageIds, Wanted
    from pipeline.mailbox.credentials import Secret
    from pipeline.model import Place

#: After so many refused logins in a row no further one is tried with the same settings and the same password.
REFUSALS = 3

#: The longest that a server is left alone. Gmail's lock is the longest known: 24 hours.
LONGEST = timedelta(hours=24)

#: How long a server is left alone at first, by what it said; each time in a row it is twice as long, up to the second
#: figure. Response codes: RFC 5530 section 3 (UNAVAILABLE, SERVERBUG, LIMIT), RFC 9208 section 4.3 (OVERQUOTA, which
#: Gmail says of its daily bandwidth, support.google.com/a/answer/1071518), THROTTLED (Gmail, Yahoo); Exchange's
#: "Server Unavailable. 15" and everybody's "too many connections" have none.
RESTS = tuple(
    (pattern, timedelta(minutes=first), timedelta(minutes=longest))
    for pattern, first, longest in (
        (r"\[OVERQUOTA\]", 60, 24 * 60),
        (r"\[THROTTLED\]|request is throttled", 15, 24 * 60),
        (r"\[LIMIT\]|too many", 10, 120),
        (r"\[UNAVAILABLE\]|\[SERVERBUG\]|server unavailable", 5, 60),
    )
)

#: Exchange Online says itself how long: "BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds".
_BACKOFF = r"suggested backoff time: (\d{1,10}) milliseconds"


class Resting(Unreachable):
    """The server wanted to be left alone, and the time is not over: it was not asked (75, EX_TEMPFAIL)."""


class Blocked(LoginRefused):
    """The login was refused too often with just these settings: the server was not asked (77, EX_NOPERM)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands with its server after trouble; ``Standing()`` is the good one.

    Attributes:
        refusals: logins refused in a row with the settings and the password whose mark is *refused_with*.
        rests: times in a row that the server wanted to be left alone.
        not_before: when it may be asked again; aware.
    """

    refusals: int = 0
    refused_with: str = ""
    rests: int = 0
    not_before: datetime | None = None

    def refused(self, mark: str) -> Standing:
        """Return what it is after one more refused login with *mark*."""
        refusals = self.refusals + 1 if mark == self.refused_with else 1
        return replace(self, refusals=refusals, refused_with=mark)

    def rested(self, said: str, now: datetime) -> Standing:
        """Return what it is after the server *said* something, which is nothing new unless it wants a rest."""
        wanted = rest_wanted(said, self.rests)
        return replace(self, rests=self.rests + 1, not_before=now + wanted) if wanted else self

    def rests_at(self, now: datetime) -> bool:
        """Whether the server is not to be asked *now*. A clock that was set back makes nobody wait for years."""
        return self.not_before is not None and now < self.not_before <= now + LONGEST


class Standings(Protocol):
    """Where standings are kept from run to run."""

    def of(self, account: str) -> Standing:
        """Return the standing of *account*."""
        ...

    def keep(self, account: str, standing: Standing) -> None:
        """Keep it for the next run."""
        ...

    def settle(self, account: str, mailbox: str) -> None:
        """Say which *mailbox* the *account* means; what is known of another one's places is forgotten."""
        ...


def rest_wanted(said: str, rests: int = 0) -> timedelta | None:
    """Return how long a server that *said* this is left alone, after so many *rests* in a row; ``None``: not at all."""
    if told := re.search(_BACKOFF, said, re.IGNORECASE):
        return min(timedelta(milliseconds=int(told[1])), LONGEST)
    for pattern, first, longest in RESTS:
        if re.search(pattern, said, re.IGNORECASE):
            return min(first * (1 << min(rests, 16)), longest)
    return None


def mark_of(server: Server, secret: Secret) -> str:
    """Return what tells these settings with this password from others, and gives neither away.

    Of the slow hash only 16 bits are kept: enough to see that a password was changed, not to find it.
    """
    import hashlib

    settings = f"{server.host}\n{server.port}\n{server.security}\n{server.username}".encode()
    slow = hashlib.scrypt(secret.reveal().encode(), salt=settings, n=2**14, r=8, p=1, dklen=2)
    return f"{hashlib.sha256(settings).hexdigest()[:12]}-{slow.hex()}"


@contextmanager
def patience(
    account: str, server: Server, ask: Callable[[], Secret], standings: Standings, now: datetime
) -> Iterator[Secret]:
    """Give the password or token for what is done with the server, and keep how the account stands afterwards.

    Raises:
        Resting, Blocked: the server is not to be asked.
        MailboxError: as what is done with the server, and asking for the password, do.
    """
    before = standings.of(account)
    if before.not_before is not None and before.rests_at(now):
        until = _local(before.not_before, now)
        raise Resting(f"account {account}: left alone until {until}, as its server wanted")
    secret = ask()
    if before.refusals >= REFUSALS and before.refused_with == mark_of(server, secret):
        raise Blocked(
            f"account {account}: login as {server.username} was refused {before.refusals} times: it is"
            " not tried again before the password or the account's settings have changed"
        )
    try:
        yield secret
    except LoginRefused as error:
        after = before.refused(mark_of(server, secret))
        standings.keep(account, after)
        last = "; not tried again before the password or the account's settings have changed"
        raise LoginRefused(f"{error}{last if after.refusals >= REFUSALS else ''}") from None
    except Unreachable as error:
        after = before.rested(str(error), now)
        if after.not_before is None or after is before:
            raise
        standings.keep(account, after)
        raise Unreachable(f"{error}; it is left alone until {_local(after.not_before, now)}") from None
    if before != Standing():
        standings.keep(account, Standing())


class PatientMailbox:
    """An account's mailbox that asks for the password, and connects, only when the server may be asked.

    Args:
        account: the account's name in the settings.
        server: where it is.
        ask: gets the password or token.
        open_mailbox: makes the mailbox; it connects when its batches are asked for.
        standings: what earlier runs left; gets what this one learns.
        now: the moment of the run; aware.
    """

    def __init__(
        self,
        account: str,
        server: Server,
        ask: Callable[[], Secret],
        open_mailbox: Callable[[Secret], Mailbox],
        standings: Standings,
        now: datetime,
    ) -> None:
        self._account = account
        self._server = server
        self._ask = ask
        self._open = open_mailbox
        self._standings = standings
        self._now = now
        self._mailbox: Mailbox | None = None

    def batches(
        self,
        cursors: Mapping[str, Cursor],
        wanted: Wanted,
        known: Callable[[Place], bool],
        again: Collection[Place] = (),
        message_ids: MessageIds = no_message_ids,
    ) -> Iterator[Batch]:
        """Yield what the mailbox yields, and keep how the account stands afterwards.

        Raises:
            Resting, Blocked: the server was not asked.
            MailboxError: as the mailbox itself and the asking for its password do.
        """
        with patience(self._account, self._server, self._ask, self._standings, self._now) as secret:
            self._mailbox = self._open(secret)
            yield from self._mailbox.batches(cursors, wanted, known, again, message_ids)

    def close(self) -> None:
        """Log out; never raises."""
        if self._mailbox is not None:
            with suppress(Exception):
                self._mailbox.close()
            self._mailbox = None


def _local(moment: datetime, now: datetime) -> str:
    return f"{moment.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
