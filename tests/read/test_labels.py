"""What introduces a number: where its label may stand, and which of several holds."""

from __future__ import annotations

import pytest

from pipeline.read.carriers import matches
from pipeline.read.labels import Label, is_of_payment
from pipeline.read.languages import languages
from pipeline.read.layout import Labels
from pipeline.read.normal import normalise
from pipeline.read.numbers import Grid


def label_of(text: str, number: str, language: str | None = "en", shop: str | None = None) -> Label | None:
    grid = Grid(text)
    tokens = grid.tokens(lambda joined: any(match.distinct for match in matches(joined)))
    labels = Labels(grid, tokens, language, shop)
    (token,) = [token for token in tokens if token.value == number]
    return labels.of(token)


def kind_of(text: str, number: str, language: str | None = "en", shop: str | None = None) -> str:
    label = label_of(text, number, language, shop)
    return label.kind.value if label else "none"


PLACES = {
    "at the end of the long line above": (
        "Please bring your passport and the number that you find below to the counter, the tracking number:\n11112222",
        "11112222",
        "code",
    ),
    "at the end of the long line above, closed": (
        "Please bring your passport and the number that you find below to the counter, the tracking number.\n11112222",
        "11112222",
        "none",
    ),
    "a short number in a row of a form": ("Order\t8813\nStatus\tsent", "8813", "order"),
    "in a list, below one of its kind": (
        "Orders in this package\nY1110000 Calculator watch\nY1112222 Cassette tapes",
        "Y1112222",
        "order",
    ),
    "in a list, below one of another kind": (
        "Orders in this package\nY1110000 Calculator watch\n11112222 Cassette tapes",
        "11112222",
        "none",
    ),
    "in the same cell": ("Tracking number: 11112222", "11112222", "code"),
    "without a colon": ("Tracking number 11112222", "11112222", "code"),
    "with a verb between": ("Your tracking number is 11112222", "11112222", "code"),
    "with some words between": ("The tracking number has been changed to 11112222", "11112222", "code"),
    "too many words between": (
        "Tracking number: please read all of it and then the rest 11112222",
        "11112222",
        "none",
    ),
    "in the sentence before": ("Here is the tracking number. We like 11112222", "11112222", "none"),
    "behind a hash": ("Order #11112222", "11112222", "order"),
    "in the cell to the left": ("Tracking number\t11112222", "11112222", "code"),
    "empty cells between": ("Tracking number\t\t\t11112222", "11112222", "code"),
    "a colon in a cell of its own": ("Tracking number\t:\t11112222", "11112222", "code"),
    "a value between": ("Tracking number\t99998888\t11112222", "11112222", "none"),
    "at the head of the column": ("Order number\tTracking number\n7777\t11112222", "11112222", "code"),
    "at the head of the other column": (
        "Order number\tTracking number\n77770000\t11112222",
        "77770000",
        "order",
    ),
    "at the head, second row": (
        "Order number\tTracking number\n7770001\t1\n7770002\t11112222",
        "11112222",
        "code",
    ),
    "at the head of a table of another width": (
        "Order number\tTracking number\tx\n777\t11112222",
        "11112222",
        "none",
    ),
    "on the line above": ("Tracking number:\n11112222", "11112222", "code"),
    "on the line above, without colon": ("Tracking number\n11112222", "11112222", "code"),
    "two lines above": ("Tracking number\nRoyal Mail\n11112222", "11112222", "code"),
    "too many lines above": ("Tracking number\nred\ngreen\nblue\n11112222", "11112222", "none"),
    "above a line with a value": ("Tracking number\nOrder 7777\nDHL\n11112222", "11112222", "none"),
    "begun on the line above, which has a value": (
        "We have sent 129.00 dollars back to you for your order\nwith 11112222 as we said",
        "11112222",
        "order",
    ),
    "begun on the line above, which ends a sentence": (
        "We have sent 129.00 dollars back to you for your order.\nwith 11112222 as we said",
        "11112222",
        "none",
    ),
    "second of two labels": ("Order number\nTracking number\n77770000\n11112222", "11112222", "code"),
    "first of two labels": ("Order number\nTracking number\n77770000\n11112222", "77770000", "order"),
    "second value of one label": ("Tracking number\n99998888\n11112222", "11112222", "code"),
    "second in a list": ("Orders: 77770000, 11112222", "11112222", "order"),
    "third in a list": ("Orders: 77770000, 88880000 and 11112222", "11112222", "order"),
    "next with words between": ("Order 77770000 was sent with tracking number 11112222", "11112222", "code"),
    "no label": ("We wish you fun with 11112222", "11112222", "none"),
}


@pytest.mark.parametrize(("text", "number", "kind"), PLACES.values(), ids=PLACES)
def test_a_label_is_found_where_it_stands(text: str, number: str, kind: str) -> None:
    assert kind_of(text, number) == kind


