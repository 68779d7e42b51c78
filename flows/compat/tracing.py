"""``promptflow.tracing``: the run's events already say what happened, so a traced function is the function itself."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


def trace(func: Callable[..., Any] | None = None, **options: Any) -> Any:
    """``@trace`` and ``@trace(...)``: returns the function as it is."""
    return func if func is not None else lambda function: function


def start_trace(*args: Any, **options: Any) -> None:
    """Does nothing: every run is recorded."""


class ThreadPoolExecutorWithContext(ThreadPoolExecutor):
    """A thread pool whose threads know the run they work for."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return super().submit(contextvars.copy_context().run, fn, *args, **kwargs)
