"""Flowloom without its studio: read, check, change and run flows of prompts, models and Python.

    from flowloom.flows import load_flow

    outputs = load_flow("my-flow").run(question="What is a flow?")

Names are imported when they are first used, so that importing this package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowloom.flows import errors
    from flowloom.flows.api import LoadedFlow, load_flow
    from flowloom.flows.compat.metrics import log_metric
    from flowloom.flows.engine import events
    from flowloom.flows.engine.event_stream import EventStream
    from flowloom.flows.engine.plan import Plan
    from flowloom.flows.engine.result import NodeResult, RunResult
    from flowloom.flows.errors import FlowloomError
    from flowloom.flows.model.problem import Problem
    from flowloom.flows.node.context import Context
    from flowloom.flows.node.declare import node, tool

__all__ = [
    "Context",
    "EventStream",
    "FlowloomError",
    "LoadedFlow",
    "NodeResult",
    "Plan",
    "Problem",
    "RunResult",
    "errors",
    "events",
    "load_flow",
    "log_metric",
    "node",
    "tool",
]

_HOMES = {
    "Context": "node.context",
    "EventStream": "engine.event_stream",
    "FlowloomError": "errors",
    "LoadedFlow": "api",
    "NodeResult": "engine.result",
    "Plan": "engine.plan",
    "Problem": "model.problem",
    "RunResult": "engine.result",
    "load_flow": "api",
    "log_metric": "compat.metrics",
    "tool": "node.declare",
}

# 'node' is a package that can be called, so that it is the decorator whoever imported what before.
_MODULES = {"errors": f"{__name__}.errors", "events": f"{__name__}.engine.events", "node": f"{__name__}.node"}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _MODULES:
        return import_module(_MODULES[name])
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
