"""The manual page, made of the commands' own help: ``python -m pipeline.cli.manual``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from typer import Context
from typer.main import get_command

if TYPE_CHECKING:
    from collections.abc import Iterator

EXIT_CODES = {
    0: "All is well.",
    1: "Some mails could not be read; the digest names them.",
    2: "The command line is wrong.",
    75: "Trouble that passes by itself, such as a server out of reach: the next run goes on (EX_TEMPFAIL).",
    77: "A login was refused, or there is no password (EX_NOPERM).",
    78: "The settings are wrong (EX_CONFIG).",
}

FILES = {
    "~/.config/parcel-digest/config.toml": "The settings, or $XDG_CONFIG_HOME/parcel-digest/config.toml.",
    "~/.local/state/parcel-digest/": "Ledger and digests, or $XDG_STATE_HOME/parcel-digest/.",
}

ENVIRONMENT = {
    "PARCEL_DIGEST_CONFIG, PARCEL_DIGEST_STATE": "As --config and --state.",
    "PARCEL_DIGEST_NAME_PASSWORD": "The password of the account NAME, in capitals.",
    "PARCEL_DIGEST__TABLE__KEY": "Sets one key over the settings, as PARCEL_DIGEST__RULES__PROTECTION=90.",
    "TZ": "The time zone, where the settings name none.",
}


def manual() -> str:
    """Return the page in the language of man(7)."""
    from pipeline.cli import app

    root: Any = get_command(app)
    return "\n".join([*_head(root), *_commands(root), *_tables()]) + "\n"


def _head(root: Any) -> Iterator[str]:
    yield '.TH PARCEL\\-DIGEST 1 "" "parcel\\-digest" "User Commands"'
    yield ".SH NAME"
    yield f"parcel\\-digest \\- {_text('says each day what to do about each parcel, from the mails in your inbox')}"
    yield ".SH SYNOPSIS"
    for name in root.commands:
        yield f".B parcel\\-digest {_text(name)}\n.RI [ options ]\n.br"
    yield ".SH DESCRIPTION"
    yield _text(root.help)
    yield ".PP"
    yield _text("It opens your mailbox read-only and asks no other server than yours. The first step is ")
    yield ".B parcel\\-digest init"


def _commands(root: Any) -> Iterator[str]:
    yield ".SH COMMANDS"
    for name, command in root.commands.items():
        words = " ".join(param.metavar or param.name for param in command.params if _is_argument(param))
        yield f".SS {_text(f'{name} {words}'.strip())}"
        for paragraph in (command.help or "").split("\n\n"):
            yield ".PP"
            example = re.fullmatch(r"Example: (.*)", paragraph.strip())
            yield f"Example:\n.RS\n.nf\n{_text(example[1])}\n.fi\n.RE" if example else _text(paragraph)
        for param in command.params:
            if "--help" not in param.opts:
                yield ".TP"
                names, text = param.get_help_record(Context(command))
                yield f".B {_text(param.metavar or param.name if _is_argument(param) else names)}"
                yield _text(text)


def _tables() -> Iterator[str]:
    for title, table in (("EXIT STATUS", EXIT_CODES), ("FILES", FILES), ("ENVIRONMENT", ENVIRONMENT)):
        yield f".SH {title}"
        for key, text in table.items():
            yield f".TP\n.B {_text(str(key))}\n{_text(text)}"
    yield ".SH SEE ALSO"
    yield _text("crontab(5), systemd.timer(5); the folder docs of the distribution")


def _is_argument(param: Any) -> bool:
    return not param.opts[0].startswith("-")


def _text(text: str) -> str:
    """*text* so that man(7) takes nothing in it for a command."""
    text = re.sub(r"\s+", " ", text).strip().replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    print(manual(), end="")
