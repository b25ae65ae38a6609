"""The channels that the settings name, each as one function that delivers a whole digest or raises DeliveryError.

What each can promise where a run is killed or cut off:

- *file*: once, because the same files are replaced.
- *append*: once, because the folder is searched for the Message-ID first.
- *smtp*: once, but for a run that ends between our last dot and the server's answer. Then the own mailbox is searched
  for the Message-ID where it is that of a recipient; where it is not, or the mail still travels, it is sent again
  under the same Message-ID, by which mailboxes tell that it is the same mail.
- *stdout*, *sendmail*, *apprise*: at least once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.deliver.errors import Refused
from pipeline.deliver.file import to_file
from pipeline.deliver.identity import digest_id
from pipeline.deliver.stdout import to_stdout

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.config import Config
    from pipeline.digest import Digest
    from pipeline.mailbox.patience import Standings
    from pipeline.sources import Today


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver a digest by one channel.

    Attributes:
        secret: gives the secret of the ledger, from which the digest's Message-ID is made.
        standings: how the accounts stand with their servers, which may want to be left alone.
        begin: to be called right before somebody else can have the digest.
        uncertain: an earlier try had begun, and nobody knows how it ended.
    """

    secret: Callable[[], bytes]
    standings: Standings
    begin: Callable[[], object]
    uncertain: bool = False


#: Takes a digest to one place; raises DeliveryError.
Channel = Callable[["Digest", Attempt], object]


def digests_folder(config: Config, state: Path) -> Path:
    """Return the folder of digests as files: that of the settings, else one in *state*."""
    told = config.digest.file.dir
    return Path(told).expanduser() if told else state / "digests"


def channels(config: Config, state: Path, today: Today) -> dict[str, Channel]:
    """Return the channels that the settings name, in their order; digests as files lie in *state* by default.

    Each has a name that stays the same from run to run.
    """
    settings = config.digest
    folder = digests_folder(config, state)
    found: dict[str, Channel] = {}
    for name in settings.deliver:
        match name:
            case "stdout":
                found[name] = lambda digest, _: to_stdout(digest)
            case "file":
                found[name] = lambda digest, _: to_file(folder, digest.day, digest)
            case "append":
                found[name] = _append(config, today)
            case "smtp":
                found[name] = _smtp(config, today)
            case "sendmail":
                found[name] = _sendmail(config, today)
            case "apprise":
                for url in settings.apprise.urls:
                    # Each service is a channel of its own: where one fails, the others are not asked again.
                    found[f"apprise-{sha256(url.encode()).hexdigest()[:12]}"] = _apprise(url)
    return found


def _append(config: Config, today: Today) -> Channel:
    name = config.digest.append.account or next(iter(config.accounts))
    account = config.accounts[name]

    def deliver(digest: Digest, attempt: Attempt) -> None:
        from pipeline.deliver.append import append_once

        message_id = digest_id(attempt.secret(), digest.day, account.address)
        mail = _mail(digest, config, today, account.address, (account.address,), message_id)
        append_once(
            name,
            account,
            config.digest.append.folder,
            mail,
            message_id,
            attempt.begin,
            standings=attempt.standings,
            now=today.now or today.noon,
        )

    return deliver


def _smtp(config: Config, today: Today) -> Channel:
    settings = config.digest.smtp
    sender = settings.sender or config.owner_address() or settings.to[0]
    to = settings.to or (sender,)

    def deliver(digest: Digest, attempt: Attempt) -> None:
        from pipeline.deliver.smtp import send

        message_id = digest_id(attempt.secret(), digest.day, sender)
        if attempt.uncertain and _has_arrived(config, to, message_id, attempt.standings, today.now or today.noon):
            return
        mail = _mail(digest, config, today, sender, to, message_id)
        send(settings, mail, sender=sender, to=to, begin=attempt.begin)

    return deliver


def _has_arrived(config: Config, to: tuple[str, ...], message_id: str, standings: Standings, now: datetime) -> bool:
    """Whether the mail lies in the inbox of an account that it was sent to; false where that cannot be told."""
    from contextlib import closing

    from pipeline.deliver.append import open_shelf, plainly

    sent_to = {address.lower() for address in to}
    for name, account in config.accounts.items():
        if sent_to & {address.lower() for address in (account.address, *account.aliases)}:
            with plainly(), closing(open_shelf(name, account, standings, now)) as shelf:
                if shelf.holds("INBOX", "Message-ID", f"<{message_id}>"):
                    return True
    return False


def _sendmail(config: Config, today: Today) -> Channel:
    settings = config.digest.sendmail
    sender = config.owner_address() or settings.to[0]
    to = settings.to or (sender,)

    def deliver(digest: Digest, attempt: Attempt) -> None:
        from pipeline.deliver.sendmail import send

        mail = _mail(digest, config, today, sender, to, digest_id(attempt.secret(), digest.day, sender))
        send(settings.command, mail, to=to, begin=attempt.begin)

    return deliver


def _apprise(url: str) -> Channel:
    def deliver(digest: Digest, attempt: Attempt) -> None:
        from pipeline.deliver.apprise import notify
        from pipeline.render import Form, render, subject_of

        notify(url, subject_of(digest), render(digest, Form.TEXT), attempt.begin)

    return deliver


def _mail(digest: Digest, config: Config, today: Today, sender: str, to: tuple[str, ...], message_id: str) -> bytes:
    from pipeline.deliver.mail import digest_mail

    moment = today.now or today.noon
    try:
        return digest_mail(
            digest, sender=sender, to=to, message_id=message_id, moment=moment, answerable=config.reply.commands
        )
    except ValueError as error:
        raise Refused(f"no mail can be written from {sender} to {', '.join(to)}: {error}") from None
