"""How Python functions become tools and node types: ``@tool`` in a flow folder, ``@node`` in a package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import update_wrapper, wraps
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, overload

from flowloom.flows.errors import UsageError
from flowloom.flows.model.flow import EMPTY
from flowloom.flows.node.spec import Category, Effect

if TYPE_CHECKING:
    from flowloom.flows.node.function_node import FunctionNode, PortsFromSettings

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

    What it returns is called and tested like the function it was. Raises UsageError for an unknown ``type``.
    """
    if type is not None and type not in TOOL_TYPES:
        raise UsageError(f"A tool cannot be of type '{type}'.", hint=f"Use one of {', '.join(TOOL_TYPES)}, or leave it out.")
    mark = ToolMark(name, description, type, input_settings, streaming_option_parameter, extra)

    def decorate(function: Any) -> Any:
        marked = _copy(function)
        setattr(marked, TOOL_MARK, mark)
        return marked

    return decorate if func is None else decorate(func)


def _copy(function: Any) -> Any:
    """The same function as another object: ``made = tool(function)`` marks ``made`` alone."""
    if not isinstance(function, FunctionType):
        return wraps(function)(lambda *args, **kwargs: function(*args, **kwargs))
    made = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__ = function.__kwdefaults__
    return update_wrapper(made, function)


def tool_mark(value: object) -> ToolMark | None:
    """What ``@tool`` was told about this function; None where it is not a tool."""
    mark = getattr(value, TOOL_MARK, None)
    return mark if isinstance(mark, ToolMark) else None


def is_tool(value: object) -> bool:
    """Whether a function was marked by ``@tool``, ours or that of an installed prompt flow."""
    return tool_mark(value) is not None or hasattr(value, "__tool")


def node(
    *,
    id: str,
    title: str,
    category: Category,
    version: int = 1,
    effect: Effect = Effect.NONE,
    hosts: tuple[str, ...] = (),
    secrets: tuple[str, ...] = (),
    cacheable: bool = True,
    quick: bool = False,
    icon: str = "",
    ports: PortsFromSettings | None = None,
) -> Callable[[Callable[..., Any]], FunctionNode]:
    """Make a node type of a function, to be registered by entry point ``flowloom.nodes`` under its id::

        @node(id="loom.text.join", title="Join", category="Text")
        def join(*, separator: str = "\\n", **parts: str) -> str:
            \"""Join texts with a separator.\"""

    Positional parameters are input ports, ``**named`` lets people add ports, keyword-only parameters are settings, and a parameter
    annotated ``Context`` receives the run's. The return annotation names the outputs (a TypedDict or dataclass: several), the docstring
    is the help. ``Annotated[str, "words"]`` describes a port, ``Field`` says more; ``Literal`` and Enum give choices. ``ports`` computes
    the ports from the settings, where they depend on them; it must be pure. The function may be sync, async or a generator.
    """
    from flowloom.flows.node.function_node import Declaration, FunctionNode

    told = Declaration(id, title, category, version, effect, hosts, secrets, cacheable, quick, icon, ports)
    return lambda function: FunctionNode(function, told)
