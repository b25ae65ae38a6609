"""A real SMTP server for the tests (aiosmtpd): keeps what it takes, and refuses or hangs up where it is told to."""

from __future__ import annotations

import asyncio
import ssl
import threading
import warnings
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message
    from pathlib import Path

DROP = "DROP"

#: Where a conversation can be made to end, in its order. BODY is behind the last dot, before the answer, and the mail
#: is lost; LOST is there, too, but the mail has been kept and only the answer is lost.
STATES = ("CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "LOST")


@dataclass(frozen=True)
class Received:
    """One mail as it was handed over."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes

    @property
    def message(self) -> Message:
        return message_from_bytes(self.data)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class Sink:
    """To be used in a ``with``.

    Attributes:
        answers: by state, the reply that is given instead of the usual one; ``DROP`` hangs up.
        mails: what was taken, in order.
        login: user name and password that are asked for.
        delay: seconds before every answer.
        forward: gets every mail that was taken, before the sender is told so: a way into a mailbox.
        travelling: what forwards the mails; joined, they have arrived.
        called: set when somebody connects.
        certificate: PEM file with certificate and key, for TLS from the first byte or with STARTTLS.
    """

    certificate: Path | None = None
    key: Path | None = None
    security: str = "plain"
    login: tuple[str, str] | None = None
    delay: float = 0.0
    answers: dict[str, str] = field(default_factory=dict)
    mails: list[Received] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    port: int = 0
    forward: Callable[[bytes], object] | None = None
    travelling: list[threading.Thread] = field(default_factory=list)
    called: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Sink:
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        context = None
        if self.security != "plain":
            assert self.certificate is not None
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self.certificate, self.key)

        def connection() -> _Conversation:
            with warnings.catch_warnings():
                # It warns of logins without TLS, which never leave this machine.
                warnings.simplefilter("ignore", UserWarning)
                return _Conversation(
                    self,
                    hostname="sink.example",
                    loop=self._loop,
                    tls_context=context if self.security == "starttls" else None,
                    require_starttls=self.security == "starttls",
                    authenticator=self._authenticate,
                    auth_required=self.login is not None,
                    auth_require_tls=False,
                )

        tls = context if self.security == "tls" else None
        server = self._loop.run_until_complete(self._loop.create_server(connection, "127.0.0.1", 0, ssl=tls))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(server.wait_closed())
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _authenticate(self, _: Any, __: Any, ___: Any, mechanism: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode())
        self.logins.append(mechanism)
        return AuthResult(success=given == self.login, handled=False)


class _Conversation(SMTP):
    """One connection. Every step asks first whether it shall be refused or cut."""

    def __init__(self, sink: Sink, **settings: Any) -> None:
        super().__init__(self, **settings)
        self._sink = sink

    async def _instead(self, state: str) -> str | None:
        if self._sink.delay:
            await asyncio.sleep(self._sink.delay)
        answer = self._sink.answers.get(state)
        if answer == DROP and self.transport is not None:
            self.transport.abort()
            raise ConnectionResetError
        return answer

    def connection_made(self, transport: Any) -> None:
        self._sink.called.set()
        if self._sink.answers.get("CONNECT") == DROP:
            transport.abort()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            super().connection_lost(error)

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, _: SMTP, session: Session, __: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        answer = await self._instead("EHLO")
        session.host_name = hostname
        return [answer] if answer else responses

    async def handle_MAIL(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802
        if answer := await self._instead("MAIL"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802
        if answer := await self._instead("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        if answer := await self._instead("AUTH"):
            await self.push(answer)
        else:
            await super().smtp_AUTH(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if answer := await self._instead("DATA"):
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        if answer := await self._instead("BODY"):
            return answer
        content = envelope.original_content
        assert content is not None
        mail = Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content)
        self._sink.mails.append(mail)
        if self._sink.forward is not None:
            self._sink.travelling.append(threading.Thread(target=self._sink.forward, args=(content,)))
            self._sink.travelling[-1].start()
            await asyncio.get_running_loop().run_in_executor(None, self._sink.travelling[-1].join)
        return await self._instead("LOST") or "250 taken"
