"""Every channel against a real counterpart: SMTP server, mailer, notification service, IMAP folder."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from digest_values import TODAY, ZONE, a_diagnosis, a_parcel
from smtp_sink import DROP, STATES, Sink

from pipeline.config import Config, Digest, SmtpDelivery
from pipeline.config.accounts import Account
from pipeline.deliver import Attempt, DeliveryError, Refused, Uncertain, channels
from pipeline.digest import compose
from pipeline.ledger import Ledger
from pipeline.render import Form, render, subject_of
from pipeline.sources import Today

if TYPE_CHECKING:
    from dovecot import Dovecot

DAY = Today(TODAY, ZONE)
DIGEST = compose(TODAY, [(a_parcel(), a_diagnosis())], (), (), None, ZONE)
ME = "me@example.org"
SECRET = ("echo", "secret")
STANDINGS = Ledger.copy_in_memory(Path("/nonexistent")).standings


def tables(text: str, **accounts: Account) -> Config:
    import msgspec
    import tomli

    return Config(digest=msgspec.convert(tomli.loads(text), Digest), accounts=accounts)


def smtp(sink: Sink, more: str = "") -> Config:
    return tables(
        f"""
        deliver = ["smtp"]
        [smtp]
        host = "127.0.0.1"
        port = {sink.port}
        security = "{sink.security}"
        to = ["{ME}"]
        {more}
        """
    )


def deliver(config: Config, *, uncertain: bool = False) -> list[str]:
    """Deliver by every channel of *config*; return what was begun."""
    begun: list[str] = []
    for name, channel in channels(config, Path("/nonexistent"), DAY).items():
        channel(DIGEST, Attempt(lambda: b"s" * 32, STANDINGS, lambda name=name: begun.append(name), uncertain))
    return begun


# ── SMTP ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_digest_is_sent_once_with_its_envelope() -> None:
    with Sink() as sink:
        assert deliver(smtp(sink)) == ["smtp"]
        assert [(mail.sender, mail.recipients) for mail in sink.mails] == [(ME, (ME,))]
        assert sink.mails[0].message["Subject"] == subject_of(DIGEST)


def test_from_and_to_are_the_first_account_unless_set() -> None:
    with Sink() as sink:
        config = smtp(sink, 'from = "digest@example.org"')
        deliver(config)
        assert (sink.mails[0].sender, sink.mails[0].recipients) == ("digest@example.org", (ME,))
        alone = SmtpDelivery(host="127.0.0.1", port=sink.port, security="plain")
        deliver(Config(accounts={"home": account()}, digest=Digest(deliver=("smtp",), smtp=alone)))
        assert (sink.mails[1].sender, sink.mails[1].recipients) == ("mila@example.org", ("mila@example.org",))


@pytest.mark.parametrize("password", ["secret", "пароль"])
def test_a_login_in_any_script(password: str) -> None:
    with Sink(login=("me", password)) as sink:
        deliver(smtp(sink, f'username = "me"\npassword_command = ["echo", "{password}"]'))
        assert len(sink.mails) == 1


def test_a_refused_login_tells_no_secret_and_is_not_the_network_s_fault() -> None:
    with Sink(login=("me", "other")) as sink, pytest.raises(DeliveryError, match="refuses the login") as caught:
        deliver(smtp(sink, 'username = "me"\npassword_command = ["echo", "hunter2"]'))
    assert caught.value.exit_code == 77
    assert "hunter2" not in str(caught.value)


def test_without_a_password_the_ways_to_give_one_are_named() -> None:
    with Sink() as sink, pytest.raises(DeliveryError, match="PARCEL_DIGEST_SMTP_PASSWORD") as caught:
        deliver(smtp(sink, 'username = "me"'))
    assert caught.value.exit_code == 77


@pytest.mark.server
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_holds_with_the_certificate_of_the_server_and_only_with_it(dovecot: Dovecot, security: str) -> None:
    key = dovecot.ca_file.with_name("key.pem")
    with Sink(certificate=dovecot.ca_file, key=key, security=security) as sink:
        deliver(smtp(sink, f'ca_file = "{dovecot.ca_file}"'))
        assert len(sink.mails) == 1
        with pytest.raises(Refused, match="set ca_file"):
            deliver(smtp(sink))
        assert len(sink.mails) == 1


def test_a_server_without_starttls_gets_no_password() -> None:
    with Sink(login=("me", "secret")) as sink:
        config = tables(
            f"""
            deliver = ["smtp"]
            smtp = {{host = "127.0.0.1", port = {sink.port}, security = "starttls", username = "me",
                     password_command = ["echo", "secret"], to = ["{ME}"]}}
            """
        )
        with pytest.raises(Refused, match="no STARTTLS"):
            deliver(config)
        assert sink.logins == []


def test_tls_where_none_is_spoken_says_what_to_set() -> None:
    with Sink() as sink, pytest.raises(Refused, match='security = "starttls"'):
        deliver(tables(f'deliver = ["smtp"]\nsmtp = {{host = "127.0.0.1", port = {sink.port}, to = ["{ME}"]}}'))


def test_no_server_is_for_another_time() -> None:
    with Sink() as sink:
        config = smtp(sink)
    with pytest.raises(DeliveryError) as caught:
        deliver(config)
    assert caught.value.exit_code == 75


@pytest.mark.parametrize("state", ["MAIL", "RCPT", "DATA", "BODY"])
@pytest.mark.parametrize(("answer", "kind"), [("550 never", Refused), ("451 later", DeliveryError)])
def test_a_refusal_at_any_step_is_told_with_the_server_s_words(
    state: str, answer: str, kind: type[DeliveryError]
) -> None:
    with Sink(answers={state: answer}) as sink, pytest.raises(kind, match=answer) as caught:
        deliver(smtp(sink))
    assert isinstance(caught.value, Refused) is (kind is Refused)
    assert sink.mails == []


@pytest.mark.parametrize("state", STATES)
def test_a_cut_is_uncertain_only_when_the_server_may_have_the_mail(state: str) -> None:
    begun: list[int] = []
    with Sink(answers={state: DROP}, login=("me", "secret")) as sink:
        config = smtp(sink, 'username = "me"\npassword_command = ["echo", "secret"]')
        channel = channels(config, Path("/nonexistent"), DAY)["smtp"]
        with pytest.raises(DeliveryError) as caught:
            channel(DIGEST, Attempt(lambda: b"s" * 32, STANDINGS, lambda: begun.append(1)))
    after_the_dot = state in ("BODY", "LOST")
    assert isinstance(caught.value, Uncertain) is after_the_dot
    assert bool(begun) is after_the_dot
    assert len(sink.mails) == (state == "LOST")


def account(port: int = 1, user: str = "") -> Account:
    return Account(
        address="mila@example.org",
        host="127.0.0.1",
        port=port,
        security="plain",
        username=user or "mila",
        password_command=SECRET,
    )


@pytest.mark.server
def test_before_sending_again_the_own_inbox_is_searched(dovecot: Dovecot, user: str) -> None:
    with Sink() as sink:
        config = Config(
            accounts={"home": account(dovecot.port, user)},
            digest=Digest(deliver=("smtp",), smtp=SmtpDelivery(host="127.0.0.1", port=sink.port, security="plain")),
        )
        deliver(config, uncertain=True)
        assert len(sink.mails) == 1, "it has not arrived: sent again"
        dovecot.deliver(user, [sink.mails[0].data])
        deliver(config, uncertain=True)
        assert len(sink.mails) == 1, "it has arrived"


# ── a folder of the own mailbox ──────────────────────────────────────────────────────────────────────────────


def append(port: int, user: str, folder: str = "INBOX") -> Config:
    return tables(f'deliver = ["append"]\nappend = {{folder = "{folder}"}}', home=account(port, user))


def ids(dovecot: Dovecot, user: str, folder: str = "INBOX") -> list[bytes]:
    with dovecot.client(user) as client:
        client.select_folder(folder, readonly=True)
        found = client.fetch(client.search(), ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
        return [value for mail in found.values() for key, value in mail.items() if key.startswith(b"BODY")]


@pytest.mark.server
@pytest.mark.parametrize("folder", ["INBOX", "Päckchen & mehr"])
def test_a_digest_is_appended_once_however_often_it_is_tried(dovecot: Dovecot, user: str, folder: str) -> None:
    with dovecot.client(user) as client:
        if folder != "INBOX":
            client.create_folder(folder)
    for _ in range(3):
        deliver(append(dovecot.port, user, folder), uncertain=True)
    assert len(ids(dovecot, user, folder)) == 1


@pytest.mark.server
def test_a_missing_folder_is_named_and_not_made(dovecot: Dovecot, user: str) -> None:
    with pytest.raises(Refused, match=r"Parcels.*make the folder"):
        deliver(append(dovecot.port, user, "Parcels"))
    with dovecot.client(user) as client:
        assert not client.folder_exists("Parcels")


def test_an_unreachable_mailbox_is_for_another_time() -> None:
    with pytest.raises(DeliveryError) as caught:
        deliver(append(1, "mila"))
    assert caught.value.exit_code == 75


# ── the machine's mailer ─────────────────────────────────────────────────────────────────────────────────────


def sendmail(folder: Path, script: str) -> Config:
    program = folder / "mailer"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return tables(f'deliver = ["sendmail"]\nsendmail = {{command = ["{program}", "-i"], to = ["{ME}"]}}')


def test_the_mailer_gets_recipients_as_arguments_and_the_mail_as_input(tmp_path: Path) -> None:
    deliver(sendmail(tmp_path, f'echo "$@" > {tmp_path}/words; cat > {tmp_path}/mail'))
    assert (tmp_path / "words").read_text() == f"-i -- {ME}\n"
    mail = (tmp_path / "mail").read_bytes()
    assert mail.startswith(b"From: Parcel digest <me@example.org>\n")
    assert b"\r" not in mail


@pytest.mark.parametrize(("code", "kind"), [(75, DeliveryError), (64, Refused), (1, Refused)])
def test_a_mailer_that_fails_is_told_with_its_words(tmp_path: Path, code: int, kind: type[DeliveryError]) -> None:
    with pytest.raises(kind, match=f"exit code {code}: no queue") as caught:
        deliver(sendmail(tmp_path, f"echo no queue >&2; exit {code}"))
    assert type(caught.value) is kind


def test_a_mailer_that_is_not_there_is_named(tmp_path: Path) -> None:
    config = sendmail(tmp_path, "")
    (tmp_path / "mailer").unlink()
    with pytest.raises(Refused, match="mailer cannot be started"):
        deliver(config)


# ── notifications ────────────────────────────────────────────────────────────────────────────────────────────


#: A module that apprise loads with every service uses what Python is about to drop.
APPRISE_IS_OLD = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@contextmanager
def service(answer: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A notification service of apprise's generic kind, and what it was told."""
    told: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"json://me:hunter2@127.0.0.1:{server.server_port}/", told
    server.shutdown()
    thread.join()
    server.server_close()