CHOICES = {
    "the nearest holds": ("Order: shipped. Tracking number: 11112222", "code"),
    "the nearest holds, other way round": ("Tracking: now. Order number: 11112222", "order"),
    "the longest phrase holds": ("Item number: 11112222", "other"),
    "order date is no order": ("Order date 11112222", "other"),
    "a customer's number": ("Customer number: 11112222", "other"),
    "an invoice": ("Invoice no. 11112222", "other"),
    "a postcode": ("Postcode 11112222", "other"),
    "a parcel": ("Your parcel 11112222", "package"),
    "the head of a compound": ("Reference number parcel 11112222", "other"),
    "a word that says a number follows": ("Order number no. 11112222", "order"),
    "a parcel number": ("Parcel number: 11112222", "code"),
}


@pytest.mark.parametrize(("text", "kind"), CHOICES.values(), ids=CHOICES)
def test_of_several_labels_one_holds(text: str, kind: str) -> None:
    assert kind_of(text, "11112222") == kind


COMPOUNDS = {
    "fr, code of your parcel": ("fr", "Le numéro de suivi de votre colis est 11112222", "code"),
    "de, code of your parcel": ("de", "Die Sendungsnummer Ihres Pakets lautet 11112222", "code"),
}
#: The preposition hides the head: the word for parcel or order, nearer to the number, is taken for the label.
HIDDEN = {
    "en, reference of the parcel": ("en", "The reference number of the parcel is 11112222", "other"),
    "en, code of your parcel": ("en", "The tracking number of your parcel is 11112222", "code"),
    "en, code for your order": ("en", "The tracking number for your order is 11112222", "code"),
    "it, code for your parcel": ("it", "Il numero di tracciabilità per il tuo pacco è 11112222", "code"),
    "es, code of your parcel": ("es", "El número de seguimiento de tu paquete es 11112222", "code"),
}


@pytest.mark.parametrize(("language", "text", "kind"), COMPOUNDS.values(), ids=COMPOUNDS)
def test_the_head_of_a_compound_holds(language: str, text: str, kind: str) -> None:
    assert kind_of(text, "11112222", language) == kind


@pytest.mark.parametrize(("language", "text", "kind"), HIDDEN.values(), ids=HIDDEN)
def test_the_head_of_a_compound_with_a_preposition_holds(language: str, text: str, kind: str) -> None:
    assert kind_of(text, "11112222", language) == kind


LANGUAGES = {
    "de": ("de", "Ihre Sendungsnummer lautet 11112222", "code"),
    "de, order": ("de", "Bestellnummer: 11112222", "order"),
    "fr": ("fr", "Numéro de suivi : 11112222", "code"),
    "fr, order": ("fr", "Commande n° 11112222", "order"),
    "es": ("es", "Número de seguimiento: 11112222", "code"),
    "it": ("it", "Il numero di tracciabilità è 11112222", "code"),
    "pl": ("pl", "Numer przesyłki: 11112222", "code"),
    "ru": ("ru", "Трек-номер: 11112222", "code"),
    "ru, order": ("ru", "Ваш заказ № 11112222", "order"),
    "uk, order": ("uk", "Номер замовлення: 11112222", "order"),
    "zh": ("zh", "快递单号：11112222", "code"),
    "zh, order": ("zh", "订单号：11112222", "order"),
    "ca": ("ca", "Núm. de seguiment: 11112222", "code"),
    "ca, order": ("ca", "La teva comanda amb referència 11112222", "order"),
    "ca, client": ("ca", "Codi de client: 11112222", "other"),
    "id": ("id", "No. Resi: 11112222", "code"),
    "id, the noun behind a carrier": ("id", "Nomor resi J&T: 11112222", "code"),
    "id, order": ("id", "Nomor pesanan 11112222", "order"),
    "id, invoice": ("id", "Faktur pajak no. 11112222", "other"),
    "ms": ("ms", "No. konsainan: 11112222", "code"),
    "ms, order": ("ms", "Nombor pesanan anda ialah 11112222", "order"),
    "ms, in a mail of no language": (None, "Nombor penjejakan: 11112222", "code"),
    "vi": ("vi", "Mã vận đơn: 11112222", "code"),
    "vi, order": ("vi", "Đơn hàng số 11112222 của bạn", "order"),
    "vi, without accents": ("vi", "Ma don hang: 11112222", "order"),
    "vi, the bare word right before": ("vi", "Shop đã nhận đơn #11112222", "order"),
    "vi, the bare word in a word for unit": ("vi", "Đơn vị 11112222", "none"),
    "vi, the bare word is English elsewhere": ("en", "Please don 11112222", "none"),
    "th": ("th", "หมายเลขพัสดุ: 11112222", "code"),
    "th, glued": ("th", "เลขพัสดุของคุณคือ11112222ค่ะ", "code"),
    "th, order": ("th", "คำสั่งซื้อหมายเลข 11112222 ได้รับการยืนยันแล้ว", "order"),
    "th, code of the order": ("th", "หมายเลขพัสดุของคำสั่งซื้อของคุณคือ 11112222", "code"),
    "th, in Thai digits": ("th", "เลขที่คำสั่งซื้อ ๑๑๑๑๒๒๒๒", "order"),
    "tr, before": ("tr", "Sipariş numarası: 11112222", "order"),
    "tr, behind": ("tr", "11112222 numaralı siparişiniz kargoya verildi", "order"),
    "tr, code behind": ("tr", "11112222 numaralı kargonuz yola çıktı", "code"),
    "hu, behind": ("hu", "A 11112222 számú rendelését feladtuk", "order"),
    "hu, code behind": ("hu", "A 11112222 számú csomag úton van", "code"),
    "fa": ("fa", "کد رهگیری مرسوله شما: ۱۱۱۱۲۲۲۲", "code"),
    "fa, order": ("fa", "سفارش شما با شماره 11112222 ثبت شد", "order"),
    "hi": ("hi", "आपके पैकेट का ट्रैकिंग नंबर 11112222 है", "code"),
    "hi, order": ("hi", "ऑर्डर आईडी: ११११२२२२", "order"),
    "hi, some words between": ("hi", "आपका ऑर्डर नंबर यह है 11112222", "order"),
    "en is understood in a German mail": ("de", "Tracking number: 11112222", "code"),
    "en is understood in a mail of no language": (None, "Tracking number: 11112222", "code"),
    "another language is understood": ("en", "Numéro de suivi : 11112222", "code"),
}


