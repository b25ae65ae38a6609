"""Write the first settings: the sample with one account and what else was answered, readable by the owner alone."""

from __future__ import annotations

import json
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tables import data_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = str | int | bool | list[str]

_LINE = re.compile(r"#(?P<key>[a-z_]+) = (?P<rest>.*)")
_TABLE = re.compile(r"#\[(?P<name>[a-z.]+)\]")


def compose(account: str, answers: Mapping[str, Value]) -> str:
    """Return the text of the settings with *answers*, keys as ``accounts.home.host`` or ``timezone``.

    The account's table is called *account*. Every key that was not answered stays a comment with its default.
    Raises KeyError for a key that the sample does not have.
    """
    lines = []
    left = dict(answers)
    table = ""
    for line in (data_dir("setup") / "settings.toml").read_text("utf-8").splitlines():
        if found := _TABLE.match(line):
            table = f"{found['name']}."
            if any(key.startswith(table) and "." not in key.removeprefix(table) for key in answers):
                line = line.removeprefix("#").replace("[accounts.home]", f"[accounts.{account}]")
        elif (found := _LINE.match(line)) and f"{table}{found['key']}" in left:
            comment = found["rest"].partition("#")[2].strip() if "#" in found["rest"] else ""
            value = left.pop(f"{table}{found['key']}")
            line = f"{found['key']} = {_toml(value)}" + (f"  # {comment}" if comment else "")
        lines.append(line)
    if left:
        raise KeyError(f"the sample of the settings lacks {', '.join(left)}")
    return "\n".join(lines) + "\n"


def write(path: Path, text: str, *, replace: bool = False) -> None:
    """Write *text* to *path* with mode 0600, in a folder (made if missing) with mode 0700.

    Raises:
        FileExistsError: it exists, be it a link to nowhere, and *replace* was not said. What is replaced is kept as
            ``config.toml.old``.
        OSError: whatever the disk refuses.
    """
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            with suppress(FileNotFoundError):
                path.replace(path.with_name(f"{path.name}.old"))
            temporary.replace(path)
        else:
            # A link is made at once or not at all, and never over what is there.
            os.link(temporary, path)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def _toml(value: Value) -> str:
    # What is printable is written in TOML's basic strings as in JSON's (toml.io, v1.0.0, section String).
    return json.dumps(value, ensure_ascii=False)
