"""Verdicts on senders: a table of headers, each row one way to be genuine or to cheat."""

from __future__ import annotations

import pytest

from pipeline.model import Trust, Verdict
from pipeline.parse import peek
from pipeline.trust import Known, Sender, authres, effective_sender, judge

SENDERS = Known((
    Sender("aliexpress", ("AliExpress", "全球速卖通"), ("aliexpress.com", "aliexpress.ru")),
    Sender("amazon", ("Amazon", "Amazon.de"), ("amazon.com", "amazon.de")),
    Sender("wish", ("Wish",), ("wish.com",)),
    Sender("temu", ("Temu",), ("temu.com",)),
    Sender("cheerful", ("Cheerful",), ("cheerful.example",), common_word=True),
    Sender("hermes", ("Hermes", "myHermes"), ("myhermes.de",)),
    Sender("ups", ("UPS",), ("ups.com",)),
    Sender("usps", ("USPS",), ("usps.com",)),
    Sender("dhl", ("DHL", "DHL Paket"), ("dhl.de",)),
    Sender("gls", ("GLS", "GLS Paket"), ("gls-group.eu",)),
    Sender("royalmail", ("Royal Mail",), ("royalmail.com",), carries=True),
))  # fmt: skip
GENUINE = "AliExpress <transaction@notice.aliexpress.com>"
RELAY = "AliExpress <transaction_at_notice_aliexpress_com_0a1b2c3d4e_0a1b2c3d@privaterelay.appleid.com>"
DKIM = "mx.example.org; dkim=pass header.d=notice.aliexpress.com header.s=s1"


def verdict(
    sender: str | list[str] = GENUINE,
    *results: str,
    subject: str = "Order 8211968327931234: order shipped",
    trusted: str = "mx.example.org",
    owner: str = "me@example.org",
    id_less: bool = False,
    extra: str = "",
) -> Verdict:
    lines = [f"Authentication-Results: {result}" for result in results]
    lines += [f"From: {one}" for one in ([sender] if isinstance(sender, str) else sender)]
    head = "\n".join([*lines, f"Subject: {subject}", "Message-ID: <1@x>", *([extra] if extra else []), "", ""])
    return judge(
        peek(head.encode()),
        trusted_ids=frozenset(trusted.split()),
        senders=SENDERS,
        owner=frozenset({owner}),
        id_less_topmost=id_less,
    )


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(DKIM, id="dkim of the very domain"),
        pytest.param("mx.example.org; dkim=pass header.d=aliexpress.com", id="dkim of the domain above"),
        pytest.param("mx.example.org; dkim=pass header.d=mail.aliexpress.com", id="dkim of a sister, both its own"),
        pytest.param("mx.example.org; dkim=pass header.i=@notice.aliexpress.com header.s=x", id="header.i"),
        pytest.param("mx.example.org; dkim=pass header.i=bounce@aliexpress.com", id="header.i with a local part"),
        pytest.param("mx.example.org; dmarc=pass (p=REJECT) header.from=notice.aliexpress.com", id="dmarc"),
        pytest.param(f"{DKIM};", id="trailing semicolon"),
        pytest.param("MX.Example.ORG 1; DKIM=Pass Header.D=Notice.AliExpress.com", id="odd case and version"),
        pytest.param("mx.example.org;\n\tdkim=pass\n\theader.d=aliexpress.com", id="folded"),
        pytest.param('mx.example.org; dkim=pass header.d="aliexpress.com"', id="quoted value"),
        pytest.param("mx.example.org; dkim = pass header.d = aliexpress.com", id="blanks around the sign"),
        pytest.param("mx.example.org; dkim/1=pass header.d=aliexpress.com", id="method version"),
        pytest.param('mx.example.org; dkim=pass reason="ok; fine" header.d=aliexpress.com', id="quoted reason"),
        pytest.param("mx.example.org; dkim=fail header.d=x.example; " + DKIM[16:], id="one of two signatures"),
        pytest.param("mx.example.org; dkim=pass (2048-bit; \\) key) header.d=aliexpress.com", id="comment with ;"),
    ],
)
def test_the_word_of_the_own_server_for_the_own_domain_is_trusted(result: str) -> None:
    assert verdict(GENUINE, result).trust is Trust.TRUSTED


def test_the_reason_says_who_vouches_for_whom() -> None:
    assert verdict(GENUINE, DKIM).reasons == ("the server mx.example.org vouches for notice.aliexpress.com (DKIM)",)


