"""``log_metric``: numbers that a flow records about itself."""

from __future__ import annotations

import sys
from typing import Any

from flowloom.flows.node.context import running


def log_metric(key: str, value: Any, variant_id: str | None = None) -> None:
    """Record a metric of the running flow. Outside of a run it does nothing, as in prompt flow."""
    context = running.get()
    if context is not None:
        context.metric(key, value, variant_id)


def listen_to_prompt_flow() -> None:
    """Where prompt flow itself is installed and loaded, hear what its own ``log_metric`` is told."""
    real = sys.modules.get("promptflow._core.metric_logger")
    add = getattr(real, "add_metric_logger", None) if real is not None else None
    if add is not None:
        add(log_metric)
