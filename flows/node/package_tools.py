"""Tools that packages publish for prompt flow, in its entry point group ``package_tools``, as node types.

An entry point gives a function, which gives ``{id: {name, type, module, function, class_name?, description?, inputs: {name: {type: [...],
custom_type?, default?, enum?}}, deprecated_tools?: [ids]}}``. Types and connections come from that table, not from the function's signature.
Source: prompt flow's ``_core/tools_manager.py`` and ``executor/_tool_resolver.py``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import ToolLoadError
from flowloom.flows.model.flow import MISSING, Flow, Node
from flowloom.flows.node.bind import bind_function
from flowloom.flows.node.entry_points import EntryPoint
from flowloom.flows.node.interface import Interface, is_connection_class, read_interface
from flowloom.flows.node.node_type import BoundNode, NodeType, Workbench
from flowloom.flows.node.spec import Effect, NodeSpec, Port, Ports

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.problem import Problem

Notes = list[tuple[EntryPoint, str]]

_ESCAPED = "_inputs_to_escape"


def read_package_tools(entries: Iterable[EntryPoint]) -> tuple[dict[str, NodeType], Notes]:
    """The node types of these entry points by id, and what went wrong as ``(entry, words)``."""
    from flowloom.flows.compat.finder import installed

    found: dict[str, NodeType] = {}
    renamed: dict[str, NodeType] = {}
    notes: Notes = []
    with installed():
        for entry in entries:
            try:
                table = entry.load()()
                tools = [(str(id), PackageTool(str(id), dict(table[id]), entry)) for id in table]
            except Exception as error:  # a package may raise anything when imported; it becomes a problem to show
                notes.append((entry, f"cannot be loaded: {type(error).__name__}: {error}"))
                continue
            for id, tool in tools:
                if id in found:
                    notes.append((entry, f"brings the tool '{id}', which another package brought already"))
                    continue
                found[id] = tool
                renamed.update((str(old), tool) for old in tool.table.get("deprecated_tools") or ())
    return {**renamed, **found}, notes


class PackageTool:
    """One tool of a package, as its table describes it. The package's module is imported when a node is made ready."""

    def __init__(self, id: str, table: Mapping[str, Any], entry: EntryPoint) -> None:
        self.table = table
        self.version = entry.version
        self.spec = _spec(id, table, entry)

    def ports(self, node: Node, flow: Flow, files: FlowFile) -> Ports:
        if node.source.type != "package_with_prompt" or not node.source.path:
            return self.spec.ports
        return with_variables(self.spec.ports, files.read_text(node.source.path))

    def check(self, node: Node, flow: Flow, files: FlowFile) -> Iterable[Problem]:
        return ()

    def bind(self, node: Node, workbench: Workbench) -> BoundNode:
        function, owner = self._import()
        own = read_interface(function, getattr(owner, "__init__", None) if owner else None)
        interface = replace(own, ports=self.spec.ports, connections=self._connections(own, function))
        if node.source.type == "package_with_prompt":
            return self._bind_with_prompt(node, workbench, function, owner, interface)
        return bind_function(node, workbench, self.spec, function, interface, owner=owner, fingerprint=self._fingerprint(""))

    def _bind_with_prompt(
        self, node: Node, workbench: Workbench, function: Callable[..., Any], owner: type | None, interface: Interface
    ) -> BoundNode:
        from flowloom.flows.compat.types import PromptTemplate
        from flowloom.flows.engine.prompt import guarded_inputs

        if not node.source.path:
            raise ToolLoadError(f"The node '{node.name}' names no prompt.", hint="Write source.path: the prompt's file.")
        if interface.prompt is None:
            raise ToolLoadError(
                f"The tool '{self.spec.id}' takes no prompt: no parameter of it is annotated PromptTemplate.",
                hint="Use the tool without a prompt, in a node of type python.",
            )
        template = workbench.files.read_text(node.source.path)
        ports = with_variables(interface.ports, template)
        fixed: dict[str, Any] = {}
        if interface.prompt not in node.inputs:
            fixed[interface.prompt] = PromptTemplate(template)
        guarded = list(guarded_inputs(node))
        if guarded and _takes_any(function):
            fixed[_ESCAPED] = guarded
        interface = replace(interface, ports=ports)
        digest = self._fingerprint(template)
        return bind_function(node, workbench, self.spec, function, interface, owner=owner, fingerprint=digest, fixed=fixed)

    def _import(self) -> tuple[Callable[..., Any], type | None]:
        from importlib import import_module

        name, class_name = self.table.get("module"), self.table.get("class_name")
        try:
            module = import_module(str(name))
            owner = getattr(module, class_name) if class_name else None
            return getattr(owner if owner is not None else module, str(self.table.get("function"))), owner
        except (Exception, SystemExit) as error:
            raise ToolLoadError(
                f"The tool '{self.spec.id}' of the package '{self.spec.package}' cannot be loaded: {type(error).__name__}: {error}",
                hint=f"Install the package again: pip install --upgrade {self.spec.package}",
            ) from error

    def _connections(self, own: Interface, function: Callable[..., Any]) -> dict[str, tuple[type, ...]]:
        """The connection class of each connection input: the flow's own kind where the table names one, else the signature's."""
        found: dict[str, tuple[type, ...]] = {}
        for name, told in _inputs(self.table).items():
            names = _types(told)
            if not names or not all(_is_connection(kind) for kind in names):
                continue
            custom = told.get("custom_type")
            if custom:
                owner: Any = getattr(inspect.getmodule(function), custom[0] if isinstance(custom, list) else custom, None)
                if is_connection_class(owner):
                    found[name] = (owner,)
                    continue
            found[name] = own.connections.get(name) or _kinds(names)
        return found

    def _fingerprint(self, template: str) -> str:
        from hashlib import sha256

        return sha256(f"{self.spec.package} {self.version}\n{template}".encode("utf-8", "surrogatepass")).hexdigest()


