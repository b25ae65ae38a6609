"""Runs the installed command as its user does: a process of its own, with a state folder of its own."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
STORY = ROOT / "fixtures" / "emails" / "story"
DAY = "2026-11-23"
PROGRAM = [sys.executable, "-m", "pipeline.cli"]


@dataclass(frozen=True)
class Finished:
    """What a run of the command left: exit code, what it printed, and its complaints line by line."""

    code: int
    out: str
    complaints: list[str]

    def json(self) -> Any:
        return json.loads(self.out)


def parcel_digest(*words: str | Path, env: dict[str, str] | None = None, timeout: float = 100) -> Finished:
    """Run ``parcel-digest`` with *words*; *env* replaces the whole environment."""
    done = subprocess.run(
        [*PROGRAM, *map(str, words)],
        cwd=ROOT,
        env=clean_environment() if env is None else env,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode().splitlines())


def in_process(*words: str | Path) -> Finished:
    """Run ``parcel-digest`` with *words* in this process: for tests of many runs that kill none of them."""
    from pipeline.cli import main

    out, complaints = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["parcel-digest", *map(str, words)]
    try:
        with redirect_stdout(out), redirect_stderr(complaints), pytest.raises(SystemExit) as ended:
            main()
    finally:
        sys.argv = before
    code = ended.value.code
    return Finished(code if isinstance(code, int) else 0, out.getvalue(), complaints.getvalue().splitlines())


def clean_environment() -> dict[str, str]:
    """The environment of the tests without the settings of whoever runs them."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "PARCEL_DIGEST"))}
    return kept | {"XDG_CONFIG_HOME": "/nonexistent", "TZ": "Europe/Berlin"}


def run_story(state: Path, *words: str, day: str = DAY) -> Finished:
    """Run the cron job over the story of ``make demo``."""
    return parcel_digest(
        "run", "--mailbox", STORY, "--state", state, "--today", day, "--trust", "mx.example.org", *words
    )


def parcels(state: Path, day: str = DAY) -> list[dict[str, Any]]:
    """The parcels of the JSON digest of *day*."""
    done = parcel_digest("digest", "--format", "json", "--state", state, "--today", day)
    assert done.code == 0, done.complaints
    return done.json()["parcels"]


def story_mails() -> list[bytes]:
    """The mails of the story that can lie in an IMAP mailbox (an empty one cannot), with the line ends of mail."""
    return [re.sub(rb"\r?\n", b"\r\n", data) for path in sorted(STORY.glob("*.eml")) if (data := path.read_bytes())]
