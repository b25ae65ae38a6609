"""`replay`: what the digest would have said, day by day, from what was known then."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from command import STORY, Finished, parcel_digest, run_story

ORDER = "8214206618830497"  # shipped on 5 November, never seen


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replay")
    run_story(folder)
    return folder


def replay(state: Path, *words: str) -> Finished:
    return parcel_digest("replay", "--state", state, *words)


def test_a_parcels_life_is_told_in_stretches_days_to_come_included(state: Path) -> None:
    told = replay(state, "--from", "2026-11-05", "--to", "2027-01-05", ORDER).out.splitlines()
    assert [" ".join(line.split()) for line in told] == [
        f"order:{ORDER}",
        "2026-11-05 to 2026-11-14 day 0 to 9 wait be-patient No information yet, which is normal: be patient",
        "2026-11-15 to 2026-11-20 day 10 to 15 watch ask-carrier Look at the carrier's own page",
        "2026-11-21 to 2026-12-29 day 16 to 54 act check-code Look whether the code has changed",
        "2026-12-30 to 2027-01-04 day 55 to 60 act dispute-now Last days of protection: open a dispute"
        " (act by 2027-01-04)",
        "2027-01-05 day 61 watch protection-over Buyer protection has ended",
    ]


def test_as_json_each_day_is_an_object(state: Path) -> None:
    lines = replay(state, "--from", "2026-11-20", "--to", "2026-11-21", "--format", "json", ORDER).out.splitlines()
    days = [json.loads(line) for line in lines]
    assert [(day["date"], day["diagnosis"], day["days"]) for day in days] == [
        ("2026-11-20", "ask-carrier", 15),
        ("2026-11-21", "check-code", 16),
    ]


def test_it_says_day_by_day_what_a_daily_job_said(tmp_path: Path) -> None:
    mailbox = tmp_path / "mails"
    mailbox.mkdir()
    for mail in STORY.glob("2026-09-*.eml"):
        shutil.copy(mail, mailbox)
    days = ("2026-09-24", "2026-09-25", "2026-09-26", "2026-09-27")
    said = [parcel_digest("run", "--mailbox", mailbox, "--state", tmp_path, "--today", day).out for day in days]
    assert [bool(text) for text in said] == [True, False, False, True]
    assert replay(tmp_path, "--from", days[0], "--to", days[-1]).out == (
        f"──── {days[0]} ────\n\n{said[0]}\n"
        "──── 2026-09-25 to 2026-09-26: nothing to say ────\n\n"
        f"──── {days[3]} ────\n\n{said[3]}\n"
    )


def test_it_begins_with_the_first_mail(state: Path) -> None:
    assert replay(state, "--to", "2026-09-24").out.startswith("──── 2026-09-24 ────")


def test_as_json_each_digest_is_an_object(state: Path) -> None:
    lines = replay(state, "--to", "2026-09-27", "--format", "json").out.splitlines()
    assert [json.loads(line)["date"] for line in lines] == ["2026-09-24", "2026-09-27"]


def test_it_changes_nothing(state: Path) -> None:
    def content() -> dict[str, str]:
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in state.rglob("*") if path.is_file()}

    before = content()
    replay(state, "--from", "2026-11-20", "--to", "2026-11-30")
    assert content() == before


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "2026-11-20", "--to", "2026-11-19"),
        ("--from", "2026-11-20", "--to", "2026-11-21", "8200000000000001"),
        ("--from", "soon"),
    ],
    ids=["backwards", "unknown number", "no date"],
)
def test_what_cannot_be_replayed_is_refused_in_one_line(state: Path, words: tuple[str, ...]) -> None:
    done = replay(state, *words)
    assert (done.code, len(done.complaints)) == (2, 1)


def test_of_nothing_nothing_is_told(tmp_path: Path) -> None:
    assert replay(tmp_path).code == 2


def test_it_ends_on_the_day_that_is_taken_for_today(state: Path) -> None:
    lines = replay(state, "--from", "2026-11-20", "--today", "2026-11-21", "--format", "json", ORDER).out.splitlines()
    assert [json.loads(line)["date"] for line in lines] == ["2026-11-20", "2026-11-21"]


def test_what_was_to_be_done_is_told_in_the_owners_language(state: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('language = "de"\n', "utf-8")
    told = replay(state, "--from", "2026-11-20", "--to", "2026-11-20", "--config", str(config), ORDER).out
    assert "ask-carrier" in told
    assert "Look at the carrier's own page" not in told
