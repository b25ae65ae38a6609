"""Whose letter a mail carries: forwarded by every common client, attached, relayed, or an answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from letters import ALIEXPRESS, PERSON, codes, mail, notice_of, orders

from pipeline.model import Event, Trust, Verdict
from pipeline.read import read
from pipeline.read.letter import open_letter

SUBJECT = "Order 3031265788145237: order shipped"
BODY = "Hello Anna,\nyour order 3031265788145237 has been shipped."
#: How each client writes the head of a mail that it forwards.
FORWARDED = {
    "Gmail, en": """---------- Forwarded message ---------
From: AliExpress <transaction@notice.aliexpress.com>
Date: Thu, Oct 29, 2026 at 8:15 AM
Subject: {subject}
To: <anna@mail.example>


{body}""",
    "Gmail, de": """---------- Forwarded message ---------
Von: AliExpress <transaction@notice.aliexpress.com>
Date: Do., 29. Okt. 2026 um 08:15 Uhr
Subject: {subject}
To: <anna@mail.example>


{body}""",
    "Gmail, fr": """---------- Forwarded message ---------
De : AliExpress <transaction@notice.aliexpress.com>
Date: jeu. 29 oct. 2026 à 08:15
Subject: {subject}
To: <anna@mail.example>


{body}""",
    "Gmail, es": """---------- Forwarded message ---------
De: AliExpress <transaction@notice.aliexpress.com>
Date: jue, 29 oct 2026 a las 8:15
Subject: {subject}
To: <anna@mail.example>


{body}""",
    "Gmail, ru": """---------- Forwarded message ---------
От: AliExpress <transaction@notice.aliexpress.com>
Date: чт, 29 окт. 2026 г. в 08:15
Subject: {subject}
To: <anna@mail.example>


{body}""",
    "Gmail, pl": """---------- Forwarded message ---------
Od: AliExpress <transaction@notice.aliexpress.com>
Date: czw., 29 paź 2026 o 08:15
Subject: {subject}
To: <anna@mail.example>


{body}""",
    "Apple Mail, en": """Begin forwarded message:

> From: AliExpress <transaction@notice.aliexpress.com>
> Subject: {subject}
> Date: 29 October 2026 at 08:15:00 CET
> To: anna@mail.example
>
> {quoted}""",
    "Apple Mail, de": """Anfang der weitergeleiteten Nachricht:

> Von: AliExpress <transaction@notice.aliexpress.com>
> Betreff: {subject}
> Datum: 29. Oktober 2026 um 08:15:00 MEZ
> An: anna@mail.example
>
> {quoted}""",
    "Apple Mail, fr": """Début du message réexpédié :

> De: AliExpress <transaction@notice.aliexpress.com>
> Objet: {subject}
> Date: 29 octobre 2026 à 08:15:00 UTC+1
> À: anna@mail.example
>
> {quoted}""",
    "Apple Mail, es": """Inicio del mensaje reenviado:

> De: AliExpress <transaction@notice.aliexpress.com>
> Asunto: {subject}
> Fecha: 29 de octubre de 2026, 08:15:00 CET
> Para: anna@mail.example
>
> {quoted}""",
    "Apple Mail, ru": """Начало переадресованного сообщения:

> От: AliExpress <transaction@notice.aliexpress.com>
> Тема: {subject}
> Дата: 29 октября 2026 г. в 08:15:00 GMT+3
> Кому: anna@mail.example
>
> {quoted}""",
    "Apple Mail, pl": """Początek przekazywanej wiadomości:

> Od: AliExpress <transaction@notice.aliexpress.com>
> Temat: {subject}
> Data: 29 października 2026 08:15:00 CET
> Do: anna@mail.example
>
> {quoted}""",
    "Outlook, en": """Look at this!

________________________________
From: AliExpress <transaction@notice.aliexpress.com>
Sent: Thursday, October 29, 2026 8:15 AM
To: Anna <anna@mail.example>
Subject: {subject}

