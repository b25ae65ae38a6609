"""Carriers: the table proves itself, and a code, a link, a domain or a sentence leads to the right one."""

from __future__ import annotations

import random
import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Check, CodeKind
from pipeline.read.carriers import (
    Match,
    carrier_of_domain,
    carriers,
    carriers_named,
    code_in_link,
    matches,
    tracking_page,
)
from pipeline.read.carriertable import read_carriers
from pipeline.tables import TableError

#: Keys that other tables and rules rely on.
RELIED_ON = [
    "cainiao", "dhl", "dhlexpress", "dhlecommerce", "dpd", "dpdpl", "gls", "hermes", "ups", "usps",
    "fedex", "royalmail", "parcelforce", "evri", "yodel", "inpost", "correos", "correosexpress", "seur",
    "laposte", "colissimo", "chronopost", "mondialrelay", "postnl", "bpost", "chinapost", "yanwen",
    "yunexpress", "4px", "sf", "sto", "zto", "yto", "yunda", "jt", "jd", "russianpost", "cdek",
    "ukrposhta", "novaposhta", "correios", "poczta", "ceskaposta", "packeta", "ppl", "swisspost",
    "austrianpost", "posteitaliane", "brt", "sda", "postnord", "posti", "posten", "israelpost",
    "japanpost", "yamato", "sagawa", "koreapost", "cjlogistics", "canadapost", "purolator", "auspost",
    "nzpost", "amazon", "ptt", "ctt", "elta", "magyarposta", "postaromana", "anpost", "singpost",
    "hongkongpost", "indiapost", "aramex",
]  # fmt: skip

FORMATS = [
    pytest.param(key, form, id=f"{key}-{form.pattern}")
    for key, carrier in carriers().items()
    for form in carrier.formats
]


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", RELIED_ON)
def test_key_that_others_rely_on_exists(key: str) -> None:
    assert key in carriers()


@pytest.mark.parametrize(("key", "form"), FORMATS)
def test_valid_sample_is_matched_to_its_carrier(key: str, form) -> None:
    for sample in form.valid:
        check = Check.NONE if form.check == "none" else Check.PASSED
        assert Match(key, check, form.kind, form.distinct) in matches(sample)


@pytest.mark.parametrize(("key", "form"), FORMATS)
def test_invalid_sample_is_no_passing_match_of_its_format(key: str, form) -> None:
    for sample in form.invalid:
        fits = re.fullmatch(form.pattern, sample) is not None
        assert not fits or Match(key, Check.FAILED, form.kind, form.distinct) in matches(sample)


@pytest.mark.parametrize("country", sorted({suffix for carrier in carriers().values() for suffix in carrier.s10}))
def test_postal_number_leads_to_the_post_of_its_suffix(country: str) -> None:
    best = matches(f"RB123456785{country}")[0]

    assert country in carriers()[best.carrier].s10
    assert (best.check, best.distinct) == (Check.PASSED, True)


@pytest.mark.parametrize("key", [key for key, carrier in carriers().items() if carrier.tracking_page])
def test_tracking_page_holds_the_code_on_the_carriers_domain(key: str) -> None:
    page = tracking_page(key, "RB 123-456/785")

    assert page is not None
    assert "RB123456%2F785" in page
    assert carrier_of_domain(urlsplit(page).hostname or "") is not None


