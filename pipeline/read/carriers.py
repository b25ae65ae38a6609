"""Carriers: whose number this can be, whose domain and name that is, and where a number can be tracked.

The knowledge is data, in ``carriers.toml``; it is read when first asked for. A match says what a code *can*
be, never what it is: the words around it decide that.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pipeline.model import Check, CodeKind
from pipeline.read.carriertable import Carrier, CarrierTable, Format, Match, owner_of, read_carriers
from pipeline.read.checkdigits import s10
from pipeline.tables import data_dir

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "Carrier", "Format", "Match",
    "carrier_of_domain", "carriers", "carriers_named", "code_in_link", "matches", "tracking_page",
]  # fmt: skip

_FILE = "carriers.toml"


@cache
def _table() -> CarrierTable:
    return read_carriers((data_dir("read") / _FILE).read_bytes(), _FILE)


def carriers() -> Mapping[str, Carrier]:
    """Return every carrier by its key, in the order of the file. Raises TableError if the file is unsound."""
    return _table().carriers


# ── what a code can be ──────────────────────────────────────────────────────────────────────────────────────

_S10 = re.compile(r"[A-Z]{2}[0-9]{9}([A-Z]{2})")
_RANK = {
    (True, Check.PASSED): 0, (True, Check.NONE): 1, (True, Check.FAILED): 2,
    (False, Check.PASSED): 3, (False, Check.NONE): 4, (False, Check.FAILED): 5,
}  # fmt: skip


def _plain(code: str) -> str:
    """Upper case without blanks and hyphens."""
    return "".join(code.split()).replace("-", "").upper()


@lru_cache(maxsize=4096)
def matches(code: str) -> tuple[Match, ...]:
    """Return every format that fits *code*, best first.

    Distinct before weak; then passed before unchecked before failed; then the one with more fixed characters.
    A failed check digit is told, not hidden, since the seller may have mistyped the number.
    """
    code = _plain(code)
    if not code:
        return ()
    table = _table()
    shapes = table.shapes.get((len(code), code[0]), ())
    found = [shape.match(code) for shape in shapes if shape.fits.fullmatch(code)]
    postal = _S10.fullmatch(code) if len(code) == 13 else None
    if postal is not None and (post := table.s10.get(postal[1])) is not None:
        found.append(Match(post, Check.PASSED if s10(code) else Check.FAILED, CodeKind.TRACKING_NUMBER, True))
    if len(found) > 1:
        found.sort(key=lambda match: _RANK[match.distinct, match.check])
    return tuple(found)


def tracking_page(carrier: str | None, code: str) -> str | None:
    """Return the official page on which *carrier* shows *code*, or ``None`` if no such page is known.

    Without a carrier the code itself must tell, by a distinct shape.
    """
    plain = _plain(code)
    if not plain:
        return None
    if carrier is None:
        carrier = next((match.carrier for match in matches(plain) if match.distinct), None)
    known = carriers().get(carrier) if carrier is not None else None
    if known is None:
        return None
    if known.tracking_page is None:
        return known.entry_page
    return known.tracking_page.replace("{code}", quote(plain, safe=""))


# ── whose domain, whose link ────────────────────────────────────────────────────────────────────────────────

_MAX_URL = 4096
_LINKED_CODE = re.compile(r"[A-Z0-9]{8,40}")
_MIN_DIGITS = 5
#: The same of one that has the shape of the carrier's own codes.
_FEWEST_DIGITS = 2


def carrier_of_domain(domain: str) -> str | None:
    """Return the carrier that owns *domain* or a domain above it (``notifications.auspost.com.au``)."""
    return owner_of(_table().domains, domain)


_SECOND_LEVEL = frozenset({"co", "com", "net", "org", "gov", "gob", "go", "re", "or", "ne", "ac"})


@cache
def _names_of_domains() -> Mapping[str, str]:
    """The name in front of the public suffix (``dpd`` of ``dpd.at``) of carriers with sites in several countries."""
    owners: dict[str, list[str]] = {}
    for domain, key in _table().domains.items():
        owners.setdefault(_name_of(domain), []).append(key)
    return {name: keys[0] for name, keys in owners.items() if len(keys) > 1 and len(set(keys)) == 1}


def _name_of(domain: str) -> str:
    labels = domain.lower().split(".")[:-1]
    return labels[-2] if len(labels) > 1 and labels[-1] in _SECOND_LEVEL else labels[-1] if labels else ""


def carrier_by_name_of(domain: str) -> str | None:
    """Return the carrier whose national site *domain* seems to be: it bears its name under another ending.

    Good enough to read a mail by (``dpd.pt`` beside ``dpd.at``), never to trust it by.
    """
    name = _name_of(domain)
    names = _names_of_domains()
    return carrier_of_domain(domain) or names.get(name) or names.get(name.partition("-")[0])


@cache
def _housemates() -> Mapping[str, tuple[str, ...]]:
    """Carriers whose tracking page lies on another's domain (DHL Express, Colissimo), by that other's key."""
    guests: dict[str, tuple[str, ...]] = {}
    for key, carrier in carriers().items():
        host = carrier_of_domain(urlsplit(carrier.tracking_page or "").hostname or "")
        if host is not None and host != key:
            guests[host] = (*guests.get(host, ()), key)
    return guests


def code_in_link(url: str) -> tuple[str, str] | None:
    """Return (carrier, code) for a link on a carrier's own domain that holds a code, else ``None``.

    The link must be unwrapped already. A code that only a carrier with its tracking page on the same domain
    can have issued is given to that carrier.
    """
    try:
        parts = urlsplit(url[:_MAX_URL])
        host = parts.hostname or ""
    except ValueError:
        return None
    owner = carrier_of_domain(host) if parts.scheme in ("http", "https") else None
    if owner is None:
        return None
    carrier = carriers()[owner]
    place = unquote(parts._replace(scheme="", netloc="").geturl())
    wanted = {name.lower() for name in carrier.link_params}
    candidates: Iterator[str] = (
        value
        for query in (parts.query, parts.fragment.partition("?")[2])
        for name, value in parse_qsl(query)
        if name.lower() in wanted
    )
    for value in (
        *candidates,
        *(hit["code"] for path in carrier.link_paths for hit in re.finditer(path, place, re.I)),
    ):
        code = _plain(re.split(r"[,;|]", value, maxsplit=1)[0])
        digits = sum(map(str.isdigit, code))
        own = digits >= _FEWEST_DIGITS and any(match.carrier == owner for match in matches(code))
        if _LINKED_CODE.fullmatch(code) and (digits >= _MIN_DIGITS or own):
            return _issuer(owner, code), code
    return None


def _issuer(owner: str, code: str) -> str:
    found = [match.carrier for match in matches(code)]
    if owner in found:
        return owner
    guests = _housemates().get(owner, ())
    return next((key for key in found if key in guests), owner)


# ── whose name ──────────────────────────────────────────────────────────────────────────────────────────────

#: A name ends where no letter of an alphabet goes on. Scripts without blanks between words do not count, nor
#: do the particles and prefixes that Korean and Hebrew write onto a name.
_LETTER = "0-9a-z_\u00df-\u00f6\u00f8-\u058f"
_URL = re.compile(r"https?://\S+")
_MAIL_ADDRESS = re.compile(r"[^\s@]{1,64}@\S+")


@cache
def _names() -> tuple[re.Pattern[str], Mapping[str, str], Mapping[str, frozenset[str]]]:
    """One alternation over all names in lower case; name → carrier; name → spellings, if the case matters."""
    owners: dict[str, str] = {}
    spellings: dict[str, frozenset[str]] = {}
    for key, carrier in carriers().items():
        owners.update((name.lower(), key) for name in (*carrier.names, *carrier.exact_names))
        for name in carrier.exact_names:
            spellings[name.lower()] = spellings.get(name.lower(), frozenset()) | {name}
    by_start: dict[str, list[str]] = {}
    for name in sorted(owners, key=len, reverse=True):
        by_start.setdefault(name[0], []).append(re.escape(name[1:]).replace(r"\ ", r"\s"))
    branches = "|".join(f"{re.escape(start)}(?:{'|'.join(rests)})" for start, rests in by_start.items())
    pattern = re.compile(rf"(?<![{_LETTER}@.])(?:{branches})(?![{_LETTER}]|\.[a-z])")
    return pattern, owners, spellings


def carriers_named(text: str) -> tuple[str, ...]:
    """Return the carriers that *text* names, in order of first appearance. Addresses in it name nobody."""
    pattern, owners, spellings = _names()
    if "://" in text:
        text = _URL.sub(" ", text)
    if "@" in text:
        text = _MAIL_ADDRESS.sub(" ", text)
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    found: dict[str, None] = {}
    for hit in pattern.finditer(lower):
        name = re.sub(r"\s", " ", hit.group())
        exact = spellings.get(name)
        if exact is None or re.sub(r"\s", " ", text[hit.start() : hit.end()]) in exact:
            found[owners[name]] = None
    return tuple(found)