{body}""",
    "Outlook, de": """Zur Info

-----Ursprüngliche Nachricht-----
Von: AliExpress <transaction@notice.aliexpress.com>
Gesendet: Donnerstag, 29. Oktober 2026 08:15
An: Anna <anna@mail.example>
Betreff: {subject}

{body}""",
    "Outlook, fr": """
De : AliExpress <transaction@notice.aliexpress.com>
Envoyé : jeudi 29 octobre 2026 08:15
À : Anna <anna@mail.example>
Objet : {subject}

{body}""",
    "Outlook, es": """
De: AliExpress <transaction@notice.aliexpress.com>
Enviado: jueves, 29 de octubre de 2026 8:15
Para: Anna <anna@mail.example>
Asunto: {subject}

{body}""",
    "Outlook, ru": """
От: AliExpress <transaction@notice.aliexpress.com>
Отправлено: 29 октября 2026 г. 8:15
Кому: Anna <anna@mail.example>
Тема: {subject}

{body}""",
    "Outlook, pl": """
Od: AliExpress <transaction@notice.aliexpress.com>
Wysłane: czwartek, 29 października 2026 08:15
Do: Anna <anna@mail.example>
Temat: {subject}

{body}""",
    "Outlook, in bold": """*From:* AliExpress <transaction@notice.aliexpress.com>
*Sent:* Thursday, October 29, 2026 8:15 AM
*To:* Anna <anna@mail.example>
*Subject:* {subject}

{body}""",
    "Thunderbird, en": """

-------- Forwarded Message --------
Subject: \t{subject}
Date: \tThu, 29 Oct 2026 08:15:00 +0100
From: \tAliExpress <transaction@notice.aliexpress.com>
To: \tanna@mail.example



{body}""",
    "Thunderbird, de": """

-------- Weitergeleitete Nachricht --------
Betreff: \t{subject}
Datum: \tThu, 29 Oct 2026 08:15:00 +0100
Von: \tAliExpress <transaction@notice.aliexpress.com>
An: \tanna@mail.example



{body}""",
    "Thunderbird, fr": """

-------- Message transféré --------
Sujet : \t{subject}
Date : \tThu, 29 Oct 2026 08:15:00 +0100
De : \tAliExpress <transaction@notice.aliexpress.com>
Pour : \tanna@mail.example



{body}""",
    "Thunderbird, es": """

-------- Mensaje reenviado --------
Asunto: \t{subject}
Fecha: \tThu, 29 Oct 2026 08:15:00 +0100
De: \tAliExpress <transaction@notice.aliexpress.com>
Para: \tanna@mail.example



{body}""",
    "Thunderbird, ru": """

-------- Перенаправленное сообщение --------
Тема: \t{subject}
Дата: \tThu, 29 Oct 2026 08:15:00 +0100
От: \tAliExpress <transaction@notice.aliexpress.com>
Кому: \tanna@mail.example



{body}""",
    "Thunderbird, pl": """

-------- Treść przekazanej wiadomości --------
Temat: \t{subject}
Data: \tThu, 29 Oct 2026 08:15:00 +0100
Nadawca: \tAliExpress <transaction@notice.aliexpress.com>
Adresat: \tanna@mail.example



{body}""",
    "Yahoo, en": """
----- Forwarded Message -----
From: AliExpress <transaction@notice.aliexpress.com>
To: "anna@mail.example" <anna@mail.example>
Sent: Thursday, October 29, 2026 at 08:15:00 AM GMT+1
Subject: {subject}

{body}""",
    "Yahoo, de": """
----- Weitergeleitete Nachricht -----
Von: AliExpress <transaction@notice.aliexpress.com>
An: "anna@mail.example" <anna@mail.example>
Gesendet: Donnerstag, 29. Oktober 2026 um 08:15:00 MEZ
Betreff: {subject}

{body}""",
    "Yahoo, fr": """
