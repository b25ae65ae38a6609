"""The certificate of a server that no public authority vouches for: whether a file holds one, and how to get it."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from pipeline.config.checks import expand

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.config.accounts import Server


def certificate_file(text: str) -> Path:
    """Return the full path of the file *text*, which holds a certificate. Raises ValueError, in one line."""
    path = expand(text).absolute()
    try:
        ssl.create_default_context(cafile=str(path))
    except ssl.SSLError:
        raise ValueError(f"{text}: no certificate in it (one begins with -----BEGIN CERTIFICATE-----)") from None
    except OSError as error:
        raise ValueError(f"{text}: {error.strerror}") from None
    return path


def how_to_get_it(server: Server) -> str:
    """Return the command that writes the certificate of *server* into a file (openssl-s_client(1))."""
    starttls = " -starttls imap" if server.security == "starttls" else ""
    asked = f"openssl s_client -connect {server.host}:{server.port}{starttls}"
    return f"{asked} </dev/null | openssl x509 > {server.host}.pem"
