"""Kill the job at any moment: the next run ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

from command import DAY, PROGRAM, ROOT, STORY, clean_environment, parcel_digest, run_story

#: Kills in one go of the test; `PARCEL_DIGEST_TEST_KILLS=100` for the long form.
KILLS = int(os.environ.get("PARCEL_DIGEST_TEST_KILLS", "10"))


def dump(state: Path) -> str:
    with sqlite3.connect(state / "ledger.sqlite3") as database:
        return "\n".join(database.iterdump())


def digest(state: Path) -> str:
    return parcel_digest("digest", "--format", "json", "--state", state, "--today", DAY).out


def killed_at_random(state: Path, chance: random.Random, whole: float) -> bool:
    """Start a run and kill it at a random moment; false if it had ended before."""
    words = ["run", "--mailbox", STORY, "--state", state, "--today", DAY, "--trust", "mx.example.org"]
    process = subprocess.Popen(
        [*PROGRAM, *map(str, words)],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(chance.uniform(0.1, whole))
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def test_killed_runs_and_one_clean_run_leave_what_an_unharmed_run_leaves(tmp_path: Path) -> None:
    unharmed = tmp_path / "unharmed"
    started = time.monotonic()
    run_story(unharmed)
    whole = time.monotonic() - started
    chance = random.Random(20261123)
    kills = 0
    while kills < KILLS:
        state = tmp_path / f"killed-{kills}"
        while killed_at_random(state, chance, whole) and kills < KILLS:
            kills += 1
        run_story(state)
        assert dump(state) == dump(unharmed)
        assert digest(state) == digest(unharmed)


def test_two_runs_at_once_do_the_work_once(tmp_path: Path) -> None:
    words = ["run", "--mailbox", STORY, "--state", tmp_path, "--today", DAY, "--trust", "mx.example.org"]
    both = [
        subprocess.Popen([*PROGRAM, *map(str, words)], cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
        for _ in range(2)
    ]  # fmt: skip
    printed = [process.communicate(timeout=100)[0] for process in both]
    assert sum(bool(text) for text in printed) == 1
    assert {process.returncode for process in both} <= {0, 1}
