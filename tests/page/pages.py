"""The pages that are judged: the story of ``make demo``, every state, 200 parcels, strangers' worst words, nothing."""

from __future__ import annotations

import functools
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from command import DAY, ROOT, run_story
from digest_values import (
    DELIVERED,
    HOSTILE,
    SUSPICIOUS,
    TODAY,
    UNCLEAR,
    UNREAD,
    ZONE,
    a_diagnosis,
    a_parcel,
    ago,
    all_states,
    in_days,
)

from pipeline.digest import Digest, compose
from pipeline.model import Event, Level, Place, Suspicion, Unread
from pipeline.render import Form, render
from pipeline.render.page import index
from pipeline.speech import SOURCE, languages

if TYPE_CHECKING:
    from collections.abc import Callable


DEMO = ROOT / "fixtures" / "demo.toml"
#: How links begin in a digest that comes by mail.
ANSWER_TO = "mailto:me@example.org?subject=parcel-digest.20261123.abcdefghijklmnopqrstuvwxyz&body="


def _digest(*pairs, **more) -> Digest:  # type: ignore[no-untyped-def]
    values = {"suspicious": (), "unread": (), "told": None, **more}
    return compose(TODAY, pairs, zone=ZONE, **values)


def story() -> str:
    """The page that ``make demo`` writes, by the installed command."""
    with tempfile.TemporaryDirectory() as folder:
        run_story(Path(folder), "--config", DEMO)
        return (Path(folder) / "digests" / f"digest-{DAY}.html").read_text(encoding="utf-8")


def every_state() -> Digest:
    """Each section, each kind of bad mail, a message to the seller; a later digest, so that news are marked."""
    letter = (a_parcel(9), a_diagnosis("contact-seller", title="Write to the seller"))
    before = compose(TODAY, [all_states()[0]], suspicious=(), unread=(), told=None, zone=ZONE).snapshot
    bad = {"suspicious": [SUSPICIOUS], "unclear": [UNCLEAR], "unread": [UNREAD]}
    return replace(_digest(*all_states(), letter, told=before, told_on=in_days(-1), **bad), answer_to=ANSWER_TO)


def many() -> Digest:
    """200 parcels, most of which wait."""
    urgent = [(a_parcel(number, items=("Folding garden saw",)), a_diagnosis()) for number in range(60)]
    waiting = [(a_parcel(number), a_diagnosis("be-patient", Level.WAIT)) for number in range(60, 200)]
    return _digest(*urgent, *waiting)


def hostile() -> Digest:
    """Every bad text at every place where a stranger's words can stand."""
    pairs, suspicious, unread = [], [], []
    for number, (name, text) in enumerate(HOSTILE.items()):
        parcel = a_parcel(number, subject=text, items=(text, text), status=text, shop=text, code=text, orders=(text,))
        pairs.append((parcel, a_diagnosis(act_by=in_days(3))))
        done = a_parcel(number + 50, event=Event.DELIVERED, subject=text, items=(text,))
        pairs.append((done, a_diagnosis(*DELIVERED)))
        suspicious.append(Suspicion(f"{name}@evil.example", ago(0), f"claims to be {text}", text, text))
        unread.append(Unread(Place("home", "INBOX", 1, str(number)), text, f"cannot be decoded: {text}"))
    return replace(_digest(*pairs, suspicious=suspicious, unread=unread), answer_to=ANSWER_TO)


def _in(language: str) -> Digest:
    return replace(every_state(), language=language)


def _html(digest: Callable[[], Digest]) -> Callable[[], str]:
    return functools.cache(lambda: render(digest(), Form.HTML))


def _index() -> str:
    return index(
        [
            ("digest-2026-11-23.html", TODAY, "5 parcels need you, 1 arrives today"),
            ("digest-2026-11-21.html", in_days(-2), "1 parcel needs you"),
            ("digest-2026-10-24.html", in_days(-30), "<script>alert(1)</script>" + "A" * 300),
        ],
        "en",
        TODAY,
    )


PAGES: dict[str, Callable[[], str]] = {
    "story": functools.cache(story),
    "every-state": _html(every_state),
    "many": _html(many),
    "hostile": _html(hostile),
    "nothing": _html(_digest),
    "index": _index,
}

#: Every state in every other language: long words, other letters, the other direction.
LANGUAGES: dict[str, Callable[[], str]] = {
    language: _html(functools.partial(_in, language)) for language in languages() if language != SOURCE
}
