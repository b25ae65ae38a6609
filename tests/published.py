"""What a provider publishes of its mail server: https for any name, behind a proxy that keeps whom it was asked for."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

from wire import Listener, hang_up


def config_xml(host: str, port: int = 993, security: str = "SSL", *, kind: str = "imap", more: str = "") -> str:
    """A file in the format config-v1.1."""
    return f"""<?xml version="1.0"?>
    <clientConfig version="1.1"><emailProvider id="example.org"><domain>example.org</domain>
      <incomingServer type="{kind}"><hostname>{host}</hostname><port>{port}</port>
        <socketType>{security}</socketType><authentication>password-cleartext</authentication>
        <username>%EMAILADDRESS%</username></incomingServer>{more}
    </emailProvider></clientConfig>"""


class Published(Listener):
    """A proxy (``https_proxy``) that answers for every name itself: with what *pages* has for host and path.

    Attributes:
        asked: host and path of every question, in order.
        ca_file: certificate of all names; ``SSL_CERT_FILE`` makes a program believe it.
    """

    def __init__(self, folder: Path, pages: dict[str, str], names: list[str]) -> None:
        super().__init__()
        self._pages = pages
        self.asked: list[str] = []
        self.ca_file, key = folder / "published.pem", folder / "published.key"
        alternatives = ",".join(f"DNS:{name}" for name in names)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=published",
             "-addext", f"subjectAltName={alternatives}", "-keyout", str(key), "-out", str(self.ca_file)],
            check=True, capture_output=True,
        )  # fmt: skip
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.ca_file, key)

    @property
    def environment(self) -> dict[str, str]:
        """What makes a program ask here."""
        return {"https_proxy": f"http://127.0.0.1:{self.port}", "SSL_CERT_FILE": str(self.ca_file), "no_proxy": ""}

    def _served(self, client: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError):
            host = _head(client).split()[1].rpartition(b":")[0].decode()
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            with self._context.wrap_socket(client, server_side=True) as inside:
                path = _head(inside).split()[1].decode()
                self.asked.append(f"{host}{path}")
                page = self._pages.get(f"{host}{path.partition('?')[0]}")
                if page is None:
                    inside.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                elif page.startswith(("http", "file:")):
                    head = f"HTTP/1.1 302 Found\r\nLocation: {page}\r\nContent-Length: 0\r\nConnection: close"
                    inside.sendall(f"{head}\r\n\r\n".encode())
                else:
                    body = page.encode()
                    inside.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body))
                    inside.sendall(body)
        hang_up(client)


class Names(threading.Thread):
    """A name server on a loopback port that knows one mail exchanger for every domain it is asked about."""

    def __init__(self, exchanger: str) -> None:
        super().__init__(daemon=True)
        self._exchanger = exchanger
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.asked: list[str] = []

    def run(self) -> None:
        import dns.message
        import dns.rrset

        with suppress(OSError):
            while True:
                data, peer = self._socket.recvfrom(4096)
                if not data:
                    return
                query = dns.message.from_wire(data)
                answer = dns.message.make_response(query)
                name = query.question[0].name
                self.asked.append(name.to_text(omit_final_dot=True))
                answer.answer.append(
                    dns.rrset.from_text(name, 60, "IN", "MX", "20 backup.example.com.", f"10 {self._exchanger}.")
                )
                self._socket.sendto(answer.to_wire(), peer)

    def stop(self) -> None:
        self._socket.sendto(b"", ("127.0.0.1", self.port))
        self.join()
        self._socket.close()


def _head(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = client.recv(4096)
        if not piece:
            raise OSError("hung up")
        head += piece
    return head
