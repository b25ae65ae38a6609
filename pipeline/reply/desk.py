"""Answering what was asked: once for each mail, within the caps, as a draft unless it may be sent.

A question waits in the outbox. Its answer begins to leave, and then it is done. What had begun to be *sent* when a run
ended is never sent again, for nobody knows whether it left; a *draft* is looked for in its folder by its token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from pipeline.deliver import DeliveryError, Uncertain
from pipeline.deliver.errors import NotThisMail, Postponed
from pipeline.ledger import State
from pipeline.reply.checks import CHECKS
from pipeline.reply.question import OUTBOX_KIND, Objection, Outcome, Question
from pipeline.reply.standing import Standing, given, standing_objections

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.ledger import Ledger, Outgoing
    from pipeline.reply.tray import Tray
    from pipeline.sources import Today


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done about a question: *outcome* is drafted, sent or refused."""

    question: Question
    outcome: Outcome
    details: bool = False


#: Writes the answer that was decided on.
Compose = Callable[[Decision], str]


@dataclass(slots=True)
class Desk:
    """Answers for one run.

    Attributes:
        tray: reaches the mailbox in which a question lies.
        compose: writes answers.
        errors: one line for each answer that could not be given; *exit_code* is what it asks for.
    """

    ledger: Ledger
    config: Config
    today: Today
    tray: Tray
    compose: Compose
    errors: list[str] = field(default_factory=list)
    exit_code: int = 0
    _answered: int = 0

    def decide(self) -> Iterator[Decision]:
        """Yield what would be done about every question that waits; nothing is changed."""
        for item, question in self._waiting():
            if item.state is State.WAITING:
                yield self._decision(_as_asked(question))

    def answer_all(self) -> None:
        """Answer every question that waits, and settle those that a cut run left behind."""
        for item, question in self._waiting():
            try:
                if item.state is State.BEGUN and question.outcome is not Outcome.DRAFTED:
                    self._settle(question, Outcome.IN_DOUBT)
                    self._complain(f"{_name(question)}: it may have been sent, so it is not sent again", 1)
                else:
                    self._answer(_as_asked(question))
            except Postponed as error:
                self.exit_code = max(self.exit_code, error.exit_code)
            except DeliveryError as error:
                self._complain(f"{_name(question)}: {error}", error.exit_code)

    def close(self) -> None:
        """Log out wherever it went."""
        self.tray.close()

    # ── one question ──────────────────────────────────────────────────────────────────────────────────────

    def _answer(self, asked: Question) -> None:
        from pipeline.reply.mail import answer_mail, answer_token

        decision = self._decision(asked)
        question = decision.question
        if decision.outcome is Outcome.REFUSED:
            self._settle(question, Outcome.REFUSED)
            return
        outbox = self.ledger.outbox
        token = answer_token(outbox.secret(), question.message_id)
        draft = decision.outcome is Outcome.DRAFTED
        begin = partial(outbox.begin, question.key)
        try:
            mail = answer_mail(
                question, self.compose(decision), token=token, moment=self.today.now or self.today.noon, draft=draft
            )
            # Noted before it leaves: what a cut run did is told by what it meant to do.
            outbox.note(question.key, replace(question, outcome=decision.outcome, answered_on=self.today.day))
            if draft:
                self.tray.draft(question, mail, token, begin)
            else:
                self.tray.send(question, mail, begin)
        except Uncertain:
            self._answered += 1
            raise
        except NotThisMail as error:
            self._settle(_refused(question, "mail-refused", str(error)), Outcome.REFUSED)
            raise
        except ValueError as error:
            self._settle(_refused(question, "unwritable", str(error)), Outcome.REFUSED)
        except DeliveryError:
            outbox.back(question.key)
            outbox.note(question.key, asked)
            raise
        else:
            self._answered += 1
            outbox.done(question.key)

    def _decision(self, question: Question) -> Decision:
        standing = Standing(
            settings=self.config.reply,
            now=self.today.now or self._end_of_day(),
            today=self.today.day,
            past=given([other for _, other in self._all() if other.key != question.key]),
            in_this_run=self._answered,
        )
        # The mailbox is asked only about a mail that nothing else speaks against.
        found = standing_objections(question, standing)
        if not question.refused and all(objection.draft_only for objection in found):
            flags = self.tray.flags(question)
            found = standing_objections(question, replace(standing, flags=flags, gone=flags is None))
        question = replace(question, objections=(*question.objections, *found))
        if question.refused:
            return Decision(question, Outcome.REFUSED)
        known = question.verified and standing.on_allow_list(question)
        send = self.config.reply.mode == "send" and not question.objections
        return Decision(question, Outcome.SENT if send else Outcome.DRAFTED, details=known)

    def _end_of_day(self) -> datetime:
        from datetime import time

        return datetime.combine(self.today.day, time(23, 59, 59), self.today.zone).astimezone(self.today.zone)

    def _settle(self, question: Question, outcome: Outcome) -> None:
        self.ledger.outbox.note(question.key, replace(question, outcome=outcome))
        self.ledger.outbox.done(question.key)

    def _complain(self, line: str, exit_code: int) -> None:
        self.errors.append(line)
        self.exit_code = max(self.exit_code, exit_code)

    # ── the outbox ────────────────────────────────────────────────────────────────────────────────────────

    def _all(self) -> list[tuple[Outgoing, Question]]:
        return [(item, read_question(item)) for item in self.ledger.outbox.all(OUTBOX_KIND)]

    def _waiting(self) -> list[tuple[Outgoing, Question]]:
        """What is not done, the oldest question first."""
        waiting = [(item, question) for item, question in self._all() if not item.done]
        return sorted(waiting, key=lambda entry: (entry[1].date, entry[1].key))


def read_question(item: Outgoing) -> Question:
    """Return the question that the outbox keeps as *item*."""
    return msgspec.convert(item.payload, Question)


def _as_asked(question: Question) -> Question:
    """Return *question* as it was before a run that was cut off took it up."""
    of_the_mail = {check.id for check in CHECKS}
    kept = tuple(objection for objection in question.objections if objection.check in of_the_mail)
    return replace(question, outcome=None, answered_on=None, objections=kept)


def _refused(question: Question, check: str, reason: str) -> Question:
    return replace(question, objections=(*question.objections, Objection(check, reason)), answered_on=None)


def _name(question: Question) -> str:
    return f"answer to {question.sender}"
