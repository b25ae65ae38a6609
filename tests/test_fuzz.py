"""Every input that fuzzing ever found, and what it begins with, through its target: what held once still holds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from command import ROOT
from fuzz.targets import TARGETS

CORPUS = ROOT / "tests" / "fuzz" / "corpus"
INPUTS = sorted(CORPUS.glob("*/*"))


def test_every_folder_of_the_corpus_has_a_target() -> None:
    assert {path.name for path in CORPUS.iterdir()} <= set(TARGETS)


@pytest.mark.parametrize("path", INPUTS, ids=[f"{path.parent.name}-{path.name[:24]}" for path in INPUTS])
def test_inputs_that_were_found_break_nothing_any_more(path: Path) -> None:
    began = time.process_time()
    TARGETS[path.parent.name](path.read_bytes())
    assert time.process_time() - began < 2


@pytest.mark.parametrize("name", ["parse", "ledger"])
def test_the_projects_own_mails_pass_the_targets_that_reading_tests_do_not_walk(name: str) -> None:
    for path in sorted((ROOT / "fixtures" / "emails" / "broken").glob("*.eml")):
        data = path.read_bytes()
        TARGETS[name](b"\xff" + data if name == "ledger" else data)
