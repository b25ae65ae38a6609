"""Bytes to Unicode, and Unicode to what a person sees: the only place where characters are thrown away.

A mail's declared charset is a claim. It is tried first; bytes that are sound UTF-8 outrank a single-byte
claim, because text in a single-byte charset practically never is valid UTF-8 by chance.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

#: Bytes looked at when a charset must be guessed.
GUESS_BYTES = 20_000

# Labels as browsers read them (https://encoding.spec.whatwg.org/#names-and-labels): the superset is what is
# meant.
_MEANT = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_ALIASES = {"x-sjis": "cp932", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "iso-8859-8-i": "iso8859-8"}
_WIDE = {
    "gb18030",
    "hz",
    "cp932",
    "cp949",
    "big5hkscs",
    "euc_jp",
    "johab",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
}
# Codecs that are no charsets of mail stay out: "punycode" and "idna" take quadratic time, "unicode_escape"
# warns.
_SAFE = re.compile(
    r"(?:utf-(?:8|8-sig|7|16|16-le|16-be|32|32-le|32-be)|cp\d+|iso8859-\d+|iso2022_\w+|koi8-[rut]|mac-\w+"
    r"|gb18030|gb2312|gbk|hz|big5|big5hkscs|shift_jis\w*|euc_\w+|johab|tis-620|ascii|ptcp154|kz1048)$"
)


@lru_cache(maxsize=256)
def codec(label: str) -> str | None:
    """Return the Python codec meant by a charset *label* of a mail, or ``None`` where it names none."""
    wanted = label.strip().strip("\"'").lower()
    if wanted in _ALIASES:
        return _ALIASES[wanted]
    try:
        name = codecs.lookup(wanted).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(name, name) if _SAFE.match(name) else None


#: ³ and ¹ between small letters, as nobody writes them: ł and ą of Polish in windows-1250.
_CENTRAL_EUROPEAN = re.compile(rb"[a-z\xea\xf3\xe6\x9c][\xb3\xb9][a-z\xea\xf3\xe6\x9c]")


def decode(data: bytes, declared: str | None = None, hint: str | None = None) -> tuple[str, str | None]:
    """Return *data* as text, and how its charset had to be mended (``None``: as declared).

    *declared* is the label of the mail, *hint* a weaker one (the ``<meta charset>`` of HTML). Never raises.
    """
    name = codec(declared) if declared else None
    if data.isascii() and b"\x1b" not in data and (name is None or name not in _STATEFUL):
        return data.decode("ascii"), None
    if name is not None and (name in _WIDE or name in _STATEFUL or name.startswith("utf-")):
        text = _strict(data, name)
        if text is not None:
            return text, None
    text = _strict(data, "utf-8") if b"\x1b$" not in data else None
    if text is not None:
        wrong = name is not None and name != "utf-8" and not data.isascii()
        return text, f"the text is UTF-8, not {_shown(declared)} as declared" if wrong else None
    if name is not None and name not in _WIDE and not name.startswith("utf-") and declared != "us-ascii":
        if name == "cp1252" and _CENTRAL_EUROPEAN.search(data):
            text = _strict(data, "cp1250")
            if text is not None:
                return text, f"the text is Central European, not {_shown(declared)} as declared"
        text = _strict(data, name)
        if text is None and name == "cp1252":
            text = data.decode("latin-1")
        if text is not None:
            return text, None
    claim = f"the declared charset {_shown(declared)} does not fit" if declared else "no charset is declared"
    hinted = codec(hint) if hint else None
    if hinted is not None and hinted != name:
        text = _strict(data, hinted)
        if text is not None:
            return text, f"{claim}; read as {hinted} as the HTML says"
    if name is None or name == "utf-8":
        text = data.decode("utf-8", "replace")
        lost = text.count("\ufffd")
        # A cut or damaged UTF-8 text keeps most of its characters; a text in another charset keeps next to
        # none.
        if sum(not char.isascii() for char in text) >= 2 * lost > 0:
            return text, f"{lost} damaged characters in UTF-8 text"
    elif name in _WIDE or name in _STATEFUL:
        text = data.decode(name, "replace")
        if text.count("\ufffd") * 20 < len(text):
            return text, f"damaged characters in text declared as {_shown(declared)}"
    name = guess(data)
    text = _strict(data, name)
    return (data.decode("cp1252", "replace") if text is None else text), f"{claim}; read as {name}, a guess"


def _shown(declared: str | None) -> str:
    """What is no charset may be half of a broken mail, control characters and all."""
    return "".join(char if char.isprintable() else "?" for char in (declared or "")[:40])


_STATEFUL = {"utf-7", "hz"} | {f"iso2022_{x}" for x in ("jp", "jp_1", "jp_2", "jp_2004", "jp_3", "jp_ext", "kr")}


def _strict(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
        text.encode("utf-8")  # some codecs make lone surrogates, which no sink takes
    except (UnicodeError, LookupError):
        return None
    return text


def guess(data: bytes) -> str:
    """Name the likeliest codec of bytes that are not UTF-8.

    Chinese text in GB stands in runs of pairs whose lead byte is that of a common character (GB 2312 level 1,
    rows 16 to 55); Cyrillic in runs of single letters, mostly small ones; Western text has single high bytes.
    """
    sample = data[:GUESS_BYTES]
    if b"\x1b$" in sample or b"\x1b(" in sample:
        return "iso2022_jp_2"
    runs: list[bytes] = re.findall(rb"[\x80-\xff]+", sample)
    high = sum(map(len, runs))
    if not high:
        return "cp1252"
    common = sum(
        1
        for run in runs
        for lead, trail in zip(run[::2], run[1::2], strict=False)
        if (0xB0 <= lead <= 0xD7 and trail >= 0xA1) or lead in (0xA1, 0xA3)
    )
    if 2 * common > 0.7 * high and _strict(data, "gb18030") is not None:
        return "gb18030"
    if sum(len(run) for run in runs if len(run) > 2) > 0.6 * high:
        joined = b"".join(runs)
        small_koi8 = sum(0xC0 <= byte <= 0xDF for byte in joined)
        small_1251 = sum(byte >= 0xE0 for byte in joined)
        if small_koi8 + small_1251 > 0.8 * high:
            return "koi8-r" if small_koi8 > small_1251 else "cp1251"
    return "cp1252" if _strict(data, "cp1252") is not None else "latin-1"


# What has no look of its own, or changes the look of others: C0 and C1 but tab and line feed, soft hyphen,
# combining grapheme joiner, zero-width and bidi controls, Hangul fillers, interlinear marks, tags.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Return *text* without invisible characters, with plain spaces, and a line feed for every line break."""
    if text.isascii() and "\r" not in text and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    text = _BREAKS.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    if not text.isascii():
        text = _SPACES.sub(" ", text)
        text = _SURROGATES.sub("\ufffd", text)
    return text


def line(text: str) -> str:
    """Return *text* as one clean line: every run of white space is one space, none at the ends."""
    text = " ".join(text.split())
    if text.isprintable() and "\u034f" not in text:
        return text
    return " ".join(clean(text).split())
