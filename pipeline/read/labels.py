"""The words that introduce a number: which label, of which kind, ends closest before it.

Only the words close before a number are looked up, so the labels of all languages cost next to nothing. Where those
words stand (in the cell, to the left, above) is for ``layout`` to say.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.read.languages import languages
from pipeline.read.normal import normalise
from pipeline.read.phrases import Found, Phrases
from pipeline.read.shops import ShopLabels, shops
from pipeline.read.stems import any_of, of_all
from pipeline.read.words import BOUNDARIES, bare, words_of


class LabelKind(StrEnum):
    """What the value behind a label is."""

    ORDER = "order"
    CODE = "code"
    PACKAGE = "package"
    OTHER = "other"


class Label(NamedTuple):
    """A label found before a number.

    ``sign`` says that a ``#``, ``No.``, ``№``, ``号`` or colon introduces it; ``near``, that nothing else that has a
    meaning stands between the label and the number ("barcode of your profile 120061234567"); ``apart``, that
    something does, whatever sign introduces the number ("your order could be free: 500 winners").
    """

    kind: LabelKind
    phrase: str
    sign: bool
    language: str
    near: bool = True
    apart: bool = False


#: Words between a label and its number: "numero di tracciabilità per il tuo pacco è 350C…".
_REACH_WORDS = 6
_REACH_LETTERS = 60
#: Letters before a number that are looked at, and behind one.
CONTEXT = 120
_BEHIND = 40
_SMALL = 3
#: Letters in which a sign that introduces the number is looked for.
_SIGN_LETTERS = 24
#: Labels that are signs of no language, and say no more than the words for "number".
_EMPTY_SIGNS = frozenset(("#", "№", "nº", "n°", "n"))
#: The pseudo-language of a shop's own labels; it comes before the mail's language.
_OWN = "shop"


#: The kinds of a phrase by the languages that have it; "tracking number" stands in most.
_Kinds = dict[str, LabelKind]
_Index = Phrases[_Kinds]
_Found = Found[_Kinds]


@cache
def _sign() -> re.Pattern[str]:
    """A sign or a word that introduces a number, at the end of what stands before it."""
    words = any_of("numbers.signs")
    return re.compile(rf"(?:[#№:：=]|\bn\.?[°ºo]?\.?|{words})[\s:#（(\"']*$")


@cache
def _number_noun() -> re.Pattern[str]:
    return re.compile(rf"n\.?[º°o]\b|{any_of('numbers.nouns')}")


@cache
def _completes() -> re.Pattern[str]:
    """What may stand between a label and its complement: nothing, or up to three short words."""
    return re.compile(rf" (?:[^\W\d_]{{1,7}}'? ?){{0,3}}|{any_of('numbers.links')}?")


@cache
def _copula() -> re.Pattern[str]:
    return re.compile(rf"[:：=]|{any_of('numbers.copulas')}")


@cache
def _with_labels_behind() -> frozenset[str]:
    return frozenset(code for code, language in languages().items() if language.labels_behind)


@cache
def _empty() -> frozenset[str]:
    """The labels that name nothing, as they are written, like those of the kinds."""
    return _EMPTY_SIGNS.union(*(language.numbers.empty for language in languages().values()))


@cache
def _index(shop: str | None) -> _Index:
    if shop is None or shops()[shop].labels == ShopLabels():
        return _of_all_languages()
    own = shops()[shop].labels
    entries: list[tuple[str, _Kinds]] = [(phrase, {_OWN: LabelKind.ORDER}) for phrase in own.order]
    entries += [(phrase, {_OWN: LabelKind.CODE}) for phrase in own.code]
    return Phrases(entries, _of_all_languages())


@cache
def _of_all_languages() -> _Index:
    kinds: dict[str, _Kinds] = {}
    empty = _empty()
    for code, language in languages().items():
        for kind in LabelKind:
            alone = {code: kind}
            for phrase in getattr(language.labels, kind.value):
                if phrase not in empty:
                    known = kinds.get(phrase)
                    kinds[phrase] = alone if known is None else known | alone
    return Phrases(kinds.items())


class LabelWords:
    """The label words of all languages; those of *shop* and of the mail's *language* hold before others."""

    def __init__(self, language: str | None, shop: str | None) -> None:
        self._language = language
        self._languages = tuple(code for code in (_OWN, language, "en") if code)
        self._index = _index(shop)
        self._nearest: dict[str, Label | None] = {}

    def nearest(self, context: str) -> Label | None:
        """The label that ends closest before the number, if close enough."""
        context = context[-CONTEXT:]
        if context not in self._nearest:
            text = normalise(context)
            sign = bool(_sign().search(text[-_SIGN_LETTERS:]))
            found = self._index.find(text, _last_sentence(text))
            ends = {end for end in {item.end for item in found} if _reaches(text, end)}
            adjoining = of_all("numbers.adjoining")
            found = [item for item in found if item.phrase not in adjoining or self._adjoins(item, text)]
            self._nearest[context] = self._choose([item for item in found if item.end in ends], sign, text)
        return self._nearest[context]

    def _adjoins(self, found: _Found, text: str) -> bool:
        return self._language in found.meaning and not text[found.end :].strip(" #:")

    def behind(self, text: str) -> Label | None:
        """The label behind a number, in languages that put it there."""
        if self._language not in _with_labels_behind():
            return None
        text = normalise(text[:_BEHIND])
        near = [found for found in self._index.find(text) if found.start <= 12 and self._language in found.meaning]
        if not near:
            return None
        first = min(near, key=lambda found: (found.start, -found.weight))
        return Label(first.meaning[self._language], first.phrase, sign=True, language=self._language)

    def _choose(self, found: list[_Found], sign: bool, text: str) -> Label | None:
        if not sign:
            # "Your order with the reference X": the order's number, unlike "your order (reference: X)".
            references = of_all("numbers.references")
            found = [item for item in found if item.phrase not in references] or found
        if not found:
            return None
        end = max(item.end for item in found)
        last = [item for item in found if item.end == end]
        last = self._heads(found, last, text) or last
        # Within one label the longest phrase holds: "item number" over "number".
        weight = max(item.weight for item in last)
        last = [item for item in last if item.weight == weight]
        apart = not _is_near(text[last[0].end :])
        near = sign or not apart
        for code in self._languages:
            own = next((item for item in last if code in item.meaning), None)
            if own is not None:
                return Label(own.meaning[code], own.phrase, sign, code, near, apart)
        kinds = {kind for item in last for kind in item.meaning.values()}
        if len(kinds) > 1:
            return None
        return Label(kinds.pop(), last[0].phrase, sign, next(iter(last[0].meaning)), near, apart)

    def _kind(self, found: _Found) -> LabelKind:
        """The kind of a label, in the language that holds before others."""
        kinds = found.meaning
        return next(kinds[code] for code in (*self._languages, *kinds) if code in kinds)

    def _heads(self, found: list[_Found], last: list[_Found], text: str) -> list[_Found]:
        """The labels that the nearest ones only complete: "reference number (of the) parcel", "tracking number for
        your order is". The head of such a compound is a word for a number and its complement is none; with a
        complement that is an order, the number right behind it is still the order's ("the invoice for your order
        123").
        """
        start = min(item.start for item in last)
        if any(is_number_noun(item.phrase) for item in last):
            return []
        complement = self._kind(last[0])
        heads = [
            item
            for item in found
            if item.end <= start
            and is_number_noun(item.phrase)
            and _completes().fullmatch(text[item.end : start])
            and self._kind(item) is not complement
        ]
        if not heads:
            return []
        if complement is LabelKind.PACKAGE and self._kind(heads[-1]) is not LabelKind.ORDER:
            return heads[-1:]
        behind = text[max(item.end for item in last) :]
        return heads[-1:] if _copula().search(behind) else []