@pytest.mark.parametrize(
    "results",
    [
        pytest.param([], id="no header"),
        pytest.param(["mx.example.org; spf=pass smtp.mailfrom=notice.aliexpress.com"], id="spf alone"),
        pytest.param(["mx.example.org; none"], id="none"),
        pytest.param(["mx.example.org"], id="an id and nothing"),
        pytest.param([""], id="empty"),
        pytest.param(["evil.example; dkim=pass header.d=aliexpress.com"], id="a server nobody trusts"),
        pytest.param(
            ["mx.example.org.evil.example; dkim=pass header.d=aliexpress.com"], id="a server's name as prefix"
        ),
        pytest.param(["evil.example; none", DKIM], id="a server nobody trusts on top of a trusted one"),
        pytest.param(["mx.example.org; dkim=none", DKIM], id="a second header below the first"),
        pytest.param(["mx.example.org; dkim=none (; dkim=pass header.d=aliexpress.com ; )"], id="pass in a comment"),
        pytest.param(["mx.example.org; dkim=none (a (b) ; dkim=pass header.d=aliexpress.com ; )"], id="nested comment"),
        pytest.param(
            ["mx.example.org; dkim=none (\\) ; dkim=pass header.d=aliexpress.com ; )"],
            id="escape in a comment",
        ),
        pytest.param(["mx.example.org; dkim=none ( ; dkim=pass header.d=aliexpress.com"], id="comment left open"),
        pytest.param(['mx.example.org; dkim=none reason="; dkim=pass header.d=aliexpress.com"'], id="pass in quotes"),
        pytest.param(['mx.example.org; spf=none smtp.mailfrom="a\\"; dkim=pass header.d=aliexpress.com"'], id="escape"),
        pytest.param(["mx.example.org; dkim=pass header.d=attacker.example"], id="dkim of another"),
        pytest.param(["mx.example.org; dkim=pass header.d=notaliexpress.com"], id="dkim of a longer name"),
        pytest.param(["mx.example.org; dkim=pass header.d=com"], id="dkim of the top level"),
        pytest.param(["mx.example.org; dkim=pass header.d=x.example header.d=aliexpress.com"], id="two header.d"),
        pytest.param(["mx.example.org; dkim=fail header.d=aliexpress.com"], id="dkim fails"),
        pytest.param(["mx.example.org; x=y dkim=pass header.d=aliexpress.com"], id="pass as a property"),
        pytest.param(["mx.example.org; dmarc=pass header.from=attacker.example"], id="dmarc of another"),
        pytest.param(["mx.example.org; dmarc=pass"], id="dmarc of nobody"),
        pytest.param(["mx.example.org; arc=pass header.d=aliexpress.com"], id="arc"),
        pytest.param(["spf=pass; dkim=pass header.d=aliexpress.com"], id="no id"),
    ],
)
def test_what_proves_nothing_is_unverified(results: list[str]) -> None:
    assert verdict(GENUINE, *results).trust is Trust.UNVERIFIED


def test_arc_authentication_results_are_ignored() -> None:
    assert verdict(extra=f"ARC-Authentication-Results: i=1; {DKIM}").trust is Trust.UNVERIFIED


def test_without_a_trusted_id_nothing_is_trusted() -> None:
    assert verdict(GENUINE, DKIM, trusted="").trust is Trust.UNVERIFIED


MICROSOFT = (
    "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=notice.aliexpress.com;"
    " dkim=pass (signature was verified) header.d=notice.aliexpress.com;"
    "dmarc=pass action=none header.from=notice.aliexpress.com;compauth=pass reason=100"
)


@pytest.mark.parametrize(
    ("results", "id_less", "trust"),
    [
        pytest.param([MICROSOFT], True, Trust.TRUSTED, id="topmost, provider known for it"),
        pytest.param([MICROSOFT], False, Trust.UNVERIFIED, id="topmost, other provider"),
        pytest.param(["evil.example; none", MICROSOFT], True, Trust.UNVERIFIED, id="not topmost"),
        pytest.param([MICROSOFT.replace("dmarc=pass", "dmarc=fail")], True, Trust.SUSPICIOUS, id="dmarc fails"),
    ],
)
def test_microsoft_writes_no_id(results: list[str], id_less: bool, trust: Trust) -> None:
    assert verdict(GENUINE, *results, trusted="", id_less=id_less).trust is trust


