"""The whole job over IMAP: a real Dovecot with 2,000 mails, of which few matter; the wire is recorded."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import DAY, STORY, parcel_digest, parcels, story_mails
from wire import Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dovecot import Dovecot

pytestmark = pytest.mark.server

MAILS = 2_000
RELEVANT = 60
_WORDS = ["garden", "meeting", "minutes", "lunch", "photo", "choir", "cinema", "recipe", "mountain", "piano", "weather"]
_BODY = re.compile(rb"UID FETCH ([0-9,]+) \(BODY\.PEEK\[\]")


def everyday_mail(number: int) -> bytes:
    """A mail about anything but a parcel."""
    chance = random.Random(number)
    subject = " ".join(chance.choices(_WORDS, k=4))
    body = "\r\n".join(" ".join(chance.choices(_WORDS, k=12)) for _ in range(chance.randint(5, 40)))
    return (
        f"From: Friend {number % 70} <friend{number % 70}@example.net>\r\nTo: mila@example.org\r\n"
        f"Subject: {subject}\r\nMessage-ID: <everyday-{number}@example.net>\r\n"
        f"Date: Mon, 02 Nov 2026 10:{number % 60:02}:00 +0000\r\n\r\n{body}\r\n"
    ).encode()


def is_advertising(mail: bytes) -> bool:
    return bool(re.search(rb"^From: .*@(?:deals|newarrival|selections|promotion|info)\.", mail, re.MULTILINE))


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot.port) as running:
        yield running


@pytest.fixture
def config(proxy: Proxy, user: str, tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(
        f"""
        timezone = "Europe/Berlin"
        [accounts.home]
        address = "mila@example.org"
        username = "{user}"
        host = "127.0.0.1"
        port = {proxy.port}
        security = "plain"
        password_command = ["echo", "secret"]
        trusted_authserv_ids = ["mx.example.org"]
        """
    )
    return path


def test_first_run_reads_what_matters_and_the_second_asks_for_nothing(
    dovecot: Dovecot, proxy: Proxy, user: str, config: Path, tmp_path: Path
) -> None:
    relevant = story_mails()
    # Mails of carriers beside the story, until sixty matter.
    carriers = sorted(path for name in ("gls", "hermes", "ups", "usps", "dpd", "dhl", "fedex") for path in
                      (STORY.parent / name).glob("*.eml"))  # fmt: skip
    relevant += [path.read_bytes() for path in carriers][: RELEVANT - sum(not is_advertising(m) for m in relevant)]
    mails = [everyday_mail(number) for number in range(MAILS - len(relevant))]
    places = sorted(random.Random(1).sample(range(MAILS), len(relevant)))
    for place, mail in zip(places, relevant, strict=True):
        mails.insert(place, mail)
    dovecot.deliver(user, mails)
    wanted = {place + 1 for place, mail in zip(places, relevant, strict=True) if not is_advertising(mail)}
    before = dovecot.flags(user)

    first = parcel_digest("run", "--config", config, "--state", tmp_path, "--today", DAY)
    fetched = {
        int(uid) for command in proxy.commands if (match := _BODY.match(command)) for uid in match[1].split(b",")
    }
    assert first.code == 0, first.complaints
    assert len(wanted) == RELEVANT
    assert fetched == wanted
    assert len(parcels(tmp_path)) >= 17

    proxy.forget()
    second = parcel_digest("run", "--config", config, "--state", tmp_path, "--today", DAY)
    assert (second.code, second.out, second.complaints) == (0, "", [])
    assert proxy.count(rb"FETCH|SEARCH|STORE") == 0
    assert dovecot.flags(user) == before


def test_the_same_mails_give_the_same_parcels_over_imap_and_from_files(
    dovecot: Dovecot, user: str, config: Path, tmp_path: Path
) -> None:
    dovecot.deliver(user, story_mails())
    parcel_digest("run", "--config", config, "--state", tmp_path / "imap", "--today", DAY)
    parcel_digest("run", "--mailbox", STORY, "--state", tmp_path / "files", "--today", DAY, "--trust", "mx.example.org")
    assert parcels(tmp_path / "imap") == parcels(tmp_path / "files")


def test_one_account_that_fails_does_not_keep_the_other_from_being_read(
    dovecot: Dovecot, user: str, config: Path, tmp_path: Path
) -> None:
    dovecot.deliver(user, story_mails()[:5])
    away = config.read_text().split("[accounts.home]")[1].replace(user, "away")
    config.write_text(f"{config.read_text()}\n[accounts.away]\n{re.sub(r'port = [0-9]+', 'port = 1', away)}")
    done = parcel_digest("run", "--config", config, "--state", tmp_path, "--today", DAY)
    assert done.code == 75
    assert len(done.complaints) == 1
    assert parcels(tmp_path)


def test_a_mail_that_could_not_be_read_is_tried_again_on_two_more_days(
    dovecot: Dovecot, proxy: Proxy, user: str, config: Path, tmp_path: Path
) -> None:
    bomb = b"From: shop@shop.example\r\nSubject: your order has shipped\r\n"
    for level in range(40):
        bomb += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    dovecot.deliver(user, [bomb])
    bodies = []
    for day in ("2026-11-23", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"):
        proxy.forget()
        parcel_digest("run", "--config", config, "--state", tmp_path, "--today", day)
        bodies.append(sum(bool(_BODY.match(command)) for command in proxy.commands))
    assert bodies == [1, 0, 1, 1, 0]
