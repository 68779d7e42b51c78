"""Jinja2 templates become text: in a sandbox, and within bounds of size, steps and time.

Values are never rendered as templates again. Jinja2 is imported only where a template needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.engine.budget import MAX_SECONDS, MAX_TEXT, Budget, current
from flowloom.flows.errors import FlowloomError, LimitExceeded, TemplateError
from flowloom.flows.node.simple_template import MAX_CODE, MAX_TAGS, split, too_much_code

if TYPE_CHECKING:
    from types import TracebackType

    from jinja2 import Template

MAX_TEMPLATE: Final = 4_000_000
"""Characters of a template."""

_PLAIN: Final = (str, int, float, bool, type(None))


def render(
    template: str, variables: Mapping[str, Any], *, strict: bool = False, seconds: float = MAX_SECONDS
) -> str:
    """The template with the variables put in.

    A variable that is not given renders empty, or with ``strict`` is refused. Lists and objects among the variables are never
    changed, whatever the template does with them. Raises TemplateError, with the line, and LimitExceeded for what is too large or
    takes longer than ``seconds``.
    """
    if len(template) > MAX_TEMPLATE:
        raise LimitExceeded(f"The prompt has more than {MAX_TEMPLATE:,} characters.", hint="Split it into several prompts.")
    simple = _simple(template)
    if simple is not None:
        text = _fill(simple, variables)
        if text is not None:
            return text
    return _render(template, variables, strict, seconds)


_simple = lru_cache(maxsize=256)(split)


def _fill(parts: tuple[list[str], list[str]], variables: Mapping[str, Any]) -> str | None:
    """A template of plain names, or None where a value needs the engine's care."""
    texts, names = parts
    values: list[str] = []
    for name in names:
        value = variables.get(name, parts)
        if type(value) is str:
            values.append(value)
        elif isinstance(value, str) or (type(value) in _PLAIN and not (isinstance(value, int) and value.bit_length() > 4096)):
            values.append(str(value))
        else:
            return None
    if sum(map(len, values)) + sum(map(len, texts)) > MAX_TEXT:
        raise LimitExceeded(
            f"The filled-in prompt has more than {MAX_TEXT:,} characters.",
            hint="Shorten the values, or split the prompt.",
        )
    whole = [text for pair in zip(texts, values, strict=False) for text in pair]
    return "".join([*whole, texts[-1]])


@lru_cache(maxsize=2)
def _environment(strict: bool) -> Any:
    from flowloom.flows.engine.sandbox import Sandbox

    return Sandbox(strict)


@lru_cache(maxsize=256)
def _compiled(template: str, strict: bool) -> Template:
    if too_much_code(template):
        raise LimitExceeded(
            f"The prompt has more than {MAX_TAGS:,} places to fill in, or {MAX_CODE:,} characters in them.",
            hint="Split it into several prompts, or prepare the text in a Python tool.",
        )
    return _environment(strict).from_string(template)


def _render(template: str, variables: Mapping[str, Any], strict: bool, seconds: float) -> str:
    from jinja2 import TemplateSyntaxError

    from flowloom.flows.engine.sandbox import changes_values, private

    mutable = changes_values(template)
    budget = Budget(mutable, seconds)
    token = current.set(budget)
    try:
        compiled = _compiled(template, strict)
        given = {name: private(value) for name, value in variables.items()} if mutable else variables
        context = compiled.new_context(dict(given))
        pieces: list[str] = []
        size = 0
        for piece in compiled.root_render_func(context):
            size += len(piece)
            if size > MAX_TEXT:
                raise LimitExceeded(
                    f"The filled-in prompt has more than {MAX_TEXT:,} characters.", hint="Shorten it."
                )
            pieces.append(piece)
        return "".join(pieces)
    except FlowloomError as error:
        error.line = error.line or _line(error.__traceback__)
        raise
    except TemplateSyntaxError as error:
        raise TemplateError(
            f"The prompt cannot be read at line {error.lineno}: {error.message}.".replace("..", "."),
            hint="Mend the line. Jinja2 tags are written {{ name }} and {% if name %} ... {% endif %}.",
            line=error.lineno,
        ) from error
    except MemoryError as error:
        raise LimitExceeded("The prompt needs more memory than there is.", hint="Simplify the prompt.") from error
    except RecursionError as error:
        raise LimitExceeded("The prompt is nested too deeply.", hint="Simplify the prompt.") from error
    except Exception as error:  # whatever a template does, it is the template that must be mended
        raise _fault(error) from error
    finally:
        current.reset(token)


def _fault(error: Exception) -> TemplateError:
    line = _line(error.__traceback__)
    where = f" at line {line}" if line else ""
    name = type(error).__name__
    if name == "SecurityError":
        return TemplateError(
            f"The prompt does something{where} that prompts may not do: {error}",
            hint="Use values and filters only, or prepare the value in a Python tool.",
            line=line,
        )
    if name == "UndefinedError":
        return TemplateError(
            f"The prompt cannot be filled in{where}: {error}.",
            hint="Check the name, and that the node gives the prompt this input.",
            line=line,
        )
    return TemplateError(
        f"The prompt cannot be filled in{where}: {name}: {error}",
        hint="Check how the value is used there, or prepare it in a Python tool.",
        line=line,
    )


def _line(traceback: TracebackType | None) -> int | None:
    """The template's line that was being rendered."""
    line: int | None = None
    while traceback is not None:
        template = traceback.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            line = template.get_corresponding_lineno(traceback.tb_lineno)
        traceback = traceback.tb_next
    return line
