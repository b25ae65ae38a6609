"""A digest in the words that both templates show, so that text and HTML can differ in looks only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.digest import News, Section, identity
from pipeline.model import Level, listed, local_date, say, say_many
from pipeline.render import speaker_of
from pipeline.render.card import Card, card, sender_name
from pipeline.render.retold import retold
from pipeline.render.words import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.digest import Digest, Entry
    from pipeline.speech import Speaker

_TITLES = {
    Section.NEEDS_YOU: say("Needs you"),
    Section.ARRIVING: say("Arriving"),
    Section.LOOK: say("Worth a look"),
    Section.MOVING: say("Moving"),
    Section.WAITING: say("Waiting"),
    Section.ARRIVED: say("Arrived"),
    Section.SETTLED: say("Settled"),
}
_QUIET = {
    Section.MOVING: say_many("{count} moving", "{count} moving", 1),
    Section.WAITING: say_many("{count} waiting", "{count} waiting", 1),
}
_NEWS = {
    News.PARCEL: say_many("{count} parcel", "{count} parcels", 1),
    News.CODE: say_many("{count} tracking code", "{count} tracking codes", 1),
    News.EVENT: say_many("news of {count} parcel", "news of {count} parcels", 1),
    News.ADVICE: say_many("other advice for {count} parcel", "other advice for {count} parcels", 1),
}
_MAILS_SHOWN = 20
_PREVIEW_PARCELS = 2


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
    """A suspicious, unclear or unreadable mail."""

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
    """What the templates see.

    Attributes:
        preview: what a list of mails shows beside the subject: what needs its reader, with the last days.
        news: what is new since the last digest, counted.
        answerable: a reply to it is read for the owner's commands.
    """

    subject: str
    date: str
    preview: str
    news: str
    groups: tuple[Group, ...]
    quiet: int
    quiet_words: str
    suspicious: BadMails
    unclear: BadMails
    unread: BadMails
    first: bool
    answerable: bool


def view(digest: Digest, cards: int) -> View:
    """Return the words of *digest*, with details for at most *cards* parcels; the rest is counted."""
    speaker = speaker_of(digest)
    groups, left = [], cards
    for section in Section:
        entries = [entry for entry in digest.entries if entry.shown and entry.section is section]
        if entries:
            groups.append(_group(digest, speaker, section, entries, left))
            left -= len(groups[-1].cards)
    quiet = [entry for entry in digest.entries if not entry.shown and entry.diagnosis.level is not Level.DONE]
    return View(
        subject=speaker(digest.subject),
        date=speaker.long_day(digest.day),
        preview=_preview(groups),
        news=_news(digest, speaker),
        groups=tuple(groups),
        quiet=len(quiet),
        quiet_words=_quiet_words(quiet, speaker),
        suspicious=_suspicious(digest, speaker),
        unclear=_unclear(digest, speaker),
        unread=_unread(digest, speaker),
        first=digest.first,
        answerable=bool(digest.answer_to),
    )


def _preview(groups: Sequence[Group]) -> str:
    cards = [card for group in groups if group.key == Section.NEEDS_YOU for card in group.cards]
    return " · ".join(f"{card.title} ({card.when})" for card in cards[:_PREVIEW_PARCELS])


def _news(digest: Digest, speaker: Speaker) -> str:
    """Count what is new; of the first digest everything is, so that saying it says nothing."""
    if digest.told_on is None:
        return ""
    counts = {news: sum(entry.news is news for entry in digest.entries) for news in _NEWS}
    said = [_NEWS[news].of(number) for news, number in counts.items() if number]
    if not said:
        if digest.told_on == digest.day:  # the digest of this very day, asked for once more
            return ""
        said = [say("nothing")]
    return speaker(say("New since {day}: {news}", day=digest.told_on, news=listed(said)))


def _group(digest: Digest, speaker: Speaker, section: Section, entries: Sequence[Entry], room: int) -> Group:
    shown = entries[: max(0, room)]
    return Group(
        key=section,
        level=entries[0].diagnosis.level,
        title=speaker(_TITLES[section]),
        count=len(entries),
        cards=tuple(card(digest, entry) for entry in shown),
        more=len(entries) - len(shown),
    )


def _quiet_words(entries: Sequence[Entry], speaker: Speaker) -> str:
    counts = {section: sum(entry.section is section for entry in entries) for section in _QUIET}
    return speaker(listed([_QUIET[section].of(number) for section, number in counts.items() if number]))


def _suspicious(digest: Digest, speaker: Speaker) -> BadMails:
    new = [mail for mail in digest.suspicious if identity(mail) in digest.new_mails]
    shown = tuple(
        BadMail(
            reason=quoted(speaker(retold(mail.reason)), 300),
            subject=quoted(mail.subject) or speaker(say("(no subject)")),
            sender=quoted(mail.sender) or speaker(say("(no sender)")),
            day=speaker.day(local_date(mail.date, digest.zone)),
        )
        for mail in new[-_MAILS_SHOWN:]
    )
    return BadMails(shown, len(new) - len(shown), len(digest.suspicious) - len(new))


def _unclear(digest: Digest, speaker: Speaker) -> BadMails:
    new = [mail for mail in digest.unclear if identity(mail) in digest.new_mails]
    shown = tuple(
        BadMail(
            reason=speaker(say("no order number and no tracking code in it")),
            subject=quoted(mail.subject) or speaker(say("(no subject)")),
            sender=sender_name(mail),
            day=speaker.day(local_date(mail.date, digest.zone)),
        )
        for mail in new[-_MAILS_SHOWN:]
    )
    return BadMails(shown, len(new) - len(shown), len(digest.unclear) - len(new))


def _unread(digest: Digest, speaker: Speaker) -> BadMails:
    new = [mail for mail in digest.unread if identity(mail) in digest.new_mails]
    shown = tuple(
        BadMail(
            reason=quoted(speaker(retold(mail.error)), 300),
            message_id=quoted(identity(mail)),
            sender=quoted(f"{mail.place.account}, {mail.place.folder}"),
        )
        for mail in new[:_MAILS_SHOWN]
    )
    return BadMails(shown, len(new) - len(shown), len(digest.unread) - len(new))
