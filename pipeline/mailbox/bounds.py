"""An IMAP client that no server can keep waiting for ever, or fill the memory of.

imaplib puts a timeout on each receive only, so that a server which sends a byte a minute is waited for till the end
of days, and it makes room for whatever length a literal claims to have. Here every answer has a budget of time and
bytes, from the moment its command is sent, and so has the whole connection.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
import time
from typing import Any

from imapclient import IMAPClient
from imapclient.imap4 import IMAP4WithTimeout
from imapclient.tls import IMAP4_TLS

#: Seconds that an answer may take, and bytes a second that lengthen them: a slow line is no hostile one.
PATIENCE = 180.0
PACE = 4_000

#: Bytes of one answer: a batch of bodies has 4 MB, the senders and subjects of 4,000 mails have one.
ANSWER = 32_000_000

#: Bytes of one literal, that is of one text of one mail: many times the largest mail that is asked for whole.
LITERAL = 16_000_000

#: What a line of an answer costs beside its bytes: the objects that imaplib makes of it.
LINE = 100

#: Seconds of one connection: what is left is for the next run.
CONNECTION = 3_600.0


class _Budget:
    """What the answer that is being received may still take."""

    def __init__(self) -> None:
        self._over = time.monotonic() + CONNECTION
        self.renew()

    def renew(self) -> None:
        """A command is sent: its answer has all of the budget."""
        self._since = time.monotonic()
        self._received = 0
        self._lines = 0

    def check_time(self) -> None:
        """Raise TimeoutError when the time is up."""
        now = time.monotonic()
        if now > self._over or now > self._since + PATIENCE + self._received / PACE:
            raise TimeoutError("it took too long")

    def spend(self, received: int = 0, lines: int = 0) -> None:
        """Take bytes or lines from it. Raises ConnectionError when they are not there any more."""
        self._received += received
        self._lines += lines
        if self._received + self._lines * LINE > ANSWER:
            raise ConnectionError(f"an answer of more than {ANSWER:,} bytes")


class _Spending:
    """A socket that is read on a budget."""

    budget: _Budget

    def recv_into(self, *where: Any) -> int:
        self.budget.check_time()
        count: int = super().recv_into(*where)  # type: ignore[misc]
        self.budget.spend(count)
        return count


class _PlainSocket(_Spending, socket.socket):
    """Without TLS."""


class _TlsSocket(_Spending, ssl.SSLSocket):
    """With TLS."""


class _Bounded:
    """What both kinds of imaplib's connection get."""

    budget: _Budget

    def starttls(self, ssl_context: ssl.SSLContext) -> Any:
        ssl_context.sslsocket_class = self._tls_socket()
        return super().starttls(ssl_context)  # type: ignore[misc]

    def send(self, data: bytes) -> None:
        self.budget.renew()
        super().send(data)  # type: ignore[misc]

    def read(self, size: int) -> bytes:
        if size > LITERAL:
            raise ConnectionError(f"a text of {size:,} bytes")
        read: bytes = super().read(size)  # type: ignore[misc]
        return read

    def readline(self) -> bytes:
        self.budget.spend(lines=1)
        try:
            line: bytes = super().readline()  # type: ignore[misc]
        except imaplib.IMAP4.error as error:
            # imaplib reads no line over a million bytes, and its rest would be taken for the next answer.
            raise ConnectionError(str(error)) from None
        return line

    def _tls_socket(self) -> type[_TlsSocket]:
        # The context makes the socket and its first receive: only the class can bring the budget there.
        return type("_TlsSocket", (_TlsSocket,), {"budget": self.budget})


class _Plain(_Bounded, IMAP4WithTimeout):  # type: ignore[misc]
    """A connection without TLS, or before it."""

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        self.budget = _Budget()
        made = super()._create_socket(timeout)
        seconds = made.gettimeout()
        bounded = _PlainSocket(made.family, made.type, made.proto, made.detach())
        bounded.settimeout(seconds)
        bounded.budget = self.budget
        return bounded


class _Tls(_Bounded, IMAP4_TLS):  # type: ignore[misc]
    """A connection with TLS from the start."""

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        self.budget = _Budget()
        self.ssl_context.sslsocket_class = self._tls_socket()
        made: socket.socket = super()._create_socket(timeout)
        return made


class BoundedClient(IMAPClient):  # type: ignore[misc]
    """imapclient's client; going over a bound is a TimeoutError or a ConnectionError, and the connection is lost."""

    def _create_IMAP4(self) -> Any:  # noqa: N802 - imapclient's name
        seconds = getattr(self._timeout, "connect", None)
        if self.ssl:
            return _Tls(self.host, self.port, self.ssl_context, seconds)
        return _Plain(self.host, self.port, seconds)
