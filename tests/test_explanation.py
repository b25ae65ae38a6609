"""Why a parcel is judged as it is: in words, with colour on a terminal, and as JSON."""

from __future__ import annotations

import io
from typing import Any

import pytest
from notices import mark, notice
from paper import day

from pipeline.diagnose import diagnose
from pipeline.diagnose.seller import languages
from pipeline.facts import Defaults
from pipeline.model import Notice, say
from pipeline.parcels import fold
from pipeline.render.account import Account, account
from pipeline.render.explanation import explanation, plain
from pipeline.render.explanation_record import explanation_record
from pipeline.speech import Speaker
from pipeline.speech import languages as spoken_languages

SPOKEN = spoken_languages()
ORDER, CODE = "8211968327931234", "RB123456785CN"
SHIPPED = notice("2026-03-02", "shipped", ORDER, CODE, subject="Your order has been shipped", message_id="s@x")
ELSEWHERE = notice("2026-03-02", "shipped", "1001", "LP00827165784034", subject="Another order")
UNCHANGED = mark("2026-03-19", ORDER, "unchanged")


def told(*notices: Notice, on: int = 18, language: str = "en") -> Account:
    parcel = next(parcel for parcel in fold(notices) if ORDER in parcel.orders)
    found = diagnose(parcel, day(on), None, Defaults(), {}, explain=True)
    return account(parcel, found, notices, None, Speaker(language, day(on), iso=True))


def text(*notices: Notice, **more: Any) -> list[str]:
    return [" ".join(plain(line).split()) for line in explanation(told(*notices, **more))]


def section(heading: str, lines: list[str]) -> list[str]:
    start = lines.index(heading) + 1
    return lines[start : lines.index("", start) if "" in lines[start:] else len(lines)]


def test_the_time_line_has_what_was_said_today_and_what_is_to_come() -> None:
    assert section("Time line", text(ELSEWHERE, SHIPPED, UNCHANGED)) == [
        "2026-03-02 day 0 shipped trusted Your order has been shipped",
        "2026-03-12 day 10 first information is due around this day",
        "2026-03-18 day 16 look whether the code has changed",
        "2026-03-19 day 17 you said unchanged",
        "2026-03-20 day 18 today",
        "2026-04-26 day 55 a dispute makes sense from now on",
        "2026-05-01 day 60 protection ends (about)",
    ]


def test_a_mark_that_was_taken_back_stays_in_the_time_line() -> None:
    lines = section("Time line", text(SHIPPED, UNCHANGED, mark("2026-03-20", ORDER, "reopen")))
    assert "2026-03-19 day 17 you said unchanged taken back later" in lines
    assert "2026-03-20 day 18 you said reopen" in lines


def test_a_day_that_the_owner_gave_is_told_as_a_day() -> None:
    shipped = mark("2026-03-19", ORDER, "shipped=2026-03-01T12:00:00+00:00")
    assert "2026-03-19 day 18 you said shipped=2026-03-01" in section("Time line", text(SHIPPED, shipped))


def test_nothing_is_to_come_of_what_is_over() -> None:
    delivered = notice("2026-03-19", "delivered", ORDER, CODE, subject="Delivered")
    assert section("Time line", text(SHIPPED, delivered))[-1] == "2026-03-20 day 18 today"


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({"expected": "2026-03-25"}, "2026-03-25 day 23 estimated delivery"),
        ({"event": "available_for_pickup", "pickup_by": "2026-03-27"}, "2026-03-27 day 25 last day to collect it"),
        ({"protection_ends": "2026-04-20"}, "2026-04-20 day 49 protection ends"),
    ],
)
def test_the_last_days_that_mails_name_are_ahead(more: dict[str, Any], line: str) -> None:
    later = notice("2026-03-10", orders=ORDER, codes=CODE, **more)
    assert line in section("Time line", text(SHIPPED, later))


def test_why_names_the_rule_with_its_conditions_and_what_comes_behind_it() -> None:
    assert section("Why", text(SHIPPED, UNCHANGED)) == [
        "contact-seller is the first rule that holds: code_known is true (is yes), information is false (is no), "
        "days > 15 (is 18), marked_unchanged is true (is yes).",
        "Holds too, but comes behind it: check-code.",
    ]


def test_why_says_so_where_no_rule_holds() -> None:
    seen = notice("2026-03-10", "none", ORDER, CODE)
    assert section("Why", text(seen)) == ["No rule holds, because too little is known; so it is told as be-patient."]


