"""What a run came to: the object that ``flowloom run --json`` prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flowloom.flows.engine.events import NodeStatus, RunStatus, Usage
from flowloom.flows.errors import FlowloomError


@dataclass(slots=True)
class NodeResult:
    """One node of a run. A node that never started has none."""

    status: NodeStatus
    output: Any = None
    seconds: float = 0.0
    cached: bool = False
    usage: Usage | None = None
    error: FlowloomError | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "output": self.output,
            "seconds": self.seconds,
            "cached": self.cached,
            "usage": self.usage.as_json() if self.usage else None,
            "error": self.error.as_json() if self.error else None,
        }


@dataclass(slots=True)
class RunResult:
    """A whole run. ``outputs`` and node outputs are Python values with generators joined; ``error`` is the first failure."""

    run_id: str
    status: RunStatus
    outputs: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, NodeResult] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    error: FlowloomError | None = None
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The object of ``--json``; pass it through ``flowloom.flows.engine.codec`` before writing it."""
        return {
            "status": self.status,
            "outputs": self.outputs,
            "nodes": {name: result.as_json() for name, result in self.nodes.items()},
            "metrics": self.metrics,
            "error": self.error.as_json() if self.error else None,
            "seconds": self.seconds,
            "run_id": self.run_id,
        }

    def raise_for_status(self) -> None:
        """Raise the run's first failure, if it has one."""
        if self.error is not None:
            raise self.error
