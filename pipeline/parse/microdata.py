"""Fields that HTML marks for machines: microdata, as (itemprop, value) pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.parse import text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

MAX_FIELDS = 500
#: Characters of one value.
MAX_VALUE = 8192

_VALUE_ATTRIBUTE = {"meta": "content", "link": "href", "a": "href", "area": "href", "time": "datetime"}
_VALUE_ATTRIBUTE |= {"data": "value", "meter": "value", "img": "src", "iframe": "src", "object": "data"}


def microdata_of(tree: LexborHTMLParser) -> tuple[tuple[str, str], ...]:
    """(itemprop, value) pairs; values as in https://html.spec.whatwg.org/multipage/microdata.html#values."""
    pairs: list[tuple[str, str]] = []
    for node in tree.css("[itemscope], [itemprop]:not([itemscope])")[:MAX_FIELDS]:
        attributes = node.attributes
        name = text.line(attributes.get("itemprop") or "")
        if "itemscope" in attributes:
            if name:
                pairs.append((name, ""))
            pairs.append(("itemtype", text.line(attributes.get("itemtype") or "")))
            continue
        value = attributes.get(_VALUE_ATTRIBUTE.get(node.tag or "", ""))
        if value is None:
            value = attributes.get("content")
        pairs.append((name, text.line((node.text() if value is None else value)[:MAX_VALUE])))
    return tuple(pairs)
