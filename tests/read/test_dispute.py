"""How many days a mail leaves for a dispute about what came."""

from __future__ import annotations

import pytest
from letters import ALIEXPRESS, notice_of

from pipeline.read.dispute import dispute_days

SAID = {
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
    "您可在15天内发起纠纷": 15,
    "15日以内に紛争を申し立てることができます。": 15,
    "15일 이내에 분쟁을 제기할 수 있습니다.": 15,
    "Your parcel took 15 days.": None,
    "You can open a dispute.": None,
    "You can open a dispute within 0 days": None,
    "A dispute within 15 days\nor a dispute within 30 days": None,
}


@pytest.mark.parametrize(("text", "days"), SAID.items(), ids=SAID)
def test_days_for_a_dispute(text: str, days: int | None) -> None:
    assert dispute_days(text) == days


TEXT = "Your order 8211968327931234 was delivered. You can open a dispute within 20 days."


def test_a_shops_mail_of_the_delivery_tells_them() -> None:
    assert notice_of(TEXT, "Order 8211968327931234: delivered", ALIEXPRESS).dispute_days == 20


def test_a_mail_of_the_way_tells_nothing_of_them() -> None:
    on_its_way = TEXT.replace("was delivered", "has been shipped")
    assert notice_of(on_its_way, "Order 8211968327931234: shipped", ALIEXPRESS).dispute_days is None


def test_a_strangers_mail_tells_nothing_of_them() -> None:
    assert notice_of(TEXT, "Order 8211968327931234: delivered", "me@example.org").dispute_days is None
