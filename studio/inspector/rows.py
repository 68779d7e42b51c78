"""What the form of a node shows, as plain data: one Row for each thing that can be set, and which field it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from flowloom.flows.model.flow import EMPTY, Binding, Constant, Node, Reference
from flowloom.flows.node.spec import NodeSpec, Port, Ports
from flowloom.studio.inspector.branches_field import is_branches
from flowloom.studio.language import tr, tr_data

Widget = Literal["connection", "model", "choice", "switch", "number", "text", "lines", "json", "path", "folder", "image", "branches"]
Group = Literal["model", "input", "setting", "more"]

_FIRST_SETTINGS: Final = ("temperature", "max_tokens", "max_new_tokens", "response_format")
_MODELS: Final = ("model", "deployment_name")
_FILES: Final = ("path", "file", "file_path")


@dataclass(frozen=True, slots=True)
class Row:
    """``path`` is where it stands in the node's body: ``("inputs", name)`` or ``("connection",)``. ``note`` is a warning in words."""

    path: tuple[str, ...]
    port: Port
    title: str
    widget: Widget
    group: Group
    binding: Binding | None = None
    removable: bool = False
    note: str = ""

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def is_input(self) -> bool:
        return self.path[0] == "inputs"

    @property
    def key(self) -> tuple[Any, ...]:
        """Two rows with the same key are shown by the same widgets."""
        return (self.path, self.port, self.title, self.widget, self.group, self.removable, self.note, isinstance(self.binding, Reference))


def node_rows(node: Node, ports: Ports | None, spec: NodeSpec | None) -> list[Row]:
    """The rows of a node, in the order of the form. What is written but unknown here is kept, with a note, and can be removed."""
    known = ports.inputs if ports else EMPTY
    found: list[Row] = [*_connection(node, spec)]
    for name, port in known.items():
        binding = node.inputs.get(name)
        if port.type == "prompt_template" and binding is None:
            continue
        group = _group(node, port, binding, spec)
        title = in_words(name) if port.is_setting else name
        found.append(Row(("inputs", name), port, title, widget_for(port, binding, spec), group, binding))
    for name, binding in node.inputs.items():
        if name not in known:
            found.append(_further(name, binding, ports, spec))
    order = {"model": 0, "input": 1, "setting": 2, "more": 3}
    return sorted(found, key=lambda row: order[row.group])


def _connection(node: Node, spec: NodeSpec | None) -> Iterator[Row]:
    """The connection of a node of prompt flow's own model types, which stands beside its inputs."""
    if node.type not in ("llm", "custom_llm") or (node.type == "custom_llm" and node.connection is None):
        return
    binding = Constant(node.connection) if node.connection is not None else None
    kinds = ("open_ai", "azure_open_ai", "serverless", "local")
    port = Port("connection", "connection", description=tr("Who answers: a service, or the model on this computer"), connection_kinds=kinds)
    yield Row(("connection",), port, tr("Connection"), "connection", "model", binding)


def _further(name: str, binding: Binding, ports: Ports | None, spec: NodeSpec | None) -> Row:
    """A row for an input that the node type does not list: one added by name, or one it does not have."""
    named = ports is not None and ports.accepts_named
    port = Port(name, ports.named_type if ports else "any", required=False)
    note = "" if named or ports is None else tr("This step has no input of that name.")
    return Row(("inputs", name), port, name, widget_for(port, binding, spec), "input", binding, True, note)


def _group(node: Node, port: Port, binding: Binding | None, spec: NodeSpec | None) -> Group:
    if port.type == "connection":
        return "model"
    is_model = spec is not None and spec.kind == "llm"
    if is_model and port.name in _MODELS and port.is_setting and not isinstance(binding, Reference):
        shown = next((name for name in _MODELS if name in node.inputs), "model")
        has_both = all(name in node.inputs for name in _MODELS)
        return "model" if port.name == shown or has_both else "more"
    if not port.is_setting or isinstance(binding, Reference):
        return "input"
    if is_model and binding is None and port.name not in _FIRST_SETTINGS:
        return "more"
    return "setting"


def widget_for(port: Port, binding: Binding | None, spec: NodeSpec | None = None) -> Widget:
    """The field that fits a port, and the value that is written for it."""
    value = binding.value if isinstance(binding, Constant) else None
    if port.type == "connection":
        return "connection"
    if spec is not None and spec.kind == "llm" and port.is_setting and port.name in _MODELS:
        return "model"
    if spec is not None and spec.id == "loom.logic.switch" and port.name == "cases" and (value is None or is_branches(value)):
        return "branches"
    if port.choices:
        return "choice"
    if port.type in ("list", "object") or isinstance(value, list | dict):
        return "json"
    if port.type == "bool":
        return "switch" if value is None or isinstance(value, bool) or str(value).lower() in ("true", "false", "") else "text"
    if port.type in ("int", "double"):
        return "number"
    if port.type == "image":
        return "image"
    if spec is not None and spec.id.startswith("loom.flow.") and port.name == "flow":
        return "folder"
    if port.type == "file_path" or (port.is_setting and port.type == "string" and port.name in _FILES and _reads_files(spec)):
        return "path"
    if isinstance(value, bool | int | float):
        return "json"
    if port.multiline or (port.type in ("any", "string", "prompt_template") and not port.is_setting):
        return "lines"
    return "lines" if isinstance(value, str) and "\n" in value else "text"


def _reads_files(spec: NodeSpec | None) -> bool:
    return spec is not None and spec.category in ("Data", "Documents", "Media") and spec.id != "loom.data.json_path"


def in_words(name: str) -> str:
    """``max_tokens`` -> ``Max tokens``: how the form calls a setting."""
    words = name.replace("_", " ").strip()
    return tr_data(words[:1].upper() + words[1:])
