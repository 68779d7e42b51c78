"""Which nodes and inputs a run is about, and which of them are still what they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flowloom.flows.model.flow import MISSING, Flow, FlowInput
from flowloom.flows.model.types import FLOW_TYPES
from flowloom.flows.runs.what_ran import changes, what_ran

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.studio.document.flow_document import FlowDocument


def waits(flow: Flow) -> dict[str, tuple[str, ...]]:
    """By node, those it takes something from."""
    return {
        name: tuple(dict.fromkeys(one.name for one in node.references if one.source == "node")) for name, node in flow.nodes.items()
    }


def needed(flow: Flow, node: str | None, only: bool = False) -> list[str]:
    """The nodes of a run to ``node`` (None: the whole flow), in the flow's order."""
    if node is None:
        return list(flow.nodes)
    wanted = {node} if only else {node} | before(flow, node)
    return [name for name in flow.nodes if name in wanted]


def before(flow: Flow, name: str) -> set[str]:
    """All nodes upstream of one."""
    sources = waits(flow)
    found: set[str] = set()
    open_ = [name]
    while open_:
        for source in sources.get(open_.pop(), ()):
            if source not in found:
                found.add(source)
                open_.append(source)
    return found


def after(flow: Flow, names: set[str]) -> set[str]:
    """All nodes downstream of some."""
    readers: dict[str, list[str]] = {}
    for name, sources in waits(flow).items():
        for source in sources:
            readers.setdefault(source, []).append(name)
    found: set[str] = set()
    open_ = list(names)
    while open_:
        for reader in readers.get(open_.pop(), ()):
            if reader not in found:
                found.add(reader)
                open_.append(reader)
    return found


def run_inputs(document: FlowDocument) -> dict[str, FlowInput]:
    """What a run can be given, by name. A flow that is one program or one prompt need not list its inputs: its parameters are they."""
    flow = document.flow
    if flow.kind == "dag" or flow.inputs:
        return dict(flow.inputs)
    ports = next((ports for name in flow.nodes if (ports := document.ports(name)) is not None), None)
    return {
        name: FlowInput(name, port.type if port.type in FLOW_TYPES else "string", MISSING if port.required else port.default, port.description)
        for name, port in (ports.inputs.items() if ports is not None else ())
        if port.type not in ("connection", "prompt_template")
    }


def inputs_needed(flow: Flow, node: str | None) -> set[str]:
    """Names of the flow's inputs that a run to ``node`` reads; all of them for a whole run."""
    if node is None or node not in flow.nodes:
        return set(flow.inputs)
    names = {node} | before(flow, node)
    return {one.name for name in names if name in flow.nodes for one in flow.nodes[name].references if one.source == "input"}  # pyright: ignore[reportArgumentType]


def stale(ran: Mapping[str, Any], file: FlowFile, flow: Flow) -> set[str]:
    """Nodes that are not what they were in ``ran``, and all that come after them. Reads the folder's texts."""
    if not ran:
        return set(flow.nodes)
    now, old = what_ran(file, flow)["nodes"], ran.get("nodes", {})
    changed = {name for name, node in now.items() if name not in old or changes(old[name], node)}
    return changed | after(flow, changed)
