"""The ports of a Python function that has been imported: what its parameters say at run time.

The editor reads the same from the syntax tree (``flowloom.flows.node.signature``); here aliases, computed annotations and defaults count as they
are. Source of the rules: prompt flow's ``_utils/tool_utils.py: param_to_definition`` and ``contracts/tool.py: ValueType.from_type``.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, EnumMeta
from types import UnionType
from typing import Any, Union, get_args, get_origin

from flowloom.flows.model.flow import EMPTY, MISSING
from flowloom.flows.node.context import Context
from flowloom.flows.node.spec import Port, Ports

_PLAIN: tuple[tuple[type, str], ...] = ((int, "int"), (float, "double"), (bool, "bool"), (str, "string"), (list, "list"))
_BY_NAME: Mapping[str, str] = {
    "Secret": "secret",
    "PromptTemplate": "prompt_template",
    "FilePath": "file_path",
    "Image": "image",
    "AssistantDefinition": "assistant_definition",
}
_SPECIAL_MODULES = ("promptflow.contracts", "flowloom.flows")
_CONNECTION_BASES = ("Connection", "_Connection", "_StrongTypeConnection", "CustomStrongTypeConnection")


@dataclass(frozen=True, slots=True)
class Interface:
    """What a function takes. ``connections`` maps a parameter to the connection classes it accepts, ``context`` names the parameter
    for the run's Context, ``prompt`` the one for a prompt's text, ``settings`` those that only a class's ``__init__`` takes."""

    ports: Ports
    connections: Mapping[str, tuple[type, ...]] = field(default_factory=lambda: EMPTY)
    context: str | None = None
    prompt: str | None = None
    settings: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


def read_interface(function: Callable[..., Any], init: Callable[..., Any] | None = None) -> Interface:
    """The interface of a function or bound method; ``init`` is the constructor of the class it belongs to, whose parameters are inputs too.

    Raises ValueError where ``init`` and the function share a parameter's name.
    """
    signature = inspect.signature(function)
    own = _parameters(signature)
    settings = _parameters(inspect.signature(init)) if init is not None else {}
    shared = sorted(settings.keys() & own.keys())
    if shared:
        raise ValueError(f"'{shared[0]}' is a parameter of both {getattr(function, '__name__', 'the tool')} and __init__")
    inputs: dict[str, Port] = {}
    connections: dict[str, tuple[type, ...]] = {}
    defaults: dict[str, Any] = {}
    context = prompt = None
    accepts_named = False
    for name, parameter in {**settings, **own}.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            accepts_named = accepts_named or name in own
            continue
        if parameter.kind is parameter.VAR_POSITIONAL:
            continue
        kinds = unwrapped(parameter.annotation)
        if len(kinds) == 1 and _is_context(kinds[0], function):
            context = name
            continue
        if parameter.default is not parameter.empty:
            defaults[name] = parameter.default
        if all(is_connection_class(kind) for kind in kinds):
            connections[name] = kinds
        port = _port(parameter, kinds, name in connections)
        if port.type == "prompt_template" and prompt is None:
            prompt = name
        inputs[name] = port
    outputs = {"output": Port("output", _output_type(signature))}
    return Interface(
        Ports(inputs, outputs, accepts_named), connections, context, prompt, tuple(settings), defaults
    )


def unwrapped(annotation: Any) -> tuple[Any, ...]:
    """The classes of an annotation: those of a Union without None, else the one it is."""
    if get_origin(annotation) in (Union, UnionType):
        return tuple(kind for kind in get_args(annotation) if kind is not type(None))
    return (annotation,)


def is_connection_class(kind: Any) -> bool:
    """Whether a class is one of ours, or of the installed prompt flow's, that stands for a connection."""
    if not isinstance(kind, type):
        return False
    ours = sys.modules.get("flowloom.flows.connections.connection")
    if ours is not None and issubclass(kind, ours.Connection):
        return True
    return any(
        base.__name__ in _CONNECTION_BASES and base.__module__.startswith("promptflow.") for base in kind.__mro__
    )


def is_custom_connection_class(kind: type) -> bool:
    """Whether a connection class is a flow's own, built from a custom connection."""
    return any(base.__name__ == "CustomStrongTypeConnection" for base in kind.__mro__)


def _is_context(kind: Any, function: Callable[..., Any]) -> bool:
    """Whether an annotation means our Context, also where annotations are only text."""
    if isinstance(kind, str):
        kind = getattr(function, "__globals__", {}).get(kind)
    return kind is Context


def _connection_kind(kind: Any) -> str:
    """The name of the kind of connection that a class stands for."""
    own = getattr(kind, "kind", None)
    if isinstance(own, str):
        return own
    from flowloom.flows.node.annotations import CONNECTION_KINDS

    return CONNECTION_KINDS.get(kind.__name__, "custom")


def _parameters(signature: inspect.Signature) -> dict[str, inspect.Parameter]:
    return {name: parameter for name, parameter in signature.parameters.items() if name != "self"}


def _port(parameter: inspect.Parameter, kinds: tuple[Any, ...], is_connection: bool) -> Port:
    default = MISSING if parameter.default is parameter.empty else parameter.default
    shown = default.value if isinstance(default, Enum) else default
    required = default is MISSING
    if is_connection:
        words = tuple(dict.fromkeys(_connection_kind(kind) for kind in kinds))
        return Port(parameter.name, "connection", required, shown, connection_kinds=words)
    if parameter.annotation is parameter.empty:
        kinds = (object,) if default is MISSING else (type(default),)
    if len(kinds) != 1 or isinstance(parameter.annotation, UnionType):
        # prompt flow looks into Union and Optional, not into ``int | None``.
        return Port(parameter.name, "object", required, shown)
    kind = kinds[0]
    if isinstance(kind, EnumMeta):
        options: Any = list(kind)
        return Port(parameter.name, "string", required, shown, choices=tuple(option.value for option in options))
    return Port(parameter.name, type_name(kind), required, shown)


def type_name(kind: Any) -> str:
    """The type of a port whose parameter is annotated so; whatever is not exactly a known type is an object."""
    for known, name in _PLAIN:
        if kind is known:
            return name
    if isinstance(kind, type) and kind.__module__.startswith(_SPECIAL_MODULES):
        return _BY_NAME.get(kind.__name__, "object")
    return "object"


def _output_type(signature: inspect.Signature) -> str:
    kinds = unwrapped(signature.return_annotation)
    return type_name(kinds[0]) if len(kinds) == 1 and kinds[0] in (int, float, bool, str, list) else "any"
