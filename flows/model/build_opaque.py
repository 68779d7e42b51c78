"""Flex flows and prompty files as flows of one opaque node."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

from flowloom.flows.errors import DocumentError
from flowloom.flows.model import keys
from flowloom.flows.model.build_parts import Notes, flow_input
from flowloom.flows.model.flow import Binding, Flow, FlowInput, FlowOutput, Node, NodeName, Reference, Source


def build_opaque(notes: Notes) -> Flow:
    """The flow around the one node ``entry`` (flex) or ``prompty``. Outputs are those the file declares."""
    from flowloom.flows.model.build import build_inputs, header

    file = notes.file
    flex = file.kind == "flex"
    notes.slips(file.data, keys.FLEX_KEYS if flex else keys.PROMPTY_KEYS, ())
    inputs = build_inputs(notes, "string" if flex else "object")
    if not flex and file.data.get("inputs") is None:
        inputs = _sampled(notes)
    bindings: dict[str, Binding] = {name: Reference("input", name) for name in inputs}
    name = NodeName("entry" if flex else "prompty")
    source = Source("code", _entry_file(notes) if flex else file.name)
    node = Node(name=name, type="python" if flex else "llm", source=source, inputs=bindings)
    outputs: dict[str, FlowOutput] = {}
    for key, value in notes.mapping(file.data.get("outputs"), ("outputs",), "'outputs'").items():
        kind = str(value.get("type", "object")) if isinstance(value, dict) else "object"
        outputs[str(key)] = FlowOutput(str(key), kind, Reference("node", name, (str(key),)))
    return Flow(inputs=inputs, outputs=outputs, nodes={name: node}, **header(notes))


def _entry_file(notes: Notes) -> str | None:
    entry = notes.file.data.get("entry")
    if not isinstance(entry, str) or entry.count(":") != 1 or not all(part.strip() for part in entry.split(":")):
        notes.error(
            "flex.entry",
            "'entry' must name a function or class.",
            "Write 'entry: module:function'.",
            ("entry",),
            field="entry",
        )
        return None
    return str(PurePosixPath(*entry.split(":")[0].strip().split("."))) + ".py"


def _sampled(notes: Notes) -> dict[str, FlowInput]:
    """Where a prompty declares no inputs, the keys of its sample are its signature."""
    sample = _sample(notes)
    if "inputs" in sample and isinstance(sample["inputs"], dict):
        sample = sample["inputs"]
    found: dict[str, FlowInput] = {}
    for key in sample:
        item = flow_input(notes, str(key), None, ("sample", key), "object")
        if item is not None:
            found[item.name] = item
    return found


def _sample(notes: Notes) -> dict[str, Any]:
    sample = notes.file.data.get("sample")
    if isinstance(sample, str):
        path = sample.removeprefix("${file:").removesuffix("}") if sample.startswith("${file:") else sample
        try:
            sample = json.loads(notes.file.read_text(path))
        except (DocumentError, json.JSONDecodeError) as error:
            notes.warning(
                "prompty.sample",
                f"The sample {path!r} cannot be read: {error}",
                "Correct the path or the file.",
                ("sample",),
                field="sample",
            )
            return {}
    return sample if isinstance(sample, dict) else {}