def _spec(id: str, table: Mapping[str, Any], entry: EntryPoint) -> NodeSpec:
    inputs = {name: _port(name, told) for name, told in _inputs(table).items() if told.get("input_type") != "uionly_hidden"}
    connections = tuple(name for name, port in inputs.items() if port.type == "connection")
    is_prompted = table.get("type") == "custom_llm"
    return NodeSpec(
        id=id,
        title=str(table.get("name") or id),
        category="Models" if is_prompted else "Code",
        help=str(table.get("description") or ""),
        ports=Ports(inputs, {"output": Port("output")}, accepts_named=True),
        effect=Effect.EXTERNAL if connections else Effect.READ,
        hosts=("{connection}",) if connections else (),
        secrets=connections,
        icon="package",
        kind="llm" if is_prompted else "python",
        package=entry.distribution,
    )


def _inputs(table: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    written = table.get("inputs") or {}
    return {str(name): told for name, told in written.items() if isinstance(told, Mapping)}


def _types(told: Mapping[str, Any]) -> tuple[str, ...]:
    written = told.get("type") or ()
    return (str(written),) if isinstance(written, str) else tuple(str(kind) for kind in written)


def _is_connection(name: str) -> bool:
    return name.endswith("Connection")


def _port(name: str, told: Mapping[str, Any]) -> Port:
    types = _types(told)
    default = told.get("default", MISSING)
    described = str(told.get("description") or "")
    required = default is MISSING
    if types and all(_is_connection(kind) for kind in types):
        kinds = tuple(kind.kind for kind in _kinds(types))
        return Port(name, "connection", required, description=described, connection_kinds=kinds)
    choices = tuple(told.get("enum") or ()) if not told.get("allow_manual_entry") else ()
    return Port(name, types[0].lower() if types else "object", required, default, described, choices)


def _kinds(names: Iterable[str]) -> tuple[Any, ...]:
    from flowloom.flows.connections import kinds

    return tuple(found for found in (getattr(kinds, name, None) for name in names) if found is not None)


def with_variables(ports: Ports, template: str) -> Ports:
    """The ports of a tool together with a port for each variable of its prompt. Raises ToolLoadError where they share a name."""
    from flowloom.flows.node.template import read_template

    signature = read_template(template)
    shared = sorted(ports.inputs.keys() & set(signature.variables))
    if shared:
        raise ToolLoadError(
            f"The prompt has a variable named '{shared[0]}', which is a parameter of the tool.",
            hint="Give the variable another name, in the prompt and among the node's inputs.",
            field=shared[0],
        )
    variables = {name: Port(name, "image" if name in signature.images else "any", False) for name in signature.variables}
    return replace(ports, inputs={**ports.inputs, **variables}, accepts_named=True)


def _takes_any(function: Callable[..., Any]) -> bool:
    return any(parameter.kind is parameter.VAR_KEYWORD for parameter in inspect.signature(function).parameters.values())
