"""The forms of a digest: text and HTML for people, JSON and CSV for scripts, ICS for calendars, Atom for feeds.

Every form is a function of the digest alone: the same digest gives the same characters.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.speech import Speaker

if TYPE_CHECKING:
    from pipeline.digest import Digest


class Form(StrEnum):
    """What a digest can be rendered as."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    CSV = "csv"
    ICS = "ics"
    ATOM = "atom"


def speaker_of(digest: Digest) -> Speaker:
    """Return who speaks the language of *digest*."""
    return Speaker(digest.language, digest.day)


def subject_of(digest: Digest) -> str:
    """Return the subject of *digest* in its language, on one line."""
    return speaker_of(digest)(digest.subject)


def render(digest: Digest, form: Form) -> str:
    """Return *digest* in *form*. Lines end with LF; in CSV (RFC 4180) and ICS (RFC 5545) with CRLF.

    The libraries that a form needs are loaded only when asked for: a run with nothing to say stays quick.
    """
    match form:
        case Form.TEXT:
            from pipeline.render.page import text

            return text(digest)
        case Form.HTML:
            from pipeline.render.page import html

            return html(digest)
        case Form.JSON:
            from pipeline.render.records import as_json

            return as_json(digest)
        case Form.CSV:
            from pipeline.render.records import as_csv

            return as_csv(digest)
        case Form.ICS:
            from pipeline.render.calendar import calendar

            return calendar(digest)
        case Form.ATOM:
            from pipeline.render.feed import atom

            return atom(digest)