@cache
def _small_words() -> frozenset[str]:
    return frozenset(bare(normalise(word)) for language in languages().values() for word in language.words)


def _is_near(gap: str) -> bool:
    """Whether only small words ("is", "für Ihr Paket") stand in *gap*."""
    return len(gap) <= _SMALL or all(len(word) <= _SMALL or word in _small_words() for word in words_of(gap))


def is_reference(phrase: str) -> bool:
    """Whether a label is only a word for reference: a shop's for its order, unless the mail names that otherwise."""
    return phrase in of_all("numbers.references") or phrase in of_all("numbers.own_references")


def is_of_payment(phrase: str) -> bool:
    """Whether a label introduces what a payment is known by."""
    return phrase in of_all("numbers.payments")


@lru_cache(maxsize=4096)
def is_number_noun(phrase: str) -> bool:
    """Whether a label is itself a word for a number ("order number"), and not just the thing that has one."""
    return bool(_number_noun().search(phrase))


def _last_sentence(text: str) -> int:
    """Index of the first word of the sentence that *text* ends with; a label before it reaches nothing."""
    words = words_of(text)
    if BOUNDARIES.isdisjoint(words[:-1]):
        return 0
    return next(at + 1 for at in range(len(words) - 2, -1, -1) if words[at] in BOUNDARIES)


def _reaches(text: str, end: int) -> bool:
    """Whether a label that ends at *end* is close enough to the end of *text*, where its number stands."""
    if len(text) - end > _REACH_LETTERS:
        return False
    words = words_of(text[end:])
    if not words:
        return True
    closed = words[-1] in BOUNDARIES and words[-1] not in ".\t"
    return len(words) <= _REACH_WORDS and not closed and BOUNDARIES.isdisjoint(words[:-1])
