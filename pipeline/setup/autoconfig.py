"""Find the IMAP server of a mail address as mail programs do (draft-bucksch-autoconfig-03, "Mail Autoconfig").

The places are asked one after the other, in the order of section 4 of the draft, and the search ends with the first
answer. Places that cannot be asked over https (1.3) are left out, and so is guessing. The provider's own places are
told the address, as the draft has it; the public database is told the domain alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: The public database of mail providers, which the Thunderbird project keeps (%ISPDB% of the draft).
DATABASE = "https://autoconfig.thunderbird.net/v1.1/"

#: Below these second-level labels names are given out to anybody: example.co.uk, not co.uk, is somebody's domain.
_PUBLIC = frozenset({"ac", "co", "com", "edu", "gob", "gov", "go", "ne", "net", "or", "org"})

_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_SECURITY = {"SSL": "tls", "STARTTLS": "starttls"}
_PASSWORDS = {"password-cleartext", "password-encrypted", "plain", "secure"}


@dataclass(frozen=True, slots=True)
class Found:
    """An IMAP server that takes the mails of an address.

    Attributes:
        username: with which to log in; empty for the address itself.
        passwords, tokens: whether it takes passwords, and OAuth2 access tokens.
        place: the address from which this is known.
    """

    host: str
    port: int
    security: str
    username: str = ""
    passwords: bool = True
    tokens: bool = False
    place: str = ""


def discover(
    address: str,
    fetch: Callable[[str], bytes | None],
    mail_exchanger: Callable[[str], str | None],
) -> Found | None:
    """Return the server of *address*, or ``None``.

    *fetch* returns what lies at an https address, or ``None``; *mail_exchanger* the first MX host of a domain.
    """
    domain = domain_of(address)
    if domain is None:
        return None
    for place in (*own_places(address, domain), f"{DATABASE}{domain}"):
        if found := read_config(fetch(place), address, place):
            return found
    exchanger = mail_exchanger(domain)
    for place in exchanger_places(address, exchanger) if exchanger else ():
        if found := read_config(fetch(place), address, place):
            return found
    return None


def domain_of(address: str) -> str | None:
    """Return the domain of *address* in ASCII (RFC 5891), or ``None`` where it is no host name."""
    try:
        domain = address.rpartition("@")[2].lower().encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return domain if _HOST.fullmatch(domain) else None


def own_places(address: str, domain: str) -> tuple[str, str]:
    """Return where the provider itself would tell it: 1.1 and 1.2 of the draft."""
    return (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={quote(address, safe='')}",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    )


def exchanger_places(address: str, host: str) -> Iterator[str]:
    """Yield where the one who takes the domain's mails would tell it: 3.1 to 3.4 of the draft."""
    labels = host.lower().rstrip(".").split(".")
    if not _HOST.fullmatch(".".join(labels)) or len(labels) < 3:
        return
    base = 3 if len(labels[-1]) == 2 and labels[-2] in _PUBLIC else 2
    if len(labels) <= base:
        return
    domains = dict.fromkeys((".".join(labels[1:]), ".".join(labels[-base:])))
    for domain in domains:
        yield own_places(address, domain)[0]
    for domain in domains:
        yield f"{DATABASE}{domain}"


def read_config(data: bytes | None, address: str, place: str) -> Found | None:
    """Read a file of the format config-v1.1; ``None`` where it is none, or names no IMAP server with TLS.

    TLS from the beginning goes before STARTTLS, and that is all the order there is beside the file's own.
    """
    # Neither kind of declaration has a use there, and both are how XML attacks its readers.
    if not data or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return None
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    servers = [
        found
        for element in root.iterfind("emailProvider/incomingServer")
        if element.get("type") == "imap" and (found := _server(element, address, place))
    ]
    return min(servers, key=lambda server: server.security != "tls", default=None)


def _server(element: ElementTree.Element, address: str, place: str) -> Found | None:
    host = _filled(element.findtext("hostname") or "", address).lower()
    port = element.findtext("port", "").strip()
    security = _SECURITY.get(element.findtext("socketType", "").strip())
    username = _filled(element.findtext("username") or "%EMAILADDRESS%", address)
    ways = {(way.text or "").strip() for way in element.iterfind("authentication")}
    if not _HOST.fullmatch(host) or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        return None
    if security is None or not username.isprintable():
        return None
    return Found(
        host=host,
        port=int(port),
        security=security,
        username="" if username == address else username,
        passwords=not ways or bool(ways & _PASSWORDS),
        tokens="OAuth2" in ways,
        place=place,
    )


def _filled(text: str, address: str) -> str:
    local, _, domain = address.rpartition("@")
    for name, value in (("EMAILADDRESS", address), ("EMAILLOCALPART", local), ("EMAILDOMAIN", domain)):
        text = text.replace(f"%{name}%", value)
    return text.strip()
