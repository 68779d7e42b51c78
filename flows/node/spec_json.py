"""The spec of a node type as JSON and back: for whoever shows node types without importing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING as NO_DEFAULT
from dataclasses import fields
from typing import Any

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.spec import Effect, NodeSpec, Port, Ports


def spec_as_json(spec: NodeSpec) -> dict[str, Any]:
    """The spec as plain values. What is as usual is left out; a port without ``default`` has none."""
    return {**_plain(spec, ("ports",)), "effect": str(spec.effect), "ports": ports_as_json(spec.ports)}


def ports_as_json(ports: Ports) -> dict[str, Any]:
    """``{"inputs": [...], "outputs": [...], "accepts_named", "named_type"}``, in the order of the form."""
    return {
        "inputs": [_plain(port) for port in ports.inputs.values()],
        "outputs": [_plain(port) for port in ports.outputs.values()],
        "accepts_named": ports.accepts_named,
        "named_type": ports.named_type,
    }


def spec_from_json(data: Mapping[str, Any]) -> NodeSpec:
    """The spec again. Keys that this version does not know are left out."""
    known = _known(NodeSpec, data)
    return NodeSpec(**{**known, "effect": Effect(data.get("effect", Effect.NONE)), "ports": ports_from_json(data["ports"])})


def ports_from_json(data: Mapping[str, Any]) -> Ports:
    inputs, outputs = ({port["name"]: Port(**_known(Port, port)) for port in data[side]} for side in ("inputs", "outputs"))
    return Ports(inputs, outputs, bool(data.get("accepts_named")), str(data.get("named_type", "any")))


def _plain(value: NodeSpec | Port, without: tuple[str, ...] = ()) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in fields(value):
        item = getattr(value, part.name)
        usual = part.default_factory() if part.default_factory is not NO_DEFAULT else part.default
        if part.name in without or item is MISSING or (item == usual and type(item) is type(usual)):
            continue
        found[part.name] = list(item) if isinstance(item, tuple) else dict(item) if isinstance(item, Mapping) else item
    return found


def _known(cls: type[NodeSpec] | type[Port], data: Mapping[str, Any]) -> dict[str, Any]:
    names = {part.name for part in fields(cls)}
    tuples = {"hosts", "secrets", "choices", "connection_kinds"}
    return {key: tuple(value) if key in tuples else value for key, value in data.items() if key in names}
