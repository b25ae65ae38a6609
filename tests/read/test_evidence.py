"""How evidence is weighed: which together make an order number, which a code, and which nothing."""

from __future__ import annotations

from itertools import combinations

import pytest
from letters import ALIEXPRESS, codes, notice_of, orders

from pipeline.read.evidence import ENOUGH, Candidate, Kind, Reading

#: What stands in the text around a number, a link or the markup; the others speak of the number itself.
SHAPES = (
    Kind.PASSED,
    Kind.DISTINCT,
    Kind.DISTINCT_FAILED,
    Kind.CARRIER_NAMED,
    Kind.CARRIER_MAIL,
    Kind.SHOP_PACKAGE,
    Kind.SHOP_ORDER,
    Kind.NUMBER_SIGN,
)
MARKS = {
    "order, by markup": ("MARKUP_ORDER", "ORDER"),
    "order, known before": ("KNOWN_ORDER", "ORDER"),
    "order, by the shop's link": ("SHOP_LINK_ORDER", "ORDER"),
    "order, by its label": ("LABEL_ORDER", "ORDER"),
    "order, next in a list": ("RUNNING", "ORDER"),
    "order, by an unmistakable shape": ("SHAPE_OF_ORDERS", "ORDER"),
    "order, by any link in this shop's shape": ("LINK_ORDER SHOP_ORDER", "ORDER"),
    "order, by a bare word with a sign": ("ORDER_WORD NUMBER_SIGN", "ORDER"),
    "order, by a bare word in this shop's shape": ("ORDER_WORD SHOP_ORDER", "ORDER"),
    "code, by markup": ("MARKUP_CODE", "CODE"),
    "code, by the shop's link": ("SHOP_LINK_CODE", "CODE"),
    "code, by the carrier's link": ("CARRIER_LINK", "CODE"),
    "code, by any link": ("LINK_CODE", "CODE"),
    "code, by its label": ("LABEL_CODE", "CODE"),
    "code, by the subject's word for parcel": ("SUBJECT_PACKAGE", "CODE"),
    "code, by the word for parcel and a sign and a carrier named": (
        "LABEL_PACKAGE NUMBER_SIGN CARRIER_NAMED",
        "CODE",
    ),
    "code, by the word for parcel in the shop's shape": ("LABEL_PACKAGE SHOP_PACKAGE", "CODE"),
    "code, by the word for parcel in the carrier's own mail": ("LABEL_PACKAGE CARRIER_MAIL", "CODE"),
    "code, by an unmistakable shape of a carrier the mail names": ("DISTINCT CARRIER_NAMED", "CODE"),
    "code, by an unmistakable shape with its check digit": ("DISTINCT_PASSED", "CODE"),
    "code, labelled, although its check digit is wrong": ("LABEL_CODE DISTINCT_FAILED", "CODE"),
    "code, labelled, in the shape of the shop's orders": ("LABEL_CODE SHOP_ORDER", "CODE"),
    "code, labelled, although one digit is repeated": ("LABEL_CODE REPEATED", "CODE"),
    "nothing, a number and no more": ("", "NEITHER"),
    "nothing, a right check digit": ("PASSED", "NEITHER"),
    "nothing, a right check digit and a carrier named": ("PASSED CARRIER_NAMED", "NEITHER"),
    "nothing, a right check digit in the carrier's own mail": ("PASSED CARRIER_MAIL", "NEITHER"),
    "nothing, a right check digit behind the word for parcel": ("PASSED LABEL_PACKAGE", "NEITHER"),
    "nothing, an unmistakable shape without check digit": ("DISTINCT", "NEITHER"),
    "nothing, an unmistakable shape, wrong check digit, carrier named": (
        "DISTINCT_FAILED CARRIER_NAMED",
        "NEITHER",
    ),
    "nothing, the shape of the shop's orders": ("SHOP_ORDER", "NEITHER"),
    "nothing, the shape of the shop's orders and a sign": ("SHOP_ORDER NUMBER_SIGN", "NEITHER"),
    "nothing, the shape of the shop's package ids": ("SHOP_PACKAGE", "NEITHER"),
    "nothing, a sign": ("NUMBER_SIGN", "NEITHER"),
    "nothing, the bare word for order": ("ORDER_WORD", "NEITHER"),
    "nothing, an order parameter in a stranger's link": ("LINK_ORDER", "NEITHER"),
    "nothing, the word for parcel": ("LABEL_PACKAGE", "NEITHER"),
    "nothing, the label of something else": ("LABEL_OTHER", "NEITHER"),
    "nothing, labelled as order and as something else": ("LABEL_ORDER LABEL_OTHER", "NEITHER"),
    "nothing, labelled as code and as something else": ("LABEL_CODE LABEL_OTHER", "NEITHER"),
    "nothing, a code's label before a phone number": ("LABEL_CODE PHONE", "NEITHER"),
    "nothing, an order's label before a phone number": ("LABEL_ORDER PHONE", "NEITHER"),
    "nothing, an order's label before an amount": ("LABEL_ORDER NUMBER_SIGN MONEY", "NEITHER"),
    "nothing, a code's label before an amount": ("LABEL_CODE MONEY", "NEITHER"),
    "nothing, a code's label before an article's number": ("LABEL_CODE NUMBER_SIGN ITEM", "NEITHER"),
    "nothing, labelled as code and too short": ("LABEL_CODE NUMBER_SIGN SHORT", "NEITHER"),
    "nothing, in markup as code and too short": ("MARKUP_CODE SHORT", "NEITHER"),
    "nothing, labelled as order in a foreign shape": ("LABEL_ORDER FOREIGN_SHAPE", "NEITHER"),
    "nothing, one digit repeated in an unmistakable shape": ("DISTINCT CARRIER_NAMED REPEATED", "NEITHER"),
    "order, short and labelled": ("LABEL_ORDER SHORT", "ORDER"),
    "order, in markup in a foreign shape": ("MARKUP_ORDER FOREIGN_SHAPE", "ORDER"),
    "order by label, code by check digit": ("LABEL_ORDER PASSED CARRIER_NAMED", "ORDER"),
    "order by label, code by unmistakable shape and check digit": ("LABEL_ORDER DISTINCT_PASSED", "ORDER"),
    "order by unmistakable shape, code by label": ("SHAPE_OF_ORDERS LABEL_CODE", "ORDER"),
    "order by unmistakable shape, code by label and link": (
        "SHAPE_OF_ORDERS LABEL_CODE CARRIER_LINK",
        "ORDER",
    ),
    "order by the shop's link, code by label": ("SHOP_LINK_ORDER LABEL_CODE", "ORDER"),
    "order known before, code by label": ("KNOWN_ORDER LABEL_CODE", "ORDER"),
    "order known before, code by the shop's own link": ("KNOWN_ORDER SHOP_LINK_CODE", "ORDER"),
    "code by label, order by shape": ("LABEL_CODE SHOP_ORDER NUMBER_SIGN", "CODE"),
    "code by the shop's link, order by label": ("SHOP_LINK_CODE LABEL_ORDER", "CODE"),
    "code by markup, order by label": ("MARKUP_CODE LABEL_ORDER SHOP_ORDER NUMBER_SIGN", "CODE"),
}


