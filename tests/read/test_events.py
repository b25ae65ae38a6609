"""What happened, told from subject and text: which of many phrases holds, and what only sounds like news."""

from __future__ import annotations

import pytest
from letters import ALIEXPRESS, notice_of

from pipeline.model import Event
from pipeline.read.events import tell

SAID = {
    "ordered": ("en", "Thank you for your order", Event.ORDERED),
    "shipped": ("en", "Your order has been shipped", Event.SHIPPED),
    "on its way": ("en", "Your parcel is in transit", Event.IN_TRANSIT),
    "out for delivery": ("en", "Your parcel is out for delivery", Event.OUT_FOR_DELIVERY),
    "ready to collect": ("en", "Your parcel is ready for collection", Event.AVAILABLE_FOR_PICKUP),
    "attempt": ("en", "We tried to deliver your parcel", Event.ATTEMPT_FAILED),
    "delivered": ("en", "Your parcel has been delivered", Event.DELIVERED),
    "delayed": ("en", "Your parcel is delayed", Event.EXCEPTION),
    "cancelled": ("en", "Your order has been cancelled", Event.CANCELLED),
    "refunded": ("en", "Your refund has been issued", Event.REFUNDED),
    "de": ("de", "Ihre Bestellung wurde versandt", Event.SHIPPED),
    "de, delivered": ("de", "Ihr Paket wurde zugestellt", Event.DELIVERED),
    "fr": ("fr", "Votre colis a été livré", Event.DELIVERED),
    "es": ("es", "Tu paquete ha sido entregado", Event.DELIVERED),
    "it": ("it", "Il tuo pacco è stato consegnato", Event.DELIVERED),
    "pl": ("pl", "Twoja przesyłka została wysłana", Event.SHIPPED),
    "ru": ("ru", "Ваш заказ отправлен", Event.SHIPPED),
    "zh": ("zh", "您的包裹已签收", Event.DELIVERED),
    "English in a German mail": ("de", "Order shipped", Event.SHIPPED),
    "no language known": (None, "Ihr Paket wurde zugestellt", Event.DELIVERED),
    "nothing": ("en", "Have a nice day", Event.NONE),
}


@pytest.mark.parametrize(("language", "line", "event"), SAID.values(), ids=SAID)
@pytest.mark.parametrize("place", ["subject", "text"])
def test_an_event_is_told(place: str, language: str | None, line: str, event: Event) -> None:
    told = tell(line, "", language, None) if place == "subject" else tell("", line, language, None)
    assert told.event is event


