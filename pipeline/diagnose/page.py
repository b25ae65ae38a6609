"""``docs/rules.md``: the rules as a page for people, written from the table and the definitions of the facts.

``python -m pipeline.diagnose.page > docs/rules.md`` writes it anew; a test compares.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from pipeline.diagnose import diagnose
from pipeline.facts import DAYS_AFTER_THE_END, FACTS, Defaults
from pipeline.facts.protection import CLOSING_GRACE_DAYS
from pipeline.model import Event, Parcel, TrackingCode
from pipeline.rules import ALL_BELOW, ROWS, NoteRule, Rule, RuleBook, Variant, rules
from pipeline.rules.wording import PLACEHOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_INTRODUCTION: Final = f"""\
# What to do about a parcel today

This page is written from `pipeline/rules/rules.toml`, the table that decides. Each day, for each parcel, the rules
are tried from top to bottom, and **the first that holds wins**. A rule holds when all its conditions hold. A
fact that is unknown never satisfies a condition, however that is worded: then the answer is "cannot tell".

- **Days** are whole calendar days in your time zone, counted from the mail that first said *shipped* (day 0).
  They go on counting when the code changes. Without such a mail they are unknown, and protection is counted
  from the first news of any kind.
- **No information** means that nobody has scanned it: no news beyond *shipped* on the code it has now.
- **The last day of buyer protection** is the one you gave, else the one a mail of the shop names, else an
  estimate: {Defaults().protection} days from shipping (setting `protection`, or what is known of the shop),
  shown with "about". For eBay it is 30 days from the latest estimated delivery, unknown where no mail has it.
- **The dispute window** is that last day and the {Defaults().dispute_window} days before it (setting
  `dispute_window`).
- **A shop's mail that it will soon close the order**, if its sender is proven, opens the dispute window at
  once and ends protection {CLOSING_GRACE_DAYS} days later; if you gave an earlier day, that one counts. A later
  mail of proven sender that names a new end, or the days by which it was extended, takes the announcement back.
- **The last day to ship** is the one a mail or you name, else {Defaults().shipment_window} days from
  the order (setting `shipment_window`, or what is known of the shop).
- **A code that changes** takes back what you said of the one before (`unchanged`, `contacted`). A carrier's
  number in place of the shop's own package number is no change, nor is a second carrier's for the last mile.
- **A part** of an order that was cancelled, refunded or returned ends nothing: the rest is still to come.
- **What came back and is shipped again** starts anew; a second package of an order is a parcel of its own.
- **Your own word** is a `parcel-digest mark` (the advice says which); `reopen` takes the last one back.
- **Solved parcels** (level *done*) are shown for {DAYS_AFTER_THE_END} days more; ignored ones are not shown.
- **Levels**: *act* needs you today, *watch* wants a look, *wait* needs nothing, *done* is over.
"""

_CODED: Final = "shipped on day 0, code, no information"

#: How far the page looks ahead, in days: past the end of the estimated protection.
_LAST_DAY: Final = Defaults().protection + 5


def page() -> str:
    """Return the page as Markdown."""
    book = rules()
    return "\n".join(
        (_INTRODUCTION, *_glance(), *_last_days(), *_all_rules(book), *_notes(book), *_facts(), *_rows(book))
    )


# ── at a glance ─────────────────────────────────────────────────────────────────────────────────────────────


def _glance() -> Iterator[str]:
    yield "## A parcel's days at a glance\n"
    yield "With the settings as they come, and protection counted from shipping: its last day is then day"
    yield f"{Defaults().protection}. Remarks stand beside the diagnosis; they are explained below the rules.\n"
    yield "| the parcel | day | diagnosis | level | remark | act by |"
    yield "|---|---|---|---|---|---|"
    for name, parcel in _lives():
        first = (parcel.event_at - _after(0)).days
        outcomes = [_outcome(parcel, number) for number in range(first, _LAST_DAY)]
        for outcome, run in groupby(enumerate(outcomes, start=first), itemgetter(1)):
            days = [number for number, _ in run]
            until = "and later" if days[-1] == _LAST_DAY - 1 else f"to {days[-1]}"
            yield f"| {name} | {days[0]} {until} | {outcome} |"
    yield ""


def _last_days() -> Iterator[str]:
    window = Defaults().dispute_window
    yield "## Counted back from the last day of protection\n"
    yield "Of any parcel that has not arrived (here one that nobody has seen), whoever says which day is the last:\n"
    yield "| days before the last day | diagnosis | level | remark | act by |"
    yield "|---|---|---|---|---|"
    parcel = dict(_lives())[_CODED]
    for name, before in (
        (f"{window + 1} and more: what the other rules say", window + 1),
        (f"{window} to 1", window),
        ("0, the last day itself", 0),
        ("1 after it, and later", -1),
    ):
        yield f"| {name} | {_outcome(parcel, Defaults().protection - before)} |"
    yield ""


def _lives() -> Iterator[tuple[str, Parcel]]:
    code, other = TrackingCode("LP00827165784034"), TrackingCode("LX123456785CN")
    order = Parcel(
        key="",
        shop=None,
        orders=(),
        codes=(),
        event=Event.ORDERED,
        event_at=_after(0),
        ordered_at=_after(0),
        first_news_at=_after(0),
    )
    shipped = replace(order, event=Event.SHIPPED, shipped_at=_after(0))
    coded = replace(shipped, codes=(code,))
    changed = replace(coded, event=Event.CODE_CHANGED, codes=(other, code), event_at=_after(12))
    moving = replace(coded, event=Event.IN_TRANSIT, event_at=_after(20), informed_at=_after(20))
    yield "ordered on day 0, not shipped", order
    yield "shipped on day 0, no code", shipped
    yield _CODED, coded
    yield f"{_CODED}, the code marked unchanged", replace(coded, unchanged_at=_after(0))
    yield f"{_CODED}, of a kind often untracked", replace(coded, untracked=True)
    yield f"{_CODED}, the code changes on day 12", replace(changed, code_changed_at=_after(12))
    yield "shipped on day 0, seen once, on day 20", moving


def _after(days: int) -> datetime:
    return datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=days)


def _outcome(parcel: Parcel, number: int) -> str:
    """The cells for one day: diagnosis, level, remark, and the day of the parcel's life by which to act."""
    found = diagnose(parcel, _after(number).date(), UTC, Defaults(), {})
    remarks = ", ".join(f"`{note.id}`" for note in found.notes)
    act_by = f"day {(found.act_by - _after(0).date()).days}" if found.act_by else ""
    return f"`{found.rule}` | {found.level} | {remarks} | {act_by}"


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────


