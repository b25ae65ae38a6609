"""The table of providers: its shape, what it fills in, and the page that is made of it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from pipeline.config.accounts import Account, Provider, Server, provider_of, providers
from pipeline.tables import TableError, parse

PAGE = Path(__file__).parent.parent / "docs" / "providers.md"
COMPLETE = (
    'name = "Shop"\nhost = "imap.shop.example"\nlogins = ["password"]\nhint = "x"\nsource = "https://shop.example"'
)

each_provider = pytest.mark.parametrize("key", providers())


# ── the shape of the table ──────────────────────────────────────────────────────────────────────────────────


@each_provider
def test_server_is_complete_and_safe(key: str) -> None:
    server = Account(address="me@example.org", provider=key).server()
    assert server.security in ("tls", "starttls")
    assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", server.host)


@each_provider
def test_facts_have_a_source(key: str) -> None:
    assert re.fullmatch(r"https://\S+", providers()[key].source)


@each_provider
def test_hint_is_one_sentence_that_names_whom_it_is_about(key: str) -> None:
    hint = providers()[key].hint
    names = re.findall(r"[\w.&-]+", providers()[key].name)
    assert any(name in hint for name in names)
    assert not hint.endswith(".")
    assert "\n" not in hint


@each_provider
def test_where_no_password_is_taken_the_hint_says_what_is(key: str) -> None:
    provider = providers()[key]
    if "password" not in provider.logins:
        assert re.search(
            r"password (for|of its own)|app.* password|authori[sz]ation code|mail key|token|gives the", provider.hint
        )


@each_provider
def test_domains_and_ids_are_plain_host_names(key: str) -> None:
    provider = providers()[key]
    for name in (*provider.domains, *provider.authserv_ids):
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", name)


def test_no_domain_belongs_to_two_providers() -> None:
    counted = Counter(domain for provider in providers().values() for domain in provider.domains)
    assert [domain for domain, times in counted.items() if times > 1] == []


def test_only_outlook_names_no_server_in_its_verdicts() -> None:
    assert [key for key, provider in providers().items() if provider.id_less_topmost] == ["outlook"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('security = "ssl"', "security"),
        ('username = "name"', "username"),
        ('logins = ["oauth"]', "logins"),
        ("port = 0", "port"),
        ('colour = "red"', "colour"),
    ],
)
def test_wrong_value_in_the_table_is_refused(line: str, said: str) -> None:
    key = line.partition(" ")[0]
    table = "\n".join(each for each in COMPLETE.split("\n") if not each.startswith(key)) + "\n" + line
    with pytest.raises(TableError, match=said):
        parse(table.encode(), Provider, "providers.toml")


def test_provider_without_a_source_is_refused() -> None:
    with pytest.raises(TableError, match="source"):
        parse(COMPLETE.replace('source = "https://shop.example"', "").encode(), Provider, "providers.toml")


# ── what it fills in ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "username"),
    [
        ("gmail", "mila@x.example"),
        ("icloud", "mila"),
        ("web.de", "mila"),
        ("qq", "mila"),
        ("fastmail", "mila@x.example"),
    ],
)
def test_user_name_is_as_the_provider_has_it(key: str, username: str) -> None:
    assert Account(address="mila@x.example", provider=key).server().username == username


def test_own_user_name_goes_before_the_providers() -> None:
    assert (
        Account(address="mila@x.example", provider="icloud", username="me@x.example").server().username
        == "me@x.example"
    )


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("a@gmail.com", "gmail"),
        ("a@HOTMAIL.com", "outlook"),
        ("a@gmx.at", "gmx"),
        ("a@gmx.co.uk", "gmx.com"),
        ("a@ya.ru", "yandex"),
        ("a@foxmail.com", "qq"),
        ("a@example.org", None),
        ("a@notgmail.com", None),
    ],
)
def test_address_tells_its_provider(address: str, key: str | None) -> None:
    assert provider_of(address) == key


def test_account_without_a_server_is_told_the_provider_of_its_address() -> None:
    with pytest.raises(ValueError, match='set provider = "icloud"'):
        Account(address="mila@me.com")


@pytest.mark.parametrize(
    ("key", "near"), [("gmial", "gmail"), ("Gmail", "gmail"), ("webde", "web.de"), ("xyzzy", "outlook")]
)
def test_unknown_provider_is_told_its_neighbours(key: str, near: str) -> None:
    with pytest.raises(ValueError, match=near):
        Account(address="mila@example.org", provider=key)


def test_netease_is_told_who_asks() -> None:
    assert [key for key, provider in providers().items() if provider.needs_id] == ["163", "126", "yeah.net"]
    assert Account(address="a@163.com", provider="163").server() == Server(
        "imap.163.com", 993, "tls", "a@163.com", hint=providers()["163"].hint, needs_id=True
    )


# ── the page ────────────────────────────────────────────────────────────────────────────────────────────────


INTRODUCTION = """# Mail providers

What `provider = "…"` in an account's settings fills in. This page is made of `pipeline/mailbox/providers.toml`; where a
provider is missing, set `host`, and `port` and `security` unless they are 993 and `tls`.

An **app password** is made in the provider's own settings for one program; a **token** comes from a program that you
name in `token_command` and that keeps an OAuth2 login alive. Mails are *trusted* only by verdicts of a known server:
where the last column is empty, look into `Authentication-Results` of a mail you got, and put the name that stands
first there into `trusted_authserv_ids`.

| `provider` | who | server | user name | takes | verdicts by |
|---|---|---|---|---|---|"""


def test_page_says_what_the_table_says() -> None:
    """To renew it: ``python -c "import test_providers; test_providers.write()"`` in tests/."""
    assert PAGE.read_text("utf-8") == page()


def write() -> None:
    PAGE.write_text(page(), "utf-8")


def page() -> str:
    lines = [INTRODUCTION]
    for key, each in providers().items():
        port = "" if (each.port, each.security) == (993, "tls") else f":{each.port}, {each.security}"
        ids = ", ".join(f"`{name}`" for name in each.authserv_ids) or ("the topmost" if each.id_less_topmost else "")
        cells = (
            f"`{key}`",
            f"[{each.name}]({each.source})",
            f"`{each.host}`{port}",
            each.username,
            ", ".join(each.logins),
            ids,
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "When a login is refused, this is what to know:", ""]
    lines += [f"- `{key}`: {each.hint}." for key, each in providers().items()]
    return "\n".join(lines) + "\n"
