"""The Context of one node's work: what it logs, streams, spends and calls."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.engine.events import Event, Exchange, Log, Metric, NodeDelta, Usage

if TYPE_CHECKING:
    from flowloom.flows.engine.reuse import Keeper
    from flowloom.flows.engine.scope import RunScope

MOST_LOG_TEXT: Final = 1024 * 1024
"""Characters of output that one node may log; the rest is left out, and said to be."""


class NodeContext:
    """Implements ``flowloom.flows.node.context.Context``; made by the engine for each start of a node."""

    # Most nodes never need these: as class attributes they cost a node nothing.
    attempt = 1
    cached = False
    is_over = False
    task: asyncio.Task[Any] | None = None
    spent: Usage | None = None
    """What model calls cost so far; None where there were none."""
    ended_as: str | None = None
    keeper: Keeper | None = None
    """Keeps a stream for later runs, once it has ended."""
    has_partial_lines = False
    _partial: dict[str, str] | None = None
    _logged = 0
    _kept: list[Event] | None = None
    _calls: dict[str, int] | None = None

    def __init__(self, scope: RunScope, node: str) -> None:
        self.scope = scope
        self.node = node
        self.started = perf_counter()

    @property
    def flow(self) -> str:
        return self.scope.prepared.flow.name

    @property
    def run_id(self) -> str:
        return self.scope.run_id

    @property
    def root(self) -> str:
        return self.scope.prepared.working_copy

    @property
    def wants_stream(self) -> bool:
        return self.scope.wants_stream

    @property
    def message_format(self) -> str:
        return self.scope.prepared.flow.message_format

    @property
    def cancelled(self) -> bool:
        return self.scope.is_stopping

    def stream(self, chunk: Any, channel: str = "output") -> None:
        if self.scope.wants_stream:
            self.scope.send(NodeDelta(self.scope.prefix + self.node, chunk, channel))

    def log(self, text: str, level: str = "info") -> None:
        self._log(text, level, "log")

    def metric(self, key: str, value: Any, variant_id: str | None = None) -> None:
        self._send(Metric(self.scope.prefix + self.node, key, value, variant_id))

    @property
    def wants_exchanges(self) -> bool:
        return self.scope.exchanges or self._kept is not None

    def exchange(self, request: Mapping[str, Any], reply: Mapping[str, Any] | None, seconds: float, error: str = "") -> None:
        redactor = self.scope.prepared.redactor
        if redactor:
            request, reply, error = redactor.redact(dict(request)), redactor.redact(reply and dict(reply)), redactor.redact(error)
        event = Exchange(self.scope.prefix + self.node, request, reply, seconds, error)
        if self._kept is not None:
            self._kept.append(event)
        if self.scope.exchanges:
            self.scope.send(event)

    def usage(self, usage: Usage) -> None:
        self.spent = usage if self.spent is None else self.spent + usage

    def outcome(self, outcome: str) -> None:
        self.ended_as = outcome

    def connection(self, name: str) -> Any:
        return self.scope.prepared.connections.get(name)

    def service(self, name: str) -> Any:
        return self.scope.prepared.registry.service(name)

    async def invoke(self, reference: str, arguments: dict[str, Any]) -> Any:
        from flowloom.flows.engine.invoke import invoke

        caller: Any = self
        if asyncio.get_running_loop() is self.scope.loop:
            return await invoke(caller, reference, arguments)
        # A sync tool that runs a loop of its own in its thread: the call still belongs to the run's loop, and ends with the run.
        return await asyncio.wrap_future(self.scope.call_from_thread(lambda: invoke(caller, reference, arguments)))

    async def approve(self, question: str, arguments: dict[str, Any]) -> bool:
        approver = self.scope.approver
        return await approver(question, arguments) if approver is not None else False

    # For the engine

    def call_name(self, name: str) -> str:
        """A name in events for what this node calls; the second call of the same gets ``#2``."""
        if self._calls is None:
            self._calls = {}
        count = self._calls[name] = self._calls.get(name, 0) + 1
        return name if count == 1 else f"{name}#{count}"

    @property
    def seconds(self) -> float:
        return perf_counter() - self.started

    def keep_events(self) -> list[Event]:
        """From now on collect logs and metrics too, for a record that can be replayed."""
        self._kept = []
        return self._kept

    def wrote(self, text: str, stream: str) -> None:
        """What the node's code printed, in any pieces; whole lines go out as events."""
        if self._partial is None:
            self._partial = {}
        text = self._partial.pop(stream, "") + text
        *lines, rest = text.split("\n")
        for line in lines:
            self._log(line.removesuffix("\r"), "info", stream)
        if len(rest) > MOST_LOG_TEXT:
            self._log(rest, "info", stream)
        elif rest:
            self._partial[stream] = rest
            self.has_partial_lines = True

    def flush(self) -> None:
        """Send what was printed without an end of line."""
        if self._partial:
            partial, self._partial, self.has_partial_lines = self._partial, None, False
            for stream, text in partial.items():
                self._log(text, "info", stream)

    def _log(self, text: str, level: str, stream: str) -> None:
        if self._logged > MOST_LOG_TEXT:
            return
        self._logged += len(text) + 1
        if self._logged > MOST_LOG_TEXT:
            text = "This node wrote more than 1 MiB; what follows is left out here."
            level = "warning"
        self._send(Log(self.scope.prefix + self.node, self.scope.redact(text), level, stream))

    def _send(self, event: Event) -> None:
        if self._kept is not None:
            self._kept.append(event)
        self.scope.send(event)