NEGATED = {
    "could not be delivered": ("en", "Your parcel could not be delivered", Event.ATTEMPT_FAILED),
    "was not delivered": ("en", "Your parcel was not delivered", Event.ATTEMPT_FAILED),
    "undelivered": ("en", "Undelivered: your parcel", Event.ATTEMPT_FAILED),
    "not yet shipped": ("en", "Your order has not been shipped", Event.ORDERED),
    "when it has shipped": ("en", "We will tell you when your order has shipped", Event.ORDERED),
    "as soon as it ships": ("en", "As soon as your order ships we will write", Event.ORDERED),
    "when it has been delivered": (
        "en",
        "We will write when your parcel has been delivered",
        Event.IN_TRANSIT,
    ),
    "will be delivered": ("en", "Your parcel will be delivered soon", Event.IN_TRANSIT),
    "will be delivered today": ("en", "Your parcel will be delivered today", Event.OUT_FOR_DELIVERY),
    "de, nicht zugestellt": ("de", "Ihr Paket konnte nicht zugestellt werden", Event.ATTEMPT_FAILED),
    "de, sobald versandt": ("de", "Wir schreiben, sobald Ihre Bestellung versandt wurde", Event.ORDERED),
    "delivered to a locker": ("en", "Delivered to your parcel locker", Event.AVAILABLE_FOR_PICKUP),
    "de, comes today": ("de", "Ihr Paket kommt heute zwischen 9:10 und 10:40 Uhr", Event.OUT_FOR_DELIVERY),
    "pt, in the shop": ("pt", "A tua compra já está na loja e pronta a levantar", Event.AVAILABLE_FOR_PICKUP),
    "pt, come and collect": ("pt", "Pode vir buscar o seu artigo", Event.AVAILABLE_FOR_PICKUP),
    "pt, invoice": ("pt", "A nota fiscal da sua compra foi autorizada", Event.ORDERED),
    "cs, goes back": ("cs", "Balíček se vrací k odesílateli", Event.RETURNED),
    "cs, sent back": ("cs", "Dnes jsme jej poslali zpět", Event.RETURNED),
    "sk, goes back": ("sk", "Balík sa vracia k odosielateľovi", Event.RETURNED),
    "sv, the money goes back": ("sv", "Dina pengar är på väg tillbaka", Event.REFUNDED),
    "change of status, de": ("de", "Statusänderung: versendet", Event.SHIPPED),
    "change of status, pl": ("pl", "Zmiana statusu zamówienia: wysłane", Event.SHIPPED),
    "change of status, cs": ("cs", "Změna stavu objednávky: odesláno", Event.SHIPPED),
    "change of status, ru": ("ru", "Изменение статуса заказа: отправлен", Event.SHIPPED),
    "change of status, hr": ("hr", "Promjena statusa narudžbe: poslano", Event.SHIPPED),
    "if not received": ("de", "Falls Sie das Paket nicht erhalten haben", Event.NONE),
    "delivery address": ("de", "Zustellung an Anna Beispiel", Event.NONE),
}


@pytest.mark.parametrize(("language", "line", "event"), NEGATED.values(), ids=NEGATED)
def test_the_longest_match_holds(language: str, line: str, event: Event) -> None:
    assert tell("", line, language, None).event is event


COMPLETE = {
    "small shop, sent": ("en", "Your order is complete", "Hello Mila,\nYour order has been shipped.", Event.SHIPPED),
    "nothing more said": ("en", "Your order is complete", "Thanks for shopping with us.", Event.CLOSED),
    "delivered first": ("en", "Your order is complete", "It was delivered on Monday.\nWe shipped it.", Event.CLOSED),
    "id": ("id", "Pesanan Anda telah selesai", "Pesanan sudah kami kirim.", Event.SHIPPED),
}


@pytest.mark.parametrize(("language", "subject", "text", "event"), COMPLETE.values(), ids=COMPLETE)
def test_an_order_that_is_complete_may_only_have_left(language: str, subject: str, text: str, event: Event) -> None:
    assert tell(subject, text, language, None).event is event


def test_the_subject_comes_before_the_body() -> None:
    told = tell("Your parcel is out for delivery", "Your order has been shipped", "en", None)
    assert told.event is Event.OUT_FOR_DELIVERY


def test_the_body_is_asked_where_the_subject_is_silent() -> None:
    assert tell("News for you", "Your order has been shipped", "en", None).event is Event.SHIPPED


def test_the_first_line_that_tells_an_event_holds() -> None:
    text = "Hello Anna\nYour parcel has been delivered\nYour order has been shipped"
    assert tell("", text, "en", None).event is Event.DELIVERED


def test_a_bare_word_in_a_long_line_yields_to_a_sentence() -> None:
    text = (
        "Items that are shipped from abroad may be subject to duties and other fees of the other country\n"
        "Your parcel has been delivered"
    )
    assert tell("", text, "en", None).event is Event.DELIVERED


def test_news_comes_before_the_confirmation_beside_it() -> None:
    assert tell("Order confirmation: has been shipped", "", "en", None).event is Event.SHIPPED


def test_the_phrase_that_told_it_is_named() -> None:
    assert tell("Your parcel is out for delivery", "", "en", None).phrase == "out for delivery"


