"""What makes a table of rules unsound: incomplete, contradictory, unreachable. The first fault is told."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pipeline.rules import ALL_BELOW, ROWS
from pipeline.rules.conditions import all_hold, check_value
from pipeline.rules.overlap import possible, space, together, within
from pipeline.rules.wording import PLACEHOLDERS, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.rules import Conditional, NoteRule, Otherwise, Rule, RuleBook, Variant


def first_fault(book: RuleBook) -> str | None:
    """Return what is wrong with *book*, with the rule that is meant, or ``None`` where nothing is."""
    ids = [rule.id for rule in book.rule] + [note.id for note in book.note]
    for part_id in ids:
        if ids.count(part_id) > 1:
            return f"{part_id}: stands twice"
    for place, rule in enumerate(book.rule, start=1):
        for fault in _rule_faults(rule, below=ids[place : len(book.rule)]):
            return f"{rule.id}: {fault}"
    for note in book.note:
        for fault in _note_faults(note):
            return f"{note.id}: {fault}"
    for rule in book.rule:
        if not any(book.winner(example) is rule for example in rule.hit):
            return f"{rule.id}: unreachable, a rule above it wins in each of its examples"
    if book.otherwise.rule not in ids[: len(book.rule)]:
        return f"otherwise: there is no rule {book.otherwise.rule}"
    for place, rule in enumerate(book.rule, start=1):
        for fault in chain(_variant_faults(rule), _overlap_faults(rule, book.rule[place:])):
            return f"{rule.id}: {fault}"
    for fault in chain(_source_faults(book.otherwise.source), _telling_faults(book.otherwise)):
        return f"otherwise: {fault}"
    return None


def _rule_faults(rule: Rule, below: list[str]) -> Iterator[str]:
    yield from _source_faults(rule.source)
    yield from _condition_faults(rule)
    yield from _telling_faults(rule)
    for variant in rule.variant:
        yield from _condition_faults(variant)
        yield from _sentence_faults((variant.title, *variant.advice))
    for other in {*rule.suppresses, *rule.keeps}.difference(below):
        if other != ALL_BELOW or other in rule.keeps:
            yield f"there is no rule {other} below it"


def _note_faults(note: NoteRule) -> Iterator[str]:
    yield from _source_faults(note.source)
    yield from _condition_faults(note)
    yield from _sentence_faults((note.text, f"{{{note.date}}}"))


def _telling_faults(part: Rule | Otherwise) -> Iterator[str]:
    yield from _sentence_faults((part.title, *part.advice))
    if placeholders(part.title):
        yield "its title has a placeholder, which may be unknown"


def _source_faults(source: tuple[str, ...]) -> Iterator[str]:
    for reference in source:
        row = reference.removeprefix("seed ")
        if row != reference and row not in ROWS:
            yield f"the mission has no row {row}"


def _condition_faults(part: Conditional) -> Iterator[str]:
    try:
        conditions = part.conditions
        for example in (*part.hit, *part.miss):
            for fact, value in example.items():
                check_value(fact, value)
    except ValueError as error:
        yield str(error)
        return
    if not possible(space(conditions)):
        yield f"never holds, for its conditions contradict each other: {', '.join(part.when)}"
    for example in part.hit:
        if all_hold(conditions, example) is not True:
            yield f"does not hold for its hit {example}"
    for example in part.miss:
        if all_hold(conditions, example) is not False:
            yield f"does not fail for its miss {example}"


def _variant_faults(rule: Rule) -> Iterator[str]:
    """A variant is taken when its rule holds too, and no variant above it does."""
    left = space(rule.conditions)
    above: list[Variant] = []
    for variant in rule.variant:
        both = together(left, space(variant.conditions))
        if not possible(both):
            yield f"its variant “{variant.title}” is unreachable, it contradicts the rule"
        for other in above:
            if within(both, space(other.conditions)):
                yield f"its variant “{variant.title}” is unreachable behind “{other.title}”"
        above.append(variant)


def _overlap_faults(rule: Rule, below: Iterable[Rule]) -> Iterator[str]:
    """Where two rules can hold at once the upper one says that the lower one stays silent; else they contradict."""
    if ALL_BELOW in rule.suppresses:
        return
    left = space(rule.conditions)
    for other in below:
        both = possible(together(left, space(other.conditions)))
        if both and other.id not in rule.suppresses:
            yield f"contradicts {other.id}: both can hold at once, and `suppresses` does not name it"
        if not both and other.id in rule.suppresses:
            yield f"suppresses {other.id}, which never holds at the same time"


def _sentence_faults(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        try:
            unknown = placeholders(sentence) - PLACEHOLDERS.keys()
        except ValueError as error:
            yield f"“{sentence}”: {error}"
            continue
        for name in sorted(unknown):
            yield f"“{sentence}”: there is no placeholder {name}"
