"""From nothing to the first digest: `init`, with and without a terminal, against a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest
import tomli
from command import DAY, PROGRAM, ROOT, Finished, clean_environment, parcel_digest, story_mails
from mail_server import PASSWORD
from published import Published, config_xml

if TYPE_CHECKING:
    from dovecot import Dovecot

pytestmark = pytest.mark.server


class Home:
    """A new user's home folder, with the mails of the story in the mailbox."""

    def __init__(self, folder: Path, server: Dovecot, user: str) -> None:
        self.folder = folder
        self.server = server
        self.user = user
        self.settings = folder / ".config" / "parcel-digest" / "config.toml"
        self.environment = clean_environment() | {"HOME": str(folder), "PARCEL_DIGEST_HOME_PASSWORD": PASSWORD}
        self.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        del self.environment["XDG_CONFIG_HOME"]

    @property
    def options(self) -> list[str]:
        """What a server on this machine, with a certificate of its own, needs."""
        return [
            *("--address", "mila@example.org", "--host", "localhost", "--port", str(self.server.tls_port)),
            *("--username", self.user, "--ca-file", str(self.server.ca_file), "--today", DAY),
        ]

    def init(self, *words: str) -> Finished:
        return parcel_digest("init", *words, env=self.environment)

    def written(self) -> dict:
        return tomli.loads(self.settings.read_text("utf-8"))


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot, user: str) -> Home:
    dovecot.deliver(user, story_mails())
    return Home(tmp_path, dovecot, user)


# ── without a terminal ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot) -> tuple[Home, Finished]:
    """A home where the options alone led to settings, and what was said meanwhile."""
    dovecot.deliver("settled", story_mails())
    home = Home(tmp_path_factory.mktemp("settled"), dovecot, "settled")
    return home, home.init(*home.options, "--non-interactive", "--timezone", "Europe/Berlin", "--deliver", "file")


def test_options_alone_lead_to_settings(settled: tuple[Home, Finished]) -> None:
    home, done = settled
    assert done.code == 0, done.complaints
    assert home.written() == {
        "timezone": "Europe/Berlin",
        "accounts": {
            "home": {
                "address": "mila@example.org",
                "host": "localhost",
                "port": home.server.tls_port,
                "username": home.user,
                "ca_file": str(home.server.ca_file),
            }
        },
        "digest": {"deliver": ["file"]},
    }


def test_the_first_look_changes_nothing(settled: tuple[Home, Finished]) -> None:
    home, done = settled
    assert "parcels need you" in done.out
    assert not (home.folder / ".local").exists(), "a dry run leaves no ledger"


def test_the_line_for_the_crontab_is_printed(settled: tuple[Home, Finished]) -> None:
    assert re.search(r"^\*/15 \* \* \* \*  .* run$", settled[1].out, re.MULTILINE)


def test_settings_are_for_their_owners_eyes_and_explain_themselves(settled: tuple[Home, Finished]) -> None:
    home, _ = settled
    assert home.settings.stat().st_mode & 0o777 == 0o600
    assert home.settings.parent.stat().st_mode & 0o777 == 0o700
    assert "#window_days = 120 " in home.settings.read_text("utf-8")
    assert f'"{PASSWORD}"' not in home.settings.read_text("utf-8")


def test_the_servers_own_name_is_proposed_not_taken(settled: tuple[Home, Finished]) -> None:
    home, done = settled
    assert "To believe it, give --trust mx.example.org" in done.out
    assert "trusted_authserv_ids" not in home.written()["accounts"]["home"]


def test_settings_that_exist_are_left_alone_unless_told(home: Home) -> None:
    home.settings.parent.mkdir(parents=True)
    home.settings.write_text("# mine\n")
    again = home.init(*home.options, "--non-interactive")
    assert (again.code, home.settings.read_text("utf-8")) == (78, "# mine\n")
    assert "give --force" in again.complaints[0]
    assert home.init(*home.options, "--non-interactive", "--force").code == 0
    assert list(home.written()["accounts"]) == ["home"]
    assert home.settings.with_name("config.toml.old").read_text("utf-8") == "# mine\n"


def test_a_link_in_the_place_of_the_settings_is_not_followed(home: Home) -> None:
    home.settings.parent.mkdir(parents=True)
    elsewhere = home.folder / "elsewhere"
    home.settings.symlink_to(elsewhere)
    assert home.init(*home.options, "--non-interactive").code == 78
    assert home.init(*home.options, "--non-interactive", "--force").code == 0
    assert not elsewhere.exists()


REFUSED = {
    "no address": ((), 2, "--address is missing"),
    "no mail address": (("--address", "mila"), 2, "no mail address"),
    "no server": (("--address", "mila@example.org", "--no-lookup"), 2, "--host is missing"),
    "unknown provider": (("--address", "mila@example.org", "--provider", "gmial"), 2, "gmial"),
    "broken command": (("--address", "m@example.org", "--password-command", "pass 'x"), 2, "No closing quotation"),
}


