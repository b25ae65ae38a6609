"""Every form of a digest, read back by a parser of that form."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import icalendar
import jinja2
import pytest
from digest_values import (
    DELIVERED,
    HOSTILE,
    MOVING,
    SUSPICIOUS,
    TODAY,
    UNCLEAR,
    UNREAD,
    ZONE,
    a_diagnosis,
    a_parcel,
    ago,
    all_states,
    in_days,
)
from english import verbatim
from jsonschema import Draft202012Validator
from msgspec import structs
from selectolax.lexbor import LexborHTMLParser

from pipeline.digest import Digest, Snapshot, compose
from pipeline.model import (
    Check,
    CodeKind,
    Diagnosis,
    Event,
    Level,
    Mark,
    MarkKind,
    Parcel,
    Place,
    Source,
    Suspicion,
    TrackingCode,
    Trust,
    Unread,
)
from pipeline.render import Form, render
from pipeline.render.marks import Marks, marks
from pipeline.render.page import HTML_LIMIT_BYTES
from pipeline.render.templates import environment
from pipeline.render.timeline import gone, shares, steps
from pipeline.render.words import plain, quoted, width, wrap
from pipeline.speech import Speaker

ENGLISH = Speaker("en", TODAY)
SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "digest.schema.json").read_text())


def digest_of(*pairs: tuple[Parcel, Diagnosis], told: Snapshot | None = None, **more: object) -> Digest:
    values: dict[str, object] = {"suspicious": (), "unread": (), **more}
    return compose(TODAY, pairs, told=told, zone=ZONE, **values)


def one_of_everything(told: Snapshot | None = None) -> Digest:
    bad_mails = {"suspicious": [SUSPICIOUS], "unclear": [UNCLEAR], "unread": [UNREAD]}
    return digest_of(*all_states(), told=told, **bad_mails)


def hostile_digest(text: str) -> Digest:
    """*text* everywhere where a stranger's words can stand."""
    parcel = a_parcel(subject=text, items=(text, text), status=text, shop=text)
    done = a_parcel(2, event=Event.DELIVERED, subject=text, items=(text,))
    suspicion = Suspicion("s@evil.example", ago(0), f"claims to be {text}", text, text)
    unclear = structs.replace(UNCLEAR, message_id=text, subject=text, shop=text)
    unread = Unread(Place("home", "INBOX", 1, "7"), text, f"cannot be decoded: {text}")
    waiting = (parcel, a_diagnosis(act_by=in_days(3)))
    bad_mails = {"suspicious": [suspicion], "unclear": [unclear], "unread": [unread]}
    return digest_of(waiting, (done, a_diagnosis(*DELIVERED)), **bad_mails)


def page_of(digest: Digest) -> LexborHTMLParser:
    return LexborHTMLParser(render(digest, Form.HTML))


def words_of(page: LexborHTMLParser) -> str:
    assert page.body is not None
    return " ".join(page.body.text(separator=" ").split()).replace(" ,", ",").replace("“ ", "“").replace(" ”", "”")


# ── every form ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", Form)
def test_the_same_digest_gives_the_same_characters(form: Form) -> None:
    assert render(one_of_everything(), form) == render(one_of_everything(), form)


@pytest.mark.parametrize("form", Form)
def test_a_digest_of_nothing_is_a_whole_document(form: Form) -> None:
    assert render(digest_of(), form).strip()


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_control_or_bidi_character_of_a_stranger_gets_through(form: Form, text: str) -> None:
    rendered = render(hostile_digest(text), form)
    harmful = {
        character
        for character in rendered
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in "\r\n"
    }
    assert not harmful
    rendered.encode("utf-8")


@pytest.mark.parametrize("form", [Form.TEXT, Form.HTML])
def test_a_template_language_in_a_subject_stays_words(form: Form) -> None:
    assert "{{ 7 * 7 }}" in render(hostile_digest(HOSTILE["markup"]), form)


@pytest.mark.parametrize("form", [Form.TEXT, Form.HTML])
def test_an_address_in_a_subject_is_no_address_any_more(form: Form) -> None:
    rendered = render(hostile_digest(HOSTILE["link"]), form)
    assert "evil[.]example" in rendered
    assert not re.search(r"evil\.example|http://evil", rendered)


