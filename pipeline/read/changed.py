"""Which of two codes is the new one, where a mail says that the code has changed."""

from __future__ import annotations

from functools import cache

from pipeline.model import Event
from pipeline.read.evidence import Candidate, Kind
from pipeline.read.normal import normalise
from pipeline.read.phrases import Phrases

#: Words that stand before the code that holds no more; "*" for any ending.
_OLD = (
    # en, de, nl, sv, da, no
    "please ignore", "ignore", "wrong number",
    "old", "previous", "previously", "former", "no longer valid", "alte", "alten", "bisherige", "bisherigen",
    "vorherige*", "frühere*", "nicht mehr gültig", "oude", "vorige", "eerdere", "niet meer geldig", "gamla", "gamle",
    "tidigare", "tidligere", "forrige",
    # es, fr, it, pt, ro
    "anterior*", "antigu*", "antig*", "ya no es válid*", "ancien*", "précédent*", "n'est plus valable", "vecchi*",
    "precedent*", "non più valid*", "não é mais válid*", "vechi*",
    # ru, uk, pl, cs, hu, tr, fi
    "стар*", "прежн*", "предыдущ*", "попередн*", "колишн*", "poprzedni*", "stary", "starego", "předchoz*", "původní*",
    "staré", "régi", "korábbi", "eski", "önceki", "vanha", "aiempi",
    # id, ms, ca ("anterior" stands above)
    "lama", "sebelumnya", "terdahulu", "sebelum ini", "vell", "antic",
    # hr, sr, sl, et, lt, lv
    "stari", "staru", "starog", "prethodn*", "dosadašnj*", "стари", "стару", "претходн*", "досадашњ*", "prejšnj*",
    "dosedanj*", "stara", "vana", "varasem", "endine", "ankstesn*", "senas", "senasis", "iepriekšēj*", "vecais",
    # vi, th
    "vận đơn cũ", "mã cũ", "số cũ", "trước đây", "trước đó", "เดิม", "เก่า", "ก่อนหน้า",
    # zh, ja, ko, he, ar
    "誤", "旧", "舊", "原单号", "原單號", "原快递", "原运单", "変更前", "以前の", "이전", "기존",
    "변경 전", "הישן", "הקודם", "הישנה",
    "הקודמת", "القديم", "السابق",
    # fa, hi
    "قدیمی", "قبلی", "سابق", "पुराना", "पुराने", "पुरानी", "पिछला", "पिछले", "पिछली",
)  # fmt: skip


#: What a sentence says behind the code that holds no more.
_INVALID = (
    "no longer valid", "not valid any more", "is invalid", "has been replaced", "was replaced", "nicht mehr gültig",
    "ist ungültig", "wurde ersetzt", "niet meer geldig", "ongeldig", "inte längre giltig*", "ikke længere gyldig*",
    "ikke lenger gyldig*", "ya no es válid*", "no es válid*", "ha sido reemplazad*", "n'est plus valable",
    "n'est plus valide", "a été remplacé*", "non è più valid*", "è stato sostituito", "não é mais válid*",
    "já não é válid*", "foi substituíd*", "nu mai este valabil*", "больше не действ*", "недействител*", "заменён*",
    "заменен*", "більше не дійсн*", "недійсн*", "замінено", "nie jest już ważn*", "nieaktualn*", "již neplatí",
    "už neplatí", "není platn*", "már nem érvényes", "érvénytelen", "artık geçerli değil", "geçersiz",
    "više ne vrijedi", "više nije važeć*", "više ne važi", "више не важи", "није више важећ*", "ni več veljav*",
    "enam ei kehti", "ei kehti enam", "nebegalioja", "vairs nav derīg*", "vairs neder",
    "tidak berlaku lagi", "tidak lagi berlaku", "sudah tidak berlaku", "tidak sah lagi", "ja no és vàlid*",
    "ja no és valid*", "ha estat substituït",
    "không còn hiệu lực", "không còn giá trị", "hết hiệu lực", "đã được thay thế", "ใช้ไม่ได้แล้ว", "ไม่สามารถใช้ได้",
    "ถูกยกเลิกการใช้งาน", "ใช้งานไม่ได้",
    "已失效", "已作废",
    "無効", "作廢", "더 이상 유효하지", "כבר לא בתוקף", "אינו בתוקף", "لم يعد صالح",
    "معتبر نیست", "اعتبار ندارد", "باطل شد", "मान्य नहीं", "वैध नहीं", "अमान्य",
)  # fmt: skip


@cache
def _old_words() -> Phrases[bool]:
    return Phrases((phrase, True) for phrase in _OLD)


@cache
def _invalid_words() -> Phrases[bool]:
    return Phrases((phrase, True) for phrase in _INVALID)


def says_invalid(behind: str) -> bool:
    """Whether the words behind a number say that it holds no more ("… is no longer valid")."""
    return bool(behind) and bool(_invalid_words().find(normalise(behind)))


def says_replaced(context: str) -> bool:
    """Whether the normalised words before a number say that it holds no more ("Old tracking number:")."""
    return bool(context) and bool(_old_words().find(context))


def split_changed(codes: list[Candidate], event: Event) -> tuple[list[Candidate], list[Candidate]]:
    """Return the codes that hold and those that have been replaced.

    Of two codes in a mail about a changed code, of which none is called old, the one named first is: in every
    language a change goes from the old to the new.
    """
    old = [code for code in codes if Kind.REPLACED in code.evidence]
    new = [code for code in codes if Kind.REPLACED not in code.evidence]
    if old and new:
        return new, old
    if event is Event.CODE_CHANGED and len(codes) == 2:
        return codes[1:], codes[:1]
    return codes, []
