"""A Python function as a node type: its parameters are the ports, its docstring the help, its return type the outputs."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum, EnumMeta
from functools import cached_property, update_wrapper
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from flowloom.flows.model.flow import EMPTY, Constant, Flow, Node
from flowloom.flows.node.context import Context
from flowloom.flows.node.interface import is_connection_class
from flowloom.flows.node.node_type import BoundNode, Workbench
from flowloom.flows.node.spec import Category, Effect, NodeSpec, Port, Ports

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.problem import Problem

PortsFromSettings = Callable[[Mapping[str, Any]], Ports]

_CARDS: Mapping[str, Any] = {
    "Models": "llm",
    "Prompts": "prompt",
    "Text": "prompt",
    "Documents": "retrieval",
    "Agents": "agent",
    "Code": "python",
    "Flow": "logic",
    "Safety": "logic",
    "Data": "io",
    "Media": "io",
    "Evaluation": "out",
}


@dataclass(frozen=True, slots=True)
class Field:
    """More about a parameter than its type says: ``Annotated[float, "How bold", Field(minimum=0, maximum=2)]``."""

    multiline: bool = False
    minimum: float | None = None
    maximum: float | None = None
    schema: Mapping[str, Any] | None = None
    """JSON schema of the values."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What ``@node`` was told."""

    id: str
    title: str
    category: Category
    version: int = 1
    effect: Effect = Effect.NONE
    hosts: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    cacheable: bool = True
    quick: bool = False
    icon: str = ""
    ports: PortsFromSettings | None = None


class FunctionNode:
    """The node type that ``@node`` makes of a function. Calling it calls the function."""

    def __init__(self, function: Callable[..., Any], declaration: Declaration) -> None:
        update_wrapper(self, function)
        self.function = function
        self.declaration = declaration

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<node type {self.declaration.id}>"

    @cached_property
    def spec(self) -> NodeSpec:
        told, read = self.declaration, self._read
        module = self.function.__module__.partition(".")[0]
        return NodeSpec(
            id=told.id,
            title=told.title,
            category=told.category,
            version=told.version,
            help=inspect.getdoc(self.function) or "",
            ports=read.ports,
            effect=told.effect,
            hosts=told.hosts,
            secrets=tuple(dict.fromkeys((*told.secrets, *read.connections))),
            cacheable=told.cacheable,
            quick=told.quick,
            icon=told.icon,
            kind=_CARDS[told.category],
            package=module,
        )

    def ports(self, node: Node, flow: Flow, files: FlowFile) -> Ports:
        return self._ports(node)

    def check(self, node: Node, flow: Flow, files: FlowFile) -> Iterable[Problem]:
        return ()

    def bind(self, node: Node, workbench: Workbench) -> BoundNode:
        read = self._read
        return BoundNode(
            function=self.function,
            ports=self._ports(node),
            spec=self.spec,
            context_parameter=read.context,
            connection_parameters=read.connections,
            fingerprint="" if self.spec.may_cache else None,
            uncacheable_because="" if self.spec.may_cache else "it does more than compute its output",
            quick=self.declaration.quick,
            is_coroutine=inspect.iscoroutinefunction(self.function),
            defaults=read.defaults,
        )

    def _ports(self, node: Node) -> Ports:
        choose = self.declaration.ports
        if choose is None:
            return self.spec.ports
        settings = {name: port.default for name, port in self.spec.ports.inputs.items() if port.is_setting}
        written = {name: binding.value for name, binding in node.inputs.items() if isinstance(binding, Constant)}
        return choose({**settings, **{name: written[name] for name in settings if name in written}})

    @cached_property
    def _read(self) -> _Signature:
        return _read(self.function)


@dataclass(frozen=True, slots=True)
class _Signature:
    ports: Ports
    connections: Mapping[str, type | None]
    context: str | None
    defaults: Mapping[str, Any]


