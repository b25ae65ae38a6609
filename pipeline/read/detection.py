"""Finding the language of a mail, by its script and its small words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import tomli

from pipeline.read.languagetable import Phrases, Script, both_scripts
from pipeline.read.normal import normalise
from pipeline.read.transliteration import SERBIAN_LETTERS
from pipeline.read.words import words_of
from pipeline.tables import data_dir

#: Enough text to be sure of a language, so that a huge mail costs no more than a long one.
_ENOUGH = 20_000
_LEAST = 1.5
_LEAD = 1.2
_LETTER = 0.5
#: A word; an id ("3f8a1c72") is one, too, and never a word of a language.
_TOKEN = re.compile(r"[^\W_]+")
#: A letter that tells anything by itself.
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
#: How much one letter of a script is worth that needs no words, in hits: roughly a hit for every second word.
_SCRIPT_WORTH = {
    "hangul": 0.25,
    "kana": 0.25,
    "han": 0.25,
    "hebrew": 0.1,
    "arabic": 0.1,
    "greek": 0.1,
    "devanagari": 0.1,
    "thai": 0.1,
}
_SCRIPTS = (
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x04FF, "cyrillic"),
    (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x06FF, "arabic"),
    (0x0900, 0x097F, "devanagari"),
    (0x0E00, 0x0E7F, "thai"),
    (0x1100, 0x11FF, "hangul"),
    (0x3040, 0x30FF, "kana"),
    (0x3400, 0x9FFF, "han"),
    (0xAC00, 0xD7AF, "hangul"),
)
#: Letters that languages of a script do not have, but for some: those of Persian, of Arabic, of Urdu; of Serbian and
#: Macedonian, of Belarusian and Macedonian; of Marathi. The number says one of how many letters of its script such a
#: letter must be, for a name or an address may be foreign.
_FOREIGN = (
    ("arabic", frozenset("پچژگکی"), 20, "fa"),
    ("arabic", frozenset("ةىيك"), 20, "ar"),
    ("arabic", frozenset("ٹڈڑںے"), 20, ""),
    ("cyrillic", SERBIAN_LETTERS, 20, "sr"),
    ("cyrillic", frozenset("ўѓќѕ"), 100, ""),
    ("devanagari", frozenset("ळ"), 60, ""),
)


if TYPE_CHECKING:
    from collections.abc import Iterable


class _Head(msgspec.Struct, frozen=True):
    """The part of a file before its first table: all that telling languages apart needs."""

    code: str
    script: Script = "latin"
    twin: Script | None = None
    letters: str = ""
    words: Phrases = ()


class _Marks(NamedTuple):
    """What languages are known by."""

    words: dict[str, tuple[tuple[str, float], ...]]
    letters: dict[str, tuple[str, ...]]
    scripts: dict[str, tuple[str, ...]]


@cache
def _marks() -> _Marks:
    """Words with their languages and worth, letters and scripts with their languages."""
    words: dict[str, list[str]] = {}
    letters: dict[str, list[str]] = {}
    scripts: dict[str, list[str]] = {}
    for path in sorted(data_dir("read/languages").glob("*.toml")):
        head = path.read_text("utf-8").partition("\n[")[0]
        known = msgspec.convert(tomli.loads(head), _Head)
        for word in both_scripts(known.words) if known.twin else known.words:
            words.setdefault(normalise(word), []).append(known.code)
        for letter in known.letters:
            letters.setdefault(letter, []).append(known.code)
        scripts.setdefault(known.script, []).append(known.code)
        if known.twin:
            scripts.setdefault(known.twin, []).append(known.code)
    return _Marks(
        {word: tuple((code, 1 / len(codes)) for code in codes) for word, codes in words.items()},
        {letter: tuple(codes) for letter, codes in letters.items()},
        {script: tuple(codes) for script, codes in scripts.items()},
    )


def _words_of(line: str) -> Iterable[str]:
    """The words of a line with their accents, by which neighbours are told apart; without any, they are those that the
    line is searched by later."""
    return words_of(line) if line.isascii() else _TOKEN.findall(line)


def scores(text: str) -> dict[str, float]:
    """Return how strongly a normalised *text* shows each language, best first; none without a sign."""
    words, letters, scripts = _marks()
    text = text[:_ENOUGH]
    found: defaultdict[str, float] = defaultdict(float)
    told = chain.from_iterable(map(_words_of, text.split("\n")))
    for token, times in Counter(filter(words.__contains__, told)).items():
        # A word of a boilerplate or a product list may stand a hundred times; it is still one sign.
        for code, worth in words[token]:
            found[code] += worth * min(times, 5)
    if not text.isascii():
        seen = Counter(_NOT_ASCII.findall(text))
        for letter in seen.keys() & letters.keys():
            codes = letters[letter]
            for code in codes:
                found[code] += _LETTER / len(codes) * min(seen[letter], 10)
        drawn = _drawn(seen)
        for script, times in drawn.items():
            if script in _SCRIPT_WORTH:
                for code in scripts.get(script, ()):
                    found[code] += times * _SCRIPT_WORTH[script]
        for script, foreign, share, own in _FOREIGN:
            if drawn[script] and sum(seen[letter] for letter in foreign) * share > drawn[script]:
                for code in scripts.get(script, ()):
                    if code != own:
                        found.pop(code, None)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    """The script of a *letter*; that of Latin and of signs has no name here."""
    return next((script for first, last, script in _SCRIPTS if first <= ord(letter) <= last), "")


def _drawn(seen: Counter[str]) -> Counter[str]:
    """How many letters of each script (but Latin) are among the characters *seen*."""
    drawn: Counter[str] = Counter()
    for letter, times in seen.items():
        if script := _script_of(letter):
            drawn[script] += times
    # Japanese prose mixes both scripts; a Chinese mail names at most a Japanese product.
    if drawn["kana"] * 10 > drawn["han"]:
        drawn["kana"] += drawn["han"]
        drawn["han"] = 0
    return drawn


def detect(text: str) -> str | None:
    """Return the ISO 639-1 code of a normalised *text*; ``None`` where signs are few or two are too near."""
    ranking = list(scores(text).items())
    if not ranking or ranking[0][1] < _LEAST:
        return None
    if len(ranking) > 1 and ranking[0][1] < _LEAD * ranking[1][1]:
        return None
    return ranking[0][0]
