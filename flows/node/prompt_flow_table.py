"""Our node types for prompt flow: what its entry point group ``package_tools`` asks of a package.

Where prompt flow and Flowloom are installed together, a flow with our nodes parses and runs there too. The functions it calls are made on
demand by this module's ``__getattr__``; nodes that call other nodes or flows need Flowloom's own engine, and say so.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from flowloom.flows.errors import UsageError
from flowloom.flows.node.spec import NodeSpec, Port

_NATIVE = ("loom.llm.", "loom.prompt.", "loom.python.")
"""What prompt flow has as node types of its own."""

_TYPES = frozenset(
    ("int", "double", "bool", "string", "list", "object", "image", "secret", "prompt_template", "file_path")
)


def package_tools() -> dict[str, dict[str, Any]]:
    """``{id: {name, type, module, function, inputs}}`` for every node type of ours that prompt flow does not have as a kind of its own."""
    from flowloom.flows.node.registry import default_registry

    registry = default_registry()
    ids = [id for id in registry.own_ids() if id.startswith("loom.") and not id.startswith(_NATIVE)]
    found = [node_type for node_type in (registry.find(id) for id in ids) if getattr(node_type, "function", None) is not None]
    return {node_type.spec.id: _describe(node_type.spec) for node_type in found if node_type is not None}


def _describe(spec: NodeSpec) -> dict[str, Any]:
    return {
        "name": spec.title,
        "type": "python",
        "description": spec.help,
        "module": __name__,
        "function": spec.id.replace(".", "_"),
        "inputs": {name: _input(port) for name, port in spec.ports.inputs.items()},
    }


def _input(port: Port) -> dict[str, Any]:
    if port.type == "connection":
        from flowloom.flows.connections.registry import kind_class

        return {"type": [kind_class(kind).__name__ for kind in port.connection_kinds] or ["CustomConnection"]}
    told: dict[str, Any] = {"type": [port.type if port.type in _TYPES else "object"]}
    if port.description:
        told["description"] = port.description
    if not port.required and port.default is not None:
        told["default"] = port.default
    if port.choices:
        told["enum"] = [str(choice) for choice in port.choices]
    return told


def __getattr__(name: str) -> Callable[..., Any]:
    from flowloom.flows.node.registry import default_registry

    registry = default_registry()
    id = next((id for id in registry.own_ids() if id.replace(".", "_") == name), None) if name.startswith("loom_") else None
    node_type = registry.find(id) if id else None
    function = getattr(node_type, "function", None)
    if id is None or node_type is None or function is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _as_function(id, name, function)


def _as_function(id: str, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A plain function that prompt flow can call by name."""
    from flowloom.flows.node.function_node import context_parameter

    wanted = context_parameter(function)

    def given(inputs: dict[str, Any]) -> dict[str, Any]:
        arguments = {key: _own_connection(value) for key, value in inputs.items()}
        if wanted is not None:
            arguments[wanted] = LoneContext(id)
        return arguments

    def run(**inputs: Any) -> Any:
        return function(**given(inputs))

    async def run_async(**inputs: Any) -> Any:
        return await function(**given(inputs))

    made = run_async if inspect.iscoroutinefunction(function) else run
    made.__name__ = made.__qualname__ = name
    made.__doc__ = function.__doc__
    return made


def _own_connection(value: Any) -> Any:
    """A connection of prompt flow's as ours; any other value as it is."""
    kind = type(value)
    if not kind.__name__.endswith("Connection") or kind.__module__.startswith("flowloom."):
        return value
    from flowloom.flows.connections import kinds

    ours = getattr(kinds, kind.__name__, None)
    if ours is None:
        return value
    name, configs, secrets = getattr(value, "name", None), dict(value.configs), dict(value.secrets)
    if issubclass(ours, kinds.CustomConnection):
        return ours(name=name, configs=configs, secrets=secrets)
    return ours(name=name, **{key: item for key, item in {**configs, **secrets}.items() if item is not None})


class LoneContext:
    """A node's Context where there is no run of ours: it prints, and can call nothing."""

    cancelled = False
    wants_stream = False
    wants_exchanges = False
    message_format = "basic"
    flow = ""
    run_id = ""

    def __init__(self, node: str) -> None:
        self.node = node

    @property
    def root(self) -> str:
        import os

        return os.getcwd()

    def stream(self, chunk: Any, channel: str = "output") -> None:
        """Nobody watches."""

    def log(self, text: str, level: str = "info") -> None:
        print(text)

    def metric(self, key: str, value: float, variant_id: str | None = None) -> None:
        from importlib import import_module

        import_module("promptflow.core").log_metric(key, value, variant_id)

    def usage(self, usage: Any) -> None:
        """Nobody counts."""

    def exchange(self, request: Any, reply: Any, seconds: float, error: str = "") -> None:
        """Nobody looks."""

    def outcome(self, outcome: str) -> None:
        """Nobody asks."""

    def connection(self, name: str) -> Any:
        from flowloom.flows.connections.store import Connections

        return Connections().get(name)

    def service(self, name: str) -> Any:
        from flowloom.flows.node.registry import service

        return service(name)

    async def invoke(self, reference: str, arguments: dict[str, Any]) -> Any:
        raise UsageError(
            f"The node type '{self.node}' calls other nodes or flows, which prompt flow cannot do.",
            hint="Run the flow with Flowloom: flowloom run PATH",
        )

    async def approve(self, question: str, arguments: dict[str, Any]) -> bool:
        return False
