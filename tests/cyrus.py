"""A second real IMAP server for the tests, so that nothing is fitted to Dovecot: Cyrus, in a folder of its own.

Any user name logs in with the password ``secret`` and finds an empty mailbox. It runs as root (its processes then
are the user ``cyrus``) and as an ordinary user.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from mail_server import PASSWORD, MailServer, free_ports, wait_for

BINARIES = Path("/usr/lib/cyrus/bin")
#: Where tests/install-servers puts the one program that Debian would not install beside Dovecot.
BY_HAND = Path("/usr/local/lib/cyrus/bin")
NEEDED = ("master", "imapd", "ctl_cyrusdb")

# skiplist_unsafe leaves out every fsync: the mails of a test need not outlive a power failure.
IMAPD_CONF = """
configdirectory: {dir}/conf
partition-default: {dir}/mail
defaultpartition: default
proc_path: {dir}/run/proc
mboxname_lockpath: {dir}/run/lock
idlesocket: {dir}/run/idle
cyrus_user: {owner}
admins: admin
servername: localhost
unixhierarchysep: yes
altnamespace: yes
allowplaintext: yes
sasl_mech_list: PLAIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {dir}/run/mux
autocreate_quota: 0
failedloginpause: 0
delete_mode: immediate
expunge_mode: immediate
skiplist_unsafe: yes
"""

CYRUS_CONF = """
START {{
  recover cmd="{ctl_cyrusdb} -C {dir}/imapd.conf -r"
}}
SERVICES {{
  imap cmd="{imapd} -C {dir}/imapd.conf" listen="127.0.0.1:{port}" proto="tcp4" prefork=1 maxchild=50
}}
"""


def missing() -> list[str]:
    """Return the packages that are needed and not installed."""
    return [] if all(_program(name).exists() for name in NEEDED) else ["cyrus-imapd"]


def _program(name: str) -> Path:
    return next((path for folder in (BY_HAND, BINARIES) if (path := folder / name).exists()), BINARIES / name)


class Cyrus(MailServer):
    """A running server; ``port`` speaks plain text."""

    def __init__(self) -> None:
        # Not pytest's own folder: as root the server's processes run as a user who may not enter that one.
        self._dir = Path(tempfile.mkdtemp(prefix="cyrus-"))
        self._dir.chmod(0o755)
        (self.port,) = free_ports(1)
        self._master: subprocess.Popen[bytes] | None = None
        self._passwords: _Passwords | None = None
        try:
            self._prepare()
            self._passwords = _Passwords(self._dir / "run" / "mux")
            self._master = self._started()
            if not wait_for(self.port):
                raise RuntimeError("Cyrus did not start; what it has to say went to the system's log")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server and remove all it left."""
        if self._master is not None:
            # At once, with all its children: nothing of it is to be kept.
            os.killpg(self._master.pid, signal.SIGKILL)
            self._master.wait()
        if self._passwords is not None:
            self._passwords.close()
        shutil.rmtree(self._dir, ignore_errors=True)

    def _prepare(self) -> None:
        for name in ("conf/socket", "mail", "run/proc", "run/lock"):
            (self._dir / name).mkdir(parents=True)
        owner = "cyrus" if os.getuid() == 0 else getpass.getuser()
        values = {"dir": self._dir, "owner": owner, "port": self.port, **{name: _program(name) for name in NEEDED}}
        for name, text in (("imapd.conf", IMAPD_CONF), ("cyrus.conf", CYRUS_CONF)):
            (self._dir / name).write_text(text.format(**values))
        if os.getuid() == 0:
            group = pwd.getpwnam(owner).pw_gid
            for path in self._dir.rglob("*"):
                shutil.chown(path, owner, group)

    def _started(self) -> subprocess.Popen[bytes]:
        words = ["-C", "imapd.conf", "-M", "cyrus.conf", "-p", "master.pid", "-L", "master.log"]
        return subprocess.Popen(
            [_program("master"), *(word if word.startswith("-") else self._dir / word for word in words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


class _Passwords:
    """What Cyrus asks whether a password is right, in saslauthd's protocol: texts with their length before them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        path.chmod(0o777)
        self._listening.listen(50)
        self._closing = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        # A close alone does not wake the accept; a connection does.
        self._closing = True
        with suppress(OSError), socket.socket(socket.AF_UNIX) as waking:
            waking.connect(str(self._path))
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        while True:
            client, _ = self._listening.accept()
            with client:
                if self._closing:
                    return
                # User, password, service and realm.
                with suppress(OSError, struct.error), client.makefile("rb") as stream:
                    words = [stream.read(struct.unpack(">H", stream.read(2))[0]) for _ in range(4)]
                    answer = b"OK" if words[1] == PASSWORD.encode() else b"NO"
                    client.sendall(struct.pack(">H", len(answer)) + answer)
