"""The one line with which a run ends where a person watches: where the digest is, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.config import Config
    from pipeline.ledger import Ledger
    from pipeline.sources import Today


def goodbye(ledger: Ledger, config: Config, state: Path, today: Today, *, told: bool, read: int) -> str:
    """Return the line of a run that *read* so many mails; *told*: whether it is the one that had something to say."""
    if told:
        reached = ", ".join(_reached(ledger, config, state, today))
        return f"The digest of {today.day} is there: {reached}" if reached else "The digest could not be delivered."
    return f"{_silence(ledger, config, state, today)} ({_mails(read)}; `parcel-digest show` lists what is known)"


def _silence(ledger: Ledger, config: Config, state: Path, today: Today) -> str:
    last = ledger.told.last(today.day)
    if last is not None and last[0] >= today.day:
        reached = ", ".join(_reached(ledger, config, state, today))
        return f"Nothing more to say today, the digest went out already{f': {reached}' if reached else ''}"
    at = config.digest.at_time()
    if at is not None and today.now is not None and today.now.astimezone(today.zone).time() < at:
        return f"No digest yet: it goes out with the first run from {config.digest.at} on"
    return "No news: nothing to say today"


def _reached(ledger: Ledger, config: Config, state: Path, today: Today) -> Iterator[str]:
    """The channels that have the digest of today, with the place where to look."""
    from pipeline.deliver import channels
    from pipeline.job import delivery_key

    for name in channels(config, state, today):
        item = ledger.outbox.get(delivery_key(today.day, name))
        if item is not None and item.done:
            yield _place(name, config, state, today)


def _place(name: str, config: Config, state: Path, today: Today) -> str:
    from pipeline.deliver.channels import digests_folder
    from pipeline.deliver.file import page_of

    settings = config.digest
    match name:
        case "file":
            return f"file ({page_of(digests_folder(config, state), today.day)})"
        case "append":
            return f"append ({settings.append.folder} of {settings.append.account or next(iter(config.accounts))})"
        case "smtp" | "sendmail":
            to = (settings.smtp if name == "smtp" else settings.sendmail).to
            return f"{name} ({', '.join(to) or config.owner_address()})"
        case _:
            return name.partition("-")[0]


def _mails(count: int) -> str:
    return "1 mail read" if count == 1 else f"{count} mails read"
