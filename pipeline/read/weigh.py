"""Gathering the evidence for every number of a letter, so that it can be weighed (see ``evidence``)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.model import Check
from pipeline.read.carriers import carrier_of_domain, carriers_named, code_in_link, matches
from pipeline.read.changed import says_invalid, says_replaced
from pipeline.read.evidence import Candidate, Kind, Reading
from pipeline.read.labels import Label, LabelKind, is_number_noun
from pipeline.read.layout import Labels
from pipeline.read.links import CODE_PARAMETERS, ORDER_PARAMETERS, Target, plain_name, target
from pipeline.read.numbers import Grid, Token
from pipeline.read.shops import fits_order, fits_package, is_distinct_order, shop_of_domain, shops

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

    from pipeline.read.letter import Letter
    from pipeline.read.markup import Marked

_SHORTEST_CODE = 8
#: Of a code; the carriers' formats have at least five.
_FEWEST_DIGITS = 5
_SHORTEST_ORDER = 3
_SIGNED_ORDER = 6
_LONGEST = 40
_LONGER_THAN_A_PHONE = 13
_YEAR = re.compile(r"(?:19|20)\d\d")
_EAN_DIGITS = 13
_BARCODE = re.compile("bar.?[ck]od|barras|strich|штрих|čárov|kreskow|vonalk|条码|條碼|バーコード|바코드|ברקוד|باركود")
_PRINT = re.compile(r"[\s_/.-]")
_PATH_PARTS = re.compile(r"[/#?=&;,]")
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/ -]{2,60}")


@dataclass(slots=True)
class Weighed:
    """All numbers of a letter with their evidence, in the order they were met, and the pairs its links tie."""

    candidates: dict[str, Candidate] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    named: tuple[str, ...] = ()

    def candidate(self, written: str) -> Candidate:
        """The candidate for a number as *written*; hyphens and blanks do not make it another number."""
        key = number_key(written)
        return self.candidates.setdefault(key, Candidate(value_of(written), written.strip()))

    def taken_for(self, reading: Reading) -> list[Candidate]:
        """The candidates that are believed to be *reading*."""
        return [candidate for candidate in self.candidates.values() if candidate.reading is reading]


def number_key(written: str) -> str:
    """One key for all ways to write a number."""
    return _PRINT.sub("", written).upper()


def value_of(written: str) -> str:
    """A number as a code is given: upper case, without blanks, and without hyphens where a carrier's format fits."""
    value = re.sub(r"[\s.]", "", written).upper()
    if "-" in value:
        joined = value.replace("-", "")
        if matches(joined) and not matches(value):
            return joined
    return value


def weigh(letter: Letter, marks: list[Marked], language: str | None, known_orders: Set[str]) -> Weighed:
    """Gather the evidence for every number of *letter*. *known_orders* come from mails read before."""
    weighed = Weighed()
    text = f"{letter.subject}\n{letter.text}"
    weighed.named = carriers_named(text[:20_000])
    _from_markup(weighed, marks)
    _from_links(weighed, letter)
    subject = Grid(letter.subject)
    _from_grid(weighed, subject, letter, language, "subject")
    _from_grid(weighed, Grid(letter.text), letter, language, "text")
    paths = _numbers_in_paths(letter)
    for key, candidate in weighed.candidates.items():
        if key in paths and candidate.evidence:
            candidate.add(Kind.IN_LINK)
        if key in known_orders:
            candidate.add(Kind.KNOWN_ORDER)
        _from_format(candidate, letter, weighed.named)
    return weighed


# ── from markup and links ────────────────────────────────────────────────────────────────────────────────────


def _from_markup(weighed: Weighed, marks: Iterable[Marked]) -> None:
    for mark in marks:
        if _plausible(mark.order, _SHORTEST_ORDER):
            weighed.candidate(mark.order.lstrip("#")).add(Kind.MARKUP_ORDER)
        if _plausible(mark.code, _SHORTEST_CODE) and number_key(mark.code) != number_key(mark.order):
            weighed.candidate(mark.code).add(Kind.MARKUP_CODE)
            if mark.order:
                weighed.pairs.append((number_key(mark.order.lstrip("#")), number_key(mark.code)))


def _from_links(weighed: Weighed, letter: Letter) -> None:
    for link in letter.links:
        goal = target(link.url)
        if goal is None or goal.is_noise:
            continue
        article = goal.article
        if article is not None:
            weighed.candidate(article).add(Kind.ITEM, goal.host)
        carried = code_in_link(goal.url)
        if carried is not None and _plausible(carried[1], _SHORTEST_CODE):
            weighed.candidate(carried[1]).add(Kind.CARRIER_LINK, goal.host)
        orders, codes = _parameters(weighed, letter, goal)
        if codes:
            weighed.pairs.extend((number_key(order), number_key(code)) for order in orders for code in codes)


