"""A mailbox of 20,000 mails of realistic sizes, of which 200 matter, on a real Dovecot: this program beside others.

Every figure is that of a whole process, and every ratio is of one run. BENCH_MAILS=2000 makes it short.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dovecot import Dovecot, missing

from bench.diagnosis import notices
from bench.letters import letters, of_a_parcel
from bench.wire import Direct, Line
from pipeline.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAILS = int(os.environ.get("BENCH_MAILS", "20000"))
TODAY = "2026-11-26"
_PEAK = re.compile(r"VmHWM:\s+(\d+)")


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds by the clock and of CPU, megabytes at its peak, and what went over the line."""

    wall: float
    cpu: float
    peak: float
    round_trips: int = 0
    up: int = 0
    down: int = 0

    def __str__(self) -> str:
        process = f"{self.wall:7.2f} s  CPU {self.cpu:6.2f} s  {self.peak:4.0f} MB"
        passed = f"{self.round_trips:5} round trips  {self.up / 1e3:8.1f} kB up  {self.down / 1e3:11.1f} kB down"
        return f"{process}  {passed}" if self.round_trips else process


def cost(words: Sequence[str | Path], line: Line | Direct) -> Cost:
    """Run *words* to the end and measure it. Raises if it fails."""
    line.forget()
    # An installed program has its bytecode; where the environment forbids to write any, each start would compile it.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {
        **inherited,
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]),
        "PARCEL_DIGEST_HOME_PASSWORD": "secret",
    }
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *map(str, words)], env=environment, stdout=subprocess.DEVNULL)
    # The peak that wait4 tells begins with that of the process it was forked from: this one, full of mails.
    status, peak = Path(f"/proc/{process.pid}/status"), 0
    while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
        if found := _PEAK.search(status.read_text()):
            peak = int(found[1])
        time.sleep(0.005)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(ended[1])
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, words))}: exit code {process.returncode}")
    used = ended[2]
    return Cost(wall, used.ru_utime + used.ru_stime, peak / 1024, line.round_trips, line.up, line.down)


def best(work: Callable[[], Cost], times: int = 3) -> Cost:
    return min((work() for _ in range(times)), key=lambda each: each.wall)


class Bench:
    """The server, a folder for what is written, and the settings of this program."""

    def __init__(self, server: Dovecot, folder: Path) -> None:
        self.server = server
        self.folder = folder

    def ours(self, line: Line | Direct, user: str, state: str, *, tls: bool = False) -> Cost:
        config = self.folder / f"{user}.toml"
        config.write_text(
            f'timezone = "Europe/Berlin"\n[accounts.home]\naddress = "mila@example.org"\nusername = "{user}"\n'
            f'host = "127.0.0.1"\nport = {line.port}\n'
            + (f'ca_file = "{self.server.ca_file}"\n' if tls else 'security = "plain"\n')
        )
        words = ["-m", "pipeline.cli", "run", "--config", config, "--state", self.folder / state, "--today", TODAY]
        return cost(words, line)

    def other(self, name: str, line: Line | Direct, user: str, file: Path, *, tls: bool = False) -> Cost:
        return cost(
            ["-m", "bench.others", name, str(line.port), user, file, *([self.server.ca_file] if tls else [])], line
        )

    def fill(
        self, user: str, count: int, *, small: bool = False, first: int = 0
    ) -> tuple[int, list[tuple[int, bytes]]]:
        """Deliver *count* mails; return their bytes, and (number, mail) of those that matter."""
        size, matter = 0, []
        arrived = datetime(2026, 11, 20, tzinfo=UTC) - timedelta(days=7)
        for start in range(first, first + count, 500):
            portion = letters(min(500, first + count - start), small=small, first=start)
            size += sum(len(mail) for mail, _ in portion)
            matter += [(start + at, mail) for at, (mail, matters) in enumerate(portion) if matters]
            self.server.deliver(user, [mail for mail, _ in portion], arrived=arrived)
        return size, matter


def mailbox() -> None:
    """Run the part."""
    if missing():
        print(f"mailbox    left out: {', '.join(missing())} is not installed; run tests/install-servers")
        return
    server = Dovecot()
    try:
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(server, Path(folder))
            side_by_side(bench)
            news(bench)
            growth(bench)
    finally:
        server.stop()


