"""The languages: catalogues that are whole, plurals and days that are right, and words that are the owner's."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from gettext import c2py
from html import unescape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from command import ROOT, clean_environment, run_story
from selectolax.lexbor import LexborHTMLParser
from test_trust import verdict

from pipeline.config import Config
from pipeline.digest import Digest
from pipeline.job import digest_of
from pipeline.ledger import Ledger
from pipeline.model import Saying, Trust, say, say_many
from pipeline.parse import ParseError, parse
from pipeline.render import Form, render
from pipeline.render.retold import retold
from pipeline.render.words import width
from pipeline.rules.wording import placeholders
from pipeline.sources import Today
from pipeline.speech import Speaker, language_of, languages
from pipeline.speech.extract import messages, read, strings

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

TODAY = date(2026, 11, 23)
FOREIGN = languages()[1:]


@pytest.fixture(scope="module")
def found() -> Catalog:
    return messages()


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


# ── the catalogues ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_languages_of_the_product() -> None:
    assert languages() == ("en", "ar", "de", "es", "fr", "it", "pl", "pt_BR", "ru", "tr", "uk")


@pytest.mark.parametrize("language", FOREIGN)
def test_a_catalogue_has_the_messages_of_the_product_and_no_others(language: str, found: Catalog) -> None:
    """`make messages` brings them in line."""
    assert {ids(message) for message in read(language) if message.id} == {
        ids(message) for message in found if message.id
    }


@pytest.mark.parametrize("language", FOREIGN)
def test_every_message_is_translated(language: str) -> None:
    catalog = read(language)
    forms = {True: catalog.num_plurals, False: 1}
    assert not [
        m.id for m in catalog if m.id and (m.fuzzy or len([*filter(None, strings(m))]) != forms[m.pluralizable])
    ]


def lonely_forms(catalog: Catalog) -> set[int]:
    """The plural forms that a single number takes, so that a word can stand for it."""
    form_of = c2py(catalog.plural_expr)
    counted = Counter(form_of(number) for number in range(300))
    return {form for form in range(catalog.num_plurals) if counted[form] <= 1}


@pytest.mark.parametrize("language", FOREIGN)
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    catalog = read(language)
    lonely = lonely_forms(catalog)
    faults = []
    for message in catalog:
        wanted = frozenset().union(*map(placeholders, ids(message))) if message.id else frozenset()
        for form, string in enumerate(strings(message) if message.id else ()):
            # "A day" may stand for "1 day", where the form is that of a single number.
            alone = message.pluralizable and form in lonely
            if wanted - placeholders(string) - ({"count"} if alone else set()) or placeholders(string) - wanted:
                faults.append((message.id, string))
    assert not faults


ENDS = re.compile(r"(parcel-digest mark \{number\} \S+|\{(?:order|tracking)_page\})$")


@pytest.mark.parametrize("language", FOREIGN)
def test_command_lines_and_addresses_stay_at_the_end(language: str) -> None:
    """There the digest finds them and shows them as such."""
    ends = [(ENDS.search(ids(message)[0]), strings(message)[0]) for message in read(language) if message.id]
    assert not [string for end, string in ends if end and not string.endswith(f" {end[0]}")]


LEFT_OVER = re.compile(
    r"\b(the|your|and|with|from|order|parcel|code|protection|seller|dispute|tracking|carrier|mails?|days?)\b", re.I
)
ALIKE = {"fr": {"protection"}}
VERBATIM = re.compile(r"(?i:e-mails?)|parcel-digest( (mark|show)[^.]*)?|\{\w+\}|From")


@pytest.mark.parametrize("language", FOREIGN)
def test_no_english_is_left_over(language: str) -> None:
    said = [VERBATIM.sub("", string) for message in read(language) if message.id for string in strings(message)]
    words = {string: {word[0].lower() for word in LEFT_OVER.finditer(string)} for string in said}
    assert not {string: left for string, left in words.items() if left - ALIKE.get(language, set())}


def test_every_literal_sentence_is_found(found: Catalog) -> None:
    """A `say` in an f-string, or before a variable or a sum of strings, would never be translated."""
    known = {text for message in found for text in ids(message)}
    missed = []
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "say_many"):
                arguments = node.args[: 1 if node.func.id == "say" else 2]
                missed += [
                    f"{path.name}:{node.lineno}"
                    for argument in arguments
                    if isinstance(argument, ast.Constant | ast.JoinedStr | ast.BinOp)
                    and getattr(argument, "value", None) not in known
                ]
    assert not missed


# ── plurals and days ────────────────────────────────────────────────────────────────────────────────────────

DAYS = say_many("{count} day", "{count} days", 0)


@pytest.mark.parametrize(
    ("language", "counted"),
    [
        ("en", {0: "0 days", 1: "1 day", 2: "2 days", 21: "21 days"}),
        ("ru", {1: "1 день", 2: "2 дня", 5: "5 дней", 11: "11 дней", 21: "21 день", 22: "22 дня", 112: "112 дней"}),
        ("uk", {1: "1 день", 3: "3 дні", 5: "5 днів", 14: "14 днів", 21: "21 день", 24: "24 дні"}),
        ("pl", {1: "1 dzień", 2: "2 dni", 5: "5 dni", 21: "21 dni", 22: "22 dni"}),
        ("de", {1: "1 Tag", 2: "2 Tage"}),
        ("fr", {0: "0 jour", 1: "1 jour", 2: "2 jours"}),
        ("es", {1: "1 día", 2: "2 días"}),
        ("pt_BR", {1: "1 dia", 2: "2 dias"}),
        ("it", {1: "1 giorno", 2: "2 giorni"}),
        ("tr", {1: "1 gün", 2: "2 gün"}),
        ("ar", {1: "يوم واحد", 2: "يومان", 3: "3 أيام", 11: "11 يومًا", 100: "100 يوم", 103: "103 أيام"}),
    ],
)
def test_days_are_counted_as_the_language_counts(language: str, counted: dict[int, str]) -> None:
    speaker = Speaker(language, TODAY)
    assert {number: speaker(DAYS.of(number)) for number in counted} == counted


@pytest.mark.parametrize(
    ("language", "short", "long"),
    [
        ("en", "Thu 26 Nov", "Thursday, 26 November 2026"),
        ("ru", "чт, 26 нояб.", "четверг, 26 ноября 2026\u00a0г."),
        ("uk", "чт, 26 лист.", "четвер, 26 листопада 2026\u00a0р."),
        ("es", "jue, 26 nov", "jueves, 26 de noviembre de 2026"),
        ("pt_BR", "qui., 26 de nov.", "quinta-feira, 26 de novembro de 2026"),
        ("fr", "jeu. 26 nov.", "jeudi 26 novembre 2026"),
        ("de", "Do., 26. Nov.", "Donnerstag, 26. November 2026"),
        ("it", "gio 26 nov", "giovedì 26 novembre 2026"),
        ("pl", "czw., 26 lis", "czwartek, 26 listopada 2026"),
        ("tr", "26 Kas Per", "26 Kasım 2026 Perşembe"),
        ("ar", "الخميس، 26 نوفمبر", "الخميس، 26 نوفمبر 2026"),
    ],
)
def test_a_day_as_the_language_writes_it(language: str, short: str, long: str) -> None:
    speaker, day = Speaker(language, TODAY), date(2026, 11, 26)
    assert (speaker.day(day), speaker.long_day(day)) == (short, long)


@pytest.mark.parametrize("language", languages())
def test_another_year_is_named_and_programs_get_iso(language: str) -> None:
    day = date(2027, 1, 5)
    assert "2027" in Speaker(language, TODAY).day(day)
    assert Speaker(language, TODAY, iso=True)(say("{day}", day=day)) == "2027-01-05"


# ── which language ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("de-AT", "de"),
        ("pt-BR", "pt_BR"),
        ("pt_br", "pt_BR"),
        ("pt", "pt_BR"),
        ("AR", "ar"),
        ("xx", None),
        ("", None),
        ("../de", None),
    ],
)
def test_which_language_a_code_stands_for(code: str, language: str | None) -> None:
    assert language_of(code) == language


# ── values ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hostile", ["{day}", "{0.__class__}", "{{", "%(x)s", "}"])
def test_braces_in_a_value_are_left_alone(hostile: str) -> None:
    assert Speaker("en", TODAY)(say("It is {value}.", value=hostile)) == f"It is {hostile}."


def test_a_message_reaches_into_no_object() -> None:
    assert str(Saying("{value.__class__}", (("value", "x"),))) == "{value.__class__}"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("Until {day}.", "Until 26. Nov."),
        ("Until {day}. Then", "Until 26. Nov. Then"),
        ("Until {day}…", "Until 26. Nov.…"),
        ("Until {day}...", "Until 26. Nov...."),
    ],
)
def test_a_day_that_ends_in_a_full_stop_ends_the_sentence(pattern: str, words: str) -> None:
    assert str(Saying(pattern, (("day", "26. Nov."),))) == words


# ── what the ledger keeps in English ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "suspicious",
    [
        verdict("AliExpress <x@evil.example>"),
        verdict("Package <x@usps.com-trackaxp.top>"),
        verdict("Package <x@xn--lixpress-fza.com>", "mx.example.org; dmarc=fail"),
        verdict("Package <x@аliexpress.com>"),
        verdict("Package <x@evil.example>", subject="AliExpress: your parcel"),
        verdict("nobody"),
        verdict("a@x.example, b@x.example"),
    ],
)
def test_the_reason_for_a_suspicion_is_known(suspicious: object) -> None:
    assert suspicious.trust is Trust.SUSPICIOUS
    assert {str(retold(reason)) for reason in suspicious.reasons} == set(suspicious.reasons)
    assert all("{words}" not in retold(reason).message for reason in suspicious.reasons)


@pytest.mark.parametrize("data", [b"", b"no headers at all\n"])
def test_the_reason_why_a_mail_cannot_be_read_is_known(data: bytes) -> None:
    with pytest.raises(ParseError) as caught:
        parse(data)
    assert retold(str(caught.value)).message == str(caught.value)


def test_an_unknown_reason_stays_as_it_is() -> None:
    assert str(retold("Permission denied: {x}")) == "Permission denied: {x}"


# ── what it costs ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_without_news_loads_no_language(tmp_path: pytest.TempPathFactory) -> None:
    (tmp_path / "mails").mkdir()
    (tmp_path / "config.toml").write_text('language = "ru"\n')
    arguments = ["run", "--config", tmp_path / "config.toml", "--mailbox", tmp_path / "mails", "--state", tmp_path]
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pipeline.cli", *map(str, arguments)],
        cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-1000:]
    assert not re.findall(r"\| +(babel|gettext_po|jinja2)\b", done.stderr)


# ── the demo story, in every language ───────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Digest:
    state = tmp_path_factory.mktemp("story")
    assert run_story(state).code == 1  # one mail of the story cannot be read, on purpose
    with Ledger.copy_in_memory(state) as ledger:
        return digest_of(ledger, Config(timezone="Europe/Berlin"), Today(date(2026, 11, 22), ZoneInfo("Europe/Berlin")))


def in_(language: str, digest: Digest) -> Digest:
    return replace(digest, language=language)


@pytest.fixture(scope="module")
def sentences(found: Catalog) -> set[str]:
    """What stands between the placeholders of the English messages, where it is at least three words."""
    texts = (text for message in found for text in ids(message))
    pieces = (piece.strip() for text in texts for piece in re.split(r"\{\w+\}|parcel-digest", text))
    return {piece for piece in pieces if len(piece.split()) >= 3}


@pytest.mark.parametrize("language", FOREIGN)
def test_the_story_is_told_without_english(language: str, story: Digest, sentences: set[str]) -> None:
    for form in Form:
        told = unescape(render(in_(language, story), form).replace("\r\n ", ""))
        flat = " ".join(re.sub(r"<[^>]+>", " ", told).split())
        assert not {sentence for sentence in sentences if sentence in flat}, form


@pytest.mark.parametrize("language", languages())
def test_the_text_of_the_story_keeps_to_its_columns(language: str, story: Digest) -> None:
    text = render(in_(language, story), Form.TEXT)
    # An address of our own is never broken, and stands alone.
    assert not [line for line in text.splitlines() if width(line) > 78 and not re.fullmatch(r" +https://\S+", line)]


@pytest.mark.parametrize("language", languages())
def test_the_page_names_its_language_and_direction(language: str, story: Digest) -> None:
    page = LexborHTMLParser(render(in_(language, story), Form.HTML))
    direction = "rtl" if language == "ar" else "ltr"
    for place in ("html", "div.page"):
        attributes = page.css_first(place).attributes
        assert (attributes["lang"], attributes["dir"]) == (language.replace("_", "-"), direction)


# ── from right to left ──────────────────────────────────────────────────────────────────────────────────────


def test_in_arabic_numbers_commands_and_hosts_keep_their_own_direction(story: Digest) -> None:
    page = LexborHTMLParser(render(in_("ar", story), Form.HTML))
    latin = [*page.css("code"), *page.css("b.order"), *page.css("td.host"), *page.css("a.to")]
    assert latin
    assert {node.attributes.get("dir") for node in latin} == {"ltr"}


def test_in_arabic_a_code_inside_a_sentence_is_isolated() -> None:
    speaker, saying = Speaker("ar", TODAY), say("You have asked the seller about {code}.", code="LP1")
    assert speaker(saying) == "سألتَ البائع عن \u2068LP1\u2069."
    assert "\u2068" not in Speaker("de", TODAY)(saying)


@pytest.mark.parametrize(
    "saying",
    [
        say("Found it? parcel-digest mark {number} code=CODE", number="LP1"),
        say("The order's page: {order_page}", order_page="https://shop.example/1"),
    ],
)
def test_in_arabic_what_is_typed_or_opened_stands_as_it_is(saying: Saying) -> None:
    assert Speaker("ar", TODAY)(saying).isprintable()


@pytest.mark.parametrize("language", languages())
def test_a_strangers_signs_end_at_the_sentence(language: str) -> None:
    said = Speaker(language, TODAY)(say("You have asked the seller about {code}.", code="\u202eLP1\u2069\n\x1b[31m"))
    assert "LP1 [31m" in said
    assert not re.search("[\u202e\n\x1b]|\u2069.*\u2069", said)
