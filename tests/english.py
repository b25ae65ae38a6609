"""Diagnoses in English words, for tests of what is decided rather than of how it is said."""

from __future__ import annotations

from dataclasses import replace

from pipeline.model import Diagnosis, Saying


def in_english(found: Diagnosis) -> Diagnosis:
    """Return *found* with plain strings for its sayings, to compare and search."""
    return replace(
        found,
        title=str(found.title),
        advice=tuple(map(str, found.advice)),
        notes=tuple(replace(note, text=str(note.text)) for note in found.notes),
    )


def verbatim(text: str) -> Saying:
    """Return a saying of *text*, whatever stands in it."""
    return Saying("{text}", (("text", text),))