----- Mail transféré -----
De : AliExpress <transaction@notice.aliexpress.com>
À : "anna@mail.example" <anna@mail.example>
Envoyé : jeudi 29 octobre 2026 à 08:15:00 UTC+1
Objet : {subject}

{body}""",
    "Yahoo, es": """
----- Mensaje reenviado -----
De: AliExpress <transaction@notice.aliexpress.com>
Para: "anna@mail.example" <anna@mail.example>
Enviado: jueves, 29 de octubre de 2026, 08:15:00 CET
Asunto: {subject}

{body}""",
    "Yahoo, pl": """
----- Przekazana wiadomość -----
Od: AliExpress <transaction@notice.aliexpress.com>
Do: "anna@mail.example" <anna@mail.example>
Wysłane: czwartek, 29 października 2026 08:15:00 CET
Temat: {subject}

{body}""",
    "mail.ru, ru": """
-------- Пересылаемое сообщение --------
От кого: AliExpress <transaction@notice.aliexpress.com>
Кому: anna@mail.example
Дата: Четверг, 29 октября 2026, 8:15 +03:00
Тема: {subject}

{body}""",
    "mail.ru, en": """
-------- Forwarded message --------
From: AliExpress <transaction@notice.aliexpress.com>
To: anna@mail.example
Date: Thursday, 29 October 2026, 8:15 +03:00
Subject: {subject}

{body}""",
    "Outlook, address in square brackets": """
From: AliExpress [mailto:transaction@notice.aliexpress.com]
Sent: Thursday, October 29, 2026 8:15 AM
To: Anna
Subject: {subject}

{body}""",
    "Gmail, hr": """---------- Proslijeđena poruka ---------
Od: AliExpress <transaction@notice.aliexpress.com>
Datum: čet, 29. lis 2026. u 08:15
Predmet: {subject}
Za: <anna@mail.example>


{body}""",
    "Outlook, hr": """
Šalje: AliExpress <transaction@notice.aliexpress.com>
Poslano: četvrtak, 29. listopada 2026. 8:15
Prima: Anna <anna@mail.example>
Predmet: {subject}

{body}""",
    "Gmail, sr": """---------- Прослеђена порука ---------
Од: AliExpress <transaction@notice.aliexpress.com>
Датум: чет, 29. окт 2026. у 08:15
Тема: {subject}
За: <anna@mail.example>


{body}""",
    "Outlook, sr": """
Od: AliExpress <transaction@notice.aliexpress.com>
Poslato: četvrtak, 29. oktobar 2026. 08:15
Za: Anna <anna@mail.example>
Tema: {subject}

{body}""",
    "Gmail, sl": """---------- Posredovano sporočilo ---------
Od: AliExpress <transaction@notice.aliexpress.com>
Datum: čet., 29. okt. 2026 ob 08:15
Zadeva: {subject}
Za: <anna@mail.example>


{body}""",
    "Outlook, sl": """
Od: AliExpress <transaction@notice.aliexpress.com>
Poslano: četrtek, 29. oktober 2026 08:15
Za: Anna <anna@mail.example>
Zadeva: {subject}

{body}""",
    "Gmail, et": """---------- Edastatud kiri ---------
Saatja: AliExpress <transaction@notice.aliexpress.com>
Kuupäev: N, 29. oktoober 2026 kell 08:15
Teema: {subject}
Saaja: <anna@mail.example>


{body}""",
    "Outlook, et": """-----Algne teade-----
Saatja: AliExpress <transaction@notice.aliexpress.com>
Saadetud: neljapäev, 29. oktoober 2026 08:15
Adressaat: Anna <anna@mail.example>
Teema: {subject}

{body}""",
    "Gmail, lt": """---------- Persiųstas laiškas ---------
Nuo: AliExpress <transaction@notice.aliexpress.com>
Data: 2026-10-29, kt, 08:15
Tema: {subject}
Kam: <anna@mail.example>


