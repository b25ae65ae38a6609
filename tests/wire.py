"""What stands between the program and a server: a proxy that records, delays, throttles, stalls and cuts."""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from contextlib import suppress


class Listener:
    """A loopback port whose connections each run in a thread of their own; to be used in a ``with``.

    Attributes:
        connections: how many there have been.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._listening = socket.create_server((host, 0))
        self.host, self.port = self._listening.getsockname()[:2]
        self.connections = 0
        self._open: list[socket.socket] = []
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # A close alone does not wake the accept; a connection does.
        self._closing.set()
        with suppress(OSError):
            socket.create_connection((self.host, self.port), 1).close()
        self._thread.join()
        self._listening.close()
        for side in self._open:
            hang_up(side)

    def _accept(self) -> None:
        while True:
            client, _ = self._listening.accept()
            if self._closing.is_set():
                client.close()
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._open.append(client)
            threading.Thread(target=self._served, args=(client,), daemon=True).start()

    def _served(self, client: socket.socket) -> None:
        raise NotImplementedError


class Proxy(Listener):
    """Passes bytes on to a port of 127.0.0.1 and keeps them. Its faults may be set and taken back at any time.

    Attributes:
        sent, received: all bytes from and to the client.
        round_trips: how often the client spoke after the server had.
        delay: seconds every command is held back.
        rate: bytes a second that the client is given at the most.
        chunk: bytes that the client is given at once.
        cut_after: the connection is cut when so many bytes have been passed to the client.
        cut_on: the connection is cut instead of passing on a command that matches.
        reset: a cut is a TCP reset (RST) instead of an orderly end (FIN).
        stall_after: after so many bytes nothing more is passed to the client, and the connection stays open.
    """

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        super().__init__(host)
        self._to = port
        self.delay = 0.0
        self.rate: float | None = None
        self.chunk = 65_536
        self.cut_after: int | None = None
        self.cut_on: re.Pattern[bytes] | None = None
        self.reset = False
        self.stall_after: int | None = None
        self.forget()

    def forget(self) -> None:
        self.sent = b""
        self.received = b""
        self.round_trips = 0
        self._server_spoke = True

    def heal(self) -> None:
        """Take back every fault."""
        self.delay, self.rate, self.chunk = 0.0, None, 65_536
        self.cut_after = self.cut_on = self.stall_after = None
        self.reset = False

    @property
    def commands(self) -> list[bytes]:
        """Every command the client sent, without its tag."""
        return [line.partition(b" ")[2] for line in self.sent.split(b"\r\n") if b" " in line]

    def count(self, pattern: bytes) -> int:
        """How many commands match *pattern*."""
        return sum(1 for command in self.commands if re.search(pattern, command))

    def _served(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._to))
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open.append(server)
        threading.Thread(target=self._pass_up, args=(client, server), daemon=True).start()
        self._pass_down(client, server)

    def _pass_up(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if self.cut_on and self.cut_on.search(data):
                    self._cut(client, server)
                    return
                self.sent += data
                self.round_trips += self._server_spoke
                self._server_spoke = False
                if self.delay:
                    time.sleep(self.delay)
                server.sendall(data)
        hang_up(client, server)

    def _pass_down(self, client: socket.socket, server: socket.socket) -> None:
        passed = 0
        with suppress(OSError):
            while data := server.recv(65536):
                self._server_spoke = True
                if self.stall_after is not None and passed + len(data) > self.stall_after:
                    self._give(client, data[: self.stall_after - passed])
                    self._closing.wait()
                    break
                if self.cut_after is not None and passed + len(data) > self.cut_after:
                    self._give(client, data[: self.cut_after - passed])
                    self._cut(client, server)
                    return
                passed += len(data)
                self.received += data
                self._give(client, data)
        hang_up(client, server)

    def _give(self, client: socket.socket, data: bytes) -> None:
        for start in range(0, len(data), self.chunk):
            piece = data[start : start + self.chunk]
            client.sendall(piece)
            if self.rate:
                time.sleep(len(piece) / self.rate)

    def _cut(self, client: socket.socket, server: socket.socket) -> None:
        if self.reset:
            reset(client)
        hang_up(client, server)


def hang_up(*sides: socket.socket) -> None:
    """End connections in order (FIN); never raises."""
    for side in sides:
        with suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)
        side.close()


def reset(side: socket.socket) -> None:
    """End a connection with a TCP reset."""
    with suppress(OSError):
        # What the peer has not read yet is lost with a reset: give it the time to.
        time.sleep(0.02)
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # A receive in another thread would keep the connection alive beyond its close.
        side.shutdown(socket.SHUT_RD)
        side.close()
