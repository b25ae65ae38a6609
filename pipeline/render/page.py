"""Text and HTML of a digest, from the templates."""

from __future__ import annotations

from bisect import bisect_left
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.render import speaker_of
from pipeline.render.templates import rendered
from pipeline.render.view import view
from pipeline.speech import Speaker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipeline.digest import Digest

#: Gmail cuts a mail at about 102 KB and hides the rest; this leaves room for what a server adds.
HTML_LIMIT_BYTES = 90_000
#: Parcels with details. The text takes at least as many, so that it says all that the HTML says.
TEXT_CARDS, HTML_CARDS = 60, 60


def text(digest: Digest) -> str:
    """Return the digest as plain text of at most ``words.COLUMNS`` columns."""
    return rendered("digest.txt.j2", speaker_of(digest), digest.templates, digest=view(digest, TEXT_CARDS))


def html(digest: Digest) -> str:
    """Return the digest as one HTML page: no script, nothing remote, under ``HTML_LIMIT_BYTES`` of UTF-8.

    Parcels that would make it longer are counted instead of shown.
    """
    speaker = speaker_of(digest)
    pages: dict[int, str] = {}

    def too_long(cards: int) -> bool:
        page = rendered("digest.html.j2", speaker, digest.templates, digest=view(digest, cards))
        pages[cards] = _inlined(page)
        return len(pages[cards].encode()) >= HTML_LIMIT_BYTES

    most = min(HTML_CARDS, sum(entry.shown for entry in digest.entries))
    if not too_long(most):
        return pages[most]
    # A page with more cards is longer: the first that is too long is found by halving.
    cards = max(0, bisect_left(range(most), True, key=too_long) - 1)
    return pages[cards]


def index(days: Sequence[tuple[str, date, str]], language: str, today: date, templates: str = "") -> str:
    """Return a page that lists past digests as (file name, day, subject), newest first.

    *templates*: folder of the owner's own templates, if any.
    """
    speaker = Speaker(language, today)
    months = [
        (speaker.month(first), [(name, speaker.long_day(day), subject) for name, day, subject in group])
        for first, group in groupby(days, key=lambda each: each[1].replace(day=1))
    ]
    return _inlined(rendered("index.html.j2", speaker, templates, months=months))


def _inlined(page: str) -> str:
    import css_inline

    # The media queries stay in a <style>: mail programs that drop it still have the style attributes.
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, minify_css=True)
    return inliner.inline(page)
