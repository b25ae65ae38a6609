"""What stands beside this program, each a whole process: `python -m bench.others NAME PORT USER FILE [CA_FILE]`.

FILE holds the UIDs of the mails that matter, for the one that knows them beforehand.
"""

from __future__ import annotations

import socket
import ssl
import sys
from datetime import date
from pathlib import Path
from typing import Any

SINCE = date(2026, 1, 1)


def everything(port: int, user: str, context: ssl.SSLContext | None) -> None:
    """The common idiom: every mail since a day, whole, each given to mail-parser; in portions, or it would not end."""
    import mailparser
    from imapclient import IMAPClient

    with IMAPClient("127.0.0.1", port, ssl=context is not None, ssl_context=context) as client:
        client.login(user, "secret")
        client.select_folder("INBOX", readonly=True)
        uids = client.search(["SINCE", SINCE])
        for start in range(0, len(uids), 100):
            for mail in client.fetch(uids[start : start + 100], ["RFC822"]).values():
                mailparser.parse_from_bytes(mail[b"RFC822"])


def imap_tools(port: int, user: str, context: ssl.SSLContext | None) -> None:
    """The same with imap_tools, which parses with the standard library."""
    from imap_tools import AND, MailBox, MailBoxUnencrypted

    box: Any = (
        MailBoxUnencrypted("127.0.0.1", port) if context is None else MailBox("127.0.0.1", port, ssl_context=context)
    )
    with box.login(user, "secret") as mailbox:
        for mail in mailbox.fetch(AND(date_gte=SINCE), mark_seen=False, bulk=500):
            assert mail.text is not None


def raw(port: int, user: str, context: ssl.SSLContext | None, uids: str) -> None:
    """The lower bound: who knows the mails beforehand logs in, then writes all commands at once."""
    wire = socket.create_connection(("127.0.0.1", port))
    if context is not None:
        wire = context.wrap_socket(wire, server_hostname="127.0.0.1")
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # Dovecot's login process takes no more than a kilobyte for the one behind it.
    reading = f"2 EXAMINE INBOX\r\n3 UID FETCH {uids} (BODY.PEEK[])\r\n4 LOGOUT"
    for tag, commands in (("1", f"1 LOGIN {user} secret"), ("4", reading)):
        wire.sendall(f"{commands}\r\n".encode())
        end = b""
        while f"\r\n{tag} OK ".encode() not in end:
            data = wire.recv(1 << 18)
            if not data:
                raise RuntimeError(f"the server hung up: {end!r}")
            end = (end + data)[-1_000:]


def parse_alone(folder: str) -> None:
    """mail-parser on the mails that matter, which lie as files."""
    import mailparser

    for path in Path(folder).iterdir():
        mailparser.parse_from_bytes(path.read_bytes())


def nothing() -> None:
    """mail-parser's and imapclient's import, to be taken off."""
    import imapclient
    import mailparser

    assert imapclient is not mailparser


def bare(port: int, user: str) -> None:
    """The shortest command that looks whether there is news."""
    import typer

    def look() -> None:
        from imapclient import IMAPClient

        client = IMAPClient("127.0.0.1", port, ssl=False)
        client.login(user, "secret")
        client.select_folder("INBOX", readonly=True)
        client.logout()

    sys.argv = sys.argv[:1]
    typer.run(look)


if __name__ == "__main__":
    name, port, user, file, *ca = sys.argv[1:]
    context = ssl.create_default_context(cafile=ca[0]) if ca else None
    match name:
        case "everything":
            everything(int(port), user, context)
        case "imap_tools":
            imap_tools(int(port), user, context)
        case "raw":
            raw(int(port), user, context, Path(file).read_text())
        case "parse_alone":
            parse_alone(file)
        case "nothing":
            nothing()
        case "bare":
            bare(int(port), user)
