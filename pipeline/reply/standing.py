"""What time, the settings and earlier answers say against an answer: the rest of the table of :mod:`.checks`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from pipeline.reply.question import Objection, Outcome, Question
from pipeline.reply.robots import robots

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from pipeline.config import Reply

#: A mail older than that is no longer answered by a program.
MAX_AGE = timedelta(hours=48)
#: A clock may be wrong; a mail that is dated later than that is odd.
MAX_AHEAD = timedelta(hours=24)
#: The same person gets no second answer for the same reason so soon.
SAME_REASON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Standing:
    """What an answer has to be seen against.

    Attributes:
        past: every answer that was given, or may have been.
        in_this_run: how many of them this run gave.
        flags: the IMAP flags of the mail, lower case; ``None`` where it lies in a file.
        gone: the mail is no longer where it was found.
    """

    settings: Reply
    now: datetime
    today: date
    past: Sequence[Question] = ()
    in_this_run: int = 0
    flags: frozenset[str] | None = None
    gone: bool = False

    def on_allow_list(self, question: Question) -> bool:
        """Whether the person is one whom the settings name, and answers would go to such a one."""
        return {question.sender, question.reply_to} <= {address.lower() for address in self.settings.allow}


@dataclass(frozen=True, slots=True)
class StandingCheck:
    """One row: *reason* says why the question may not be answered now, or nothing."""

    id: str
    source: str
    reason: Callable[[Question, Standing], str]
    draft_only: bool = False


def standing_objections(question: Question, standing: Standing) -> tuple[Objection, ...]:
    """Return every reason against answering *question* now, in the order of the table."""
    found = ((check, check.reason(question, standing)) for check in STANDING_CHECKS)
    return tuple(Objection(check.id, reason, check.draft_only) for check, reason in found if reason)


def _again(question: Question, standing: Standing) -> str:
    for earlier in standing.past:
        since = _days(earlier, standing)
        if earlier.sender == question.sender and since < SAME_REASON_DAYS and earlier.about == question.about:
            return f"{question.sender} got an answer for the same reason {since} days ago"
    return ""


def _run_cap(_: Question, standing: Standing) -> str:
    cap = standing.settings.max_per_run
    return f"{cap} answers were given in this run" if standing.in_this_run >= cap else ""


def _day_cap(_: Question, standing: Standing) -> str:
    cap = standing.settings.max_per_day
    today = sum(_days(earlier, standing) <= 0 for earlier in standing.past)
    return f"{cap} answers were given today" if today >= cap else ""


def _sender_cap(question: Question, standing: Standing) -> str:
    cap = standing.settings.max_per_sender
    today = sum(_days(earlier, standing) <= 0 and earlier.sender == question.sender for earlier in standing.past)
    return f"{question.sender} got {cap} answers today" if today >= cap else ""


def _stale(question: Question, standing: Standing) -> str:
    age = standing.now - question.date
    if age > MAX_AGE:
        return f"it is older than {MAX_AGE.days * 24} hours"
    return "it is dated later than today" if age < -MAX_AHEAD else ""


def _handled(question: Question, standing: Standing) -> str:
    if question.outcome is not None:
        return f"it was handled before ({question.outcome.value})"
    if standing.gone:
        return "it is no longer where it was"
    return "it has been answered by hand" if "\\answered" in (standing.flags or ()) else ""


def _flagged_junk(_: Question, standing: Standing) -> str:
    found = [flag for flag in robots().junk.flags if flag in (standing.flags or ())]
    return f"it is marked {found[0]}" if found else ""


def _not_allowed(question: Question, standing: Standing) -> str:
    if standing.settings.mode != "send" or standing.on_allow_list(question):
        return ""
    return f"{question.reply_to} is not in reply.allow"


STANDING_CHECKS: Final = (
    StandingCheck("same-reason", "RFC 5230 section 4.1", _again),
    StandingCheck("run-cap", "Mailman's caps", _run_cap),
    StandingCheck("day-cap", "Mailman's caps", _day_cap),
    StandingCheck("sender-cap", "RFC 3834 section 2", _sender_cap),
    StandingCheck("flagged-junk", "convention; RFC 9051 section 2.3.2", _flagged_junk),
    StandingCheck("stale", "a job that catches up must not answer old mail", _stale),
    StandingCheck("handled", "RFC 5230 section 4.7: one mail, one answer", _handled),
    StandingCheck("not-allowed", "who is not named gets nothing sent", _not_allowed, draft_only=True),
)


def given(questions: Sequence[Question]) -> list[Question]:
    """Return those that got an answer, or may have."""
    return [question for question in questions if question.outcome in (Outcome.DRAFTED, Outcome.SENT, Outcome.IN_DOUBT)]


def _days(earlier: Question, standing: Standing) -> int:
    """How many days ago an earlier answer was given."""
    return (standing.today - earlier.answered_on).days if earlier.answered_on else 0
