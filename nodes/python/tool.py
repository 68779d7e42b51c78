"""``loom.python.tool``: runs the one ``@tool`` function of a Python file of the flow's folder."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType, ModuleType
from typing import Any

from flowloom.flows.document.flow_file import FlowFile
from flowloom.flows.errors import ToolLoadError
from flowloom.flows.model.flow import Flow, Node
from flowloom.flows.model.problem import Problem
from flowloom.flows.node import user_code
from flowloom.flows.node.declare import is_tool
from flowloom.flows.node.interface import Interface, read_interface
from flowloom.flows.node.node_type import BoundNode, Workbench
from flowloom.flows.node.spec import Effect, NodeSpec, Ports


class PythonTool:
    """Ports come from the function's signature; see FORMAT in the help pages for the rules."""

    spec = NodeSpec(
        id="loom.python.tool",
        title="Python",
        category="Code",
        help="Runs a Python function of the flow's folder, the one marked with @tool. Its parameters are the inputs, what it returns is "
        "the output.",
        ports=Ports(),
        effect=Effect.READ,
        icon="code",
        kind="python",
    )

    def ports(self, node: Node, flow: Flow, files: FlowFile) -> Ports:
        from flowloom.flows.node.signature import read_tool

        path = _path(node)
        return read_tool(files.read_text(path), filename=path).ports

    def check(self, node: Node, flow: Flow, files: FlowFile) -> Iterable[Problem]:
        return ()

    def bind(self, node: Node, workbench: Workbench) -> BoundNode:
        path = _path(node)
        module = workbench.modules.load_tool_file(path)
        function, owner = only_tool(module, path)
        try:
            interface = read_interface(function, owner.__init__ if owner is not None else None)
        except (TypeError, ValueError) as error:
            raise ToolLoadError(f"The tool in {path} cannot be used: {error}.", node=node.name, file=path) from error
        return bind_function(node, self.spec, workbench, function, owner, interface, fingerprint(workbench))


def only_tool(module: ModuleType, path: str) -> tuple[Callable[..., Any], type | None]:
    """The one tool defined in a module: a function, or a method with the class it belongs to. Raises ToolLoadError for none or several."""
    found: list[tuple[Callable[..., Any], type | None]] = []
    for value in dict.fromkeys(value for value in vars(module).values() if isinstance(value, FunctionType | type)):
        if value.__module__ != module.__name__:
            continue
        if isinstance(value, FunctionType):
            if is_tool(value):
                found.append((value, None))
        elif _is_provider(value):
            methods = (getattr(value, name, None) for name in dir(value))
            found += [(method, value) for method in methods if isinstance(method, FunctionType) and is_tool(method)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ToolLoadError(
            f"{path} holds no tool.", hint="Mark the function to run with @tool (from promptflow.core import tool).", file=path
        )
    names = ", ".join(sorted(function.__name__ for function, _ in found))
    raise ToolLoadError(
        f"{path} holds {len(found)} tools, and a node runs one: {names}.",
        hint="Move each to a file of its own.",
        file=path,
    )


def bind_function(
    node: Node,
    spec: NodeSpec,
    workbench: Workbench,
    function: Callable[..., Any],
    owner: type | None,
    interface: Interface,
    fingerprint: str | None,
    fixed: Mapping[str, Any] | None = None,
) -> BoundNode:
    """A function of Python code as the work of a node."""
    work = _method(node, workbench, function, owner, interface) if owner is not None else function
    return BoundNode(
        function=_reporting(work, workbench, node.name),
        ports=interface.ports,
        spec=spec,
        context_parameter=interface.context,
        connection_parameters={name: kinds[0] for name, kinds in interface.connections.items()},
        fixed=fixed or {},
        fingerprint=fingerprint,
        is_coroutine=inspect.iscoroutinefunction(function),
        defaults=interface.defaults,
    )


def fingerprint(workbench: Workbench) -> str:
    """What decides a tool's output besides its inputs: the text of every file of the folder loaded so far."""
    return hashlib.sha256(json.dumps(workbench.modules.sources(), sort_keys=True).encode()).hexdigest()


def _method(node: Node, workbench: Workbench, function: Callable[..., Any], owner: type, interface: Interface) -> Callable[..., Any]:
    return getattr(owner(), function.__name__)


def _reporting(work: Callable[..., Any], workbench: Workbench, node: str) -> Callable[..., Any]:
    """The same call, with what it raises as a ToolError that shows the user's line."""
    root = workbench.modules.root
    if inspect.iscoroutinefunction(work):

        async def run_async(**inputs: Any) -> Any:
            try:
                return await work(**inputs)
            except (Exception, SystemExit) as error:
                raise user_code.tool_error(error, root=root, node=node) from error

        return run_async

    def run(**inputs: Any) -> Any:
        try:
            return work(**inputs)
        except (Exception, SystemExit) as error:
            raise user_code.tool_error(error, root=root, node=node) from error

    return run


def _is_provider(value: type) -> bool:
    return any(base.__name__ == "ToolProvider" for base in value.__mro__[1:])


def _path(node: Node) -> str:
    if not node.source.path:
        raise ToolLoadError(f"The node '{node.name}' names no file.", hint="Write source.path: the Python file of the folder.", node=node.name)
    return node.source.path


node_type = PythonTool()
