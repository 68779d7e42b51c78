"""Each node for itself: its node type, its file, its inputs."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import DocumentError, FlowloomError, InputError, PathError
from flowloom.flows.model.coerce import is_dropped, literal
from flowloom.flows.model.findings import Findings, did_you_mean
from flowloom.flows.model.flow import Constant, Node, NodeName, Reference
from flowloom.flows.model.ports import FlowPorts
from flowloom.flows.model.problem import Problem
from flowloom.flows.model.references import ReferenceSyntax, parse_binding
from flowloom.flows.model.types import fits, in_words
from flowloom.flows.node.spec import Port

if TYPE_CHECKING:
    from flowloom.flows.node.registry import Registry
    from flowloom.flows.node.signature import ToolSignature


class NodeChecks:
    """Checks nodes of one flow. Ports are asked for once."""

    def __init__(self, findings: Findings, registry: Registry) -> None:
        self.findings = findings
        self.registry = registry
        self.flow_ports = FlowPorts(findings.flow, findings.file, registry)

    def check(self, node: Node) -> None:
        if not self._check_file(node):
            return
        if node.type == "llm" and self.findings.file.kind == "dag":
            self._check_llm(node)
        node_type = self.flow_ports.types.get(node.name)
        if node_type is None:
            self._unknown_tool(node)
            return
        if self.findings.file.kind != "dag":
            self._ask(node)
            return
        signature = self._signature(node)
        if node.name in self.flow_ports.ports:
            self._check_inputs(node, signature)
            self._ask(node)
        elif not self._is_included(node) and (signature is not None or not self._is_code(node)):
            self._fault(node, self.flow_ports.faults[node.name])

    def text_of(self, node: Node) -> str | None:
        """The text of the node's file; None where it has none that can be read."""
        try:
            return self.findings.file.read_text(node.source.path) if node.source.path else None
        except FlowloomError:
            return None

    # The file

    def _check_file(self, node: Node) -> bool:
        """Whether the node's file is there, where it needs one, and can be read."""
        path = node.source.path
        if not path or self._is_included(node) or node.source.type == "package":
            return True
        findings = self.findings
        where = {"node": node.name, "field": "source"}
        at = findings.path(node, "source", "path") if findings.file.kind == "dag" else ("entry",)
        try:
            findings.file.read_text(path)
        except PathError as error:
            findings.error("file.path", f"{error.message}", error.hint, at, **where)
            return False
        except DocumentError as error:
            if findings.file.exists(path):
                findings.error("file.unreadable", error.message, error.hint, at, **where)
                return False
            if findings.file.kind == "flex":
                return True  # the module may be installed rather than written in the folder
            fix = did_you_mean(path, self._files(path), "Create the file in the flow's folder, or correct the path.")
            findings.error(
                "file.missing", f"The file '{path}' of the node '{node.name}' does not exist.", fix, at, **where
            )
            return False
        return True

    def _files(self, path: str) -> list[str]:
        """Files of the folder that end as the path does, up to three folders deep."""
        suffix = PurePosixPath(path).suffix
        found: list[str] = [name for name in self.findings.file.overlay if name.endswith(suffix)]
        pending = [(self.findings.file.root, 0)]
        while pending and len(found) < 500:
            folder, depth = pending.pop()
            try:
                entries = sorted(folder.iterdir())
            except OSError:
                continue
            for entry in entries:
                if entry.name.startswith((".", "__")) or entry.is_symlink():
                    continue
                if entry.is_dir() and depth < 3:
                    pending.append((entry, depth + 1))
                elif entry.suffix == suffix:
                    found.append(entry.relative_to(self.findings.file.root).as_posix())
        return found

    def _is_included(self, node: Node) -> bool:
        """Whether the file comes, or may come, out of ``additional_includes``: then it is read only when the flow runs."""
        path = PurePosixPath(node.source.path or "")
        includes = (PurePosixPath(include) for include in self.findings.flow.additional_includes)
        return any(path.parts[:1] == (include.name,) for include in includes)

    @staticmethod
    def _is_code(node: Node) -> bool:
        return node.type == "python" and node.source.type == "code"

    # The node type

    def _unknown_tool(self, node: Node) -> None:
        fault = self.flow_ports.faults[node.name]
        findings = self.findings
        if node.type == "llm" and node.source.type == "code":
            return  # said about its api
        tool = node.source.tool or ""
        fix = did_you_mean(tool, self.registry.ids(), fault.hint)
        path = findings.path(node, "source", "tool")
        findings.error("node.unknown_tool", fault.message, fix, path, node=node.name, field="source")

    def _check_llm(self, node: Node) -> None:
        findings = self.findings
        where = {"node": node.name}
        if node.api not in ("chat", "completion"):
            said = (
                f"'{node.api}' is no way to ask a model"
                if node.api
                else f"The node '{node.name}' does not say how it asks the model"
            )
            findings.error(
                "llm.api",
                f"{said}.",
                "Write 'api: chat', or 'api: completion'.",
                findings.path(node, "api"),
                field="api",
                **where,
            )
        if not node.connection:
            findings.error(
                "llm.connection_missing",
                f"The node '{node.name}' names no connection to a model.",
                "Write 'connection: ' and a name, such as 'local' for the model on this computer.",
                findings.path(node, "connection"),
                field="connection",
                **where,
            )

    def _ask(self, node: Node) -> None:
        """What only the node type can see."""
        try:
            found = list(self.flow_ports.types[node.name].check(node, self.findings.flow, self.findings.file))
        except FlowloomError as error:
            self._fault(node, error)
            return
        for problem in found:
            self.findings.elsewhere(self.findings.placed(problem))

    def _fault(self, node: Node, error: FlowloomError) -> None:
        problem = Problem(
            "node.ports",
            "error",
            error.message,
            error.hint,
            node.name,
            error.field,
            error.file,
            error.line,
            error.column,
        )
        self.findings.elsewhere(self.findings.placed(problem))

    # The signature of a Python tool

    def _signature(self, node: Node) -> ToolSignature | None:
        """The signature of the node's Python file, read here so that what is wrong with it is told with its line."""
        if not self._is_code(node) or self._is_included(node) or not (node.source.path or "").endswith(".py"):
            return None
        from flowloom.flows.node.signature import ToolFault, read_tool

        path = node.source.path or ""
        file = self.findings.file
        try:
            return read_tool(file.read_text(path), filename=path, sources=self._module)
        except ToolFault as error:
            certain = error.code != "unseen"
            self.findings.elsewhere(
                Problem(
                    f"tool.{error.code}",
                    "error" if certain else "warning",
                    error.message,
                    error.hint,
                    node.name,
                    "source",
                    path,
                    error.line,
                    error.column or 1,
                )
            )
            return None

    def _module(self, name: str) -> str | None:
        base = name.replace(".", "/")
        for path in (f"{base}/__init__.py", f"{base}.py"):
            if base and self.findings.file.exists(path):
                try:
                    return self.findings.file.read_text(path)
                except DocumentError:
                    return None
        return None

    # Inputs

    def _check_inputs(self, node: Node, signature: ToolSignature | None) -> None:
        ports = self.flow_ports.ports[node.name]
        findings = self.findings
        prompt = node.type == "prompt"
        for name, binding in node.inputs.items():
            path = findings.path(node, "inputs", name)
            port = ports.inputs.get(name)
            if port is None and not ports.accepts_named:
                fix = did_you_mean(name, (known for known in ports.inputs if known not in node.inputs), "Delete it.")
                findings.warning(
                    "input.unknown",
                    f"'{node.name}' takes no input '{name}'.",
                    fix,
                    path,
                    node=node.name,
                    field=name,
                    key=True,
                )
                continue
            port = port or Port(name, ports.named_type, required=False)
            if isinstance(binding, Reference):
                self._check_wire(node, name, binding, port, signature)
            elif prompt or not is_dropped(binding.value):
                self._check_literal(node, name, binding, port)
        missing = [
            name for name, port in ports.inputs.items() if port.required and not prompt and self._is_missing(node, name)
        ]
        for name in missing:
            # What a class of tools needs to be made is missed before anything runs, the rest only when the node does.
            report = findings.error if signature is not None and name in signature.init_parameters else findings.warning
            report(
                "input.missing",
                f"'{node.name}' needs a value for '{name}'.",
                f"Write '{name}: ' and a value or a reference below its 'inputs:'.",
                findings.path(node, "inputs"),
                node=node.name,
                field=name,
            )

    @staticmethod
    def _is_missing(node: Node, name: str) -> bool:
        binding = node.inputs.get(name)
        return binding is None or (isinstance(binding, Constant) and is_dropped(binding.value))

    def _check_wire(
        self, node: Node, name: str, reference: Reference, port: Port, signature: ToolSignature | None
    ) -> None:
        findings = self.findings
        path = findings.path(node, "inputs", name)
        if signature is not None and name in signature.init_parameters:
            findings.error(
                "input.not_wired",
                f"'{name}' is needed when the tool of '{node.name}' is made, before the flow runs, so it cannot come from {reference}.",
                "Write the value itself, or move the parameter to the tool's function.",
                path,
                node=node.name,
                field=name,
            )
            return
        if port.type == "connection":
            findings.warning(
                "input.connection_wired",
                f"'{name}' of '{node.name}' is a connection, which is named rather than wired: the tool gets the value as it is.",
                "Write the connection's name.",
                path,
                node=node.name,
                field=name,
            )
            return
        brought = self.flow_ports.type_of(reference)
        if node.aggregation and self._gives_a_row(reference):
            brought = "list"  # one item a row
        if not fits(brought, port.type):
            findings.warning(
                "input.wire_type",
                f"'{name}' of '{node.name}' expects {in_words(port.type)}, and {reference} brings {in_words(brought)}. Wired values are not converted.",
                "Convert the value in a Python tool, or change the type of one of the two.",
                path,
                node=node.name,
                field=name,
            )

    def _gives_a_row(self, reference: Reference) -> bool:
        """Whether what a reference names has a value for each row, rather than one for all."""
        source = self.findings.flow.nodes.get(NodeName(reference.name))
        return reference.source == "input" or source is None or not source.aggregation

    def _check_literal(self, node: Node, name: str, binding: Constant, port: Port) -> None:
        findings = self.findings
        path = findings.path(node, "inputs", name)
        value = binding.value
        where: dict[str, Any] = {"node": node.name, "field": name}
        if _holds_reference(value):
            findings.warning(
                "reference.inside",
                f"'{name}' of '{node.name}' holds a reference among other text, which stays text.",
                "Let the reference be the whole value, or use an input of its own for each.",
                path,
                **where,
            )
        if port.choices and str(value) not in map(str, port.choices):
            fix = did_you_mean(str(value), map(str, port.choices), f"Write one of {', '.join(map(str, port.choices))}.")
            findings.warning(
                "input.choice",
                f"'{name}' of '{node.name}' is {value!r}, which is not one of its choices.",
                fix,
                path,
                **where,
            )
        try:
            self._convert(port, value)
        except InputError as error:
            message = error.message.replace(f"'{name}'", f"'{name}' of '{node.name}'", 1)
            findings.error("input.type", message, error.hint, path, **where)

    def _convert(self, port: Port, value: Any) -> None:
        """Try the value, without reading what lies outside of the folder or on the web."""
        flow = self.findings.flow
        if port.type != "image":
            from flowloom.flows.model.images import holds_image

            if not holds_image(value, flow.message_format):
                literal(port, value)
            return
        from flowloom.flows.model.images import image_source

        kind, text = image_source(value, flow.message_format)
        if kind == "path" and not flow.additional_includes and not self.findings.file.exists(text):
            raise InputError(
                f"The image '{text}' of '{port.name}' does not exist.",
                hint="Check the path; it starts from the flow folder.",
            )


def _holds_reference(value: Any, depth: int = 0) -> bool:
    """Whether a text, or one within a list or object, has a reference in it that nobody will follow."""
    if isinstance(value, str):
        start = value.find("${")
        end = value.find("}", start)
        if start < 0 or end < 0:
            return False
        try:
            found = parse_binding(value[start : end + 1])
        except ReferenceSyntax:
            return False
        return isinstance(found, Reference) and (found.source == "input" or ".output" in value[start : end + 1])
    if depth > 20:
        return False
    if isinstance(value, dict):
        return any(_holds_reference(item, depth + 1) for item in value.values())
    return isinstance(value, list) and any(_holds_reference(item, depth + 1) for item in value)
