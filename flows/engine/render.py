"""Jinja2 templates become text: in a sandbox, and within bounds of size, steps and time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from flowloom.flows.errors import LimitExceeded, TemplateError

MAX_OUTPUT: Final = 16 * 1024 * 1024
"""Characters a rendered template may have."""


@lru_cache(maxsize=2)
def _environment(strict: bool) -> Any:
    from jinja2 import StrictUndefined, Undefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        trim_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined if strict else Undefined
    )


@lru_cache(maxsize=256)
def _compiled(template: str, strict: bool) -> Any:
    return _environment(strict).from_string(template)


def render(template: str, variables: Mapping[str, Any], *, strict: bool = False) -> str:
    """The template's text with the variables put in; ``strict`` refuses variables that are not given.

    Raises TemplateError (with the line) or LimitExceeded.
    """
    from jinja2 import TemplateSyntaxError

    try:
        text = _compiled(template, strict).render(variables)
    except TemplateSyntaxError as error:
        raise TemplateError(
            f"The prompt cannot be read at line {error.lineno}: {error.message}.", line=error.lineno
        ) from error
    except Exception as error:
        raise TemplateError(f"The prompt cannot be rendered: {error}") from error
    if len(text) > MAX_OUTPUT:
        raise LimitExceeded("The prompt is too long.")
    return text
