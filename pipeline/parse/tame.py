"""HTML made harmless for an HTML5 parser, which takes quadratic time for some documents of a few hundred kB.

Measured with lexbor: 100,000 nested ``<div>`` 17 s, ``<ul><li>`` 135 s, one tag of 100,000 attributes 16 s, a
thousand open ``<font>`` before a thousand paragraphs a million nodes. Sound mails pass unchanged.
"""

from __future__ import annotations

import re

#: Characters of HTML looked at, and tags; real mails stay below 100,000 and 1,000.
MAX_HTML = 1_500_000
MAX_TAGS = 50_000
#: Open elements of other kinds than table parts, and open elements such as ``<b>`` that HTML re-opens in
#: every block.
MAX_DEPTH = 200
MAX_FORMATTING = 8
#: Pieces of one tag between blanks and quotes: an attribute has up to three, a long style some hundred.
MAX_PIECES = 1000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>?")
_LONG = 2 * MAX_PIECES
_PICTURE = re.compile(r"data:[\w.+-]{1,30}/[^\"'\s<>]{1000,}")
_SCRIPT = re.compile(r"script(?:\s+[\w-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]+))*\s*>", re.I)
_CROWD = re.compile(rf"(?>(?:[^\s/\"']*[\s/\"']){{{MAX_PIECES}}})")
# Invisible in text; in a tag, in or out of either kind of quotes, its first ``>`` that counts ends the tag.
_BREAKER = "<wbr a=\">\" b='>'>"
_CLOSED_BY_OTHERS = frozenset(
    {
        "a",
        "nobr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "tfoot",
        "option",
        "html",
        "head",
    }
    | {"body", "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"}
    | {"track", "wbr"}
)
_FORMATTING = frozenset({"b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"})
#: Below this many tags even quadratic work is no trouble; real mails stay below it.
_FEW_TAGS = 1000


def tamed(html: str) -> tuple[str, tuple[str, ...]]:
    """Return *html* without depth, re-opened formatting and crowds of attributes, and what was taken out."""
    defects: list[str] = []
    if len(html) > MAX_HTML:
        html = html[:MAX_HTML]
        defects.append(f"the HTML is longer than {MAX_HTML} characters; the rest was left out")
    pieces = html.split("<")
    if max(map(len, pieces)) > _LONG:
        html = "<".join(_broken(piece) if len(piece) > _LONG else piece for piece in pieces)
    if html.count("<") <= _FEW_TAGS:
        return html, tuple(defects)
    kept: list[str] = []
    depth = formatting = at = 0
    opened: dict[str, int] = {}
    dropped: dict[str, int] = {}
    for number, found in enumerate(_TAG.finditer(html)):
        if number == MAX_TAGS:
            html = html[: found.start()]
            defects.append(f"more than {MAX_TAGS} tags in the HTML; the rest was left out")
            break
        name = found[2].lower()
        if name in _CLOSED_BY_OTHERS:
            continue
        shape = name in _FORMATTING
        if found[1]:
            if not dropped.get(name):
                if opened.get(name):
                    opened[name] -= 1
                    depth -= 1
                    formatting -= shape
                continue
            dropped[name] -= 1
        elif depth < MAX_DEPTH and (not shape or formatting < MAX_FORMATTING):
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            formatting += shape
            continue
        else:
            dropped[name] = dropped.get(name, 0) + 1
        kept += [html[at : found.start()], "" if shape or name == "span" else "<br>"]
        at = found.end()
    if kept:
        defects.append("elements nested beyond reason in the HTML were taken out")
    return "".join(kept) + html[at:], tuple(defects)


def _broken(piece: str) -> str:
    """A long *piece* between two ``<``, with the end of a tag after every ``MAX_PIECES`` words."""
    if _SCRIPT.match(piece):
        return piece
    piece = _PICTURE.sub("data:", piece)
    parts: list[str] = []
    at = 0
    while (crowd := _CROWD.match(piece, at)) is not None:
        parts += [crowd[0], _BREAKER]
        at = crowd.end()
    return "".join([*parts, piece[at:]])
