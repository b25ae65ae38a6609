"""The decision table: every rule proves itself by its examples, and no change to it goes unnoticed."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from boundary_grid import SNAPSHOT, grid
from hypothesis import given
from hypothesis import strategies as st

import pipeline.rules as rules_room
from pipeline.diagnose import page
from pipeline.model import Level
from pipeline.rules import ROWS, Conditional, RuleBook, read_rules, rules
from pipeline.rules.conditions import Condition, all_hold, check_value, read_condition
from pipeline.rules.overlap import possible, space, together, within
from pipeline.tables import TableError

BOOK = rules()
PARTS = {part.id: part for part in (*BOOK.rule, *BOOK.note)} | {
    f"{rule.id}, {variant.title}": variant for rule in BOOK.rule for variant in rule.variant
}
TEXT = (Path(rules_room.__file__).with_name("rules.toml")).read_text(encoding="utf-8")

#: The contract: scripts rely on these ids and levels, and on this order.
CONTRACT = [
    ("returned", "done"),
    ("cancelled", "done"),
    ("refunded", "done"),
    ("delivered", "done"),
    ("dispute-now", "act"),
    ("collect", "act"),
    ("attempt-failed", "act"),
    ("arriving", "watch"),
    ("problem", "act"),
    ("protection-over", "watch"),
    ("moving", "wait"),
    ("stalled", "watch"),
    ("awaiting-shipment", "wait"),
    ("shipment-overdue", "act"),
    ("no-code-yet", "watch"),
    ("code-changed", "watch"),
    ("untracked-item", "wait"),
    ("contact-seller", "act"),
    ("check-code", "act"),
    ("ask-carrier", "watch"),
    ("be-patient", "wait"),
]

#: Each row of the mission, and the rules that must follow from it.
MISSION = {
    "1": {"awaiting-shipment", "no-code-yet"},
    "1 mistake": {"no-code-yet"},
    "1 window": {"awaiting-shipment", "shipment-overdue"},
    "2a": {"be-patient"},
    "2b": {"ask-carrier"},
    "2c": {"check-code", "code-changed", "stalled"},
    "2d": {"contact-seller"},
    "2e": {"untracked-item"},
    "2f": {"dispute-now", "protection-over", "too-early-to-dispute"},
}


# ── the table as it is ──────────────────────────────────────────────────────────────────────────────────────


def test_ids_levels_and_order_are_those_of_the_contract() -> None:
    assert [(rule.id, str(rule.level)) for rule in BOOK.rule] == CONTRACT


def test_notes_are_those_of_the_contract() -> None:
    assert [note.id for note in BOOK.note] == ["too-early-to-dispute", "content-dispute-until"]


@pytest.mark.parametrize("row", MISSION)
def test_every_row_of_the_mission_has_its_rules(row: str) -> None:
    citing = {part.id for part in (*BOOK.rule, *BOOK.note) if f"seed {row}" in part.source}
    assert citing >= MISSION[row]


def test_the_rows_that_rules_may_cite_are_those_of_the_mission() -> None:
    assert set(ROWS) == set(MISSION)


def _examples(kind: str) -> list[object]:
    return [
        pytest.param(part, example, id=f"{name}: {example}")
        for name, part in PARTS.items()
        for example in getattr(part, kind)
    ]


@pytest.mark.parametrize(("part", "example"), _examples("hit"))
def test_it_holds_for_its_hits(part: Conditional, example: dict[str, int | bool | str]) -> None:
    assert part.holds(example) is True


@pytest.mark.parametrize(("part", "example"), _examples("miss"))
def test_it_does_not_hold_for_its_misses(part: Conditional, example: dict[str, int | bool | str]) -> None:
    assert part.holds(example) is False


@pytest.mark.parametrize("name", PARTS)
def test_unknown_facts_never_satisfy_it(name: str) -> None:
    assert PARTS[name].holds({}) is None


# ── no change goes unnoticed ────────────────────────────────────────────────────────────────────────────────

_WHEN = re.compile(r"^when = \[(.*?)\]", re.MULTILINE | re.DOTALL)
_CONDITION = re.compile(r'"([^"]+)"')


def _conditions() -> list[tuple[int, int, str]]:
    """Every condition of the table: where its text begins and ends, and the text."""
    return [
        (when.start(1) + found.start(), when.start(1) + found.end(), found[1])
        for when in _WHEN.finditer(TEXT)
        for found in _CONDITION.finditer(when[1])
    ]


def _owner(place: int) -> str:
    return re.findall(r'^id = "(.*)"', TEXT[:place], re.MULTILINE)[-1]


def _shifted() -> list[object]:
    shifts = []
    for start, end, text in _conditions():
        if number := re.search(r"-?\d+$", text):
            for by in (-1, 1):
                changed = text[: number.start()] + str(int(number[0]) + by)
                shifts.append(pytest.param(f'{TEXT[:start]}"{changed}"{TEXT[end:]}', id=f"{_owner(start)}: {changed}"))
    return shifts


def _loosened() -> list[object]:
    swaps = {" < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " is true": " is false"}
    return [
        pytest.param(f'{TEXT[:start]}"{text.replace(old, new)}"{TEXT[end:]}', id=f"{_owner(start)}: {text}{new}")
        for start, end, text in _conditions()
        for old, new in (*swaps.items(), (" is false", " is true"))
        if old in text
    ]


def _dropped() -> list[object]:
    cut = []
    for start, end, text in _conditions():
        following = re.match(r",\s*", TEXT[end:])
        if following:
            rest = TEXT[:start] + TEXT[end + following.end() :]
        else:
            rest = re.sub(r",\s*$", "", TEXT[:start]) + TEXT[end:]
        cut.append(pytest.param(rest, id=f"{_owner(start)} without {text}"))
    return cut


def test_the_table_as_text_is_the_table_under_test() -> None:
    assert [text for _, _, text in _conditions()] == [
        text for part in (*BOOK.rule, *BOOK.note) for one in (part, *getattr(part, "variant", ())) for text in one.when
    ]


@pytest.mark.parametrize("changed", _shifted())
def test_a_threshold_moved_by_one_day_is_refused(changed: str) -> None:
    with pytest.raises(TableError, match=r"hit|miss|unreachable"):
        read_rules(changed.encode(), "rules.toml")


@pytest.mark.parametrize("changed", _loosened())
def test_another_comparison_is_refused(changed: str) -> None:
    with pytest.raises(TableError, match=r"hit|miss|unreachable"):
        read_rules(changed.encode(), "rules.toml")


@pytest.mark.parametrize("changed", _dropped())
def test_a_dropped_condition_is_refused(changed: str) -> None:
    with pytest.raises(TableError, match=r"miss|unreachable|length"):
        read_rules(changed.encode(), "rules.toml")


@pytest.mark.parametrize("rule_id", [rule.id for rule in BOOK.rule])
def test_a_removed_rule_changes_the_grid(rule_id: str) -> None:
    fewer = tuple(
        msgspec.structs.replace(rule, keeps=()) if rule_id in rule.keeps else rule
        for rule in BOOK.rule
        if rule.id != rule_id
    )
    otherwise = msgspec.structs.replace(BOOK.otherwise, rule=fewer[-1].id)
    assert grid(RuleBook(rule=fewer, note=BOOK.note, otherwise=otherwise)) != grid()


@pytest.mark.parametrize("note_id", [note.id for note in BOOK.note])
def test_a_removed_note_changes_the_grid(note_id: str) -> None:
    fewer = tuple(note for note in BOOK.note if note.id != note_id)
    assert grid(msgspec.structs.replace(BOOK, note=fewer)) != grid()


def test_the_boundary_grid_is_the_reviewed_one() -> None:
    assert grid() + "\n" == SNAPSHOT.read_text(encoding="utf-8")


def test_the_page_for_people_is_true() -> None:
    written = Path(__file__).parent.parent / "docs" / "rules.md"
    assert page.page() + "\n" == written.read_text(encoding="utf-8")


# ── what the loader refuses ─────────────────────────────────────────────────────────────────────────────────

SOUND = """
[[rule]]
id = "slow"
level = "act"
title = "Slow"
advice = ["{days} days."]
when = ["days > 15"]
source = ["seed 2c"]
false_alarms = "Holidays."
suppresses = ["quick"]
hit = [{ days = 16 }]
miss = [{ days = 15 }]

