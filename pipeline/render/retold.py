"""What the ledger keeps in English, as it was noted when a mail came: found again among messages, to be spoken.

Why a mail is suspicious (``trust``) or unreadable (``parse``, ``mailbox``) is kept in words, since a ledger outlives
its settings. What is not known here, such as an error of the operating system, stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from pipeline.model import Saying, say

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTED: Final = (
    say("the server {server} says that it is not from {domain} (DMARC)"),
    say("its domain {domain} only looks like {borrowed}"),
    say("its domain {domain} is written in punycode"),
    say("its domain {domain} mixes scripts"),
    say("calls itself {name} but writes from {domain}"),
    say("its subject names {name} but it is from {domain}"),
    say("it has {number} From headers"),
    say("its From header names several addresses: {addresses}"),
    say("its From header names no address"),
    say("the sender is not who it claims to be"),
    say("the mail is empty"),
    say("this is no mail: it has none of the headers that mails have"),
    say("the mail cannot be taken apart: {error}"),
    say("the server no longer has it"),
    say("not a regular file"),
)


def retold(words: str) -> Saying:
    """Return the saying that *words*, noted in English, were made of; words that are not known stay words."""
    for saying, shape in _shapes():
        if found := shape.fullmatch(words):
            return say(saying.message, **found.groupdict())
    return Saying("{words}", (("words", words),))


@cache
def _shapes() -> tuple[tuple[Saying, re.Pattern[str]], ...]:
    return tuple((saying, re.compile("".join(_parts(saying.message)), re.DOTALL)) for saying in _NOTED)


def _parts(message: str) -> Iterator[str]:
    # The words between placeholders never stand inside a domain or a name, so the shortest match is the right one.
    for place, piece in enumerate(re.split(r"\{([a-z]+)\}", message)):
        yield f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece)
