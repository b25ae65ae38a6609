"""The table of carriers: what a carrier is, and how ``carriers.toml`` is read, checked and made ready.

The loader is strict. A pattern that is not plain, samples that contradict it, and two carriers that claim the
same name, domain or suffix are refused with file, carrier and reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.model import Check, CodeKind
from pipeline.read.checkdigits import CHECKS, CheckDigit
from pipeline.tables import Table, TableError, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Format(Table, frozen=True, kw_only=True):
    """One shape of a carrier's numbers, with its own proof.

    Attributes:
        pattern: full match on the code in upper case without blanks and hyphens. Only a sequence of letters,
            digits, ``[…]`` and ``(?:A|B)``, each with at most one ``?``, ``{n}`` or ``{n,m}``: such a pattern
            costs linear time, and its lengths and first characters can be read off.
        check: name of a function of :mod:`pipeline.read.checkdigits`, or ``"none"``.
        distinct: the shape alone hardly occurs as anything else. Never for fewer than 20 bare digits, because
            order numbers look like that.
        valid, invalid: samples that must match and pass, and samples that must not match or fail.
    """

    pattern: str
    valid: tuple[str, ...]
    invalid: tuple[str, ...]
    check: str = "none"
    kind: CodeKind = CodeKind.TRACKING_NUMBER
    distinct: bool = False


class Carrier(Table, frozen=True, kw_only=True):
    """One carrier, a table of ``carriers.toml``; its key is how the rest of the program calls it.

    Attributes:
        name: for people.
        names: as written in prose, in any script, upper or lower case alike.
        exact_names: likewise, but only as written here, since the word means other things too (``Correos``).
        domains: its own domains, of senders and of tracking pages; never one that others send from.
        s10: country suffixes of the UPU S10 numbers it issues.
        tracking_page: official page, https, with ``{code}``.
        entry_page: official page, https, where the code has to be typed in; where no address takes it.
        link_params: parameters in the links of its own domains that hold the code (any case).
        link_paths: regular expressions with a group ``code``, searched in path, query and fragment of such a
            link, upper or lower case alike.
    """

    name: str
    names: tuple[str, ...] = ()
    exact_names: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    s10: tuple[str, ...] = ()
    tracking_page: str | None = None
    entry_page: str | None = None
    link_params: tuple[str, ...] = ()
    link_paths: tuple[str, ...] = ()
    formats: tuple[Format, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A format that a code has. ``carrier`` is a key of ``carriers.toml``."""

    carrier: str
    check: Check
    kind: CodeKind
    distinct: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A format made ready: the lengths and first characters it can have, how many characters are fixed."""

    fits: re.Pattern[str]
    passes: CheckDigit | None
    outcomes: Mapping[Check, Match]
    lengths: frozenset[int]
    starts: frozenset[str]
    fixed: int

    def match(self, code: str) -> Match:
        """What *code*, which fits, is then: with the verdict of its check digit."""
        if self.passes is None:
            return self.outcomes[Check.NONE]
        return self.outcomes[Check.PASSED if self.passes(code) else Check.FAILED]


# ── reading and checking the table ──────────────────────────────────────────────────────────────────────────

_TOKEN = re.compile(
    r"(?P<item>[A-Z0-9]|\[(?:[A-Z0-9](?:-[A-Z0-9])?)+\]|\(\?:[A-Z0-9]+(?:\|[A-Z0-9]+)*\))"
    r"(?P<count>\?|\{(?P<low>[0-9]+)(?:,(?P<high>[0-9]+))?\})?"
)
_DIGITS = frozenset("0123456789")
_MIN_DISTINCT_DIGITS = 20


def make_shape(carrier: str, form: Format) -> Shape:
    """Make *form* ready. Raises ValueError if it is not of the plain kind that :class:`Format` allows."""
    lengths, starts, alphabet = {0}, set[str](), set[str]()
    open_start, fixed, end = True, 0, 0
    for token in _TOKEN.finditer(form.pattern):
        if token.start() != end:
            break
        end = token.end()
        item = token["item"]
        words = item[3:-1].split("|") if item.startswith("(") else [item]
        chars = _class(item) if item.startswith("[") else set("".join(words))
        low = 0 if token["count"] == "?" else int(token["low"] or 1)
        high = int(token["high"] or token["low"] or 1)
        is_class = item.startswith("[")
        sizes = {1} if is_class else {len(word) for word in words}
        if len(sizes) > 1 and high > 1:
            raise ValueError(f"the pattern {form.pattern!r} repeats words of different length")
        lengths = {size + count * step for size in lengths for count in range(low, high + 1) for step in sizes}
        if open_start:
            starts |= chars if is_class else {word[0] for word in words}
            open_start = low == 0
        fixed += 0 if is_class else min(sizes) * low
        alphabet |= chars
    if end != len(form.pattern) or not form.pattern:
        raise ValueError(f"the pattern {form.pattern!r} is not plain")
    if form.distinct and alphabet <= _DIGITS and min(lengths) < _MIN_DISTINCT_DIGITS:
        raise ValueError(f"{form.pattern!r} is bare digits, too short to be distinct")
    if form.check != "none" and form.check not in CHECKS:
        raise ValueError(f"unknown check {form.check!r}")
    outcomes = {check: Match(carrier, check, form.kind, form.distinct) for check in Check}
    passes = CHECKS.get(form.check)
    return Shape(re.compile(form.pattern), passes, outcomes, frozenset(lengths), frozenset(starts), fixed)


def _class(item: str) -> set[str]:
    """The characters of ``[A-Z0-9]``."""
    chars = set[str]()
    for low, high in re.findall(r"([A-Z0-9])(?:-([A-Z0-9]))?", item[1:-1]):
        chars.update(map(chr, range(ord(low), ord(high or low) + 1)))
    return chars


def _prove(shape: Shape, form: Format) -> None:
    """Raise ValueError if the samples of *form* contradict it."""
    if not form.valid or not form.invalid:
        raise ValueError(f"{form.pattern!r} lacks samples")
    for sample in (*form.valid, *form.invalid):
        holds = bool(shape.fits.fullmatch(sample)) and shape.match(sample).check is not Check.FAILED
        if holds is not (sample in form.valid):
            raise ValueError(f"the sample {sample!r} contradicts {form.pattern!r} with check {form.check!r}")


def _check_links(carrier: Carrier) -> None:
    """Raise ValueError for a tracking page or link path that cannot be used."""
    page = carrier.tracking_page
    if page is not None and not (page.startswith("https://") and page.count("{code}") == 1):
        raise ValueError(f"the tracking page {page!r} is not https with one {{code}}")
    if carrier.entry_page is not None and not carrier.entry_page.startswith("https://"):
        raise ValueError(f"the entry page {carrier.entry_page!r} is not https")
    for path in carrier.link_paths:
        try:
            groups = re.compile(path).groupindex
        except re.error as error:
            raise ValueError(f"bad link path {path!r}: {error}") from None
        if "code" not in groups:
            raise ValueError(f"the link path {path!r} has no group 'code'")


@dataclass(frozen=True, slots=True)
class CarrierTable:
    """Everything that is looked up.

    Attributes:
        carriers: key → carrier, in the order of the file.
        shapes: (length, first character) → the shapes such a code can have, most fixed characters first.
        s10: country suffix → key.
        domains: domain → key.
    """

    carriers: Mapping[str, Carrier]
    shapes: Mapping[tuple[int, str], tuple[Shape, ...]]
    s10: Mapping[str, str]
    domains: Mapping[str, str]


def read_carriers(data: bytes, name: str) -> CarrierTable:
    """Read and check a table of carriers; *name* is how errors call the file. Raises TableError."""
    table = parse(data, dict[str, Carrier], name)
    shapes: dict[tuple[int, str], list[Shape]] = {}
    for key, carrier in table.items():
        try:
            _check_links(carrier)
            for form in carrier.formats:
                shape = make_shape(key, form)
                _prove(shape, form)
                for length in shape.lengths:
                    for start in shape.starts:
                        shapes.setdefault((length, start), []).append(shape)
        except ValueError as error:
            raise TableError(f"{name}: {key}: {error}") from None
    _unique(table, "name", lambda carrier: {word.lower() for word in (*carrier.names, *carrier.exact_names)}, name)
    domains = _unique(table, "domain", lambda carrier: set(carrier.domains), name)
    for key, carrier in table.items():
        page = carrier.tracking_page or carrier.entry_page
        if page is not None and owner_of(domains, urlsplit(page).hostname or "") is None:
            raise TableError(f"{name}: {key}: the tracking page {page!r} lies on no carrier's domain")
    return CarrierTable(
        MappingProxyType(table),
        {place: tuple(sorted(found, key=lambda shape: -shape.fixed)) for place, found in shapes.items()},
        _unique(table, "S10 suffix", lambda carrier: set(carrier.s10), name),
        domains,
    )


def _unique(
    table: Mapping[str, Carrier], what: str, claims: Callable[[Carrier], set[str]], name: str
) -> dict[str, str]:
    """Return claim → carrier; raise TableError where two carriers claim the same."""
    owners: dict[str, str] = {}
    for key, carrier in table.items():
        for claim in claims(carrier):
            if owners.setdefault(claim, key) != key:
                raise TableError(f"{name}: {key}: the {what} {claim!r} is claimed by {owners[claim]} too")
    return owners


def owner_of(domains: Mapping[str, str], domain: str) -> str | None:
    """Return the carrier of the longest claimed domain that *domain* is or lies under; never by substring."""
    labels = domain.lower().rstrip(".").split(".")
    return next((domains[end] for i in range(len(labels)) if (end := ".".join(labels[i:])) in domains), None)
