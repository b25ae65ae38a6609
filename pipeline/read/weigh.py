"""Gathering the evidence for every number of a letter, so that it can be weighed (see ``evidence``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.read.candidates import SHORTEST_CODE, Weighed
from pipeline.read.carriers import carriers_named, matches
from pipeline.read.changed import says_invalid, says_replaced
from pipeline.read.evidence import Candidate, Kind, Reading
from pipeline.read.labels import Label, LabelKind, is_number_noun, is_of_payment, is_reference
from pipeline.read.layout import Labels
from pipeline.read.linked import from_links, from_markup, from_order_pages, numbers_in_paths
from pipeline.read.numbers import Grid, Token
from pipeline.read.settle import settle
from pipeline.read.shapes import from_format, from_shape_in_subject, is_one_code, is_surely_one_code
from pipeline.read.shops import fits_order, fits_package, shops
from pipeline.read.stems import stems
from pipeline.read.terms import is_of_a_coupon, is_of_a_delivery_note, is_of_a_return

if TYPE_CHECKING:
    from collections.abc import Set

    from pipeline.read.letter import Letter
    from pipeline.read.markup import Marked

_SIGNED_ORDER = 6
_SHORTEST_ORDER = 4
_LONGER_THAN_A_PHONE = 13
_USUAL_CODE = 10
#: Banks' references (Swiss QR, ISO 11649) are longer than any order number.
_LONGEST_REFERENCE = 20
#: Shops number articles with fewer digits than orders that are as long as this.
_UNLIKE_ARTICLES = 18
_YEAR = re.compile(r"(?:19|20)\d\d")
_EAN_DIGITS = 13


def weigh(letter: Letter, marks: list[Marked], language: str | None, known_orders: Set[str]) -> Weighed:
    """Gather the evidence for every number of *letter*. *known_orders* come from mails read before."""
    weighed = Weighed()
    text = f"{letter.subject}\n{letter.text}"
    weighed.named = carriers_named(text[:20_000])
    from_markup(weighed, marks)
    from_links(weighed, letter)
    places: list[_Place] = []
    for where, text in (("subject", letter.subject), ("text", letter.text)):
        places += _from_grid(weighed, Grid(text), letter, language, where)
    from_order_pages(weighed, letter)
    paths = numbers_in_paths(letter)
    for key, candidate in weighed.candidates.items():
        if key in paths and candidate.evidence:
            candidate.add(Kind.IN_LINK)
        if key in known_orders and not is_one_code(candidate.value):
            # No shop numbers its orders like an S10 code: a stranger who calls one an order must not hide the parcel.
            candidate.add(Kind.KNOWN_ORDER)
        from_format(candidate, letter, weighed.named)
    if letter.carrier is None:
        from_shape_in_subject(weighed, letter.subject)
    settle(weighed, of_carrier=letter.carrier is not None)
    if codes := weighed.taken_for(Reading.CODE):
        _tell_replaced(places, alone=len(codes) == 1)
    return weighed


class _Place(NamedTuple):
    """Where a candidate stands in the text."""

    candidate: Candidate
    token: Token
    grid: Grid
    labels: Labels


def _tell_replaced(places: list[_Place], *, alone: bool) -> None:
    """Note which numbers the words around them call old or invalid.

    Of one code *alone* "old" would decide nothing; one that is invalid has a successor that the mail does not tell.
    """
    for candidate, token, grid, labels in places:
        if len(candidate.value) < SHORTEST_CODE:
            continue
        if says_invalid(grid.behind(token)):
            candidate.add(Kind.INVALID if alone else Kind.REPLACED)
        elif not alone and says_replaced(labels.context(token)):
            candidate.add(Kind.REPLACED)


# ── from the text ────────────────────────────────────────────────────────────────────────────────────────────


def _from_grid(weighed: Weighed, grid: Grid, letter: Letter, language: str | None, where: str) -> list[_Place]:
    grid.mend_broken_lines(is_surely_one_code)
    tokens = grid.tokens(is_one_code)
    labels = Labels(grid, tokens, language, letter.shop, buttons=_buttons(letter))
    glued = _running_numbers(tokens, weighed, letter)
    places: list[_Place] = []
    for token in tokens:
        label = labels.of(token)
        written = glued.get(token, token.written)
        if label is not None and label.kind is LabelKind.CODE:
            written = grid.grouped(token) or written
        candidate = weighed.candidate(written)
        places.append(_Place(candidate, token, grid, labels))
        if token.phone:
            candidate.add(Kind.PHONE)
        if token.money:
            candidate.add(Kind.MONEY)
        if where == "text" and letter.carrier is not None and _is_long(candidate.value) and grid.is_alone(token):
            candidate.add(Kind.ALONE)
        if where == "text" and label is None and grid.fills_cell(token) and _is_listed(written, letter):
            candidate.add(Kind.LISTED, letter.shop or "")
        if token.postcode:
            candidate.add(Kind.POSTCODE)
        if token in glued:
            candidate.add(Kind.RUNNING)
        if weighed.named and letter.carrier is None and _is_as_long_as_codes(candidate.value) and not token.phone:
            beside = carriers_named(labels.caption(token))
            if beside:
                candidate.add(Kind.CARRIER_BESIDE, beside[0])
        if label is None:
            continue
        if label.sign and not _is_a_count(candidate, label):
            candidate.add(Kind.NUMBER_SIGN)
        detail = f"{label.phrase} ({where})"
        if label.kind is LabelKind.ORDER and letter.carrier is not None and _is_package_id(candidate.value):
            # Carriers call the package id that a shop gave them an order (seen at GLS Spain).
            candidate.add(Kind.SHOP_PACKAGE, label.phrase)
            candidate.add(Kind.LABEL_PACKAGE, detail)
        elif label.kind is LabelKind.ORDER and _is_the_carriers_own(candidate.value, letter, label):
            # To a carrier "your order" is the parcel ("A encomenda DPD n.º …").
            candidate.add(Kind.LABEL_PACKAGE, detail)
        elif label.kind is LabelKind.ORDER and _is_a_coupon(candidate, label, grid.before(token)):
            candidate.add(Kind.LABEL_OTHER, detail)
        elif label.kind is LabelKind.ORDER:
            _order_label(candidate, detail, label, where == "subject")
        elif label.kind is LabelKind.CODE and _is_an_articles(candidate.value, label, letter, weighed.named):
            candidate.add(Kind.ARTICLE_BARCODE, detail)
        elif label.kind is LabelKind.CODE:
            candidate.add(Kind.LABEL_CODE if label.near else Kind.FAR_LABEL, detail)
            if is_of_a_delivery_note(label.phrase) and not _is_a_carriers(candidate.value, weighed.named, letter):
                candidate.add(Kind.DELIVERY_NOTE)
        elif label.kind is LabelKind.PACKAGE:
            if letter.carrier is not None and label.near and _is_as_long_as_codes(candidate.value):
                candidate.add(Kind.OWN_PARCEL)
            candidate.add(Kind.SUBJECT_PACKAGE if where == "subject" else Kind.LABEL_PACKAGE, detail)
        elif letter.carrier is None and is_reference(label.phrase) and len(candidate.value) <= _LONGEST_REFERENCE:
            candidate.add(Kind.REFERENCE, detail)
        elif is_reference(label.phrase) and _is_distinctly_the_carriers(candidate.value, letter):
            candidate.add(Kind.LABEL_PACKAGE, detail)
        elif is_of_payment(label.phrase):
            candidate.add(Kind.PAYMENT, detail)
        else:
            candidate.add(Kind.RETURN_LABEL if is_of_a_return(label.phrase) else Kind.LABEL_OTHER, detail)
    return places


def _is_listed(written: str, letter: Letter) -> bool:
    """Whether a number that fills a cell is an order of a shop's list: by its shape, where no article has such."""
    return len(written) >= _UNLIKE_ARTICLES and fits_order(letter.shop, written)


