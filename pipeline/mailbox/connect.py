"""The way into an account, and what goes wrong on it: connecting, TLS, logging in, and every error in one line.

Whatever goes wrong leaves here as one of three errors with one line for the owner: :class:`Unreachable` (the
next run goes on), :class:`LoginRefused`, :class:`WrongSettings`. imapclient is imported only to connect.
"""

from __future__ import annotations

import re
import socket
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.mailbox import LoginRefused, MailboxError, Unreachable, WrongSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from imapclient import IMAPClient

    from pipeline.config.accounts import Server
    from pipeline.mailbox.credentials import Secret

#: Seconds for the connection with its greeting, and for every later answer of the server.
CONNECT_TIMEOUT = 20.0
READ_TIMEOUT = 60.0

#: Trouble that passes by itself: response codes (RFC 5530 section 3; some providers' own), Gmail's words, Exchange's.
PASSING = re.compile(
    r"\[(UNAVAILABLE|INUSE|LIMIT|THROTTLED|OVERQUOTA|SERVERBUG)\b|too many|is throttled|server unavailable",
    re.IGNORECASE,
)


#: What to do about a certificate that does not hold, by OpenSSL's code (X509_STORE_CTX_get_error(3)).
OWN_CERTIFICATE = "for a server with a certificate of its own set ca_file"
_OTHER_NAME = "set host to a name that stands in the certificate"
_OUT_OF_DATE = "set this machine's clock if it is wrong; else the server needs a new one"
_CURES = {62: _OTHER_NAME, 64: _OTHER_NAME, 9: _OUT_OF_DATE, 10: _OUT_OF_DATE}


class Refused(Unreachable):
    """The server answered NO or BAD, or in a way not understood; the connection is still good."""


class NoFolder(WrongSettings):
    """The server does not open a folder of that name."""


class Uncertified(WrongSettings):
    """The server's certificate does not hold: *fact* says why, *cure* what to do."""

    def __init__(self, fact: str, cure: str) -> None:
        super().__init__(f"{fact}; {cure}")
        self.fact = fact
        self.cure = cure

    @property
    def is_its_own(self) -> bool:
        """Whether the certificate's file would make it hold."""
        return self.cure == OWN_CERTIFICATE


class Cut(Unreachable):
    """The connection is gone, and the server has not said why: another one may hold."""


@dataclass(slots=True)
class Traffic:
    """What an account was asked and what it gave, for ``-v``: commands sent, and bytes of mail received."""

    commands: int = 0
    bytes: int = 0
    tell: Callable[[str], None] = lambda _: None

    def asked(self, command: str) -> None:
        """Count and tell one command."""
        self.commands += 1
        self.tell(command)


