"""The help page as one story: one parcel's life, and what its owner is told on each day of it.

Read the table from top to bottom. Day 0 is the day of the order, 1 March 2026; the parcel is shipped on day 7, from
which the days of waiting count. Nothing is made up on the way: the mails and the owner's words are folded as they
were known on that day, and diagnosed.
"""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
from notices import mark, notice

from pipeline.diagnose import diagnose, worth_showing
from pipeline.facts import Defaults, ShopTerms
from pipeline.model import Diagnosis, Notice, Parcel
from pipeline.parcels import fold

ORDER = "65519797821543"
FIRST, NEW = "RB123456785CN", "LP00123456789012"

#: day | what happens on it | what is to be done | level | days | act by day
STORY = f"""
  You paid. The seller has five days to ship (seed 1, window).
    0 | ordered                  | awaiting-shipment | wait  |  0 |
    5 |                          | awaiting-shipment | wait  |  5 |
  Not shipped in time: the money comes back by itself.
    6 |                          | shipment-overdue  | act   |  6 |
  A letter: "Your Order {ORDER} has been shipped". The number in it is the order's (seed 1, mistake).
    7 | shipped                  | no-code-yet       | watch |  0 |
  The code is given. Be patient: the first information appears around the 10th day (seed 2a).
    8 | shipped {FIRST}          | be-patient        | wait  |  1 |
   16 |                          | be-patient        | wait  |  9 |
  Day 10: track it on the carrier's own site (seed 2b).
   17 |                          | ask-carrier       | watch | 10 |
   22 |                          | ask-carrier       | watch | 15 |
  More than 15 days and still nothing: look whether the code has changed (seed 2c).
   23 |                          | check-code        | act   | 16 |
  Unchanged: contact the seller (seed 2d).
   24 | owner: unchanged         | contact-seller    | act   | 17 |
   25 | owner: contacted         | contact-seller    | watch | 18 |
  The seller sends another code, which is as silent for ten days.
   30 | code_changed {NEW}       | code-changed      | watch | 23 |
   40 |                          | code-changed      | watch | 33 |
   41 |                          | check-code        | act   | 34 |
  At last it moves, and stops again.
   45 | in_transit {NEW}         | moving            | wait  | 38 |
   60 |                          | moving            | wait  | 53 |
   61 |                          | stalled           | watch | 54 |
  The last days of the order's protection: open the dispute now, not before (seed 2f).
   62 |                          | dispute-now       | act   | 55 | 67
   66 |                          | dispute-now       | act   | 59 | 67
   67 | owner: disputed          | dispute-now       | watch | 60 | 67
   68 |                          | protection-over   | watch | 61 |
  The money comes back, and fifteen days later nobody speaks of it any more.
   70 | refunded                 | refunded          | done  | 63 |
   85 |                          | refunded          | done  | 78 |
   86 |                          | not shown         |       |    |
"""

SHOPS = {"aliexpress": ShopTerms(order_page="https://shop.example/order?id={order}")}


def on_day(number: int) -> date:
    return date(2026, 3, 1) + timedelta(days=number)


def rows() -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in STORY.splitlines() if "|" in line]


def known_by(number: int) -> list[Notice]:
    """The mails, and the owner's words, of all days until that one."""
    return [said(f"{on_day(int(day))} 09:30", what) for day, what, *_ in rows() if what and int(day) <= number]


def said(at: str, what: str) -> Notice:
    if what.startswith("owner: "):
        return mark(at, ORDER, what.removeprefix("owner: "), message_id=f"mark-{at}@owner")
    event, _, code = what.partition(" ")
    return notice(at, event, ORDER, code, message_id=f"{at}@shop.example", items=("Wireless mouse",))


def told(number: int) -> tuple[Parcel, Diagnosis]:
    (parcel,) = fold(known_by(number))
    found = diagnose(
        parcel,
        on_day(number),
        UTC,
        Defaults(),
        SHOPS,
        tracking_page=lambda _carrier, code: f"https://carrier.example/{code}",
    )
    return parcel, found


def test_what_the_owner_is_told_on_each_day_of_the_story() -> None:
    lines = []
    for day, what, *_ in rows():
        parcel, found = told(int(day))
        shown = worth_showing(parcel, found, on_day(int(day)), UTC)
        act_by = str((found.act_by - on_day(0)).days) if found.act_by else ""
        outcome = [found.rule, found.level, str(found.days), act_by] if shown else ["not shown", "", "", ""]
        lines.append([day, what, *outcome])
    assert lines == [[*row, "", "", ""][:6] for row in rows()]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (5, "The seller has until 2026-03-06 to ship it"),
        (6, "The money should come back by itself"),
        (7, f"{ORDER} in the mail's subject is the number of your order, not a tracking code"),
        (7, f"The order's page: https://shop.example/order?id={ORDER}"),
        (8, "The first information usually appears around the 10th day"),
        (17, f"The carrier's own page: https://carrier.example/{FIRST}"),
        (17, "Sites of others may not have the carrier's data"),
        (23, f"look whether another code than {FIRST} stands there"),
        (23, f"parcel-digest mark {FIRST} unchanged"),
        (24, "most likely it was mistyped"),
        (30, f"The code changed on 2026-03-31: follow {NEW} from now on."),
        (30, f"The old one, {FIRST}, will tell nothing more."),
        (62, "open a dispute on the order's page, by 2026-05-07 at the latest"),
        (67, "You opened a dispute on 2026-05-07."),
        (70, "The refund was told on 2026-05-10."),
    ],
)
def test_in_words(day: int, words: str) -> None:
    assert words in " ".join(map(str, told(day)[1].advice))


def test_all_the_while_it_is_too_early_for_a_dispute() -> None:
    early = [number for number in range(71) if any(note.id == "too-early-to-dispute" for note in told(number)[1].notes)]
    assert early == list(range(17, 45))
    assert told(17)[1].notes[0].date == on_day(62)
