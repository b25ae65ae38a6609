"""The calendar as two parsers read it: icalendar, strictly, and ical.js, which is Thunderbird's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import icalendar
import pages
import pytest
from browser import missing
from digest_values import DELIVERED, TODAY, ZONE, a_diagnosis, a_parcel, in_days

from pipeline.digest import Digest, compose
from pipeline.model import Diagnosis, Event, Parcel
from pipeline.render import Form, render

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
NODE = Path(sys.executable).parent / "node"

DIGESTS = {"every-state": pages.every_state, "many": pages.many, "hostile": pages.hostile}


def as_thunderbird_reads(calendar: str) -> list[dict[str, Any]]:
    if line := missing():
        pytest.fail(line, pytrace=False)
    done = subprocess.run([NODE, HERE / "calendar.mjs"], input=calendar.encode(), capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def strictly(calendar: str) -> icalendar.Calendar:
    """Read it without any of the errors that icalendar forgives."""
    (found,) = icalendar.Calendar.from_ical(calendar, multiple=True)
    assert [component.errors for component in found.walk() if component.errors] == []
    return found


def digest_of(*pairs: tuple[Parcel, Diagnosis]) -> Digest:
    return compose(TODAY, pairs, (), (), None, ZONE)


@pytest.mark.parametrize("name", DIGESTS)
def test_both_parsers_read_the_same_events(name: str) -> None:
    calendar = render(DIGESTS[name](), Form.ICS)
    one = [
        (str(event["uid"]), event.decoded("dtstart").isoformat(), str(event["summary"]))
        for event in strictly(calendar).walk("VEVENT")
    ]
    other = [(event["uid"], event["start"], event["summary"]) for event in as_thunderbird_reads(calendar)]
    assert one == other
    assert one


@pytest.mark.parametrize("name", DIGESTS)
def test_every_line_is_folded_and_ends_as_it_should(name: str) -> None:
    lines = render(DIGESTS[name](), Form.ICS).encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75  # RFC 5545, section 3.1
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_thunderbird_refuses_what_is_broken() -> None:
    calendar = render(digest_of((a_parcel(), a_diagnosis())), Form.ICS)
    with pytest.raises(AssertionError, match="ParserError"):
        as_thunderbird_reads(calendar.replace("END:VEVENT\r\n", "VEVENT\r\n"))


def test_a_calendar_that_imports_each_days_digest_ends_with_what_holds() -> None:
    """A deadline that moves is moved, one that is over is cancelled, none is doubled."""
    story = [
        (a_parcel(event=Event.AVAILABLE_FOR_PICKUP, pickup_by=in_days(6)), a_diagnosis("collect", act_by=in_days(6))),
        (a_parcel(event=Event.AVAILABLE_FOR_PICKUP, pickup_by=in_days(9)), a_diagnosis("collect", act_by=in_days(9))),
        (a_parcel(event=Event.IN_TRANSIT, pickup_by=in_days(9)), a_diagnosis("moving")),
        (a_parcel(event=Event.DELIVERED, pickup_by=in_days(9)), a_diagnosis(*DELIVERED)),
    ]
    kept: dict[str, dict[str, Any]] = {}
    seen = []
    for pair in story:
        for event in as_thunderbird_reads(render(digest_of(pair), Form.ICS)):
            kept[event["uid"]] = event
        seen.append(sorted(event["start"] for event in kept.values() if event["status"] != "CANCELLED"))
    protection = in_days(43).isoformat()
    assert seen == [
        [in_days(6).isoformat(), protection],
        [in_days(9).isoformat(), protection],
        [protection],
        [],
    ]