# ── HTML ────────────────────────────────────────────────────────────────────────────────────────────────────

ALLOWED_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "div", "span", "p", "b", "h1", "h2", "h3", "a", "br"),
    *("table", "tbody", "tr", "td", "th", "ul", "li", "details", "summary", "code"),
}


def tags_of(page: LexborHTMLParser) -> set[str]:
    return {node.tag for node in page.css("*") if node.is_element_node}


def test_html_uses_only_what_mail_programs_know() -> None:
    assert tags_of(page_of(one_of_everything())) <= ALLOWED_TAGS


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_html_of_a_stranger_makes_no_element(text: str) -> None:
    page = page_of(hostile_digest(text))
    assert tags_of(page) <= ALLOWED_TAGS
    assert not [name for node in page.css("*") for name in node.attributes if name.startswith("on")]


def test_html_shows_a_strangers_markup_as_words() -> None:
    assert "<script>alert(1)</script>" in words_of(page_of(hostile_digest(HOSTILE["script"])))


def test_html_links_lead_to_our_own_tables_only() -> None:
    links = {node.attributes["href"] for node in page_of(one_of_everything()).css("a")}
    hosts = {str(link).split("/")[2] for link in links}
    assert hosts == {"carrier.example", "www.aliexpress.com"}


def test_html_fetches_nothing() -> None:
    html = render(one_of_everything(), Form.HTML)
    assert not re.search(r"(?i)\bsrc=|url\(|@import|<link|<script|<img|javascript:|data:", html)


def test_html_uses_no_css_that_mail_programs_lack() -> None:
    assert not re.search(r"(?i)display: *(flex|grid)|var\(|<svg|position:", render(one_of_everything(), Form.HTML))


def test_html_has_its_style_in_attributes_and_keeps_the_media_queries() -> None:
    page = page_of(one_of_everything())
    style = page.css_first("style")
    assert style is not None
    assert "prefers-color-scheme: dark" in style.text()
    assert all(node.attributes.get("style") for node in page.css("h1, h2, h3, .card, .code"))


def test_html_says_its_language_twice() -> None:
    page = page_of(one_of_everything())
    assert [node.attributes["lang"] for node in page.css("html, body > div")] == ["en", "en"]


def test_html_layout_tables_are_no_tables_to_a_screen_reader() -> None:
    page = page_of(one_of_everything())
    data = [node for node in page.css("table") if node.attributes.get("role") != "presentation"]
    assert data
    assert all(node.css("th[scope=row]") for node in data)