@pytest.mark.parametrize(("words", "code", "complaint"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_missing_is_named(home: Home, words: tuple[str, ...], code: int, complaint: str) -> None:
    done = home.init(*words, "--non-interactive")
    assert done.code == code
    assert complaint in " ".join(done.complaints)
    assert not home.settings.exists()


def test_a_refused_login_writes_nothing(home: Home) -> None:
    home.environment["PARCEL_DIGEST_HOME_PASSWORD"] = "wrong"
    done = home.init(*home.options, "--non-interactive")
    assert done.code == 77
    assert not home.settings.exists()


def test_a_certificate_of_its_own_is_refused_with_what_to_do(home: Home) -> None:
    options = [word for word in home.options if word not in ("--ca-file", str(home.server.ca_file))]
    done = home.init(*options, "--non-interactive")
    assert done.code == 78
    assert "ca_file" in done.complaints[0]


# ── looking the server up ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def published(tmp_path: Path, home: Home) -> Iterator[Published]:
    xml = config_xml("localhost.example", home.server.tls_port)
    names = ["autoconfig.example.org", "example.org", "autoconfig.thunderbird.net"]
    with Published(tmp_path, {"autoconfig.thunderbird.net/v1.1/example.org": xml}, names) as server:
        home.environment |= server.environment
        yield server


def test_nobody_but_the_places_of_the_draft_is_asked_for_the_server(home: Home, published: Published) -> None:
    done = home.init("--address", "mila@example.org", "--non-interactive")
    assert "Found: localhost.example" in done.out
    assert published.asked == [
        "autoconfig.example.org/mail/config-v1.1.xml?emailaddress=mila%40example.org",
        "example.org/.well-known/autoconfig/mail/config-v1.1.xml",
        "autoconfig.thunderbird.net/v1.1/example.org",
    ]
    assert done.code == 75, "that server is nowhere"


def test_nobody_is_asked_when_the_server_is_known(home: Home, published: Published) -> None:
    home.init(*home.options, "--non-interactive")
    assert published.asked == []


# ── on a terminal ───────────────────────────────────────────────────────────────────────────────────────────


def converse(home: Home, words: list[str], talk: list[tuple[str, str]]) -> str:
    """Answer what the program asks, in this order; return all that stood on the terminal."""
    environment = {**home.environment, "TERM": "dumb"}
    environment.pop("PARCEL_DIGEST_HOME_PASSWORD", None)
    program = pexpect.spawn(
        PROGRAM[0], [*PROGRAM[1:], "init", *words], env=environment, cwd=str(ROOT), encoding="utf-8", timeout=60,
        dimensions=(50, 200),
    )  # fmt: skip
    shown = ""
    for question, answer in talk:
        program.expect_exact(question)
        shown += program.before + program.after
        program.sendline(answer)
    program.expect(pexpect.EOF)
    program.close()
    return shown + program.before


def test_questions_lead_there_as_well(home: Home) -> None:
    shown = converse(
        home,
        ["--port", str(home.server.tls_port), "--today", DAY, "--username", home.user],
        [
            ("Your mail address:", "mila@example.org"),
            ("Look it up?", "n"),
            ("IMAP server:", "localhost"),
            ("Security", "tls"),
            ("Command (empty: type the password now)", ""),
            ("Password:", PASSWORD),
            ("certificate (empty: give up)", str(home.server.ca_file)),
            ("Believe it?", "y"),
            ("Where should it go", "file"),
        ],
    )
    assert "parcels need you" in shown
    assert "The job has no password yet" in shown
    assert PASSWORD not in shown.replace(home.user, "").replace("secret-tool", "")
    account = home.written()["accounts"]["home"]
    assert account["trusted_authserv_ids"] == ["mx.example.org"]
    assert account["ca_file"] == str(home.server.ca_file)


def test_a_wrong_password_may_be_typed_again(home: Home) -> None:
    command = home.folder / "print password"
    command.write_text(f"#!/bin/sh\necho {PASSWORD}\n")
    command.chmod(0o700)
    converse(
        home,
        home.options,
        [
            ("Command (empty: type the password now)", ""),
            ("Password:", "wrong"),
            ("Try again?", "y"),
            ("User name", ""),
            ("Command (empty: type the password now)", f"'{command}'"),
            ("Believe it?", "n"),
            ("Where should it go", "stdout,file"),
        ],
    )
    assert home.written()["accounts"]["home"]["password_command"] == [str(command)]


# ── systemd ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_units_of_the_users_own_start_this_very_program(home: Home) -> None:
    home.settings.parent.mkdir(parents=True)
    home.settings.write_text("")
    done = home.init("--systemd", "--state", str(home.folder / "100% mine"))
    assert done.code == 0, done.complaints
    folder = home.folder / ".config" / "systemd" / "user"
    service = (folder / "parcel-digest.service").read_text("utf-8")
    assert re.search(rf'^ExecStart=\S.* run --state "{home.folder}/100%% mine"$', service, re.MULTILINE)
    assert "OnCalendar=" in (folder / "parcel-digest.timer").read_text("utf-8")
    assert "systemctl --user enable --now parcel-digest.timer" in done.out