def _numbers_in_paths(letter: Letter) -> frozenset[str]:
    """Numbers that stand in the path of a link of the mail, between its slashes."""
    goals = (target(link.url) for link in letter.links)
    return frozenset(
        number_key(part)
        for goal in goals
        if goal is not None and not goal.is_noise
        for part in _PATH_PARTS.split(goal.path)
        if len(part) >= _SHORTEST_CODE
    )


def _parameters(weighed: Weighed, letter: Letter, goal: Target) -> tuple[list[str], list[str]]:
    """Note the order numbers and codes in the parameters of one link and return them."""
    shop = shop_of_domain(goal.host)
    of_carrier = carrier_of_domain(goal.host) is not None
    own = shops()[shop].links if shop else None
    orders: list[str] = []
    codes: list[str] = []
    for name, value in goal.parameters:
        plain = plain_name(name)
        if own is not None and (name in own.order or plain in ORDER_PARAMETERS):
            found = [entry for entry in value.split(",") if fits_order(shop, entry.strip())]
            for entry in found:
                weighed.candidate(entry.strip()).add(Kind.SHOP_LINK_ORDER, f"{name}=")
            orders += found
        elif own is not None and name in own.code:
            for entry in value.split(","):
                if _plausible(entry, _SHORTEST_CODE):
                    weighed.candidate(entry).add(Kind.SHOP_LINK_CODE, f"{name}=")
                    codes.append(entry)
        elif plain in ORDER_PARAMETERS and not of_carrier:
            # A carrier's link may carry the order number of its own customer, which is no order of the reader's.
            if _plausible(value, _SIGNED_ORDER - 1):
                weighed.candidate(value).add(Kind.LINK_ORDER, f"{name}=")
                orders.append(value)
        elif plain in CODE_PARAMETERS and _plausible(value, _SHORTEST_CODE):
            kind = Kind.CARRIER_LINK if of_carrier else Kind.LINK_CODE
            weighed.candidate(value).add(kind, f"{name}=")
            codes.append(value)
    return orders, codes


def _plausible(value: str, shortest: int) -> bool:
    key = number_key(value)
    return (
        bool(_VALUE.fullmatch(value.strip().lstrip("#")))
        and shortest <= len(key) <= _LONGEST
        and sum(map(str.isdigit, key)) >= 2
    )


# ── from the text ────────────────────────────────────────────────────────────────────────────────────────────


def _from_grid(weighed: Weighed, grid: Grid, letter: Letter, language: str | None, where: str) -> None:
    tokens = grid.tokens(_is_one_code)
    labels = Labels(grid, tokens, language, letter.shop)
    glued = _running_numbers(tokens, weighed, letter)
    for token in tokens:
        label = labels.of(token)
        written = glued.get(token, token.written)
        if label is not None and label.kind is LabelKind.CODE:
            written = grid.grouped(token) or written
        candidate = weighed.candidate(written)
        if token.phone:
            candidate.add(Kind.PHONE)
        if token.money:
            candidate.add(Kind.MONEY)
        if where == "text" and letter.carrier is not None and _is_long(candidate.value) and grid.is_alone(token):
            candidate.add(Kind.ALONE)
        if token.postcode:
            candidate.add(Kind.POSTCODE)
        if token in glued:
            candidate.add(Kind.RUNNING)
        long = len(written) >= _SHORTEST_CODE
        if long and (says_replaced(labels.context(token)) or says_invalid(grid.behind(token))):
            candidate.add(Kind.REPLACED)
        if label is None:
            continue
        if label.sign:
            candidate.add(Kind.NUMBER_SIGN)
        detail = f"{label.phrase} ({where})"
        if label.kind is LabelKind.ORDER and letter.carrier is not None and _is_package_id(candidate.value):
            # Carriers call the package id that a shop gave them an order (seen at GLS Spain).
            candidate.add(Kind.SHOP_PACKAGE, label.phrase)
            candidate.add(Kind.LABEL_PACKAGE, detail)
        elif label.kind is LabelKind.ORDER and _is_the_carriers_own(candidate.value, letter, label):
            # To a carrier "your order" is the parcel ("A encomenda DPD n.º …").
            candidate.add(Kind.LABEL_PACKAGE, detail)
        elif label.kind is LabelKind.ORDER:
            _order_label(candidate, detail, label.sign, where == "subject")
        elif label.kind is LabelKind.CODE and _is_an_articles(candidate.value, label, letter, weighed.named):
            candidate.add(Kind.ARTICLE_BARCODE, detail)
        elif label.kind is LabelKind.CODE:
            candidate.add(Kind.LABEL_CODE if label.near else Kind.FAR_LABEL, detail)
        elif label.kind is LabelKind.PACKAGE:
            candidate.add(Kind.SUBJECT_PACKAGE if where == "subject" else Kind.LABEL_PACKAGE, detail)
        else:
            candidate.add(Kind.LABEL_OTHER, detail)


