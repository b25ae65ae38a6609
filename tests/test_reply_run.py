"""Answers over real servers: drafts in Dovecot, mails at an SMTP server, and what every kind of trouble leaves."""

from __future__ import annotations

import random
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import DAY, STORY, Finished, in_process
from kills import KILLS, killed, start
from smtp_sink import DROP, Sink

from pipeline.ledger import Ledger, State
from pipeline.reply.desk import read_question
from pipeline.reply.question import OUTBOX_KIND, Outcome, Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dovecot import Dovecot

pytestmark = pytest.mark.server

DRAFTS = "Drafts"
#: A parcel of the story whose code has shown nothing for long.
STORY_MAILS = [path.read_bytes() for path in sorted(STORY.glob("*.eml")) if path.stat().st_size]


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@pytest.fixture
def config(dovecot: Dovecot, sink: Sink, user: str, tmp_path: Path) -> Path:
    """Settings that draft; the mailbox has been read once, so that what comes now may be answered."""
    dovecot.deliver(user, STORY_MAILS[:12])
    with dovecot.client(user) as client:
        client.create_folder(DRAFTS)
    path = settings(tmp_path, dovecot, sink, user, 'mode = "draft"\nallow = ["anna@friends.example"]')
    assert in_process("run", "--config", path, "--state", tmp_path / "state", "--today", DAY).code == 0
    return path