ENDS = {
    "cannot be delivered, so it is cancelled": (
        "nl",
        "Je bestelling kan niet geleverd worden",
        "Door een brand hebben we je bestelling geannuleerd",
        Event.CANCELLED,
    ),
    "could not be delivered": (
        "nl",
        "Je bestelling kon niet geleverd worden",
        "We proberen het morgen opnieuw",
        Event.ATTEMPT_FAILED,
    ),
    "a return, refunded": ("sv", "Din retur", "Vi har återbetalat 215 kr till ditt kort", Event.REFUNDED),
    "a return, received": ("sv", "Vi har tagit emot din retur", "Återbetalning inom 14 dagar", Event.RETURNED),
    "a return, and a sentence of the money": (
        "fr",
        "Votre retour nous est parvenu",
        "Votre retour a été contrôlé.\nNous vous avons remboursé 31,20 EUR ce matin",
        Event.REFUNDED,
    ),
    "a return, and the money to come": (
        "fr",
        "Votre retour nous est parvenu",
        "Votre remboursement suivra sous quinze jours",
        Event.RETURNED,
    ),
    "on its way, but back": (
        "no",
        "Esken fra oss er på vei",
        "Den ble ikke hentet og er nå sendt i retur til oss",
        Event.RETURNED,
    ),
    "sent, and how to return it": (
        "en",
        "Your order has been dispatched",
        "If you do not like it, start a return within 30 days",
        Event.SHIPPED,
    ),
    "a status alone": ("de", "Statusänderung Ihrer Bestellung", "Neuer Status: versendet", Event.SHIPPED),
}


@pytest.mark.parametrize(("language", "subject", "text", "event"), ENDS.values(), ids=ENDS)
def test_the_body_tells_how_the_news_of_the_subject_ends(language: str, subject: str, text: str, event: Event) -> None:
    assert tell(subject, text, language, None).event is event


BARS = {
    "line by line": "Ordered\nYour order has been placed\nShipped\nOut for delivery\nDelivered",
    "with dates between": "Order placed\n1 Nov\nShipped\n3 Nov\nOut for delivery\n9 Nov\nDelivered\n10 Nov",
    "in one line": "Order placed > Shipped > Out for delivery > Delivered",
    "in cells": "Order placed\tShipped\tOut for delivery\tDelivered",
}


@pytest.mark.parametrize("bar", BARS.values(), ids=BARS)
def test_a_progress_bar_tells_nothing(bar: str) -> None:
    assert tell("", bar, "en", None).event is Event.NONE


@pytest.mark.parametrize("bar", BARS.values(), ids=BARS)
def test_what_stands_beside_a_progress_bar_tells_the_event(bar: str) -> None:
    text = f"{bar}\nDear customer, we are glad to say that your parcel is in transit to you"
    assert tell("", text, "en", None).event is Event.IN_TRANSIT


def test_two_steps_are_no_progress_bar() -> None:
    assert tell("", "Shipped\nDelivered", "en", None).event is not Event.NONE


REVIEWS = {
    "asks only": ("How did it go?", "Tell us what you think of your order.", Event.NONE),
    "with a confirmed delivery": ("How did it go?", "Your order has been delivered.", Event.DELIVERED),
    "with a bare word": ("How did it go?", "Delivered", Event.NONE),
    "with other news": ("How did it go?", "Your order has been shipped.", Event.NONE),
}


@pytest.mark.parametrize(("subject", "text", "event"), REVIEWS.values(), ids=REVIEWS)
def test_a_review_request_tells_only_a_confirmed_delivery(subject: str, text: str, event: Event) -> None:
    assert tell(subject, text, "en", None).event is event


