"""The templates: the product's own and, before them, the owner's, in a sandbox. docs/templates.md has what they see."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.render import words
from pipeline.render.spoken import isolated, spoken
from pipeline.tables import data_dir

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

    from pipeline.speech import Speaker

#: Under this name the owner's templates find ours: ``{% extends "ours/digest.html.j2" %}``.
OURS = "ours"


class OwnTemplateError(Exception):
    """A template of the owner's that cannot be used (78, EX_CONFIG). The text is one line with file and reason."""

    exit_code = 78


def rendered(name: str, speaker: Speaker, own: str = "", **values: object) -> str:
    """Return the template *name* filled with *values*, in the language of *speaker*.

    *own*: the folder of the owner's own templates; what lies in it goes before ours. Raises OwnTemplateError where one
    of them is at fault, whatever the fault; in ours it is a defect, and raises as such.
    """
    environment_of_owner = environment(speaker, own)
    try:
        return environment_of_owner.get_template(name).render(values)
    except Exception as error:
        if not own:
            raise
        raise OwnTemplateError(f"{own}: {name}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    from jinja2 import TemplateSyntaxError

    where = f"{error.name}, line {error.lineno}: " if isinstance(error, TemplateSyntaxError) else ""
    return " ".join(f"{where}{error or type(error).__name__}".split())


@functools.lru_cache(maxsize=4)
def environment(speaker: Speaker, own: str = "") -> SandboxedEnvironment:
    """Return the templates' world: sandboxed, and a name that nobody gave is an error, not empty.

    Raises OwnTemplateError where *own* is given and is no folder.
    """
    from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    ours = FileSystemLoader(data_dir("templates"))
    loader = ChoiceLoader([ours, PrefixLoader({OURS: ours})])
    if own:
        if not Path(own).is_dir():
            raise OwnTemplateError(f"{own}: there is no such folder of templates")
        loader.loaders = [FileSystemLoader(own), *loader.loaders]
    environment = SandboxedEnvironment(
        loader=loader,
        # Jinja's own select_autoescape() knows .html, but not .html.j2.
        autoescape=lambda name: name is None or not name.endswith((".txt.j2", ".css")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrap"] = words.wrap
    environment.filters["columns"] = words.width
    environment.filters["fill"] = words.fill
    environment.filters["upper"] = speaker.upper
    environment.filters["isolated"] = isolated
    environment.globals["no_break"] = words.NO_BREAK
    environment.globals["language"] = speaker.tag
    environment.globals["direction"] = speaker.direction
    environment.globals.update(spoken(speaker))
    return environment