def test_html_headings_go_down_one_level_at_a_time() -> None:
    levels = [int(node.tag[1]) for node in page_of(one_of_everything()).css("h1, h2, h3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_html_stays_under_the_limit_with_200_parcels_and_says_how_many_it_left_out() -> None:
    pairs = [(a_parcel(number, items=("漢" * 300,) * 3), a_diagnosis()) for number in range(200)]
    html = render(digest_of(*pairs), Form.HTML)
    assert len(html.encode()) < HTML_LIMIT_BYTES
    page = LexborHTMLParser(html)
    cards = len(page.css("h3"))
    assert cards >= 10
    assert f"and {200 - cards} more under “Needs you”" in words_of(page)


def test_html_stays_under_the_limit_with_a_thousand_suspicious_mails() -> None:
    mails = [Suspicion(f"s{n}", ago(0), "漢" * 999, "漢" * 999, "漢" * 999) for n in range(1000)]
    html = render(digest_of(suspicious=mails), Form.HTML)
    assert len(html.encode()) < HTML_LIMIT_BYTES
    assert "and 980 more" in html


# ── text ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["a plain title", *HOSTILE.values()], ids=["plain", *HOSTILE.keys()])
def test_text_is_at_most_78_columns_wide(text: str) -> None:
    assert max(map(width, render(hostile_digest(text), Form.TEXT).split("\n"))) <= 78


def test_text_of_every_state_is_at_most_78_columns_wide() -> None:
    assert max(map(width, render(one_of_everything(), Form.TEXT).split("\n"))) <= 78


def test_text_has_no_space_at_the_end_of_a_line() -> None:
    assert not re.search(r"[ \t]\n", render(one_of_everything(), Form.TEXT))


def facts_of(page: LexborHTMLParser) -> set[str]:
    """Every word of the page, in small letters without the signs around it, and every address."""
    words = {word.strip("·.,:()“”…") for word in words_of(page).replace("'", "’").lower().split()}
    return (words | {str(link.attributes["href"]).lower() for link in page.css("a")}) - {""}


@pytest.mark.parametrize("told", [None, Snapshot()], ids=["first digest", "later digest"])
@pytest.mark.parametrize("seller", [False, True], ids=["", "with a message to the seller"])
def test_text_says_everything_that_html_says(told: Snapshot | None, seller: bool) -> None:
    write = (a_parcel(9), a_diagnosis("contact-seller"))
    digest = digest_of(*all_states(), *[write] * seller, told=told, suspicious=[SUSPICIOUS], unread=[UNREAD])
    # Words may stand in another order, but no word, number, date or address may be missing.
    lines = render(digest, Form.TEXT).replace("'", "’").lower().split("\n")
    said = " ".join(line.strip() for line in lines)
    broken_anywhere = "".join(line.strip() for line in lines)
    facts = facts_of(page_of(digest))
    assert len(facts) > 100
    assert {fact for fact in facts if fact not in said and fact not in broken_anywhere} == set()


# ── both templates ──────────────────────────────────────────────────────────────────────────────────────────


def said_of(*pairs: tuple[Parcel, Diagnosis], told: Snapshot | None = None) -> list[str]:
    digest = digest_of(*pairs, told=told)
    return [" ".join(render(digest, Form.TEXT).split()), words_of(page_of(digest))]


EARLIER = digest_of((a_parcel(), a_diagnosis())).snapshot
MISTYPED = TrackingCode("RB123456780CN", check=Check.FAILED)
PACKAGE = TrackingCode("LP00827165784034", kind=CodeKind.PACKAGE_ID)


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        pytest.param((a_parcel(), a_diagnosis()), "Needs you", id="section"),
        pytest.param((a_parcel(), a_diagnosis()), "Order number 8211968327900001", id="order number"),
        pytest.param((a_parcel(), a_diagnosis()), "Tracking code LP00827165700001", id="code"),
        pytest.param((a_parcel(codes=()), a_diagnosis()), "Tracking code none yet", id="no code"),
        pytest.param((a_parcel(codes=(MISTYPED, PACKAGE)), a_diagnosis()), "Earlier code LP0082", id="earlier code"),
        pytest.param((a_parcel(codes=(PACKAGE,)), a_diagnosis()), "own package id", id="package id"),
        pytest.param((a_parcel(codes=(MISTYPED,)), a_diagnosis()), "check digit is wrong", id="check digit"),
        pytest.param((a_parcel(), a_diagnosis()), "AliExpress", id="shop"),
        pytest.param((a_parcel(shop=None), a_diagnosis()), "Unknown shop", id="no shop"),
        pytest.param((a_parcel(), a_diagnosis()), "17 days since shipped", id="days"),
        pytest.param((a_parcel(shipped=None), a_diagnosis()), "17 days since ordered", id="days, unshipped"),
        pytest.param((a_parcel(), a_diagnosis(act_by=in_days(4))), "by Fri 27 Nov, in 4 days", id="last day"),
        pytest.param((a_parcel(), a_diagnosis()), "today, Mon 23 Nov", id="no last day"),
        pytest.param((a_parcel(), a_diagnosis()), "ends about Tue, 5 Jan 2027, in 43 days", id="protection"),
        pytest.param((a_parcel(), a_diagnosis(ends=4, about=False)), "ends on Fri 27 Nov", id="known end"),
        pytest.param((a_parcel(), a_diagnosis()), "compare the codes.", id="advice"),
        pytest.param((a_parcel(), a_diagnosis()), "“Your Order has been shipped”, Fri 6 Nov", id="source"),
        pytest.param((a_parcel(items=tuple("abcde")), a_diagnosis()), "and 2 more", id="many items"),
        pytest.param((a_parcel(), a_diagnosis(tracking_page="https://c.example/x")), "may lack the carrier", id="link"),
        pytest.param(
            (a_parcel(), a_diagnosis()), "parcel-digest mark LP00827165700001 … unchanged", id="how to silence"
        ),
    ],
)
def test_what_a_card_says(pair: tuple[Parcel, Diagnosis], words: str) -> None:
    text, html = said_of(pair)
    assert words.lower() in text.replace("’", "'").lower()
    assert words.lower() in html.replace("’", "'").lower()


