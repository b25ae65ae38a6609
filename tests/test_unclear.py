"""Mails of known senders in which no number is found: named once, so that a changed format is seen and not lost."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from command import parcel_digest

BEFORE, DAY, AFTER = "2026-11-20", "2026-11-21", "2026-12-10"


def write(mailbox: Path, name: str, sender: str, subject: str, body: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "me@example.org", subject
    mail["Date"], mail["Message-ID"] = "Sat, 21 Nov 2026 08:00:00 +0000", f"<{name}@shop.example>"
    mail.set_content(body)
    mailbox.mkdir(exist_ok=True)
    (mailbox / f"{name}.eml").write_bytes(mail.as_bytes())


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """A shop whose mails have a new form, beside one that reads as ever."""
    folder = tmp_path / "mails"
    write(folder, "new-form", "transaction@notice.aliexpress.com", "Your order is on its way", "See it in the app.")
    write(
        folder,
        "as-ever",
        "transaction@notice.aliexpress.com",
        "Order 8212093317406658: order shipped",
        "Tracking number: RB123456785CN",
    )
    return folder


def run(mailbox: Path, state: Path, day: str) -> str:
    done = parcel_digest("run", "--mailbox", mailbox, "--state", state, "--today", day)
    assert (done.code, done.complaints) == (0, [])
    return done.out


def digest(state: Path, day: str) -> dict[str, Any]:
    return parcel_digest("digest", "--format", "json", "--state", state, "--today", day).json()


def test_it_is_named_in_the_digest_of_its_day(mailbox: Path, tmp_path: Path) -> None:
    said = " ".join(run(mailbox, tmp_path / "state", DAY).split())
    assert "1 unreadable mail" in said
    assert "NOT UNDERSTOOD (1)" in said
    assert "“Your order is on its way” from AliExpress" in said


def test_it_makes_no_parcel(mailbox: Path, tmp_path: Path) -> None:
    run(mailbox, tmp_path / "state", DAY)
    found = digest(tmp_path / "state", DAY)
    assert [parcel["orders"] for parcel in found["parcels"]] == [["8212093317406658"]]
    assert [(mail["shop"], mail["subject"]) for mail in found["unclear"]] == [
        ("aliexpress", "Your order is on its way")
    ]


def test_it_is_no_reason_for_a_second_digest(mailbox: Path, tmp_path: Path) -> None:
    run(mailbox, tmp_path / "state", DAY)
    assert run(mailbox, tmp_path / "state", "2026-11-22") == ""


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_it_is_given_from_its_day_on_for_15_days(mailbox: Path, tmp_path: Path, day: str) -> None:
    run(mailbox, tmp_path / "state", DAY)
    assert digest(tmp_path / "state", day)["unclear"] == []
