"""`replay`: day by day, what the digest would have said from what was known then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import (
    ConfigOption,
    ReadFormat,
    StateOption,
    TodayOption,
    UsageError,
    as_day,
    settings_of,
    today_of,
)
from pipeline.cli.unread import NOTHING_READ, nothing_read

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.ledger import Ledger
    from pipeline.model import Diagnosis, Parcel
    from pipeline.sources import Today
    from pipeline.speech import Speaker

_DAY = {"parser": as_day, "metavar": "YYYY-MM-DD"}


def replay(
    number: Annotated[str | None, typer.Argument(metavar="[ORDER|CODE]", help="Follow this parcel only.")] = None,
    start: Annotated[
        date | None, typer.Option("--from", help="First day; by default that of the first mail.", **_DAY)
    ] = None,
    end: Annotated[date | None, typer.Option("--to", help="Last day; by default today.", **_DAY)] = None,
    form: Annotated[ReadFormat, typer.Option("--format", help="json: one object a line for each day.")] = (
        ReadFormat.TEXT
    ),
    config: ConfigOption = None,
    state: StateOption = None,
    today: TodayOption = None,
) -> None:
    """Show day by day what the digest would have said from what was known then; changes nothing.

    With a number: what was to be done about that parcel on each day, days to come included.

    Example: parcel-digest replay --from 2026-11-01 --to 2026-11-30
    """
    from pipeline.config import state_dir
    from pipeline.ledger import Ledger
    from pipeline.sources import Today

    settings = settings_of(config, optional=True)
    with Ledger.copy_in_memory(state_dir(state)) as ledger:
        first = start or _first_day(ledger, settings)
        last = end or today_of(settings, today).day
        if first is None or first > last:
            if nothing_read(state):
                raise UsageError(NOTHING_READ)
            raise UsageError("nothing is known of these days; --from must not lie behind --to")
        ledger.told.forget_since(first)
        days = [Today(first + timedelta(days=ahead), settings.zone()) for ahead in range((last - first).days + 1)]
        for line in (
            _digests(ledger, settings, days, form) if number is None else _life(ledger, settings, days, number, form)
        ):
            print(line)


def _first_day(ledger: Ledger, settings: Config) -> date | None:
    from pipeline.model import NO_DATE, local_date

    return next((local_date(each.date, settings.zone()) for each in ledger.notices() if each.date != NO_DATE), None)


# ── all parcels ──────────────────────────────────────────────────────────────────────────────────────────────


def _digests(ledger: Ledger, settings: Config, days: list[Today], form: ReadFormat) -> Iterator[str]:
    from pipeline.job import digest_of, is_due
    from pipeline.render import Form, render
    from pipeline.render.reports import json_line

    quiet: list[date] = []
    for today in days:
        digest = digest_of(ledger, settings, today)
        if not is_due(ledger, settings, today, digest):
            quiet.append(today.day)
            continue
        ledger.told.keep(today.day, digest.snapshot.encode())
        if form is ReadFormat.JSON:
            yield json_line(json.loads(render(digest, Form.JSON)))
            continue
        yield from _silence(quiet)
        quiet.clear()
        yield f"──── {today.day} ────\n\n{render(digest, Form.TEXT)}"
    if form is ReadFormat.TEXT:
        yield from _silence(quiet)


def _silence(quiet: list[date]) -> Iterator[str]:
    if quiet:
        yield f"──── {_span(quiet[0], quiet[-1])}: nothing to say ────\n"


def _span(first: object, last: object) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


# ── one parcel ───────────────────────────────────────────────────────────────────────────────────────────────


def _life(ledger: Ledger, settings: Config, days: list[Today], number: str, form: ReadFormat) -> Iterator[str]:
    from pipeline.job import survey
    from pipeline.parcels import find
    from pipeline.render.reports import json_line
    from pipeline.speech import Speaker

    speaker = Speaker(settings.spoken, days[-1].day, iso=True)
    told: dict[str, list[tuple[date, Parcel, Diagnosis]]] = {}
    for today in days:
        known = {parcel.key: (parcel, found) for parcel, found in survey(ledger, settings, today).diagnosed}
        for parcel in find((parcel for parcel, _ in known.values()), number):
            told.setdefault(parcel.key, []).append((today.day, *known[parcel.key]))
            if form is ReadFormat.JSON:
                yield json_line(_record(speaker, today.day, *known[parcel.key]))
    if not told:
        raise UsageError(f"no parcel with the number {number} was known in these days")
    for key, line in told.items() if form is ReadFormat.TEXT else ():
        yield key
        for outcome, run in groupby(line, lambda each: _outcome(speaker, each[2])):
            stretch = list(run)
            first, last = stretch[0], stretch[-1]
            counted = f"day {_span(first[2].days, last[2].days)}" if first[2].days is not None else ""
            yield f"  {_span(first[0], last[0]):<24}  {counted:<14}  {outcome}"


def _outcome(speaker: Speaker, found: Diagnosis) -> str:
    act_by = f" (act by {found.act_by})" if found.act_by else ""
    return f"{found.level.value:<5}  {found.rule:<17}  {speaker(found.title)}{act_by}"


def _record(speaker: Speaker, day: date, parcel: Parcel, found: Diagnosis) -> dict[str, object]:
    return {
        "date": day.isoformat(),
        "orders": list(parcel.orders),
        "codes": [code.code for code in parcel.codes],
        "event": parcel.event.value,
        "diagnosis": found.rule,
        "level": found.level.value,
        "days": found.days,
        "act_by": found.act_by.isoformat() if found.act_by else None,
        "title": speaker(found.title),
        "notes": [note.id for note in found.notes],
    }