SHOPS = {
    "AliExpress, de, handed over": ("aliexpress", "de", "Bestellung 1: Wird zugestellt", Event.IN_TRANSIT),
    "elsewhere, de, last mile": (None, "de", "Ihr Paket wird heute zugestellt", Event.OUT_FOR_DELIVERY),
    "AliExpress, ready to ship": ("aliexpress", "en", "Order 1: ready to ship", Event.ORDERED),
    "AliExpress, awaiting": ("aliexpress", "en", "Order 1: awaiting confirmation", Event.CLOSING),
    "AliExpress, awaiting, de": (
        "aliexpress",
        "de",
        "Bestellung 1: Auf Bestätigung wird gewartet",
        Event.CLOSING,
    ),
    "AliExpress, English words in a German mail": (
        "aliexpress",
        "de",
        "Order 1: order shipped",
        Event.SHIPPED,
    ),
    "AliExpress, customs": ("aliexpress", "en", "Package AP1: at customs", Event.IN_TRANSIT),
    "AliExpress, Korean": ("aliexpress", "ko", "운송장 번호 AP1: 배송 완료", Event.DELIVERED),
    "eBay, de": ("ebay", "de", "Ihre Sendung ist jetzt beim Versanddienstleister!", Event.IN_TRANSIT),
}


@pytest.mark.parametrize(("shop", "language", "subject", "event"), SHOPS.values(), ids=SHOPS)
def test_a_shops_own_words_come_first(shop: str | None, language: str, subject: str, event: Event) -> None:
    assert tell(subject, "", language, shop).event is event


STATUSES = {
    "at customs": ("en", "Package AP1: at customs", "customs"),
    "cleared customs is not at customs": ("en", "Package AP1 has cleared customs", "customs-cleared"),
    "left": ("en", "Package AP1: left the departure region", "left-origin"),
    "local carrier": ("en", "Package AP1: with local carrier", "local-carrier"),
    "delivery center": ("en", "Package AP1: at delivery center", "delivery-center"),
    "label": ("en", "Shipping label created", "label-created"),
    "partial": ("en", "Your order is partially shipped", "partial"),
    "delayed": ("en", "Your parcel is delayed", "delayed"),
    "de, customs": ("de", "Packstück AP1: beim Zoll", "customs"),
    "de, cleared": ("de", "Zollabfertigung für AP1 wurde beendet", "customs-cleared"),
    "none": ("en", "Your order has been shipped", None),
}


@pytest.mark.parametrize(("language", "subject", "status"), STATUSES.values(), ids=STATUSES)
def test_a_finer_status_is_told(language: str, subject: str, status: str | None) -> None:
    assert tell(subject, "", language, None).status == status


# ── in whole mails ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_carrier_that_says_on_its_way_has_the_parcel() -> None:
    found = notice_of("Tracking number RB123456785CN", "Your parcel is on its way", "noreply@dhl.de")
    assert found.event is Event.IN_TRANSIT


def test_a_carrier_that_only_knows_of_a_label_has_no_parcel_yet() -> None:
    found = notice_of("Tracking number RB123456785CN", "Shipping label created", "noreply@dhl.de")
    assert (found.event, found.status) == (Event.SHIPPED, "label-created")


def test_a_carriers_mail_without_a_code_tells_nothing() -> None:
    assert notice_of("Hello", "Your parcel has been delivered", "noreply@dhl.de").event is Event.NONE


def test_advertising_tells_nothing() -> None:
    found = notice_of("Order 3031265788145237 has been shipped", "Your order", "x@deals.aliexpress.com")
    assert (found.event, found.orders) == (Event.NONE, ())


def test_markup_fills_in_where_the_words_fail() -> None:
    script = '{"@type":"Order","orderNumber":"3031265788145237","orderStatus":"OrderDelivered"}'
    assert notice_of("Have a nice day", "News", ALIEXPRESS, markup=(script,)).event is Event.DELIVERED


def test_words_are_finer_than_markup() -> None:
    script = '{"@type":"Order","orderNumber":"3031265788145237","orderStatus":"OrderInTransit"}'
    found = notice_of("", "Your parcel is out for delivery", ALIEXPRESS, markup=(script,))
    assert found.event is Event.OUT_FOR_DELIVERY


def test_a_status_without_an_event_is_not_told() -> None:
    subject, text = "How did it go?", "Your parcel had a delay"
    assert tell(subject, text, "en", None).status == "delayed"
    found = notice_of(text, subject)
    assert (found.event, found.status) == (Event.NONE, None)


