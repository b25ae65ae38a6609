"""Finding the phrases of the language files in a text, in time linear in the text.

A phrase is a row of words. ``*`` at the end of a word stands for any ending, `` … `` for up to six words in
between (not over the end of a sentence). Scripts that do not part words, or glue particles to them (Han, Kana,
Hangul, Hebrew, Arabic, Thai), are searched by substring. No regular expression is built from a phrase, so no phrase
and no text can make the search slow: each word of the text costs a few dictionary look-ups.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import compress, count
from operator import add
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from pipeline.read.languages import languages
from pipeline.read.normal import normalise
from pipeline.read.words import BOUNDARIES, bare, ends_of, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

K = TypeVar("K")

_GLUED = re.compile(r"[\u0590-\u06ff\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_GAP = 6
#: Letters under which a phrase that is searched by substring is filed (one of a single letter under that), then by its
#: length and itself: hundreds of phrases begin with "您的".
_GLUED_KEY = 2
#: Words whose phrases are remembered; enough for any language, bounded for text from outside.
_REMEMBERED = 20_000
_GAP_MARK = "\ue000"
_SHORTEST_STEM = 2


class Found(NamedTuple, Generic[K]):
    """A phrase found: what it means, its span in the text, and how many letters of it were matched."""

    meaning: K
    phrase: str
    start: int
    end: int
    weight: int


class _Entry(NamedTuple, Generic[K]):
    """A phrase as the index keeps it; *last* is the word without which it need not be looked for (``""``: a stem)."""

    parts: tuple[str, ...]
    phrase: str
    meaning: K
    weight: int
    last: str = ""


#: The phrases that go on with a word: rows of two words, and longer ones by the third.
_Followed = tuple[list[_Entry[K]], dict[str, list[_Entry[K]]]]
#: The phrases that may begin with a word: the word alone, rows of words by the second, and those with a gap or a stem.
#: Empty for most words.
_Begun = tuple[()] | tuple[tuple[_Entry[K], ...], dict[str, _Followed[K]], tuple[_Entry[K], ...]]


class Phrases(Generic[K]):
    """An index of phrases, each with a meaning.

    Most phrases are never met. So a phrase is only filed under its first word, and taken apart when that word is.
    """

    def __init__(self, entries: Iterable[tuple[str, K]], *others: Phrases[K]) -> None:
        """*others* are indexes whose phrases are found as if they were among *entries*."""
        self._by_word: dict[str, list[tuple[str, K]]] = {}
        self._by_stem: dict[str, list[tuple[str, K]]] = {}
        self._glued: dict[str, dict[int, dict[str, list[_Entry[K]]]]] = {}
        listed = list(entries)
        for phrase, (_, meaning) in zip(_normalised([phrase for phrase, _ in listed]), listed, strict=True):
            if not phrase.isascii() and _GLUED.search(phrase):
                self._file_glued(phrase, meaning)
            else:
                self._file(phrase, meaning)
        self._sources: tuple[Phrases[K], ...] = (self, *(source for other in others for source in other._sources))
        self._begun: dict[str, _Begun[K]] = _Remembered(self._begun_by)
        self._glued_sources = tuple(source._glued for source in self._sources if source._glued)
        self._shortest = min((len(stem) for stem in self._by_stem), default=0)
        self._longest = max((len(stem) for stem in self._by_stem), default=0)

    def _file(self, phrase: str, meaning: K) -> None:
        head = phrase.partition(" ")[0]
        if head.isalnum():
            self._by_word.setdefault(bare(head), []).append((phrase, meaning))
            return
        # "pick-up", "no.", "bestell*": what the first word is says only the whole phrase.
        first = next(_parts(phrase), None)
        if first is None:
            return
        filed = self._by_stem if first.endswith("*") else self._by_word
        filed.setdefault(first.removesuffix("*"), []).append((phrase, meaning))

    def _file_glued(self, phrase: str, meaning: K) -> None:
        pieces = tuple(piece.strip() for piece in phrase.replace("*", "").split("…") if piece.strip())
        if pieces:
            # A glued letter says as much as two or three of an alphabet.
            entry = _Entry(pieces, phrase, meaning, 3 * sum(map(len, pieces)))
            by_length = self._glued.setdefault(pieces[0][:_GLUED_KEY], {})
            by_length.setdefault(len(pieces[0]), {}).setdefault(pieces[0], []).append(entry)

    def find(self, text: str, first_word: int = 0) -> list[Found[K]]:
        """Return every phrase found in the normalised *text*, by start.

        Phrases of words that begin before the word of index *first_word* (see :func:`words_of`) are not looked for.
        """
        found = self._find_words(text, first_word)
        if self._glued_sources and not text.isascii() and _GLUED.search(text):
            found.extend(self._find_glued(text))
        if len(found) > 1:
            found.sort(key=lambda item: (item.start, -item.weight))
        return found

    def longest(self, text: str) -> list[Found[K]]:
        """Like :meth:`find`, but a phrase that lies inside a longer one is left out."""
        return outermost(self.find(text))

    def _find_words(self, text: str, first: int) -> list[Found[K]]:
        words = words_of(text)
        begun = [*map(self._begun.__getitem__, words[first:] if first else words)]
        if not any(begun):
            return []
        hits: list[tuple[_Entry[K], int, int]] = []
        end = len(words) - 1
        for index, known in enumerate(begun, start=first):
            if not known:
                continue
            alone, followed, others = known
            if alone:
                hits += [(entry, index, index) for entry in alone]
            if followed and index < end and (rows := followed.get(words[index + 1])) is not None:
                pairs, longer = rows
                hits += [(entry, index, index + 1) for entry in pairs]
                if longer and index + 1 < end:
                    for entry in longer.get(words[index + 2], ()):
                        last = index + len(entry.parts)
                        if words[index:last] == entry.parts:
                            hits.append((entry, index, last - 1))
            for entry in others:
                if not entry.last or entry.last in words:
                    at = _match(entry.parts, words, index)
                    if at is not None:
                        hits.append((entry, index, at))
        if not hits:
            return []
        places = ends_of(text)
        return [
            Found(entry.meaning, entry.phrase, places[index][0], places[last][1], entry.weight)
            for entry, index, last in hits
        ]

    def _begun_by(self, word: str) -> _Begun[K]:
        """The phrases that may begin with *word*: that alone, by the words that follow, and those with gap or stem."""
        alone: list[_Entry[K]] = []
        followed: dict[str, _Followed[K]] = {}
        others: list[_Entry[K]] = []
        for source in self._sources:
            for entry in source._filed_under(word):
                if any(part[-1] in "…*" for part in entry.parts):
                    others.append(entry)
                elif len(entry.parts) > 1:
                    # Hundreds of phrases begin with "your", and dozens with "your order"; few go on as the mail does.
                    pairs, longer = followed.setdefault(entry.parts[1], ([], {}))
                    (pairs if len(entry.parts) == 2 else longer.setdefault(entry.parts[2], [])).append(entry)
                else:
                    alone.append(entry)
        return (tuple(alone), followed, tuple(others)) if alone or followed or others else ()

    def _filed_under(self, word: str) -> Iterator[_Entry[K]]:
        """This index' own phrases that may begin with *word*, taken apart."""
        for phrase, meaning in self._by_word.get(word, ()):
            yield _entry(phrase, meaning)
        for length in range(self._shortest, min(self._longest, len(word)) + 1):
            for phrase, meaning in self._by_stem.get(word[:length], ()):
                yield _entry(phrase, meaning)

    def _find_glued(self, text: str) -> Iterator[Found[K]]:
        # Nearly every place begins nothing: which do is asked of all of them at once.
        pairs = [*map(add, text, text[1:])]
        for glued in self._glued_sources:
            for keys in (pairs, text):
                for start in compress(count(), map(glued.__contains__, keys)):
                    for length, begun in glued[keys[start]].items():
                        for pieces, phrase, meaning, weight, *_ in begun.get(text[start : start + length], ()):
                            end = _follow(text, pieces, start)
                            if end is not None:
                                yield Found(meaning, phrase, start, end, weight)


