"""The flow as data: what it is, building it from a file, checking it, editing it.

``build_flow`` and ``validate_flow`` are ``build.build`` and ``validate.validate``, imported when first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowloom.flows.model.flow import (
    MISSING,
    Activate,
    Binding,
    Constant,
    Flow,
    FlowInput,
    FlowOutput,
    Node,
    NodeName,
    Reference,
    Retry,
    RunId,
    Source,
    Variant,
    VariantId,
    Variants,
)
from flowloom.flows.model.problem import Problem

if TYPE_CHECKING:
    from flowloom.flows.model.build import Built
    from flowloom.flows.model.build import build as build_flow
    from flowloom.flows.model.validate import validate as validate_flow

__all__ = [
    "MISSING",
    "Activate",
    "Binding",
    "Built",
    "Constant",
    "Flow",
    "FlowInput",
    "FlowOutput",
    "Node",
    "NodeName",
    "Problem",
    "Reference",
    "Retry",
    "RunId",
    "Source",
    "Variant",
    "VariantId",
    "Variants",
    "build_flow",
    "validate_flow",
]


def __getattr__(name: str) -> Any:
    if name in ("Built", "build_flow"):
        from flowloom.flows.model import build

        return build.Built if name == "Built" else build.build
    if name == "validate_flow":
        from flowloom.flows.model import validate

        return validate.validate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
