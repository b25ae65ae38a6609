"""By how many days a mail says that buyer protection was extended."""

from __future__ import annotations

import pytest
from letters import ALIEXPRESS, notice_of

from pipeline.read.extension import extended_by

SAID = {
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


@pytest.mark.parametrize(("text", "days"), SAID.items(), ids=SAID)
def test_days_of_extension(text: str, days: int | None) -> None:
    assert extended_by(text) == days


TEXT = "The seller has extended the Buyer Protection of your order 8211968327931234 by 15 days."


def test_a_shops_mail_tells_it() -> None:
    notice = notice_of(TEXT, "Order 8211968327931234: protection extended", ALIEXPRESS)
    assert (notice.extended_by, notice.protection_ends) == (15, None)


def test_a_day_that_is_named_is_better() -> None:
    named = f"{TEXT}\nBuyer protection ends on 20 December 2026"
    notice = notice_of(named, "Order 8211968327931234: protection extended", ALIEXPRESS)
    assert (notice.extended_by, str(notice.protection_ends)) == (None, "2026-12-20")


def test_a_strangers_mail_tells_nothing() -> None:
    assert notice_of(TEXT, "Order 8211968327931234: protection extended", "me@example.org").extended_by is None
