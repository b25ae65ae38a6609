"""A planted password is found nowhere but where its owner put it: not printed, logged, stored, or shown by ps."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import PROGRAM, ROOT, clean_environment
from scripted_server import ScriptedServer

from pipeline.mailbox.credentials import Secret

PLANTED = "hunter2-Zwölf-Planted"
FORMS = (
    PLANTED.encode(),
    base64.b64encode(PLANTED.encode()),
    base64.b64encode(f"\0mila\0{PLANTED}".encode()),
    PLANTED.encode("latin-1"),
    PLANTED.encode("unicode_escape"),
)

MAIL = (
    "From: DHL <noreply@dhl.de>\r\nSubject: Ihr DHL Paket kommt heute\r\nDate: Mon, 23 Nov 2026 08:00:00 +0100\r\n"
    "Message-ID: <1@dhl.de>\r\n\r\nIhre Sendung 00340434161094042557 kommt heute.\r\n"
)
FETCHED = f"* 1 FETCH (UID 1 RFC822.SIZE {len(MAIL)} BODY[] {{{len(MAIL)}}}\r\n{MAIL})\r\n"
#: "\\0user\\0password" in base64, which begins with these letters.
SASL_ANSWER = rb"^AG[A-Za-z0-9+/=]{6,}$"
READY = {
    rb"^AUTHENTICATE": ["+ \r\n", "{tag} OK in\r\n"],
    SASL_ANSWER: "{tag} OK in\r\n",
    rb"^LIST": '* LIST () "/" INBOX\r\n{tag} OK done\r\n',
    rb"^EXAMINE": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 2] ok\r\n{tag} OK done\r\n",
    rb"SEARCH": "* SEARCH 1\r\n{tag} OK done\r\n",
    rb"FETCH": FETCHED + "{tag} OK done\r\n",
}


def echoed(command: bytes) -> str:
    """Some servers repeat what they refuse."""
    said = command.decode("latin-1")
    return f"* NO you said {said}\r\n* BYE {said}\r\nCLOSE"


TROUBLE = {
    "all is well": READY,
    "the login is refused and repeated": {**READY, rb"^LOGIN": echoed, SASL_ANSWER: echoed},
    "the server says what nobody understands": {**READY, rb"FETCH": "* 1 FETCH (((\r\n{tag} OK\r\n"},
    "the folder is refused": {**READY, rb"^EXAMINE": "{tag} NO no\r\n"},
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the command runs; the password lies outside of it."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "password").write_text(PLANTED, "utf-8")
    home = tmp_path / "home"
    home.mkdir()
    return home


def settings(home: Path, port: int) -> Path:
    path = home / "config.toml"
    path.write_text(
        f'[accounts.home]\naddress = "mila@example.org"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "plain"\n'
        f'password_command = ["cat", "{home.parent}/outside/password"]\n[digest]\ndeliver = ["stdout", "file"]\n',
        "utf-8",
    )
    return path


def environment(home: Path) -> dict[str, str]:
    return clean_environment() | {"HOME": str(home), "TMPDIR": str(home), "PYTHONDEVMODE": "1"}


def leaks(told: bytes, home: Path) -> list[str]:
    """Where the password was found."""
    files = {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    return [where for where, data in {"output": told, **files}.items() if any(form in data for form in FORMS)]


@pytest.mark.parametrize("script", TROUBLE.values(), ids=TROUBLE.keys())
@pytest.mark.parametrize("command", ["run", "doctor"])
def test_the_password_is_neither_printed_nor_stored(home: Path, script: dict, command: str) -> None:
    with ScriptedServer(script) as server:
        words = [command, "--config", settings(home, server.port), "--state", home / "state", "--today", "2026-11-23"]
        if command == "run":
            words.append("--verbose")
        done = subprocess.run(
            [*PROGRAM, *map(str, words)], cwd=ROOT, env=environment(home), capture_output=True, timeout=60, check=False
        )
    # The password got there, in one of the two ways.
    assert any(PLANTED.encode() in said or base64.b64encode(f"\0mila@example.org\0{PLANTED}".encode()) in said
               for said in server.commands), done.stderr  # fmt: skip
    assert b"Traceback" not in done.stderr
    assert leaks(done.stdout + done.stderr, home) == []


def test_the_trace_of_a_defect_does_not_show_it(home: Path) -> None:
    program = (
        "import pipeline.mailbox.session as session, pipeline.cli as cli\n"
        "def broken(self, *_, **__): raise RuntimeError(f'defect in {self._secret!r} {vars(self)}')\n"
        "session.Session.folders = session.Session.examine = session.Session.poll = broken\n"
        "cli.main()\n"
    )
    with ScriptedServer(READY) as server:
        words = ["run", "--config", str(settings(home, server.port)), "--state", str(home / "state")]
        done = subprocess.run(
            [sys.executable, "-c", program, *words], cwd=ROOT, env=environment(home), capture_output=True, check=False
        )
    assert b"defect in <password, not shown>" in done.stderr
    assert leaks(done.stdout + done.stderr, home) == []


def test_other_users_do_not_see_it_in_the_list_of_processes(home: Path) -> None:
    def slow(_: bytes) -> list[bytes]:
        time.sleep(0.5)
        return []

    with ScriptedServer({**READY, rb"^EXAMINE|^LIST": slow}) as server:
        words = ["run", "--config", str(settings(home, server.port)), "--state", str(home / "state")]
        with subprocess.Popen([*PROGRAM, *words], cwd=ROOT, env=environment(home), stderr=subprocess.PIPE) as running:
            seen = b""
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline and not any(b"EXAMINE" in c or b"LIST" in c for c in server.commands):
                for folder in Path("/proc").glob("[0-9]*"):
                    for name in ("cmdline", "environ"):
                        try:
                            seen += (folder / name).read_bytes() if int(folder.name) != os.getpid() else b""
                        except OSError:
                            continue
                time.sleep(0.02)
            running.kill()
    assert b"pipeline.cli" in seen
    assert not any(form in seen for form in FORMS)


def test_a_secret_has_no_text_of_its_own() -> None:
    secret = Secret(PLANTED)
    for text in (repr(secret), str(secret), f"{secret}", f"{secret!s:>40}"):
        assert PLANTED not in text