CARRIERS_WORDS = {
    "on its way to you today, ar": ("ar", "شحنتك في الطريق إليك اليوم", "", Event.OUT_FOR_DELIVERY),
    "the courier comes, ar": ("ar", "شحنتك في الطريق", "مندوبنا في طريقه إليك الآن", Event.OUT_FOR_DELIVERY),
    "on its way to you today, en": ("en", "Your parcel is on its way to you today", "", Event.OUT_FOR_DELIVERY),
    "sent today, en": ("en", "Your parcel has been sent today", "", Event.IN_TRANSIT),
    "the courier comes, tr": ("tr", "Kargonuz yola çıktı", "Kurye bugün teslim edecek", Event.OUT_FOR_DELIVERY),
    "on its way, en": ("en", "Your parcel is on its way", "", Event.IN_TRANSIT),
    "label only, en": ("en", "Shipping label created", "", Event.SHIPPED),
}


@pytest.mark.parametrize(("language", "subject", "text", "event"), CARRIERS_WORDS.values(), ids=CARRIERS_WORDS)
def test_on_its_way_says_more_where_a_carrier_says_it(language: str, subject: str, text: str, event: Event) -> None:
    assert tell(subject, text, language, None, of_carrier=True).event is event


def test_a_bill_that_is_ready_is_no_parcel_though_it_names_carriers() -> None:
    text = "Ihr Bescheid steht bereit. Wir filtern jetzt gefälschte Paket-SMS von DHL und Hermes."
    assert notice_of(text, "Ihr Bescheid 2026").event is Event.NONE


SAID_ANYWHERE = {
    "en": ("en", "Questions? Come back to us any time."),
    "es": ("es", "Satisfecho o tu dinero de vuelta."),
    "ja": ("ja", "商品が破損していた場合は、ご連絡ください。"),
}


@pytest.mark.parametrize(("language", "line"), SAID_ANYWHERE.values(), ids=SAID_ANYWHERE)
def test_what_may_be_said_in_any_mail_is_no_news(language: str, line: str) -> None:
    assert tell("", line, language, None).event is Event.NONE


def test_today_counts_only_in_the_sentence_that_tells_the_way() -> None:
    text = "Your order left our house today. The code will arrive by mail from the carrier and is on its way."
    assert tell("", text, "en", None, of_carrier=True).event is Event.IN_TRANSIT


def test_an_order_that_is_complete_and_has_a_code_has_left() -> None:
    found = notice_of("Tracking number: RB123456785CN", "Your order is now complete")
    assert found.event is Event.SHIPPED


def test_an_advertisers_own_address_tells_nothing() -> None:
    text = "Geliefert in 1-2 Tagen, versandkostenfrei mit DHL ab 75 €"
    for address in ("newsletter@wolle.example", "wolle@promo.wolle.example"):
        assert notice_of(text, "Ihr Wollpaket wartet", address).event is Event.NONE


def test_on_its_way_is_only_shipped_where_a_shop_says_it() -> None:
    assert tell("شحنتك في الطريق", "", "ar", None).event is Event.SHIPPED


BROKEN = {
    "told by both lines": (
        "As you have asked us on Friday, we have looked at it and your\nrefund has been issued this morning.",
        Event.REFUNDED,
    ),
    "turned by the line above": (
        "Nobody opened the door of your house, so that it could not be\ndelivered today.",
        Event.ATTEMPT_FAILED,
    ),
    "asked in a condition": (
        "Please write to us at any time of the day or night if it is not\ndelivered by Monday",
        Event.NONE,
    ),
    "the line above ends a sentence": (
        "Nobody has opened the door of your house, though we could not be.\nDelivered today.",
        Event.DELIVERED,
    ),
    "the line above is a headline": ("Sorry, it could not be\ndelivered", Event.DELIVERED),
}


@pytest.mark.parametrize(("text", "event"), BROKEN.values(), ids=BROKEN)
def test_a_sentence_broken_over_two_lines_is_read_as_one(text: str, event: Event) -> None:
    assert tell("", text, "en", None).event is event


