"""Several mailboxes at the same time: each is walked over in a thread of its own, and one place takes what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")


def in_parallel(works: Sequence[Callable[[], Iterator[T]]]) -> Iterator[tuple[int, T | Exception]]:
    """Yield (number of the work, what it yielded), as it comes; an exception that ends a work is yielded, too.

    Each work waits until its last item was taken, so that what lies ready is one item a work. A single work needs
    no thread. A run that ends early leaves its threads to end with the process.
    """
    if len(works) < 2:
        for number, work in enumerate(works):
            try:
                yield from ((number, item) for item in work())
            except Exception as error:
                yield number, error
        return
    yield from _threaded(works)


def _threaded(works: Sequence[Callable[[], Iterator[T]]]) -> Iterator[tuple[int, T | Exception]]:
    from queue import Queue
    from threading import Thread

    ready: Queue[tuple[int, T | Exception | None]] = Queue(maxsize=1)

    def walk(number: int, work: Callable[[], Iterator[T]]) -> None:
        try:
            for item in work():
                ready.put((number, item))
        except Exception as error:
            ready.put((number, error))
        ready.put((number, None))

    for number, work in enumerate(works):
        Thread(target=walk, args=(number, work), daemon=True).start()
    left = len(works)
    while left:
        number, item = ready.get()
        if item is None:
            left -= 1
        else:
            yield number, item
