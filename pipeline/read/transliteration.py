"""Serbian in its two alphabets, which spell every word alike, letter by letter."""

from __future__ import annotations

import re

#: The letters that only Serbian has among the Cyrillic languages that are known; Macedonian has some of them, too.
SERBIAN_LETTERS = frozenset("ђјљњћџ")
_PAIRS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_PAIR = re.compile("|".join(_PAIRS))
_LETTERS = str.maketrans("abcčćdđefghijklmnoprsštuvzž", "абцчћдђефгхијклмнопрсштувзж")
_LATIN = re.compile(r"[a-zčćđšž]")


def in_cyrillic(phrase: str) -> str | None:
    """Return a lower-case Latin *phrase* in Cyrillic; ``None`` where it has no letter, or q, w, x or y."""
    cyrillic = _PAIR.sub(lambda pair: _PAIRS[pair[0]], phrase).translate(_LETTERS)
    return None if cyrillic == phrase or _LATIN.search(cyrillic) else cyrillic
