"""The Atom feed: held to a schema of RFC 4287, and read back as a feed reader does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from digest_values import DELIVERED, HOSTILE, TODAY, ZONE, a_diagnosis, a_parcel, all_states, in_days
from lxml import etree

from pipeline.digest import Digest, Snapshot, compose
from pipeline.model import Diagnosis, Event, Parcel
from pipeline.render import Form, render

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))

CHECK_CODE = (a_parcel(), a_diagnosis())


def digest_of(*pairs: tuple[Parcel, Diagnosis], told: Snapshot | None = None, later: int = 0) -> Digest:
    return compose(TODAY + timedelta(days=later), pairs, (), (), told, ZONE)


def feed_of(digest: Digest) -> feedparser.FeedParserDict:
    return feedparser.parse(render(digest, Form.ATOM).encode())


def hostile(text: str) -> Digest:
    parcel = a_parcel(subject=text, items=(text,), shop=text, code=text, orders=(text,))
    return digest_of((parcel, a_diagnosis(act_by=in_days(3))))


@pytest.mark.parametrize(
    "digest",
    [digest_of(), digest_of(*all_states()), *map(hostile, HOSTILE.values())],
    ids=["empty", "every state", *HOSTILE],
)
def test_the_feed_keeps_to_the_schema(digest: Digest) -> None:
    SCHEMA.assertValid(etree.fromstring(render(digest, Form.ATOM).encode()))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<updated>2026-11-23T00:00:00Z</updated>", ""),
        ("T00:00:00Z</updated>", "</updated>"),
        ("<id>urn:uuid:", "<id>"),
        ('<category term="act" />', "<category />"),
        ("<name>parcel-digest</name>", "<name></name>"),
        ("<title>", "<title>twice</title><title>"),
        ("<entry>", "<entry><guid>7</guid>"),
    ],
)
def test_the_schema_refuses_what_it_should(right: str, wrong: str) -> None:
    broken = render(digest_of(CHECK_CODE), Form.ATOM).replace(right, wrong)
    assert broken != render(digest_of(CHECK_CODE), Form.ATOM)
    assert not SCHEMA.validate(etree.fromstring(broken.encode()))


def test_a_feed_reader_finds_what_a_card_says() -> None:
    feed = feed_of(digest_of((a_parcel(items=("Lamp",)), a_diagnosis(act_by=in_days(4)))))
    (entry,) = feed.entries
    assert not feed.bozo
    assert entry.title == "Look whether the code has changed · Lamp"
    assert entry.link == "https://www.aliexpress.com/p/order/detail.html?orderId=8211968327900001"
    words = entry.content[0].value
    assert "Order number: 8211968327900001" in words
    assert "Tracking code: LP00827165700001" in words
    assert "by Fri 27 Nov" in words


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_of_a_stranger_becomes_markup(text: str) -> None:
    tree = etree.fromstring(render(hostile(text), Form.ATOM).encode())
    assert {etree.QName(node).namespace for node in tree.iter()} == {"http://www.w3.org/2005/Atom"}
    assert len(tree.findall("{*}entry")) == 1
    assert not feed_of(hostile(text)).bozo


def test_no_two_entries_have_the_same_id() -> None:
    ids = [entry.id for entry in feed_of(digest_of(*all_states())).entries]
    assert len(ids) == len(set(ids))


def test_an_unchanged_parcel_stays_the_same_entry() -> None:
    before = digest_of(CHECK_CODE)
    after = digest_of(CHECK_CODE, told=before.snapshot, later=7)
    one, other = (feed_of(digest).entries[0] for digest in (before, after))
    assert (one.id, one.updated) == (other.id, other.updated)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param((a_parcel(event=Event.IN_TRANSIT), a_diagnosis()), id="another event"),
        pytest.param((a_parcel(code="RB123456785CN"), a_diagnosis()), id="another code"),
        pytest.param((a_parcel(), a_diagnosis("contact-seller")), id="another rule"),
        pytest.param((a_parcel(event=Event.DELIVERED), a_diagnosis(*DELIVERED)), id="delivered"),
    ],
)
def test_news_of_a_parcel_are_a_new_entry_of_that_day(now: tuple[Parcel, Diagnosis]) -> None:
    before = digest_of(CHECK_CODE)
    after = digest_of(now, told=before.snapshot, later=3)
    one, other = (feed_of(digest).entries[0] for digest in (before, after))
    assert one.id != other.id
    assert other.updated == "2026-11-26T00:00:00Z"
