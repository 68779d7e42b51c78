"""Calls from a tool's own code into the run: its context, and coroutines that a sync function waits for."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

from flowloom.flows.node.context import Context, running
from flowloom.flows.node.folder_finders import asking_folder

T = TypeVar("T")

_END = object()
_loop: asyncio.AbstractEventLoop | None = None
_lock = threading.Lock()


def context() -> Context:
    """The context of the node whose code is running; outside of a run one that only prints."""
    found = running.get()
    if found is not None:
        return found
    from flowloom.flows.node.prompt_flow_table import LoneContext

    return LoneContext("")


def place_of(path: str | os.PathLike[str]) -> Path:
    """Where a path that a flow's code wrote leads: from the flow's folder, where there is such a file, else from the current one."""
    folder = asking_folder()
    base = folder.root if folder is not None else context().root
    place = Path(base, path)
    return place if place.exists() else Path(path).absolute()


def wait_for(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a loop of our own, with the caller's context variables, and return what it returns."""
    return asyncio.run_coroutine_threadsafe(coroutine, _own_loop()).result()


def pieces_of(source: AsyncIterator[T]) -> Iterator[T]:
    """An async iterator as an ordinary one, pulled piece by piece."""

    async def pull() -> Any:
        return await anext(source, _END)

    try:
        while (piece := wait_for(pull())) is not _END:
            yield piece
    finally:
        close = getattr(source, "aclose", None)
        if close is not None:
            wait_for(close())


def _own_loop() -> asyncio.AbstractEventLoop:
    """The loop in a thread of its own: a tool's thread has none, and the run's loop must not wait for a tool."""
    global _loop
    with _lock:
        if _loop is None or _loop.is_closed():
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_loop.run_forever, name="flowloom-calls", daemon=True).start()
        return _loop
