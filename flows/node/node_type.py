"""The contract between the engine and whatever does a node's work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from flowloom.flows.model.flow import EMPTY, Flow, Node
from flowloom.flows.node.spec import NodeSpec, Ports

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Workbench:
    """What a node type may look at to make a node ready to run. ``files`` is the folder with unsaved text laid over it."""

    flow: Flow
    files: FlowFile
    modules: Any
    """``flowloom.flows.node.folder_code.FolderCode``: imports Python files of the folder."""
    working_copy: str
    """The folder the run works in: the flow's own, or a temporary copy where it has additional_includes."""
    connections: Any = None
    """``flowloom.flows.connections.store.Connections``: what a class needs that is made before its method runs."""
    init: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    """What the run gives a flex flow's class (``--init``)."""


@dataclass(frozen=True, slots=True)
class BoundNode:
    """A node made ready: ``function(**inputs)`` does its work once.

    A coroutine function runs on the engine's loop, any other in a thread unless ``quick``. A generator, sync or async, streams.
    ``context_parameter`` names the parameter that receives the run's Context, ``connection_parameters`` the inputs whose text names
    a connection, with the class asked for (None: whatever the connection is). ``fingerprint`` is all that decides the output besides
    the inputs (the code, the template); None means the node cannot be cached and ``uncacheable_because`` says why.
    """

    function: Callable[..., Any]
    ports: Ports
    spec: NodeSpec
    context_parameter: str | None = None
    connection_parameters: Mapping[str, type | None] = field(default_factory=lambda: EMPTY)
    fixed: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    """Arguments the node type gives itself, such as the template's text."""
    fingerprint: str | None = None
    uncacheable_because: str = ""
    quick: bool = False
    is_coroutine: bool = False
    defaults: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    """The function's own defaults: what a bypassed input takes."""
    takes_run_inputs: bool = False
    """Called with the run's inputs just as they were given, in place of its own: the one node of a flex flow or a prompty, which knows
    its sample, defaults and types itself. Its output is the run's: an object's keys, or anything else as ``{"output": value}``."""
    aggregate: Callable[[list[Any]], Any] | None = None
    """Called once after all rows of a batch with the outputs of those that succeeded; returns the metrics. It may be a coroutine function."""


class NodeType(Protocol):
    """Registered by entry point ``flowloom.nodes``. ``ports`` and ``check`` read text and syntax trees; only ``bind`` may import
    code of the folder."""

    @property
    def spec(self) -> NodeSpec: ...

    def ports(self, node: Node, flow: Flow, files: FlowFile) -> Ports:
        """The node's inputs and outputs as it stands. Executes nothing. Raises DocumentError where its file cannot be read."""
        ...

    def check(self, node: Node, flow: Flow, files: FlowFile) -> Iterable[Problem]:
        """Problems only this node type can see. Executes nothing."""
        ...

    def bind(self, node: Node, workbench: Workbench) -> BoundNode:
        """Make the node ready to run. Raises ToolLoadError or DocumentError."""
        ...
