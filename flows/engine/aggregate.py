"""Aggregation nodes: run once, after all rows, over what the rows that succeeded gave.

Their references to other nodes and to flow inputs become lists, one item a row, None where the row bypassed the node; literals and
references to other aggregation nodes stay single values. A single run is one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flowloom.flows.engine.inputs import BYPASSED
from flowloom.flows.engine.prepare import Step
from flowloom.flows.engine.streams import Replayed, Stream
from flowloom.flows.model.flow import Activate, Constant, Flow, Reference
from flowloom.flows.model.references import follow


@dataclass(frozen=True, slots=True)
class Row:
    """What aggregation needs to remember of one row. ``values`` holds the outputs it will ask for, by reference."""

    inputs: Mapping[str, Any]
    values: Mapping[Reference, Any]


def asked_for(flow: Flow, names: Iterable[str]) -> tuple[Reference, ...]:
    """The references that the named aggregation nodes make to the nodes that run row by row."""
    found = {
        reference
        for name in names
        for reference in flow.nodes[name].references  # type: ignore[index]
        if reference.source == "node" and reference.name in flow.nodes and not flow.nodes[reference.name].aggregation  # type: ignore[index]
    }
    return tuple(sorted(found, key=str))


def take_row(references: Iterable[Reference], values: Mapping[str, Any], inputs: Mapping[str, Any]) -> Row:
    """A finished row, for later. Raises ReferenceFault where an output lacks the property that is asked for."""
    return Row(inputs, {reference: _value(reference, values) for reference in references})


def _value(reference: Reference, values: Mapping[str, Any]) -> Any:
    value = values[reference.name]
    if value is BYPASSED:
        value = None
    elif isinstance(value, Stream) and not reference.path:
        return value.joined()
    elif isinstance(value, Replayed):
        value = str(value)
    return follow(value, reference.path, reference=reference)


def over_rows(step: Step, rows: Sequence[Row]) -> Step:
    """The step of an aggregation node with its columns in place, waiting for aggregation nodes only."""
    template = {**step.template, **{parameter: [row.inputs[name] for row in rows] for parameter, name in step.from_inputs}}
    from_nodes = []
    for parameter, name, part in step.from_nodes:
        column = _column(part or Reference("node", name), rows)
        if column is None:
            from_nodes.append((parameter, name, part))
        else:
            template[parameter] = column
    node = step.node
    upstream = {name for _, name, _ in from_nodes}
    if node.activate is not None and isinstance(node.activate.when, Reference):
        column = _column(node.activate.when, rows)
        if column is None:
            upstream.add(node.activate.when.name)
        else:
            # As in prompt flow, the condition sees the list, and so is hardly ever met.
            node = replace(node, activate=Activate(Constant(column), node.activate.value))
    return replace(
        step, node=node, template=template, from_inputs=(), from_nodes=tuple(from_nodes), whole_outputs=None, upstream=frozenset(upstream)
    )


def _column(reference: Reference, rows: Sequence[Row]) -> list[Any] | None:
    if reference.source == "input":
        return [row.inputs[reference.name] for row in rows]
    if rows and reference in rows[0].values:
        return [row.values[reference] for row in rows]
    return None
