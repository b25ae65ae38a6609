"""What holds for any mails whatever: order of arrival, duplicates and runs do not matter; nothing is lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from notices import code

from pipeline.diagnose import diagnose
from pipeline.facts import Defaults
from pipeline.ledger import Ledger
from pipeline.model import Diagnosis, Event, Mark, MarkKind, Notice, OrderNumber, Trust
from pipeline.parcels import fold
from pipeline.parcels.orders import compact, is_placeholder

START = datetime(2026, 11, 1, tzinfo=UTC)
TODAY = date(2026, 12, 31)
NOWHERE = Path("/nonexistent")
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati")]

ORDERS = ("1001", "1002", "3074309624262839", "074309624262839", "3074309624272839", "000000")
CODES = ("RB123456785CN", "AP00000827165784", "AP00000827165785", "LP00827165784034", "7777777777", "1002")
#: Numbers that none of the above can be taken for.
OTHER_ORDERS = ("2001", "9074309624262838")
OTHER_CODES = ("RR999888775DE", "AP11100827165784")


def subsets(pool: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(pool), max_size=3, unique=True)


@st.composite
def mails(draw: st.DrawFn, orders: tuple[str, ...] = ORDERS, codes: tuple[str, ...] = CODES) -> Notice:
    named, given_codes = draw(subsets(orders)), draw(subsets(codes))
    pairs = st.tuples(st.sampled_from(named), st.sampled_from(given_codes)) if named and given_codes else st.nothing()
    days = st.one_of(st.none(), st.dates(date(2026, 11, 1), date(2027, 3, 1)))
    return Notice(
        message_id="",
        date=START + timedelta(days=draw(st.integers(0, 9))),
        shop=draw(st.sampled_from(["aliexpress", "aliexpress", "ebay", None])),
        event=draw(st.sampled_from(Event)),
        orders=tuple(OrderNumber(number) for number in named),
        codes=tuple(code(text) for text in given_codes),
        pairs=tuple(draw(st.lists(pairs, max_size=2, unique=True))) if named and given_codes else (),
        replaced=tuple(draw(st.one_of(st.just([]), subsets(codes)))),
        trust=draw(st.sampled_from([Trust.TRUSTED, Trust.UNVERIFIED, Trust.SUSPICIOUS])),
        protection_ends=draw(days),
        ship_by=draw(days),
    )


@st.composite
def marks(draw: st.DrawFn, orders: tuple[str, ...] = ORDERS, codes: tuple[str, ...] = CODES) -> Notice:
    kind = draw(st.sampled_from(MarkKind))
    shipped = "2026-11-03T12:00:00+01:00"
    value = {
        MarkKind.CODE: draw(st.sampled_from(codes)),
        MarkKind.PROTECTION: "2026-12-24",
        MarkKind.SHIPPED: shipped,
        MarkKind.ADDED: draw(st.sampled_from([None, shipped])),
        MarkKind.NOTE: "asked the neighbours",
    }.get(kind)
    is_order = draw(st.booleans())
    event = draw(st.sampled_from([Event.ORDERED, Event.SHIPPED])) if kind is MarkKind.ADDED else Event.NONE
    return Notice(
        message_id="",
        date=START + timedelta(days=draw(st.integers(0, 9))),
        event=event,
        orders=(OrderNumber(draw(st.sampled_from(orders))),) if is_order else (),
        codes=() if is_order else (code(draw(st.sampled_from(codes))),),
        trust=Trust.OWNER,
        mark=Mark(kind, value),
    )


def numbered(notices: list[Notice], prefix: str) -> list[Notice]:
    return [replace(notice, message_id=f"{prefix}{index}@test") for index, notice in enumerate(notices)]


stories = st.lists(st.one_of(mails(), mails(), marks()), max_size=12).map(lambda found: numbered(found, "a"))
other_stories = st.lists(st.one_of(mails(OTHER_ORDERS, OTHER_CODES), marks(OTHER_ORDERS, OTHER_CODES)), max_size=6).map(
    lambda found: numbered(found, "b")
)


@given(stories, st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_duplicates_do_not_matter(story: list[Notice], random: object) -> None:
    shuffled = story + story[::2]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(story)


@given(stories, st.lists(st.integers(0, 12), max_size=3))
@settings(max_examples=60)
def test_how_the_mails_were_split_into_runs_does_not_matter(story: list[Notice], cuts: list[int]) -> None:
    with Ledger.copy_in_memory(NOWHERE) as ledger:
        for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(story)], strict=True):
            ledger.record(today=TODAY, notices=story[max(0, start - 2) : end])
        assert fold(ledger.notices()) == fold(story)


@given(stories, st.lists(st.integers(-12, 14), min_size=1, max_size=4))
def test_the_zones_in_which_mails_are_dated_do_not_matter(story: list[Notice], hours: list[int]) -> None:
    zones = [timezone(timedelta(hours=hour)) for hour in hours]
    moved = [
        replace(notice, date=notice.date.astimezone(zones[index % len(zones)])) for index, notice in enumerate(story)
    ]
    assert fold(moved) == fold(story)


@given(stories, other_stories)
def test_a_notice_never_changes_a_parcel_whose_numbers_it_does_not_name(
    story: list[Notice], other: list[Notice]
) -> None:
    assert set(fold(story)) | set(fold(other)) == set(fold(story + other))


@given(stories)
def test_no_mail_that_names_a_number_vanishes(story: list[Notice]) -> None:
    sources = {source.message_id for parcel in fold(story) for source in parcel.sources}
    expected = {n.message_id for n in story if n.trust is not Trust.SUSPICIOUS and n.about_a_parcel and not n.mark}
    assert expected <= sources


@given(stories)
def test_no_mail_without_a_number_and_no_suspicious_one_touches_a_parcel(story: list[Notice]) -> None:
    sources = {source.message_id for parcel in fold(story) for source in parcel.sources}
    assert not sources & {n.message_id for n in story if n.trust is Trust.SUSPICIOUS or not n.about_a_parcel}


@given(stories)
def test_codes_never_hold_an_order_number(story: list[Notice]) -> None:
    heard = [notice for notice in story if notice.trust is not Trust.SUSPICIOUS and notice.mark is None]
    numbers = {compact(o.number) for n in heard for o in n.orders if not is_placeholder(o.number)}
    assert not numbers & {compact(each.code) for parcel in fold(story) for each in parcel.codes}


@given(stories)
def test_a_placeholder_stands_only_in_the_parcel_of_one_mail(story: list[Notice]) -> None:
    for parcel in fold(story):
        if any(map(is_placeholder, [*parcel.orders, *(each.code for each in parcel.codes)])):
            assert len(parcel.sources) == 1


@given(stories)
def test_keys_are_unique(story: list[Notice]) -> None:
    assert not [key for key, times in Counter(parcel.key for parcel in fold(story)).items() if times > 1]


#: A number that a shop prints in mails about different parcels: one digit repeated, a placeholder, its own ticket.
SHARED = st.sampled_from(["0000000000", "111111", "AP00000000000000", "7777777777", "4401772", "CASE-558812"])


@st.composite
def sharing(draw: st.DrawFn, orders: tuple[str, ...], codes: tuple[str, ...], shared: str) -> list[Notice]:
    """Mails of which some name *shared* as one more order."""
    story = draw(st.lists(mails(orders, codes), max_size=7))
    return [
        replace(mail, orders=(*mail.orders, OrderNumber(shared)), pairs=()) if draw(st.booleans()) else mail
        for mail in story
    ]


@given(st.data(), SHARED)
def test_a_number_that_two_parcels_mails_share_never_makes_one_parcel_of_them(data: st.DataObject, shared: str) -> None:
    one = numbered(data.draw(sharing(("1001", "1002"), CODES[:4], shared)), "a")
    other = numbered(data.draw(sharing(OTHER_ORDERS, OTHER_CODES, shared)), "b")
    for parcel in fold(one + other):
        sides = {each.code in OTHER_CODES for each in parcel.codes}
        sides |= {number in OTHER_ORDERS for number in parcel.orders if number != shared}
        assert len(sides) < 2


@given(stories, st.randoms(use_true_random=False), st.sampled_from(ZONES), st.integers(0, 150))
def test_neither_arrival_nor_duplicates_nor_zones_of_mails_change_a_diagnosis(
    story: list[Notice], random: object, zone: ZoneInfo, ahead: int
) -> None:
    moved = [replace(notice, date=notice.date.astimezone(zone)) for notice in story + story[::3]]
    random.shuffle(moved)  # type: ignore[attr-defined]
    today = date(2026, 11, 1) + timedelta(days=ahead)

    def diagnoses(notices: list[Notice]) -> list[Diagnosis]:
        return [diagnose(parcel, today, zone, Defaults(), {}, explain=True) for parcel in fold(notices)]

    assert diagnoses(moved) == diagnoses(story)


@given(stories, other_stories, st.integers(0, 150))
def test_a_notice_never_changes_the_diagnosis_of_a_parcel_that_it_does_not_name(
    story: list[Notice], other: list[Notice], ahead: int
) -> None:
    today = date(2026, 11, 1) + timedelta(days=ahead)

    def diagnoses(notices: list[Notice]) -> dict[str, Diagnosis]:
        return {parcel.key: diagnose(parcel, today, UTC, Defaults(), {}) for parcel in fold(notices)}

    assert diagnoses(story).items() <= diagnoses(story + other).items()


@given(stories)
def test_a_code_stands_in_one_parcel_only(story: list[Notice]) -> None:
    codes = Counter(each.code for parcel in fold(story) for each in parcel.codes if not is_placeholder(each.code))
    assert not [text for text, times in codes.items() if times > 1]


@given(stories)
def test_what_unverified_mails_say_later_never_changes_a_code_that_a_trusted_mail_gave(
    story: list[Notice],
) -> None:
    shipped = Notice(
        "first@test",
        START - timedelta(days=1),
        shop="aliexpress",
        event=Event.SHIPPED,
        orders=(OrderNumber("1001"),),
        codes=(code(CODES[0]),),
        trust=Trust.TRUSTED,
    )
    unverified = [notice for notice in story if notice.trust is Trust.UNVERIFIED]
    (parcel,) = (p for p in fold([shipped, *unverified]) if "first@test" in {s.message_id for s in p.sources})
    assert [each.code for each in parcel.codes] == [CODES[0]]
