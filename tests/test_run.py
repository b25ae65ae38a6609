"""The main job as its user runs it: over the story in fixtures/emails/story, the table of its README as the spec."""

from __future__ import annotations

import hashlib
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pexpect
import pytest
from command import PROGRAM, ROOT, STORY, Finished, clean_environment, parcel_digest, parcels, run_story

_ROW = re.compile(r"^\|(?P<cells>.+)\|$", re.MULTILINE)


def told_by_the_story() -> list[tuple[frozenset[str], frozenset[str], str, str]]:
    """(orders, codes, diagnosis, days) of each row of the story's table."""
    rows = []
    for match in _ROW.finditer((STORY / "README.md").read_text("utf-8")):
        cells = [cell.strip() for cell in match["cells"].split("|")]
        if len(cells) == 6 and cells[3].startswith("`"):
            codes = frozenset(re.findall(r"[A-Z0-9]{10,}", cells[2]))
            rows.append((frozenset(re.findall(r"[\dA-Z-]{6,}", cells[1])), codes, cells[3].strip("`"), cells[4]))
    return rows


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("story")
    assert run_story(folder).code == 1  # one mail of the story cannot be read
    return folder


@pytest.fixture(scope="module")
def found(state: Path) -> dict[frozenset[str], dict[str, Any]]:
    return {frozenset(parcel["orders"]): parcel for parcel in parcels(state)}


def test_the_story_has_a_parcel_in_every_state() -> None:
    assert len(told_by_the_story()) >= 10


@pytest.mark.parametrize("row", told_by_the_story(), ids=lambda row: row[2])
def test_each_parcel_of_the_story_is_diagnosed_as_its_table_says(
    found: dict[frozenset[str], dict[str, Any]], row: tuple[frozenset[str], frozenset[str], str, str]
) -> None:
    orders, codes, diagnosis, days = row
    parcel = found[orders]
    assert parcel["diagnosis"] == diagnosis
    assert set(parcel["codes"]) == codes
    assert days in ("–", str(parcel["days"]))


def test_the_story_holds_nothing_else(found: dict[frozenset[str], dict[str, Any]]) -> None:
    assert set(found) == {row[0] for row in told_by_the_story()}


def test_the_phishing_mail_is_listed_and_touches_no_parcel(state: Path) -> None:
    digest = parcel_digest("digest", "--format", "json", "--state", state, "--today", "2026-11-23").json()
    assert len(digest["suspicious"]) == 1
    named = {source["message_id"] for parcel in digest["parcels"] for source in parcel["sources"]}
    assert digest["suspicious"][0]["message_id"] not in named


def test_a_second_run_on_the_same_day_is_silent(state: Path) -> None:
    assert run_story(state).out == ""


def on_a_terminal(*words: str | Path) -> list[str]:
    """What `run` says on a terminal, line by line."""
    shown, code = pexpect.run(
        shlex.join([*PROGRAM, "run", *map(str, words)]), env=clean_environment() | {"TERM": "dumb"}, cwd=str(ROOT),
        encoding="utf-8", timeout=60, withexitstatus=True,
    )  # fmt: skip
    assert code == 0, shown
    return [line for line in shown.splitlines() if not line.startswith("parcel-digest: ")]


def test_on_a_terminal_one_line_says_where_the_digest_is_or_why_there_is_none(tmp_path: Path) -> None:
    config, state, mails = tmp_path / "config.toml", tmp_path / "state", tmp_path / "mails"
    config.write_text('[digest]\ndeliver = ["file"]\n')
    mails.mkdir()
    place = ("--mailbox", mails, "--config", config, "--state", state, "--today")
    assert on_a_terminal(*place, "2014-03-20") == [
        "No news: nothing to say today (0 mails read; `parcel-digest show` lists what is known)"
    ]
    shutil.copy(STORY.parent / "aliexpress" / "2014-shipped-seed-shape.eml", mails)
    page = state / "digests" / "digest-2014-03-21.html"
    assert on_a_terminal(*place, "2014-03-21") == [f"The digest of 2014-03-21 is there: file ({page})"]
    assert on_a_terminal(*place, "2014-03-21") == [
        f"Nothing more to say today, the digest went out already: file ({page}) "
        "(0 mails read; `parcel-digest show` lists what is known)"
    ]


