"""Finds what is to be translated, and brings the catalogues up to date with it: ``make messages``.

``python -m pipeline.speech.extract`` keeps every translation whose message still stands, and leaves a message that
is new or has changed without one, for a person to write (never a guess: no fuzzy matching). docs/translating.md
has the convention.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import tomli
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from pipeline.speech.catalog import languages
from pipeline.tables import data_dir

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

#: The two functions that take messages, and which of their arguments are such.
KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {"say": None, "say_many": (1, 2)}

#: What of ``rules.toml`` is read by its owner.
_SPOKEN: Final = ("title", "advice", "text")

_ROOT: Final = Path(__file__).resolve().parent.parent.parent


def rules(
    fileobj: BinaryIO, keywords: Mapping[str, object], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield titles, advice and remarks of the table of rules, as Babel asks of an extractor."""
    text = fileobj.read().decode()
    lines = text.splitlines()

    def found(part: object, comment: str) -> Iterator[tuple[int, str, str, list[str]]]:
        if isinstance(part, list):
            for each in part:
                yield from found(each, comment)
        if not isinstance(part, dict):
            return
        comment = f"rule {part['id']}" if "id" in part else comment
        for key, value in part.items():
            if key in _SPOKEN:
                for sentence in (value,) if isinstance(value, str) else value:
                    yield next(i for i, line in enumerate(lines, 1) if sentence in line), "", sentence, [comment]
            else:
                yield from found(value, comment)

    yield from found(tomli.loads(text), "no rule holds")


#: Where messages stand, and how they are found there.
_METHODS: Final = (
    ("pipeline/rules/rules.toml", "pipeline.speech.extract:rules"),
    ("pipeline/**.py", "python"),
    ("templates/**.j2", "jinja2"),
)
_OPTIONS: Final = {
    # A template that cannot be read is an error here, not a template without messages.
    "templates/**.j2": {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true", "encoding": "utf-8"},
}


def messages(root: Path = _ROOT) -> Catalog:
    """Return every message of the checkout *root*, without translations. A template that is broken raises."""
    catalog = Catalog(project="parcel-digest", charset="utf-8", fuzzy=False)
    found = extract_from_dir(root, _METHODS, _OPTIONS, KEYWORDS, ("Translators:",), strip_comment_tags=True)
    for path, _line, message, comments, context in sorted(found, key=lambda message: (message[0], message[1])):
        # Without line numbers, so that a change elsewhere in a file does not touch eleven others.
        catalog.add(message, locations=[(path, 0)], auto_comments=comments, context=context)
    return catalog


def path_of(language: str) -> Path:
    """Return where the catalogue of *language* lies."""
    return data_dir("speech/catalogs") / f"{language}.po"


def read(language: str) -> Catalog:
    """Return the catalogue of *language* as it is."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def renew(language: str, template: Catalog) -> str:
    """Bring the catalogue of *language* in line with *template*; say how much of it is still to be translated."""
    catalog = read(language)
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    with path_of(language).open("wb") as file:
        write(file, catalog)
    missing = sum(not all(strings(message)) for message in catalog if message.id)
    return f"{language}: {len(catalog)} messages, {missing} to translate"


def write(file: BinaryIO, catalog: Catalog) -> None:
    """Write *catalog*; the same messages give the same bytes, whenever they are written."""
    catalog.header_comment = "# docs/translating.md says what a translation must keep."
    catalog.project, catalog.version, catalog.fuzzy = "parcel-digest", "1", False
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = "parcel-digest"
    catalog.revision_date = catalog.creation_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_po(file, catalog, width=110, include_lineno=False)


def strings(message: Message) -> tuple[str, ...]:
    """Return the translations of *message*: one, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


if __name__ == "__main__":
    found = messages()
    for spoken in languages()[1:]:
        print(renew(spoken, found))
