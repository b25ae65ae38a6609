"""Mails that say everything twice, in two languages."""

from __future__ import annotations

from pipeline.read.normal import normalise

#: How a mail greets its reader, by language; enough to see that the same mail begins again in another one.
_GREETINGS = {
    "en": ("hello", "hi", "dear", "good morning"),
    "es": ("hola", "estimado", "estimada", "buenos días"),
    "fr": ("bonjour", "cher", "chère", "madame, monsieur"),
    "de": ("hallo", "guten tag", "liebe", "lieber", "sehr geehrte", "sehr geehrter"),
    "it": ("ciao", "gentile", "buongiorno"),
    "pt": ("olá", "prezado", "prezada", "caro"),
    "nl": ("beste", "geachte", "dag"),
    "ru": ("здравствуйте", "уважаемый", "уважаемая", "привет"),
    "uk": ("вітаємо", "шановний", "шановна", "добрий день"),
    "pl": ("cześć", "dzień dobry", "szanowny", "szanowna"),
    "et": ("tere", "lugupeetud", "hea klient"),
    "lv": ("labdien", "sveicināti", "cienījamais", "cienījamā"),
    "lt": ("laba diena", "gerbiamas", "gerbiama", "mielas"),
    "ca": ("bon dia", "benvolgut", "benvolguda"),
    "id": ("halo", "yth", "kepada yth"),
    "ms": ("tuan", "puan", "salam sejahtera"),
    "vi": ("xin chào", "kính gửi", "kính chào", "chào bạn", "chào anh", "chào chị"),
    "th": ("เรียน", "สวัสดี", "สวัสดีค่ะ", "สวัสดีครับ", "สวัสดีคุณ", "เรียนคุณ", "เรียนท่าน"),
    "he": ("שלום",),
    "ar": ("مرحبا", "عزيزي"),
    "zh": ("您好", "尊敬的", "亲爱的", "親愛的"),
    "ko": ("안녕하세요",),
}


#: A line that may greet; of most mails one does, and nothing more is looked at.
_BEGINNINGS = frozenset(word[:2] for words in _GREETINGS.values() for word in words)
_WORDS = tuple(word for words in _GREETINGS.values() for word in words)
_LONGEST = 80


def without_translation(text: str) -> str:
    """The text up to where the same mail begins again in another language, with a greeting of its own.

    Carriers in countries of two languages send both in one mail; what the second says, the first has said.
    """
    first: str | None = None
    start = 0
    for line in text.split("\n"):
        if len(line) <= _LONGEST and line[:2].lower() in _BEGINNINGS and (plain := normalise(line)).startswith(_WORDS):
            language = next((code for code, words in _GREETINGS.items() if _greets(plain, words)), None)
            if language is not None and first is not None and language != first:
                return text[: max(start - 1, 0)]
            first = language or first
        start += len(line) + 1
    return text


def _greets(line: str, words: tuple[str, ...]) -> bool:
    return line.startswith(words) and any(
        line.startswith(word) and not line[len(word) :][:1].isalpha() for word in words
    )
