"""Values given from outside become values of the flow's types.

The rules are prompt flow's (``contracts/tool.py: ValueType.parse`` and ``executor/_tool_resolver.py``): generous conversion for flow
inputs, and the same for literals written for a node's input. Values that travel between nodes are never converted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import FlowloomError, InputError
from flowloom.flows.model.chat import history_input
from flowloom.flows.model.types import in_words

if TYPE_CHECKING:
    from flowloom.flows.model.flow import Flow, FlowInput
    from flowloom.flows.node.spec import Port


def flow_input(
    spec: FlowInput,
    value: Any,
    *,
    root: Path | None = None,
    message_format: str = "basic",
    anywhere: bool = False,
) -> Any:
    """One value for one flow input, in the input's type.

    ``root`` is the folder relative image paths start from; ``anywhere`` also lets a path lead out of it (where a person at their own
    computer named the file). Raises InputError, naming the input.
    """
    try:
        return _convert(spec.type, value, root, message_format, anywhere)
    except _Misfit as error:
        raise InputError(
            f"The input '{spec.name}' must be {in_words(spec.type)}{error.words}.",
            hint=_hint(spec.type),
            field=spec.name,
        ) from error
    except FlowloomError as error:
        raise InputError(f"The input '{spec.name}': {error.message}", hint=error.hint, field=spec.name) from error


def flow_inputs(
    flow: Flow,
    given: Mapping[str, Any],
    *,
    root: Path | None = None,
    anywhere: bool = False,
) -> dict[str, Any]:
    """Everything the flow's inputs need: what was given, converted, and defaults for the rest; a chat's history begins empty.

    Names the flow does not have are left out, as in prompt flow; ``unknown_inputs`` lists them for a warning. Raises InputError for
    the first input that is missing or does not fit.
    """
    values: dict[str, Any] = {}
    history = history_input(flow)
    for name, spec in flow.inputs.items():
        if name in given:
            value = given[name]
        elif spec.required and name == history:
            value = []
        elif spec.required:
            raise InputError(
                f"The flow needs a value for its input '{name}'.",
                hint=f"Give one, or write a default for '{name}' in {flow.file}.",
                field=name,
            )
        else:
            value = spec.default
        values[name] = flow_input(
            spec, value, root=root or flow.root, message_format=flow.message_format, anywhere=anywhere
        )
    return values


def unknown_inputs(flow: Flow, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Names among ``given`` that the flow has no input for."""
    return tuple(name for name in given if name not in flow.inputs)


def literal(port: Port, value: Any, *, root: Path | None = None, message_format: str = "basic") -> Any:
    """A value written in the file for a node's input, in the type of the tool's parameter.

    Ports of type ``any`` and of types only a package knows take the value as written. A choice is not checked against the list, as
    in prompt flow. Raises InputError, naming the input.
    """
    try:
        return _convert(port.type, value, root, message_format, anywhere=False)
    except _Misfit as error:
        raise InputError(
            f"The value written for '{port.name}' must be {in_words(port.type)}{error.words}.",
            hint=_hint(port.type),
            field=port.name,
        ) from error
    except FlowloomError as error:
        raise InputError(
            f"The value written for '{port.name}': {error.message}", hint=error.hint, field=port.name
        ) from error


def is_dropped(value: Any) -> bool:
    """Whether a literal of a Python or LLM node counts as not written, so that the parameter's default applies."""
    return value is None or (isinstance(value, str) and value == "")


class _Misfit(Exception):
    """The value cannot be of the type; ``words`` continue the sentence."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def _convert(type_name: str, value: Any, root: Path | None, message_format: str, anywhere: bool) -> Any:
    if type_name in ("int", "double", "bool", "string"):
        return _scalar(type_name, value)
    if type_name == "list":
        value = _list(value)
    elif type_name == "object":
        value = _object(value)
    elif type_name == "image":
        from flowloom.flows.model.images import load_image

        return load_image(value, root, message_format=message_format, anywhere=anywhere)
    else:
        return value
    if isinstance(value, list | dict):
        from flowloom.flows.model.images import load_images

        return load_images(value, root, message_format=message_format, anywhere=anywhere)
    return value


def _scalar(type_name: str, value: Any) -> Any:
    try:
        if type_name == "string":
            return str(value)
        if type_name == "int":
            return int(value)
        if type_name == "double":
            return float(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise _Misfit(f"; {_shown(value)} is not") from error
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise _Misfit(f"; {_shown(value)} is neither")


def _list(value: Any) -> list[Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise _Misfit(f", or the text of a JSON list; {_shown(value)} is not") from error
    if not isinstance(value, list):
        raise _Misfit(f"; {_shown(value)} is not")
    return value


def _object(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _shown(value: Any) -> str:
    """A value as it fits into a sentence."""
    if value is None:
        return "an empty value"
    if isinstance(value, str | int | float):
        text = repr(value) if isinstance(value, str) else str(value)[:80]
        return text if len(text) <= 60 else f"{text[:57]}...{text[-1] if isinstance(value, str) else ''}"
    if isinstance(value, list | tuple):
        return "a list"
    return "an object" if isinstance(value, dict) else f"a {type(value).__name__}"


_HINTS = {
    "int": "Write digits only, such as 42.",
    "double": "Write a number with a point, such as 0.5.",
    "bool": "Write true or false.",
    "list": 'Write a list such as ["a", "b"].',
}


def _hint(type_name: str) -> str:
    return _HINTS.get(type_name, "")
