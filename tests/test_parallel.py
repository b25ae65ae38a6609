"""Walking over several mailboxes at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from pipeline.mailbox.parallel import in_parallel


def counting(to: int, error: Exception | None = None) -> Iterator[int]:
    yield from range(to)
    if error is not None:
        raise error


@pytest.mark.parametrize("works", [1, 2, 5])
def test_everything_comes_in_the_order_of_its_work(works: int) -> None:
    came = list(in_parallel([partial(counting, 20)] * works))
    assert all([item for number, item in came if number == work] == list(range(20)) for work in range(works))


@pytest.mark.parametrize("works", [1, 3])
def test_a_work_that_fails_is_told_and_the_others_go_on(works: int) -> None:
    error = ValueError("broken")
    came = list(in_parallel([partial(counting, 2, error), *[partial(counting, 20)] * (works - 1)]))
    assert [item for number, item in came if number == 0] == [0, 1, error]
    assert len(came) == 3 + 20 * (works - 1)


def test_works_run_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=10)

    def meet() -> Iterator[int]:
        yield meeting.wait()

    assert sorted(item for _, item in in_parallel([meet] * 3) if isinstance(item, int)) == [0, 1, 2]


def test_no_work_no_item() -> None:
    assert list(in_parallel([])) == []