def settings(folder: Path, dovecot: Dovecot, sink: Sink, user: str, reply: str) -> Path:
    path = folder / "config.toml"
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
        deliver = ["file"]
        smtp = {{ host = "127.0.0.1", port = {sink.port}, security = "plain" }}
        [reply]
        drafts = "{DRAFTS}"
        {reply}
        """
    )
    return path


def sending(config: Path, more: str = "") -> None:
    config.write_text(config.read_text().replace('mode = "draft"', f'mode = "send"\n{more}'))


def run(config: Path, *words: str, day: str = DAY) -> Finished:
    return in_process("run", "--config", config, "--state", config.parent / "state", "--today", day, *words)


def asking(
    text: str = "My tracking code RB123456785CN shows nothing. What shall I do?",
    *,
    number: int = 1,
    sender: str = "anna@friends.example",
    subject: str = "Where is my parcel?",
    headers: tuple[str, ...] = (),
    verified: bool = True,
) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Anna Berg <{sender}>"
    mail["To"] = "mila@example.org"
    mail["Subject"] = subject
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0100"
    mail["Message-ID"] = f"<question-{number}@friends.example>"
    mail.set_content(text)
    above = [f"Return-Path: <{sender}>", *headers]
    if verified:
        domain = sender.rpartition("@")[2]
        above.append(
            f"Authentication-Results: mx.example.org; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
        )
    return "\r\n".join(above).encode() + b"\r\n" + mail.as_bytes()


def drafts(dovecot: Dovecot, user: str) -> list[Message]:
    with dovecot.client(user) as client:
        client.select_folder(DRAFTS, readonly=True)
        found = client.fetch(client.search(), ["BODY.PEEK[]"])
        return [message_from_bytes(mail[b"BODY[]"], policy=policy.default) for _, mail in sorted(found.items())]


def questions(config: Path) -> list[tuple[State, Question]]:
    with Ledger.copy_in_memory(config.parent / "state") as ledger:
        return [(item.state, read_question(item)) for item in ledger.outbox.all(OUTBOX_KIND)]


def outcomes(config: Path) -> list[tuple[State, Outcome | None]]:
    return [(state, question.outcome) for state, question in questions(config)]


# ── drafts ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_lies_once_in_drafts_and_threads_with_its_question(dovecot: Dovecot, user: str, config: Path) -> None:
    dovecot.deliver(user, [asking(headers=("References: <older@friends.example>",))])
    assert [run(config).code for _ in range(3)] == [0, 0, 0]
    (draft,) = drafts(dovecot, user)
    assert draft["In-Reply-To"] == "<question-1@friends.example>"
    assert draft["References"] == "<older@friends.example> <question-1@friends.example>"
    assert (draft["From"], draft["To"]) == ("mila@example.org", "anna@friends.example")
    assert draft["Subject"] == "Re: Where is my parcel?"
    assert draft["X-Parcel-Digest"].startswith("answer ")
    assert draft["Auto-Submitted"] is None
    assert draft.get_content_type() == "text/plain"
    assert outcomes(config) == [(State.DONE, Outcome.DRAFTED)]
    assert {b"\\Draft", b"\\Seen"} <= set(dovecot.flags(user, DRAFTS)[1])


def test_the_answer_says_what_the_number_is_and_what_to_do(dovecot: Dovecot, user: str, config: Path) -> None:
    dovecot.deliver(user, [asking("Hello! AliExpress says my tracking number is 8211968327931299. Is that wrong?")])
    run(config)
    text = drafts(dovecot, user)[0].get_content()
    assert "8211968327931299 is your order number, not a tracking code" in text
    assert "AliExpress says" not in text, "the incoming text is never quoted"


def test_a_friend_is_told_what_holds_for_the_parcel(dovecot: Dovecot, user: str, config: Path) -> None:
    known = _known_codes(config)
    dovecot.deliver(user, [asking(f"Hi, is there news about {known[0]}?")])
    run(config)
    text = drafts(dovecot, user)[0].get_content()
    assert f"{known[0]}: " in text
    assert "parcel-digest mark" not in text


def _known_codes(config: Path) -> list[str]:
    with Ledger.copy_in_memory(config.parent / "state") as ledger:
        return [code.code for notice in ledger.notices() for code in notice.codes]


def test_a_stranger_gets_general_advice_and_not_even_whether_a_number_is_known(
    dovecot: Dovecot, user: str, config: Path
) -> None:
    known = _known_codes(config)[0]
    dovecot.deliver(user, [asking(f"Where is {known}?", sender="eve@strangers.example")])
    run(config)
    told = drafts(dovecot, user)[0].get_content()
    assert f"{known}: " not in told
    assert "around the 10th day" in told


def test_a_forwarded_mail_of_a_shop_is_answered(dovecot: Dovecot, user: str, config: Path) -> None:
    inner = (STORY.parent / "aliexpress" / "2014-shipped-seed-shape.eml").read_bytes()
    mail = EmailMessage()
    mail["From"], mail["To"] = "Anna Berg <anna@friends.example>", "mila@example.org"
    mail["Subject"], mail["Date"] = "Fwd: Your Order", "Mon, 23 Nov 2026 10:00:00 +0100"
    mail["Message-ID"] = "<question-1@friends.example>"
    mail.set_content("?")
    mail.add_attachment(message_from_bytes(inner, policy=policy.default))
    above = asking().split(b"From:")[0]
    dovecot.deliver(user, [above + mail.as_bytes()])
    run(config)
    (draft,) = drafts(dovecot, user)
    assert "65519797821543" in draft.get_content()


def test_without_a_drafts_folder_the_setting_is_named_and_the_question_waits(
    dovecot: Dovecot, user: str, config: Path
) -> None:
    dovecot.deliver(user, [asking()])
    with dovecot.client(user) as client:
        client.delete_folder(DRAFTS)
    done = run(config)
    assert done.code == 78
    assert DRAFTS in done.complaints[0]
    assert outcomes(config) == [(State.WAITING, None)]
    with dovecot.client(user) as client:
        client.create_folder(DRAFTS)
    assert run(config).code == 0
    assert len(drafts(dovecot, user)) == 1


def test_a_draft_whose_append_was_cut_off_is_not_made_twice(dovecot: Dovecot, user: str, config: Path) -> None:
    dovecot.deliver(user, [asking()])
    run(config)
    with Ledger.open(config.parent / "state") as ledger:
        (item,) = ledger.outbox.all(OUTBOX_KIND)
        ledger._write("UPDATE outbox SET state = 1 WHERE key = ?", item.key)
    run(config)
    assert len(drafts(dovecot, user)) == 1
    assert outcomes(config) == [(State.DONE, Outcome.DRAFTED)]


@pytest.mark.parametrize("flag", [b"\\Answered", b"$Junk"])
def test_what_was_answered_by_hand_or_marked_as_junk_is_left_alone(
    dovecot: Dovecot, user: str, config: Path, flag: bytes
) -> None:
    dovecot.deliver(user, [asking()], flags=(flag,))
    run(config)
    assert drafts(dovecot, user) == []
    assert outcomes(config) == [(State.DONE, Outcome.REFUSED)]


def test_nothing_is_answered_on_the_first_run_of_an_account(
    dovecot: Dovecot, sink: Sink, user: str, tmp_path: Path
) -> None:
    with dovecot.client(user) as client:
        client.create_folder(DRAFTS)
    dovecot.deliver(user, [asking()])
    config = settings(tmp_path, dovecot, sink, user, 'mode = "draft"')
    assert run(config).code == 0
    assert drafts(dovecot, user) == []
    assert [[o.check for o in question.objections] for _, question in questions(config)] == [["first-run"]]


def test_with_replies_off_no_mail_of_a_person_is_fetched(dovecot: Dovecot, user: str, config: Path) -> None:
    config.write_text(config.read_text().replace('mode = "draft"', 'mode = "off"'))
    dovecot.deliver(user, [asking("Hello?", subject="Hello")])
    run(config)
    assert questions(config) == []
    with Ledger.copy_in_memory(config.parent / "state") as ledger:
        assert ledger._rows("SELECT 1 FROM places WHERE message_id LIKE 'question-%'") == []


def test_a_full_mailbox_lets_the_question_wait_for_room(dovecot: Dovecot, user: str, config: Path) -> None:
    dovecot.deliver(user, [asking()])
    with dovecot.client(user) as client:
        client.create_folder("Full")
    room = config.read_text()
    config.write_text(room.replace(f'"{DRAFTS}"', '"Full"'))
    first = run(config)
    assert first.code == 75
    assert "OVERQUOTA" in first.complaints[0]
    assert outcomes(config) == [(State.WAITING, None)]
    config.write_text(room)
    assert run(config).code == 0
    assert len(drafts(dovecot, user)) == 1
    assert outcomes(config) == [(State.DONE, Outcome.DRAFTED)]


def test_a_full_mailbox_keeps_the_digest_for_later(dovecot: Dovecot, user: str, config: Path) -> None:
    with dovecot.client(user) as client:
        client.create_folder("Full")
    day = "2026-12-01"
    config.write_text(config.read_text().replace('["file"]', '["append"]\nappend = { folder = "Full" }'))
    assert run(config, day=day).code == 75
    config.write_text(config.read_text().replace('"Full"', '"INBOX"'))
    assert run(config, day=day).code == 0


# ── what would be done, and why ──────────────────────────────────────────────────────────────────────────────


def test_a_dry_run_says_what_would_be_answered_and_why_not_and_changes_nothing(
    dovecot: Dovecot, sink: Sink, user: str, config: Path
) -> None:
    sending(config)
    dovecot.deliver(
        user,
        [
            asking(number=1),
            asking(number=2, sender="eve@strangers.example"),
            asking(number=3, sender="tom@friends.example", headers=("X-Spam-Flag: YES",)),
        ],
    )
    before = dovecot.flags(user)
    out = run(config, "--dry-run").out
    assert "Answer to anna@friends.example about “Where is my parcel?” would be sent" in out
    assert "Answer to eve@strangers.example about “Where is my parcel?” would be drafted" in out
    assert "not sent, not-allowed: eve@strangers.example is not in reply.allow" in out
    assert "Answer to tom@friends.example about “Where is my parcel?” would not be given" in out
    assert "refused, junk: X-Spam-Flag says yes" in out
    assert (sink.mails, drafts(dovecot, user), questions(config)) == ([], [], [])
    assert dovecot.flags(user) == before


def explained(config: Path, message_id: str) -> Finished:
    return in_process(
        "explain", "--mail", message_id, "--config", config, "--state", config.parent / "state", "--today", DAY
    )


def test_explain_tells_every_reason_with_its_source(dovecot: Dovecot, user: str, config: Path) -> None:
    dovecot.deliver(user, [asking(headers=("X-Spam-Flag: yes",), verified=False, subject="My parcel has not arrived")])
    run(config)
    done = explained(config, "<question-1@friends.example>")
    assert done.code == 0
    assert "the answer was not given" in done.out
    assert "refused, unverified:" in done.out
    assert "refused, junk: X-Spam-Flag says yes (convention" in done.out


def test_explain_looks_a_mail_up_that_nobody_kept(dovecot: Dovecot, user: str, config: Path) -> None:
    dovecot.deliver(user, [asking("See you on Friday!", subject="Friday", headers=("Precedence: bulk",))])
    run(config)
    done = explained(config, "question-1@friends.example")
    assert "asks nothing about a parcel" in done.out
    assert "refused, precedence: Precedence says bulk" in done.out


def test_explain_of_an_answered_mail_tells_when(dovecot: Dovecot, user: str, config: Path) -> None:
    dovecot.deliver(user, [asking()])
    run(config)
    out = explained(config, "question-1@friends.example").out
    assert "the answer was drafted on 2026-11-23" in out
    assert "RB123456785CN: tracking code" in out


def test_explain_of_an_unknown_mail_is_a_usage_error(config: Path) -> None:
    done = explained(config, "nobody@nowhere.example")
    assert (done.code, len(done.complaints)) == (2, 1)


# ── letters to sellers ───────────────────────────────────────────────────────────────────────────────────────


def seller_mail(*, verified: bool = True) -> bytes:
    mail = EmailMessage()
    mail["From"] = "eBay member: lamps <lamps-4711@members.ebay.com>"
    mail["To"] = "mila@example.org"
    mail["Subject"] = "Your order 12-34567-89012 has been shipped"
    mail["Date"] = "Mon, 02 Nov 2026 10:00:00 +0100"
    mail["Message-ID"] = "<shipped@members.ebay.com>"
    mail.set_content("Hello, your order number 12-34567-89012 has been shipped. Tracking number: RB123456785CN. Bye")
    passed = "Authentication-Results: mx.example.org; dmarc=pass header.from=members.ebay.com\r\n"
    return (passed.encode() if verified else b"") + mail.as_bytes()


@pytest.mark.parametrize("verified", [True, False])
def test_a_seller_with_an_address_gets_a_draft_once_when_the_code_is_the_same(
    dovecot: Dovecot, sink: Sink, user: str, config: Path, verified: bool
) -> None:
    sending(config)
    dovecot.deliver(user, [seller_mail(verified=verified)])
    run(config)
    assert drafts(dovecot, user) == []
    words = ("--config", config, "--state", config.parent / "state", "--today", DAY)
    assert in_process("mark", "RB123456785CN", "unchanged", *words).code == 0
    assert [run(config).code for _ in range(3)] == [0, 0, 0]
    found = drafts(dovecot, user)
    assert len(found) == verified
    if verified:
        assert found[0]["To"] == "lamps-4711@members.ebay.com"
        assert found[0]["In-Reply-To"] == "<shipped@members.ebay.com>"
        assert found[0]["Auto-Submitted"] is None
        assert "RB123456785CN" in found[0].get_content()
    assert sink.mails == []


# ── sent answers ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_sent_answer_carries_what_rfc_3834_asks(dovecot: Dovecot, sink: Sink, user: str, config: Path) -> None:
    sending(config)
    dovecot.deliver(user, [asking()])
    assert [run(config).code for _ in range(3)] == [0, 0, 0]
    (sent,) = sink.mails
    assert sent.sender in ("", "<>")
    assert sent.recipients == ("anna@friends.example",)
    mail = message_from_bytes(sent.data, policy=policy.default)
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["In-Reply-To"] == "<question-1@friends.example>"
    assert mail["Subject"] == "Auto: Re: Where is my parcel?"
    assert mail["X-Parcel-Digest"].startswith("answer ")
    assert mail["Message-ID"]
    assert mail["Date"]
    assert mail.get_content_type() == "text/plain"
    assert "A program wrote this answer" in mail.get_content()
    assert drafts(dovecot, user) == []


def test_the_envelope_sender_can_be_the_own_address(dovecot: Dovecot, sink: Sink, user: str, config: Path) -> None:
    sending(config, "null_sender = false")
    dovecot.deliver(user, [asking()])
    run(config)
    assert sink.mails[0].sender == "mila@example.org"


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(asking(sender="eve@strangers.example"), id="not on the list"),
        pytest.param(asking(headers=("Reply-To: anna@elsewhere.example",)), id="answers would go elsewhere"),
    ],
)
def test_what_may_not_be_sent_becomes_a_draft(
    dovecot: Dovecot, sink: Sink, user: str, config: Path, mail: bytes
) -> None:
    sending(config)
    dovecot.deliver(user, [mail])
    run(config)
    assert sink.mails == []
    assert len(drafts(dovecot, user)) == 1


def test_who_only_calls_himself_a_friend_gets_nothing(dovecot: Dovecot, sink: Sink, user: str, config: Path) -> None:
    sending(config)
    dovecot.deliver(user, [asking(verified=False)])
    run(config)
    assert (sink.mails, drafts(dovecot, user)) == ([], [])
    assert [[o.check for o in question.objections] for _, question in questions(config)] == [["unverified"]]


# ── trouble at every step ────────────────────────────────────────────────────────────────────────────────────

LATER = (State.WAITING, None)
SENT = (State.DONE, Outcome.SENT)
REFUSED = (State.DONE, Outcome.REFUSED)
IN_DOUBT = (State.DONE, Outcome.IN_DOUBT)


@pytest.mark.parametrize(
    ("step", "answer", "at_first", "in_the_end", "mails"),
    [
        *((step, DROP, LATER, SENT, 1) for step in ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA")),
        *((step, "451 later", LATER, SENT, 1) for step in ("MAIL", "RCPT", "DATA", "BODY")),
        ("MAIL", "550 never", LATER, SENT, 1),
        ("DATA", "550 never", LATER, SENT, 1),
        ("RCPT", "550 never", REFUSED, REFUSED, 0),
        ("BODY", "550 never", REFUSED, REFUSED, 0),
        ("BODY", DROP, (State.BEGUN, Outcome.SENT), IN_DOUBT, 0),
        ("LOST", DROP, (State.BEGUN, Outcome.SENT), IN_DOUBT, 1),
    ],
)
def test_after_trouble_at_a_step_the_next_run_does_what_is_right(
    dovecot: Dovecot, sink: Sink, user: str, config: Path,
    step: str, answer: str, at_first: tuple[State, Outcome | None], in_the_end: tuple[State, Outcome], mails: int,
) -> None:  # fmt: skip
    sending(config)
    dovecot.deliver(user, [asking()])
    sink.answers[step] = answer
    first = run(config)
    assert first.code in (75, 78)
    assert len(first.complaints) == 1
    assert outcomes(config) == [at_first]
    sink.answers.clear()
    run(config)
    assert outcomes(config) == [in_the_end]
    assert len(sink.mails) == mails
    assert run(config).complaints == []
    assert len(sink.mails) == mails


def test_killed_runs_answer_no_mail_twice_and_forget_none(
    dovecot: Dovecot, sink: Sink, user: str, config: Path
) -> None:
    """Half the questions are to be sent an answer, half to get a draft; every run is killed."""
    sending(config, "max_per_run = 1000\nmax_per_day = 1000\nmax_per_sender = 1000")
    chance = random.Random(20261123)
    sink.delay = 0.01
    asked = kills = 0
    while kills < KILLS:
        for _ in range(3):
            sender = "anna@friends.example" if asked % 2 else "eve@strangers.example"
            text = f"My tracking code LP0082716578{asked:04} shows nothing. What shall I do?"
            dovecot.deliver(user, [asking(text, number=asked, sender=sender)])
            asked += 1
        words = ("run", "--config", str(config), "--state", str(config.parent / "state"), "--today", DAY)
        kills += killed(start(*words), sink, chance, 0.6)
    run(config)
    assert run(config).complaints == []
    answered = Counter(mail.message["In-Reply-To"] for mail in sink.mails)
    answered += Counter(str(draft["In-Reply-To"]) for draft in drafts(dovecot, user))
    assert set(answered.values()) == {1}
    ends = Counter(outcome for _, outcome in outcomes(config))
    assert [o for _, question in questions(config) for o in question.objections if not o.draft_only] == []
    in_doubt = ends.pop(Outcome.IN_DOUBT, 0)
    assert set(ends) == {Outcome.DRAFTED, Outcome.SENT}
    assert asked - in_doubt <= len(answered) <= asked
    print(f"{kills} kills, {asked} questions: {len(answered)} answered once, none twice, {in_doubt} in doubt")
