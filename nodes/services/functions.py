"""Functions and tools that a model may call, checked before they are sent. The rules are prompt flow's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flowloom.flows.errors import BadRequest

_EXAMPLE = {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}


def check_functions(functions: Any) -> None:
    """Raises BadRequest where the list is not one of functions with a name and an object schema."""
    for number, function in enumerate(_listed(functions, "functions")):
        _check_function(function, f"Function {number + 1}", "functions")


def check_tools(tools: Any) -> None:
    """Raises BadRequest where the list is not one of ``{"type": ..., "function": {...}}``."""
    for number, tool in enumerate(_listed(tools, "tools")):
        where = f"Tool {number + 1}"
        if not isinstance(tool, Mapping):
            raise _bad("tools", f"{where} is not an object.")
        for key in ("type", "function"):
            if key not in tool:
                raise _bad("tools", f"{where} lacks '{key}'.")
        _check_function(tool["function"], where, "tools")


def function_choice(choice: Any) -> Any:
    """``function_call`` as it is sent: ``auto`` where nothing was chosen. Raises BadRequest."""
    if choice is None or choice in ("auto", "none"):
        return choice or "auto"
    if not isinstance(choice, Mapping) or "name" not in choice:
        raise _bad(
            "function_call",
            f"function_call must be 'auto', 'none' or an object with the function's name, not {_short(choice)}.",
        )
    return choice


def tool_choice(choice: Any) -> Any:
    """``tool_choice`` as it is sent to Azure: ``auto`` where nothing was chosen. Raises BadRequest."""
    if choice is None or choice in ("auto", "none"):
        return choice or "auto"
    function = choice.get("function") if isinstance(choice, Mapping) else None
    if (
        not isinstance(choice, Mapping)
        or "type" not in choice
        or not isinstance(function, Mapping)
        or "name" not in function
    ):
        raise _bad(
            "tool_choice",
            f"tool_choice must be 'auto', 'none' or an object that names a function, not {_short(choice)}.",
        )
    return choice


def _listed(value: Any, field: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _bad(field, f"{field} must be a list with at least one entry, not {_short(value)}.")
    return value


def _check_function(function: Any, where: str, field: str) -> None:
    if not isinstance(function, Mapping):
        raise _bad(field, f"{where} is not an object.")
    for key in ("name", "parameters"):
        if key not in function:
            raise _bad(field, f"{where} lacks '{key}'.")
    parameters = function["parameters"]
    if not isinstance(parameters, Mapping) or "type" not in parameters or "properties" not in parameters:
        raise _bad(field, f"The parameters of {function['name']!r} are not a JSON schema with 'type' and 'properties'.")
    if parameters["type"] != "object" or not isinstance(parameters["properties"], Mapping):
        raise _bad(field, f"The parameters of {function['name']!r} must be a JSON schema of type 'object'.")


def _bad(field: str, message: str) -> BadRequest:
    return BadRequest(message, hint=f"A function looks like this: {json.dumps(_EXAMPLE)}", field=field)


def _short(value: Any) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 80 else text[:77] + "..."
