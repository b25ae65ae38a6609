"""Where sentences become words: in one place, in the owner's language.

Everything before carries a :class:`~pipeline.model.Saying` (message and values). A :class:`Speaker` looks its
message up in the catalogue of the language, chooses the plural, and writes days as people there write them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from pipeline.model import Saying, say, say_many
from pipeline.speech.catalog import SOURCE, language_of, languages, translations
from pipeline.speech.plain import plain

if TYPE_CHECKING:
    from pipeline.model.saying import Piece

__all__ = ["SOURCE", "Speaker", "distance", "language_of", "languages"]

#: Written from right to left.
_RIGHT_TO_LEFT: Final = frozenset({"ar"})
#: First-strong isolate and its end (UAX 9): what they enclose has a direction of its own.
_ISOLATE, _POP = "\u2068", "\u2069"
#: The end of a message that names a command line or an address.
_VERBATIM = re.compile(r"parcel-digest mark \{number\} \S+$|\{[a-z]+_page\}$")
#: Whose days are written otherwise than the language alone would say: the day comes before the month.
_LOCALES: Final = {"en": "en_GB"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Speaks one language on one day.

    Attributes:
        language: one of :func:`languages`.
        today: the day of speaking; other years than its own are named.
        iso: write days as ISO dates, for what programs read.
    """

    language: str
    today: date
    iso: bool = False

    def __call__(self, saying: Saying) -> str:
        """Return *saying* in words."""
        # What is to be typed or opened stands last in its sentence, and as it is.
        as_it_is = _VERBATIM.search(saying.message) is not None
        return saying.filled(self.pattern(saying), lambda piece: self.word(piece, as_it_is=as_it_is))

    def pattern(self, saying: Saying) -> str:
        """Return the translation of its message, with the placeholders still in it."""
        if not saying.message:  # gettext's name for the head of the catalogue
            return ""
        catalog = translations(self.language)
        if saying.plural:
            return catalog.ngettext(saying.message, saying.plural, saying.count)
        return catalog.gettext(saying.message)

    def word(self, piece: Piece, *, as_it_is: bool = False) -> str:
        """Return what stands at a placeholder: text is made harmless, and :meth:`isolated` but where it is verbatim."""
        if isinstance(piece, Saying):
            return self(piece)
        if isinstance(piece, date):
            return self.day(piece)
        text = plain(str(piece))
        return text if as_it_is or not isinstance(piece, str) else self.isolated(text)

    def isolated(self, text: str) -> str:
        """Return *text* so that its direction and that of the sentence leave each other alone, where they differ."""
        return f"{_ISOLATE}{text}{_POP}" if self.direction == "rtl" and not self.iso else text

    # ── days ────────────────────────────────────────────────────────────────────────────────────────────────

    def day(self, day: date) -> str:
        """Return ``Mon 23 Nov``, with the year where it is not this one."""
        return day.isoformat() if self.iso else self._dated(day, "MMMEd" if day.year == self.today.year else "yMMMEd")

    def brief_day(self, day: date) -> str:
        """Return ``23 Nov``, for a time line whose ends are known."""
        return self._dated(day, "MMMd")

    def long_day(self, day: date) -> str:
        """Return ``Monday, 23 November 2026``."""
        from babel.dates import format_date

        return _plain(format_date(day, "full", locale=self._locale))

    def month(self, day: date) -> str:
        """Return ``November 2026``."""
        return self._dated(day, "yMMMM")

    def distance(self, day: date) -> str:
        """Return how far *day* is from today: ``today``, ``in 4 days``, ``1 day ago``."""
        return self(distance(day, self.today))

    def _dated(self, day: date, skeleton: str) -> str:
        from babel.dates import format_skeleton

        return _plain(format_skeleton(skeleton, day, locale=self._locale))

    @property
    def _locale(self) -> str:
        return _LOCALES.get(self.language, self.language)

    def upper(self, text: str) -> str:
        """Return *text* in capitals; in Turkish that of i is İ."""
        return (text.replace("i", "İ") if self.language == "tr" else text).upper()

    # ── for the page ────────────────────────────────────────────────────────────────────────────────────────

    @property
    def tag(self) -> str:
        """The language as HTML names it (BCP 47): ``pt-BR``."""
        return self.language.replace("_", "-")

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return "rtl" if self.language in _RIGHT_TO_LEFT else "ltr"


def _plain(day: str) -> str:
    # CLDR writes "2026 г." with a narrow no-break space, for which many a terminal has no glyph.
    return day.replace("\u202f", "\u00a0")


def distance(day: date, today: date) -> Saying:
    """Return how far *day* is from *today*."""
    days = (day - today).days
    if days == 0:
        return say("today")
    if days == 1:
        return say("tomorrow")
    if days == -1:
        return say("yesterday")
    if days > 0:
        return say_many("in {count} day", "in {count} days", days)
    return say_many("{count} day ago", "{count} days ago", -days)
