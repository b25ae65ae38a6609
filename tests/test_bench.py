"""The benchmark's parts can be loaded: they run too long to be run here."""

from __future__ import annotations

from importlib import import_module

import pytest
from command import ROOT

PARTS = sorted(path.stem for path in (ROOT / "tests" / "bench").glob("[!_]*.py"))


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_benchmark_finds_all_it_uses(part: str) -> None:
    import_module(f"bench.{part}")
