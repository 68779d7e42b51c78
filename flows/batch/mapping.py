"""Which column of a row feeds which input of the flow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flowloom.flows.errors import InputError, UsageError
from flowloom.flows.model.flow import FlowInput

_EXPRESSION = re.compile(r"\$\{([^{}]+)\}")
LINE_NUMBER = "line_number"


def parse_mapping(pairs: Iterable[str]) -> dict[str, Any]:
    """``["question=${data.text}", "tone=formal"]`` as a mapping. Raises UsageError for a pair without ``=`` or a name given twice."""
    mapping: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.strip()
        if not equals or not name:
            raise UsageError(f"{pair!r} maps nothing.", hint="Write --map 'input=${data.column}'.")
        if name in mapping:
            raise UsageError(f"The input {name} is mapped twice.", hint="Keep one --map for it.")
        mapping[name] = value
    return mapping


def complete_mapping(inputs: Mapping[str, FlowInput], mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping with what is left out filled in: an input without a default takes the column of its own name.

    As in prompt flow, an input that has a default takes the default, not a column, unless it is mapped. Raises UsageError where a
    mapped name is none of the inputs.
    """
    if inputs and (unknown := [name for name in mapping if name not in inputs]):
        raise UsageError(f"The flow has no input named {unknown[0]}; it has {', '.join(inputs)}.", hint="Mend the name in --map.")
    by_name = {name: f"${{data.{name}}}" for name, spec in inputs.items() if spec.required and not spec.is_chat_history}
    history = {name: [] for name, spec in inputs.items() if spec.required and spec.is_chat_history}
    return {**history, **by_name, **mapping}


def apply_mapping(mapping: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The flow's inputs for one row. ``sources`` holds the row under ``data``; others (``run.outputs``) may stand beside it.

    ``${data.column}`` is the column's value; the shortest source name that fits counts, so columns may hold dots. Anything else is
    itself. Raises InputError naming every column that the row lacks.
    """
    inputs: dict[str, Any] = {}
    missing: list[str] = []
    for name, value in mapping.items():
        expression = _EXPRESSION.fullmatch(value) if isinstance(value, str) else None
        if expression is None:
            inputs[name] = value
            continue
        parts = expression[1].split(".")
        for cut in range(1, len(parts)):
            source, column = ".".join(parts[:cut]), ".".join(parts[cut:])
            if column in sources.get(source, ()):
                inputs[name] = sources[source][column]
                break
        else:
            missing.append(f"{name} ({value})")
    if missing:
        columns = ", ".join(str(column) for column in sources.get("data", ())) or "none"
        raise InputError(
            f"The row has no value for {', '.join(missing)}; its columns are {columns}.",
            hint="Map another column: --map 'input=${data.column}'.",
        )
    return inputs
