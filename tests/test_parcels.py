"""What belongs together in one parcel, and what state it is in: one decision a test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from time import process_time

import pytest
from notices import code, mark, moment, notice

from pipeline.model import Event, Notice, Parcel, Trust
from pipeline.parcels import find, fold

ORDER = "8211968327931234"
OTHER = "8211968327939999"
A = "RB123456785CN"
B = "LP00827165784034"
C = "H9999702885602351723"
ID = "AP00000827165784"


def one(*notices: Notice) -> Parcel:
    """The only parcel of *notices*."""
    (parcel,) = fold(notices)
    return parcel


def with_code(parcels: tuple[Parcel, ...], text: str) -> Parcel:
    """The only parcel of *parcels* that has this code."""
    (parcel,) = (p for p in parcels if text in codes(p))
    return parcel


def codes(parcel: Parcel) -> list[str]:
    return [each.code for each in parcel.codes]


def shape(parcels: tuple[Parcel, ...]) -> list[str]:
    """Each parcel as ``order+order/code+code``, sorted."""
    return sorted("/".join(("+".join(p.orders), "+".join(codes(p)))) for p in parcels)


# ── which numbers make one parcel ──────────────────────────────────────────────────────────────────────────

JOINING: dict[str, tuple[list[Notice], list[str]]] = {
    "an order without a package is a parcel of its own": (
        [notice("2026-11-01", "ordered", "1001")],
        ["1001/"],
    ),
    "two orders in one mail are two parcels until a package holds both": (
        [notice("2026-11-01", "ordered", "1001 1002")],
        ["1001/", "1002/"],
    ),
    "an order dissolves into its first package": (
        [notice("2026-11-01", "ordered", "1001"), notice("2026-11-03", "shipped", "1001", A)],
        [f"1001/{A}"],
    ),
    "a package may hold several orders": (
        [notice("2026-11-01", "ordered", "1001"), notice("2026-11-03", "in_transit", "1001 1002", A)],
        [f"1001+1002/{A}"],
    ),
    "a second shipped mail with another code is a second package": (
        [notice("2026-11-03", "shipped", "1001", A), notice("2026-11-05", "shipped", "1001", B)],
        [f"1001/{A}", f"1001/{B}"],
    ),
    "several tracking numbers in one mail are several packages": (
        [notice("2026-11-03", "shipped", "1001", f"{A} {B}")],
        [f"1001/{A}", f"1001/{B}"],
    ),
    "pairs tie each code to its own order only": (
        [notice("2026-11-03", "in_transit", "1001 1002", f"{A} {B}", pairs=f"1001={A} 1002={B}")],
        [f"1001/{A}", f"1002/{B}"],
    ),
    "an order that no pair names stays by itself": (
        [notice("2026-11-03", "in_transit", "1001 1002", A, pairs=f"1001={A}")],
        [f"1001/{A}", "1002/"],
    ),
    "a mail that says the code changed replaces it": (
        [notice("2026-11-03", "shipped", "1001", A), notice("2026-11-09", "code_changed", "1001", B)],
        [f"1001/{B}+{A}"],
    ),
    "and also that of a package of several orders of which it names one": (
        [notice("2026-11-03", "shipped", "1001 1002", A), notice("2026-11-09", "code_changed", "1001", B)],
        [f"1001+1002/{B}+{A}"],
    ),
    "a mail that names the replaced code needs no order": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "in_transit", codes=B, replaced=A, shop=None),
        ],
        [f"1001/{B}+{A}"],
    ),
    "a replaced code that nobody named before is kept as an old one": (
        [notice("2026-11-09", "code_changed", "1001", B, replaced=A), notice("2026-11-10", "none", codes=A)],
        [f"1001/{B}+{A}"],
    ),
    "of two packages the one without information changed its code": (
        [
            notice("2026-11-03", "shipped", "1001", f"{A} {B}"),
            notice("2026-11-05", "in_transit", codes=A),
            notice("2026-11-09", "code_changed", "1001", C),
        ],
        [f"1001/{A}", f"1001/{C}+{B}"],
    ),
    "which of two silent packages changed its code cannot be told": (
        [
            notice("2026-11-03", "shipped", "1001", f"{A} {B}"),
            notice("2026-11-09", "code_changed", "1001", C),
        ],
        [f"1001/{A}", f"1001/{B}", f"1001/{C}"],
    ),
    "a reminder of a changed code changes nothing more": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", B),
            notice("2026-11-10", "shipped", "1001", C),
            notice("2026-11-11", "code_changed", "1001", B),
        ],
        [f"1001/{B}+{A}", f"1001/{C}"],
    ),
    "a second package that proves to be the changed code is no second package": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-08", "shipped", "1001", B),
            notice("2026-11-09", "code_changed", "1001", B),
        ],
        [f"1001/{B}+{A}"],
    ),
    "after a change without its code the next new code is the new one": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001"),
            notice("2026-11-11", "shipped", "1001", B),
        ],
        [f"1001/{B}+{A}"],
    ),
    "a package id gives way to the carrier's number": (
        [
            notice("2026-11-03", "in_transit", "1001 1002", ID),
            notice("2026-11-09", "in_transit", "1001 1002", C),
        ],
        [f"1001+1002/{C}+{ID}"],
    ),
    "a shipped mail with the carrier's number is another package": (
        [notice("2026-11-03", "in_transit", "1001", ID), notice("2026-11-09", "shipped", "1001", C)],
        [f"1001/{C}", f"1001/{ID}"],
    ),
    "a carrier's number for other orders is another package": (
        [notice("2026-11-03", "in_transit", "1001 1002", ID), notice("2026-11-09", "in_transit", "1001", C)],
        [f"1001+1002/{ID}", f"1001/{C}"],
    ),
    "a carrier's number after the package arrived is another package": (
        [notice("2026-11-03", "delivered", "1001", ID), notice("2026-11-09", "in_transit", "1001", C)],
        [f"1001/{C}", f"1001/{ID}"],
    ),
    "which of two package ids got the carrier's number cannot be told": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-04", "in_transit", "1001", "AP12345678901234"),
            notice("2026-11-09", "in_transit", "1001", C),
        ],
        [f"1001/{ID}", "1001/AP12345678901234", f"1001/{C}"],
    ),
    "what the carrier said before the shop comes with its number": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-08", "in_transit", codes=C, shop=None),
            notice("2026-11-09", "in_transit", "1001", C),
        ],
        [f"1001/{C}+{ID}"],
    ),
    "one mail with a package id and a tracking number means one package": (
        [notice("2026-11-03", "shipped", "1001", f"{ID} {A}")],
        [f"1001/{A}+{ID}"],
    ),
    "a carrier's mail that names the shop's package id joins both": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-08", "shipped", codes=C, shop=None),
            notice("2026-11-09", "in_transit", codes=f"{ID} {C}", shop=None),
        ],
        [f"1001/{C}+{ID}"],
    ),
    "a carrier's mail with only a code joins the package": (
        [notice("2026-11-03", "shipped", "1001", A), notice("2026-11-09", "delivered", codes=A, shop=None)],
        [f"1001/{A}"],
    ),
    "the shop may name the order after the carrier named the code": (
        [
            notice("2026-11-03", "in_transit", codes=A, shop=None),
            notice("2026-11-09", "in_transit", "1001", A),
        ],
        [f"1001/{A}"],
    ),
    "an order number of merge mails without its first digit is the same order": (
        [
            notice("2026-11-01", "ordered", "3074309624262839"),
            notice("2026-11-09", "in_transit", "074309624262839", B),
        ],
        [f"3074309624262839/{B}"],
    ),
    "two orders that differ in the first digit only leave the shorter one alone": (
        [notice("2026-11-01", "ordered", "3074309624262839 8074309624262839 074309624262839")],
        ["074309624262839/", "3074309624262839/", "8074309624262839/"],
    ),
    "other shops lose no digits": (
        [notice("2026-11-01", "ordered", "3074309624262839 074309624262839", shop="ebay")],
        ["074309624262839/", "3074309624262839/"],
    ),
    "an order line's own id stands for its order": (
        [
            notice("2026-11-01", "ordered", "3031265788145237"),
            notice("2026-11-09", "in_transit", "3031265788155237", A),
        ],
        [f"3031265788145237+3031265788155237/{A}"],
    ),
    "a neighbouring number with a mail of its own is another order": (
        [
            notice("2026-11-01", "ordered", "3031265788145237"),
            notice("2026-11-01", "ordered", "3031265788155237"),
            notice("2026-11-09", "in_transit", "3031265788155237", A),
        ],
        ["3031265788145237/", f"3031265788155237/{A}"],
    ),
    "one number at two shops is two orders": (
        [
            notice("2026-11-01", "ordered", "1001", shop="etsy"),
            notice("2026-11-02", "ordered", "1001", shop="ebay"),
        ],
        ["1001/", "1001/"],
    ),
    "an unknown shop matches the known one": (
        [
            notice("2026-11-01", "ordered", "1001", shop=None),
            notice("2026-11-02", "shipped", "1001", A, shop="ebay"),
        ],
        [f"1001/{A}"],
    ),
    "one digit repeated never joins two orders": (
        [
            notice("2026-11-01", "shipped", "1001", "0000000000"),
            notice("2026-11-02", "shipped", "1002", "0000000000"),
        ],
        ["1001/", "1002/"],
    ),
    "nor two packages": (
        [
            notice("2026-11-01", "shipped", "0000000000", A),
            notice("2026-11-02", "shipped", "0000000000", B),
        ],
        [f"/{A}", f"/{B}"],
    ),
    "mails with nothing but a placeholder are shown one by one": (
        [
            notice("2026-11-01", "shipped", codes="8888888888888888"),
            notice("2026-11-02", "delivered", codes="8888888888888888"),
        ],
        ["/8888888888888888", "/8888888888888888"],
    ),
    "a short number of equal digits is a number": (
        [notice("2026-11-01", "ordered", "11"), notice("2026-11-02", "shipped", "11", A)],
        [f"11/{A}"],
    ),
    "a known order number is never a code, nor does it join": (
        [
            notice("2026-11-01", "ordered", ORDER),
            notice("2026-11-02", "shipped", "1001", f"{A} {ORDER}", shop=None),
        ],
        [f"1001/{A}", f"{ORDER}/"],
    ),
    "a mail that gives nothing but an order number as its code speaks of that order": (
        [
            notice("2026-11-01", "ordered", "123-1234567-1234567", shop="amazon"),
            notice("2026-11-02", "in_transit", codes="12312345671234567", shop=None),
        ],
        ["123-1234567-1234567/"],
    ),
    "suspicious mails touch nothing": (
        [
            notice("2026-11-01", "ordered", "1001"),
            notice("2026-11-02", "shipped", "1001", A, trust="suspicious"),
            notice("2026-11-02", "shipped", "1002", B, trust="suspicious"),
        ],
        ["1001/"],
    ),
    "an unverified mail does not change a code that a trusted one gave": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", B, trust="unverified"),
        ],
        [f"1001/{A}", f"1001/{B}"],
    ),
    "nor make it the successor of another": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-05", "in_transit", codes=B, shop=None, trust="unverified"),
            notice("2026-11-09", "in_transit", codes=A, replaced=B, shop=None, trust="unverified"),
        ],
        [f"1001/{A}", f"/{B}"],
    ),
    "an unverified mail does not join two packages of trusted ones": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-09", "in_transit", codes=f"{ID} {C}", shop=None, trust="unverified"),
        ],
        [f"/{C}", f"1001/{ID}"],
    ),
    "what an unverified mail made up does not hide which code changed": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-05", "shipped", "1001", C, trust="unverified"),
            notice("2026-11-09", "code_changed", "1001", B),
        ],
        [f"1001/{B}+{A}", f"1001/{C}"],
    ),
    "unverified mails change what unverified mails gave": (
        [
            notice("2026-11-03", "shipped", "1001", A, trust="unverified"),
            notice("2026-11-09", "code_changed", "1001", B, trust="unverified"),
        ],
        [f"1001/{B}+{A}"],
    ),
    "the owner corrects the code": (
        [notice("2026-11-03", "shipped", "1001", A), mark("2026-11-09", "1001", f"code={B}")],
        [f"1001/{B}+{A}"],
    ),
    "the owner corrects a code by the old one": (
        [notice("2026-11-03", "shipped", "1001", A), mark("2026-11-09", A, f"code={B}")],
        [f"1001/{B}+{A}"],
    ),
    "the owner's code joins what the carrier says of it": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            mark("2026-11-09", "1001", f"code={B}"),
            notice("2026-11-10", "in_transit", codes=B, shop=None),
        ],
        [f"1001/{B}+{A}"],
    ),
    "the owner's code for an order of two packages is one more": (
        [notice("2026-11-03", "shipped", "1001", f"{A} {B}"), mark("2026-11-09", "1001", f"code={C}")],
        [f"1001/{A}", f"1001/{B}", f"1001/{C}"],
    ),
    "the owner gives the first code": (
        [notice("2026-11-03", "shipped", "1001"), mark("2026-11-09", "1001", f"code={A}")],
        [f"1001/{A}"],
    ),
    "a code taken back was never given": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            mark("2026-11-09", "1001", f"code={B}"),
            mark("2026-11-10", "1001", "reopen"),
            notice("2026-11-11", "in_transit", codes=B, shop=None),
        ],
        [f"/{B}", f"1001/{A}"],
    ),
    "the owner gives the carrier's number of a package id": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-05", "in_transit", codes=C, shop=None),
            mark("2026-11-09", "1001", f"code={C}"),
        ],
        [f"1001/{C}+{ID}"],
    ),
    "and also if nobody named that number before": (
        [notice("2026-11-03", "in_transit", "1001", ID), mark("2026-11-09", "1001", f"code={C}")],
        [f"1001/{C}+{ID}"],
    ),
    "two packages prove to be one": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-05", "in_transit", codes=B, shop=None),
            notice("2026-11-09", "in_transit", codes=B, replaced=A, shop=None),
        ],
        [f"1001/{B}+{A}"],
    ),
    "a package id may take the place of a tracking number": (
        [notice("2026-11-03", "shipped", "1001", A), notice("2026-11-09", "code_changed", "1001", ID)],
        [f"1001/{ID}+{A}"],
    ),
    "which of two new codes took the place of the first cannot be told": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", f"{B} {C}"),
        ],
        [f"1001/{A}", f"1001/{B}", f"1001/{C}"],
    ),
    "a reminder of a change whose first code was never known changes nothing more": (
        [
            notice("2026-11-09", "code_changed", "1001", B),
            notice("2026-11-10", "shipped", "1001", C),
            notice("2026-11-11", "code_changed", "1001", B),
        ],
        [f"1001/{B}", f"1001/{C}"],
    ),
    "other shops number no order lines": (
        [
            notice("2026-11-01", "ordered", "3031265788145237", shop="ebay"),
            notice("2026-11-09", "in_transit", "3031265788155237", A, shop="ebay"),
        ],
        ["3031265788145237/", f"3031265788155237/{A}"],
    ),
    "shorter numbers have no order lines": (
        [
            notice("2026-11-01", "ordered", "65519797821543"),
            notice("2026-11-09", "shipped", "65519797831543", A),
        ],
        ["65519797821543/", f"65519797831543/{A}"],
    ),
    "five equal digits are a number": (
        [notice("2026-11-01", "ordered", "11111"), notice("2026-11-02", "shipped", "11111", A)],
        [f"11111/{A}"],
    ),
    "six equal digits are none": (
        [notice("2026-11-01", "ordered", "111111"), notice("2026-11-02", "shipped", "111111", A)],
        ["111111/", f"/{A}"],
    ),
    "a mail of placeholders only keeps them together": (
        [notice("2026-11-01", "shipped", "000000", "7777777777")],
        ["000000/7777777777"],
    ),
    "an order number that a mail of another shop gives as a code is an order of that shop": (
        [
            notice("2026-11-01", "ordered", "1001", shop="ebay"),
            notice("2026-11-02", codes="1001", shop="etsy"),
        ],
        ["1001/", "1001/"],
    ),
    "the owner's one more may be what a carrier wrote of": (
        [
            notice("2026-11-03", "shipped", "1001", f"{A} {B}"),
            notice("2026-11-05", "in_transit", codes=C, shop=None),
            mark("2026-11-09", "1001", f"code={C}"),
        ],
        [f"1001/{A}", f"1001/{B}", f"1001/{C}"],
    ),
    "two packages of two orders prove to be one": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-05", "shipped", "1002", B),
            notice("2026-11-09", "in_transit", codes=B, replaced=A, shop=None),
        ],
        [f"1001+1002/{B}+{A}"],
    ),
    "which of two new codes replaced an unknown one cannot be told": (
        [notice("2026-11-09", "code_changed", "1001", f"{B} {C}", replaced=A)],
        [f"1001/{B}", f"1001/{C}"],
    ),
    "a carrier's mail that names its own code beside another carrier's means one package": (
        [
            notice("2026-11-03", "shipped", "1001", "RB123456785CN:china-post"),
            notice("2026-11-19", "in_transit", codes="RB123456785CN:china-post 01234567890123:dpd", carrier="dpd"),
        ],
        ["1001/01234567890123+RB123456785CN"],
    ),
    "and also beside one that only the shop named, of whatever carrier": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-19", "in_transit", codes=f"01234567890123:dpd {A}", carrier="dpd"),
        ],
        [f"1001/01234567890123+{A}"],
    ),
    "two codes of the carrier that writes are two packages": (
        [
            notice("2026-11-03", "shipped", "1001", "RB123456785CN:dpd"),
            notice("2026-11-19", "in_transit", codes="RB123456785CN:dpd 01234567890123:dpd", carrier="dpd"),
        ],
        ["/01234567890123", "1001/RB123456785CN"],
    ),
    "nor does it prove anything that a shop names codes of two carriers": (
        [
            notice("2026-11-03", "shipped", "1001", "RB123456785CN:china-post"),
            notice("2026-11-19", "in_transit", codes="RB123456785CN:china-post 01234567890123:dpd"),
        ],
        ["/01234567890123", "1001/RB123456785CN"],
    ),
    "a number beside the carrier's own that nobody named before may be anything": (
        [notice("2026-11-19", "in_transit", codes=f"{A} 01234567890123:dpd", carrier="dpd")],
        ["/01234567890123", f"/{A}"],
    ),
    "a carrier's mail with three codes joins none": (
        [notice("2026-11-19", "in_transit", codes=f"{A}:cn {B}:cn 01234567890123:dpd", carrier="dpd")],
        ["/01234567890123", f"/{B}", f"/{A}"],
    ),
    "an unverified mail of a carrier does not join what trusted mail told of": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-19", "in_transit", codes=f"01234567890123:dpd {A}", carrier="dpd", trust="unverified"),
        ],
        ["/01234567890123", f"1001/{A}"],
    ),
    "a number that the mails of two orders share moves no code from one to the other": (
        [
            notice("2026-11-03", "shipped", "1001 777", A),
            notice("2026-11-03", "shipped", "1002 777", B),
            notice("2026-11-05", "in_transit", codes=B),
            notice("2026-11-09", "code_changed", "1002 777", C),
        ],
        [f"1001+777/{A}", f"777+1002/{C}+{B}"],
    ),
    "nor a code that was announced": (
        [
            notice("2026-11-03", "shipped", "1001 777", A),
            notice("2026-11-04", "code_changed", "1001 777"),
            notice("2026-11-09", "shipped", "1002 777", B),
        ],
        [f"1001+777/{A}", f"777+1002/{B}"],
    ),
    "nor the announcement": (
        [
            notice("2026-11-03", "shipped", "1001 777", A),
            notice("2026-11-04", "code_changed", "1002 777"),
            notice("2026-11-09", "shipped", "1001 777", B),
        ],
        [f"1001+777/{A}", f"1001+777/{B}", "1002/"],
    ),
    "a mail that ties a package id to one order and a tracking number to another means two packages": (
        [notice("2026-11-03", "shipped", "1001 1002", f"{ID} {A}", pairs=f"1001={ID} 1002={A}")],
        [f"1001/{ID}", f"1002/{A}"],
    ),
    "two names of one package that moves are no silent package": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-04", "shipped", codes=C, shop=None),
            notice("2026-11-05", "none", "1001", C),
            notice("2026-11-06", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", B),
        ],
        [f"1001/{C}+{ID}", f"1001/{B}+{A}"],
    ),
    "two ids of one package that arrived get no carrier's number": (
        [
            notice("2026-11-03", "delivered", "1001", ID),
            notice("2026-11-04", "in_transit", codes="AP12345678901234", shop=None),
            notice("2026-11-05", "none", codes="AP12345678901234", replaced=ID, shop=None),
            notice("2026-11-09", "in_transit", "1001", C),
        ],
        [f"1001/AP12345678901234+{ID}", f"1001/{C}"],
    ),
    "a change that was announced is awaited whatever else the package is called meanwhile": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-04", "code_changed", "1001"),
            notice("2026-11-05", "in_transit", codes=f"{ID} {A}", shop=None),
            notice("2026-11-09", "shipped", "1001", B),
        ],
        [f"1001/{B}+{A}+{ID}"],
    ),
    "the owner adds a parcel by hand": (
        [mark("2026-11-09", "1001", "added", codes=A, event="shipped")],
        [f"1001/{A}"],
    ),
    "an order without a code, too": ([mark("2026-11-09", "1001", "added", event="ordered")], ["1001/"]),
    "what was added by hand and taken back was never there": (
        [mark("2026-11-09", "1001", "added", codes=A, event="shipped"), mark("2026-11-10", "1001", "reopen")],
        [],
    ),
    "the mails about it stay": (
        [
            mark("2026-11-09", "1001", "added", codes=A, event="shipped"),
            notice("2026-11-10", "in_transit", codes=A, shop=None),
            mark("2026-11-11", "1001", "reopen"),
        ],
        [f"/{A}"],
    ),
    "a parcel added by hand is the one that mails tell of": (
        [
            mark("2026-11-09", "1001", "added", codes=A, event="shipped"),
            notice("2026-11-10", "in_transit", "1001", A),
            notice("2026-11-12", "code_changed", "1001", B),
        ],
        [f"1001/{B}+{A}"],
    ),
    "a mark for an unknown number creates nothing": ([mark("2026-11-09", "1001", "delivered")], []),
    "an order number is no code even if the owner says so": (
        [notice("2026-11-03", "shipped", "1001", A), mark("2026-11-09", "1001", "code=1001")],
        [f"1001/{A}"],
    ),
    "the owner may write a code with blanks and in small letters": (
        [notice("2026-11-03", "shipped", "1001"), mark("2026-11-09", "1001", "code=rb 123456785 cn")],
        [f"1001/{A}"],
    ),
    "a word about the code that gives none changes nothing": (
        [notice("2026-11-03", "shipped", "1001", A), mark("2026-11-09", "1001", "code")],
        [f"1001/{A}"],
    ),
    "the owner's code replaces the old one though a carrier wrote of it before": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-05", "in_transit", codes=B, shop=None),
            mark("2026-11-09", "1001", f"code={B}", codes=B),
        ],
        [f"1001/{B}+{A}"],
    ),
    "the owner's one more may change like any other": (
        [
            notice("2026-11-03", "shipped", "1001", f"{A} {B}"),
            mark("2026-11-09", "1001", f"code={C}"),
            notice("2026-11-12", "in_transit", codes="LP12345678901234", replaced=C, shop=None),
        ],
        [f"1001/{A}", f"1001/{B}", f"1001/LP12345678901234+{C}"],
    ),
    "a code that a mail says replaced itself changes nothing": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", B),
            notice("2026-11-12", "in_transit", codes=A, replaced=A, shop=None),
        ],
        [f"1001/{B}+{A}"],
    ),
    "a code may change twice, though a carrier wrote of the last one first": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", B),
            notice("2026-11-10", "in_transit", codes=C, shop=None),
            notice("2026-11-12", "in_transit", codes=C, replaced=B, shop=None),
        ],
        [f"1001/{C}+{B}+{A}"],
    ),
    "of two new codes the one tied to the order of the replaced code takes its place": (
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001 1002", f"{B} {C}", pairs=f"1001={B} 1002={C}", replaced=A),
        ],
        [f"1001/{B}+{A}", f"1002/{C}"],
    ),
    "a number that took the place of a package id is no news of another package's code": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-05", "in_transit", "1001", C),
            notice("2026-11-06", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", C),
        ],
        [f"1001/{C}+{ID}", f"1001/{A}"],
    ),
    "a carrier's number with a package of its own takes the place of no package id": (
        [
            notice("2026-11-03", "in_transit", "1001", ID),
            notice("2026-11-05", "shipped", "1001", C),
            notice("2026-11-09", "in_transit", "1001", C, replaced=A),
        ],
        [f"1001/{C}+{A}", f"1001/{ID}"],
    ),
    "an order number is no replaced code": (
        [notice("2026-11-01", "ordered", ORDER), notice("2026-11-09", "code_changed", "1001", B, replaced=ORDER)],
        [f"1001/{B}", f"{ORDER}/"],
    ),
    "an order number beside a code speaks of no order": (
        [notice("2026-11-01", "ordered", ORDER), notice("2026-11-02", "in_transit", codes=f"{A} {ORDER}", shop=None)],
        [f"/{A}", f"{ORDER}/"],
    ),
    "numbers of other shops are no links without a digit": (
        [
            notice("2026-11-01", "ordered", "3074309624262839"),
            notice("2026-11-01", "ordered", "074309624262839", shop="ebay"),
        ],
        ["074309624262839/", "3074309624262839/"],
    ),
    "only numbers of sixteen digits lose one": (
        [notice("2026-11-01", "ordered", "307430962426283 07430962426283")],
        ["07430962426283/", "307430962426283/"],
    ),
    "an order of another shop has no order lines here": (
        [
            notice("2026-11-01", "ordered", "3031265788145237", shop="ebay"),
            notice("2026-11-09", "in_transit", "3031265788155237", A),
        ],
        ["3031265788145237/", f"3031265788155237/{A}"],
    ),
    "nor has one that no mail named without a code": (
        [
            notice("2026-11-01", "shipped", "3031265788145237", B),
            notice("2026-11-09", "in_transit", "3031265788155237", A),
        ],
        [f"3031265788145237/{B}", f"3031265788155237/{A}"],
    ),
    "nor has a placeholder": (
        [
            notice("2026-11-01", "ordered", "1111111111111111"),
            notice("2026-11-09", "in_transit", "1111111111121111", A),
        ],
        ["1111111111111111/", f"1111111111121111/{A}"],
    ),
}


@pytest.mark.parametrize(("notices", "expected"), JOINING.values(), ids=JOINING.keys())
def test_what_belongs_together(notices: list[Notice], expected: list[str]) -> None:
    parcels = fold(notices)
    heard = {n.message_id for n in notices if n.mark is None and n.trust is not Trust.SUSPICIOUS}
    assert shape(parcels) == sorted(expected)
    assert {source.message_id for parcel in parcels for source in parcel.sources} >= heard


def test_an_order_line_named_with_its_order_adds_no_parcel() -> None:
    parcels = fold(
        [
            notice("2026-11-01", "ordered", "3031265788145237"),
            notice("2026-11-09", "in_transit", "3031265788145237 3031265788155237", A),
        ]
    )
    assert [p.orders for p in parcels] == [("3031265788145237", "3031265788155237")]


@pytest.mark.parametrize("first", [A, f"{A}:china-post"], ids=["a later mail", "the first mail"])
def test_the_carrier_of_a_code_is_that_of_the_first_mail_that_knows_it(first: str) -> None:
    later = "china-post" if first == A else "dpd"
    parcel = one(notice("2026-11-03", "shipped", "1001", first), notice("2026-11-04", "none", codes=f"{A}:{later}"))
    assert parcel.codes[0].carrier == "china-post"


def test_what_is_known_of_a_code_outlives_its_change() -> None:
    first = notice("2026-11-03", "shipped", "1001", f"{A}:china-post")
    parcel = one(first, notice("2026-11-09", "in_transit", codes=B, replaced=A, shop=None))
    assert [(each.code, each.carrier) for each in parcel.codes] == [(B, None), (A, "china-post")]


@pytest.mark.parametrize("orders", ["1001", "1001 1002"])
def test_an_order_number_given_as_a_code_beside_others_says_nothing_of_its_order(orders: str) -> None:
    parcels = fold([notice("2026-11-01", "ordered", ORDER), notice("2026-11-02", "shipped", orders, ORDER)])
    assert [p.event for p in parcels if p.orders == (ORDER,)] == [Event.ORDERED]


@pytest.mark.parametrize(("packages", "told"), [(50, True), (51, False)])
def test_a_number_with_more_than_fifty_packages_is_no_longer_taken_for_one_order(packages: int, told: bool) -> None:
    first, *others = [f"LP{index:014}" for index in range(1, packages + 1)]
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", first),
            *(notice("2026-11-03", "in_transit", "1001", other) for other in others),
            notice("2026-11-09", "code_changed", "1001", A),
        ]
    )
    assert (codes(with_code(parcels, A)) == [A, first]) == told


@pytest.mark.parametrize("orders", ["1001 777", "777 1001"])
def test_an_order_is_known_beside_a_number_that_many_mails_share_whichever_stands_first(orders: str) -> None:
    parcels = fold(
        [
            *(notice("2026-11-03", "shipped", f"9{index} 777", f"LP{index:014}") for index in range(1, 61)),
            notice("2026-11-04", "shipped", orders, A),
            notice("2026-11-09", "code_changed", orders, B),
        ]
    )
    assert codes(with_code(parcels, B)) == [B, A]


# ── which state holds ──────────────────────────────────────────────────────────────────────────────────────

#: Events on days 1, 2, 3 … of one order; an event is trusted, unverified with a ``?``, a mark with a ``!``.
STATES = {
    "ordered": "ordered",
    "ordered shipped": "shipped",
    "shipped ordered": "shipped",
    "in_transit shipped": "in_transit",
    "in_transit exception in_transit": "in_transit",
    "out_for_delivery attempt_failed": "attempt_failed",
    "available_for_pickup in_transit": "in_transit",
    "delivered in_transit": "delivered",
    "returned shipped": "shipped",
    "returned shipped?": "returned",
    "returned? shipped?": "shipped",
    "delivered shipped": "delivered",
    "refunded shipped": "refunded",
    "shipped shipped!": "shipped",
    "ordered note!": "ordered",
    "delivered cancelled": "delivered",
    "delivered returned": "returned",
    "delivered refunded": "refunded",
    "returned delivered": "returned",
    "returned refunded": "refunded",
    "cancelled refunded": "refunded",
    "cancelled ordered": "cancelled",
    "cancelled shipped": "shipped",
    "cancelled in_transit": "in_transit",
    "refunded delivered": "refunded",
    "refunded cancelled": "refunded",
    "in_transit closing": "in_transit",
    "in_transit code_changed": "in_transit",
    "in_transit none": "in_transit",
    "in_transit closed": "closed",
    "closed shipped": "closed",
    "closed delivered": "delivered",
    "delivered closed": "delivered",
    "cancelled closed": "cancelled",
    "none": "none",
    "none closing": "closing",
    "closing none": "closing",
    "closing ordered": "ordered",
    # trust
    "out_for_delivery in_transit?": "out_for_delivery",
    "in_transit out_for_delivery?": "out_for_delivery",
    "in_transit in_transit?": "in_transit",
    "shipped delivered?": "delivered",
    "shipped cancelled?": "shipped",
    "shipped returned?": "shipped",
    "shipped refunded?": "shipped",
    "shipped closed?": "shipped",
    "in_transit? shipped cancelled?": "in_transit",
    "delivered refunded?": "delivered",
    "delivered? refunded?": "refunded",
    "delivered? in_transit": "in_transit",
    "delivered? in_transit?": "delivered",
    "delivered? closed": "delivered",
    "delivered? delivered in_transit": "delivered",
    "out_for_delivery? in_transit?": "in_transit",
    "out_for_delivery? in_transit": "in_transit",
    "out_for_delivery in_transit exception?": "exception",
    "out_for_delivery exception?": "out_for_delivery",
    "attempt_failed out_for_delivery?": "attempt_failed",
    "available_for_pickup attempt_failed?": "available_for_pickup",
    "in_transit? shipped? cancelled?": "cancelled",
    "in_transit? in_transit cancelled?": "in_transit",
    "out_for_delivery shipped in_transit?": "out_for_delivery",
    # the owner
    "shipped delivered!": "delivered",
    "shipped delivered! in_transit": "delivered",
    "shipped delivered! refunded": "refunded",
    "shipped delivered! refunded?": "delivered",
    "shipped delivered! reopen!": "shipped",
    "shipped delivered! in_transit reopen!": "in_transit",
    "shipped delivered reopen!": "shipped",
    "shipped delivered in_transit reopen!": "in_transit",
    "shipped delivered delivered! reopen!": "delivered",
    "shipped delivered delivered! reopen! reopen!": "shipped",
    "shipped unchanged! delivered reopen!": "shipped",
    "shipped delivered unchanged! reopen!": "delivered",
    "shipped delivered reopen! delivered": "delivered",
    "shipped delivered refunded reopen!": "shipped",
    "refunded delivered!": "delivered",
    "shipped reopen!": "shipped",
}


def told(story: str, number: str = "1001", text: str = "") -> list[Notice]:
    notices = []
    for day, word in enumerate(story.split(), start=1):
        at = f"2026-11-{day:02}"
        if word.endswith("!"):
            notices.append(mark(at, number, word[:-1]))
        else:
            trust = "unverified" if word.endswith("?") else "trusted"
            notices.append(notice(at, word.rstrip("?"), number, text, trust=trust))
    return notices


@pytest.mark.parametrize(("story", "event"), STATES.items(), ids=STATES)
def test_the_state_after(story: str, event: str) -> None:
    assert one(*told(story)).event == event


@pytest.mark.parametrize("story", ["in_transit exception", "exception in_transit", "delivered cancelled refunded"])
def test_of_mails_of_one_moment_progress_decides(story: str) -> None:
    notices = [notice("2026-11-01", event, "1001") for event in story.split()]
    expected = {"in_transit": "exception", "exception": "exception", "delivered": "refunded"}[story.split()[0]]
    assert one(*notices).event == one(*reversed(notices)).event == expected


def test_a_mark_comes_after_the_mails_of_its_moment() -> None:
    shipped, delivered = told("shipped delivered")
    assert one(shipped, delivered, mark("2026-11-02", "1001", "reopen", message_id="0")).event is Event.SHIPPED


@pytest.mark.parametrize("status", [None, "customs"])
def test_a_state_is_dated_from_its_first_mail(status: str | None) -> None:
    parcel = one(*told("shipped in_transit"), notice("2026-11-03", "in_transit", "1001", status=status))
    assert parcel.event_at == moment("2026-11-02")


def test_a_parcel_of_which_nothing_is_told_is_dated_from_the_first_mail_that_names_it() -> None:
    assert one(*told("none none")).event_at == moment("2026-11-01")


def test_the_status_is_that_of_the_newest_mail_of_the_state() -> None:
    customs = notice("2026-11-02", "in_transit", "1001", status="customs")
    assert one(customs).status == "customs"
    assert one(customs, notice("2026-11-03", "in_transit", "1001")).status is None
    assert one(customs, notice("2026-11-03", "none", "1001")).status == "customs"


def test_an_order_shipped_in_part_and_then_whole_is_no_longer_shipped_in_part() -> None:
    part = notice("2026-11-02", "shipped", "1001", status="partial")
    assert one(part).status == "partial"
    assert one(part, notice("2026-11-03", "shipped", "1001")).status is None


def test_a_parcel_taken_back_from_its_end_is_where_the_mails_since_then_saw_it() -> None:
    customs = notice("2026-11-03", "in_transit", "1001", status="customs")
    parcel = one(*told("shipped delivered"), customs, mark("2026-11-04", "1001", "reopen"))
    assert (parcel.event, parcel.event_at) == (Event.IN_TRANSIT, moment("2026-11-03"))
    assert parcel.status == "customs"


@pytest.mark.parametrize(
    ("story", "day"),
    [
        ("shipped delivered", 2),
        ("shipped delivered delivered", 2),
        ("shipped delivered returned", 2),
        ("shipped delivered? in_transit", None),
        ("shipped delivered reopen!", None),
        ("shipped delivered!", 2),
    ],
)
def test_delivered_at(story: str, day: int | None) -> None:
    assert one(*told(story)).delivered_at == (moment(f"2026-11-{day:02}") if day else None)


# ── what goes for the order, what for the package ──────────────────────────────────────────────────────────


def test_what_a_mail_says_of_the_order_goes_for_all_its_packages() -> None:
    parcels = fold([notice("2026-11-03", "shipped", "1001", f"{A} {B}"), notice("2026-11-09", "delivered", "1001")])
    assert [p.event for p in parcels] == [Event.DELIVERED, Event.DELIVERED]


def test_what_a_mail_says_of_a_package_goes_for_that_one_only() -> None:
    parcels = fold([notice("2026-11-03", "shipped", "1001", f"{A} {B}"), notice("2026-11-09", "delivered", "1001", A)])
    assert with_code(parcels, A).event is Event.DELIVERED
    assert with_code(parcels, B).event is Event.SHIPPED


@pytest.mark.parametrize("event", ["delivered", "refunded", "cancelled", "in_transit"])
def test_what_became_of_the_first_package_does_not_become_of_one_sent_later(event: str) -> None:
    parcels = fold(
        [
            notice("2026-11-01", "ordered", "1001"),
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", event, "1001"),
            notice("2026-11-12", "shipped", "1001", B),
        ]
    )
    assert with_code(parcels, A).event == event
    assert with_code(parcels, B).event is Event.SHIPPED
    assert with_code(parcels, B).ordered_at == moment("2026-11-01")


@pytest.mark.parametrize(
    ("later", "day"),
    [("shipped", "2026-11-12"), ("in_transit", "2026-11-03")],
    ids=["its own", "the order's"],
)
def test_a_later_package_counts_from_its_own_shipped_mail_else_from_the_orders(later: str, day: str) -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001"),
            notice("2026-11-05", "in_transit", "1001", A),
            notice("2026-11-12", later, "1001", B),
        ]
    )
    assert with_code(parcels, B).shipped_at == moment(day)


def test_what_a_mail_says_of_the_order_afterwards_goes_for_the_later_package_too() -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-12", "shipped", "1001", B),
            notice("2026-11-20", "delivered", "1001"),
        ]
    )
    assert [p.event for p in parcels] == [Event.DELIVERED, Event.DELIVERED]


def test_a_package_is_later_only_for_the_order_that_had_one_before() -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-05", "in_transit", "1002"),
            notice("2026-11-12", "shipped", "1001 1002", B),
        ]
    )
    assert with_code(parcels, B).event is Event.IN_TRANSIT


def test_a_mark_for_an_order_goes_to_all_its_packages_and_for_a_code_to_one() -> None:
    shipped = notice("2026-11-03", "shipped", "1001", f"{A} {B}")
    both = fold([shipped, mark("2026-11-09", "1001", "ignore")])
    only = fold([shipped, mark("2026-11-09", A, "ignore")])
    assert [p.ignored for p in both] == [True, True]
    assert (with_code(only, A).ignored, with_code(only, B).ignored) == (True, False)


@pytest.mark.parametrize(("word", "ignored", "event"), [("ignore", True, "shipped"), ("delivered", False, "shipped")])
def test_of_earlier_marks_on_the_order_a_later_package_takes_what_is_not_of_the_moment(
    word: str, ignored: bool, event: str
) -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", A),
            mark("2026-11-09", "1001", word),
            notice("2026-11-12", "shipped", "1001", B),
        ]
    )
    later = with_code(parcels, B)
    assert (later.ignored, later.event) == (ignored, event)


@pytest.mark.parametrize("event", ["cancelled", "refunded"])
def test_calling_off_one_of_two_orders_leaves_the_package_alive(event: str) -> None:
    package = notice("2026-11-03", "shipped", "1001 1002", A)
    part = notice("2026-11-05", event, "1001")
    rest = notice("2026-11-06", event, "1002")
    assert one(package, part).event is Event.SHIPPED
    assert one(package, part, part).event is Event.SHIPPED
    assert one(package, part, rest).event == event
    assert one(package, notice("2026-11-05", event, codes=A)).event == event


def test_an_unverified_cancellation_does_not_count_as_a_part() -> None:
    package = notice("2026-11-03", "shipped", "1001 1002", A)
    part = notice("2026-11-05", "cancelled", "1001", trust="unverified")
    rest = notice("2026-11-06", "cancelled", "1002")
    assert one(package, part, rest).event is Event.SHIPPED


@pytest.mark.parametrize(
    ("event", "becomes"),
    [("cancelled", "shipped"), ("refunded", "shipped"), ("returned", "shipped"), ("delivered", "in_transit")],
)
def test_what_is_told_of_a_part_of_the_order_ends_nothing(event: str, becomes: str) -> None:
    part = notice("2026-11-05", event, "1001", status="partial")
    parcel = one(notice("2026-11-03", "shipped", "1001", A), part)
    assert parcel.event == becomes
    assert part.message_id in {source.message_id for source in parcel.sources}


def test_a_package_that_is_named_is_delivered_whole_though_it_is_a_part_of_the_order() -> None:
    shipped = notice("2026-11-03", "shipped", "1001", f"{A} {B}")
    parcels = fold([shipped, notice("2026-11-05", "delivered", "1001", A, status="partial")])
    assert (with_code(parcels, A).event, with_code(parcels, B).event) == (Event.DELIVERED, Event.SHIPPED)


# ── sent again ─────────────────────────────────────────────────────────────────────────────────────────────


def test_what_came_back_and_is_shipped_again_starts_anew() -> None:
    parcel = one(
        notice("2026-11-03", "shipped", "1001", A),
        mark("2026-11-20", "1001", "contacted"),
        mark("2026-11-21", "1001", "disputed"),
        notice("2026-11-25", "in_transit", "1001", A),
        notice("2026-12-01", "returned", "1001"),
        notice("2026-12-05", "shipped", "1001"),
    )
    assert (parcel.event, parcel.shipped_at, parcel.informed_at) == (Event.SHIPPED, moment("2026-12-05"), None)
    assert (parcel.contacted_at, parcel.disputed_at) == (None, None)


def test_a_later_package_shipped_again_counts_from_the_first_mail_that_says_so() -> None:
    parcels = fold(
        [
            notice("2026-11-01", "ordered", "1001"),
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-12", "shipped", "1001", B),
            notice("2026-12-01", "returned", codes=B, shop=None),
            notice("2026-12-05", "shipped", "1001", B),
            notice("2026-12-07", "shipped", "1001", B),
        ]
    )
    assert with_code(parcels, B).shipped_at == moment("2026-12-05")


def test_a_parcel_that_is_sent_anew_after_a_dispute_has_days_and_a_dispute_of_its_own() -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", A),
            mark("2026-12-20", "1001", "disputed"),
            notice("2026-12-23", "shipped", "1001", B),
        ]
    )
    again = with_code(parcels, B)
    assert (again.shipped_at, again.disputed_at) == (moment("2026-12-23"), None)
    assert with_code(parcels, A).disputed_at == moment("2026-12-20")


def test_a_dispute_about_the_order_is_one_about_all_packages_known_by_then() -> None:
    parcels = fold([notice("2026-11-03", "shipped", "1001", f"{A} {B}"), mark("2026-12-20", "1001", "disputed")])
    assert [parcel.disputed_at for parcel in parcels] == [moment("2026-12-20")] * 2


# ── days ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_shipped_at_is_the_earliest_and_stays_when_the_code_changes() -> None:
    parcel = one(
        notice("2026-11-01", "ordered", "1001"),
        notice("2026-11-03", "shipped", "1001", A),
        notice("2026-11-20", "code_changed", "1001", B),
        notice("2026-11-21", "shipped", "1001", B),
    )
    assert parcel.ordered_at == moment("2026-11-01")
    assert parcel.shipped_at == moment("2026-11-03")
    assert parcel.code_changed_at == moment("2026-11-20")


@pytest.mark.parametrize(
    "notices",
    [
        [notice("2026-11-03", "in_transit", "1001", ID), notice("2026-11-09", "in_transit", "1001", C)],
        [notice("2026-11-03", "shipped", "1001", f"{ID} {C}")],
        [notice("2026-11-03", "in_transit", "1001", ID), mark("2026-11-09", "1001", f"code={C}")],
        [notice("2026-11-03", "shipped", "1001"), mark("2026-11-09", "1001", f"code={C}")],
        [notice("2026-11-03", "shipped", "1001", A), mark("2026-11-09", "1001", f"code={A}")],
        [notice("2026-11-03", "shipped", "1001", A), notice("2026-11-09", "code_changed", "1001", A)],
    ],
    ids=[
        "handed over",
        "two names",
        "owner after package id",
        "owner's first",
        "owner's same",
        "the same again",
    ],
)
def test_no_change_of_the_code(notices: list[Notice]) -> None:
    assert one(*notices).code_changed_at is None


def test_the_owners_code_is_a_change() -> None:
    parcel = one(notice("2026-11-03", "shipped", "1001", A), mark("2026-11-09", "1001", f"code={B}"))
    assert parcel.code_changed_at == moment("2026-11-09")


def test_a_change_that_is_not_believed_is_no_change() -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", A),
            notice("2026-11-09", "code_changed", "1001", B, trust="unverified"),
        ]
    )
    assert [p.code_changed_at for p in parcels] == [None, None]


def test_a_mail_of_a_changed_code_tells_a_change_even_if_the_first_code_was_never_known() -> None:
    parcel = one(notice("2026-11-03", "shipped", "1001"), notice("2026-11-09", "code_changed", "1001", B))
    assert parcel.code_changed_at == moment("2026-11-09")


@pytest.mark.parametrize(
    ("after", "day"),
    [
        ([], None),
        ([notice("2026-11-12", "in_transit", "1001")], 12),
        ([notice("2026-11-12", "in_transit", codes=B)], 12),
        ([notice("2026-11-12", "in_transit", codes=A)], None),
        ([mark("2026-11-12", "1001", "unchanged")], None),
        ([mark("2026-11-12", "1001", "delivered")], 12),
    ],
    ids=["nothing", "of the order", "of the new code", "of the old code", "a mark", "the mark delivered"],
)
def test_information_counts_for_the_current_code(after: list[Notice], day: int | None) -> None:
    before = [
        notice("2026-11-03", "shipped", "1001", A),
        notice("2026-11-05", "in_transit", "1001", A),
        notice("2026-11-09", "code_changed", "1001", B),
    ]
    assert one(*before, *after).informed_at == (moment(f"2026-11-{day}") if day else None)


def test_information_on_a_code_before_the_shop_told_of_the_change_counts() -> None:
    parcel = one(
        notice("2026-11-03", "shipped", "1001", A),
        notice("2026-11-08", "in_transit", codes=B, shop=None),
        notice("2026-11-09", "code_changed", "1001", B),
    )
    assert parcel.informed_at == moment("2026-11-08")


def test_information_on_the_package_id_counts_after_the_carrier_took_over() -> None:
    parcel = one(
        notice("2026-11-03", "in_transit", "1001", ID),
        notice("2026-11-09", "exception", "1001", C),
        notice("2026-11-12", "in_transit", codes=ID),
    )
    assert parcel.informed_at == moment("2026-11-12")


@pytest.mark.parametrize(
    ("story", "day"),
    [
        ("ordered shipped none closing", None),
        ("ordered in_transit none", 2),
        ("shipped in_transit in_transit", 3),
        ("out_for_delivery in_transit?", 1),
        ("shipped in_transit?", 2),
        ("in_transit in_transit?", 2),
    ],
)
def test_informed_at(story: str, day: int | None) -> None:
    assert one(*told(story)).informed_at == (moment(f"2026-11-{day:02}") if day else None)


def test_marks_are_no_news() -> None:
    parcel = one(*told("shipped none unchanged!"))
    assert (parcel.first_news_at, parcel.last_news_at) == (moment("2026-11-01"), moment("2026-11-02"))


@pytest.mark.parametrize(("trust", "told_of"), [("trusted", True), ("unverified", False)])
def test_only_a_trusted_mail_announces_the_end_of_protection(trust: str, told_of: bool) -> None:
    parcel = one(notice("2026-11-01", "shipped", "1001"), notice("2026-11-20", "closing", "1001", trust=trust))
    assert (parcel.closing_at is not None) == told_of


@pytest.mark.parametrize(
    ("event", "trust", "announced"),
    [("none", "trusted", False), ("none", "unverified", True), ("closing", "trusted", True)],
    ids=["the shop extends", "a stranger extends", "the announcement names a day itself"],
)
def test_a_day_named_after_the_announcement_takes_it_back(event: str, trust: str, announced: bool) -> None:
    parcel = one(
        notice("2026-11-01", "shipped", "1001"),
        notice("2026-11-20", "closing", "1001"),
        notice("2026-11-21", event, "1001", trust=trust, protection_ends="2026-12-20"),
    )
    assert (parcel.closing_at is not None) == announced


@pytest.mark.parametrize(("trust", "days"), [("trusted", 20), ("unverified", None)])
def test_the_days_for_a_dispute_are_a_trusted_mails(trust: str, days: int | None) -> None:
    delivered = notice("2026-11-20", "delivered", "1001", trust=trust, dispute_days=20)
    assert one(notice("2026-11-01", "shipped", "1001"), delivered).dispute_days == days


@pytest.mark.parametrize(
    ("notices", "extended", "closing"),
    [
        ([notice("2026-11-21", "none", "1001", extended_by=15)], 15, False),
        ([notice("2026-11-21", "none", "1001", extended_by=15, trust="unverified")], 0, True),
        ([notice("2026-11-21", "none", "1001", extended_by=n) for n in (15, 30, 10)], 30, False),
        (
            [
                notice("2026-11-21", "none", "1001", extended_by=15),
                notice("2026-11-22", "none", "1001", protection_ends="2026-12-20"),
            ],
            0,
            False,
        ),
    ],
    ids=["by days", "by a stranger", "told thrice", "the new end is named later"],
)
def test_an_extension_by_days(notices: list[Notice], extended: int, closing: bool) -> None:
    parcel = one(notice("2026-11-01", "shipped", "1001"), notice("2026-11-20", "closing", "1001"), *notices)
    assert (parcel.extended_by, parcel.closing_at is not None) == (extended, closing)


def test_an_announcement_after_the_extension_holds() -> None:
    parcel = one(
        notice("2026-11-19", "none", "1001", protection_ends="2026-12-20"),
        notice("2026-11-20", "closing", "1001"),
    )
    assert parcel.closing_at == moment("2026-11-20")


# ── dates, items, trust, names ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["ship_by", "protection_ends", "pickup_by", "expected"])
def test_the_newest_date_a_mail_names_holds(name: str) -> None:
    first = notice("2026-11-01", "ordered", "1001", **{name: "2026-12-20"})
    extended = notice("2026-11-09", "none", "1001", **{name: "2026-12-10"})
    silent = notice("2026-11-10", "none", "1001")
    assert getattr(one(first, extended, silent), name) == date(2026, 12, 10)


@pytest.mark.parametrize("name", ["ship_by", "protection_ends", "pickup_by", "expected"])
def test_an_unverified_date_does_not_hold_against_a_trusted_one(name: str) -> None:
    first = notice("2026-11-01", "ordered", "1001", **{name: "2026-12-20"})
    other = notice("2026-11-09", "none", "1001", trust="unverified", **{name: "2027-12-10"})
    assert getattr(one(first, other), name) == date(2026, 12, 20)
    assert getattr(one(other), name) == date(2027, 12, 10)


@pytest.mark.parametrize("name", ["ship_by", "protection_ends"])
def test_the_earliest_day_of_two_orders_holds_for_their_package(name: str) -> None:
    parcel = one(
        notice("2026-11-01", "ordered", "1001", **{name: "2027-01-10"}),
        notice("2026-11-02", "ordered", "1002", **{name: "2027-01-20"}),
        notice("2026-11-03", "shipped", "1001 1002", A),
        notice("2026-11-09", "none", "1001", **{name: "2027-02-01"}),
    )
    assert getattr(parcel, name) == date(2027, 1, 20)


@pytest.mark.parametrize(("word", "name"), [("protection", "protection_ends"), ("ship-by", "ship_by")])
def test_the_owners_date_holds_against_any_mail_until_taken_back(word: str, name: str) -> None:
    story = [
        notice("2026-11-01", "ordered", "1001", **{name: "2026-12-20"}),
        mark("2026-11-02", "1001", f"{word}=2026-12-24"),
        notice("2026-11-03", "none", "1001", **{name: "2026-12-22"}),
    ]
    assert getattr(one(*story), name) == date(2026, 12, 24)
    assert getattr(one(*story, mark("2026-11-04", "1001", "reopen")), name) == date(2026, 12, 22)


def test_who_says_when_protection_ends() -> None:
    silent = notice("2026-11-01", "shipped", "1001")
    said = notice("2026-11-02", "none", "1001", protection_ends="2026-12-20")
    owner = mark("2026-11-03", "1001", "protection=2026-12-24")
    assert [one(*n).protection_from for n in ([silent], [silent, said], [silent, said, owner])] == [
        None,
        "mail",
        "owner",
    ]


def test_items_are_gathered_once_each() -> None:
    parcel = one(
        notice("2026-11-01", "ordered", "1001", items=("cat", "mouse")),
        notice("2026-11-02", "shipped", "1001", A, items=("mouse", "dog")),
    )
    assert parcel.items == ("cat", "mouse", "dog")


def test_trust_is_that_of_the_best_mail_and_not_of_a_mark() -> None:
    unverified = notice("2026-11-01", "ordered", "1001", trust="unverified")
    marked = mark("2026-11-02", "1001", "untracked")
    assert one(unverified, marked).trust is Trust.UNVERIFIED
    assert one(unverified, marked, notice("2026-11-03", "shipped", "1001")).trust is Trust.TRUSTED


@pytest.mark.parametrize(
    ("notices", "keys"),
    [
        (
            [notice("2026-11-02", "in_transit", "1002 1001", A), notice("2026-11-01", "ordered", "1001")],
            ["order:1001"],
        ),
        ([notice("2026-11-02", "in_transit", codes=A)], [f"code:{A}"]),
        (
            [notice("2026-11-02", "shipped", "1001", A), notice("2026-11-03", "shipped", "1001", B)],
            [f"order:1001 code:{A}", f"order:1001 code:{B}"],
        ),
        (
            [notice("2026-11-02", "shipped", "1001", A), notice("2026-11-03", "code_changed", "1001", B)],
            ["order:1001"],
        ),
        (
            [
                notice("2026-11-01", "ordered", "7", shop="etsy"),
                notice("2026-11-02", "ordered", "7", shop="ebay"),
            ],
            ["order:7@etsy", "order:7@ebay"],
        ),
        (
            [
                notice("2026-11-02", "shipped", "1001", A),
                notice("2026-11-03", "shipped", "1001", B),
                notice("2026-11-04", "code_changed", "1001", B),
            ],
            ["order:1001"],
        ),
        ([notice("2026-11-02", codes="000000", message_id="a@b")], ["code:000000 mail:a@b"]),
        (
            [
                notice("2026-11-01", "ordered", "7", shop="etsy"),
                notice("2026-11-02", "ordered", "7", shop="ebay"),
                notice("2026-11-03", codes="7", shop="amazon", message_id="a@b"),
            ],
            ["order:7@etsy", "order:7@ebay", "order:7@amazon mail:a@b"],
        ),
    ],
    ids=[
        "oldest order",
        "code",
        "two packages",
        "changed code",
        "two shops",
        "proved to be one",
        "placeholder",
        "an order number of two other shops given as a code",
    ],
)
def test_key(notices: list[Notice], keys: list[str]) -> None:
    assert [parcel.key for parcel in fold(notices)] == keys


@pytest.mark.parametrize(
    ("sender", "order", "shop"),
    [(None, "1001", "ebay"), ("amazon", "1001", "ebay"), (None, "", "ebay"), ("amazon", "", "amazon")],
    ids=["an unknown sender", "another shop", "no order, an unknown sender", "no order, another shop"],
)
def test_the_shop_is_that_of_the_order_else_the_first_that_wrote_of_it(
    sender: str | None, order: str, shop: str
) -> None:
    parcel = one(
        notice("2026-11-01", "in_transit", codes=A, shop=sender),
        notice("2026-11-02", "shipped", order, A, shop="ebay"),
    )
    assert parcel.shop == shop


def test_sources_are_all_mails_and_marks_oldest_first() -> None:
    notices = told("ordered shipped unchanged!")
    assert [s.message_id for s in one(*reversed(notices)).sources] == [n.message_id for n in notices]


def test_parcels_are_found_by_any_writing_of_a_number() -> None:
    parcels = fold([notice("2026-11-01", "shipped", "123-1234567-1234567", A, shop="amazon")])
    for number in (
        "123-1234567-1234567",
        "12312345671234567",
        A,
        "rb123456785cn",
        "rb 123456785 cn",
        "RB-123456785-CN",
    ):
        assert find(parcels, number) == parcels
    assert find(parcels, "1234") == ()


# ── the owner's marks ──────────────────────────────────────────────────────────────────────────────────────


def test_contacted_implies_unchanged() -> None:
    parcel = one(*told("shipped contacted!"))
    assert (parcel.unchanged_at, parcel.contacted_at) == (moment("2026-11-02"), moment("2026-11-02"))


@pytest.mark.parametrize("word", ["unchanged", "contacted"])
def test_a_later_change_of_the_code_cancels(word: str) -> None:
    before = [notice("2026-11-01", "shipped", "1001", A), mark("2026-11-17", "1001", word)]
    change = notice("2026-11-18", "code_changed", "1001", B)
    assert one(*before).unchanged_at is not None
    assert one(*before, change).unchanged_at is None
    assert one(*before, change).contacted_at is None
    assert one(*before, change, mark("2026-11-30", "1001", word)).unchanged_at == moment("2026-11-30")


def test_a_change_that_the_mail_does_not_name_cancels_unchanged() -> None:
    parcel = one(
        notice("2026-11-01", "shipped", "1001", A),
        mark("2026-11-17", "1001", "unchanged"),
        notice("2026-11-18", "code_changed", "1001"),
    )
    assert (parcel.unchanged_at, parcel.code_changed_at) == (None, moment("2026-11-18"))


def test_an_unverified_change_cancels_nothing() -> None:
    parcels = fold(
        [
            notice("2026-11-01", "shipped", "1001", A),
            mark("2026-11-17", "1001", "unchanged"),
            notice("2026-11-18", "code_changed", "1001", trust="unverified"),
        ]
    )
    assert parcels[0].unchanged_at == moment("2026-11-17")


@pytest.mark.parametrize(
    ("story", "held"),
    [
        ("shipped unchanged! ignore! reopen!", ["unchanged"]),
        ("shipped unchanged! ignore! reopen! reopen!", []),
        ("shipped unchanged! reopen! reopen!", []),
        ("shipped ignore! disputed! untracked! reopen!", ["ignored", "disputed"]),
        ("shipped ignore! ignore! reopen!", ["ignored"]),
        ("shipped ignore! reopen! ignore!", ["ignored"]),
        ("shipped ignore! in_transit reopen!", []),
        ("shipped untracked! ignore! reopen!", ["untracked"]),
    ],
)
def test_reopen_takes_back_the_last_mark_that_holds(story: str, held: list[str]) -> None:
    parcel = one(*told(story))
    holds = {
        "unchanged": parcel.unchanged_at is not None,
        "ignored": parcel.ignored,
        "disputed": parcel.disputed_at is not None,
        "untracked": parcel.untracked,
    }
    assert {name for name, yes in holds.items() if yes} == set(held)


def test_reopen_passes_over_a_mark_that_a_change_of_the_code_cancelled() -> None:
    parcel = one(
        notice("2026-11-01", "shipped", "1001", A),
        mark("2026-11-02", "1001", "ignore"),
        mark("2026-11-03", "1001", "unchanged"),
        notice("2026-11-04", "code_changed", "1001", B),
        mark("2026-11-05", "1001", "reopen"),
    )
    assert not parcel.ignored


def test_taking_back_a_code_gives_back_what_it_had_cancelled() -> None:
    parcel = one(
        notice("2026-11-01", "shipped", "1001", A),
        mark("2026-11-17", "1001", "unchanged"),
        mark("2026-11-18", "1001", f"code={B}"),
        mark("2026-11-19", "1001", "reopen"),
    )
    assert (parcel.unchanged_at, parcel.code_changed_at) == (moment("2026-11-17"), None)


def test_a_mark_may_describe_the_code_it_gives() -> None:
    given = mark("2026-11-09", "1001", f"code={B}")
    described = replace(given, codes=(code(B, carrier="cainiao"),))
    assert one(notice("2026-11-03", "shipped", "1001", A), described).codes[0].carrier == "cainiao"


def test_disputed_is_dated_from_its_first_mark() -> None:
    assert one(*told("shipped disputed! disputed!")).disputed_at == moment("2026-11-02")


@pytest.mark.parametrize(
    ("before", "day"), [("", None), ("protection=2026-12-24!", date(2026, 12, 24))], ids=["the only one", "the last"]
)
def test_a_date_that_is_none_is_passed_over(before: str, day: date | None) -> None:
    assert one(*told(f"shipped {before} protection=soon!")).protection_ends == day


def test_a_number_that_very_many_mails_share_costs_no_more_than_any_other() -> None:
    def cost(shared: bool) -> float:
        mails = [
            notice("2026-11-03", "in_transit", "1001" if shared else f"9{index}", f"LP{index:014}")
            for index in range(1, 3001)
        ]
        start = process_time()
        assert len(fold(mails)) == 3000
        return process_time() - start

    assert cost(shared=True) < 10 * cost(shared=False)


@pytest.mark.parametrize(
    "other",
    [
        notice("2026-11-02", "delivered", "1001", message_id="same@test"),
        notice("2026-11-01", "shipped", "1001", A, message_id="same@test"),
    ],
    ids=["of another day", "of the same moment"],
)
def test_of_two_notices_with_one_message_id_one_counts_whichever_came_first(other: Notice) -> None:
    one_way = notice("2026-11-01", "shipped", "1001", message_id="same@test")
    assert fold([one_way, other]) == fold([other, one_way])
    assert len(fold([one_way, other])[0].sources) == 1


def test_marks_of_one_moment_count_in_the_order_in_which_they_were_made() -> None:
    added = mark("2026-11-09", "1001", "added", codes=A, event="shipped", message_id="mark-000001@owner")
    reopen = mark("2026-11-09", "1001", "reopen", message_id="mark-000002@owner")
    assert fold([added, reopen]) == fold([reopen, added]) == ()


NOON = "2026-11-02T12:00:00+01:00"


def test_the_owner_says_when_it_was_shipped() -> None:
    parcel = one(notice("2026-11-09", "none", "1001", A), mark("2026-11-10", "1001", f"shipped={NOON}"))
    assert (parcel.event, parcel.shipped_at) == (Event.SHIPPED, moment("2026-11-02 11:00"))
    assert parcel.event_at == parcel.shipped_at


def test_the_owners_day_of_shipping_holds_against_any_mail_until_taken_back() -> None:
    story = [
        mark("2026-11-10", "1001", f"shipped={NOON}"),
        notice("2026-11-05", "in_transit", "1001", A),
        notice("2026-11-11", "shipped", "1001", A),
    ]
    assert (one(*story).event, one(*story).shipped_at) == (Event.IN_TRANSIT, moment("2026-11-02 11:00"))
    assert one(*story, mark("2026-11-12", "1001", "reopen")).shipped_at == moment("2026-11-11")


@pytest.mark.parametrize("value", ["soon", "2026-11-02T12:00:00"])
def test_a_day_of_shipping_that_is_none_is_passed_over(value: str) -> None:
    parcel = one(notice("2026-11-05", "ordered", "1001"), mark("2026-11-10", "1001", f"shipped={value}"))
    assert (parcel.event, parcel.shipped_at) == (Event.ORDERED, None)


def test_the_day_on_which_the_first_package_was_shipped_is_not_that_of_one_sent_later() -> None:
    parcels = fold(
        [
            notice("2026-11-03", "shipped", "1001", A),
            mark("2026-11-10", "1001", f"shipped={NOON}"),
            notice("2026-11-12", "shipped", "1001", B),
        ]
    )
    assert with_code(parcels, B).shipped_at == moment("2026-11-12")


def test_a_parcel_added_by_hand_is_told_as_a_mail_would_tell_it() -> None:
    parcel = one(mark("2026-11-10", "1001", f"added={NOON}", codes=A, event="shipped", shop="ebay"))
    assert (parcel.shop, parcel.event, parcel.event_at) == ("ebay", Event.SHIPPED, moment("2026-11-02 11:00"))
    assert (parcel.shipped_at, parcel.ordered_at) == (moment("2026-11-02 11:00"), None)
    assert (parcel.first_news_at, parcel.trust) == (moment("2026-11-10"), Trust.OWNER)


@pytest.mark.parametrize("text", ["", A], ids=["of the order", "of the package"])
@pytest.mark.parametrize("told_on", ["2026-11-05", "2026-11-12"], ids=["read late", "of a later day"])
def test_the_day_of_shipping_of_a_parcel_added_by_hand_holds_against_a_later_mail(told_on: str, text: str) -> None:
    added = mark("2026-11-10", "1001", f"added={NOON}", codes=A, event="shipped", shop="ebay")
    parcel = one(added, notice(told_on, "shipped", "1001", text, shop="ebay"))
    assert parcel.shipped_at == moment("2026-11-02 11:00")


def test_a_parcel_added_by_hand_without_a_day_is_ordered_on_that_day() -> None:
    parcel = one(mark("2026-11-10", "1001", "added", event="ordered"))
    assert (parcel.event, parcel.ordered_at, parcel.shipped_at) == (Event.ORDERED, moment("2026-11-10"), None)


def test_one_with_a_code_and_no_day_was_shipped_nobody_knows_when() -> None:
    parcel = one(mark("2026-11-10", "1001", "added", codes=A, event="shipped"))
    assert (parcel.event, parcel.ordered_at, parcel.shipped_at) == (Event.SHIPPED, None, None)


def test_the_owners_notes_are_kept_in_order_and_the_last_can_be_taken_back() -> None:
    story = told("shipped note=first! note=second!")
    assert one(*story).remarks == ("first", "second")
    assert one(*story, mark("2026-11-09", "1001", "reopen")).remarks == ("first",)


def test_a_mark_that_was_taken_back_is_shown_as_such() -> None:
    parcel = one(*told("shipped unchanged! ignore! reopen!"))
    assert [source.taken_back for source in parcel.sources] == [False, False, True, False]