def candidate(names: str) -> Candidate:
    weighed = Candidate("N", "n")
    for name in names.split():
        weighed.add(Kind[name])
    return weighed


@pytest.mark.parametrize(("names", "reading"), MARKS.values(), ids=MARKS)
def test_evidence_is_weighed(names: str, reading: str) -> None:
    assert candidate(names).reading is Reading[reading]


@pytest.mark.parametrize(
    "kinds", ["LABEL_ORDER LABEL_CODE", "MARKUP_ORDER MARKUP_CODE", "SHOP_LINK_ORDER SHOP_LINK_CODE"]
)
def test_a_number_that_is_as_much_order_as_code_is_no_code(kinds: str) -> None:
    weighed = candidate(kinds)
    assert weighed.points.order == weighed.points.code >= ENOUGH
    assert weighed.reading is not Reading.CODE


@pytest.mark.parametrize("kind", ["LABEL_CODE", "LINK_CODE", "LABEL_ORDER"])
def test_a_number_that_is_as_much_something_else_is_nothing(kind: str) -> None:
    weighed = candidate(f"{kind} PHONE")
    assert weighed.points.other == max(weighed.points.order, weighed.points.code)
    assert weighed.reading is Reading.NEITHER


@pytest.mark.parametrize("label", ["LABEL_ORDER", "SHOP_LINK_ORDER", "KNOWN_ORDER", "MARKUP_ORDER"])
@pytest.mark.parametrize("shape", ["PASSED", "PASSED CARRIER_NAMED", "DISTINCT", "DISTINCT CARRIER_NAMED"])
def test_what_is_said_of_a_number_outranks_its_shape(label: str, shape: str) -> None:
    assert candidate(f"{label} {shape}").reading is Reading.ORDER


