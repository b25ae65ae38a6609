"""Secrets: where they are looked for, in which order, and that they never show."""

from __future__ import annotations

import pickle
import sys
import time
import traceback
from base64 import b64encode
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backends import fail, null

from pipeline.config import SmtpDelivery
from pipeline.config.accounts import Account
from pipeline.mailbox import LoginRefused, credentials
from pipeline.mailbox.credentials import NoSecret, Secret, secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from keyring.backend import KeyringBackend


def printing(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import sys; sys.stdout.write({text!r})")


def account(**keys: tuple[str, ...]) -> Account:
    return Account(address="me@example.org", host="mail.example.org", **keys)  # type: ignore[arg-type]


class Ring(null.Keyring):
    """A keyring in memory."""

    priority = 1.0

    def __init__(self, password: str | None = None, error: Exception | None = None, seconds: float = 0) -> None:
        super().__init__()
        self._passwords = {("parcel-digest", "home"): password}
        self._error = error
        self._seconds = seconds

    def get_password(self, service: str, username: str) -> str | None:
        time.sleep(self._seconds)
        if self._error:
            raise self._error
        return self._passwords.get((service, username))


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No credential, no variable, no keyring but a test's own."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.delenv("PARCEL_DIGEST_HOME_PASSWORD", raising=False)
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(fail.Keyring())


@pytest.fixture
def credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    path = tmp_path / "parcel-digest-home"
    path.write_text("from systemd\n")
    return path


@pytest.fixture
def _keyring(_bare: None) -> None:
    keyring.set_keyring(Ring("from the keyring"))


# ── where they are looked for ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("printed", "password"),
    [
        ("hunter2\n", "hunter2"),
        ("hunter2\r\nlogin: me\n", "hunter2"),
        ("hunter2", "hunter2"),
        (" two words \n", " two words "),
        ("schlüssel\n", "schlüssel"),
    ],
    ids=["a line", "first of several lines", "no line end", "blanks belong to it", "beyond ASCII"],
)
def test_password_is_the_first_line_a_command_prints(printed: str, password: str) -> None:
    command = (sys.executable, "-c", f"import sys; sys.stdout.buffer.write({printed.encode()!r})")
    assert secret("home", account(password_command=command)).reveal() == password


def test_command_runs_without_a_shell(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import sys; print(sys.argv[1])", f"$HOME; touch {tmp_path}/x")
    assert secret("home", account(password_command=command)).reveal() == f"$HOME; touch {tmp_path}/x"


def test_token_command_gives_a_token() -> None:
    assert secret("home", account(token_command=printing("t0ken\n"))).is_token


def test_password_command_gives_no_token() -> None:
    assert not secret("home", account(password_command=printing("x"))).is_token


@pytest.mark.usefixtures("credential", "_keyring")
def test_command_goes_before_everything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCEL_DIGEST_HOME_PASSWORD", "from the environment")
    assert secret("home", account(password_command=printing("from a command"))).reveal() == "from a command"


@pytest.mark.usefixtures("credential", "_keyring")
def test_systemd_credential_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCEL_DIGEST_HOME_PASSWORD", "from the environment")
    assert secret("home", account()).reveal() == "from systemd"


@pytest.mark.usefixtures("_keyring")
def test_environment_goes_before_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCEL_DIGEST_HOME_PASSWORD", "from the environment")
    assert secret("home", account()).reveal() == "from the environment"


@pytest.mark.usefixtures("_keyring")
def test_keyring_comes_last() -> None:
    assert secret("home", account()).reveal() == "from the keyring"


def test_credential_of_another_account_is_not_taken(credential: Path) -> None:
    credential.rename(credential.with_name("parcel-digest-work"))
    with pytest.raises(NoSecret):
        secret("home", account())


def test_variable_of_an_account_with_a_hyphen() -> None:
    assert credentials.variable("my-home") == "PARCEL_DIGEST_MY_HOME_PASSWORD"


def test_mail_server_of_the_digest_has_a_secret_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARCEL_DIGEST_SMTP_PASSWORD", "for sending")
    assert secret("smtp", SmtpDelivery(host="localhost")).reveal() == "for sending"


# ── when there is none ──────────────────────────────────────────────────────────────────────────────────────


def test_nothing_configured_names_what_can_be_set() -> None:
    with pytest.raises(NoSecret) as caught:
        secret("home", account())
    assert "password_command" in str(caught.value)
    assert "PARCEL_DIGEST_HOME_PASSWORD" in str(caught.value)


def test_no_secret_ends_the_run_as_a_refused_login_does() -> None:
    assert issubclass(NoSecret, LoginRefused)
    assert NoSecret.exit_code == 77


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (("no-such-program-anywhere",), "cannot be started: No such file"),
        ((sys.executable, "-c", "import sys; print('hunter2'); sys.exit(3)"), "failed with exit code 3"),
        (printing(""), "has an empty first line"),
        (printing("\nhunter2"), "has an empty first line"),
        (printing("hun\tter2"), "has control characters"),
        ((sys.executable, "-c", r"import sys; sys.stdout.buffer.write(b'hunter2\xff')"), "is not UTF-8"),
    ],
    ids=["not there", "failing", "silent", "empty line", "tab", "not UTF-8"],
)
def test_command_that_gives_no_password_is_one_line(command: tuple[str, ...], reason: str) -> None:
    with pytest.raises(NoSecret) as caught:
        secret("home", account(password_command=command))
    assert reason in str(caught.value)
    assert str(caught.value).startswith("account home: ")
    assert "\n" not in str(caught.value)


