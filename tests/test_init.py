"""From nothing to the first digest: `init`, with and without a terminal, against a real server."""

from __future__ import annotations

import re
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest
import tomli
from command import DAY, PROGRAM, ROOT, Finished, clean_environment, parcel_digest, story_mails
from mail_server import PASSWORD, free_ports
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


def test_one_folder_is_one_folder(settled: tuple[Home, Finished]) -> None:
    assert re.search(r"^Logged in: \d+ mails in INBOX, 1 folder\.$", settled[1].out, re.MULTILINE)


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
    "no port behind the server": (("--address", "m@example.org", "--host", "h:x"), 2, '--host: "x" is no port'),
    "unknown security": (("--address", "m@example.org", "--host", "h", "--security", "x"), 2, '"x" is none of tls'),
    "no certificate": (
        ("--address", "m@example.org", "--host", "h", "--ca-file", "/none.pem"),
        78,
        "--ca-file: /none.pem: No such file",
    ),
    "unknown channel": (("--address", "m@example.org", "--deliver", "mail"), 78, '--deliver: "mail" is none of stdout'),
    "unknown zone": (("--address", "m@example.org", "--timezone", "Nowhere"), 78, '"Nowhere" does not exist'),
}


@pytest.mark.parametrize(("words", "code", "complaint"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_missing_is_named(home: Home, words: tuple[str, ...], code: int, complaint: str) -> None:
    done = home.init(*words, "--non-interactive")
    assert done.code == code
    assert len(done.complaints) == 1
    assert complaint in done.complaints[0]
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
    assert len(done.complaints) == 1
    assert "ca_file" in done.complaints[0]
    assert "--ca-file FILE" in done.complaints[0]
    assert "certificate" not in done.out, "it is said once"


def test_a_folder_that_is_nowhere_writes_nothing(home: Home) -> None:
    done = home.init(*home.options, "--folder", "Bestelungen", "--non-interactive")
    assert done.code == 78
    assert done.complaints == ["parcel-digest: --folder: there is no folder Bestelungen: write it as in the list"]
    assert not home.settings.exists()


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


def started(home: Home, words: list[str]) -> pexpect.spawn:
    """`init` on a terminal, without a password in its environment."""
    environment = {**home.environment, "TERM": "dumb"}
    environment.pop("PARCEL_DIGEST_HOME_PASSWORD", None)
    return pexpect.spawn(
        PROGRAM[0], [*PROGRAM[1:], "init", *words], env=environment, cwd=str(ROOT), encoding="utf-8", timeout=60,
        dimensions=(50, 200), preexec_fn=_hears_ctrl_c,
    )  # fmt: skip


def _hears_ctrl_c() -> None:
    """A shell that runs the tests in the background has them, and all that they start, ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def converse(home: Home, words: list[str], talk: list[tuple[str, str]]) -> str:
    """Answer what the program asks, in this order; return all that stood on the terminal."""
    program = started(home, words)
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
            ("File with the server's certificate", str(home.server.ca_file)),
            ("Believe it?", "y"),
            ("Where should it go", "file"),
            ("Do the first run now?", "n"),
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
            ("What shall be changed", ""),
            ("Command (empty: type the password now)", f"'{command}'"),
            ("Believe it?", "n"),
            ("Where should it go", "stdout,file"),
            ("Do the first run now?", "n"),
        ],
    )
    assert home.written()["accounts"]["home"]["password_command"] == [str(command)]


#: The questions of `init`.
ADDRESS, LOOKUP, SERVER, SECURITY, PORT = "Your mail address:", "Look it up?", "IMAP server", "Security", "Port ["
USER, COMMAND, TYPED, CA_FILE = "User name", "Command (empty", "Password:", "File with the server's certificate"
CHANGE, FOLDERS, BELIEVE, WHERE = "What shall be changed", "Folders to read", "Believe it?", "Where should it go"
NAME, ZONE, PROVIDER, FIRST_RUN = "Name of the account", "Your time zone", "Provider (empty", "Do the first run now?"


def right_answers(home: Home) -> dict[str, str]:
    """To each question the answer that leads to settings."""
    port, ca_file = str(home.server.tls_port), str(home.server.ca_file)
    return {
        ADDRESS: "mila@example.org", LOOKUP: "n", SERVER: "localhost", SECURITY: "tls", PORT: port, USER: home.user,
        COMMAND: "", TYPED: PASSWORD, CA_FILE: ca_file, CHANGE: "nothing", FOLDERS: "INBOX", BELIEVE: "y",
        WHERE: "file", NAME: "home", ZONE: "", PROVIDER: "", FIRST_RUN: "n",
    }  # fmt: skip


def answered(
    home: Home, words: list[str], before: dict[str, list[str]] | None = None, more: dict[str, str] | None = None
) -> tuple[str, Counter[str], int]:
    """Answer each question rightly, but first as *before* says; *more* are questions that not every machine asks.

    Returns all that stood on the terminal, how often each question was asked, and the exit code.
    """
    right, left = (
        right_answers(home) | (more or {}),
        {question: list(answers) for question, answers in (before or {}).items()},
    )
    questions = list(right)
    asked: Counter[str] = Counter()
    program = started(home, words)
    shown = ""
    while (found := program.expect_exact([*questions, pexpect.EOF])) < len(questions):
        question = questions[found]
        shown += program.before + program.after
        asked[question] += 1
        answers = left.get(question)
        program.sendline(answers.pop(0) if answers else right[question])
    program.close()
    return shown + program.before, asked, program.exitstatus


def test_an_answer_that_cannot_be_used_is_asked_again_alone(home: Home) -> None:
    home.server.deliver(home.user, [], "Archive")
    empty = home.folder / "empty.pem"
    empty.write_text("no certificate")
    wrong = {
        ADDRESS: {"mila": '"mila" is no mail address', "": "is no mail address"},
        SERVER: {
            "": "the server has a name, as imap.example.org",
            "  ": "the server has a name, as imap.example.org",
            "mila@example.org": "is no name of a server",
            "localhost:imaps": '"imaps" is no port',
        },
        SECURITY: {"ssl3": '"ssl3" is none of tls, starttls'},
        PORT: {"993s": '"993s" is no port', "99999": '"99999" is no port'},
        COMMAND: {"pass 'x": "No closing quotation"},
        TYPED: {"": "nothing was typed"},
        CA_FILE: {"none.pem": "none.pem: No such file", str(empty): "empty.pem: no certificate in it"},
        FOLDERS: {"Archiv": "there is no folder Archiv; is it Archive?", ",": "at least one folder"},
        BELIEVE: {"maybe": '"maybe" is neither y nor n'},
        WHERE: {
            "mail": '"mail" is none of stdout, file, append',
            "smtp": "deliver names smtp",
            ",": "the digest has to go somewhere",
        },
    }
    shown, asked, code = answered(home, ["--today", DAY], {question: list(said) for question, said in wrong.items()})
    assert code == 0, shown
    for question, said in wrong.items():
        assert asked[question] == len(said) + 1, question
        assert not [complaint for complaint in said.values() if complaint not in shown]
    assert home.written()["accounts"]["home"]["host"] == "localhost"
    assert home.written()["digest"] == {"deliver": ["file"]}


def test_an_option_that_cannot_be_used_is_asked_for(home: Home) -> None:
    home.server.deliver(home.user, [], "Archive")
    wrong = {
        ("--name", "a b"): (NAME, '"a b" cannot name an account'),
        ("--timezone", "Europe/Berln"): (ZONE, '"Europe/Berln" does not exist'),
        ("--deliver", "mail"): (WHERE, '"mail" is none of'),
        ("--address", "mila"): (ADDRESS, '"mila" is no mail address'),
        ("--provider", "gmial"): (PROVIDER, '"gmial" is no provider'),
        ("--host", "local host"): (SERVER, '"local host" is no name of a server'),
        ("--security", "ssl3"): (SECURITY, '"ssl3" is none of'),
        ("--ca-file", "none.pem"): (CA_FILE, "none.pem: No such file"),
        ("--folder", "Archiv"): (FOLDERS, "there is no folder Archiv"),
    }
    options = [word for option in wrong for word in option]
    port = str(home.server.tls_port)
    shown, asked, code = answered(home, [*options, "--port", port, "--username", home.user, "--today", DAY])
    assert code == 0, shown
    for question, complaint in wrong.values():
        assert asked[question] == 1, question
        assert complaint in shown
    assert home.written()["accounts"]["home"]["ca_file"] == str(home.server.ca_file)


def test_a_port_behind_the_server_is_taken_as_its_port(home: Home) -> None:
    place = f"localhost:{home.server.tls_port}"
    shown, asked, code = answered(home, ["--today", DAY], {SERVER: [place]})
    assert (code, asked[PORT]) == (0, 0), shown
    account = home.written()["accounts"]["home"]
    assert (account["host"], account["port"]) == ("localhost", home.server.tls_port)


def test_after_a_failed_login_one_thing_is_changed_and_the_rest_is_kept(home: Home) -> None:
    nobody = free_ports(1)[0]
    shown, asked, code = answered(
        home, ["--today", DAY],
        {
            SERVER: [f"localhost:{nobody}", f"localhost:{home.server.tls_port}"],
            USER: ["nobody\u00e9", "nobody\u00e9", home.user],
            TYPED: ["wrong"],
            CHANGE: ["everything", "", "p", "user"],
        },
    )  # fmt: skip
    assert "failed while connecting" in shown
    assert '"everything" is none of password, user, server, nothing' in shown
    assert code == 0, shown
    assert asked[ADDRESS] == asked[WHERE] == 1


def test_giving_up_after_a_failed_login_writes_nothing(home: Home) -> None:
    shown, _, code = answered(home, home.options, {TYPED: ["wrong"]})
    assert code == 77, shown
    assert not home.settings.exists()


def test_what_becomes_of_a_typed_password_is_said_before_it_is_typed(home: Home) -> None:
    shown, _, _ = answered(home, home.options)
    assert shown.index("kept nowhere") < shown.index("Password:")
    assert "PARCEL_DIGEST_HOME_PASSWORD" in shown[: shown.index("Password:")]


def test_what_the_job_lacks_is_the_last_word(home: Home) -> None:
    shown, _, code = answered(home, home.options)
    assert code == 0, shown
    end = shown[shown.index("add this line with `crontab -e`") :]
    file = home.settings.with_name("home.password")
    assert f'password_command = ["cat", "{file}"]' in end
    assert "ends with exit code 77" in end.strip().splitlines()[-1]


#: A keyring in a file of the home folder.
RING = """
import json
import pathlib

from keyring.backend import KeyringBackend

KEPT = pathlib.Path.home() / "ring.json"


class Ring(KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        return json.loads(KEPT.read_text()).get(username) if KEPT.exists() else None

    def set_password(self, service, username, password):
        KEPT.write_text(json.dumps({username: password}))
"""


def test_a_password_that_the_keyring_keeps_is_the_jobs_too(home: Home) -> None:
    (home.folder / "ring.py").write_text(RING)
    home.environment |= {"PYTHON_KEYRING_BACKEND": "ring.Ring", "PYTHONPATH": str(home.folder)}
    keep = "Keep the password in this desktop's keyring?"
    shown, asked, code = answered(home, home.options, {}, {keep: "y"})
    assert (code, asked[keep]) == (0, 1), shown
    assert "The job has no password yet" not in shown
    del home.environment["PARCEL_DIGEST_HOME_PASSWORD"]
    assert parcel_digest("run", "--today", DAY, env=home.environment).code == 0


def test_a_password_typed_for_a_command_is_not_shown_again(home: Home) -> None:
    shown, asked, code = answered(home, home.options, {COMMAND: ["hunter2-and-more"]})
    assert (code, asked[COMMAND]) == (0, 2), shown
    assert shown.count("hunter2-and-more") == 1, "only the terminal's own echo"
    assert "was it the password? press Enter alone first" in shown


def test_a_shells_pipe_is_no_command(home: Home) -> None:
    shown, asked, _ = answered(home, home.options, {COMMAND: ["echo x | cat"]})
    assert asked[COMMAND] == 2
    assert "no shell runs the command" in shown


def test_a_domain_without_a_dot_is_not_looked_up(home: Home) -> None:
    shown, asked, code = answered(home, [], {ADDRESS: ["mila@nas"]})
    assert (code, asked[LOOKUP]) == (0, 0), shown
    assert "None" not in shown


def test_whoever_answers_wrongly_for_ever_is_left_alone(home: Home) -> None:
    shown, asked, code = answered(home, [], {ADDRESS: ["mila"] * 100})
    assert (code, asked[ADDRESS]) == (2, 6), shown
    assert shown.splitlines()[-1].startswith("parcel-digest: given up after 6 answers, nothing is written: ")


def test_the_first_run_is_offered_at_the_end_and_done(home: Home) -> None:
    shown, asked, code = answered(home, home.options, {FIRST_RUN: ["y"]})
    assert (code, asked[FIRST_RUN]) == (0, 1), shown
    page = home.folder / ".local" / "state" / "parcel-digest" / "digests" / f"digest-{DAY}.html"
    assert page.exists()
    assert f"file ({page})" in shown


def test_a_first_run_that_is_not_wanted_is_not_done(home: Home) -> None:
    shown, _, code = answered(home, home.options, {FIRST_RUN: ["n"]})
    assert code == 0, shown
    assert not (home.folder / ".local").exists()


@pytest.mark.parametrize(
    ("key", "code", "said"), [("d", 2, "the input ended at the question"), ("c", 130, "parcel-digest: stopped")]
)
def test_the_end_of_the_input_is_an_end(home: Home, key: str, code: int, said: str) -> None:
    program = started(home, [])
    program.expect_exact(ADDRESS)
    program.sendcontrol(key)
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == code
    assert said in program.before
    assert "Traceback" not in program.before


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
