"""Finding phrases: whole words, stems, gaps, scripts without blanks, accents left out; linear in the text."""

from __future__ import annotations

import pytest

from pipeline.read.normal import normalise
from pipeline.read.phrases import Phrases, parcel_words
from pipeline.read.words import BOUNDARIES, bare, words_of

FOUND = {
    "a word": ("shipped", "it was shipped today", True),
    "a word, capitals": ("shipped", "It was SHIPPED today", True),
    "a part of a word": ("ship", "it was shipped", False),
    "the end of a word": ("livered", "delivered", False),
    "a row of words": ("has been shipped", "it has been shipped", True),
    "a row of words in another order": ("has been shipped", "been has shipped", False),
    "a row of words with another between": ("has been shipped", "has just been shipped", False),
    "over a line": ("has shipped", "it has\nshipped", False),
    "over a cell": ("has shipped", "it has\tshipped", False),
    "over a sentence": ("order shipped", "your order. Shipped", False),
    "over a comma": ("has shipped", "it has, shipped", True),
    "over an abbreviation": ("order no 5", "order no. 5", True),
    "a hyphen is a blank": ("pick-up", "the pick up", True),
    "a blank is a hyphen": ("pick up", "the pick-up", True),
    "an apostrophe": ("it's here", "it’s here", True),
    "a stem": ("bestell*", "ihre bestellungen", True),
    "a stem, whole": ("bestell*", "bestell", True),
    "a stem, not before": ("bestell*", "vorbestellung", False),
    "a stem inside a phrase": ("ihr* paket", "ihrem paket", True),
    "a stem in the end": ("nicht erhalt*", "nicht erhalten", True),
    "a gap of none": ("when … shipped", "when shipped", True),
    "a gap of one": ("when … shipped", "when it shipped", True),
    "a gap of six": ("when … shipped", "when a b c d e f shipped", True),
    "a gap of seven": ("when … shipped", "when a b c d e f g shipped", False),
    "a gap over a sentence": ("when … shipped", "when it came. it shipped", False),
    "a gap over a line": ("when … shipped", "when it\nshipped", False),
    "two gaps": ("if … not … arrived", "if it has not yet arrived", True),
    "a gap with a stem": ("konnte … zugestell*", "konnte leider nicht zugestellt werden", True),
    "accents in the phrase": ("livré", "livre", True),
    "accents in the text": ("livre", "livré", True),
    "dotless i": ("kargonuz yola çıktı", "KARGONUZ YOLA ÇIKTI", True),
    "sharp s": ("straße", "STRASSE", True),
    "Cyrillic": ("доставлен", "Ваш заказ доставлен", True),
    "Cyrillic, stem": ("достав*", "доставка", True),
    "Han": ("已发货", "您的订单已发货了", True),
    "Han with a gap": ("预计…送达", "预计明天送达", True),
    "Han with a gap over a sentence": ("预计…送达", "预计明天。送达", False),
    "Han with too wide a gap": ("预计…送达", "预计" + "很" * 60 + "送达", False),
    "Kana": ("発送しました", "商品を発送しました。", True),
    "Hangul with a particle": ("주문번호", "주문번호는", True),
    "Hebrew with a prefix": ("חבילה", "החבילה", True),
    "Arabic": ("طلب", "طلبك", True),
    "Persian, joined without a joiner": ("بسته‌بندی", "بستهبندی شد", True),
    "Devanagari": ("डिलीवर हो गया", "आपका पैकेट डिलीवर हो गया है।", True),
    "Devanagari, a part of a word": ("डिलीवर", "डिलीवरी", False),
    "Devanagari, a stem": ("डिलीवर*", "डिलीवरी", True),
    "Devanagari over a danda": ("हो गया", "पूरा हो। गया", False),
    "Devanagari with a gap": ("आज … डिलीवर", "आज शाम तक डिलीवर", True),
    "full-width": ("abc", "ＡＢＣ", True),
    "invisible letters": ("shipped", "ship\u200bped", True),
}


