"""Nodes made ready to run: code imported, literals in their types, connections found. Done once, run as often as wanted."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from flowloom.flows.engine.environment import Environment
from flowloom.flows.engine.workspace import Workspace
from flowloom.flows.errors import FlowloomError, InvalidFlow, ToolLoadError
from flowloom.flows.model.coerce import is_dropped, literal
from flowloom.flows.model.flow import EMPTY, Constant, Flow, Node, Reference
from flowloom.flows.node.node_type import BoundNode, Workbench
from flowloom.flows.node.spec import Port

if TYPE_CHECKING:
    from flowloom.flows.connections.redact import Redactor
    from flowloom.flows.connections.store import Connections
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.problem import Problem
    from flowloom.flows.node.registry import Registry


def refuse(problems: Sequence[Problem]) -> None:
    """Raise InvalidFlow where there are problems that no run can survive; its words are the first one's."""
    if not problems:
        return
    first, more = problems[0], len(problems) - 1
    words = "" if not more else " There is one more problem." if more == 1 else f" There are {more} more problems."
    raise InvalidFlow(
        first.message + words,
        hint=first.fix,
        problems=tuple(problems),
        node=first.node,
        field=first.field,
        file=first.file,
        line=first.line,
        column=first.column,
    )


How = Literal["as_task", "in_thread", "in_place", "carefully"]
"""Where a node's function is called; ``carefully`` is a task that sees to tries and time limits."""


def how_it_runs(node: Node, bound: BoundNode) -> How:
    if node.retry is not None or node.timeout_seconds is not None:
        return "carefully"
    if bound.is_coroutine:
        return "as_task"
    return "in_place" if bound.quick else "in_thread"


@dataclass(frozen=True, slots=True)
class Step:
    """A node made ready. ``template`` holds every argument in the order of the file, wired ones as None."""

    name: str
    position: int
    """Its place in the flow file."""
    node: Node
    bound: BoundNode
    function: Callable[..., Any]
    template: Mapping[str, Any]
    from_inputs: tuple[tuple[str, str], ...] = ()
    """Parameters and the flow inputs that fill them."""
    from_nodes: tuple[tuple[str, str, Reference | None], ...] = ()
    """Parameters and the nodes that fill them; the reference where it asks for a part of the output."""
    whole_outputs: tuple[tuple[str, str], ...] | None = None
    """Parameters and nodes, where all arguments are whole outputs of nodes."""
    upstream: frozenset[str] = frozenset()
    """The nodes it waits for."""
    mutable: tuple[str, ...] = ()
    """Arguments of ``template`` that a tool could change, so that each run needs its own copy."""
    needs_run: bool = False
    """Whether some argument only the run can give: a copy, a connection, the Context."""
    how: How = "in_thread"
    reads_streams: bool = True
    """Whether its code takes the output of a node that yields piece by piece; prompts and models take the whole text."""
    conditional: bool = False
    """Whether it has an activate condition."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The nodes of one pass and who waits for whom. ``missing`` counts, for each node, those of the pass that it waits for."""

    steps: Mapping[str, Step]
    successors: Mapping[str, tuple[Step, ...]]
    missing: Mapping[str, int]
    first: tuple[Step, ...]
    """The nodes that wait for none."""


def shape_of(steps: Mapping[str, Step], known: Container[str] = ()) -> Shape:
    """``steps`` are in the order of the file; nobody waits for the outputs that are ``known``."""
    successors: dict[str, list[Step]] = {name: [] for name in steps}
    missing: dict[str, int] = {}
    for name, step in steps.items():
        waits_for = [upstream for upstream in step.upstream if upstream not in known]
        missing[name] = len(waits_for)
        for upstream in waits_for:
            successors.setdefault(upstream, []).append(step)
    return Shape(
        steps,
        {name: tuple(waiting) for name, waiting in successors.items()},
        missing,
        tuple(steps[name] for name, count in missing.items() if not count),
    )