def _read(function: Callable[..., Any]) -> _Signature:
    hints = get_type_hints(function, vars(sys.modules[function.__module__]), include_extras=True)
    inputs: dict[str, Port] = {}
    connections: dict[str, type | None] = {}
    defaults: dict[str, Any] = {}
    context: str | None = None
    named: Port | None = None
    for name, parameter in inspect.signature(function).parameters.items():
        kind, notes = _annotated(hints.get(name, Any))
        if kind is Context:
            context = name
            continue
        port = _described(Port(name, *_type(kind)[:1], choices=_type(kind)[1]), notes)
        if parameter.kind is parameter.VAR_KEYWORD:
            named = port
            continue
        classes = _classes(kind)
        if classes and all(is_connection_class(found) for found in classes):
            connections[name] = classes[0] if len(classes) == 1 and classes[0].__name__ != "Connection" else None
            kinds = tuple(word for word in (getattr(found, "kind", "") for found in classes) if word)
            port = replace(port, type="connection", connection_kinds=kinds)
        if parameter.default is not parameter.empty:
            defaults[name] = parameter.default
            shown = parameter.default.value if isinstance(parameter.default, Enum) else parameter.default
            port = replace(port, required=False, default=shown)
        inputs[name] = replace(port, is_setting=parameter.kind is parameter.KEYWORD_ONLY)
    outputs = _outputs(hints.get("return", Any))
    ports = Ports(inputs, outputs, named is not None, named.type if named else "any")
    return _Signature(ports, connections, context, defaults)


def _outputs(hint: Any) -> Mapping[str, Port]:
    kind, notes = _annotated(hint)
    if is_typeddict(kind):
        parts = get_type_hints(kind, include_extras=True)
    elif is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind, include_extras=True)
        parts = {part.name: hints[part.name] for part in fields(kind)}
    else:
        return {"output": _described(Port("output", _type(kind)[0]), notes)}
    found: dict[str, Port] = {}
    for name, part in parts.items():
        inner, words = _annotated(part)
        found[name] = _described(Port(name, _type(inner)[0]), words)
    return found


def _annotated(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """A type without None and without ``Annotated``, and the notes that stood in it."""
    notes: tuple[Any, ...] = ()
    while get_origin(hint) is Annotated:
        hint, *more = get_args(hint)
        notes += tuple(more)
    if get_origin(hint) in (Union, UnionType):
        kinds = [kind for kind in get_args(hint) if kind is not type(None)]
        if len(kinds) == 1:
            inner, more = _annotated(kinds[0])
            return inner, notes + more
    return hint, notes


def _described(port: Port, notes: tuple[Any, ...]) -> Port:
    for note in notes:
        if isinstance(note, str):
            port = replace(port, description=note)
        elif isinstance(note, Field):
            port = replace(
                port, multiline=note.multiline, minimum=note.minimum, maximum=note.maximum, schema=note.schema or EMPTY
            )
    return port


def _classes(kind: Any) -> tuple[type, ...]:
    parts = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    found = tuple(part for part in parts if part is not type(None))
    return found if all(isinstance(part, type) for part in found) else ()


def _type(kind: Any) -> tuple[str, tuple[Any, ...]]:
    """The name of a type, and the choices where it lists them."""
    if get_origin(kind) is Literal:
        values = get_args(kind)
        types = {type(value) for value in values}
        return (_NAMES.get(next(iter(types)), "any") if len(types) == 1 else "any"), values
    if isinstance(kind, EnumMeta):
        options: Any = list(kind)
        return "string", tuple(option.value for option in options)
    outer = get_origin(kind) or kind
    if outer in _NAMES:
        return _NAMES[outer], ()
    if isinstance(outer, type):
        if outer.__module__ == "flowloom.flows.model.images" and outer.__name__ == "Image":
            return "image", ()
        if issubclass(outer, dict) or is_dataclass(outer) or outer is Mapping:
            return "object", ()
        if issubclass(outer, list):
            return "list", ()
    return "any", ()


_NAMES: Mapping[Any, str] = {str: "string", int: "int", float: "double", bool: "bool", list: "list", dict: "object"}


def context_parameter(function: Callable[..., Any]) -> str | None:
    """The name of the parameter that takes the run's Context, if there is one."""
    return _read(function).context
