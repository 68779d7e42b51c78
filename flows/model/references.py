"""References: ``${inputs.question}``, ``${search}``, ``${search.output.passages[0]['title']}``. Whole values only.

Source of the rules: prompt flow's public format; see ``parse_binding`` for where this reader is kinder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from flowloom.flows.errors import ReferenceFault
from flowloom.flows.model.flow import Binding, Constant, Reference

_PART: Final = re.compile(
    r"""\.?\['(?P<single>.*?)'\]|\.?\["(?P<double>.*?)"\]|\.?\[(?P<index>\d+)\]|\.(?P<word>\w+)"""
)
_INPUT_PREFIXES: Final = ("inputs.", "flow.")


class ReferenceSyntax(ValueError):
    """A value that begins like a reference but is none.

    ``hint`` is the next step. ``reference`` is what can still be told: set where the flow is sound enough to start, so that only the
    nodes that need the value fail; None where no run is possible.
    """

    def __init__(self, message: str, hint: str, reference: Reference | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.reference = reference


def parse_binding(value: Any) -> Binding:
    """A Reference where ``value`` is the text ``${...}`` as a whole, else a Constant. Raises ReferenceSyntax.

    ``${node}`` is ``${node.output}``, ``${flow.x}`` is ``${inputs.x}``. An index may follow ``.output`` with a dot or without.
    """
    if not (isinstance(value, str) and len(value) > 2 and value.startswith("${") and value.endswith("}")):
        return Constant(value)
    inner = value[2:-1]
    for prefix in _INPUT_PREFIXES:
        if inner.startswith(prefix):
            return Reference("input", inner[len(prefix) :])
    name, dot, rest = inner.partition(".")
    if not name.strip() or name != name.strip():
        raise ReferenceSyntax(
            f"{value!r} is not a reference.", "Write ${inputs.name} or ${node.output}, without spaces."
        )
    if not dot:
        bracket = name.find("[")
        if bracket > 0:
            hint = f"Write ${{{name[:bracket]}.output.{name[bracket:]}}}."
            raise ReferenceSyntax(f"{value!r} lacks '.output'.", hint)
        return Reference("node", name)
    section = re.match(r"\w*", rest)
    section = section.group() if section else ""
    if section != "output":
        message = f"{value!r} asks for {section or 'nothing'!r} of {name}; a node has only 'output'."
        hint = f"Write ${{{name}.output}}, or ${{{name}.output.{section or 'key'}}} for a part of it."
        raise ReferenceSyntax(message, hint, Reference("node", name, (), message))
    return Reference("node", name, _path(rest[len("output") :], value, name))


def _path(text: str, value: str, name: str) -> tuple[str | int, ...]:
    parts: list[str | int] = []
    position = 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None:
            message = f"{value!r} cannot be read from {text[position:]!r} on."
            hint = "Write .key, ['any key'] or [0] after .output; numbers count from 0."
            raise ReferenceSyntax(message, hint, Reference("node", name, (), message))
        kind = match.lastgroup
        part = match.group(kind or 0)
        parts.append(int(part) if kind == "index" else part)
        position = match.end()
    return tuple(parts)


def follow(value: Any, path: tuple[str | int, ...], *, reference: Reference) -> Any:
    """The part of a node's output that a reference asks for: a key of a dict, an item of a list, else an attribute.

    Raises ReferenceFault, naming what there is instead.
    """
    if reference.fault:
        raise ReferenceFault(reference.fault, hint="Correct the reference.")
    for position, part in enumerate(path):
        value = _step(value, part, path[:position], reference)
    return value


def _step(value: Any, part: str | int, before: tuple[str | int, ...], reference: Reference) -> Any:
    try:
        if isinstance(part, int) or isinstance(value, Mapping):
            return value[part]
        if not part.startswith("__"):
            return getattr(value, part)
    except (KeyError, IndexError, AttributeError, TypeError):
        pass
    place = str(Reference("node", reference.name, before))
    raise ReferenceFault(
        f"{reference} asks for {part!r}, which {place} does not have: it is {_describe(value)}.",
        hint="Choose a part that the output has, or correct the node that makes it.",
    )


def _describe(value: Any) -> str:
    if isinstance(value, Mapping):
        keys = [repr(key) for key in value]
        return (
            "an object without keys"
            if not keys
            else f"an object with the keys {', '.join(keys[:8])}{'…' if len(keys) > 8 else ''}"
        )
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)} items"
    names = {
        "str": "a text",
        "int": "a whole number",
        "float": "a number",
        "bool": "true or false",
        "NoneType": "empty",
    }
    return names.get(type(value).__name__, f"a value of type {type(value).__name__}")
