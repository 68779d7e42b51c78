"""How the nodes of a flow hang together: references, circles, conditions, aggregation, outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowloom.flows.model.build_parts import Path
from flowloom.flows.model.findings import Findings, did_you_mean, listed
from flowloom.flows.model.flow import Constant, Node, NodeName, Reference
from flowloom.flows.model.graph import Graph
from flowloom.flows.model.problem import Problem

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.build import Built


def graph_problems(file: FlowFile, built: Built) -> list[Problem]:
    """What is wrong with the wires of a flow: the part of ``validate`` that a run asks for before it begins. Reads no other file."""
    findings = Findings(file, built)
    check_graph(findings)
    check_outputs(findings)
    return findings.problems


def check_graph(findings: Findings) -> None:
    for node in findings.flow.nodes.values():
        for name, binding in node.inputs.items():
            if isinstance(binding, Reference):
                _check_reference(findings, binding, findings.path(node, "inputs", name), node, name)
        _check_activate(findings, node)
        _check_aggregation(findings, node)
    _check_circles(findings)


def check_outputs(findings: Findings) -> None:
    for name, output in findings.flow.outputs.items():
        if not isinstance(output.binding, Reference):
            continue
        path = ("outputs", name, "reference")
        _check_reference(findings, output.binding, path, None, name)
        source = findings.flow.nodes.get(NodeName(output.binding.name))
        if output.binding.source == "node" and source is not None and source.aggregation:
            findings.warning(
                "output.aggregation",
                f"The output '{name}' comes from '{source.name}', which runs once after all rows, so a run does not give it.",
                "Record what it computes with log_metric, or take the output from another node.",
                path,
                node=source.name,
                field=name,
            )


def _check_reference(findings: Findings, reference: Reference, path: Path, node: Node | None, field: str) -> None:
    """A reference to something that does not exist."""
    flow = findings.flow
    where = node.name if node else None
    if reference.source == "input":
        if reference.name not in flow.inputs:
            name = reference.name
            part = name.split(".")[0].split("[")[0]
            if part != name and part in flow.inputs:
                message = (
                    f"'{reference}' asks for a part of the input '{part}'; a reference to an input takes the whole."
                )
                fix = f"Write ${{inputs.{part}}}, and take the part in the node."
            else:
                message = f"The flow has no input '{name}'."
                fix = did_you_mean(name, flow.inputs, f"Add '{name}' below 'inputs:', or correct the reference.")
            findings.error("reference.unknown_input", message, fix, path, node=where, field=field)
        return
    if reference.name in flow.nodes:
        return
    name = reference.name
    if NodeName(name) in flow.variants or any(
        isinstance(entry, dict) and entry.get("name") == name for entry in _entries(findings)
    ):
        return  # the node exists and has problems of its own
    if name in flow.inputs:
        fix = f"Write ${{inputs.{name}}} for the flow's input of that name."
    else:
        others = (other for other in flow.nodes if other != where)
        fix = did_you_mean(name, others, f"Add a node '{name}', or correct the reference.")
    findings.error("reference.unknown_node", f"The flow has no node '{name}'.", fix, path, node=where, field=field)


def _entries(findings: Findings) -> list[object]:
    nodes = findings.file.data.get("nodes")
    return nodes if isinstance(nodes, list) else []


def _check_activate(findings: Findings, node: Node) -> None:
    if node.activate is None:
        return
    path = findings.path(node, "activate", "when")
    when = node.activate.when
    if isinstance(when, Constant):
        met = when.value == node.activate.value
        findings.warning(
            "activate.constant",
            f"The condition of '{node.name}' is always {'met' if met else 'missed'}: it names no input and no node.",
            "Write 'when: ${inputs.name}' or 'when: ${node.output}', or delete the condition.",
            path,
            node=node.name,
            field="activate",
        )
        return
    _check_reference(findings, when, path, node, "activate")
    source = findings.flow.nodes.get(NodeName(when.name)) if when.source == "node" else None
    if node.aggregation and source is not None and not source.aggregation:
        findings.error(
            "aggregation.activate",
            f"'{node.name}' runs once after all rows, so its condition cannot depend on '{source.name}', which runs for each row.",
            "Let the condition name an input of the flow or another node that runs after all rows.",
            path,
            node=node.name,
            field="activate",
        )


def _check_aggregation(findings: Findings, node: Node) -> None:
    if node.aggregation:
        return
    for name, binding in (*node.inputs.items(), ("activate", node.activate.when if node.activate else None)):
        if not isinstance(binding, Reference) or binding.source != "node":
            continue
        source = findings.flow.nodes.get(NodeName(binding.name))
        if source is None or not source.aggregation:
            continue
        path = (
            findings.path(node, "activate", "when")
            if binding not in node.inputs.values()
            else findings.path(node, "inputs", name)
        )
        findings.error(
            "aggregation.referenced",
            f"'{node.name}' runs for each row and cannot wait for '{source.name}', which runs once after all rows.",
            f"Write 'aggregation: true' for '{node.name}' too, or take the value from another node.",
            path,
            node=node.name,
            field=name,
        )


def _check_circles(findings: Findings) -> None:
    for circle in Graph(findings.flow).cycles():
        node = findings.flow.nodes[circle[0]]
        if len(circle) == 1:
            message, fix = (
                f"'{node.name}' waits for its own output.",
                "Take the value from another node, or from an input of the flow.",
            )
        else:
            message = f"The nodes {listed(circle)} wait for one another, so none of them can begin."
            fix = f"Remove one of the wires, such as the one from '{circle[-1]}' to '{node.name}'."
        before = circle[-1]
        field = next(
            (
                name
                for name, binding in node.inputs.items()
                if isinstance(binding, Reference) and binding.source == "node" and binding.name == before
            ),
            None,
        )
        path = findings.path(node, "inputs", field) if field else findings.path(node)
        findings.error(
            "graph.circle",
            message,
            fix,
            path,
            node=node.name,
            field=field,
        )