def test_in_a_pipe_a_run_says_nothing_of_how_it_ended(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[digest]\ndeliver = ["file"]\n')
    mail = STORY.parent / "aliexpress" / "2014-shipped-seed-shape.eml"
    done = parcel_digest("run", "--mailbox", mail, "--config", config, "--state", tmp_path, "--today", "2014-03-21")
    assert (done.code, done.out, done.complaints) == (0, "", [])


def test_a_mail_that_cannot_be_read_is_complained_of_in_one_line(tmp_path: Path) -> None:
    done = run_story(tmp_path)
    assert len(done.complaints) == 1
    assert "2026-11-22-empty.eml" in done.complaints[0]


def test_a_mail_is_tried_on_three_days_and_then_left_in_quarantine(tmp_path: Path) -> None:
    days = ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"]
    assert [run_story(tmp_path, day=day).code for day in days] == [1, 1, 1, 0]
    digest = parcel_digest("digest", "--format", "json", "--state", tmp_path, "--today", "2026-11-23").json()
    assert len(digest["unread"]) == 1


def test_a_dry_run_shows_the_digest_and_leaves_nothing_on_disk(tmp_path: Path) -> None:
    done = run_story(tmp_path / "state", "--dry-run")
    assert "8212204733190856" in done.out
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_leaves_a_known_state_byte_for_byte(state: Path) -> None:
    def content() -> dict[str, str]:
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in state.rglob("*") if path.is_file()}

    before = content()
    assert run_story(state, "--dry-run", day="2026-11-24").out
    assert content() == before


def test_mails_of_the_next_days_are_kept_and_not_yet_counted(tmp_path: Path) -> None:
    run_story(tmp_path, day="2026-11-01")
    early = {tuple(parcel["orders"]): parcel["diagnosis"] for parcel in parcels(tmp_path, "2026-11-01")}
    assert ("8215540917733186",) not in early
    assert len(parcels(tmp_path)) == len(told_by_the_story())


def test_the_owners_word_changes_the_diagnosis_and_can_be_taken_back(tmp_path: Path) -> None:
    run_story(tmp_path)
    order = "8214206618830497"

    def mark(word: str) -> str:
        done = parcel_digest("mark", "--state", tmp_path, "--today", "2026-11-23", order, word)
        assert done.code == 0, done.complaints
        return next(parcel["diagnosis"] for parcel in parcels(tmp_path) if parcel["orders"] == [order])

    assert mark("unchanged") == "contact-seller"
    explained = parcel_digest("explain", "--state", tmp_path, "--today", "2026-11-23", order)
    assert "A message to the seller, ready to copy (en)" in explained.out
    assert mark("reopen") == "check-code"
    assert mark("delivered") == "delivered"


def test_a_mark_for_an_unknown_number_is_refused(state: Path) -> None:
    done = parcel_digest("mark", "--state", state, "123456789012", "delivered")
    assert done.code == 2


@pytest.mark.parametrize("number", ["8214206618830497", "RS441771906CN", "rs 441 771 906 cn"])
def test_explain_shows_facts_rules_and_mails_for_an_order_or_a_code(state: Path, number: str) -> None:
    done = parcel_digest("explain", "--state", state, "--today", "2026-11-23", number)
    assert done.code == 0
    for said in ("check-code", "Facts", "days", "18", "hit", "miss", "RS441771906CN"):
        assert said in done.out


def test_explain_prints_a_message_to_the_seller_in_the_language_asked_for(state: Path) -> None:
    def message(language: str) -> Finished:
        words = ("--message", language, "8214206618830497")
        return parcel_digest("explain", "--state", state, "--today", "2026-11-23", *words)

    assert message("ru").out.startswith("Здравствуйте!")
    assert "8214206618830497" in message("zh").out
    assert (message("xx").code, len(message("xx").complaints)) == (2, 1)


def test_explain_as_json_is_one_object_a_parcel(state: Path) -> None:
    done = parcel_digest("explain", "--state", state, "--today", "2026-11-23", "--format", "json", "8214206618830497")
    assert done.json()["diagnosis"] == "check-code"