def side_by_side(bench: Bench) -> None:
    """A first run, this program beside the others, near and far, plain and over TLS."""
    size, matter = bench.fill("large", MAILS)
    uids = bench.folder / "uids"
    uids.write_text(",".join(str(number + 1) for number, _ in matter))
    files = bench.folder / "matter"
    files.mkdir()
    for number, mail in matter:
        (files / f"{number}.eml").write_bytes(mail)
    print(f"mailbox    {MAILS} mails, {size / 1e6:.0f} MB, of which {len(matter)} matter")
    with Direct(bench.server.port) as line:
        # The server's own caches are filled once, as those of a mailbox in use are.
        bench.ours(line, "large", "warm")
        alone = best(lambda: bench.other("parse_alone", line, "large", files))
        start = best(lambda: bench.other("nothing", line, "large", files))
    for seconds, tls in ((0.0, False), (0.05, False), (0.05, True)):
        first_runs(bench, seconds, size, uids, alone.wall - start.wall, start.wall, tls=tls)


def first_runs(bench: Bench, seconds: float, size: int, uids: Path, parsing: float, start: float, *, tls: bool) -> None:
    """The same over one kind of line. *parsing*, *start*: seconds of mail-parser alone, and of the start of Python."""
    name = f"first run, {seconds * 1e3:.0f} ms{', TLS' if tls else ''}"
    port = bench.server.tls_port if tls else bench.server.port
    with Line(port, seconds) if seconds else Direct(port) as line:
        runs = [bench.ours(line, "large", f"{name}-{number}", tls=tls) for number in range(3)]
        mine = min(runs, key=lambda each: each.wall)
        low = best(lambda: bench.other("raw", line, "large", uids, tls=tls))
        others = {other: bench.other(other, line, "large", uids, tls=tls) for other in ("everything", "imap_tools")}
    for who, what in {"this program": mine, **others, "raw lower bound": low}.items():
        say(name, f"{who:16} {what}")
    for other, what in others.items():
        say(name, f"{what.wall / mine.wall:.1f} times faster than {other}, of CPU {what.cpu / mine.cpu:.1f} times")
    if mine.round_trips:
        say(name, f"{100 * (mine.up + mine.down) / size:.2f} % of the mailbox's bytes")
    bound = low.wall + parsing
    say(
        name,
        f"without the start {mine.wall - start:.2f} s, {(mine.wall - start) / bound:.1f} times raw and "
        f"mail-parser alone on what matters ({bound:.2f} s)",
    )


def news(bench: Bench) -> None:
    """Runs with nothing new and with 50 new mails, of which one matters."""
    nothing = bench.folder / "uids"
    with Direct(bench.server.port) as line:
        bench.ours(line, "large", "news")
        quiet, bare = [], []
        for _ in range(15):
            quiet.append(bench.ours(line, "large", "news"))
            bare.append(bench.other("bare", line, "large", nothing))
        mine, theirs = (min(runs, key=lambda each: each.wall) for runs in (quiet, bare))
        say("no news, 0 ms", f"this program     {mine}")
        say("no news, 0 ms", f"bare command     {theirs}")
        say(
            "no news, 0 ms",
            f"{mine.wall / theirs.wall:.2f} times the bare command, of CPU "
            f"{min(each.cpu for each in quiet) / min(each.cpu for each in bare):.2f} times",
        )
    with Line(bench.server.port, 0.05) as line:
        say("no news, 50 ms", f"this program     {bench.ours(line, 'large', 'news')}")
        mails = [mail for mail, matters in letters(60, first=10_000_000) if not matters][:49]
        bench.server.deliver("large", [*mails, of_a_parcel(10_000_000)])
        say("50 new, 50 ms", f"this program     {bench.ours(line, 'large', 'news')}")


def growth(bench: Bench) -> None:
    """First runs and runs without news over ever larger mailboxes of short mails, and over a full ledger."""
    known = notices(10_000)
    with Line(bench.server.port, 0) as line:
        for count in (MAILS // 4, MAILS, 5 * MAILS):
            user = f"short{count}"
            bench.fill(user, count, small=True)
            say(f"first run, {count}", f"this program     {bench.ours(line, user, user)}")
            say(f"no news, {count}", f"this program     {_least(bench, line, user)}")
        with Ledger.open(bench.folder / user) as ledger:
            ledger.record(today=date(2026, 11, 23), notices=known)
        bench.ours(line, user, user)
        say("no news, full", f"this program     {_least(bench, line, user)} with {len(known)} notices known")


def _least(bench: Bench, line: Line | Direct, user: str) -> Cost:
    return best(lambda: bench.ours(line, user, user), 5)


def say(run: str, text: str) -> None:
    print(f"mailbox    {run:22} {text}", flush=True)
