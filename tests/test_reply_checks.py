"""When a mail must not be answered: every row of the table with a mail that it alone forbids, and one it lets pass."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from command import ROOT
from digest_values import TODAY, ZONE, ago

from pipeline.config import Reply
from pipeline.model import Place
from pipeline.parse import parse, peek
from pipeline.reply.checks import CHECKS, Arrival, head_fields, may_be_answered, objections
from pipeline.reply.question import Kind, Number, Outcome, Question, What
from pipeline.reply.robots import robots
from pipeline.reply.standing import STANDING_CHECKS, Standing, given, standing_objections

ME = frozenset({"mila@example.org", "shop@mila.example"})
INBOX = Place("home", "INBOX", 7, "42")

#: A mail that nothing speaks against.
GOOD = {
    "Return-Path": "<anna@friends.example>",
    "From": "Anna Berg <anna@friends.example>",
    "To": "Mila <mila@example.org>",
    "Subject": "Where is my parcel?",
    "Date": format_datetime(ago(0)),
    "Message-ID": "<question@friends.example>",
}


def mail(*changes: str, without: str = "") -> bytes:
    """GOOD with other headers: ``Name: value`` takes the place of its namesake, ``+Name: value`` stands beside it."""
    replaced = {change.partition(":")[0].lower() for change in changes if not change.startswith("+")}
    lines = [
        f"{name}: {value}"
        for name, value in GOOD.items()
        if name.lower() not in replaced and name.lower() != without.lower()
    ]
    return ("\r\n".join([*lines, *(change.lstrip("+") for change in changes)]) + "\r\n\r\nHello?\r\n").encode()


def said(data: bytes, *, place: Place = INBOX, proof: str = "DKIM", **more: object) -> list[str]:
    arrival = Arrival(parse(data), ME, place, proof, **more)  # type: ignore[arg-type]
    return [objection.check for objection in objections(arrival)]


def test_nothing_speaks_against_a_person_s_mail() -> None:
    assert said(mail()) == []


@pytest.mark.parametrize(
    ("check", "changes"),
    [
        # 1: from ourselves
        ("own", ["From: mila@example.org"]),
        ("own", ["From: MILA@Example.ORG"]),
        ("own", ["From: Mila <mila+parcels@example.org>"]),
        ("own", ['From: "Anna" <shop@mila.example>']),
        ("own", ["+x-PARCEL-digest: answer abc"]),
        ("own", ["+X-Parcel-Digest: digest\r\n 2026-11-23"]),
        # 2: no way back
        ("return-path", ["Return-Path: <>"]),
        ("return-path", ["RETURN-PATH:\r\n <>"]),
        ("return-path", ["Return-Path: < > (nobody)"]),
        ("return-path", ["+Return-Path: <>"]),
        ("return-path", ["Return-Path:"]),
        # 3: sent by a program
        ("auto-submitted", ["+Auto-Submitted: auto-generated"]),
        ("auto-submitted", ["+AUTO-SUBMITTED: Auto-Replied"]),
        ("auto-submitted", ['+Auto-Submitted: auto-replied; owner-email="x@y.example"']),
        ("auto-submitted", ["+Auto-Submitted: (no) auto-notified"]),
        ("auto-submitted", ["+Auto-Submitted:\r\n\tauto-generated\r\n (rejected)"]),
        ("auto-submitted", ["+Auto-Submitted: no", "+Auto-Submitted: auto-replied"]),
        ("auto-submitted", ["+Auto-Submitted: something-new"]),
        ("auto-submitted", ["+Auto-Submitted:"]),
        # 4: to a list
        ("list", ["+List-Id: <friends.example>"]),
        ("list", ["+LIST-UNSUBSCRIBE:\r\n <https://friends.example/u>"]),
        ("list", ["+list-post: NO"]),
        ("list", ["+List-Something-New: x"]),
        # 5: in bulk
        ("precedence", ["+Precedence: bulk"]),
        ("precedence", ["+PRECEDENCE: BULK"]),
        ("precedence", ["+Precedence: Junk"]),
        ("precedence", ["+Precedence: (it is a) list"]),
        ("precedence", ["+Precedence:\r\n bulk"]),
        ("precedence", ["+Precedence: first-class", "+Precedence: bulk"]),
        ("precedence", ["+Precedence: auto_reply"]),
        # 6: asked not to
        ("response-suppress", ["+X-Auto-Response-Suppress: All"]),
        ("response-suppress", ["+x-auto-response-suppress: DR, oof"]),
        ("response-suppress", ["+X-Auto-Response-Suppress: RN,\r\n AUTOREPLY"]),
        ("response-suppress", ["+X-Auto-Response-Suppress: DR", "+X-Auto-Response-Suppress: OOF (out of office)"]),
        # 7: programs' addresses
        ("robot", ["From: MAILER-DAEMON@friends.example"]),
        ("robot", ["From: listserv@friends.example"]),
        ("robot", ["From: Majordomo <majordomo@friends.example>"]),
        ("robot", ["From: choir-request@friends.example"]),
        ("robot", ["From: owner-choir@friends.example"]),
        ("robot", ["From: no-reply@friends.example"]),
        ("robot", ["From: No.Reply@friends.example"]),
        ("robot", ["From: do_not_reply@friends.example"]),
        ("robot", ["From: noreply2@friends.example"]),
        ("robot", ["From: orders-noreply@friends.example"]),
        ("robot", ["From: nicht-antworten@friends.example"]),
        ("robot", ["From: ne-pas-repondre@friends.example"]),
        ("robot", ["From: bounces+17-anna=friends.example@friends.example"]),
        ("robot", ["From: notifications@friends.example"]),
        ("robot", ["Return-Path: <bounce-4711@friends.example>"]),
        ("robot", ["+Sender: owner-choir@friends.example"]),
        ("robot", ["+Reply-To: noreply@friends.example"]),
        # 8: not to us
        ("not-addressed", ["To: friends@friends.example"]),
        ("not-addressed", ["To: undisclosed-recipients:;"]),
        ("not-addressed", ['To: "mila@example.org" <other@example.org>']),
        ("not-addressed", ["To: other@example.org", "+X-To: mila@example.org"]),
        ("not-addressed", ["To: other@example.org", "+Delivered-To: mila@example.org"]),
        # 11: answers would go elsewhere
        ("reply-to", ["+Reply-To: anna@elsewhere.example"]),
        ("reply-to", ["+REPLY-TO: Anna\r\n <anna@friends.example.evil.example>"]),
        ("reply-to", ["+Reply-To: anna@friends.example", "+Reply-To: anna@elsewhere.example"]),
        # 13: junk
        ("junk", ["+X-Spam-Flag: YES"]),
        ("junk", ["+x-spam-flag: yes (score 12)"]),
        ("junk", ["+X-Spam-Flag: no", "+X-Spam-Flag: Yes"]),
        # 14: reports
        ("report", ['+Content-Type: multipart/report; report-type=delivery-status; boundary="b"']),
        ("report", ["+CONTENT-TYPE: Multipart/Report;\r\n report-type=disposition-notification; boundary=b"]),
        ("report", ["+Content-Type: message/delivery-status"]),
        ("report", ["+Content-Type: (a report) message/disposition-notification"]),
        # 15: other signs
        ("other-signs", ["+X-Loop: anna@friends.example"]),
        ("other-signs", ["+x-loop: "]),
        ("other-signs", ["+X-No-Ack: yes"]),
        ("other-signs", ["+X-Ack: No"]),
        ("other-signs", ["+X-ACK: (really) no"]),
        ("other-signs", ["+Feedback-ID: 1:2:3:friends"]),
    ],
)  # fmt: skip
def test_this_alone_forbids_an_answer(check: str, changes: list[str]) -> None:
    assert said(mail(*changes)) == [check]


@pytest.mark.parametrize(
    ("check", "data", "more"),
    [
        pytest.param("return-path", mail(without="Return-Path"), {}, id="no Return-Path"),
        pytest.param("nameless", mail(without="Message-ID"), {}, id="no Message-ID"),
        pytest.param("not-addressed", mail(without="To"), {}, id="no To"),
        pytest.param("unverified", mail(), {"proof": ""}, id="nobody vouches"),
        pytest.param("unverified", mail(), {"suspicion": "its domain only looks like one"}, id="suspicious"),
        pytest.param("junk", mail(), {"place": Place("home", "Junk", 7, "1")}, id="Junk"),
        pytest.param("junk", mail(), {"place": Place("home", "[Gmail]/Spam", 7, "1")}, id="Gmail"),
        pytest.param("junk", mail(), {"place": Place("home", "INBOX.Spam", 7, "1")}, id="INBOX.Spam"),
        pytest.param("first-run", mail(), {"first_run": True}, id="first run"),
    ],
)  # fmt: skip
def test_what_is_no_header_alone_forbids_an_answer(check: str, data: bytes, more: dict[str, object]) -> None:
    assert said(data, **more) == [check]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        ["+Auto-Submitted: no"],
        ["+AUTO-SUBMITTED: (auto-generated) NO ; reason=x"],
        ["+Precedence: first-class"],
        ["+Precedence: (bulk) normal"],
        ["+X-Auto-Response-Suppress: DR, RN, NRN"],
        ["+X-Ack: yes"],
        ["+X-Spam-Flag: NO"],
        ["+Reply-To: anna.berg@friends.example"],
        ["From: postmaster@friends.example"],
        ["From: casino.reply@friends.example"],
        ["From: robotka@friends.example"],
        ["From: requests@friends.example"],
        ["To: other@example.org", "+Cc: MILA+x@example.org"],
        ["To: other@example.org", "+Bcc: mila@example.org"],
        ["To: other@example.org", "+Resent-To: Mila\r\n <mila@example.org>"],
        ["To: other@example.org", "To: a@b.example, mila@example.org"],
        ["To: shop@mila.example"],
        ['+Content-Type: multipart/mixed; boundary="multipart/report"'],
        ["+Listing: x"],
        ["Return-Path: (comment) <anna@friends.example>"],
    ],
)
def test_this_does_not_forbid_an_answer(changes: list[str]) -> None:
    assert said(mail(*changes)) == []


def test_all_reasons_are_told_not_only_the_first() -> None:
    data = mail("+List-Id: <x>", "+Precedence: bulk", "+Auto-Submitted: auto-generated", "Return-Path: <>")
    assert said(data, first_run=True) == ["return-path", "auto-submitted", "list", "precedence", "first-run"]


def test_a_reply_to_elsewhere_forbids_only_to_send() -> None:
    found = objections(Arrival(parse(mail("+Reply-To: a@elsewhere.example")), ME, INBOX, "DKIM"))
    assert [entry.draft_only for entry in found] == [True]


@pytest.mark.parametrize("check", [*CHECKS, *STANDING_CHECKS], ids=lambda check: check.id)
def test_every_check_says_where_it_comes_from(check: object) -> None:
    assert check.source  # type: ignore[attr-defined]


def test_the_table_of_programs_is_in_the_case_in_which_it_is_compared() -> None:
    table = robots()
    local = table.local_parts
    words = [
        *local.names, *local.beginnings, *local.endings, *local.no_reply, *table.precedence.values,
        *table.suppress.values, *table.presence.names, *table.types.values, *table.junk.folders, *table.junk.flags,
    ]  # fmt: skip
    assert [word for word in words if word != word.lower() or word != word.strip()] == []
    assert all(word.isalnum() for word in local.no_reply)


# ── from the head alone ──────────────────────────────────────────────────────────────────────────────────────


def test_the_head_of_a_person_s_mail_is_worth_the_rest() -> None:
    assert may_be_answered(peek(mail()), ME)


@pytest.mark.parametrize("change", ["+List-Id: <x>", "+Precedence: bulk", "From: noreply@a.example", "+Feedback-ID: 1"])
def test_the_head_of_a_program_s_mail_is_not(change: str) -> None:
    assert not may_be_answered(peek(mail(change)), ME)


@pytest.mark.parametrize("header", ["+Reply-To: a@elsewhere.example"])
def test_what_forbids_only_to_send_is_worth_the_rest(header: str) -> None:
    assert may_be_answered(peek(mail(header)), ME)


def test_the_fields_that_are_fetched_are_all_that_the_checks_read() -> None:
    fetched = {name.lower() for name in head_fields()} | {
        "from", "sender", "reply-to", "subject", "date", "message-id", "x-parcel-digest",
    }  # fmt: skip
    read = {change.lstrip("+").partition(":")[0].lower() for case in _header_cases() for change in case}
    assert read - fetched <= {"x-spam-flag", "delivered-to", "x-to", "list-something-new"}


def _header_cases() -> list[list[str]]:
    marks = test_this_alone_forbids_an_answer.pytestmark  # type: ignore[attr-defined]
    return [case[1] for case in marks[0].args[1]]


# ── time, caps and earlier answers ───────────────────────────────────────────────────────────────────────────

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)


def question(
    message_id: str = "q1@friends.example", *, sender: str = "anna@friends.example", **more: object
) -> Question:
    values: dict[str, object] = {
        "message_id": message_id,
        "kind": Kind.ASKED,
        "place": INBOX,
        "address": "mila@example.org",
        "sender": sender,
        "reply_to": sender,
        "subject": "Where is my parcel?",
        "date": NOW - timedelta(hours=1),
        "numbers": (Number("RB123456785CN", What.CODE),),
        "verified": True,
    }
    return Question(**{**values, **more})  # type: ignore[arg-type]


def answered(
    days: int, *, sender: str = "anna@friends.example", number: str = "RB123456785CN", **more: object
) -> Question:
    return question(
        f"earlier-{days}-{number}@friends.example",
        sender=sender,
        numbers=(Number(number, What.CODE),),
        outcome=more.pop("outcome", Outcome.SENT),
        answered_on=TODAY - timedelta(days),
        **more,
    )


def against(
    asked: Question | None = None, *past: Question, mode: str = "draft", allow: tuple[str, ...] = (), **more: object
) -> list[str]:
    settings = Reply(mode=mode, allow=allow, max_per_run=10, max_per_day=10, max_per_sender=3)
    values: dict[str, object] = {"flags": frozenset(), "past": past, **more}
    standing = Standing(settings, NOW, TODAY, **values)  # type: ignore[arg-type]
    return [objection.check for objection in standing_objections(asked or question(), standing)]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(against(), [], id="nothing"),
        pytest.param(against(None, answered(1)), ["same-reason"], id="yesterday"),
        pytest.param(against(None, answered(6)), ["same-reason"], id="six days ago"),
        pytest.param(against(None, answered(6, outcome=Outcome.DRAFTED)), ["same-reason"], id="a draft"),
        pytest.param(against(None, answered(6, outcome=Outcome.IN_DOUBT)), ["same-reason"], id="perhaps"),
        pytest.param(against(None, answered(7)), [], id="seven days ago"),
        pytest.param(against(None, answered(1, sender="tom@friends.example")), [], id="somebody else"),
        pytest.param(against(None, answered(1, number="RB987654325CN")), [], id="another parcel"),
        pytest.param(against(in_this_run=9), [], id="nine in this run"),
        pytest.param(against(in_this_run=10), ["run-cap"], id="ten in this run"),
        pytest.param(
            against(None, *(answered(0, sender=f"p{n}@x.example", number=f"N{n}") for n in range(10))),
            ["day-cap"],
            id="ten today",
        ),
        pytest.param(
            against(None, *(answered(1, sender=f"p{n}@x.example", number=f"N{n}") for n in range(10))),
            [],
            id="ten yesterday",
        ),
        pytest.param(
            against(None, *(answered(0, number=f"N{n}") for n in range(3))), ["sender-cap"], id="three for the sender"
        ),
        pytest.param(against(question(date=NOW - timedelta(hours=48))), [], id="48 hours old"),
        pytest.param(against(question(date=NOW - timedelta(hours=48, minutes=1))), ["stale"], id="older"),
        pytest.param(against(question(date=NOW + timedelta(hours=23))), [], id="a clock ahead"),
        pytest.param(against(question(date=NOW + timedelta(hours=25))), ["stale"], id="from the future"),
        pytest.param(against(question(outcome=Outcome.SENT)), ["handled"], id="answered before"),
        pytest.param(against(gone=True), ["handled"], id="deleted meanwhile"),
        pytest.param(against(flags=frozenset({"\\answered"})), ["handled"], id="answered by hand"),
        pytest.param(against(flags=frozenset({"$junk"})), ["flagged-junk"], id="marked as junk"),
        pytest.param(against(flags=frozenset({"\\seen", "$notjunk"})), [], id="read"),
        pytest.param(against(mode="send"), ["not-allowed"], id="to a stranger"),
        pytest.param(against(mode="send", allow=("Anna@Friends.example",)), [], id="to a friend"),
        pytest.param(against(mode="send", allow=("anna@friends.example.org",)), ["not-allowed"], id="look-alike"),
        pytest.param(against(mode="draft"), [], id="a draft for a stranger"),
    ],
)
def test_time_caps_and_earlier_answers(found: list[str], expected: list[str]) -> None:
    assert found == expected


def test_refusals_are_no_answers() -> None:
    assert given([answered(1, outcome=Outcome.REFUSED), question()]) == []


def test_the_page_for_users_names_every_check() -> None:
    page = (ROOT / "docs" / "answers.md").read_text("utf-8")
    assert [check.id for check in (*CHECKS, *STANDING_CHECKS) if f"`{check.id}`" not in page] == []