@APPRISE_IS_OLD
def test_a_service_gets_subject_and_text() -> None:
    with service(200) as (url, told):
        assert len(deliver(tables(f'deliver = ["apprise"]\napprise = {{urls = ["{url}"]}}'))) == 1
    assert [(note["title"], note["message"].strip()) for note in told] == [
        (subject_of(DIGEST), render(DIGEST, Form.TEXT).strip())
    ]


@APPRISE_IS_OLD
def test_a_service_that_fails_is_told_without_its_password(capfd: pytest.CaptureFixture[str]) -> None:
    with service(500) as (url, _), pytest.raises(DeliveryError, match="json:… did not take") as caught:
        deliver(tables(f'deliver = ["apprise"]\napprise = {{urls = ["{url}"]}}'))
    assert "hunter2" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@APPRISE_IS_OLD
def test_an_unknown_service_is_a_wrong_setting() -> None:
    with pytest.raises(Refused, match="URL nothing:…"):
        deliver(tables('deliver = ["apprise"]\napprise = {urls = ["nothing://secret"]}'))


def test_two_services_are_two_channels_so_that_one_failure_does_not_repeat_the_other() -> None:
    named = channels(
        tables('deliver = ["apprise"]\napprise = {urls = ["json://a", "json://b"]}'), Path("/nonexistent"), DAY
    )
    assert len(named) == 2
    assert all(name.startswith("apprise-") for name in named)


def test_channels_keep_the_order_of_the_settings() -> None:
    first: Callable[..., object] = channels(tables('deliver = ["file", "stdout"]'), Path("/nonexistent"), DAY)
    assert list(first) == ["file", "stdout"]  # type: ignore[call-overload]