class PreparedFlow:
    """A flow with everything its runs share. Nodes are made ready when a plan first needs them.

    Raises PathError from the constructor where an include is refused. May be used by several runs at a time.
    """

    def __init__(
        self,
        flow: Flow,
        file: FlowFile,
        registry: Registry,
        connections: Connections,
        environment: Mapping[str, str] = EMPTY,
        init: Mapping[str, Any] = EMPTY,
    ) -> None:
        from flowloom.flows.node.folder_code import FolderCode

        self.flow = flow
        self.registry = registry
        self.connections = connections
        self.redactor: Redactor = connections.redactor
        self.environment = Environment(flow.environment_variables, environment, connections)
        self._workspace = Workspace(flow)
        self.working_copy = self._workspace.root
        self.files = replace(file, root=Path(self.working_copy)) if self._workspace.is_copy else file
        self.modules = FolderCode(self.working_copy, file.overlay)
        self._workbench = Workbench(flow, self.files, self.modules, self.working_copy, connections, init)
        self._steps: dict[str, Step] = {}
        self._positions: dict[str, int] = {name: position for position, name in enumerate(flow.nodes)}
        self._whole: dict[bool, Shape] = {}
        self._subflows: dict[str, PreparedFlow] = {self.working_copy: self}
        self._lock = threading.RLock()

    def steps(self, names: Iterable[str]) -> dict[str, Step]:
        """The named nodes, made ready. Raises ToolLoadError, ConnectionFault, InputError or UsageError, naming the node."""
        with self._lock, self.environment:
            return {name: self._steps.get(name) or self.step(name) for name in names}

    def make_all_ready(self) -> None:
        """Every node, and the passes over them, so that a run finds all it needs. Raises what ``steps`` raises."""
        if len(self._whole) < 2:
            self.steps(self.flow.nodes)
            for aggregation in (False, True):
                self.shape(None, (), aggregation=aggregation)

    def shape(self, names: Container[str] | None, known: Container[str], *, aggregation: bool) -> Shape:
        """The pass over the aggregation nodes, or over the others, among ``names`` (None: all) without those that are ``known``."""
        if names is None and not known:
            shape = self._whole.get(aggregation)
            if shape is None:
                shape = self._whole[aggregation] = self._shape(self.flow.nodes, known, aggregation)
            return shape
        return self._shape(names if names is not None else self.flow.nodes, known, aggregation)

    def _shape(self, names: Container[str], known: Container[str], aggregation: bool) -> Shape:
        chosen = [
            name
            for name, node in self.flow.nodes.items()
            if name in names and name not in known and node.aggregation is aggregation
        ]
        return shape_of(self.steps(chosen), known)

    def step(self, name: str) -> Step:
        with self._lock:
            step = self._steps.get(name)
            if step is None:
                with self.environment:
                    step = self._steps[name] = self.make_ready(self.flow.nodes[name])  # type: ignore[index]
            return step

    def make_ready(self, node: Node) -> Step:
        """Any node, of this flow or made up for a call, as a step."""
        try:
            bound = self.registry.resolve(node, self.flow).bind(node, self._workbench)
            if node.connection:
                # Found now, so that a missing connection stops the run before it has cost anything.
                self.connections.get(node.connection)
            return self._step(node, bound)
        except FlowloomError as error:
            raise error.at(node=node.name) from None
        except Exception as error:
            raise ToolLoadError(
                f"The node '{node.name}' cannot be made ready: {type(error).__name__}: {error}",
                hint="Look at its settings; if they are right, this is a fault of its node type.",
                node=node.name,
            ) from error

    def _step(self, node: Node, bound: BoundNode) -> Step:
        template: dict[str, Any] = {}
        from_inputs: list[tuple[str, str]] = []
        from_nodes: list[tuple[str, str, Reference | None]] = []
        for name, binding in () if bound.takes_run_inputs else node.inputs.items():
            if isinstance(binding, Constant):
                if node.type == "prompt" or not is_dropped(binding.value):
                    template[name] = self._literal(node, bound, name, binding)
                continue
            template[name] = None
            if binding.source == "input":
                from_inputs.append((name, binding.name))
            else:
                from_nodes.append((name, binding.name, binding if binding.path or binding.fault else None))
        template.update(bound.fixed)
        mutable = tuple(name for name, value in template.items() if isinstance(value, list | dict))
        only_outputs = len(from_nodes) == len(template) and all(part is None for _, _, part in from_nodes)
        return Step(
            name=node.name,
            position=self._positions.get(node.name, 0),
            node=node,
            bound=bound,
            function=bound.function,
            template=template,
            from_inputs=tuple(from_inputs),
            from_nodes=tuple(from_nodes),
            whole_outputs=tuple((parameter, source) for parameter, source, _ in from_nodes) if only_outputs else None,
            upstream=frozenset(reference.name for reference in node.references if reference.source == "node"),
            mutable=mutable,
            needs_run=bool(mutable or bound.connection_parameters or bound.context_parameter is not None or bound.takes_run_inputs),
            how=how_it_runs(node, bound),
            reads_streams=node.type == "python",
            conditional=node.activate is not None,
        )

    def _literal(self, node: Node, bound: BoundNode, name: str, binding: Constant) -> Any:
        if name in bound.connection_parameters:
            return self.connect(binding.value, bound.connection_parameters[name])
        port = bound.ports.inputs.get(name) or Port(name, bound.ports.named_type)
        return literal(port, binding.value, root=self.files.root, message_format=self.flow.message_format)

    def connect(self, value: Any, wanted: type | None) -> Any:
        """The connection a text names; any other value as it is."""
        return self.connections.get_as(value, wanted) if isinstance(value, str) else value

    def subflow(self, path: str) -> PreparedFlow:
        """Another flow of the folder, with this flow's connections. Raises PathError, DocumentError, UsageError or InvalidFlow."""
        from flowloom.flows.document import read
        from flowloom.flows.document.contain import contain
        from flowloom.flows.model.build import build

        place = contain(self.files.root, path)
        with self._lock:
            prepared = self._subflows.get(str(place))
            if prepared is None:
                folder = place if place.is_dir() else place.parent
                inside = os.path.relpath(folder, os.path.realpath(self.files.root)).replace(os.sep, "/") + "/"
                overlay = {name.removeprefix(inside): text for name, text in self.files.overlay.items() if name.startswith(inside)}
                file = read(place, overlay=overlay)
                built = build(file)
                refuse([problem for problem in built.problems if problem.severity == "error"])
                prepared = PreparedFlow(built.flow, file, self.registry, self.connections)
                # Flows that call each other, or themselves, are made ready once.
                prepared._subflows = self._subflows
                self._subflows[str(place)] = prepared
            prepared.steps(prepared.flow.nodes)
            return prepared

    def close(self) -> None:
        """Forget the code and remove the working copy. Runs under way keep what they have."""
        with self._lock:
            flows = set(self._subflows.values())
            self._subflows.clear()
        for flow in flows | {self}:
            flow.modules.close()
            flow._workspace.close()
