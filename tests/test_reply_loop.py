"""Two installations that may send to each other: a question gets one answer, and that answer none, for ever."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from smtp_sink import Sink

from pipeline.answering import desk
from pipeline.config import load_config
from pipeline.intake import Report, take_in
from pipeline.ledger import Ledger
from pipeline.reply.reception import receiver
from pipeline.sources import Today, file_source, whom_of

ROUNDS = 100
TODAY = Today(date(2026, 11, 23), ZoneInfo("Europe/Berlin"))
#: What a careless server on the way might take out.
PROTECTIVE = ("auto-submitted", "x-auto-response-suppress", "x-parcel-digest", "return-path")


class House:
    """One installation: a folder of mails, a state, and a server that it sends by."""

    def __init__(self, folder: Path, address: str, friend: str, sink: Sink) -> None:
        self.address = address
        self.mails = folder / "mails"
        self.mails.mkdir(parents=True)
        self.state = folder / "state"
        config = folder / "config.toml"
        config.write_text(
            f"""
            timezone = "Europe/Berlin"
            [accounts.home]
            address = "{address}"
            host = "127.0.0.1"
            security = "plain"
            port = 1
            trusted_authserv_ids = ["mx.example.org"]
            [digest]
            deliver = ["file"]
            smtp = {{ host = "127.0.0.1", port = {sink.port}, security = "plain" }}
            [reply]
            mode = "send"
            allow = ["{friend}"]
            """
        )
        self.settings = load_config(config)
        self.arrive(
            b"From: x@y.example\r\nSubject: the first mail\r\nMessage-ID: <first@y.example>\r\n\r\nx\r\n", "x@y.example"
        )
        self.run()

    def arrive(self, data: bytes, sender: str, without: tuple[str, ...] = ()) -> None:
        """Put a mail into the folder as a mail server does."""
        head, _, body = data.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if line.partition(b":")[0].decode().lower() not in without]
        came = dict(line.split(b": ", 1) for line in lines if b": " in line)
        domain = came[b"From"].decode().rpartition("@")[2].strip(">")
        path = sender if "return-path" not in without else self.address
        above = (
            f"Return-Path: <{path.strip('<>')}>\r\n"
            f"Authentication-Results: mx.example.org; dmarc=pass header.from={domain}\r\n"
        ).encode()
        number = len(list(self.mails.iterdir()))
        (self.mails / f"{number:04}.eml").write_bytes(above + b"\r\n".join(lines) + b"\r\n\r\n" + body)

    def run(self) -> None:
        """One run of the job, without its digest."""
        whom = whom_of(self.settings.accounts["home"], frozenset())
        with Ledger.open(self.state) as ledger, closing(desk(ledger, self.settings, TODAY)) as answering:
            outcome = take_in(
                ledger,
                [file_source(self.mails, whom)],
                TODAY,
                Report(),
                lambda: receiver(self.settings.reply, ledger, TODAY),
            )
            answering.answer_all()
        assert (outcome.errors, answering.errors) == ([], [])


QUESTION = (
    b"From: Anna <anna@friends.example>\r\nTo: mila@example.org\r\nSubject: Where is my parcel?\r\n"
    b"Date: Mon, 23 Nov 2026 10:00:00 +0100\r\nMessage-ID: <question@friends.example>\r\n\r\n"
    b"My tracking code RB123456785CN shows nothing. What shall I do?\r\n"
)


@pytest.mark.parametrize(
    ("without", "most"),
    [pytest.param((), 1, id="as it is"), pytest.param(PROTECTIVE, 2, id="without what protects it on the way")],
)
def test_two_installations_do_not_answer_each_other(tmp_path: Path, without: tuple[str, ...], most: int) -> None:
    with Sink() as from_mila, Sink() as from_anna:
        mila = House(tmp_path / "mila", "mila@example.org", "anna@friends.example", from_mila)
        anna = House(tmp_path / "anna", "anna@friends.example", "mila@example.org", from_anna)
        mila.arrive(QUESTION, "anna@friends.example")
        carried = {from_mila.port: 0, from_anna.port: 0}
        for _ in range(ROUNDS):
            for house, sink, other in ((mila, from_mila, anna), (anna, from_anna, mila)):
                house.run()
                for mail in sink.mails[carried[sink.port] :]:
                    other.arrive(mail.data, mail.sender, without)
                carried[sink.port] = len(sink.mails)
        assert len(from_mila.mails) == 1
        assert len(from_mila.mails) + len(from_anna.mails) <= most
