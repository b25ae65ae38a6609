"""What became of a question, or would, in lines for its owner: for ``run --dry-run`` and ``explain --mail``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.render.words import plain
from pipeline.reply.checks import CHECKS
from pipeline.reply.question import Outcome
from pipeline.reply.standing import STANDING_CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.reply.desk import Decision
    from pipeline.reply.question import Objection, Question

_SUBJECT = 100
_WOULD = {Outcome.DRAFTED: "would be drafted", Outcome.SENT: "would be sent", Outcome.REFUSED: "would not be given"}
_WAS = {
    Outcome.DRAFTED: "was drafted",
    Outcome.SENT: "was sent",
    Outcome.IN_DOUBT: "may have been sent before a run was cut off; it is not sent again",
    Outcome.REFUSED: "was not given",
}


def decision_lines(decision: Decision) -> Iterator[str]:
    """Yield what would be done about a question, and all that speaks against more."""
    question = decision.question
    yield f"Answer to {question.sender} about “{_subject(question)}” {_WOULD[decision.outcome]}"
    if decision.outcome is not Outcome.REFUSED and not decision.details:
        yield "  · general advice only: the sender is not in reply.allow"
    yield from objection_lines(question)


def _subject(question: Question) -> str:
    return plain(question.subject, _SUBJECT)


def objection_lines(question: Question) -> Iterator[str]:
    """Yield every reason against an answer, with the check and its source."""
    for objection in question.objections:
        yield objection_line(objection)


def objection_line(objection: Objection) -> str:
    """Return one reason on one line."""
    sources = {check.id: check.source for check in (*CHECKS, *STANDING_CHECKS)}
    kind = "not sent" if objection.draft_only else "refused"
    source = f" ({sources[objection.check]})" if objection.check in sources else ""
    return f"  · {kind}, {objection.check}: {objection.text}{source}"


def question_lines(question: Question) -> Iterator[str]:
    """Yield all that is known of a question."""
    yield f"Mail {question.message_id}"
    yield f"  from {question.sender}, “{_subject(question)}”, {question.date.isoformat(timespec='minutes')}"
    yield f"  {question.kind.value}" + (f", in {question.language}" if question.language else "")
    for number in question.numbers:
        mistaken = ", called a tracking code" if number.mistaken else ""
        yield f"  {number.written}: {'order number' if number.what.value == 'order' else 'tracking code'}{mistaken}"
    on = f" on {question.answered_on}" if question.answered_on else ""
    yield f"  the answer {_WAS[question.outcome]}{on}" if question.outcome else "  the answer waits for the next run"
    yield from objection_lines(question)