def test_show_lists_the_most_urgent_first(state: Path) -> None:
    done = parcel_digest("show", "--state", state, "--today", "2026-11-23")
    lines = done.out.splitlines()
    assert lines[1].startswith("act")
    assert any(line.startswith("done") for line in lines)


@pytest.mark.parametrize("form", ["text", "html", "json", "csv", "ics", "atom"])
def test_the_digest_can_be_written_in_every_form(state: Path, tmp_path: Path, form: str) -> None:
    there = tmp_path / f"digest.{form}"
    done = parcel_digest("digest", "--format", form, "--to", there, "--state", state, "--today", "2026-11-23")
    assert done.code == 0, done.complaints
    assert "8212204733190856" in there.read_text("utf-8").replace("\r\n ", "")


@pytest.mark.parametrize("form", ["text", "html", "json", "csv", "ics", "atom"])
def test_the_same_ledger_and_day_give_the_same_bytes(state: Path, form: str) -> None:
    said = [
        parcel_digest(
            *("digest", "--format", form, "--state", state, "--today", "2026-11-23"),
            env=clean_environment() | {"PYTHONHASHSEED": seed, "LC_ALL": locale},
        ).out
        for seed, locale in (("1", "C"), ("2", "C.UTF-8"))
    ]
    assert said[0] == said[1] != ""


