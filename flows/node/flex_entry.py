"""The entry of a flex flow, ``module:function`` or ``module:Class``, read from its syntax tree. Nothing is imported or executed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import DocumentError, ToolLoadError
from flowloom.flows.model.flow import EMPTY, MISSING, FlowInput
from flowloom.flows.node.spec import Port

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.node.signature import ToolSignature


@dataclass(frozen=True, slots=True)
class EntrySignature:
    """What the entry takes: ``inputs`` of a run, and ``init`` for a class. ``file`` is where it is defined."""

    file: str
    inputs: Mapping[str, Port] = field(default_factory=lambda: EMPTY)
    init: Mapping[str, Port] = field(default_factory=lambda: EMPTY)
    is_class: bool = False
    doc: str = ""


def split_entry(entry: Any) -> tuple[str, str]:
    """Module and name of an entry. Raises ToolLoadError where it is not written ``module:name``."""
    module, separator, name = entry.strip().partition(":") if isinstance(entry, str) else ("", "", "")
    if not (separator and module.strip() and name.strip()) or ":" in name:
        raise ToolLoadError("'entry' must name a function or a class.", hint="Write 'entry: module:function'.", field="entry")
    return module.strip(), name.strip()


def read_entry(files: FlowFile) -> EntrySignature | None:
    """The signature of the flow's entry; None where only running the code could tell it."""
    from flowloom.flows.node.signature import ToolFault, read_tool

    try:
        module, name = split_entry(files.data.get("entry"))
    except ToolLoadError:
        return None
    folder = files.data.get("code")
    prefix = f"{folder.strip('/')}/" if isinstance(folder, str) and folder.strip("./") else ""

    def source(dotted: str) -> str | None:
        path = _module_file(files, dotted, prefix)
        return files.read_text(path) if path else None

    for _ in range(8):
        file = _module_file(files, module, prefix)
        if file is None:
            return None
        text = files.read_text(file)
        for function, is_class in ((f"{name}.__call__", True), (name, False)):
            try:
                found = read_tool(text, filename=file, function=function, sources=source)
            except (ToolFault, DocumentError):
                continue
            return _signature(file, found, is_class)
        moved = _origin(text, name, source)
        if moved is None:
            return None
        module, name = moved
    return None


def _signature(file: str, found: ToolSignature, is_class: bool) -> EntrySignature:
    ports = found.ports.inputs
    init = {name: ports[name] for name in found.init_parameters if name in ports} if is_class else {}
    inputs = {name: port for name, port in ports.items() if name not in init}
    return EntrySignature(file, inputs, init, is_class, found.doc)


def _module_file(files: FlowFile, module: str, prefix: str) -> str | None:
    base = prefix + module.replace(".", "/")
    return next((path for path in (f"{base}.py", f"{base}/__init__.py") if files.exists(path)), None)


def _origin(text: str, name: str, source: Any) -> tuple[str, str] | None:
    """Where a name that the module imports comes from."""
    from flowloom.flows.node.python_names import Names, parse

    try:
        origin = Names(parse(text), source).imports.get(name, "")
    except SyntaxError:
        return None
    module, _, original = origin.rpartition(".")
    return (module, original) if module else None


def specs(ports: Mapping[str, Port], written: Any) -> dict[str, FlowInput]:
    """The inputs (or init values) that a run must have or that the file has a default for.

    What the file says of an input stands over what the code says. Left out are those whose default is empty text in the file, or null
    or empty text in the code: there the function's own default applies, and what is given reaches it as it is.
    """
    found: dict[str, FlowInput] = {}
    declared = written if isinstance(written, Mapping) else {}
    for name, told in declared.items():
        told = told if isinstance(told, Mapping) else {}
        default = told.get("default")
        if default != "":
            found[str(name)] = FlowInput(str(name), str(told.get("type", "string")), MISSING if default is None else default)
    for name, port in ports.items():
        if name in declared or (not port.required and port.default in (None, "", MISSING)):
            continue
        found[name] = FlowInput(name, port.type, port.default)
    return found
