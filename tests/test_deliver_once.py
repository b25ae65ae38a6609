"""The digest of a day arrives once: overlapping runs, killed runs, channels that fail and come back."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import DAY, STORY, Finished, in_process, parcels
from kills import KILLS, killed, start
from smtp_sink import DROP, Sink
from wire import Proxy

from pipeline.ledger import Ledger, State
from pipeline.mailbox.patience import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dovecot import Dovecot

pytestmark = pytest.mark.server

FOLDER = "Parcels"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@pytest.fixture
def config(dovecot: Dovecot, sink: Sink, user: str, tmp_path: Path) -> Path:
    mails = [path.read_bytes() for path in sorted(STORY.glob("*.eml"))[:12]]
    dovecot.deliver(user, [mail for mail in mails if mail])
    with dovecot.client(user) as client:
        client.create_folder(FOLDER)
    path = tmp_path / "config.toml"
    path.write_text(
        f"""
        timezone = "Europe/Berlin"
        [accounts.home]
        address = "mila@example.org"
        username = "{user}"
        host = "127.0.0.1"
        port = {dovecot.port}
        security = "plain"
        password_command = ["echo", "secret"]
        trusted_authserv_ids = ["mx.example.org"]
        [digest]
        deliver = ["append", "smtp"]
        append = {{ folder = "{FOLDER}" }}
        smtp = {{ host = "127.0.0.1", port = {sink.port}, security = "plain" }}
        """
    )
    return path


def words(config: Path, state: Path, day: str = DAY) -> list[str]:
    return ["run", "--config", str(config), "--state", str(state), "--today", day]


def run(config: Path, state: Path, day: str = DAY) -> Finished:
    return in_process(*words(config, state, day))


def appended(dovecot: Dovecot, user: str, folder: str = FOLDER) -> Counter[str]:
    """Message-IDs of the digests in *folder*."""
    with dovecot.client(user) as client:
        client.select_folder(folder, readonly=True)
        uids = client.search([b"HEADER", b"X-Parcel-Digest", b"digest"])
        found = client.fetch(uids, ["ENVELOPE"]) if uids else {}
        return Counter(mail[b"ENVELOPE"].message_id.decode() for mail in found.values())


def sent(sink: Sink) -> Counter[str]:
    return Counter(mail.message_id for mail in sink.mails)


def states(state: Path) -> dict[str, State]:
    with Ledger.copy_in_memory(state) as ledger:
        return {item.key.rpartition("/")[2]: item.state for item in ledger.outbox.all("delivery")}


# ── once ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_run_brings_one_digest_to_every_channel_and_the_next_brings_none(
    dovecot: Dovecot, sink: Sink, user: str, config: Path, tmp_path: Path
) -> None:
    assert [run(config, tmp_path).code for _ in range(3)] == [0, 0, 0]
    assert sent(sink) == appended(dovecot, user)
    assert set(sent(sink).values()) == {1}


def test_overlapping_runs_bring_one_digest(
    dovecot: Dovecot, sink: Sink, user: str, config: Path, tmp_path: Path
) -> None:
    for process in [start(*words(config, tmp_path)) for _ in range(4)]:
        process.wait(60)
    assert sum(sent(sink).values()) == sum(appended(dovecot, user).values()) == 1


def test_killed_runs_bring_one_digest(dovecot: Dovecot, sink: Sink, user: str, config: Path, tmp_path: Path) -> None:
    """One in the folder, at the server and in the inbox, even for kills between the server's work and its answer."""
    ready = tmp_path / "ready"
    working = config.read_text()
    config.write_text(working.replace('["append", "smtp"]', '["sendmail"]') + '\nsendmail = { command = ["false"] }')
    assert run(config, ready).code == 78
    with closing(sqlite3.connect(ready / "ledger.sqlite3", isolation_level=None)) as database:
        # Every state that follows is an installation of its own, so that its digest has a name of its own.
        database.execute("DELETE FROM secrets")
    config.write_text(working)
    sink.delay = 0.03
    sink.forward = lambda mail: dovecot.deliver(user, [mail])
    chance = random.Random(20261123)
    shutil.copytree(ready, tmp_path / "unharmed")
    process = start(*words(config, tmp_path / "unharmed"))
    assert sink.called.wait(60)
    began = time.monotonic()
    assert process.wait(60) == 0
    sending = time.monotonic() - began
    kills, installations, in_doubt = 0, 1, 0
    while kills < KILLS:
        state = tmp_path / f"killed-{installations}"
        shutil.copytree(ready, state)
        while kills < KILLS and killed(start(*words(config, state)), sink, chance, sending):
            kills += 1
            for mail in sink.travelling:
                mail.join()
            in_doubt += states(state).get("smtp") is State.BEGUN
        assert run(config, state).code == 0
        assert {states(state)[name] for name in ("append", "smtp")} == {State.DONE}
        installations += 1
    for arrived in (appended(dovecot, user), sent(sink), appended(dovecot, user, "INBOX")):
        assert len(arrived) == installations
        assert set(arrived.values()) == {1}
    print(f"{kills} kills, {installations} digests; after {in_doubt} kills nobody knew whether one had left")