@pytest.mark.parametrize(
    ("pair", "mark"),
    [
        pytest.param((a_parcel(2), a_diagnosis()), "new", id="a new parcel"),
        pytest.param((a_parcel(code="RB1"), a_diagnosis()), "new code", id="another code"),
        pytest.param((a_parcel(event=Event.IN_TRANSIT), a_diagnosis()), "news", id="another event"),
        pytest.param((a_parcel(), a_diagnosis("contact-seller")), "new advice", id="another rule"),
    ],
)
def test_what_is_new_is_marked(pair: tuple[Parcel, Diagnosis], mark: str) -> None:
    text, _ = said_of(pair, told=EARLIER)
    assert f"changed [{mark}]" in text
    assert [node.text() for node in page_of(digest_of(pair, told=EARLIER)).css(".tag")] == [mark]


def test_nothing_is_marked_as_new_in_the_first_digest() -> None:
    assert not page_of(one_of_everything()).css(".tag")


def test_quiet_parcels_are_counted_not_shown() -> None:
    pairs = [(a_parcel(number), a_diagnosis(*MOVING)) for number in (1, 2)]
    for words in said_of(*pairs, told=digest_of(*pairs).snapshot):
        assert "nothing new and nothing to do: 2 moving" in words
        assert "8211968327900001" not in words


def test_a_solved_parcel_told_before_is_not_mentioned() -> None:
    pair = (a_parcel(event=Event.DELIVERED), a_diagnosis(*DELIVERED))
    for words in said_of(pair, told=digest_of(pair).snapshot):
        assert "8211968327900001" not in words


@pytest.mark.parametrize(
    "more",
    [{"suspicious": [SUSPICIOUS]}, {"unclear": [UNCLEAR]}, {"unread": [UNREAD]}],
    ids=lambda more: next(iter(more)),
)
def test_a_mail_told_before_is_only_counted(more: dict[str, object]) -> None:
    digest = digest_of(told=digest_of(**more).snapshot, **more)
    assert re.search(r"told of earlier.*: 1", render(digest, Form.TEXT))


def test_a_page_that_the_advice_names_is_not_named_twice() -> None:
    page = "https://carrier.example/track"
    pair = (a_parcel(), a_diagnosis(tracking_page=page, advice=(verbatim(f"The carrier's own page: {page}"),)))
    digest = digest_of(pair)
    assert render(digest, Form.TEXT).count(page) == 1
    assert len(page_of(digest).css(f'a[href="{page}"]')) == 1


def test_an_address_of_the_advice_that_is_not_from_our_tables_is_no_link() -> None:
    digest = digest_of((a_parcel(), a_diagnosis(advice=(verbatim("Look at https://other.example/x"),))))
    assert not page_of(digest).css('a[href*="other"]')


def test_a_page_that_an_advice_only_names_becomes_a_button() -> None:
    page = "https://carrier.example/track"
    advice = tuple(map(verbatim, (f"The carrier's own page: {page}", f"Look there. And then look at {page}")))
    document = page_of(digest_of((a_parcel(), a_diagnosis(tracking_page=page, advice=advice))))
    assert [node.text() for node in document.css(".button")] == ["The carrier's own page"]
    assert [node.text() for node in document.css("li")] == ["Look there. And then look at carrier.example"]


