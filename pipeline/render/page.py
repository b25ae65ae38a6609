"""Text and HTML of a digest, from the templates."""

from __future__ import annotations

import functools
from bisect import bisect_left
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.render import speaker_of, words
from pipeline.render.spoken import isolated, spoken
from pipeline.render.view import view
from pipeline.speech import Speaker
from pipeline.tables import data_dir

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

    from pipeline.digest import Digest

#: Gmail cuts a mail at about 102 KB and hides the rest; this leaves room for what a server adds.
HTML_LIMIT_BYTES = 90_000
#: Parcels with details. The text takes at least as many, so that it says all that the HTML says.
TEXT_CARDS, HTML_CARDS = 60, 60


def text(digest: Digest) -> str:
    """Return the digest as plain text of at most ``words.COLUMNS`` columns."""
    return _template("digest.txt.j2", speaker_of(digest)).render(digest=view(digest, TEXT_CARDS))


def html(digest: Digest) -> str:
    """Return the digest as one HTML page: no script, nothing remote, under ``HTML_LIMIT_BYTES`` of UTF-8.

    Parcels that would make it longer are counted instead of shown.
    """
    template = _template("digest.html.j2", speaker_of(digest))
    pages: dict[int, str] = {}

    def too_long(cards: int) -> bool:
        pages[cards] = _inlined(template.render(digest=view(digest, cards)))
        return len(pages[cards].encode()) >= HTML_LIMIT_BYTES

    most = min(HTML_CARDS, sum(entry.shown for entry in digest.entries))
    if not too_long(most):
        return pages[most]
    # A page with more cards is longer: the first that is too long is found by halving.
    cards = max(0, bisect_left(range(most), True, key=too_long) - 1)
    return pages[cards]


def index(days: Sequence[tuple[str, date, str]], language: str, today: date) -> str:
    """Return a page that lists past digests as (file name, day, subject), newest first."""
    speaker = Speaker(language, today)
    months = [
        (speaker.month(first), [(name, speaker.long_day(day), subject) for name, day, subject in group])
        for first, group in groupby(days, key=lambda each: each[1].replace(day=1))
    ]
    return _inlined(_template("index.html.j2", speaker).render(months=months))


def _inlined(page: str) -> str:
    import css_inline

    # The media queries stay in a <style>: mail programs that drop it still have the style attributes.
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, minify_css=True)
    return inliner.inline(page)


def _template(name: str, speaker: Speaker) -> Template:
    return environment(speaker).get_template(name)


@functools.lru_cache(maxsize=4)
def environment(speaker: Speaker) -> SandboxedEnvironment:
    """Return the templates' world: sandboxed, and a name that nobody gave is an error, not empty."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        loader=FileSystemLoader(data_dir("templates")),
        # Jinja's own select_autoescape() knows .html, but not .html.j2.
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrap"] = words.wrap
    environment.filters["columns"] = words.width
    environment.filters["fill"] = words.fill
    environment.filters["upper"] = speaker.upper
    environment.filters["isolated"] = isolated
    environment.globals["no_break"] = words.NO_BREAK
    environment.globals["language"] = speaker.tag
    environment.globals["direction"] = speaker.direction
    environment.globals.update(spoken(speaker))
    return environment
