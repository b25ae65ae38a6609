"""Stems of the language files: what is within a word, and what is a word of its own."""

from __future__ import annotations

import pytest

from pipeline.read.languages import languages
from pipeline.read.stems import of_all, stems


@pytest.mark.parametrize(
    ("key", "text"),
    [
        pytest.param("numbers.nouns", "bestellnummern", id="open-at-both-ends"),
        pytest.param("numbers.nouns", "bestell-nr.", id="open-at-the-beginning"),
        pytest.param("numbers.nouns", "shipment id:", id="a-word-of-its-own"),
        pytest.param("numbers.nouns", "注文番号は", id="in-a-script-that-parts-no-words"),
        pytest.param("numbers.nouns", "број пошиљке", id="in-the-second-script-of-a-language"),
        pytest.param("numbers.accounts", "kontonummer", id="of-another-list"),
    ],
)
def test_a_stem_is_found(key: str, text: str) -> None:
    assert stems(key).search(text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        pytest.param("numbers.nouns", "besteldatum", id="none"),
        pytest.param("numbers.nouns", "widerruf", id="a-word-within-another"),
        pytest.param("numbers.nouns", "nrw", id="open-at-the-beginning-alone"),
        pytest.param("numbers.accounts", "auftragsnummer", id="of-another-list"),
    ],
)
def test_what_is_no_stem_is_not_found(key: str, text: str) -> None:
    assert not stems(key).search(text)


def test_words_are_found_as_text_is_compared() -> None:
    assert "referans numarasi" in of_all("numbers.references") | of_all("numbers.own_references")


def test_all_languages_are_together() -> None:
    assert all(of_all("numbers.payments").issuperset(languages()[code].numbers.payments) for code in ("de", "ru", "vi"))