@pytest.mark.parametrize(
    ("sender", "results", "reason"),
    [
        pytest.param([GENUINE, "b@attacker.example"], [DKIM], "it has 2 From headers", id="two From headers"),
        pytest.param("a@aliexpress.com, b@attacker.example", [DKIM], "several addresses", id="two addresses"),
        pytest.param("<a@aliexpress.com> <b@attacker.example>", [DKIM], "several addresses", id="no comma"),
        pytest.param([], [DKIM], "names no address", id="no From"),
        pytest.param("AliExpress", [DKIM], "names no address", id="no address"),
        pytest.param(
            GENUINE,
            ["mx.example.org; dmarc=fail header.from=notice.aliexpress.com"],
            "DMARC",
            id="dmarc fails",
        ),
        pytest.param(GENUINE, [f"{DKIM}; dmarc=fail"], "DMARC", id="dmarc fails although dkim passes"),
        pytest.param('"aliexpress.com" <evil@attacker.example>', [], "calls itself AliExpress", id="domain as name"),
        pytest.param("AliExpress <x@notaliexpress.com>", [], "calls itself AliExpress", id="a longer domain"),
        pytest.param("ALIEXPRESS <x@evil.example>", [], "calls itself AliExpress", id="case"),
        pytest.param("AIiExpress <x@evil.example>", [], "calls itself AliExpress", id="I for l"),
        pytest.param("AliEхрrеss <x@evil.example>", [], "calls itself AliExpress", id="Cyrillic letters"),
        pytest.param("Аmаzоn <x@evil.example>", [], "calls itself Amazon", id="more Cyrillic letters"),
        pytest.param("Amаz0n <x@evil.example>", [], "calls itself Amazon", id="zero for o"),
        pytest.param("Ali\u200bExpress <x@evil.example>", [], "calls itself AliExpress", id="zero width"),
        pytest.param("全球速卖通客服 <x@evil.example>", [], "全球速卖通", id="no blanks between words"),
        pytest.param("UPS <x@evil.example>", [], "calls itself UPS", id="a short name, exactly"),
        pytest.param("USPS Delivery <x@evil.example>", [], "calls itself USPS", id="a short name, decorated"),
        pytest.param("DHL Sendungsinfo <x@evil.example>", [], "calls itself DHL", id="a short name, in capitals"),
        pytest.param("Wish Shopping <x@evil.example>", [], "calls itself Wish", id="a common word, decorated"),
        pytest.param("Package <x@usps.com-trackaxp.top>", [], "only looks like usps.com", id="brand in a sub-domain"),
        pytest.param("Package <x@aliexpress.com.evil.example>", [], "only looks like", id="brand below a domain"),
        pytest.param("Package <x@xn--lixpress-6za.com>", [], "punycode", id="punycode"),
        pytest.param("Package <x@аliexprеss.com>", [], "mixes scripts", id="mixed scripts"),
    ],
)
def test_impostors_are_suspicious(sender: str | list[str], results: list[str], reason: str) -> None:
    found = verdict(sender, *results, subject="News")
    assert found.trust is Trust.SUSPICIOUS
    assert reason in " ".join(found.reasons)


def test_an_impostor_whom_a_server_vouches_for_stays_an_impostor() -> None:
    found = verdict("AliExpress <x@attacker.example>", "mx.example.org; dkim=pass header.d=attacker.example")
    assert found.trust is Trust.SUSPICIOUS


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        pytest.param("x@evil.example", "Shipment Pending – AliExpress Package", id="shop"),
        pytest.param("x@evil.example", "Royal Mail: fee due", id="carrier of two words"),
        pytest.param("x@evil.example", "Ваша посылка AliExрress", id="look-alikes"),
    ],
)
def test_a_borrowed_name_in_the_subject_is_suspicious(sender: str, subject: str) -> None:
    assert verdict(sender, subject=subject).trust is Trust.SUSPICIOUS


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        pytest.param("Hermes <x@myhermes.de>", "Your parcel from Amazon", id="a carrier names its shop"),
        pytest.param("Shop <x@shop.example>", "Shipped with Royal Mail", id="a shop names its carrier"),
        pytest.param("Shop <x@shop.example>", "Parcel handed to Royal Mail", id="a shop names whom it gave the parcel"),
        pytest.param("Friend <x@friend.example>", "I wish you a good year", id="wish, the word"),
        pytest.param("Friend <x@friend.example>", "ups, sorry", id="ups, the word"),
        pytest.param("Friend <x@friend.example>", "Temu and Hermes in the news", id="short names"),
        pytest.param("Cheerful People <x@choir.example>", "Cheerful singing", id="a name marked as a common word"),
        pytest.param("Wish List Club <x@club.example>", "News", id="a common word inside a name"),
        pytest.param("Ups Anddowns <x@club.example>", "News", id="a short word in a name"),
        pytest.param("Amazonia Travel <x@travel.example>", "Amazonian rivers", id="part of a word"),
        pytest.param("Me <me@example.org>", "Your AliExpress order", id="the owner's own mail"),
        pytest.param("Friend <f@mail.example>", "Fwd: Your AliExpress order", id="forwarded by a person"),
        pytest.param("Friend <f@mail.example>", "WG: AliExpress", id="forwarded in German"),
        pytest.param("Friend <f@mail.example>", "[list] Re: AliExpress", id="answered on a list"),
        pytest.param("Friend <f@mail.example>", "转发：AliExpress", id="forwarded in Chinese"),
        pytest.param("x@почта.рф", "News", id="a domain of one script"),
        pytest.param("Shop <x@bücher.example>", "News", id="accents are one script"),
    ],
)
def test_innocent_mails_are_unverified(sender: str, subject: str) -> None:
    assert verdict(sender, subject=subject).trust is Trust.UNVERIFIED