class Connection:
    """One connection to one account's server, logged in. Not for use by two threads."""

    def __init__(self, account: str, server: Server, secret: Secret, traffic: Traffic) -> None:
        """Connect and log in.

        Raises:
            Unreachable: no connection, or the server is in trouble.
            LoginRefused: user name and password (or token) are not accepted.
            WrongSettings: the certificate does not hold, or the server does not speak TLS there.
        """
        self._account = account
        self._server = server
        self._secret = secret
        self._traffic = traffic
        self._broken = False
        with self._explained("connecting"):
            self._client = self._connected()
        try:
            with self._explained("logging in"):
                self._login()
                # What the server told with its OK is kept for SEARCH, which would ask for it with a command.
                if "CAPABILITY" in self._client._imap.untagged_responses:
                    self._client.capabilities()
        except BaseException:
            self._drop()
            raise

    def close(self) -> None:
        """Log out, or just hang up if the connection is in trouble; never raises."""
        if not self._broken:
            with suppress(Exception):
                self._traffic.asked("LOGOUT")
                self._client.logout()
                return
        self._drop()

    @property
    def broken(self) -> bool:
        """Whether the connection can no longer be used."""
        return self._broken

    # ── the way in ────────────────────────────────────────────────────────────────────────────────────────

    def _connected(self) -> IMAPClient:
        from imapclient import SocketTimeout

        from pipeline.mailbox.bounds import BoundedClient

        server = self._server
        context = self._tls_context()
        client = BoundedClient(
            server.host,
            server.port,
            ssl=server.security == "tls",
            ssl_context=context,
            timeout=SocketTimeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT),
        )
        try:
            # imapclient has imaplib repr() all it receives, even with logging off: most of a big fetch's CPU.
            client._imap.debug = 0
            # Its search writes twice: with Nagle's algorithm the second waits for the peer's delayed ACK.
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.normalise_times = False
            self._traffic.asked("CAPABILITY")
            if server.security == "starttls":
                if not client.has_capability("STARTTLS"):
                    raise WrongSettings(
                        f"account {self._account}: {server.host} offers no STARTTLS on port {server.port}: "
                        'set security = "tls" with its port (993)'
                    )
                client.starttls(context)
                self._traffic.asked("STARTTLS")
                self._traffic.asked("CAPABILITY")
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
        return client

    def _tls_context(self) -> ssl.SSLContext | None:
        if self._server.security == "plain":
            return None
        ca_file = self._server.ca_file
        try:
            return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
        except OSError as error:
            reason = error.strerror or "no certificate in it"
            raise WrongSettings(f"account {self._account}: ca_file {ca_file}: {reason}") from None

    def _login(self) -> None:
        from imapclient.exceptions import IMAPClientAbortError, LoginError

        client, user, word = self._client, self._server.username, self._secret.reveal()
        self._traffic.asked("LOGIN")
        try:
            if self._secret.is_token:
                if client.has_capability("AUTH=OAUTHBEARER") and not client.has_capability("AUTH=XOAUTH2"):
                    client.oauthbearer_login(user, word)
                else:
                    client.oauth2_login(user, word)
            elif user.isascii() and word.isascii():
                client.login(user, word)
            else:
                # LOGIN has no charset; SASL PLAIN is UTF-8 (RFC 4616 section 2).
                client.plain_login(user, word)
        except LoginError as error:
            # imapclient wraps a connection cut during the login as a refusal.
            if isinstance(error.__context__, IMAPClientAbortError):
                raise error.__context__ from None
            text = self._server_text(error).rstrip(". ")
            if PASSING.search(text):
                raise Unreachable(f"account {self._account}: the server takes no login just now: {text}") from None
            hint = f". {self._server.hint}" if self._server.hint else ""
            raise LoginRefused(f"account {self._account}: login as {user} refused: {text}{hint}") from None
        if self._server.needs_id:
            self._traffic.asked("ID")
            client.id_({"name": "parcel-digest"})

    # ── trouble ───────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _explained(self, doing: str) -> Iterator[None]:
        """Turn what imapclient, imaplib, ssl and the socket raise into a MailboxError of one line."""
        from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError

        who, where = f"account {self._account}", f"{self._server.host}:{self._server.port}"
        try:
            yield
        except MailboxError:
            raise
        except ssl.SSLCertVerificationError as error:
            self._broken = True
            fact = f"{who}: the certificate of {where} does not hold: {error.verify_message.rstrip('.')}"
            raise Uncertified(fact, _CURES.get(error.verify_code, OWN_CERTIFICATE)) from None
        except ssl.SSLError as error:
            self._broken = True
            if error.reason == "WRONG_VERSION_NUMBER":
                raise WrongSettings(f'{who}: {where} does not begin with TLS: set security = "starttls"') from None
            raise Cut(f"{who}: TLS trouble with {where} while {doing}: {error.reason}") from None
        except TimeoutError:
            self._broken = True
            raise Cut(f"{who}: {where} did not answer in time while {doing}") from None
        except (IMAPClientAbortError, OSError) as error:
            self._broken = True
            reason = (error.strerror if isinstance(error, OSError) else None) or self._server_text(error)
            kind = Unreachable if PASSING.search(reason) else Cut
            raise kind(f"{who}: the connection to {where} failed while {doing}: {reason}") from None
        except CapabilityError as error:
            raise WrongSettings(f"{who}: {where}: {self._server_text(error)}") from None
        except IMAPClientError as error:
            raise Refused(f"{who}: {where} refused {doing}: {self._server_text(error)}") from None
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
            # imapclient's parsers raise any of these on an answer that breaks the protocol's grammar; the last one on
            # brackets in brackets in brackets.
            raise Refused(f"{who}: {where} answered {doing} wrongly: {self._server_text(error)}") from None

    def _server_text(self, error: Exception) -> str:
        """What the server said, as one short line without control characters and without the secret."""
        text = str(error.args[0]) if error.args and not isinstance(error.args[0], bytes) else ""
        if error.args and isinstance(error.args[0], bytes):
            text = error.args[0].decode("utf-8", "replace")
        # imaplib and imapclient quote the server's bytes as Python would: [b'…'].
        text = re.sub(r"""\[?b(['"])(.*?)\1\]?""", r"\2", self._secret.redact(text))
        return "".join(char if char.isprintable() else " " for char in text)[:200].strip()

    def _drop(self) -> None:
        self._broken = True
        with suppress(OSError, AttributeError):
            client: Any = self._client
            client.shutdown()
