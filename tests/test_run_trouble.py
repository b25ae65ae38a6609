"""The whole job against servers in trouble: exit codes, one line each, and what the next run makes good."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from account import settings
from command import DAY, PROGRAM, ROOT, Finished, clean_environment, parcel_digest, parcels, story_mails
from scripted_server import Answer, ScriptedServer
from wire import Proxy

if TYPE_CHECKING:
    from pathlib import Path

    from dovecot import Dovecot
    from mail_server import MailServer

pytestmark = pytest.mark.server

NOTHING_NEW = "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 1] ok\r\n{tag} OK done\r\n"


def run(config: Path, *words: str, day: str = DAY) -> Finished:
    return parcel_digest("run", "--config", config, "--state", config.parent / "state", "--today", day, *words)


def test_server_that_wants_to_be_left_alone_is(tmp_path: Path) -> None:
    script: dict[bytes, Answer] = {
        rb"^LOGIN": ["{tag} NO [OVERQUOTA] Account exceeded bandwidth limits. (Failure)\r\n", "{tag} OK in\r\n"],
        rb"^EXAMINE": NOTHING_NEW,
    }
    with ScriptedServer(script) as server:
        config = settings(tmp_path, server.port)
        first = run(config)
        assert (first.code, len(first.complaints)) == (75, 1)
        assert "left alone until 2026-11-23 13:00" in first.complaints[0]
        # The day that was given stands at noon: the rest is not over.
        second = run(config, "-v")
        assert (second.code, server.connections) == (75, 1)
        assert "left alone until 2026-11-23 13:00" in second.complaints[0]
        assert run(config).complaints == []
        third = run(config, day="2026-11-24")
        assert (third.code, third.complaints, server.connections) == (0, [], 2)


def test_password_is_not_tried_until_the_server_bans_us(dovecot: Dovecot, user: str, tmp_path: Path) -> None:
    dovecot.deliver(user, story_mails()[:3])
    with Proxy(dovecot.port) as proxy:
        config = settings(tmp_path, proxy.port, user, password="wrong")
        for _ in range(5):
            done = run(config)
            assert (done.code, len(done.complaints)) == (77, 1)
            assert "wrong" not in done.complaints[0]
        assert proxy.count(rb"LOGIN|AUTHENTICATE") == 3
        assert "password or the account's settings have changed" in done.complaints[0]
        settings(tmp_path, proxy.port, user)
        assert run(config).code == 0
        assert parcels(tmp_path / "state")


def test_one_account_that_is_blocked_keeps_no_other_from_being_read(
    dovecot: Dovecot, user: str, tmp_path: Path
) -> None:
    dovecot.deliver(user, story_mails()[:3])
    away = '[accounts.away]\naddress = "a@example.org"\nhost = "127.0.0.1"\nsecurity = "plain"\n'
    away += f'port = {dovecot.port}\npassword_command = ["echo", "wrong"]'
    config = settings(tmp_path, dovecot.port, user, more=away)
    for _ in range(4):
        assert run(config).code == 77
    assert parcels(tmp_path / "state")


def test_account_that_means_another_mailbox_now_is_read_from_its_beginning(
    dovecot: Dovecot, user: str, tmp_path: Path
) -> None:
    story = story_mails()
    for name, mails in ((user, story[:3]), (f"{user}-new", story[3:6])):
        dovecot.deliver(name, mails)
        dovecot.set_uidvalidity(name, 7)
    run(settings(tmp_path, dovecot.port, user))
    before = parcels(tmp_path / "state")
    assert run(settings(tmp_path, dovecot.port, f"{user}-new")).code == 0
    after = parcels(tmp_path / "state")
    assert len(after) > len(before)
    sources = {source["message_id"] for parcel in after for source in parcel["sources"]}
    assert sources > {source["message_id"] for parcel in before for source in parcel["sources"]}


def fetched(proxy: Proxy) -> int:
    """How many bodies were asked for."""
    asked = [command.split()[2] for command in proxy.commands if b"BODY.PEEK[]" in command]
    return sum(part.count(b",") + 1 for part in asked)


def numbers(state: Path) -> list[tuple[object, ...]]:
    """What each parcel says of itself, and the number of mails that said so."""
    return [(*parcel["orders"], *parcel["codes"], len(parcel["sources"])) for parcel in parcels(state)]


def test_mails_that_were_moved_count_once_and_are_not_fetched_again(
    each_server: MailServer, user: str, tmp_path: Path
) -> None:
    each_server.deliver(user, story_mails()[:8])
    each_server.deliver(user, [], "Shops")
    with Proxy(each_server.port) as proxy:
        config = settings(tmp_path, proxy.port, user, more='folders = ["INBOX", "Shops"]')
        run(config)
        before = numbers(tmp_path / "state")
        each_server.move(user, [2, 3, 5], "Shops")
        proxy.forget()
        done = run(config)
    assert (done.code, done.complaints, fetched(proxy)) == (0, [], 0)
    assert numbers(tmp_path / "state") == before


def test_mail_under_several_labels_counts_once(each_server: MailServer, user: str, tmp_path: Path) -> None:
    # As Gmail shows it: the same mail, once for each label.
    story = story_mails()[:6]
    alone, labelled = tmp_path / "alone", tmp_path / "labelled"
    for folder in (alone, labelled):
        folder.mkdir()
    each_server.deliver(user, story)
    run(settings(alone, each_server.port, user))
    for label in ("Shopping", "Important"):
        each_server.deliver(user, story, label)
    with Proxy(each_server.port) as proxy:
        run(settings(labelled, proxy.port, user, more='folders = ["INBOX", "Shopping", "Important"]'))
        assert fetched(proxy) <= len(story)
    assert numbers(labelled / "state") == numbers(alone / "state")


def test_uidvalidity_that_changes_without_cause_fetches_nothing_again(
    dovecot: Dovecot, user: str, tmp_path: Path
) -> None:
    story = story_mails()
    dovecot.deliver(user, story[:8])
    with Proxy(dovecot.port) as proxy:
        config = settings(tmp_path, proxy.port, user)
        run(config)
        before = numbers(tmp_path / "state")
        dovecot.set_uidvalidity(user, 777)
        dovecot.deliver(user, story[8:10])
        proxy.forget()
        assert run(config).code == 0
        assert fetched(proxy) <= 2
    assert len(numbers(tmp_path / "state")) > len(before)


def test_folder_made_anew_with_other_mails_under_the_same_uids_is_read(
    each_server: MailServer, user: str, tmp_path: Path
) -> None:
    story = story_mails()
    each_server.deliver(user, story[:4], "Shops")
    config = settings(tmp_path, each_server.port, user, more='folders = ["Shops"]')
    run(config)
    before = numbers(tmp_path / "state")
    each_server.delete_folder(user, "Shops")
    each_server.deliver(user, story[4:8], "Shops")
    assert run(config).code == 0
    assert len(numbers(tmp_path / "state")) > len(before)


def test_dry_run_leaves_no_standing_behind(dovecot: Dovecot, user: str, tmp_path: Path) -> None:
    with Proxy(dovecot.port) as proxy:
        config = settings(tmp_path, proxy.port, user, password="wrong")
        for _ in range(4):
            assert run(config, "--dry-run").code == 77
        assert proxy.count(rb"LOGIN|AUTHENTICATE") == 4
    assert not (tmp_path / "state" / "ledger.sqlite3").exists()


def test_mail_with_nul_and_broken_bytes_gets_into_the_ledger(tmp_path: Path) -> None:
    text = (
        "From: =?unknown-8bit?Q?D=E9p=F4t?= <post@shop.example>\r\nSubject: Your Order 65519797821543 has been "
        "shipped\0 caf\xe9\r\nMessage-ID: <nul\0@shop.example>\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\n\r\n"
        "Your Order 65519797821543 has been shipped. Tracking number: RB123456785CN\r\n\0\xff\r\n"
    )
    head, _, _ = text.partition("\r\n\r\n")
    head += "\r\n\r\n"
    items = f"RFC822.SIZE {len(text)} BODY[HEADER.FIELDS (FROM)] {{{len(head)}}}\r\n{head}"
    script: dict[bytes, Answer] = {
        rb"^EXAMINE": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 2] ok\r\n{tag} OK done\r\n",
        rb"SEARCH": "* SEARCH 1\r\n{tag} OK done\r\n",
        rb"FETCH.*HEADER": f"* 1 FETCH (UID 1 {items})\r\n{{tag}} OK done\r\n",
        rb"FETCH.*BODY\.PEEK\[\]": f"* 1 FETCH (UID 1 BODY[] {{{len(text)}}}\r\n{text})\r\n{{tag}} OK done\r\n",
    }
    with ScriptedServer(script) as server:
        done = run(settings(tmp_path, server.port))
    assert (done.code, done.complaints) == (0, [])
    assert [parcel["codes"] for parcel in parcels(tmp_path / "state")] == [["RB123456785CN"]]


def test_second_run_at_the_same_time_ends_at_once_and_quietly(dovecot: Dovecot, user: str, tmp_path: Path) -> None:
    dovecot.deliver(user, story_mails()[:3])
    with Proxy(dovecot.port) as proxy:
        proxy.delay = 0.5
        config = settings(tmp_path, proxy.port, user)
        words = [*PROGRAM, "run", "--config", config, "--state", tmp_path / "state", "--today", DAY]
        with subprocess.Popen(
            list(map(str, words)), cwd=ROOT, env=clean_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as first:
            while not proxy.connections:
                assert first.poll() is None
            second = run(config, "-v")
            assert first.poll() is None
            first.wait()
    assert (second.code, len(second.complaints)) == (0, 1)
    assert "another run is at work" in second.complaints[0]
    assert first.returncode == 0
