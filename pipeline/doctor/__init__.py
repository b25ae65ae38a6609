"""What is well and what is not: every part of the installation examined, with what to do about it.

Nothing is changed, and no server is asked but those of the settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How something is."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined.

    Attributes:
        subject: what was examined, in a word or two.
        text: how it is, in one sentence.
        advice: what to do about it; empty where nothing is to be done.
        exit_code: that of the doctor where this is wrong, from sysexits.h.
    """

    subject: str
    state: State
    text: str
    advice: str = ""
    exit_code: int = 78


def ok(subject: str, text: str) -> Finding:
    return Finding(subject, State.OK, text, exit_code=0)


def note(subject: str, text: str, advice: str = "") -> Finding:
    return Finding(subject, State.NOTE, text, advice, exit_code=0)


def wrong(subject: str, text: str, advice: str = "", exit_code: int = 78) -> Finding:
    return Finding(subject, State.WRONG, text, advice, exit_code)
