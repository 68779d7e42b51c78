"""How Python functions become tools and node types: ``@tool`` in a flow folder, ``@node`` in a package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload

from flowloom.flows.errors import UsageError
from flowloom.flows.model.flow import EMPTY

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])

TOOL_MARK = "__flowloom_tool__"
TOOL_TYPES = ("llm", "python", "csharp", "prompt", "action", "custom_llm")


@dataclass(frozen=True, slots=True)
class ToolMark:
    """What ``@tool`` was told about a function. ``extra`` keeps arguments that only other editors read."""

    name: str | None = None
    description: str | None = None
    type: str | None = None
    input_settings: Any = None
    streaming_option_parameter: str | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@overload
def tool(func: AnyFunction) -> AnyFunction: ...
@overload
def tool(
    func: None = None,
    *,
    name: str | None = None,
    description: str | None = None,
    type: str | None = None,
    input_settings: Any = None,
    streaming_option_parameter: str | None = None,
    **extra: Any,
) -> Callable[[AnyFunction], AnyFunction]: ...
def tool(
    func: Any = None,
    *,
    name: str | None = None,
    description: str | None = None,
    type: str | None = None,
    input_settings: Any = None,
    streaming_option_parameter: str | None = None,
    **extra: Any,
) -> Any:
    """Mark the one function of a file that a Python node runs: ``@tool`` or ``@tool(name=...)``.

    The function itself is returned, so it can be called and tested as it stands. Raises UsageError for an unknown ``type``.
    """
    if type is not None and type not in TOOL_TYPES:
        raise UsageError(f"A tool cannot be of type '{type}'.", hint=f"Use one of {', '.join(TOOL_TYPES)}, or leave it out.")
    mark = ToolMark(name, description, type, input_settings, streaming_option_parameter, extra)

    def decorate(function: AnyFunction) -> AnyFunction:
        setattr(function, TOOL_MARK, mark)
        return function

    return decorate if func is None else decorate(func)


def tool_mark(value: object) -> ToolMark | None:
    """What ``@tool`` was told about this function; None where it is not a tool."""
    mark = getattr(value, TOOL_MARK, None)
    return mark if isinstance(mark, ToolMark) else None


def is_tool(value: object) -> bool:
    """Whether a function was marked by ``@tool``, ours or that of an installed prompt flow."""
    return tool_mark(value) is not None or hasattr(value, "__tool")