def test_the_carriers_page_stands_beside_the_code_that_it_is_about() -> None:
    page = "https://carrier.example/LP00827165784034"
    parcel = a_parcel(codes=(MISTYPED, PACKAGE))
    rows = page_of(digest_of((parcel, a_diagnosis(tracking_page=page)))).css(".numbers tr")
    assert [row.css_first("code").text() for row in rows if row.css_first(f'a[href="{page}"]')] == [PACKAGE.code]


def test_what_is_new_is_counted_at_the_top() -> None:
    digest = digest_of(
        (a_parcel(2), a_diagnosis()), (a_parcel(code="RB1"), a_diagnosis()), told=EARLIER, told_on=in_days(-3)
    )
    for words in (render(digest, Form.TEXT), words_of(page_of(digest))):
        assert "New since Fri 20 Nov: 1 parcel, 1 tracking code" in words


def test_that_nothing_is_new_is_said_of_an_earlier_day_only() -> None:
    pairs = [(a_parcel(), a_diagnosis())]
    told = digest_of(*pairs).snapshot
    before, again = (render(digest_of(*pairs, told=told, told_on=in_days(-days)), Form.TEXT) for days in (1, 0))
    assert "New since Sun 22 Nov: nothing" in before
    assert "New since" not in again


def test_the_first_digest_counts_nothing_as_new() -> None:
    assert "New since" not in render(one_of_everything(), Form.TEXT)


def test_a_message_to_the_seller_is_folded_away_and_whole() -> None:
    digest = digest_of((a_parcel(), a_diagnosis("contact-seller")))
    letter = page_of(digest).css_first("details .letter")
    assert letter is not None
    assert "it is about my order 8211968327900001." in letter.text()
    assert "Tracking code: LP00827165700001" in render(digest, Form.TEXT)


@pytest.mark.parametrize("rule", ["check-code", "dispute-now"])
def test_no_other_rule_has_a_message_to_the_seller(rule: str) -> None:
    assert page_of(digest_of((a_parcel(), a_diagnosis(rule)))).css_first(".letter") is None


def test_a_list_of_mails_shows_what_needs_its_reader_beside_the_subject() -> None:
    preview = page_of(one_of_everything()).css_first(".preview")
    assert preview is not None
    assert preview.text().startswith("Open a dispute (by Fri 27 Nov, in 4 days)")


# ── time line and marks ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("parcel", "names"),
    [
        (a_parcel(), ["Ordered", "Shipped", "Day 10", "Day 15", "Today", "Protection ends"]),
        (a_parcel(shipped=4), ["Ordered", "Shipped", "Today", "Day 10", "Day 15", "Protection ends"]),
        (a_parcel(informed_at=ago(2)), ["Ordered", "Shipped", "Last news", "Today", "Protection ends"]),
        (a_parcel(shipped=None, ship_by=in_days(2)), ["Ordered", "Today", "Ship by", "Protection ends"]),
        (
            a_parcel(event=Event.AVAILABLE_FOR_PICKUP, informed_at=ago(1), pickup_by=in_days(5)),
            ["Ordered", "Shipped", "Last news", "Today", "Collect by", "Protection ends"],
        ),
        (
            a_parcel(code_changed_at=ago(3)),
            ["Ordered", "Shipped", "Day 10", "New code", "Day 15", "Today", "Protection ends"],
        ),
    ],
    ids=["no information", "early", "moving", "not shipped", "to collect", "code changed"],
)
def test_the_steps_of_the_time_line(parcel: Parcel, names: list[str]) -> None:
    entry = digest_of((parcel, a_diagnosis())).entries[0]
    assert [str(step.name) for step in steps(entry, TODAY, ZONE)] == names


@pytest.mark.parametrize(
    "parcel", [a_parcel(), a_parcel(shipped=4), a_parcel(code_changed_at=ago(3))], ids=["late", "early", "changed"]
)
def test_the_steps_share_the_width_by_days_and_each_has_room_for_its_words(parcel: Parcel) -> None:
    line = steps(digest_of((parcel, a_diagnosis())).entries[0], TODAY, ZONE)
    found = shares(line)
    days = [(after.day - step.day).days for step, after in pairwise(line)]
    assert 95 <= sum(found) <= 100
    assert min(found) >= 12
    assert [share for _, share in sorted(zip(days, found, strict=False))] == sorted(found[:-1])


