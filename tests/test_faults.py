"""Run after run, each harmed at random, over a mailbox that goes on receiving mail: at the end nothing is lost.

`PARCEL_DIGEST_TEST_FAULTS=1000` for the long form; a few runs by default. The seed (`PARCEL_DIGEST_TEST_SEED`) fixes
the faults, not their moments: what a run has done when it is harmed depends on the machine.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import DAY, parcel_digest
from forked import PATIENCE, Forked
from wire import Proxy

if TYPE_CHECKING:
    from dovecot import Dovecot

pytestmark = pytest.mark.server

FAULTS = int(os.environ.get("PARCEL_DIGEST_TEST_FAULTS", "20"))
SEED = int(os.environ.get("PARCEL_DIGEST_TEST_SEED", "20261126"))

#: Relevant mails and others that arrive before each run, at the most.
ARRIVE = 3


def shipped(number: int) -> bytes:
    """A mail of a shop with an order number of its own; some are long, so that a cut falls into them."""
    padding = "thank you for your order\r\n" * random.Random(number).choice((1, 20, 2_000))
    return (
        f"From: AliExpress <transaction@notice.aliexpress.com>\r\nTo: mila@example.org\r\n"
        f"Subject: Your order {8_211_968_000_000_000 + number} has been shipped\r\n"
        f"Message-ID: <shipped-{number}@notice.aliexpress.com>\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\n\r\n"
        f"{padding}"
    ).encode()


def chatter(number: int) -> bytes:
    return (
        f"From: Anna <anna@example.net>\r\nTo: mila@example.org\r\nSubject: Lunch on Friday?\r\n"
        f"Message-ID: <chatter-{number}@example.net>\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\n\r\nYes.\r\n"
    ).encode()


class Harm:
    """What befalls the runs: nothing, a cut connection, one that falls silent, or a kill at any moment."""

    def __init__(self, chance: random.Random, proxy: Proxy, forked: Forked) -> None:
        self._chance = chance
        self._proxy = proxy
        self._forked = forked
        self._usual = 0.3
        self.done: Counter[str] = Counter()

    def befall(self, words: list[str]) -> None:
        """Run *words* once under a fault of some kind at some moment."""
        kind = self._chance.choice(("none", "cut", "cut on command", "kill", "kill", "stall"))
        proxy = self._proxy
        if kind == "cut":
            proxy.cut_after = self._chance.choice((0, 40, 300, 700, 1_500, 4_000, 30_000))
        elif kind == "cut on command":
            proxy.cut_on = re.compile(
                self._chance.choice((b"LOGIN", b"EXAMINE", b"SEARCH", b"FETCH", b"PEEK", b"LOGOUT"))
            )
        elif kind == "stall":
            proxy.delay = 2 * PATIENCE
        code, seconds = self._forked.run(words, self._chance.uniform(0, 1.2 * self._usual) if kind == "kill" else None)
        if kind == "none":
            self._usual = seconds
        self.done[f"{kind}: {'killed' if code < 0 else f'exit {code}'}"] += 1
        proxy.cut_after = proxy.cut_on = None
        proxy.delay = 0


@pytest.mark.timeout(FAULTS * 30 + 100)
def test_whatever_happens_every_relevant_mail_is_read_exactly_once(
    dovecot: Dovecot, user: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(SEED)
    sent = 0
    with Proxy(dovecot.port) as proxy, Forked() as forked:
        config = tmp_path / "config.toml"
        config.write_text(
            f"""
            timezone = "Europe/Berlin"
            [accounts.home]
            address = "mila@example.org"
            username = "{user}"
            host = "127.0.0.1"
            port = {proxy.port}
            security = "plain"
            password_command = ["echo", "secret"]
            """
        )
        words = ["run", "--config", str(config), "--state", str(tmp_path / "state"), "--today", DAY]
        harm = Harm(chance, proxy, forked)
        for _ in range(FAULTS):
            more = chance.randint(0, ARRIVE)
            mails = [shipped(sent + number) for number in range(more)]
            mails += [chatter(sent + number) for number in range(chance.randint(0, ARRIVE))]
            chance.shuffle(mails)
            if mails:
                dovecot.deliver(user, mails)
            sent += more
            harm.befall(words)
            proxy.forget()
        unharmed = parcel_digest(*words)
    with sqlite3.connect(tmp_path / "state" / "ledger.sqlite3") as database:
        places = [name for (name,) in database.execute("SELECT message_id FROM places ORDER BY message_id")]
        notices = [name for (name,) in database.execute("SELECT message_id FROM notices ORDER BY message_id")]
        (quarantined,) = database.execute("SELECT count(*) FROM quarantine").fetchone()
    with capsys.disabled():
        print(f"\n{FAULTS} runs, {sent} relevant mails, {len(notices)} read; {dict(sorted(harm.done.items()))}")
    expected = sorted(f"shipped-{number}@notice.aliexpress.com" for number in range(sent))
    assert unharmed.code == 0, unharmed.complaints
    assert (places, notices, quarantined) == (expected, expected, 0)