def test_a_right_check_digit_beside_one_shape_never_makes_a_code() -> None:
    for kind in SHAPES:
        if kind is not Kind.DISTINCT:
            assert candidate(f"PASSED {kind.name}").reading is not Reading.CODE, kind


def test_a_right_check_digit_alone_turns_no_order_into_a_code() -> None:
    telling = [kind for kind in Kind if kind.points.order >= ENOUGH]
    for kind in telling:
        assert candidate(f"{kind.name} PASSED").reading is Reading.ORDER, kind


def test_a_known_order_number_is_never_a_code() -> None:
    wrong = [
        f"{one.name} {two.name}"
        for one, two in combinations([kind for kind in Kind if kind.points.code > 0], 2)
        if candidate(f"KNOWN_ORDER {one.name} {two.name}").reading is Reading.CODE
    ]
    assert wrong == []


def test_saying_a_thing_twice_does_not_make_it_truer() -> None:
    weighed = candidate("LABEL_PACKAGE LABEL_PACKAGE LABEL_PACKAGE")
    assert weighed.points == Kind.LABEL_PACKAGE.points


def test_the_first_place_where_a_thing_is_said_is_kept() -> None:
    weighed = Candidate("N", "n")
    weighed.add(Kind.LABEL_CODE, "subject")
    weighed.add(Kind.LABEL_CODE, "text")
    assert weighed.evidence[Kind.LABEL_CODE] == "subject"


def test_the_strongest_evidence_for_the_reading_is_told() -> None:
    weighed = Candidate("N", "n")
    weighed.add(Kind.DISTINCT_PASSED, "chinapost")
    weighed.add(Kind.LABEL_CODE, "tracking number (text)")
    assert weighed.why == "stands behind a tracking label: tracking number (text)"


def test_the_account_tells_the_reading_and_every_point() -> None:
    weighed = Candidate("12345678", "1234 5678")
    weighed.add(Kind.LABEL_CODE, "tracking number")
    assert weighed.account.startswith("1234 5678: tracking code (order 0, code 60, neither 0: ")


@pytest.mark.parametrize(("kinds", "interesting"), [("PASSED", False), ("MONEY", False), ("LABEL_PACKAGE", True)])
def test_only_numbers_with_something_in_their_favour_are_accounted_for(kinds: str, interesting: bool) -> None:
    assert candidate(kinds).is_interesting is interesting


# ── in whole mails ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_number_called_tracking_number_is_a_code() -> None:
    assert codes(notice_of("Tracking number: RB123456785CN", "Your order has shipped")) == {"RB123456785CN"}


def test_an_order_number_in_a_code_shape_stays_an_order_number() -> None:
    found = notice_of("Your order number is 12345678901234.", "Order confirmed")
    assert (orders(found), codes(found)) == ({"12345678901234"}, set())


def test_a_number_that_passes_a_check_digit_without_a_word_before_it_is_nothing() -> None:
    # 15 digits with a right check digit of FedEx Ground.
    found = notice_of("The thing has shipped.\n\nSee 041441760228964 and have fun", "It has shipped")
    assert (orders(found), codes(found)) == (set(), set())


def test_one_repeated_digit_is_no_code() -> None:
    assert codes(notice_of("Your parcel 000000000000 has shipped", "Your order has shipped")) == set()


def test_one_repeated_digit_is_no_code_of_a_carrier_the_mail_names_either() -> None:
    assert codes(notice_of("Your parcel 000000000000 has shipped with FedEx", "Your order has shipped")) == set()


def test_a_known_order_number_behind_a_tracking_label_is_no_code() -> None:
    number = "3031265788145237"
    found = notice_of(f"Tracking number: {number}", sender=ALIEXPRESS, known=frozenset({number}))
    assert codes(found) == set()


def test_a_known_order_number_behind_a_label_and_in_a_carriers_link_is_no_code() -> None:
    number = "3031265788145237"
    found = notice_of(
        f"Tracking number: {number}",
        links=[f"https://global.cainiao.com/newDetail.htm?mailNoList={number}"],
        known=frozenset({number}),
    )
    assert codes(found) == set()


