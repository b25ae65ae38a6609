"""An IMAP server that speaks from a table, for what no real server can be made to say."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import ClassVar

from wire import Listener, hang_up

#: What a command is answered with: a text, texts one after the other (the last one stays), or a function of the
#: command that returns a text or yields bytes for as long as the client listens.
Answer = str | list[str] | Callable[[bytes], str | Iterable[bytes]]


class ScriptedServer(Listener):
    """To be used in a ``with``; ``commands`` is what clients sent, without tags.

    *script* maps a pattern of the command to its :data:`Answer`; ``{tag}`` in a text stands for the command's
    tag. A text that ends in ``CLOSE`` hangs up. A line without a blank (a SASL answer) belongs to the command
    before it.
    """

    BASICS: ClassVar[dict[bytes, Answer]] = {
        rb"^CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n",
        rb"^LOGIN": "{tag} OK logged in\r\n",
        rb"^LOGOUT": "* BYE bye\r\n{tag} OK done\r\nCLOSE",
        rb"^EXAMINE": "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n{tag} OK done\r\n",
    }

    def __init__(self, script: Mapping[bytes, Answer], greeting: Answer = "* OK ready\r\n") -> None:
        super().__init__()
        self._script: dict[bytes, Answer] = {
            key: list(value) if isinstance(value, list) else value for key, value in script.items()
        }
        self._script |= {key: value for key, value in self.BASICS.items() if key not in script}
        self._greeting = greeting
        self.commands: list[bytes] = []

    def _served(self, client: socket.socket) -> None:
        with suppress(OSError), client.makefile("rb") as lines:
            going_on = self._say(client, self._greeting, "*", b"")
            tag = ""
            while going_on and (line := lines.readline()):
                first, blank, rest = line.rstrip(b"\r\n").partition(b" ")
                command = rest if blank else first
                tag = first.decode() if blank else tag
                self.commands.append(command)
                going_on = self._say(client, self._answer(command), tag, command)
        hang_up(client)

    @staticmethod
    def _say(client: socket.socket, answer: Answer, tag: str, command: bytes) -> bool:
        """Send *answer*; return whether the connection goes on."""
        if callable(answer):
            answer = answer(command)  # type: ignore[assignment]
        elif isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if not isinstance(answer, str):
            for piece in answer:  # type: ignore[union-attr]
                client.sendall(piece)
            return True
        client.sendall(answer.replace("{tag}", tag).removesuffix("CLOSE").encode("latin-1"))
        return not answer.endswith("CLOSE")

    def _answer(self, command: bytes) -> Answer:
        for pattern, answer in self._script.items():
            if re.search(pattern, command):
                return answer
        return "{tag} BAD not in the script\r\n"
