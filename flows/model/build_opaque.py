"""Flex flows and prompty files as flows of one opaque node."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from flowloom.flows.errors import DocumentError
from flowloom.flows.model import keys
from flowloom.flows.model.build_parts import Notes
from flowloom.flows.model.flow import Binding, Flow, FlowInput, FlowOutput, Node, NodeName, Reference, Source

_TYPES: Final = {bool: "bool", int: "int", float: "double", str: "string", list: "list"}


def build_opaque(notes: Notes) -> Flow:
    """The flow around the one node ``entry`` (flex) or ``prompty``. Outputs are those the file declares."""
    from flowloom.flows.model.build import build_inputs, header

    file = notes.file
    flex = file.kind == "flex"
    notes.slips(file.data, keys.FLEX_KEYS if flex else keys.PROMPTY_KEYS, ())
    if flex:
        inputs = build_inputs(notes, file.data.get("inputs"), "string")
    elif file.data.get("inputs") is None:
        inputs = _sampled(notes)
    else:
        inputs = build_inputs(notes, _resolved(notes, "inputs"), "object")
    bindings: dict[str, Binding] = {name: Reference("input", name) for name in inputs}
    name = NodeName("entry" if flex else "prompty")
    source = Source("code", _entry_file(notes) if flex else file.name)
    node = Node(name=name, type="python" if flex else "llm", source=source, inputs=bindings)
    outputs: dict[str, FlowOutput] = {}
    written = file.data.get("outputs") if flex else _resolved(notes, "outputs")
    for key, value in notes.mapping(written, ("outputs",), "'outputs'").items():
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


def _resolved(notes: Notes, key: str) -> Any:
    """A key of a prompty, ``${file:path}`` and ``${env:NAME}`` in it replaced; None, noted as a problem, where that fails."""
    from flowloom.flows.node import opaque

    try:
        if key == "sample":
            return opaque.sample(notes.file)
        return opaque.resolve(notes.file.data.get(key), notes.file)
    except (DocumentError, json.JSONDecodeError) as error:
        message = error.message if isinstance(error, DocumentError) else str(error)
        notes.warning(
            f"prompty.{key}", f"'{key}' cannot be read: {message}", "Correct the path or the file.", (key,), field=key
        )
        return None


def _sampled(notes: Notes) -> dict[str, FlowInput]:
    """Where a prompty declares no inputs, the keys of its sample are its signature."""
    sample = _resolved(notes, "sample")
    values = sample if isinstance(sample, Mapping) else {}
    return {str(key): FlowInput(str(key), _TYPES.get(type(value), "object")) for key, value in values.items()}
