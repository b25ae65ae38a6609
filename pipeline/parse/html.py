"""HTML of mails to text, links and machine-readable markup, through a real DOM.

Of four libraries on the HTML parts of 46 real mails (2026-11): selectolax (lexbor) 0.03 ms a part with a walk
over all nodes, resiliparse 0.05, html-text 0.19, inscriptis 0.34. Resiliparse and html-text show hidden text,
html-text breaks words at inline elements, none gives links, JSON-LD and table fields together: hence a walk
of our own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.model import Link
from pipeline.parse import text
from pipeline.parse.cells import Frame, Row, rows_as_lines
from pipeline.parse.microdata import microdata_of
from pipeline.parse.tame import tamed

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_LINKS = 500
MAX_STYLE = 2000
MAX_URL = 8192
MAX_MARKUP = 20
MAX_COLSPAN = 20
#: Characters of an inline element in which a number is looked for.
MAX_LABELLED = 80


@dataclass(frozen=True, slots=True)
class Page:
    """What an HTML document says.

    ``text`` has one block a line; the cells of a table row are joined by tabs where each is a single line.
    ``links`` lead to http or https, in order, without duplicates. ``markup`` and ``microdata`` as in
    ``model.Message``; an item that is itself a property gives ``(itemprop, "")`` before its ``itemtype``.
    """

    text: str = ""
    links: tuple[Link, ...] = ()
    markup: tuple[str, ...] = ()
    microdata: tuple[tuple[str, str], ...] = ()
    defects: tuple[str, ...] = ()


def extract(html: str) -> Page:
    """Read *html*. Pure, never raises, linear in its size up to the caps.

    Text of elements hidden by ``display:none``, ``visibility:hidden``, ``hidden``, ``font-size:0`` or
    ``max-height:0`` is left out: it is written to be seen by machines only. ``mso-hide:all`` alone hides
    nothing: it hides from one mail program only, and stands on the buttons of many shops. Microdata counts
    even where hidden, as it always is in mails.
    """
    from selectolax.lexbor import LexborHTMLParser

    html, defects = tamed(html)
    tree = LexborHTMLParser(html)
    walk = _Walk()
    body = tree.body
    if body is not None:
        walk.over(body)
    markup = tuple(
        content
        for script in (tree.css("script") if "json" in html or "JSON" in html else ())
        if "ld+json" in (script.attributes.get("type") or "").lower() and (content := script.text().strip())
    )
    microdata = microdata_of(tree) if "item" in html else ()
    if len(walk.links) == MAX_LINKS:
        defects = (*defects, f"more than {MAX_LINKS} links in the HTML; the rest was left out")
    return Page("\n".join(walk.lines()), tuple(walk.links.values()), markup[:MAX_MARKUP], microdata, defects)


# ── the walk ────────────────────────────────────────────────────────────────────────────────────────────────


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SKIPPED = _tags(
    "script style head title template svg math iframe noembed noframes select textarea object audio video canvas"
)
_BLOCKS = _tags(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre"
    " section summary table tbody tfoot thead tr td th ul"
)
_INLINE = _tags("a b bdi bdo em font i label small span strong")
_ZERO = r"\s*:\s*0(?:\.0*)?(?:px|pt|em|rem|%)?\s*(?:!important\s*)?(?:;|$)"
_HIDDEN = re.compile(rf"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|max-height{_ZERO})", re.I)
_FONT_ZERO = re.compile(rf"(?:^|[;\s])font-size{_ZERO}", re.I)
_FONT_SIZE = re.compile(r"(?:^|[;\s])font(?:-size)?\s*:[^;]*?[1-9][\d.]{0,6}(?:px|pt|rem|vw|in|mm|cm)", re.I)


def _effect(style: str) -> tuple[bool, bool | None]:
    """Whether *style* hides its element, and whether it makes the font's size zero (``None``: leaves it)."""
    if _HIDDEN.search(style):
        return True, None
    # A zero font size on a container only closes the gaps between its boxes, which set a size of their own.
    if _FONT_ZERO.search(style):
        return False, True
    return False, False if _FONT_SIZE.search(style) else None