{body}""",
    "Outlook, lt": """-----Pradinis laiškas-----
Nuo: AliExpress <transaction@notice.aliexpress.com>
Išsiųsta: 2026 m. spalio 29 d. 08:15
Kam: Anna <anna@mail.example>
Tema: {subject}

{body}""",
    "Gmail, lv": """---------- Pārsūtīta ziņa ---------
No: AliExpress <transaction@notice.aliexpress.com>
Datums: ceturtd., 29. okt. 2026, plkst. 08:15
Tēma: {subject}
Kam: <anna@mail.example>


{body}""",
    "Outlook, lv": """
No: AliExpress <transaction@notice.aliexpress.com>
Nosūtīts: ceturtdiena, 29. oktobris 2026 08:15
Kam: Anna <anna@mail.example>
Tēma: {subject}

{body}""",
    "Gmail, vi": """---------- Thư được chuyển tiếp ---------
Từ: AliExpress <transaction@notice.aliexpress.com>
Ngày: Th 5, 29 thg 10, 2026 vào lúc 08:15
Chủ đề: {subject}
Đến: <anna@mail.example>


{body}""",
    "Outlook, vi": """
Từ: AliExpress <transaction@notice.aliexpress.com>
Đã gửi: Thứ Năm, 29 Tháng Mười 2026 08:15
Tới: Anna <anna@mail.example>
Chủ đề: {subject}

{body}""",
    "Gmail, th": """---------- ข้อความที่ส่งต่อ ---------
จาก: AliExpress <transaction@notice.aliexpress.com>
วันที่: พฤ. 29 ต.ค. 2026 เวลา 08:15
เรื่อง: {subject}
ถึง: <anna@mail.example>


{body}""",
    "Outlook, th": """
จาก: AliExpress <transaction@notice.aliexpress.com>
ส่งเมื่อ: วันพฤหัสบดีที่ 29 ตุลาคม 2569 08:15
ถึง: Anna <anna@mail.example>
เรื่อง: {subject}

{body}""",
    "values on the next line": """---------- Forwarded message ---------
From:
AliExpress <transaction@notice.aliexpress.com>
Date:
Thu, 29 Oct 2026 08:15
Subject:
{subject}

