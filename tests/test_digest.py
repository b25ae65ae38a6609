"""What is said, in which order, what counts as new, and when a day is worth a digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from digest_values import (
    ARRIVING,
    DELIVERED,
    MOVING,
    SUSPICIOUS,
    TODAY,
    UNREAD,
    ZONE,
    a_diagnosis,
    a_parcel,
    ago,
    all_states,
    in_days,
)

from pipeline.digest import Digest, News, Section, Snapshot, SnapshotError, compose
from pipeline.model import Diagnosis, Event, Level, Mark, MarkKind, Parcel, Source, TrackingCode, Trust


def digest_of(
    *pairs: tuple[Parcel, Diagnosis], told: Snapshot | None = None, day_after: int = 0, **more: object
) -> Digest:
    values: dict[str, object] = {"suspicious": (), "unread": (), **more}
    return compose(TODAY + timedelta(days=day_after), pairs, told=told, zone=ZONE, **values)


# ── what is new ─────────────────────────────────────────────────────────────────────────────────────────────

BEFORE = (a_parcel(), a_diagnosis())


@pytest.mark.parametrize(
    ("now", "news"),
    [
        pytest.param(BEFORE, None, id="nothing"),
        pytest.param((a_parcel(2), a_diagnosis()), News.PARCEL, id="another parcel"),
        pytest.param((a_parcel(code="RB123456785CN"), a_diagnosis()), News.CODE, id="another code"),
        pytest.param((a_parcel(event=Event.IN_TRANSIT), a_diagnosis()), News.EVENT, id="another event"),
        pytest.param((a_parcel(), a_diagnosis("contact-seller")), News.ADVICE, id="another rule"),
        pytest.param((a_parcel(), a_diagnosis(days=18)), None, id="only a day more"),
    ],
)
def test_what_is_new_since_the_last_digest(now: tuple[Parcel, Diagnosis], news: News | None) -> None:
    told = digest_of(BEFORE).snapshot
    assert digest_of(now, told=told, day_after=1).entries[0].news == news


@pytest.mark.parametrize(
    ("pair", "days_later", "worth_it"),
    [
        pytest.param((a_parcel(), a_diagnosis()), 1, False, id="act, told yesterday"),
        pytest.param((a_parcel(), a_diagnosis()), 6, False, id="act, told 6 days ago"),
        pytest.param((a_parcel(), a_diagnosis()), 7, True, id="act, told 7 days ago"),
        pytest.param((a_parcel(), a_diagnosis(act_by=in_days(5))), 1, False, id="last day in 4 days"),
        pytest.param((a_parcel(), a_diagnosis(act_by=in_days(4))), 1, True, id="last day in 3 days"),
        pytest.param((a_parcel(), a_diagnosis(act_by=in_days(1))), 1, True, id="last day is today"),
        pytest.param((a_parcel(), a_diagnosis(act_by=in_days(0))), 1, False, id="last day has passed"),
        pytest.param((a_parcel(), a_diagnosis(act_by=in_days(1))), 0, False, id="told earlier the same day"),
        pytest.param((a_parcel(), a_diagnosis("stalled", Level.WATCH)), 30, False, id="watch, told long ago"),
        pytest.param((a_parcel(), a_diagnosis(*MOVING)), 30, False, id="moving, told long ago"),
        pytest.param((a_parcel(), a_diagnosis(*DELIVERED)), 30, False, id="delivered, told long ago"),
    ],
)
def test_when_an_unchanged_parcel_is_worth_a_digest(
    pair: tuple[Parcel, Diagnosis], days_later: int, worth_it: bool
) -> None:
    told = digest_of(pair).snapshot
    assert digest_of(pair, told=told, day_after=days_later).is_news is worth_it


@pytest.mark.parametrize(
    ("more", "told_before", "worth_it"),
    [
        pytest.param({}, False, False, id="nothing at all"),
        pytest.param({"suspicious": [SUSPICIOUS]}, False, True, id="new suspicious mail"),
        pytest.param({"suspicious": [SUSPICIOUS]}, True, False, id="suspicious mail told before"),
        pytest.param({"unread": [UNREAD]}, False, True, id="new unreadable mail"),
        pytest.param({"unread": [UNREAD]}, True, False, id="unreadable mail told before"),
        pytest.param({"unread": [replace(UNREAD, message_id="")]}, False, True, id="unreadable, no id"),
        pytest.param({"unread": [replace(UNREAD, message_id="")]}, True, False, id="no id, told before"),
    ],
)
def test_when_a_mail_is_worth_a_digest(more: dict[str, object], told_before: bool, worth_it: bool) -> None:
    told = digest_of(**more).snapshot if told_before else Snapshot()
    assert digest_of(told=told, day_after=1, **more).is_news is worth_it


@pytest.mark.parametrize(
    ("pair", "first", "second"),
    [
        pytest.param((a_parcel(), a_diagnosis()), True, True, id="act stays"),
        pytest.param((a_parcel(), a_diagnosis(*ARRIVING)), True, True, id="watch stays"),
        pytest.param((a_parcel(), a_diagnosis(*MOVING)), True, False, id="moving becomes quiet"),
        pytest.param((a_parcel(), a_diagnosis(*DELIVERED)), True, False, id="delivered is told once"),
    ],
)
def test_which_parcels_get_a_card_again(pair: tuple[Parcel, Diagnosis], first: bool, second: bool) -> None:
    digest = digest_of(pair)
    again = digest_of(pair, told=digest.snapshot, day_after=1)
    assert (digest.entries[0].shown, again.entries[0].shown) == (first, second)


def test_a_solved_parcel_stays_in_the_entries() -> None:
    pair = (a_parcel(event=Event.DELIVERED), a_diagnosis(*DELIVERED))
    assert len(digest_of(pair, told=digest_of(pair).snapshot, day_after=1).entries) == 1


def test_a_reminder_counts_from_the_last_time_it_was_said() -> None:
    pair = (a_parcel(), a_diagnosis())
    again = digest_of(pair, told=digest_of(pair).snapshot, day_after=5)
    assert not digest_of(pair, told=again.snapshot, day_after=8).is_news


# ── order, sections, subject ────────────────────────────────────────────────────────────────────────────────


def test_parcels_stand_by_level_then_last_day_then_oldest_first() -> None:
    pairs = [
        (a_parcel(1), a_diagnosis(*DELIVERED)),
        (a_parcel(2), a_diagnosis(*MOVING)),
        (a_parcel(3), a_diagnosis(*ARRIVING)),
        (a_parcel(4), a_diagnosis()),
        (a_parcel(5, ordered_at=ago(21)), a_diagnosis()),
        (a_parcel(6), a_diagnosis(act_by=in_days(9))),
        (a_parcel(7), a_diagnosis(act_by=in_days(2))),
    ]
    assert [entry.parcel.orders[0][-1] for entry in digest_of(*pairs).entries] == list("7654321")


def test_the_order_in_which_parcels_are_given_does_not_matter() -> None:
    assert digest_of(*all_states()) == digest_of(*reversed(all_states()))


def test_every_section_is_used_by_some_parcel() -> None:
    assert {entry.section for entry in digest_of(*all_states()).entries} == set(Section)


ACT = (a_parcel(1), a_diagnosis())
TODAYS = (a_parcel(2, event=Event.OUT_FOR_DELIVERY), a_diagnosis(*ARRIVING))
YESTERDAYS = (a_parcel(3, event=Event.OUT_FOR_DELIVERY, event_at=ago(1)), a_diagnosis(*ARRIVING))
HOME = (a_parcel(4, event=Event.DELIVERED), a_diagnosis(*DELIVERED))
ON_ITS_WAY = (a_parcel(5), a_diagnosis(*MOVING))


@pytest.mark.parametrize(
    ("pairs", "more", "subject"),
    [
        ([ACT, (a_parcel(6), a_diagnosis()), TODAYS], {}, "2 parcels need you, 1 arrives today"),
        ([ACT], {}, "1 parcel needs you"),
        ([YESTERDAYS], {}, "1 parcel is arriving"),
        ([HOME], {}, "1 parcel has arrived"),
        ([ON_ITS_WAY], {}, "1 parcel has news"),
        ([ACT], {"suspicious": [SUSPICIOUS]}, "1 parcel needs you, 1 suspicious mail"),
        ([], {"unread": [UNREAD, replace(UNREAD, message_id="u2")]}, "2 unreadable mails"),
        ([], {}, "No parcels on the way"),
    ],
)
def test_the_subject_answers(pairs: list[tuple[Parcel, Diagnosis]], more: dict[str, object], subject: str) -> None:
    assert str(digest_of(*pairs, **more).subject) == subject


def test_the_subject_says_when_all_is_quiet() -> None:
    told = digest_of(ON_ITS_WAY).snapshot
    assert str(digest_of(ON_ITS_WAY, told=told, day_after=1).subject) == "All quiet, 1 parcel on the way"


# ── what it takes from parcel and diagnosis ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("diagnosis", "ends"),
    [
        pytest.param(a_diagnosis(), (in_days(43), True), id="estimated"),
        pytest.param(a_diagnosis(ends=9, about=False), (in_days(9), False), id="said"),
        pytest.param(a_diagnosis(ends=None, about=False), (None, False), id="unknown"),
        pytest.param(a_diagnosis(*DELIVERED), (None, True), id="no matter any more"),
    ],
)
def test_the_end_of_protection(diagnosis: Diagnosis, ends: tuple[date | None, bool]) -> None:
    entry = digest_of((a_parcel(), diagnosis)).entries[0]
    assert (entry.protection_ends, entry.protection_about) == ends


def test_marks_are_no_mails() -> None:
    mark = Source("mark1", ago(0), Event.NONE, trust=Trust.OWNER, mark=Mark(MarkKind.UNCHANGED))
    parcel = a_parcel()
    parcel = replace(parcel, sources=(*parcel.sources, mark))
    assert [mail.message_id for mail in digest_of((parcel, a_diagnosis())).entries[0].mails] == ["mail1@shop.example"]


def test_days_are_those_of_the_owners_zone() -> None:
    late = Source("late@shop.example", ago(3, hour=0), Event.SHIPPED)  # 23:00 UTC of the day before
    entry = digest_of((a_parcel(sources=(late,)), a_diagnosis())).entries[0]
    assert entry.mails[0].day == in_days(-3)


# ── the snapshot ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_snapshot_survives_being_stored() -> None:
    snapshot = digest_of(*all_states(), suspicious=[SUSPICIOUS], unread=[UNREAD]).snapshot
    assert Snapshot.decode(snapshot.encode()) == snapshot


@pytest.mark.parametrize("text", ["", "{", '{"parcels": []}', '{"parcels": {"a": {"rule": 1}}}', b"\xff"])
def test_a_damaged_snapshot_is_refused(text: str | bytes) -> None:
    with pytest.raises(SnapshotError, match="the record of the last digest"):
        Snapshot.decode(text)


def test_old_codes_that_come_back_are_new() -> None:
    old, new = TrackingCode("LP1"), TrackingCode("LP2")
    told = digest_of((a_parcel(codes=(new, old)), a_diagnosis())).snapshot
    entry = digest_of((a_parcel(codes=(old, new)), a_diagnosis()), told=told, day_after=1).entries[0]
    assert entry.news is News.CODE
