"""Dates as people write them in each language, and nothing where a date can be read in two ways."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.read.dates import find_dates
from pipeline.read.normal import normalise

#: The day of the mail.
MAIL = date(2026, 11, 2)
DAY = date(2026, 11, 20)


def dates(
    text: str, language: str | None = "en", reference: date | None = MAIL, order: str | None = None
) -> list[date]:
    return find_dates(normalise(text), language, reference, order)


FORMS = {
    "ISO": ("en", "2026-11-20"),
    "ISO, slashes": ("en", "2026/11/20"),
    "ISO, points": ("en", "2026.11.20"),
    "ISO, with time": ("en", "2026-11-20t10:00:00z"),
    "points": ("en", "20.11.2026"),
    "points, short year": ("de", "20.11.26"),
    "slashes, day first": ("fr", "20/11/2026"),
    "slashes, day above twelve": ("en", "20/11/2026"),
    "slashes, day above twelve, month first": ("en", "11/20/2026"),
    "hyphens": ("nl", "20-11-2026"),
    "month, day, year": ("en", "November 20, 2026"),
    "short month": ("en", "Nov 20,2026"),
    "short month, full stop": ("en", "Nov. 20, 2026"),
    "day, month, year": ("en", "20 November 2026"),
    "ordinal": ("en", "20th November 2026"),
    "ordinal, month first": ("en", "November 20th, 2026"),
    "with a weekday": ("en", "Friday, November 20"),
    "without a year": ("en", "20 Nov"),
    "a range, last day": ("en", "November 18-20"),
    "Chinese": ("zh", "2026年11月20日"),
    "Chinese, without a year": ("zh", "11月20日"),
    "Japanese": ("ja", "11月20日"),
    "Korean": ("ko", "2026년 11월 20일"),
    "full-width": ("zh", "２０２６年１１月２０日"),
    "Arabic digits": ("ar", "٢٠/١١/٢٠٢٦"),
    "Persian digits": ("fa", "۲۰ نوامبر ۲۰۲۶"),
    "Indian digits": ("hi", "२० नवंबर २०२६"),
    "Hindi": ("hi", "20 नवम्बर 2026"),
    "de": ("de", "20. November 2026"),
    "de, short": ("de", "20. Nov."),
    "fr": ("fr", "20 novembre 2026"),
    "es": ("es", "20 de noviembre de 2026"),
    "es, del": ("es", "20 de noviembre del 2026"),
    "it": ("it", "20 novembre 2026"),
    "pt": ("pt", "20 de novembro de 2026"),
    "nl": ("nl", "20 november 2026"),
    "pl": ("pl", "20 listopada 2026"),
    "cs": ("cs", "20. listopadu 2026"),
    "ru": ("ru", "20 ноября 2026 г."),
    "uk": ("uk", "20 листопада 2026"),
    "vi": ("vi", "ngày 20 tháng 11 năm 2026"),
    "vi, short": ("vi", "Th 6, 20 thg 11, 2026"),
    "vi, without a year": ("vi", "20 tháng 11"),
    "vi, named, without a year": ("vi", "thứ Sáu ngày 20/11"),
    "vi, without accents": ("vi", "ngay 20/11/2026"),
    "th": ("th", "20 พฤศจิกายน 2026"),
    "th, Buddhist year": ("th", "วันศุกร์ที่ 20 พฤศจิกายน พ.ศ. 2569"),
    "th, short": ("th", "20 พ.ย. 69"),
    "th, glued": ("th", "ภายในวันที่20พ.ย.นี้"),
    "th, without a year": ("th", "20 พ.ย."),
    "th, slashes": ("th", "20/11/2569"),
    "th, slashes, short year": ("th", "20/11/69"),
    "th, of our era": ("th", "20/11/2026"),
    "th, in Thai digits": ("th", "๒๐ พฤศจิกายน ๒๕๖๙"),
    "th, named, without a year": ("th", "วันที่ 20/11"),
    "tr": ("tr", "20 Kasım 2026"),
    "sv": ("sv", "20 november 2026"),
    "ca": ("ca", "20 de novembre de 2026"),
    "id": ("id", "Jumat, 20 Nopember 2026"),
    "ms": ("ms", "20 November 2026 (Jumaat)"),
    "English in a German mail": ("de", "Nov 20, 2026"),
}


@pytest.mark.parametrize(("language", "text"), FORMS.values(), ids=FORMS)
def test_a_date_is_read(language: str, text: str) -> None:
    assert dates(text, language)[-1:] == [DAY]


def test_an_article_may_be_glued_to_the_month() -> None:
    assert dates("dimecres 14 d'abril de 2027", "ca") == [date(2027, 4, 14)]
    assert dates("el 2 d’octubre de 2026", "ca") == [date(2026, 10, 2)]


MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "ms": "januari februari mac april mei jun julai ogos september oktober november disember",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
}


@pytest.mark.parametrize(
    ("language", "month", "name"),
    [(code, month, name) for code, names in MONTHS.items() for month, name in enumerate(names.split(), start=1)],
)
def test_months_are_known_by_name(language: str, month: int, name: str) -> None:
    assert dates(f"14 {name} 2026", language) == [date(2026, month, 14)]


AMBIGUOUS = {
    "English": ("en", "3/4/2026"),
    "no language": (None, "3/4/2026"),
    "English, short year": ("en", "03/04/26"),
    "English, hyphens": ("en", "03-04-2026"),
}


@pytest.mark.parametrize(("language", "text"), AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_what_can_be_read_in_two_ways_stays_unknown(language: str | None, text: str) -> None:
    assert dates(text, language) == []


DECIDED = {
    "a language with the day first": ("de", None, "3/4/2026", date(2026, 4, 3)),
    "a shop with the day first": ("en", "dmy", "3/4/2026", date(2026, 4, 3)),
    "a shop with the month first": ("de", "mdy", "3/4/2026", date(2026, 3, 4)),
    "points mean the day first": ("en", None, "3.4.2026", date(2026, 4, 3)),
    "both the same": ("en", None, "4/4/2026", date(2026, 4, 4)),
    "a month above twelve": ("en", None, "4/13/2026", date(2026, 4, 13)),
}


@pytest.mark.parametrize(("language", "order", "text", "day"), DECIDED.values(), ids=DECIDED)
def test_what_decides_a_numeric_date(language: str, order: str | None, text: str, day: date) -> None:
    assert dates(text, language, order=order) == [day]


YEARS = {
    "ahead in this year": (date(2026, 11, 2), "20 November", date(2026, 11, 20)),
    "over the turn of the year": (date(2026, 12, 20), "5 January", date(2027, 1, 5)),
    "a little before": (date(2026, 11, 2), "20 October", date(2026, 10, 20)),
    "before the turn of the year": (date(2026, 1, 5), "28 December", date(2025, 12, 28)),
    "long ago means next year": (date(2026, 11, 2), "20 May", date(2027, 5, 20)),
    "the mail's own day": (date(2026, 11, 2), "2 November", date(2026, 11, 2)),
    "with its year it may be long ago": (date(2026, 11, 2), "20 May 2019", date(2019, 5, 20)),
}


@pytest.mark.parametrize(("reference", "text", "day"), YEARS.values(), ids=YEARS)
def test_without_a_year_the_nearest_is_meant(reference: date, text: str, day: date) -> None:
    assert dates(text, "en", reference) == [day]


def test_without_a_year_and_without_the_day_of_the_mail_nothing_is_known() -> None:
    assert dates("20 November", "en", None) == []


LEAP = {
    "in a leap year": (date(2028, 2, 1), "29 February", [date(2028, 2, 29)]),
    "in the next year, a leap year": (date(2027, 12, 1), "29 February", [date(2028, 2, 29)]),
    "in no leap year": (date(2026, 2, 1), "29 February", []),
    "with a leap year": (MAIL, "29 February 2028", [date(2028, 2, 29)]),
    "with another year": (MAIL, "29 February 2026", []),
    "in digits": (MAIL, "29.02.2026", []),
}


@pytest.mark.parametrize(("reference", "text", "expected"), LEAP.values(), ids=LEAP)
def test_the_29th_of_february(reference: date, text: str, expected: list[date]) -> None:
    assert dates(text, "en", reference) == expected


NONE = {
    "no such day": "31 November 2026",
    "no such month": "20.13.2026",
    "day zero": "0.1.2026",
    "a version": "1.2.3.2026",
    "a time": "at 12:30",
    "an amount": "20.00",
    "an order number": "304-1234567-7654321",
    "a tracking number": "20112026123456",
    "a month alone": "in november",
    "a number and a word": "20 pieces",
    "a day of the solar calendar": "1405/07/12",
    "a day of the solar calendar, month by name": "۱۴ مهر ۱۴۰۵",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_is_no_date(text: str) -> None:
    assert dates(text) == []


def test_dates_come_in_the_order_of_the_text() -> None:
    found = dates("between 20 November 2026 and 2026-11-25, or 1.12.2026")
    assert found == [date(2026, 11, 20), date(2026, 11, 25), date(2026, 12, 1)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("21.11.", [date(2026, 11, 21)]),
        ("do, 19.11. - sa, 21.11.", [date(2026, 11, 19), date(2026, 11, 21)]),
        ("30. 10. 2026", [date(2026, 10, 30)]),
        ("do 3. 11. 2026 včetně", [date(2026, 11, 3)]),
        ("1. 2. 3. 2026", []),
        ("19. 11. až 21. 11.", [date(2026, 11, 19), date(2026, 11, 21)]),
        ("21.11", []),
        ("21.11.2026", [date(2026, 11, 21)]),
        ("192.11.2.1", []),
    ],
)
def test_a_day_and_a_month_between_points_are_a_date(text: str, found: list[date]) -> None:
    assert find_dates(text, "de", date(2026, 11, 12)) == found