def _all_rules(book: RuleBook) -> Iterator[str]:
    yield "## The rules, in the order in which they are tried\n"
    for place, rule in enumerate(book.rule, start=1):
        yield f"### {place}. `{rule.id}`: {rule.title}\n"
        yield from _rule(rule)
    otherwise = book.otherwise
    yield f"### Otherwise: `{otherwise.rule}`: {otherwise.title}\n"
    yield "When no rule holds, because too little is known (no mail told of the shipping, for example):\n"
    yield from _quoted(otherwise.advice)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"Level **{rule.level}**. Holds when {_all_of(rule.when)}.\n"
    yield from _quoted(rule.advice)
    for variant in rule.variant:
        yield from _variant(variant)
    if rule.act_by:
        yield f"- Last day to act: {PLACEHOLDERS[rule.act_by]}, where known."
    if rule.counts != "days":
        yield f"- The days told are `{rule.counts}`."
    if rule.keeps:
        yield f"- The advice of {_named(rule.keeps)} stays with it when that rule holds too."
    if rule.suppresses:
        silent = "all rules below" if ALL_BELOW in rule.suppresses else _named(rule.suppresses)
        yield f"- Then silent, though they may hold too: {silent}."
    yield f"- Source: {'; '.join(rule.source)}."
    yield f"- False alarms: {rule.false_alarms}\n"


def _variant(variant: Variant) -> Iterator[str]:
    level = f" (level **{variant.level}**)" if variant.level else ""
    yield f"When {_all_of(variant.when)} too{level}: **{variant.title}**\n"
    yield from _quoted(variant.advice)


def _notes(book: RuleBook) -> Iterator[str]:
    yield "## Remarks that stand beside any diagnosis\n"
    for note in book.note:
        yield from _note(note)


def _note(note: NoteRule) -> Iterator[str]:
    yield f"### `{note.id}`\n"
    yield f"Stands there when {_all_of(note.when)}.\n"
    yield from _quoted((note.text,))
    yield f"- Source: {'; '.join(note.source)}."
    yield f"- False alarms: {note.false_alarms}\n"


def _quoted(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        yield f"> {sentence}  "
    yield ""


def _all_of(conditions: Iterable[str]) -> str:
    return " and ".join(f"`{condition}`" for condition in conditions)


def _named(ids: Iterable[str]) -> str:
    return ", ".join(f"`{rule_id}`" for rule_id in ids)


# ── what the words mean ─────────────────────────────────────────────────────────────────────────────────────


def _facts() -> Iterator[str]:
    yield "## The facts\n"
    yield "| fact | kind | meaning |"
    yield "|---|---|---|"
    for fact in FACTS.values():
        yield f"| `{fact.name}` | {fact.kind} | {fact.words} |"
    yield "\nA sentence of advice that names something unknown is left out. What sentences can name:\n"
    yield "| placeholder | stands for |"
    yield "|---|---|"
    for name, meaning in PLACEHOLDERS.items():
        yield f"| `{{{name}}}` | {meaning} |"
    yield ""


def _rows(book: RuleBook) -> Iterator[str]:
    yield "## From the help page to the rules\n"
    yield "| seed | what it says | rules and remarks |"
    yield "|---|---|---|"
    for row, meaning in ROWS.items():
        ids = [part.id for part in book.rule if f"seed {row}" in part.source]
        ids += [part.id for part in book.note if f"seed {row}" in part.source]
        yield f"| {row} | {meaning} | {_named(ids)} |"


if __name__ == "__main__":
    print(page())