@pytest.mark.parametrize(("language", "text", "kind"), LANGUAGES.values(), ids=LANGUAGES)
def test_labels_of_all_languages_are_understood(language: str | None, text: str, kind: str) -> None:
    assert kind_of(text, "11112222", language) == kind


def test_a_label_behind_the_number_counts_only_where_a_language_puts_it_there() -> None:
    assert kind_of("11112222 numaralı siparişiniz", "11112222", "en") == "none"


def test_a_shops_own_label_counts_in_its_mails() -> None:
    assert kind_of("Receipt 1111222233", "1111222233", "en", "etsy") == "order"


def test_a_shops_own_label_does_not_count_elsewhere() -> None:
    assert kind_of("Receipt 1111222233", "1111222233", "en") != "order"


def test_a_shops_own_label_comes_before_the_mails_language() -> None:
    assert kind_of("Rechnung 1111222233", "1111222233", "de", "etsy") == "order"
    assert kind_of("Rechnung 1111222233", "1111222233", "de") != "order"


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Order #11112222", True),
        ("Order No. 11112222", True),
        ("Order: 11112222", True),
        ("Order\t:\t11112222", True),
        ("Order 11112222", False),
    ],
)
def test_a_sign_says_that_a_number_follows(text: str, sign: bool) -> None:
    label = label_of(text, "11112222")
    assert label is not None
    assert label.sign is sign


def test_a_label_tells_its_phrase_and_language() -> None:
    label = label_of("Sendungsnummer: 11112222", "11112222", "de")
    assert label is not None
    assert (label.phrase, label.language) == ("sendungsnummer", "de")


CONTEXT = {
    "in the cell": ("Old tracking number: 11112222", "old tracking number: "),
    "behind the number before": ("Old 77770000, new 11112222", ", new "),
    "on the line above": ("Old number\n11112222", "old number "),
    "in the cell to the left": ("Old number\t11112222", "old number "),
}


@pytest.mark.parametrize(("text", "context"), CONTEXT.values(), ids=CONTEXT)
def test_the_words_before_a_number_are_its_context(text: str, context: str) -> None:
    grid = Grid(text)
    tokens = grid.tokens(lambda joined: False)
    assert Labels(grid, tokens, "en").context(tokens[-1]) == context


PAYMENTS = [(code, phrase) for code, language in languages().items() for phrase in language.numbers.payments]


@pytest.mark.parametrize(("code", "phrase"), PAYMENTS, ids=[f"{code}-{phrase}" for code, phrase in PAYMENTS])
def test_what_a_payment_is_known_by_is_a_label_of_its_language(code: str, phrase: str) -> None:
    assert phrase in languages()[code].labels.other


@pytest.mark.parametrize(("code", "phrase"), PAYMENTS, ids=[f"{code}-{phrase}" for code, phrase in PAYMENTS])
def test_what_a_payment_is_known_by_says_so_in_a_mail(code: str, phrase: str) -> None:
    assert is_of_payment(normalise(phrase))
