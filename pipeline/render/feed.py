"""A digest as an Atom feed (RFC 4287): one entry for each state of a parcel, for feed readers."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from pipeline.render import subject_of
from pipeline.render.card import card
from pipeline.render.words import plain

if TYPE_CHECKING:
    from pipeline.digest import Digest, Entry
    from pipeline.render.card import Card

_ATOM = "http://www.w3.org/2005/Atom"
_TITLE_CHARACTERS = 120


def atom(digest: Digest) -> str:
    """Return the parcels that the text and HTML give a card, the most urgent first.

    An entry's id is made of the parcel and of what is said of it: news are a new entry, and an unchanged parcel stays
    the same entry with the day on which it was first told, however often the feed is written.
    """
    register_namespace("", _ATOM)
    feed = Element(_name("feed"))
    _add(feed, "id", _id("feed"))
    _add(feed, "title", subject_of(digest))
    _add(feed, "updated", _moment(digest.day))
    author = SubElement(feed, _name("author"))
    _add(author, "name", "parcel-digest")
    _add(feed, "generator", "parcel-digest")
    for entry in digest.entries:
        if entry.shown:
            _entry(feed, entry, card(digest, entry))
    indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, encoding="unicode")}\n'


def _entry(feed: Element, entry: Entry, told: Card) -> None:
    parcel, diagnosis = entry.parcel, entry.diagnosis
    item = SubElement(feed, _name("entry"))
    codes = " ".join(code.code for code in parcel.codes)
    _add(item, "id", _id(parcel.key, diagnosis.rule, parcel.event, codes))
    _add(item, "title", plain(f"{told.title} · {', '.join(told.items) or told.shop}", _TITLE_CHARACTERS))
    _add(item, "updated", _moment(entry.since))
    SubElement(item, _name("category"), term=told.level)
    page = next((number.page for number in (*told.codes, *told.orders) if number.page), "")
    if address := (told.link.page if told.link else page):
        SubElement(item, _name("link"), rel="alternate", href=address)
    _add(item, "content", "\n".join(_lines(told)), type="text")


def _lines(told: Card) -> list[str]:
    said = [told.when, *(f"{number.label}: {number.number}" for number in (*told.orders, *told.codes))]
    said += [f"{sentence.words} {sentence.page}".rstrip() for sentence in told.advice]
    return [line for line in (*said, *told.notes, *told.timing) if line]


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, _name(name), attributes).text = text


def _name(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _id(*parts: str) -> str:
    name = "\0".join(parts).encode("utf-8", "surrogatepass")
    return UUID(bytes=hashlib.sha256(name).digest()[:16], version=5).urn


def _moment(day: date) -> str:
    return datetime.combine(day, time(), UTC).isoformat().replace("+00:00", "Z")
