"""Terms that a mail names in days: more protection, and the time for a dispute about what came."""

from __future__ import annotations

import pytest
from letters import ALIEXPRESS, notice_of

from pipeline.read.terms import dispute_days, extended_by

EXTENDED = {
    "The seller has extended the Buyer Protection of your order 8211968327931234 by 15 days.": 15,
    "Der Käuferschutz wurde um 10 Tage verlängert.": 10,
    "La protección del comprador se ha ampliado 30 días.": 30,
    "La protection de l'acheteur a été prolongée de 15 jours.": 15,
    "Защита покупателя продлена на 20 дней.": 20,
    "买家保护已延长15天": 15,
    "Buyer protection: 60 days": None,
    "We extended our sale by 15 days": None,
    "Your buyer protection has been extended.": None,
    "Buyer protection\nextended by 15 days": None,
}


@pytest.mark.parametrize(("text", "days"), EXTENDED.items(), ids=EXTENDED)
def test_days_of_extension(text: str, days: int | None) -> None:
    assert extended_by(text) == days


EXTENSION = "The seller has extended the Buyer Protection of your order 8211968327931234 by 15 days."


def test_a_shops_mail_tells_of_an_extension() -> None:
    notice = notice_of(EXTENSION, "Order 8211968327931234: protection extended", ALIEXPRESS)
    assert (notice.extended_by, notice.protection_ends) == (15, None)


def test_a_day_that_is_named_is_better() -> None:
    named = f"{EXTENSION}\nBuyer protection ends on 20 December 2026"
    notice = notice_of(named, "Order 8211968327931234: protection extended", ALIEXPRESS)
    assert (notice.extended_by, str(notice.protection_ends)) == (None, "2026-12-20")


def test_a_strangers_mail_tells_of_no_extension() -> None:
    assert notice_of(EXTENSION, "Order 8211968327931234: protection extended", "me@example.org").extended_by is None


DISPUTE = {
    "You can still open a dispute within 15 days after the order is completed.": 15,
    "Sie können innerhalb von 15 Tagen einen Streitfall eröffnen.": 15,
    "Puedes abrir una disputa en los próximos 15 días.": 15,
    "Vous avez 10 jours pour ouvrir un litige.": 10,
    "Hai 15 giorni per aprire una controversia.": 15,
    "Você tem 7 dias para abrir uma disputa.": 7,
    "Вы можете открыть спор в течение 15 дней.": 15,
    "Masz 15 dni na otwarcie sporu.": 15,
    "Možete otvoriti spor u roku od 15 dana.": 15,
    "Спор можете отворити у року од 15 дана.": 15,
    "Spor lahko odprete v 15 dneh ali 15 dni po prejemu.": 15,
    "Vaidluse saate avada 15 päeva jooksul.": 15,
    "Ginčą galite pradėti per 15 dienų.": 15,
    "Strīdu varat atvērt 15 dienu laikā.": 15,
    "Bạn có thể mở tranh chấp trong vòng 15 ngày.": 15,
    "คุณสามารถเปิดข้อพิพาทได้ภายใน 15 วัน": 15,
    "您可在15天内发起纠纷": 15,
    "15日以内に紛争を申し立てることができます。": 15,
    "15일 이내에 분쟁을 제기할 수 있습니다.": 15,
    "Your parcel took 15 days.": None,
    "You can open a dispute.": None,
    "You can open a dispute within 0 days": None,
    "A dispute within 15 days\nor a dispute within 30 days": None,
}


@pytest.mark.parametrize(("text", "days"), DISPUTE.items(), ids=DISPUTE)
def test_days_for_a_dispute(text: str, days: int | None) -> None:
    assert dispute_days(text) == days


DELIVERY = "Your order 8211968327931234 was delivered. You can open a dispute within 20 days."


def test_a_shops_mail_of_the_delivery_tells_them() -> None:
    assert notice_of(DELIVERY, "Order 8211968327931234: delivered", ALIEXPRESS).dispute_days == 20


def test_a_mail_of_the_way_tells_nothing_of_them() -> None:
    on_its_way = DELIVERY.replace("was delivered", "has been shipped")
    assert notice_of(on_its_way, "Order 8211968327931234: shipped", ALIEXPRESS).dispute_days is None


def test_a_strangers_mail_tells_nothing_of_them() -> None:
    assert notice_of(DELIVERY, "Order 8211968327931234: delivered", "me@example.org").dispute_days is None
