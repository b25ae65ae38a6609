"""Which of two codes is the new one, where a mail says that the code has changed."""

from __future__ import annotations

from functools import cache

from pipeline.model import Event
from pipeline.read.evidence import Candidate, Kind
from pipeline.read.normal import normalise
from pipeline.read.phrases import Phrases
from pipeline.read.stems import of_all


@cache
def _old_words() -> Phrases[bool]:
    """What stands before the code that holds no more."""
    return Phrases((phrase, True) for phrase in of_all("numbers.old"))


@cache
def _invalid_words() -> Phrases[bool]:
    """What a sentence says behind the code that holds no more."""
    return Phrases((phrase, True) for phrase in of_all("numbers.invalid"))


def says_invalid(behind: str) -> bool:
    """Whether the words behind a number say that it holds no more ("… is no longer valid")."""
    return bool(behind) and bool(_invalid_words().find(normalise(behind)))


def says_replaced(context: str) -> bool:
    """Whether the normalised words before a number say that it holds no more ("Old tracking number:")."""
    return bool(context) and bool(_old_words().find(context))


def split_changed(codes: list[Candidate], event: Event) -> tuple[list[Candidate], list[Candidate]]:
    """Return the codes that hold and those that have been replaced.

    Of two codes in a mail about a changed code, of which none is called old, the one named first is: in every
    language a change goes from the old to the new.
    """
    old = [code for code in codes if Kind.REPLACED in code.evidence]
    new = [code for code in codes if Kind.REPLACED not in code.evidence]
    if old and new:
        return new, old
    if event is Event.CODE_CHANGED and len(codes) == 2:
        return codes[1:], codes[:1]
    return codes, []
