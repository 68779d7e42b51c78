"""Templates become prompts: text for a prompt node or a completion, messages for a chat model.

The one place where rendering and the safety of role markers meet, see ``flowloom.flows.model.messages``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flowloom.flows.engine.render import render
from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.flow import Reference
from flowloom.flows.model.messages import (
    PromptText,
    choose_mark,
    escape_roles,
    needs_escape,
    parse_chat,
    texts_in,
    unescape_roles,
)

if TYPE_CHECKING:
    from flowloom.flows.model.flow import Node

_IMAGE = re.compile(r"!\[(\s*image\s*)\]\(\{\{(\s*[^\s{}]+\s*)\}\}\)")


def guarded_inputs(node: Node) -> tuple[str, ...]:
    """The node's inputs that take a flow input as it is: those whose role markers must stay text."""
    return tuple(
        name
        for name, binding in node.inputs.items()
        if isinstance(binding, Reference) and binding.source == "input"
    )


def render_prompt(
    template: str, variables: Mapping[str, Any], guarded: Collection[str] = (), *, strict: bool = False
) -> PromptText:
    """The text of a prompt node. It remembers which role markers came from ``guarded`` inputs, for prompts that include it.

    Raises TemplateError or LimitExceeded.
    """
    text = render(template, variables, strict=strict)
    escaped, mark = _escape(template, variables, guarded)
    if not mark:
        return PromptText(text)
    return PromptText(text, render(template, escaped, strict=strict), mark)


def build_messages(
    template: str,
    variables: Mapping[str, Any],
    guarded: Collection[str] = (),
    *,
    vision: bool = False,
    join_lists: bool = False,
    image_detail: str = "auto",
    strict: bool = False,
) -> list[dict[str, Any]]:
    """The messages of a chat prompt.

    ``guarded`` names the variables whose role markers stay text. ``vision`` makes ``![image]({{x}})`` an image part; ``join_lists``
    renders a list as its items on lines of their own (LLM nodes on Azure and vision tools) rather than as Python writes it. Raises
    TemplateError or LimitExceeded.
    """
    images = list(images_in(variables)) if vision else []
    if vision:
        template = image_lines(template)
    if join_lists:
        variables = {name: joined(value) for name, value in variables.items()}
    escaped, mark = _escape(template, variables, guarded)
    try:
        text = render(template, escaped, strict=strict)
        return parse_chat(text, images=images, image_detail=image_detail, mark=mark)
    except FlowloomError as error:
        error.message = unescape_roles(error.message, mark)
        raise


def _escape(template: str, variables: Mapping[str, Any], guarded: Collection[str]) -> tuple[Mapping[str, Any], str]:
    """The variables with what must stay text escaped, and the mark that did it; no mark where nothing had to be."""
    risky = {name: name in guarded for name, value in variables.items() if needs_escape(value, everything=name in guarded)}
    if not risky:
        return variables, ""
    mark = choose_mark([template, *texts_in(dict(variables))])
    escaped = {name: escape_roles(variables[name], mark, everything) for name, everything in risky.items()}
    return {**variables, **escaped}, mark


class LineList(list[Any]):
    """A list that renders as its items, each on a line of its own."""

    def __str__(self) -> str:
        return "\n".join(map(str, self))


def joined(value: Any) -> Any:
    """The value with its lists as LineList, also within objects."""
    if isinstance(value, dict):
        return {key: joined(item) for key, item in value.items()}
    if isinstance(value, list):
        return LineList(joined(item) for item in value)
    return value


def image_lines(template: str) -> str:
    """The template with each ``![image]({{x}})`` as ``{{x}}`` on a line of its own."""
    return _IMAGE.sub(r"\n{{\2}}\n", template)


def images_in(value: Any) -> Iterator[Any]:
    """Every image within a value."""
    from flowloom.flows.model.images import Image

    if isinstance(value, Image):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from images_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from images_in(item)
