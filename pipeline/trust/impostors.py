"""Names of shops and carriers, and who borrows them: in a display name, a subject or a domain.

Names are compared as whole words, folded: case, accents, and letters of other scripts that look like Latin
ones.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Letters up to which a name is a short word ("DHL", "Temu"), found in innocent subjects.
SHORT = 4
#: Characters of a display name or subject that are looked at.
MAX_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Sender:
    """A shop or carrier known by our data: names that can be borrowed, and the domains that may bear them.

    ``common_word``: its names are everyday words, too, so only a display name that says nothing else claims
    them. ``carries``: parcels are handed to it, which shops say in their own mails.
    """

    key: str
    brands: tuple[str, ...]
    domains: tuple[str, ...]
    common_word: bool = False
    carries: bool = False


_LOOKALIKE = str.maketrans("авекмнорстухіїјѕԁԛԝӏαβεικνορτυχηωϲ01|iı", "abekmhopctyxlljsdqwlabelkvoptuxnwcollll")

_SIGNED = re.compile(r"\s*\[?([A-Z]{3,6})\]? ?[:|–—-] ?")
_Words = tuple[str, ...]


def fold(name: str) -> str:
    """Return *name* as an eye sees it: without case and accents, look-alike letters and digits made Latin."""
    name = name[:MAX_LENGTH].casefold()
    if name.isascii():
        return name.translate(_LOOKALIKE)
    plain = unicodedata.normalize("NFKD", name).translate(_LOOKALIKE)
    return "".join(char for char in plain if not unicodedata.combining(char))


def _words(name: str) -> _Words:
    return tuple(re.findall(r"[^\W_]+", fold(name)))


# What stands beside a brand in a display name without changing who is claimed.
_DECORATION = frozenset(
    _words(
        "express paket pakete parcel parcels package packages tracking delivery lieferung versand"
        " zustellung team support service services kundenservice customer care notification"
        " notifications info noreply no reply shop store shopping mail com de co uk fr it es pl ru us"
        " official group global international logistics logistik ground worldwide alert alerts update"
        " updates shipment shipping order orders courier kurier the your my choice"
    )
)
# Words before a carrier's name that tell how a parcel travels; the mail is then the shop's own.
_BY = frozenset(
    _words(
        "via with by per using mit durch par avec con com tramite przez met door pomocí med cu prin ile через службой"
    )
)
# Words before a carrier's name that say whom a shop handed the parcel to.
_TO = frozenset(
    _words(
        "to in w v ve im an a al alla ao aos aan naar til till do na u la au chez bei en nos"
        " στα στη στην στο на до в у к ke k"
    )
)
# Names of shops and carriers that are words of everyday speech, too.
_COMMON = frozenset(
    _words(
        "hermes target correos poste posten posti pošta poczta почта express yodel bring next vinted"
        " sending speedy packeta relay landmark laposte anpost diepost"
    )
)


#: Points and hyphens of a domain that are looked at; a sound one has a handful.
_MOST_SIGNS = 20


class Known:
    """The names and domains of all known senders, ready to be looked up without a walk over the senders."""

    def __init__(self, senders: Iterable[Sender]) -> None:
        self._owners: dict[str, tuple[str, ...]] = {}
        self._strong: dict[str, list[tuple[_Words, str]]] = {}
        self._weak: dict[_Words, str] = {}
        self._acronyms: dict[str, str] = {}
        self._unspaced: list[tuple[str, str]] = []
        self._carriers: set[str] = set()
        for sender in senders:
            for domain in sender.domains:
                self._owners[domain.lower()] = sender.domains
            if sender.carries:
                self._carriers.update(sender.brands)
            for brand in sender.brands:
                self._add(brand, sender.common_word)

    def _add(self, brand: str, common_word: bool) -> None:
        words = _words(brand)
        joined = "".join(words)
        if not joined:
            return
        if any(unicodedata.category(char) == "Lo" for char in joined):
            if len(joined) > 1:
                self._unspaced.append((joined, brand))
        elif common_word or len(joined) <= SHORT or joined in _COMMON:
            self._weak[words] = brand
            if brand.isupper() and brand.isalpha():
                self._acronyms[brand] = brand
        else:
            self._strong.setdefault(words[0], []).append((words, brand))

    def owners(self, domain: str) -> tuple[str, ...]:
        """All domains of the known sender that *domain* belongs to; none if it belongs to no one we know."""
        while domain:
            if domain in self._owners:
                return self._owners[domain]
            domain = domain.partition(".")[2]
        return ()

    def borrowed_domain(self, domain: str) -> str:
        """The known domain that *domain* begins like (``usps.com-track.example``), or nothing."""
        signs = [at for at, sign in enumerate(domain) if sign in ".-"][:_MOST_SIGNS]
        for start in (0, *(at + 1 for at in signs)):
            for end in signs:
                if domain[start:end] in self._owners:
                    return domain[start:end]
        return ""

    def named_in(self, subject: str) -> str:
        """The known name that *subject* claims, or nothing.

        Short and everyday names count only where a subject begins with one in capitals and a colon, as a sender
        signs ("DHL: your parcel …").
        """
        signed = _SIGNED.match(subject)
        if signed and signed[1] in self._acronyms:
            return self._acronyms[signed[1]]
        return self._strong_name(_words(subject))

    def claimed_by(self, name: str) -> str:
        """The known name that the display *name* claims, or nothing."""
        words = _words(name)
        found = self._strong_name(words)
        if found:
            return found
        for start in range(min(len(words), 6)):
            for end in range(start + 1, min(len(words), start + 3) + 1):
                brand = self._weak.get(words[start:end])
                if brand and _DECORATION.issuperset(words[:start] + words[end:]):
                    return brand
        if not name.isupper():
            # "DHL Sendungsinfo": capitals tell the company from the word.
            return next((self._acronyms[word] for word in re.findall(r"[A-Z]+", name) if word in self._acronyms), "")
        return ""

    def _excuses(self, before: str, brand: str) -> bool:
        """Whether the word *before* a name says that a shop speaks of its own parcel: "with Hermes", "to Hermes"."""
        return before in _BY or (before in _TO and brand in self._carriers)

    def _strong_name(self, words: _Words) -> str:
        for at, word in enumerate(words):
            for brand_words, brand in self._strong.get(word, ()):
                if words[at : at + len(brand_words)] == brand_words and not (
                    at and self._excuses(words[at - 1], brand)
                ):
                    return brand
        whole = "".join(words)
        if whole.isascii():
            return ""
        return next((brand for joined, brand in self._unspaced if joined in whole), "")
