"""A real IMAP server for the tests: Dovecot on free loopback ports, in a folder of its own, gone afterwards.

Any user name logs in with the password ``secret`` and finds an empty mailbox: a test takes a name of its own.
"""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from mail_server import MailServer, free_ports, wait_for

NEEDED = ("dovecot", "doveadm", "openssl")

CONFIGURATION = """
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {internal_group}
first_valid_uid = 0
ssl = yes
ssl_cert = <{dir}/cert.pem
ssl_key = <{dir}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = sdbox:{dir}/mail/%u
mail_uid = {owner}
mail_gid = {group}
mail_fsync = never
mail_plugins = quota
plugin {{
  # Ten gigabytes for every folder; of these all but four kilobytes are missing in the folder "Full".
  quota = count:quota
  quota_vsizes = yes
  quota_rule = *:storage=10G
  quota_rule2 = Full:storage=-10485756K
}}
protocol imap {{
  mail_max_userip_connections = 100
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={dir}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # Without this, whoever logs in after a refused login waits.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


def missing() -> list[str]:
    """Return the programs that are needed and not installed."""
    return [name for name in NEEDED if _program(name) is None]


class Dovecot(MailServer):
    """A running server: ``port`` for plain text and STARTTLS, ``tls_port``; ``ca_file`` certifies it."""

    def __init__(self) -> None:
        # Not pytest's own folder: as root the server's processes run as users who may not enter that one.
        self._dir = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self._dir.chmod(0o755)
        self._conf = self._dir / "dovecot.conf"
        self.ca_file = self._dir / "cert.pem"
        self.port, self.tls_port = free_ports(2)
        try:
            self._prepare()
            self._run("dovecot", "-c", str(self._conf))
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server and remove all it left."""
        pid_file = self._dir / "run" / "master.pid"
        if pid_file.exists():
            pid = int(pid_file.read_text())
            os.kill(pid, signal.SIGTERM)
            deadline = time.monotonic() + 10
            while pid_file.exists() and time.monotonic() < deadline:
                time.sleep(0.01)
        shutil.rmtree(self._dir, ignore_errors=True)

    # ── what a test does to a mailbox ─────────────────────────────────────────────────────────────────────

    def set_uidvalidity(self, user: str, value: int, folder: str = "INBOX") -> None:
        """Give the folder another UIDVALIDITY; its UIDs stay."""
        self._doveadm("mailbox", "update", "-u", user, "--uid-validity", str(value), folder)

    # ── the server itself ─────────────────────────────────────────────────────────────────────────────────

    def _prepare(self) -> None:
        root = os.getuid() == 0
        me, mine = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
        mail = self._dir / "mail"
        mail.mkdir()
        owner = "nobody" if root else me
        group = grp.getgrgid(pwd.getpwnam("nobody").pw_gid).gr_name if root else mine
        if root:
            shutil.chown(mail, owner, group)
        self._conf.write_text(
            CONFIGURATION.format(
                dir=self._dir,
                login="dovenull" if root else me,
                internal="dovecot" if root else me,
                internal_group="dovecot" if root else mine,
                owner=owner,
                group=group,
                port=self.port,
                tls_port=self.tls_port,
            )
        )
        names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        self._run(
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ),
            *("-addext", names, "-keyout", str(self._dir / "key.pem"), "-out", str(self.ca_file)),
        )

    def _wait(self) -> None:
        if not wait_for(self.port):
            log = self._dir / "dovecot.log"
            raise RuntimeError(f"Dovecot did not start:\n{log.read_text() if log.exists() else ''}")

    def _doveadm(self, *words: str) -> None:
        self._run("doveadm", "-c", str(self._conf), *words)

    def _run(self, program: str, *words: str) -> None:
        # Into a file: the server that stays behind would keep a pipe open, and us waiting for its end.
        with tempfile.TemporaryFile() as output:
            command = [_program(program) or program, *words]
            done = subprocess.run(command, stdout=output, stderr=output, timeout=60, check=False)
            output.seek(0)
            if done.returncode:
                raise RuntimeError(f"{program} failed: {output.read().decode()}")


def _program(name: str) -> str | None:
    # /usr/sbin, where Dovecot lies, is not in every user's PATH.
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
