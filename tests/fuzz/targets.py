"""The targets: each takes any bytes and raises only where a promise of the product is broken.

``parse``    bytes → Message, or ParseError in one line
``read``     bytes → Notice: every number stands in the mail, none is both order and code, every form can print it
``trust``    no header makes a mail trusted but one of a server that the owner trusts
``settings`` bytes as config.toml → Config, or ConfigError in one line
``ledger``   a damaged ledger file is refused in one line, or works; what is recorded comes back as it was
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from pipeline.config import Config, ConfigError, load_config
from pipeline.intake import read_mail
from pipeline.ledger import FILE, Ledger, LedgerError
from pipeline.mailbox import Cursor, RawMail
from pipeline.model import Message, Notice, Place, Suspicion, Trust, Unread
from pipeline.parcels import fold
from pipeline.parse import ParseError, parse, peek
from pipeline.read import known_senders, number_key, relevant
from pipeline.read.numbers import plain
from pipeline.render.reports import json_line, notice_record, notice_text
from pipeline.sources import FILES, Whom
from pipeline.trust import judge

ROOT = Path(__file__).resolve().parents[2]
PLACE = Place(FILES, "folder", 0, "mail.eml")
TODAY = date(2026, 11, 23)
TRUSTED = "mx.example.org"


def a_parse(data: bytes) -> None:
    with suppress(ParseError):
        _sound(parse(data))
    with suppress(ParseError):
        relevant(peek(data))


def a_read(data: bytes) -> None:
    found = read_mail(RawMail(PLACE, data), Whom(frozenset({TRUSTED})))
    if isinstance(found, Unread):
        assert _one_line(found.error)
        return
    message, notice = found
    orders = {number_key(order.number) for order in notice.orders}
    codes = {number_key(code.code) for code in notice.codes}
    assert not orders & codes, "a number is both order and code"
    text = _whole(message)
    for number in [*(order.number for order in notice.orders), *(code.code for code in notice.codes)]:
        assert _squeezed(number) in text, f"{number} does not stand in the mail"
    json_line(notice_record("mail.eml", notice, None))
    list(notice_text("mail.eml", notice, None))
    list(fold([notice]))


def a_trust(data: bytes) -> None:
    head = b"From: AliExpress <transaction@notice.aliexpress.com>\nSubject: Your Order\n"
    message = parse(head + data + b"\n\nbody\n")
    known = known_senders()
    for trusted in (frozenset[str](), frozenset({TRUSTED})):
        for id_less in (False, True):
            verdict = judge(message, trusted_ids=trusted, senders=known, id_less_topmost=id_less)
            assert verdict.reasons
            assert all(map(_one_line, verdict.reasons))
            if verdict.trust is Trust.TRUSTED and not id_less:
                assert trusted
                assert any(TRUSTED in value.lower() for value in message.header("Authentication-Results"))


def a_settings(data: bytes) -> None:
    path = _folder() / "config.toml"
    path.write_bytes(data)
    try:
        assert isinstance(load_config(path), Config)
    except ConfigError as error:
        _in_one_line(error)


def a_ledger(data: bytes) -> None:
    folder = _folder() / "ledger"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if data[:1] < b"\x80":
        _damaged(folder, data[1:])
    else:
        _recorded(folder, data[1:])


TARGETS: dict[str, Callable[[bytes], None]] = {
    "parse": a_parse,
    "read": a_read,
    "trust": a_trust,
    "settings": a_settings,
    "ledger": a_ledger,
}


# ── the ledger ──────────────────────────────────────────────────────────────────────────────────────────────


def _damaged(folder: Path, data: bytes) -> None:
    """Every three bytes of *data* are a place and what to write there; an odd end is where the file is cut."""
    file = bytearray(_sound_ledger())
    for at in range(0, len(data) - 3, 4):
        place = int.from_bytes(data[at : at + 3], "big") % len(file)
        file[place] = data[at + 3]
    if len(data) % 4 == 3:
        del file[int.from_bytes(data[-3:], "big") % len(file) :]
    (folder / FILE).write_bytes(file)
    for opened in (Ledger.copy_in_memory, Ledger.open):
        try:
            with opened(folder) as ledger:
                _use(ledger)
        except LedgerError as error:
            _in_one_line(error)


def _use(ledger: Ledger) -> None:
    list(fold(ledger.notices()))
    ledger.quarantine()
    ledger.suspicions()
    ledger.cursors(FILES)
    ledger.told.last(TODAY)
    ledger.outbox.pending("digest")
    ledger.record(today=TODAY, unread=[Unread(PLACE, "", "odd")], cursor=Cursor(FILES, "folder", 7, 8))


def _recorded(folder: Path, data: bytes) -> None:
    """What bytes as they come in a mail become in the ledger: what a mail says, and what cannot be read."""
    words = [word.decode("utf-8", "surrogateescape") for word in data.split(b"\0")] + [""] * 5
    place = Place(FILES, words[0], 0, words[1])
    found = read_mail(RawMail(place, data), Whom())
    with Ledger.open(folder) as ledger:
        if isinstance(found, Unread):
            ledger.record(today=TODAY, unread=[found])
        else:
            notice = found[1]
            suspicion = Suspicion(words[2], notice.date, words[3], words[4], notice.message_id)
            ledger.record(today=TODAY, notices=[notice], places=[(place, notice.message_id)], suspicions=[suspicion])
            assert ledger.is_known(place)
            assert ledger.notices() == [_clean(notice)]
        before = (ledger.notices(), ledger.quarantine(), ledger.suspicions())
    with Ledger.copy_in_memory(folder) as ledger:
        assert (ledger.notices(), ledger.quarantine(), ledger.suspicions()) == before


def _clean(notice: Notice) -> Notice:
    from pipeline.ledger import codec

    return codec.decode([codec.encode(notice)])[0]


@cache
def _sound_ledger() -> bytes:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-ledger-"))
    try:
        with Ledger.open(folder) as ledger:
            for path in sorted((ROOT / "fixtures" / "emails" / "story").glob("*.eml"))[:12]:
                place = Place(FILES, "folder", 0, path.name)
                found = read_mail(RawMail(place, path.read_bytes()), Whom())
                if not isinstance(found, Unread):
                    ledger.record(today=TODAY, notices=[found[1]], places=[(place, found[1].message_id)])
            ledger.told.keep(TODAY, {"parcels": {}})
            ledger.outbox.put("digest/2026-11-23/stdout", "digest", "subject")
        return (folder / FILE).read_bytes()
    finally:
        shutil.rmtree(folder)


# ── what must hold ──────────────────────────────────────────────────────────────────────────────────────────


def _sound(message: Message) -> None:
    for text in (message.subject, message.text, *message.defects):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", text), "control characters"
    assert message.message_id
    assert message.date is None or message.date.tzinfo is not None


def _in_one_line(error: Exception) -> None:
    assert _one_line(str(error)), "an error of several lines"


def _one_line(text: str) -> bool:
    return bool(text) and text.isprintable()


def _squeezed(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", plain(text).upper())


def _whole(message: Message) -> str:
    """All that a number can have been taken from, letters and digits only."""
    inner = [_whole(attached) for attached in message.attached]
    links = [unquote(unquote(link.url)) + "\n" + link.url + "\n" + link.text for link in message.links]
    parts = (message.text, message.subject, *links, *message.markup, *(value for _, value in message.microdata))
    return "\n".join([*map(_squeezed, parts), *inner])


@cache
def _folder() -> Path:
    """A folder in memory where there is one: thousands of files a second."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix=f"fuzz-{os.getpid()}-", dir=memory if memory.is_dir() else None))