@pytest.mark.parametrize(
    ("ordered", "ends", "percent"),
    [(0, 60, 0), (1, 59, 2), (30, 30, 50), (57, 3, 95), (60, 0, 100), (70, -10, 100)],
    ids=["first day", "second day", "half-way", "three days left", "last day", "over"],
)
def test_what_is_gone_of_the_line_of_time_is_true_to_scale(ordered: int, ends: int, percent: int) -> None:
    parcel = a_parcel(ordered_at=ago(ordered), shipped=min(ordered, 17))
    line = steps(digest_of((parcel, a_diagnosis(ends=ends))).entries[0], TODAY, ZONE)
    assert gone(line, TODAY) == percent


def test_a_line_of_one_day_has_no_scale() -> None:
    parcel = a_parcel(ordered_at=ago(0), shipped=None)
    line = steps(digest_of((parcel, a_diagnosis(ends=None))).entries[0], TODAY, ZONE)
    assert gone(line, TODAY) == 0


def test_the_bar_has_words_beside_it() -> None:
    text, _ = said_of((a_parcel(), a_diagnosis()))
    assert "█" * 11 + "░" * 29 + " day 17 of about 60" in text


def marks_of(digest: Digest) -> Marks:
    found = marks(digest.entries[0], ENGLISH)
    assert found is not None
    return found


def words_for(digest: Digest) -> dict[str, str]:
    found = marks(digest.entries[0], ENGLISH)
    return dict(found.words) if found else {}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("check-code", {"unchanged", "code=CODE", "untracked", "delivered"}),
        ("contact-seller", {"contacted", "code=CODE", "delivered"}),
        ("dispute-now", {"disputed", "delivered", "protection=YYYY-MM-DD"}),
        ("a-rule-to-come", {"delivered", "ignore"}),
        ("refunded", set()),
    ],
)
def test_which_marks_fit_which_rule(rule: str, words: set[str]) -> None:
    assert words_for(digest_of((a_parcel(), a_diagnosis(rule)))).keys() == words


def test_a_command_line_of_the_advice_is_taken_with_its_words() -> None:
    advice = (verbatim("Still the same? parcel-digest mark LP1 unchanged"),)
    assert words_for(digest_of((a_parcel(), a_diagnosis(advice=advice))))["unchanged"] == "Still the same?"


def test_the_owners_last_word_can_be_taken_back() -> None:
    mark = Source("m", ago(0), Event.NONE, trust=Trust.OWNER, mark=Mark(MarkKind.DELIVERED))
    assert list(words_for(digest_of((a_parcel(sources=(mark,)), a_diagnosis(*DELIVERED))))) == ["reopen"]


@pytest.mark.parametrize(
    ("code", "command"),
    [
        ("LP1", "parcel-digest mark LP1"),
        ("LP1;reboot", "parcel-digest mark 'LP1;reboot'"),
        ("--state=/", "parcel-digest mark -- --state=/"),
    ],
)
def test_a_number_stays_one_word_of_the_command_line(code: str, command: str) -> None:
    assert marks_of(digest_of((a_parcel(code=code), a_diagnosis("contact-seller")))).command == command


# ── JSON, CSV, ICS ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "digest",
    [digest_of(), one_of_everything(), *map(hostile_digest, HOSTILE.values())],
    ids=["empty", "everything", *HOSTILE],
)
def test_json_keeps_to_its_schema(digest: Digest) -> None:
    Draft202012Validator(SCHEMA).validate(json.loads(render(digest, Form.JSON)))


def test_the_schema_refuses_what_it_should() -> None:
    document = json.loads(render(one_of_everything(), Form.JSON))
    document["parcels"][0]["level"] = "urgent"
    assert not Draft202012Validator(SCHEMA).is_valid(document)


