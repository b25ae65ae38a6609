"""``python -m fuzz [--seconds N] [TARGET…]``: search for bytes that break a promise, with atheris (libFuzzer).

Each target runs in a process of its own, which ends with the first finding: an exception, an input that takes over
two seconds of processor time, or more memory than it may have. The finding is kept in ``tests/fuzz/corpus/TARGET/``,
where the tests run it from then on. What the search found to be interesting stays in ``.fuzz/``, and the next search
goes on from there. At its end all of that is run once more as it is, without the search's own weight, to measure it.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAMES = ("parse", "read", "trust", "settings", "ledger")

#: An input may take this much of a processor, and all of the process this much memory. Who does not come back at all
#: is ended by the clock.
SECONDS = 2
HANG = 60
MEGABYTES = 300
#: What the search itself takes beside it: the marks in the code, and all inputs that it keeps.
OVERHEAD = 150

_LONGEST = {"parse": 65536, "read": 65536, "trust": 8192, "settings": 8192, "ledger": 4096}


def seeds(name: str) -> list[Path]:
    """What the search begins with: the findings of earlier ones, and the project's own mails or settings."""
    own = sorted((HERE / "corpus" / name).glob("*"))
    if name in ("parse", "read", "ledger"):
        return own + sorted((ROOT / "fixtures" / "emails").rglob("*.eml"))
    if name == "settings":
        return [*own, ROOT / "pipeline" / "setup" / "settings.toml", ROOT / "fixtures" / "demo.toml"]
    return own


def work(name: str, arguments: list[str]) -> None:
    """Be the process that searches."""
    import atheris

    with atheris.instrument_imports(include=["pipeline", "mailparser", "email"]):
        from fuzz.targets import TARGETS
    target = TARGETS[name]

    def timed(data: bytes) -> None:
        began = time.process_time()
        target(data)
        took = time.process_time() - began
        assert took < SECONDS, f"{took:.1f} seconds"

    # What is loaded once, such as the words of all languages, is not what an input costs.
    target(next((seed.read_bytes() for seed in seeds(name)), b""))
    atheris.Setup([sys.argv[0], *arguments], timed)
    atheris.Fuzz()


def search(name: str, seconds: int) -> bool:
    """Search for *seconds*; print one line; return whether nothing was found."""
    found = ROOT / ".fuzz" / name
    start = found / "seeds"
    for folder in (start, HERE / "corpus" / name):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        data = seed.read_bytes()[: _LONGEST[name]]
        # The first byte tells the ledger's target what to do; from 128 on it records what a mail says.
        (start / f"{number:04}").write_bytes(b"\xff" + data if name == "ledger" and seed.suffix == ".eml" else data)
    (found / "new").mkdir(exist_ok=True)
    log = found / "log"
    began = time.monotonic()
    with log.open("wb") as output:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "fuzz", "--work", name),
                *(f"-max_total_time={seconds}", f"-timeout={HANG}", f"-rss_limit_mb={MEGABYTES + OVERHEAD}"),
                *(f"-max_len={_LONGEST[name]}", f"-artifact_prefix={HERE / 'corpus' / name}/", "-print_final_stats=1"),
                *(f"-dict={HERE / 'words.dict'}", str(found / "new"), str(start)),
            ],
            cwd=HERE.parent,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    executed = re.search(r"number_of_executed_units:\s+(\d+)", log.read_text("utf-8", "replace"))
    measured = subprocess.run(
        [sys.executable, "-m", "fuzz", "--measure", name], cwd=HERE.parent, capture_output=True, text=True, check=False
    )
    slowest, megabytes = map(float, measured.stdout.split()) if not measured.returncode else (0.0, 0.0)
    sound = not done.returncode and not measured.returncode and slowest < SECONDS and megabytes < MEGABYTES
    print(
        f"{name:9} {time.monotonic() - began:5.0f} s  {executed[1] if executed else 0:>9} inputs  "
        f"slowest {slowest:.2f} s  {megabytes:.0f} MB  "
        + ("nothing found" if sound else f"FOUND SOMETHING: see {log}"),
        flush=True,
    )
    return sound


def measure(name: str) -> None:
    """Run all inputs of the last search as they are; print the slowest one's seconds and the peak in megabytes."""
    from fuzz.targets import TARGETS

    slowest = 0.0
    for number, path in enumerate([*seeds(name)[:1], *sorted((ROOT / ".fuzz" / name / "new").iterdir())]):
        began = time.process_time()
        TARGETS[name](path.read_bytes())
        # The first one pays for what is loaded once.
        slowest = max(slowest, time.process_time() - began if number else 0.0)
    print(slowest, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], sys.argv[3:])
        return
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2])
        return
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("targets", nargs="*", default=list(NAMES))
    options = parser.parse_args()
    sound = [search(name, options.seconds) for name in options.targets]
    raise SystemExit(not all(sound))


main()
