"""What is well and what is not: every finding of `doctor`, against a real server and a real ledger."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import DAY, Finished, clean_environment, parcel_digest, run_story, story_mails
from mail_server import PASSWORD, free_ports

from pipeline.ledger.database import MIGRATIONS
from pipeline.runlog import note_run

if TYPE_CHECKING:
    from dovecot import Dovecot

pytestmark = pytest.mark.server

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


class Patient:
    """An installation that is well, until a test makes it ill."""

    def __init__(self, folder: Path, server: Dovecot, user: str) -> None:
        self.server = server
        self.config = folder / "config.toml"
        self.state = folder / "state"
        self.environment = clean_environment() | {"PARCEL_DIGEST_HOME_PASSWORD": PASSWORD}
        self.set(
            f'[accounts.home]\naddress = "mila@example.org"\nusername = "{user}"\nhost = "127.0.0.1"\n'
            f'port = {server.port}\nsecurity = "plain"\ntrusted_authserv_ids = ["mx.example.org"]\n'
        )

    def set(self, text: str) -> None:
        self.config.write_text(text, "utf-8")
        self.config.chmod(0o600)

    def change(self, old: str, new: str) -> None:
        self.set(self.config.read_text("utf-8").replace(old, new))

    def examined(self, *words: str) -> Finished:
        return parcel_digest(
            "doctor", "--config", self.config, "--state", self.state, "--today", DAY, *words, env=self.environment
        )

    def findings(self, *words: str) -> dict[str, str]:
        """The findings, by subject, as ``state: text → advice``."""
        lines = self.examined("--format", "json", *words).out.splitlines()
        told = [json.loads(line) for line in lines]
        return {each["subject"]: f"{each['state']}: {each['text']} → {each['advice']}" for each in told}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    state = tmp_path_factory.mktemp("ledger") / "state"
    run_story(state)
    return state


@pytest.fixture
def patient(tmp_path: Path, dovecot: Dovecot, user: str) -> Patient:
    dovecot.deliver(user, story_mails()[:6])
    return Patient(tmp_path, dovecot, user)


@pytest.fixture
def grown(patient: Patient, ledger: Path) -> Patient:
    """With the ledger of the whole story."""
    patient.state.mkdir(mode=0o700)
    for path in ledger.glob("ledger.sqlite3*"):
        (patient.state / path.name).write_bytes(path.read_bytes())
        (patient.state / path.name).chmod(0o600)
    return patient


def test_one_that_is_well_is_told_so_and_how_to_report_a_mail(grown: Patient) -> None:
    done = grown.examined()
    assert done.code == 0, done.out
    assert "WRONG" not in done.out
    assert "parcel-digest read --redact saved.eml" in done.out


def test_before_the_first_run_all_that_is_missing_is_the_ledger(patient: Patient) -> None:
    found = patient.findings()
    assert found["account home"].startswith("ok: verdicts on senders in the last 6 mails: mx.example.org")
    assert found["ledger"].startswith("note: there is none yet")
    assert not patient.state.exists(), "nothing is made"


def test_the_ledger_is_examined_and_its_mails_named(grown: Patient) -> None:
    found = grown.findings("--offline")
    assert found["ledger"].startswith(f"ok: whole, version {len(MIGRATIONS)} of {len(MIGRATIONS)}, ")
    assert found["last digest"].startswith(f"ok: of {DAY}")
    assert "read --redact" in found["unread mail"]
    assert found["clock"].startswith("ok")


def test_a_clock_that_went_back_is_seen_by_the_mails(grown: Patient) -> None:
    done = parcel_digest("doctor", "--offline", "--state", grown.state, "--today", "2020-01-01", "--format", "json")
    clock = next(json.loads(line) for line in done.out.splitlines() if '"clock"' in line)
    assert clock["state"] == "note"
    assert "dated after today" in clock["text"]


def test_a_damaged_ledger_is_wrong_and_the_way_out_is_named(grown: Patient) -> None:
    path = grown.state / "ledger.sqlite3"
    data = bytearray(path.read_bytes())
    data[5000:9000] = b"\xff" * 4000
    path.write_bytes(data)
    done = grown.examined("--offline")
    assert done.code in (75, 78)
    assert "WRONG  ledger" in done.out


ILLS = {
    "settings that anybody may change": (lambda p: p.config.chmod(0o622), "settings", "wrong: ", "chmod 600"),
    "settings with a secret that anybody may read": (
        lambda p: (p.set(p.config.read_text("utf-8") + '[digest.apprise]\nurls = ["ntfy://token@ntfy.example"]\n'),
                   p.config.chmod(0o644)), "settings", "wrong: ", "chmod 600"),
    "settings with a password that anybody may read": (
        lambda p: (p.change('security = "plain"', 'security = "plain"\npassword_command = ["echo", "x"]'),
                   p.config.chmod(0o644)), "settings", "wrong: ", "chmod 600"),
    "settings without a secret that anybody may read": (
        lambda p: p.config.chmod(0o644), "settings", "ok: ", "no password stands in it → "),
    "state that anybody may read": (lambda p: (p.state.mkdir(), p.state.chmod(0o755)), "state folder", "wrong: ",
                                    "chmod 700"),
    "unknown key": (lambda p: p.set("colour = 1"), "settings", "wrong: ", "config.toml:1: unknown key `colour`"),
    "password command that is nowhere": (
        lambda p: p.change('security = "plain"', 'security = "plain"\npassword_command = ["no-such-program"]'),
        "password of home", "wrong: ", "there is no program no-such-program"),
    "password in the environment": (lambda p: None, "password of home", "note: ", "PARCEL_DIGEST_HOME_PASSWORD"),
    "folder that is nowhere": (
        lambda p: p.change('security = "plain"', 'security = "plain"\nfolders = ["Bestelungen"]'),
        "account home", "", "no folder Bestelungen"),
    "login refused": (
        lambda p: p.environment.update(PARCEL_DIGEST_HOME_PASSWORD="no"), "account home", "wrong: login as ",
        'in [accounts.home] is right, and the right password is in PARCEL_DIGEST_HOME_PASSWORD'),
    "login with a command refused": (
        lambda p: p.change('security = "plain"', 'security = "plain"\npassword_command = ["echo", "not it"]'),
        "account home", "wrong: login as ", "this prints the right password: echo …"),
    "no password": (
        lambda p: p.environment.pop("PARCEL_DIGEST_HOME_PASSWORD"), "account home", "wrong: no password",
        'set password_command = ["pass", "show", "mail/home"] (or another program that prints it) in [accounts.home]'),
    "server that is nowhere": (
        lambda p: p.change(f"port = {p.server.port}", f"port = {free_ports(1)[0]}"), "account home",
        "wrong: the connection to ", 'see whether host = "127.0.0.1" and port = '),
    "certificate that nobody vouches for": (
        lambda p: p.set(p.config.read_text("utf-8").replace(f"port = {p.server.port}", f"port = {p.server.tls_port}")
                        .replace('security = "plain"', '')), "account home",
        "wrong: the certificate of ", 'set ca_file = "/path/to/127.0.0.1.pem" in [accounts.home]: openssl s_client'),
    "certificate file that is nowhere": (
        lambda p: p.set(p.config.read_text("utf-8").replace(f"port = {p.server.port}", f"port = {p.server.tls_port}")
                        .replace('security = "plain"', 'ca_file = "/none.pem"')), "account home",
        "wrong: ca_file /none.pem: No such file", "openssl s_client -connect 127.0.0.1:"),
    "last run that failed": (
        lambda p: (p.state.mkdir(0o700), note_run(p.state, NOW, exit_code=0, read=1, told=True, seconds=1),
                   note_run(p.state, NOW, exit_code=77, read=0, told=False, seconds=1)),
        "last run", "note: it failed: 2026-11-23T", "exit=77 read=0 digest=no"),
    "earlier run that failed": (
        lambda p: (p.state.mkdir(0o700), note_run(p.state, NOW, exit_code=75, read=0, told=False, seconds=1),
                   note_run(p.state, NOW, exit_code=0, read=0, told=False, seconds=1)),
        "run", "note: 2026-11-23T", "exit=75"),
    "nobody vouches whom the settings believe": (
        lambda p: p.change("mx.example.org", "mx.other.example"), "account home", "note: ",
        'trusted_authserv_ids = ["mx.example.org"]'),
}  # fmt: skip


@pytest.mark.parametrize(("make_ill", "subject", "state", "text"), ILLS.values(), ids=ILLS.keys())
def test_what_is_wrong_is_found(patient: Patient, make_ill, subject: str, state: str, text: str) -> None:
    make_ill(patient)
    told = patient.examined("--format", "json").out.splitlines()
    lines = [f"{each['state']}: {each['text']} → {each['advice']}" for each in map(json.loads, told)
             if each["subject"] == subject]  # fmt: skip
    assert any(line.startswith(state) and text in line for line in lines), lines


@pytest.mark.parametrize(
    ("ill", "code"), [("unknown key", 78), ("login refused", 77), ("state that anybody may read", 78)]
)
def test_the_exit_code_is_that_of_the_trouble(patient: Patient, ill: str, code: int) -> None:
    ILLS[ill][0](patient)
    assert patient.examined().code == code
