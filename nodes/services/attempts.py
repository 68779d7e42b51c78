"""The tries of one call to a service: what is left of its time, the waits between them, and what the run is told of
them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flowloom.nodes.services.deadlines import Deadlines
from flowloom.nodes.services.retry import Failure, RetryPolicy, add_words, in_words

if TYPE_CHECKING:
    from flowloom.flows.engine.events import Usage


class Attempts:
    """How often one call was tried, and what is left of its time."""

    def __init__(self, policy: RetryPolicy, deadlines: Deadlines) -> None:
        self._policy = policy
        self._deadlines = deadlines
        self._started = policy.clock.now()
        self.began = time.perf_counter()
        self.number = 1

    @property
    def remaining(self) -> float:
        return max(0.0, self._deadlines.total - (self._policy.clock.now() - self._started))

    async def failed(self, failure: Failure) -> None:
        """Wait until the next attempt, or raise the failure's error where there is none."""
        error = failure.error
        wait = self._policy.wait(failure, self.number, self.remaining)
        if wait is None:
            error.attempts = self.number
            if self.number > 1:
                add_words(error, f"It was asked {self.number} times.")
            raise error from failure.__cause__
        tell(f"{error.message} Asking again in {in_words(wait)}.")
        await self._policy.clock.sleep(wait)  # pyright: ignore[reportGeneralTypeIssues]
        self.number += 1


def _running() -> Any:
    from flowloom.flows.node.context import running

    return running.get()


def running_root() -> str | None:
    """The folder of the flow whose node is asking, if one is."""
    context = _running()
    return context.root if context is not None else None


def running_service(name: str) -> Any:
    """Another service, from the run whose node is asking, else from this process's environment."""
    context = _running()
    if context is not None:
        return context.service(name)
    from flowloom.flows.node.registry import service

    return service(name)


def tell(text: str) -> None:
    """A warning in the log of the node that is asking, if one is."""
    context = _running()
    if context is not None:
        context.log(text, "warning")


def spend(usage: Usage) -> None:
    """Add the cost of a reply that is not handed on to that of the node that asked."""
    context = _running()
    if context is not None:
        context.usage(usage)


def exchanged(request: Mapping[str, Any], reply: Any, seconds: float, error: str = "") -> None:
    """Show one call to whoever looks at the run of the node that is asking, if anybody does."""
    context = _running()
    if context is not None and getattr(context, "wants_exchanges", False):
        context.exchange(request, reply if isinstance(reply, Mapping) else None, seconds, error)
