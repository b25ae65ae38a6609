"""Which folders the settings mean: a name, the folder for a use (``\\Archive``), or all (``*``) but those without news.

Asks the server for its list only where the settings do not name folders plainly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.mailbox import WrongSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.mailbox.session import Listed, Session

ALL = "*"

#: What nobody wants read: spam is never a parcel, what was sent or is being written is the owner's own, and what was
#: thrown away was. Gmail's "All Mail", "Starred" and "Important" show the mails of other folders once more.
LEFT_OUT = frozenset({"\\junk", "\\trash", "\\sent", "\\drafts", "\\all", "\\flagged", "\\important"})
_CLOSED = frozenset({"\\noselect", "\\nonexistent"})

#: Names of such folders on servers that do not tell the use of a folder (RFC 6154), without their parent's.
_BY_NAME = {
    "\\junk": {"junk", "junk e-mail", "junk email", "spam", "bulk mail", "spamverdacht", "спам", "nevyžádaná pošta"},
    "\\trash": {"trash", "deleted", "deleted items", "deleted messages", "papierkorb", "корзина", "koš"},
    "\\sent": {"sent", "sent items", "sent messages", "sent mail", "gesendet", "отправленные", "odeslaná pošta"},
    "\\drafts": {"drafts", "draft", "entwürfe", "черновики", "koncepty"},
    "\\archive": {"archive", "archives", "archiv"},
}


def folder_names(session: Session, wanted: Sequence[str]) -> list[str]:
    """Return the names of the folders that *wanted* means, each once. Raises WrongSettings for a use nothing has."""
    listed = session.folders()
    names: dict[str, None] = {}
    for name in wanted:
        if name == ALL:
            meant = [folder.name for folder in listed if not uses(folder) & (LEFT_OUT | _CLOSED)]
        elif name.startswith("\\"):
            meant = [folder.name for folder in listed if name.lower() in uses(folder)]
            if not meant:
                raise WrongSettings(f"no folder of the account is its {name}: name it as it is called there")
        else:
            meant = [name]
        names |= dict.fromkeys(meant)
    return list(names)


def uses(folder: Listed) -> frozenset[str]:
    """What *folder* is for, as the server tells it, else as its name does."""
    told = folder.flags & (LEFT_OUT | _BY_NAME.keys())
    last = folder.name.replace(".", "/").rpartition("/")[2].lower()
    named = {use for use, names in _BY_NAME.items() if last in names}
    return folder.flags | (told or named)
