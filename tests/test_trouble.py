"""Bad input of every kind: one clear line on stderr, the right exit code, nothing lost."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import DAY, ROOT, STORY, Finished, clean_environment, in_process, parcel_digest, parcels, run_story

if TYPE_CHECKING:
    from dovecot import Dovecot


def settings(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def account(port: int, security: str = "plain", more: str = "") -> str:
    return f"""
        timezone = "Europe/Berlin"
        [accounts.home]
        address = "mila@example.org"
        host = "127.0.0.1"
        port = {port}
        security = "{security}"
        password_command = ["echo", "secret"]
        {more}
    """


def run_with(config: Path, state: Path) -> Finished:
    return parcel_digest("run", "--config", config, "--state", state, "--today", DAY)


def assert_one_line(done: Finished, code: int, *said: str) -> None:
    assert done.code == code, done
    assert len(done.complaints) == 1, done.complaints
    for words in said:
        assert words in done.complaints[0]
    assert "Traceback" not in done.complaints[0]


#: root without its privilege to read every file; everybody else is without it already.
_PRIVILEGES = "-dac_override,-dac_read_search"
LIKE_ANYBODY = ["setpriv", f"--bounding-set={_PRIVILEGES}", f"--inh-caps={_PRIVILEGES}"] if os.geteuid() == 0 else []


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_missing_settings_name_the_place_and_the_way_out(tmp_path: Path) -> None:
    done = parcel_digest("run", "--state", tmp_path)
    assert_one_line(done, 78, "/nonexistent/parcel-digest/config.toml", "--mailbox")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('colour = "red"', "colour"),
        ('[digest]\nat = "25:00"', "25:00"),
        ('[digest]\nsent = ["stdout"]', "sent"),
        ('timezone = "Europe/Atlantis"', "Atlantis"),
        ("[accounts.home]", "address"),
        ('[accounts.home]\naddress = "a@example.org"\nhost = "imap.example.org"\nsecurity = "plain"', "plain"),
        ("[rules]\nprotection = -3", "protection"),
        ("no toml", "not valid TOML"),
        ('[digest]\ndeliver = ["pigeon"]', "pigeon"),
        ('[digest]\ndeliver = ["sendmail"]', "sendmail"),
        ('[reply]\nmode = "send"', "reply.mode"),
        ('language = "tlh"', "language"),
    ],
    ids=lambda value: value.replace("\n", " ")[:40],
)
def test_a_wrong_key_or_value_is_named(tmp_path: Path, text: str, said: str) -> None:
    assert_one_line(run_with(settings(tmp_path, text), tmp_path / "state"), 78, said)


def test_settings_without_an_account_say_so(tmp_path: Path) -> None:
    assert_one_line(run_with(settings(tmp_path, 'language = "en"'), tmp_path / "state"), 78, "account")


# ── server ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.server
def test_a_refused_password_ends_with_77(dovecot: Dovecot, tmp_path: Path) -> None:
    config = settings(tmp_path, account(dovecot.port).replace('"secret"', '"wrong"'))
    done = run_with(config, tmp_path / "state")
    assert_one_line(done, 77, "home")
    assert "wrong" not in done.complaints[0]


def test_a_server_that_is_not_there_ends_with_75(tmp_path: Path) -> None:
    assert_one_line(run_with(settings(tmp_path, account(1)), tmp_path / "state"), 75, "127.0.0.1")


@pytest.mark.server
def test_an_unknown_certificate_names_the_setting_that_cures_it(dovecot: Dovecot, tmp_path: Path) -> None:
    config = settings(tmp_path, account(dovecot.tls_port, "tls"))
    assert_one_line(run_with(config, tmp_path / "state"), 78, "certificate", "ca_file")


@pytest.mark.server
def test_an_unknown_folder_is_named(dovecot: Dovecot, tmp_path: Path) -> None:
    config = settings(tmp_path, account(dovecot.port, more='folders = ["Nowhere"]'))
    assert_one_line(run_with(config, tmp_path / "state"), 78, "Nowhere")


# ── disk ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    run_story(tmp_path)
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as database:
        database.execute("PRAGMA user_version = 999")
    assert_one_line(run_story(tmp_path), 78, "999")


def test_a_ledger_that_is_none_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"this is no ledger" * 100)
    done = run_story(tmp_path)
    assert done.code not in (0, 1)
    assert len(done.complaints) == 1
    assert (tmp_path / "ledger.sqlite3").read_bytes().startswith(b"this is no ledger")


@pytest.mark.skipif(not shutil.which("prlimit"), reason="needs prlimit of util-linux")
def test_a_full_disk_ends_in_one_line_and_the_next_run_makes_it_good(tmp_path: Path) -> None:
    state = tmp_path / "state"
    # A limit on the size of files stands for the full disk: every write past it fails, as it would there.
    done = subprocess.run(
        ["prlimit", "--fsize=20000", "sh", "-c",
         'trap "" XFSZ; exec "$@"', "sh", *_run_words(state)],
        cwd=ROOT, env=clean_environment(), capture_output=True, check=False, timeout=100,
    )  # fmt: skip
    complaints = done.stderr.decode().splitlines()
    assert done.returncode == 75, complaints
    assert len(complaints) == 1
    assert "Traceback" not in complaints[0]
    run_story(state)
    unharmed = tmp_path / "unharmed"
    run_story(unharmed)
    assert parcels(state) == parcels(unharmed)


PRINTING = {
    "read": ["read", "fixtures/emails/aliexpress/2014-shipped-seed-shape.eml"],
    "read as JSON": ["read", "--format", "json", "fixtures/emails/aliexpress/2014-shipped-seed-shape.eml"],
    "show": ["show"],
    "digest": ["digest"],
    "replay": ["replay", "--from", "2026-11-20"],
    "help": ["--help"],
    "version": ["--version"],
}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", PRINTING.values(), ids=PRINTING)
def test_a_full_disk_under_standard_output_ends_in_one_line(words: list[str], tmp_path: Path) -> None:
    from command import PROGRAM

    if words[0] in ("show", "digest", "replay"):
        run_story(tmp_path)
        words = [*words, "--state", str(tmp_path)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *words], cwd=ROOT, env=clean_environment(), stdout=full, stderr=subprocess.PIPE, check=False,
            timeout=100,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (75, b"parcel-digest: standard output: No space left on device\n")


def _run_words(state: Path) -> list[str]:
    from command import PROGRAM

    words = ["run", "--mailbox", STORY, "--state", state, "--today", DAY, "--trust", "mx.example.org"]
    return [*PROGRAM, *map(str, words)]


# ── mails ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """A folder with one good mail, to see that the bad one beside it takes nothing away."""
    folder = tmp_path / "mails"
    folder.mkdir()
    shutil.copy(STORY / "2026-11-23-dhl-kommt-heute.eml", folder / "good.eml")
    return folder


def run_over(mailbox: Path, state: Path) -> Finished:
    return parcel_digest("run", "--mailbox", mailbox, "--state", state, "--today", DAY)


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.eml", b""), ("random.eml", random.Random(7).randbytes(5_000))],
    ids=["zero bytes", "random bytes"],
)
def test_a_mail_that_is_none_is_named_and_the_others_are_read(
    mailbox: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (mailbox / name).write_bytes(content)
    assert_one_line(run_over(mailbox, tmp_path / "state"), 1, name)
    assert len(parcels(tmp_path / "state")) == 1


def test_a_mail_of_60_mb_is_read_by_its_start(mailbox: Path, tmp_path: Path) -> None:
    good = (STORY / "2026-11-23-dhl-kommt-heute.eml").read_bytes()
    with (mailbox / "huge.eml").open("wb") as file:
        file.write(good.replace(b"Message-ID: <", b"Message-ID: <huge-") + b"\n")
        for _ in range(60):
            file.write(b"x" * 1_048_575 + b"\n")
    done = run_over(mailbox, tmp_path / "state")
    assert done.code == 0, done.complaints
    assert len(parcels(tmp_path / "state")[0]["sources"]) == 2


def test_a_mailbox_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert_one_line(run_over(tmp_path / "nowhere", tmp_path / "state"), 78, "nowhere")


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root reads everything")
def test_a_digest_written_to_a_folder_is_told_to_name_a_file(tmp_path: Path) -> None:
    done = parcel_digest("digest", "--format", "html", "--to", tmp_path, "--state", tmp_path / "state")
    assert done.code == 2
    assert done.complaints == [f"parcel-digest: --to {tmp_path}: is a folder; give a file, as {tmp_path}/parcels.html"]


def test_a_hyphen_means_standard_output_even_where_a_folder_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "-").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert in_process("digest", "--format", "json", "--to", "-", "--state", tmp_path).json()["parcels"] == []


def test_a_folder_without_rights_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    words = [word.replace(str(STORY), str(closed)) for word in _run_words(tmp_path / "state")]
    done = subprocess.run(
        [*LIKE_ANYBODY, *words], cwd=ROOT, capture_output=True, check=False, timeout=100, env=clean_environment()
    )
    closed.chmod(0o700)
    complaints = done.stderr.decode().splitlines()
    assert done.returncode == 78, complaints
    assert len(complaints) == 1
    assert "closed" in complaints[0]