def test_it_runs_in_the_bare_environment_of_cron(tmp_path: Path) -> None:
    done = parcel_digest(
        "run", "--mailbox", STORY, "--today", "2026-11-23",
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.code == 1
    assert "8212204733190856" in done.out
    assert (tmp_path / ".local/state/parcel-digest/ledger.sqlite3").exists()


# ── mails that once were misunderstood ───────────────────────────────────────────────────────────────────────


def write(mailbox: Path, name: str, subject: str, date: str, body: str) -> None:
    mailbox.mkdir(exist_ok=True)
    (mailbox / f"{name}.eml").write_text(
        "From: AliExpress <transaction@notice.aliexpress.com>\nTo: mila@example.org\n"
        f"Subject: {subject}\n{date}Message-ID: <{name}@notice.aliexpress.com>\n"
        "Authentication-Results: mx.example.org; dmarc=pass header.from=notice.aliexpress.com\n"
        f"Content-Type: text/html; charset=utf-8\n\n{body}\n",
        "utf-8",
    )


def run_over(mailbox: Path, state: Path, day: str) -> None:
    done = parcel_digest("run", "--mailbox", mailbox, "--state", state, "--today", day, "--trust", "mx.example.org")
    assert done.code == 0, done.complaints


ORDER, CODE, PACKAGE = "8211968327931201", "RB731048223CN", "LP00801944177362"
LINK = f"https://www.aliexpress.com/p/tracking/index.html?tradeOrderId={ORDER}&amp;trackingNumber={PACKAGE}"
SHIPPED = f'<p>Order {ORDER} has been shipped.</p><p>Tracking number: {CODE}</p><a href="{LINK}">t</a>'
FIRST_OF_JUNE = "Date: Mon, 01 Jun 2026 10:00:00 +0000\n"


def test_a_package_id_in_a_link_beside_the_carriers_code_is_one_parcel(tmp_path: Path) -> None:
    write(tmp_path / "mails", "1", f"Order {ORDER}: order shipped", FIRST_OF_JUNE, SHIPPED)
    delivered = "Date: Wed, 10 Jun 2026 10:00:00 +0000\n"
    write(tmp_path / "mails", "2", f"Package {CODE} has been delivered", delivered, "<p>It was delivered.</p>")
    run_over(tmp_path / "mails", tmp_path / "state", "2026-06-12")
    found = [(parcel["orders"], parcel["diagnosis"]) for parcel in parcels(tmp_path / "state", "2026-06-12")]
    assert found == [([ORDER], "delivered")]


def test_a_mail_without_a_date_counts_from_the_day_on_which_it_was_met(tmp_path: Path) -> None:
    write(tmp_path / "mails", "1", f"Order {ORDER}: order shipped", "", SHIPPED)
    run_over(tmp_path / "mails", tmp_path / "state", "2026-06-01")
    found = [(parcel["diagnosis"], parcel["days"]) for parcel in parcels(tmp_path / "state", "2026-06-04")]
    assert found == [("be-patient", 3)]


@pytest.mark.parametrize(
    ("code", "said"), [(ORDER, "is an order number"), ("RB999999999CN", "placeholder"), ("12", "new tracking code")]
)
def test_a_code_that_is_none_is_refused_in_one_line(tmp_path: Path, code: str, said: str) -> None:
    write(tmp_path / "mails", "1", f"Order {ORDER}: order shipped", FIRST_OF_JUNE, SHIPPED)
    run_over(tmp_path / "mails", tmp_path / "state", "2026-06-04")
    done = parcel_digest("mark", "--state", tmp_path / "state", "--today", "2026-06-04", ORDER, f"code={code}")
    assert done.code == 2
    assert len(done.complaints) == 1
    assert said in done.complaints[0]


def test_a_new_code_for_an_order_of_two_packages_asks_which_it_replaces(tmp_path: Path) -> None:
    second = SHIPPED.replace(CODE, "RS902144761CN").replace(PACKAGE, "LP00801944177999")
    write(tmp_path / "mails", "1", f"Order {ORDER}: order shipped", FIRST_OF_JUNE, SHIPPED)
    write(tmp_path / "mails", "2", f"Order {ORDER}: order shipped", FIRST_OF_JUNE.replace("01", "02", 1), second)
    run_over(tmp_path / "mails", tmp_path / "state", "2026-06-04")
    words = ["--state", tmp_path / "state", "--today", "2026-06-04"]
    done = parcel_digest("mark", *words, ORDER, "code=UM055555550CN")
    assert done.code == 2
    assert "RS902144761CN" in done.complaints[0]
    assert parcel_digest("mark", *words, "RS902144761CN", "code=UM055555550CN").code == 0
    assert {parcel["codes"][0] for parcel in parcels(tmp_path / "state", "2026-06-04")} == {CODE, "UM055555550CN"}


def test_numbers_are_whole_where_the_table_goes_into_a_pipe(state: Path) -> None:
    done = parcel_digest("show", "--state", state, "--today", "2026-11-23")
    assert "8212204733190856" in done.out
    assert "00340434773044177501" in done.out


def test_a_dry_run_with_nothing_to_say_says_so(state: Path) -> None:
    assert run_story(state, "--dry-run").out.startswith("Nothing would be said now")


# ── before the first run ────────────────────────────────────────────────────────────────────────────────────

UNREAD = "parcel-digest: nothing has been read yet: `parcel-digest run` reads your mails"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show",), 0),
        (("show", "8211968327931234"), 2),
        (("digest",), 0),
        (("explain", "8211968327931234"), 2),
        (("mark", "8211968327931234", "unchanged"), 2),
        (("replay",), 2),
    ],
    ids=str,
)
def test_before_the_first_run_every_command_says_that_nothing_has_been_read(
    tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    done = parcel_digest(*words, "--state", tmp_path / "state")
    assert (done.code, len(done.complaints)) == (code, 1)
    assert done.complaints[0].startswith(UNREAD)
    assert "No parcels" not in done.out


def test_a_parcel_added_by_hand_is_no_run(tmp_path: Path) -> None:
    parcel_digest("mark", "8211968327931234", "shop=ebay", "--state", tmp_path)
    assert parcel_digest("explain", "1234567", "--state", tmp_path).complaints == [UNREAD]


def test_a_mailbox_without_parcels_is_told_from_one_that_was_never_read(tmp_path: Path) -> None:
    (tmp_path / "mails").mkdir()
    assert parcel_digest("run", "--mailbox", tmp_path / "mails", "--state", tmp_path).code == 0
    shown = parcel_digest("show", "--state", tmp_path)
    assert (shown.code, shown.complaints) == (0, ["parcel-digest: No parcels on the way"])
    assert "No parcels on the way" in parcel_digest("digest", "--state", tmp_path).out
    explained = parcel_digest("explain", "1234567", "--state", tmp_path)
    assert explained.complaints[0].startswith("parcel-digest: no parcel with the number 1234567 is known")