def test_json_of_a_parcel() -> None:
    parcel, diagnosis = all_states()[0]
    assert json.loads(render(digest_of((parcel, diagnosis)), Form.JSON))["parcels"] == [
        {
            "shop": "aliexpress",
            "orders": ["8211968327900001"],
            "codes": ["LP00827165700001"],
            "event": "shipped",
            "status": None,
            "diagnosis": "check-code",
            "level": "act",
            "days": 17,
            "act_by": None,
            "protection_ends": "2027-01-05",
            "title": "Look whether the code has changed",
            "advice": ["Open your order list and compare the codes."],
            "notes": ["too-early-to-dispute"],
            "items": [],
            "tracking_page": "https://carrier.example/track?n=LP00827165700001",
            "sources": [{"message_id": "mail1@shop.example", "date": "2026-11-06"}],
        }
    ]


def test_json_names_bad_mails() -> None:
    document = json.loads(render(digest_of(suspicious=[SUSPICIOUS], unclear=[UNCLEAR], unread=[UNREAD]), Form.JSON))
    assert document["suspicious"] == [{"message_id": "s1@evil.example", "reason": "not signed by the shop"}]
    assert document["unclear"] == [
        {
            "message_id": "n1@shop.example",
            "date": "2026-11-23",
            "shop": "aliexpress",
            "event": "shipped",
            "subject": "News of your order",
        }
    ]
    assert document["unread"] == [{"message_id": "u1@shop.example", "error": "ends in the middle"}]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_json_loses_nothing(text: str) -> None:
    items = json.loads(render(hostile_digest(text), Form.JSON))["parcels"][0]["items"]
    assert items == [text, text]


def test_json_keeps_what_was_told_before() -> None:
    first = one_of_everything()
    assert render(one_of_everything(first.snapshot), Form.JSON) == render(first, Form.JSON)


def test_csv_has_a_row_for_every_parcel() -> None:
    rows = list(csv.DictReader(io.StringIO(render(one_of_everything(), Form.CSV), newline="")))
    assert [row["orders"] for row in rows] == [entry.parcel.orders[0] for entry in one_of_everything().entries]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "＝", "＋", "－", "＠", "\u200b="])
def test_csv_makes_no_formula_of_a_strangers_words(start: str) -> None:
    pair = (a_parcel(items=(f"{start}cmd()",), subject=f"{start}cmd()"), a_diagnosis())
    row = next(csv.DictReader(io.StringIO(render(digest_of(pair), Form.CSV), newline="")))
    assert row["items"].startswith("'")
    assert row["last_mail"].startswith("'")


def events_of(digest: Digest) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(render(digest, Form.ICS)).walk("VEVENT"))


@pytest.mark.parametrize(
    ("pair", "days"),
    [
        pytest.param((a_parcel(), a_diagnosis()), [in_days(43)], id="protection"),
        pytest.param((a_parcel(), a_diagnosis(ends=None)), [], id="nothing known"),
        pytest.param(
            (a_parcel(), a_diagnosis("dispute-now", act_by=in_days(4), ends=4, about=False)),
            [in_days(4)],
            id="last day to act is the end of protection",
        ),
        pytest.param(
            (
                a_parcel(event=Event.AVAILABLE_FOR_PICKUP, pickup_by=in_days(6)),
                a_diagnosis("collect", act_by=in_days(6)),
            ),
            [in_days(6), in_days(43)],
            id="to collect",
        ),
        pytest.param(all_states()[0], [in_days(38), in_days(43)], id="note with a date"),
    ],
)
def test_ics_has_the_deadlines_as_whole_days(pair: tuple[Parcel, Diagnosis], days: list[date]) -> None:
    events = events_of(digest_of(pair))
    assert sorted(event.decoded("dtstart") for event in events) == days
    assert all(event.decoded("dtend") - event.decoded("dtstart") == timedelta(days=1) for event in events)


def test_ics_keeps_the_uid_when_a_deadline_moves() -> None:
    events = [events_of(digest_of((a_parcel(), a_diagnosis(ends=days, about=False))))[0] for days in (9, 20)]
    assert len({event["uid"] for event in events}) == 1


def test_ics_cancels_the_deadlines_of_a_parcel_that_is_done() -> None:
    before = events_of(digest_of((a_parcel(), a_diagnosis())))[0]
    after = events_of(digest_of((a_parcel(event=Event.DELIVERED), a_diagnosis(*DELIVERED))))
    assert {event["status"] for event in after} == {"CANCELLED"}
    assert before["uid"] in {event["uid"] for event in after}


