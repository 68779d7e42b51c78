"""The types of flow inputs, outputs and ports, and which fit where.

Names are prompt flow's (its ``ValueType``): ``int double bool string list object image`` and the special ``secret prompt_template
file_path assistant_definition``. Ports add ``any`` (nothing is known), ``connection``, and whatever a package calls its own types.
"""

from __future__ import annotations

from typing import Final

FLOW_TYPES: Final = ("int", "double", "bool", "string", "list", "object", "image")
"""What people choose from when they add an input."""

SPECIAL_TYPES: Final = ("secret", "prompt_template", "file_path", "assistant_definition")

VALUE_TYPES: Final = frozenset(FLOW_TYPES + SPECIAL_TYPES)
"""Every type a flow input, output or tool input may bear in a file."""

WORDS: Final = {
    "int": "a whole number",
    "double": "a number",
    "bool": "true or false",
    "string": "text",
    "list": "a list",
    "object": "an object",
    "image": "an image",
    "secret": "a secret",
    "prompt_template": "a prompt",
    "file_path": "a path to a file",
    "assistant_definition": "an assistant definition",
    "connection": "a connection",
}

_TEXTS: Final = frozenset({"string", "secret", "prompt_template", "file_path"})
_LOOSE: Final = frozenset({"any", "object"})


def in_words(type_name: str) -> str:
    """``int`` -> ``a whole number``, for messages; a package's own type stays as it is."""
    return WORDS.get(type_name, f"a value of type {type_name}")


def type_of(value: object) -> str:
    """The type name of a Python value, as prompt flow names it; ``object`` where none is closer."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int"
    if isinstance(value, float):
        return "double"
    if isinstance(value, str):
        return "string"
    return "list" if isinstance(value, list) else "object"


def fits(source_type: str, target_type: str) -> bool:
    """Whether a wire from an output of one type to an input of another can make sense.

    Values that travel through wires are never converted, so ``int`` fits ``double`` (Python's arithmetic accepts it) but no number
    fits ``string``. ``any`` and ``object`` promise too little to refuse anything; only a connection never comes from a wire.
    """
    if target_type == "connection" or source_type == "connection":
        return source_type == target_type
    if source_type == target_type or source_type in _LOOSE or target_type in _LOOSE:
        return True
    if source_type in _TEXTS and target_type in _TEXTS:
        return True
    if target_type == "double":
        return source_type in ("int", "bool")
    if target_type == "int":
        return source_type == "bool"
    return source_type not in VALUE_TYPES or target_type not in VALUE_TYPES
