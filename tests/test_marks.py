"""The owner's word: what may be typed, what is refused with which words, and the notices that come of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from command import parcel_digest
from msgspec.structs import replace
from notices import notice

from pipeline.marks import MarkError, Words, notices_of, read_mark, read_words
from pipeline.model import Check, CodeKind, Event, Mark, MarkKind, Notice, Parcel, Trust
from pipeline.parcels import find, fold
from pipeline.sources import Today

TODAY = Today(date(2026, 11, 23), ZoneInfo("Europe/Berlin"))
ORDER, OTHER = "8211968327931234", "8211968327939999"
A, B = "RB123456785CN", "LP00827165784034"
KNOWN = fold([notice("2026-11-03", "shipped", ORDER, A)])
TWO = fold([notice("2026-11-03", "shipped", ORDER, f"{A} {B}")])


def said(number: str, *words: str, known: tuple[Parcel, ...] = KNOWN, today: Today = TODAY) -> list[Notice]:
    return notices_of(read_words(words), number, list(find(known, number)), today, list(known))


def with_marks(*notices: Notice, known: tuple[Notice, ...] = ()) -> tuple[Parcel, ...]:
    return fold([*known, *(replace(each, message_id=f"mark-{n}@owner") for n, each in enumerate(notices))])


@pytest.mark.parametrize(
    ("word", "mark"),
    [
        ("delivered", Mark(MarkKind.DELIVERED)),
        ("reopen", Mark(MarkKind.REOPEN)),
        ("protection=2026-12-01", Mark(MarkKind.PROTECTION, "2026-12-01")),
        ("ship-by=20261201", Mark(MarkKind.SHIP_BY, "2026-12-01")),
        ("shipped=2026-11-02", Mark(MarkKind.SHIPPED, "2026-11-02")),
        ("code=rb 123 456 785 cn", Mark(MarkKind.CODE, A)),
        ("note= asked  the neighbours ", Mark(MarkKind.NOTE, "asked the neighbours")),
        ("note=a=b", Mark(MarkKind.NOTE, "a=b")),
    ],
)
def test_what_may_be_typed(word: str, mark: Mark) -> None:
    assert read_mark(word) == mark


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (
            ["lost"],
            "'lost' is no mark; write one of delivered, unchanged, contacted, disputed, untracked, ignore, reopen, "
            "protection=DATE, ship-by=DATE, shipped=DATE, code=CODE, note=TEXT",
        ),
        (["added"], "'added' is no mark"),
        (["protection"], "write protection with its day, as protection=2026-12-01"),
        (["shipped=soon"], "write shipped with its day"),
        (["code="], "write the new tracking code behind it"),
        (["code=12-34"], "write the new tracking code behind it"),
        (["note= "], "write your note behind it"),
        (["delivered=yes"], "delivered takes no value"),
        (["delivered", "delivered"], "delivered is said twice"),
        (["shop=Nowhere Shop"], "'Nowhere Shop' is no shop we know"),
    ],
)
def test_what_is_refused(words: list[str], reason: str) -> None:
    with pytest.raises(MarkError, match=re.escape(reason)):
        read_words(words)


def test_a_long_note_is_cut() -> None:
    assert read_mark(f"note={'x' * 900}").value == "x" * 500


def test_a_shop_may_be_named_as_people_name_it() -> None:
    assert read_words(["shop=AliExpress"]) == read_words(["shop=aliexpress"]) == Words((), "aliexpress")


# ── a parcel that is known ──────────────────────────────────────────────────────────────────────────────────


def test_a_mark_names_the_number_as_the_mails_write_it() -> None:
    (by_code,) = said("rb 123 456 785 cn", "unchanged")
    (by_order,) = said(ORDER, "unchanged")
    assert ([c.code for c in by_code.codes], by_code.orders) == ([A], ())
    assert ([o.number for o in by_order.orders], by_order.codes) == ([ORDER], ())


def test_several_words_are_several_marks() -> None:
    kinds = [each.mark.kind for each in said(ORDER, "contacted", "note=by chat") if each.mark]
    assert kinds == [MarkKind.CONTACTED, MarkKind.NOTE]


def test_a_day_given_by_hand_counts_from_its_end() -> None:
    (notice,) = said(ORDER, "unchanged")
    assert notice.date == datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC)


def test_today_counts_from_now() -> None:
    now = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    (notice,) = said(ORDER, "unchanged", today=Today(TODAY.day, TODAY.zone, now))
    assert notice.date == now


def test_a_day_of_shipping_is_noon_of_the_owners_day() -> None:
    (notice,) = said(ORDER, "shipped=2026-11-02")
    assert notice.mark == Mark(MarkKind.SHIPPED, "2026-11-02T12:00:00+01:00")


def test_a_new_code_is_described_by_its_shape() -> None:
    (notice,) = said(ORDER, "code=RB731048223CN")
    (code,) = notice.codes
    assert (code.carrier, code.kind, code.check) == ("chinapost", CodeKind.TRACKING_NUMBER, Check.PASSED)


def test_a_mistyped_code_is_taken_and_known_as_such() -> None:
    (notice,) = said(ORDER, "code=RB731048224CN")
    assert notice.codes[0].check is Check.FAILED


def test_a_code_of_no_known_shape_is_taken() -> None:
    (notice,) = said(ORDER, "code=XYZ987654321")
    assert (notice.codes[0].code, notice.codes[0].carrier) == ("XYZ987654321", None)


@pytest.mark.parametrize(
    ("number", "word", "known", "reason"),
    [
        (ORDER, f"code={ORDER}", KNOWN, "is an order number"),
        (ORDER, "code=RB999999999CN", KNOWN, "is a placeholder"),
        (ORDER, "code=000000", KNOWN, "is a placeholder"),
        (ORDER, "code=XYZ987654321", TWO, "has several packages: give the code that is replaced instead, one of"),
        (ORDER, "shipped=2026-11-24", KNOWN, "2026-11-24 is still to come"),
        (ORDER, "shop=ebay", KNOWN, "is known already"),
    ],
)
def test_what_is_refused_of_a_known_parcel(number: str, word: str, known: tuple[Parcel, ...], reason: str) -> None:
    with pytest.raises(MarkError, match=re.escape(reason)):
        said(number, word, known=known)


def test_of_several_packages_a_new_code_is_that_of_the_one_still_open() -> None:
    delivered = notice("2026-11-09", "delivered", ORDER, A)
    known = fold([notice("2026-11-03", "shipped", ORDER, f"{A} {B}"), delivered])
    (given,) = said(ORDER, "code=XYZ987654321", known=known)
    assert ([c.code for c in given.codes], given.orders) == ([B, "XYZ987654321"], ())


def test_the_day_of_shipping_may_be_today() -> None:
    assert said(ORDER, "shipped=2026-11-23")


# ── a parcel added by hand ──────────────────────────────────────────────────────────────────────────────────


def test_a_parcel_is_added_with_shop_code_and_day() -> None:
    (parcel,) = with_marks(*said(OTHER, "shop=ebay", f"code={B}", "shipped=2026-11-02", known=()))
    assert (parcel.shop, parcel.orders, [c.code for c in parcel.codes]) == ("ebay", (OTHER,), [B])
    assert parcel.shipped_at == datetime(2026, 11, 2, 11, tzinfo=UTC)
    assert (parcel.event, parcel.trust) == (Event.SHIPPED, Trust.OWNER)


def test_a_number_in_the_shape_of_a_carriers_is_a_code() -> None:
    (parcel,) = with_marks(*said("rb 123456785 cn", "shipped=2026-11-02", known=()))
    assert (parcel.orders, [c.code for c in parcel.codes]) == ((), [A])


def test_an_order_that_is_not_shipped_yet_waits_from_today_on() -> None:
    (parcel,) = with_marks(*said("#12-34567-89012", "shop=ebay", known=()))
    assert (parcel.orders, parcel.event, parcel.shipped_at) == (("12-34567-89012",), Event.ORDERED, None)
    assert parcel.ordered_at == datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC)


def test_one_command_is_taken_back_word_by_word() -> None:
    added = said(OTHER, "note=for mum", "shop=ebay", known=())
    reopen = notice("2026-11-24", "none", OTHER, trust="owner", mark=Mark(MarkKind.REOPEN))
    (parcel,) = with_marks(*added, reopen)
    assert (parcel.orders, parcel.remarks) == ((OTHER,), ())
    assert with_marks(*added, reopen, notice("2026-11-25", "none", OTHER, trust="owner", mark=reopen.mark)) == ()


def test_the_code_of_a_carriers_mail_may_be_given_an_order() -> None:
    told = notice("2026-11-03", "in_transit", codes=B, shop=None)
    (parcel,) = with_marks(*said(OTHER, "shop=ebay", f"code={B}", known=fold([told])), known=(told,))
    assert (parcel.orders, parcel.shop, parcel.event) == ((OTHER,), "ebay", Event.IN_TRANSIT)


@pytest.mark.parametrize(
    ("number", "words", "reason"),
    [
        (OTHER, ["unchanged"], f"no parcel with the number {OTHER} is known"),
        (OTHER, [f"code={B}"], "To add it by hand say of which shop it is"),
        ("one", ["shop=ebay"], "one is no order number or tracking code"),
        ("000000", ["shop=ebay"], "000000 is a placeholder"),
        (OTHER, ["shop=ebay", f"code={ORDER}"], "is an order number, not a tracking code"),
        (OTHER, ["shop=ebay", f"code={OTHER}"], "is the number of the order itself"),
        (OTHER, ["shop=ebay", "code=RB999999999CN"], "is a placeholder, no tracking code"),
        (OTHER, ["shipped=2026-11-24"], "is still to come"),
    ],
)
def test_what_is_refused_of_an_unknown_parcel(number: str, words: list[str], reason: str) -> None:
    with pytest.raises(MarkError, match=re.escape(reason)):
        said(number, *words)


# ── on the command line ─────────────────────────────────────────────────────────────────────────────────────


def mark(state: Path, *words: str) -> tuple[int, str, list[str]]:
    done = parcel_digest("mark", "--state", state, "--today", "2026-11-23", *words)
    return done.code, done.out.strip(), done.complaints


def test_a_parcel_can_be_added_without_any_mail_and_taken_back(tmp_path: Path) -> None:
    added = mark(tmp_path, OTHER, "shop=aliexpress", f"code={A}", "shipped=2026-11-03", "note=a gift")
    assert added == (0, f"{OTHER}: Look whether the code has changed", [])
    explained = parcel_digest("explain", "--state", tmp_path, "--today", "2026-11-23", OTHER).out
    assert "a gift" in explained
    for left in (
        f"{OTHER}: Look whether the code has changed",
        f"{OTHER}: taken back; nothing is known of it any more",
    ):
        assert mark(tmp_path, OTHER, "reopen") == (0, left, [])


def test_a_mark_for_a_number_that_is_not_known_says_how_to_add_it(tmp_path: Path) -> None:
    code, _, complaints = mark(tmp_path, OTHER, "delivered")
    assert (code, len(complaints)) == (2, 1)
    assert f"parcel-digest mark {OTHER} shop=ebay shipped=2026-11-02" in complaints[0]


def test_marks_of_one_moment_are_obeyed_in_the_order_in_which_they_were_given() -> None:
    first, second = said(ORDER, "note=one", "untracked")
    assert second.date - first.date == timedelta(0)
    (parcel,) = with_marks(first, second, known=(notice("2026-11-03", "shipped", ORDER, A),))
    assert [source.mark.kind for source in parcel.sources if source.mark] == [MarkKind.NOTE, MarkKind.UNTRACKED]


def test_the_settings_know_better_of_a_shop(tmp_path: Path) -> None:
    mark(tmp_path, OTHER, "shop=ebay", "shipped=2026-11-03")
    settings = tmp_path / "config.toml"
    settings.write_text("[rules.shop.aliexpress]\nprotection = 90\n", "utf-8")
    words = ("--state", tmp_path, "--config", settings, "--today", "2026-11-23")
    assert parcel_digest("mark", *words, ORDER, "shop=aliexpress", f"code={A}", "shipped=2026-11-03").code == 0
    facts = {fact["fact"]: fact for fact in parcel_digest("explain", *words, "--format", "json", ORDER).json()["facts"]}
    assert facts["days_to_protection_end"]["value"] == 70


def test_settings_of_an_unknown_shop_are_refused(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text("[rules.shop.nowhere]\nprotection = 90\n", "utf-8")
    done = parcel_digest("show", "--state", tmp_path, "--config", settings)
    assert (done.code, len(done.complaints)) == (78, 1)
    assert "[rules.shop.nowhere]" in done.complaints[0]
