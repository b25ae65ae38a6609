"""Killing the job at random moments, mostly while it sends something."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from typing import TYPE_CHECKING

from command import PROGRAM, ROOT, clean_environment

if TYPE_CHECKING:
    from smtp_sink import Sink

#: Kills in one go of a test; `PARCEL_DIGEST_TEST_KILLS=200` for the long form.
KILLS = int(os.environ.get("PARCEL_DIGEST_TEST_KILLS", "5"))


def start(*words: str) -> subprocess.Popen[bytes]:
    """Start the command with *words* in a process of its own."""
    return subprocess.Popen(
        [*PROGRAM, *words],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def killed(process: subprocess.Popen[bytes], sink: Sink, chance: random.Random, sending: float) -> bool:
    """Kill *process* at a random moment, mostly while it sends; false if it had ended before.

    *sending*: seconds that it takes from the first connection to *sink* to its end.
    """
    sink.called.clear()
    if chance.random() < 0.25:
        time.sleep(chance.uniform(0, 1))
    else:
        while not sink.called.wait(0.01) and process.poll() is None:
            pass
        time.sleep(chance.uniform(0, sending * 1.2))
    ended = process.poll() is not None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return not ended