# ── channels that fail ───────────────────────────────────────────────────────────────────────────────────────


def test_a_channel_that_fails_is_tried_again_and_the_others_are_not(
    dovecot: Dovecot, sink: Sink, user: str, config: Path, tmp_path: Path
) -> None:
    sink.answers["RCPT"] = "451 later"
    first = run(config, tmp_path)
    assert (first.code, len(first.complaints)) == (75, 1)
    assert "451 later" in first.complaints[0]
    assert states(tmp_path) == {"append": State.DONE, "smtp": State.WAITING}
    del sink.answers["RCPT"]
    assert run(config, tmp_path).code == 0
    assert sum(sent(sink).values()) == sum(appended(dovecot, user).values()) == 1


def test_the_first_channel_s_failure_does_not_keep_the_second_from_being_served(
    dovecot: Dovecot, sink: Sink, user: str, config: Path, tmp_path: Path
) -> None:
    with dovecot.client(user) as client:
        client.delete_folder(FOLDER)
    done = run(config, tmp_path)
    assert done.code == 78
    assert f"{FOLDER}" in done.complaints[0]
    assert len(sink.mails) == 1
    with dovecot.client(user) as client:
        client.create_folder(FOLDER)
    assert run(config, tmp_path).code == 0
    assert sum(appended(dovecot, user).values()) == len(sink.mails) == 1


def test_a_lost_answer_is_found_out_by_looking_into_the_inbox(
    dovecot: Dovecot, sink: Sink, user: str, config: Path, tmp_path: Path
) -> None:
    sink.answers["LOST"] = DROP
    assert run(config, tmp_path).code == 75
    assert states(tmp_path)["smtp"] is State.BEGUN
    sink.answers.clear()
    dovecot.deliver(user, [sink.mails[0].data])
    assert run(config, tmp_path).code == 0
    assert len(sink.mails) == 1


def test_a_lost_answer_is_sent_again_under_its_name_where_nothing_arrived(
    sink: Sink, config: Path, tmp_path: Path
) -> None:
    sink.answers["LOST"] = DROP
    assert run(config, tmp_path).code == 75
    sink.answers.clear()
    assert run(config, tmp_path).code == 0
    assert len(sink.mails) == 2
    assert len(sent(sink)) == 1


def test_a_login_that_is_refused_thrice_is_not_tried_again_to_deliver(
    dovecot: Dovecot, config: Path, tmp_path: Path
) -> None:
    with Proxy(dovecot.port) as proxy:
        text = config.read_text().replace(f"port = {dovecot.port}", f"port = {proxy.port}")
        config.write_text(text.replace('"secret"', '"wrong"').replace('["append", "smtp"]', '["append"]'))
        done = [in_process(*words(config, tmp_path), "--mailbox", STORY) for _ in range(4)]
        assert {finished.code for finished in done} == {77}
        assert proxy.count(rb"^(?:LOGIN|AUTHENTICATE)") == 3


def test_a_server_that_wants_to_be_left_alone_is_no_complaint_of_the_delivery(config: Path, tmp_path: Path) -> None:
    config.write_text(config.read_text().replace('["append", "smtp"]', '["append"]'))
    with Ledger.open(tmp_path) as ledger:
        ledger.standings.keep("home", Standing(rests=1, not_before=datetime.now(UTC) + timedelta(hours=1)))
    done = in_process("run", "--config", config, "--state", tmp_path, "--mailbox", STORY)
    assert done.code == 75
    assert not [line for line in done.complaints if "left alone" in line]
    assert states(tmp_path) == {"append": State.WAITING}


# ── our own digest is no news ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", ["append", "smtp"])
def test_a_digest_in_the_mailbox_is_never_read_as_news(
    dovecot: Dovecot, sink: Sink, user: str, config: Path, tmp_path: Path, how: str
) -> None:
    config.write_text(config.read_text().replace('["append", "smtp"]', f'["{how}"]').replace(f'"{FOLDER}"', '"INBOX"'))
    run(config, tmp_path)
    if how == "smtp":
        dovecot.deliver(user, [sink.mails[0].data])
    assert sum(appended(dovecot, user, "INBOX").values()) == 1
    before = parcels(tmp_path, "2026-11-24")
    assert run(config, tmp_path, "2026-11-24").code == 0
    assert parcels(tmp_path, "2026-11-24") == before


def test_a_digest_among_saved_mails_is_never_read_as_news(sink: Sink, config: Path, tmp_path: Path) -> None:
    run(config, tmp_path / "a")
    saved = tmp_path / "digest.eml"
    saved.write_bytes(sink.mails[0].data)
    assert in_process("run", "--mailbox", saved, "--state", tmp_path / "b", "--today", DAY).out == ""
    assert parcels(tmp_path / "b") == []
