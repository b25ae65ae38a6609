"""Runs of the command, forked off from a process that has imported everything: a thousand of them in minutes.

Each is a process of its own, with its own connection, and can be killed at any moment. As a script it is the process
that they are forked from: it reads the words of a command as JSON, a line each, and answers with the run's process id,
then with its exit code.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from command import ROOT, STORY, clean_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Seconds without an answer after which a forked run takes its server for gone.
PATIENCE = 0.3


class Forked:
    """Starts runs one after the other; to be used in a ``with``."""

    def __enter__(self) -> Self:
        path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
        self._parent = subprocess.Popen(
            [sys.executable, __file__],
            cwd=ROOT,
            env={**clean_environment(), "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        return self

    def __exit__(self, *_: object) -> None:
        with self._parent:
            self._parent.kill()

    def run(self, words: Sequence[str], kill_after: float | None = None) -> tuple[int, float]:
        """Run the command; return its exit code (negative: the signal that ended it) and the seconds it took."""
        assert self._parent.stdin is not None
        self._parent.stdin.write(json.dumps(list(words)).encode() + b"\n")
        pid = int(self._line())
        started = time.monotonic()
        if kill_after is not None and not select.select([self._parent.stdout], [], [], kill_after)[0]:
            # Its parent has not waited for it yet, so the number is still its own.
            os.kill(pid, signal.SIGKILL)
        return int(self._line()), time.monotonic() - started

    def _line(self) -> bytes:
        assert self._parent.stdout is not None
        line = b""
        while not line.endswith(b"\n"):
            more = self._parent.stdout.read(1)
            if not more:
                raise RuntimeError("the process that runs are forked from has ended")
            line += more
        return line


def _serve() -> None:
    import pipeline.deliver
    import pipeline.job
    from pipeline.cli import main
    from pipeline.intake import read_mail
    from pipeline.mailbox import RawMail, connect, folder, imap
    from pipeline.model import Place
    from pipeline.sources import Whom

    warm = (pipeline.deliver, pipeline.job, folder)
    assert all(warm)
    for path in STORY.glob("*.eml"):
        read_mail(RawMail(Place("files", "", 0, path.name), path.read_bytes()), Whom())
    gc.freeze()
    connect.READ_TIMEOUT = PATIENCE
    imap.PAUSES = (0.01, 0.05)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
            sys.argv = ["parcel-digest", *json.loads(line)]
            code = 1
            try:
                main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0
            finally:
                os._exit(code)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _serve()