def test_a_number_in_parameters_for_both_is_no_code() -> None:
    link = "https://shop.example/track?orderId=123456789012&trackingNumber=123456789012&x=1"
    found = notice_of("Order number: 123456789012", "Your order has shipped", links=[link])
    assert (orders(found), codes(found)) == ({"123456789012"}, set())


COUNTS = {
    "a count far behind the word": ("Your order might be free: 250 prizes, today", set()),
    "a short number right behind it": ("Your order: 250", {"250"}),
    "a longer number behind the shop's name": ("Your order from Needle Shop: 20577", {"20577"}),
}


@pytest.mark.parametrize(("subject", "expected"), COUNTS.values(), ids=COUNTS)
def test_what_a_short_number_counts_is_no_order(subject: str, expected: set[str]) -> None:
    assert orders(notice_of("Your parcel has been shipped", subject)) == expected


COLUMNS = {
    "a word for a number": ("Bestellnr.\tKundennr.\tBestelldatum\n20577\t31024\t3.11.2026", {"20577"}),
    "a word for the thing": ("Bestellung\tArtikel\tStück\n20577\tNadel\t3", set()),
}


@pytest.mark.parametrize(("text", "expected"), COLUMNS.values(), ids=COLUMNS)
def test_a_column_named_number_holds_shorter_ones(text: str, expected: set[str]) -> None:
    assert orders(notice_of(text, "Ihre Ware wurde versendet")) == expected


PAYMENTS = {
    "the order's own number": (
        "Objednávku č. 2611-4407 jsme přijali.\nVariabilní symbol 26114407, částka 690 Kč",
        "Děkujeme za objednávku",
        {"2611-4407"},
    ),
    "the order's own number, de": (
        "Ihre Bestellung 2611-4407 ist eingegangen.\nVerwendungszweck: 2611-4407",
        "Vielen Dank für Ihre Bestellung",
        {"2611-4407"},
    ),
    "a number of its own": (
        "Objednávku č. 2611-4407 jsme přijali.\nVariabilní symbol 880117320, částka 690 Kč",
        "Děkujeme za objednávku",
        {"2611-4407"},
    ),
    "alone": ("Variabilní symbol 880117320, částka 690 Kč", "Děkujeme za objednávku", set()),
}


@pytest.mark.parametrize(("text", "subject", "expected"), PAYMENTS.values(), ids=PAYMENTS)
def test_an_order_number_to_pay_with_is_still_the_orders(text: str, subject: str, expected: set[str]) -> None:
    found = notice_of(text, subject)
    assert (orders(found), codes(found)) == (expected, set())


def test_an_account_in_the_shape_of_another_shops_orders_is_no_order() -> None:
    found = notice_of("訂單編號：QH-30417\n匯款帳號：郵局 700-0043117-0552908", "感謝您的訂購")
    assert orders(found) == {"QH-30417"}


def test_a_bill_with_an_order_number_of_amazon_still_names_the_order() -> None:
    found = notice_of("Ihre Rechnung 305-0043117-0552908 liegt bei.", "Ihre Ware wurde versandt")
    assert orders(found) == {"305-0043117-0552908"}


ORDER_PAGES = {
    "on the shop's own site": ("https://mc.coupang.com/ssr/desktop/order/29000417730586?from=mail", {"29000417730586"}),
    "of another shape": ("https://mc.coupang.com/ssr/desktop/order/2900041773", set()),
    "elsewhere": ("https://shop.example/order/29000417730586", set()),
    "the list of orders": ("https://mc.coupang.com/ssr/desktop/order/list", set()),
}


@pytest.mark.parametrize(("link", "expected"), ORDER_PAGES.values(), ids=ORDER_PAGES)
def test_the_page_of_an_order_names_it_on_the_shops_own_site(link: str, expected: set[str]) -> None:
    found = notice_of("상품이 도착했습니다", "배송을 완료했어요", "no-reply@coupang.com", links=[link])
    assert (orders(found), codes(found)) == (expected, set())


FOLLOWED = {
    "nl": ("U kunt het doosje volgen met de code JVGL05120334009817264403.", "Verzonden met DHL", True),
    "de": ("Sie können es verfolgen mit dem Code JJD000390007724415580", "Versandt mit DHL", True),
    "es": ("Puede seguir la caja con el código PK88QW7712034KD", "Enviado", True),
    "nl, to save with": ("Bespaar de volgende keer met de code JVGL05120334009817264403.", "Verzonden met DHL", False),
    "en, to save with": ("Follow us and save with the code SPRING2026117", "Your order has been shipped", False),
}


