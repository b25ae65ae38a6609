"""The languages as data: each file is sound, tells its language from others, its events from each other."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Event
from pipeline.read.detection import detect, scores
from pipeline.read.languages import languages, load_language
from pipeline.read.languagetable import News, Numbers
from pipeline.read.normal import normalise
from pipeline.read.phrases import Phrases
from pipeline.read.transliteration import in_cyrillic
from pipeline.tables import TableError, data_dir

if TYPE_CHECKING:
    from pipeline.read.languagetable import Language
    from pipeline.read.languagetable import Phrases as Listed

#: A stem: words, open at the beginning or the end, and nowhere else.
STEM = re.compile(r"\*?[^*…]+\*?")

CONTRIBUTING = Path(__file__).parent.parent / "CONTRIBUTING.md"
FILES = sorted(data_dir("read/languages").glob("*.toml"))
NAMED = {
    "en",
    "ru",
    "uk",
    "es",
    "pt",
    "fr",
    "de",
    "it",
    "pl",
    "cs",
    "nl",
    "tr",
    "he",
    "ar",
    "ja",
    "ko",
    "zh",
    "sv",
    "ro",
    "hu",
}


def file_id(path: Path) -> str:
    return path.stem


# ── the files ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", FILES, ids=file_id)
def test_file_is_sound(path: Path) -> None:
    language = load_language(path)
    assert language.code == path.stem


@pytest.mark.parametrize("path", FILES, ids=file_id)
def test_file_knows_words_for_every_event(path: Path) -> None:
    poor = {event for event, phrases in load_language(path).events.by_event().items() if len(phrases) < 8}
    assert poor == set()


@pytest.mark.parametrize("path", FILES, ids=file_id)
def test_file_knows_labels_of_every_kind(path: Path) -> None:
    poor = {kind for kind, labels in load_language(path).labels.by_kind().items() if len(labels) < 5}
    assert poor == set()


@pytest.mark.parametrize("path", FILES, ids=file_id)
def test_every_status_can_be_told(path: Path) -> None:
    assert all(load_language(path).statuses.by_status().values())


def stems_of(language: Language) -> dict[str, Listed]:
    """The lists of a language that hold stems, by their keys."""
    numbers = language.numbers
    return {
        "numbers.nouns": numbers.nouns,
        "numbers.signs": numbers.signs,
        "numbers.copulas": numbers.copulas,
        "numbers.links": numbers.links,
        "numbers.accounts": numbers.accounts,
        "numbers.barcodes": numbers.barcodes,
        "news.vague": language.news.vague,
        "news.done": language.news.done,
        "news.doors": language.news.doors,
        "dates.days": language.dates.days,
        "dates.not_days": language.dates.not_days,
    }


@pytest.mark.parametrize("path", FILES, ids=file_id)
def test_stems_are_open_at_their_ends_alone(path: Path) -> None:
    stems = {(key, stem) for key, stems in stems_of(load_language(path)).items() for stem in stems}
    assert {(key, stem) for key, stem in stems if not STEM.fullmatch(stem)} == set()


@pytest.mark.parametrize("path", FILES, ids=file_id)
def test_what_is_no_stem_has_no_open_beginning(path: Path) -> None:
    language = load_language(path)
    tables = {"numbers": language.numbers, "news": language.news}
    lists = {f"{name}.{key}": getattr(table, key) for name, table in tables.items() for key in table.__struct_fields__}
    words = {(key, word) for key in lists.keys() - stems_of(language).keys() for word in lists[key]}
    assert {(key, word) for key, word in words if word.startswith("*")} == set()


@pytest.mark.parametrize("path", FILES, ids=file_id)
def test_a_word_for_days_may_stand_right_behind_its_number(path: Path) -> None:
    assert all(stem.startswith("*") for stem in load_language(path).dates.days)


@pytest.mark.parametrize("path", FILES, ids=file_id)
def test_a_greeting_begins_like_none_of_another_language(path: Path) -> None:
    greetings = load_language(path).news.greetings
    others = {word for code in languages() if code != path.stem for word in languages()[code].news.greetings}
    assert {(word, other) for word in greetings for other in others if f"{word} ".startswith(f"{other} ")} == set()


@pytest.mark.parametrize("path", FILES, ids=file_id)
def test_references_are_labels(path: Path) -> None:
    language = load_language(path)
    labels = {label for listed in language.labels.by_kind().values() for label in listed}
    assert {*language.numbers.references, *language.numbers.own_references} <= labels


@pytest.mark.parametrize(
    "key", ["labels_behind", *Numbers.__struct_fields__, *News.__struct_fields__, "days", "not_days"]
)
def test_what_a_language_may_leave_out_is_explained(key: str) -> None:
    assert f"\n{key} = " in CONTRIBUTING.read_text("utf-8")


def test_a_language_may_leave_out_the_words_beside_numbers() -> None:
    assert languages()["el"].numbers.empty == ()


def test_a_language_may_leave_out_the_words_beside_news() -> None:
    assert languages()["bg"].news.greetings == ()


def test_statuses_bear_the_names_that_notices_carry() -> None:
    assert "handed-to-carrier" in languages()["en"].statuses.by_status()


def test_the_languages_of_the_mission_are_there() -> None:
    assert set(languages()) >= NAMED


# ── what the loader refuses ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def broken(tmp_path: Path):
    """Write the German file with one text replaced, and load it."""

    def load_changed(old: str, new: str, name: str = "de.toml") -> None:
        text = (data_dir("read/languages") / "de.toml").read_text("utf-8")
        assert old in text
        path = tmp_path / name
        path.write_text(text.replace(old, new, 1), "utf-8")
        load_language(path)

    return load_changed


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        pytest.param("'sendungsnummer',", "'Sendungsnummer',", "capital letters", id="capital-letters"),
        pytest.param("'sendungsnummer',", "'sendungsnummer', '',", "empty phrase", id="empty-phrase"),
        pytest.param("'sendungsnummer',", "'sendungsnummer', 'sendungsnummer',", "stands twice", id="phrase-twice"),
        pytest.param("'sendungsnummer',", "'sendungsnummer', 'kundennummer',", "stands in labels.", id="two-kinds"),
        pytest.param("nouns = [", "nouns = ['*Nummer*', ", "capital letters", id="capital-letters-in-a-stem"),
        pytest.param("nouns = [", "nouns = ['*nr', ", "numbers.nouns", id="stem-twice"),
        pytest.param("nouns = [", "noun = [", "numbers", id="unknown-key-of-words-beside-numbers"),
        pytest.param("closed = [", "closed = ['storniert', ", "stands in events.", id="two-events"),
        pytest.param("protection = [", "guard = [", "labels", id="unknown-key"),
        pytest.param("order = 'dmy'", "order = 'ydm'", "dates.order", id="unknown-order-of-dates"),
        pytest.param("  ['mai'],\n", "", "dates.months", id="eleven-months"),
        pytest.param("code = 'de'", "code = 'xx'", "file's name", id="code-is-not-the-name"),
    ],
)
def test_a_faulty_file_is_refused_by_name_and_key(broken, old: str, new: str, complaint: str) -> None:
    with pytest.raises(TableError, match=complaint) as refused:
        broken(old, new)
    assert "de.toml" in str(refused.value)


# ── making text comparable ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "comparable"),
    [
        pytest.param("Confirmation d’expédition", "confirmation d'expédition", id="typographic-apostrophe"),
        pytest.param("Confirmation d´expédition", "confirmation d'expédition", id="acute-for-apostrophe"),
        pytest.param("Track–code  №\u00a05", "track-code no 5", id="dash-numero-blanks"),
        pytest.param("ＬＰ００１２３", "lp00123", id="full-width"),
        pytest.param("de\u00adli\u200bver\ufeffed", "delivered", id="invisible"),
        pytest.param("SİPARİŞ YOLA ÇIKTI", "sipariş yola çikti", id="turkish-capitals"),
        pytest.param("רقم٣٤".replace("ר", "ر"), "رقم34", id="arabic-digits"),
        pytest.param("تمّ التَّسليم", "تم التسليم", id="arabic-points"),
        pytest.param("הזמנה מס׳ 5", "הזמנה מס' 5", id="hebrew-geresh"),
        pytest.param("GROẞE Straße", "grosse strasse", id="sharp-s"),
    ],
)
def test_text_is_made_comparable(written: str, comparable: str) -> None:
    assert normalise(written) == comparable


def test_lines_and_cells_stay_apart() -> None:
    assert normalise("Bestellung\t5\nÜber  uns") == "bestellung\t5\nüber uns"


@given(st.text(max_size=60))
def test_what_is_comparable_stays_as_it_is(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


# ── telling languages apart ────────────────────────────────────────────────────────────────────────────

PROSE = {
    "en": (
        "Good news, your order has left our warehouse and is on its way to you.",
        "We have tried to bring your parcel today, but nobody was there.",
        "Please have your code with you when you collect the package from the shop.",
    ),
    "de": (
        "Gute Nachricht: Ihre Bestellung hat unser Lager verlassen und ist auf dem Weg zu Ihnen.",
        "Wir haben heute versucht, Ihr Paket zuzustellen, aber es war niemand da.",
        "Bitte bringen Sie zur Abholung einen Ausweis und diese Nachricht mit.",
    ),
    "fr": (
        "Bonne nouvelle, votre commande a quitté notre entrepôt et sera bientôt chez vous.",
        "Nous sommes passés ce matin avec votre colis, mais vous n'étiez pas là.",
        "Merci de vous munir d'une pièce d'identité pour le retrait de votre colis.",
    ),
    "es": (
        "Buenas noticias: tu pedido ha salido de nuestro almacén y ya está en camino.",
        "Hoy hemos pasado por tu domicilio con el paquete, pero no había nadie.",
        "Recuerda llevar tu documento de identidad cuando vayas a recoger el envío.",
    ),
    "pt": (
        "Boas notícias: o seu pedido já saiu do nosso armazém e está a caminho.",
        "Passamos hoje com a sua encomenda, mas não havia ninguém em casa.",
        "Não se esqueça de levar um documento quando for buscar o pacote na loja.",
    ),
    "it": (
        "Buone notizie: il tuo ordine ha lasciato il nostro magazzino ed è in viaggio.",
        "Oggi siamo passati con il tuo pacco, ma non abbiamo trovato nessuno.",
        "Per il ritiro del pacco ricorda di portare con te un documento.",
    ),
    "nl": (
        "Goed nieuws: je bestelling heeft ons magazijn verlaten en is onderweg naar je.",
        "We zijn vandaag met je pakket langs geweest, maar er was niemand thuis.",
        "Neem voor het ophalen van uw pakket een geldig bewijs en deze mail mee.",
    ),
    "sv": (
        "Goda nyheter: din beställning har lämnat vårt lager och är på väg till dig.",
        "Vi försökte lämna ditt paket idag men det var ingen där som kunde ta emot det.",
        "Ta med legitimation när du hämtar paketet hos ditt ombud.",
    ),
    "da": (
        "Gode nyheder: din bestilling har forladt vores lager og er på vej til dig.",
        "Vi prøvede at aflevere din pakke i dag, men der var ikke nogen hjemme.",
        "Husk at medbringe legitimation, når du henter din pakke i pakkeshoppen.",
    ),
    "no": (
        "Gode nyheter: bestillingen din har forlatt lageret vårt og er på vei til deg.",
        "Vi prøvde å levere pakken din i dag, men det var ingen hjemme hos deg.",
        "Husk å ta med legitimasjon når du henter sendingen på hentestedet.",
    ),
    "pl": (
        "Dobra wiadomość: Twoje zamówienie opuściło nasz magazyn i jest już w drodze.",
        "Dziś byliśmy u Ciebie z paczką, ale nie zastaliśmy nikogo w domu.",
        "Prosimy, aby przy odbiorze przesyłki mieć ze sobą dokument tożsamości.",
    ),
    "cs": (
        "Dobrá zpráva: vaše objednávka opustila náš sklad a je na cestě k vám.",
        "Dnes jsme u vás byli se zásilkou, ale nikdo nebyl doma.",
        "Při vyzvednutí zásilky budete potřebovat doklad totožnosti a číslo zásilky.",
    ),
    "sk": (
        "Dobrá správa: vaša objednávka opustila náš sklad a je na ceste k vám.",
        "Dnes sme u vás boli so zásielkou, ale nikto nebol doma.",
        "Pri vyzdvihnutí zásielky budete potrebovať doklad totožnosti a číslo zásielky.",
    ),
    "fi": (
        "Hyviä uutisia: tilauksesi on lähtenyt varastoltamme ja on nyt matkalla luoksesi.",
        "Kävimme tänään paketin kanssa, mutta kukaan ei ollut kotona.",
        "Ota henkilöllisyystodistus ja tämä viesti mukaan, kun haet lähetyksen.",
    ),
    "bg": (
        "Добри новини: вашата поръчка напусна склада ни и вече пътува към вас.",
        "Днес бяхме при вас с пратката, но нямаше никой на адреса.",
        "За да получите пратката, носете лична карта и този номер.",
    ),
    "el": (
        "Καλά νέα: η παραγγελία σας έφυγε από την αποθήκη μας και έρχεται σε εσάς.",
        "Περάσαμε σήμερα με το δέμα σας, αλλά δεν ήταν κανείς στο σπίτι.",
        "Για την παραλαβή θα χρειαστείτε την ταυτότητά σας και αυτό το μήνυμα.",
    ),
    "hr": (
        "Dobre vijesti: vaša je narudžba napustila naše skladište i na putu je prema vama.",
        "Danas smo bili kod vas s paketom, ali nitko nije bio kod kuće.",
        "Za preuzimanje pošiljke molimo ponesite osobnu iskaznicu i ovu poruku.",
    ),
    "sr": (
        "Dobre vesti: vaša porudžbina je napustila naš magacin i na putu je ka vama.",
        "Danas smo bili kod vas sa paketom, ali niko nije bio kod kuće da ga preuzme na adresi.",
        "Molimo vas da ponesete ličnu kartu i ovo obaveštenje kada preuzimate pošiljku.",
        "Добре вести: ваша поруџбина је напустила наш магацин и на путу је ка вама.",
        "Данас смо били код вас са пакетом, али нико није био код куће.",
        "Молимо вас да понесете личну карту и ово обавештење када преузимате пошиљку.",
    ),
    "sl": (
        "Dobra novica: vaše naročilo je zapustilo naše skladišče in je že na poti k vam.",
        "Danes smo bili pri vas s paketom, vendar nikogar ni bilo doma.",
        "Ob prevzemu pošiljke boste potrebovali osebni dokument in to sporočilo.",
    ),
    "et": (
        "Head uudised: teie tellimus on meie laost lahkunud ja teel teie poole.",
        "Käisime täna pakiga teie juures, aga kedagi ei olnud kodus.",
        "Palun võtke saadetise kättesaamiseks kaasa isikut tõendav dokument ja see kiri.",
    ),
    "lt": (
        "Geros naujienos: jūsų užsakymas paliko mūsų sandėlį ir jau keliauja pas jus.",
        "Šiandien buvome pas jus su siuntiniu, tačiau nieko nebuvo namuose.",
        "Atsiimdami siuntą turėkite asmens dokumentą ir šį laišką.",
    ),
    "lv": (
        "Labas ziņas: jūsu pasūtījums ir pametis mūsu noliktavu un ir ceļā pie jums.",
        "Šodien bijām pie jums ar sūtījumu, bet neviena nebija mājās.",
        "Sūtījuma saņemšanai lūdzu ņemiet līdzi personas dokumentu un šo vēstuli.",
    ),
    "ca": (
        "Bones notícies: la teva comanda ha sortit del nostre magatzem i ja és de camí cap a casa teva.",
        "Avui hem passat per casa vostra amb el paquet, però no hi havia ningú.",
        "Recorda portar el document d'identitat quan vagis a recollir l'enviament.",
    ),
    "id": (
        "Kabar baik: pesanan kamu sudah keluar dari gudang kami dan sedang dalam perjalanan.",
        "Hari ini kurir kami datang membawa kiriman Anda, tetapi tidak ada orang di rumah.",
        "Mohon bawa kartu identitas dan nomor resi ini saat mengambil paket di gerai.",
    ),
    "ms": (
        "Berita baik: pesanan anda telah meninggalkan gudang kami dan akan dihantar kepada anda tidak lama lagi.",
        "Hari ini kami cuba menghantar bungkusan anda tetapi tiada orang di rumah.",
        "Sila bawa kad pengenalan dan emel ini semasa mengambil bungkusan di kaunter.",
    ),
    "ro": (
        "Vești bune: comanda ta a plecat din depozitul nostru și este în drum spre tine.",
        "Am trecut astăzi cu coletul, dar nu era nimeni la adresa de livrare.",
        "Pentru ridicarea coletului ai nevoie de un act de identitate și de codul primit.",
    ),
    "hu": (
        "Jó hír: a rendelése elhagyta a raktárunkat, és már úton van.",
        "Ma jártunk Önnél a csomaggal, de nem volt otthon senki.",
        "A csomag átvételéhez hozza magával a személyi igazolványát és ezt a levelet is.",
    ),
    "tr": (
        "Güzel haber: siparişiniz depomuzdan ayrıldı ve size doğru yola çıktı.",
        "Bugün gönderiniz için adresinize geldik ama evde kimse yoktu.",
        "Paketi almak için kimliğiniz ve bu mesaj ile şubemize gelmeniz yeterli.",
    ),
    "ru": (
        "Хорошие новости: ваш заказ покинул наш склад и уже едет к вам.",
        "Сегодня курьер приезжал с вашей посылкой, но никого не застал дома.",
        "Чтобы получить отправление, возьмите с собой паспорт и этот номер.",
    ),
    "uk": (
        "Гарні новини: ваше замовлення залишило наш склад і вже прямує до вас.",
        "Сьогодні кур'єр приїздив із вашою посилкою, але нікого не було вдома.",
        "Щоб отримати відправлення, візьміть із собою паспорт та цей номер.",
    ),
    "he": (
        "חדשות טובות: ההזמנה שלך יצאה מהמחסן שלנו והיא כבר בדרך אליך.",
        "היינו היום אצלך עם החבילה אבל לא היה אף אחד בבית.",
        "כדי לקבל את החבילה יש להציג תעודה מזהה ואת ההודעה הזו.",
    ),
    "ar": (
        "أخبار سارة: غادر طلبك مستودعنا وهو الآن في الطريق إليك.",
        "مررنا اليوم بعنوانك ومعنا الطرد لكن لم نجد أحدا في المنزل.",
        "يرجى إحضار الهوية وهذه الرسالة عند الحضور لاستلام الشحنة.",
    ),
    "fa": (
        "خبر خوب: سفارش شما از انبار ما خارج شد و به سمت شما در راه است.",
        "امروز با مرسوله به نشانی شما مراجعه کردیم اما کسی در خانه نبود.",
        "هنگام مراجعه برای دریافت بسته، کارت شناسایی و همین نامه را همراه داشته باشید.",
    ),
    "hi": (
        "अच्छी खबर: आपका ऑर्डर हमारे गोदाम से निकल गया है और आपके पास आ रहा है।",
        "आज हम आपका पैकेट लेकर आए थे, लेकिन घर पर कोई नहीं था।",
        "पैकेट लेने के लिए कृपया अपना पहचान पत्र और यह संदेश साथ लाएँ।",
    ),
    "ja": (
        "お知らせです。ご注文の商品は倉庫を出て、お客様のもとへ向かっています。",
        "本日お荷物をお持ちしましたが、どなたもいらっしゃいませんでした。",
        "お受け取りの際は、本人確認書類とこのメールをお持ちください。",
    ),
    "ko": (
        "좋은 소식입니다. 고객님의 주문이 창고를 떠나 배송지로 가고 있습니다.",
        "오늘 소포를 가지고 방문했으나 댁에 아무도 계시지 않았습니다.",
        "물품을 찾으실 때 신분증과 이 메일을 꼭 가져오시기 바랍니다.",
    ),
    "th": (
        "ข่าวดี สินค้าของคุณออกจากคลังแล้วและกำลังเดินทางไปหาคุณ",
        "วันนี้เราไปส่งพัสดุที่บ้านของท่าน แต่ไม่มีผู้รับ",
        "กรุณานำบัตรประชาชนและอีเมลฉบับนี้มาแสดงเมื่อมารับพัสดุ",
    ),
    "vi": (
        "Tin vui: đơn hàng của bạn đã rời kho và đang trên đường đến với bạn.",
        "Hôm nay bưu tá đã ghé qua nhưng không có ai ở nhà để nhận hàng.",
        "Don hang cua quy khach da duoc giao cho don vi van chuyen, vui long chu y dien thoai.",
    ),
    "zh": (
        "好消息：您的订单已经离开我们的仓库，正在送往您的地址。",
        "我們今天帶著您的包裹到訪，但家中沒有人。",
        "领取时请出示您的证件以及这封邮件，谢谢您的配合。",
    ),
}


@pytest.mark.parametrize(
    ("code", "prose"),
    [
        pytest.param(code, prose, id=f"{code}-{n}")
        for code, all_of in PROSE.items()
        for n, prose in enumerate(all_of, 1)
    ],
)
def test_the_language_of_a_sentence_is_found(code: str, prose: str) -> None:
    assert detect(normalise(prose)) == code


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        pytest.param("hr", "Vaša narudžba je poslana i uskoro će biti kod vas, hvala na kupnji.", id="hr-not-sr"),
        pytest.param("sr", "Vaša porudžbina je poslata i uskoro će biti kod vas, hvala na kupovini.", id="sr-not-hr"),
        pytest.param("sr", "Ваша поруџбина је послата и ускоро ће бити код вас, хвала на куповини.", id="sr-not-bg"),
        pytest.param("sl", "Vaše naročilo je odposlano in bo kmalu pri vas, hvala za nakup.", id="sl-not-hr"),
        pytest.param("cs", "Vaše objednávka je na cestě a brzy bude u vás, děkujeme za nákup.", id="cs-not-sl"),
        pytest.param("sk", "Vaša objednávka je na ceste a čoskoro bude u vás, ďakujeme za nákup.", id="sk-not-hr"),
        pytest.param("pl", "Twoje zamówienie jest w drodze i wkrótce do Ciebie dotrze.", id="pl-not-hr"),
        pytest.param("bg", "Поръчката ви е изпратена и скоро ще бъде при вас, благодарим.", id="bg-not-sr"),
        pytest.param("et", "Teie tellimus on teele saadetud ja jõuab peagi kohale, aitäh ostu eest.", id="et-not-fi"),
        pytest.param("fi", "Tilauksesi on lähetetty ja se saapuu pian, kiitos ostoksesta.", id="fi-not-et"),
        pytest.param("lt", "Jūsų užsakymas išsiųstas ir netrukus bus pas jus, ačiū už pirkimą.", id="lt-not-lv"),
        pytest.param("fa", "سفارش شما ارسال شد و به‌زودی به دست شما می‌رسد، از خرید شما سپاسگزاریم.", id="fa-not-ar"),
        pytest.param("ar", "تم شحن طلبك وسيصل قريبا، شكرا لك على الشراء من متجرنا الإلكتروني.", id="ar-not-fa"),
        pytest.param("id", "Pesanan Anda telah dikirim dan akan segera tiba, terima kasih.", id="id-not-ms"),
        pytest.param("id", "Pembayaran untuk pesanan ini sudah kami terima, resi menyusul.", id="id-words-of-both"),
        pytest.param("ms", "Pesanan anda telah dihantar dan akan tiba tidak lama lagi, terima kasih.", id="ms-not-id"),
        pytest.param("ms", "Bayaran untuk pesanan ini telah kami terima oleh bank.", id="ms-words-of-both"),
        pytest.param("ca", "La comanda s'ha enviat i arribarà demà, gràcies per la compra.", id="ca-not-es"),
        pytest.param("ca", "El teu paquet és al punt de recollida fins al dia 14 de març.", id="ca-not-fr"),
        pytest.param("es", "El pedido se ha enviado y llegará mañana, gracias por la compra.", id="es-not-ca"),
        pytest.param("es", "Tu paquete está en el punto de recogida hasta el día 14 de marzo.", id="es-not-ca-pickup"),
        pytest.param("fr", "Le colis est arrivé au point de retrait et vous attend jusqu'au 14 mars.", id="fr-not-ca"),
        pytest.param("it", "Il pacco è al punto di ritiro e ti aspetta fino al 14 marzo.", id="it-not-ca"),
        pytest.param("pt", "A encomenda foi enviada e chega amanhã a sua casa, obrigado pela compra.", id="pt-not-ca"),
        pytest.param("ro", "Comanda a fost expediată și ajunge mâine la tine acasă, mulțumim.", id="ro-not-ca"),
        pytest.param("lv", "Jūsu pasūtījums ir nosūtīts un drīz būs pie jums, paldies par pirkumu.", id="lv-not-lt"),
        pytest.param("vi", "Kiện hàng của bạn sẽ được giao trong hôm nay, cảm ơn bạn.", id="vi-not-ro"),
        pytest.param("th", "พัสดุของคุณถูกจัดส่งแล้ว ขอบคุณค่ะ", id="th-alone"),
    ],
)
def test_a_neighbour_is_not_taken_for_the_language(code: str, sentence: str) -> None:
    assert detect(normalise(sentence)) == code


@pytest.mark.parametrize("code", sorted(set(languages()) & set(PROSE)))
def test_a_product_title_and_a_footer_in_english_change_nothing(code: str) -> None:
    mail = "\n".join((*PROSE[code], "2026 New Wireless Headphones with Case", "PowerStore Ltd, 12 High Street"))
    assert detect(normalise(mail)) == code


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("RB123456785CN 2026-11-23", id="numbers"),
        pytest.param("Galaxy Tab S9 128GB", id="a-product"),
        pytest.param("آپ کا آرڈر بھیج دیا گیا ہے اور جلد ہی آپ تک پہنچ جائے گا", id="urdu"),
        pytest.param("तुमची ऑर्डर पाठवली आहे आणि ती लवकरच तुम्हाला मिळेल", id="marathi"),
        pytest.param("Вашата пратка ќе биде доставена денес помеѓу девет и дванаесет часот", id="macedonian"),
    ],
)
def test_no_language_is_guessed(text: str) -> None:
    assert detect(normalise(text)) is None


def test_an_address_in_chinese_does_not_make_a_mail_chinese() -> None:
    mail = " ".join(PROSE["en"]) + "\nSender: 深圳市宝安区电子有限公司"
    assert detect(normalise(mail)) == "en"


def test_the_languages_of_a_mail_in_two_are_both_seen() -> None:
    found = scores(normalise(" ".join((*PROSE["nl"], *PROSE["fr"]))))
    assert set(list(found)[:2]) == {"nl", "fr"}


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        pytest.param("broj pošiljke", "број пошиљке", id="a-pair-that-is-one-letter"),
        pytest.param("obaveštenje o prispeću", "обавештење о приспећу", id="letters-with-accents"),
        pytest.param("narudžb* … poslat*", "наруџб* … послат*", id="signs-stay"),
        pytest.param("qr kod", None, id="a-letter-that-serbian-lacks"),
        pytest.param("№", None, id="no-letter"),
    ],
)
def test_serbian_is_written_in_cyrillic(latin: str, cyrillic: str | None) -> None:
    assert in_cyrillic(latin) == cyrillic


def test_serbian_is_read_in_the_letters_of_both_its_alphabets() -> None:
    serbian = languages()["sr"]
    assert {"narudžb*", "наруџб*"} <= set(serbian.labels.order)
    assert {"januar", "јануар"} <= set(serbian.dates.months[0])


# ── telling events ─────────────────────────────────────────────────────────────────────────────────────


@cache
def index(code: str) -> Phrases[Event]:
    events = languages()[code].events.by_event()
    return Phrases((phrase, event) for event, phrases in events.items() for phrase in phrases)


def told(code: str, text: str) -> Event | None:
    """The event of the longest phrase in *text*."""
    found = index(code).longest(normalise(text))
    return max(found, key=lambda item: item.weight).meaning if found else None


SUBJECTS = {
    "en": {
        "We've got your order #1042 – thanks for shopping with us": Event.ORDERED,
        "We'll send you another mail once your order has shipped": Event.ORDERED,
        "Order 8200123412341234: ready to ship": Event.ORDERED,
        "Order 8200123412341234: order shipped": Event.SHIPPED,
        "Package LP00123412341234 has cleared customs": Event.IN_TRANSIT,
        "Your parcel will be delivered on Friday": Event.IN_TRANSIT,
        "Your parcel will be delivered today between 10:00 and 12:00": Event.OUT_FOR_DELIVERY,
        "Your package is ready for pickup": Event.AVAILABLE_FOR_PICKUP,
        "Sorry we missed you – your parcel could not be delivered": Event.ATTEMPT_FAILED,
        "Your package has been delivered": Event.DELIVERED,
        "Your delivery is running late": Event.EXCEPTION,
        "Your parcel is being returned to sender": Event.RETURNED,
        "Your order has been cancelled": Event.CANCELLED,
        "Refund issued for order 12-34567-89012": Event.REFUNDED,
        "Order 8200123412341234: awaiting confirmation": Event.CLOSING,
        "Your order 8200123412341234 is closed": Event.CLOSED,
        "The tracking number of your order has been changed": Event.CODE_CHANGED,
        "How did it go? Rate your purchase": Event.NONE,
    },
    "de": {
        "Vielen Dank für Ihre Bestellung 4711": Event.ORDERED,
        "Bestellung 8200123412341234: versandfertig": Event.ORDERED,
        "Bestellung 8200123412341234 wurde versandt": Event.SHIPPED,
        "Wir melden uns, sobald Ihre Ware versandt wurde": Event.ORDERED,
        "Zollabfertigung für LP00123412341234 wurde beendet": Event.IN_TRANSIT,
        "Ihr Paket wird morgen zugestellt": Event.IN_TRANSIT,
        "Ihr Paket wird heute zugestellt": Event.OUT_FOR_DELIVERY,
        "Ihr Paket liegt zur Abholung bereit": Event.AVAILABLE_FOR_PICKUP,
        "Ihre Sendung konnte leider nicht zugestellt werden": Event.ATTEMPT_FAILED,
        "Paket LP00123412341234 wurde zugestellt": Event.DELIVERED,
        "Ihre Bestellung wurde storniert": Event.CANCELLED,
        "Ihre Sendung verzögert sich": Event.EXCEPTION,
        "Bestellung 8200123412341234: wie ist es gelaufen?": Event.NONE,
    },
    "fr": {
        "Merci pour votre commande !": Event.ORDERED,
        "Votre commande est en cours de préparation": Event.ORDERED,
        "Confirmation d’expédition de votre commande 8200123412341234": Event.SHIPPED,
        "Votre colis est en cours d'acheminement": Event.IN_TRANSIT,
        "Votre colis sera livré demain": Event.IN_TRANSIT,
        "Votre colis sera livré aujourd'hui": Event.OUT_FOR_DELIVERY,
        "Votre colis est disponible en point relais": Event.AVAILABLE_FOR_PICKUP,
        "Votre colis n'a pas pu être livré": Event.ATTEMPT_FAILED,
        "Votre colis a été livré": Event.DELIVERED,
        "Votre commande a été annulée": Event.CANCELLED,
        "Donnez votre avis sur votre achat": Event.NONE,
    },
    "es": {
        "Gracias por tu compra": Event.ORDERED,
        "Tu pedido está listo para enviar": Event.ORDERED,
        "Pedido 8200123412341234: pedido enviado": Event.SHIPPED,
        "El paquete LP00123412341234 ha pasado la aduana": Event.IN_TRANSIT,
        "Tu paquete será entregado mañana": Event.IN_TRANSIT,
        "Tu pedido está en reparto": Event.OUT_FOR_DELIVERY,
        "Tu paquete está listo para recoger": Event.AVAILABLE_FOR_PICKUP,
        "No hemos podido entregar tu envío": Event.ATTEMPT_FAILED,
        "Paquete LP00123412341234: entregado": Event.DELIVERED,
        "Hemos emitido el reembolso de tu pedido": Event.REFUNDED,
        "¿Qué tal ha ido? Valora tu compra": Event.NONE,
    },
    "pt": {
        "Recebemos o seu pedido": Event.ORDERED,
        "O seu pedido foi enviado": Event.SHIPPED,
        "Pacote LP00123412341234: na alfândega": Event.IN_TRANSIT,
        "Objeto saiu para entrega ao destinatário": Event.OUT_FOR_DELIVERY,
        "A sua encomenda está pronta para levantamento": Event.AVAILABLE_FOR_PICKUP,
        "Não foi possível entregar a sua encomenda": Event.ATTEMPT_FAILED,
        "A sua encomenda foi entregue": Event.DELIVERED,
        "O seu pedido foi cancelado": Event.CANCELLED,
    },
    "it": {
        "Conferma dell'ordine 1234": Event.ORDERED,
        "Il tuo ordine è stato spedito": Event.SHIPPED,
        "Il tuo pacco è in dogana": Event.IN_TRANSIT,
        "Il tuo pacco verrà consegnato domani": Event.IN_TRANSIT,
        "Il tuo pacco è in consegna": Event.OUT_FOR_DELIVERY,
        "Il tuo pacco è pronto per il ritiro": Event.AVAILABLE_FOR_PICKUP,
        "Non siamo riusciti a consegnare il tuo pacco": Event.ATTEMPT_FAILED,
        "Il tuo pacco è stato consegnato": Event.DELIVERED,
        "Il tuo rimborso è stato effettuato": Event.REFUNDED,
    },
    "nl": {
        "Bedankt voor je bestelling": Event.ORDERED,
        "Je bestelling is verzonden": Event.SHIPPED,
        "Je pakket ligt bij de douane": Event.IN_TRANSIT,
        "Je pakket wordt vandaag bezorgd": Event.OUT_FOR_DELIVERY,
        "Je pakket ligt klaar om op te halen": Event.AVAILABLE_FOR_PICKUP,
        "Je pakket is bezorgd": Event.DELIVERED,
        "Je bestelling is geannuleerd": Event.CANCELLED,
    },
    "sv": {
        "Tack för din beställning": Event.ORDERED,
        "Din order har skickats": Event.SHIPPED,
        "Ditt paket är redo att hämtas": Event.AVAILABLE_FOR_PICKUP,
        "Ditt paket levereras idag": Event.OUT_FOR_DELIVERY,
        "Ditt paket har levererats": Event.DELIVERED,
        "Din försändelse är försenad": Event.EXCEPTION,
    },
    "pl": {
        "Dziękujemy za złożenie zamówienia": Event.ORDERED,
        "Twoje zamówienie zostało wysłane": Event.SHIPPED,
        "Paczka została przekazana przewoźnikowi": Event.IN_TRANSIT,
        "Kurier jest w drodze z Twoją paczką": Event.OUT_FOR_DELIVERY,
        "Paczka czeka na odbiór w paczkomacie": Event.AVAILABLE_FOR_PICKUP,
        "Nie udało się doręczyć przesyłki": Event.ATTEMPT_FAILED,
        "Twoja paczka została doręczona": Event.DELIVERED,
        "Zwrot pieniędzy za zamówienie": Event.REFUNDED,
    },
    "cs": {
        "Děkujeme za vaši objednávku": Event.ORDERED,
        "Vaše objednávka byla odeslána": Event.SHIPPED,
        "Vaše zásilka prošla celním řízením": Event.IN_TRANSIT,
        "Zásilka bude doručena dnes": Event.OUT_FOR_DELIVERY,
        "Vaše zásilka je připravena k vyzvednutí": Event.AVAILABLE_FOR_PICKUP,
        "Zásilka byla doručena": Event.DELIVERED,
        "Vaše objednávka byla zrušena": Event.CANCELLED,
    },
    "sk": {
        "Ďakujeme za vašu objednávku": Event.ORDERED,
        "Vaša objednávka bola odoslaná": Event.SHIPPED,
        "Zásielka je pripravená na vyzdvihnutie": Event.AVAILABLE_FOR_PICKUP,
        "Vaša zásielka bola doručená": Event.DELIVERED,
    },
    "da": {
        "Tak for din ordre": Event.ORDERED,
        "Din ordre er afsendt": Event.SHIPPED,
        "Din pakke er klar til afhentning": Event.AVAILABLE_FOR_PICKUP,
        "Din pakke er leveret": Event.DELIVERED,
    },
    "no": {
        "Takk for bestillingen": Event.ORDERED,
        "Ordren din er sendt": Event.SHIPPED,
        "Pakken din er klar til henting": Event.AVAILABLE_FOR_PICKUP,
        "Pakken din er levert": Event.DELIVERED,
    },
    "fi": {
        "Kiitos tilauksestasi": Event.ORDERED,
        "Tilauksesi on lähetetty": Event.SHIPPED,
        "Pakettisi on noudettavissa": Event.AVAILABLE_FOR_PICKUP,
        "Pakettisi on toimitettu": Event.DELIVERED,
    },
    "bg": {
        "Благодарим за поръчката": Event.ORDERED,
        "Вашата поръчка е изпратена": Event.SHIPPED,
        "Пратката ви очаква в офис": Event.AVAILABLE_FOR_PICKUP,
        "Пратката е доставена": Event.DELIVERED,
    },
    "el": {
        "Ευχαριστούμε για την παραγγελία σας": Event.ORDERED,
        "Η παραγγελία σας έχει αποσταλεί": Event.SHIPPED,
        "Το δέμα σας είναι έτοιμο για παραλαβή": Event.AVAILABLE_FOR_PICKUP,
        "ΤΟ ΔΕΜΑ ΣΑΣ ΠΑΡΑΔΟΘΗΚΕ": Event.DELIVERED,
    },
    "hr": {
        "Hvala na narudžbi #20417": Event.ORDERED,
        "Javit ćemo vam se kada narudžba bude poslana": Event.ORDERED,
        "Vaša narudžba bit će uskoro poslana": Event.ORDERED,
        "Vaša narudžba 20417 je poslana": Event.SHIPPED,
        "Vaš paket je na putu": Event.SHIPPED,
        "Pošiljka je predana dostavnoj službi": Event.IN_TRANSIT,
        "Vaša pošiljka je na carini": Event.IN_TRANSIT,
        "Vaš paket bit će dostavljen sutra": Event.IN_TRANSIT,
        "Vaš paket stiže danas između 10 i 12 sati": Event.OUT_FOR_DELIVERY,
        "Vaš paket čeka vas u paketomatu": Event.AVAILABLE_FOR_PICKUP,
        "Pošiljka je spremna za preuzimanje u poštanskom uredu": Event.AVAILABLE_FOR_PICKUP,
        "Nismo vas zatekli na adresi": Event.ATTEMPT_FAILED,
        "Vaša pošiljka nije dostavljena": Event.ATTEMPT_FAILED,
        "Vaša pošiljka je uručena": Event.DELIVERED,
        "Paket je dostavljen": Event.DELIVERED,
        "Vaša pošiljka kasni": Event.EXCEPTION,
        "Pošiljka je vraćena pošiljatelju": Event.RETURNED,
        "Vaša narudžba je otkazana": Event.CANCELLED,
        "Povrat novca za narudžbu 20417": Event.REFUNDED,
        "Narudžba 20417 bit će automatski zatvorena": Event.CLOSING,
        "Vaša narudžba 20417 je dovršena": Event.CLOSED,
        "Broj za praćenje vaše pošiljke je promijenjen": Event.CODE_CHANGED,
        "Ocijenite kupnju i ostvarite popust": Event.NONE,
    },
    "sr": {
        "Hvala na porudžbini": Event.ORDERED,
        "Хвала на поруџбини": Event.ORDERED,
        "Vaša porudžbina je poslata": Event.SHIPPED,
        "Ваша поруџбина је послата": Event.SHIPPED,
        "Pošiljka je predata kurirskoj službi": Event.IN_TRANSIT,
        "Ваша пошиљка је на царини": Event.IN_TRANSIT,
        "Kurir je na putu sa vašim paketom": Event.OUT_FOR_DELIVERY,
        "Пошиљка је на испоруци": Event.OUT_FOR_DELIVERY,
        "Vaša pošiljka je spremna za preuzimanje": Event.AVAILABLE_FOR_PICKUP,
        "Обавештење о приспећу пошиљке": Event.AVAILABLE_FOR_PICKUP,
        "Nismo uspeli da isporučimo vašu pošiljku": Event.ATTEMPT_FAILED,
        "Пошиљка није уручена": Event.ATTEMPT_FAILED,
        "Vaša pošiljka je isporučena": Event.DELIVERED,
        "Ваша пошиљка је уручена": Event.DELIVERED,
        "Isporuka vaše pošiljke kasni": Event.EXCEPTION,
        "Пошиљка је враћена пошиљаоцу": Event.RETURNED,
        "Vaša porudžbina je otkazana": Event.CANCELLED,
        "Повраћај новца за поруџбину": Event.REFUNDED,
        "Porudžbina 5512 je završena": Event.CLOSED,
        "Ocenite kupovinu": Event.NONE,
    },
    "sl": {
        "Zahvaljujemo se vam za naročilo": Event.ORDERED,
        "Obvestili vas bomo, ko bo paket odposlan": Event.ORDERED,
        "Vaše naročilo je bilo odposlano": Event.SHIPPED,
        "Vaš paket je na poti": Event.SHIPPED,
        "Naročilo smo predali dostavni službi": Event.IN_TRANSIT,
        "Pošiljka je v carinskem postopku": Event.IN_TRANSIT,
        "Vaš paket bo dostavljen jutri": Event.IN_TRANSIT,
        "Vaš paket bo danes dostavljen": Event.OUT_FOR_DELIVERY,
        "Pošiljka je pripravljena za prevzem": Event.AVAILABLE_FOR_PICKUP,
        "Paket vas čaka v paketomatu": Event.AVAILABLE_FOR_PICKUP,
        "Pošiljke ni bilo mogoče dostaviti": Event.ATTEMPT_FAILED,
        "Vaša pošiljka je bila dostavljena": Event.DELIVERED,
        "Paket je vročen": Event.DELIVERED,
        "Dostava vaše pošiljke zamuja": Event.EXCEPTION,
        "Pošiljka je bila vrnjena pošiljatelju": Event.RETURNED,
        "Vaše naročilo je preklicano": Event.CANCELLED,
        "Vračilo kupnine za naročilo": Event.REFUNDED,
        "Vaše naročilo je zaključeno": Event.CLOSED,
        "Ocenite svoj nakup": Event.NONE,
    },
    "et": {
        "Täname teid tellimuse eest": Event.ORDERED,
        "Anname teada, kui tellimus on teele pandud": Event.ORDERED,
        "Sinu tellimus on teele pandud": Event.SHIPPED,
        "Teie tellimus 10045 on välja saadetud": Event.SHIPPED,
        "Tellimus on kullerile üle antud": Event.IN_TRANSIT,
        "Sinu saadetis on tollis": Event.IN_TRANSIT,
        "Kuller toob sinu paki täna": Event.OUT_FOR_DELIVERY,
        "Sinu pakk ootab sind pakiautomaadis": Event.AVAILABLE_FOR_PICKUP,
        "Saadetis on saabunud pakiautomaati": Event.AVAILABLE_FOR_PICKUP,
        "Saadetist ei õnnestunud kätte toimetada": Event.ATTEMPT_FAILED,
        "Sinu pakk on kätte toimetatud": Event.DELIVERED,
        "Saadetis on väljastatud": Event.DELIVERED,
        "Sinu tellimus hilineb": Event.EXCEPTION,
        "Saadetis tagastatakse saatjale": Event.RETURNED,
        "Teie tellimus on tühistatud": Event.CANCELLED,
        "Tagasimakse tellimusele 10045": Event.REFUNDED,
        "Tellimus 10045 on täidetud": Event.CLOSED,
        "Kas jäid rahule? Hinda ostu": Event.NONE,
    },
    "lt": {
        "Dėkojame už užsakymą": Event.ORDERED,
        "Informuosime, kai užsakymas bus išsiųstas": Event.ORDERED,
        "Jūsų užsakymas išsiųstas": Event.SHIPPED,
        "Jūsų siunta jau pakeliui": Event.SHIPPED,
        "Užsakymas perduotas kurjeriui": Event.IN_TRANSIT,
        "Jūsų siunta muitinėje": Event.IN_TRANSIT,
        "Jūsų siunta bus pristatyta rytoj": Event.IN_TRANSIT,
        "Siunta pristatoma šiandien": Event.OUT_FOR_DELIVERY,
        "Jūsų siunta laukia paštomate": Event.AVAILABLE_FOR_PICKUP,
        "Siuntą jau galite atsiimti": Event.AVAILABLE_FOR_PICKUP,
        "Nepavyko pristatyti jūsų siuntos": Event.ATTEMPT_FAILED,
        "Jūsų siunta pristatyta": Event.DELIVERED,
        "Siunta įteikta gavėjui": Event.DELIVERED,
        "Jūsų siuntos pristatymas vėluoja": Event.EXCEPTION,
        "Siunta grąžinama siuntėjui": Event.RETURNED,
        "Jūsų užsakymas atšauktas": Event.CANCELLED,
        "Pinigų grąžinimas už užsakymą": Event.REFUNDED,
        "Jūsų užsakymas įvykdytas": Event.CLOSED,
        "Įvertinkite savo pirkinį": Event.NONE,
    },
    "lv": {
        "Paldies par pasūtījumu": Event.ORDERED,
        "Informēsim, kad pasūtījums būs nosūtīts": Event.ORDERED,
        "Jūsu pasūtījums ir nosūtīts": Event.SHIPPED,
        "Jūsu sūtījums ir ceļā": Event.SHIPPED,
        "Pasūtījums nodots kurjeram": Event.IN_TRANSIT,
        "Jūsu sūtījums ir muitā": Event.IN_TRANSIT,
        "Jūsu sūtījums tiks piegādāts rīt": Event.IN_TRANSIT,
        "Jūsu sūtījums tiks piegādāts šodien": Event.OUT_FOR_DELIVERY,
        "Jūsu sūtījums gaida pakomātā": Event.AVAILABLE_FOR_PICKUP,
        "Sūtījums ir gatavs saņemšanai": Event.AVAILABLE_FOR_PICKUP,
        "Neizdevās piegādāt jūsu sūtījumu": Event.ATTEMPT_FAILED,
        "Jūsu sūtījums ir piegādāts": Event.DELIVERED,
        "Sūtījums izsniegts saņēmējam": Event.DELIVERED,
        "Jūsu sūtījuma piegāde kavējas": Event.EXCEPTION,
        "Sūtījums tiek atgriezts sūtītājam": Event.RETURNED,
        "Jūsu pasūtījums ir atcelts": Event.CANCELLED,
        "Naudas atmaksa par pasūtījumu": Event.REFUNDED,
        "Jūsu pasūtījums ir izpildīts": Event.CLOSED,
        "Novērtējiet savu pirkumu": Event.NONE,
    },
    "ca": {
        "Gràcies per la teva comanda": Event.ORDERED,
        "Hem rebut la vostra comanda": Event.ORDERED,
        "T'avisarem quan el paquet s'hagi enviat": Event.ORDERED,
        "Estem preparant la teva comanda": Event.ORDERED,
        "La teva comanda QWLTZRMHD s'ha enviat": Event.SHIPPED,
        "El teu paquet ja és en camí": Event.SHIPPED,
        "Hem lliurat la teva comanda al transportista": Event.IN_TRANSIT,
        "El teu enviament és a la duana": Event.IN_TRANSIT,
        "El vostre paquet es lliurarà demà": Event.IN_TRANSIT,
        "Avui et lliurem el teu paquet": Event.OUT_FOR_DELIVERY,
        "El teu enviament ha sortit a repartiment": Event.OUT_FOR_DELIVERY,
        "El teu paquet t'espera al punt de recollida": Event.AVAILABLE_FOR_PICKUP,
        "Ja pots passar a recollir la comanda": Event.AVAILABLE_FOR_PICKUP,
        "No hem pogut lliurar el teu paquet": Event.ATTEMPT_FAILED,
        "El vostre enviament no s'ha pogut lliurar: destinatari absent": Event.ATTEMPT_FAILED,
        "El teu paquet ha estat lliurat": Event.DELIVERED,
        "Enviament entregat": Event.DELIVERED,
        "Incidència en el teu enviament": Event.EXCEPTION,
        "El lliurament de la teva comanda s'ha endarrerit": Event.EXCEPTION,
        "El paquet s'ha retornat al remitent": Event.RETURNED,
        "La teva comanda s'ha cancel·lat": Event.CANCELLED,
        "Hem fet el reemborsament de la comanda": Event.REFUNDED,
        "La comanda s'ha completat": Event.CLOSED,
        "El número de seguiment del teu enviament ha canviat": Event.CODE_CHANGED,
        "Valora la teva compra": Event.NONE,
    },
    "id": {
        "Terima kasih atas pesananmu": Event.ORDERED,
        "Pembayaran pesanan #4417 berhasil": Event.ORDERED,
        "Pesanan Anda sedang diproses": Event.ORDERED,
        "Kami akan memberi tahu saat paket dikirim": Event.ORDERED,
        "Pesanan kamu akan segera dikirim": Event.ORDERED,
        "Pesanan Anda telah dikirim": Event.SHIPPED,
        "Hore, paketmu sedang dalam perjalanan": Event.SHIPPED,
        "Nomor resi sudah terbit": Event.SHIPPED,
        "Paket telah diserahkan ke kurir": Event.IN_TRANSIT,
        "Paket Anda telah tiba di pusat sortir": Event.IN_TRANSIT,
        "Kiriman Anda sedang dalam proses bea cukai": Event.IN_TRANSIT,
        "Paket Anda akan diantar besok": Event.IN_TRANSIT,
        "Kurir sedang mengantar paketmu": Event.OUT_FOR_DELIVERY,
        "Paket Anda akan diantar hari ini": Event.OUT_FOR_DELIVERY,
        "Paketmu siap diambil di agen": Event.AVAILABLE_FOR_PICKUP,
        "Paket sudah tiba di Indomaret, silakan ambil sebelum 14 Maret": Event.AVAILABLE_FOR_PICKUP,
        "Paket gagal diantar": Event.ATTEMPT_FAILED,
        "Pengiriman Anda belum berhasil: penerima tidak di tempat": Event.ATTEMPT_FAILED,
        "Paket telah diterima oleh Mila": Event.DELIVERED,
        "Pesananmu sudah sampai di tujuan": Event.DELIVERED,
        "Paket terkirim": Event.DELIVERED,
        "Pengiriman paket Anda terlambat": Event.EXCEPTION,
        "Paket dikembalikan ke pengirim": Event.RETURNED,
        "Pesanan Anda dibatalkan": Event.CANCELLED,
        "Dana pesananmu sudah dikembalikan": Event.REFUNDED,
        "Pesanan akan otomatis selesai besok": Event.CLOSING,
        "Dana pesanan akan diteruskan ke penjual besok": Event.CLOSING,
        "Pesananmu telah selesai": Event.CLOSED,
        "Nomor resi pesanan Anda telah diubah": Event.CODE_CHANGED,
        "Beri ulasan untuk pesananmu": Event.NONE,
    },
    "ms": {
        "Terima kasih atas pesanan anda": Event.ORDERED,
        "Bayaran anda telah diterima": Event.ORDERED,
        "Pesanan anda sedang disediakan": Event.ORDERED,
        "Kami akan maklumkan apabila pesanan dihantar": Event.ORDERED,
        "Pesanan anda telah dihantar": Event.SHIPPED,
        "Pesanan anda telah diposkan": Event.SHIPPED,
        "Bungkusan anda dalam perjalanan": Event.SHIPPED,
        "Bungkusan telah diserahkan kepada kurier": Event.IN_TRANSIT,
        "Bungkusan anda telah tiba di hab": Event.IN_TRANSIT,
        "Item anda dalam pelepasan kastam": Event.IN_TRANSIT,
        "Bungkusan anda akan tiba esok": Event.IN_TRANSIT,
        "Bungkusan anda keluar untuk penghantaran": Event.OUT_FOR_DELIVERY,
        "Bungkusan anda akan dihantar hari ini": Event.OUT_FOR_DELIVERY,
        "Bungkusan anda sedia untuk diambil": Event.AVAILABLE_FOR_PICKUP,
        "Sila kutip parcel anda di pejabat pos": Event.AVAILABLE_FOR_PICKUP,
        "Penghantaran anda tidak berjaya": Event.ATTEMPT_FAILED,
        "Kami cuba menghantar bungkusan anda, tiada orang di rumah": Event.ATTEMPT_FAILED,
        "Bungkusan anda telah berjaya dihantar": Event.DELIVERED,
        "Bungkusan telah diserahkan kepada penerima": Event.DELIVERED,
        "Penghantaran pesanan anda mengalami kelewatan": Event.EXCEPTION,
        "Bungkusan dipulangkan kepada pengirim": Event.RETURNED,
        "Pesanan anda telah dibatalkan": Event.CANCELLED,
        "Bayaran balik anda telah diproses": Event.REFUNDED,
        "Bayaran pesanan anda akan dilepaskan kepada penjual": Event.CLOSING,
        "Pesanan anda telah selesai": Event.CLOSED,
        "Nombor penjejakan anda telah ditukar": Event.CODE_CHANGED,
        "Beri ulasan untuk pesanan anda": Event.NONE,
    },
    "th": {
        "ยืนยันคำสั่งซื้อ": Event.ORDERED,
        "ขอบคุณที่สั่งซื้อสินค้ากับเรา": Event.ORDERED,
        "เราได้รับออเดอร์ของคุณแล้วค่ะ": Event.ORDERED,
        "จะแจ้งเลขพัสดุให้ทราบเมื่อจัดส่งแล้ว": Event.ORDERED,
        "ร้านค้ากำลังเตรียมสินค้า": Event.ORDERED,
        "คำสั่งซื้อของคุณถูกจัดส่งแล้ว": Event.SHIPPED,
        "แจ้งเลขพัสดุ": Event.SHIPPED,
        "ส่งของให้แล้วนะคะ": Event.SHIPPED,
        "พัสดุของคุณกำลังเดินทาง": Event.SHIPPED,
        "พัสดุถึงศูนย์คัดแยกสินค้าแล้ว": Event.IN_TRANSIT,
        "ส่งมอบให้บริษัทขนส่งแล้ว": Event.IN_TRANSIT,
        "พัสดุอยู่ระหว่างพิธีการศุลกากร": Event.IN_TRANSIT,
        "พัสดุของคุณจะถึงพรุ่งนี้": Event.IN_TRANSIT,
        "พัสดุอยู่ระหว่างการนำจ่าย": Event.OUT_FOR_DELIVERY,
        "พัสดุของคุณจะจัดส่งวันนี้": Event.OUT_FOR_DELIVERY,
        "พนักงานกำลังนำพัสดุไปส่งให้คุณ": Event.OUT_FOR_DELIVERY,
        "พัสดุพร้อมให้คุณมารับที่สาขา": Event.AVAILABLE_FOR_PICKUP,
        "กรุณามารับพัสดุ ณ ที่ทำการไปรษณีย์": Event.AVAILABLE_FOR_PICKUP,
        "นำจ่ายไม่สำเร็จ": Event.ATTEMPT_FAILED,
        "ไม่สามารถติดต่อผู้รับได้": Event.ATTEMPT_FAILED,
        "นำจ่ายสำเร็จ": Event.DELIVERED,
        "พัสดุของคุณจัดส่งสำเร็จแล้ว": Event.DELIVERED,
        "ผู้รับได้รับพัสดุแล้ว": Event.DELIVERED,
        "การจัดส่งล่าช้า": Event.EXCEPTION,
        "พัสดุถูกตีกลับ": Event.RETURNED,
        "คำสั่งซื้อของคุณถูกยกเลิกแล้ว": Event.CANCELLED,
        "คืนเงินเรียบร้อยแล้ว": Event.REFUNDED,
        "กรุณายืนยันการรับสินค้า": Event.CLOSING,
        "คำสั่งซื้อเสร็จสมบูรณ์แล้ว": Event.CLOSED,
        "เปลี่ยนหมายเลขพัสดุ": Event.CODE_CHANGED,
        "ให้คะแนนสินค้าที่คุณซื้อ": Event.NONE,
        "รหัส OTP สำหรับเข้าสู่ระบบ": Event.NONE,
    },
    "vi": {
        "Xác nhận đơn hàng": Event.ORDERED,
        "Cảm ơn bạn đã đặt hàng tại Tiệm Gốm": Event.ORDERED,
        "Đơn hàng của bạn đã được xác nhận": Event.ORDERED,
        "Shop sẽ thông báo khi đơn hàng được gửi đi": Event.ORDERED,
        "Người bán đang chuẩn bị hàng": Event.ORDERED,
        "Đơn hàng của bạn đã được gửi đi": Event.SHIPPED,
        "Kiện hàng đang trên đường đến với bạn": Event.SHIPPED,
        "Don hang cua ban da duoc gui di": Event.SHIPPED,
        "Đơn hàng đã được giao cho đơn vị vận chuyển": Event.IN_TRANSIT,
        "Đơn hàng đã bàn giao cho Viettel Post": Event.IN_TRANSIT,
        "Bưu gửi đã đến bưu cục Hoàn Kiếm": Event.IN_TRANSIT,
        "Kiện hàng đang làm thủ tục hải quan": Event.IN_TRANSIT,
        "Đơn hàng sẽ được giao đến bạn vào ngày mai": Event.IN_TRANSIT,
        "Đơn hàng của bạn sẽ được giao hôm nay": Event.OUT_FOR_DELIVERY,
        "Shipper đang giao đơn hàng đến bạn": Event.OUT_FOR_DELIVERY,
        "Bưu tá đang giao bưu phẩm": Event.OUT_FOR_DELIVERY,
        "Bưu phẩm đang được bưu tá Lê Văn Tám mang đi phát": Event.OUT_FOR_DELIVERY,
        "Mời quý khách đến nhận bưu phẩm tại bưu cục": Event.AVAILABLE_FOR_PICKUP,
        "Kiện hàng đang chờ bạn tại tủ nhận hàng": Event.AVAILABLE_FOR_PICKUP,
        "Giao hàng không thành công": Event.ATTEMPT_FAILED,
        "Chúng tôi không liên lạc được với người nhận": Event.ATTEMPT_FAILED,
        "Đơn hàng đã được giao thành công": Event.DELIVERED,
        "Bưu gửi đã phát thành công": Event.DELIVERED,
        "Don hang da giao thanh cong": Event.DELIVERED,
        "Đơn hàng bị giao trễ do thời tiết": Event.EXCEPTION,
        "Đơn hàng đang được hoàn về người gửi": Event.RETURNED,
        "Đơn hàng đã bị hủy": Event.CANCELLED,
        "Đơn hàng của bạn đã bị huỷ": Event.CANCELLED,
        "Yêu cầu hoàn tiền đã được chấp nhận": Event.REFUNDED,
        "Shop đã hoàn tiền cho bạn": Event.REFUNDED,
        "Vui lòng xác nhận đã nhận được hàng": Event.CLOSING,
        "Đơn hàng đã hoàn thành": Event.CLOSED,
        "Mã vận đơn của bạn đã thay đổi": Event.CODE_CHANGED,
        "Hãy đánh giá sản phẩm bạn đã mua": Event.NONE,
        "Mã OTP đăng nhập của bạn": Event.NONE,
    },
    "ro": {
        "Comanda ta a fost confirmată": Event.ORDERED,
        "Comanda ta a fost expediată": Event.SHIPPED,
        "Coletul tău te așteaptă în easybox": Event.AVAILABLE_FOR_PICKUP,
        "Coletul tău este în livrare": Event.OUT_FOR_DELIVERY,
        "Coletul tău a fost livrat": Event.DELIVERED,
        "Comanda ta a fost anulată": Event.CANCELLED,
    },
    "hu": {
        "Köszönjük a rendelésed!": Event.ORDERED,
        "Csomagodat feladtuk": Event.SHIPPED,
        "Csomagod kiszállítás alatt": Event.OUT_FOR_DELIVERY,
        "Csomagod átvehető a csomagponton": Event.AVAILABLE_FOR_PICKUP,
        "Csomagját sikeresen kézbesítettük": Event.DELIVERED,
        "Rendelésed törölve": Event.CANCELLED,
    },
    "tr": {
        "Siparişiniz alındı": Event.ORDERED,
        "SİPARİŞİNİZ KARGOYA VERİLDİ": Event.SHIPPED,
        "Kargonuz dağıtıma çıktı": Event.OUT_FOR_DELIVERY,
        "Kargonuz teslim alınmaya hazır": Event.AVAILABLE_FOR_PICKUP,
        "Kargonuz teslim edilemedi": Event.ATTEMPT_FAILED,
        "Kargonuz teslim edildi": Event.DELIVERED,
        "Siparişiniz iptal edildi": Event.CANCELLED,
    },
    "ru": {
        "Ваш заказ оформлен": Event.ORDERED,
        "Сообщим, когда посылка будет отправлена": Event.ORDERED,
        "Заказ 8200123412341234: заказ отправлен": Event.SHIPPED,
        "Посылка прошла таможню": Event.IN_TRANSIT,
        "Ваша посылка будет доставлена завтра": Event.IN_TRANSIT,
        "Заказ передан в службу доставки": Event.IN_TRANSIT,
        "Заказ передан курьеру, ждите его сегодня": Event.OUT_FOR_DELIVERY,
        "Посылка прибыла в место вручения": Event.AVAILABLE_FOR_PICKUP,
        "Неудачная попытка вручения": Event.ATTEMPT_FAILED,
        "Ваш заказ доставлен": Event.DELIVERED,
        "Доставка вашего заказа задерживается": Event.EXCEPTION,
        "Деньги за заказ возвращены": Event.REFUNDED,
        "Трек-номер вашего заказа изменён": Event.CODE_CHANGED,
        "Оцените заказ и получите скидку": Event.NONE,
    },
    "uk": {
        "Дякуємо за замовлення": Event.ORDERED,
        "Ваше замовлення відправлено": Event.SHIPPED,
        "Посилка на митниці": Event.IN_TRANSIT,
        "Ваша посилка прибула у відділення": Event.AVAILABLE_FOR_PICKUP,
        "Посилку буде доставлено сьогодні": Event.OUT_FOR_DELIVERY,
        "Посилку доставлено": Event.DELIVERED,
        "Замовлення скасовано": Event.CANCELLED,
    },
    "he": {
        "ההזמנה שלך התקבלה": Event.ORDERED,
        "ההזמנה שלך נשלחה": Event.SHIPPED,
        "החבילה שוחררה מהמכס": Event.IN_TRANSIT,
        "החבילה שלך ממתינה לאיסוף": Event.AVAILABLE_FOR_PICKUP,
        "החבילה נמסרה": Event.DELIVERED,
        "ההזמנה שלך בוטלה": Event.CANCELLED,
    },
    "fa": {
        "سفارش شما با موفقیت ثبت شد": Event.ORDERED,
        "از خرید شما سپاسگزاریم": Event.ORDERED,
        "سفارش شما فردا ارسال خواهد شد": Event.ORDERED,
        "سفارش شما هنوز ارسال نشده است": Event.ORDERED,
        "سفارش شما ارسال شد": Event.SHIPPED,
        "مرسوله‌ی شما در راه است": Event.SHIPPED,
        "سفارش شما تحویل پست شد": Event.IN_TRANSIT,
        "مرسوله شما در گمرک است": Event.IN_TRANSIT,
        "سفارش شما فردا تحویل داده می‌شود": Event.IN_TRANSIT,
        "سفارش شما فردا تحویل داده می شود": Event.IN_TRANSIT,
        "مرسوله شما در حال توزیع است": Event.OUT_FOR_DELIVERY,
        "بسته شما امروز به دستتان می‌رسد": Event.OUT_FOR_DELIVERY,
        "مرسوله شما آماده تحویل است": Event.AVAILABLE_FOR_PICKUP,
        "تحویل مرسوله شما ناموفق بود: عدم حضور گیرنده": Event.ATTEMPT_FAILED,
        "نتوانستیم بسته شما را تحویل دهیم": Event.ATTEMPT_FAILED,
        "سفارش شما تحویل داده شد": Event.DELIVERED,
        "ارسال سفارش شما با تاخیر انجام می‌شود": Event.EXCEPTION,
        "مرسوله به فرستنده برگشت داده شد": Event.RETURNED,
        "سفارش شما لغو شد": Event.CANCELLED,
        "وجه سفارش شما بازگردانده شد": Event.REFUNDED,
        "لطفا دریافت سفارش را تایید کنید": Event.CLOSING,
        "سفارش شما تکمیل شد": Event.CLOSED,
        "به خرید خود امتیاز دهید": Event.NONE,
    },
    "hi": {
        "आपका ऑर्डर कन्फर्म हो गया है": Event.ORDERED,
        "ऑर्डर करने के लिए धन्यवाद": Event.ORDERED,
        "आपका ऑर्डर जल्द ही शिप किया जाएगा": Event.ORDERED,
        "आपका ऑर्डर शिप हो गया है": Event.SHIPPED,
        "आपका आर्डर रास्ते में है": Event.SHIPPED,
        "आपका पार्सल ट्रांजिट में है": Event.IN_TRANSIT,
        "आपका पैकेट कल डिलीवर किया जाएगा": Event.IN_TRANSIT,
        "आपका पैकेट कस्टम्स में है": Event.IN_TRANSIT,
        "आपका ऑर्डर आज डिलीवर होगा": Event.OUT_FOR_DELIVERY,
        "आपका पैकेज डिलीवरी के लिए निकल चुका है": Event.OUT_FOR_DELIVERY,
        "आपका पार्सल पिकअप के लिए तैयार है": Event.AVAILABLE_FOR_PICKUP,
        "आपका पैकेट डिलीवर नहीं हो सका": Event.ATTEMPT_FAILED,
        "डिलीवरी का प्रयास असफल रहा": Event.ATTEMPT_FAILED,
        "आपका ऑर्डर डिलीवर हो गया": Event.DELIVERED,
        "आपका पैकेज पहुँच गया है": Event.DELIVERED,
        "आपके ऑर्डर में देरी हो रही है": Event.EXCEPTION,
        "आपका पार्सल विक्रेता को वापस भेजा जा रहा है": Event.RETURNED,
        "आपका ऑर्डर रद्द कर दिया गया है": Event.CANCELLED,
        "आपका रिफंड प्रोसेस हो गया है": Event.REFUNDED,
        "क्या आपको आपका ऑर्डर मिल गया?": Event.CLOSING,
        "आपका ऑर्डर पूरा हो गया": Event.CLOSED,
        "आपकी खरीदारी कैसी लगी?": Event.NONE,
    },
    "ar": {
        "تم تأكيد طلبك": Event.ORDERED,
        "تم شحن طلبك": Event.SHIPPED,
        "شحنتك خرجت للتوصيل": Event.OUT_FOR_DELIVERY,
        "شحنتك جاهزة للاستلام": Event.AVAILABLE_FOR_PICKUP,
        "تعذر تسليم شحنتك": Event.ATTEMPT_FAILED,
        "تم تسليم طلبك": Event.DELIVERED,
        "تم إلغاء طلبك": Event.CANCELLED,
    },
    "ja": {
        "ご注文ありがとうございます": Event.ORDERED,
        "商品を発送しました": Event.SHIPPED,
        "商品が発送されましたらお知らせします": Event.ORDERED,
        "荷物は通関手続き中です": Event.IN_TRANSIT,
        "ご不在のため持ち戻りました": Event.ATTEMPT_FAILED,
        "お荷物の配達が完了しました": Event.DELIVERED,
        "ご注文がキャンセルされました": Event.CANCELLED,
    },
    "ko": {
        "주문이 접수되었습니다": Event.ORDERED,
        "상품이 발송되었습니다": Event.SHIPPED,
        "상품이 통관 중입니다": Event.IN_TRANSIT,
        "운송장 번호 LP00123412341234: 배송 완료": Event.DELIVERED,
        "주문이 취소되었습니다": Event.CANCELLED,
        "환불이 완료되었습니다": Event.REFUNDED,
    },
    "zh": {
        "感谢您的订购，我们将尽快发货": Event.ORDERED,
        "您的订单已发货": Event.SHIPPED,
        "您的訂單已出貨": Event.SHIPPED,
        "包裹已清关": Event.IN_TRANSIT,
        "您的快件正在派送": Event.OUT_FOR_DELIVERY,
        "您的包裹已到驿站，请凭取件码取件": Event.AVAILABLE_FOR_PICKUP,
        "您的包裹已签收": Event.DELIVERED,
        "订单已取消": Event.CANCELLED,
        "退款成功": Event.REFUNDED,
    },
}


@pytest.mark.parametrize(
    ("code", "subject", "event"),
    [
        pytest.param(code, subject, event, id=f"{code}-{event.value}-{n}")
        for code, subjects in SUBJECTS.items()
        for n, (subject, event) in enumerate(subjects.items(), 1)
    ],
)
def test_the_longest_phrase_tells_the_event(code: str, subject: str, event: Event) -> None:
    assert told(code, subject) is event