class _Remembered(dict[str, _Begun[K]]):
    """What each word begins, asked for when it is met first: most words come again, and most begin nothing."""

    def __init__(self, ask: Callable[[str], _Begun[K]]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, word: str) -> _Begun[K]:
        known = self._ask(word)
        if len(self) < _REMEMBERED:
            self[word] = known
        return known


def _entry(phrase: str, meaning: K) -> _Entry[K]:
    parts = tuple(_parts(phrase))
    return _Entry(parts, phrase, meaning, sum(map(len, parts)), "" if parts[-1].endswith("*") else parts[-1])


def outermost(found: list[Found[K]]) -> list[Found[K]]:
    """The phrases of one text without those that meet a longer one: ``could not be delivered`` hides ``delivered``."""
    if len(found) < 2:
        return found
    kept: list[Found[K]] = []
    taken = bytearray(max(item.end for item in found))
    for item in sorted(found, key=lambda item: (-item.weight, item.start)):
        if 1 not in taken[item.start : item.end]:
            taken[item.start : item.end] = b"\x01" * (item.end - item.start)
            kept.append(item)
    kept.sort(key=lambda item: item.start)
    return kept


def _normalised(phrases: list[str]) -> list[str]:
    """The phrases as text is compared, in one go; the mark of a gap would become three full stops."""
    joined = normalise("\n".join(phrases).replace("…", _GAP_MARK)).replace(_GAP_MARK, "…")
    # Nearly all are written so already: the text that the language holds is kept, and no second one.
    both = zip(phrases, joined.split("\n"), strict=True) if phrases else ()
    return [written if written == plain else plain for written, plain in both]


def _parts(phrase: str) -> Iterator[str]:
    for chunk in phrase.split():
        if chunk == "…":
            yield "…"
            continue
        stem = chunk.endswith("*")
        tokens = [token for token in words_of(chunk) if token not in BOUNDARIES]
        for position, token in enumerate(tokens):
            last = position == len(tokens) - 1
            yield token + "*" if stem and last and len(token) >= _SHORTEST_STEM else token


def _fits(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


def _match(parts: tuple[str, ...], words: tuple[str, ...], index: int) -> int | None:
    """Index of the word that ends the phrase if it starts at *index*. A gap takes the nearest continuation."""
    at = index
    gap = False
    for part in parts[1:]:
        if part == "…":
            gap = True
            continue
        at += 1
        if gap:
            limit = min(len(words), at + _GAP + 1)
            while at < limit and words[at] not in BOUNDARIES and not _fits(part, words[at]):
                at += 1
            if at >= limit:
                return None
            gap = False
        if at >= len(words) or not _fits(part, words[at]):
            return None
    return at


def _follow(text: str, pieces: tuple[str, ...], start: int) -> int | None:
    """End of the pieces that follow each other within 40 characters of one line; ``None`` if they do not."""
    end = start + len(pieces[0])
    for piece in pieces[1:]:
        stop = min(len(text), end + 40 + len(piece))
        at = text.find(piece, end, stop)
        if at < 0 or any(mark in text[end:at] for mark in "\n。！？"):
            return None
        end = at + len(piece)
    return end


@cache
def parcel_words() -> Phrases[str]:
    """The words of orders, parcels and their delivery in all languages, with the language's code."""
    return Phrases((word, code) for code, language in languages().items() for word in language.parcel.words)
