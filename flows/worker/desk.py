"""Services that live beside the workers: the end of the process that started these. See ``relay``."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import FlowloomError, UsageError
from flowloom.flows.worker.event_lines import error_as_json

if TYPE_CHECKING:
    from flowloom.flows.node.registry import Registry

Send = Callable[[Mapping[str, Any]], None]


class Desk:
    """Answers the calls of workers, on a loop in a thread of its own. One for a process; ``registry`` finds the services."""

    def __init__(self, registry: Registry | None = None) -> None:
        self._registry = registry
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: dict[tuple[object, int], asyncio.Task[None]] = {}

    def take(self, worker: object, message: Mapping[str, Any], send: Send) -> None:
        """Begin a call of a worker's, or cancel it. ``send`` gets its answers: any number of items, then an end or an error."""
        number = int(message["relay"])
        if message.get("cancel"):
            self._call(lambda: self._cancel(lambda key: key == (worker, number)))
        else:
            self._call(lambda: self._begin(worker, number, str(message["service"]), message.get("arguments") or {}, send))

    def forget(self, worker: object) -> None:
        """Cancel the calls of a worker that is gone."""
        if self._loop is not None:
            self._call(lambda: self._cancel(lambda key: key[0] is worker))

    def _call(self, call: Callable[[], None]) -> None:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="flowloom-desk", daemon=True).start()
        self._loop.call_soon_threadsafe(call)

    def _begin(self, worker: object, number: int, service: str, arguments: Mapping[str, Any], send: Send) -> None:
        assert self._loop is not None
        task = self._loop.create_task(self._answer(number, service, arguments, send))
        self._tasks[worker, number] = task
        task.add_done_callback(lambda _: self._tasks.pop((worker, number), None))

    def _cancel(self, wanted: Callable[[tuple[object, int]], bool]) -> None:
        for key, task in list(self._tasks.items()):
            if wanted(key):
                task.cancel()

    async def _answer(self, number: int, name: str, arguments: Mapping[str, Any], send: Send) -> None:
        try:
            async with aclosing(self._service(name).relay(arguments)) as items:
                async for item in items:
                    send({"relay": number, "item": item})
            send({"relay": number, "end": True})
        except FlowloomError as error:
            send({"relay": number, "error": error_as_json(error)})
        except Exception as error:
            # What the worker asked for may be anything: its run is told, and no other is touched.
            words = f"The service '{name}' could not be used: {type(error).__name__}: {error}"
            send({"relay": number, "error": error_as_json(UsageError(words, hint="Run it again."))})

    def _service(self, name: str) -> Any:
        from flowloom.flows.node.registry import default_registry

        service = (self._registry or default_registry()).service(name)
        if not hasattr(service, "relay"):
            raise UsageError(f"The service '{name}' is not shared by workers.", hint="Use it within the worker.")
        return service


_desk: Desk | None = None
_desk_lock = threading.Lock()


def desk() -> Desk:
    """This process's desk."""
    global _desk
    with _desk_lock:
        if _desk is None:
            _desk = Desk()
        return _desk
