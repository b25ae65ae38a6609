"""SMTP: handing one mail to a submission server (RFC 6409), so that one knows whether it has it.

SMTP cannot promise "exactly once": between our last dot and the server's 250 (RFC 5321 section 4.2.5) nobody knows
who is responsible for the mail. That moment is kept as short as can be: the outbox notes *begun* when everything but
the dot has been sent, for without it no server takes a mail, and *done* as soon as the 250 is read.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from base64 import b64encode
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.deliver.errors import DeliveryError, NotThisMail, Refused, Uncertain
from pipeline.mailbox import LoginRefused
from pipeline.mailbox.credentials import Secret, secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.config import SmtpDelivery

TIMEOUT = 60.0
#: How we call ourselves in EHLO. The machine's name is nobody's business, and asking for it may ask the network.
_CALLED = "[127.0.0.1]"
_DOT = re.compile(rb"(?m)^\.")


def send(server: SmtpDelivery, mail: bytes, *, sender: str, to: Sequence[str], begin: Callable[[], object]) -> None:
    """Hand *mail* to *server* for all of *to*, or for none. *sender* is the envelope's; empty is ``<>``.

    *begin* is called right before the mail can be taken; what fails before it has surely not left.

    Raises:
        Refused: the server will never take it (5xx), or the settings are wrong.
        DeliveryError: it was not taken; another time it may be (4xx, no connection; 77: login refused).
        Uncertain: the connection broke when the mail had been handed over.
    """
    if not sender.isascii():
        raise Refused(f"SMTP: {sender}: write the domain in its ASCII form (xn--…)")
    for address in to:
        if not address.isascii():
            raise NotThisMail(f"SMTP: {address}: only addresses in ASCII can be written to")
    word = _secret(server)
    where = f"{server.host}:{server.effective_port()}"
    with _explained(where, word), _connected(server, where) as smtp:
        if word is not None:
            _login(smtp, server.username, word, where)
        _expect(smtp.mail(sender), f"{where} refuses the sender {sender or '<>'}")
        for address in to:
            _expect(smtp.rcpt(address), f"{where} refuses the recipient {address}", for_good=NotThisMail)
        _expect(smtp.docmd("DATA"), f"{where} takes no mail", wanted=354)
        body = mail if mail.endswith(b"\r\n") else mail + b"\r\n"
        smtp.send(_DOT.sub(b"..", body))
        begin()
        with _uncertain(where):
            smtp.send(b".\r\n")
            answer = smtp.getreply()
        _expect(answer, f"{where} refuses the mail", for_good=NotThisMail)


def _secret(server: SmtpDelivery) -> Secret | None:
    if not server.username:
        return None
    try:
        return secret("smtp", server)
    except LoginRefused as error:
        raise DeliveryError(str(error), error.exit_code) from None


@contextmanager
def _connected(server: SmtpDelivery, where: str) -> Iterator[smtplib.SMTP]:
    context = _tls(server)
    smtp: smtplib.SMTP
    if server.security == "tls":
        smtp = smtplib.SMTP_SSL(server.host, server.effective_port(), _CALLED, timeout=TIMEOUT, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.effective_port(), _CALLED, timeout=TIMEOUT)
    try:
        _expect(smtp.ehlo(), f"{where} is not ready")
        if server.security == "starttls":
            if not smtp.has_extn("starttls"):
                raise Refused(f'{where} offers no STARTTLS: set security = "tls" with its port (465)')
            smtp.starttls(context=context)
            _expect(smtp.ehlo(), f"{where} is not ready")
        yield smtp
    finally:
        # The answer to QUIT is not waited for: what was taken is to be noted at once.
        with suppress(OSError, smtplib.SMTPException):
            smtp.putcmd("QUIT")
        smtp.close()


def _tls(server: SmtpDelivery) -> ssl.SSLContext | None:
    if server.security == "plain":
        return None
    try:
        return ssl.create_default_context(cafile=str(Path(server.ca_file).expanduser()) if server.ca_file else None)
    except OSError as error:
        raise Refused(f"SMTP: ca_file {server.ca_file}: {error.strerror or 'no certificate in it'}") from None


def _login(smtp: smtplib.SMTP, user: str, word: Secret, where: str) -> None:
    if not smtp.has_extn("auth"):
        raise Refused(f"{where} offers no login: leave out username, or use the port for submission (465 or 587)")
    if word.is_token:
        # https://developers.google.com/workspace/gmail/imap/xoauth2-protocol
        said = f"user={user}\x01auth=Bearer {word.reveal()}\x01\x01"
        code, text = smtp.docmd("AUTH", f"XOAUTH2 {b64encode(said.encode()).decode()}")
        if code == 334:  # the reason, as JSON; the refusal follows an empty line
            code, text = smtp.docmd("")
    elif user.isascii() and word.reveal().isascii():
        code, text = smtp.login(user, word.reveal())
    else:
        # smtplib's login knows ASCII alone; PLAIN is UTF-8 (RFC 4616 section 2).
        said = f"\0{user}\0{word.reveal()}"
        code, text = smtp.docmd("AUTH", f"PLAIN {b64encode(said.encode()).decode()}")
    if code not in (235, 503):
        raise smtplib.SMTPAuthenticationError(code, text)


def _expect(
    answer: tuple[int, bytes], trouble: str, wanted: int | None = None, for_good: type[Refused] = Refused
) -> None:
    code, text = answer
    if code == wanted or (wanted is None and 200 <= code < 300):
        return
    kind = for_good if 500 <= code < 600 else DeliveryError
    raise kind(f"SMTP: {trouble}: {code} {_line(text)}")


@contextmanager
def _uncertain(where: str) -> Iterator[None]:
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        raise Uncertain(f"SMTP: {where} was cut off before it said that it has the mail: {_line(error)}") from None


@contextmanager
def _explained(where: str, word: Secret | None) -> Iterator[None]:
    """Turn what smtplib, ssl and the socket raise into a DeliveryError of one line without the secret."""
    try:
        yield
    except DeliveryError as error:
        if word is None:
            raise
        raise type(error)(word.redact(str(error)), error.exit_code) from None
    except smtplib.SMTPAuthenticationError as error:
        text = _line(error.smtp_error)
        text = text if word is None else word.redact(text)
        code = os.EX_TEMPFAIL if 400 <= error.smtp_code < 500 else os.EX_NOPERM
        raise DeliveryError(f"SMTP: {where} refuses the login: {error.smtp_code} {text}", code) from None
    except ssl.SSLCertVerificationError as error:
        raise Refused(
            f"SMTP: the certificate of {where} does not hold: {error.verify_message}; for a server with a "
            "certificate of its own set ca_file"
        ) from None
    except ssl.SSLError as error:
        if error.reason == "WRONG_VERSION_NUMBER":
            raise Refused(f'SMTP: {where} does not begin with TLS: set security = "starttls"') from None
        raise DeliveryError(f"SMTP: TLS trouble with {where}: {error.reason}") from None
    except TimeoutError:
        raise DeliveryError(f"SMTP: {where} did not answer in time") from None
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise DeliveryError(f"SMTP: the connection to {where} failed: {_line(error)}") from None


def _line(said: bytes | str | Exception) -> str:
    """What a server or the system said, as one short line without control characters."""
    if isinstance(said, smtplib.SMTPResponseException):
        said = said.smtp_error
    if isinstance(said, OSError):
        said = said.strerror or str(said)
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return "".join(char if char.isprintable() else " " for char in text)[:200].strip()
