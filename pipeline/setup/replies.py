"""What each answer to `init` means: from the text that was given to its value.

Each raises ValueError for what cannot be meant, with one line that says what is wrong.
"""

from __future__ import annotations

import difflib
import re
import shutil
from typing import TYPE_CHECKING

from pipeline.config import DELIVERIES, Config, Digest
from pipeline.config import checks as settings
from pipeline.config.accounts import SECURITIES, providers
from pipeline.setup.answers import words
from pipeline.setup.certificate import certificate_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

#: Answers to what is to be changed after a failed login.
CHANGES = ("password", "user", "server", "nothing")

#: "imap.example.org", "imap.example.org:993", "[::1]:993", "imaps://imap.example.org:993/".
_PLACE = re.compile(
    r"(?:imaps?://)?(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:/@\[\],;]+))(?::(?P<port>[^:/]*))?/?|(?P<bare>[0-9A-Fa-f:]+)"
)


def address(text: str) -> str:
    """A mail address."""
    _without_key("address", lambda key: settings.mail_address(key, text))
    return text


def place(text: str) -> tuple[str, int | None]:
    """The host of a server, and its port where that was written behind it."""
    if not text:
        raise ValueError("the server has a name, as imap.example.org: your provider's help pages tell it under IMAP")
    found = _PLACE.fullmatch(text)
    if found is None or not text.isprintable():
        raise ValueError(f'"{text}" is no name of a server: write it as imap.example.org')
    host = found["host"] or found["six"] or found["bare"]
    return host, None if found["port"] is None else port(found["port"])


def port(text: str) -> int:
    """A port, from 1 to 65535."""
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65536:
        raise ValueError(f'"{text}" is no port: it is a number, mostly 993 with tls and 143 with starttls')
    return int(text)


def security(text: str, host: str = "") -> str:
    """How the way to *host* is kept from others' eyes; SSL is what older programs call TLS."""
    word = {"ssl": "tls", "ssl/tls": "tls"}.get(text.lower(), text.lower())
    _without_key("security", lambda key: settings.one_of(key, word, SECURITIES))
    if word == "plain" and host and not settings.is_loopback(host):
        raise ValueError(f'"plain" would send the password readable to {host}: take tls or starttls')
    return word


def user_name(text: str) -> str:
    """A user name."""
    settings.one_line("user name", text, empty=False)
    return text


def provider(text: str) -> str:
    """The key of a known provider; empty: it is none of them."""
    if text and text not in providers():
        near = difflib.get_close_matches(text.lower(), providers(), n=3) or ["gmail", "yahoo", "…"]
        raise ValueError(f'"{text}" is no provider that is known ({", ".join(near)}): name its server by --host')
    return text


def certificate(text: str) -> str:
    """The full path of a file with a certificate, since the job may start in another folder; empty: there is none."""
    return str(certificate_file(text)) if text else ""


def command(text: str) -> list[str]:
    """The words of a command; none at all where the answer is empty."""
    try:
        found = words(text)
    except ValueError as error:
        raise ValueError(f"the command cannot be taken apart: {error}") from None
    _without_key("command", lambda key: settings.command_line(key, found))
    return found


def program(text: str) -> list[str]:
    """The same, of an answer: its first word is a program of this machine. What was typed is never repeated, since it
    may be the password itself."""
    found = command(text)
    if found and shutil.which(found[0]) is None:
        raise ValueError("that begins with no program of this machine; was it the password? press Enter alone first")
    if "|" in found:
        raise ValueError("no shell runs the command, so it cannot have a |: write it as sh -c '… | …'")
    return found


def account_name(text: str) -> str:
    """The name of an account."""
    settings.account_name(text)
    return text


def time_zone(text: str) -> str:
    """The name of a time zone; empty: the machine's own."""
    if text:
        _without_key("timezone", lambda _: Config(timezone=text))
    return text


def channels(text: str) -> list[str]:
    """Where the digest goes, with commas between; what needs settings of its own is not among them."""
    names = listed(text)
    if not names:
        raise ValueError(f"the digest has to go somewhere: {', '.join(DELIVERIES[:3])}")
    _without_key("deliver", lambda _: Digest(deliver=tuple(names)))
    return names


def folders(text: str, there: Collection[str]) -> list[str]:
    """Folders with commas between, all of which are *there*."""
    names = listed(text)
    if not names:
        raise ValueError("at least one folder has to be read, as INBOX")
    return existing(names, there)


def existing(names: Sequence[str], there: Collection[str]) -> list[str]:
    """The folders of *names*, all of which are *there*; a name that is a use (``\\Archive``) or all (``*``) is, too."""
    found = []
    for name in names:
        # INBOX is the one name that is the same in any case (RFC 9051 section 5.1).
        name = "INBOX" if name.upper() == "INBOX" else name
        if name not in {*there, "INBOX", "*"} and not name.startswith("\\"):
            near = difflib.get_close_matches(name, there, n=3, cutoff=0.5)
            meant = f"; is it {', '.join(near)}?" if near else ": write it as in the list"
            raise ValueError(f"there is no folder {name}{meant}")
        found.append(name)
    return list(dict.fromkeys(found))


def change(text: str) -> str:
    """What is to be changed, by its first letter or more."""
    word = next((word for word in CHANGES if text and word.startswith(text.lower())), None)
    if word is None:
        raise ValueError(f'"{text}" is none of {", ".join(CHANGES)}')
    return word


def listed(text: str) -> list[str]:
    """The words of *text* between commas, each once."""
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _without_key(key: str, check: Callable[[str], object]) -> None:
    """Let *check* speak, without the key that its text begins with: the question has named it already."""
    try:
        check(key)
    except ValueError as error:
        raise ValueError(str(error).removeprefix(f"{key} = ")) from None