def _buttons(letter: Letter) -> frozenset[str]:
    """The words of links: "Track parcel" introduces no number."""
    return frozenset(link.text.casefold() for link in letter.links if link.text)


def _is_the_carriers_own(value: str, letter: Letter, label: Label) -> bool:
    return (
        letter.carrier is not None
        and not is_number_noun(label.phrase)
        and any(fit.carrier == letter.carrier for fit in matches(value))
    )


def _is_distinctly_the_carriers(value: str, letter: Letter) -> bool:
    """Whether a number has an unmistakable shape of the carrier that writes: its "reference" is the parcel's."""
    return any(fit.distinct and fit.carrier == letter.carrier for fit in matches(value))


def _is_a_carriers(value: str, named: tuple[str, ...], letter: Letter) -> bool:
    """Whether a number has a shape of the carrier that writes or is named, or where none is, of any."""
    fits = {fit.carrier for fit in matches(value)}
    return not fits.isdisjoint((*named, letter.carrier)) if named or letter.carrier else bool(fits)


def _is_an_articles(value: str, label: Label, letter: Letter, named: tuple[str, ...]) -> bool:
    """Whether a "barcode" is that of an article: thirteen digits (EAN-13), and no carrier writes or is named."""
    if len(value) != _EAN_DIGITS or not value.isdigit() or not stems("numbers.barcodes").search(label.phrase):
        return False
    return letter.carrier is None and not any(fit.carrier in named for fit in matches(value))


def _is_package_id(value: str) -> bool:
    return any(fits_package(key, value) for key in shops())


def _is_a_coupon(candidate: Candidate, label: Label, before: str) -> bool:
    """Whether letters and digits are the code of a reduction: "20 % off your next order: THANKS-7K2M44"."""
    return not candidate.value.isdigit() and not is_number_noun(label.phrase) and is_of_a_coupon(before)


def _is_a_count(candidate: Candidate, label: Label) -> bool:
    """Whether a number is so short that other words than the label's, right before it, say what it counts."""
    return label.apart and len(candidate.written) < _SHORTEST_ORDER and candidate.written.isdigit()


def _order_label(candidate: Candidate, detail: str, label: Label, in_subject: bool) -> None:
    """The word for order says much before a long or introduced number, little before "2 items" or "order 500"."""
    # "Din ordre 30448" is more than the bare word, and so is "Bestellnr.".
    least = _SIGNED_ORDER - (" " in label.phrase or is_number_noun(label.phrase))
    # Counters, prices and weights have no hyphen: "Замовлення 417-Л" is a number.
    short = len(candidate.written) < least and not (label.sign or in_subject or "-" in candidate.written)
    short = short or _is_a_count(candidate, label)
    if _YEAR.fullmatch(candidate.written) or short:
        candidate.add(Kind.ORDER_WORD, detail)
    else:
        candidate.add(Kind.SUBJECT_ORDER if in_subject else Kind.LABEL_ORDER, detail)


def _is_long(value: str) -> bool:
    """Long enough, or lettered, so that it is no telephone number."""
    return len(value) >= _LONGER_THAN_A_PHONE or (value.isalnum() and not value.isdigit())


def _is_as_long_as_codes(value: str) -> bool:
    """Long enough to be no counter, price or time: the word for parcel stands before those, too."""
    return len(value) >= _USUAL_CODE and sum(map(str.isdigit, value)) >= SHORTEST_CODE


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
