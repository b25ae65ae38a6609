"""``say`` and ``say_many`` for templates: there a sentence becomes words where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import pass_eval_context
from markupsafe import Markup, escape

from pipeline.model import Saying, say, say_many

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2.nodes import EvalContext

    from pipeline.speech import Speaker


def spoken(speaker: Speaker) -> Mapping[str, Callable[..., str]]:
    """Return the functions by which templates speak the language of *speaker*.

    ``say("… {name} …", name=value)`` and ``say_many(one, many, count, …)``. In HTML the words and the values are
    escaped, but for values that are markup already.
    """

    def word(value: Any) -> str:
        return value if isinstance(value, Markup) else speaker.word(value)

    def words(context: EvalContext, saying: Saying) -> str:
        pattern = speaker.pattern(saying)
        if context.autoescape:
            return Markup(saying.filled(escape(pattern), lambda value: escape(word(value))))
        return saying.filled(pattern, word)

    @pass_eval_context
    def say_it(context: EvalContext, message: str, /, **values: Any) -> str:
        return words(context, say(message, **values))

    @pass_eval_context
    def say_them(context: EvalContext, one: str, many: str, /, count: int, **values: Any) -> str:
        return words(context, say_many(one, many, count, **values))

    return {"say": say_it, "say_many": say_them}


def isolated(text: str) -> Markup:
    """Return *text* for HTML so that its direction and that of the words around it leave each other alone."""
    return Markup('<span dir="auto">{}</span>').format(text)
