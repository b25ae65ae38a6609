"""The catalogues: one gettext ``.po`` file a language, read as it is, so that none can be stale or uncompiled."""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from typing import Final

from pipeline.tables import data_dir

#: The language of the messages themselves. It has no catalogue.
SOURCE: Final = "en"


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that the product speaks, as locale names: ``en`` and every one with a catalogue."""
    return (SOURCE, *sorted(path.stem for path in data_dir("speech/catalogs").glob("*.po")))


def language_of(code: str) -> str | None:
    """Return which of :func:`languages` *code* stands for: itself (``pt-br``), or the nearest; ``None``: none.

    ``de-AT`` is spoken as ``de``; ``pt`` as ``pt_BR``, the only one there is.
    """
    wanted = code.replace("-", "_").lower()
    base = wanted.partition("_")[0]
    if base == SOURCE:
        return SOURCE
    for fits in (wanted, base):
        for language in languages():
            if language.lower() == fits:
                return language
    return next((language for language in languages() if language.partition("_")[0] == base), None)


@cache
def translations(language: str) -> NullTranslations:
    """Return the translations into *language*, one of :func:`languages`.

    Reading a .po file takes some 40 ms, half of it the import of Babel, and is done only where something is said:
    less than the trouble of compiled files, which go stale, or are missing after an editable install.
    """
    if language == SOURCE:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (data_dir("speech/catalogs") / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=language, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)