GOOD = """
[one]
name = "One"
names = ["One Post"]
domains = ["one.example"]
s10 = ["XA"]
tracking_page = "https://www.one.example/{code}"
[[one.formats]]
pattern = "ON[0-9]{8}"
distinct = true
valid = ["ON12345678"]
invalid = ["ON1234567"]
[two]
name = "Two"
"""


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"ON[0-9]{8}"', '"ON[0-9"', "not plain"),
        ('"ON[0-9]{8}"', '"(?:ON[0-9]+)+"', "not plain"),
        ('"ON[0-9]{8}"', '"ON.{8}"', "not plain"),
        ('"ON[0-9]{8}"', '"(?:ON|P){2}[0-9]{8}"', "words of different length"),
        ('"ON[0-9]{8}"', '"[0-9]{19}"', "too short to be distinct"),
        ("distinct = true", 'check = "magic"', "unknown check 'magic'"),
        ("distinct = true", 'check = "s10"', "sample 'ON12345678' contradicts"),
        ('["ON12345678"]', '["ON1234567X"]', "sample 'ON1234567X' contradicts"),
        ('["ON1234567"]', '["ON87654321"]', "sample 'ON87654321' contradicts"),
        ('["ON1234567"]', "[]", "lacks samples"),
        ("https://www.one.example/{code}", "http://www.one.example/{code}", "not https"),
        ("https://www.one.example/{code}", "https://www.one.example/", "with one {code}"),
        ("https://www.one.example/{code}", "https://notone.example/{code}", "on no carrier's domain"),
        ('s10 = ["XA"]', "link_paths = ['/(']", "bad link path"),
        ('s10 = ["XA"]', "link_paths = ['/([0-9]+)']", "no group 'code'"),
        ('name = "Two"', 'name = "Two"\nnames = ["ONE post"]', "name 'one post' is claimed by one"),
        ('name = "Two"', 'name = "Two"\ndomains = ["one.example"]', "domain 'one.example' is claimed by one"),
        ('name = "Two"', 'name = "Two"\ns10 = ["XA"]', "S10 suffix 'XA' is claimed by one"),
        ('name = "Two"', 'nome = "Two"', "unknown key"),
    ],
)  # fmt: skip
def test_table_that_contradicts_itself_is_refused(old: str, new: str, reason: str) -> None:
    assert read_carriers(GOOD.encode(), "t.toml")
    assert old in GOOD

    with pytest.raises(TableError, match=re.escape(reason)) as refusal:
        read_carriers(GOOD.replace(old, new).encode(), "t.toml")

    assert str(refusal.value).startswith("t.toml: ")


# ── codes ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "carrier", "check"),
    [
        ("LP00827165784034", "cainiao", "none"),
        ("AP99995016711915", "cainiao", "none"),
        ("JY26CAA0D000551012", "cainiao", "none"),
        ("00340434161094042557", "dhl", "passed"),
        ("00340999999999990010", "dhl", "failed"),
        ("CQ999999901DE", "dhl", "failed"),
        ("1000399528451U", "dpdpl", "none"),
        ("H01QPZ0007431687", "evri", "none"),
        ("H9999702885602351723", "hermes", "none"),
        ("609999999990999918999993", "inpost", "none"),
        ("MA038501234GB", "royalmail", "failed"),
        ("350C20177729F", "sda", "none"),
        ("1Z999AA11026832876", "ups", "failed"),
        ("92741234567890123456789000", "usps", "failed"),
        ("JJD0002257639032011", "yodel", "none"),
        ("YT2229521272164446", "yunexpress", "none"),
    ],
)
def test_distinct_shape_names_its_carrier(code: str, carrier: str, check: str) -> None:
    best = matches(code)[0]

    assert (best.carrier, best.check, best.distinct) == (carrier, Check(check), True)


def test_blanks_hyphens_and_case_do_not_matter() -> None:
    assert matches("rb 123-456 785 cn") == matches("RB123456785CN") != ()


def test_package_id_of_the_shop_is_told_from_a_tracking_number() -> None:
    assert matches("LP00827165784034")[0].kind is CodeKind.PACKAGE_ID
    assert matches("RB123456785CN")[0].kind is CodeKind.TRACKING_NUMBER


def test_passed_comes_before_unchecked_before_failed() -> None:
    order = [Check.PASSED, Check.NONE, Check.FAILED]
    found = [match.check for match in matches("986578788855")]

    assert len(set(found)) == 3
    assert found == sorted(found, key=order.index)


@pytest.mark.parametrize(
    "text", ["", " - ", "delivered", "WH-1000XM5", "RB123456785XX", "XY00Z0ABC0000", "MC1605", "ＲＢ１２３"],
    ids=["empty", "only a hyphen", "a word", "product", "no country", "item name", "Shopify order", "wide"],
)  # fmt: skip
def test_what_is_no_code_has_no_distinct_match(text: str) -> None:
    assert not any(match.distinct for match in matches(text))


@given(st.text(max_size=40))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert all(match.carrier in carriers() for match in matches(text))


