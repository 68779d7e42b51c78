"""``log_metric``: numbers that a flow records about itself."""

from __future__ import annotations

from typing import Any

from flowloom.flows.node.context import running


def log_metric(key: str, value: Any, variant_id: str | None = None) -> None:
    """Record a metric of the running flow. Outside of a run it does nothing, as in prompt flow."""
    context = running.get()
    if context is not None:
        context.metric(key, value, variant_id)
