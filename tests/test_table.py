"""`show`: the table of a terminal of any width, and the lines of a pipe."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from command import DAY, PROGRAM, ROOT, clean_environment, parcel_digest, run_story
from digest_values import HOSTILE, TODAY, a_diagnosis, a_parcel, all_states, in_days
from rich.console import Console

from pipeline.model import Diagnosis, Event, Parcel
from pipeline.render.table import lines, table
from pipeline.render.words import width
from pipeline.speech import Speaker

Rows = list[tuple[Parcel, Diagnosis]]

ENGLISH = Speaker("en", TODAY)
WIDTHS = (32, 40, 60, 71, 72, 80, 100, 132, 200)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def drawn(rows: Rows, columns: int, *, colours: bool = False) -> str:
    out = io.StringIO()
    system = "truecolor" if colours else None
    console = Console(file=out, width=columns, force_terminal=colours, color_system=system, highlight=False)
    console.print(table(rows, columns, ENGLISH))
    return out.getvalue()


def hostile(text: str) -> Rows:
    return [(a_parcel(shop=text, items=(text,), code="RB123456785CN"), a_diagnosis(act_by=in_days(3)))]


@pytest.mark.parametrize("columns", WIDTHS)
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    assert max(map(width, drawn(all_states(), columns).split("\n"))) <= columns


@pytest.mark.parametrize("columns", WIDTHS)
def test_no_number_is_cut(columns: int) -> None:
    said = drawn(all_states(), columns)
    for parcel, _ in all_states():
        for number in (*parcel.orders, *(code.code for code in parcel.codes)):
            assert number in said


def test_each_number_says_what_it_is() -> None:
    said = drawn(all_states()[:1], 80)
    assert "order  8211968327900001" in said
    assert "code   LP00827165700001" in said


@pytest.mark.parametrize("columns", [40, 100])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_of_a_stranger_steers_the_terminal(text: str, columns: int) -> None:
    said = _COLOURS.sub("", drawn(hostile(text), columns, colours=True))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", said)
    assert max(map(width, said.split("\n"))) <= columns


def test_markup_of_a_stranger_stays_words() -> None:
    assert "[/b] [red]" in drawn(hostile("[/b] [red]"), 120, colours=True)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_pipe_gets_one_line_a_parcel(text: str) -> None:
    said = list(lines(hostile(text), ENGLISH))
    assert len(said) == 2
    assert all(line.isprintable() for line in said)


def test_a_pipe_gets_every_number_whole_however_many_there_are() -> None:
    parcel = a_parcel(orders=tuple(f"82119683279{number:05d}" for number in range(40)))
    assert ",".join(parcel.orders) in list(lines([(parcel, a_diagnosis())], ENGLISH))[1]


def test_a_pipe_gets_columns_that_stand_under_each_other() -> None:
    said = list(
        lines([(a_parcel(), a_diagnosis()), (a_parcel(2, event=Event.IN_TRANSIT), a_diagnosis(days=None))], ENGLISH)
    )
    starts = [line.index("8211968327900") for line in said[1:]]
    assert starts == [said[0].index("order number")] * 2


def test_show_in_a_pipe(tmp_path: Path) -> None:
    run_story(tmp_path)
    said = parcel_digest("show", "--state", tmp_path, "--today", DAY).out.splitlines()
    assert said[0].split()[:2] == ["level", "act"]
    assert "\x1b" not in "".join(said)
    assert [line.split()[0] for line in said[1:]] == sorted(
        (line.split()[0] for line in said[1:]), key=["act", "watch", "wait", "done"].index
    )


def everything(terminal: int) -> bytes:
    """What was written to a terminal until its last writer closed it."""
    said = b""
    with suppress(OSError):  # this is how Linux tells the end
        while piece := os.read(terminal, 65536):
            said += piece
    os.close(terminal)
    return said


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_show_on_a_terminal(tmp_path: Path, columns: int) -> None:
    run_story(tmp_path)
    parent, child = pty.openpty()
    running = subprocess.Popen(
        [*PROGRAM, "show", "--state", str(tmp_path), "--today", DAY],
        cwd=ROOT,
        env=clean_environment() | {"COLUMNS": str(columns), "TERM": "xterm-256color"},
        stdout=child,
        stdin=child,
    )
    os.close(child)
    said = everything(parent).decode()
    assert running.wait(timeout=60) == 0
    assert "\x1b[" in said
    assert "8212204733190856" in said
    assert max(width(line) for line in _COLOURS.sub("", said).replace("\r", "").split("\n")) <= columns
