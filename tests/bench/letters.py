"""Mails as an inbox holds them: what people, lists and programs write, in sizes up to 5 MB, and what shops write."""

from __future__ import annotations

import base64
import random

#: Every so many mails one is of a parcel: 200 of 20,000.
ONE_IN = 100

#: Sizes in bytes: the median of text and HTML together, and of the attachments that one mail in ten has, with their
#: spread (of the logarithm). The mean comes to some 50 kB.
TEXT, SPREAD = 22_000, 1.0
ATTACHMENT, ATTACHMENT_SPREAD = 160_000, 1.2
LARGEST = 5_000_000

_CHANCE = random.Random(20261126)
_WORDS = [
    "garden", "meeting", "minutes", "lunch", "photo", "choir", "cinema", "recipe", "mountain", "piano", "weather",
    "notes", "summer", "list", "Montag", "Treffen", "Protokoll", "Garten", "Konzert", "Fotos", "Reise",
]  # fmt: skip
_TEXT = "\r\n".join(" ".join(_CHANCE.choices(_WORDS, k=11)) for _ in range(8_000)).encode()
_HTML = b"".join(
    b'<tr><td style=3D"font-family:Arial,sans-serif;padding:4px 8px"><a href=3D"=\r\nhttps://example.net/c/%d">%s</a>'
    b"=C3=BC</td></tr>=\r\n" % (row, line)
    for row, line in enumerate(_TEXT.split(b"\r\n")[:6_000])
)
_BASE64 = base64.encodebytes(_CHANCE.randbytes(LARGEST)).replace(b"\n", b"\r\n")
_STYLE = "".join(
    f".c{number} td {{padding:{number % 19}px;color:#{number * 7919 % 0xFFFFFF:06x};font-family:Arial,sans-serif}}\r\n"
    for number in range(900)
)

#: Who writes of parcels, how often, in which words; the last is no shop that anybody has described.
_SHOPS = [
    (
        "AliExpress <transaction@notice.aliexpress.com>",
        "Your order {order} has been shipped",
        "Order",
        "Tracking number",
    ),
    ("Amazon.de <versandbestaetigung@amazon.de>", "Ihre Bestellung wurde versandt", "Bestellung", "Sendungsnummer"),
    ("DHL <noreply@dhl.de>", "Ihr Paket kommt heute", "Auftrag", "Sendungsnummer"),
    ("eBay <ebay@ebay.com>", "Your package is on its way", "Order number", "Tracking number"),
    ("Knopfladen Huber <post@knopfladen.example>", "Ihre Bestellung ist unterwegs", "Bestellung", "Sendungsnummer"),
]


def letters(count: int, *, small: bool = False, first: int = 0) -> list[tuple[bytes, bool]]:
    """(mail, whether it is of a parcel) for each number from *first* on; *small*: every mail is a short text."""
    return [
        (of_a_parcel(number, small=small), True)
        if number % ONE_IN == ONE_IN // 2
        else (everyday(number, small=small), False)
        for number in range(first, first + count)
    ]


def everyday(number: int, *, small: bool = False) -> bytes:
    """A mail about anything but a parcel; one subject in six has a number in it, one in nine is not plain ASCII."""
    chance = random.Random(number)
    subject = " ".join(chance.choices(_WORDS, k=chance.randint(2, 6)))
    if number % 6 == 0:
        subject += f" {chance.randint(1, 31)}.{chance.randint(1, 12)}."
    if number % 9 == 0:
        subject = f"=?utf-8?B?{base64.b64encode(('Grüße: ' + subject).encode()).decode()}?="
    head = (
        f"Return-Path: <person{number % 400}@example.net>\r\n"
        f"Received: from mx{number % 7}.example.net (192.0.2.{number % 250})\r\n"
        f" by mail.example.org with ESMTPS id {chance.getrandbits(64):x}; {_date(number)}\r\n"
        f"DKIM-Signature: v=1; a=rsa-sha256; d=example.net; s=s1; bh={'x' * 44};\r\n b={'y' * 340}\r\n"
        f"From: Person {number % 400} <person{number % 400}@example.net>\r\nTo: mila@example.org\r\n"
        f"Subject: {subject}\r\n"
        f"Message-ID: <everyday-{number}@example.net>\r\nDate: {_date(number)}\r\nMIME-Version: 1.0\r\n"
    ).encode()
    if small or number % 4 == 0:
        length = 700 if small else int(min(TEXT, chance.lognormvariate(0, SPREAD) * TEXT / 6))
        return head + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + _some(_TEXT, length, chance)
    length = int(min(len(_HTML), chance.lognormvariate(0, SPREAD) * TEXT))
    pages = b"".join(
        (
            b'Content-Type: multipart/alternative; boundary="=_a"\r\n\r\n',
            b"--=_a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
            _some(_TEXT, length // 8, chance),
            b"\r\n--=_a\r\nContent-Type: text/html; charset=utf-8\r\n",
            b"Content-Transfer-Encoding: quoted-printable\r\n\r\n",
            _some(_HTML, length, chance),
            b"\r\n--=_a--\r\n",
        )
    )
    if number % 10:
        return head + pages
    attached = min(LARGEST, int(chance.lognormvariate(0, ATTACHMENT_SPREAD) * ATTACHMENT))
    return b"".join(
        (
            head,
            b'Content-Type: multipart/mixed; boundary="=_b"\r\n\r\n--=_b\r\n',
            pages,
            b"\r\n--=_b\r\nContent-Type: image/jpeg\r\nContent-Disposition: attachment; filename=photo.jpg\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n",
            _BASE64[: attached // 78 * 78],
            b"--=_b--\r\n",
        )
    )


def _some(pool: bytes, length: int, chance: random.Random) -> bytes:
    start = chance.randrange(max(1, len(pool) - length))
    return pool[start : start + length]


def of_a_parcel(number: int, *, small: bool = False) -> bytes:
    """A shop's mail: HTML with the style sheet that such mails have, order number and tracking code in a table."""
    chance = random.Random(number)
    sender, subject, order_label, code_label = _SHOPS[number // ONE_IN % len(_SHOPS)]
    order, code = f"82{chance.randrange(10**14):014}", _s10(chance.randrange(10**8))
    style = "" if small else _STYLE[: chance.randint(8_000, 45_000)]
    rows = "".join(
        f'<tr class="c{row}"><td style="padding:4px">{" ".join(chance.choices(_WORDS, k=8))}</td></tr>\r\n'
        for row in range(4 if small else chance.randint(20, 60))
    )
    page = (
        f"<html><head><style>{style}</style></head><body><table>\r\n{rows}"
        f"<tr><td>{order_label}</td><td>{order}</td></tr>\r\n<tr><td>{code_label}</td><td>{code}</td></tr>\r\n"
        f"</table></body></html>\r\n"
    )
    return (
        f"From: {sender}\r\nTo: mila@example.org\r\nSubject: {subject.format(order=order)}\r\n"
        f"Message-ID: <parcel-{number}@shop.example>\r\nDate: {_date(number)}\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/html; charset=utf-8\r\n\r\n{page}"
    ).encode()


def _date(number: int) -> str:
    return f"Mon, {2 + number % 20:02} Nov 2026 {number % 24:02}:{number % 60:02}:00 +0000"


def _s10(serial: int) -> str:
    """A number of the Universal Postal Union's form (S10), with its check digit."""
    digits = f"{serial:08}"
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return f"RB{digits}{ {10: 0, 11: 5}.get(rest, rest) }DE"
