"""What a running node may ask of the run it is part of."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from flowloom.flows.engine.events import Usage


class Context(Protocol):
    """Given to a node that takes a parameter annotated ``Context``. Every method may be called from the node's own thread.

    ``node`` is the node's name, ``flow`` the flow's, ``run_id`` the run's. ``wants_stream`` says whether anybody watches pieces of
    output as they come: where nobody does, a node may ask for its reply in one piece.
    """

    @property
    def node(self) -> str: ...
    @property
    def flow(self) -> str: ...
    @property
    def run_id(self) -> str: ...
    @property
    def root(self) -> str:
        """The folder the run works in, as an absolute path."""
        ...

    @property
    def wants_stream(self) -> bool: ...
    @property
    def message_format(self) -> str: ...

    def stream(self, chunk: Any, channel: str = "output") -> None:
        """Show a piece of the output now. The node still returns the whole."""

    def log(self, text: str, level: str = "info") -> None: ...

    def metric(self, key: str, value: float, variant_id: str | None = None) -> None: ...

    def usage(self, usage: Usage) -> None:
        """Add what a model call cost to this node's sum."""

    @property
    def wants_exchanges(self) -> bool:
        """Whether anybody wants to see model calls whole."""
        ...

    def exchange(self, request: Mapping[str, Any], reply: Mapping[str, Any] | None, seconds: float, error: str = "") -> None:
        """Show one model call: the body that was sent and the one that came back, without keys."""

    def outcome(self, outcome: str) -> None:
        """Say how a reply ended where that is not as usual, such as ``length``."""

    def connection(self, name: str) -> Any:
        """The connection of that name. Raises ConnectionFault, naming where it was looked for."""

    @property
    def cancelled(self) -> bool:
        """True once the run was asked to stop; a long sync node looks at it between steps."""
        ...

    def service(self, name: str) -> Any:
        """A service registered by entry point ``flowloom.services``: ``chat``, ``embedding``, ``local_model``."""

    async def invoke(self, reference: str, arguments: dict[str, Any]) -> Any:
        """Call a tool, node type, or flow through the engine, which resolves, traces and limits it.

        ``reference`` is ``node:<name>`` (a node of this flow), ``type:<id>`` (a node type) or ``flow:<path>`` (a flow inside the
        folder). Raises NodeError, or LimitExceeded past the depth a run may nest.
        """
        ...

    async def approve(self, question: str, arguments: dict[str, Any]) -> bool:
        """Ask the person in front of the run. Where nobody can answer, the answer is no."""
        ...


running: ContextVar[Context | None] = ContextVar("flowloom_running_node", default=None)
"""The context of the node whose code runs now: the engine sets it around each call of a node, in the node's own thread or task, so that
``log_metric`` and the like reach the run without an argument."""
