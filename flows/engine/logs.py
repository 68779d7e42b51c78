"""What the code of nodes prints goes to the node that printed it.

While a run is under way ``sys.stdout`` and ``sys.stderr`` look up whose code is writing: tasks and our threads carry the node in a context
variable. A thread that a tool started by itself carries nothing; where only one node is at work, what it prints is that node's.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from flowloom.flows.engine.context import NodeContext
from flowloom.flows.node.context import running

if TYPE_CHECKING:
    from flowloom.flows.engine.scheduler import Scheduler

_lock = threading.Lock()
_passes: list[Scheduler] = []
_threads_before: set[int | None] = set()
_routers: list[_Router] = []


class capture:
    """For as long as a scheduler runs nodes, route what their code prints."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def __enter__(self) -> None:
        with _lock:
            if not _passes:
                _routers[:] = [_Router("stdout"), _Router("stderr")]
                sys.stdout, sys.stderr = _routers
                _threads_before.update(thread.ident for thread in threading.enumerate())
            _passes.append(self._scheduler)

    def __exit__(self, *exception: object) -> None:
        with _lock:
            _passes.remove(self._scheduler)
            if not _passes:
                for router in _routers:
                    # A tool that put its own stream there keeps it: only ours is taken away.
                    if getattr(sys, router.name) is router:
                        setattr(sys, router.name, router.original)
                _routers.clear()
                _threads_before.clear()


class _Router:
    """Stands in for a standard stream: writes go to the node whose code writes, and on to the stream itself."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.original = getattr(sys, name)

    def write(self, text: str) -> int:
        context = running.get() or _only_one()
        if not isinstance(context, NodeContext) or context.is_over:
            return self._pass_on(text)
        context.wrote(text, self.name)
        if context.scope.echo:
            self._pass_on(context.scope.redact(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        if self.original is not None:
            self.original.flush()

    def _pass_on(self, text: str) -> int:
        # pythonw and some services have no standard streams at all.
        return self.original.write(text) if self.original is not None else len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)


def _only_one() -> NodeContext | None:
    if threading.get_ident() in _threads_before:
        return None
    at_work = [context for scheduler in tuple(_passes) for context in tuple(scheduler.at_work.values())]
    return at_work[0] if len(at_work) == 1 else None
