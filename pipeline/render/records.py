"""JSON and CSV of a digest, for scripts and spreadsheets. ``docs/digest.schema.json`` describes the JSON."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from typing import TYPE_CHECKING

from pipeline.model import local_date
from pipeline.render.card import shop_name
from pipeline.render.retold import retold
from pipeline.render.words import plain
from pipeline.speech import Speaker

if TYPE_CHECKING:
    from datetime import date

    from pipeline.digest import Digest, Entry

#: Grows when a key changes its meaning or goes; a new key does not count.
SCHEMA = 1

# Signs at the start of a cell that make spreadsheets calculate (OWASP, "CSV Injection"), full-width ones too.
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
_COLUMNS = (
    *("level", "act_by", "diagnosis", "title", "shop", "orders", "codes", "event", "days"),
    *("protection_ends", "items", "advice", "tracking_page", "last_mail", "last_mail_date"),
)
_ITEM_CHARACTERS = 200


def as_json(digest: Digest) -> str:
    """Return everything that the digest was given, in the order of reading, as indented JSON.

    Control, bidi and invisible characters stand as escapes: nothing is lost, and no terminal obeys them.
    """
    speaker = _speaker(digest)
    document = {
        "schema": SCHEMA,
        "date": digest.day.isoformat(),
        "parcels": [_parcel(entry, speaker) for entry in digest.entries],
        "suspicious": [
            {"message_id": mail.message_id, "reason": speaker(retold(mail.reason))} for mail in digest.suspicious
        ],
        "unclear": [
            {
                "message_id": mail.message_id,
                "date": local_date(mail.date, digest.zone).isoformat(),
                "shop": mail.shop or mail.carrier,
                "event": str(mail.event),
                "subject": mail.subject,
            }
            for mail in digest.unclear
        ],
        "unread": [{"message_id": mail.message_id, "error": speaker(retold(mail.error))} for mail in digest.unread],
    }
    return "".join(map(_escaped, json.dumps(document, ensure_ascii=False, indent=2))) + "\n"


def _speaker(digest: Digest) -> Speaker:
    """Who speaks its language, but writes days as programs read them, in sentences too."""
    return Speaker(digest.language, digest.day, iso=True)


def _parcel(entry: Entry, speaker: Speaker) -> dict[str, object]:
    parcel, diagnosis = entry.parcel, entry.diagnosis
    return {
        "shop": parcel.shop,
        "orders": list(parcel.orders),
        "codes": [code.code for code in parcel.codes],
        "event": str(parcel.event),
        "status": parcel.status,
        "diagnosis": diagnosis.rule,
        "level": str(diagnosis.level),
        "days": diagnosis.days,
        "act_by": _iso(diagnosis.act_by),
        "protection_ends": _iso(entry.protection_ends),
        "title": speaker(diagnosis.title),
        "advice": list(map(speaker, diagnosis.advice)),
        "notes": [note.id for note in diagnosis.notes],
        "items": list(parcel.items),
        "tracking_page": diagnosis.tracking_page,
        "sources": [{"message_id": mail.message_id, "date": mail.day.isoformat()} for mail in entry.mails],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _escaped(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]


def as_csv(digest: Digest) -> str:
    """Return one row a parcel, with a header; lists are joined by ``; ``.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    speaker = _speaker(digest)
    for entry in digest.entries:
        writer.writerow([_cell(value) for value in _row(entry, speaker)])
    return out.getvalue()


def _row(entry: Entry, speaker: Speaker) -> tuple[str, ...]:
    parcel, diagnosis = entry.parcel, entry.diagnosis
    last = entry.mails[-1] if entry.mails else None
    return (
        diagnosis.level,
        _iso(diagnosis.act_by) or "",
        diagnosis.rule,
        speaker(diagnosis.title),
        shop_name(parcel.shop),
        "; ".join(parcel.orders),
        "; ".join(code.code for code in parcel.codes),
        parcel.event,
        "" if diagnosis.days is None else str(diagnosis.days),
        _iso(entry.protection_ends) or "",
        "; ".join(plain(item, _ITEM_CHARACTERS) for item in parcel.items),
        " ".join(map(speaker, diagnosis.advice)),
        diagnosis.tracking_page or "",
        plain(last.subject, _ITEM_CHARACTERS) if last else "",
        last.day.isoformat() if last else "",
    )


def _cell(value: str) -> str:
    text = plain(value)
    return f"'{text}" if _FORMULA.match(text) else text
