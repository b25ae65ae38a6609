"""`mark`: what only the owner can know of a parcel."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.known import known_today, speaker_on
from pipeline.cli.options import ConfigOption, StateOption, TodayOption, UsageError, settings_of, today_of
from pipeline.cli.unread import NOTHING_READ, nothing_read


def mark(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="An order number or tracking code.")],
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="MARK…",
            help="delivered, unchanged, contacted, disputed, untracked, ignore, reopen, protection=DATE, "
            "ship-by=DATE, shipped=DATE, code=CODE or note=TEXT; shop=NAME for a parcel added by hand.",
        ),
    ],
    config: ConfigOption = None,
    state: StateOption = None,
    today: TodayOption = None,
) -> None:
    """Say what only you can know of a parcel. `reopen` takes the last mark back.

    A parcel that no mail told of is added with its shop or the day on which it was shipped:
    mark 8211968327931234 shop=aliexpress code=RB123456785CN shipped=2026-11-02

    Example: parcel-digest mark 8211968327931234 unchanged
    """
    from pipeline.config import state_dir
    from pipeline.ledger import Ledger, lock
    from pipeline.marks import MarkError, by_hand, notices_of, read_words
    from pipeline.parcels import find

    known = [parcel for parcel, _ in known_today(config, state, today).diagnosed]
    day = today_of(settings_of(config, optional=True), today)
    found = list(find(known, number))
    try:
        said = read_words(words)
        if not found and not said.adds and nothing_read(state):
            raise MarkError(f"{NOTHING_READ}. {by_hand(number)}")
        notices = notices_of(said, number, found, day, known)
    except MarkError as error:
        raise UsageError(str(error)) from None
    folder = state_dir(state)
    with lock(folder), Ledger.open(folder) as ledger:
        kept = {ledger.add_mark(notice).message_id for notice in notices}
    speaker = speaker_on(config, today)
    spoken_of = [
        (parcel, diagnosis)
        for parcel, diagnosis in known_today(config, state, today).diagnosed
        if any(source.message_id in kept for source in parcel.sources)
    ]
    for parcel, diagnosis in spoken_of:
        print(f"{', '.join(parcel.orders) or parcel.codes[0].code}: {speaker(diagnosis.title)}")
    if not spoken_of:
        print(f"{number}: taken back; nothing is known of it any more")
