"""The two questions that finding a server asks the network: a page over https, and a domain's mail exchanger."""

from __future__ import annotations

import time
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

if TYPE_CHECKING:
    from http.client import HTTPMessage
    from typing import IO

#: Seconds a place may take to answer, and bytes its answer may have: real ones have about two thousand.
TIMEOUT = 10.0
MAX_BYTES = 100_000


class _HttpsOnly(HTTPRedirectHandler):
    max_redirections = 3

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if not newurl.startswith("https://"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def page(address: str) -> bytes | None:
    """Return what lies at the https *address*; ``None`` where nothing does, or nobody answers.

    Redirects lead to https addresses only. A proxy is taken from the environment (``https_proxy``).
    """
    opener = build_opener(_HttpsOnly, HTTPSHandler(), ProxyHandler())
    try:
        with opener.open(Request(address, headers={"User-Agent": "parcel-digest"}), timeout=TIMEOUT) as answer:
            deadline = time.monotonic() + TIMEOUT
            data = b""
            while piece := answer.read1(MAX_BYTES):
                data += piece
                # A server that sends a byte now and then would keep us for days.
                if len(data) > MAX_BYTES or time.monotonic() > deadline:
                    return None
            return data
    except (OSError, HTTPException, ValueError):  # URLError and HTTPError are OSErrors
        return None


def mail_exchanger(domain: str) -> str | None:
    """Return the host that takes the mails of *domain*, of the best preference (RFC 5321 section 5.1), if any."""
    from dns.exception import DNSException
    from dns.resolver import resolve

    try:
        records = resolve(domain, "MX", lifetime=TIMEOUT)
    except (DNSException, OSError):
        return None
    best = min(records, key=lambda record: (record.preference, record.exchange.to_text()))
    return str(best.exchange.to_text(omit_final_dot=True)) or None
