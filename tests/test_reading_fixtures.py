"""Every mail in fixtures/emails/ is read as its ``.expected.json`` says; a mail without expectation fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.intake import read_mail
from pipeline.mailbox import RawMail
from pipeline.model import Place, Unread
from pipeline.render.reports import notice_record
from pipeline.sources import Whom

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "emails"
MAILS = sorted(FIXTURES.rglob("*.eml"))
#: Keys of an expectation that are not keys of the reading.
_ASIDE = {"why", "trust_with_id", "error"}


def name_of(path: Path) -> str:
    return str(path.relative_to(FIXTURES).with_suffix(""))


def reading(path: Path, trusted_ids: frozenset[str] = frozenset()) -> dict[str, Any] | Unread:
    mail = RawMail(Place("files", str(path.parent), 0, path.name), path.read_bytes())
    found = read_mail(mail, Whom(trusted_ids=trusted_ids))
    return found if isinstance(found, Unread) else notice_record(path.name, found[1], None)


def expectation(path: Path) -> dict[str, Any]:
    expected = path.with_suffix(".expected.json")
    assert expected.exists(), f"{name_of(path)} has no expectation beside it"
    return json.loads(expected.read_text("utf-8"))


def test_there_are_enough_mails() -> None:
    assert len(MAILS) >= 60


@pytest.mark.parametrize("path", MAILS, ids=name_of)
def test_mail_is_read_as_expected(path: Path) -> None:
    expected = expectation(path)
    found = reading(path)
    if expected.get("error"):
        assert isinstance(found, Unread)
        return
    assert not isinstance(found, Unread), found
    said = {key: found[key] for key in expected if key not in _ASIDE}
    if "codes" in said:
        # An expectation names of a code what matters in its case; the numbers themselves always do.
        asked = {code["code"]: code.keys() for code in expected["codes"]}
        every = {"code", "carrier"}
        said["codes"] = [{key: code[key] for key in asked.get(code["code"], every)} for code in said["codes"]]
        said["codes"].sort(key=str)
        expected["codes"].sort(key=str)
    for listed in ("orders", "items"):
        if listed in said:
            said[listed], expected[listed] = sorted(said[listed]), sorted(expected[listed])
    assert said == {key: value for key, value in expected.items() if key not in _ASIDE}


@pytest.mark.parametrize("path", [path for path in MAILS if "trust_with_id" in expectation(path)], ids=name_of)
def test_authentication_results_of_a_trusted_server_decide_the_trust(path: Path) -> None:
    found = reading(path, frozenset({"mx.example.org"}))
    assert not isinstance(found, Unread)
    assert found["trust"] == expectation(path)["trust_with_id"]


@pytest.mark.parametrize("path", MAILS, ids=name_of)
def test_no_number_is_both_order_and_code(path: Path) -> None:
    found = reading(path)
    if not isinstance(found, Unread):
        assert not set(found["orders"]) & {code["code"] for code in found["codes"]}
