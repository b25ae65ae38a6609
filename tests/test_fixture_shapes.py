"""The fixture mails themselves: each has its reading, holds what that claims, and names no real person."""

from __future__ import annotations

import email
import email.policy
import html
import ipaddress
import json
import re
import unicodedata
from collections import Counter
from datetime import date
from email.utils import getaddresses, parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from pipeline.model import Check, Event, Trust

if TYPE_CHECKING:
    from email.message import Message as Mail

ROOT = Path(__file__).resolve().parent.parent / "fixtures" / "emails"
STORY_DAY = date(2026, 11, 23)
TRUSTED_SERVER = "mx.example.org"

KEYS = {"shop", "event", "orders", "codes", "language", "trust", "why"}
EXTRA_KEYS = {"trust_with_id", "status", "ship_by", "protection_ends", "pickup_by", "items", "error"}
PRIVATE_DOMAINS = {"example.org", "example.com", "example.net"}
DOCUMENTATION_NETS = [ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
#: These are about a Date that is missing or cannot be read.
WITHOUT_DATE = {
    "broken/2026-no-message-id-bad-date",
    "broken/2026-headers-in-the-body",
    "story/2026-11-22-empty",
}
#: A mail that only pretends to come from a shop leaves open what shop and event a reader names.
MAY_BE_LEFT_OPEN = {"shop", "event"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix().removesuffix(".eml").removesuffix(".expected.json")


MAILS = {_name(path): path for path in sorted(ROOT.rglob("*.eml"))}
EXPECTED = {_name(path): path for path in sorted(ROOT.rglob("*.expected.json"))}


@cache
def expected(name: str) -> dict[str, Any]:
    reading: dict[str, Any] = json.loads(EXPECTED[name].read_text(encoding="utf-8"))
    return reading


BOTH = sorted(MAILS.keys() & EXPECTED.keys())
READABLE = [name for name in BOTH if not expected(name).get("error")]
readable_mail = pytest.mark.parametrize("name", READABLE)


@cache
def mail(name: str) -> Mail:
    data = MAILS[name].read_bytes()
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    return email.message_from_bytes(data.lstrip(b"\r\n"), policy=email.policy.compat32)


def _decode(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return data.decode("latin-1")


def _header(value: object) -> str:
    parts = email.header.decode_header(str(value).encode("ascii", "replace").decode())
    return "".join(p if isinstance(p, str) else _decode(p, charset or "latin-1") for p, charset in parts)


def _bare(text: str) -> str:
    """What is left when layout, separators and look-alike characters are taken away, digits of any script as ASCII."""
    text = unicodedata.normalize("NFKC", unquote(html.unescape(re.sub(r"<wbr>|</?b>", "", text))))
    return "".join(str(unicodedata.digit(c, c)) for c in text.upper() if c.isalnum())


@cache
def whole_text(name: str) -> str:
    parts = [_header(mail(name)["Subject"])]
    for part in mail(name).walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            parts.append(_decode(payload, part.get_content_charset() or "utf-8"))
    return _bare("\n".join(parts))


def _s10_check_digit(serial: str) -> int:
    """UPU S10: weights 8 6 4 2 3 5 9 7, modulo 11."""
    rest = 11 - sum(int(d) * w for d, w in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def test_every_mail_has_its_expected_reading_and_no_reading_lacks_its_mail() -> None:
    assert MAILS.keys() == EXPECTED.keys()


def test_the_mails_cover_events_languages_and_shops_broadly() -> None:
    assert len([name for name in MAILS if not name.startswith("story/")]) >= 80
    assert {expected(name).get("event") for name in BOTH} >= {str(event) for event in Event}
    assert len({expected(name).get("language") for name in BOTH}) >= 16
    assert len({expected(name).get("shop") for name in BOTH}) >= 35


def test_about_half_of_the_mails_carry_the_verdict_of_the_receiving_server() -> None:
    share = sum("trust_with_id" in expected(name) for name in BOTH) / len(BOTH)
    assert 0.35 <= share <= 0.75


def test_no_two_mails_share_a_message_id() -> None:
    ids = Counter(mail(name)["Message-ID"] for name in MAILS if mail(name)["Message-ID"])
    assert [message_id for message_id, count in ids.items() if count > 1] == []


@readable_mail
def test_expected_reading_has_exactly_the_keys_of_the_contract(name: str) -> None:
    keys = expected(name).keys()
    left_open = MAY_BE_LEFT_OPEN if name.startswith("phishing/") or "phishing" in name else set()
    assert keys >= KEYS - left_open
    assert keys <= KEYS | EXTRA_KEYS


@readable_mail
def test_expected_values_are_legal(name: str) -> None:
    reading = expected(name)
    assert reading.get("event", "none") in {str(event) for event in Event}
    assert {reading["trust"], reading.get("trust_with_id", "trusted")} <= {str(trust) for trust in Trust}
    assert reading["trust"] in {"unverified", "suspicious"}
    assert reading["language"] is None or re.fullmatch(r"[a-z]{2}", reading["language"])
    assert len(reading["why"].split()) >= 5


@readable_mail
def test_expected_numbers_are_in_normal_form(name: str) -> None:
    for order in expected(name)["orders"]:
        # Shops number in their own script, too ("ЧД-4417"), and with a slash.
        assert re.fullmatch(r"[\w/-]+", order)
        assert order == order.upper()
    for code in expected(name)["codes"]:
        assert code.keys() in ({"code", "carrier"}, {"code", "carrier", "check"})
        assert re.fullmatch(r"[A-Z0-9]+", code["code"])
        assert code["carrier"] is None or re.fullmatch(r"[a-z0-9]+", code["carrier"])
        assert code.get("check", "none") in {str(check) for check in Check}


@readable_mail
def test_no_order_number_stands_among_the_codes(name: str) -> None:
    assert not set(expected(name)["orders"]) & {code["code"] for code in expected(name)["codes"]}


@readable_mail
def test_every_expected_number_really_stands_in_the_mail(name: str) -> None:
    wanted = expected(name)["orders"] + [code["code"] for code in expected(name)["codes"]]
    assert [number for number in wanted if _bare(number) not in whole_text(name)] == []


@readable_mail
def test_s10_codes_have_the_check_digit_that_the_expectation_claims(name: str) -> None:
    for code in expected(name)["codes"]:
        match = re.fullmatch(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}", code["code"])
        if match and code["carrier"] != "chronopost":
            right = _s10_check_digit(match[1]) == int(match[2])
            assert code.get("check") == ("passed" if right else "failed")


@readable_mail
def test_the_trust_with_a_trusted_server_is_given_where_that_server_wrote(name: str) -> None:
    results = mail(name).get_all("Authentication-Results") or []
    written = any(value.split(";")[0].split()[0] == TRUSTED_SERVER for value in results)
    assert ("trust_with_id" in expected(name)) == (written or bool(results))


@pytest.mark.parametrize("name", [name for name in MAILS if name not in WITHOUT_DATE])
def test_date_can_be_read(name: str) -> None:
    moment = parsedate_to_datetime(mail(name)["Date"])
    assert 2013 <= moment.year <= 2026
    assert mail(name)["Date"].startswith(moment.strftime("%a"))


@readable_mail
def test_private_persons_live_at_example_domains_only(name: str) -> None:
    headers = [str(value) for field in ("To", "Cc", "Delivered-To") for value in mail(name).get_all(field, [])]
    addresses = {address for _, address in getaddresses(headers)}
    assert addresses
    assert {address.rpartition("@")[2] for address in addresses} <= PRIVATE_DOMAINS


@pytest.mark.parametrize("name", [name for name in READABLE if not expected(name).get("shop")])
def test_senders_that_are_no_known_shop_live_at_reserved_domains(name: str) -> None:
    senders = getaddresses([str(value) for value in mail(name).get_all("From", [])])
    domains = {address.rpartition("@")[2] for _, address in senders} - {"notice.aliexpress.com"}
    assert {d for d in domains if d not in PRIVATE_DOMAINS and not d.endswith(".example")} == set()


@readable_mail
def test_network_addresses_are_those_reserved_for_documentation(name: str) -> None:
    text = "\n".join(str(value) for value in mail(name).get_all("Received", []))
    for found in re.findall(r"\[(\d+\.\d+\.\d+\.\d+)\]", text):
        assert any(ipaddress.ip_address(found) in net for net in DOCUMENTATION_NETS)


def test_the_mail_with_cr_only_kept_its_line_ends() -> None:
    data = MAILS["broken/2026-cr-only-lines"].read_bytes()
    assert b"\r" in data
    assert b"\n" not in data


# ── the story of one buyer ──────────────────────────────────────────────────────────────────────────────────

STORY = [name for name in BOTH if name.startswith("story/")]
STORY_PAGE = (ROOT / "story" / "README.md").read_text(encoding="utf-8")


def test_the_story_has_exactly_one_mail_that_cannot_be_read() -> None:
    assert [name for name in STORY if expected(name).get("error")] == ["story/2026-11-22-empty"]


@pytest.mark.parametrize("name", [name for name in STORY if name not in WITHOUT_DATE])
def test_story_mails_are_named_after_their_day_and_come_to_one_buyer(name: str) -> None:
    day = parsedate_to_datetime(mail(name)["Date"]).date()
    assert name.removeprefix("story/").startswith(day.isoformat())
    assert day <= STORY_DAY
    assert "mila@example.org" in mail(name)["To"]


@pytest.mark.parametrize("name", STORY)
def test_the_story_page_names_every_number_of_its_mails(name: str) -> None:
    reading = expected(name)
    numbers = [*reading.get("orders", []), *(code["code"] for code in reading.get("codes", []))]
    assert [number for number in numbers if number not in STORY_PAGE] == []
