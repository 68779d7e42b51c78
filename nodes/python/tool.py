"""``loom.python.tool``: runs the one ``@tool`` function of a Python file of the flow's folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from flowloom.flows.compat.metrics import listen_to_prompt_flow
from flowloom.flows.errors import ToolLoadError
from flowloom.flows.model.flow import Flow, Node
from flowloom.flows.node.bind import bind_function
from flowloom.flows.node.code_fingerprint import code_fingerprint
from flowloom.flows.node.declare import is_tool
from flowloom.flows.node.interface import read_interface
from flowloom.flows.node.node_type import BoundNode, Workbench
from flowloom.flows.node.spec import Effect, NodeSpec, Port, Ports

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.problem import Problem


class PythonTool:
    """Its ports come from the function's signature: its syntax tree in the editor, the imported function in a run."""

    spec = NodeSpec(
        id="loom.python.tool",
        title="Python tool",
        category="Code",
        help="Runs a Python function of the flow's folder: the one marked with @tool. Its parameters are the inputs, what it returns is the "
        "output.",
        ports=Ports(outputs={"output": Port("output", description="What the function returns")}),
        effect=Effect.READ,
        icon="code",
        kind="python",
    )

    def ports(self, node: Node, flow: Flow, files: FlowFile) -> Ports:
        from flowloom.flows.node.signature import read_tool

        path = _path(node)
        return read_tool(files.read_text(path), filename=path, sources=_neighbours(files)).ports

    def check(self, node: Node, flow: Flow, files: FlowFile) -> Iterable[Problem]:
        return ()

    def bind(self, node: Node, workbench: Workbench) -> BoundNode:
        path = _path(node)
        module = workbench.modules.load_tool_file(path)
        listen_to_prompt_flow()
        function, owner = only_tool(module, path)
        try:
            interface = read_interface(function, owner.__init__ if owner is not None else None)
        except (TypeError, ValueError) as error:
            raise ToolLoadError(f"The tool in {path} cannot be used: {error}.", node=node.name, file=path) from error
        digest = code_fingerprint(workbench.modules, path)
        return bind_function(
            node,
            workbench,
            self.spec,
            function,
            interface,
            owner=owner,
            fingerprint=digest,
            uncacheable_because="" if digest else "the folder holds too many Python files to tell what the tool uses",
        )


def only_tool(module: ModuleType, path: str) -> tuple[Callable[..., Any], type | None]:
    """The one tool defined in a module: a function, or a method with the class it belongs to. Raises ToolLoadError for none or several."""
    found: list[tuple[Callable[..., Any], type | None]] = []
    for value in vars(module).values():
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if isinstance(value, FunctionType) and is_tool(value):
            found.append((value, None))
        elif isinstance(value, type) and any(base.__name__ == "ToolProvider" for base in value.__mro__[1:]):
            methods = (getattr(value, name, None) for name in dir(value))
            found += [(method, value) for method in methods if isinstance(method, FunctionType) and is_tool(method)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ToolLoadError(
            f"{path} holds no tool.",
            hint="Write @tool above the function the node shall run, with 'from promptflow.core import tool'.",
            file=path,
        )
    names = ", ".join(sorted(function.__name__ for function, _ in found))
    raise ToolLoadError(
        f"{path} holds {len(found)} tools ({names}); a node runs exactly one.",
        hint="Keep @tool on one function and move the others to files of their own.",
        file=path,
    )


def _neighbours(files: FlowFile) -> Callable[[str], str | None]:
    """Gives the text of a module of the folder by its dotted name."""

    def text(module: str) -> str | None:
        base = module.replace(".", "/")
        found = next((path for path in (f"{base}/__init__.py", f"{base}.py") if base and files.exists(path)), None)
        return files.read_text(found) if found else None

    return text


def _path(node: Node) -> str:
    if not node.source.path:
        raise ToolLoadError(
            f"The node '{node.name}' names no file.", hint="Write source.path: the Python file of the folder.", node=node.name
        )
    return node.source.path


node_type = PythonTool()
