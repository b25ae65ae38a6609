"""Asks one thing until the answer can be used: says in one line what is wrong with it, and asks again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import typer

T = TypeVar("T")

#: So often something is asked before it is given up: whoever answers may be no person.
TRIES = 6


class AnswerError(Exception):
    """An answer that is missing or cannot be used, and nobody to ask again; *exit_code* is 2 or from sysexits.h."""

    def __init__(self, text: str, exit_code: int = 2) -> None:
        super().__init__(text)
        self.exit_code = exit_code


class Asker:
    """Asks on the terminal. ``interactive``: whether anybody can be asked."""

    def __init__(self, *, interactive: bool) -> None:
        self.interactive = interactive

    def value(
        self,
        question: str,
        understood: Callable[[str], T],
        *,
        option: str = "",
        given: str = "",
        default: str | None = None,
        exit_code: int = 2,
    ) -> T:
        """Return what the answer to *question* means.

        *understood* makes a value of the text or raises ValueError; *given* is what the *option* says already;
        *default* stands for an empty answer. Raises AnswerError, with *exit_code* where the option is wrong.
        """
        complaint = ""
        if given:
            try:
                return understood(given)
            except ValueError as error:
                complaint = str(error)
            if not self.interactive:
                raise AnswerError(f"{option}: {complaint}", exit_code)
            print(complaint)
        elif not self.interactive:
            if default is not None:
                return understood(default)
            raise AnswerError(f"{option} is missing, and there is no terminal to ask on")
        for _ in range(TRIES):
            try:
                return understood(self._answer(question, default or ""))
            except ValueError as error:
                complaint = str(error)
                print(complaint)
        raise AnswerError(f"given up after {TRIES} answers, nothing is written: {complaint}")

    def hidden(self, question: str) -> str:
        """Return what is typed without being shown, which is not empty."""
        for _ in range(TRIES):
            if answer := self._answer(question, "", hidden=True):
                return answer
            print("nothing was typed")
        raise AnswerError(f"given up after {TRIES} answers, nothing is written")

    def yes(self, question: str) -> bool:
        """Return whether *question* is agreed to, as it is where nobody can be asked."""
        return not self.interactive or self.value(f"{question} [Y/n]", _yes)

    def _answer(self, question: str, default: str, *, hidden: bool = False) -> str:
        try:
            answer: str = typer.prompt(question, default=default, show_default=bool(default), hide_input=hidden)
        except typer.Abort as error:
            if isinstance(error.__context__, KeyboardInterrupt):
                raise KeyboardInterrupt from None
            raise AnswerError(f"the input ended at the question “{question}”, nothing is written") from None
        return answer if hidden else answer.strip()


def _yes(text: str) -> bool:
    if text.lower() not in ("", "y", "yes", "n", "no"):
        raise ValueError(f'"{text}" is neither y nor n')
    return text.lower() in ("", "y", "yes")
