"""One run as a person sees it: what each node did so far. Fed by the events of a run under way, or made from the record of a past one.

Node names are those of the flow; what a node calls appears under ``node/called``. Values are JSON values, as they come from the worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from flowloom.flows.engine.events import (
    Event,
    Exchange,
    Log,
    Metric,
    NodeCancelled,
    NodeDelta,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
    RunFinished,
    RunStarted,
    Usage,
)
from flowloom.flows.errors import FlowloomError

if TYPE_CHECKING:
    from flowloom.flows.runs.history import RunRecord

NodeState = Literal["waiting", "running", "completed", "failed", "bypassed", "cancelled"]
RunState = Literal["running", "completed", "failed", "cancelled", "crashed"]

_STATES: Final[Mapping[str, NodeState]] = {
    "completed": "completed", "failed": "failed", "bypassed": "bypassed", "cancelled": "cancelled", "running": "cancelled",
}  # fmt: skip
"""States in records; a node that its record leaves at work was cut off."""
MOST_LOGS: Final = 2_000
"""Lines a node's log keeps here; the record of the run holds them all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, in one sentence, and what to do about it. ``kind`` is that of the error tree."""

    kind: str
    message: str
    hint: str = ""
    node: str | None = None
    detail: str = ""

    @classmethod
    def of(cls, error: FlowloomError | Mapping[str, Any]) -> Fault:
        if isinstance(error, FlowloomError):
            return cls(error.kind, error.message, error.hint, error.node, error.detail)
        return cls(
            str(error.get("kind", "error")), str(error.get("message", "")), str(error.get("hint") or ""), error.get("node"),
            str(error.get("detail") or ""),
        )  # fmt: skip


@dataclass(slots=True)
class NodeView:
    """One node of a run. ``seconds`` are None until it has ended; ``inputs`` where they are not known (yet)."""

    name: str
    status: NodeState = "waiting"
    started: float | None = None
    """Seconds since the epoch; None where it never began."""
    seconds: float | None = None
    usage: Usage | None = None
    cached: bool = False
    why: str = ""
    """Why it was taken from an earlier run, why not, or why it was bypassed: a sentence."""
    inputs: Mapping[str, Any] | None = None
    output: Any = None
    error: Fault | None = None
    attempt: int = 1
    outcome: str | None = None
    variant: str | None = None
    exact: bool = True
    """Whether ``output`` is the very value, so that another run may go on from it; a record may only hold how it looked."""
    logs: list[Log] = field(default_factory=list)
    exchanges: list[tuple[Mapping[str, Any], Mapping[str, Any] | None]] = field(default_factory=list)
    """Model calls as they were sent and answered; None where no answer counts."""
    thinking: str = ""
    _pieces: list[str] = field(default_factory=list)

    @property
    def price(self) -> float | None:
        """In US dollars; None where it is not known."""
        return self.usage.price if self.usage is not None else None

    @property
    def ended(self) -> bool:
        return self.status not in ("waiting", "running")

    @property
    def text(self) -> str:
        """What streamed so far."""
        if len(self._pieces) > 1:
            self._pieces[:] = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    @property
    def shown(self) -> Any:
        """The output, or what of it has streamed so far."""
        return self.output if self.status == "completed" else self.text

    def tail(self, characters: int) -> str:
        """The end of what streamed so far, without joining a long text anew."""
        found: list[str] = []
        wanted = characters
        for piece in reversed(self._pieces):
            found.append(piece[-wanted:])
            wanted -= len(piece)
            if wanted <= 0:
                break
        return "".join(reversed(found))

    def add_piece(self, chunk: Any, channel: str) -> None:
        piece = chunk if isinstance(chunk, str) else str(chunk)
        if channel == "thinking":
            self.thinking += piece
        else:
            self._pieces.append(piece)


