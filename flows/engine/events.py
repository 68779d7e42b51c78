"""What happens during a run, as frozen data with one JSON form.

Everything that shows a run reads this stream: the terminal, the canvas, the server, the run store. Times are seconds since the epoch
(``at``) or lengths in seconds (``seconds``). Values in events are raw Python objects; ``flowloom.flows.engine.codec`` gives their JSON
form where an event leaves the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from flowloom.flows.errors import FlowloomError

NodeStatus = Literal["completed", "failed", "bypassed", "cancelled"]
RunStatus = Literal["completed", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Usage:
    """What model calls cost. ``price`` is in US dollars, None where the price of the model is not known."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    calls: int = 0
    price: float | None = None
    model: str | None = None

    def __add__(self, other: Usage) -> Usage:
        """Sum of two; the price is known only where both are (no calls cost nothing)."""
        if not self.calls:
            return other
        if not other.calls:
            return self
        price = None if self.price is None or other.price is None else self.price + other.price
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.total_tokens + other.total_tokens,
            self.calls + other.calls,
            price,
            self.model if self.model == other.model else None,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.total_tokens,
            "calls": self.calls,
            "price": self.price,
            "model": self.model,
        }


@dataclass(frozen=True, slots=True)
class RunStarted:
    """``nodes`` are those that the run is about."""

    type: ClassVar[str] = "run_started"
    run_id: str
    flow: str
    nodes: tuple[str, ...]
    at: float


@dataclass(frozen=True, slots=True, init=False)
class NodeStarted:
    """``attempt`` counts from 1."""

    type: ClassVar[str] = "node_started"
    node: str
    at: float
    attempt: int = 1

    def __init__(self, node: str, at: float, attempt: int = 1) -> None:
        # Every node of every run makes one: setting the slots by their descriptors takes half the time of a frozen class's own way.
        _started_node(self, node)
        _started_at(self, at)
        _started_attempt(self, attempt)


_started_node, _started_at, _started_attempt = (NodeStarted.__dict__[name].__set__ for name in ("node", "at", "attempt"))


@dataclass(frozen=True, slots=True)
class NodeDelta:
    """A piece of a node's output as it streams; ``channel`` is ``output`` or, for a reasoning model, ``thinking``."""

    type: ClassVar[str] = "node_delta"
    node: str
    chunk: Any
    channel: str = "output"


@dataclass(frozen=True, slots=True, init=False)
class NodeFinished:
    """``seconds`` span all its attempts; ``cached`` where the output came from an earlier run."""

    type: ClassVar[str] = "node_finished"
    node: str
    output: Any
    seconds: float
    usage: Usage | None = None
    cached: bool = False
    outcome: str | None = None
    """How a model's reply ended where that matters (``length`` within a max_tokens that was asked for); None when as usual."""

    def __init__(
        self, node: str, output: Any, seconds: float, usage: Usage | None = None, cached: bool = False, outcome: str | None = None
    ) -> None:
        _finished_node(self, node)
        _finished_output(self, output)
        _finished_seconds(self, seconds)
        _finished_usage(self, usage)
        _finished_cached(self, cached)
        _finished_outcome(self, outcome)


_finished_node, _finished_output, _finished_seconds, _finished_usage, _finished_cached, _finished_outcome = (
    NodeFinished.__dict__[name].__set__ for name in ("node", "output", "seconds", "usage", "cached", "outcome")
)


@dataclass(frozen=True, slots=True)
class NodeSkipped:
    """The node was bypassed; ``why`` is a sentence for people, ``reason`` one of ``activate``, ``upstream``."""

    type: ClassVar[str] = "node_skipped"
    node: str
    reason: str
    why: str


@dataclass(frozen=True, slots=True)
class NodeFailed:
    """With ``will_retry`` another attempt follows."""

    type: ClassVar[str] = "node_failed"
    node: str
    error: FlowloomError
    seconds: float
    will_retry: bool = False


@dataclass(frozen=True, slots=True)
class NodeCancelled:
    """The run was stopped while the node was at work."""

    type: ClassVar[str] = "node_cancelled"
    node: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Log:
    """A line somebody wrote: ``stream`` is ``stdout``, ``stderr`` or ``log``; ``node`` is None outside of nodes."""

    type: ClassVar[str] = "log"
    node: str | None
    text: str
    level: str = "info"
    stream: str = "log"


@dataclass(frozen=True, slots=True)
class Metric:
    """What a node measured of the run as a whole; ``node`` is None outside of nodes."""

    type: ClassVar[str] = "metric"
    node: str | None
    key: str
    value: float
    variant_id: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One model call, as it was sent and as it was answered; sent only where the run was asked for it. ``reply`` is None where there
    was none that counts, and ``error`` says why. Neither holds keys: they travel beside the request."""

    type: ClassVar[str] = "exchange"
    node: str
    request: Mapping[str, Any]
    reply: Mapping[str, Any] | None
    seconds: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class RunFinished:
    """Always the last event; ``error`` is the run's first failure."""

    type: ClassVar[str] = "run_finished"
    run_id: str
    status: RunStatus
    outputs: Mapping[str, Any]
    error: FlowloomError | None
    seconds: float


Event = (
    RunStarted | NodeStarted | NodeDelta | NodeFinished | NodeSkipped | NodeFailed | NodeCancelled | Log | Metric | Exchange | RunFinished
)
