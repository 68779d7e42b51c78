"""What run records are, read back: a line of a list, a whole run, and two runs side by side. Values are in their JSON forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from flowloom.flows.engine.events import Usage
from flowloom.flows.model.flow import EMPTY

Status = Literal["running", "completed", "failed", "cancelled", "crashed"]
Sameness = Literal["same", "changed", "unknown", "only_a", "only_b"]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One line of a list of runs. ``about`` is its inputs in one line, ``failure`` the sentence of what went wrong, ``started`` seconds
    since the epoch. ``usage`` is None where no model was asked. Runs of one ``group`` may stand as one line, the newest, and ``count``
    says how many they are."""

    id: str
    flow: str
    status: Status
    started: float
    seconds: float | None
    about: str
    failure: str
    failed_node: str | None
    tokens: int | None
    price: float | None
    group: str | None = None
    row: int | None = None
    variant: str | None = None
    repeat: int | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class LogLine:
    text: str
    level: str = "info"
    stream: str = "log"
    node: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A model call: the body that was sent, and the one that came back, None where ``error`` says why there is none that counts."""

    request: Mapping[str, Any]
    reply: Mapping[str, Any] | None
    seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True)
class NodeRecord:
    """One node of a run. ``inputs`` is None where they are not known. ``error`` has the keys kind, message, node and hint."""

    status: str
    inputs: Mapping[str, Any] | None = None
    output: Any = None
    started: float | None = None
    seconds: float = 0.0
    usage: Usage | None = None
    cached: bool = False
    why: str = ""
    logs: tuple[LogLine, ...] = ()
    calls: tuple[Call, ...] = ()
    error: Mapping[str, Any] | None = None
    variant: str | None = None
    attempt: int = 1
    outcome: str | None = None
    fingerprint: str | None = None

    @property
    def price(self) -> float | None:
        """In US dollars; None where it is not known, and where there is none because no model was asked."""
        return self.usage.price if self.usage is not None else None

    @cached_property
    def is_exact(self) -> bool:
        """Whether ``output`` is the very value the node gave, so that another run may go on from it. Else it only shows it."""
        from flowloom.flows.engine.fingerprint import NoFingerprint, fingerprint

        try:
            return self.status == "completed" and fingerprint(self.output) == self.fingerprint
        except NoFingerprint:
            return False


@dataclass(frozen=True)
class RunRecord:
    """One run, wholly. ``inputs`` are those it was given and the defaults of the others; ``ran`` is what ``flowloom.flows.runs.what_ran`` gave, empty where it was not kept."""

    summary: RunSummary
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    error: Mapping[str, Any] | None
    usage: Usage | None
    nodes: Mapping[str, NodeRecord]
    logs: tuple[LogLine, ...] = ()
    metrics: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    ran: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    @property
    def id(self) -> str:
        return self.summary.id

    @property
    def flow(self) -> str:
        return self.summary.flow

    @property
    def status(self) -> Status:
        return self.summary.status

    @property
    def started(self) -> float:
        return self.summary.started

    @property
    def seconds(self) -> float | None:
        return self.summary.seconds

    @property
    def price(self) -> float | None:
        return self.summary.price

    @property
    def usable(self) -> dict[str, Any]:
        """Outputs that a run which continues this one may take as they are, by node."""
        return {name: node.output for name, node in self.nodes.items() if "/" not in name and node.is_exact}


@dataclass(frozen=True, slots=True)
class NodeComparison:
    """One node in two runs. ``changes`` names what of the node itself differed: ``file``, ``connection``, ``variant``, ``wires``, or a
    setting."""

    node: str
    a: NodeRecord | None
    b: NodeRecord | None
    inputs: Sameness
    output: Sameness
    changes: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        if self.a is not None and self.b is not None and self.a.status != self.b.status:
            return True
        return bool(self.changes) or self.inputs not in ("same", "unknown") or self.output not in ("same", "unknown")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, node by node in the order in which they ran. ``inputs`` and ``outputs`` hold what differs, by name, as ``(a, b)``;
    None stands for a value that is not there."""

    a: RunRecord
    b: RunRecord
    nodes: tuple[NodeComparison, ...]
    inputs: Mapping[str, tuple[Any, Any]]
    outputs: Mapping[str, tuple[Any, Any]]

    @property
    def first_difference(self) -> str | None:
        """The first node that was not the same in both."""
        return next((node.node for node in self.nodes if node.differs), None)