@pytest.mark.parametrize(("text", "subject", "taken"), FOLLOWED.values(), ids=FOLLOWED)
def test_a_code_to_follow_a_parcel_with_is_none_to_save_with(text: str, subject: str, taken: bool) -> None:
    assert bool(codes(notice_of(text, subject))) is taken


INFLECTED = {
    "object": ("Kérésedre a #30417 rendelést töröltük.", {"30417"}),
    "object, with a stop": ("Töröltük a 30417. rendelést.", {"30417"}),
    "a count": ("Köszönjük, hogy töröltük a 30 kör rendelést", set()),
}


@pytest.mark.parametrize(("text", "expected"), INFLECTED.values(), ids=INFLECTED)
def test_a_hungarian_order_behind_its_number_is_inflected(text: str, expected: set[str]) -> None:
    found = notice_of(text, "Kedves Anna! Köszönjük, a rendelés alatt már nem szállítás")
    assert orders(found) == expected


SHORT_ORDERS = {
    "in a row of a form": ("Comandă\t8813\nStatus\texpediată", "Elena, coletul a fost expediat", {"8813"}),
    "among other columns": ("Order\tPieces\n8813\t3", "Your parcel has been sent", set()),
    "ar": ("رقم الطلب 88130", "تم شحن طلبك", {"88130"}),
    "he": ("מספר הזמנה 88130", "ההזמנה שלך נשלחה", {"88130"}),
}


@pytest.mark.parametrize(("text", "subject", "expected"), SHORT_ORDERS.values(), ids=SHORT_ORDERS)
def test_a_short_order_number_needs_a_name_of_its_own(text: str, subject: str, expected: set[str]) -> None:
    assert orders(notice_of(text, subject)) == expected


def test_what_a_carrier_calls_the_reference_of_its_parcel_is_the_code() -> None:
    found = notice_of("Landmark reference\nLTN45330147N1", "Your parcel is in transit", "no-reply@landmarkglobal.com")
    assert codes(found) == {"LTN45330147N1"}


DELIVERY_NOTES = {
    "es, the shop's own": ("Hemos entregado la caja a SEUR.\nAlbarán n.º 260325118407", "Tu pedido ha salido", set()),
    "uk, the shop's own": ("Нова пошта\nВидаткова накладна\tРН-0000412877", "Ваше замовлення відправлено", set()),
    "uk, the carrier's": ("Нова пошта\nНакладна\t20450811902214", "Ваше замовлення відправлено", {"20450811902214"}),
    "ru, the carrier's": ("СДЭК, номер накладной 1118472635", "Ваш заказ отправлен", {"1118472635"}),
}


@pytest.mark.parametrize(("text", "subject", "expected"), DELIVERY_NOTES.values(), ids=DELIVERY_NOTES)
def test_a_delivery_note_needs_the_shape_of_a_carriers_code(text: str, subject: str, expected: set[str]) -> None:
    assert codes(notice_of(text, subject)) == expected


def test_a_payments_reference_yields_to_an_order_that_has_the_usual_shape_and_a_label() -> None:
    found = notice_of("Encomenda: AM004817\nReferência 263 551 847", "A encomenda AM004817 foi enviada")
    assert orders(found) == {"AM004817"}


def test_a_number_with_slashes_stays_one_where_no_blank_parts_words() -> None:
    subject = "您的订单 INV/20261012/MPL/4372853027 已发货，快递：顺丰"
    found = notice_of(subject, subject)
    assert (orders(found), codes(found)) == ({"INV/20261012/MPL/4372853027"}, set())


def test_the_only_code_of_a_mail_that_calls_it_invalid_is_none() -> None:
    text = "Your number RB123456785CN is no longer valid. PostNL will tell you the new one."
    assert codes(notice_of(text, "Your tracking number has changed")) == set()


def test_an_inquiry_number_yields_to_the_orders() -> None:
    found = notice_of("ご注文番号 MK-2611-0847\n受付番号 260117-4817", "商品を発送いたしました")
    assert orders(found) == {"MK-2611-0847"}


def test_czech_writes_the_word_for_number_short_behind_any_case_of_order() -> None:
    found = notice_of("Zásilka s objednávkou č. 2611-04817 dorazila na výdejní místo.", "Vaše zásilka dorazila")
    assert orders(found) == {"2611-04817"}