HANDED_OVER = {
    "pt, some words behind": ("pt", "Entregámos hoje a sua encomenda nos CTT", Event.SHIPPED),
    "el": ("el", "Η παραγγελία παραδόθηκε στα ΕΛΤΑ σήμερα", Event.SHIPPED),
    "el, to the reader": ("el", "Η παραγγελία παραδόθηκε στην Αθήνα", Event.DELIVERED),
    "es": ("es", "Tu pedido ha sido entregado a SEUR", Event.SHIPPED),
    "es, by the carrier": ("es", "Tu pedido ha sido entregado por SEUR", Event.DELIVERED),
    "it": ("it", "Il pacco è stato consegnato a GLS", Event.SHIPPED),
    "pt": ("pt", "A encomenda foi entregue aos CTT", Event.SHIPPED),
    "en": ("en", "Your parcel has been delivered to USPS for the rest of the way", Event.SHIPPED),
    "en, a name": ("en", "Your parcel has been delivered to Anna", Event.DELIVERED),
}


@pytest.mark.parametrize(("language", "line", "event"), HANDED_OVER.values(), ids=HANDED_OVER)
def test_what_is_delivered_to_a_carrier_has_only_left(language: str, line: str, event: Event) -> None:
    assert tell("", line, language, None).event is event


WORDS = {
    "en, in the house": ("en", "We have your order", Event.ORDERED),
    "en, we have it ready": ("en", "We have your order ready for collection", Event.AVAILABLE_FOR_PICKUP),
    "nl, in the house": ("nl", "Je bestelling is goed binnengekomen", Event.ORDERED),
    "fr, in the house": ("fr", "Votre commande nous est bien parvenue", Event.ORDERED),
    "ru, time over": ("ru", "Срок хранения истёк, посылка отослана обратно", Event.RETURNED),
    "ru, time ends": ("ru", "Посылка ждёт вас, срок хранения истекает в пятницу", Event.AVAILABLE_FOR_PICKUP),
    "uk, time over": ("uk", "Термін зберігання минув, посилку надіслано відправнику", Event.RETURNED),
    "bg, time over": ("bg", "Срокът за съхранение изтече", Event.RETURNED),
    "cs, time over": ("cs", "Úložní doba uplynula", Event.RETURNED),
    "no, home again": ("no", "Esken er på vei hjem igjen", Event.RETURNED),
    "no, home to you": ("no", "Esken er på vei hjem til deg", Event.SHIPPED),
    "da, home again": ("da", "Æsken er på vej hjem igen", Event.RETURNED),
    "sv, not collected": ("sv", "Paketet hämtades inte i tid", Event.RETURNED),
    "it, customs": ("it", "Il pacco è trattenuto alla dogana", Event.EXCEPTION),
    "it, customs, a thing of her": ("it", "La spedizione è bloccata in dogana", Event.EXCEPTION),
    "it, only there": ("it", "La spedizione è in dogana", Event.IN_TRANSIT),
    "es, customs": ("es", "La caja está detenida en la aduana", Event.EXCEPTION),
    "fr, customs": ("fr", "La caisse est immobilisée en douane", Event.EXCEPTION),
    "pt, customs": ("pt", "A caixa está bloqueada na alfândega", Event.EXCEPTION),
    "de, customs": ("de", "Die Kiste wird beim Zoll aufgehalten", Event.EXCEPTION),
    "bg, you have it": ("bg", "Виждаме, че сте получили колета в петък", Event.DELIVERED),
    "bg, once you have it": ("bg", "Пишете ни, след като сте получили колета", Event.NONE),
    "uk, you have it": ("uk", "Бачимо, що ви забрали посилку", Event.DELIVERED),
    "uk, when you have it": ("uk", "Напишіть нам, коли ви забрали посилку", Event.NONE),
    "hu, cancelled": ("hu", "Töröltük a 30417. rendelést", Event.CANCELLED),
}


@pytest.mark.parametrize(("language", "line", "event"), WORDS.values(), ids=WORDS)
def test_words_with_their_family(language: str, line: str, event: Event) -> None:
    assert tell("", line, language, None).event is event
