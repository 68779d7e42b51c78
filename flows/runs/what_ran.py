"""What ran: the flow as it was for one run, as data. It tells versions apart, and what went into each node.

The JSON form: ``flowloom`` and ``python`` are versions; ``flow`` names the file, its kind and its hash; ``inputs`` holds the defaults;
``nodes`` what each node was, with where each of its inputs came from: ``{"value": ...}``, ``{"input": name}`` or
``{"node": name, "path": [...]}``, without ``path`` for the whole output.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.engine.codec import to_json
from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.flow import MISSING, Constant

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.flow import Binding, Flow, Node

MODEL_INPUTS: Final = ("model", "deployment_name", "engine")
"""Inputs that name the model, in the order in which they are looked at."""


@dataclass(frozen=True)
class WhatRan:
    """A flow made ready to be recorded with its runs; the JSON text is written once, however many there are."""

    file: FlowFile = field(repr=False)
    flow: Flow = field(repr=False)

    @cached_property
    def data(self) -> dict[str, Any]:
        return what_ran(self.file, self.flow)

    @cached_property
    def text(self) -> str:
        return json.dumps(self.data, ensure_ascii=False)


def what_ran(file: FlowFile, flow: Flow) -> dict[str, Any]:
    """The flow, chosen variants in place, as data. Reads the folder's prompts and code for their hashes, and executes nothing."""
    hashes: dict[str, str] = {}  # many nodes may share a file
    return {
        "flowloom": _version(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "flow": {"file": flow.file, "kind": flow.kind, "hash": _hash(file.text)},
        "inputs": {name: to_json(spec.default) for name, spec in flow.inputs.items() if spec.default is not MISSING},
        "nodes": {name: _node(node, file, hashes) for name, node in flow.nodes.items()},
    }


def _node(node: Node, file: FlowFile, hashes: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": node.type, "inputs": {name: _binding(binding) for name, binding in node.inputs.items()}}
    source = node.source
    if source.tool:
        found["tool"] = source.tool
    if source.path:
        found["file"] = source.path
        if source.path not in hashes:
            try:
                hashes[source.path] = _hash(file.read_text(source.path))
            except FlowloomError:
                hashes[source.path] = ""  # the run itself says what is wrong with the file
        if hashes[source.path]:
            found["hash"] = hashes[source.path]
    for name in ("connection", "variant"):
        if getattr(node, name):
            found[name] = str(getattr(node, name))
    if node.aggregation:
        found["aggregation"] = True
    return found


def _binding(binding: Binding) -> dict[str, Any]:
    if isinstance(binding, Constant):
        return {"value": to_json(binding.value)}
    if binding.source == "input":
        return {"input": binding.name}
    return {"node": binding.name, "path": list(binding.path)} if binding.path else {"node": binding.name}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _version() -> str:
    from flowloom.flows.node.entry_points import EntryPoint, metadata_folders

    return EntryPoint("", "", "", "flowloom", metadata_folders().get("flowloom", "")).version or "unknown"


def node_inputs(
    ran: Mapping[str, Any], inputs: Mapping[str, Any], outputs: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """What went into each node: values by port, by node. Ports whose value came from a node without output are left out.

    ``ran`` is what ``what_ran`` gave, ``inputs`` what the run was given, ``outputs`` those of the nodes; all in their JSON forms.
    """
    given = {**ran.get("inputs", {}), **inputs}
    if ran.get("flow", {}).get("kind", "dag") != "dag":
        return {name: dict(inputs) for name in ran.get("nodes", {})}
    return {name: _inputs_of(node, given, outputs) for name, node in ran.get("nodes", {}).items()}


def _inputs_of(node: Mapping[str, Any], given: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    many = bool(node.get("aggregation"))
    found: dict[str, Any] = {}
    for port, binding in node.get("inputs", {}).items():
        if "value" in binding:
            found[port] = binding["value"]
            continue
        value = given.get(binding["input"], MISSING) if "input" in binding else _follow(outputs, binding)
        if value is not MISSING:
            found[port] = [value] if many else value
    return found


def _follow(outputs: Mapping[str, Any], binding: Mapping[str, Any]) -> Any:
    value = outputs.get(binding["node"], MISSING)
    for part in binding.get("path", ()):
        try:
            value = value[part]  # pyright: ignore[reportIndexIssue]
        except (LookupError, TypeError):
            return MISSING
    return value


def model_of(node: Mapping[str, Any]) -> str | None:
    """The model that a node of ``what_ran`` names, where it is written in the flow."""
    for name in MODEL_INPUTS:
        value = node.get("inputs", {}).get(name, {}).get("value")
        if isinstance(value, str) and value:
            return value
    return None


def changes(a: Mapping[str, Any] | None, b: Mapping[str, Any] | None) -> tuple[str, ...]:
    """In what two versions of a node differ: ``file``, ``connection``, ``variant``, ``wires`` and the names of settings."""
    if a is None or b is None:
        return ()
    found = [name for name in ("type", "tool", "connection", "variant") if a.get(name) != b.get(name)]
    if (a.get("file"), a.get("hash")) != (b.get("file"), b.get("hash")):
        found.append("file")
    ours, theirs = a.get("inputs", {}), b.get("inputs", {})
    for port in dict.fromkeys([*ours, *theirs]):
        if ours.get(port) != theirs.get(port):
            literal = "value" in ours.get(port, {}) and "value" in theirs.get(port, {})
            found.append(port if literal else "wires")
    return tuple(dict.fromkeys(found))