class RunView:
    """``nodes`` keep the order of the flow. ``live`` is false for a run that was opened from the records."""

    def __init__(self, run_id: str = "", *, inputs: Mapping[str, Any] | None = None, live: bool = True) -> None:
        self.run_id = run_id
        self.live = live
        self.flow = ""
        self.status: RunState = "running"
        self.inputs: dict[str, Any] = dict(inputs or {})
        self.outputs: dict[str, Any] = {}
        self.nodes: dict[str, NodeView] = {}
        self.metrics: dict[str, Any] = {}
        self.logs: list[Log] = []
        """Lines of no node."""
        self.error: Fault | None = None
        self.started: float | None = None
        self.seconds: float | None = None
        self.target: str | None = None
        """The node the run went to, None for the whole flow."""
        self.ran: Mapping[str, Any] = {}
        """The flow that ran, as ``flowloom.flows.runs.what_ran`` tells it."""
        self.again = False
        """Whether it ran afresh because nothing had changed since the run before."""
        self.whys: dict[str, str] = {}
        """Why each node runs or does not, from the plan."""
        self.waits: Mapping[str, tuple[str, ...]] = {}
        """By node, those it takes its inputs from."""

    @property
    def running(self) -> bool:
        return self.status == "running"

    @property
    def usage(self) -> Usage:
        """Of all nodes of the flow together; nodes that were taken from an earlier run cost nothing."""
        total = Usage()
        for name, node in self.nodes.items():
            if node.usage is not None and not node.cached and "/" not in name:
                total = total + node.usage
        return total

    @property
    def failed(self) -> NodeView | None:
        """The node that failed first."""
        named = self.nodes.get(self.error.node or "") if self.error is not None else None
        return named or next((node for node in self.nodes.values() if node.status == "failed"), None)

    def node(self, name: str) -> NodeView:
        """The view of a node, begun where there is none."""
        found = self.nodes.get(name)
        if found is None:
            found = self.nodes[name] = NodeView(name, why=self.whys.get(name, ""))
        return found

    def waiting_for(self, name: str) -> tuple[str, ...]:
        """The nodes that a waiting node waits for still."""
        return tuple(source for source in self.waits.get(name, ()) if source in self.nodes and not self.nodes[source].ended)

    def output_of(self, name: str) -> Any:
        """The output of a node that completed; None otherwise."""
        node = self.nodes.get(name)
        return node.output if node is not None and node.status == "completed" else None

    def feed(self, events: Iterable[Event]) -> set[str]:
        """Take in what happened. Returns the names of nodes that look different now."""
        changed: set[str] = set()
        for event in events:
            if isinstance(event, NodeDelta):
                self.node(event.node).add_piece(event.chunk, event.channel)
                changed.add(event.node)
            elif isinstance(event, RunStarted):
                changed |= self._begin(event)
            elif isinstance(event, RunFinished):
                changed |= self._end(event)
            elif isinstance(event, Metric):
                self.metrics[event.key] = event.value
            elif isinstance(event, Log):
                self._log(event, changed)
            else:
                self._node_event(event)
                changed.add(event.node)
        return changed

    def _begin(self, event: RunStarted) -> set[str]:
        self.run_id = event.run_id
        self.flow = event.flow
        self.started = event.at
        new = {name for name in event.nodes if name not in self.nodes}
        for name in event.nodes:
            self.node(name)
        return new

    def _end(self, event: RunFinished) -> set[str]:
        self.status = event.status
        self.outputs = dict(event.outputs)
        self.error = Fault.of(event.error) if event.error is not None else None
        self.seconds = event.seconds
        left = {name for name, node in self.nodes.items() if node.status == "running"}
        culprit = self.nodes.get(self.error.node or "") if self.error is not None else None
        if culprit is not None and not culprit.ended:
            culprit.status, culprit.error = "failed", self.error
            left.add(culprit.name)
        for name in left:
            # A worker that died could not say what became of its nodes.
            if self.nodes[name].status == "running":
                self.nodes[name].status = "cancelled"
        return left

    def _log(self, event: Log, changed: set[str]) -> None:
        if event.node is None:
            lines = self.logs
        else:
            lines = self.node(event.node).logs
            changed.add(event.node)
        if len(lines) < MOST_LOGS:
            lines.append(event)

    def _node_event(
        self, event: NodeStarted | NodeFinished | NodeSkipped | NodeFailed | NodeCancelled | Exchange
    ) -> None:
        node = self.node(event.node)
        if isinstance(event, NodeStarted):
            node.status = "running"
            node.attempt = event.attempt
            node.started = node.started or event.at
            node._pieces.clear()
        elif isinstance(event, NodeFinished):
            node.status = "completed"
            node.output = event.output
            node.seconds = event.seconds
            node.usage = event.usage
            node.cached = event.cached
            node.outcome = event.outcome
        elif isinstance(event, NodeSkipped):
            node.status = "bypassed"
            node.why = event.why
            node.seconds = 0.0
        elif isinstance(event, NodeFailed):
            node.error = Fault.of(event.error)
            node.seconds = event.seconds
            node.status = "running" if event.will_retry else "failed"
        elif isinstance(event, NodeCancelled):
            node.status = "cancelled"
            node.seconds = event.seconds
        else:
            node.exchanges.append((event.request, event.reply))


def view_of(record: RunRecord) -> RunView:
    """A past run, as its record tells it."""
    view = RunView(record.id, inputs=record.inputs, live=False)
    view.flow = record.flow
    view.status = record.status
    view.outputs = dict(record.outputs or {})
    view.error = Fault.of(record.error) if record.error else None
    view.started = record.started
    view.seconds = record.seconds
    for name, kept in record.nodes.items():
        node = view.node(name)
        node.status = _STATES.get(kept.status, "waiting")
        node.started = kept.started
        node.seconds = kept.seconds
        node.usage = kept.usage
        node.cached = kept.cached
        node.why = kept.why or ""
        node.inputs = kept.inputs
        node.output = kept.output
        node.error = Fault.of(kept.error) if kept.error else None
        node.variant = kept.variant
        node.logs = [Log(name, line.text, line.level, line.stream) for line in kept.logs]
        node.exchanges = [(call.request, call.reply) for call in kept.calls]
        node.attempt = kept.attempt
        node.outcome = kept.outcome
        node.exact = kept.is_exact
    view.logs = [Log(None, line.text, line.level, line.stream) for line in record.logs]
    view.metrics = dict(record.metrics)
    view.ran = record.ran
    return view
