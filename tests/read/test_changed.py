"""Which of two codes holds, where a mail says that it has changed."""

from __future__ import annotations

import pytest
from letters import STRANGER, codes, notice_of

from pipeline.model import Event
from pipeline.read.changed import says_replaced, split_changed
from pipeline.read.evidence import Candidate, Kind
from pipeline.read.normal import normalise

OLD = {
    "en": "Old tracking number: ",
    "en, no longer valid": "No longer valid: ",
    "de": "Bisherige Sendungsnummer: ",
    "fr": "Ancien numéro de suivi : ",
    "es": "Número de seguimiento anterior: ",
    "it": "Vecchio numero: ",
    "pt": "Código antigo: ",
    "nl": "Oude trackingcode: ",
    "pl": "Poprzedni numer: ",
    "cs": "Původní číslo: ",
    "ru": "Старый трек-номер: ",
    "uk": "Попередній номер: ",
    "tr": "Eski takip numarası: ",
    "hu": "Régi csomagszám: ",
    "hr": "Stari broj pošiljke: ",
    "sr": "Претходни број за праћење: ",
    "sl": "Prejšnja sledilna številka: ",
    "et": "Varasem jälgimiskood: ",
    "lt": "Ankstesnis siuntos numeris: ",
    "lv": "Iepriekšējais izsekošanas numurs: ",
    "ca": "Número de seguiment antic: ",
    "id": "Nomor resi sebelumnya: ",
    "ms": "Nombor penjejakan lama: ",
    "vi": "Mã vận đơn cũ: ",
    "th": "เลขพัสดุเดิม: ",
    "zh": "旧快递单号：",
    "ja": "変更前の追跡番号：",
    "ko": "기존 운송장 번호: ",
    "he": "המספר הישן: ",
    "fa": "کد رهگیری قبلی: ",
    "hi": "पुराना ट्रैकिंग नंबर: ",
    "ar": "الرقم القديم: ",
}


@pytest.mark.parametrize("context", OLD.values(), ids=OLD)
def test_words_say_that_a_code_holds_no_more(context: str) -> None:
    assert says_replaced(normalise(context))


@pytest.mark.parametrize("context", ["", "new tracking number: ", "tracking number: ", "your golden ", "neue nummer "])
def test_other_words_do_not(context: str) -> None:
    assert not says_replaced(normalise(context))


def candidates(text: str) -> list[Candidate]:
    """``"a -b"``: *a* holds, *b* is called old."""
    found = []
    for name in text.split():
        candidate = Candidate(name.lstrip("-"), name.lstrip("-"))
        if name.startswith("-"):
            candidate.add(Kind.REPLACED)
        found.append(candidate)
    return found


SPLIT = {
    "old named first": ("-a b", Event.CODE_CHANGED, "b", "a"),
    "old named last": ("b -a", Event.CODE_CHANGED, "b", "a"),
    "old named in a shipped mail": ("-a b", Event.SHIPPED, "b", "a"),
    "several old": ("-a -b c", Event.CODE_CHANGED, "c", "a b"),
    "none called old: the first is": ("a b", Event.CODE_CHANGED, "b", "a"),
    "none called old, three codes": ("a b c", Event.CODE_CHANGED, "a b c", ""),
    "none called old, no change told": ("a b", Event.SHIPPED, "a b", ""),
    "only an old one": ("-a", Event.SHIPPED, "a", ""),
    "only one": ("a", Event.CODE_CHANGED, "a", ""),
    "none": ("", Event.CODE_CHANGED, "", ""),
}


@pytest.mark.parametrize(("found", "event", "new", "old"), SPLIT.values(), ids=SPLIT)
def test_old_codes_are_parted_from_new(found: str, event: Event, new: str, old: str) -> None:
    holds, replaced = split_changed(candidates(found), event)
    assert [code.value for code in holds] == new.split()
    assert [code.value for code in replaced] == old.split()


def test_a_mail_about_a_changed_code_gives_the_new_one() -> None:
    text = "Old tracking number: RB123456785CN\nNew tracking number: LX473124829DE"
    found = notice_of(text, "Your tracking number has changed", STRANGER)
    assert (codes(found), found.replaced, found.event) == (
        {"LX473124829DE"},
        ("RB123456785CN",),
        Event.CODE_CHANGED,
    )