{body}""",
}


def forwarded(client: str) -> str:
    return FORWARDED[client].format(subject=SUBJECT, body=BODY, quoted=BODY.replace("\n", "\n> "))


@pytest.mark.parametrize("client", FORWARDED)
def test_a_forwarded_mail_is_the_shops(client: str) -> None:
    letter = open_letter(mail(forwarded(client), f"Fwd: {SUBJECT}", PERSON))
    assert (letter.shop, letter.sender.address, letter.forwarded) == ("aliexpress", ALIEXPRESS, True)


@pytest.mark.parametrize("client", FORWARDED)
def test_a_forwarded_mail_has_the_subject_inside(client: str) -> None:
    assert open_letter(mail(forwarded(client), "Fwd: look", PERSON)).subject == SUBJECT


@pytest.mark.parametrize("client", FORWARDED)
def test_a_forwarded_mail_has_the_text_inside(client: str) -> None:
    assert open_letter(mail(forwarded(client), "Fwd: look", PERSON)).text.strip() == BODY


@pytest.mark.parametrize("client", FORWARDED)
def test_a_forwarded_mail_has_the_day_inside(client: str) -> None:
    letter = open_letter(mail(forwarded(client), "Fwd: look", PERSON, at="2026-11-02 12:00"))
    assert letter.date == datetime(2026, 10, 29, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize("client", FORWARDED)
def test_a_forwarded_mail_is_read_as_if_it_had_come_straight(client: str) -> None:
    found = notice_of(forwarded(client), "Fwd: look", PERSON)
    assert (orders(found), codes(found), found.event) == ({"3031265788145237"}, set(), Event.SHIPPED)


def test_forwarded_twice_is_opened_twice() -> None:
    inner = forwarded("Gmail, en")
    head = "Betreff: Fwd\nDatum: 30.10.2026\nVon: Bob <bob@mail.example>\nAn: anna"
    text = f"Fyi\n\n-------- Weitergeleitete Nachricht --------\n{head}\n\n{inner}"
    letter = open_letter(mail(text, "WG: Fwd", PERSON))
    assert (letter.shop, letter.subject) == ("aliexpress", SUBJECT)


def test_a_shop_that_stands_there_by_name_only_is_found() -> None:
    text = "-- Forwarded message --\nFrom: AliExpress\nDate: 29 Oct 2026\nSubject: Shipped\n\nHello"
    assert open_letter(mail(text, "Fwd: Shipped", PERSON)).shop == "aliexpress"


def test_a_shops_name_before_a_strangers_address_claims_nothing() -> None:
    text = "-- Forwarded message --\nFrom: AliExpress <a@evil.example>\nDate: 29 Oct 2026\nSubject: S\n\nHi"
    letter = open_letter(mail(text, "Fwd: S", PERSON))
    assert (letter.shop, letter.forwarded) == (None, True)


def test_a_date_after_the_mail_around_it_is_not_believed() -> None:
    text = forwarded("Gmail, en").replace("Oct 29, 2026", "Nov 29, 2026")
    assert open_letter(mail(text, "Fwd", PERSON, at="2026-11-02 12:00")).date == datetime(2026, 11, 2, 12, tzinfo=UTC)


def test_the_day_of_the_week_tells_the_language_of_a_month() -> None:
    text = "---------- Forwarded message ---------\nOd: Sklep <a@sklep.example>\nDate: czw., 9 lip 2026 o 8:15\n"
    letter = open_letter(mail(f"{text}Subject: S\nTo: <anna@mail.example>\n\nTekst", "Fwd: S", PERSON))
    assert letter.date == datetime(2026, 7, 9, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize("clock", ["8:15 PM", "20:15"])
def test_the_time_of_day_is_read(clock: str) -> None:
    text = forwarded("Gmail, en").replace("8:15 AM", clock)
    assert open_letter(mail(text, "Fwd", PERSON)).date == datetime(2026, 10, 29, 20, 15, tzinfo=UTC)


def test_the_servers_word_for_the_person_is_not_the_shops() -> None:
    verdict = Verdict(Trust.TRUSTED, ("vouched",))
    assert read(mail(forwarded("Gmail, en"), "Fwd", PERSON), verdict).trust is Trust.UNVERIFIED


def test_a_suspicious_forwarder_stays_suspicious() -> None:
    verdict = Verdict(Trust.SUSPICIOUS, ("borrowed name",))
    assert read(mail(forwarded("Gmail, en"), "Fwd", PERSON), verdict).trust is Trust.SUSPICIOUS


def test_a_shops_own_mail_is_not_searched_for_another() -> None:
    letter = open_letter(mail(forwarded("Gmail, en"), "Yours", "auto-confirm@amazon.de"))
    assert (letter.shop, letter.forwarded) == ("amazon", False)


@pytest.mark.parametrize(
    "text",
    [
        "From: the hills\nwe came down to the sea",
        "Date: tomorrow\nSubject: lunch\n\nAre you coming?",
        "De: everything\nA: lot",
        "No: 10045\nDate: 13 Nov 2026\nTo: Anna\n\nOrder 10045",
        "No: AB-10045\nDate: 13 Nov 2026\nTo: Anna\n\nOrder AB-10045",
        "Data: 2026-11-13\nNuo: 10:00\nKam: Anna\n\nOrder 10045",
        BODY,
    ],
    ids=["prose", "a date", "a list", "a number", "a number with letters", "a time of day", "no head"],
)
def test_what_only_looks_like_a_head_is_no_forwarded_mail(text: str) -> None:
    assert not open_letter(mail(text, "Hello", PERSON)).forwarded


@pytest.mark.parametrize("text", ["Date: 2 Nov\nanna@mail.example", "To: you\nwrite to anna@mail.example"])
def test_a_head_without_a_sender_is_no_forwarded_mail(text: str) -> None:
    assert not open_letter(mail(text, "Hello", PERSON)).forwarded


# ── attached ────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_attached_mail_is_the_letter() -> None:
    inner = mail(BODY, SUBJECT, ALIEXPRESS, at="2026-10-29 08:15", links=["https://www.aliexpress.com/"])
    letter = open_letter(mail("See below", "Fwd", PERSON, attached=(inner,)))
    assert (letter.shop, letter.subject, letter.text, letter.date) == (
        "aliexpress",
        SUBJECT,
        BODY,
        inner.date,
    )
    assert letter.forwarded
    assert letter.links == inner.links


def test_an_attached_mail_without_date_has_the_outer_one() -> None:
    outer = mail("See below", "Fwd", PERSON, attached=(mail(BODY, SUBJECT, ALIEXPRESS, at=None),))
    assert open_letter(outer).date == outer.date


def test_a_forwarded_mail_inside_an_attached_one_is_opened() -> None:
    inner = mail(forwarded("Gmail, en"), "Fwd", "bob@mail.example")
    assert open_letter(mail("", "Fwd", PERSON, attached=(inner,))).shop == "aliexpress"


def test_a_shops_own_mail_is_not_replaced_by_what_it_attaches() -> None:
    letter = open_letter(mail(BODY, SUBJECT, ALIEXPRESS, attached=(mail("x", "y", "auto-confirm@amazon.de"),)))
    assert (letter.shop, letter.forwarded) == ("aliexpress", False)


def test_mails_attached_deeper_and_deeper_end() -> None:
    message = mail(BODY, SUBJECT, ALIEXPRESS)
    for depth in range(50):
        message = mail("", f"Fwd {depth}", PERSON, attached=(message,))
    assert open_letter(message).shop is None


# ── Apple's relay ───────────────────────────────────────────────────────────────────────────────────────────


def test_behind_apples_relay_stands_the_shop() -> None:
    relay = "transaction_at_notice_aliexpress_com_0a1b2c3d4e_0a1b2c3d@privaterelay.appleid.com"
    letter = open_letter(mail(BODY, SUBJECT, relay))
    assert (letter.shop, letter.sender.address, letter.forwarded) == ("aliexpress", ALIEXPRESS, False)


def test_a_carrier_is_known_by_its_domain() -> None:
    assert open_letter(mail("", "", "noreply@dhl.de")).carrier == "dhl"


# ── replies ─────────────────────────────────────────────────────────────────────────────────────────────────

QUOTED = {
    "en": "On Thu, 29 Oct 2026 at 08:15, AliExpress wrote:",
    "de": "Am Do., 29. Okt. 2026 um 08:15 Uhr schrieb AliExpress <transaction@notice.aliexpress.com>:",
    "fr": "Le jeu. 29 oct. 2026 à 08:15, AliExpress a écrit :",
    "es": "El jue, 29 oct 2026 a las 8:15, AliExpress escribió:",
    "pl": "W dniu 29.10.2026 o 08:15 AliExpress napisał(a):",
    "ru": "29 октября 2026, 8:15, AliExpress написал:",
    "any, with an address": "29 ott 2026 – AliExpress <transaction@notice.aliexpress.com>:",
}


@pytest.mark.parametrize("line", QUOTED.values(), ids=QUOTED)
def test_what_a_reply_quotes_is_left_out(line: str) -> None:
    letter = open_letter(mail(f"Mine has not come yet.\n\n{line}\n{BODY}", "Re: Shipped", PERSON))
    assert letter.reply
    assert letter.text.strip() == "Mine has not come yet."


def test_quoted_lines_of_a_reply_are_left_out() -> None:
    letter = open_letter(mail("> Order 1234567\nI know\n> has shipped", "Re: Shipped", PERSON))
    assert letter.text == "I know"


@pytest.mark.parametrize("prefix", ["Re", "RE", "AW", "Aw", "Odp", "Re[2]", "Ответ", "Rép"])
def test_a_reply_is_known_by_its_subject(prefix: str) -> None:
    assert open_letter(mail(BODY, f"{prefix}: Shipped", PERSON)).reply


def test_a_reply_is_known_by_its_header() -> None:
    assert open_letter(mail(BODY, "Shipped", PERSON, headers={"In-Reply-To": "<x@mail.example>"})).reply


@pytest.mark.parametrize("subject", ["Shipped", "Reminder: Shipped", "Your reply: Shipped", "Fwd: Shipped", "Order: x"])
def test_other_subjects_make_no_reply(subject: str) -> None:
    assert not open_letter(mail(BODY, subject, PERSON)).reply


def test_links_and_markup_of_a_reply_are_left_out() -> None:
    letter = open_letter(mail(BODY, "Re: x", PERSON, links=["https://a.example"], markup=("{}",)))
    assert (letter.links, letter.markup, letter.subject) == ((), (), "")


def test_a_shops_own_mail_is_no_reply() -> None:
    letter = open_letter(mail(BODY, SUBJECT, ALIEXPRESS, headers={"In-Reply-To": "<x@mail.example>"}))
    assert not letter.reply


def test_a_sellers_own_words_in_a_reply_are_read_and_the_quote_is_not() -> None:
    text = "I have sent your order #4417. Tracking number: RB731048223CN\n\n> Order number: 99120\n> where is it?"
    found = notice_of(text, "Re: lamp", PERSON)
    assert (orders(found), codes(found)) == ({"4417"}, {"RB731048223CN"})


def test_a_reply_without_a_number_tells_nothing() -> None:
    found = notice_of("Mine was delivered yesterday with DHL!", "Re: lamp", PERSON)
    assert (orders(found), codes(found), found.event) == (set(), set(), Event.NONE)


def test_a_discussion_list_makes_no_parcel() -> None:
    found = notice_of(
        "Tracking number: RB123456785CN", "shipped", PERSON, headers={"List-Post": "<mailto:l@x.example>"}
    )
    assert codes(found) == set()


# ── the same again in another language ──────────────────────────────────────────────────────────────────────

TRANSLATED = {
    "en, fr": ("Hello Anna,\nYour parcel is here.", "Bonjour Anna,\nVotre colis est là."),
    "de, en": ("Guten Tag,\nIhr Paket ist da.", "Dear customer,\nYour parcel is here."),
    "uk, en": ("Вітаємо!\nПосилка тут.", "Hello!\nYour parcel is here."),
    "he, en": ("שלום אנה,\nהחבילה כאן.", "Hello Anna,\nYour parcel is here."),
    "zh, en": ("您好，\n包裹已到。", "Dear customer,\nYour parcel is here."),
}


@pytest.mark.parametrize(("first", "second"), TRANSLATED.values(), ids=TRANSLATED)
def test_the_second_half_in_another_language_is_left_out(first: str, second: str) -> None:
    assert open_letter(mail(f"{first}\n\n{second}", "", "noreply@dhl.de")).text.strip() == first


@pytest.mark.parametrize(
    "text",
    [
        "Hello Anna,\nYour parcel is here.\nHi again,\nand more.",
        "Hello Anna,\nhighlights of the day: Hola chicos, a book you may like, and more to fill the line",
        "Your parcel is here.\nBonjour Anna,\nVotre colis est là.",
        "Hello\nHighly valued",
    ],
    ids=["same language", "a long line", "only one greeting", "part of a word"],
)
def test_a_mail_in_one_language_stays_whole(text: str) -> None:
    assert open_letter(mail(text, "", "noreply@dhl.de")).text == text