@pytest.mark.parametrize(("phrase", "text", "there"), FOUND.values(), ids=FOUND)
def test_a_phrase_is_found(phrase: str, text: str, there: bool) -> None:
    assert bool(Phrases([(phrase, True)]).find(normalise(text))) is there


def test_a_phrase_tells_its_meaning_and_its_place() -> None:
    (found,) = Phrases([("has shipped", "sent")]).find("it has shipped today")
    assert (found.meaning, found.phrase, found.start, found.end) == ("sent", "has shipped", 3, 14)


def test_all_phrases_are_found_in_order() -> None:
    index = Phrases([("delivered", 1), ("not delivered", 2), ("today", 3)])
    assert [found.meaning for found in index.find("today: not delivered")] == [3, 2, 1]


def test_the_same_phrase_may_mean_two_things() -> None:
    found = Phrases([("order", "a"), ("order", "b")]).find("order")
    assert {item.meaning for item in found} == {"a", "b"}


def test_a_longer_phrase_hides_what_lies_inside() -> None:
    index = Phrases([("delivered", "yes"), ("could not be delivered", "no")])
    assert [found.meaning for found in index.longest("it could not be delivered")] == ["no"]


def test_a_longer_phrase_hides_what_it_overlaps() -> None:
    index = Phrases([("be delivered today", "long"), ("today only", "x")])
    assert [found.meaning for found in index.longest("to be delivered today only")] == ["long"]


def test_phrases_beside_each_other_are_all_kept() -> None:
    index = Phrases([("shipped", 1), ("delivered", 2)])
    assert [found.meaning for found in index.longest("shipped, then delivered")] == [1, 2]


def test_a_gap_takes_the_nearest_continuation() -> None:
    (found,) = Phrases([("when … shipped", True)]).find("when shipped and shipped")
    assert found.end == len("when shipped")


def test_glued_letters_weigh_more_than_letters_of_an_alphabet() -> None:
    index = Phrases([("已发货", "han"), ("shipped", "latin")])
    weights = {found.meaning: found.weight for found in index.find("shipped 已发货")}
    assert weights["han"] > weights["latin"]


@pytest.mark.parametrize("phrase", ["", "…", "*", "… …", "-"])
def test_a_phrase_of_no_words_finds_nothing(phrase: str) -> None:
    assert Phrases([(phrase, True)]).find("a * … - b") == []


@pytest.mark.parametrize("text", ["", " ", "\n", "...", "…"])
def test_a_text_of_no_words_holds_nothing(text: str) -> None:
    assert Phrases([("a", True), ("b*", True)]).find(text) == []


def test_words_end_where_sentences_lines_and_cells_do() -> None:
    assert [word for word in words_of("hello there!\nline\tcell") if word in BOUNDARIES] == ["!", "\n", "\t"]


@pytest.mark.parametrize(("word", "plain"), [("livré", "livre"), ("größe", "große"), ("abc", "abc"), ("ещё", "еще")])
def test_words_lose_their_accents(word: str, plain: str) -> None:
    assert bare(word) == plain


SUBJECTS = {
    "en": "Your parcel is here",
    "de": "Ihre Bestellung",
    "fr": "Votre colis",
    "es": "Tu pedido",
    "it": "Il tuo ordine",
    "pt": "Seu pedido",
    "nl": "Je bestelling",
    "pl": "Twoja przesyłka",
    "cs": "Vaše zásilka",
    "ru": "Ваш заказ",
    "uk": "Ваше замовлення",
    "tr": "Siparişiniz",
    "he": "החבילה שלך",
    "ar": "طلبك",
    "zh": "您的订单",
    "ja": "ご注文",
    "ko": "주문하신 상품",
}


@pytest.mark.parametrize(("code", "subject"), SUBJECTS.items())
def test_words_of_parcels_are_known_in_every_language(code: str, subject: str) -> None:
    assert code in {found.meaning for found in parcel_words().find(normalise(subject))}


def test_other_subjects_hold_no_word_of_parcels() -> None:
    assert parcel_words().find("lunch on friday?") == []
