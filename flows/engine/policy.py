"""Time limits and tries of one node. A model's service has its own, inside the call; these are the flow author's."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from flowloom.flows.engine import faults
from flowloom.flows.errors import (
    AuthenticationFailed,
    BadRequest,
    ConnectionFault,
    ContentFiltered,
    ContextLengthExceeded,
    FlowloomError,
    InputError,
    LimitExceeded,
    QuotaExceeded,
    ReferenceFault,
    Refused,
    RunCancelled,
    TemplateError,
    ToolLoadError,
)
from flowloom.flows.model.flow import Retry

_AGAIN_IN_VAIN: Final = (
    AuthenticationFailed,
    BadRequest,
    ConnectionFault,
    ContentFiltered,
    ContextLengthExceeded,
    InputError,
    LimitExceeded,
    QuotaExceeded,
    ReferenceFault,
    Refused,
    RunCancelled,
    TemplateError,
    ToolLoadError,
)
LONGEST_WAIT: Final = 300.0


def may_help(error: FlowloomError) -> bool:
    """Whether the same call, made again, could end otherwise."""
    return not isinstance(error, _AGAIN_IN_VAIN)


def wait_before(attempt: int, retry: Retry) -> float:
    """Seconds to wait after the ``attempt``-th try (from 1): doubling, five minutes at most."""
    return min(max(0.0, retry.backoff_seconds) * 2.0 ** min(attempt - 1, 32), LONGEST_WAIT)


async def within(seconds: float | None, work: Coroutine[Any, Any, Any], node: str) -> Any:
    """Await ``work`` for at most ``seconds`` (None: as long as it takes). Raises NodeTimeout.

    Work that will not stop is left to itself: waiting for it would break the promise that the limit makes.
    """
    if seconds is None:
        return await work
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=max(0.0, seconds))
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait({task})
        raise
    if done:
        return task.result()
    task.cancel()
    await asyncio.wait({task}, timeout=0.1)
    if task.done() and not task.cancelled():
        task.exception()
    raise faults.too_late(node, seconds)
