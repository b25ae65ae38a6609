"""What stands between the program and a server: a proxy that records and cuts; and a server with a script."""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import suppress
from typing import ClassVar


class _Listener:
    """A loopback port whose connections each run in a thread of their own; to be used in a ``with``."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._listening = socket.create_server((host, 0))
        self.host, self.port = self._listening.getsockname()[:2]
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # A close alone does not wake the accept; a connection does.
        self._closing = True
        with suppress(OSError):
            socket.create_connection((self.host, self.port), 1).close()
        self._thread.join()
        self._listening.close()
        for side in self._open:
            _hang_up(side)

    _closing = False

    def _accept(self) -> None:
        while True:
            client, _ = self._listening.accept()
            if self._closing:
                client.close()
                return
            self._open.append(client)
            threading.Thread(target=self._served, args=(client,), daemon=True).start()

    def _served(self, client: socket.socket) -> None:
        raise NotImplementedError


class Proxy(_Listener):
    """Passes bytes on to a port of 127.0.0.1 and keeps them.

    Attributes:
        sent, received: all bytes from and to the client.
        round_trips: how often the client spoke after the server had.
        cut_after: the connection is closed when so many bytes have been passed to the client.
        cut_on: the connection is closed instead of passing on a command that matches.
        delay: seconds every command is held back.
    """

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        super().__init__(host)
        self._to = port
        self.delay = 0.0
        self.cut_after: int | None = None
        self.cut_on: re.Pattern[bytes] | None = None
        self.forget()

    def forget(self) -> None:
        self.sent = b""
        self.received = b""
        self.round_trips = 0
        self._server_spoke = True

    @property
    def commands(self) -> list[bytes]:
        """Every command the client sent, without its tag."""
        return [line.partition(b" ")[2] for line in self.sent.split(b"\r\n") if b" " in line]

    def count(self, pattern: bytes) -> int:
        """How many commands match *pattern*."""
        return sum(1 for command in self.commands if re.search(pattern, command))

    def _served(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._to))
        for side in (client, server):
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open.append(server)
        threading.Thread(target=self._pass_up, args=(client, server), daemon=True).start()
        self._pass_down(client, server)

    def _pass_up(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if self.cut_on and self.cut_on.search(data):
                    break
                self.sent += data
                self.round_trips += self._server_spoke
                self._server_spoke = False
                if self.delay:
                    time.sleep(self.delay)
                server.sendall(data)
        _hang_up(client, server)

    def _pass_down(self, client: socket.socket, server: socket.socket) -> None:
        passed = 0
        with suppress(OSError):
            while data := server.recv(65536):
                self._server_spoke = True
                if self.cut_after is not None and passed + len(data) > self.cut_after:
                    client.sendall(data[: self.cut_after - passed])
                    break
                passed += len(data)
                self.received += data
                client.sendall(data)
        _hang_up(client, server)


class ScriptedServer(_Listener):
    """Speaks IMAP from a table, for what no real server can be made to say.

    *script* maps a pattern of the command (without tag) to an answer, or to a list of answers of which the
    last one stays; ``{tag}`` stands for the command's tag. An answer that ends in ``CLOSE`` hangs up.
    """

    BASICS: ClassVar[dict[bytes, str]] = {
        rb"^CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n",
        rb"^LOGIN": "{tag} OK logged in\r\n",
        rb"^LOGOUT": "* BYE bye\r\n{tag} OK done\r\nCLOSE",
        rb"^EXAMINE": "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n{tag} OK done\r\n",
    }

    def __init__(self, script: dict[bytes, str | list[str]], greeting: str = "* OK ready\r\n") -> None:
        super().__init__()
        self._script = {**script, **{key: value for key, value in self.BASICS.items() if key not in script}}
        self._greeting = greeting
        self.commands: list[bytes] = []

    def _served(self, client: socket.socket) -> None:
        with suppress(OSError), client.makefile("rb") as lines:
            client.sendall(self._greeting.encode())
            for line in lines:
                tag, _, command = line.rstrip(b"\r\n").partition(b" ")
                self.commands.append(command)
                answer = self._answer(command).replace("{tag}", tag.decode())
                client.sendall(answer.removesuffix("CLOSE").encode("latin-1"))
                if answer.endswith("CLOSE"):
                    break
        _hang_up(client)

    def _answer(self, command: bytes) -> str:
        for pattern, answer in self._script.items():
            if re.search(pattern, command):
                if isinstance(answer, str):
                    return answer
                return answer.pop(0) if len(answer) > 1 else answer[0]
        return "{tag} BAD not in the script\r\n"


def _hang_up(*sides: socket.socket) -> None:
    for side in sides:
        with suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)
        side.close()