#: What shops number their orders like; a ``#`` stands for any digit.
ORDER_NUMBERS = {
    "AliExpress, 16 digits, 30": "30##############",
    "AliExpress, 16 digits, 8": "8###############",
    "AliExpress, 16 digits, 112": "112#############",
    "AliExpress, 15 digits": "###############",
    "AliExpress, 14 digits": "##############",
    "AliExpress, package of 18 digits": "3151931###########",
    "Amazon": "###-#######-#######",
    "Amazon, digital": "D01-#######-#######",
    "eBay": "##-#####-#####",
    "eBay, item": "############",
    "Etsy": "##########",
    "Walmart": "#######-########",
}


@pytest.mark.parametrize("kind", ORDER_NUMBERS)
def test_order_number_is_never_distinct(kind: str) -> None:
    rng = random.Random(kind)
    shape = ORDER_NUMBERS[kind]
    numbers = [re.sub("#", lambda _: rng.choice("0123456789"), shape) for _ in range(10_000)]

    assert [number for number in numbers if any(match.distinct for match in matches(number))] == []


# ── pages, domains, links ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("carrier", "code", "page"),
    [
        ("ups", "1Z5R 8939 0357 5671 27", "https://www.ups.com/track?tracknum=1Z5R89390357567127"),
        (None, "RB123456785RU", "https://www.pochta.ru/tracking?barcode=RB123456785RU"),
        (None, "LP00827165784034", "https://global.cainiao.com/newDetail.htm?mailNoList=LP00827165784034"),
        (None, "8211968327931234", None),
        (None, "4212345678", None),
        (None, "", None),
        ("ups", "", None),
        ("indiapost", "RB123456785IN", None),
        ("nobody", "RB123456785RU", None),
    ],
    ids=[
        "given carrier", "by S10 suffix", "by shape", "order number", "weak shape", "no code", "blank",
        "no page", "unknown carrier",
    ],
)  # fmt: skip
def test_tracking_page(carrier: str | None, code: str, page: str | None) -> None:
    assert tracking_page(carrier, code) == page


@pytest.mark.parametrize(
    ("domain", "carrier"),
    [
        ("dhl.de", "dhl"),
        ("notifications.auspost.com.au", "auspost"),
        ("PAKETANKUENDIGUNG.myHermes.de.", "hermes"),
        ("myhermes.co.uk", "evri"),
        ("tracktrace.dpd.com.pl", "dpdpl"),
        ("mydhl.express.dhl", "dhlexpress"),
        ("track.amazon.de", "amazon"),
        ("amazon.de", None),
        ("notdhl.de", None),
        ("dhl.de.example.org", None),
        ("usps.com-trackaxp.top", None),
        ("allegromail.pl", None),
        ("com", None),
        ("", None),
    ],
)
def test_domain_belongs_to_its_carrier_only(domain: str, carrier: str | None) -> None:
    assert carrier_of_domain(domain) == carrier


LINKS = {
    "https://www.dhl.de/de/verfolgen.html?lang=de&idc=00340434161094042557": "dhl 00340434161094042557",
    "https://www.dhl.com/de-de/home/tracking.html?tracking-id=3318810025&submit=1": "dhlexpress 3318810025",
    "https://www.laposte.fr/outils/suivre-vos-envois?code=8L01234567890": "colissimo 8L01234567890",
    "https://www.laposte.fr/outils/suivre-vos-envois?code=RB123456785FR": "laposte RB123456785FR",
    "https://tracktrace.dpd.com.pl/parcelDetails?p1=1000399528451U": "dpdpl 1000399528451U",
    "https://gls-group.eu/track/90346692444": "gls 90346692444",
    "https://www.evri.com/track/#/parcel/H01QPZ0007431687/details/rate?passkey=81": "evri H01QPZ0007431687",
    "https://www.myhermes.co.uk/track#/parcel/8888888888888888?postcode=ME6": "evri 8888888888888888",
    "https://www.royalmail.com/track-your-item#/tracking-results/ma038501234gb": "royalmail MA038501234GB",
    "https://ryml.me/?MA038501234GB&E6bbgU3Am1c": "royalmail MA038501234GB",
    "https://track.bpost.cloud/btr/web/#/search?itemCode=RB123456785BE&lang=en": "bpost RB123456785BE",
    "https://www.myhermes.de/sendungsinformation/#H9999767129584220767": "hermes H9999767129584220767",
    "https://tools.usps.com/go/Track?TLABELS=9400111202555842332669%2C950": "usps 9400111202555842332669",
    "https://www.ups.com/track?tracknum=1Z%205R8%20939%2003%205756%20712%207": "ups 1Z5R89390357567127",
    "https://www.boxnow.hr/?track=9219709201": "boxnow 9219709201",
    "https://mano.omniva.lt/track/CE123456785EE": "omniva CE123456785EE",
    "https://post.lt/siuntu-sekimas?parcels=RB123456785LT": "lietuvospastas RB123456785LT",
    "https://www.ups.com/track?loc=en_US&tracknum=": None,
    "https://www.ups.com/track?loc=en_US&tracknum=delivered": None,
    "https://www.ups.com.example.org/track?tracknum=1Z5R89390357567127": None,
    "https://www.dhl.de/newsletter/unsubscribe?id=00340434161094042557": None,
    "ftp://www.ups.com/track?tracknum=1Z5R89390357567127": None,
    "https://[broken/track?tracknum=1Z5R89390357567127": None,
    "": None,
}