[[rule]]
id = "quick"
level = "wait"
title = "Quick"
advice = ["Wait."]
when = ["information is false"]
source = ["seed 2a"]
false_alarms = "None known."
hit = [{ information = false }]
miss = [{ information = true }]

[[note]]
id = "remark"
text = "From {dispute_from} on."
date = "dispute_from"
when = ["event in shipped, ordered"]
source = ["seed 2f"]
false_alarms = "None known."
hit = [{ event = "shipped" }]
miss = [{ event = "closed" }]

[otherwise]
rule = "quick"
title = "Unknown"
advice = ["Wait."]
source = ["seed 2a"]
"""


VARIANT = """
[[rule.variant]]
title = "Else"
advice = ["Else."]
when = ["{}"]
hit = [{{ days = 40 }}]
miss = [{{ days = 3 }}]
"""


def test_a_sound_table_is_read() -> None:
    assert [rule.level for rule in read_rules(SOUND.encode(), "mine.toml").rule] == [Level.ACT, Level.WAIT]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param('source = ["seed 2c"]\n', "", "missing key `source`", id="no source"),
        pytest.param('source = ["seed 2c"]', "source = []", "rule[0].source", id="an empty source"),
        pytest.param('"seed 2c"', '"seed 9z"', "slow: the mission has no row 9z", id="no such row"),
        pytest.param('"seed 2f"', '"seed 9z"', "remark: the mission has no row 9z", id="no such row in a note"),
        pytest.param("hit = [{ days = 16 }]\n", "", "missing key `hit`", id="no hit"),
        pytest.param("miss = [{ days = 15 }]", "miss = []", "rule[0].miss", id="no miss"),
        pytest.param('when = ["days > 15"]', "when = []", "rule[0].when", id="no condition"),
        pytest.param('false_alarms = "Holidays."\n', "", "missing key `false_alarms`", id="no false alarms"),
        pytest.param('level = "act"', 'level = "panic"', "rule[0].level", id="no such level"),
        pytest.param('title = "Slow"', 'title = ""', "rule[0].title", id="no title"),
        pytest.param("days > 15", "hours > 15", "slow: “hours > 15”: there is no fact hours", id="no such fact"),
        pytest.param("days > 15", "days is 15", "slow: “days is 15”: days is a fact of the kind", id="operator"),
        pytest.param("days > 15", "days ~ 15", "slow: “days ~ 15” is not of the shape", id="no such operator"),
        pytest.param("days > 15", "days > many", "many is not a number of days", id="no number"),
        pytest.param("information is false", "information is no", "no is neither true nor false", id="no truth"),
        pytest.param("shipped, ordered", "shipped, lost", "remark: “event in shipped, lost”", id="no such event"),
        pytest.param("{ days = 16 }", "{ hours = 16 }", "slow: there is no fact hours", id="an example's fact"),
        pytest.param("{ days = 16 }", "{ days = true }", "slow: days cannot be True", id="an example's value"),
        pytest.param("information = true", "information = 1", "quick: information cannot be 1", id="a number for yes"),
        pytest.param('event = "closed"', 'event = "lost"', "remark: event cannot be 'lost'", id="an example's event"),
        pytest.param("{ days = 16 }", "{ days = 14 }", "slow: does not hold for its hit", id="a false hit"),
        pytest.param("{ days = 15 }", "{ days = 17 }", "slow: does not fail for its miss", id="a false miss"),
        pytest.param("{ days = 15 }", "{ shipped = true }", "slow: does not fail for its miss", id="a vague miss"),
        pytest.param("{days} days.", "{hours} hours.", "there is no placeholder hours", id="no such placeholder"),
        pytest.param("{days} days.", "{days days.", "slow: “{days days.”", id="a lone brace"),
        pytest.param("{days} days.", "{days:>3} days.", "is not a plain name in braces", id="a format in braces"),
        pytest.param('title = "Slow"', 'title = "{days} days"', "slow: its title has a placeholder", id="title"),
        pytest.param("From {dispute_from}", "From {start}", "remark: “From {start} on.”", id="a note's placeholder"),
        pytest.param('date = "dispute_from"', 'date = "start"', "no placeholder start", id="a note's date"),
        pytest.param('id = "quick"', 'id = "slow"', "slow: stands twice", id="a rule twice"),
        pytest.param('id = "remark"', 'id = "slow"', "slow: stands twice", id="a note named like a rule"),
        pytest.param('["quick"]', '["sluggish"]', "slow: there is no rule sluggish below it", id="no such rule"),
        pytest.param('["quick"]', '["slow"]', "slow: there is no rule slow below it", id="suppressing itself"),
        pytest.param('["quick"]', '["remark"]', "slow: there is no rule remark below it", id="suppressing a note"),
        pytest.param('suppresses = ["quick"]', 'keeps = ["x"]', "slow: there is no rule x below it", id="keeping none"),
        pytest.param('suppresses = ["quick"]', 'keeps = ["*"]', "slow: there is no rule * below", id="keeping all"),
        pytest.param('rule = "quick"', 'rule = "remark"', "otherwise: there is no rule remark", id="otherwise a note"),
        pytest.param('advice = ["Wait."]\nsource', 'advice = ["{x}"]\nsource', "otherwise: “{x}”", id="otherwise"),
        pytest.param(
            'when = ["information is false"]',
            'when = ["days > 20"]',
            "quick: does not hold for its hit",
            id="examples of another condition",
        ),
        pytest.param('title = "Unknown"', 'title = "{days}"', "otherwise: its title has", id="otherwise's title"),
        pytest.param('level = "act"', 'level = "act"\nx = 3', "unknown key `x`", id="an unknown key"),
        pytest.param('title = "Slow"', 'title = "Slow }"', "slow: “Slow }”", id="a lone brace in a title"),
    ],
)
def test_an_unsound_table_is_refused_with_the_reason(old: str, new: str, reason: str) -> None:
    assert old in SOUND
    with pytest.raises(TableError, match=re.escape(reason)):
        read_rules(SOUND.replace(old, new).encode(), "mine.toml")


def test_an_unreachable_rule_is_refused() -> None:
    hidden = SOUND.replace('["information is false"]', '["information is false", "days > 20"]').replace(
        "hit = [{ information = false }]\nmiss = [{ information = true }]",
        "hit = [{ information = false, days = 21 }]\nmiss = [{ information = true, days = 21 }]",
    )
    with pytest.raises(TableError, match="quick: unreachable"):
        read_rules(hidden.encode(), "mine.toml")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param(
            'when = ["days > 15"]',
            'when = ["days > 15", "days < 10"]',
            "slow: never holds, for its conditions contradict each other: days > 15, days < 10",
            id="a number of days that is none",
        ),
        pytest.param(
            'when = ["days > 15"]',
            'when = ["days > 15", "shipped is false"]',
            "slow: never holds",
            id="days and not shipped",
        ),
        pytest.param(
            'when = ["event in shipped, ordered"]',
            'when = ["event in shipped, ordered", "event not in shipped, ordered, closed"]',
            "remark: never holds",
            id="an event that is none",
        ),
        pytest.param(
            'suppresses = ["quick"]\n',
            "",
            "slow: contradicts quick: both can hold at once",
            id="two rules at once",
        ),
        pytest.param(
            'when = ["information is false"]',
            'when = ["information is false", "days <= 15"]',
            "slow: suppresses quick, which never holds at the same time",
            id="suppressed in vain",
        ),
        pytest.param(
            'when = ["information is false"]',
            'when = ["shipped is false"]',
            "slow: suppresses quick, which never holds at the same time",
            id="suppressed in vain, as who counts days knows of the shipping",
        ),
        pytest.param(
            '[[rule]]\nid = "quick"',
            VARIANT.format("days > 14") + '[[rule]]\nid = "quick"',
            "",
            id="a variant that always holds is a way to word it",
        ),
        pytest.param(
            '[[rule]]\nid = "quick"',
            VARIANT.format("days < 15").replace("40", "1").replace("3 ", "30 ") + '[[rule]]\nid = "quick"',
            "slow: its variant “Else” is unreachable, it contradicts the rule",
            id="a variant against its rule",
        ),
        pytest.param(
            '[[rule]]\nid = "quick"',
            VARIANT.format("days > 20") + VARIANT.format("days > 30") + '[[rule]]\nid = "quick"',
            "slow: its variant “Else” is unreachable behind “Else”",
            id="a variant behind a wider one",
        ),
        pytest.param(
            '[[rule]]\nid = "quick"',
            VARIANT.format("days > 30") + VARIANT.format("days > 20") + '[[rule]]\nid = "quick"',
            "",
            id="a variant before a wider one",
        ),
    ],
)
def test_what_contradicts_itself_or_is_never_reached_is_refused(old: str, new: str, reason: str) -> None:
    changed = SOUND.replace(old, new)
    if "information is false" in old:
        extra = "days = 3, " if "days" in new else ""
        changed = changed.replace("{ information = false }", f"{{ {extra}information = false, shipped = false }}")
        changed = changed.replace("{ information = true }", f"{{ {extra}information = true, shipped = true }}")
    assert changed != SOUND
    if not reason:
        assert read_rules(changed.encode(), "mine.toml")
        return
    with pytest.raises(TableError, match=re.escape(reason)):
        read_rules(changed.encode(), "mine.toml")


ANY_CONDITION = st.sampled_from(
    [
        *("days < 10", "days <= 10", "days > 10", "days >= 10", "days > 9", "days_since_information < 3"),
        *("information is true", "information is false", "shipped is true", "shipped is false"),
        *("event is closed", "event in closed, closing", "event not in closed, closing"),
    ]
)
ANY_CONDITIONS = st.lists(ANY_CONDITION, min_size=1, max_size=4).map(lambda texts: [read_condition(t) for t in texts])


@given(ANY_CONDITIONS, ANY_CONDITIONS)
def test_what_can_hold_at_once_is_what_some_facts_satisfy(one: list[Condition], other: list[Condition]) -> None:
    """Compared with trying every combination of values near the constants."""
    every = [
        {"days": days, "information": seen, "shipped": sent, "days_since_information": news, "event": event}
        for days in (None, 9, 10, 11)
        for news in (None, 2, 3)
        for seen in (False, True)
        for sent in (False, True)
        for event in ("closed", "closing", "shipped")
        if (news is None or seen) and (days is None or sent) and (not seen or sent)
    ]
    holding = [values for values in every if all_hold(one, values)]
    assert possible(space(one)) == bool(holding)
    assert possible(together(space(one), space(other))) == any(all_hold(other, values) for values in holding)
    if holding:
        assert within(space(one), space(other)) <= all(all_hold(other, values) for values in holding)


def test_the_reason_names_the_file() -> None:
    with pytest.raises(TableError, match=r"^mine\.toml: slow: "):
        read_rules(SOUND.replace("days > 15", "hours > 15").encode(), "mine.toml")


# ── conditions ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("condition", "holds_for", "fails_for"),
    [
        ("days < 10", 9, 10),
        ("days <= 10", 10, 11),
        ("days > 10", 11, 10),
        ("days >= 10", 10, 9),
        ("days > -3", -2, -3),
        ("information is true", True, False),
        ("information is false", False, True),
        ("event is closed", "closed", "closing"),
        ("event in closed, closing", "closing", "shipped"),
        ("event not in closed, closing", "shipped", "closed"),
    ],
)
def test_a_condition_holds_fails_or_cannot_tell(
    condition: str, holds_for: int | bool | str, fails_for: int | bool | str
) -> None:
    read = read_condition(condition)
    values = ({read.fact: holds_for}, {read.fact: fails_for}, {read.fact: None}, {})
    assert [read.holds(value) for value in values] == [True, False, None, None]


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        pytest.param({"days": 16, "information": False}, True, id="both hold"),
        pytest.param({"days": 16}, None, id="one cannot tell"),
        pytest.param({"information": True}, False, id="one fails, the other cannot tell"),
        pytest.param({"days": 3, "information": True}, False, id="both fail"),
    ],
)
def test_one_condition_that_fails_decides(values: dict[str, int | bool | str], outcome: bool | None) -> None:
    conditions = [read_condition(text) for text in ("days > 15", "information is false")]
    assert all_hold(conditions, values) is outcome


@pytest.mark.parametrize(("fact", "value"), [("days", 3), ("information", True), ("event", "shipped")])
def test_values_that_a_fact_can_have_pass(fact: str, value: object) -> None:
    check_value(fact, value)
