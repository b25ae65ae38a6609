"""Work on very many values at once, without Python's search for reference cycles walking over them."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def no_cycle_search() -> Iterator[None]:
    """Let the search rest meanwhile.

    It starts anew whenever many values were made, walks over all that live, and finds nothing among notices
    and parcels: of 100,000 notices it takes half the time of loading and a third of that of folding them.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