@pytest.mark.parametrize("url", LINKS)
def test_code_in_a_carriers_link(url: str) -> None:
    expected = LINKS[url]

    assert code_in_link(url) == (tuple(expected.split()) if expected else None)


@pytest.mark.parametrize("key", [key for key, c in carriers().items() if c.tracking_page and c.formats])
def test_own_tracking_page_is_read_back(key: str) -> None:
    code = max((form.valid[0] for form in carriers()[key].formats), key=len)
    page = tracking_page(key, code)

    assert page is not None
    assert (code_in_link(page) or ("", ""))[1] == code


@given(st.text(max_size=60))
def test_any_link_can_be_asked_about(tail: str) -> None:
    found = code_in_link("https://www.ups.com/" + tail)

    assert found is None or found[0] == "ups"


# ── names ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ihr Paket wurde an DHL übergeben.", ("dhl",)),
        ("Die DHL-Sendung kommt mit dhl, nicht mit Hermes.", ("dhl", "hermes")),
        ("DHL Express and then DHL", ("dhlexpress", "dhl")),
        ("shipped via\tUSPS; last mile: Royal\nMail", ("usps", "royalmail")),
        ("Correos Express, luego Correos", ("correosexpress", "correos")),
        ("Revise sus correos y paquetes", ()),
        ("Ups, das hat nicht geklappt. Oops and ups.", ()),
        ("Track with UPS today", ("ups",)),
        ("Meest gestelde vragen", ()),
        ("Bring your ID. Speedy delivery, best express service!", ()),
        ("Open the box now and look at what is inside", ()),
        ("Vaš paket je u BOX NOW paketomatu", ("boxnow",)),
        ("Pošiljka je predana Hrvatskoj pošti", ("hrvatskaposta",)),
        ("Пошиљка је предата Пошти Србије", ("postasrbije",)),
        ("Siunta perduota Lietuvos paštui", ("lietuvospastas",)),
        ("YODELS and GLSX and UPSET", ()),
        ("GROUPS, myDHL, заDHL and 7DPD", ()),
        ("由顺丰速运配送", ("sf",)),
        ("由DHL配送", ("dhl",)),
        ("ヤマト運輸でお届けします", ("yamato",)),
        ("우체국택배로 발송되었습니다", ("koreapost",)),
        ("נשלח בדואר ישראל", ("israelpost",)),
        ("Передано Почтой России, ранее СДЭК", ("russianpost", "cdek")),
        ("Zásilka byla předána Zásilkovnou", ("packeta",)),
        ("YURTİÇİ KARGO ve Sürat Kargo", ("surat",)),
        ("İ İ İ: UPS", ("ups",)),
        ("see https://www.dhl.de/hermes or mail info@dhl.com, www.dhl.com", ()),
        ("", ()),
    ],
)
def test_carriers_named_in_prose(text: str, named: tuple[str, ...]) -> None:
    assert carriers_named(text) == named


@pytest.mark.parametrize(
    ("key", "name"), [(key, name) for key, c in carriers().items() for name in (*c.names, *c.exact_names)]
)
def test_every_name_is_found_between_other_words(key: str, name: str) -> None:
    assert carriers_named(f"x, ({name}): x") == (key,)


@given(st.text(max_size=200))
def test_any_text_can_be_searched_for_names(text: str) -> None:
    assert set(carriers_named(text)) <= set(carriers())