def test_a_code_and_the_same_without_its_letter_are_one_parcel() -> None:
    links = ["https://tracking.packeta.com/cs/?id=3177402581"]
    found = notice_of("Zásilkovna, číslo zásilky Z3177402581", "Zásilka odeslána", links=links)
    assert codes(found) == {"Z3177402581"}


def test_an_order_number_with_points_between_its_thousands_is_whole() -> None:
    found = notice_of("Seu pedido nº 184.302 foi entregue aos Correios. Peso: 1.250 g", "Seu pedido foi despachado")
    assert orders(found) == {"184.302"}


def test_the_code_of_a_return_label_is_no_parcels() -> None:
    text = "Sendungsnummer: 00340434582119077451\nIm Paket liegt ein Etikett (Retouren-Sendungsnummer RR123456785DE)."
    assert codes(notice_of(text, "Ihre Ware wurde mit DHL versandt")) == {"00340434582119077451"}


def test_hebrew_writes_the_word_for_number_short() -> None:
    assert orders(notice_of("הזמנה מס׳ 6614 נארזה", "ההזמנה שלך מס׳ 6614 נשלחה")) == {"6614"}


OF_ONE_SERIES = {
    "a shipment numbered like the order": (
        "Order no. 300018817\nShipment no. 300017204, sent with GLS",
        {"300018817"},
        set(),
    ),
    "a parcel number of another series": (
        "Order no. 300018817\nTracking number 310294417, sent with GLS",
        {"300018817"},
        {"310294417"},
    ),
    "your parcel in the subject, your order in the text": (
        "Your order 51882-330417 has been handed to GLS.\nTracking number: 00518827391",
        {"51882-330417"},
        {"00518827391"},
    ),
}


@pytest.mark.parametrize(("text", "order", "code"), OF_ONE_SERIES.values(), ids=OF_ONE_SERIES)
def test_what_a_shop_numbers_like_the_order_is_no_code(text: str, order: set[str], code: set[str]) -> None:
    subject = "Your parcel has been sent - 51882-330417" if "51882-330417" in text else "Your order has been sent"
    found = notice_of(text, subject)
    assert (orders(found), codes(found)) == (order, code)


COUPONS = {
    "en": "Sorry! Take 10 % off your next order: SORRY-4K7M20",
    "de": "Unser Gutschein über 5 € für Ihre nächste Bestellung: DANKE-4K7M20",
    "ru": "Промокод на 500 ₽ на следующий заказ: SPASIBO-4K7M20",
    "pl": "Kod rabatowy na kolejne zamówienie: DZIEKI-4K7M20",
}


@pytest.mark.parametrize("line", COUPONS.values(), ids=COUPONS)
def test_a_reduction_of_the_next_order_is_no_order(line: str) -> None:
    assert orders(notice_of(line, "Order RM-204418 has been cancelled")) == {"RM-204418"}


def test_an_order_behind_the_word_for_a_reduction_is_still_one() -> None:
    assert orders(notice_of("Your coupon was used for order 20441882.", "Your order has been sent")) == {"20441882"}


ARTICLES = {
    "bg": "Розова вода 250 мл, баркод 3800185813564, 2 бр.",
    "sr": "Ружина вода 250 мл, баркод 3800185813564, 2 ком.",
    "tr": "Gül suyu 250 ml, barkod 3800185813564, 2 adet",
    "de": "Rosenwasser 250 ml, Strichcode 3800185813564, 2 Stück",
}


@pytest.mark.parametrize("line", ARTICLES.values(), ids=ARTICLES)
def test_the_bar_code_of_an_article_is_no_parcels(line: str) -> None:
    assert codes(notice_of(line, "Order 118472 has been sent")) == set()


STATEMENTS = {
    "the day begins it": ("11.10.2026\tНова пошта, оплата\t20261011902214\t−95,00", set()),
    "a code": ("11.10.2026\tНова пошта, оплата\t20450811902214\t1", {"20450811902214"}),
}


@pytest.mark.parametrize(("row", "expected"), STATEMENTS.values(), ids=STATEMENTS)
def test_a_reference_that_begins_with_the_day_is_no_code(row: str, expected: set[str]) -> None:
    assert codes(notice_of(f"Дата\tОперація\t№ документа\tСума\n{row}", "Ваше замовлення відправлено")) == expected


def test_an_ordinal_sign_behind_a_point_introduces_a_number() -> None:
    assert orders(notice_of("Encomenda n.º 7781 (2 Novembro, 2026)", "A sua encomenda foi enviada")) == {"7781"}
