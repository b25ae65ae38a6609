"""Finding the server of an address: which places are asked, in which order, and what of their answers is taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from published import Names, Published, config_xml

from pipeline.setup import web
from pipeline.setup.autoconfig import DATABASE, Found, discover, domain_of, exchanger_places, read_config

ADDRESS = "fred@example.org"
OWN = [
    "https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=fred%40example.org",
    "https://example.org/.well-known/autoconfig/mail/config-v1.1.xml",
    f"{DATABASE}example.org",
]
HOSTED = [
    "https://autoconfig.premium.europe.example.com/mail/config-v1.1.xml?emailaddress=fred%40example.org",
    "https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=fred%40example.org",
    f"{DATABASE}premium.europe.example.com",
    f"{DATABASE}example.com",
]


class Network:
    """Answers questions from a table and keeps them."""

    def __init__(self, pages: dict[str, str], exchanger: str | None = None) -> None:
        self.pages = pages
        self.exchanger = exchanger
        self.asked: list[str] = []

    def page(self, place: str) -> bytes | None:
        self.asked.append(place)
        return self.pages[place].encode() if place in self.pages else None

    def mail_exchanger(self, domain: str) -> str | None:
        self.asked.append(f"MX {domain}")
        return self.exchanger


def test_all_places_are_asked_in_the_order_of_the_draft() -> None:
    network = Network({}, "mx.premium.europe.example.com")
    assert discover(ADDRESS, network.page, network.mail_exchanger) is None
    assert network.asked == [*OWN, "MX example.org", *HOSTED]


@pytest.mark.parametrize("place", [*OWN, *HOSTED])
def test_the_search_ends_with_the_first_answer(place: str) -> None:
    network = Network({place: config_xml("imap.example.com")}, "mx.premium.europe.example.com")
    found = discover(ADDRESS, network.page, network.mail_exchanger)
    assert found == Found("imap.example.com", 993, "tls", place=place)
    assert network.asked[-1] == place


def test_a_useless_answer_does_not_end_the_search() -> None:
    network = Network({OWN[0]: "<html>Not found, but politely</html>", OWN[2]: config_xml("imap.example.org")})
    found = discover(ADDRESS, network.page, network.mail_exchanger)
    assert found is not None
    assert found.place == OWN[2]


@pytest.mark.parametrize("address", ["fred@localhost", "fred@[127.0.0.1]", "fred@a/b.example", "fred@.example", "x"])
def test_what_is_no_domain_is_asked_nowhere(address: str) -> None:
    network = Network({})
    assert discover(address, network.page, network.mail_exchanger) is None
    assert network.asked == []


def test_a_domain_in_another_script_is_asked_in_ascii() -> None:
    assert domain_of("fred@bücher.example") == "xn--bcher-kva.example"


EXCHANGERS = {
    "one name below the domain": ("mx.example.com", ["example.com"]),
    "three names below it": ("a.b.c.example.com", ["b.c.example.com", "example.com"]),
    "below a public second level": ("mx.example.co.uk", ["example.co.uk"]),
    "a public second level itself": ("example.co.uk", []),
    "the domain itself": ("example.com", []),
    "no host name": ("mx.exa mple.com", []),
    "a root": (".", []),
}


@pytest.mark.parametrize(("host", "domains"), EXCHANGERS.values(), ids=EXCHANGERS.keys())
def test_of_a_mail_exchanger_only_its_owners_domains_are_asked(host: str, domains: list[str]) -> None:
    places = list(exchanger_places(ADDRESS, host))
    assert [place for place in places if place.startswith(DATABASE)] == [f"{DATABASE}{domain}" for domain in domains]
    assert len(places) == 2 * len(domains)


# ── the answers ─────────────────────────────────────────────────────────────────────────────────────────────

STARTTLS = '<incomingServer type="imap"><hostname>imap2.example.org</hostname><port>143</port><socketType>STARTTLS</socketType></incomingServer>'  # noqa: E501
TLS = STARTTLS.replace("143", "993").replace("STARTTLS", "SSL").replace("imap2", "imap3")

ANSWERS = {
    "tls": (config_xml("imap.example.org"), ("imap.example.org", 993, "tls")),
    "starttls": (config_xml("imap.example.org", 143, "STARTTLS"), ("imap.example.org", 143, "starttls")),
    "tls goes before starttls": (config_xml("imap.example.org", 143, "STARTTLS", more=TLS),
                                 ("imap3.example.org", 993, "tls")),
    "imap beside pop": (config_xml("pop.example.org", 995, kind="pop3", more=STARTTLS),
                        ("imap2.example.org", 143, "starttls")),
    "host from the address": (config_xml("imap.%EMAILDOMAIN%"), ("imap.example.org", 993, "tls")),
    "pop only": (config_xml("pop.example.org", 995, kind="pop3"), None),
    "without TLS": (config_xml("imap.example.org", 143, "plain"), None),
    "port 0": (config_xml("imap.example.org", 0), None),
    "port too high": (config_xml("imap.example.org", 99999), None),
    "host with a line break": (config_xml("imap.example.org\nNOOP"), None),
    "no host": (config_xml(""), None),
    "not XML": ("<clientConfig", None),
    "nothing": ("", None),
    "entities": ('<!DOCTYPE x [<!ENTITY a "b">]>' + config_xml("imap.example.org"), None),
    "unknown charset": ('<?xml version="1.0" encoding="x-odd"?><a/>', None),
}  # fmt: skip


@pytest.mark.parametrize(("xml", "expected"), ANSWERS.values(), ids=ANSWERS.keys())
def test_of_an_answer_the_imap_server_with_tls_is_taken(xml: str, expected: tuple[str, int, str] | None) -> None:
    found = read_config(xml.encode(), ADDRESS, "place")
    assert (found and (found.host, found.port, found.security)) == expected


@pytest.mark.parametrize(
    ("username", "expected"),
    [("%EMAILADDRESS%", ""), ("%EMAILLOCALPART%", "fred"), ("%EMAILLOCALPART%.%EMAILDOMAIN%", "fred.example.org")],
)
def test_user_name_follows_the_pattern(username: str, expected: str) -> None:
    found = read_config(config_xml("h.example.org").replace("%EMAILADDRESS%", username).encode(), ADDRESS, "place")
    assert found is not None
    assert found.username == expected


def test_a_server_for_tokens_only_is_told_apart() -> None:
    found = read_config(config_xml("h.example.org").replace("password-cleartext", "OAuth2").encode(), ADDRESS, "place")
    assert found is not None
    assert (found.passwords, found.tokens) == (False, True)


# ── the network itself ──────────────────────────────────────────────────────────────────────────────────────

HOST = "autoconfig.example.org"
PAGES = {
    f"{HOST}/there": "text",
    f"{HOST}/elsewhere": "https://example.org/moved",
    f"{HOST}/open": "http://example.org/moved",
    f"{HOST}/file": "file:///etc/passwd",
    f"{HOST}/circle": f"https://{HOST}/circle",
    f"{HOST}/huge": "x" * (web.MAX_BYTES + 1),
    "example.org/moved": "moved text",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    with Published(tmp_path_factory.mktemp("published"), PAGES, [HOST, "example.org"]) as server:
        yield server


@pytest.fixture
def through(published: Published, monkeypatch: pytest.MonkeyPatch) -> Published:
    for name, value in published.environment.items():
        monkeypatch.setenv(name, value)
    return published


@pytest.mark.parametrize(
    ("path", "expected"),
    [("there", b"text"), ("elsewhere", b"moved text"), ("open", None), ("file", None), ("circle", None),
     ("huge", None), ("missing", None)],
)  # fmt: skip
def test_a_page_is_had_over_https_only(through: Published, path: str, expected: bytes | None) -> None:
    assert web.page(f"https://{HOST}/{path}") == expected


def test_a_certificate_for_another_name_is_no_answer(through: Published) -> None:
    assert web.page("https://imposter.example/there") is None


def test_nobody_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    assert web.page(f"https://{HOST}/there") is None


def test_the_mail_exchanger_of_best_preference_is_asked_of_the_machines_own_resolver(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import dns.resolver

    names = Names("mx.example.com")
    names.start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = names.port
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
    try:
        assert web.mail_exchanger("example.org") == "mx.example.com"
        assert names.asked == ["example.org"]
    finally:
        names.stop()


def test_without_a_name_server_there_is_no_mail_exchanger(monkeypatch: pytest.MonkeyPatch) -> None:
    import dns.resolver

    resolver = dns.resolver.Resolver(configure=False)
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
    assert web.mail_exchanger("example.org") is None
