"""What every part measures with."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The best of *times* runs, by the clock on the wall."""
    return _best(work, times, time.perf_counter)


def processor_seconds(work: Callable[[], object], times: int = 3) -> float:
    """The best of *times* runs, by the processor's time: what others do on the machine does not count."""
    return _best(work, times, time.process_time)


def _best(work: Callable[[], object], times: int, clock: Callable[[], float]) -> float:
    best = float("inf")
    for _ in range(times):
        started = clock()
        work()
        best = min(best, clock() - started)
    return best
