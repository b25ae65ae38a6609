"""A server that lies: whatever it answers, a run ends soon, in plain words, and the ledger is whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest
from command import ROOT, clean_environment
from scripted_server import ScriptedServer
from test_secret import FETCHED, MAIL, READY

from pipeline.ledger import FILE, Ledger
from pipeline.ledger.health import examine

OK = "{tag} OK done\r\n"
#: Seconds of a processor, and memory, that a run may take at most.
SECONDS = 15
MEGABYTES = 300


def endless(*pieces: bytes) -> object:
    """Answer with these bytes for as long as anybody listens."""

    def answer(_: bytes) -> Iterator[bytes]:
        yield pieces[0]
        yield from repeat(b"".join(pieces[1:]) * 100)

    return answer


def fetched(uid: str, mail: str = MAIL) -> str:
    return f"* 1 FETCH (UID {uid} RFC822.SIZE {len(mail)} BODY[] {{{len(mail)}}}\r\n{mail})\r\n"


LIES = {
    "a literal of four gigabytes": {rb"FETCH": "* 1 FETCH (UID 1 RFC822.SIZE 9 BODY[] {4294967295}\r\nabc"},
    "a literal without end": {rb"FETCH": endless(b"* 1 FETCH (UID 1 BODY[] {2147483647}\r\n", b"x" * 1000)},
    "a line without end": {rb"^EXAMINE": endless(b"* OK ", b"x" * 1000)},
    "lines without end": {rb"^EXAMINE": endless(b"* OK go\r\n", b"* OK on\r\n")},
    "a size below zero": {rb"FETCH": "* 1 FETCH (UID 1 RFC822.SIZE -5 BODY[] {-5}\r\n)\r\n" + OK},
    "a mail that was not asked for": {rb"FETCH": fetched("999") + OK},
    "a UID of no size": {rb"FETCH": fetched("99999999999999999999999") + OK},
    "a UID of letters": {rb"FETCH": fetched("one") + OK},
    "the same mail a thousand times": {rb"FETCH": FETCHED * 1000 + OK},
    "brackets without end": {rb"FETCH": "* 1 FETCH " + "(" * 100_000 + "\r\n" + OK},
    "more mails than can be": {rb"^EXAMINE": "* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n"
                                             "* OK [UIDNEXT 4294967295] ok\r\n" + OK},
    "UIDVALIDITY of no size": {rb"^EXAMINE": "* 1 EXISTS\r\n* OK [UIDVALIDITY 99999999999999999999] ok\r\n"
                                             "* OK [UIDNEXT 2] ok\r\n" + OK},
    "an answer to another command": {rb"^EXAMINE": "ZZZZ9 OK done\r\nCLOSE"},
    "an answer put in before the question": {rb"^LOGIN": FETCHED + "* 1 EXISTS\r\n{tag} OK in\r\n"},
    "NUL in every word": {rb"^EXAMINE": "* 1 EX\0ISTS\r\n* OK [UIDVAL\0IDITY 7]\r\n" + OK},
    "a command in its words": {rb"^EXAMINE": "{tag} NO first\rA9 DELETE INBOX\r\n"},
    "control characters in its words": {rb"^LOGIN": "{tag} NO \x1b[2J\x1b]0;owned\x07 go\r\n"},
    "a folder's name that is a path": {rb"^LIST": '* LIST () "/" "../../etc/passwd"\r\n' + OK},
    "good bye": {rb"^EXAMINE": "* BYE see you\r\nCLOSE"},
    "silence and an end": {rb"^EXAMINE": "CLOSE"},
}  # fmt: skip


#: The command, which notes its own peak of memory in kB at its end: what wait4 tells is at least what the process of
#: the tests had, from before the program was loaded.
MEASURED = """
import atexit, re, runpy, sys
from pathlib import Path
peak = Path(sys.argv.pop(1))
status = Path("/proc/self/status")
atexit.register(lambda: peak.write_text(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]))
runpy.run_module("pipeline.cli", run_name="__main__")
"""


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_run_survives_every_lie(tmp_path: Path, lie: dict) -> None:
    state = tmp_path / "state"
    with ScriptedServer({**READY, **lie}) as server:
        config = tmp_path / "config.toml"
        config.write_text(
            f'[accounts.home]\naddress = "a@example.org"\nhost = "127.0.0.1"\nport = {server.port}\n'
            'security = "plain"\n'
        )
        with (tmp_path / "told").open("w+b") as output:
            program = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    MEASURED,
                    tmp_path / "peak",
                    "run",
                    "--config",
                    str(config),
                    "--state",
                    str(state),
                    "--today",
                    "2026-11-23",
                ],
                cwd=ROOT,
                env=clean_environment() | {"PARCEL_DIGEST_HOME_PASSWORD": "x"},
                stdout=output,
                stderr=output,
            )
            # What this very process took; RUSAGE_CHILDREN would be the sum of all that the tests started.
            _, status, used = os.wait4(program.pid, 0)
            program.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            told = output.read().decode()
    if not any(pattern == rb"^LIST" for pattern in lie):
        assert any(re.search(pattern, said) for pattern in lie for said in server.commands), "the lie was not told"
    assert program.returncode in (0, 1, 75, 77, 78), told
    assert "Traceback" not in told
    assert all(line.isprintable() for line in told.splitlines())
    assert used.ru_utime + used.ru_stime < SECONDS
    assert int((tmp_path / "peak").read_text()) / 1024 < MEGABYTES
    health = examine(state / FILE)
    assert health is not None
    assert health.damage == ""
    with Ledger.copy_in_memory(state) as ledger:
        assert {notice.message_id for notice in ledger.notices()} <= {"1@dhl.de"}
        assert all(cursor.next_uid <= 1 << 32 for cursor in ledger.cursors("home").values())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml", "peak", "state", "told"]
    assert not any(word in b" ".join(server.commands) for word in (b"DELETE", b"STORE", b"APPEND", b"passwd"))