def test_command_that_waits_for_ever_is_ended_with_its_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "COMMAND_TIMEOUT", 0.1)
    waits = "import subprocess; subprocess.run(['sleep', '100'])"
    with pytest.raises(NoSecret, match=r"did not end within 0\.1 seconds"):
        secret("home", account(password_command=(sys.executable, "-c", waits)))


def test_credential_that_cannot_be_read_is_told(credential: Path) -> None:
    credential.unlink()
    credential.mkdir()
    with pytest.raises(NoSecret, match="cannot be read: Is a directory"):
        secret("home", account())


@pytest.mark.parametrize(
    "ring",
    [fail.Keyring(), null.Keyring(), Ring(), Ring(error=RuntimeError("no D-Bus")), Ring("late", seconds=1)],
    ids=["no backend", "backend of nothing", "not stored", "broken", "locked"],
)
def test_keyring_without_the_password_is_no_keyring(ring: KeyringBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "COMMAND_TIMEOUT", 0.1)
    keyring.set_keyring(ring)
    with pytest.raises(NoSecret, match="no password"):
        secret("home", account())


@pytest.mark.usefixtures("_keyring")
def test_keyring_that_is_not_installed_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "find_spec", lambda _: None)
    with pytest.raises(NoSecret, match="no password"):
        secret("home", account())


# ── that they never show ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "show", [repr, str, "{}".format, lambda each: f"{[each]}"], ids=["repr", "str", "format", "list"]
)
def test_secret_does_not_show_itself(show) -> None:  # type: ignore[no-untyped-def]
    assert "hunter2" not in show(Secret("hunter2"))


def test_secret_cannot_be_pickled() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("hunter2"))


def test_secret_is_taken_out_of_a_text() -> None:
    assert Secret("hunter2").redact("LOGIN me hunter2") == "LOGIN me …"


SENT = [
    b64encode(b"\0me\0hunter2-hunter2"),
    b64encode(b"user=me\1auth=Bearer hunter2-hunter2\1\1"),
    b64encode(b"n,a=me,\1auth=Bearer hunter2-hunter2\1\1").rstrip(b"="),
]


@pytest.mark.parametrize("sent", SENT, ids=["PLAIN", "XOAUTH2", "OAUTHBEARER"])
def test_secret_is_taken_out_of_what_was_sent(sent: bytes) -> None:
    assert Secret("hunter2-hunter2").redact(f"BAD {sent.decode()} is no command") == "BAD … is no command"


def test_other_words_of_base64_letters_stay() -> None:
    text = "session 4c4d2b0f9f9c7e11aa00 of Authentication/failed"
    assert Secret("hunter2").redact(text) == text


@pytest.mark.parametrize(
    "program",
    [
        "import sys; print('hunter2'); sys.exit(1)",
        "import sys; print('hunter2', file=sys.stderr); sys.exit(1)",
        "print('hunter2' + chr(7))",
        "import sys; sys.stdout.buffer.write(b'hunter2' + bytes([255]))",
    ],
    ids=["on stdout", "on stderr", "with a bell", "not UTF-8"],
)
def test_secret_is_in_no_traceback_and_on_no_output(
    program: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROGRAM", program)
    command = (sys.executable, "-c", "import os; exec(os.environ['PROGRAM'])")
    with pytest.raises(NoSecret) as caught:
        secret("home", account(password_command=command))
    shown = "".join(traceback.format_exception(caught.value)) + "".join(capfd.readouterr())
    assert "hunter2" not in shown
