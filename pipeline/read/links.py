"""What the links of a mail say: redirects unwrapped without the network, parameters read, never followed.

Shop mails often give the order number in links only, escaped (``&amp;o_ids=``), percent-encoded (``%2C``) or wrapped
in a click counter's redirect (seen in real mails of AliExpress, Amazon and Evri).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

_UNWRAP_DEPTH = 4
_MAX_URL = 4096
_INNER = re.compile(r"https?(?::|%3a)(?:/|%2f){2}", re.IGNORECASE)

#: Parameters that hold an order number or a code wherever they stand (lower case, without "_" and "-").
ORDER_PARAMETERS = frozenset(
    {
        "orderid",
        "orderids",
        "ordernumber",
        "orderno",
        "ordernum",
        "orderref",
        "tradeorderid",
        "tradeorderids",
        "oids",
        "bizorderid",
    }
)
CODE_PARAMETERS = frozenset(
    {
        "trackingnumber", "trackingnumbers", "trackingno", "tracknumber", "tracknumbers", "trackno", "tracknum",
        "trackingid", "trackingcode", "trackcode", "tracknums", "inquirynumber", "inquirynumber1", "piececode",
        "parcelnumber", "parcelno", "parcelcode", "shipmentnumber", "consignmentnumber", "consignment", "waybill",
        "waybillno", "waybillnumber", "awb", "mailno", "mailnolist", "barcode", "tlabels", "selectedtrcknum",
        "trknbr", "idc", "colis", "numcolis", "spedizione", "sendungsnummer", "paketnummer", "nums", "barcodes",
    }
)  # fmt: skip
#: Paths and words of links that hold long ids of no parcel.
_NOISE = re.compile(r"unsubscribe|abmeld|optout|opt-out|preferences|/pixel|/open\?|privacy|survey|feedback", re.I)
_ARTICLE = re.compile(r"/(?:itm|item|items|listing|product|dp|p)/(?:[^/?#]{0,80}/)?([0-9]{6,20})(?=[/?#.]|$)")


@dataclass(frozen=True)
class Target:
    """Where a link leads in the end: host, path, and decoded parameters in order."""

    url: str
    host: str
    path: str
    parameters: tuple[tuple[str, str], ...]

    @cached_property
    def is_noise(self) -> bool:
        """Whether the link is of the kind that carries ids of the reader, not of a parcel."""
        return bool(_NOISE.search(self.path)) or bool(_NOISE.search(self.host))

    @cached_property
    def article(self) -> str | None:
        """The number of an article that the link shows, such as eBay's item id in ``/itm/N``."""
        match = _ARTICLE.search(self.path)
        return match.group(1) if match else None


@lru_cache(maxsize=512)
def target(url: str) -> Target | None:
    """Unwrap *url* and take it apart; ``None`` if it is no web address."""
    url = url.strip()[:_MAX_URL].replace("&amp;", "&")
    for _ in range(_UNWRAP_DEPTH):
        inner = _inner(url)
        if inner is None:
            break
        url = inner
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    query = parts.query
    # Single-page sites keep their parameters behind the fragment: …/track/#/parcel?code=N
    if "=" in parts.fragment:
        query = f"{query}&{parts.fragment.partition('?')[2] or parts.fragment}"
    parameters = tuple(parse_qsl(query, max_num_fields=200)) if query.count("&") < 200 else ()
    path = unquote(parts.path) + (f"#{unquote(parts.fragment)}" if parts.fragment else "")
    return Target(url, host, path, parameters)


def _inner(url: str) -> str | None:
    """The address that a click counter carries inside its own, in a parameter or in its path."""
    match = _INNER.search(url, 8)
    if match is None:
        return None
    rest = url[match.start() :]
    before = url[: match.start()]
    if before.endswith("=") and ("?" in before or "&" in before):
        rest = rest.partition("&")[0]
    elif "%2" in rest[:16] or "%3" in rest[:8]:
        # In a path, such as awstrack.me/L0/https:%2F%2Fhost%2Fpath/1/id: the wrapper goes on behind the next "/".
        rest = rest.partition("/")[0] if "://" not in rest[:9] else rest
    decoded = unquote(rest)
    return decoded if decoded != url else None


def plain_name(parameter: str) -> str:
    """The name of a parameter as the two sets above write it."""
    return parameter.lower().replace("_", "").replace("-", "")