def test_a_forward_does_not_excuse_a_borrowed_display_name() -> None:
    assert verdict("AliExpress <x@evil.example>", subject="Fwd: Your order").trust is Trust.SUSPICIOUS


def test_an_unknown_shop_is_unverified_even_if_vouched_for() -> None:
    found = verdict("Shop <x@shop.example>", "mx.example.org; dmarc=pass header.from=shop.example", subject="News")
    assert found.trust is Trust.UNVERIFIED
    assert "vouches for shop.example" in found.reasons[0]


@pytest.mark.parametrize(
    ("sender", "result", "trust"),
    [
        pytest.param(RELAY, "mx.example.org; dkim=pass header.d=privaterelay.appleid.com", Trust.TRUSTED, id="dkim"),
        pytest.param(
            RELAY,
            "mx.example.org; dmarc=pass header.from=privaterelay.appleid.com",
            Trust.TRUSTED,
            id="dmarc",
        ),
        pytest.param(
            RELAY, "mx.example.org; dkim=pass header.d=aliexpress.com", Trust.UNVERIFIED, id="not the relay's"
        ),
        pytest.param(RELAY, "mx.example.org; none", Trust.UNVERIFIED, id="no proof"),
        pytest.param(
            "AliExpress <x@privaterelay.appleid.com>",
            "mx.example.org; none",
            Trust.UNVERIFIED,
            id="names none",
        ),
        pytest.param(
            "AliExpress <x_at_evil_example_0a1b2c3d4e_0a1b2c3d@privaterelay.appleid.com>",
            "mx.example.org; dkim=pass header.d=privaterelay.appleid.com",
            Trust.SUSPICIOUS,
            id="an impostor behind the relay",
        ),
        pytest.param(
            RELAY.replace("privaterelay.appleid.com", "privaterelay.appleid.com.evil.example"),
            "mx.example.org; none",
            Trust.SUSPICIOUS,
            id="a false relay",
        ),
    ],
)
def test_apples_relay(sender: str, result: str, trust: Trust) -> None:
    assert verdict(sender, result).trust is trust


@pytest.mark.parametrize(
    ("local", "address"),
    [
        ("transaction_at_notice_aliexpress_com_0a1b2c3d4e_0a1b2c3d", "transaction@notice.aliexpress.com"),
        (
            "ae-best-care-market23_at_deals_aliexpress_com_0a1b2c3d4e_0a1b2c3d",
            "ae-best-care-market23@deals.aliexpress.com",
        ),
        ("no_reply_at_shop_example_abcdefghij_0a1b2c3d", "no_reply@shop.example"),
        ("service_at_post_at_0a1b2c3d4e_0a1b2c3d", "service@post.at"),
        ("x_at_aliexpress_com_photography_0a1b2c3d4e_0a1b2c3d", "x@aliexpress.com.photography"),
        (
            "x_at_aliexpress_com_0a1b2c3d4e_at_evil_example_0a1b2c3d4e_0a1b2c3d",
            "x_at_aliexpress_com_0a1b2c3d4e@evil.example",
        ),
    ],
)
def test_a_relay_address_is_decoded_to_the_sender_it_stands_for(local: str, address: str) -> None:
    message = peek(f"From: Name <{local}@privaterelay.appleid.com>\n\n".encode())
    assert effective_sender(message).address == address


@pytest.mark.parametrize("local", ["abc123", "x_at_y", "_at_shop_example_0a1b2c3d4e_0a1b2c3d", "a_b_c_d_e_0a1b2c3d"])
def test_a_relay_address_that_names_nobody_stays(local: str) -> None:
    message = peek(f"From: <{local}@privaterelay.appleid.com>\n\n".encode())
    assert effective_sender(message).address == f"{local}@privaterelay.appleid.com"


def test_other_addresses_are_never_decoded() -> None:
    message = peek(b"From: <transaction_at_notice_aliexpress_com_0a1b2c3d4e_0a1b2c3d@evil.example>\n\n")
    assert effective_sender(message).domain == "evil.example"


def test_an_old_yahoo_header_is_read() -> None:
    results = authres.read("mta1.mail.example from=shop.example; domainkeys=neutral (no sig); dkim=pass (ok)")
    assert results.authserv_id == "mta1.mail.example"
    assert [(result.method, result.value) for result in results.results] == [
        ("domainkeys", "neutral"),
        ("dkim", "pass"),
    ]


def test_a_property_that_contradicts_itself_has_no_value() -> None:
    (result,) = authres.read("mx.example.org; dkim=pass header.d=a.example header.d=b.example").results
    assert result.property("header.d") is None