def test_every_fact_stands_with_its_value_and_its_mail() -> None:
    named = notice("2026-03-05", "none", ORDER, protection_ends="2026-04-20", ship_by="2026-03-06", subject="Days")
    stickers = notice("2026-03-01", "ordered", ORDER, items=("Stickers",), subject="Confirmed")
    collect = notice("2026-03-06", "available_for_pickup", ORDER, pickup_by="2026-03-21", subject="Collect it")
    facts = {line.split()[0]: line for line in section("Facts", text(stickers, SHIPPED, named, collect))}
    assert facts["days"] == "days 18 (2026-03-02, “Your order has been shipped”)"
    assert facts["code_known"] == "code_known yes “Your order has been shipped”"
    assert facts["days_to_protection_end"].endswith("(2026-04-20, as the shop's mail says) “Days”")
    assert facts["days_past_ship_by"] == "days_past_ship_by 14 (2026-03-06) “Days”"
    assert facts["days_to_pickup_end"] == "days_to_pickup_end 1 (2026-03-21) “Collect it”"
    assert facts["kind_often_untracked"] == "kind_often_untracked yes “Confirmed”"
    assert facts["days_since_solved"] == "days_since_solved unknown"


def test_every_rule_stands_with_hit_miss_or_cannot_tell_and_the_winner_is_marked() -> None:
    lines = section("Rules, in the order in which they are asked", text(SHIPPED, UNCHANGED))
    assert {"→ contact-seller hit", "check-code hit", "delivered miss", "moving cannot tell"} <= set(lines)
    assert sum(line.startswith("→") for line in lines) == 1


def test_only_the_parcels_own_mails_are_listed() -> None:
    assert section("Mails", text(ELSEWHERE, SHIPPED)) == ["2026-03-02 s@x Your order has been shipped"]


@pytest.mark.parametrize(("language", "headings"), [("en", ["en"]), ("ru", ["en", "ru"])])
def test_the_message_to_the_seller_is_in_the_owners_language_and_in_english(language: str, headings: list[str]) -> None:
    lines = text(SHIPPED, UNCHANGED, language=language)
    heading = Speaker(language, day(18))(say("A message to the seller, ready to copy ({language})", language="…"))
    assert [line for line in lines if line.startswith(heading.partition("(")[0])] == [
        heading.replace("…", each) for each in headings
    ]


@pytest.mark.parametrize("language", [language for language in SPOKEN if language != "en"])
def test_the_headings_are_in_the_owners_language(language: str) -> None:
    english, theirs = (text(SHIPPED, UNCHANGED, mark("2026-03-10", ORDER, "note=x"), language=each)
                       for each in ("en", language))  # fmt: skip
    headings = {"Why", "Time line", "Facts", "Rules, in the order in which they are asked", "Mails"}
    assert headings <= set(english)
    assert not headings & set(theirs)
    labels = ("Order numbers ", "Tracking codes ", "Your notes ")
    assert all(any(line.startswith(label) for line in english) for label in labels)
    assert not [line for line in theirs if line.startswith(labels)]


def test_no_message_where_none_is_called_for() -> None:
    assert not any("message to the seller" in line for line in text(SHIPPED))


def test_the_owners_notes_stand_with_the_numbers() -> None:
    lines = text(SHIPPED, mark("2026-03-10", ORDER, "note=a gift"), mark("2026-03-11", ORDER, "note=for mum"))
    assert lines[lines.index("Your notes a gift") + 1] == "for mum"


def test_on_a_terminal_it_has_colour() -> None:
    from rich.console import Console
    from rich.text import Text

    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, color_system="standard", width=200, highlight=False)
    for line in explanation(told(SHIPPED, UNCHANGED)):
        console.print(Text.assemble(*line))
    assert "\x1b[1;31mAsk the seller for the right code" in screen.getvalue()
    assert "\x1b[1;32m→ contact-seller" in screen.getvalue()


def test_as_json_it_holds_the_same() -> None:
    record = explanation_record(told(SHIPPED, UNCHANGED, mark("2026-03-20", ORDER, "note=a gift")))
    facts = {fact["fact"]: fact for fact in record["facts"]}
    rules = {rule["rule"]: rule["outcome"] for rule in record["rules"]}
    assert (record["diagnosis"], record["level"], record["days"]) == ("contact-seller", "act", 18)
    assert facts["days"] | {"words": ""} == {
        "fact": "days", "value": 18, "words": "", "day": "2026-03-02", "message_id": "s@x"
    }  # fmt: skip
    assert (facts["code_known"]["message_id"], facts["days_since_solved"]["value"]) == ("s@x", None)
    assert (rules["contact-seller"], rules["moving"]) == ("hit", "cannot tell")
    assert record["why"]["holds_too"] == ["check-code"]
    assert list(record["messages_to_seller"]) == list(languages())
    assert (record["protection_ends"], record["protection_is_estimated"]) == ("2026-05-01", True)
    assert (record["remarks"], record["dispute_from"]) == (["a gift"], "2026-04-26")
    assert [(step["event"], step["mark"]) for step in record["timeline"]] == [
        ("shipped", None), ("none", "unchanged"), ("none", "note")
    ]  # fmt: skip