def _is_the_carriers_own(value: str, letter: Letter, label: Label) -> bool:
    return (
        letter.carrier is not None
        and not is_number_noun(label.phrase)
        and any(fit.carrier == letter.carrier for fit in matches(value))
    )


def _is_an_articles(value: str, label: Label, letter: Letter, named: tuple[str, ...]) -> bool:
    """Whether a "barcode" is that of an article: thirteen digits (EAN-13), and no carrier writes or is named."""
    if len(value) != _EAN_DIGITS or not value.isdigit() or not _BARCODE.search(label.phrase):
        return False
    return letter.carrier is None and not any(fit.carrier in named for fit in matches(value))


def _is_package_id(value: str) -> bool:
    return any(fits_package(key, value) for key in shops())


def _order_label(candidate: Candidate, detail: str, signed: bool, in_subject: bool) -> None:
    """The word for order says much before a long or introduced number, little before "2 items" or "order 500"."""
    short = len(candidate.written) < _SIGNED_ORDER and not (signed or in_subject)
    if _YEAR.fullmatch(candidate.written) or short:
        candidate.add(Kind.ORDER_WORD, detail)
    else:
        candidate.add(Kind.SUBJECT_ORDER if in_subject else Kind.LABEL_ORDER, detail)


def _is_long(value: str) -> bool:
    """Long enough, or lettered, so that it is no telephone number."""
    return len(value) >= _LONGER_THAN_A_PHONE or (value.isalnum() and not value.isdigit())


def _is_one_code(joined: str) -> bool:
    return any(match.distinct and match.check is not Check.FAILED for match in matches(joined))


def _running_numbers(tokens: list[Token], weighed: Weighed, letter: Letter) -> dict[Token, str]:
    """Order lists that print a running number glued to the order number ("19999999999990001"; seen at AliExpress).

    Where the first of them is ``1`` + a known order number, ``2`` + digits of the same length is the second.
    """
    known = {key for key, candidate in weighed.candidates.items() if candidate.reading is Reading.ORDER}
    found: dict[Token, str] = {}
    expected = 1
    length = 0
    for token in tokens:
        prefix = str(expected)
        rest = token.written[len(prefix) :]
        if not token.written.startswith(prefix) or not fits_order(letter.shop, rest):
            continue
        if (expected == 1 and rest in known) or (expected > 1 and len(rest) == length):
            found[token] = rest
            length = len(rest)
            expected += 1
    return found


# ── from the shape ───────────────────────────────────────────────────────────────────────────────────────────


def _from_format(candidate: Candidate, letter: Letter, named: tuple[str, ...]) -> None:
    value = candidate.value
    key = number_key(value)
    if len(key) < _SHORTEST_CODE:
        candidate.add(Kind.SHORT)
    elif sum(map(str.isdigit, key)) < _FEWEST_DIGITS:
        candidate.add(Kind.FEW_DIGITS)
    if len(set(key)) == 1:
        candidate.add(Kind.REPEATED)
    fits = matches(value)
    distinct = next((fit for fit in fits if fit.distinct), None)
    if is_distinct_order(candidate.written.upper()):
        candidate.add(Kind.SHAPE_OF_ORDERS)
    if letter.shop is not None:
        if fits_package(letter.shop, key):
            candidate.add(Kind.SHOP_PACKAGE, letter.shop)
        elif fits_order(letter.shop, value) and distinct is None:
            candidate.add(Kind.SHOP_ORDER, letter.shop)
        elif shops()[letter.shop].order_formats and not fits_order(letter.shop, value):
            candidate.add(Kind.FOREIGN_SHAPE, letter.shop)
    if letter.carrier is not None and any(fit.carrier == letter.carrier for fit in fits):
        candidate.add(Kind.CARRIER_MAIL, letter.carrier)
    elif letter.carrier is None:
        name = next((fit.carrier for fit in fits if fit.carrier in named), None)
        if name is not None:
            candidate.add(Kind.CARRIER_NAMED, name)
    if distinct is not None:
        kind = {
            Check.PASSED: Kind.DISTINCT_PASSED, Check.FAILED: Kind.DISTINCT_FAILED, Check.NONE: Kind.DISTINCT
        }[distinct.check]  # fmt: skip
        candidate.add(kind, distinct.carrier)
    elif len(set(key)) > 1 and any(fit.check is Check.PASSED for fit in fits):
        candidate.add(Kind.PASSED)