class _Walk:
    """One pass over the DOM with a stack of its own, so that depth costs no recursion."""

    def __init__(self) -> None:
        self.links: dict[str, Link] = {}
        self._frames = [Frame()]
        self._tables: list[list[Row]] = []
        self._anchor: tuple[str, list[str], list[str]] | None = None  # url, words, alternative texts
        self._styles: dict[str, tuple[bool, bool | None]] = {}
        self._tiny = False  # under a font size of zero
        self._pre = 0

    def lines(self) -> list[str]:
        self._frames[0].flush()
        return self._frames[0].lines

    def over(self, top: LexborNode) -> None:
        node = top
        path: list[tuple[LexborNode, str, bool]] = []  # open elements, with the tininess outside of them
        while True:
            tag = node.tag or ""
            if tag == "-text":
                self._text(node.text_content or "")
            elif tag[:1] not in "-!_" and tag not in _SKIPPED:
                tiny = self._tiny
                if self._enter(node, tag):
                    child = node.child
                    if child is not None:
                        path.append((node, tag, tiny))
                        node = child
                        continue
                    self._leave(tag, tiny)
            while path:
                following = node.next
                if following is not None:
                    node = following
                    break
                node, tag, tiny = path.pop()
                self._leave(tag, tiny)
            else:
                return

    def _text(self, content: str) -> None:
        if self._tiny:
            return
        if content.isspace() and not self._frames[-1].inline:
            return
        if self._anchor is not None:
            self._anchor[1].append(content)
        if not self._pre:
            self._frames[-1].inline.append(content)
            return
        first, *others = content.split("\n")
        self._frames[-1].inline.append(first)
        for other in others:
            self._break()
            self._frames[-1].inline.append(other)

    def _break(self) -> None:
        self._frames[-1].flush()
        if self._anchor is not None:
            self._anchor[1].append(" ")

    def _enter(self, node: LexborNode, tag: str) -> bool:
        """Open the element; ``False``: it is hidden, and nothing in it is read."""
        attributes = node.attributes
        if "hidden" in attributes:
            return False
        style = attributes.get("style")
        if style and not self._shown(style):
            return False
        if tag == "br":
            self._break()
        elif tag in _BLOCKS:
            self._break()
            if tag == "table":
                self._tables.append([])
            elif tag == "tr" and self._tables:
                self._tables[-1].append([])
            elif tag in ("td", "th"):
                span = attributes.get("colspan") or ""
                wide = int(span) if span.isascii() and span.isdigit() and len(span) < 3 else 1
                self._frames.append(Frame(span=min(wide, MAX_COLSPAN)))
            elif tag == "pre":
                self._pre += 1
        elif tag in _INLINE and self._follows_a_name(node):
            self._text(" ")
        if tag == "a":
            self._close_anchor()
            self._anchor = (_url(attributes.get("href")), [], [])
        elif tag == "area":
            self._link(_url(attributes.get("href")), attributes.get("alt") or "")
        elif tag == "img" and self._anchor is not None:
            self._anchor[2].append(attributes.get("alt") or "")
        return True

    def _follows_a_name(self, node: LexborNode) -> bool:
        """Whether *node* touches another inline element that holds words: style sheets make such pairs two columns.

        Words of one or two letters ("RB", a drop cap) may be the beginning of what follows.
        """
        before = node.prev
        if before is None or before.tag not in _INLINE or not self._frames[-1].inline:
            return False
        words = self._frames[-1].inline[-1]
        if len(words) < 3 or not words[-1].isalpha() or any(map(str.isdigit, words)):
            return False
        return any(map(str.isdigit, node.text()[:MAX_LABELLED]))

    def _shown(self, style: str) -> bool:
        style = style[:MAX_STYLE]
        known = self._styles.get(style)
        if known is None:
            known = self._styles[style] = _effect(style)
        hidden, tiny = known
        if tiny is not None:
            self._tiny = tiny
        return not hidden

    def _leave(self, tag: str, tiny: bool) -> None:
        self._tiny = tiny
        if tag == "a":
            self._close_anchor()
        elif tag in _BLOCKS:
            self._break()
            if tag in ("td", "th"):
                cell = self._frames.pop()
                if self._tables and self._tables[-1]:
                    self._tables[-1][-1] += [cell.lines, *([] for _ in range(cell.span - 1))]
                else:
                    self._frames[-1].lines += cell.lines
            elif tag == "table":
                self._frames[-1].lines += rows_as_lines(self._tables.pop())
            elif tag == "pre":
                self._pre -= 1

    def _close_anchor(self) -> None:
        if self._anchor is None:
            return
        url, words, pictures = self._anchor
        self._anchor = None
        shown = text.line("".join(words))
        if not shown and pictures:
            shown = text.line(" ".join(pictures))
            self._frames[-1].inline.append(f" {shown} ")
        self._link(url, shown)

    def _link(self, url: str, words: str) -> None:
        if url and len(self.links) < MAX_LINKS:
            known = self.links.get(url)
            if known is None or (words and not known.text):
                self.links[url] = Link(url, text.line(words))


_WEB = re.compile(r"https?://[^/]", re.I)
_URL_NOISE = re.compile(r"[\x00-\x20\x7f-\x9f]")


def _url(href: str | None) -> str:
    """The http or https address in *href* without white space and control characters, else nothing."""
    if not href:
        return ""
    if not href.isascii() or not href.isprintable() or " " in href:
        # Browsers trim the ends and drop line breaks inside; a blank inside stands for %20.
        href = _URL_NOISE.sub("", text.line(re.sub(r"[\t\r\n]", "", href)).replace(" ", "%20"))
    return href if len(href) <= MAX_URL and _WEB.match(href) else ""
