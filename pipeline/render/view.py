"""A digest in the words that both templates show, so that text and HTML can differ in looks only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.digest import Section, identity
from pipeline.model import Level, local_date
from pipeline.render.card import Card, card
from pipeline.render.words import long_day, quoted, short_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.digest import Digest, Entry

_TITLES = {
    Section.NEEDS_YOU: "Needs you",
    Section.ARRIVING: "Arriving",
    Section.LOOK: "Worth a look",
    Section.MOVING: "Moving",
    Section.WAITING: "Waiting",
    Section.ARRIVED: "Arrived",
    Section.SETTLED: "Settled",
}
_MAILS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Group:
    """One section: the parcels with a card, and how many more there are."""

    key: str
    level: str
    title: str
    count: int
    cards: tuple[Card, ...]
    more: int


@dataclass(frozen=True, slots=True)
class BadMail:
    """A suspicious or unreadable mail."""

    reason: str
    subject: str = ""
    sender: str = ""
    day: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class BadMails:
    """The mails that the last digest did not name; how many more of them there are; how many it did name."""

    shown: tuple[BadMail, ...]
    more: int
    earlier: int


@dataclass(frozen=True, slots=True)
class View:
    """What the templates see."""

    subject: str
    date: str
    groups: tuple[Group, ...]
    quiet: int
    quiet_words: str
    suspicious: BadMails
    unread: BadMails
    first: bool


def view(digest: Digest, cards: int) -> View:
    """Return the words of *digest*, with details for at most *cards* parcels; the rest is counted."""
    groups, left = [], cards
    for section in Section:
        entries = [entry for entry in digest.entries if entry.shown and entry.section is section]
        if entries:
            groups.append(_group(digest, section, entries, left))
            left -= len(groups[-1].cards)
    quiet = [entry for entry in digest.entries if not entry.shown and entry.diagnosis.level is not Level.DONE]
    return View(
        subject=digest.subject,
        date=long_day(digest.day),
        groups=tuple(groups),
        quiet=len(quiet),
        quiet_words=_quiet_words(quiet),
        suspicious=_suspicious(digest),
        unread=_unread(digest),
        first=digest.first,
    )


def _group(digest: Digest, section: Section, entries: Sequence[Entry], room: int) -> Group:
    shown = entries[: max(0, room)]
    return Group(
        key=section,
        level=entries[0].diagnosis.level,
        title=_TITLES[section],
        count=len(entries),
        cards=tuple(card(digest, entry) for entry in shown),
        more=len(entries) - len(shown),
    )


def _quiet_words(entries: Sequence[Entry]) -> str:
    counts = {section: sum(entry.section is section for entry in entries) for section in Section}
    return ", ".join(f"{number} {_TITLES[section].lower()}" for section, number in counts.items() if number)


def _suspicious(digest: Digest) -> BadMails:
    new = [mail for mail in digest.suspicious if identity(mail) in digest.new_mails]
    shown = tuple(
        BadMail(
            reason=quoted(mail.reason, 300),
            subject=quoted(mail.subject) or "(no subject)",
            sender=quoted(mail.sender) or "(no sender)",
            day=short_day(local_date(mail.date, digest.zone), digest.day),
        )
        for mail in new[-_MAILS_SHOWN:]
    )
    return BadMails(shown, len(new) - len(shown), len(digest.suspicious) - len(new))


def _unread(digest: Digest) -> BadMails:
    new = [mail for mail in digest.unread if identity(mail) in digest.new_mails]
    shown = tuple(
        BadMail(
            reason=quoted(mail.error, 300),
            message_id=quoted(identity(mail)),
            sender=quoted(f"{mail.place.account}, {mail.place.folder}"),
        )
        for mail in new[:_MAILS_SHOWN]
    )
    return BadMails(shown, len(new) - len(shown), len(digest.unread) - len(new))