def test_ics_uids_are_unique() -> None:
    uids = [event["uid"] for event in events_of(one_of_everything())]
    assert len(uids) == len(set(uids))


def test_ics_lets_no_line_of_a_stranger_in() -> None:
    parcel = a_parcel(shop=HOSTILE["lines"])
    assert len(events_of(digest_of((parcel, a_diagnosis())))) == 1


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\n b\tc", "a b c"),
        ("\x1b[31mred", "[31mred"),
        ("lamp \u202egpj.exe", "lamp gpj.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half \ud83d", "half"),
        ("👨\u200d👩\u200d👧 می\u200cخواهم", "👨\u200d👩\u200d👧 می\u200cخواهم"),
        ("z" + "\u0300" * 50, "z" + "\u0300" * 3),
        ("Việt Nam", "Việt Nam"),
    ],
)
def test_plain_text(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_long_text_is_cut_with_a_sign() -> None:
    assert plain("A" * 10_000, 20) == "A" * 19 + "…"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Amazon.de", "Amazon[.]de"),
        ("https://пример.рф/x", "https[://]пример[.]рф/x"),
        ("a@b.example", "a@b[.]example"),
        ("costs 1.99", "costs 1.99"),
        ("Shipped. Soon there.", "Shipped. Soon there."),
    ],
)
def test_a_strangers_address_is_taken_apart(text: str, shown: str) -> None:
    assert quoted(text) == shown


def test_a_page_of_our_own_stands_on_one_line_in_text() -> None:
    page = f"https://carrier.example/track?{'n=LP00827165700001&' * 6}"
    text, _ = said_of((a_parcel(), a_diagnosis(tracking_page=page)))
    assert page in text.split()


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("漢字", 4), ("Ｆ", 2), ("e\u0301", 1), ("❤\ufe0f", 2), ("a\u200db", 2)]
)
def test_columns_of_a_text(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["- one two", "  three"]),
        ("漢字漢字漢字", ["- 漢字漢字", "  漢字"]),
        ("abcdefghijkl", ["- abcdefgh", "  ijkl"]),
        ("one two\u00a0six", ["- one", "  two six"]),
        ("", ["-"]),
        ("see https://a.example/1234 there", ["- see", "  https://a.example/1234", "  there"]),
        ("http://a.example/1234", ["- http://a.example/1234"]),
    ],
)
def test_wrapping(text: str, lines: list[str]) -> None:
    assert wrap(text, "- ", columns=10).split("\n") == lines


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "tomorrow"), (4, "in 4 days"), (-1, "yesterday"), (-9, "9 days ago")],
)
def test_how_far_a_day_is(days: int, words: str) -> None:
    assert ENGLISH.distance(in_days(days)) == words


@pytest.mark.parametrize(("days", "words"), [(0, "Mon 23 Nov"), (43, "Tue, 5 Jan 2027")])
def test_a_day_in_words(days: int, words: str) -> None:
    assert ENGLISH.day(in_days(days)) == words


# ── templates ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_template_that_names_an_unknown_value_fails() -> None:
    with pytest.raises(jinja2.UndefinedError):
        environment(ENGLISH).from_string("{{ nonsense }}").render()


def test_a_template_cannot_reach_into_python() -> None:
    with pytest.raises(jinja2.exceptions.SecurityError):
        environment(ENGLISH).from_string("{{ ().__class__.__base__.__subclasses__() }}").render()


@pytest.mark.parametrize(
    ("name", "escaped"), [("digest.html.j2", True), ("index.html.j2", True), ("digest.txt.j2", False)]
)
def test_html_templates_escape_and_text_does_not(name: str, escaped: bool) -> None:
    autoescape = environment(ENGLISH).autoescape
    assert callable(autoescape)
    assert autoescape(name) is escaped


def test_waiting_parcels_do_not_ask_for_action() -> None:
    digest = digest_of((a_parcel(), a_diagnosis("be-patient", Level.WAIT)))
    assert "NEEDS YOU" not in render(digest, Form.TEXT)
